"""The bank as files to take away: one for each format, and one for each study. The build writes them; a server makes them when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from virker.bank import Bank
from virker.bank.export import FORMATS
from virker.claims.report import json_report
from virker.errors import MissingExtra
from virker.language import Said
from virker.web import measure_files
from virker.web.note_blocks import note_page
from virker.web.site import Site
from virker.web.tools import files as tool_files

FOLDER = "files"
_STUDY, _NOTE = f"{FOLDER}/study/", f"{FOLDER}/note/"


@dataclass(frozen=True, slots=True)
class Offer:
    """A file of the download page: its name, what it is, and for whom."""

    name: str
    kind: str
    what: Said


OFFERS: tuple[Offer, ...] = (
    Offer("bank.csv", "CSV", Said("Alle resultater, ét på hver linje, med studiets egne felter. Åbner i regneark.", "All findings, one on each line, with the study's own fields. Opens in a spreadsheet.")),
    Offer("bank.xlsx", "Excel", Said("Det samme som en projektmappe: et ark med resultater og et med studier.", "The same as a workbook: a sheet of findings and one of studies.")),
    Offer("bank.json", "JSON", Said("Hele banken, som den står: studier med resultater, forsøg og rettelser.", "The whole bank as it stands: studies with findings, trials and corrections.")),
    Offer("bank.parquet", "Parquet", Said("Alle resultater som tabel til R, Python og databaser.", "All findings as a table for R, Python and databases.")),
    Offer("bank.ris", "RIS", Said("Referencerne til EndNote, Zotero og Mendeley.", "The references, for EndNote, Zotero and Mendeley.")),
    Offer("bank.bib", "BibTeX", Said("Referencerne til LaTeX.", "The references, for LaTeX.")),
    Offer("bank.csl.json", "CSL-JSON", Said("Referencerne til Zotero og Pandoc.", "The references, for Zotero and Pandoc.")),
    Offer("claims.json", "JSON", Said("Hver påstand med status, grunde og de resultater, den hviler på.", "Every claim with its status, reasons and the findings that it rests on.")),
)  # fmt: skip


def content(site: Site, path: str) -> bytes | None:
    """The file at ``files/…``, made once; None where there is no such file, or its format is not installed here."""
    if path.startswith(measure_files.FOLDER):
        return measure_files.content(site, path)
    if path.startswith(tool_files.PLAN):
        return tool_files.content(site, path)
    if path.startswith(_NOTE):
        return _note(site, path.removeprefix(_NOTE))
    if path.startswith(_STUDY):
        return _study(site.edition.bank, path.removeprefix(_STUDY).removesuffix(".json")) if path.endswith(".json") else None
    name = path.removeprefix(f"{FOLDER}/")
    if name not in {o.name for o in OFFERS} or not path.startswith(f"{FOLDER}/"):
        return None
    key = ("file", name)
    if key not in site.memo:
        site.memo[key] = _made(site, name)
    made: bytes | None = site.memo[key]
    return made


def sizes(site: Site) -> Mapping[str, int]:
    """How many bytes each file has; a format that is not installed is left out."""
    return {o.name: len(made) for o in OFFERS if (made := content(site, f"{FOLDER}/{o.name}")) is not None}


def write_files(site: Site, folder: Path) -> list[Path]:
    """Write every file under ``folder``/files that is not there yet; returns what was written, in a fixed order."""
    names = [f"{FOLDER}/{o.name}" for o in OFFERS] + [f"{_STUDY}{study}.json" for study in site.edition.bank.studies]
    names += [f"{_NOTE}{note}.{language}.{kind}" for note, texts in site.edition.notes.items() for language in texts for kind in ("pdf", "docx")]
    names += [*measure_files.names(site), *tool_files.names(site)]
    written = []
    for name in names:
        path = folder / name
        if not path.exists() and (made := content(site, name)) is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
            written.append(path)
    return written


def _made(site: Site, name: str) -> bytes | None:
    bank = site.edition.bank
    if name == "bank.json":
        return _whole(bank)
    if name == "claims.json":
        return json_report(site.edition).encode("utf-8")
    ending = "json" if name == "bank.csl.json" else name.rpartition(".")[2]
    if ending not in FORMATS:
        return None
    try:
        made = FORMATS[ending](bank)
    except MissingExtra:
        return None
    return made.encode("utf-8") if isinstance(made, str) else made


def _whole(bank: Bank) -> bytes:
    told = {"format": 1, "digest": bank.digest, "studies": list(bank.studies.values()), "trials": list(bank.trials.values()), "corrections": bank.corrections}
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _note(site: Site, name: str) -> bytes | None:
    """A note in one language as PDF or Word, made once."""
    note, _, rest = name.partition(".")
    language, _, kind = rest.partition(".")
    if language not in site.edition.notes.get(note, {}) or kind not in ("pdf", "docx"):
        return None
    key = ("file", "note", name)
    if key not in site.memo:
        page = note_page(site, note, language)
        if kind == "pdf":
            from virker.publish.typst_pdf import note_pdf

            site.memo[key] = note_pdf(page)
        else:
            from virker.publish.word import note_docx

            site.memo[key] = note_docx(page)
    made: bytes = site.memo[key]
    return made


def _study(bank: Bank, name: str) -> bytes | None:
    """Everything on one study: its file, its trial, what is corrected in it, and the reader's notes."""
    study = bank.studies.get(name)
    if study is None:
        return None
    told = {
        "format": 1,
        "maryland": bank.maryland(study),
        "quality": "assessed" if study.assessment else "derived from the design",
        "study": study,
        "trial": bank.trials.get(study.trial or ""),
        "corrections": [c for c in bank.corrections if c.study == name],
        "reading_notes": bank.reading_notes.get(name),
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"
