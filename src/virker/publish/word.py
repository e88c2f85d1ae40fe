"""A note as a Word document: real headings, captions that Word can count, a table of contents, and pictures with alternative text."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docx import Document as new_document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

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
from virker.publish.frontmatter import day_in_words
from virker.publish.ooxml import Look, bookmark_name, dress, element, field, field_start, new_numbering, numbered, steady
from virker.publish.page import Page, Placed

_ACCENT = RGBColor(0x0A, 0x4B, 0x56)
_MUTED = RGBColor(0x51, 0x63, 0x6A)
_WIDTH = Cm(16)
_FONT = "Calibri"
_LOCALE = {"da": "da-DK", "en": "en-GB"}


def note_docx(page: Page) -> bytes:
    """The note as a Word file; the same note gives the same bytes."""
    writer = _Writer(page, new_document())
    writer.styles()
    writer.properties()
    writer.front()
    if page.has_contents:
        writer.contents()
    for block in page.document.blocks:
        writer.block(block)
    writer.references()
    writer.evidence()
    out = io.BytesIO()
    writer.file.save(out)
    return steady(out.getvalue())


@dataclass
class _Writer:
    """Writes one page into one Word file."""

    page: Page
    file: Any
    bookmarks: int = 0
    pictures: int = 0
    style_ids: dict[str, str] = dataclasses.field(default_factory=dict)

    # the frame -------------------------------------------------------------------------------------------------

    def styles(self) -> None:
        """Fonts, colours and language of the styles that Word knows by name."""
        styles = self.file.styles
        for name, size in (("Normal", 11), ("Title", 24), ("Subtitle", 14), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 11.5), ("Caption", 10)):
            style = styles[name]
            style.font.name, style.font.size = _FONT, Pt(size)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            if name != "Normal":
                style.font.color.rgb = _MUTED if name in ("Subtitle",) else _ACCENT
        styles["Caption"].font.bold = False
        styles["Normal"].paragraph_format.space_after = Pt(8)
        for name in ("Caption", "Heading 1", "Heading 2", "Heading 3"):
            styles[name].paragraph_format.keep_with_next = True
        small = styles.add_style("Evidence", WD_STYLE_TYPE.PARAGRAPH)
        small.base_style, small.font.size, small.font.color.rgb = styles["Normal"], Pt(9), _MUTED
        for level in (1, 2):
            toc = styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
            toc.base_style = styles["Normal"]
            toc.paragraph_format.left_indent = Cm(0.8 * (level - 1))
            toc.paragraph_format.space_after = Pt(2)
        language = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        for old in language.findall(qn("w:lang")):
            language.remove(old)
        language.append(element("w:lang", val=_LOCALE[self.page.language], eastAsia=_LOCALE[self.page.language], bidi="ar-SA"))
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.3)
        foot = section.footer.paragraphs[0]
        foot.alignment = 1
        field(foot, "PAGE", "1")

    def properties(self) -> None:
        front, core = self.page.front, self.file.core_properties
        stamp = datetime(front.stamp.year, front.stamp.month, front.stamp.day)
        core.title, core.subject, core.language = front.title, front.short, _LOCALE[self.page.language]
        core.author, core.last_modified_by, core.comments, core.keywords = "; ".join(front.authors), "virker", "", ""
        core.created = core.modified = core.last_printed = stamp
        core.revision = 1

    def front(self) -> None:
        front = self.page.front
        self.paragraph(front.title, style="Title")
        if front.subtitle:
            self.paragraph(front.subtitle, style="Subtitle")
        if front.short:
            self.paragraph(front.short)
        meta = [*front.authors, *([day_in_words(front.day, self.page.language)] if front.day else [])]
        if meta:
            self.paragraph(" · ".join(meta), style="Evidence")

    def contents(self) -> None:
        """A table of contents that Word fills with page numbers; until then it shows the headings as links."""
        language = self.page.language
        title = self.paragraph()
        run = title.add_run(wording.CONTENTS[language])
        run.bold, run.font.size, run.font.color.rgb = True, Pt(13), _ACCENT
        entries = [(h.level, plain(h.children), h.anchor) for h in self.page.contents]
        entries += [(1, wording.REFERENCES[language], "references")] if self.page.references else []
        entries += [(1, wording.EVIDENCE[language], "evidence")] if self.page.claims else []
        last = None
        for i, (level, words, anchor) in enumerate(entries):
            last = self.paragraph(style=f"toc {level}")
            if i == 0:
                field_start(last, 'TOC \\o "1-' + str(self.page.contents_depth) + '" \\h \\z \\u')
            self._link(last, words, Look(), anchor=anchor)
        if last is not None:
            last.add_run()._r.append(element("w:fldChar", fldCharType="end"))

    def paragraph(self, text: str = "", style: str | None = None) -> Any:
        """A paragraph in a style; the style's id is looked up once, for python-docx searches all styles each time."""
        paragraph = self.file.add_paragraph(text)
        if style is not None:
            if style not in self.style_ids:
                self.style_ids[style] = self.file.styles[style].style_id
            paragraph._p.style = self.style_ids[style]
        return paragraph

    # blocks ----------------------------------------------------------------------------------------------------

    def block(self, block: Block, style: str | None = None) -> None:
        match block:
            case Heading(level, anchor, children):
                self.heading(children, level, anchor)
            case Paragraph(children):
                self.inlines(self.paragraph(style=style), children, Look())
            case Listing(ordered, start, items):
                self.listing(ordered, start, items)
            case Quote(blocks):
                for inner in blocks:
                    self.block(inner, "Quote")
            case Table(header, rows):
                self.table(header, rows)
            case Preformatted(text):
                run = self.paragraph().add_run(text)
                run.font.name = "Consolas"
            case Rule():
                self.paragraph()
            case FigureBlock(name):
                placed = self.page.placed(block)
                if placed:
                    self.figure(placed)
                else:
                    self.paragraph(f"[{name}]")

    def heading(self, children: Sequence[Inline], level: int, anchor: str) -> None:
        paragraph = self.paragraph(style=f"Heading {min(level, 3)}")
        if anchor in self.page.new_pages:
            paragraph.paragraph_format.page_break_before = True
        self._bookmark(paragraph, anchor, lambda: self.inlines(paragraph, children, Look()))

    def listing(self, ordered: bool, start: int, items: Sequence[Sequence[Block]], depth: int = 1) -> None:
        """A list; Word has styles of its own for the first three depths."""
        level = "" if depth == 1 else f" {min(depth, 3)}"
        style = ("List Number" if ordered else "List Bullet") + level
        number = new_numbering(self.file, start, style) if ordered else None
        for item in items:
            for i, inner in enumerate(item):
                if isinstance(inner, Listing):
                    self.listing(inner.ordered, inner.start, inner.items, depth + 1)
                elif isinstance(inner, Paragraph) and i == 0:
                    paragraph = self.paragraph(style=style)
                    if number is not None:
                        numbered(paragraph, number)
                    self.inlines(paragraph, inner.children, Look())
                else:
                    self.block(inner, f"List Continue{level}" if isinstance(inner, Paragraph) else None)

    def table(self, header: Sequence[Sequence[Inline]], rows: Sequence[Sequence[Sequence[Inline]]]) -> None:
        table = self.file.add_table(rows=0, cols=len(header))
        table.style = "Table Grid"
        for i, row in enumerate((header, *rows)):
            cells = table.add_row().cells
            for cell, children in zip(cells, row, strict=False):
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                self.inlines(paragraph, children, Look(bold=i == 0))
                for run in paragraph.runs:
                    run.font.size = Pt(9)
                if i == 0:
                    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill="E6F1F2"))
            if i == 0:
                table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader", val="true"))
            table.rows[i]._tr.get_or_add_trPr().append(element("w:cantSplit", val="true"))
        self.paragraph()

    def figure(self, placed: Placed) -> None:
        """Caption above, then the picture (or the table), then its notes."""
        figure = placed.figure
        caption = self.paragraph(style="Caption")
        word, _, number = placed.label.rpartition(" ")
        caption.add_run(f"{word} ").bold = True
        field(caption, f"SEQ {word} \\* ARABIC", number, bold=True)
        caption.add_run(". ").bold = True
        caption.add_run(figure.caption)
        if figure.drawing is None:
            self.table([(Text(h),) for h in figure.grid.header], [[(Text(c),) for c in row] for row in figure.grid.rows])
        else:
            picture = self.paragraph().add_run().add_picture(io.BytesIO(figure.drawing.png), width=_WIDTH)
            self.pictures += 1
            told = picture._inline.docPr
            told.set("descr", figure.alt)
            told.set("name", placed.label)
            told.set("id", str(1000 + self.pictures))
        for note in figure.notes:
            self.paragraph(note, style="Evidence")

    # inline pieces ---------------------------------------------------------------------------------------------

    def inlines(self, paragraph: Any, children: Sequence[Inline], look: Look) -> None:
        for child in children:
            self.inline(paragraph, child, look)

    def inline(self, paragraph: Any, piece: Inline, look: Look) -> None:
        match piece:
            case Text(text):
                self._run(paragraph, text, look)
            case Break():
                paragraph.add_run().add_break()
            case Code(text):
                self._run(paragraph, text, Look(look.bold, look.italic, look.underline, code=True))
            case Strong(children):
                self.inlines(paragraph, children, Look(True, look.italic, look.underline, look.code))
            case Emphasis(children):
                self.inlines(paragraph, children, Look(look.bold, True, look.underline, look.code))
            case Link(href, children):
                self._link(paragraph, plain(children), look, address=href)
            case Cite(studies):
                self._cite(paragraph, studies, look)
            case ClaimWords():
                self._claim(paragraph, piece, look)
            case Value(_, children):
                self.inlines(paragraph, children, look)

    def _cite(self, paragraph: Any, studies: Sequence[str], look: Look) -> None:
        self._run(paragraph, "(", look)
        for i, study in enumerate(studies):
            if i:
                self._run(paragraph, "; ", look)
            if study in self.page.references:
                self._link(paragraph, self.page.cite(study), look, anchor=bookmark_name(f"ref-{study}"))
            else:
                self._run(paragraph, self.page.cite(study), look)
        self._run(paragraph, ")", look)

    def _claim(self, paragraph: Any, piece: ClaimWords, look: Look) -> None:
        known = self.page.known_claim(piece.claim)
        self.inlines(paragraph, piece.children, Look(look.bold, look.italic, known, look.code))
        if known:
            self._link(paragraph, str(piece.number), look, anchor=f"evidence-{piece.number}", raised=True)

    def _run(self, paragraph: Any, text: str, look: Look) -> None:
        run = paragraph.add_run(text)
        dress(run, look)

    def _link(self, paragraph: Any, words: str, look: Look, *, anchor: str | None = None, address: str | None = None, raised: bool = False) -> None:
        """A hyperlink to a place in the document or to an address."""
        link = OxmlElement("w:hyperlink")
        if anchor is not None:
            link.set(qn("w:anchor"), bookmark_name(anchor))
        elif address is not None:
            link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run = paragraph.add_run(words)
        dress(run, Look(look.bold, look.italic, False, look.code, RGBColor(0x0F, 0x66, 0x74)))
        run.font.superscript = raised or None
        link.append(run._r)
        paragraph._p.append(link)

    # the end ---------------------------------------------------------------------------------------------------

    def references(self) -> None:
        if not self.page.references:
            return
        self.heading((Text(wording.REFERENCES[self.page.language]),), 1, "references")
        for ref in self.page.references.values():
            paragraph = self.paragraph()
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
            self._bookmark(paragraph, f"ref-{ref.study}", lambda p=paragraph, r=ref: p.add_run(f"{r.lead} "))
            paragraph.add_run(ref.title).italic = True
            paragraph.add_run(f" {ref.rest} " if ref.rest else " ")
            if ref.link:
                self._link(paragraph, ref.link_text or ref.link, Look(), address=ref.link)

    def evidence(self) -> None:
        if not self.page.claims:
            return
        language = self.page.language
        self.heading((Text(wording.EVIDENCE[language]),), 1, "evidence")
        self.paragraph(wording.EVIDENCE_LEAD[language])
        for claim in self.page.claims:
            paragraph = self.paragraph()
            paragraph.paragraph_format.space_after, paragraph.paragraph_format.keep_with_next = Pt(0), True
            self._bookmark(paragraph, f"evidence-{claim.number}", lambda p=paragraph, c=claim: setattr(p.add_run(f"{c.number}. "), "bold", True))
            paragraph.add_run(claim.words)
            rests = "; ".join([claim.status_label, *claim.verdicts])
            self.paragraph(f"{rests}. {wording.FINDINGS[language]}: {claim.addresses or wording.NO_FINDINGS[language]}.", style="Evidence")
        if self.page.numbers:
            self.heading((Text(wording.NUMBERS[language]),), 2, "numbers")
            header = [(Text(w[language]),) for w in (wording.NUMBER, wording.ADDRESS, wording.STUDY)]
            self.table(header, [[(Text(n.printed),), (Text(n.address),), (Text(n.source),)] for n in self.page.numbers])

    def _bookmark(self, paragraph: Any, name: str, write: Any) -> None:
        self.bookmarks += 1
        number = str(self.bookmarks)
        paragraph._p.append(element("w:bookmarkStart", id=number, name=bookmark_name(name)))
        write()
        paragraph._p.append(element("w:bookmarkEnd", id=number))
