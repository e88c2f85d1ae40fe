"""A card: one sheet on a measure or for a meeting, every line with its status and what it rests on; it prints on one page of A4."""

from __future__ import annotations

from virker.language import Language
from virker.publish.cards import CardPage, read_card_page, words
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site


def ids(site: Site) -> tuple[str, ...]:
    """The cards."""
    return tuple(site.edition.cards)


def page(site: Site, address: Address) -> WebPage:
    """The card, its law as on the day that it is written for."""
    card = card_page(site, address.id, address.language)
    view = View(site, address)
    front = site.edition.cards[address.id][address.language].front
    about = ("intervention" if card.kind == "measure" else "group", front.about)
    main = rendered("card.html.j2", view, card=card, cards=words, claims=site.edition.by_id, about=about if view.has(*about) else None)
    return WebPage(address, f"{card.title} ({card.kind_said.lower()})", card.lines[0].text if card.lines else card.about, main, "tools", wide=True)


def card_page(site: Site, name: str, language: Language) -> CardPage:
    """The card as it is printed; worked out once."""
    key = ("card", name, language)
    if key not in site.memo:
        site.memo[key] = read_card_page(site.edition, name, language)
    found: CardPage = site.memo[key]
    return found
