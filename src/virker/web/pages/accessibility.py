"""The accessibility statement that the Danish act on web accessibility asks for; ``/was`` leads here."""

from __future__ import annotations

from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Tilgængelighedserklæring", "Accessibility statement")
_SHORT = Said(
    "Hvordan siden lever op til kravene, og hvad du gør, hvis noget ikke virker.", "How the site meets the requirements, and what to do if something fails."
)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    main = rendered("accessibility.html.j2", View(site, address), title=_TITLE[address.language])
    return WebPage(address, _TITLE[address.language], _SHORT[address.language], main)
