"""The weekly model: a calculation by hand, closed forms, conservation of people, capacity, and properties that hold for any inputs."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.inputs_of import MONEY, any_inputs, baseline_of, capacity_of, full, inputs_of, phase_of
from virker.errors import QueryError
from virker.plan import model
from virker.plan.inputs import Cost, Inputs, Measure, Phase, Use
from virker.plan.model import run, without
from virker.plan.outputs import Run

CLOSE = {"rtol": 1e-12, "atol": 1e-9}


def ever(inputs: Inputs) -> np.ndarray:
    """Everybody who has joined by the start of each week, and by the end of the last."""
    inflow = np.cumsum(inputs.people.inflow)
    return np.asarray(np.append(inflow, inflow[-1]) + inputs.people.stock.sum())


def test_three_weeks_by_hand() -> None:
    """40 stand at d = 1 at the start; 100 and 10 join. Half of those at d = 1 are offered a measure of two weeks with 30 places, which doubles
    the hazard in its first week: 1 − 0.9² = 0.19 find a job in it instead of 0.1."""
    measure = Measure(
        "course",
        1,
        0.5,
        (phase_of(0, 1, 2.0),),
        (Use("places", 0, 2, 1.0),),
        (Cost("municipality", "resources", 0, 1, 1000.0),),
    )
    money = replace(MONEY, state_share=np.array([1.0, 0.5, 0.0]))
    base = baseline_of([0.2, 0.1], [0.1, 0.0], job_loss=0.5)
    got = run(inputs_of(3, base, measure, inflow=[100, 10, 0], stock=[0, 40], capacity=capacity_of(3, places=30), money=money))

    # Week 0. Benefit to 100 + 40. Of 40 at d = 1, 20 are offered and begin. To a job: 100·0.2 + 20·0.1 + 20·0.19 = 25.8; elsewhere 10.
    # Week 1. Join 10. Of 70 at d = 1, 35 are offered; 16.2 = 20·0.81 hold a place, so 13.8 begin and 21.2 are turned away.
    #         Benefit to 10 + 70 + 18 + 16.2 = 114.2. To a job: 2 + 5.62 + 1.8 + 1.62 + 13.8·0.19 = 13.662; elsewhere 1. 12.9 lose theirs.
    # Week 2. Join 12.9. Of 7 at d = 1, 3.5 are offered; 11.178 hold a place, so they begin.
    #         Benefit to 12.9 + 7 + 50.58 + 16.2 + 14.58 + 11.178 = 112.438.
    #         To a job: 2.58 + 0.35 + 5.058 + 1.62 + 1.458 + 1.1178 + 0.665 = 12.8488; elsewhere 1.29. 13.281 lose theirs.
    np.testing.assert_allclose(got.started[0, 0], [20, 13.8, 3.5], **CLOSE)
    np.testing.assert_allclose(got.turned_away[0, 0], [0, 21.2, 0], **CLOSE)
    np.testing.assert_allclose(got.used["places"][0], [20, 30, 11.178 + 3.5], **CLOSE)
    np.testing.assert_allclose(got.participants[0, 0], [20, 30, 11.178 + 3.5], **CLOSE)
    np.testing.assert_allclose(got.benefit[0], [140, 114.2, 112.438], **CLOSE)
    np.testing.assert_allclose(got.state_benefit[0], [100 + 20, 10 + 35, 12.9 + 3.5], **CLOSE)
    np.testing.assert_allclose(got.in_work[0], [0, 25.8, 26.562, 26.1298], **CLOSE)
    np.testing.assert_allclose(got.left[0], [0, 10, 11, 12.29], **CLOSE)
    np.testing.assert_allclose(got.unemployed[0], [140, 114.2, 112.438, 111.5802], **CLOSE)
    np.testing.assert_allclose(got.costs["municipality", "resources", "programme"][0], [20000, 13800, 3500], **CLOSE)


def test_a_stock_of_inflow_over_hazard_stands_still() -> None:
    """Constant hazard h and inflow n: n/h are unemployed when the week's newcomers have joined, and stay so."""
    got = run(inputs_of(50, baseline_of(0.04), inflow=20.0, stock=[20 / 0.04 - 20]))
    np.testing.assert_allclose(got.benefit, 500.0, **CLOSE)
    np.testing.assert_allclose(np.diff(got.in_work[0]), 20.0, **CLOSE)


