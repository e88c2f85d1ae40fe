"""Reading a note from a file: text, Markdown, Word or PDF. What cannot be read is told in one clear message."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from virker.annotate.lines import paragraphs_of, without_furniture
from virker.annotate.records import BroughtNote, Paragraph, word_set
from virker.errors import MissingExtra, Problem, UserError
from virker.files import decoded
from virker.language import Language

#: The endings that can be read.
ENDINGS = (".txt", ".md", ".markdown", ".docx", ".pdf")
#: A Word file that unpacks to more bytes, or a PDF with more pages, is no note. Ours.
MOST_UNPACKED, MOST_PAGES = 200_000_000, 1_000
#: A PDF with fewer letters a page than this has been scanned, and is a picture. Ours.
FEWEST_LETTERS = 40

#: What PDFium writes where a word is broken at a line's end; it joins the two lines.
_BROKEN = re.compile(r"[\x02\ufffe]\s*")
#: Control characters: no text, and no Word file can hold them.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: The runs that are a Word paragraph's own text, those of links and of tracked insertions too.
RUNS = "./w:r | ./w:hyperlink/w:r | ./w:ins/w:r | ./w:ins/w:hyperlink/w:r | ./w:hyperlink/w:ins/w:r"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DANISH = word_set("og er det en et som til på af med den der ikke kan har ved fra viser mere effekt ledige samtaler i job løntilskud beskæftigelse")
_ENGLISH = word_set("and that is the a an which to on of with not can has by from shows more effect unemployed unemployment employment work meetings wage")


def read_brought(path: Path) -> BroughtNote:
    """The note in ``path``.

    Raises
    ------
    UserError
        When the file is missing, of an unknown kind, locked, a picture, not UTF-8, or empty.
    """
    if not path.exists():
        raise UserError(f"there is no file '{path}'\n    → check its name; a claim is explained by: virker explain CLAIM")
    if path.is_dir():
        raise UserError(f"'{path}' is a folder\n    → name the note's file")
    _known_ending(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name}: the file cannot be read ({error.strerror})\n    → check that you may read it") from None
    return brought_from(path, content)


def brought_from(path: Path, content: bytes) -> BroughtNote:
    """The note in the bytes of a file; of ``path`` only the name is used, so that a note can be read that stands nowhere.

    Raises
    ------
    UserError
        As :func:`read_brought`.
    """
    ending = _known_ending(path)
    left_out: tuple[str, ...] = ()
    if ending == ".docx":
        paragraphs = _word(path, content)
    elif ending == ".pdf":
        paragraphs, left_out = _pdf(path, content)
    else:
        text = _text(path, content)
        paragraphs, left_out = _markdown(text) if ending != ".txt" else _plain(text)
    paragraphs = [replace(p, text=_NO_TEXT.sub("", p.text)) for p in paragraphs]
    if not any(p.text.strip() for p in paragraphs):
        raise UserError(f"{path.name}: the file has no text\n    → is it the right file, and was it saved?")
    return BroughtNote(path, tuple(paragraphs), language_of(" ".join(p.text for p in paragraphs)), left_out)


def _known_ending(path: Path) -> str:
    """The ending of a kind of file that can be read."""
    ending = path.suffix.casefold()
    if ending not in ENDINGS:
        raise UserError(f"{path.name}: files ending in '{ending}' cannot be read\n    → bring {', '.join(ENDINGS)}; save it as one of these")
    return ending


def language_of(text: str) -> Language:
    """Danish or English, by the small words that each has and the other has not.

    >>> language_of("Samtaler virker for ledige, og det er på høje tid."), language_of("Meetings work for the unemployed.")
    ('da', 'en')
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    danish = sum(w in _DANISH or any(c in "æøå" for c in w) for w in words)
    return "da" if danish > sum(w in _ENGLISH for w in words) else "en"


def _text(path: Path, content: bytes) -> str:
    problems: list[Problem] = []
    text = decoded(content, path.name, problems)
    if text is None:
        raise UserError(str(problems[0]))
    return text.removeprefix("\ufeff")


