"""Compiled kernels and NumPy alone: the same numbers, and a switch between them that cannot fail halfway."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virker import meta
from virker.meta import components, kernels
from virker.meta.batch import Batch
from virker.meta.plain import plain
from virker.meta.roots import crossings
from virker.meta.univariate import as_batch

pytest.importorskip("numba", reason="kernels need the extra 'fast'")


@pytest.fixture(scope="module", autouse=True)
def loaded() -> Iterator[None]:
    with kernels.using(True):
        assert kernels.available()
        yield


def estimates(k: int = 13, seed: int = 1, spread: float = 0.5) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.01, 1, k)
    return rng.normal(0.3, spread, k) + rng.normal(0, np.sqrt(v)), v, np.column_stack([np.ones(k), rng.normal(size=(k, 2)), np.arange(k) + 1990.0])


def nested(k: int = 60, seed: int = 1) -> tuple[Any, Any, Any, Any]:
    y, v, X = estimates(k, seed)
    study = np.random.default_rng(seed).integers(0, k // 5, k)
    return y + np.random.default_rng(seed + 1).normal(0, 0.4, k // 5)[study], v, study, X


def numbers(result: Any) -> dict[str, Any]:
    """All that a result says, but what tells how the optimum was reached."""
    if not hasattr(result, "__dataclass_fields__"):
        return {"": result}
    return {name: value for name, value in plain(result, leave_out=("data", "groups", "_problem", "_scale", "iterations", "gain", "optima")).items()}


def same(one: Any, other: Any, place: str = "") -> None:
    assert type(one) is type(other), place
    if isinstance(one, dict):
        assert one.keys() == other.keys(), place
        for name in one:
            same(one[name], other[name], f"{place}.{name}")
    elif isinstance(one, (list, np.ndarray, float)) and np.asarray(one).dtype.kind != "U":
        a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
        finite = np.abs(a[np.isfinite(a)])
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11 * finite.max() if finite.size else 0.0, err_msg=place)
    else:
        assert one == other, place


def models() -> dict[str, Callable[[], Any]]:
    y, v, X = estimates()
    many, many_v, columns = estimates(600, 5)
    wide = v * np.geomspace(1e-3, 1e3, 13)
    perfect = np.full(13, 0.3)
    ny, nv, study, nX = nested()
    cell = np.random.default_rng(3).integers(0, 150, 600)
    out: dict[str, Callable[[], Any]] = {}
    for method in ("reml", "ml", "pm", "pmm", "sjit", "eb", "dl"):
        out[f"fit {method}"] = lambda method=method: meta.fit(y, v, X, method=method)
        out[f"mean {method}"] = lambda method=method: meta.fit(y, wide, method=method, test="knapp-hartung")
    for scale in (1e-6, 1e6):
        out[f"fit in units of {scale}"] = lambda scale=scale: meta.fit(scale * y, scale**2 * v, X)
        out[f"three levels in units of {scale}"] = lambda scale=scale: meta.fit_multilevel(scale * ny, scale**2 * nv, study, nX)
    out |= {
        "600 estimates": lambda: meta.fit(many, many_v, columns),
        "no variance between": lambda: meta.fit(perfect, v),
        "q-profile": lambda: meta.tau2_interval(meta.fit(y, v)),
        "q-profile with moderators": lambda: meta.tau2_interval(meta.fit(y, v, X)),
        "leave one out": lambda: meta.leave_one_out(meta.fit(y, v)),
        "influence": lambda: meta.influence(meta.fit(y, v, X)),
        "cumulative": lambda: meta.cumulative(meta.fit(y, v)),
        "bootstrap of cases": lambda: meta.bootstrap(meta.fit(y, v, X[:, :2]), kind="cases", draws=400),
        "parametric bootstrap": lambda: meta.bootstrap(meta.fit(y, v, test="adhoc"), draws=400),
        "gosh": lambda: meta.gosh(meta.fit(y[:9], v[:9], X[:9, :2], method="ml")),
        "permutations of signs": lambda: meta.permutation_test(meta.fit(y, v), draws=400, exact=False),
        "permutations of rows": lambda: meta.permutation_test(meta.fit(y, v, X, test="knapp-hartung"), draws=400, exact=False),
        "cells": lambda: meta.fit_cells(many, many_v, cell, test="knapp-hartung"),
        "trim and fill": lambda: meta.trim_and_fill(many, many_v),
        "three levels": lambda: meta.fit_multilevel(ny, nv, study),
        "three levels, moderators": lambda: meta.fit_multilevel(ny, nv, study, nX, test="z"),
        "three levels, ML": lambda: meta.fit_multilevel(ny, nv, study, nX, method="ml"),
        "three levels, correlated errors": lambda: meta.fit_multilevel(ny, nv, study, nX, rho=0.6),
        "studies alone": lambda: meta.fit_multilevel(ny, nv, study, levels="study", rho=0.3),
        "one estimate in each study": lambda: meta.fit_multilevel(y, v, np.arange(13)),
        "nothing between": lambda: meta.fit_multilevel(np.full(60, 0.2), nv, study),
        "six orders of magnitude": lambda: meta.fit_multilevel(ny, nv * np.geomspace(1e-3, 1e3, 60), study),
        "profile interval": lambda: meta.profile_interval(meta.fit_multilevel(ny, nv, study), "study"),
        "Cook's distance": lambda: meta.cooks_distance(meta.fit_multilevel(ny, nv, study, nX)),
        "robust": lambda: meta.robust(meta.fit_multilevel(ny, nv, study, nX), study).coefficients,
        "likelihood over a grid": lambda: meta.log_likelihood_grid(meta.fit_multilevel(ny, nv, study), [0.0, 0.1, 2.0], [0.0, 0.3]),
    }
    return out


MODELS = models()


@pytest.mark.parametrize("name", MODELS)
def test_compiled_and_numpy_agree_to_nine_digits(name):
    compiled = MODELS[name]()
    with kernels.using(False):
        alone = MODELS[name]()
    same(numbers(compiled), numbers(alone))


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 40), st.integers(1, 4), st.integers(0, 10**6), st.sampled_from(["reml", "ml", "q"]), st.floats(-3, 3))
def test_every_crossing_is_found_both_ways(k, p, seed, kind, power):
    if p >= k:
        return
    rng = np.random.default_rng(seed)
    v = 10.0 ** (power * rng.normal(size=k) / 2)
    y, X = rng.normal(size=k) * (1 + 3 * rng.random()) * np.sqrt(v), np.column_stack([np.ones(k), rng.normal(size=(k, p - 1))])
    one = as_batch(y, v, X)
    batch = Batch(one.y, one.v, one.X, rng.integers(0, 3, (5, k)) + 1.0)
    target = k - p + 0.5
    compiled = crossings(batch, kind, target)
    with kernels.using(False):
        alone = crossings(batch, kind, target)
    order, other = np.lexsort((compiled.t, compiled.row)), np.lexsort((alone.t, alone.row))
    np.testing.assert_array_equal(compiled.row[order], alone.row[other])
    np.testing.assert_allclose(compiled.t[order], alone.t[other], rtol=1e-9, atol=1e-12 * v.min())


@pytest.mark.parametrize("rho", [0.0, 0.6])
@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("where", [(0.0, 0.0), (0.4, 0.0), (0.0, 0.2), (0.3, 0.2)])
def test_the_compiled_likelihood_has_the_derivatives_of_the_written_one(rho, method, where):
    y, v, study, X = nested()
    problem = meta.fit_multilevel(y, v, study, X, rho=rho, method=method)._problem
    point = components.at(problem, *where)
    score, observed, expected = components.derivatives(problem, point)
    found = kernels.kernel("multilevel").evaluate(*components.for_kernels(problem), np.zeros(1, int), *np.array(where)[:, None])[0][0]
    np.testing.assert_allclose(found[0], point.ll_reml if method == "reml" else point.ll_ml, rtol=1e-12)
    np.testing.assert_allclose(found[1:], [*score, *observed.ravel()[[0, 1, 3]], *expected.ravel()[[0, 1, 3]]], rtol=1e-9, atol=1e-11)


def run(code: str, **environment: str) -> str:
    import os

    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment}).stdout.strip()


FITS = """
import sys, numpy as np
from virker import meta
y, v, study = np.sin(np.arange(30.0)), np.linspace(0.1, 1, 30), np.arange(30) // 3
for _ in range({times}):
    model = meta.fit_multilevel(y, v, study)
