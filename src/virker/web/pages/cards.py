"""The list of cards: one sheet on each measure and for each meeting."""

from __future__ import annotations

from virker.claims.cards import CARD_KINDS
from virker.publish.cards import CardPage, words
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.pages.card import card_page
from virker.web.site import Site

_GROUPS = {"measure": words.MEASURES, "meeting": words.MEETINGS}


def ids(site: Site) -> tuple[str, ...]:
    """One page, where the workspace has cards."""
    return ("",) if site.edition.cards else ()


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    language = address.language
    pages = [card_page(site, name, language) for name in site.edition.cards if language in site.edition.cards[name]]
    groups: list[tuple[str, list[CardPage]]] = [(_GROUPS[kind][language], [p for p in pages if p.kind == kind]) for kind in CARD_KINDS]
    title, lead = words.INDEX_TITLE[language], words.INDEX_LEAD[language]
    main = rendered("cards.html.j2", View(site, address), title=title, lead=lead, groups=[g for g in groups if g[1]], cards=words)
    return WebPage(address, title, lead, main, "tools", wide=True)
