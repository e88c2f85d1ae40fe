"""A scenario worked out through the whole path: people, money, bands, and what happens at the edges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import ROOT, study
from tests.plan.scenario_of import HOURS, measure_of, number, scenario_of
from virker.bank import Bank
from virker.plan.inputs import Payer
from virker.plan.read import read_scenario
from virker.plan.work import Worked, month_of, work_out
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
MakeBank = Callable[..., Bank]
PLANS = sorted((ROOT / "plans").glob("*.toml"))
PAY: dict[str, Any] = {"amount": 26000, "currency": "DKK", "assumed": "prøve"}


@pytest.fixture
def bank(bank_of: MakeBank) -> Bank:
    return bank_of(study("a-1", number()))


def worked_of(bank: Bank, *measures: dict[str, Any], **changes: Any) -> Worked:
    return work_out(scenario_of(*measures, **changes), bank, LAW)


@pytest.fixture(scope="module", params=PLANS, ids=lambda p: p.stem)
def example(request: pytest.FixtureRequest, danish: Bank) -> Worked:
    path: Path = request.param
    return work_out(read_scenario(path, danish, LAW), danish, LAW)


def test_nobody_appears_or_disappears(example: Worked) -> None:
    people = example.inputs.people
    came = people.stock.sum() + np.concatenate([np.cumsum(people.inflow), [people.inflow.sum()]])
    for some in (example.base, example.plan, example.drawn):
        assert np.allclose(some.in_work + some.unemployed + some.left, came)


def test_what_one_pays_another_receives(example: Worked) -> None:
    for some in (example.ledger, example.drawn_ledger):
        assert np.allclose(sum(some.balance.values()), 0, atol=1e-6)
    assert sum(b.centre for b in example.by_payer.values()) == pytest.approx(0, abs=1e-3)


def test_the_public_purse_is_municipality_state_and_unemployment_fund(example: Worked) -> None:
    public: tuple[Payer, ...] = ("municipality", "state", "a-kasse")
    assert example.public.centre == pytest.approx(sum(example.by_payer[p].centre for p in public))


def test_capacity_is_never_exceeded(example: Worked) -> None:
    for name, used in example.drawn.used.items():
        assert (used <= example.inputs.capacity[name].amount + 1e-9).all()


def test_what_is_saved_on_benefit_is_the_weeks_times_the_benefit(bank: Bank) -> None:
    worked = worked_of(bank, measure_of(pay=PAY, notice_weeks=3))
    money = worked.inputs.money
    assert money is not None
    paid = sum(f.amount.sum() for f in worked.ledger.flows if f.item == "benefit" and f.to == "person")
    back = sum(f.amount.sum() for f in worked.ledger.flows if f.item == "benefit" and f.payer == "person")
    assert worked.benefit_weeks.centre == pytest.approx((paid - back) / money.benefit)


def test_people_who_are_told_of_a_subsidised_job_get_benefit_until_it_begins(bank: Bank) -> None:
    """Four weeks of notice: those are weeks on benefit; the weeks of the job are not."""
    with_pay, without = (worked_of(bank, measure_of(pay=p, notice_weeks=4, weeks=2, price=None)) for p in (PAY, None))
    in_job = without.plan.participants  # without a price or pay they count as participants in the first week only
    assert in_job.sum() > 0
    here = with_pay.plan.costs["employer", "person", "subsidised pay"].sum() / (26000 * 12 / 52)
    assert without.benefit_weeks.centre - with_pay.benefit_weeks.centre == pytest.approx(here)
    assert here < with_pay.plan.participants.sum()


def test_a_price_for_a_participant_falls_once_and_a_price_for_a_week_each_week(bank_of: MakeBank) -> None:
    def spent(**price: Any) -> float:
        told = {"amount": 100, "currency": "DKK", "payer": "municipality", "assumed": "prøve", **price}
        alone = {"job": [{"from": 0, "rate": 0.0}], "assumed": "prøve"}
        worked = worked_of(
            bank_of(), measure_of(price=[told], weeks=4, reach=1.0), people={"inflow": [10.0, *[0.0] * 9], "assumed": "p"}, baseline=alone, weeks=10
        )
        return float(worked.ledger.balance["resources"].sum())

    assert spent() == pytest.approx(1000)
    assert spent(per="week") == pytest.approx(4000)


def test_a_measure_called_pay_is_no_production(bank_of: MakeBank) -> None:
    price = {"amount": 100, "currency": "DKK", "payer": "municipality", "to": "person", "assumed": "prøve"}
    worked = worked_of(bank_of(), measure_of(id="pay", price=[price]))
    assert worked.social.centre == pytest.approx(0, abs=1e-6)
    assert worked.public.centre < 0


def test_pay_in_a_subsidised_job_is_no_production(bank_of: MakeBank) -> None:
    assert worked_of(bank_of(), measure_of(price=None, pay=PAY)).social.centre == pytest.approx(0, abs=1e-6)


def test_the_state_pays_its_share_by_the_weeks_of_the_person_also_during_a_subsidised_job(bank_of: MakeBank) -> None:
    """The job begins at 6 weeks, where the state's share is 40 per cent: it saves 40 per cent of the benefit, less its part of the tax."""
    steps = [{"from": 0, "share": 0.8}, {"from": 4, "share": 0.4}]
    none = {"job": [{"from": 0, "rate": 0.0}], "assumed": "prøve"}
    worked = worked_of(
        bank_of(), measure_of(start_week=6, weeks=1, reach=1.0, price=None, pay=PAY), weeks=8, baseline=none,
        people={"inflow": [1.0, *[0.0] * 7], "assumed": "p"}, money__state_share=steps, money__tax_benefit=0.0, money__tax_wage=0.0,
    )  # fmt: skip
    benefit = 20000 * 12 / 52
    assert worked.ledger.balance["state"].sum() == pytest.approx(0.4 * benefit)
    assert worked.ledger.balance["municipality"].sum() == pytest.approx(0.6 * benefit)
    assert worked.benefit_weeks.centre == pytest.approx(-1)


