"""The kinds of pages there are. A kind is a module of ``pages/`` with ``ids(site)`` and ``page(site, address)``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from virker.web.address import Address
    from virker.web.page import WebPage
    from virker.web.site import Site


class PageModule(Protocol):
    """What a module of ``pages/`` has.

    It may also have what only a server uses: ``asked(site, address, query)`` or ``question`` (what stands behind the question mark) and
    ``posted(site, address, form)`` (a form), which give a :class:`virker.web.tools.reply.Reply`; ``HEAVY`` where one answer is worked out at a
    time; ``MOST_BYTES``, how much may be posted; ``DAILY`` where the page changes with the day.
    """

    def ids(self, site: Site) -> Iterable[str]:
        """The ids of its pages; one empty string for a single page."""

    def page(self, site: Site, address: Address) -> WebPage:
        """The page at an address that ``ids`` names."""


@dataclass(frozen=True)
class Kind:
    """A kind of page, by the name that stands in its address."""

    name: str

    @cached_property
    def module(self) -> PageModule:
        """Its module, imported when it is first needed."""
        return cast("PageModule", import_module(f"virker.web.pages.{self.name.replace('-', '_')}"))


#: In the order in which they are written.
KINDS: dict[str, Kind] = {name: Kind(name) for name in ("index", "about", "accessibility", "studies", "study", "review", "trial", "claims", "claim", "notes", "note", "method", "changes", "download", "search", "intervention", "tools", "tool", "plan", "cards", "card", "law", "map", "interventions", "groups", "group", "query", "suggest", "check")}  # fmt: skip
