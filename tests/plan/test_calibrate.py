"""From a printed number to a hazard ratio and back: through the formulas, and through the model itself."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.inputs_of import baseline_of, baselines, inputs_of
from virker.errors import QueryError
from virker.plan import cohort
from virker.plan.calibrate import Calibration, Kind, NotReachable, Target, calibrate, effect
from virker.plan.inputs import Baseline, Capacity, Inputs, Measure, Phase, Use
from virker.plan.model import run, without
from virker.plan.outputs import Run
from virker.plan.rates import with_phases

BASE = baseline_of(np.linspace(0.06, 0.02, 60), np.linspace(0.004, 0.008, 60), job_loss=0.008)
PRINTED: dict[Kind, float] = {
    "hazard-ratio": 1.2,
    "hazard-percent": -0.1,
    "job-exits-pp": 0.03,
    "weeks-in-work": 1.5,
    "in-work-at-pp": 0.02,
    "in-work-at-percent": 0.05,
    "in-work-mean-pp": -0.02,
    "in-work-mean-percent": 0.05,
    "duration-mean": -2.0,
    "duration-within": 1.5,
}
KINDS = get_args(Kind)
H = 52


def target_of(kind: Kind, **more: object) -> Target:
    horizon = None if kind in {"hazard-ratio", "hazard-percent", "duration-mean"} else H
    return replace(Target(kind, 5, ((0, 4), (8, 30)), horizon), **more)  # type: ignore[arg-type]


def one_entrant(baseline: Baseline, target: Target, log_ratio: np.ndarray, weeks: int) -> Inputs:
    """One person at the start week; the only place is in week 0, so that who comes back is not given the measure again."""
    measure = Measure("m", target.start_week, 1.0, tuple(Phase("net", *span, log_ratio) for span in target.windows), (Use("place", 0, 1, 1.0),))
    place = {"place": Capacity("place", np.eye(1, weeks)[0], "place", 1.0)}
    return inputs_of(weeks, baseline, measure, stock=np.eye(1, target.start_week + 1, target.start_week)[0], capacity=place)


def printed_by(kind: Kind, plan: Run, alone: Run) -> np.ndarray:
    """The number of that kind, read off the two runs."""

    def level(of: Run) -> np.ndarray:
        if kind.startswith("in-work-at"):
            return of.in_work[:, H]
        weeks = of.in_work[:, :H].sum(axis=1)
        return weeks if kind == "weeks-in-work" else weeks / H

    change = level(plan) - level(alone)
    return change / level(alone) if kind.endswith("percent") else change


@pytest.mark.parametrize("kind", KINDS)
def test_the_ratio_found_gives_the_printed_number_back(kind: Kind) -> None:
    printed = np.random.default_rng(3).normal(PRINTED[kind], abs(PRINTED[kind]) / 4, 50)
    found = calibrate(BASE, target_of(kind), printed)
    np.testing.assert_allclose(effect(BASE, target_of(kind), found.log_ratio), printed, rtol=0, atol=1e-10)


@pytest.mark.parametrize("kind", ["weeks-in-work", "in-work-at-pp", "in-work-at-percent", "in-work-mean-pp", "in-work-mean-percent"])
def test_the_model_itself_gives_the_printed_number_back(kind: Kind) -> None:
    found = calibrate(BASE, target_of(kind), np.array([PRINTED[kind], PRINTED[kind] / 2]))
    inputs = one_entrant(BASE, target_of(kind), found.log_ratio, H)
    np.testing.assert_allclose(printed_by(kind, run(inputs), run(without(inputs))), [PRINTED[kind], PRINTED[kind] / 2], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("kind", "weeks"), [("job-exits-pp", H), ("duration-within", H), ("duration-mean", 1500)])
def test_the_model_gives_back_what_is_printed_of_the_first_spell(kind: Kind, weeks: int) -> None:
    """Jobs last here, so that the only spell is the first."""
    lasting = replace(BASE, job_loss=0.0)
    found = calibrate(lasting, target_of(kind), np.array([PRINTED[kind]]))
    inputs = one_entrant(lasting, target_of(kind), found.log_ratio, weeks)
    plan, alone = run(inputs), run(without(inputs))
    change = plan.in_work[:, -1] - alone.in_work[:, -1] if kind == "job-exits-pp" else (plan.benefit - alone.benefit).sum(axis=1)
    np.testing.assert_allclose(change, PRINTED[kind], rtol=0, atol=1e-9)


def test_a_ratio_and_per_cent_of_the_hazard_need_no_model() -> None:
    np.testing.assert_allclose(calibrate(BASE, target_of("hazard-ratio"), np.array([2.0])).log_ratio, np.log(2))
    np.testing.assert_allclose(calibrate(BASE, target_of("hazard-percent"), np.array([0.3])).log_ratio, np.log(1.3))


def test_with_a_constant_hazard_the_mean_spell_is_one_over_it() -> None:
    """1/h weeks; half as long needs h' = 2h, that is (1 − h)^ratio = 1 − 2h."""
    base, forever = baseline_of(0.05), (0, 10**6)
    np.testing.assert_allclose(cohort.duration(base, 0, (), 1), 20.0, rtol=1e-13)
    found = calibrate(base, Target("duration-mean", 0, (forever,)), np.array([-10.0]))
    np.testing.assert_allclose(np.exp(found.log_ratio), np.log(0.9) / np.log(0.95), rtol=1e-12)


