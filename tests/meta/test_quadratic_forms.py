"""Weighted sums of squares, the median-unbiased estimator of tau2, and the search limit of its interval."""

from __future__ import annotations

import numpy as np
import pytest

from virker import meta
from virker.meta.errors import InputError
from virker.meta.quadratic_forms import probability_below

Y = np.array([-0.89, -1.59, -1.35, -1.44, -0.22, -0.79, -1.62, 0.01, -0.47, -1.37, -0.34, 0.45, -0.02])
V = np.array([0.33, 0.19, 0.42, 0.02, 0.05, 0.01, 0.22, 0.004, 0.06, 0.07, 0.01, 0.53, 0.07])


@pytest.mark.parametrize("df", [1, 2, 3, 12, 100, 1000])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_equal_weights_give_the_chi_squared_distribution(df, scale):
    from scipy.stats import chi2

    for p in (1e-8, 0.01, 0.5, 0.99, 1 - 1e-9):
        assert probability_below(scale * float(chi2.ppf(p, df)), np.full(df, scale)) == pytest.approx(p, rel=1e-10, abs=1e-13)


def test_two_unequal_pairs_of_weights_have_a_closed_form():
    """Each pair of equal weights w is exponential with mean 2w, and the sum of two is a mixture."""
    a, b, q = 6.0, 1e-4, 3.0
    wanted = 1 - (a * np.exp(-q / (2 * a)) - b * np.exp(-q / (2 * b))) / (a - b)
    assert probability_below(q, np.array([a, a, b, b])) == pytest.approx(wanted, rel=1e-12)


def test_unequal_weights_give_the_share_of_simulated_sums():
    rng = np.random.default_rng(1)
    weights = np.exp(rng.uniform(-4, 4, 12))
    sums = rng.standard_normal((200_000, 12)) ** 2 @ weights
    for share in (0.05, 0.5, 0.95):
        assert probability_below(float(np.quantile(sums, share)), weights) == pytest.approx(share, abs=0.005)


def test_with_two_estimates_the_median_unbiased_tau2_is_a_closed_form():
    """y1 - y2 has the variance v1 + v2 + 2 tau2, and Q is its square over a constant: the median of chi-squared with 1 degree of freedom is .4549."""
    found = meta.fit([0.1, 1.4], [0.05, 0.02], method="genqm", weights=[1.0, 3.0])
    assert found.tau2 == pytest.approx((1.3**2 / 0.454936423119572 - 0.07) / 2, rel=1e-10)


def test_the_median_unbiased_tau2_with_inverse_variances_at_the_answer_is_that_of_pmm():
    pmm = meta.fit(Y, V, method="pmm")
    assert meta.fit(Y, V, method="genqm", weights=1 / (V + pmm.tau2)).tau2 == pytest.approx(pmm.tau2, rel=1e-9)


def test_half_of_the_median_unbiased_estimates_lie_below_the_truth():
    rng = np.random.default_rng(2)
    v, truth = np.array([0.02, 0.05, 0.1, 0.4, 0.03, 0.2]), 0.15
    below = [meta.fit(rng.normal(0, np.sqrt(v + truth)), v, method="genqm", weights=1 / np.sqrt(v)).tau2 < truth for _ in range(400)]
    assert np.mean(below) == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("c", [1e-6, 1e-3, 1e6])
def test_the_median_unbiased_tau2_follows_the_unit(c):
    one, other = (meta.fit(f * Y, f * f * V, method="genqm", weights=1 / np.sqrt(V)) for f in (1.0, c))
    assert other.tau2 / c**2 == pytest.approx(one.tau2, rel=1e-9)
    assert other.tau2_se / c**2 == pytest.approx(one.tau2_se, rel=1e-9)


def test_with_two_estimates_the_generalised_q_interval_is_that_of_the_q_profile():
    """Whatever the weights, y1 - y2 is all there is."""
    y, v = [0.1, 1.4], [0.05, 0.02]
    weighted = meta.fit(y, v, method="genq", weights=[1.0, 3.0])
    assert meta.tau2_interval(weighted, kind="generalised-q").tau2 == pytest.approx(meta.tau2_interval(meta.fit(y, v)).tau2, rel=1e-9)


def test_a_generalised_q_interval_holds_the_median_unbiased_estimate_and_follows_the_unit():
    model = meta.fit(Y, V, method="genqm", weights=1 / np.sqrt(V))
    low, high = meta.tau2_interval(model, kind="generalised-q").tau2
    assert low < model.tau2 < high
    small = meta.fit(1e-4 * Y, 1e-8 * V, method="genqm", weights=1 / np.sqrt(V))
    assert meta.tau2_interval(small, kind="generalised-q").tau2 * 1e8 == pytest.approx([low, high], rel=1e-9)


def test_generalised_q_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(3)
    v, truth, weights = np.array([0.02, 0.05, 0.1, 0.4, 0.03, 0.2]), 0.15, np.array([5.0, 3.0, 2.0, 1.0, 4.0, 2.0])
    held = 0
    for _ in range(400):
        model = meta.fit(rng.normal(0, np.sqrt(v + truth)), v, method="genq", weights=weights)
        low, high = meta.tau2_interval(model, kind="generalised-q", level=0.8).tau2
        held += low <= truth <= high
    assert held / 400 == pytest.approx(0.8, abs=0.06)


def test_a_generalised_q_interval_needs_weights():
    with pytest.raises(InputError, match="weights of its own"):
        meta.tau2_interval(meta.fit(Y, V), kind="generalised-q")
    closer_than_chance = meta.fit([0.1, 0.1001, 0.1002], [1.0, 1.0, 2.0], method="genq", weights=[1, 1, 1])
    assert meta.tau2_interval(closer_than_chance, kind="generalised-q").empty


def test_estimates_closer_than_chance_have_no_variance_between():
    assert meta.fit([0.1, 0.1001, 0.1002], [1.0, 1.0, 2.0], method="genqm", weights=[1, 1, 1]).tau2 == 0.0


def test_weights_are_asked_for_by_name():
    with pytest.raises(InputError, match="'genqm' needs weights"):
        meta.fit(Y, V, method="genqm")


def test_an_interval_that_was_cut_says_so():
    model = meta.fit(Y, V)
    whole = meta.tau2_interval(model)
    cut = meta.tau2_interval(model, upper=0.5)
    assert not whole.cut
    assert cut.cut
    assert cut.tau2.tolist() == [whole.tau2[0], 0.5]
    assert cut.tau[1] == pytest.approx(np.sqrt(0.5))
    assert "told to stop" in str(cut)
    assert "told to stop" not in str(whole)
    assert meta.tau2_interval(model, upper=50.0).tau2 == pytest.approx(whole.tau2, rel=1e-14)


def test_an_interval_cannot_be_cut_at_nothing():
    with pytest.raises(InputError, match="upper must be above zero"):
        meta.tau2_interval(meta.fit(Y, V), upper=0.0)


def test_metafor_stops_at_ten_times_its_own_tau2():
    """metafor 3.8-1: confint(rma(c(10, 90), c(4, 9), method="DL"), control=list(tol=1e-13)): 630.457104657 to 31935; its help says that it looks no further."""
    y, v = np.array([10.0, 90.0]), np.array([4.0, 9.0])
    model = meta.fit(y, v, method="dl")
    exact = meta.tau2_interval(model)
    limit = max(100.0, 10.0 * model.tau2)
    assert exact.tau2[1] > 100 * limit
    assert meta.tau2_interval(model, upper=limit).tau2 == pytest.approx([630.457104657, 31935.0], rel=1e-9)
