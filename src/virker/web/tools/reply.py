"""What a page answers when something was asked of it: a page, or a file to download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from virker.web.page import WebPage

#: What a form holds: text by the field's name; an uploaded file as bytes.
Form = Mapping[str, str | bytes]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is made for the one who asks and kept nowhere."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class WholePage:
    """A page that stands by itself, outside the frame of the site, with a style of its own in its head."""

    html: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The status of HTTP, and a page or a file: 200 where the question was answered, 422 where it cannot be, with the page that says why."""

    status: int
    content: WebPage | Download | WholePage