def test_the_steps_of_the_law_are_the_states_share_from_the_week_after_each_step(danish: Bank) -> None:
    """Co-financing is what the municipality bears: 20, 60, 70 and 80 per cent in weeks 1-4, 5-26, 27-52 and from 53."""
    worked = work_out(read_scenario(ROOT / "plans" / "sagsstammer.toml", danish, LAW), danish, LAW)
    assert worked.inputs.money is not None
    share = worked.inputs.money.state_share
    assert [round(float(share[d]), 6) for d in (0, 3, 4, 25, 26, 51, 52)] == [0.8, 0.8, 0.4, 0.4, 0.3, 0.3, 0.2]
    assert len(share) == 53


@pytest.mark.parametrize(
    "changes",
    [{"weeks": 1}, {"weeks": 12}, {"swing": 0.0}, {"draws": 100}, {"capacity": [{**HOURS, "amount": 0}]}, {"country": "SE"}],
    ids=lambda c: next(iter(c)),
)
def test_odd_but_lawful_scenarios_are_worked_out(bank: Bank, changes: dict[str, Any]) -> None:
    uses = [{"capacity": "timer", "amount": 0.5}] if "capacity" in changes else None
    worked = worked_of(bank, measure_of(uses=uses), **changes)
    assert np.isfinite(worked.public.centre)
    assert worked.public.low <= worked.public.high


@pytest.mark.parametrize(
    ("measure", "changes"),
    [
        ({"reach": 0.0}, {}),
        ({"start_week": 300}, {}),
        ({"from_week": 200}, {}),
        ({"uses": [{"capacity": "timer", "amount": 1}]}, {"capacity": [{**HOURS, "amount": 0}]}),
    ],
    ids=["reach 0", "a start after the plan", "from a week after the plan", "no capacity"],
)
def test_a_measure_that_nobody_begins_changes_nothing_and_pays_nothing_back(bank: Bank, measure: dict[str, Any], changes: dict[str, Any]) -> None:
    worked = worked_of(bank, measure_of(**measure), **changes)
    assert not worked.begins
    assert (worked.weeks_in_work.centre, worked.public.centre, worked.payback_month) == (0, 0, None)


def test_people_without_room_are_counted(bank: Bank) -> None:
    worked = worked_of(bank, measure_of(uses=[{"capacity": "timer", "amount": 1}]), capacity=[{**HOURS, "amount": 20}])
    wanted = worked_of(bank)
    assert worked.turned_away["samtaler"].centre > 0
    assert worked.started["samtaler"].centre < wanted.started["samtaler"].centre


def test_a_band_lies_around_the_centre_and_widens_with_the_sources_uncertainty(bank_of: MakeBank) -> None:
    sure, unsure = (worked_of(bank_of(study("a-1", number(se=se)))).weeks_in_work for se in (0.2, 1.0))
    assert unsure.low < sure.low < sure.centre < sure.high < unsure.high


def test_without_a_printed_uncertainty_there_is_no_band_and_no_chance(bank_of: MakeBank) -> None:
    worked = worked_of(bank_of(study("a-1", number(se=None))))
    assert not worked.public.is_wide
    assert worked.chance_of_surplus is None


def test_where_one_of_two_numbers_has_no_uncertainty_there_is_no_chance(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number()), study("b-1", number(intervention="training", se=None)))
    worked = worked_of(bank, MEETINGS_HALF, measure_of(id="kursus", intervention="training", start_week=13))
    assert worked.public.is_wide
    assert worked.chance_of_surplus is None


MEETINGS_HALF = measure_of(reach=0.5)


def test_the_planners_level_of_significance_makes_a_band(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(se=None, significant="yes")))
    assert not worked_of(bank).weeks_in_work.is_wide
    assert worked_of(bank, significance_level=0.05).weeks_in_work.is_wide


def test_amounts_by_the_month_and_the_year_are_amounts_by_the_week(bank: Bank) -> None:
    def benefit(amount: float, per: str) -> float:
        money = worked_of(bank, money__benefit={"amount": amount, "per": per, "currency": "DKK", "assumed": "p"}).inputs.money
        assert money is not None
        return money.benefit

    assert benefit(52000, "year") == pytest.approx(benefit(1000, "week")) == pytest.approx(benefit(52000 / 12, "month"))


def test_the_month_of_pay_back_counts_from_one() -> None:
    assert [month_of(w) for w in (0.0, 4.0, 5.0, 51.0, 52.0)] == [1, 1, 2, 12, 13]
