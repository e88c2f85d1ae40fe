"""A card as a PDF of one A4 page that meets PDF/UA-1, written by Typst from a template of our own."""

from __future__ import annotations

from datetime import UTC, datetime

from virker.errors import UserError, VirkerError
from virker.publish.cards import words
from virker.publish.cards.page import CardPage, PrintedLine, PrintedSection
from virker.publish.html import template
from virker.publish.typst_pdf import literal


def card_pdf(page: CardPage) -> bytes:
    """The card as PDF/UA-1.

    Raises
    ------
    UserError
        When the card is longer than one page.
    VirkerError
        When it cannot be set at all.
    """
    import typst

    stamp = datetime(page.on.year, page.on.month, page.on.day, tzinfo=UTC)
    try:
        return typst.compile(
            card_source(page).encode("utf-8"), None, format="pdf", ignore_system_fonts=True, pdf_standards=["ua-1"], timestamp=int(stamp.timestamp())
        )
    except typst.TypstError as error:
        if "longer than one page" in str(error.message):
            raise UserError(f"the card '{page.card}' ({page.language}) is longer than one page\n    → take out what matters least") from error
        raise VirkerError(f"the PDF of the card '{page.card}' ({page.language}) cannot be made: {error.message} {' '.join(error.hints)}") from error


def card_source(page: CardPage) -> str:
    """The Typst source of the card; every piece of text is a string literal, so that nothing in it is read as Typst's own markup."""
    day = f"datetime(year: {page.on.year}, month: {page.on.month}, day: {page.on.day})"
    settings = {
        "title": literal(page.title),
        "kind": literal(page.kind_said),
        "about": literal(page.about),
        "stands": literal(" · ".join(page.stands)),
        "day": day,
        "language": literal(page.language),
    }
    head = ", ".join(f"{name}: {value}" for name, value in settings.items())
    parts = [template("card.typ"), f"#show: card.with({head})", *(_section(s, page) for s in page.sections), _foot(page)]
    return "\n\n".join(parts) + "\n"


def _section(section: PrintedSection, page: CardPage) -> str:
    body = "\n".join(_line(line) for line in section.lines)
    if section.name == "others" and page.scale:
        body += f"\n#scale({literal(words.SCALED[page.language] + ': ' + ' '.join(page.scale))})"
    return f"#part({literal(section.heading)})[\n{body}\n]"


def _line(line: PrintedLine) -> str:
    said = "".join(f"#strong({literal(p.text)});" if p.strong else f"#{literal(p.text)};" for p in line.pieces)
    said += "".join(f"#beside({literal(b)})" for b in line.beside)
    return f"#line-of({literal(str(line.number))}, [{said}], {literal(f'{line.sign} {line.status}')}, {literal(line.basis)})"


def _foot(page: CardPage) -> str:
    language = page.language
    legend = ", ".join(f"({literal(f'{sign} {word}')}, {literal(meaning)})" for sign, word, meaning in page.legend)
    entries = [f"#par({literal(f'{number}: ' + (f'{studies} ' if studies else '') + f'[{bound}]')})" for number, bound, studies in page.sources]
    half = (len(entries) + 1) // 2
    sources = f"([{''.join(entries[:half])}], [{''.join(entries[half:])}])"
    law = f" {'; '.join(page.references)}." if page.references else ""
    rest = ", ".join(literal(t) for t in (words.LAW[language] + ":", law, words.EXPLAIN[language]))
    return f"#foot({literal(words.GUARD[language])}, ({legend},), {literal(words.SOURCES[language])}, {sources}, {rest})"
