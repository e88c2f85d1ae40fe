"""Effect sizes and their variances: reference values, closed forms, reductions, and what happens at the edges."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.meta.reference import differences, reference_checks
from virker.meta import effect_sizes as es
from virker.meta.effect_sizes import sizes, tetrachoric
from virker.meta.errors import InputError

TABLE = ([4.0, 6.0, 62.0], [123.0, 306.0, 13598.0], [11.0, 29.0, 248.0], [139.0, 303.0, 12867.0])


@pytest.mark.parametrize("check", reference_checks("escalc", without={"RTET"}), ids=str)
def test_measures_agree_with_metafor_to_nine_digits(check):
    assert not differences(check)


def test_metafors_tetrachoric_correlation_misses_its_own_table_and_ours_does_not():
    """metafor looks for the correlation with Brent's minimiser at a tolerance of 1.2e-4; the maximum fits the table exactly."""
    from scipy.optimize import minimize_scalar
    from scipy.stats import multivariate_normal, norm

    theirs = -0.26314321437151  # metafor 5.1-12, first table of dat.bcg
    table = np.array([4.0, 119.0, 11.0, 128.0])
    r = tetrachoric.correlation(*table[:, None])[0][0]
    row, column = 123 / 262, 15 / 262
    cuts = norm.ppf([row, column])

    def first(r):
        return multivariate_normal.cdf(cuts, cov=[[1, r], [r, 1]], abseps=1e-13)

    def deviance(r):
        p = first(r)
        return -table @ np.log(np.maximum([p, row - p, column - p, 1 - row - column + p], np.finfo(float).eps))

    assert abs(first(r) * 262 - 4) < 1e-8
    assert abs(first(theirs) * 262 - 4) > 1e-4
    stopped = minimize_scalar(deviance, bounds=(-1, 1), method="bounded", options={"xatol": np.finfo(float).eps ** 0.25}).x
    assert stopped == pytest.approx(theirs, rel=1e-8)


def test_tetrachoric_variance_is_that_of_a_thousand_tables():
    rng = np.random.default_rng(3)
    p = np.array([0.3, 0.1, 0.2, 0.4])
    cells = rng.multinomial(1000, p, size=4000).astype(float)
    r, v = tetrachoric.correlation(*cells.T)
    assert np.var(r) == pytest.approx(v.mean(), rel=0.08)


def test_biserial_recovers_a_correlation_and_its_variance():
    rng = np.random.default_rng(5)
    n, rho, runs = 400, 0.5, 1500
    x = rng.standard_normal((runs, n))
    w = rho * x + np.sqrt(1 - rho**2) * rng.standard_normal((runs, n))
    group = x > 0.4
    rows = np.array([(w[i][g].mean(), w[i][g].std(ddof=1), g.sum(), w[i][~g].mean(), w[i][~g].std(ddof=1), (~g).sum()) for i, g in enumerate(group)])
    found = es.two_means(*rows.T, measure="biserial")
    assert found.y.mean() == pytest.approx(rho, abs=0.005)
    assert found.v.mean() == pytest.approx(np.var(found.y), rel=0.1)


def test_point_biserial_variance_is_the_delta_method_on_d():
    g = es.two_means(1.0, 1.0, 30, 0.4, 1.0, 50, measure="smd", correct=False)
    r = es.two_means(1.0, 1.0, 30, 0.4, 1.0, 50, measure="point-biserial")
    h = 78 / 30 + 78 / 50
    assert r.y == pytest.approx(g.y / np.sqrt(g.y**2 + h), rel=1e-14)
    assert r.v == pytest.approx((h / (g.y**2 + h) ** 1.5) ** 2 * g.v, rel=1e-12)


def test_unbiased_correlation_can_never_exceed_what_the_series_allows():
    """At r = -0.04, n = 12 the reference gives -0.0425900; the factor is at most Γ(5)Γ(4)/Γ(4.5)² = 1.06432, so at most 0.0425730."""
    assert abs(es.correlations(-0.04, 12, measure="unbiased-correlation").y[0]) == pytest.approx(0.04256730155, abs=1e-10)


@pytest.mark.parametrize("measure", get_args(es.TwoProportions))
def test_groups_that_change_places_change_the_sign_of_a_comparison_of_proportions(measure):
    a, b = es.two_proportions(*TABLE, measure=measure), es.two_proportions(*TABLE[2:], *TABLE[:2], measure=measure)
    assert a.y == pytest.approx(-b.y, rel=1e-9)
    assert a.v == pytest.approx(b.v, rel=1e-9)


