"""Weekly shares under a hazard ratio: two competing hazards of continuous time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.inputs_of import baseline_of, phase_of
from virker.plan.rates import longer, multiplied, with_phases

shares = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)).map(lambda pair: (pair[0], pair[1] * (1 - pair[0])))
ratios = st.floats(1e-3, 1e3)


def both(job: float, other: float, ratio: float) -> tuple[float, float]:
    got = multiplied(np.array([job]), np.array([other]), np.array([ratio]))
    return float(got[0][0]), float(got[1][0])


def test_without_other_exits_it_is_the_complementary_log_log() -> None:
    assert np.isclose(both(0.1, 0.0, 2.0)[0], 1 - 0.9**2, rtol=1e-14)
    assert np.isclose(both(0.1, 0.0, 0.5)[0], 1 - 0.9**0.5, rtol=1e-14)


def test_with_other_exits_both_hazards_are_integrated_over_the_week() -> None:
    """The chance of leaving for a job, added up over 200,000 slices of the week in which both hazards act."""
    job, other, ratio, slices = 0.10, 0.05, 3.0, 200_000
    total = -np.log(1 - job - other)
    to_job, to_other = ratio * total * job / (job + other), total * other / (job + other)
    middles = (np.arange(slices) + 0.5) / slices
    still_here = np.exp(-(to_job + to_other) * middles)
    np.testing.assert_allclose(both(job, other, ratio), (to_job * still_here.mean(), to_other * still_here.mean()), rtol=1e-9)


def test_a_week_can_be_split_and_put_together_again() -> None:
    """A weekly hazard ratio means the same by the day: seven days with daily shares give the week's."""
    job, other, ratio = 0.12, 0.03, 1.7
    a_day = 1 - (1 - job - other) ** (1 / 7)
    job_day, other_day = both(a_day * job / (job + other), a_day * other / (job + other), ratio)
    left = 1 - (1 - job_day - other_day) ** 7
    np.testing.assert_allclose(both(job, other, ratio), (left * job_day / (job_day + other_day), left * other_day / (job_day + other_day)), rtol=1e-12)


@given(shares, ratios)
def test_no_more_leave_than_there_are(pair: tuple[float, float], ratio: float) -> None:
    job, other = both(*pair, ratio)
    assert 0 <= job <= 1
    assert 0 <= other <= 1
    assert job + other <= 1 + 1e-12


@given(shares, ratios, st.floats(1.0, 5.0))
def test_a_higher_ratio_finds_more_jobs_and_loses_fewer_to_something_else(pair: tuple[float, float], ratio: float, more: float) -> None:
    job, other = both(*pair, ratio)
    job_more, other_more = both(*pair, ratio * more)
    assert job_more >= job - 1e-12
    assert other_more <= other + 1e-12
    assert job_more + other_more >= job + other - 1e-12


@given(shares)
def test_a_ratio_of_one_changes_nothing(pair: tuple[float, float]) -> None:
    np.testing.assert_allclose(both(*pair, 1.0), pair, rtol=1e-9, atol=1e-15)


def test_where_everybody_leaves_everybody_still_does_in_the_new_proportion() -> None:
    np.testing.assert_allclose(both(0.6, 0.4, 2.0), (1.2 / 1.6, 0.4 / 1.6), rtol=1e-14)
    assert both(1.0, 0.0, 0.01) == (1.0, 0.0)
    assert both(0.0, 0.0, 5.0) == (0.0, 0.0)


def test_a_phase_counts_from_the_start_of_the_measure() -> None:
    rates = with_phases(baseline_of([0.0, 0.1, 0.2, 0.3]), 2, (phase_of(1, 3, [1.0, 2.0]),), 4, 2)
    np.testing.assert_allclose(rates.job, [[0.2, 0.2], [0.3, 0.51], [0.3, 0.51], [0.3, 0.3]], rtol=1e-12)
    np.testing.assert_allclose(rates.job + rates.other + rates.stay, 1.0)


def test_the_last_value_of_a_table_holds_on() -> None:
    np.testing.assert_array_equal(longer(np.array([1.0, 2.0, 3.0]), 4, first=1), [2, 3, 3, 3])
    np.testing.assert_array_equal(longer(np.array([1.0, 2.0, 3.0]), 2, first=9), [3, 3])
