"""Reading what somebody asks of the schedule: dates, a group and meetings held, with every problem told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from virker.errors import QueryError, nearest
from virker.language import day_said
from virker.practice.meeting_law import GROUPS, first_day
from virker.practice.placement import PLACEMENTS
from virker.practice.schedule import Asked, Held, Holder
from virker.rules import Rules

_BY: dict[str, Holder] = {
    "a-kasse": "a-kasse",
    "akasse": "a-kasse",
    "jobcentre": "jobcentre",
    "jobcenter": "jobcentre",
    "kommune": "jobcentre",
    "joint": "joint",
    "fælles": "joint",
    "faelles": "joint",
}
_BY_NAMES = "a-kasse, jobcentre (jobcenter, kommune) or joint (fælles)"
_GROUPS = {word: g.id for g in GROUPS.values() for word in (g.id, *g.aliases)}


def read_asked(registered: str, group: str, on: str | None, held: Iterable[str], placement: str, rules: Rules, today: date) -> Asked:
    """What is asked, as a record; dates are written 2026-09-01, a meeting held 2026-09-08:a-kasse.

    Raises
    ------
    QueryError
        With every problem found: what, and what to do about it.
    """
    problems: list[str] = []
    began, seen = _day(registered, "the date of registration", problems), today if on is None else _day(on, "--on", problems)
    meetings = [m for text in held if (m := _held(text, problems))]
    known = _GROUPS.get(group.casefold())
    if known is None:
        problems.append(f"'{group}' is no group\n    → {nearest(group.casefold(), _GROUPS)} The groups are {', '.join(GROUPS)}")
    if placement not in PLACEMENTS:
        problems.append(f"'{placement}' is no placement\n    → {nearest(placement, PLACEMENTS)} Use {' or '.join(PLACEMENTS)}")
    problems += _dates(began, seen, meetings, rules)
    if problems or began is None or seen is None or known is None:
        raise QueryError("\n".join(problems))
    return Asked(began, known, seen, tuple(sorted(meetings)), placement)


def _dates(began: date | None, seen: date | None, meetings: Sequence[Held], rules: Rules) -> list[str]:
    """What is wrong with dates that can be read."""
    problems = []
    law = first_day(rules)
    if law is None:
        problems.append("this workspace has no law on job meetings (rules/samtaler.toml)\n    → make a workspace with it: virker init FOLDER")
    elif began is not None and began < law:
        problems.append(f"the date of registration {began} is before the law that the data has\n    → the data has the law from {day_said(law).en} ({law})")
    for m in meetings:
        if began is not None and m.day < began:
            problems.append(
                f"the meeting {m.day}:{m.by} was held before the registration on {began}\n    → check both dates; a meeting of an earlier course does not count"
            )
        if seen is not None and m.day > seen:
            problems.append(f"the meeting {m.day}:{m.by} has not been held on {seen}, the day it is seen from\n    → leave it out, or set --on to a later day")
    twice = sorted({m for m in meetings if meetings.count(m) > 1})
    problems += [f"the meeting {m.day}:{m.by} is told twice\n    → tell it once" for m in twice]
    return problems


def _day(text: str, what: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(f"'{text}' is no date ({what})\n    → write year-month-day, such as 2026-09-01")
        return None


def _held(text: str, problems: list[str]) -> Held | None:
    day, colon, by = text.partition(":")
    found = _day(day, "--held", problems)
    holder = _BY.get(by.casefold())
    if holder is None:
        told = f"'{by}' holds no meetings" if colon else f"'{text}' does not say who held the meeting"
        problems.append(f"{told} (--held)\n    → write DATE:by, such as 2026-09-08:a-kasse; by is {_BY_NAMES}")
    return Held(found, holder) if found and holder else None
