"""Which number of the bank a measure gets, what it is in this group, and that the plan gives the printed number back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.conftest import ROOT, study
from tests.plan.scenario_of import measure_of, number, scenario_of
from virker.bank import Bank
from virker.errors import ContentError
from virker.plan.draws import amounts
from virker.plan.effects import WHOLE_SPELL, MeasureEffect, find_effects, refitted
from virker.plan.read import read_scenario
from virker.plan.scenario import Scenario
from virker.plan.work import Worked, work_out
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
MakeBank = Callable[..., Bank]


def effect_in(bank: Bank, *measures: dict[str, Any], **changes: Any) -> MeasureEffect:
    return find_effects(scenario_of(*measures, **changes), bank)[0]


def addresses(effect: MeasureEffect) -> list[str]:
    return [u.number.address for u in effect.used]


# --- the real bank


@pytest.fixture(scope="module")
def newly(danish: Bank) -> Scenario:
    return read_scenario(ROOT / "plans" / "nyledige-dagpenge.toml", danish, LAW)


@pytest.fixture(scope="module")
def cases(danish: Bank) -> Scenario:
    return read_scenario(ROOT / "plans" / "sagsstammer.toml", danish, LAW)


def test_meetings_for_newly_unemployed_insured_people_get_the_weeks_of_the_danish_trial(danish: Bank, newly: Scenario) -> None:
    meetings, subsidy = find_effects(newly, danish)
    assert addresses(meetings) == ["pedersen-2012#2"]
    assert meetings.used[0].span == (0, 104)
    assert not meetings.used[0].has_band
    assert {o.number.address for o in meetings.others} == {"pedersen-2012#1", "vandenberg-2012#2"}
    assert subsidy.used == ()
    assert "positive" in {way for d in subsidy.path.directions for way in d.counts}


def test_a_named_number_is_used_and_turned_the_way_of_the_plan(danish: Bank, cases: Scenario) -> None:
    (effect,) = find_effects(cases, danish)
    assert addresses(effect) == ["boeheim-2023#8"]
    assert effect.used[0].number.amount == pytest.approx(16 / 7)
    assert effect.used[0].has_band
    assert effect.used[0].centre > 0


def test_a_number_of_exits_to_anything_is_refused_with_its_reason(danish: Bank, cases: Scenario) -> None:
    (effect,) = find_effects(cases, danish)
    assert {n.address: why.da for n, why in effect.refused} == {"boeheim-2023#1": "tæller afgang til andet end job med"}


def one_cohort(scenario: Scenario, **changes: Any) -> Scenario:
    """The same rates and measure for a thousand who come in week 0 and all get it, with room for all and no job lost."""
    import msgspec

    s, change = scenario, msgspec.structs.replace
    measure = change(s.measure[0], reach=1.0, start_week=0, uses=(), price=())
    return change(
        s, measure=(measure,), capacity=(), weeks=104, people=change(s.people, inflow=(1000.0, *[0.0] * 103), stock=()),
        baseline=change(s.baseline, job_loss=0.0), **changes,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "weeks"), [("newly", 5.0), ("cases", 16 / 7)])
def test_the_whole_path_gives_the_printed_weeks_in_work_back(danish: Bank, request: pytest.FixtureRequest, name: str, weeks: float) -> None:
    worked = work_out(one_cohort(request.getfixturevalue(name)), danish, LAW)
    assert worked.started[worked.scenario.measure[0].id].centre == pytest.approx(1000)
    assert worked.weeks_in_work.centre / 1000 == pytest.approx(weeks, rel=1e-9)


def test_the_band_of_the_plan_is_the_printed_standard_error(danish: Bank, cases: Scenario) -> None:
    worked = work_out(one_cohort(cases, draws=4000), danish, LAW)
    low, high = ((worked.weeks_in_work.low) / 1000, (worked.weeks_in_work.high) / 1000)
    assert low == pytest.approx((16 - 1.645 * 4) / 7, abs=0.1)
    assert high == pytest.approx((16 + 1.645 * 4) / 7, abs=0.1)


# --- small banks


def test_a_named_number_out_of_reach_is_told_as_a_problem(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(effect=103.0), number(2)))
    with pytest.raises(ContentError, match=r"'a-1#1' does not speak for this measure and group: cannot be reached"):
        effect_in(bank, measure_of(effect="a-1#1"))
    assert addresses(effect_in(bank)) == ["a-1#2"]


def test_naming_a_number_for_one_measure_leaves_the_other_to_the_bank(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(), number(2, horizon_months=12.0)))
    first, second = find_effects(scenario_of(measure_of(effect="a-1#2"), measure_of(id="to", start_week=26)), bank)
    assert (addresses(first), addresses(second)) == (["a-1#2"], ["a-1#1"])


def test_time_in_work_goes_before_other_kinds_of_one_trial(bank_of: MakeBank) -> None:
    share = number(1, outcome="employment-rate", unit="pp", effect=2.0)
    assert addresses(effect_in(bank_of(study("a-1", share, number(2))))) == ["a-1#2"]


def test_numbers_of_one_trial_are_drawn_alike_and_of_two_apart(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number()), study("b-1", number(intervention="training")))
    same = find_effects(scenario_of(measure_of(reach=0.2), measure_of(id="to", reach=0.2)), bank)
    assert np.array_equal(same[0].used[0].log_ratio, same[1].used[0].log_ratio)
    apart = find_effects(scenario_of(measure_of(reach=0.2), measure_of(id="to", reach=0.2, intervention="training")), bank)
    assert abs(np.corrcoef(apart[0].used[0].log_ratio, apart[1].used[0].log_ratio)[0, 1]) < 0.2


def test_within_a_draw_more_time_in_work_is_less_time_unemployed(bank_of: MakeBank) -> None:
    less = number(2, outcome="unemployment-duration", effect=-3.0)
    effect = effect_in(bank_of(study("a-1", number(), less)))
    work, unemployed = (amounts(n, 500, 1) for n in (effect.used[0].number, effect.others[0].number))
    assert np.corrcoef(work, unemployed)[0, 1] == pytest.approx(-1)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number()))
    one, same, other = (effect_in(bank, seed=s).used[0].log_ratio for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_printed_range_is_drawn_evenly_over_it_and_stays_inside(bank_of: MakeBank) -> None:
    effect = effect_in(bank_of(study("a-1", number(effect=None, effect_low=1.0, effect_high=3.0, se=None))))
    drawn = amounts(effect.used[0].number, 5000, 1)
    assert (drawn.min() >= 1, drawn.max() <= 3) == (True, True)
    assert np.quantile(drawn, [0.25, 0.5, 0.75]) == pytest.approx([1.5, 2.0, 2.5], abs=0.06)
    assert effect.used[0].has_band


def test_a_number_without_precision_is_the_same_in_all_draws(bank_of: MakeBank) -> None:
    used = effect_in(bank_of(study("a-1", number(se=None)))).used[0]
    assert not used.has_band
    assert np.ptp(used.log_ratio) == 0


LOCK_IN = {"outcome": "exit-to-job", "unit": "hazard-ratio", "effect": 0.6, "horizon_months": None, "phase": "lock-in", "se": None}
AFTER = {"outcome": "employment-rate", "unit": "pp", "effect": 4.0, "phase": "after", "se": 1.0}


def test_a_net_number_stands_alone_because_it_already_holds_the_lock_in(bank_of: MakeBank) -> None:
    effect = effect_in(bank_of(study("a-1", number(), number(2, **LOCK_IN))))
    assert addresses(effect) == ["a-1#1"]


def test_a_later_number_is_found_around_the_lock_in_and_the_plan_gives_it_back(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(1, **LOCK_IN), number(2, **AFTER)))
    scenario = scenario_of(measure_of(reach=1.0, price=None), people={"inflow": [1000.0, *[0.0] * 103], "assumed": "prøve"}, baseline__job_loss=0.0)
    worked = work_out(scenario, bank, LAW)
    assert [(u.phase, u.span) for u in worked.effects[0].used] == [("lock-in", (0, 13)), ("after", (13, 104))]
    more = worked.more_in_work()[0]
    assert more[10] < 0
    assert more[104] / 1000 == pytest.approx(0.04, abs=1e-9)
    alone = effect_in(bank_of(study("a-1", number(2, **AFTER))), measure_of(reach=1.0), baseline__job_loss=0.0)
    assert worked.effects[0].used[1].centre > alone.used[0].centre


def test_a_threat_needs_notice(bank_of: MakeBank) -> None:
    threat = number(1, outcome="exit-to-job", unit="hazard-ratio", effect=1.4, horizon_months=None, phase="threat", se=None)
    bank = bank_of(study("a-1", threat))
    without = effect_in(bank)
    assert without.used == ()
    assert "intet varsel" in without.refused[0][1].da
    assert effect_in(bank, measure_of(notice_weeks=4)).used[0].span == (0, 4)


def test_a_later_hazard_without_an_end_is_refused_until_the_planner_sets_one(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(1, **{**LOCK_IN, "phase": "after", "effect": 1.3})))
    assert "how long" in effect_in(bank).refused[0][1].en
    assert effect_in(bank, measure_of(lasts_weeks=40)).used[0].span == (13, 40)
    assert "before the measure is over" in effect_in(bank, measure_of(lasts_weeks=13)).refused[0][1].en


def test_a_hazard_of_the_whole_course_without_a_horizon_holds_while_the_measure_runs(bank_of: MakeBank) -> None:
    effect = effect_in(bank_of(study("a-1", number(1, **{**LOCK_IN, "phase": "net", "effect": 1.3}))), measure_of(notice_weeks=2))
    assert effect.used[0].span == (0, 15)
    assert effect.used[0].centre == pytest.approx(np.log(1.3))


def test_a_shorter_spell_is_the_same_ratio_however_long_the_plan_is(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(1, outcome="unemployment-duration", effect=-2.0, horizon_months=None, se=None)))
    short, long = (effect_in(bank, weeks=w).used[0] for w in (26, 208))
    assert short.span == (0, WHOLE_SPELL)
    assert short.centre == pytest.approx(long.centre)


def test_a_group_that_nobody_leaves_has_no_number_and_is_no_crash(bank_of: MakeBank) -> None:
    spell = number(1, outcome="unemployment-duration", effect=-2.0, horizon_months=None, se=None)
    effect = effect_in(bank_of(study("a-1", spell)), baseline__job=[{"from": 0, "rate": 0.0}], baseline__other=[])
    assert effect.used == ()
    assert "afgangsrater" in effect.refused[0][1].da


def test_a_group_that_the_bank_has_nothing_on_has_no_effect(danish: Bank) -> None:
    effect = effect_in(danish, measure_of(intervention="training-shortage"), group=("refugees",))
    assert (effect.used, effect.others) == ((), ())


def test_draws_that_cannot_be_reached_are_counted_and_held_at_the_end(bank_of: MakeBank) -> None:
    used = effect_in(bank_of(study("a-1", number(effect=30.0, se=20.0)))).used[0]
    assert 0 < used.clipped < 1
    assert np.isfinite(used.log_ratio).all()


def test_numbers_found_anew_in_the_same_group_are_the_same(danish: Bank, newly: Scenario, bank_of: MakeBank) -> None:
    for effects, scenario in (
        (find_effects(newly, danish), newly),
        (find_effects(scenario_of(), two := bank_of(study("a-1", number(1, **LOCK_IN), number(2, **AFTER)))), scenario_of()),
    ):
        assert two.rows
        again = refitted(effects, scenario)
        assert {e.told.id: [u.centre for u in e.used] for e in effects} == {k: pytest.approx([float(p.log_ratio[0]) for p in v]) for k, v in again.items()}


def test_the_plan_of_two_measures_is_worked_out_with_one_number_each(danish: Bank, newly: Scenario) -> None:
    worked: Worked = work_out(newly, danish, LAW)
    assert [len(m.phases) for m in worked.inputs.measures] == [1, 0]