print("numba" in sys.modules, round(model.sigma2_study, 8))
"""


def test_neither_numba_nor_scipy_is_loaded_by_the_import():
    assert run("import sys; from virker import meta; print({'numba', 'scipy'} & set(sys.modules))") == "set()"


def test_a_process_that_fits_one_model_does_not_wait_for_numba_and_one_that_fits_many_does():
    few, many = run(FITS.format(times=1)).split(), run(FITS.format(times=4)).split()
    assert (few[0], many[0]) == ("False", "True")
    assert few[1] == many[1]


def test_the_environment_switches_kernels_off():
    assert run(FITS.format(times=4), VIRKER_NUMBA="0").startswith("False")


def test_without_numba_everything_runs_with_numpy():
    code = "import sys; sys.modules['numba'] = None\nfrom virker.meta import kernels\nprint(kernels.available())"
    assert run(code) == "False"
    fitted = run("import sys; sys.modules['numba'] = None" + FITS.format(times=4)).split()
    assert fitted[1] == run(FITS.format(times=4)).split()[1]


def test_where_the_cache_cannot_be_written_everything_runs_with_numpy(monkeypatch):
    def refused(name: str) -> Any:
        raise RuntimeError(f"cannot cache function in {name}: no locator available")

    monkeypatch.setattr(kernels, "_loaded", {})
    monkeypatch.setattr(kernels.importlib, "import_module", refused)
    assert not kernels.available()
    y, v, _ = estimates()
    assert meta.bootstrap(meta.fit(y, v), draws=300).beta.shape == (300, 1)


def test_arrays_that_may_not_be_written_to_or_are_strided_are_taken():
    y, v, _ = estimates(40)
    frozen = np.broadcast_to(v.mean(), 40)
    strided = np.column_stack([y, y])[:, 0]
    assert meta.fit(strided, frozen).tau2 == pytest.approx(meta.fit(y, np.array(frozen)).tau2, rel=1e-12)
