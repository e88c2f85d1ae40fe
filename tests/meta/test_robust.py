"""Cluster-robust inference against full matrices, closed forms, and what must hold exactly. The reference results are in test_multilevel.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virker import meta
from virker.meta.errors import CollinearError, InputError
from virker.meta.sandwich import _DECIDED

KINDS = ["CR0", "CR1", "CR1p", "CR1S", "CR2", "CR3"]


def simulated(seed, k=40, g=9, p=2, decades=1.0):
    rng = np.random.default_rng(seed)
    study = np.append(np.arange(g), rng.integers(0, g, k - g))
    v = 10 ** rng.uniform(-decades, decades, k)
    y = 0.3 + rng.normal(0, 0.5, g)[study] + rng.normal(0, np.sqrt(v))
    return y, v, study, np.column_stack([np.ones(k), rng.normal(size=(k, p - 1))])


def root(matrix, power):
    value, vector = np.linalg.eigh(matrix)
    return vector @ np.diag(np.where(value > 1e-10 * value.max(), np.maximum(value, 1e-300) ** power, 0)) @ vector.T


def by_full_matrices(y, X, phi, cluster, kind):
    """Covariance, Satterthwaite degrees of freedom and Hotelling's η of all coefficients, from the definitions, with k x k matrices."""
    k, p = X.shape
    W = np.linalg.inv(phi)
    C = np.linalg.inv(X.T @ W @ X)
    R = np.eye(k) - X @ C @ X.T @ W
    e, S = R @ y, R @ phi @ R.T
    labels = np.unique(cluster)
    g, pieces = len(labels), []
    for label in labels:
        at = cluster == label
        A = np.eye(at.sum())
        if kind == "CR2":
            D = np.linalg.cholesky(phi[np.ix_(at, at)]).T
            A = D.T @ root(D @ S[np.ix_(at, at)] @ D.T, -0.5) @ D
        if kind == "CR3":
            A = np.linalg.inv(R[np.ix_(at, at)])
        P = np.zeros((p, k))
        P[:, at] = C @ X[at].T @ W[np.ix_(at, at)] @ A
        pieces.append(P)
    factor = {"CR1": g / (g - 1), "CR1p": g / (g - p), "CR1S": g * (k - 1) / ((g - 1) * (k - p))}.get(kind, 1.0)
    vcov = factor * sum(np.outer(P @ e, P @ e) for P in pieces)
    E = np.array([[P @ S @ Q.T for Q in pieces] for P in pieces])
    own = np.einsum("ggii->i", E)
    df = own**2 / np.einsum("ghii,ghii->i", E, E)
    half = root(np.einsum("ggij->ij", E), -0.5)
    K = half @ E @ half
    eta = p * (p + 1) / (np.einsum("ghss,ghtt->", K, K) + np.einsum("ghst,ghts->", K, K))
    return vcov, df, eta


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rho", [None, 0.6])
def test_the_sandwich_of_a_multilevel_model_is_that_of_full_matrices(kind, rho):
    y, v, study, X = simulated(1, p=3)
    model = meta.fit_multilevel(y, v, study, X, rho=rho)
    same = study[:, None] == study[None, :]
    phi = same * (model.sigma2_study + (rho or 0) * np.sqrt(np.outer(v, v)))
    np.fill_diagonal(phi, v + model.sigma2_study + model.sigma2_estimate)
    cluster = study // 2  # coarser than the studies
    vcov, df, eta = by_full_matrices(y, X, phi, cluster, kind)
    got = meta.robust(model, cluster, kind=kind)
    np.testing.assert_allclose(got.coefficients.vcov, vcov, rtol=1e-8)
    np.testing.assert_allclose(got.coefficients.df, df, rtol=1e-8)
    test = meta.wald_test(got, np.eye(3))
    assert test.df_denominator == pytest.approx(eta - 2, rel=1e-8)
    wald = got.coefficients.beta @ np.linalg.solve(vcov, got.coefficients.beta)
    assert test.f == pytest.approx(wald * (eta - 2) / (3 * eta), rel=1e-8)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sandwich_of_an_ordinary_model_is_that_of_full_matrices(kind):
    y, v, study, X = simulated(2)
    model = meta.fit(y, v, X)
    vcov, df, _ = by_full_matrices(y, X, np.diag(v + model.tau2), study, kind)
    got = meta.robust(model, study, kind=kind).coefficients
    np.testing.assert_allclose(got.vcov, vcov, rtol=1e-8)
    np.testing.assert_allclose(got.df, df, rtol=1e-8)