def test_a_cohort_shrinks_geometrically_and_shares_its_exits_in_proportion() -> None:
    got = run(inputs_of(30, baseline_of(0.06, 0.02), stock=[1000.0]))
    np.testing.assert_allclose(got.unemployed[0], 1000 * 0.92 ** np.arange(31), **CLOSE)
    np.testing.assert_allclose(got.in_work[0], 3 * got.left[0], **CLOSE)


def test_two_states_reach_their_steady_state() -> None:
    """Job finding f and job loss s: f/(f + s) are in work in the end, and the distance shrinks by 1 − f − s a week."""
    f, s = 0.05, 0.01
    got = run(inputs_of(300, baseline_of(f, job_loss=s), stock=[1000.0])).in_work[0]
    steady = 1000 * f / (f + s)
    np.testing.assert_allclose(got, steady * (1 - (1 - f - s) ** np.arange(301)), **CLOSE)


def test_the_last_rate_of_the_table_holds_on() -> None:
    short, long = baseline_of([0.1, 0.05, 0.02], 0.01, 0.03), baseline_of([0.1, 0.05] + [0.02] * 80, 0.01, 0.03)
    measure = Measure("late", 20, 0.5, (phase_of(0, 9, 3.0),))
    same_run(run(inputs_of(60, short, measure, inflow=9.0, stock=[5.0] * 40)), run(inputs_of(60, long, measure, inflow=9.0, stock=[5.0] * 40)))


def test_exact_weeks_are_kept_beyond_the_table() -> None:
    """One rate for all weeks, and still the measure finds those who stand at exactly 7 weeks."""
    got = run(inputs_of(12, baseline_of(0.0), Measure("late", 7, 1.0), inflow=[3] + [0] * 11, stock=[0, 0, 0, 0, 0, 10, 0, 20, 40]))
    np.testing.assert_array_equal(got.started[0, 0], [20, 0, 10, 0, 0, 0, 0, 3, 0, 0, 0, 0])


def test_those_past_the_start_week_never_get_the_measure() -> None:
    got = run(inputs_of(20, baseline_of(0.1), Measure("early", 2, 1.0), stock=[0, 0, 0, 100, 100]))
    assert got.started.sum() == 0
    assert got.turned_away.sum() == 0


def test_a_measure_that_does_not_run_yet_reaches_nobody() -> None:
    got = run(inputs_of(6, baseline_of(0.0), Measure("later", 1, 0.5, from_week=3), inflow=10.0))
    np.testing.assert_array_equal(got.started[0, 0], [0, 0, 0, 5, 5, 5])
    assert got.turned_away.sum() == 0


def test_one_spell_one_measure_and_who_was_turned_away_can_get_a_later_one() -> None:
    first = Measure("first", 0, 1.0, uses=(Use("places", 0, 1, 1.0),))
    got = run(inputs_of(2, baseline_of(0.0), first, Measure("second", 1, 1.0), stock=[100.0], capacity=capacity_of(2, places=30)))
    np.testing.assert_array_equal(got.started[0], [[30, 0], [0, 70]])
    np.testing.assert_array_equal(got.turned_away[0], [[70, 0], [0, 0]])


def test_measures_of_the_same_week_share_out_the_people() -> None:
    """30 per cent each of the same 100; those turned away from the first are not offered the second."""
    pair = (Measure("a", 0, 0.3, uses=(Use("places", 0, 1, 1.0),)), Measure("b", 0, 0.3))
    got = run(inputs_of(1, baseline_of(0.0), *pair, stock=[100.0], capacity=capacity_of(1, places=10)))
    np.testing.assert_allclose(got.started[0, :, 0], [10, 30], **CLOSE)


def test_who_comes_back_has_a_new_spell_and_can_be_reached_anew() -> None:
    """Everybody finds a job at once and loses it the week after: the same ten begin in week 0, 3 and 6."""
    base = replace(baseline_of(1.0), job_loss=1.0)
    got = run(inputs_of(5, base, Measure("m", 0, 1.0), stock=[10.0]))
    np.testing.assert_array_equal(got.in_work[0], [0, 10, 0, 10, 0, 10])
    np.testing.assert_array_equal(got.started[0, 0], [10, 0, 10, 0, 10])


