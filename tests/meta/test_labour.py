"""Labour-market effects: conversions against the planner's week-by-week model, against simulation, and there and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virker.meta import effect_sizes as es
from virker.meta.errors import InputError
from virker.plan import cohort
from virker.plan.rates import Rates, multiplied

LOG_HR = es.log_hazards(np.log([1.15, 0.9, 1.4]), [0.05, 0.08, 0.12])


def _weekly(hazard: float, job_share: float, ratio: float, weeks: int) -> Rates:
    leave = -np.expm1(-hazard)
    job, other = multiplied(np.full(weeks, leave * job_share), np.full(weeks, leave * (1 - job_share)), np.full(weeks, ratio))
    return Rates(job[:, None], other[:, None], (1 - job - other)[:, None])


@pytest.mark.parametrize("job_share", [1.0, 0.6])
@pytest.mark.parametrize("ratio", [0.7, 1.0, 1.25])
def test_the_difference_at_a_horizon_is_the_planners_own(job_share, ratio):
    weeks, hazard = 26, 0.03
    without, with_measure = (cohort.exits_to_job(_weekly(hazard, job_share, r, weeks))[0] for r in (1.0, ratio))
    at = es.baseline(np.exp(-hazard * weeks), job_share=job_share)
    found = es.hazard_to_difference(es.log_hazards(np.log(ratio), 0.1), at)
    assert found.y[0] == pytest.approx(with_measure - without, rel=1e-10, abs=1e-14)


def test_weeks_within_a_horizon_are_the_planners_own():
    weeks, hazard = 52, 0.04
    curve = np.exp(-hazard * np.arange(weeks))
    found = es.hazard_to_weeks(es.log_hazards(np.log(1.3), 0.1), curve)
    assert found.y[0] == pytest.approx(
        (cohort.duration_within(_weekly(hazard, 1.0, 1.3, weeks)) - cohort.duration_within(_weekly(hazard, 1.0, 1.0, weeks)))[0], rel=1e-10
    )


@given(st.floats(-1.5, 1.5), st.floats(0.05, 0.95), st.floats(0.3, 1.0))
def test_a_hazard_ratio_survives_the_way_to_a_difference_and_back(log_ratio, survival, job_share):
    at = es.baseline(survival, job_share=job_share)
    there = es.hazard_to_difference(es.log_hazards(log_ratio, 0.1), at)
    back = es.difference_to_hazard(there, at)
    assert back.y[0] == pytest.approx(log_ratio, abs=1e-9)
    assert back.se[0] == pytest.approx(0.1, rel=1e-6)


def test_a_hazard_ratio_survives_the_way_to_weeks_and_back():
    curve = np.exp(-0.03 * np.arange(40))
    back = es.weeks_to_hazard(es.hazard_to_weeks(LOG_HR, curve), curve)
    assert back.y == pytest.approx(LOG_HR.y, abs=1e-12)
    assert back.v == pytest.approx(LOG_HR.v, rel=1e-9)


def test_the_delta_method_carries_the_baselines_uncertainty_as_a_simulation_does():
    rng = np.random.default_rng(11)
    at = es.baseline(0.4, survival_v=0.02**2, job_share=0.7, job_share_v=0.03**2)
    one = es.log_hazards(np.log(1.3), 0.06)
    draws = 200_000
    log_ratio, s, share = rng.normal(one.y[0], 0.06, draws), rng.normal(0.4, 0.02, draws), rng.normal(0.7, 0.03, draws)
    m = share * np.exp(log_ratio) + 1 - share
    simulated = share * np.exp(log_ratio) / m * (1 - s**m) - share * (1 - s)
    assert es.hazard_to_difference(one, at).se[0] == pytest.approx(simulated.std(), rel=0.02)


def test_a_difference_and_its_own_comparison_group_give_the_log_hazard_of_two_survivals():
    """log HR = log(-log S1) - log(-log S0), with independent groups: the variance is the sum of two."""
    s0, s1, v0, v1 = 0.5, 0.42, 0.02**2, 0.03**2
    difference = es.EffectSizes(np.array([s0 - s1]), np.array([v0 + v1]), "job-exits-difference")
    found = es.difference_to_hazard(difference, es.baseline(s0, survival_v=v0), covariance=v0)
    assert found.y[0] == pytest.approx(np.log(np.log(s1) / np.log(s0)), rel=1e-10)
    assert found.v[0] == pytest.approx(v1 / (s1 * np.log(s1)) ** 2 + v0 / (s0 * np.log(s0)) ** 2, rel=1e-9)


def test_relative_change_of_two_independent_means_has_the_variance_of_their_ratio():
    m1, v1, m0, v0 = 0.55, 0.01**2, 0.5, 0.02**2
    found = es.relative_change(m1 - m0, v1 + v0, m0, level_v=v0, covariance=-v0, scale="log")
    assert found.y[0] == pytest.approx(np.log(m1 / m0))
    assert found.v[0] == pytest.approx(v1 / m1**2 + v0 / m0**2, rel=1e-12)


def test_months_become_weeks_with_their_variance():
    weeks, months = (es.weeks_difference(5.0, 2.0, 100, 6.0, 2.0, 100, unit=unit) for unit in ("weeks", "months"))
    assert months.y / weeks.y == pytest.approx(365.25 / 84)
    assert months.v / weeks.v == pytest.approx((365.25 / 84) ** 2)


def test_logrank_is_observed_less_expected():
    found = es.hazard_ratios_from_logrank(60, 50, 25)
    assert (found.y[0], found.v[0]) == (0.4, 0.04)


def test_a_constant_ratio_in_the_planner_is_the_ratio_found():
    from virker.plan.calibrate import Target, calibrate
    from virker.plan.inputs import Baseline

    weekly = -np.expm1(-0.03)
    group = Baseline(job=np.array([weekly]), other=np.array([0.0]), job_loss=0.0)
    target = Target("job-exits-pp", 0, ((0, 26),), 26)
    theirs = calibrate(group, target, np.array([0.05])).log_ratio[0]
    ours = es.difference_to_hazard(es.EffectSizes(np.array([0.05]), np.array([1e-4]), "job-exits-difference"), es.baseline(np.exp(-0.03 * 26)))
    assert ours.y[0] == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: es.hazard_to_difference(es.printed(0.1, se=0.1), es.baseline(0.5)), "this conversion is from log-hazard-ratio"),
        (lambda: es.baseline(1.0), "strictly between 0 and 1"),
        (lambda: es.baseline([0.5, None]), "must be known for every study"),
        (lambda: es.difference_to_hazard(es.employment_difference(0.9, 50, 0.2, 50), es.baseline(0.5)), "no hazard ratio gives the effect at position 0: 0.7"),
        (lambda: es.employment_difference(55, 100, 50, 100), "3 per cent are 0.03"),
        (lambda: es.hazard_to_weeks(LOG_HR, [0.9, 0.8]), "starts at 1"),
        (lambda: es.relative_change(-0.6, 0.01, 0.5, scale="log"), "has no log"),
    ],
)
def test_a_conversion_that_lacks_something_says_so(call, says):
    with pytest.raises(InputError, match=says):
        call()
