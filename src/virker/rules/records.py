"""Schemes and their dated parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from virker.errors import QueryError, nearest
from virker.language import Said

Status = Literal["in force", "proposed", "repealed", "unverified"]


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename={"from_": "from"}):
    """One value that the law sets, with its unit, its days, and where it stands."""

    id: str
    da: str
    en: str
    value: float | int | str | bool
    reference: str
    source: str
    unit: str | None = None
    from_: date | None = None
    to: date | None = None
    status: Status

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` is within the value's dates, whatever its status (both ends are included; an open end has no bound)."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Scheme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A scheme under its Danish name, with its parameters and what was not found."""

    id: str
    da: str
    en: str
    about_da: str
    about_en: str
    parameter: tuple[Parameter, ...] = ()
    not_found: tuple[Said, ...] = ()
    #: What stands in one language in the values (sources, references, texts that the law sets), in both.
    texts: tuple[Said, ...] = ()

    def said(self, text: str) -> Said:
        """``text`` of a source, a reference or a value in both languages; as it stands where it is the same in both."""
        return next((t for t in self.texts if text in (t.da, t.en)), Said(text, text))

    @property
    def first_day(self) -> date | None:
        """The first day that any value is dated from; None where none has a date."""
        return min((p.from_ for p in self.parameter if p.from_), default=None)

    def values(self, name: str, day: date | None = None) -> tuple[Parameter, ...]:
        """The parameter's values, oldest first; with ``day`` those that hold then (an unverified one may stand beside another)."""
        found = [p for p in self.parameter if p.id == name and (day is None or p.holds_on(day))]
        return tuple(sorted(found, key=lambda p: p.from_ or date.min))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the law says of one thing on one day.

    ``parameter`` is the value to go by, None where nothing was found for the day; ``beside`` is what else is said of the same
    day, such as a later rule that only a secondary source tells.
    """

    address: str
    day: date
    parameter: Parameter | None
    beside: tuple[Parameter, ...] = ()


class Rules:
    """All schemes by id."""

    def __init__(self, schemes: Mapping[str, Scheme]) -> None:
        self.schemes = dict(schemes)

    def scheme(self, name: str) -> Scheme:
        """The scheme of that name.

        Raises
        ------
        QueryError
            When there is none.
        """
        if name not in self.schemes:
            raise QueryError(f"there is no scheme '{name}'\n    → {nearest(name, self.schemes)} There are: {', '.join(self.schemes)}")
        return self.schemes[name]

    def parameter(self, address: str, day: date | None = None) -> Parameter:
        """The parameter at ``scheme/name``: of those that hold on ``day`` (without it: of all) the one to go by; look at its status.

        What was read in the law or its rates goes before what nobody has verified, and that before what is only proposed; among
        equals the newest goes first. So a rule that a secondary source announces never displaces the one in force.

        Raises
        ------
        QueryError
            When there is no such scheme or parameter.
        """
        return self._values(address, day)[0]

    def reading(self, address: str, day: date) -> Reading:
        """What the law says at ``scheme/name`` on ``day``, with what else is said of that day; nothing found is a reading too.

        Raises
        ------
        QueryError
            When there is no such scheme, or the scheme never has such a parameter.
        """
        self._values(address, None)
        scheme, _, name = address.partition("/")
        held = sorted(self.schemes[scheme].values(name, day), key=_standing)
        return Reading(address, day, held[0] if held else None, tuple(held[1:]))

    def _values(self, address: str, day: date | None) -> tuple[Parameter, ...]:
        scheme, _, name = address.partition("/")
        found = self.scheme(scheme).values(name, day)
        if not found:
            known = sorted({p.id for p in self.schemes[scheme].parameter})
            raise QueryError(f"'{scheme}' has no parameter '{name}'{f' on {day}' if day else ''}\n    → {nearest(name, known)} It has: {', '.join(known)}")
        return tuple(sorted(found, key=_standing))


def _standing(parameter: Parameter) -> tuple[int, int]:
    """What was read before what is unverified before what is proposed; the newest first among equals."""
    rank = {"in force": 0, "repealed": 0, "unverified": 1, "proposed": 2}[parameter.status]
    return rank, -(parameter.from_ or date.min).toordinal()
