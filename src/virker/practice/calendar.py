"""The schedule as iCalendar (RFC 5545): all-day events, no personal data, and the same names every time."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from virker.errors import MissingExtra, UserError
from virker.language import Said, day_said
from virker.practice.answer import A_PERSON_DECIDES
from virker.practice.schedule import HOLDERS, Asked, Schedule, Window

if TYPE_CHECKING:
    from icalendar import Calendar, Event

#: The name space of our UIDs: fixed for ever, so that a calendar that is imported again moves its events instead of doubling them.
_NAMESPACE = UUID("6f1c9e0a-6d0b-5c1e-9b57-2f4f6a2f0c11")
_TITLE, _LATEST = Said("Jobsamtale", "Job meeting"), Said("Frist for jobsamtale", "Last day for job meeting")


#: Ten digits, the first four of them a day and a month: what a CPR number looks like.
_CPR = re.compile(r"(?<!\d)[0-7]\d[01]\d{3}[ -]?\d{4}(?!\d)")


def looks_personal(series: str) -> bool:
    """Whether the word holds what looks like a CPR number."""
    return _CPR.search(series) is not None


def ics(schedule: Schedule, language: str, series: str = "") -> bytes:
    """The suggestions, and the last day of each window that is still open, as an iCalendar file.

    Parameters
    ----------
    series
        A word that tells two people's calendars apart when both are imported in one; only its hash is written. Never a name or a CPR number.

    Raises
    ------
    MissingExtra
        When the library is not installed.
    UserError
        When nothing is left to put in a calendar, or the file does not read back as it was meant.
    """
    try:
        from icalendar import Calendar
    except ImportError:
        raise MissingExtra("practice", "A calendar file") from None
    calendar = Calendar()
    calendar.add("prodid", f"-//virker//samtaler//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for window in schedule.windows:
        for nth, day in enumerate(window.suggested):
            # Counted from the last: holding one leaves the names of those still to come as they were.
            name = f"suggested-{window.id}-{window.remaining - nth}"
            calendar.add_component(_event(schedule.asked, name, day, _TITLE, window, language, series))
        if window.remaining and window.closes:
            calendar.add_component(_event(schedule.asked, f"latest-{window.id}", window.closes, _LATEST, window, language, series))
    if not calendar.subcomponents:
        raise UserError("no meeting remains to be put in a calendar; nothing was written\n    → leave --ics out")
    return _checked(calendar)


def _event(asked: Asked, name: str, day: date, title: Said, window: Window, language: str, series: str) -> Event:
    from icalendar import Event

    event = Event()
    apart = hashlib.sha256(series.encode()).hexdigest() if series else ""
    event.add("uid", f"{uuid5(_NAMESPACE, f'{asked.registered}/{asked.group}/{name}/{apart}')}@virker")
    # The day it is seen from, not the clock: the same question gives the same file, and a later one goes before it.
    event.add("dtstamp", datetime.combine(asked.on, time(), UTC))
    event.add("sequence", max(0, (asked.on - asked.registered).days))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{title[language]} ({HOLDERS[window.holder][language]})")
    event.add("description", _description(window, title is _TITLE, language))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if title is _TITLE else "CONFIRMED")
    event.add("categories", ["virker"])
    return event


def _description(window: Window, suggestion: bool, language: str) -> str:
    opens, closes = day_said(window.opens), day_said(window.closes or window.opens)
    lines = [
        Said(
            "Forslag fra virker, ikke et krav: dagen kan flyttes inden for lovens vindue.",
            "A suggestion by virker, no requirement: the day can be moved within the law's window.",
        )
        if suggestion
        else Said("Sidste dag i lovens vindue.", "The last day of the law's window."),
        window.said + Said(".", "."),
        Said(f"Vindue: {opens.da} til {closes.da}.", f"Window: {opens.en} to {closes.en}."),
        *(Said(p.reference, p.reference) for p in {p.reference: p for _, p in window.rules}.values()),
        A_PERSON_DECIDES,
    ]
    return "\n".join(line[language] for line in lines)


def _checked(calendar: Calendar) -> bytes:
    """The file's bytes, once they have been read back and say the same days under the same names."""
    from icalendar import Calendar

    written: bytes = calendar.to_ical()
    meant = {str(e["uid"]): e.decoded("dtstart") for e in calendar.walk("VEVENT")}
    read = {str(e["uid"]): e.decoded("dtstart") for e in Calendar.from_ical(written).walk("VEVENT")}
    if meant != read or len(meant) != len(calendar.subcomponents):
        raise UserError("the calendar does not read back as it was written; nothing was written\n    → report it: this is a fault of virker")
    return written