def test_earlier_measures_take_their_places_first() -> None:
    use = (Use("hours", 0, 1, 2.0),)
    got = run(
        inputs_of(1, baseline_of(0.0), Measure("a", 1, 1.0, uses=use), Measure("b", 0, 1.0, uses=use), stock=[50, 40], capacity=capacity_of(1, hours=100))
    )
    np.testing.assert_allclose(got.started[0, :, 0], [40, 10], **CLOSE)


def test_a_place_is_promised_for_the_whole_measure() -> None:
    """Meetings in weeks 0 and 3, nobody leaves, 10 hours a week. Ten begin in week 0. In week 3 they use all ten hours, so nobody begins."""
    measure = Measure("meetings", 0, 1.0, uses=(Use("hours", 0, 1, 1.0), Use("hours", 3, 4, 1.0)))
    got = run(inputs_of(7, baseline_of(0.0), measure, inflow=50.0, capacity=capacity_of(7, hours=10)))
    np.testing.assert_array_equal(got.started[0, 0], [10, 10, 10, 0, 0, 0, 10])
    np.testing.assert_array_equal(got.used["hours"][0], 10.0)


def test_nobody_begins_what_a_later_week_has_no_room_for() -> None:
    measure = Measure("course", 0, 1.0, uses=(Use("seats", 2, 3, 1.0),))
    got = run(inputs_of(5, baseline_of(0.0), measure, inflow=50.0, capacity=capacity_of(5, seats=[99, 99, 7, 0, 99])))
    np.testing.assert_array_equal(got.started[0, 0], [7, 0, 50, 50, 50])  # what falls after the last week is not asked for


def test_capacity_binds_draw_by_draw() -> None:
    """Where the measure gets people into jobs sooner, places fall free sooner."""
    measure = Measure("m", 0, 1.0, (phase_of(0, 5, [0.5, 1.0, 4.0]),), (Use("places", 0, 5, 1.0),))
    got = run(inputs_of(10, baseline_of(0.1), measure, inflow=50.0, capacity=capacity_of(10, places=60)))
    assert (np.diff(got.started.sum(axis=(1, 2))) > 1).all()


def test_costs_fall_only_while_the_person_is_unemployed_and_in_the_measure() -> None:
    measure = Measure("m", 0, 1.0, costs=(Cost("state", "employer", 1, 3, 100.0, "subsidy"), Cost("state", "employer", 2, 3, 10.0, "subsidy")))
    got = run(inputs_of(5, baseline_of(0.5), measure, stock=[8.0]))
    np.testing.assert_allclose(got.costs["state", "employer", "subsidy"][0], [0, 400, 220, 0, 0], **CLOSE)
    np.testing.assert_allclose(got.participants[0, 0], [8, 4, 2, 0, 0], **CLOSE)


