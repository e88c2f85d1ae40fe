"""A note as one HTML file that needs nothing else: style and drawings are inside, there is no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from virker.claims.records import STATUS_SIGNS
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
    plain,
)  # fmt: skip
from virker.publish.figures.figure import Figure, Grid
from virker.publish.frontmatter import day_in_words
from virker.publish.page import Page, Placed

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = resources.files("virker.publish") / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with our templates; everything that is not marked as HTML is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    env = Environment(loader=FunctionLoader(template), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.globals.update(words=wording, signs=STATUS_SIGNS, style=Markup(template("style.css")))
    return env


def template(name: str) -> str:
    """The text of a file in ``templates/``."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def note_html(page: Page) -> str:
    """The note as HTML."""
    language = page.language
    body = Markup("\n").join(block_html(b, page) for b in page.document.blocks)
    contents = [(h.level, h.anchor, inlines_html(_without_marks(h.children), page)) for h in page.contents]
    meta = [*page.front.authors, *([day_in_words(page.front.day, language)] if page.front.day else [])]
    return environment().get_template("note.html.j2").render(page=page, language=language, body=body, contents=contents, meta=meta)


def block_html(block: Block, page: Page) -> Markup:
    """One block."""
    match block:
        case Heading(level, anchor, children):
            tag = f"h{min(level + 1, 6)}"
            turn = Markup(' class="new-page"') if anchor in page.new_pages else Markup("")
            return Markup('<{tag} id="{anchor}"{turn}>{words}</{tag}>').format(tag=tag, anchor=anchor, turn=turn, words=inlines_html(children, page))
        case Paragraph(children):
            return Markup("<p>{}</p>").format(inlines_html(children, page))
        case Listing(ordered, start, items):
            tag = "ol" if ordered else "ul"
            first = Markup(' start="{}"').format(start) if ordered and start != 1 else ""
            lines = Markup("").join(Markup("<li>{}</li>").format(_item(item, page)) for item in items)
            return Markup("<{tag}{first}>{lines}</{tag}>").format(tag=tag, first=first, lines=lines)
        case Quote(blocks):
            return Markup("<blockquote>{}</blockquote>").format(Markup("").join(block_html(b, page) for b in blocks))
        case Table(header, rows):
            cells = [[inlines_html(c, page) for c in row] for row in (header, *rows)]
            return table_html(cells[0], cells[1:], plain(header[0]) or wording.TABLE[page.language])
        case Preformatted(text):
            return Markup('<pre tabindex="0">{}</pre>').format(text)
        case Rule():
            return Markup("<hr>")
        case FigureBlock(name):
            placed = page.placed(block)
            return figure_html(placed, page.language) if placed else Markup('<p class="missing">[{}]</p>').format(name)


def _item(blocks: Sequence[Block], page: Page) -> Markup:
    """A list item; a single paragraph stands without its own tag."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return inlines_html(blocks[0].children, page)
    return Markup("").join(block_html(b, page) for b in blocks)


def inlines_html(children: Sequence[Inline], page: Page) -> Markup:
    """Inline pieces."""
    return Markup("").join(_inline(c, page) for c in children)


def _inline(piece: Inline, page: Page) -> Markup:
    match piece:
        case Text(text):
            return escape(text)
        case Break():
            return Markup("<br>")
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Strong(children):
            return Markup("<strong>{}</strong>").format(inlines_html(children, page))
        case Emphasis(children):
            return Markup("<em>{}</em>").format(inlines_html(children, page))
        case Link(href, children):
            return Markup('<a href="{}">{}</a>').format(href, inlines_html(children, page))
        case Cite(studies):
            return Markup("({})").format(Markup("; ").join(_cited(s, page) for s in studies))
        case ClaimWords():
            return _claim(piece, page)
        case Value(address, children):
            return Markup('<data value="{}">{}</data>').format(address, inlines_html(children, page))


def _cited(study: str, page: Page) -> Markup:
    if study not in page.references:
        return Markup('<span class="missing">{}</span>').format(page.cite(study))
    return Markup('<a class="cite" href="#ref-{}">{}</a>').format(study, page.cite(study))


def _claim(piece: ClaimWords, page: Page) -> Markup:
    """Bound words, underlined, with a raised number that leads to what they rest on."""
    words = inlines_html(piece.children, page)
    if not page.known_claim(piece.claim):
        return words
    place = f"claim-{piece.number}-{piece.mention}"
    said = f"{wording.EVIDENCE[page.language]} {piece.number}"
    mark = Markup('<sup><a id="{}" href="#evidence-{}" aria-label="{}">{}</a></sup>').format(place, piece.number, said, piece.number)
    return Markup('<span class="claim">{}</span>{}').format(words, mark)


def _without_marks(children: Sequence[Inline]) -> tuple[Inline, ...]:
    """A heading's words for the contents: no citations and no marks."""
    return (Text(plain(children)),)


def figure_html(placed: Placed, language: str) -> Markup:
    """A figure with its caption, and its table one click away; a table figure is the table itself."""
    figure = placed.figure
    notes = Markup("").join(Markup('<p class="figure-note">{}</p>').format(n) for n in figure.notes)
    if figure.drawing is None:
        return Markup('<figure id="{}" class="table-figure"><figcaption>{}</figcaption>{}{}</figure>').format(
            placed.anchor, _caption(placed), grid_html(figure.grid, placed.caption), notes
        )
    return Markup(
        '<figure id="{anchor}"><figcaption>{caption}</figcaption><div class="drawing" tabindex="0" role="group" aria-label="{name}">{svg}</div>'
        "{notes}<details><summary>{show}</summary>{table}</details></figure>"
    ).format(
        anchor=placed.anchor, caption=_caption(placed), name=placed.label, svg=_svg(figure), notes=notes,
        show=wording.DATA[language], table=grid_html(figure.grid, placed.caption),
    )  # fmt: skip


def _caption(placed: Placed) -> Markup:
    return Markup("<strong>{}.</strong> {}").format(placed.label, placed.figure.caption)


#: The chart engine gives each mark a role but no name; the drawing is told as a whole instead.
_PART_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def _svg(figure: Figure) -> Markup:
    """The drawing, told as one image with its alternative text; its size is left to the page."""
    assert figure.drawing is not None
    drawing = figure.drawing
    start = drawing.svg.index(">", drawing.svg.index("<svg")) + 1
    head = Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(drawing.width, drawing.height, figure.alt)
    return head + Markup(_PART_ROLES.sub("", drawing.svg[start:]))


def grid_html(grid: Grid, name: str) -> Markup:
    """A plain table of words."""
    return table_html([escape(h) for h in grid.header], [[escape(c) for c in row] for row in grid.rows], name)


def table_html(header: Sequence[Markup], rows: Sequence[Sequence[Markup]], name: str) -> Markup:
    """A table in a region that can be scrolled with the keyboard when it is wider than the screen."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(h) for h in header)
    lines = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join((Markup('<th scope="row">{}</th>') if i == 0 else Markup("<td>{}</td>")).format(c) for i, c in enumerate(row))
        )
        for row in rows
    )
    return Markup('<div class="scroll" tabindex="0" role="region" aria-label="{}"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        name, head, lines
    )
