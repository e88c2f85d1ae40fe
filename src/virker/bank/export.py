"""The bank for other programs: CSV, Excel, Parquet, CSL-JSON, BibTeX, RIS."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from virker.bank.bank import Bank
from virker.bank.records import Finding, Struct, Study
from virker.bank.references import bibtex, csl
from virker.bank.ris import ris
from virker.bank.rows import Row
from virker.errors import MissingExtra, UserError, nearest
from virker.files import write_file

_STUDY_FIELDS = ("kind", "title", "authors", "year", "container", "doi", "design", "countries", "trial", "version_of", "population", "sections")


def table(rows: Sequence[Row]) -> tuple[list[str], list[list[Any]]]:
    """``(header, rows)``: one line a finding, the study's own fields first; lists are joined by ``|``."""
    finding_fields = [f.name for f in msgspec.structs.fields(Finding)]
    header = ["study", *(f"study_{n}" for n in _STUDY_FIELDS), *finding_fields]
    return header, [[r.study.id, *(_cell(getattr(r.study, n)) for n in _STUDY_FIELDS), *(_cell(getattr(r.finding, n)) for n in finding_fields)] for r in rows]


def export(bank: Bank, path: Path) -> None:
    """Write the bank to ``path`` in the format that its ending names: csv, xlsx, parquet, json (CSL), bib or ris.

    Raises
    ------
    UserError
        When the ending is none of these.
    MissingExtra
        When the format needs the ``data`` extra.
    """
    ending = path.suffix.lstrip(".").casefold()
    if ending not in FORMATS:
        raise UserError(f"'{path.name}' has no known ending\n    → {nearest(ending, FORMATS)} Use one of: {', '.join('.' + f for f in FORMATS)}")
    write_file(path, FORMATS[ending](bank))


def selection(bank: Bank, rows: Sequence[Row]) -> Bank:
    """The bank with these findings only, and the studies that have any of them."""
    kept: dict[str, list[Finding]] = {}
    for row in rows:
        kept.setdefault(row.study.id, []).append(row.finding)
    studies = [msgspec.structs.replace(bank.studies[i], finding=tuple(findings)) for i, findings in kept.items()]
    return Bank(studies, bank.vocabulary, bank.trials.values(), bank.corrections, bank.reading_notes)


def _csv(bank: Bank) -> str:
    out = io.StringIO()
    header, rows = table(bank.rows)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([["" if c is None else c for c in row] for row in rows])
    # the mark lets Excel read æøå
    return "﻿" + out.getvalue()


def _xlsx(bank: Bank) -> bytes:
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtra("data", "an Excel file") from None
    book = Workbook(write_only=True)
    for title, (header, rows) in {"findings": table(bank.rows), "studies": _studies(bank)}.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "B2"
        sheet.append(header)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(bank: Bank) -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("data", "a Parquet file") from None
    header, rows = table(bank.rows)
    columns = {name: _typed([row[i] for row in rows]) for i, name in enumerate(header)}
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _csl_json(bank: Bank) -> bytes:
    return msgspec.json.format(msgspec.json.encode([csl(s) for s in bank.studies.values()]), indent=2) + b"\n"


def _bibtex(bank: Bank) -> str:
    return bibtex(bank.studies.values())


def _ris(bank: Bank) -> str:
    return ris(bank.studies.values())


FORMATS: dict[str, Callable[[Bank], str | bytes]] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet, "json": _csl_json, "bib": _bibtex, "ris": _ris}


def _studies(bank: Bank) -> tuple[list[str], list[list[Any]]]:
    fields = [f.name for f in msgspec.structs.fields(Study) if f.name != "finding"]
    return fields, [[_cell(getattr(s, n)) for n in fields] for s in bank.studies.values()]


def _cell(value: object) -> Any:
    if isinstance(value, tuple):
        return "|".join(map(str, value))
    if isinstance(value, Struct):
        return msgspec.json.encode(value).decode()
    return value


def _typed(values: list[Any]) -> list[Any]:
    """A column of one kind: mixed columns (a count here, a word there) become text."""
    kinds = {type(v) for v in values if v is not None}
    if kinds <= {int, float} and len(kinds) > 1:
        return [None if v is None else float(v) for v in values]
    return values if len(kinds) < 2 else [None if v is None else str(v) for v in values]