def test_draws_are_independent_of_how_they_are_chunked(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = full(draws=7)
    whole = run(inputs)
    monkeypatch.setattr(model, "CHUNK", 3)
    same_run(run(inputs), whole)
    one = run(replace(inputs, measures=tuple(replace(m, phases=tuple(replace(p, log_ratio=p.log_ratio[[5]]) for p in m.phases)) for m in inputs.measures)))
    np.testing.assert_allclose(one.in_work[0], whole.in_work[5], **CLOSE)


def test_every_problem_of_the_arrays_is_told_at_once() -> None:
    phases = (phase_of(0, 4, 1.0), Phase("after", 3, 3, np.zeros(1)), Phase("threat", 2, 9, np.array([np.nan])))
    bad = Measure("måling", 0, 1.2, phases, (Use("pladser", 0, 1, 1.0),))
    broken = inputs_of(4, baseline_of([0.9, 0.2], [0.2, 0.1], job_loss=1.5), bad, inflow=-1.0)
    broken = replace(broken, people=replace(broken.people, stock=np.array([np.nan])), capacity=capacity_of(3, hours=1))
    with pytest.raises(QueryError) as told:
        run(broken)
    for words in ("inflow: people", "stock: people", "job + other is 1.1 at 0 weeks", "job_loss is 1.5", "måling: reach is 1.2", "'pladser' is not given"):
        assert words in str(told.value)
    for words in ("adds up to 1.2", "from week 3 to 3", "overlap in week 2", "no missing numbers", "capacity 'hours' has shape (3,)"):
        assert words in str(told.value)


@given(any_inputs())
@settings(max_examples=150, deadline=None)
def test_nobody_appears_or_disappears(inputs: Inputs) -> None:
    got = run(inputs)
    everybody = np.broadcast_to(ever(inputs), got.in_work.shape)
    np.testing.assert_allclose(got.in_work + got.unemployed + got.left, everybody, rtol=1e-10, atol=1e-7)
    for name in ("in_work", "unemployed", "left", "benefit", "state_benefit", "participants", "started", "turned_away"):
        assert getattr(got, name).min(initial=0) >= -1e-9, name


@given(any_inputs())
@settings(max_examples=150, deadline=None)
def test_no_more_is_used_than_there_is(inputs: Inputs) -> None:
    got = run(inputs)
    for name, used in got.used.items():
        assert (used <= inputs.capacity[name].amount + 1e-7).all()


@given(any_inputs())
@settings(max_examples=60, deadline=None)
def test_a_measure_without_effect_moves_nobody(inputs: Inputs) -> None:
    idle = replace(inputs, measures=tuple(replace(m, phases=tuple(replace(p, log_ratio=np.zeros(1)) for p in m.phases)) for m in inputs.measures))
    plan, alone = run(idle), run(without(inputs))
    for name in ("in_work", "unemployed", "left", "benefit", "state_benefit"):
        np.testing.assert_allclose(getattr(plan, name), getattr(alone, name), rtol=1e-10, atol=1e-7)


@given(any_inputs(job_loss=0.0), st.floats(0.0, 2.0))
@settings(max_examples=150, deadline=None)
def test_a_larger_effect_never_lowers_the_number_in_work_when_jobs_last_and_places_suffice(inputs: Inputs, more: float) -> None:
    """The two conditions are needed: see the next two tests."""
    roomy = replace(inputs, capacity=capacity_of(inputs.weeks, hours=1e9, seats=1e9))
    larger = replace(roomy, measures=tuple(replace(m, phases=tuple(replace(p, log_ratio=p.log_ratio + more) for p in m.phases)) for m in roomy.measures))
    assert (run(larger).in_work >= run(roomy).in_work - 1e-7).all()


def test_where_jobs_are_lost_haste_can_lower_the_number_in_work_in_a_given_week() -> None:
    """All would find a job in week 1 anyway. Those who find it in week 0 have had time to lose it by week 2."""
    base = baseline_of([0.0, 0.5, 1.0], job_loss=0.5)
    plain = inputs_of(3, base, stock=[0, 100.0])
    hasty = replace(plain, measures=(Measure("m", 1, 1.0, (phase_of(0, 1, 9.0),)),))
    assert run(hasty).in_work[0, 2] < run(plain).in_work[0, 2]


def test_where_places_are_short_a_better_second_week_lets_more_people_into_a_worse_first() -> None:
    """The seat is needed in week 2 only. The more have left by then, the more can begin, and be locked in for a week."""

    def plan(ratio: float) -> Inputs:
        measure = Measure("m", 0, 1.0, (phase_of(0, 1, 0.01), phase_of(1, 2, ratio)), (Use("seats", 2, 3, 1.0),))
        return inputs_of(3, baseline_of(0.2), measure, stock=[100.0], capacity=capacity_of(3, seats=40))

    better, worse = run(plan(4.0)), run(plan(1.0))
    assert better.started.sum() > worse.started.sum()
    assert better.in_work[0, 1] < worse.in_work[0, 1]


@given(any_inputs(job_loss=0.0, measures=1), st.floats(0.0, 3.0))
@settings(max_examples=200, deadline=None)
def test_more_of_a_one_week_capacity_never_lowers_the_starts_of_a_measure(inputs: Inputs, more: float) -> None:
    inputs = replace(inputs, measures=tuple(replace(m, uses=tuple(replace(use, start=0, stop=1) for use in m.uses)) for m in inputs.measures))
    larger = replace(inputs, capacity={name: replace(c, amount=c.amount + more) for name, c in inputs.capacity.items()})
    assert (run(larger).started >= run(inputs).started - 1e-7).all()


def same_run(one: Run, other: Run) -> None:
    for field in fields(Run):
        left, right = getattr(one, field.name), getattr(other, field.name)
        pairs = [(left[key], right[key]) for key in left] if isinstance(left, dict) else [(left, right)]
        for a, b in pairs:
            np.testing.assert_allclose(a, b, **CLOSE)
