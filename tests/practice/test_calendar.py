"""The calendar file: RFC 5545 in form, the same names every time, and nobody's data in it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from tests.practice.test_samtaler import plan
from virker.errors import UserError
from virker.practice.calendar import ics, looks_personal


def events(raw: bytes) -> dict[str, tuple[date, str]]:
    return {str(e["uid"]): (e.decoded("dtstart"), str(e["summary"])) for e in Calendar.from_ical(raw).walk("VEVENT")}


def unfolded(raw: bytes) -> list[str]:
    return raw.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")


@pytest.mark.parametrize(
    ("language", "title", "latest"), [("da", "Jobsamtale (a-kasse)", "Frist for jobsamtale"), ("en", "Job meeting (a-kasse)", "Last day for job meeting")]
)
def test_the_suggestions_and_the_last_days_read_back(language: str, title: str, latest: str) -> None:
    schedule = plan("insured", "2026-09-01", "2026-09-01")
    found = list(events(ics(schedule, language)).values())
    assert sorted(d for d, t in found if not t.startswith(latest)) == sorted(d for w in schedule.windows for d in w.suggested)
    assert sorted(d for d, t in found if t.startswith(latest)) == sorted(w.closes for w in schedule.windows if w.remaining and w.closes)
    assert sum(t == title for _, t in found) == 3


def test_events_last_all_day_end_the_day_after_and_block_nothing() -> None:
    for e in Calendar.from_ical(ics(plan("job-ready", "2026-09-01", "2026-09-01"), "da")).walk("VEVENT"):
        assert type(e.decoded("dtstart")) is date
        assert e.decoded("dtend") == e.decoded("dtstart") + timedelta(days=1)
        assert (str(e["transp"]), str(e["class"])) == ("TRANSPARENT", "PRIVATE")


def test_the_form_is_that_of_the_standard() -> None:
    raw = ics(plan("insured", "2026-09-01", "2026-09-01"), "da")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b""), "every line ends with CRLF"
    assert max(map(len, raw.split(b"\r\n"))) <= 75, "octets of a folded line"
    lines = unfolded(raw)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN"} <= set(lines)
    for name in ("UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY"):
        assert sum(x.startswith(name + ":") for x in lines) == lines.count("BEGIN:VEVENT"), name
    assert any("DESCRIPTION" in x and "beskæftigelsesindsats" in x and "Et menneske afgør" in x for x in lines)


def test_the_same_question_gives_the_same_bytes_and_both_languages_the_same_names() -> None:
    schedule = plan("insured", "2026-09-01", "2026-09-01")
    assert ics(schedule, "da") == ics(schedule, "da")
    assert set(events(ics(schedule, "da"))) == set(events(ics(schedule, "en")))


def test_what_is_still_to_come_keeps_its_names_when_a_meeting_was_held() -> None:
    before = events(ics(plan("insured", "2026-09-01", "2026-09-01"), "da"))
    after = events(ics(plan("insured", "2026-09-01", "2026-10-20", "2026-09-08:a-kasse", "2026-10-15:a-kasse"), "da"))
    assert set(after) < set(before)
    assert len(before) - len(after) == 3, "two suggestions, and the last day of the first window"
    by_fund = sorted((day, uid) for uid, (day, title) in before.items() if title == "Jobsamtale (a-kasse)")
    assert [uid for uid, (_, title) in after.items() if title == "Jobsamtale (a-kasse)"] == [by_fund[-1][1]], "the last one keeps its name"


def test_a_later_export_goes_before_an_earlier_one() -> None:
    def order(on: str) -> set[int]:
        return {int(e["sequence"]) for e in Calendar.from_ical(ics(plan("insured", "2026-09-01", on), "da")).walk("VEVENT")}

    assert order("2026-09-01") == {0}
    assert order("2026-09-11") == {10}


def test_a_word_tells_two_calendars_apart_and_is_not_written() -> None:
    schedule = plan("insured", "2026-09-01", "2026-09-01")
    blue, plain = ics(schedule, "da", "blåbær"), ics(schedule, "da")
    assert not set(events(blue)) & set(events(plain))
    assert "blåbær" not in blue.decode()


def test_no_field_can_hold_a_person() -> None:
    names = {re.split("[;:]", x)[0] for x in unfolded(ics(plan("insured", "2026-09-01", "2026-09-01"), "da")) if x}
    assert not names & {"ATTENDEE", "ORGANIZER", "CONTACT", "LOCATION", "URL", "COMMENT"}


@pytest.mark.parametrize(
    ("word", "personal"), [("010203-1234", True), ("0102031234", True), ("sag 310290 1234", True), ("blå", False), ("A-7", False), ("2026090112345", False)]
)
def test_what_looks_like_a_cpr_number_is_seen(word: str, personal: bool) -> None:
    assert looks_personal(word) is personal


def test_when_nothing_remains_there_is_no_calendar() -> None:
    with pytest.raises(UserError, match="no meeting remains"):
        ics(plan("job-ready", "2024-09-01", "2026-09-01"), "da")
