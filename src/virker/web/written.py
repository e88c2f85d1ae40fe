"""A page of the site, written: what its module makes of it, and the whole of it in its frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

from virker.web.address import Address
from virker.web.frame import framed
from virker.web.kinds import KINDS
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


def page_of(site: Site, address: Address) -> WebPage:
    """The page at an address, without its frame."""
    return cast("PageModule", KINDS[address.kind].module).page(site, address)


def page_html(site: Site, address: Address) -> str:
    """The whole page at an address. Raises KeyError where there is none."""
    if not site.has(address):
        raise KeyError(address.path)
    return framed(site, page_of(site, address))
