"""“The plan pays back” is a claim: what makes it supported, overstated, contradicted, or too little to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ROOT, finding, study
from tests.plan.scenario_of import HOURS, measure_of, number, scenario_of
from virker.bank import Bank
from virker.plan.judge import PaysBack, judge
from virker.plan.questions import other_numbers
from virker.plan.read import read_scenario
from virker.plan.work import work_out
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
MakeBank = Callable[..., Bank]
CHEAP = [{"amount": 100, "currency": "DKK", "payer": "municipality", "assumed": "prøve"}]
DEAR = [{"amount": 500_000, "currency": "DKK", "payer": "municipality", "assumed": "prøve"}]
PASSED = (study("c-1", finding()), study("d-1", finding()), study("e-1", finding()))


def judged(bank: Bank, *measures: dict[str, Any], **changes: Any) -> PaysBack:
    worked = work_out(scenario_of(*measures or (measure_of(price=CHEAP),), **changes), bank, LAW)
    return judge(worked, bank, "star-hierarchy", other_numbers(worked))


def why(claim: PaysBack) -> str:
    return " ".join(r.da for r in claim.reasons)


def test_a_band_above_nothing_with_agreeing_evidence_is_supported(bank_of: MakeBank) -> None:
    claim = judged(bank_of(study("a-1", number()), *PASSED))
    assert claim.status == "supported", why(claim)
    assert claim.reasons[0].da == "Hele båndet ligger over nul."


def test_the_claim_says_whose_number_it_rests_on_and_where_it_was(bank_of: MakeBank) -> None:
    claim = judged(bank_of(study("a-1", number()), *PASSED))
    assert "Ærø (2020), Danmark" in why(claim)
    assert claim.said.en == "The plan gives the public purse a surplus within 104 weeks."


def test_without_any_number_there_is_too_little_to_say(bank_of: MakeBank) -> None:
    claim = judged(bank_of(*PASSED))
    assert claim.status == "too-little"
    assert "Banken har intet tal" in why(claim)


@pytest.mark.parametrize("measure", [{"reach": 0.0}, {"start_week": 300}], ids=["reach 0", "after the plan"])
def test_a_plan_that_nobody_begins_is_neither_surplus_nor_deficit(bank_of: MakeBank, measure: dict[str, Any]) -> None:
    claim = judged(bank_of(study("a-1", number()), *PASSED), measure_of(**measure))
    assert claim.status == "too-little"
    assert "Ingen begynder" in why(claim)


def test_no_capacity_is_nobody_and_not_a_deficit(bank_of: MakeBank) -> None:
    claim = judged(bank_of(study("a-1", number())), measure_of(uses=[{"capacity": "timer", "amount": 1}]), capacity=[{**HOURS, "amount": 0}])
    assert claim.status == "too-little"


def test_a_whole_band_below_nothing_contradicts(bank_of: MakeBank) -> None:
    claim = judged(bank_of(study("a-1", number()), *PASSED), measure_of(price=DEAR))
    assert claim.status == "contradicted"
    assert "Hele båndet ligger under nul." in why(claim)


def test_a_deficit_without_a_band_contradicts_at_the_printed_number(bank_of: MakeBank) -> None:
    claim = judged(bank_of(study("a-1", number(se=None)), *PASSED), measure_of(price=DEAR))
    assert claim.status == "contradicted"
    assert "Med de trykte tal giver planen underskud." in why(claim)


def test_a_deficit_that_a_measure_without_a_number_may_turn_is_too_little(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number()), *PASSED)
    claim = judged(bank, measure_of(price=CHEAP), measure_of(id="kursus", intervention="training", start_week=13, price=DEAR))
    assert claim.status == "too-little"


def overstated(bank: Bank, reason: str, *measures: dict[str, Any], **changes: Any) -> None:
    claim = judged(bank, *measures, **changes)
    assert claim.status == "overstated", why(claim)
    assert reason in why(claim)


def test_a_surplus_beside_a_measure_without_a_number_is_overstated(bank_of: MakeBank) -> None:
    other = measure_of(id="kursus", intervention="training", start_week=13, price=CHEAP)
    overstated(bank_of(study("a-1", number()), *PASSED), "så planen regner uden effekt af den", measure_of(price=CHEAP), other)


def test_a_source_without_uncertainty_makes_it_overstated(bank_of: MakeBank) -> None:
    overstated(bank_of(study("a-1", number(se=None)), *PASSED), "Kilden trykker ingen usikkerhed")


def test_a_band_that_reaches_below_nothing_makes_it_overstated_with_the_chance(bank_of: MakeBank) -> None:
    overstated(bank_of(study("a-1", number(se=3.0)), *PASSED), "Båndet går ned under nul: Chancen for overskud er ")


def test_a_deficit_whose_band_reaches_above_nothing_says_both(bank_of: MakeBank) -> None:
    price = [{"amount": 16000, "currency": "DKK", "payer": "municipality", "assumed": "prøve"}]
    claim = judged(bank_of(study("a-1", number(se=3.0)), *PASSED), measure_of(price=price))
    assert claim.status == "overstated"
    assert "Med de trykte tal giver planen underskud. Båndet går ned under nul" in why(claim)


def test_a_verdict_that_is_not_positive_makes_it_overstated(bank_of: MakeBank) -> None:
    against = (study("c-1", finding(direction="none")), study("d-1", finding(direction="negative")), study("e-1", finding(direction="none")))
    overstated(bank_of(study("a-1", number()), *against), "Al evidens om indsatsen for gruppen er samlet")


def test_another_number_that_gives_a_deficit_makes_it_overstated(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number()), study("b-1", number(effect=-4.0), design="matching"), *PASSED)
    overstated(bank, "Med et andet af bankens tal giver planen underskud: b-1#1.")


def test_a_loss_to_others_makes_it_overstated(bank_of: MakeBank) -> None:
    others = finding(3, direction="negative", spillover=True, scope="market")
    overstated(bank_of(study("a-1", number()), study("b-1", others), *PASSED), "tages fra andre ledige")


def test_an_effect_that_outlives_the_source_makes_it_overstated(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(horizon_months=6.0, effect=1.0, se=0.1)), *PASSED)
    overstated(bank, "Planen lader effekten vare i 52 uger; kilden fulgte folk i 26.", measure_of(price=CHEAP, lasts_weeks=52))


AFTER: dict[str, Any] = {"outcome": "employment-rate", "unit": "pp", "effect": 8.0, "phase": "after", "se": 0.5}


def test_an_effect_after_without_the_lock_in_makes_it_overstated(bank_of: MakeBank) -> None:
    overstated(bank_of(study("a-1", number(**AFTER)), *PASSED), "så planen regner uden fastlåsning")


def test_a_lock_in_alone_contradicts_nothing(bank_of: MakeBank) -> None:
    lock_in = number(outcome="exit-to-job", unit="hazard-ratio", effect=0.7, horizon_months=None, phase="lock-in", se=0.01)
    claim = judged(bank_of(study("a-1", lock_in), *PASSED))
    assert claim.status == "too-little"
    assert "intet tal for tiden efter indsatsen" in why(claim)


def test_draws_out_of_reach_make_it_overstated(bank_of: MakeBank) -> None:
    overstated(bank_of(study("a-1", number(effect=30.0, se=12.0)), *PASSED), "kan ikke nås med gruppens afgangsrater")


def test_the_two_worked_examples_are_judged_as_their_pages_say(danish: Bank) -> None:
    found = {}
    for name in ("nyledige-dagpenge", "sagsstammer"):
        worked = work_out(read_scenario(ROOT / "plans" / f"{name}.toml", danish, LAW), danish, LAW)
        found[name] = judge(worked, danish, "star-hierarchy", other_numbers(worked)).status
    assert found == {"nyledige-dagpenge": "overstated", "sagsstammer": "supported"}
