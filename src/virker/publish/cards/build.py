"""Writing cards: each in its language as HTML and PDF, and the page that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from virker.claims.edition import Edition
from virker.language import LANGUAGES, Language
from virker.publish.cards.page import CardPage, read_card_page

#: Where cards stand in a build.
FOLDER = "card"


def card_files(
    edition: Edition, cards: Iterable[str] | None = None, languages: Iterable[Language] = LANGUAGES, on: date | None = None
) -> Iterator[tuple[str, bytes]]:
    """``(file name, content)`` of the given cards (default: all, with the index), each as HTML and PDF.

    Raises
    ------
    QueryError
        When a card is named that there is none of.
    UserError
        When a card is longer than one page.
    """
    from virker.publish.cards.html import card_html, index_html
    from virker.publish.cards.pdf import card_pdf

    for language in languages:
        pages: list[CardPage] = [read_card_page(edition, name, language, on) for name in (edition.cards if cards is None else cards)]
        for page in pages:
            yield f"{page.card}.{language}.html", card_html(page).encode("utf-8")
            yield f"{page.card}.{language}.pdf", card_pdf(page)
        if pages and cards is None:
            yield f"index.{language}.html", index_html(pages, language).encode("utf-8")
