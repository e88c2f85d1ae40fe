"""Multilevel models against reference results (metafor 5.1-12; all are in test_reference_set.py), dense algebra, closed forms, reductions, units."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virker import meta
from virker.meta import components
from virker.meta.errors import CollinearError, InputError

VALIDATION = Path(__file__).parents[2] / "validation" / "metafor"


def case(name):
    return json.loads((VALIDATION / "open" / f"{name}.json").read_text())


def schools():
    """Konstantopoulos (2011): 56 schools in 11 districts."""
    data = case("ml3_konstantopoulos")["input"]
    return np.array(data["yi"]), np.array(data["vi"]), np.array(data["cluster"])


def simulated(seed, k, g, p=1, wide=False):
    rng = np.random.default_rng(seed)
    study = rng.integers(0, g, k)
    v = 10 ** rng.uniform(-3, 3, k) if wide else rng.uniform(0.01, 1, k)
    y = 0.3 + rng.normal(0, rng.choice([0, 0.4]), g)[study] + rng.normal(0, rng.choice([0, 0.3]), k) + rng.normal(0, np.sqrt(v))
    return y, v, study, np.column_stack([np.ones(k), rng.normal(size=(k, p - 1))])


def dense(y, v, study, X, s1, s2, rho):
    """Restricted and plain log-likelihood and coefficients by full matrices."""
    same = study[:, None] == study[None, :]
    M = np.where(same, rho * np.sqrt(np.outer(v, v)) + s1, 0.0)
    np.fill_diagonal(M, v + s1 + s2)
    W = np.linalg.inv(M)
    A = X.T @ W @ X
    beta = np.linalg.solve(A, X.T @ W @ y)
    e = y - X @ beta
    fit = np.linalg.slogdet(M)[1] + e @ W @ e
    k, p = X.shape
    reml = -0.5 * ((k - p) * np.log(2 * np.pi) + fit + np.linalg.slogdet(A)[1] - np.linalg.slogdet(X.T @ X)[1])
    return reml, -0.5 * (k * np.log(2 * np.pi) + fit), beta, np.linalg.inv(A)


def flat(value, path=""):
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{path}/{key}")
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from flat(item, f"{path}[{i}]")
    else:
        yield path, value


@pytest.mark.parametrize(("name", "numbers"), [("ml3_konstantopoulos", 355), ("ml3_assink_mods", 350), ("mv_berkey", 900)])
def test_every_number_of_the_reference_is_met(name, numbers, monkeypatch):
    monkeypatch.syspath_prepend(str(VALIDATION))
    operations = __import__("ops_multilevel").OPERATIONS
    sys.modules.pop("ops_multilevel")
    found, met = case(name), 0
    for check in found["checks"]:
        got = dict(flat(operations[check["op"]](check["args"], found["input"], found["kind"])))
        for path, want in flat(check["out"]):
            if want is not None:
                assert got[path] == pytest.approx(want, rel=check["tol"]["rtol"], abs=check["tol"]["atol"]), (check["op"], check["args"], path)
                met += 1
    assert met > numbers


@pytest.mark.parametrize("rho", [None, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(6))
def test_block_algebra_is_the_full_matrix(seed, rho):
    y, v, study, X = simulated(seed, 40, 12, p=1 + seed % 3)
    model = meta.fit_multilevel(y, v, study, X, rho=rho, method=("reml", "ml")[seed % 2])
    reml, ml, beta, vcov = dense(y, v, study, X, model.sigma2_study, model.sigma2_estimate, rho or 0.0)
    assert (model.log_likelihood_reml, model.log_likelihood_ml) == (pytest.approx(reml, abs=1e-10), pytest.approx(ml, abs=1e-10))
    np.testing.assert_allclose(model.coefficients.beta, beta, rtol=1e-10)
    np.testing.assert_allclose(model.coefficients.vcov, vcov, rtol=1e-10)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_slopes_and_curvatures_are_those_of_the_likelihood(rho, reml):
    y, v, study, X = simulated(3, 30, 9, p=2)
    problem = meta.fit_multilevel(y, v, study, X, rho=rho, method="reml" if reml else "ml")._problem

    def ll(a, b):
        point = components.at(problem, a, b)
        return point.ll_reml if reml else point.ll_ml

    a, b, h = 0.4, 0.7, 1e-4
    score, information, _ = components.derivatives(problem, components.at(problem, a, b))
    assert score[0] == pytest.approx((ll(a + h, b) - ll(a - h, b)) / (2 * h), rel=1e-5)
    assert score[1] == pytest.approx((ll(a, b + h) - ll(a, b - h)) / (2 * h), rel=1e-5)
    assert -information[0, 0] == pytest.approx((ll(a + h, b) - 2 * ll(a, b) + ll(a - h, b)) / h**2, rel=1e-4)
    assert -information[1, 1] == pytest.approx((ll(a, b + h) - 2 * ll(a, b) + ll(a, b - h)) / h**2, rel=1e-4)
    mixed = (ll(a + h, b + h) - ll(a + h, b - h) - ll(a - h, b + h) + ll(a - h, b - h)) / (4 * h * h)
    assert -information[0, 1] == pytest.approx(mixed, rel=1e-4)


@pytest.mark.parametrize("seed", range(25))
def test_no_point_of_a_fine_grid_is_higher(seed):
    # Variances of six orders of magnitude and correlated errors: narrow ridges and several optima.
    rng = np.random.default_rng(seed)
    y, v, study, X = simulated(seed, int(rng.integers(5, 50)), int(rng.integers(2, 15)), p=int(rng.integers(1, 4)), wide=True)
    model = meta.fit_multilevel(y, v, study, X, rho=0.8, method=("reml", "ml")[seed % 2])
    grid = np.append(0, np.geomspace(1e-5, 30, 60)) * np.var(y)
    # Where moderators tell all studies apart, only one line of the grid is of this model.
    lines = grid if model._problem.free[0] else grid[:1]
    assert meta.log_likelihood_grid(model, lines, grid).max() <= model.optima[0] + 1e-7


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), exponent=st.floats(-6, 6), rho=st.sampled_from([None, 0.5]), method=st.sampled_from(["reml", "ml"]))
def test_the_unit_of_the_effects_changes_nothing(seed, exponent, rho, method):
    y, v, study, X = simulated(seed, 25, 8, p=2)
    c = 10.0**exponent
    one, other = meta.fit_multilevel(y, v, study, X, rho=rho, method=method), meta.fit_multilevel(c * y, c * c * v, study, X, rho=rho, method=method)
    a, b = one.coefficients, other.coefficients
    for ours, theirs in ((a.beta, b.beta / c), (a.se, b.se / c), (a.ci_low, b.ci_low / c), (a.statistic, b.statistic), (a.p, b.p)):
        np.testing.assert_allclose(theirs, ours, rtol=1e-9, atol=1e-12)
    unit = np.median(v)
    for ours, theirs in ((one.sigma2_study, other.sigma2_study), (one.sigma2_estimate, other.sigma2_estimate)):
        assert theirs / c**2 == pytest.approx(ours, rel=1e-9, abs=1e-9 * unit)
    assert other.q == pytest.approx(one.q, rel=1e-9)
    shift = 25 - (2 if method == "reml" else 0)
    assert other.optima[0] + shift * np.log(c) == pytest.approx(one.optima[0], rel=1e-9, abs=1e-9)


def test_the_order_of_the_estimates_changes_nothing():
    y, v, district = schools()
    order = np.random.default_rng(1).permutation(len(y))
    one, other = meta.fit_multilevel(y, v, district), meta.fit_multilevel(y[order], v[order], [f"district {d}" for d in district[order]])
    assert other.sigma2_study == pytest.approx(one.sigma2_study, rel=1e-10)
    assert other.log_likelihood_reml == pytest.approx(one.log_likelihood_reml, rel=1e-12)
    effects = dict(zip(meta.study_effects(one).study.tolist(), meta.study_effects(one).effect, strict=True))
    for label, effect in zip(meta.study_effects(other).study, meta.study_effects(other).effect, strict=True):
        assert effect == pytest.approx(effects[int(label.split()[1])], rel=1e-9)


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_one_estimate_in_each_study_is_the_ordinary_model(method):
    y, v, _ = schools()
    three, two = meta.fit_multilevel(y, v, np.arange(len(y)), method=method, test="z"), meta.fit(y, v, method=method)
    assert three.sigma2_study == pytest.approx(two.tau2, rel=1e-9)
    assert three.sigma2_estimate == 0
    np.testing.assert_allclose(three.coefficients.se, two.coefficients.se, rtol=1e-9)
    assert three.q == pytest.approx(two.q, rel=1e-12)


def test_no_heterogeneity_is_the_common_effect():
    v = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    y = 0.2 + 0.01 * np.array([1, -1, 1, -1, 1, -1])
    model = meta.fit_multilevel(y, v, [1, 1, 2, 2, 3, 3], test="z")
    assert (model.sigma2_study, model.sigma2_estimate) == (0, 0)
    assert model.coefficients.beta[0] == pytest.approx((y / v).sum() / (1 / v).sum(), rel=1e-12)
    assert model.coefficients.se[0] == pytest.approx((1 / v).sum() ** -0.5, rel=1e-12)
    assert np.isnan(model.sigma2_se).all()


def test_balanced_studies_have_the_variances_of_the_analysis_of_variance():
    # Equal v and n estimates in each study: REML is the mean squares, where these are not negative.
    rng = np.random.default_rng(5)
    g, n, v = 12, 4, 0.05
    y = rng.normal(0, 0.7, g)[:, None] + rng.normal(0, 0.5, (g, n))
    within = ((y - y.mean(axis=1, keepdims=True)) ** 2).sum() / (g * (n - 1))
    between = n * y.mean(axis=1).var(ddof=1)
    model = meta.fit_multilevel(y.ravel(), np.full(g * n, v), np.repeat(np.arange(g), n))
    assert model.sigma2_estimate == pytest.approx(within - v, rel=1e-9)
    assert model.sigma2_study == pytest.approx((between - within) / n, rel=1e-9)


def test_a_moderator_that_varies_within_studies_keeps_the_degrees_of_freedom_of_estimates():
    y, v, district = schools()
    X = np.column_stack([np.ones(len(y)), district % 2, np.arange(len(y)) % 3])
    assert meta.fit_multilevel(y, v, district, X).coefficients.df.tolist() == [8, 8, 53]
    assert meta.fit_multilevel(y, v, district, X, test="t").coefficients.df.tolist() == [53, 53, 53]
    assert meta.fit_multilevel(y, v, district, X, test="z").coefficients.df is None


def test_the_profile_falls_by_half_a_critical_value_at_the_limits():
    y, v, district = schools()
    model = meta.fit_multilevel(y, v, district)
    interval = meta.profile_interval(model, "estimate")
    assert interval.low < model.sigma2_estimate < interval.high
    grid = np.append(0, np.geomspace(1e-4, 2, 4000))
    for limit in (interval.low, interval.high):
        height = meta.log_likelihood_grid(model, grid, [limit]).max()
        assert model.log_likelihood_reml - height == pytest.approx(3.841458820694124 / 2, abs=1e-5)


def test_leaving_a_study_out_is_fitting_without_it():
    y, v, district = schools()
    model = meta.fit_multilevel(y, v, district)
    distance = meta.cooks_distance(model)
    for j, label in enumerate(model.groups.labels):
        rest = meta.fit_multilevel(y[district != label], v[district != label], district[district != label])
        shift = model.coefficients.beta[0] - rest.coefficients.beta[0]
        assert distance[j] == pytest.approx(shift**2 / model.coefficients.vcov[0, 0], rel=1e-7)


def test_study_effects_are_the_conditional_means_of_the_full_matrix():
    y, v, study, X = simulated(2, 30, 8, p=2)
    model = meta.fit_multilevel(y, v, study, X, rho=0.4)
    s1, Z = model.sigma2_study, (study[:, None] == model.groups.labels[None, :]).astype(float)
    same = Z @ Z.T
    M = 0.4 * np.sqrt(np.outer(v, v)) * same + s1 * same + np.diag(0.6 * v + model.sigma2_estimate)
    W = np.linalg.inv(M)
    P = W - W @ X @ np.linalg.solve(X.T @ W @ X, X.T @ W)
    effects = meta.study_effects(model)
    np.testing.assert_allclose(effects.effect, s1 * Z.T @ P @ y, atol=1e-10)
    np.testing.assert_allclose(effects.se, np.sqrt(np.diag(s1 * np.eye(Z.shape[1]) - s1**2 * Z.T @ P @ Z)), rtol=1e-8)


def test_a_new_study_lies_further_off_than_the_mean():
    y, v, district = schools()
    model = meta.fit_multilevel(y, v, district, test="z")
    p = meta.predict_multilevel(model)
    half = 1.959963984540054 * np.sqrt(model.coefficients.vcov[0, 0] + model.sigma2_study + model.sigma2_estimate)
    assert p.pi_high[0] - p.mean[0] == pytest.approx(half, rel=1e-12)
    assert p.pi_low < p.ci_low < p.ci_high < p.pi_high


def test_predictions_can_stand_on_the_robust_covariance_of_the_mean():
    # metafor 3.8-1 with clubSandwich 0.5.8: predict(robust(rma.mv(yi, vi, mods=~I(year-mean(year)), random=~1|district/school), cluster=district,
    # clubSandwich=TRUE), newmods=c(0, 5)), R's default tolerances.
    y, v, district = schools()
    year = np.array(case("ml3_konstantopoulos_year")["input"]["X"])[:, 1]
    model = meta.fit_multilevel(y, v, district, np.column_stack([np.ones(len(y)), year - year.mean()]))
    p = meta.predict_multilevel(model, [[1, 0], [1, 5]], robust=meta.robust(model, district))
    np.testing.assert_allclose(p.se, [0.09021578745, 0.09487765111], rtol=1e-6)
    np.testing.assert_allclose([p.ci_low, p.ci_high], [[-0.03043036278, -0.02053827949], [0.3871246588, 0.4303507581]], rtol=1e-5)
    np.testing.assert_allclose([p.pi_low, p.pi_high], [[-0.5997708018, -0.5970876970], [0.9564650978, 1.0069001757]], rtol=1e-5)


@given(seed=st.integers(0, 200))
@settings(max_examples=20, deadline=None)
def test_with_the_robust_covariance_the_mean_never_has_the_wider_interval(seed):
    rng = np.random.default_rng(seed)
    study = np.repeat(np.arange(4), 3)
    y, v = rng.normal(0.2, 0.1, 4)[study] + rng.normal(0, 0.2, 12), rng.uniform(0.01, 0.05, 12)
    model = meta.fit_multilevel(y, v, study)
    found = meta.robust(model, study)
    p = meta.predict_multilevel(model, robust=found)
    assert p.pi_low <= p.ci_low + 1e-15
    assert p.ci_high <= p.pi_high + 1e-15
    np.testing.assert_allclose([p.ci_low, p.ci_high], [found.coefficients.ci_low, found.coefficients.ci_high], rtol=1e-9)


def test_the_robust_covariance_of_another_model_is_refused():
    y, v, district = schools()
    other = meta.robust(meta.fit_multilevel(-y, v, district), district)
    with pytest.raises(InputError, match="another model"):
        meta.predict_multilevel(meta.fit_multilevel(y, v, district), robust=other)


def test_shares_of_heterogeneity_sum_to_all_of_it():
    y, v, district = schools()
    shares = meta.heterogeneity_shares(meta.fit_multilevel(y, v, district))
    assert shares.study + shares.estimate == pytest.approx(shares.total)
    assert 0 < shares.total < 100


def test_where_moderators_tell_all_studies_apart_there_is_no_study_component():
    y, v, study = [0.1, 0.5, 0.3, 0.9], [0.1] * 4, [1, 1, 2, 2]
    assert meta.fit_multilevel(y, v, [1, 1, 1, 1]).sigma2_study == 0
    assert meta.fit_multilevel(y, v, study, [[1, 0], [1, 0], [0, 1], [0, 1]]).sigma2_study == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (dict(y=[1], v=[0.1], study=[1]), "leave nothing"),
        (dict(y=[1, 2], v=[0.1], study=[1, 2]), "v has 1 values"),
        (dict(y=[1, 2, 3], v=[0.1, 0, 1], study=[1, 2, 3]), "above zero"),
        (dict(y=[1, np.nan, 3], v=[0.1, 1, 1], study=[1, 2, 3]), "missing or infinite"),
        (dict(y=[1, 2, 3], v=[0.1, 1, 1], study=[1, 2]), "one label for each of the 3"),
        (dict(y=[1, 2, 3], v=[0.1, 1, 1], study=[1, np.nan, 2]), "missing labels"),
        (dict(y=[1, 2, 3], v=[0.1, 1, 1], study=[1, 1, 2], rho=1.0), "rho must be"),
        (dict(y=[1, 2, 3], v=[0.1, 1, 1], study=[1, 1, 2], method="rmel"), "reml"),
        (dict(y=[1, 2, 3], v=[0.1, 1, 1], study=[1, 1, 2], test="knapp-hartung"), "t-containment"),
        (dict(y=[1, 2, 3], v=[0.1, 1, 1], study=[1, 1, 2], level=95), "0.95"),
    ],
)
def test_what_cannot_be_fitted_is_said(arguments, says):
    with pytest.raises(InputError, match=says):
        meta.fit_multilevel(**arguments)


def test_collinear_moderators_are_named():
    with pytest.raises(CollinearError, match="'women'"):
        meta.fit_multilevel([1, 2, 3, 4], [1] * 4, [1, 1, 2, 2], [[1, 0, 1], [1, 1, 0], [1, 0, 1], [1, 1, 0]], names=["all", "women", "men"])


def test_a_result_prints_and_is_json():
    y, v, district = schools()
    model = meta.fit_multilevel(y, v, district)
    assert "56 estimates in 11 studies" in str(model)
    told = json.loads(json.dumps(model.to_dict()))
    assert told["sigma2_study"] == model.sigma2_study
    assert "data" not in told