def test_many_clusters_give_what_pairs_of_them_give(monkeypatch):
    # Above a number of clusters the sum over pairs is factored.
    y, v, study, X = simulated(3, k=120, g=40, p=3)
    model = meta.fit_multilevel(y, v, study, X)
    one = meta.robust(model, study)
    pairs = meta.wald_test(one)
    monkeypatch.setattr("virker.meta.sandwich._PAIRS", 0)
    many = meta.robust(model, study)
    np.testing.assert_allclose(many.coefficients.df, one.coefficients.df, rtol=1e-10)
    assert meta.wald_test(many).df_denominator == pytest.approx(pairs.df_denominator, rel=1e-10)


def test_singular_values_and_eigenvalues_give_the_same_cr2(monkeypatch):
    y, v, study, X = simulated(4)
    model = meta.fit_multilevel(y, v, study, X)
    one = meta.robust(model, study).coefficients
    monkeypatch.setattr("virker.meta.sandwich._WIDE", 0.0)
    other = meta.robust(model, study).coefficients
    np.testing.assert_allclose(other.vcov, one.vcov, rtol=1e-9)
    np.testing.assert_allclose(other.df, one.df, rtol=1e-9)


def test_cr2_of_a_mean_of_equal_clusters_is_the_variance_of_their_means():
    # Closed form: balanced, equal variances. CR2 is the sample variance of cluster means over g, with g - 1 degrees of freedom.
    rng = np.random.default_rng(6)
    y = rng.normal(size=(8, 3)) + rng.normal(size=(8, 1))
    cluster = np.repeat(np.arange(8), 3)
    for model in (meta.fit(y.ravel(), np.full(24, 0.3)), meta.fit_multilevel(y.ravel(), np.full(24, 0.3), cluster)):
        got = meta.robust(model, cluster).coefficients
        assert got.se[0] ** 2 == pytest.approx(y.mean(axis=1).var(ddof=1) / 8, rel=1e-10)
        assert got.df[0] == pytest.approx(7, rel=1e-10)


def test_one_constraint_is_the_squared_t():
    y, v, study, X = simulated(7)
    got = meta.robust(meta.fit_multilevel(y, v, study, X), study)
    test = meta.wald_test(got, [0, 1])
    assert test.f == pytest.approx(got.coefficients.statistic[1] ** 2, rel=1e-10)
    assert test.df_denominator == pytest.approx(got.coefficients.df[1], rel=1e-10)
    assert test.p == pytest.approx(got.coefficients.p[1], rel=1e-8)
    assert meta.wald_test(got).f == pytest.approx(test.f, rel=1e-10)
    assert meta.wald_test(got, kind="naive-F").df_denominator == 8


def test_clusters_of_one_are_hc2():
    y, v, _, X = simulated(8)
    model = meta.fit(y, v, X)
    w = 1 / (v + model.tau2)
    C = np.linalg.inv(X.T @ (w[:, None] * X))
    leverage = w * np.einsum("ij,jk,ik->i", X, C, X)
    e = y - X @ model.beta
    meat = X.T @ ((w**2 * e**2 / (1 - leverage))[:, None] * X)
    np.testing.assert_allclose(meta.robust(model, np.arange(len(y))).coefficients.vcov, C @ meat @ C, rtol=1e-10)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 5000), exponent=st.floats(-6, 6), kind=st.sampled_from(KINDS))
