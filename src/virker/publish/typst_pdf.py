"""A note as PDF/UA-1, written by Typst from a template of our own.

Every piece of text goes to Typst as a string literal, so that nothing in a note can be read as Typst's own markup. Only the fonts that
Typst carries are used, so that the same note gives the same bytes on every machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from virker.errors import VirkerError
from virker.publish import wording
from virker.publish.document import (
    Block,
    Break,
    Cite,
    ClaimWords,
    Code,
    Emphasis,
    FigureBlock,
    Heading,
    Inline,
    Link,
    Listing,
    Paragraph,
    Preformatted,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
    Value,
)  # fmt: skip
from virker.publish.figures.figure import Grid
from virker.publish.frontmatter import day_in_words
from virker.publish.html import template
from virker.publish.page import Page, Placed

#: The font of running text; the drawings are set in it too, for Typst carries no other that suits both.
SERIF = "Libertinus Serif"
#: A table of at most so many rows is kept on one page.
_WHOLE = 14


def note_pdf(page: Page) -> bytes:
    """The note as a PDF that meets PDF/UA-1; Typst refuses to write one that does not."""
    import typst

    with tempfile.TemporaryDirectory(prefix="virker-pdf-") as name:
        folder = Path(name)
        for placed in page.figures.values():
            if placed.figure.drawing is not None:
                (folder / f"{placed.anchor}.svg").write_text(placed.figure.drawing.with_font(f"'{SERIF}'"), encoding="utf-8")
        (folder / "note.typ").write_text(note_source(page), encoding="utf-8")
        stamp = datetime(page.front.stamp.year, page.front.stamp.month, page.front.stamp.day, tzinfo=UTC)
        try:
            return typst.compile(
                str(folder / "note.typ"), None, format="pdf", ignore_system_fonts=True, pdf_standards=["ua-1"], timestamp=int(stamp.timestamp())
            )
        except typst.TypstError as error:
            raise VirkerError(f"the PDF of {page.document.text.shown} cannot be made: {error.message} {' '.join(error.hints)}") from error


def note_source(page: Page) -> str:
    """The Typst source of the note."""
    front, language = page.front, page.language
    settings = {
        "title": literal(front.title),
        "subtitle": literal(front.subtitle),
        "short": literal(front.short),
        "authors": _array([literal(a) for a in front.authors]),
        "day": f"datetime(year: {front.stamp.year}, month: {front.stamp.month}, day: {front.stamp.day})",
        "shown-day": literal(day_in_words(front.day, language) if front.day else ""),
        "language": literal(language),
        "depth": str(page.contents_depth),
        "contents": literal(wording.CONTENTS[language] if page.has_contents else ""),
    }
    head = ", ".join(f"{name}: {value}" for name, value in settings.items())
    parts = [template("note.typ"), f"#show: note.with({head})", *(block_typst(b, page) for b in page.document.blocks), *_references(page), *_evidence(page)]
    return "\n\n".join(parts) + "\n"


def literal(text: str) -> str:
    r"""A Typst string.

    >>> literal('Én "til" #5')
    '"Én \\"til\\" #5"'
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "") + '"'


def _said(text: str) -> str:
    """Text in markup: a string that Typst shows as it is."""
    return f"#{literal(text)};" if text else ""


def _array(items: Sequence[str]) -> str:
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def block_typst(block: Block, page: Page) -> str:
    """One block."""
    match block:
        case Heading(level, anchor, children):
            turn = "#pagebreak(weak: true)\n" if anchor in page.new_pages else ""
            return f"{turn}#heading(level: {min(level, 5)})[{inlines_typst(children, page)}]"
        case Paragraph(children):
            return f"#par[{inlines_typst(children, page)}]"
        case Listing(ordered, start, items):
            lines = "".join(f"[{_item(item, page)}]" for item in items)
            return f"#enum(start: {start}){lines}" if ordered else f"#list{lines}"
        case Quote(blocks):
            return f"#quote(block: true)[{' '.join(block_typst(b, page) for b in blocks)}]"
        case Table(header, rows):
            return _table([inlines_typst(c, page) for c in header], [[inlines_typst(c, page) for c in row] for row in rows])
        case Preformatted(text):
            return f"#raw({literal(text)}, block: true)"
        case Rule():
            return "#rule"
        case FigureBlock(name):
            placed = page.placed(block)
            return _figure(placed) if placed else _said(f"[{name}]")


