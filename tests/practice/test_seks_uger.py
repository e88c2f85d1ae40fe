"""Six weeks of job-directed training: the window's days, who is covered, and what is left open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from virker.errors import QueryError
from virker.practice.seks_uger import EDUCATION, TrainingFacts, seks_uger
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")


def asked(day: date = date(2021, 1, 4), **facts: Any) -> Any:
    base: dict[str, Any] = {"education": "skilled", "age": 30, "on_unemployment_benefit": True}
    return seks_uger(TrainingFacts(unemployed_from=day, **{**base, **facts}), LAW)


@given(st.dates(date(2017, 3, 1), date(2026, 12, 31)), st.integers(18, 66))
def test_the_window_begins_after_five_weeks_and_has_room_for_six(day: date, age: int) -> None:
    answer = asked(day, age=age)
    first, last = answer.step("earliest").day, answer.step("last").day
    assert first == day + timedelta(weeks=5)
    assert last - first >= timedelta(weeks=6)
    months = 9 if age >= 25 else 6
    assert (last + timedelta(days=1)).month == (day.month - 1 + months) % 12 + 1 or last.month == (day.month - 1 + months) % 12 + 1


def test_the_day_that_nine_months_end_is_the_last_that_counts() -> None:
    assert asked(date(2021, 1, 1)).step("last").day == date(2021, 9, 30)
    assert asked(date(2020, 5, 31)).step("last").day == date(2021, 2, 27)


@pytest.mark.parametrize("education", sorted(EDUCATION))
def test_only_the_educations_that_the_sources_name_are_covered(education: str) -> None:
    holds = "yes" if education in ("unskilled", "skilled", "short-higher-and-skilled") else "no"
    assert asked(education=education).step("covered").holds == holds


def test_a_flex_job_referral_rests_on_one_page_and_settles_nothing() -> None:
    answer = asked(education="longer", flex_job_referred=True)
    assert answer.step("covered").holds == "unknown"
    assert "styrelsens side" in answer.step("education").said.da


def test_courses_after_the_limit_are_told_for_those_whom_the_trial_could_reach() -> None:
    assert "waived" in {s.id for s in asked(date(2021, 1, 4)).steps}
    assert "waived" not in {s.id for s in asked(date(2019, 1, 4)).steps}
    assert "waived" not in {s.id for s in asked(date(2023, 1, 4)).steps}


def test_breaks_are_said_to_move_the_days() -> None:
    assert asked().step("counted").said.da == "Dagene gælder uden afbrydelser: Ledigheden tælles sammenlagt."


def test_what_is_not_told_is_open() -> None:
    answer = seks_uger(TrainingFacts(unemployed_from=date(2021, 1, 4)), LAW)
    assert answer.step("covered").holds == "unknown"
    assert answer.headline.da.startswith("Hvis personen er omfattet: 6 ugers jobrettet uddannelse fra 8. februar 2021")


def test_everything_wrong_with_the_facts_is_told_at_once() -> None:
    with pytest.raises(QueryError) as caught:
        asked(date(2014, 12, 31), education="skiled", age=-1)
    for words in ("before the law", "did you mean 'skilled'", "an age of -1"):
        assert words in str(caught.value)
