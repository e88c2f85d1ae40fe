"""What a calculator asks of the law: one value on one day, with its address, or nothing; and the lines that say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from virker.errors import QueryError
from virker.language import Said
from virker.practice.answer import Holds, Step
from virker.rules import Parameter, Rules, Scheme
from virker.rules.told import value_said

#: An address and the value that stands there: what a line of an answer rests on.
Found = tuple[str, Parameter]


@dataclass(frozen=True, slots=True)
class Law:
    """One scheme on one day, as a calculator reads it."""

    rules: Rules
    name: str
    day: date

    @property
    def scheme(self) -> Scheme:
        """The scheme itself."""
        return self.rules.scheme(self.name)

    def find(self, parameter: str, day: date | None = None) -> Found | None:
        """The value to go by, with its address; None where nothing was found for the day, or the scheme has no such value at all."""
        if not any(p.id == parameter for p in self.scheme.parameter):
            return None
        address = f"{self.name}/{parameter}"
        found = self.rules.reading(address, day or self.day).parameter
        return (address, found) if found is not None else None

    def need(self, parameter: str, day: date | None = None) -> Found:
        """As ``find``, where the scheme cannot be reckoned without the value.

        Raises
        ------
        QueryError
            When the workspace's rules have no such value on the day.
        """
        found = self.find(parameter, day)
        if found is None:
            raise QueryError(f"'{self.name}' has no value '{parameter}' on {day or self.day}\n    → mend rules/{self.name}.toml: the reckoning needs it")
        return found

    def number(self, parameter: str, day: date | None = None) -> float | None:
        """The value as a number; None where nothing was found, or it is none."""
        found = self.find(parameter, day)
        return float(found[1].value) if found and isinstance(found[1].value, int | float) and not isinstance(found[1].value, bool) else None

    def numbers(self, parameter: str) -> frozenset[int] | None:
        """The group numbers of a value such as ``1-5, 12``; None where nothing was found for the day."""
        found = self.find(parameter)
        return spread(str(found[1].value)) if found else None

    def latest(self, parameter: str) -> Found | None:
        """The newest value that ended before the day: what can be told where the day itself has none."""
        ended = [p for p in self.scheme.values(parameter) if p.to is not None and p.to < self.day]
        return (f"{self.name}/{parameter}", ended[-1]) if ended else None

    def said(self, found: Found) -> Said:
        """The value in words, with its unit."""
        return value_said(found[1], self.scheme)


def spread(text: str) -> frozenset[int]:
    """The numbers of a list with spans.

    >>> sorted(spread("1-3, 12"))
    [1, 2, 3, 12]
    """
    spans = [part.split("-") for part in text.split(",")]
    return frozenset(n for span in spans for n in range(int(span[0]), int(span[-1]) + 1))


def condition(name: str, said: Said, holds: Holds, *found: Found | None) -> Step:
    """A line that is a condition, with the law that it rests on."""
    return Step(said, rules=tuple(f for f in found if f is not None), holds=holds, id=name)


def all_hold(steps: list[Step]) -> Holds:
    """Whether all conditions are met: one that is not settles it, one that is not known leaves it open."""
    told = {s.holds for s in steps if s.holds is not None}
    return "no" if "no" in told else "unknown" if "unknown" in told else "yes"