def test_the_unit_of_the_effects_changes_nothing(seed, exponent, kind):
    y, v, study, X = simulated(seed, k=25, g=6)
    c = 10.0**exponent
    one = meta.robust(meta.fit_multilevel(y, v, study, X), study, kind=kind)
    other = meta.robust(meta.fit_multilevel(c * y, c * c * v, study, X), study, kind=kind)
    np.testing.assert_allclose(other.coefficients.se / c, one.coefficients.se, rtol=1e-8)
    np.testing.assert_allclose(other.coefficients.df, one.coefficients.df, rtol=1e-8)
    assert meta.wald_test(other).p == pytest.approx(meta.wald_test(one).p, rel=1e-7)


def test_variances_of_six_orders_of_magnitude_keep_their_digits():
    y, v, study, X = simulated(9, decades=3.0)
    one = meta.robust(meta.fit(y, v, X), study).coefficients
    order = np.random.default_rng(0).permutation(len(y))
    other = meta.robust(meta.fit(y[order], v[order], X[order]), study[order]).coefficients
    np.testing.assert_allclose(other.se, one.se, rtol=1e-8)
    np.testing.assert_allclose(other.df, one.df, rtol=1e-8)


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
def test_a_cluster_that_alone_decides_a_coefficient_is_left_out_in_that_direction(kind):
    y, v, study, _ = simulated(10)
    X = np.column_stack([np.ones(len(y)), study == 0])
    got = meta.robust(meta.fit(y, v, X), study, kind=kind)
    rest = meta.robust(meta.fit(y[study != 0], v[study != 0] + meta.fit(y, v, X).tau2, method="common"), study[study != 0], kind=kind)
    # The mean of the other clusters does not hear of it at all.
    assert got.coefficients.se[0] == pytest.approx(rest.coefficients.se[0], rel=1e-9)
    assert got.coefficients.df[0] == pytest.approx(rest.coefficients.df[0], rel=1e-9)
    assert _DECIDED < 1e-9


def test_metafor_s_own_adjustment_is_cr1p_with_g_minus_p():
    y, v, study, X = simulated(11)
    model = meta.fit_multilevel(y, v, study, X)
    plain, adjusted = (meta.robust(model, study, kind=kind, degrees="clusters").coefficients for kind in ("CR0", "CR1p"))
    np.testing.assert_allclose(adjusted.vcov, plain.vcov * 9 / 7, rtol=1e-12)
    assert adjusted.df.tolist() == [7, 7]


def test_fewer_clusters_than_coefficients_have_no_test():
    y, v, _, X = simulated(12, p=3)
    got = meta.robust(meta.fit(y, v, X), np.arange(len(y)) % 3, kind="CR0", degrees="clusters").coefficients
    assert np.isnan(got.p).all()
    assert np.isfinite(got.se).all()