def _plain(text: str) -> tuple[list[Paragraph], tuple[str, ...]]:
    pages, left_out = without_furniture([page.splitlines() for page in text.split("\f")])
    return paragraphs_of([line for page in pages for line in page]), left_out


def _markdown(text: str) -> tuple[list[Paragraph], tuple[str, ...]]:
    """Headings, paragraphs, list items and table cells of a Markdown file; code is no sentence."""
    from virker.claims.note import markdown_parser
    from virker.files import split_front_matter

    parts = split_front_matter(text)
    tokens = markdown_parser().parse(parts[1] if parts else text)
    out: list[Paragraph] = []
    heading: int | None = None
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "heading_close":
            heading = None
        elif token.type == "inline" and token.children is not None:
            said = "".join(" " if c.type in ("softbreak", "hardbreak") else c.content for c in token.children if c.type != "image")
            if said.strip():
                out.append(Paragraph(re.sub(r"\s+", " ", said).strip(), heading))
    return out, ()


def _word(path: Path, content: bytes) -> list[Paragraph]:
    try:
        from docx import Document
        from docx.oxml.ns import qn
        from docx.text.paragraph import Paragraph as WordParagraph
        from docx.text.run import Run
    except ImportError:  # pragma: no cover - installed with the tests
        raise MissingExtra("note", "Reading a Word file") from None
    try:
        unpacked = sum(part.file_size for part in ZipFile(BytesIO(content)).infolist())
        document = Document(BytesIO(content)) if unpacked <= MOST_UNPACKED else None
    except Exception:
        raise UserError(
            f"{path.name}: this is no Word file that can be opened (perhaps it is locked with a password, or an old .doc)\n"
            "    → open it in Word and save it as .docx without a password"
        ) from None
    if document is None:
        raise UserError(f"{path.name}: unpacked, the Word file is larger than any note\n    → take out pictures and attachments, and save it again")
    out = []
    for number, element in enumerate(document.element.body.iter(qn("w:p"))):
        if next(element.iterancestors(_FALLBACK), None) is not None:
            continue  # a text box stands in the file twice
        paragraph = WordParagraph(element, document)  # type: ignore[arg-type,unused-ignore]  # its part is the document's
        said = re.sub(r"\s+", " ", "".join(Run(r, paragraph).text for r in element.xpath(RUNS))).strip()
        if said:
            out.append(Paragraph(said, _level(paragraph), number))
    return out


def _level(paragraph: Any) -> int | None:
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    found = re.fullmatch(r"(?:Heading|Overskrift) (\d)", name)
    return int(found[1]) if found else 1 if name in ("Title", "Titel") else None


def _pdf(path: Path, content: bytes) -> tuple[list[Paragraph], tuple[str, ...]]:
    try:
        import pypdfium2 as pdfium  # type: ignore[import-untyped,unused-ignore]
    except ImportError:  # pragma: no cover - installed with the tests
        raise MissingExtra("pdf", "Reading a PDF") from None
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).casefold()
        what = "the PDF is locked with a password" if locked else "this is no PDF that can be opened"
        todo = "save a copy without the password" if locked else "is the file whole? Open it in a reader and save it again"
        raise UserError(f"{path.name}: {what}\n    → {todo}") from None
    try:
        if len(document) > MOST_PAGES:
            raise UserError(f"{path.name}: the PDF has {len(document)} pages\n    → bring the note alone: {MOST_PAGES} at most")
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(_BROKEN.sub("-\n", text.get_text_bounded()).splitlines())
            text.close()
            page.close()
    finally:
        document.close()
    letters = sum(c.isalpha() for page in pages for line in page for c in line)
    if letters < FEWEST_LETTERS * max(1, len(pages)):
        raise UserError(
            f"{path.name}: the PDF has hardly any text ({letters} letters on {len(pages)} pages): it is probably a scan\n"
            "    → run it through text recognition (OCR) first, or bring the Word file"
        )
    kept, left_out = without_furniture(pages)
    return paragraphs_of([line for page in kept for line in page]), left_out