def test_with_a_constant_hazard_the_share_with_a_job_within_h_weeks_is_closed() -> None:
    base = baseline_of(0.05)
    found = calibrate(base, Target("job-exits-pp", 3, ((0, 26),), 26), np.array([0.1]))
    left = 0.95**26 - 0.1
    np.testing.assert_allclose(np.exp(found.log_ratio), np.log(left) / (26 * np.log(0.95)), rtol=1e-12)


def test_the_mean_spell_in_stretches_is_the_sum_week_by_week() -> None:
    phases = (Phase("threat", 0, 2, np.log([1.5])), Phase("after", 70, 300, np.log([0.7])))
    weeks = cohort.duration_within(with_phases(BASE, 5, phases, 3000, 1))
    np.testing.assert_allclose(cohort.duration(BASE, 5, phases, 1), weeks, rtol=1e-12)


def test_who_is_in_work_stays_in_the_two_state_closed_form() -> None:
    """f/(f + s) in the end, and 1 at first: w[n] = π + (1 − π)(1 − f − s)ⁿ, with a week between losing a job and looking for the next."""
    f, s = 0.06, 0.02
    share = f / (f + s)
    np.testing.assert_allclose(cohort.still_in_work(baseline_of(f, job_loss=s), 40), share + (1 - share) * (1 - f - s) ** np.arange(40), rtol=1e-12)


def test_known_phases_are_kept_and_the_rest_is_found() -> None:
    """A printed net gain of half a week, with a known lock-in: what comes after must be larger than without the lock-in."""
    lock_in = Phase("lock-in", 0, 6, np.log(np.array([0.6, 0.8])))
    target = Target("weeks-in-work", 4, ((6, 40),), H, (lock_in,))
    found = calibrate(BASE, target, np.array([0.5]))
    np.testing.assert_allclose(effect(BASE, target, found.log_ratio), 0.5, rtol=0, atol=1e-10)
    alone = calibrate(BASE, replace(target, known=()), np.array([0.5]))
    assert found.log_ratio[0] > found.log_ratio[1] > alone.log_ratio[0]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("hazard")])
@pytest.mark.parametrize("direction", [-1.0, 1.0])
def test_more_than_there_is_cannot_be_reached(kind: Kind, direction: float) -> None:
    """60 weeks of 52, or 200 per cent of a share: the range is told, and which draws lie outside it."""
    target, printed = target_of(kind), np.array([PRINTED[kind], direction * 60.0])
    with pytest.raises(NotReachable, match="1 of 2 draws outside") as told:
        calibrate(BASE, target, printed)
    assert told.value.calibration.clipped.tolist() == [False, True]
    clipped = calibrate(BASE, target, printed, clip=True)
    assert clipped.above.tolist() == [False, direction > 0]
    edge = (clipped.high if direction > 0 else clipped.low)[1]
    np.testing.assert_allclose(effect(BASE, target, clipped.log_ratio), [PRINTED[kind], edge], rtol=0, atol=1e-10)


