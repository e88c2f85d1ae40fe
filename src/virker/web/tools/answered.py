"""An answer as the page shows it: every line with its sign, and the law beside it, told whole the first time and by its number after that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from virker.language import Said
from virker.practice.answer import Answer, Holds, Step
from virker.practice.told import SIGNS
from virker.rules import Parameter, Rules, Scheme
from virker.rules.told import STATUSES, status_said

HOLDS: dict[Holds | None, Said] = {
    "yes": Said("opfyldt", "met"),
    "no": Said("ikke opfyldt", "not met"),
    "unknown": Said("ikke oplyst eller ikke fundet", "not told or not found"),
    None: Said("", ""),
}
_LOOSE = ("unverified", "proposed")


@dataclass(frozen=True, slots=True)
class Law:
    """A provision behind a line: its number in the answer, and whether this line is the first that rests on it."""

    number: int
    first: bool
    scheme: str
    parameter: str
    reference: Said
    status: Said
    loose: bool
    source: Said


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the reckoning: its sign and what the sign means, its words, what is loose under it, and the law."""

    id: str
    holds: str
    sign: str
    meaning: Said
    said: Said
    loose: Said | None
    laws: tuple[Law, ...]
    claims: tuple[str, ...]


#: The numbers that provisions have in an answer so far.
Marks = dict[tuple[str, str, str], int]


def lines(answer: Answer, rules: Rules, marks: Marks, without: Iterable[str] = ()) -> list[Line]:
    """The lines of an answer but those left out by their names."""
    skipped = set(without)
    return [_line(step, marks, rules) for step in answer.steps if step.id not in skipped]


def _line(step: Step, marks: Marks, rules: Rules) -> Line:
    laws: dict[int, Law] = {}
    for address, parameter in step.rules:
        law = law_of(address, parameter, rules, marks)
        laws.setdefault(law.number, law)
    return Line(step.id, step.holds or "", SIGNS[step.holds], HOLDS[step.holds], step.said, _loose(step), tuple(laws.values()), step.claims)


def law_of(address: str, parameter: Parameter, rules: Rules, marks: Marks) -> Law:
    """The provision behind a value; ``marks`` holds the numbers given so far."""
    scheme, _, name = address.partition("/")
    known: Scheme | None = rules.schemes.get(scheme)
    reference, source = ((known.said(t) if known else Said(t, t)) for t in (parameter.reference, parameter.source))
    status = status_said(parameter)
    key = (reference.da, status.da, source.da)
    first = key not in marks
    number = marks.setdefault(key, len(marks) + 1)
    return Law(number, first, scheme, name, reference, status, parameter.status in _LOOSE, source)


def _loose(step: Step) -> Said | None:
    """Said in the line itself, not only beside it: the rule that it rests on was not verified, or not passed."""
    loose = [p.status for _, p in step.rules if p.status in _LOOSE]
    if not loose:
        return None
    part = Said("", "") if len(loose) == len(step.rules) else Said("til dels ", "in part ")
    statuses = [STATUSES[s] for s in STATUSES if s in loose]
    return part + Said("; ".join(s.da for s in statuses), "; ".join(s.en for s in statuses))
