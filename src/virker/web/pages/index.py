"""The front page: what each measure does, how sure that is, and for whom."""

from __future__ import annotations

from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Hvad virker for at få ledige i job?", "What works in getting unemployed people into jobs?")
_SHORT = Said("Hvad forskningen viser, hvor sikkert det er, og for hvem.", "What research shows, how sure it is, and for whom.")


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    main = rendered("index.html.j2", View(site, address), title=_TITLE[address.language], short=_SHORT[address.language])
    return WebPage(address, f"{_TITLE[address.language]} – virker", _SHORT[address.language], main, "index", wide=True)
