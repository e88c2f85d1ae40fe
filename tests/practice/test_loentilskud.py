"""Wage subsidy: who, how long, how much; and nothing that was not read becomes a yes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from virker.errors import QueryError
from virker.practice.loentilskud import GROUPS, loentilskud
from virker.practice.lookup import spread
from virker.practice.subsidy_facts import SubsidyFacts
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")


def asked(**facts: Any) -> Any:
    base: dict[str, Any] = {"on": date(2024, 6, 1), "group": "dagpenge", "employer": "private"}
    return loentilskud(SubsidyFacts(**{**base, **facts}), LAW)


def test_more_months_on_benefits_never_closes_the_door() -> None:
    rank = {"no": 0, "unknown": 1, "yes": 2}
    for day in (date(2016, 1, 1), date(2019, 1, 1), date(2023, 1, 1), date(2024, 6, 1)):
        told = [rank[asked(on=day, months_on_benefits=m, age=40, lone_parent=False, qualifying_education=True).step("period").holds] for m in range(13)]
        assert told == sorted(told)


def test_age_is_used_for_the_exemption_alone() -> None:
    for age in (20, 50, 51, 64):
        assert [s for s in asked(months_on_benefits=8, age=age).steps] == [s for s in asked(months_on_benefits=8).steps]
    assert asked(months_on_benefits=2, age=51).step("period").holds == "yes"
    assert asked(months_on_benefits=2, age=50).step("period").holds == "unknown"  # children and education are not told


@given(
    st.dates(date(2015, 1, 1), date(2027, 1, 1)),
    st.sampled_from(sorted(GROUPS)),
    st.sampled_from(["private", "public"]),
    st.one_of(st.none(), st.integers(0, 40)),
)
def test_a_yes_and_a_number_always_rest_on_law_that_was_read(day: date, group: str, employer: str, months: int | None) -> None:
    answer = asked(on=day, group=group, employer=employer, months_on_benefits=months, self_found=True)
    for step in answer.steps:
        if step.id != "possible" and (step.holds == "yes" or step.value is not None):
            assert step.rules
            assert all(p.status in ("in force", "repealed") for _, p in step.rules), step.said.en
            assert all(p.holds_on(day) for _, p in step.rules)


def test_a_rate_that_was_not_found_is_unknown_and_the_last_one_is_told_with_its_days() -> None:
    step = asked(on=date(2025, 3, 1), months_on_benefits=8).step("subsidy")
    assert step.holds == "unknown"
    assert step.value is None
    assert step.said.da == "Tilskuddet pr. time er ikke fundet for den dag; senest fundet: 86,16 kr. pr. time (fra 1. januar 2023 til 31. december 2023)."


@pytest.mark.parametrize(
    ("year", "employer", "kroner"),
    [(2015, "private", 74.05), (2017, "public", 111.24), (2018, "public", 113.46), (2019, "private", 79.68), (2021, "private", 82.90)],
)
def test_the_subsidy_is_the_one_printed_for_the_year(year: int, employer: str, kroner: float) -> None:
    step = asked(on=date(year, 6, 1), employer=employer, months_on_benefits=8).step("subsidy")
    assert (step.value, step.unit) == (kroner, "DKK per hour")


def test_the_reasonable_ratio_is_never_said_to_be_met() -> None:
    for day in (date(2019, 1, 1), date(2023, 1, 1), date(2025, 1, 1)):
        assert asked(on=day, months_on_benefits=8).step("ratio").holds == "unknown"


def test_a_right_needs_an_employer_of_ones_own_and_the_other_conditions() -> None:
    assert asked(months_on_benefits=8, self_found=True).step("right").holds == "yes"
    assert asked(months_on_benefits=8, self_found=False).step("right").holds == "no"
    assert asked(months_on_benefits=8).step("right").holds == "unknown"
    assert asked(months_on_benefits=2, self_found=True).step("right").holds == "unknown"


def test_those_who_support_themselves_have_a_length_only_when_job_ready() -> None:
    assert asked(group="selvforsoergende", months_on_benefits=8, job_ready=True).step("length").value == 6
    assert asked(group="selvforsoergende", months_on_benefits=8, job_ready=False).step("length").holds == "unknown"
    assert "jobparat" in asked(group="selvforsoergende", months_on_benefits=8).step("length").said.da


def test_a_no_shows_no_length_and_no_money() -> None:
    answer = asked(group="fleksjobvisiteret", months_on_benefits=20)
    assert answer.step("possible").holds == "no"
    assert not {"length", "subsidy", "right"} & {s.id for s in answer.steps}


def test_the_senior_scheme_is_told_only_while_it_held() -> None:
    facts: dict[str, Any] = {"months_on_benefits": 12, "age": 50, "self_found": True}
    assert asked(on=date(2021, 9, 1), **facts).step("senior").holds == "yes"
    assert asked(on=date(2022, 6, 1), **{**facts, "age": 49}).step("senior").holds == "no"
    assert "senior" not in {s.id for s in asked(on=date(2023, 1, 1), **facts).steps}


def test_everything_wrong_with_the_facts_is_told_at_once() -> None:
    with pytest.raises(QueryError) as caught:
        asked(on=date(2005, 6, 1), group="dagpenger", employer="statslig", months_on_benefits=-1, age=300)
    told = str(caught.value)
    for words in ("before the first rule", "did you mean 'dagpenge'", "'statslig' is no kind of employer", "-1 months", "an age of 300"):
        assert words in told
    with pytest.raises(QueryError, match="does not ask for job_ready of dagpenge"):
        asked(job_ready=True)


def test_groups_are_read_from_the_rules() -> None:
    assert spread("1-5, 12") == {1, 2, 3, 4, 5, 12}
    assert {n for n, _ in GROUPS.values()} == set(range(1, 13))
