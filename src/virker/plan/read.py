"""Reading a scenario: every problem at once, each with its line and what to do."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from virker.bank import Bank
from virker.decode import Locate, decode
from virker.errors import ContentError, Problem
from virker.files import read_text, read_toml
from virker.plan.checks import Checks
from virker.plan.scenario import Scenario
from virker.rules import Rules


def read_scenario(path: Path, bank: Bank, rules: Rules) -> Scenario:
    """The scenario in a file.

    Raises
    ------
    ContentError
        With all problems: of the form, of the figures, and of names that the bank or the law do not know.
    """
    problems: list[Problem] = []
    text = read_text(path, str(path), problems)
    if text is None:
        raise ContentError(problems)
    return scenario_in(text, str(path), bank, rules)


def scenario_in(text: str, shown: str, bank: Bank, rules: Rules) -> Scenario:
    """The scenario in a text of TOML; ``shown`` is what the text is called in messages.

    Raises
    ------
    ContentError
        With all problems.
    """
    problems: list[Problem] = []
    data = read_toml(text, shown, problems)
    if data is None:
        raise ContentError(problems)
    return scenario_from(data, bank, rules, shown, lambda steps: _line(text, steps))


def scenario_from(data: dict[str, Any], bank: Bank, rules: Rules, shown: str = "", locate: Locate = lambda _: 0) -> Scenario:
    """The scenario in plain data, such as a file's tables or a request; ``locate`` tells on which line a field stands.

    Raises
    ------
    ContentError
        With all problems.
    """
    odd = [Problem(shown, locate(list(steps)), f"'{steps[-1]}' is {value}, which is no number to reckon with", "write a number") for steps, value in _odd(data)]
    problems: list[Problem] = odd
    scenario = decode(data, Scenario, shown, locate, problems) if not odd else None
    if scenario is not None:
        problems += Checks(scenario, shown, lambda steps: locate(list(steps)), bank, rules).problems()
    if problems or scenario is None:
        raise ContentError(problems)
    return scenario


def _line(text: str, steps: Sequence[str | int]) -> int:
    """The line of a field: in the nth table of its list, or in its table, or at the top."""
    start, names = 0, [s for s in steps if isinstance(s, str)]
    if not names:
        return 1
    nth = next((s for s in steps if isinstance(s, int)), None)
    if nth is not None and f"[[{names[0]}]]" in text:
        for _ in range(nth + 1):
            start = text.find(f"[[{names[0]}]]", start) + 1
    elif f"[{names[0]}]" in text:
        start = text.find(f"[{names[0]}]")
    # The name by itself: "weeks" is not in "notice_weeks".
    here = re.compile(rf"(?<![\w-]){re.escape(names[-1])}\s*=").search(text, max(start, 0))
    return text.count("\n", 0, here.start() if here else max(start, 0)) + 1


def _odd(data: Any, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], float]]:
    """Where TOML's ``nan`` and ``inf`` stand: they would pass every comparison."""
    if isinstance(data, float) and not math.isfinite(data):
        yield steps, data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _odd(value, (*steps, name))
    elif isinstance(data, list):
        for nth, value in enumerate(data):
            # Only tables of a list have lines of their own; a number in a list stands on the line of the list.
            yield from _odd(value, (*steps, nth) if isinstance(value, dict) else steps)
