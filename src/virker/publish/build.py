"""``virker build``: every page that an edition gives, in one folder, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from virker.claims.edition import Edition
from virker.claims.report import json_report, junit_report
from virker.errors import ContentError, MissingExtra, Problem
from virker.language import LANGUAGES, Language
from virker.memory import without_collection
from virker.publish.citations import citation_problems

if TYPE_CHECKING:
    from virker.publish.page import Page

KINDS = ("html", "pdf", "docx")
#: What the ``note`` extra brings.
NEEDED = ("jinja2", "vl_convert", "typst", "docx", "numpy", "icalendar", "holidays")
#: The list of files of a build, so that the next one can take away what it no longer writes, and nothing else.
LISTING = ".virker-build"


class Part(Protocol):
    """What a later room adds to a build, such as the site, under ``folder``."""

    def start(self, folder: Path) -> None:
        """Begin what needs nothing of the rest; it may go on beside it."""

    def finish(self, folder: Path) -> list[Path]:
        """Write what needs the notes, the cards and the report, which stand in ``folder`` now; returns all files of the part."""

    def stop(self) -> None:
        """End what was started, finished or not."""


def build_all(edition: Edition, out: Path, *parts: Part) -> list[Path]:
    """Write all notes, all cards, the claim report and ``parts`` into ``out``; returns the files, in a fixed order.

    Everything is written into a folder beside ``out`` first, and moved when all of it is done; a former build is replaced.

    Raises
    ------
    ContentError
        When a note cites a work that the bank does not have, or asks for a figure that there is none of.
    MissingExtra
        When the ``note`` extra is not installed.
    """
    require_note_extra()
    if problems := publish_problems(edition):
        raise ContentError(problems)
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        with without_collection():
            for part in parts:
                part.start(beside)
            written = [*_write_all(edition, beside), *(path for part in parts for path in part.finish(beside))]
        return _move(beside, out, [p.relative_to(beside) for p in written])
    finally:
        for part in parts:
            part.stop()
        shutil.rmtree(beside, ignore_errors=True)


def build_note(edition: Edition, note: str, language: Language, folder: Path, kinds: Iterable[str] = KINDS) -> list[Path]:
    """Write one language of one note as each of ``kinds`` into ``folder``."""
    require_note_extra()
    from virker.publish.figures import load_figure_book
    from virker.publish.page import read_page

    book = load_figure_book(edition.workspace.notes, edition.workspace.root, edition.bank)
    page = read_page(edition, note, language, book)
    return [_write(page, folder, kind) for kind in kinds]


def publish_problems(edition: Edition) -> list[Problem]:
    """What keeps the notes from being published: unknown works and figures."""
    from virker.publish.figures import figure_problems

    return [*citation_problems(edition), *figure_problems(edition)]


def require_note_extra() -> None:
    """Raise MissingExtra unless everything that writes pages is installed."""
    if any(find_spec(name) is None for name in NEEDED):
        raise MissingExtra("note", "building the note")


def _write(page: Page, folder: Path, kind: str) -> Path:
    return _put(folder / f"{page.note}.{page.language}.{kind}", _rendered(page, kind))


def _rendered(page: Page, kind: str) -> bytes:
    if kind == "html":
        from virker.publish.html import note_html

        return note_html(page).encode("utf-8")
    if kind == "pdf":
        from virker.publish.typst_pdf import note_pdf

        return note_pdf(page)
    if kind == "docx":
        from virker.publish.word import note_docx

        return note_docx(page)
    raise ValueError(f"'{kind}' is none of {', '.join(KINDS)}")


def _write_all(edition: Edition, folder: Path) -> list[Path]:
    from virker.publish.cards.build import FOLDER as CARDS
    from virker.publish.cards.build import card_files
    from virker.publish.figures import load_figure_book
    from virker.publish.page import read_page
    from virker.publish.report_html import REPORT_FILES, report_html

    book = load_figure_book(edition.workspace.notes, edition.workspace.root, edition.bank)
    written: list[Path] = []
    with ThreadPoolExecutor(1) as aside:  # Typst works beside Python: PDFs are made while the rest is written
        pdfs = []
        for note, texts in edition.notes.items():
            languages: list[Language] = [x for x in LANGUAGES if x in texts]
            for language in languages:
                page = read_page(edition, note, language, book)
                pdfs.append(aside.submit(_write, page, folder / "note", "pdf"))
                written += [_write(page, folder / "note", kind) for kind in KINDS if kind != "pdf"]
        written += [_put(folder / CARDS / name, content) for name, content in card_files(edition)]
        written += [pdf.result() for pdf in pdfs]
    for language, name in REPORT_FILES.items():
        written.append(_put(folder / name, report_html(edition, language)))
    written.append(_put(folder / "claims.json", json_report(edition)))
    written.append(_put(folder / "claims.xml", junit_report(edition)))
    return written


def _put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def _move(beside: Path, out: Path, names: list[Path]) -> list[Path]:
    """Move the files into place; what a former build wrote and this one does not is taken away, and nothing else is touched."""
    listing = out / LISTING
    former = {Path(line) for line in listing.read_text(encoding="utf-8").splitlines()} if listing.is_file() else set()
    out.mkdir(exist_ok=True)
    for name in names:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(beside / name, out / name)
    for name in sorted(former - set(names)):
        if not name.is_absolute() and ".." not in name.parts:
            (out / name).unlink(missing_ok=True)
    listing.write_text("".join(f"{n.as_posix()}\n" for n in names), encoding="utf-8")
    return [out / n for n in names]
