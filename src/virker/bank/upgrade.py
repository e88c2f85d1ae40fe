"""A better reading enters a study's file: lines are added, none is changed or taken away.

The file is edited as text, and the result is read back: it must say exactly what was meant, and hold every old line in its old
order. A TOML writer would keep most of a layout, but moves comments and blank lines between tables (decision 0024).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from virker.bank.bank import Bank
from virker.bank.form import toml_value
from virker.bank.reading import Reading
from virker.bank.records import Finding, Study
from virker.errors import ContentError, Problem, UserError, relative
from virker.files import parse_toml, read_text, split_front_matter, write_file

_TABLE = re.compile(r"^[ \t]*\[\[\s*finding\s*\]\][^\n]*$", re.M)
#: Written even where they are the default: a reader of the file looks for them.
_ALWAYS = ("contrast", "comparator", "estimand", "unit")
_LAST = ("origin", "added", "note")


@dataclass(frozen=True, slots=True)
class Naming:
    """A line of the workspace that names a finding."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A study with its better reading, and the text of its file: nothing is written until :meth:`write`."""

    old: str
    new: str
    study: Study
    path: Path
    shown: str
    before: bytes
    text: str

    def bank(self, bank: Bank) -> Bank:
        """The bank as it would be."""
        return bank.replacing({self.study.id: self.study})

    def write(self) -> None:
        """Write the file, whole or not at all.

        Raises
        ------
        UserError
            When somebody has changed the file in the meantime.
        """
        if self.path.read_bytes() != self.before:
            raise UserError(f"{self.shown} was changed while the form was read; nothing was written\n    → run the command again")
        write_file(self.path, self.text)


def upgrade(reading: Reading, folder: Path, root: Path) -> Upgrade:
    """The study's file with the new finding, and the old one superseded by it.

    Raises
    ------
    UserError
        When the file is written in a way that cannot be added to safely.
    """
    path = folder / "studies" / f"{reading.study.id}.md"
    shown = relative(path, root)
    problems: list[Problem] = []
    text = read_text(path, shown, problems)
    if text is None:
        raise ContentError(problems)
    superseded = msgspec.structs.replace(reading.old, superseded_by=reading.new.id)
    findings = (*(superseded if f.id == reading.old.id else f for f in reading.study.finding), reading.new)
    study = msgspec.structs.replace(reading.study, finding=findings)
    changed = _added(text, reading)
    if changed is None or _study_in(changed) != study or not _only_added(text, changed):
        raise UserError(
            f"{shown} is written in a way that a finding cannot be added to safely; nothing was written\n"
            f"    → add it by hand: finding {reading.new.id}, and superseded_by = {reading.new.id} in finding {reading.old.id}"
        )
    name = reading.study.id
    return Upgrade(f"{name}#{reading.old.id}", f"{name}#{reading.new.id}", study, path, shown, text.encode("utf-8"), changed)


def finding_text(f: Finding) -> str:
    """A finding as its table in a study's file, in the order of the coding manual."""
    data: dict[str, Any] = msgspec.to_builtins(f, builtin_types=(date,))
    data |= {name: getattr(f, name) for name in _ALWAYS}
    order = [n.name for n in msgspec.structs.fields(Finding) if n.name not in ("outcome", *_LAST)] + list(_LAST)
    order.insert(order.index("target_group"), "outcome")
    return "\n".join(["[[finding]]", *(f"{name} = {toml_value(data[name])}" for name in order if name in data)]) + "\n"


def lines_naming(root: Path, address: str) -> Iterator[Naming]:
    """Every line of the bank and the notes that names the finding: in claims, numbers of notes, corrections, restatements, figures."""
    named = re.compile(rf"(?<![\w-]){re.escape(address)}(?!\d)")
    study, _, number = address.partition("#")
    inside = re.compile(rf"^\s*(?:sensitivity_of|superseded_by)\s*=\s*{number}\b")
    for path in sorted(p for part in ("bank", "notes") for p in (root / part).rglob("*") if p.suffix in (".md", ".toml")):
        own = path.parent.name == "studies" and path.stem == study
        for at, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if named.search(line) or (own and inside.search(line)):
                yield Naming(relative(path, root), at, _short(line))


def _added(text: str, reading: Reading) -> str | None:
    """The text with both additions, in the file's own line ends; None where the places are not found."""
    end = text.find("\n+++", 3)
    newline = "\r\n" if "\r\n" in text else "\n"
    starts = [m.start() for m in _TABLE.finditer(text, 0, end)] + [end]
    own_id = re.compile(rf"^[ \t]*id[ \t]*=[ \t]*{reading.old.id}[ \t]*(?:#[^\n]*)?\r?$", re.M)
    found = next((m for a, b in pairwise(starts) if (m := own_id.search(text, a, b))), None)
    if end < 0 or found is None:
        return None
    block = ("\n" + finding_text(reading.new)).replace("\n", newline)
    head = text[: found.end()].removesuffix("\r")
    superseded = f"{newline}superseded_by = {reading.new.id}"
    return head + superseded + text[len(head) : end + 1] + block + text[end + 1 :]


def _study_in(text: str) -> Study | None:
    parts = split_front_matter(text)
    try:
        return msgspec.convert(parse_toml(parts[0]), Study) if parts else None
    except (ValueError, msgspec.ValidationError):
        return None


def _only_added(before: str, after: str) -> bool:
    """Whether every old line, byte for byte, stands in the new text in its old order."""
    lines = iter(after.split("\n"))
    return all(line in lines for line in before.split("\n"))


def _short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= 110 else line[:109] + "…"