def test_what_cannot_be_done_is_said():
    y, v, study, X = simulated(13, p=4)
    model = meta.fit_multilevel(y, v, study, X)
    with pytest.raises(InputError, match="two clusters"):
        meta.robust(model, np.arange(len(y)) % 5)
    with pytest.raises(InputError, match="at least two clusters"):
        meta.robust(model, np.ones(len(y)))
    with pytest.raises(InputError, match="CR2"):
        meta.robust(model, study, kind="CR4")
    with pytest.raises(InputError, match="weights of your own"):
        meta.robust(meta.fit(y, v, weights="equal"), study)
    robust = meta.robust(model, study)
    with pytest.raises(InputError, match="4 columns"):
        meta.wald_test(robust, [1, 0])
    with pytest.raises(CollinearError, match="repeat"):
        meta.wald_test(robust, [[0, 1, 0, 0], [0, 2, 0, 0]])
    with pytest.raises(InputError, match="fewer directions"):
        meta.wald_test(meta.robust(meta.fit(y, v, X), study // 4), np.eye(4))
    with pytest.raises(InputError, match="only an intercept"):
        meta.wald_test(meta.robust(meta.fit(y, v), study))


def test_moment_weights_give_an_exact_variance_component():
    # Closed form: with one estimate in each study the moment estimator is DerSimonian and Laird's.
    y, v, _, _ = simulated(14)
    for weighting in ("correlated", "hierarchical"):
        model = meta.fit_moments(y, v, np.arange(len(y)), weighting=weighting)
        assert model.tau2 == pytest.approx(meta.fit(y, v, method="dl").tau2, rel=1e-10)
        assert model.omega2 == 0


def test_moments_are_unbiased_in_a_simulation():
    rng = np.random.default_rng(15)
    g, n = 60, 4
    study, v, found = np.repeat(np.arange(g), n), np.tile([0.05, 0.1, 0.2, 0.4], g), []
    for _ in range(300):
        y = rng.normal(0, 0.4, g)[study] + rng.normal(0, 0.3, g * n) + rng.normal(0, np.sqrt(v))
        model = meta.fit_moments(y, v, study, weighting="hierarchical")
        found.append((model.tau2, model.omega2))
    # Three standard errors of the mean of 300 are about 0.008 and 0.005.
    np.testing.assert_allclose(np.mean(found, axis=0), [0.16, 0.09], atol=0.009)


def test_moments_do_not_depend_on_the_unit():
    y, v, study, X = simulated(16)
    for weighting in ("correlated", "hierarchical"):
        one, other = (meta.fit_moments(c * y, c * c * v, study, X, weighting=weighting) for c in (1, 1e-5))
        assert other.tau2 / 1e-10 == pytest.approx(one.tau2, rel=1e-9)
        assert other.omega2 / 1e-10 == pytest.approx(one.omega2, rel=1e-9)
        np.testing.assert_allclose(other.beta / 1e-5, one.beta, rtol=1e-9)
    with pytest.raises(InputError, match="correlated"):
        meta.fit_moments(y, v, study, weighting="CORR")


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.99])
def test_an_aggregate_is_generalised_least_squares_in_each_study(rho):
    y, v, study, _ = simulated(17)
    got = meta.aggregate(y, v, study[::-1][::-1], rho=rho)
    for label, estimate, variance, n in zip(got.study, got.y, got.v, got.n, strict=True):
        at = study == label
        V = rho * np.sqrt(np.outer(v[at], v[at]))
        np.fill_diagonal(V, v[at])
        w = np.linalg.solve(V, np.ones(at.sum()))
        assert (estimate, variance, n) == (pytest.approx(w @ y[at] / w.sum(), rel=1e-9), pytest.approx(1 / w.sum(), rel=1e-9), at.sum())
    with pytest.raises(InputError, match="rho"):
        meta.aggregate(y, v, study, rho=1.0)


def test_where_moderators_tell_all_studies_apart_moments_leave_nothing_between_them():
    y, v = np.array([0.1, 0.9, 0.3, 0.2]), np.full(4, 0.01)
    assert meta.fit_moments(y, v, [1, 1, 1, 1], weighting="correlated").tau2 == 0
    one = meta.fit_moments(y, v, [1, 1, 1, 1], weighting="hierarchical")
    assert (one.tau2, one.omega2) == (0, pytest.approx(y.var(ddof=1) - 0.01, rel=1e-10))


def test_no_residuals_and_too_few_clusters_are_told_apart():
    y, v, study, X = simulated(18)
    with pytest.raises(InputError, match="fewer directions"):
        meta.wald_test(meta.robust(meta.fit(np.zeros(len(y)), v), study), [1.0])
    with pytest.raises(InputError, match="use CR2"):
        meta.wald_test(meta.robust(meta.fit(y, v, X), study % 2, kind="CR1p"), [0, 1])


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR1S"])
def test_moderators_that_tell_all_clusters_apart_leave_no_robust_standard_error(kind):
    """With a column for each cluster their residuals cancel; clubSandwich 0.5.8 prints t statistics of 1e15 here (dat.pignon2000, dat.vanhowe1999)."""
    rng = np.random.default_rng(7)
    cluster = np.repeat([0, 1, 2], [4, 6, 5])
    v = rng.uniform(0.01, 0.3, 15)
    y = rng.normal(0.2, np.sqrt(v + 0.1))
    X = np.column_stack([np.ones(15), cluster == 1, cluster == 2]).astype(float)
    with pytest.raises(InputError, match="tell the clusters apart"):
        meta.robust(meta.fit(y, v, X), cluster, kind=kind)
    assert np.isfinite(meta.robust(meta.fit(y, v, X[:, :2]), cluster, kind=kind).coefficients.se).all()
