"""Selection models: against independent integration, reductions, known truth, and the unit of measurement."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from virker import meta
from virker.meta.data import data
from virker.meta.errors import CollinearError, InputError, MetaError, NotConverged
from virker.meta.selection_likelihood import likelihood, problem_of, scores

DATA = json.loads((Path(__file__).parents[2] / "validation" / "metafor" / "open" / "uni_hackshaw.json").read_text())["input"]
Y, V = np.array(DATA["yi"]), np.array(DATA["vi"])
WEIGHTS = {
    "half-normal": lambda p, q, d: np.exp(-d[0] * p * p),
    "negative-exponential": lambda p, q, d: np.exp(-d[0] * p),
    "logistic": lambda p, q, d: 2 * np.exp(-d[0] * p) / (1 + np.exp(-d[0] * p)),
    "power": lambda p, q, d: q ** d[0],
    "beta": lambda p, q, d: max(p, 1e-5) ** (d[0] - 1) * max(q, 1e-5) ** (d[1] - 1),
}


def integrated(y, v, mean, tau2, weight):
    """The log-likelihood by adaptive quadrature, one estimate at a time."""
    total = 0.0
    for a, b in zip(y, v, strict=True):
        sd, se = np.sqrt(b + tau2), np.sqrt(b)
        inner = [x for x in se * np.array([-4.2649, -2, 0, 2, 4.2649]) if abs(x - mean) < 10 * sd]
        ends = [mean - 10 * sd, *inner, mean + 10 * sd]
        mass = sum(
            quad(lambda x: weight(norm.sf(x / se), norm.cdf(x / se)) * norm.pdf(x, mean, sd), low, high, epsabs=0, epsrel=1e-11, limit=200)[0]  # noqa: B023
            for low, high in itertools.pairwise(ends)
        )
        total += np.log(weight(norm.sf(a / se), norm.cdf(a / se))) + norm.logpdf(a, mean, sd) - np.log(mass)
    return total


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_likelihood_is_that_of_adaptive_quadrature(weight):
    fit = meta.selection_model(Y[:12], V[:12], weight=weight, max_weight=20.0)
    want = integrated(Y[:12], V[:12], fit.beta[0], fit.tau2, lambda p, q: WEIGHTS[weight](p, q, fit.delta))
    assert fit.ll == pytest.approx(want, abs=2e-6)


def test_the_likelihood_of_steps_is_that_of_adaptive_quadrature():
    fit = meta.selection_model(Y[:12], V[:12], steps=(0.025, 0.5))
    a, b = norm.isf(0.5), norm.isf(0.025)
    total = 0.0
    for one, v in zip(Y[:12], V[:12], strict=True):
        sd, z = np.sqrt(v + fit.tau2), one / np.sqrt(v)
        cdf = norm.cdf(np.array([a, b]) * np.sqrt(v), fit.beta[0], sd)
        mass = (1 - cdf[1]) + fit.delta[1] * (cdf[1] - cdf[0]) + fit.delta[2] * cdf[0]
        total += norm.logpdf(one, fit.beta[0], sd) - np.log(mass) + np.log(fit.delta[0 if z >= b else 1 if z >= a else 2])
    assert fit.ll == pytest.approx(total, abs=1e-10)


@pytest.mark.parametrize(
    ("weight", "steps", "alternative"), [*((w, (), "greater") for w in WEIGHTS), ("step", (0.025, 0.5), "less"), ("step", (0.05,), "two-sided")]
)
def test_derivatives_are_those_of_the_likelihood(weight, steps, alternative):
    X = np.column_stack([np.ones(37), np.linspace(-1, 1, 37)])
    problem = problem_of(data(Y, V, X), weight, steps, alternative, 100.0)
    j = int(problem.free.sum())
    at = np.concatenate([[0.5, -0.2, 0.3], np.full(j, 0.4)])
    value, gradient, hessian = likelihood(problem, at[None])
    step = 1e-5
    for i in range(len(at)):
        moved = np.array([at + step * (np.arange(len(at)) == i), at - step * (np.arange(len(at)) == i)])
        values, gradients, _ = likelihood(problem, moved)
        assert (values[0] - values[1]) / (2 * step) == pytest.approx(gradient[0, i], rel=1e-6, abs=1e-6)
        np.testing.assert_allclose((gradients[0] - gradients[1]) / (2 * step), hessian[0, i], rtol=1e-5, atol=1e-5)
    assert scores(problem, at[None])[0] == pytest.approx(value)


@pytest.mark.parametrize("weight", ["step", *WEIGHTS])
def test_the_maximum_is_certified_and_no_lower_than_without_selection(weight):
    fit = meta.selection_model(Y, V, weight=weight)
    assert fit.gain < 1e-15
    assert fit.ll >= fit.ll_unselected
    assert fit.ll_unselected == pytest.approx(meta.fit(Y, V, method="ml").likelihood.log_likelihood, abs=1e-9)
    assert fit.optima[0] == fit.ll


def test_the_other_direction_is_the_mirror_image():
    up, down = meta.selection_model(Y, V), meta.selection_model(-Y, V, alternative="less")
    np.testing.assert_allclose(down.beta, -up.beta, rtol=1e-9)
    np.testing.assert_allclose(down.delta, up.delta, rtol=1e-9)
    assert down.ll == pytest.approx(up.ll, abs=1e-10)


@settings(max_examples=15, deadline=None)
@given(exponent=st.floats(-6, 6), weight=st.sampled_from(["step", "half-normal", "beta"]))
def test_the_unit_of_measurement_changes_nothing(exponent, weight):
    c = 10.0**exponent
    one, other = meta.selection_model(Y, V, weight=weight), meta.selection_model(c * Y, c * c * V, weight=weight)
    for a, b in (
        (one.beta * c, other.beta),
        (one.se * c, other.se),
        (one.tau2 * c * c, other.tau2),
        (one.delta, other.delta),
        (one.delta_se, other.delta_se),
        (one.lrt, other.lrt),
    ):
        np.testing.assert_allclose(b, a, rtol=1e-9)


def test_clusters_of_one_keep_the_estimates_and_clusters_of_copies_do_not_pretend_to_more():
    alone = meta.selection_model(Y, V)
    single = meta.selection_model(Y, V, cluster=np.arange(37))
    np.testing.assert_allclose(single.beta, alone.beta, rtol=1e-12)
    assert single.g == 37
    assert np.isnan(single.lrt_p)
    twice = meta.selection_model(np.tile(Y, 2), np.tile(V, 2), cluster=np.tile(np.arange(37), 2))
    np.testing.assert_allclose(twice.beta, alone.beta, rtol=1e-7)
    np.testing.assert_allclose(twice.se, single.se, rtol=1e-6)
    assert meta.selection_model(np.tile(Y, 2), np.tile(V, 2)).se[0] < 0.8 * single.se[0]


def test_a_known_selection_is_found_again():
    rng = np.random.default_rng(8)
    v = rng.uniform(0.02, 0.3, 12_000)
    y = rng.normal(0.2, np.sqrt(v + 0.04))
    seen = (y / np.sqrt(v) > norm.isf(0.025)) | (rng.random(len(y)) < 0.25)
    fit = meta.selection_model(y[seen], v[seen])
    assert abs(fit.beta[0] - 0.2) < 3 * fit.se[0]
    assert abs(fit.delta[1] - 0.25) < 3 * fit.delta_se[1]
    assert fit.lrt_p < 1e-10
    assert meta.fit(y[seen], v[seen]).beta[0] > 0.25


def test_an_interval_that_nothing_was_seen_in_has_the_weight_nil_and_says_so():
    y = np.array([0.9, 0.8, 1.0, 0.7, 0.85])
    fit = meta.selection_model(y, np.full(5, 0.02), steps=(0.025,))
    assert fit.counts.tolist() == [5, 0]
    assert fit.delta.tolist() == [1.0, 0.0]
    assert np.isnan(fit.delta_se[1])
    assert fit.at_bound
    assert "bound" in str(fit)


def test_a_moderator_is_adjusted_for_selection():
    X = np.column_stack([np.ones(37), np.linspace(1980, 2000, 37)])
    fit = meta.selection_model(Y, V, X)
    centred = meta.selection_model(Y, V, np.column_stack([np.ones(37), np.linspace(-10, 10, 37)]))
    assert fit.beta[1] == pytest.approx(centred.beta[1], rel=1e-7)
    assert fit.ll == pytest.approx(centred.ll, abs=1e-8)


def test_a_likelihood_without_a_maximum_is_refused():
    rng = np.random.default_rng(5)
    refused = []
    for _ in range(60):
        v = np.exp(rng.normal(-3, 1, 6))
        y = 0.3 + rng.normal(size=6) * np.sqrt(v)
        try:
            fit = meta.selection_model(y, v, weight="power")
        except NotConverged as error:
            refused.append(str(error))
        else:
            assert fit.gain < 1e-6
            assert np.isfinite(fit.ll)
    assert 0 < len(refused) < 30
    assert all("maximum" in words for words in refused)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"steps": (0.5, 0.025)}, InputError, "ascending"),
        ({"steps": ()}, InputError, "ascending"),
        ({"weight": "stepp"}, InputError, "step"),
        ({"alternative": "up"}, InputError, "greater"),
        ({"weight": "beta", "alternative": "two-sided"}, InputError, "step"),
        ({"max_weight": 0.5}, InputError, "above 1"),
        ({"cluster": ["a"] * 37}, InputError, "two clusters"),
        ({"X": np.ones((37, 2))}, CollinearError, "depend"),
        ({"level": 95}, InputError, "level"),
    ],
)
def test_a_wrong_argument_is_told(change, error, words):
    with pytest.raises(error, match=words):
        meta.selection_model(Y, V, **change)


def test_awkward_data_give_a_result_or_a_typed_error():
    with pytest.raises(InputError, match="more estimates"):
        meta.selection_model([0.3], [0.1])
    for y, v in (([0.3, 0.5], [0.1, 0.2]), ([0.1] * 6, [0.01] * 6), ([0.1, 0.9, -2, 4, 0.3], [1e-4, 1, 100, 1e2, 1e-3])):
        try:
            fit = meta.selection_model(y, v)
        except MetaError:
            continue
        assert np.isfinite(fit.ll)
        assert np.isfinite(fit.beta).all()
