"""The job bonus: the sources' own numbers, what holds for any earnings, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from virker.errors import QueryError
from virker.practice.bonus_covered import benefits
from virker.practice.bonus_facts import BonusFacts
from virker.practice.jobpraemie import SCHEMES, jobpraemie, share_of
from virker.practice.lookup import Law
from virker.practice.months import last_day, monthly, moved
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
COVERED = {"benefit": "kontanthjælp", "weeks": 47, "lives_in_denmark": True}
KROER = st.integers(0, 6_000_000).map(lambda oere: oere / 100)


def bonus(earnings: dict[str, float], **facts: object) -> float:
    return float(jobpraemie(BonusFacts(earnings=earnings, **{**COVERED, **facts}), LAW).step("total").value or 0)  # type: ignore[arg-type]


def test_jobpraemie_is_capped_at_2500_kr_a_month() -> None:
    assert bonus({"2017-04": 24_999.99}) == 2500.00  # 2,499.999, and half an øre goes up
    assert bonus({"2017-04": 24_990}) == 2499
    assert bonus({"2017-04": 25_000}) == 2500
    assert bonus({"2017-04": 250_000}) == 2500


def test_eighteen_times_2500_is_the_45000_that_the_sources_print() -> None:
    assert bonus({"2017-04..2018-09": 25_000}) == 45_000
    assert bonus({"2017-04..2019-03": 25_000}) == 45_000


@given(st.lists(KROER, min_size=1, max_size=24))
def test_the_sum_is_never_above_the_cap_and_each_month_is_its_share(earned: list[float]) -> None:
    months = [f"{moved(date(2017, 4, 1), n):%Y-%m}" for n in range(len(earned))]
    answer = jobpraemie(BonusFacts(earnings=dict(zip(months, earned, strict=True)), **COVERED), LAW)  # type: ignore[arg-type]
    paid = [float(answer.step(m).value or 0) for m in months]
    assert answer.step("total").value == pytest.approx(sum(paid))
    assert sum(paid) <= 45_000
    with_pay = [(e, p) for e, p in zip(earned, paid, strict=True) if e > 0]
    assert all(p == min(2500.0, share_of(e, 10)) for e, p in with_pay[:18])
    assert all(p == 0 for _, p in with_pay[18:])


@given(KROER, KROER)
def test_earning_more_never_gives_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert bonus({"2017-06": low}) <= bonus({"2017-06": high})


def test_months_outside_the_period_give_nothing_and_the_line_says_why() -> None:
    answer = jobpraemie(BonusFacts(earnings={"2017-03..2017-04": 20_000, "2019-04": 20_000}, **COVERED), LAW)  # type: ignore[arg-type]
    assert [answer.step(m).value for m in ("2017-03", "2017-04", "2019-04")] == [0, 2000, 0]
    assert answer.step("2017-03").said.da == "Marts 2017: 0 kr., for ordningen begynder først 1. april 2017."
    assert answer.step("2019-04").said.en == "April 2019: DKK 0, because the scheme only covered pay until 31 March 2019."


def test_the_cap_is_said_with_the_amount_before_it() -> None:
    answer = jobpraemie(BonusFacts(earnings={"2017-05": 31_000.5}, **COVERED), LAW)  # type: ignore[arg-type]
    assert answer.step("2017-05").said.da == "Maj 2017: 10 procent af 31.000,50 kr. er 3.100,05 kr., men loftet er 2.500 kr. pr. måned."
    assert [a for a, _ in answer.step("2017-05").rules] == ["jobpraemie-2017/rate_percent", "jobpraemie-2017/max_per_month_dkk"]


def test_every_line_that_holds_a_number_or_a_condition_names_its_law() -> None:
    for name in SCHEMES:
        first = str(LAW.parameter(f"{name}/period_from").value)[:7]
        facts = {"weeks": 47} if name.endswith(("2017", "2011")) else {"days": 329}
        answer = jobpraemie(BonusFacts(earnings={first: 10_000}, scheme=name, **facts), LAW)  # type: ignore[arg-type]
        assert all(s.rules for s in answer.steps if s.id not in ("covered", "total"))
        assert "Et menneske afgør sagen" in answer.guard.da


def test_what_is_not_told_leaves_the_answer_open_and_is_never_a_yes() -> None:
    answer = jobpraemie(BonusFacts(earnings={"2017-05": 20_000}), LAW)
    assert answer.step("covered").holds == "unknown"
    assert answer.headline.da == "Hvis personen er omfattet: 2.000 kr. i jobpræmie for 1 måned."
    refused = jobpraemie(BonusFacts(earnings={"2017-05": 20_000}, lives_in_denmark=False), LAW)
    assert refused.step("covered").holds == "no"  # one condition that is not met settles it


def test_the_benefits_that_give_access_are_those_of_the_act() -> None:
    law = Law(LAW, "jobpraemie-2017", date(2017, 4, 1))
    assert "ressourceforløbsydelse" in benefits(law, "a")
    assert benefits(law, "b") == ["dagpenge", "feriedagpenge", "midlertidig arbejdsmarkedsydelse", "kontantydelse", "løntilskud"]


def test_a_benefit_is_known_without_danish_letters_too_and_told_with_them() -> None:
    answer = jobpraemie(BonusFacts(earnings={"2017-05": 1}, benefit="ressourceforloebsydelse"), LAW)
    assert "ressourceforløbsydelse" in answer.step("benefit").said.da


def test_everything_wrong_with_the_facts_is_told_at_once() -> None:
    with pytest.raises(QueryError) as caught:
        jobpraemie(BonusFacts(earnings={"2012-06": -25, "2011-13": 1, "2012-05": 3}, benefit="su", group="c", weeks=-2, days=3), LAW)
    told = str(caught.value)
    for words in (
        "below zero",
        "'2011-13' is no month",
        "not in order",
        "before the law",
        "-2 weeks",
        "does not ask for days",
        "'c' is no group",
        "'su' is no benefit",
    ):
        assert words in told, words


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"earnings": {}}, "no earnings"),
        ({"earnings": {"2017-05": float("nan")}}, "below zero"),
        ({"earnings": [("2017-05", 1.0), ("2017-05", 2.0)]}, "told twice"),
        ({"earnings": {"2017-05..2017-04": 1}}, "is no month"),
        ({"earnings": {"2017-05": 1}, "scheme": "jobpraemie-2018"}, "is no job bonus"),
        ({"earnings": {"2017-05": 1}, "weeks": 53, "group": "a"}, "window of 52 weeks"),
        ({"earnings": {"2017-05": 1}, "weeks": 79}, "window of 78 weeks"),
        ({"earnings": {"2012-07": 1}, "scheme": "jobpraemie-kontanthjaelp-2012", "days": 367}, "window of 366 days"),
    ],
)
def test_facts_that_cannot_be_are_refused(facts: dict[str, object], told: str) -> None:
    with pytest.raises(QueryError, match=told):
        jobpraemie(BonusFacts(**facts), LAW)  # type: ignore[arg-type]


def test_amounts_are_reckoned_exactly_to_the_oere() -> None:
    assert share_of(12_345.65, 10) == 1234.57
    assert share_of(0.05, 10) == 0.01
    assert share_of(10_000.12, 4) == 400.0


def test_months_run_over_new_year_and_shorter_months() -> None:
    months, problems = monthly([("2017-11..2018-02", 1.0)])
    assert [f"{m:%Y-%m}" for m, _ in months] == ["2017-11", "2017-12", "2018-01", "2018-02"]
    assert problems == []
    assert moved(date(2021, 5, 31), 9) == date(2022, 2, 28)
    assert last_day(date(2024, 2, 3)) == date(2024, 2, 29)
    assert last_day(date(2024, 12, 1)) == date(2024, 12, 31)
