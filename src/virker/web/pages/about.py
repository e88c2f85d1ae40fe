"""What the site is, whom it is for, and what it is not."""

from __future__ import annotations

from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Om virker", "About virker")
_SHORT = Said(
    "Hvad siden viser, hvor tallene kommer fra, og hvad den ikke kan sige.", "What the site shows, where the numbers are from, and what it cannot say."
)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    view, edition = View(site, address), site.edition
    main = rendered(
        "about.html.j2",
        view,
        title=_TITLE[address.language],
        studies=len(edition.bank.studies),
        findings=len(edition.bank.rows),
        claims=len(edition.checks),
        supported=sum(c.status == "supported" for c in edition.checks),
    )
    return WebPage(address, _TITLE[address.language], _SHORT[address.language], main, "about")
