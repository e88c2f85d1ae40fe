"""What a planner asks of a plan: what it hangs on, what other numbers give, how large the effect must be, and the bottleneck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.conftest import ROOT, study
from tests.plan.scenario_of import HOURS, measure_of, number, scenario_of
from virker.bank import Bank
from virker.plan.inputs import Phase
from virker.plan.questions import Needed, bottleneck, how_large, other_numbers, what_it_hangs_on, with_effect
from virker.plan.read import read_scenario
from virker.plan.told import bottleneck_said, needed_said
from virker.plan.work import Worked, public_value, work_out
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
MakeBank = Callable[..., Bank]
NEWLY = ROOT / "plans" / "nyledige-dagpenge.toml"
PAY: dict[str, Any] = {"amount": 26000, "currency": "DKK", "assumed": "prøve"}


@pytest.fixture
def bank(bank_of: MakeBank) -> Bank:
    return bank_of(study("a-1", number()))


@pytest.fixture(scope="module")
def newly(danish: Bank) -> Worked:
    return work_out(read_scenario(NEWLY, danish, LAW), danish, LAW)


def worked_of(bank: Bank, *measures: dict[str, Any], **changes: Any) -> Worked:
    return work_out(scenario_of(*measures, **changes), bank, LAW)


# --- what it hangs on


def test_with_nothing_turned_every_bar_stands_at_the_plan(newly: Worked) -> None:
    barely = replace(newly, scenario=msgspec.structs.replace(newly.scenario, swing=1e-9))
    bars = what_it_hangs_on(barely, LAW)
    assert bars
    for named in bars:
        assert (named.bar.at_low, named.bar.at_high) == pytest.approx((newly.public.centre, newly.public.centre), rel=1e-6)


def test_the_widest_bar_stands_first_and_each_names_what_it_turns(newly: Worked) -> None:
    bars = what_it_hangs_on(newly, LAW)
    widths = [b.bar.width for b in bars]
    assert widths == sorted(widths, reverse=True)
    assert len({b.said.da for b in bars}) == len(bars)
    assert "lønnen i de job, folk får" in {b.said.da for b in bars}


def test_a_source_with_a_printed_uncertainty_is_turned_over_its_band(bank: Bank) -> None:
    worked = worked_of(bank)
    bar = next(b for b in what_it_hangs_on(worked, LAW) if b.said.en.startswith("the effect of"))
    assert "kildens usikkerhed" in bar.said.da
    assert (bar.bar.at_low, bar.bar.at_high) == pytest.approx((worked.public.low, worked.public.high), rel=0.02)


def test_dearer_measures_cost_the_public_purse(bank: Bank) -> None:
    bar = next(b for b in what_it_hangs_on(worked_of(bank), LAW) if b.said.en == "the prices of the measures")
    assert bar.bar.at_low > bar.bar.at_high


@pytest.mark.parametrize(
    "changes",
    [
        {"baseline": {"job": [{"from": 0, "rate": 0.95}], "other": [{"from": 0, "rate": 0.05}], "job_loss": 0.95, "assumed": "p"}},
        {"swing": 0.9},
    ],
    ids=["everybody leaves at once", "turned far"],
)
def test_figures_turned_to_the_end_stay_shares(bank_of: MakeBank, changes: dict[str, Any]) -> None:
    bank = bank_of(study("a-1", number(outcome="exit-to-job", unit="hazard-ratio", effect=1.2, horizon_months=None, se=None)))
    assert what_it_hangs_on(worked_of(bank, measure_of(reach=0.6), measure_of(id="to", reach=0.4), **changes), LAW)


def test_a_number_that_a_weaker_group_cannot_reach_is_held_at_the_end(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(effect=30.0, se=None)))
    assert what_it_hangs_on(worked_of(bank, measure_of(effect="a-1#1"), swing=0.9), LAW)


def test_a_plan_that_nobody_begins_hangs_on_nothing(bank: Bank) -> None:
    worked = worked_of(bank, measure_of(reach=0.0))
    assert (what_it_hangs_on(worked, LAW), how_large(worked)) == ((), ())


# --- other numbers


def test_each_other_number_of_the_bank_is_run_in_its_place(newly: Worked) -> None:
    others = other_numbers(newly)
    assert {o.number.number.address for o in others} == {"pedersen-2012#1", "vandenberg-2012#2"}
    assert all(o.public != newly.public.centre for o in others)


# --- how large


def needed_of(worked: Worked, lock_in: str) -> Needed:
    return next(n for n in how_large(worked) if n.lock_in == lock_in)


@pytest.mark.parametrize("lock_in", ["none", "full"])
def test_the_effect_that_is_needed_gives_a_public_value_of_nothing(bank_of: MakeBank, lock_in: str) -> None:
    worked = worked_of(bank_of(), measure_of(weeks=8))
    needed = needed_of(worked, lock_in)
    assert needed.answer.answer == "found"
    assert needed.answer.ratio is not None
    known = (Phase("lock-in", 0, 8, np.array([np.log(1e-6)])),) if lock_in == "full" else ()
    inputs = with_effect(worked.inputs, "samtaler", (8, 104), known)(float(np.log(needed.answer.ratio)))
    assert public_value(inputs) == pytest.approx(0, abs=1e-3)


def test_the_needed_effect_of_a_measure_with_a_number_is_over_the_weeks_of_that_number(bank: Bank) -> None:
    worked = worked_of(bank)
    needed = needed_of(worked, "printed")
    assert needed.answer.ratio is not None
    assert public_value(with_effect(worked.inputs, "samtaler", (0, 104))(float(np.log(needed.answer.ratio)))) == pytest.approx(0, abs=1e-3)
    assert needed.found == pytest.approx(np.exp(worked.effects[0].used[0].centre))
    assert (needed.found > needed.answer.ratio) == (worked.public.centre > 0)


def test_the_needed_effect_is_told_in_weeks_of_work_in_both_languages(bank: Bank) -> None:
    said = needed_said(needed_of(worked_of(bank), "printed"))
    assert "uger mere i ordinært arbejde" in said.da
    assert "weeks more in ordinary work" in said.en
    assert "−" not in said.da


def test_a_measure_that_pays_although_people_work_less_says_so(newly: Worked) -> None:
    needed = next(n for n in how_large(newly) if n.measure == "loentilskud" and n.lock_in == "full")
    assert needed.weeks_in_work is not None
    assert needed.weeks_in_work < 0
    said = needed_said(needed)
    assert "uger mindre i ordinært arbejde" in said.da
    assert "selv om deltagerne arbejder mindre" in said.da
    assert "weeks less in ordinary work" in said.en


def test_what_can_never_pay_and_what_pays_without_effect_are_told(bank_of: MakeBank) -> None:
    dear = [{"amount": 5_000_000, "currency": "DKK", "payer": "municipality", "assumed": "prøve"}]
    never, free = (needed_said(needed_of(worked_of(bank_of(), measure_of(price=p)), "none")) for p in (dear, None))
    assert "betaler sig ikke" in never.da
    assert "selv om den ingen effekt har" in free.da


# --- the bottleneck


def test_one_more_caseworker_lets_more_people_begin_where_hours_are_short(bank: Bank) -> None:
    uses = [{"capacity": "timer", "amount": 1}]
    (one,) = bottleneck(worked_of(bank, measure_of(uses=uses), capacity=[HOURS]))
    assert one.centre.started.sum() > 0
    assert one.short > 0
    (slack,) = bottleneck(worked_of(bank, measure_of(uses=uses), capacity=[{**HOURS, "amount": 1e6}]))
    assert (slack.centre.started.sum(), slack.short) == (0, 0)


def test_the_bottleneck_is_told_at_the_printed_number_with_its_band(bank: Bank) -> None:
    worked = worked_of(bank, measure_of(uses=[{"capacity": "timer", "amount": 1}]), capacity=[HOURS])
    (one,) = bottleneck(worked)
    said = bottleneck_said(worked, one)
    assert "Med én sagsbehandler mere begynder" in said.da
    assert "Hvad det ekstra selv koster, er ikke trukket fra." in said.da
    assert ".." not in said.da + said.en
    assert one.drawn.public is not None
    assert np.ptp(one.drawn.public) > 0


def test_paid_hours_are_said_to_be_paid_only_where_they_are_used(bank: Bank) -> None:
    priced = {**HOURS, "price": 400, "currency": "DKK"}
    worked = worked_of(bank, measure_of(uses=[{"capacity": "timer", "amount": 1}]), capacity=[priced])
    assert "det, der står ubrugt hen, er ikke" in bottleneck_said(worked, bottleneck(worked)[0]).da


def test_what_is_not_short_is_no_bottleneck(newly: Worked) -> None:
    subsidies = next(b for b in bottleneck(newly) if b.centre.name == "loentilskudspladser")
    assert "er ikke flaskehalsen" in bottleneck_said(newly, subsidies).da
