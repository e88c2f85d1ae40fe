"""What a calculator of the site is: its words, its forms, and how what was told becomes an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from virker.claims.edition import Edition
from virker.errors import QueryError
from virker.language import Said
from virker.practice.answer import Answer
from virker.practice.schedule import Schedule
from virker.rules import Rules
from virker.web.tools.form import Form, Told


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, with the schedule of meetings where there is one."""

    answer: Answer
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A calculator.

    Attributes
    ----------
    title, short, lead : Said
        Its name, one sentence for lists, and what it tells and what it is for.
    schemes : tuple of str
        The schemes of the law that it reckons by, as they are named in ``rules/``.
    card : str
        The card on the same measure; empty where there is none.
    command : str
        The same in a terminal, with an example.
    forms : callable
        Its forms on the law as it is; a tool with several schemes has one for each.
    answer : callable
        From what one form told to the answer; None where faults were noted.
    """

    id: str
    title: Said
    short: Said
    lead: Said
    schemes: tuple[str, ...]
    card: str
    command: str
    forms: Callable[[Rules], tuple[Form, ...]]
    answer: Callable[[str, Told, Edition], Answered | None]


def reckoned(told: Told, reckon: Callable[[], Answer]) -> Answered | None:
    """The answer; what the calculator itself refuses becomes faults of the whole form, in its own words."""
    if told.faults:
        return None
    try:
        return Answered(reckon())
    except QueryError as error:
        for problem in _problems(str(error)):
            what, _, todo = problem.partition("\n    → ")
            told.fault("", Said(what, what), Said(todo, todo))
        return None


def _problems(text: str) -> list[str]:
    """The problems of a message; each begins on a line of its own and ends with what to do."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith("    → ") and found:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found
