"""A card as one HTML file that needs nothing else, and the page that lists all cards."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from virker.claims.cards import CARD_KINDS
from virker.language import LANGUAGES, Language, Said
from virker.publish.cards import words
from virker.publish.cards.page import CardPage, PrintedLine
from virker.publish.html import environment, template

_GROUPS: dict[str, Said] = {"measure": words.MEASURES, "meeting": words.MEETINGS}


def card_html(page: CardPage) -> str:
    """The card as HTML; printed from a browser it is one A4 page."""
    return environment().get_template("card.html.j2").render(page=page, language=page.language, cards=words, card_style=_style(), pieces=_pieces)


def index_html(pages: Sequence[CardPage], language: Language) -> str:
    """The list of cards in a language, each with its first line."""
    groups = [(_GROUPS[kind][language], [p for p in pages if p.kind == kind]) for kind in CARD_KINDS]
    other = next((o for o in LANGUAGES if o != language), None)
    shown = [(heading, found) for heading, found in groups if found]
    return environment().get_template("cards.html.j2").render(groups=shown, language=language, other=other, cards=words, card_style=_style())


def _style() -> Markup:
    return Markup(template("card.css"))


def _pieces(line: PrintedLine) -> Markup:
    """The words of a line, those that stand out in bold."""
    return Markup("").join(Markup("<strong>{}</strong>").format(p.text) if p.strong else escape(p.text) for p in line.pieces)
