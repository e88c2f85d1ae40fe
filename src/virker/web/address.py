"""Where a page stands: ``da/intervention/meetings-individual.html``, the same on disk and over HTTP.

Links are relative and name the file, so the pages work from any folder of a web server, and opened from disk.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import lru_cache

from virker.language import LANGUAGES, Language


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A page: its language, its kind, and its id (empty for a kind that has one page only)."""

    language: Language
    kind: str
    id: str = ""

    @property
    def path(self) -> str:
        """The path from the site's root."""
        return f"{self.language}/{self.kind}/{self.id}.html" if self.id else f"{self.language}/{self.kind}.html"

    @property
    def other(self) -> Address:
        """The same page in the other language."""
        return Address("en" if self.language == "da" else "da", self.kind, self.id)

    def to(self, target: Address | str) -> str:
        """The relative link from this page to another, or to a path from the root.

        >>> Address("da", "study", "pedersen-2012").to(Address("da", "index"))
        '../index.html'
        """
        return _between(posixpath.dirname(self.path), target if isinstance(target, str) else target.path)


@lru_cache(maxsize=1 << 16)
def _between(folder: str, path: str) -> str:
    return posixpath.relpath(path, folder)


def address_of(path: str) -> Address | None:
    """The address that a path names; None for a path of another form. It says nothing of whether the page exists.

    >>> address_of("da/study/pedersen-2012.html"), address_of("da/../x.html")
    (Address(language='da', kind='study', id='pedersen-2012'), None)
    """
    parts = path.removesuffix(".html").split("/") if path.endswith(".html") else []
    if len(parts) not in (2, 3) or parts[0] not in LANGUAGES or not all(_is_name(p) for p in parts[1:]):
        return None
    return Address("da" if parts[0] == "da" else "en", *parts[1:])


def _is_name(text: str) -> bool:
    return bool(text) and len(text) <= 120 and all(c.isascii() and (c.isalnum() or c in "-_") for c in text)
