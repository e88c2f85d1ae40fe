"""A scheme as it stands on one day: every parameter with what goes, what is beside it, and what was before and comes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from virker.rules.records import Parameter, Reading, Rules, Scheme

#: Where the day lies: before the first dated value, after the last, among them, or in a scheme whose values have no dates.
Place = Literal["before", "among", "ended", "after", "undated"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One parameter on the day: its reading, and its values of other days, oldest first."""

    reading: Reading
    earlier: tuple[Parameter, ...]
    later: tuple[Parameter, ...]

    @property
    def name(self) -> str:
        """The parameter's id."""
        return self.reading.address.partition("/")[2]

    @property
    def goes(self) -> Parameter | None:
        """The value read in the law or its rates, None where only something unverified or proposed, or nothing, holds that day."""
        found = self.reading.parameter
        return found if found is not None and found.status in ("in force", "repealed") else None

    @property
    def beside(self) -> tuple[Parameter, ...]:
        """What is said of the day without having been verified or passed."""
        found = self.reading.parameter
        first = (found,) if found is not None and self.goes is None else ()
        return first + self.reading.beside


@dataclass(frozen=True, slots=True)
class SchemeOnDay:
    """A scheme on one day. ``first`` and ``last`` are the first and last day of any dated value (``last`` None: open)."""

    scheme: Scheme
    day: date
    entries: tuple[Entry, ...]
    first: date | None
    last: date | None

    @property
    def place(self) -> Place:
        """Where the day lies in the life of the scheme."""
        if self.first is None:
            return "undated"
        if self.day < self.first:
            return "before"
        if self.last is None or self.day <= self.last:
            return "among"
        dated = [p for p in self.scheme.parameter if p.from_ or p.to]
        return "ended" if all(p.status in ("repealed", "unverified") for p in dated) else "after"

    def count(self, *statuses: str) -> int:
        """How many values with one of these statuses are said of the day."""
        return sum(p.status in statuses for e in self.entries for p in (*((e.goes,) if e.goes else ()), *e.beside))


def on_day(rules: Rules, name: str, day: date) -> SchemeOnDay:
    """The scheme ``name`` on ``day``, its parameters in the order of the file.

    Raises
    ------
    QueryError
        When there is no such scheme.
    """
    scheme = rules.scheme(name)
    ids = dict.fromkeys(p.id for p in scheme.parameter)
    entries = tuple(
        Entry(
            rules.reading(f"{name}/{i}", day),
            tuple(p for p in scheme.values(i) if p.to is not None and p.to < day),
            tuple(p for p in scheme.values(i) if p.from_ is not None and p.from_ > day),
        )
        for i in ids
    )
    dated = [p for p in scheme.parameter if p.from_ or p.to]
    last = max((p.to for p in dated if p.to), default=None) if all(p.to for p in dated) else None
    return SchemeOnDay(scheme, day, entries, scheme.first_day, last)
