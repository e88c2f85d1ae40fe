"""A filled-in reading form, read back: the better reading that it tells of, or everything that is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import msgspec

from virker.bank.bank import Bank
from virker.bank.form import OURS, READ, to_read
from virker.bank.records import LEVELS, Finding, Study, Unit
from virker.bank.source import study_line
from virker.bank.validate import finding_problems
from virker.decode import decode
from virker.errors import ContentError, Problem, nearest
from virker.files import read_toml

#: The sections of a form; fields of a finding may stand in any of the first two.
SECTIONS = ("result", "about", "origin", "votes")
_EMPTY: tuple[object, ...] = ("", [], {})


@dataclass(frozen=True, slots=True)
class Reading:
    """A filled-in form: the finding that was known, and the better reading of it, with its new id."""

    study: Study
    old: Finding
    new: Finding


def read_form(text: str, shown: str, bank: Bank, today: date) -> Reading:
    """The finding that a filled-in form tells of.

    Raises
    ------
    ContentError
        With every problem of the form, each with its line.
    QueryError
        When the finding it is about can have no nearer reading (it was applied before, say).
    """
    problems: list[Problem] = []
    data = read_toml(text, shown, problems)
    if data is None:
        raise ContentError(problems)
    address = data.pop("finding", None)
    if not isinstance(address, str):
        raise ContentError(
            [Problem(shown, 1, "the form does not say which finding it is about", 'write finding = "study#number", or begin anew: virker bank read STUDY#N')]
        )
    study, old = to_read(bank, address)
    number = max(f.id for f in study.finding) + 1
    merged = {**_merged(data, text, shown, problems), "id": number, "added": today}
    problems += _missing(merged, old, text, shown)
    new = decode(merged, Finding, shown, lambda path: _line_at(text, path), problems)
    if new is None:  # what was wrong is set aside in place: the rest is checked all the same
        new = _rest(merged, problems)
    told = {p.line for p in problems}
    whole = msgspec.structs.replace(study, finding=(*study.finding, new))
    for owner, field, what, todo in finding_problems(bank, whole):
        line = study_line(text, field)
        if owner == number and line not in told:
            problems.append(Problem(shown, line, what, todo))
    if problems:
        raise ContentError(problems)
    return Reading(study, old, new)


def _rest(merged: dict[str, Any], problems: list[Problem]) -> Finding:
    try:
        return msgspec.convert(merged, Finding)
    except msgspec.ValidationError:
        raise ContentError(problems) from None


def _merged(data: dict[str, Any], text: str, shown: str, problems: list[Problem]) -> dict[str, Any]:
    """The sections as one finding; an empty field is a field that the source does not print."""
    merged: dict[str, Any] = {}
    for name, section in data.items():
        if name not in SECTIONS or not isinstance(section, dict):
            problems.append(
                Problem(shown, _named(text, name), f"'{name}' is no section of a form", f"{nearest(name, SECTIONS)} The sections are: {', '.join(SECTIONS)}")
            )
            continue
        filled = {k: v for k, v in section.items() if v not in _EMPTY and not (isinstance(v, str) and not v.strip())}
        if name in ("origin", "votes"):
            merged |= {name: filled} if filled or name == "origin" else {}
            continue
        for field, value in filled.items():
            line = study_line(text, field)
            if field in OURS:
                problems.append(Problem(shown, line, f"'{field}' is set by the program", "take the line out"))
            elif field in merged:
                problems.append(Problem(shown, line, f"'{field}' is written twice", "keep one of them"))
            elif isinstance(value, float) and not math.isfinite(value):
                problems.append(Problem(shown, line, f"'{value}' is no number that a source prints: {field}", "leave it empty where nothing is printed"))
            else:
                merged[field] = value
    merged.setdefault("origin", {})
    return merged


def _missing(merged: dict[str, Any], old: Finding, text: str, shown: str) -> Iterator[Problem]:
    """What every reading must tell; a stand-in is put where something lacks, so that the rest is still checked."""
    origin = merged["origin"]
    if "document" not in origin:
        origin["document"] = "?"
        yield Problem(shown, study_line(text, "document"), "the document is missing", "say in words what was read: report, article, working paper and number")
    level = origin.get("level")
    allowed = LEVELS[: LEVELS.index(old.origin.level)]
    if level is None:
        origin["level"] = "text"
        yield Problem(shown, study_line(text, "level"), "how near the source it was read is missing", f"write level = one of: {', '.join(allowed)}")
    elif level in LEVELS and level not in allowed:
        todo = f"a nearer reading is one of: {', '.join(allowed)}; a correction at the same level is made in the file itself"
        yield Problem(shown, study_line(text, "level"), f"'{level}' is no nearer to the source than what is known ({old.origin.level})", todo)
    if (level is None or level in READ) and "place" not in origin:
        yield Problem(shown, study_line(text, "place"), "the place is missing", "name the table or the page, so that somebody else finds it")
    if merged.get("unit", "direction-only") == "direction-only" and any(merged.get(f) is not None for f in ("effect_low", "effect_high")):
        yield Problem(shown, study_line(text, "unit"), "a number without its unit", f"write unit = one of: {', '.join(get_args(Unit))}")


def _line_at(text: str, path: list[str | int]) -> int:
    return study_line(text, next((s for s in reversed(path) if isinstance(s, str)), ""))


def _named(text: str, name: str) -> int:
    found = re.search(rf"^\s*(?:\[{re.escape(name)}\]|{re.escape(name)}\s*=)", text, re.M)
    return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1 if found else 1
