"""What a calculator answers: a headline, and every line of the reckoning with the law or the claim that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from virker.language import Said
from virker.rules import Parameter

#: Said under every answer about a person.
A_PERSON_DECIDES = Said(
    "Dette er en beregning og ingen afgørelse: Et menneske afgør sagen. Intet om personen gemmes.",
    "This is a reckoning and no decision: a person decides the case. Nothing about the person is stored.",
)

#: What a line says of the case.
Holds = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the reckoning.

    Attributes
    ----------
    said : Said
        The line in words, with its numbers.
    rules : tuple of (str, Parameter)
        The addresses (``scheme/name``) and values of the law that it rests on, with their status.
    claims : tuple of str
        The claims that it rests on, where it is evidence rather than law.
    holds : {"yes", "no", "unknown"} or None
        For a line that is a condition: whether it is met. ``unknown`` where the law or a fact was not found.
    value : float or None
        The number that the line arrives at, in ``unit``.
    id : str
        The line's name for programs and cases, such as ``total`` or ``2017-04``; empty where nothing asks for it.
    day : date or None
        The day that the line arrives at, where it is a day.
    """

    said: Said
    rules: tuple[tuple[str, Parameter], ...] = ()
    claims: tuple[str, ...] = ()
    holds: Holds | None = None
    value: float | None = None
    unit: str | None = None
    id: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a calculator on one day: the headline, line by line how it came about, and what is not known."""

    calculator: str
    on: date
    headline: Said
    steps: tuple[Step, ...]
    not_known: tuple[Said, ...] = ()
    guard: Said = A_PERSON_DECIDES

    def step(self, name: str) -> Step:
        """The line with that ``id``; raises KeyError where there is none."""
        for step in self.steps:
            if step.id == name:
                return step
        raise KeyError(name)
