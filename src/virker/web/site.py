"""A site: an edition, and which pages it has. The static files and the live server show the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

from virker.claims.edition import Edition
from virker.language import LANGUAGES
from virker.publish.figures import FigureBook, load_figure_book
from virker.web.address import Address
from virker.web.kinds import KINDS


class Site:
    """The pages of an edition.

    ``live`` tells whether a server answers: pages then offer what needs one (any query, the planner, checking a note); static pages say
    that it needs a server.
    """

    def __init__(self, edition: Edition, *, live: bool = False) -> None:
        self.edition = edition
        self.live = live
        #: What page modules have worked out and may keep: the edition never changes.
        self.memo: dict[object, Any] = {}

    @cached_property
    def figures(self) -> FigureBook:
        """What ``notes/figures.toml`` describes."""
        workspace = self.edition.workspace
        return load_figure_book(workspace.notes, workspace.root, self.edition.bank)

    @cached_property
    def stamp(self) -> str:
        """A hash of the bank and the claims: pages change when it does."""
        checks = "\n".join(f"{c.claim.id} {c.status} {c.findings_hash}" for c in self.edition.checks)
        return hashlib.sha256(f"{self.edition.bank.digest}\n{checks}".encode()).hexdigest()[:16]

    def addresses(self) -> Iterator[Address]:
        """Every page, in both languages."""
        for name in KINDS:
            for one in self.ids(name):
                for language in LANGUAGES:
                    yield Address(language, name, one)

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of a kind's pages; one empty id for a kind with a single page."""
        known = self._ids.get(kind)
        if known is None:
            known = self._ids[kind] = tuple(KINDS[kind].module.ids(self))
        return known

    @cached_property
    def _ids(self) -> dict[str, tuple[str, ...]]:
        return {}

    def has(self, address: Address) -> bool:
        """Whether there is such a page."""
        return address.kind in KINDS and address.id in self._known(address.kind)

    def _known(self, kind: str) -> frozenset[str]:
        key = ("known", kind)
        if key not in self.memo:
            self.memo[key] = frozenset(self.ids(kind))
        known: frozenset[str] = self.memo[key]
        return known


@lru_cache(maxsize=1)
def assets() -> Mapping[str, bytes]:
    """Styles and scripts by file name; nothing is loaded from another host."""
    folder = resources.files("virker.web") / "assets"
    return {f.name: f.read_bytes() for f in sorted(folder.iterdir(), key=lambda f: f.name) if f.is_file() and not f.name.startswith(".")}
