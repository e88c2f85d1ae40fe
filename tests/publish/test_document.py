"""A note's text, read once for all formats."""

from __future__ import annotations

from pathlib import Path

from markdown_it.token import Token

from virker.claims.note import NoteText, markdown_parser
from virker.publish.document import Cite, ClaimWords, FigureBlock, Heading, Listing, Paragraph, Table, Text, Value, figure_block, plain, read_document


def text_of(markdown: str) -> NoteText:
    tokens: tuple[Token, ...] = tuple(markdown_parser().parse(markdown))
    return NoteText("n", "da", "note.da.md", Path("findes-ikke"), {}, markdown, tokens, ())


def test_claims_are_numbered_in_the_order_in_which_the_text_makes_them() -> None:
    document = read_document(text_of("[Første]{#b} og [anden]{#a} og [første igen]{#b}."))
    (paragraph,) = document.blocks
    assert isinstance(paragraph, Paragraph)
    spans = [c for c in paragraph.children if isinstance(c, ClaimWords)]
    assert [(s.claim, s.number, s.mention) for s in spans] == [("b", 1, 1), ("a", 2, 1), ("b", 1, 2)]


def test_numbers_and_citations_inside_a_claim_are_kept() -> None:
    document = read_document(text_of('[Øger med [10]{value="x-1#1/effect"} procent [@x-1; @y-2]]{#a}.'))
    (claim, end) = document.blocks[0].children  # type: ignore[union-attr]
    assert isinstance(claim, ClaimWords)
    assert any(isinstance(c, Value) and c.address == "x-1#1/effect" for c in claim.children)
    assert Cite(("x-1", "y-2")) in claim.children
    assert end == Text(".")
    assert document.cited == ("x-1", "y-2")
    assert document.values == (("10", "x-1#1/effect"),)


def test_the_highest_heading_becomes_level_one_and_anchors_are_unique() -> None:
    headings = read_document(text_of("## Før og nu\n\n### Her\n\n## Før og nu\n")).headings
    assert [(h.level, h.anchor) for h in headings] == [(1, "foer-og-nu"), (2, "her"), (1, "foer-og-nu-2")]


def test_only_a_paragraph_of_its_own_is_a_figure_block() -> None:
    blocks = read_document(text_of("{{ harvest section=1 }}\n\nSe {{ map }} her.\n")).blocks
    assert isinstance(blocks[0], FigureBlock)
    assert blocks[0].setting("section") == "1"
    assert isinstance(blocks[1], Paragraph)
    assert figure_block("{{ over-time training }}") == FigureBlock("over-time", ("training",), ())


def test_lists_nest_and_tables_keep_their_header() -> None:
    blocks = read_document(text_of("3. tre\n4. fire\n   - under\n\n| A | Ø |\n|---|---|\n| 1 | *2* |\n")).blocks
    listing, table = blocks
    assert isinstance(listing, Listing)
    assert (listing.ordered, listing.start, isinstance(listing.items[1][1], Listing)) == (True, 3, True)
    assert isinstance(table, Table)
    assert [plain(h) for h in table.header] == ["A", "Ø"]
    assert plain(table.rows[0][1]) == "2"


def test_a_picture_and_raw_html_leave_only_their_words() -> None:
    blocks = read_document(text_of("![kort over Danmark](x.png) og <b>fed</b>\n\n# H\n")).blocks
    assert isinstance(blocks[0], Paragraph)
    assert plain(blocks[0].children) == "kort over Danmark og <b>fed</b>"
    assert isinstance(blocks[1], Heading)
