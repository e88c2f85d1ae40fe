"""One thing that can be asked over HTTP, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from virker.language import Said
from virker.web.parameters import Parameter, integer
from virker.web.site import Site

ROOT = "/api/v1"
#: How many there are on a page of a list unless it is asked for more, and how many at most.
USUAL, MOST = 50, 500
PAGING = (
    integer("limit", Said(f"hvor mange, højst {MOST}", f"how many, {MOST} at most"), 1, MOST, example=USUAL),
    integer("offset", Said("hvor mange der springes over", "how many are passed over"), 0, 1_000_000, example=0),
)


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the API answers with."""


class Both(Api, frozen=True, kw_only=True):
    """The same in Danish and in English."""

    da: str
    en: str


@dataclass(frozen=True)
class Call:
    """What was asked: the values of the parameters, those of the path, the pairs as written, and a posted object."""

    site: Site
    values: Mapping[str, Any]
    path: Mapping[str, str]
    pairs: Sequence[tuple[str, str]]
    posted: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: its items, and how many there are in all."""

    items: Sequence[Any]
    total: int


@dataclass(frozen=True, slots=True)
class Document:
    """An answer that is a file and no JSON of ours."""

    content: bytes
    media_type: str
    filename: str


#: A page or a document, or anything that msgspec can write as JSON.
Answer = Any


@dataclass(frozen=True)
class Endpoint:
    """One thing that can be asked.

    Attributes
    ----------
    path : str
        Behind the root of the API; ``{name}`` is a part of the path.
    answer : type or mapping
        What it answers, as a type that msgspec knows or as JSON Schema. For a list: one item.
    body : callable or None
        Gives the type of what is posted: only the specification asks, and some are dear to import.
    dated : bool
        Whether the answer depends on the day it is asked.
    media : tuple of str
        The media types of an answer that is a file.
    """

    path: str
    said: str
    does: Callable[[Call], Answer]
    answer: Any
    parameters: Callable[[Site], Sequence[Parameter]] = lambda _: ()
    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    more: str = ""
    paged: bool = False
    method: Literal["GET", "POST"] = "GET"
    body: Callable[[], Any] | None = None
    example: Any = None
    dated: bool = False
    media: tuple[str, ...] = ()
    heavy: bool = False

    def asks(self, site: Site) -> tuple[Parameter, ...]:
        """Everything that may stand behind the question mark."""
        key = ("asks", self.path)
        if key not in site.memo:
            site.memo[key] = (*self.parameters(site), *(PAGING if self.paged else ()))
        known: tuple[Parameter, ...] = site.memo[key]
        return known


def paged(call: Call, found: Sequence[Any], shown: Callable[[Any], Any]) -> Page:
    """The part of the list that was asked for, each item as it is shown."""
    limit, offset = call.values.get("limit", USUAL), call.values.get("offset", 0)
    return Page([shown(f) for f in found[offset : offset + limit]], len(found))


def both(said: Said) -> Both:
    """The two languages as data."""
    return Both(da=said.da, en=said.en)
