"""The annotated note as a Word file with real comments: the note's own words, shaded and signed, with a comment on every sentence that has a claim.

A note that came as a Word file keeps its own layout: the comments are put into a copy of it. Others get a plain new document.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx import Document as open_document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from virker.annotate.annotation import Annotated
from virker.annotate.read import RUNS
from virker.annotate.told import NO_CLAIM, NO_CLAIM_SIGN, Told, counts, summary, told
from virker.bank import Bank
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS
from virker.claims.report import MEANING
from virker.language import Language, Said

_SHADES = {
    "supported": "D9EFE9", "judgement": "D9EFE9", "overstated": "FDEDC9", "differs": "FDE1C4", "contradicted": "F8D9D2", "error": "F8D9D2",
    "not-traced": "E7EBED", "too-little": "E7EBED",
}  # fmt: skip
_INK = {"supported": "0A4B56", "judgement": "0A4B56", "overstated": "6B4200", "differs": "6B4200", "contradicted": "7C2417", "error": "7C2417"}
_LOCALE = {"da": "da-DK", "en": "en-GB"}
_AUTHOR = "virker"


def annotated_docx(note: Annotated, bank: Bank, language: Language) -> bytes:
    """The Word file."""
    from_word = note.note.path.suffix.casefold() == ".docx"
    file = open_document(str(note.note.path)) if from_word else open_document()
    writer = _Writer(note, bank, language, file)
    if from_word:
        writer.into_the_copy()
    else:
        writer.new()
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


@dataclass
class _Writer:
    note: Annotated
    bank: Bank
    language: Language
    file: Any

    def new(self) -> None:
        """A plain document: what the signs mean, then the note."""
        self._page()
        self.file.add_heading(self.note.note.path.name, 0)
        lead = self.file.add_paragraph(summary(self.note, self.bank, self.language).splitlines()[0])
        lead.paragraph_format.space_after = Pt(4)
        self._legend()
        for at in range(len(self.note.note.paragraphs)):
            found = [told(a, self.bank, self.language) for a in self.note.by_paragraph.get(at, ())]
            if not found:
                continue
            heading = found[0].heading
            paragraph = self.file.add_heading(level=2) if heading else self.file.add_paragraph()
            if before := self.note.prefix(at):
                paragraph.add_run(before)
            for i, sentence in enumerate(found):
                self._sentence(paragraph, sentence, [paragraph.add_run(sentence.text)])
                if i + 1 < len(found):
                    paragraph.add_run(" ")

    def into_the_copy(self) -> None:
        """Comments in a copy of the file that was brought; its words and layout stay as they are."""
        paragraphs = list(self.file.element.body.iter(qn("w:p")))
        first: list[Any] = []
        for at, paragraph in enumerate(self.note.note.paragraphs):
            sentences = self.note.by_paragraph.get(at, ())
            if paragraph.origin is None or not sentences:
                continue
            found = WordParagraph(paragraphs[paragraph.origin], self.file)
            places = _places(found)
            for a in reversed(sentences):
                start, end = a.sentence.start, a.sentence.start + len(a.sentence.text)
                if end <= len(places) and (runs := _cut(found, places[start], places[end - 1] + 1)):
                    self._sentence(found, told(a, self.bank, self.language), runs)
                    first = runs
        if first:
            runs = _all_runs(WordParagraph(paragraphs[self.note.note.paragraphs[0].origin or 0], self.file))
            if runs:
                self.file.add_comment([runs[0], runs[-1]], text=summary(self.note, self.bank, self.language), author=_AUTHOR, initials="v")

    def _sentence(self, paragraph: Any, sentence: Told, runs: Sequence[Any]) -> None:
        """A sign before the sentence, a shade on it, and a comment that tells why."""
        status = sentence.look.removeprefix("unsure-")
        if status in _SHADES and not sentence.look.startswith("unsure-"):
            for run in runs:
                _shade(run, _SHADES[status])
        elif sentence.look.startswith("unsure-"):
            for run in runs:
                run.font.underline = 7  # a dashed line: no colour for what is unsure
        sign = _new_run_before(paragraph, runs[0], f"{sentence.sign} ")
        sign.font.bold = True
        sign.font.color.rgb = RGBColor.from_string(_INK.get(status, "37464C"))
        if sentence.tested:
            self.file.add_comment([sign, runs[-1]], text=comment(sentence, self.language), author=_AUTHOR, initials="v")

    def _legend(self) -> None:
        for c in counts(self.note):
            sign = NO_CLAIM_SIGN if c.status is None else STATUS_SIGNS[c.status]
            name = NO_CLAIM[self.language] if c.status is None else STATUS_LABELS[c.status][self.language]
            means = f": {MEANING[c.status][self.language]}" if c.status else ""
            line = self.file.add_paragraph(style="List Bullet")
            line.paragraph_format.space_after = Pt(0)
            run = line.add_run(f"{sign} {name}")
            run.bold = True
            if c.status in _SHADES:
                _shade(run, _SHADES[c.status])
            perhaps = Said(f", og {c.unsure} måske", f", and {c.unsure} perhaps")[self.language] if c.unsure else ""
            line.add_run(f"{means} ({c.read}{perhaps})")

    def _page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(2.3), Cm(2.3)
        styles = self.file.styles
        styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), _LOCALE[self.note.note.language])
        defaults.append(spoken)
        self.file.core_properties.title = self.note.note.path.name
        self.file.core_properties.author = _AUTHOR


def comment(s: Told, language: Language) -> str:
    """What the comment on a sentence says, a line for each thing."""
    lines = [f"{s.sign} {s.status} ({s.id})" + (f" – {s.sure}" if s.sure else "")]
    parts: tuple[tuple[Said, Sequence[str]], ...] = (
        (Said("Fordi: ", "Because: "), [" ".join(s.reasons)] if s.reasons else []),
        (Said("Ingen påstand: ", "No claim: "), [s.why_none] if s.why_none else []),
        (Said("Det, der holder: ", "What would hold: "), [s.holds] if s.holds else []),
        (Said("Bag den: ", "Behind it: "), s.findings),
        (Said("Usikkert: ", "Not sure: "), s.unsure),
        (Said("Henvisning: ", "Citation: "), s.citations),
        (Said("Rettelse i banken: ", "Correction in the bank: "), s.corrections),
    )
    for head, said in parts:
        lines += [head[language] + line for line in said]
    return "\n".join(lines)


def _shade(run: Any, colour: str) -> None:
    properties = run._r.get_or_add_rPr()
    for old in properties.findall(qn("w:shd")):
        properties.remove(old)
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)


def _new_run_before(paragraph: Any, run: Any, text: str) -> Any:
    element = OxmlElement("w:r")
    run._r.addprevious(element)
    made = Run(element, paragraph)
    made.text = text
    return made


def _all_runs(paragraph: Any) -> list[Any]:
    """Runs of the paragraph, of the links in it and of what was inserted with changes tracked, in their order: what was read."""
    return [Run(r, paragraph) for r in paragraph._p.xpath(RUNS)]


def _places(paragraph: Any) -> list[int]:
    """For each character of the paragraph as it was read (spaces one, none at the ends) its place in the Word file's own text."""
    raw = "".join(r.text for r in _all_runs(paragraph))
    places: list[int] = []
    space = True
    for i, c in enumerate(raw):
        if c.isspace():
            if not space:
                places.append(i)
            space = True
        else:
            places.append(i)
            space = False
    return places


def _cut(paragraph: Any, start: int, end: int) -> list[Any]:
    """The runs that hold exactly the characters from ``start`` to ``end``; runs that reach over an edge are split there."""
    found, at = [], 0
    for run in _all_runs(paragraph):
        length = len(run.text)
        if length and at < end and at + length > start:
            found.append(_split(run, max(0, start - at), min(length, end - at)))
        at += length
    return found


def _split(run: Any, start: int, end: int) -> Any:
    """The part of a run from ``start`` to ``end``; what is before and after it become runs of the same look."""
    text = run.text
    if (start == 0 and end == len(text)) or any(c.tag not in (qn("w:rPr"), qn("w:t")) for c in run._r):
        return run
    for piece, before in ((text[:start], True), (text[end:], False)):
        if piece:
            copy = deepcopy(run._r)
            (run._r.addprevious if before else run._r.addnext)(copy)
            Run(copy, run._parent).text = piece
    run.text = text[start:end]
    return run
