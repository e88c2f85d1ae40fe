"""Meetings that were held, counted into the law's windows: what remains, and which windows closed short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from virker.practice.schedule import Held, Holder, State, Window

#: Whose meetings count in a window: a joint meeting is the job centre's, and one that the fund takes part in.
_COUNTS: dict[Holder, tuple[Holder, ...]] = {"a-kasse": ("a-kasse",), "jobcentre": ("jobcentre", "joint"), "joint": ("a-kasse", "joint")}


def with_held(windows: Sequence[Window], held: Sequence[Held], on: date) -> tuple[tuple[Window, ...], tuple[Held, ...]]:
    """The windows with what was held in them, seen from ``on``, and the meetings that count in none.

    A first meeting that came too late for its own window still counts as one of those in the longer one.
    """
    found: list[Window] = []
    counted: set[Held] = set()
    for window in windows:
        inside = sorted(h for h in held if h.by in _COUNTS[window.holder] and _within(h.day, window))
        counted.update(inside)
        days = tuple(h.day for h in inside)
        if window.id.endswith("-first"):
            longer = next(w for w in windows if w.id == window.id.removesuffix("first") + "rest")
            late = sum(h.by in _COUNTS[window.holder] and _within(h.day, longer) for h in held)
            found.append(_first(window, days, late, on))
        elif window.id.endswith("-rest"):
            found.append(_rest(window, found[-1], days, on))
        else:
            found.append(_single(window, days, on))
    return tuple(found), tuple(h for h in sorted(held) if h not in counted)


def _within(day: date, window: Window) -> bool:
    return window.opens <= day and (window.closes is None or day <= window.closes)


def _passed(window: Window, on: date) -> bool:
    return window.closes is not None and window.closes < on


def _first(window: Window, days: tuple[date, ...], in_longer: int, on: date) -> Window:
    """The first of several: met by one meeting in time; held later it is late, and no longer missing."""
    if days:
        return replace(window, held=days[:1], state="met")
    if not _passed(window, on):
        return replace(window, remaining=1, state=_waiting(window, on))
    return replace(window, missed=0 if in_longer else 1, state="met-late" if in_longer else "short")


def _rest(window: Window, first: Window, days: tuple[date, ...], on: date) -> Window:
    """The others of the same requirement; while the window is open it also takes a first meeting that is late."""
    own = tuple(d for d in days if d not in first.held)
    short = max(0, window.minimum + first.minimum - len(days))
    if _passed(window, on):
        return replace(window, held=own, missed=max(0, short - first.missed), state="short" if short else "met")
    return replace(window, held=own, remaining=max(0, short - first.remaining), state=_waiting(window, on) if short else "met")


def _single(window: Window, days: tuple[date, ...], on: date) -> Window:
    if window.minimum == 0:
        return replace(window, held=days, state="no-minimum")
    short = max(0, window.minimum - len(days))
    if _passed(window, on):
        return replace(window, held=days, missed=short, state="short" if short else "met")
    return replace(window, held=days, remaining=short, state=_waiting(window, on) if short else "met")


def _waiting(window: Window, on: date) -> State:
    return "open" if window.opens <= on else "not-open"
