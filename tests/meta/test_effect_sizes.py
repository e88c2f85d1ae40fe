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


def test_a_search_that_stops_where_metafor_stops_gives_metafors_tetrachoric_correlation():
    """metafor 3.8-1 and 5.1-12: escalc("RTET", ai=c(4,6), bi=c(119,300), ci=c(11,29), di=c(128,274)); R's optimize and optim by their defaults."""
    search = es.Search(tolerance=float(np.finfo(float).eps ** 0.25), step=1e-3)
    found = es.two_proportions([4, 6], [123, 306], [11, 29], [139, 303], measure="tetrachoric", search=search)
    assert found.y == pytest.approx([-0.2631432143715102, -0.4361295349756097], rel=1e-9)
    assert found.v == pytest.approx([0.023565619437686168, 0.008920107628947375], rel=5e-9)


def test_a_finer_search_comes_to_the_exact_tetrachoric_correlation():
    table = ([4, 6, 30], [123, 306, 50], [11, 29, 10], [139, 303, 50])
    exact = es.two_proportions(*table, measure="tetrachoric")
    fine = es.two_proportions(*table, measure="tetrachoric", search=es.Search(tolerance=1e-9, step=1e-4))
    assert fine.y == pytest.approx(exact.y, abs=1e-7)
    assert fine.v == pytest.approx(exact.v, rel=1e-5)


def test_an_empty_cell_makes_a_tetrachoric_correlation_one_without_a_variance():
    found = es.two_proportions([0, 5], [10, 10], [5, 0], [10, 5], measure="tetrachoric", undefined="keep")
    assert found.y.tolist() == [-1.0, 1.0]
    assert np.isnan(found.v).all()
    with pytest.raises(InputError, match="no sampling variance"):
        es.two_proportions([0], [10], [5], [10], measure="tetrachoric")


def test_a_search_is_refused_for_what_needs_none():
    with pytest.raises(InputError, match="tetrachoric"):
        es.two_proportions(*TABLE, measure="phi", search=es.Search(1e-4))


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
    """At r = -0.04, n = 12 the reference gives -0.0425900; the factor is at most Γ(5)Γ(4)/Γ(4.5)² = 1.06432, so at most 0.0425730.

    The hypergeometric function of the GNU Scientific Library, which metafor calls, has +1/4 where -1/12 belongs in the term linear in r² there.
    """
    r, factor = 0.04, 24 * 6 / 11.631728396567448**2
    assert abs(es.correlations(-r, 12, measure="unbiased-correlation").y[0]) == pytest.approx(0.04256730155, abs=1e-10)
    assert r * factor * (1 - r**2 / 12) == pytest.approx(0.04256730155, abs=2e-8)
    assert r * factor * (1 + r**2 / 4) == pytest.approx(0.0425900174, abs=2e-8)


def test_unbiased_correlations_of_many_persons_are_numbers():
    """metafor 3.8-1: escalc("UCOR", ri=c(.2,.21,.276), ni=c(338,326,424)) of dat.crede2010; SciPy's function is not a number from 202 persons."""
    found = es.correlations([0.2, 0.21, 0.276], [338, 326, 424], measure="unbiased-correlation")
    assert found.y == pytest.approx([0.200287562010846, 0.21031185145593, 0.276303598168204], rel=1e-12)
    many = es.correlations([0.3], [10_000_000], measure="unbiased-correlation")
    assert many.y[0] == pytest.approx(0.3 * (1 + 0.91 / 2e7), rel=1e-12)
    assert es.correlations([0.3, 0.5], [20, 30], measure="unbiased-correlation", variance="unbiased").v == pytest.approx(
        [0.0499938855802610, 0.0204743179446993], rel=1e-12
    )


def test_the_hypergeometric_function_has_no_seam_where_the_series_takes_over():
    from scipy.special import hyp2f1

    from virker.meta.effect_sizes.gauss import hypergeometric

    x = np.linspace(0, 1, 21)
    for a in (0.5, 1.0):
        for c in (19.5, 20.0, 25.5, 40.0):
            assert hypergeometric(a, a, np.full(21, c), x) == pytest.approx(hyp2f1(a, a, c, x), rel=1e-13)


# metafor 3.8-1: escalc(measure, vtype=…) of m1i=c(10,4), sd1i=2, n1i=12, m2i=9, sd2i=3, n2i=15
VARIANCES = [
    ("smd", "corrected", [0.143592374204564, 0.205044174862723]),
    ("smd", "unbiased", [0.152972433833798, 0.224310845844958]),
    ("smd", "pooled", [0.16024196677636, 0.16024196677636]),
    ("smd-sd2", "large-sample", [0.153309514411770, 0.232737860294262]),
    ("smd-sd2", "corrected", [0.137344848088474, 0.216773193970966]),
    ("log-mean-ratio", "homoscedastic", [0.0112633744855967, 0.0410133744855967]),
    ("log-mean-ratio", "pooled", [0.0176157407407407, 0.0176157407407407]),
    ("log-mean-ratio", "pooled-homoscedastic", [0.0174156378600823, 0.0174156378600823]),
    ("point-biserial", "large-sample", [0.0362874945984493, None]),
    ("point-biserial", "cross-sectional", [0.03366363955927824, 0.00716445161818407]),
]


@pytest.mark.parametrize(("measure", "variance", "v"), VARIANCES, ids=[f"{m}-{w}" for m, w, _ in VARIANCES])
def test_variances_of_two_means_agree_with_metafor(measure, variance, v):
    found = es.two_means([10, 4], 2, 12, 9, 3, 15, measure=measure, variance=variance)
    for got, wanted in zip(found.v, v, strict=True):
        assert wanted is None or got == pytest.approx(wanted, rel=1e-12)


def test_variances_of_a_change_and_of_phi_agree_with_metafor():
    """metafor 3.8-1: SMCR and SMCC with vtype="LS2" (n=12, r=.4, the means above); PHI with vtype="ST"."""
    raw = es.change([10, 4], 2, 9, 3, 12, 0.4, measure="smd-raw", variance="corrected")
    assert raw.v == pytest.approx([0.0954911211521247, 0.3116974331946712], rel=1e-12)
    own = es.change([10, 4], 2, 9, 3, 12, 0.4, measure="smd-change", variance="corrected")
    assert own.v == pytest.approx([0.076463207917486, 0.181929701596777], rel=1e-12)
    phi = es.two_proportions([4, 30], [123, 40], [11, 9], [139, 49], measure="phi", variance="stratified")
    assert phi.v == pytest.approx([0.00317948437272752, 0.00770464095287637], rel=1e-12)


def test_the_stratified_variance_of_phi_is_that_of_many_tables_with_fixed_groups():
    rng = np.random.default_rng(6)
    found = es.two_proportions(
        rng.binomial(200, 0.3, 6000).astype(float), 200, rng.binomial(120, 0.55, 6000).astype(float), 120, measure="phi", variance="stratified"
    )
    assert np.var(found.y) == pytest.approx(found.v.mean(), rel=0.06)


def test_the_variance_of_a_biserial_correlation_beyond_one_is_that_of_one():
    """metafor 3.8-1: escalc("RBIS", m1i=10.78, sd1i=1.163, n1i=5, m2i=6.42, sd2i=2.026, n2i=3), from dat.curtis1998."""
    found = es.two_means(10.78, 1.163, 5, 6.42, 2.026, 3, measure="biserial")
    assert found.y == pytest.approx([1.08597818177177], rel=1e-12)
    assert found.v == pytest.approx([0.0122015645900627], rel=1e-12)


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