def _item(blocks: Sequence[Block], page: Page) -> str:
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return inlines_typst(blocks[0].children, page)
    return "\n".join(block_typst(b, page) for b in blocks)


def inlines_typst(children: Sequence[Inline], page: Page) -> str:
    """Inline pieces."""
    return "".join(_inline(c, page) for c in children)


def _inline(piece: Inline, page: Page) -> str:
    match piece:
        case Text(text):
            return _said(text)
        case Break():
            return "#linebreak();"
        case Code(text):
            return f"#raw({literal(text)});"
        case Strong(children):
            return f"#strong[{inlines_typst(children, page)}];"
        case Emphasis(children):
            return f"#emph[{inlines_typst(children, page)}];"
        case Link(href, children):
            words = inlines_typst(children, page)
            return f"#link({literal(href)})[{words}];" if "://" in href or href.startswith("mailto:") else words
        case Cite(studies):
            return f"{_said('(')}{_said('; ').join(_cited(s, page) for s in studies)}{_said(')')}"
        case ClaimWords(claim, number, _, children):
            words = inlines_typst(children, page)
            return f"#claim({number})[{words}];" if page.known_claim(claim) else words
        case Value(_, children):
            return inlines_typst(children, page)


def _cited(study: str, page: Page) -> str:
    words = _said(page.cite(study))
    return f"#link(label({literal(f'ref-{study}')}))[{words}];" if study in page.references else words


def _figure(placed: Placed) -> str:
    figure = placed.figure
    caption = f"#strong({literal(placed.label + '.')}) {_said(figure.caption)}"
    notes = "".join(f" + figure-note[{_said(n)}]" for n in figure.notes)  # inside the figure: a drawing may move to another page
    if figure.drawing is None:
        shown = f"#figure({_grid(figure.grid)[1:]}{notes}, kind: table, caption: [{caption}])"
        return f"#[#show figure: set block(breakable: true)\n{shown}]" if len(figure.grid.rows) > _WHOLE else shown
    picture = f"image({literal(placed.anchor + '.svg')}, alt: {literal(figure.alt)}, width: 100%)"
    return f"#figure({picture}{notes}, kind: image, caption: [{caption}])"


def _grid(grid: Grid) -> str:
    return _table([_said(h) for h in grid.header], [[_said(c) for c in row] for row in grid.rows])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"[{h}]" for h in header)
    cells = "".join(f"\n  {', '.join(f'[{c}]' for c in row)}," for row in rows)
    return f"#table(columns: {len(header)}, table.header{head},{cells}\n)"


def _references(page: Page) -> list[str]:
    if not page.references:
        return []
    entries = []
    for ref in page.references.values():
        link = f" #link({literal(ref.link)})[{_said(ref.link_text or ref.link)}]" if ref.link else ""
        rest = f" {_said(ref.rest)}" if ref.rest else ""
        entries.append(f"#entry[{_said(ref.lead)} #emph({literal(ref.title)});{rest}{link}] #label({literal(f'ref-{ref.study}')})")
    return [f"#heading(level: 1)[{_said(wording.REFERENCES[page.language])}]", *entries]


def _evidence(page: Page) -> list[str]:
    """The list of claims at the end; the findings stand by address, so that the list stays readable on paper."""
    if not page.claims:
        return []
    language = page.language
    out = [f"#heading(level: 1)[{_said(wording.EVIDENCE[language])}]", f"#par[{_said(wording.EVIDENCE_LEAD[language])}]"]
    for claim in page.claims:
        rests = "; ".join([claim.status_label, *claim.verdicts])
        told = f"{rests}. {wording.FINDINGS[language]}: {claim.addresses or wording.NO_FINDINGS[language]}."
        out.append(f"#evidence({claim.number})[{_said(claim.words)}][{_said(told)}] #label({literal(f'evidence-{claim.number}')})")
    if page.numbers:
        header = [_said(w[language]) for w in (wording.NUMBER, wording.ADDRESS, wording.STUDY)]
        rows = [[_said(n.printed), _said(n.address), _said(n.source)] for n in page.numbers]
        out += [f"#heading(level: 2)[{_said(wording.NUMBERS[language])}]", _table(header, rows)]
    return out
