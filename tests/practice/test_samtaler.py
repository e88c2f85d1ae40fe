"""The schedule of meetings: the law's windows, what was held, and suggestions that never leave them.

The cases are a table that a caseworker can read: what is told, and how each window stands then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise, product

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from virker.claims import Edition, load_edition
from virker.practice.holidays import danish_holidays
from virker.practice.meeting_law import GROUPS
from virker.practice.placement import PLACEMENTS, Slot, even_days
from virker.practice.samtaler import plan_meetings
from virker.practice.samtaler_data import schedule_data
from virker.practice.samtaler_told import WIDE, schedule_text
from virker.practice.schedule import Asked, Held, Holder, Schedule
from virker.rules import Rules
from virker.workspace import Workspace

A, J, BOTH = "a-kasse", "jobcentre", "joint"


@cache
def danish() -> Edition:
    return load_edition(Workspace.find(ROOT), notes=False)


HOLIDAYS = danish_holidays(2024, 2032)


def plan(group: str, registered: str, on: str, *held: str, placement: str = "even", edition: Edition | None = None) -> Schedule:
    meetings = tuple(sorted(Held(date.fromisoformat(h[:10]), h[11:]) for h in held))  # type: ignore[arg-type]
    asked = Asked(date.fromisoformat(registered), group, date.fromisoformat(on), meetings, placement)
    return plan_meetings(asked, edition or danish(), HOLIDAYS)[1]


def text(schedule: Schedule, language: str, width: int = 80) -> str:
    answer, same = plan_meetings(schedule.asked, danish(), HOLIDAYS)
    return schedule_text(answer, same, danish().rules.schemes["samtaler"], language, width)


# Whom, when, and the law's windows: who, how many, first day, last day.
LAW = """
insured           2026-09-01 | a-kasse 1 2026-09-01 2026-09-15 | a-kasse 2 2026-09-01 2026-11-30 | jobcentre 3 2026-12-01 2027-02-28 | joint 1 2027-03-01 2028-01-01
insured-referred  2026-09-01 | jobcentre 6 2026-09-01 2027-02-28 | joint 1 2027-03-01 2028-01-01
job-ready         2026-09-01 | jobcentre 1 2026-09-01 2026-09-08 | jobcentre 3 2026-09-01 2027-02-28
section-6-3-5     2026-09-01 | jobcentre 1 2026-09-01 2026-09-08 | jobcentre 3 2026-09-01 2027-02-28
section-6-7-10    2026-09-01 | jobcentre 4 2026-09-01 2027-02-28
insured           2024-08-31 | a-kasse 1 2024-08-31 2024-09-14 | a-kasse 2 2024-08-31 2024-11-29 | jobcentre 3 2024-11-30 2025-02-27 | joint 1 2025-02-28 2025-12-31
"""


@pytest.mark.parametrize("line", [x for x in LAW.splitlines() if x])
def test_the_windows_of_the_law_for_each_group(line: str) -> None:
    head, *expected = (part.split() for part in line.split("|"))
    found = [[w.holder, str(w.minimum), str(w.opens), str(w.closes)] for w in plan(head[0], head[1], head[1]).windows if w.minimum]
    assert found == expected


# What is told as held of an insured person registered on 1 September 2026, seen from a day: how the four windows of the law stand.
# Order: the fund's first, the fund's others, the job centre's three, the meeting at 16 months; "remaining/missed state".
HELD = """
2026-09-01 |                                              | 1/0 open     | 2/0 open  | 3/0 not-open | 1/0 not-open
2026-09-10 | 2026-09-08:a-kasse                           | 0/0 met      | 2/0 open  | 3/0 not-open | 1/0 not-open
2026-09-15 |                                              | 1/0 open     | 2/0 open  | 3/0 not-open | 1/0 not-open
2026-09-16 |                                              | 0/1 short    | 3/0 open  | 3/0 not-open | 1/0 not-open
2026-10-01 | 2026-09-25:a-kasse                           | 0/0 met-late | 2/0 open  | 3/0 not-open | 1/0 not-open
2026-12-01 | 2026-09-08:a-kasse 2026-10-08:a-kasse        | 0/0 met      | 0/1 short | 3/0 open     | 1/0 not-open
2026-12-01 |                                              | 0/1 short    | 0/2 short | 3/0 open     | 1/0 not-open
2026-12-20 | 2026-10-08:jobcentre                         | 0/1 short    | 0/2 short | 3/0 open     | 1/0 not-open
2026-12-20 | 2026-12-10:joint                             | 0/1 short    | 0/2 short | 2/0 open     | 1/0 not-open
2027-03-10 | 2026-12-10:joint 2027-03-05:a-kasse          | 0/1 short    | 0/2 short | 0/2 short    | 0/0 met
2028-01-02 | 2027-03-05:jobcentre                         | 0/1 short    | 0/2 short | 0/3 short    | 0/1 short
"""


@pytest.mark.parametrize("line", [x for x in HELD.splitlines() if x])
def test_what_was_held_decides_what_remains(line: str) -> None:
    on, held, *expected = (part.strip() for part in line.split("|"))
    found = [f"{w.remaining}/{w.missed} {w.state}" for w in plan("insured", "2026-09-01", on, *held.split()).windows if w.minimum]
    assert found == expected


def test_a_meeting_at_the_job_centre_before_three_months_counts_in_no_window() -> None:
    schedule = plan("insured", "2026-09-01", "2026-12-20", "2026-10-08:jobcentre")
    assert [h.day for h in schedule.uncounted] == [date(2026, 10, 8)]
    assert "tæller ikke i noget vindue" in text(schedule, "da")


GROUP = st.sampled_from(sorted(GROUPS))
PLACED = st.sampled_from(sorted(PLACEMENTS))
BEGAN = st.dates(date(2024, 1, 1), date(2028, 12, 31))
BY: st.SearchStrategy[Holder] = st.sampled_from(["a-kasse", "jobcentre", "joint"])


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    began = draw(BEGAN)
    on = began + timedelta(days=draw(st.integers(0, 220)))
    on = max(on, date(2024, 1, 1))
    days = st.integers(0, (on - began).days)
    held = draw(st.sets(st.tuples(days, BY), max_size=7))
    return Asked(began, draw(GROUP), on, tuple(sorted(Held(began + timedelta(days=d), by) for d, by in held)), draw(PLACED))


def planned(asked: Asked) -> Schedule:
    return plan_meetings(asked, danish(), HOLIDAYS)[1]


@given(questions())
@settings(max_examples=200, deadline=None)
def test_no_suggestion_lies_outside_its_window_in_the_past_or_on_a_day_off(asked: Asked) -> None:
    schedule = planned(asked)
    suggested = [d for w in schedule.windows for d in w.suggested]
    assert len(suggested) == len(set(suggested))
    assert HOLIDAYS is not None
    for w in schedule.windows:
        assert len(w.suggested) <= w.remaining
        for d in w.suggested:
            assert w.closes is not None
            assert max(w.opens, asked.on) <= d <= w.closes
            assert d.weekday() < 5
            assert d not in HOLIDAYS


@given(questions())
@settings(max_examples=200, deadline=None)
def test_every_meeting_that_remains_is_suggested_or_said_to_have_no_day(asked: Asked) -> None:
    schedule = planned(asked)
    assert sum(len(w.suggested) for w in schedule.windows) + schedule.unplaced == schedule.remaining


@given(questions(), st.data())
@settings(max_examples=200, deadline=None)
def test_a_held_meeting_never_raises_what_remains(asked: Asked, data: st.DataObject) -> None:
    day = asked.registered + timedelta(days=data.draw(st.integers(0, (asked.on - asked.registered).days)))
    more = replace(asked, held=tuple(sorted({*asked.held, Held(day, data.draw(BY))})))
    before, after = planned(asked), planned(more)
    assert after.remaining <= before.remaining
    for b, a in zip(before.windows, after.windows, strict=True):
        assert a.remaining <= b.remaining
    assert sum(w.missed for w in after.windows) <= sum(w.missed for w in before.windows)


@given(BEGAN, GROUP)
@settings(max_examples=60, deadline=None)
def test_the_windows_add_up_to_the_number_that_the_law_sets(began: date, group: str) -> None:
    rules, on = danish().rules, max(began, date(2024, 3, 1))
    law = rules.reading(f"samtaler/{GROUPS[group].total or 'other_groups_meetings_first_6_months_min'}", on).parameter
    assert law is not None
    assert planned(Asked(began, group, on)).minimum == law.value


@given(questions())
@settings(max_examples=40, deadline=None)
def test_danish_and_english_have_the_same_rows(asked: Asked) -> None:
    schedule = planned(asked)
    for width in (80, 160):
        da, en = (text(schedule, speak, width).splitlines() for speak in ("da", "en"))
        # A row begins with the day on which its window opens: 1.9.2026, or 1 Sep 2026.
        rows = [[line for line in lines if re.match(r"\d+[. ]\w+[. ]\d{4} –", line)] for lines in (da, en)]
        assert len(rows[0]) == len(rows[1]) == len(schedule.windows)
        marks = [[line[:2].strip() for line in lines if re.match(r"(\[\d+\]|  [·?✓▲✗≠!§] )", line)] for lines in (da, en)]
        assert len(marks[0]) == len(marks[1])


def test_an_even_schedule_has_the_shortest_longest_pause() -> None:
    # Six months from 1 September is 180 days. The fund's first lies on day 7; five more and the end make six pauses of at most 29 days.
    schedule = plan("insured", "2026-09-01", "2026-09-01")
    first, *others = [d for w in schedule.windows for d in w.suggested]
    assert first == date(2026, 9, 8)
    assert schedule.longest_pause_days is not None
    assert schedule.longest_pause_days <= 29 + 3, "29 days, and a weekend at the most"
    assert len(others) == 5


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=1, max_size=3), st.integers(0, 6))
@example([(0, 4), (6, 0)], 0)
@settings(max_examples=150, deadline=None)
def test_no_other_dates_have_a_shorter_longest_pause(windows: list[tuple[int, int]], tail: int) -> None:
    since = date(2026, 9, 1)
    # As the law's windows are: each opens and closes no sooner than the one before it.
    opens = sorted(o for o, _ in windows)
    closes = sorted(o + n for o, n in windows)
    slots = [Slot(since + timedelta(days=o), since + timedelta(days=c)) for o, c in zip(opens, closes, strict=True)]
    until = slots[-1].closes + timedelta(days=tail)

    def longest(days: Sequence[date]) -> int:
        return max((b - a).days for a, b in pairwise([since, *days, until]))

    every = product(*([s.opens + timedelta(days=n) for n in range((s.closes - s.opens).days + 1)] for s in slots))
    orders = [longest(days) for days in every if all(a < b for a, b in pairwise(days))]
    assume(orders)
    # A pause before the first window opens is nobody's choice.
    assert longest(even_days(slots, since, until)) <= max(min(orders), (slots[0].opens - since).days)


def test_a_first_meeting_that_is_late_is_suggested_at_once() -> None:
    schedule = plan("insured", "2026-09-01", "2026-09-16")
    assert schedule.windows[1].suggested[0] == date(2026, 9, 16)


def test_a_value_that_is_only_unverified_makes_no_window() -> None:
    scheme = danish().rules.schemes["samtaler"]
    name = "a_kasse_meetings_first_3_months_min"
    left = tuple(p for p in scheme.parameter if p.id != name or p.status == "unverified")
    rules = Rules({"samtaler": msgspec.structs.replace(scheme, parameter=left)})
    answer, schedule = plan_meetings(Asked(date(2026, 11, 16), "insured", date(2026, 11, 22)), replace(danish(), rules=rules), HOLIDAYS)
    assert [w.holder for w in schedule.windows if w.contact] == ["jobcentre"]
    assert any(name in s.da for s in answer.not_known)
    assert answer.step("total").holds == "no", "three meetings are not the six that the law adds up to"


def test_the_fortnightly_schedule_keeps_two_weeks_where_the_law_lets_it() -> None:
    days = [d for w in plan("section-6-7-10", "2026-09-01", "2026-09-01", placement="fortnightly").windows for d in w.suggested]
    assert [str(d) for d in days] == ["2026-09-15", "2026-09-29", "2026-10-13", "2026-10-27"]


def test_a_suggestion_at_easter_moves_back_when_no_working_day_is_left_in_the_window() -> None:
    # First contact Monday 30 March 2026; the limit is Easter Monday, 6 April. Midway is Thursday 2 April, a holiday, and so is all that follows.
    first = plan("job-ready", "2026-03-30", "2026-03-30").windows[0]
    assert (first.closes, first.suggested) == (date(2026, 4, 6), (date(2026, 4, 1),)), "the Wednesday before"


def test_on_a_day_before_the_law_the_data_has_no_rule_and_says_so() -> None:
    answer, schedule = plan_meetings(Asked(date(2024, 2, 1), "insured", date(2023, 12, 1)), danish(), HOLIDAYS)
    assert schedule.windows == ()
    assert "ingen regel om jobsamtaler" in answer.headline.da
    assert "1 January 2024" in answer.headline.en


def test_in_november_2026_the_law_in_force_is_shown_with_the_unverified_values_beside_it() -> None:
    schedule = plan("insured", "2026-11-16", "2026-11-22")
    assert schedule.minimum == 6
    assert {p.status for w in schedule.windows for _, p in w.rules} == {"in force"}
    beside = {address: p.value for address, p in schedule.beside}
    assert beside["samtaler/a_kasse_meetings_first_3_months_min"] == 2
    assert beside["samtaler/jobcentre_meetings_before_6_months_min"] == 2
    assert beside["samtaler/job_ready_share_min_percent"] == 75
    assert {p.status for _, p in schedule.beside} == {"unverified"}
    for language, told in (("da", "Ikke efterprøvet (1.7.2026): 2 samtaler"), ("en", "Unverified (1 Jul 2026): 2 meetings")):
        assert " ".join(text(schedule, language, 80).split()).count(told) == 2, "one for the fund, one for the job centre"


def test_before_february_2026_nothing_of_the_new_act_is_told() -> None:
    schedule = plan("insured", "2025-11-03", "2025-11-04")
    assert [p.id for _, p in schedule.beside] == ["handover_to_jobcentre_after_benefit_hours"]


def test_only_a_supported_claim_carries_advice() -> None:
    lines = {e.claim: e for e in plan("insured", "2026-09-01", "2026-09-01").evidence}
    assert lines["own-meetings-early"].advice is not None
    assert (lines["meetings-early-especially"].status, lines["meetings-early-especially"].advice) == ("overstated", None)
    assert all(e.status == "supported" for e in lines.values() if e.advice)


def test_a_claim_that_falls_takes_its_advice_and_its_reason_with_it() -> None:
    checks = tuple(replace(c, status="contradicted") if c.claim.id == "own-meetings-fade" else c for c in danish().checks)
    answer, schedule = plan_meetings(Asked(date(2026, 9, 1), "insured", date(2026, 9, 1)), replace(danish(), checks=checks), HOLIDAYS)
    fade = next(e for e in schedule.evidence if e.claim == "own-meetings-fade")
    assert (fade.status, fade.advice) == ("contradicted", None)
    assert "own-meetings-fade er ikke grøn (modsagt)" in answer.step("placement").said.da


def test_a_workspace_without_the_claims_says_that_they_are_not_there() -> None:
    schedule = plan("insured", "2026-09-01", "2026-09-01", edition=replace(danish(), checks=()))
    assert {(e.status, e.advice) for e in schedule.evidence} == {(None, None)}


def test_evidence_on_others_is_told_as_such() -> None:
    lines = {e.claim: e for e in plan("job-ready", "2026-09-01", "2026-09-01").evidence}
    assert not lines["own-meetings-hig2"].fits, "the trial was of insured people"
    assert lines["own-meetings-displacement"].fits
    assert "om det gælder her" in text(plan("job-ready", "2026-09-01", "2026-09-01"), "da", 400).casefold()


def test_holidays_that_are_not_known_are_said_not_to_be_considered() -> None:
    answer, _ = plan_meetings(Asked(date(2026, 9, 1), "insured", date(2026, 9, 1)), danish(), None)
    assert "helligdage er ikke regnet med" in answer.step("weekdays").said.da


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("group", sorted(GROUPS))
def test_the_table_fits_eighty_columns_and_a_wide_terminal(group: str, language: str) -> None:
    schedule = plan(group, "2026-09-22", "2026-12-28", "2026-10-20:a-kasse", "2026-12-22:joint")
    for width in (80, WIDE, 160):
        assert max(map(len, text(schedule, language, width).splitlines())) <= width


def test_the_data_says_the_same_as_the_schedule() -> None:
    answer, schedule = plan_meetings(Asked(date(2026, 9, 1), "insured", date(2026, 9, 10), (Held(date(2026, 9, 8), "a-kasse"),)), danish(), HOLIDAYS)
    data = schedule_data(answer, schedule)
    assert (data["minimum"], data["remaining"]) == (6, 5)
    assert [w["remaining"] for w in data["windows"]] == [0, 2, 3, 0, 1]
    assert data["windows"][0]["law"][0]["status"] == "in force"
    assert "Et menneske afgør" in data["guard"]["da"]