def test_the_reachable_range_ends_where_everybody_leaves_at_once() -> None:
    """Nobody can be in work for more than 51 of 52 weeks, the first being one of unemployment."""
    base = baseline_of(0.05)
    with pytest.raises(NotReachable) as told:
        calibrate(base, Target("weeks-in-work", 0, ((0, 52),), 52), np.array([51.0]))
    most = 51 - cohort.weeks_in_work(base, with_phases(base, 0, (), 52, 1))[0]
    assert told.value.calibration.high[0] == pytest.approx(most, abs=1e-6)


def test_where_haste_lowers_the_share_in_work_the_smallest_effect_that_fits_is_found() -> None:
    """Jobs are lost fast here: at week 30 the share in work is highest at a middling ratio. The search stays on the rising side."""
    base = baseline_of(0.02, job_loss=0.03)
    target = Target("in-work-at-pp", 5, ((0, 30),), 30)
    top = calibrate(base, target, np.array([9.0]), clip=True)
    assert effect(base, target, np.array([6.9]))[0] < top.high[0] - 0.02
    found = calibrate(base, target, top.high / 2)
    assert 0 < found.log_ratio[0] < top.log_ratio[0]
    np.testing.assert_allclose(effect(base, target, found.log_ratio), top.high / 2, rtol=0, atol=1e-10)


def test_no_effect_printed_is_no_effect() -> None:
    for kind in KINDS:
        printed = np.array([1.0 if kind == "hazard-ratio" else 0.0])
        assert calibrate(BASE, target_of(kind), printed).log_ratio[0] == pytest.approx(0.0, abs=1e-12)


@given(baselines(job_loss=0.0), st.sampled_from([kind for kind in KINDS if not kind.startswith("hazard")]), st.integers(0, 6))
@settings(max_examples=150, deadline=None)
def test_a_higher_ratio_never_lowers_any_kind_of_number_where_jobs_last(baseline: Baseline, kind: Kind, start_week: int) -> None:
    """More weeks in work, higher shares, shorter spells."""
    baseline = replace(baseline, job=baseline.job + 0.01)  # somebody finds a job, so that every kind is defined
    target = target_of(kind, start_week=start_week)
    got = effect(baseline, target, np.linspace(-3.0, 3.0, 25))
    assert (np.diff(-got if kind.startswith("duration") else got) >= -1e-10).all()


@given(st.sampled_from([kind for kind in KINDS if not kind.startswith("hazard")]), st.floats(-0.5, 0.5), st.floats(0.0, 0.02), st.integers(0, 20))
@settings(max_examples=80, deadline=None)
def test_any_ratio_is_found_again_from_its_number(kind: Kind, log_ratio: float, job_loss: float, start_week: int) -> None:
    baseline, target = replace(BASE, job_loss=job_loss), target_of(kind, start_week=start_week)
    found = calibrate(baseline, target, effect(baseline, target, np.array([log_ratio])))
    np.testing.assert_allclose(found.log_ratio, log_ratio, rtol=0, atol=1e-8)


def test_what_is_missing_from_a_target_is_told_at_once() -> None:
    with pytest.raises(QueryError) as told:
        calibrate(BASE, Target("weeks-in-work", -1, ((4, 2), (0, 3))), np.array([1.0]))
    for words in ("needs a horizon", "from week 4 to 2", "start_week is -1"):
        assert words in str(told.value)
    with pytest.raises(QueryError, match="no mean duration"):
        calibrate(baseline_of([0.1, 0.0]), Target("duration-mean", 0, ((0, 4),)), np.array([-1.0]))
    with pytest.raises(QueryError, match="nothing to take per cent of"):
        calibrate(baseline_of(0.0), target_of("in-work-at-percent"), np.array([0.1]))
    assert issubclass(NotReachable, QueryError)


def test_a_calibration_says_which_draws_were_clipped() -> None:
    found: Calibration = calibrate(BASE, target_of("weeks-in-work"), np.array([-40.0, 1.0, 40.0]), clip=True)
    assert found.below.tolist() == [True, False, False]
    assert found.above.tolist() == [False, False, True]
    assert found.clipped.tolist() == [True, False, True]
