"""Refits of a multilevel model, many at once: the single fits they stand for, simulation with known truth, and tests for few studies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from virker import meta
from virker.meta import components, kernels
from virker.meta.blocks import codes
from virker.meta.errors import CollinearError, InputError
from virker.meta.multilevel_climb import fit_rows
from virker.meta.multilevel_rows import Rows, heights, looks
from virker.meta.wild_bootstrap import _signs


def example(g: int = 8, seed: int = 1, columns: int = 1, sigma: float = 0.4) -> tuple[Any, Any, Any, Any]:
    """Studies of one to six estimates, their rows shuffled; the second column of the design varies between studies, the third within."""
    rng = np.random.default_rng(seed)
    study = rng.permutation(np.repeat(np.arange(g), rng.integers(1, 7, g)))
    k = len(study)
    v = rng.uniform(0.02, 0.5, k)
    X = np.column_stack([np.ones(k), rng.normal(size=g)[study], rng.normal(size=k)])[:, :columns]
    y = rng.normal(0, sigma, g)[study] + rng.normal(0, 0.2, k) + rng.normal(0, np.sqrt(v))
    return y, v, study, X


@pytest.fixture(params=[False, True], ids=["numpy", "compiled"])
def compiled(request: Any) -> Any:
    with kernels.using(request.param):
        if request.param and not kernels.available():
            pytest.skip("needs the extra 'fast'")
        yield request.param


@pytest.mark.parametrize("rho", [0.0, 0.6])
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_likelihood_of_many_data_sets_is_that_of_each(compiled, rho, method):
    y, v, study, X = example(columns=3)
    problem = meta.fit_multilevel(y, v, study, X, rho=rho, method=method)._problem
    centred = problem.y - (problem.X @ problem.y) @ problem.X
    other = centred[::-1] - (problem.X @ centred[::-1]) @ problem.X
    rows = Rows(np.array([centred, other]), np.ones((1, problem.groups.count)), problem)
    sigma2 = np.array([[0.3, 0.2], [0.0, 0.4]])
    found = looks(rows, np.array([0, 1]), sigma2)
    grid = heights(rows, np.array([[0.0], [0.3]]), np.array([0.2, 0.4]))
    for i, data in enumerate((centred, other)):
        alone = components.Problem(data, problem.v, problem.X, problem.groups, rho, problem.reml, problem.free)
        point = components.at(alone, *sigma2[i])
        score, observed, expected = components.derivatives(alone, point)
        assert found.value[i] == pytest.approx(point.ll_reml if method == "reml" else point.ll_ml, rel=1e-12)
        np.testing.assert_allclose(found.score[i], score, rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(found.observed[i], observed.ravel()[[0, 1, 3]], rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(found.expected[i], expected.ravel()[[0, 1, 3]], rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(found.beta[i], point.beta, rtol=1e-9, atol=1e-12)
        with kernels.using(False):
            np.testing.assert_allclose(grid[i], components.log_likelihoods(alone, np.array([[0.0], [0.3]]), np.array([0.2, 0.4])), rtol=1e-11)


@pytest.mark.parametrize("levels", ["study-and-estimate", "study"])
def test_every_data_set_of_a_batch_gets_its_own_fit(compiled, levels):
    y, v, study, X = example(columns=2)
    model = meta.fit_multilevel(y, v, study, X, levels=levels)
    problem = model._problem
    noise = np.random.default_rng(4).normal(size=(40, len(y))) * np.linspace(0.3, 3, 40)[:, None]
    offset = noise @ problem.X.T
    fits = fit_rows(Rows(noise - offset @ problem.X, np.ones((1, problem.groups.count)), problem))
    assert fits.converged.all()
    sorted_study, sorted_v, sorted_X = (part[model.groups.order] for part in (study, v, X))
    for i in range(40):
        one = meta.fit_multilevel(noise[i] * model._scale, sorted_v, sorted_study, sorted_X, levels=levels)
        expected = np.array([one.sigma2_study, one.sigma2_estimate]) / model._scale**2
        np.testing.assert_allclose(fits.sigma2[i], expected, rtol=1e-7, atol=1e-12)


def test_cases_are_whole_studies_and_a_study_drawn_twice_is_two(compiled):
    y, v, study, X = example(columns=2)
    model = meta.fit_multilevel(y, v, study, X)
    found = meta.bootstrap_multilevel(model, kind="cases", draws=250, seed=5)
    chosen = np.random.default_rng(5).integers(0, 8, (250, 8))
    member = [np.flatnonzero(codes(model.groups) == j) for j in range(8)]
    for i in range(30):
        rows = np.concatenate([member[j] for j in chosen[i]])
        copy = np.concatenate([np.full(len(member[j]), n) for n, j in enumerate(chosen[i])])
        one = meta.fit_multilevel(y[rows], v[rows], copy, X[rows])
        np.testing.assert_allclose(found.beta[i], one.coefficients.beta, rtol=1e-7)
        np.testing.assert_allclose([found.sigma2_study[i], found.sigma2_estimate[i]], [one.sigma2_study, one.sigma2_estimate], rtol=1e-6, atol=1e-12)


def test_studies_that_do_not_tell_the_coefficients_apart_are_counted_as_failed(compiled):
    y, v, study, _ = example()
    X = np.column_stack([np.ones(len(y)), study == 0]).astype(float)
    found = meta.bootstrap_multilevel(meta.fit_multilevel(y, v, study, X), kind="cases", draws=300)
    assert found.failed == int(np.isnan(found.beta[:, 0]).sum())
    assert found.failed == pytest.approx(300 * (7 / 8) ** 8, abs=40)
    assert "without a result" in str(found)


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_parametric_bootstrap_has_the_standard_error_of_the_model(rho):
    y, v, study, X = example(g=40, columns=2, sigma=0.9)
    model = meta.fit_multilevel(y, v, study, X, rho=rho)
    found = meta.bootstrap_multilevel(model, draws=2_000)
    np.testing.assert_allclose(found.beta.mean(axis=0), model.coefficients.beta, atol=4 * model.coefficients.se.max() / 2_000**0.5)
    np.testing.assert_allclose(found.beta.std(axis=0), model.coefficients.se, rtol=0.07)
    assert found.sigma2_study.mean() == pytest.approx(model.sigma2_study, rel=0.1)
    assert found.sigma2_study_interval[0] < model.sigma2_study < found.sigma2_study_interval[1]


@pytest.mark.parametrize("c", [1e-6, 1e6])
@pytest.mark.parametrize("kind", ["parametric", "cases"])
def test_another_unit_changes_nothing_but_the_unit(c, kind):
    y, v, study, X = example(columns=2)
    one = meta.bootstrap_multilevel(meta.fit_multilevel(y, v, study, X), kind=kind, draws=60)
    other = meta.bootstrap_multilevel(meta.fit_multilevel(c * y, c * c * v, study, X), kind=kind, draws=60)
    np.testing.assert_allclose(other.beta, c * one.beta, rtol=1e-9, atol=1e-9 * c)
    np.testing.assert_allclose(other.sigma2_study, c * c * one.sigma2_study, rtol=1e-8, atol=1e-10 * c * c)
    first, second = (meta.wild_bootstrap(meta.fit_multilevel(s * y, s * s * v, study, X)) for s in (1.0, c))
    assert second.f == pytest.approx(first.f, rel=1e-9)
    assert second.p == first.p


def test_all_signs_are_gone_through_once():
    signs = _signs(5)
    assert signs.shape == (16, 5)
    assert (signs[0] == 1).all()
    assert len({tuple(row * row[-1]) for row in signs}) == 16


@pytest.mark.parametrize("rho", [None, 0.5])
def test_the_wild_bootstrap_is_its_definition_written_out(compiled, rho):
    y, v, study, X = example(g=5, columns=2)
    model = meta.fit_multilevel(y, v, study, X, rho=rho)
    null = meta.fit_multilevel(y, v, study, rho=rho)
    fitted = np.full(len(y), null.coefficients.beta[0])
    expected = []
    for sign in _signs(5):
        again = meta.fit_multilevel(fitted + sign[codes(model.groups)] * (y - fitted), v, study, X, rho=rho)
        expected.append(meta.wald_test(meta.robust(again, study, kind="CR0"), [0.0, 1.0], kind="naive-F").f)
    found = meta.wild_bootstrap(model)
    np.testing.assert_allclose(found.statistics, expected, rtol=1e-7)
    assert found.exact
    assert found.p == pytest.approx(np.mean(np.array(expected) >= expected[0] * (1 - 1e-8)))
    assert "5 clusters, 16 data sets (all signs)" in str(found)


def test_the_wild_bootstrap_does_not_see_order_labels_or_direction():
    y, v, study, X = example(columns=2)
    found = meta.wild_bootstrap(meta.fit_multilevel(y, v, study, X))
    turned = np.random.default_rng(0).permutation(len(y))
    other = meta.wild_bootstrap(meta.fit_multilevel(-y[turned], v[turned], np.array(list("abcdefgå"))[study[turned]], X[turned]))
    assert other.p == found.p
    assert other.f == pytest.approx(found.f, rel=1e-8)


@pytest.mark.parametrize("auxiliary", ["signs", "webb"])
def test_random_weights_come_near_all_signs(auxiliary):
    y, v, study, X = example(g=10, columns=2, seed=3)
    model = meta.fit_multilevel(y, v, study, X)
    assert meta.wild_bootstrap(model, exact=False, auxiliary=auxiliary, draws=3_000).p == pytest.approx(meta.wild_bootstrap(model).p, abs=0.05)


def test_the_wild_bootstrap_keeps_its_level_with_seven_studies():
    p = []
    for seed in range(150):
        y, v, study, X = example(g=7, columns=2, seed=seed)
        p.append(meta.wild_bootstrap(meta.fit_multilevel(y, v, study, X)).p)
    assert 0.04 <= np.mean(np.array(p) <= 0.1) <= 0.17


def test_a_strong_effect_is_found_and_clusters_of_studies_are_taken():
    y, v, study, X = example(g=10, columns=2)
    model = meta.fit_multilevel(y + 3 * X[:, 1], v, study, X)
    assert meta.wild_bootstrap(model).p < 0.02
    by_pair = meta.wild_bootstrap(model, cluster=study // 2)
    assert (by_pair.g, len(by_pair.statistics) + by_pair.failed) == (5, 16)


def test_what_cannot_be_tested_is_refused():
    y, v, study, X = example(columns=2)
    model = meta.fit_multilevel(y, v, study, X)
    with pytest.raises(InputError, match="lies in two clusters"):
        meta.wild_bootstrap(model, cluster=np.arange(len(y)))
    with pytest.raises(InputError, match="Only signs"):
        meta.wild_bootstrap(model, auxiliary="webb", exact=True)
    with pytest.raises(CollinearError, match="repeat"):
        meta.wild_bootstrap(model, [[0, 1], [0, 2]])
    with pytest.raises(InputError, match="2 columns"):
        meta.wild_bootstrap(model, [1.0])
    with pytest.raises(InputError, match="Allowed are parametric, cases"):
        meta.bootstrap_multilevel(model, kind="case")
    with pytest.raises(InputError, match="at least 1"):
        meta.bootstrap_multilevel(model, draws=0)
