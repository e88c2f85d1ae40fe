"""All target groups: how much is known of each, and which measures have a positive verdict for them."""

from __future__ import annotations

from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.group_page import counts, helpful_said
from virker.web.measures import groups
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Målgrupper", "Target groups")
_SHORT = Said("Hvad virker for hvem: de målgrupper, som banken ved noget om.", "What works for whom: the target groups that the bank knows of.")


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    lines = [(g, counts(site, g), helpful_said(site, g)) for g in groups(site).values()]
    people = [x for x in lines if len(x[0].terms) > 1]
    main = rendered(
        "groups.html.j2",
        View(site, address),
        title=_TITLE[address.language],
        short=_SHORT[address.language],
        lines=people + [x for x in lines if x not in people],
    )
    return WebPage(address, _TITLE[address.language], _SHORT[address.language], main, "groups", wide=True)
