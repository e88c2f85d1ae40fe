"""Where in the law's windows we suggest that meetings lie: dates only, no law and no evidence.

The law sets windows, not dates, so where a suggestion lies is a setting of ours (:data:`PLACEMENTS`), told with its reason.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from virker.language import Said

#: A working day is Monday to Friday.
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Placement:
    """A way to place suggestions: its words, and the claims that its reason rests on."""

    id: str
    said: Said
    reason: Said
    claims: tuple[str, ...]
    #: Days from one meeting to the next; None: as even as the windows allow.
    step_days: int | None = None


PLACEMENTS: dict[str, Placement] = {
    p.id: p
    for p in (
        Placement(
            "even",
            Said("jævnt, den første tidligt", "evenly, the first early"),
            Said(
                "Den første midt i lovens frist for den, hvor der er en; resten så jævnt, at den længste pause bliver så kort, som lovens vinduer tillader. "
                "Virkningen er størst i ugen med samtalen og svagere bagefter.",
                "The first in the middle of the law's limit for it, where there is one; the rest so evenly that the longest pause is as short as the law's windows allow. "
                "The effect is largest in the week of the meeting and weaker after it.",
            ),
            ("own-meetings-week", "own-meetings-fade"),
        ),
        Placement(
            "fortnightly",
            Said("hver anden uge fra begyndelsen", "every other week from the start"),
            Said(
                "Den første midt i lovens frist for den, ellers efter to uger; de næste hver anden uge, så længe lovens mindstetal rækker: det tempo, som forsøget Hurtigt i gang 2 prøvede. "
                "Forsøget holdt flere samtaler, end loven kræver.",
                "The first in the middle of the law's limit for it, else after two weeks; the next every other week for as long as the law's minimum lasts: the pace that the trial Hurtigt i gang 2 tried. "
                "The trial held more meetings than the law requires.",
            ),
            ("own-meetings-hig2", "own-meetings-early"),
            14,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A meeting to be placed: the first and the last day it may lie on, both included, and the day it is wanted on, where one is.

    A weekend or a holiday moves it away from the day it is wanted on, but never out of its window.
    """

    opens: date
    closes: date
    wanted: date | None = None

    @property
    def earliest(self) -> date:
        """The first day to consider before weekends and holidays move it."""
        return self.wanted or self.opens

    @property
    def latest(self) -> date:
        """The last day to consider before weekends and holidays move it."""
        return self.wanted or self.closes


def place(slots: Sequence[Slot], since: date, until: date, step_days: int | None, closed: Container[date] = ()) -> tuple[date | None, ...]:
    """A working day for each slot, in order and never two on one day; None where its window has no free working day left.

    Parameters
    ----------
    slots
        In the order in which they are to be held.
    since
        The day that the first pause is counted from: the last meeting held, or the beginning.
    until
        The end of the stretch that the meetings are spread over; the last pause runs to it.
    step_days
        Days between meetings; None: the longest pause is made as short as the windows allow.
    closed
        Days that are no working days, beside weekends.
    """
    if not slots:
        return ()
    days = _stepped(slots, since, step_days) if step_days else even_days(slots, since, until)
    found: list[date | None] = []
    after: date | None = None
    for slot, day in zip(slots, days, strict=True):
        opens = slot.opens if after is None else max(slot.opens, after + timedelta(days=1))
        moved = _working_day(max(day, opens), opens, slot.closes, closed)
        found.append(moved)
        after = moved or after
    return tuple(found)


def is_working_day(day: date, closed: Container[date] = ()) -> bool:
    """Whether ``day`` is Monday to Friday and not among ``closed``."""
    return day.weekday() < _SATURDAY and day not in closed


def _working_day(day: date, opens: date, closes: date, closed: Container[date]) -> date | None:
    """The next working day, else the nearest before it, inside the window."""
    later = (day + timedelta(days=n) for n in range((closes - day).days + 1))
    earlier = (day - timedelta(days=n) for n in range(1, (day - opens).days + 1))
    return next((d for d in chain(later, earlier) if opens <= d <= closes and is_working_day(d, closed)), None)


def _stepped(slots: Sequence[Slot], since: date, step_days: int) -> list[date]:
    days: list[date] = []
    for slot in slots:
        since = min(max(slot.earliest, since + timedelta(days=step_days)), slot.latest)
        days.append(since)
    return days


def even_days(slots: Sequence[Slot], since: date, until: date) -> list[date]:
    """The dates whose longest pause is shortest; of several such, the earliest."""
    longest = max((until - since).days, 1)
    pause = next((g for g in range(1, longest + 1) if _reaches(slots, since, until, g)), longest)
    earliest: list[date] = []
    after = until
    for slot in reversed(slots):
        after = min(max(slot.earliest, after - timedelta(days=pause)), slot.latest)
        earliest.append(after)
    earliest.reverse()
    days: list[date] = []
    for slot, day in zip(slots, earliest, strict=True):
        days.append(min(max(day, days[-1] + timedelta(days=1)), slot.latest) if days else day)
    return days


def _reaches(slots: Sequence[Slot], since: date, until: date, pause: int) -> bool:
    """Whether meetings in the slots can be so placed that no pause between them, nor the one to the end, is longer."""
    at = max(slots[0].earliest, min(slots[0].latest, since + timedelta(days=pause)))
    for slot in slots[1:]:
        at = min(slot.latest, at + timedelta(days=pause))
        if at < slot.earliest:
            return False
    return (until - at).days <= pause
