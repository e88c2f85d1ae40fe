"""CR2 for clusters of many rows: the same numbers as by matrices of their size, in linear memory."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from virker import meta
from virker.meta import sandwich
from virker.meta.inverse_root import nodes
from virker.meta.large_clusters import adjusted, of_studies


def example(sizes: list[int], seed: int = 0, spread: float = 1.0) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng(seed)
    study = np.repeat(np.arange(len(sizes)), sizes)
    k = len(study)
    v = 10 ** rng.uniform(-spread, 0, k)
    return rng.normal(0, 0.4, len(sizes))[study] + rng.normal(0, np.sqrt(v)), v, study, np.column_stack([np.ones(k), rng.normal(size=k)])


@pytest.mark.parametrize("ratio", [1.0, 1.5, 1e2, 1e6, 1e12, 1e16])
def test_the_points_give_inverse_square_roots_to_rounding(ratio):
    t, weight = nodes(0.3, 0.3 * ratio)
    x = 0.3 * np.geomspace(1, ratio, 101)
    np.testing.assert_allclose((weight / (t * t + x[:, None])).sum(axis=1), x**-0.5, rtol=1e-14)
    assert len(t) < 80


@pytest.mark.parametrize("rho", [0.0, 0.7])
@pytest.mark.parametrize("pairs", [False, True], ids=["studies", "clusters of two studies"])
@pytest.mark.parametrize("kind", ["multilevel", "ordinary"])
def test_large_clusters_are_as_by_matrices_of_their_size(monkeypatch, rho, pairs, kind):
    y, v, study, X = example([90, 60, 45, 41, 5, 5, 3, 1])
    turned = np.random.default_rng(1).permutation(len(y))
    y, v, study, X = y[turned], v[turned], study[turned], X[turned]
    model = meta.fit_multilevel(y, v, study, X, rho=rho) if kind == "multilevel" else meta.fit(y, v, X)
    linear = meta.robust(model, study // 2 if pairs else study)
    monkeypatch.setattr(sandwich, "_LARGE", 10**9)
    dense = meta.robust(model, study // 2 if pairs else study)
    np.testing.assert_allclose(linear.coefficients.vcov, dense.coefficients.vcov, rtol=1e-8)
    np.testing.assert_allclose(linear.coefficients.df, dense.coefficients.df, rtol=1e-8)
    assert meta.wald_test(linear, [0.0, 1.0]).p == pytest.approx(meta.wald_test(dense, [0.0, 1.0]).p, rel=1e-7)


def test_with_one_variance_the_adjustment_is_a_closed_form():
    # Ordinary least squares with one column: A = (I - H)^(-1/2) stretches X by one over the root of one minus the leverage.
    rng = np.random.default_rng(2)
    x, phi = rng.normal(size=(50, 1)), 0.4
    own, others = float((x * x).sum()) / phi, 30.0
    found = adjusted(
        of_studies(np.full(50, phi), np.zeros(50), 0.0, np.arange(50)),
        x,
        x / phi,
        np.array([[1 / (own + others)]]),
        np.array([[others]]),
        others / (own + others),
    )
    np.testing.assert_allclose(found, x / phi * (1 - own / (own + others)) ** -0.5, rtol=1e-12)


def test_what_defines_the_adjustment_holds_with_six_orders_of_magnitude():
    y, v, study, X = example([300] * 4, spread=6)
    found = meta.robust(meta.fit_multilevel(y, v, study, X), study)
    other = meta.robust(meta.fit_multilevel(1e4 * y, 1e8 * v, study, X), study)
    np.testing.assert_allclose(other.coefficients.vcov, 1e8 * found.coefficients.vcov, rtol=1e-6)
    assert (found.coefficients.df > 1).all()


def test_memory_grows_with_the_rows_not_with_their_square():
    y, v, study, X = example([8_000] * 3)
    model = meta.fit_multilevel(y, v, study, X)
    tracemalloc.start()
    meta.robust(model, study)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6 < 8 * 8_000**2


def test_a_cluster_that_alone_decides_a_coefficient_is_still_adjusted():
    y, v, study, _ = example([60, 50, 45, 5, 5])
    model = meta.fit_multilevel(y, v, study, np.column_stack([np.ones(len(y)), study == 0]).astype(float))
    found = meta.robust(model, study).coefficients
    assert np.isfinite(found.se[0])
    assert found.df[0] > 1
