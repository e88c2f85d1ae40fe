"""The location-scale model against the models that it contains, and against finite differences of its likelihood."""

from __future__ import annotations

import importlib.util
import json

import numpy as np
import pytest

from tests.conftest import ROOT
from virker import meta
from virker.meta.errors import InputError, NotConverged
from virker.meta.location_scale import _Problem, fit_location_scale
from virker.meta.tests import all_zero, two_sided


def example(k=60, seed=0):
    rng = np.random.default_rng(seed)
    v, x, z = rng.uniform(0.02, 0.2, k), rng.normal(size=k), rng.normal(size=k)
    y = 0.3 + 0.2 * x + rng.normal(0, np.exp(0.5 * (-1.5 + 0.8 * z))) + rng.normal(0, np.sqrt(v))
    return y, v, np.column_stack([np.ones(k), x]), np.column_stack([np.ones(k), z])


@pytest.mark.parametrize("method", ["ml", "reml"])
def test_with_a_constant_scale_it_is_the_random_effects_model(method):
    y, v, X, Z = example()
    wide, plain = fit_location_scale(y, v, X, Z[:, :1], method=method), meta.fit(y, v, X, method=method)
    np.testing.assert_allclose(wide.tau2, plain.tau2, rtol=1e-9)
    np.testing.assert_allclose(wide.location.beta, plain.beta, rtol=1e-9)
    np.testing.assert_allclose(wide.location.se, plain.se, rtol=1e-9)
    assert wide.log_likelihood == pytest.approx((plain.likelihood if method == "ml" else plain.restricted).log_likelihood, rel=1e-12)
    assert wide.scale.beta[0] == pytest.approx(np.log(plain.tau2), rel=1e-8)


def test_with_ml_two_groups_of_equal_variance_have_their_own_closed_forms():
    a, b = np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.0, 5.0, 9.0, 14.0, 20.0])
    group = np.repeat([0, 1], [4, 5])
    own = np.column_stack([group == 0, group == 1]).astype(float)
    model = fit_location_scale(np.concatenate([a, b]), np.full(9, 0.5), own, own, method="ml")
    np.testing.assert_allclose(model.tau2[[0, 8]], [a.var() - 0.5, b.var() - 0.5], rtol=1e-9)


@pytest.mark.parametrize("restricted", [False, True])
def test_the_derivatives_are_those_of_the_likelihood(restricted):
    y, v, X, Z = example(20)
    problem = _Problem(y, v, np.linalg.qr(X)[0], Z, restricted)
    at, h = np.array([-1.0, 0.4]), 1e-5
    _, gradient, hessian = problem.one(at)
    for j in range(2):
        step = h * np.eye(2)[j]
        up, down = problem.one(at + step), problem.one(at - step)
        assert (up[0] - down[0]) / (2 * h) == pytest.approx(gradient[j], rel=1e-6)
        np.testing.assert_allclose((up[1] - down[1]) / (2 * h), hessian[j], rtol=1e-6)


def test_a_known_scale_is_recovered_from_many_studies():
    y, v, X, Z = example(5000, seed=1)
    model = fit_location_scale(y, v, X, Z)
    np.testing.assert_allclose(model.scale.beta, [-1.5, 0.8], atol=0.12)
    np.testing.assert_allclose(model.location.beta, [0.3, 0.2], atol=0.03)
    assert model.qs_p < 1e-20


@pytest.mark.parametrize("c", [1e-6, 0.01, 1e6])
def test_another_unit_changes_nothing_but_the_unit(c):
    y, v, X, Z = example()
    one, two = fit_location_scale(y, v, X, Z, test="t"), fit_location_scale(c * y, c * c * v, X, Z, test="t")
    np.testing.assert_allclose(two.scale.beta - [2 * np.log(c), 0], one.scale.beta, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(two.scale.se, one.scale.se, rtol=1e-9)
    np.testing.assert_allclose(two.tau2 / c**2, one.tau2, rtol=1e-9)
    assert two.qs == pytest.approx(one.qs, rel=1e-9)
    json.dumps(one.to_dict(), allow_nan=False)
    assert "Moderators of tau2" in str(one)


def test_agreement_within_one_group_has_no_finite_logarithm_and_says_so():
    group = np.repeat([0.0, 1.0], 5)
    y = np.concatenate([np.full(5, 0.3), [0.0, 2.0, 4.0, 1.0, 7.0]])
    with pytest.raises(NotConverged, match="tau2 goes to 0 for some studies"):
        fit_location_scale(y, np.full(10, 0.1), None, np.column_stack([np.ones(10), group]))


# metafor 3.8-1: rma(yi, vi, mods=~ablat, scale=~ablat, method=…, control=list(optimizer="nlminb", rel.tol=1e-12)), log risk ratios of dat.bcg
BCG = {
    "REML": [0.251476041051362, -0.0291105216249222, -2.54250096641238, -0.000730145508897059, 3.41968970934581, 0.0795718014970149, -8.08727792523857],
    "ML": [0.304468035070586, -0.0297726914309213, -4.95749069067882, 0.038593258591586, 3.26758831696395, 0.0730425736182222, -7.53929025009192],
}


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_the_adapter_of_the_reference_set_answers_location_scale_models(method):
    spec = importlib.util.spec_from_file_location("adapter", ROOT / "validation" / "metafor" / "adapter.py")
    assert spec is not None
    assert spec.loader is not None
    adapter = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(adapter)
    given = json.loads((ROOT / "validation" / "metafor" / "open" / "reg_bcg_rr_ablat.json").read_text(encoding="utf-8"))["input"]
    found = adapter.answer("location_scale", {"method": method, "test": "z"}, given, "uni")
    got = [*found["beta"], *found["alpha"], *found["se_alpha"], found[f"ll_{method}"]]
    assert got == pytest.approx(BCG[method], rel=2e-4)  # its second derivatives are numerical
    by_name = adapter.answer("location_scale", {"method": method, "scale": [given["X_names"][1]]}, given, "uni")
    assert by_name["alpha"] == pytest.approx(found["alpha"], rel=1e-9)


def test_options_that_do_not_exist_are_refused_with_those_that_do() -> None:
    y, v, Z = [0.1, 0.3, 0.2, 0.6], [0.01, 0.02, 0.01, 0.03], [[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 4.0]]
    with pytest.raises(InputError, match=r"No method 'rml': did you mean .*'reml'.* Allowed are ml, reml"):
        fit_location_scale(y, v, None, Z, method="rml")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"No test 'f'.*Allowed are z, t"):
        fit_location_scale(y, v, None, Z, test="f")  # type: ignore[arg-type]


def test_the_test_of_all_coefficients_is_the_square_of_one_and_nan_where_there_is_nothing_to_test() -> None:
    assert all_zero(np.array([0.3]), np.array([[0.01]]), 7.0) == pytest.approx((9.0, float(two_sided(3.0, 7.0))), rel=1e-12)
    assert all_zero(np.array([0.3]), np.array([[0.01]])) == pytest.approx((9.0, float(two_sided(3.0))), rel=1e-12)
    assert np.isnan(all_zero(np.empty(0), np.empty((0, 0)))).all()
    assert np.isnan(all_zero(np.ones(2), np.diag([1.0, 0.0]))).all()