@given(arrays(float, 4, elements=st.floats(0.5, 50)), st.floats(1e-4, 1e4))
def test_means_in_another_unit_give_the_same_standardised_effects_and_a_scaled_difference(x, c):
    m1, s1, m2, s2 = x
    for measure in get_args(es.TwoMeans):
        one, two = es.two_means(m1, s1, 20, m2, s2, 30, measure=measure), es.two_means(c * m1, c * s1, 20, c * m2, c * s2, 30, measure=measure)
        by = c if measure == "mean-difference" else 1.0
        assert two.y == pytest.approx(by * one.y, rel=1e-9, abs=1e-9 * by)
        assert two.v == pytest.approx(by**2 * one.v, rel=1e-9)


def test_hedges_factor_is_near_its_usual_approximation_and_below_one():
    m = np.arange(2.0, 200)
    j = sizes.small_sample(m)
    assert (j < 1).all()
    assert j[0] == pytest.approx(1 / np.sqrt(np.pi), rel=1e-14)  # Γ(1)/Γ(1/2)
    assert j[8:] == pytest.approx(1 - 3 / (4 * m[8:] - 1), abs=4e-4)


@pytest.mark.parametrize("measure", get_args(es.TwoProportions))
def test_an_empty_cell_gives_a_result_or_an_error_that_names_the_study(measure):
    events = ([0.0, 5.0], [20.0, 20.0], [3.0, 4.0], [20.0, 20.0])
    if measure.startswith("tetra"):
        with pytest.raises(InputError, match="position 0"):
            es.two_proportions(*events, measure=measure)
    else:
        assert np.isfinite(es.two_proportions(*events, measure=measure).y).all()
    kept = es.two_proportions(*events, measure=measure, undefined="keep", to="none")
    assert np.isfinite(kept.y[1])


def test_one_half_is_added_where_it_is_asked_for():
    a, n1, c, n2 = [0.0, 5.0], [10.0, 10.0], [2.0, 2.0], [10.0, 10.0]
    only = es.two_proportions(a, n1, c, n2, measure="log-odds-ratio")
    everywhere = es.two_proportions(a, n1, c, n2, measure="log-odds-ratio", to="all-if-zero")
    assert only.y[0] == pytest.approx(np.log(0.5 * 8.5 / (10.5 * 2.5)))
    assert only.y[1] == pytest.approx(np.log(5 * 8 / (5 * 2)))
    assert everywhere.y[1] == pytest.approx(np.log(5.5 * 8.5 / (5.5 * 2.5)))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: es.two_proportions(5, 4, 1, 4, measure="log-odds-ratio"), "events1 must not exceed n1"),
        (lambda: es.two_proportions(-1, 4, 1, 4, measure="log-odds-ratio"), "events1 must be 0 or more"),
        (lambda: es.two_proportions(1, 4, 1, 4, measure="or"), "choose one of: log-risk-ratio"),
        (lambda: es.two_proportions([1, 2], 4, [1, 2, 3], 4, measure="phi"), "different lengths: events1 2, events2 3"),
        (lambda: es.two_means(1, 0, 10, 1, 0, 10, measure="smd"), "no spread"),
        (lambda: es.two_means(1, 1, 1, 1, 1, 1, measure="smd"), "a group of one"),
        (lambda: es.two_means(1, 1, 10, measure="smd"), "needs mean2, sd2, n2"),
        (lambda: es.two_means(-1, 1, 10, 2, 1, 10, measure="log-mean-ratio"), "not above 0"),
        (lambda: es.correlations(1.2, 10, measure="correlation"), "between −1 and 1"),
        (lambda: es.correlations(0.2, 3, measure="fisher-z"), "too few persons"),
        (lambda: es.two_rates(1, 0, 1, 5, measure="log-rate-ratio"), "time1 must be above 0"),
        (lambda: es.one_proportion(0, 10, measure="logit", to="none"), "nobody or everybody"),
        (lambda: es.two_means("a", 1, 10, 2, 1, 10, measure="smd"), "mean1 must be numbers"),
        (lambda: es.two_means(np.inf, 1, 10, 2, 1, 10, measure="smd"), "mean1 is infinite"),
        (lambda: es.change(1, 1, 1, 1, 10, 1.5, measure="mean-change"), "r must be between"),
    ],
)
def test_impossible_numbers_are_refused_with_their_reason(call, says):
    with pytest.raises(InputError, match=says):
        call()


def test_a_missing_number_leaves_only_its_own_study_without_an_effect():
    found = es.two_means([1.0, None], 1, 10, 0.5, 1, 10, measure="smd", undefined="keep")
    assert np.isfinite(found.y[0])
    assert np.isnan(found.y[1])
