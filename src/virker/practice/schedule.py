"""The schedule of meetings for one person: what is asked, the law's windows, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from virker.claims.records import Status
from virker.language import Said
from virker.rules import Parameter

#: Who holds a meeting. ``joint`` is the job centre's meeting with the unemployment fund taking part (LAB § 31, stk. 2).
Holder = Literal["a-kasse", "jobcentre", "joint"]
#: How a window stands on the day that it is seen from.
State = Literal["met", "met-late", "open", "not-open", "short", "no-minimum"]
#: A parameter of the law with its address (``scheme/name``).
Rule = tuple[str, Parameter]

HOLDERS: dict[Holder, Said] = {
    "a-kasse": Said("a-kasse", "a-kasse"),
    "jobcentre": Said("jobcenter", "job centre"),
    "joint": Said("jobcenter og a-kasse", "job centre and a-kasse"),
}


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """A meeting that was held: the day, and by whom."""

    day: date
    by: Holder


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks: nothing here names a person.

    ``on`` is the day it is seen from: its law is the law, and a window that closed before it has passed.
    """

    registered: date
    group: str
    on: date
    held: tuple[Held, ...] = ()
    placement: str = "even"


@dataclass(frozen=True, slots=True)
class Window:
    """One window of the law, and how it stands.

    Attributes
    ----------
    opens, closes : date, date or None
        The first and the last day, both included; no last day where the law sets none.
    minimum : int
        Meetings that the law requires in this window beyond those of the window before it; 0 where it sets no number.
    held : tuple of date
        The meetings told as held that count here.
    remaining : int
        How many are still to be held, the window being open on the day it is seen from, or later.
    missed : int
        How many the window closed without.
    suggested : tuple of date
        Our suggestions for those that remain: working days inside the window, never a requirement.
    """

    id: str
    holder: Holder
    said: Said
    opens: date
    closes: date | None
    minimum: int
    rules: tuple[Rule, ...]
    beside: tuple[Rule, ...] = ()
    held: tuple[date, ...] = ()
    remaining: int = 0
    missed: int = 0
    state: State = "open"
    suggested: tuple[date, ...] = ()
    #: Whether it is one of the windows of the first six months, whose minima the law adds up.
    contact: bool = True


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """What the bank says of one side of the schedule: a claim with its status, and what follows where it is supported.

    ``status`` is None where the workspace has no such claim. ``fits`` is whether any finding under it is about the person's group.
    """

    topic: Said
    claim: str
    status: Status | None
    says: Said
    advice: Said | None
    about: Said
    fits: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """The windows with their suggestions, what is only told beside the law, and what the evidence adds."""

    asked: Asked
    windows: tuple[Window, ...]
    beside: tuple[Rule, ...]
    evidence: tuple[EvidenceLine, ...]
    #: Meetings told as held that count in no window.
    uncounted: tuple[Held, ...] = ()
    #: Days between two meetings, held or suggested, at the most; None where fewer than two are known.
    longest_pause_days: int | None = None
    #: How many suggestions found no free working day in their window.
    unplaced: int = 0

    @property
    def minimum(self) -> int:
        """The law's meetings in the first six months."""
        return sum(w.minimum for w in self.windows if w.contact)

    @property
    def remaining(self) -> int:
        """Those of the first six months that are still to be held."""
        return sum(w.remaining for w in self.windows if w.contact)
