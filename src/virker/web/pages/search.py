"""Search: answered by the server, or in the browser where only the files are there."""

from __future__ import annotations

from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.kind_names import kind_name
from virker.web.page import WebPage
from virker.web.search import LONGEST, Found, search
from virker.web.site import Site

_TITLE = Said("Søg", "Search")
_SHORT = Said(
    "Find studier, indsatser, målgrupper, påstande, notater, kort og beregnere.", "Find studies, measures, target groups, claims, notes, cards and calculators."
)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address, asked: str = "") -> WebPage:
    """The page, with what was found when a server was asked something.

    Raises
    ------
    QueryError
        When the question is too long.
    """
    view = View(site, address)
    found = search(site, address.language, asked) if site.live and asked.strip() else Found(asked, 0, ())
    main = rendered("results.html.j2", view, title=_TITLE[address.language], short=_SHORT[address.language], found=found, longest=LONGEST, kind_name=kind_name)
    return WebPage(address, _TITLE[address.language], _SHORT[address.language], main, scripts=() if site.live else ("search.js",), searched=False)
