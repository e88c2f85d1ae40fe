"""A file as a table of texts: CSV with comma, semicolon or tab, a sheet, or a Parquet file; and texts as numbers.

Numbers are written with a decimal point or a decimal comma, the same in the whole file. A mixture, and anything that could be a thousands mark, is
refused: 1.234 is either 1234 or a little more than one, and only the file's owner knows.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from virker.cli.own_data.faults import Fault, refuse
from virker.errors import MissingExtra, UserError
from virker.language import Said, counted

#: What stands for a value that is not there.
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", ".", "-", "–", "—", "?"})
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
_NUMBER = {".": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"), ",": re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?")}


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` by name, each a text for each row; ``lines``: the row's line in the file; ``separator`` (CSV) and ``decimal`` as found."""

    path: Path
    columns: dict[str, list[str]]
    lines: list[int]
    separator: str
    decimal: str

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    def number(self, text: str) -> float | None:
        """The number that the text is, NaN where it is missing, None where it is no number."""
        bare = text.strip().replace("−", "-").replace("\u00a0", "")
        if bare.casefold() in MISSING:
            return math.nan
        if not _NUMBER[self.decimal].fullmatch(bare):
            return None
        return float(bare.replace(",", "."))

    def is_numeric(self, column: str) -> bool:
        """Whether every value that is there is a number, and there is one."""
        values = [self.number(text) for text in self.columns[column]]
        return None not in values and any(not math.isnan(v) for v in values if v is not None)


def read_table(path: Path, speak: str) -> Table:
    """Read the file; raises :class:`UserError` with all that is wrong with its form."""
    if not path.is_file():
        raise UserError(Said(f"der er ingen fil '{path}'\n    → tjek navnet", f"there is no file '{path}'\n    → check the name")[speak])
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        told = ", ".join(ENDINGS)
        raise UserError(Said(f"'{path.name}' kan ikke læses som tabel\n    → gem den som en af: {told}", f"'{path.name}' cannot be read as a table\n    → save it as one of: {told}")[speak])  # fmt: skip
    separator = ""
    try:
        if ending == ".xlsx":
            rows = _sheet(path)
        elif ending == ".parquet":
            rows = _parquet(path)
        else:
            text = _text(path, speak)
            separator = "\t" if ending == ".tsv" else _separator(text)
            rows = _cells(text, separator)
    except UserError:
        raise
    except Exception as error:  # a broken file: each reader has errors of its own
        what = Said(f"filen kan ikke læses ({type(error).__name__}: {error})", f"the file cannot be read ({type(error).__name__}: {error})")
        refuse(
            path.name,
            [Fault(what, Said("åbn den i det program, den er lavet i, og gem den igen", "open it in the program that made it, and save it again"))],
            speak,
        )
        raise AssertionError from None
    return _table(path, rows, separator, speak)


def _text(path: Path, speak: str) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        what = Said(f"filen er ikke UTF-8 (byte 0x{raw[error.start]:02x})", f"the file is not UTF-8 (byte 0x{raw[error.start]:02x})")
        todo = Said("gem den som 'CSV UTF-8'; måske er det et æ, ø eller å fra en ældre tegntabel", "save it as 'CSV UTF-8'; perhaps it is an æ, ø or å of an older encoding")  # fmt: skip
        refuse(path.name, [Fault(what, todo, row)], speak)
        raise AssertionError from None


def _separator(text: str) -> str:
    """The one of ; tab and comma that the head has most of, outside quotation marks; a comma in doubt."""
    head = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max((",", ";", "\t"), key=head.count)


def _cells(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    out, before = [], 0
    for row in reader:
        out.append((before + 1, [cell.strip() for cell in row]))
        before = reader.line_num
    return out


def _sheet(path: Path) -> list[tuple[int, list[str]]]:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("data", "Reading .xlsx") from None
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = [(i, [_as_text(cell) for cell in row]) for i, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)]
    book.close()
    return rows


def _parquet(path: Path) -> list[tuple[int, list[str]]]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra("data", "Reading .parquet") from None
    table = parquet.read_table(path)
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return [(1, list(table.column_names)), *((i, [_as_text(cell) for cell in row]) for i, row in enumerate(rows, start=2))]


