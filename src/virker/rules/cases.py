"""Cases in plain text: facts, a day, what is expected, and the section that it follows from. A lawyer reads and writes them; a test runs them.

They stand in ``rules/cases/<scheme>.toml``. Running them takes the calculators, so that is done in :mod:`virker.practice.cases`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from virker.decode import decode
from virker.errors import ContentError, Problem, nearest, relative
from virker.files import line_of, read_text, read_toml
from virker.language import Said
from virker.rules.records import Rules


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One case. ``da`` and ``en`` tell the facts and the outcome so that they can be checked against the section without a computer.

    Attributes
    ----------
    ask : str
        ``law`` (what the law says on the day) or the name of a calculator.
    facts : dict
        The facts that the calculator asks for.
    expect : dict
        For ``law``: the scheme's parameters and their values, or ``not found``. For a calculator: the names of its lines and what they
        arrive at: a number, a day, or ``yes``, ``no``, ``unknown``.
    status : dict
        For ``law``: where a value must stand, such as ``unverified``.
    refused : str
        For a calculator: words of the message with which the facts must be refused.
    """

    id: str
    da: str
    en: str
    on: date
    section: str
    source: Said
    ask: str = "law"
    facts: dict[str, Any] = {}
    expect: dict[str, Any] = {}
    status: dict[str, str] = {}
    refused: str = ""


class CaseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The cases of one scheme."""

    scheme: str
    case: tuple[Case, ...]


def load_cases(folder: Path, rules: Rules, root: Path | None = None) -> dict[str, tuple[Case, ...]]:
    """The cases of every scheme that has any, by the scheme's id; an absent folder holds none.

    Raises
    ------
    ContentError
        With every problem found.
    """
    problems: list[Problem] = []
    found: dict[str, tuple[Case, ...]] = {}
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        shown = relative(path, root or folder)
        if (cases := _read(path, shown, rules, problems)) is not None:
            found[cases.scheme] = cases.case
    if problems:
        raise ContentError(problems)
    return found


def _read(path: Path, shown: str, rules: Rules, problems: list[Problem]) -> CaseFile | None:
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return None

    def locate(steps: list[str | int]) -> int:
        nth, start = next((s for s in steps if isinstance(s, int)), None), -1
        for _ in range(nth + 1 if nth is not None else 0):
            start = text.find("[[case]]", start + 1)
        last = next((s for s in reversed(steps) if isinstance(s, str)), "")
        return line_of(text, f"{last} =", max(start, 0))

    cases = decode(data, CaseFile, shown, locate, problems)
    if cases is None:
        return None
    if cases.scheme != path.stem or cases.scheme not in rules.schemes:
        todo = f"name the file and its scheme alike; {nearest(cases.scheme, rules.schemes)}"
        problems.append(Problem(shown, 1, f"the file is named '{path.stem}' and its scheme is '{cases.scheme}'", todo))
        return None
    problems += _problems(cases, text, shown, rules)
    return cases


def _problems(cases: CaseFile, text: str, shown: str, rules: Rules) -> list[Problem]:
    found = []
    seen: set[str] = set()
    known = {p.id for p in rules.schemes[cases.scheme].parameter}
    for case in cases.case:
        line = line_of(text, f'id = "{case.id}"')
        if case.id in seen:
            found.append(Problem(shown, line, f"two cases are named '{case.id}'", "give each its own name"))
        seen.add(case.id)
        if not case.expect and not case.refused:
            found.append(Problem(shown, line, f"'{case.id}' expects nothing", "write expect = { … }: a case that cannot fail tests nothing"))
        for name in {*case.expect, *case.status} - known if case.ask == "law" else ():
            found.append(Problem(shown, line, f"'{case.id}' asks for '{name}', which the scheme does not have", nearest(name, known)))
    return found
