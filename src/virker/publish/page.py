"""Everything that one language of a note shows, gathered once and then written as HTML, PDF and Word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from virker.claims.edition import Edition
from virker.language import LANGUAGES, Language
from virker.publish.behind import ClaimLine, NumberLine, claim_lines, number_lines
from virker.publish.document import Document, FigureBlock, Heading, read_document
from virker.publish.figures import Figure, FigureBook, figure_for
from virker.publish.frontmatter import Front, front_of
from virker.publish.references import Reference, references
from virker.publish.wording import FIGURE, TABLE, UNKNOWN_WORK

#: More lines of contents than this are no help to a reader.
MOST_CONTENTS = 30


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure with its number and caption line."""

    figure: Figure
    label: str
    anchor: str

    @property
    def caption(self) -> str:
        return f"{self.label}. {self.figure.caption}"


@dataclass(frozen=True)
class Page:
    """A note in one language: text, figures in their order, references, and the evidence behind."""

    note: str
    language: Language
    front: Front
    document: Document
    figures: Mapping[int, Placed]
    references: Mapping[str, Reference]
    claims: tuple[ClaimLine, ...]
    numbers: tuple[NumberLine, ...]
    other: str | None
    #: Headings (by their anchors) that begin on a new page of paper.
    new_pages: frozenset[str] = frozenset()
    #: Whether a list of contents stands before the text; a short report answers first.
    has_contents: bool = True

    def placed(self, block: FigureBlock) -> Placed | None:
        """The figure that stands at a block; None for a block that asks for no figure there is."""
        return self.figures.get(id(block))

    @property
    def contents_depth(self) -> int:
        """How deep the contents go: two levels, or one where two would fill a page by themselves."""
        return 2 if sum(h.level <= 2 for h in self.document.headings) <= MOST_CONTENTS else 1

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The headings that the contents show."""
        return tuple(h for h in self.document.headings if h.level <= self.contents_depth)

    def known_claim(self, name: str) -> bool:
        """Whether the claim has a line at the end, so that its words can lead there."""
        return any(c.id == name for c in self.claims)

    def cite(self, study: str) -> str:
        """``Humlum m.fl., 2025``, or that the work is unknown."""
        return self.references[study].cite if study in self.references else f"{UNKNOWN_WORK[self.language]}: {study}"


def read_page(edition: Edition, note: str, language: Language, book: FigureBook) -> Page:
    """The page of a note in a language."""
    text = edition.notes[note][language]
    document = read_document(text)
    other = next((o for o in LANGUAGES if o != language and o in edition.notes[note]), None)
    return Page(
        note=note,
        language=language,
        front=front_of(text),
        document=document,
        figures=_placed(edition, document, book, language),
        references=references(edition.bank, document.cited, language),
        claims=claim_lines(edition, document, language),
        numbers=number_lines(edition, document, language),
        other=other,
    )


def _placed(edition: Edition, document: Document, book: FigureBook, language: Language) -> dict[int, Placed]:
    """Figures and tables, each with its own row of numbers."""
    counts = {"figure": 0, "table": 0}
    words = {"figure": FIGURE[language], "table": TABLE[language]}
    out: dict[int, Placed] = {}
    for block in document.blocks:
        if isinstance(block, FigureBlock) and (figure := figure_for(edition, book, block, language)):
            counts[figure.kind] += 1
            number = counts[figure.kind]
            out[id(block)] = Placed(figure, f"{words[figure.kind]} {number}", f"{figure.kind}-{number}")
    return out