def _as_text(cell: Any) -> str:
    """A cell of a sheet as a CSV would have it: whole numbers without a point."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _table(path: Path, rows: list[tuple[int, list[str]]], separator: str, speak: str) -> Table:
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if len(rows) < 2:
        refuse(path.name, [Fault(Said("filen har ingen rækker under overskrifterne", "the file has no rows below its head"), Said("første linje er kolonnernes navne, derefter en linje for hvert estimat", "the first line names the columns, then a line for each estimate"))], speak)  # fmt: skip
    (first, head), body = rows[0], rows[1:]
    while head and not head[-1] and not any(len(cells) >= len(head) and cells[len(head) - 1] for _, cells in body):
        head = head[:-1]
    faults = _head_faults(first, head)
    if (fault := _other_width(first, head, body)) is not None:
        refuse(path.name, [fault], speak)
    kept: list[list[str]] = []
    for line, cells in body:
        extra = [cell for cell in cells[len(head) :] if cell]
        if extra or len(cells) < len(head):
            faults.append(_length_fault(line, len(cells), len(head)))
        kept.append([*cells[: len(head)], *[""] * (len(head) - len(cells))])
    columns = {name: [row[j] for row in kept] for j, name in enumerate(head)}
    if faults:
        refuse(path.name, faults, speak)
    decimal, faults = _decimal(columns, [line for line, _ in body])
    refuse(path.name, faults, speak)
    return Table(path, columns, [line for line, _ in body], separator, decimal)


def _head_faults(line: int, head: list[str]) -> list[Fault]:
    faults = []
    for j, name in enumerate(head):
        if not name:
            faults.append(Fault(Said(f"kolonne {j + 1} har intet navn", f"column {j + 1} has no name"), Said("giv den et navn, eller slet den", "name it, or delete it"), line))  # fmt: skip
        elif name in head[:j]:
            faults.append(
                Fault(Said("to kolonner har samme navn", "two columns have the same name"), Said("giv dem hver sit", "give each its own"), line, name)
            )
    return faults


def _other_width(line: int, head: list[str], body: list[tuple[int, list[str]]]) -> Fault | None:
    """All rows are alike and the head is another: a title above the table, or decimal commas between commas; told once, not for each row."""
    wide, count = Counter(len(cells) for _, cells in body).most_common(1)[0]
    alike = count == len(body) if len(head) > 1 else 2 * count > len(body)  # a title is one field, whatever its rows are cut into
    if len(body) < 2 or wide == len(head) or not alike or any(not cells[-1] for _, cells in body):
        return None
    one, many = Said("felt", "field"), Said("felter", "fields")
    has, rows = counted(len(head), one, many), counted(wide, one, many)
    return Fault(
        Said(f"overskriften har {has.da}, og rækkerne har {rows.da}", f"the head has {has.en}, and the rows have {rows.en}"),
        Said(
            "slet det, der står over kolonnernes navne; har tallene decimalkomma, så brug semikolon mellem felterne",
            "delete what stands above the names of the columns; if numbers have a decimal comma, put semicolons between the fields",
        ),
        line,
    )


def _length_fault(line: int, found: int, wanted: int) -> Fault:
    return Fault(
        Said(f"rækken har {found} felter, hvor overskriften har {wanted}", f"the row has {found} fields where the head has {wanted}"),
        Said("tjek skilletegn og anførselstegn i rækken", "check separators and quotation marks in the row"),
        line,
    )


def _decimal(columns: dict[str, list[str]], lines: list[int]) -> tuple[str, list[Fault]]:
    """The decimal mark of the file, and the numbers that use the other one."""
    found: dict[str, list[tuple[int, str, str]]] = {".": [], ",": []}
    for name, cells in columns.items():
        there = [cell.replace("−", "-") for cell in cells if cell.casefold() not in MISSING]
        if 2 * sum(any(form.fullmatch(cell) for form in _NUMBER.values()) for cell in there) < len(there):
            continue  # a column of words, in which 3.1 may be a name
        for line, cell in zip(lines, cells, strict=True):
            bare = cell.replace("−", "-")
            for mark in ".,":
                if mark in bare and _NUMBER[mark].fullmatch(bare):
                    found[mark].append((line, name, cell))
    if not found[","]:
        return ".", []
    if not found["."]:
        return ",", []
    usual = "," if len(found[","]) >= len(found["."]) else "."
    other = "." if usual == "," else ","
    wrong = [
        Fault(
            Said(f"'{cell}' er skrevet med '{other}', resten af filens tal med '{usual}'", f"'{cell}' is written with '{other}', the other numbers of the file with '{usual}'"),
            Said(f"skriv alle tal med '{usual}' og uden tusindtalstegn", f"write all numbers with '{usual}' and without thousands marks"),
            line, name,
        )
        for line, name, cell in found[other]
    ]  # fmt: skip
    return usual, wrong
