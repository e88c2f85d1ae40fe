"""The univariate model against closed forms, reductions, and the reference results in tests/meta/data (metafor 5.1-12, named in each file)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virker import meta
from virker.meta.batch import Batch
from virker.meta.errors import CollinearError, InputError
from virker.meta.projector import traces
from virker.meta.refits import refit
from virker.meta.roots import crossings
from virker.meta.tau2 import METHODS, WEIGHTED

DATA = Path(__file__).parent / "data"
VALIDATION = Path(__file__).parents[2] / "validation" / "metafor"
CASES = sorted(DATA.glob("*.json"))
LIKELY = [method for method in METHODS if method not in WEIGHTED]


def case(name):
    return json.loads((DATA / f"{name}.json").read_text())


def bcg():
    data = case("uni_bcg_rr")["input"]
    return np.array(data["yi"]), np.array(data["vi"])


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


@pytest.mark.parametrize("name", ["uni_bcg_rr", "reg_bcg_rr_ablat_year", "syn_k2"])
def test_every_number_of_the_reference_is_met(name, monkeypatch):
    monkeypatch.syspath_prepend(str(VALIDATION))
    operations = __import__("ops_univariate").OPERATIONS
    sys.modules.pop("ops_univariate")
    met = 0
    for check in case(name)["checks"]:
        got = dict(flat(operations[check["op"]](check["args"], case(name)["input"], "uni")))
        for path, want in flat(check["out"]):
            if want is not None:
                assert got[path] == pytest.approx(want, rel=check["tol"]["rtol"], abs=check["tol"]["atol"]), (check["op"], check["args"], path)
                met += 1
    assert met > 500


def test_the_common_effect_is_the_inverse_variance_mean():
    y, v = np.array([1.0, 2.0, 4.0]), np.array([1.0, 0.5, 0.25])
    model = meta.fit(y, v, method="common")
    assert model.beta[0] == pytest.approx((1 + 4 + 16) / 7, rel=1e-14)
    assert model.se[0] == pytest.approx(7**-0.5, rel=1e-14)
    assert model.tau2 == 0
    assert np.isnan(model.tau2_se)


@pytest.mark.parametrize("method", ["dl", "he", "sj", "reml", "pm", "eb", "sjit"])
def test_with_equal_variances_tau2_is_the_variance_of_the_estimates_less_the_sampling_variance(method):
    y, v = np.array([0.1, 0.9, 1.4, 2.2, 3.0]), np.full(5, 0.2)
    spread = y.var(ddof=1)
    # sj multiplies where the others subtract: t0 RSS / ((n - 1) (v + t0)), t0 the variance by n
    want = y.var() * spread / (0.2 + y.var()) if method == "sj" else spread - 0.2
    assert meta.fit(y, v, method=method).tau2 == pytest.approx(want, rel=1e-12)


def test_ml_with_equal_variances_divides_by_n():
    y = np.array([0.1, 0.9, 1.4, 2.2, 3.0])
    assert meta.fit(y, np.full(5, 0.2), method="ml").tau2 == pytest.approx(y.var() - 0.2, rel=1e-12)


@pytest.mark.parametrize("method", LIKELY)
def test_perfect_agreement_has_no_variance_between(method):
    model = meta.fit([0.3] * 6, [0.1, 0.2, 0.05, 0.4, 0.1, 0.3], method=method)
    assert model.tau2 == 0
    assert model.beta[0] == pytest.approx(0.3, rel=1e-14)
    assert model.q == pytest.approx(0, abs=1e-20)
    assert np.isfinite(model.se[0])


def test_a_design_for_each_study_group_gives_the_group_means():
    y, v = np.array([1.0, 3.0, 10.0, 14.0]), np.ones(4)
    model = meta.fit(y, v, [[1, 0], [1, 0], [0, 1], [0, 1]], method="common")
    np.testing.assert_allclose(model.beta, [2, 12], rtol=1e-14)
    assert not model.data.intercept
    assert model.qm == pytest.approx(2 * 4 + 2 * 144)


def test_the_restricted_likelihood_is_highest_at_the_estimate_on_a_fine_grid():
    y, v = bcg()
    model = meta.fit(y, v)
    grid = meta.profile(model, np.linspace(0, 3, 4001)).log_likelihood
    assert grid.max() <= model.restricted.log_likelihood + 1e-12
    assert meta.profile(model, [model.tau2]).log_likelihood[0] == pytest.approx(model.restricted.log_likelihood, rel=1e-13)


def test_of_two_optima_the_higher_one_is_taken_and_both_are_counted():
    # precise studies that agree and imprecise ones far apart: one optimum near 0, one far out
    found = None
    rng = np.random.default_rng(4)
    for _ in range(4000):
        k = int(rng.integers(3, 7))
        y, v = rng.normal(0, 3, k), 10 ** rng.uniform(-4, 2, k)
        model = meta.fit(y, v, method="ml")
        if model.optima > 1:
            found = model
            at = meta.profile(model, np.concatenate([[0.0], np.geomspace(1e-6, 1e3, 20_000)]), restricted=False).log_likelihood
            assert at.max() <= model.likelihood.log_likelihood + 1e-9
    assert found is not None
    assert "local optima" in str(found)


@pytest.mark.parametrize("kind", ["reml", "ml"])
def test_nothing_crosses_zero_above_the_bound_or_between_the_points_of_the_grid(kind):
    rng = np.random.default_rng(0)
    for _ in range(200):
        k = int(rng.integers(3, 9))
        y, v = rng.normal(0, 10 ** rng.uniform(-1, 1), k), 10 ** rng.uniform(-3, 3, k)
        found = crossings(Batch(y[None], v[None], np.ones((1, k, 1)), np.ones((1, k))), kind)
        fine = np.concatenate([[0.0], np.geomspace(1e-7, 1e7, 6001)])
        w = 1 / (v[:, None] + fine)
        mean = (w * y[:, None]).sum(0) / w.sum(0)
        slope = (w**2 * (y[:, None] - mean) ** 2).sum(0) - (w.sum(0) - (kind == "reml") * (w**2).sum(0) / w.sum(0))
        downward = ((slope[:-1] > 0) & (slope[1:] <= 0)).sum()
        assert len(found.t) == downward


def test_q_profile_limits_put_q_on_its_quantiles():
    y, v = bcg()
    interval = meta.tau2_interval(meta.fit(y, v), level=0.9)
    for tau2, quantile in zip(interval.tau2, (21.02606982, 5.226029488), strict=True):  # chi-squared with 12 df at .95 and .05, from tables
        w = 1 / (v + tau2)
        assert (w * (y - (w @ y) / w.sum()) ** 2).sum() == pytest.approx(quantile, rel=1e-8)


def test_profile_likelihood_limits_are_as_unlikely_as_the_level_says():
    y, v = bcg()
    for method in ("ml", "reml"):
        model = meta.fit(y, v, method=method)
        interval = meta.tau2_interval(model, kind="profile-likelihood")
        ll = meta.profile(model, interval.tau2).log_likelihood
        top = (model.likelihood if method == "ml" else model.restricted).log_likelihood
        np.testing.assert_allclose(2 * (top - ll), 3.841458820694124, rtol=1e-9)


def test_too_little_spread_leaves_the_q_profile_interval_empty():
    interval = meta.tau2_interval(meta.fit([0.3] * 6, [0.1] * 6))
    assert interval.empty
    assert interval.tau2.tolist() == [0, 0]


def _numbers(model):
    c = model.coefficients
    return {
        "beta": c.beta, "se": c.se, "statistic": c.statistic, "low": c.ci_low, "high": c.ci_high, "vcov": c.vcov, "tau2": model.tau2, "tau2_se": model.tau2_se,
        "i2": model.i2, "h2": model.h2, "q": model.q, "qm": model.qm,
    }  # fmt: skip


POWER = {"beta": 1, "se": 1, "low": 1, "high": 1, "vcov": 2, "tau2": 2, "tau2_se": 2}


@settings(max_examples=60, deadline=None)
@given(
    st.integers(3, 20),
    st.integers(0, 10_000),
    st.floats(-6, 6),
    st.sampled_from(METHODS),
    st.sampled_from(["z", "t", "knapp-hartung", "adhoc"]),
    st.booleans(),
)
def test_another_unit_changes_nothing_but_the_unit(k, seed, power, method, test, regression):
    rng = np.random.default_rng(seed)
    c = 10.0**power
    v = rng.uniform(0.01, 1, k)
    y = rng.normal(0.3, 0.5, k) + rng.normal(0, np.sqrt(v))
    X = np.column_stack([np.ones(k), rng.normal(size=k)]) if regression and k > 4 else None
    weights = 1 / np.sqrt(v) if method in WEIGHTED else None
    one = _numbers(meta.fit(y, v, X, method=method, test=test, weights=weights))
    two = _numbers(meta.fit(c * y, c * c * v, X, method=method, test=test, weights=weights))
    for name, value in one.items():
        np.testing.assert_allclose(np.asarray(two[name]) / c ** POWER.get(name, 0), value, rtol=1e-9, atol=1e-12 if name in ("tau2", "i2") else 0, err_msg=name)


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 12), st.integers(0, 10_000), st.sampled_from(LIKELY))
def test_order_does_not_matter(k, seed, method):
    rng = np.random.default_rng(seed)
    y, v, order = rng.normal(size=k), rng.uniform(0.05, 1, k), rng.permutation(k)
    a, b = meta.fit(y, v, method=method), meta.fit(y[order], v[order], method=method)
    assert b.beta[0] == pytest.approx(a.beta[0], rel=1e-9, abs=1e-12)
    assert b.tau2 == pytest.approx(a.tau2, rel=1e-9, abs=1e-12)


def test_a_study_counted_twice_is_a_study_written_twice():
    y, v = bcg()
    times = np.arange(13) % 3
    one = np.ones((1, 13, 1))
    for method in LIKELY:
        weighted = refit(Batch(y[None], v[None], one, times[None].astype(float)), method)
        written = meta.fit(np.repeat(y, times), np.repeat(v, times), method=method)
        assert weighted.tau2[0] == pytest.approx(written.tau2, rel=1e-10)
        assert weighted.beta[0, 0] == pytest.approx(written.beta[0], rel=1e-10)
        assert weighted.q[0] == pytest.approx(written.q, rel=1e-10)
        assert weighted.i2[0] == pytest.approx(written.i2, rel=1e-10)


@pytest.mark.parametrize("method", LIKELY)
def test_a_batch_gives_what_single_fits_give(method):
    rng = np.random.default_rng(1)
    y, v = rng.normal(size=(40, 9)), rng.uniform(0.01, 1, (40, 9))
    X = np.concatenate([np.ones((40, 9, 1)), rng.normal(size=(40, 9, 1))], axis=2)
    batch = refit(Batch(y, v, X, np.ones((1, 9))), method, "knapp-hartung")
    for i in range(40):
        single = meta.fit(y[i], v[i], X[i], method=method, test="knapp-hartung")
        assert batch.tau2[i] == pytest.approx(single.tau2, rel=1e-9, abs=1e-13)
        np.testing.assert_allclose(batch.beta[i], single.beta, rtol=1e-8)
        np.testing.assert_allclose(batch.se[i], single.se, rtol=1e-8)


def test_traces_keep_their_digits_over_ten_orders_of_magnitude():
    rng = np.random.default_rng(0)
    for p in (1, 2, 3):
        X = np.column_stack([np.ones(10), rng.normal(size=(10, p - 1))])
        a = 10.0 ** rng.uniform(-5, 5, 10)
        found = traces(X, a, 1 / a)  # P A^-1 is a projection: both traces are k - p
        assert found.pv == pytest.approx(10 - p, rel=1e-13)
        assert found.pvpv == pytest.approx(10 - p, rel=1e-13)


def test_six_orders_of_magnitude_in_the_variances_are_no_trouble():
    v = 10.0 ** np.linspace(-3, 3, 13)
    for method in LIKELY:
        model = meta.fit(np.linspace(-1, 2, 13), v, method=method)
        assert np.isfinite([model.beta[0], model.se[0], model.tau2, model.i2]).all()


def test_a_year_beside_an_intercept_costs_no_digits():
    rng = np.random.default_rng(3)
    year, v = rng.integers(1980, 2020, 20).astype(float), rng.uniform(0.01, 0.3, 20)
    y = 0.02 * (year - 2000) + rng.normal(0, 0.3, 20)
    plain, centred = (meta.fit(y, v, np.column_stack([np.ones(20), x])) for x in (year, year - 2000))
    assert plain.tau2 == pytest.approx(centred.tau2, rel=1e-10)
    assert plain.beta[1] == pytest.approx(centred.beta[1], rel=1e-10)


def test_one_study_is_its_own_result():
    model = meta.fit([0.5], [0.04])
    assert (model.beta[0], model.se[0], model.tau2, model.q_df) == (0.5, pytest.approx(0.2), 0, 0)
    assert np.isnan(model.tau2_se)
    with pytest.raises(InputError, match="more estimates than coefficients"):
        meta.fit([0.5], [0.04], test="knapp-hartung")
    with pytest.raises(InputError, match="more estimates than coefficients"):
        meta.tau2_interval(model)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "empty"),
        (([1, np.nan, np.inf], [1, 1, 1]), r"y is missing or infinite at 1, 2"),
        (([1, 2], [1, 0]), r"v must be above zero, and is not at 1"),
        (([1, 2], [1, -1]), "above zero"),
        (([1, 2, 3], [1, 2]), "v has 2 values, where 3 are needed"),
        (([1, "a"], [1, 1]), "y must be numbers"),
        (([1, 2], [1, 1], [[1, 0, 0], [1, 1, 0]]), "2 estimates cannot give 3 coefficients"),
        (([1, 2], [1, 1], [[1], [np.nan]]), "rows 1"),
        (([1, 2], [1, 1], [1, 2]), "shape"),
    ],
)
def test_what_is_wrong_with_the_data_is_said(arguments, message):
    with pytest.raises(InputError, match=message):
        meta.fit(*arguments)


def test_dependent_columns_are_named():
    X = np.column_stack([np.ones(5), np.arange(5), 2 * np.arange(5), [1, 0, 2, 0, 1]])
    with pytest.raises(CollinearError, match=r"'a', 'b'\. Leave one out"):
        meta.fit(np.arange(5), np.ones(5), X, names=["intercept", "a", "b", "c"])


def test_an_unknown_method_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'reml'"):
        meta.fit([1, 2], [1, 1], method="reaml")
    with pytest.raises(InputError, match="needs weights"):
        meta.fit([1, 2], [1, 1], method="genq")
    with pytest.raises(InputError, match="No test 'knha'"):
        meta.fit([1, 2], [1, 1], test="knha")
    with pytest.raises(InputError, match=r"between 0 and 1"):
        meta.fit([1, 2], [1, 1], level=95)


def test_a_result_is_a_dictionary_that_json_takes():
    y, v = bcg()
    kept = json.loads(json.dumps(meta.fit(y, v).to_dict(), allow_nan=False))
    assert kept["k"] == 13
    assert kept["coefficients"]["beta"][0] == pytest.approx(-0.7145, abs=1e-4)
    assert kept["qm"] is None


def test_the_gradient_certifies_the_optimum():
    y, v = bcg()
    for method in ("ml", "reml"):
        assert abs(meta.fit(1e-4 * y, 1e-8 * v, method=method).gradient) < 1e-9
    assert meta.fit([0.3] * 6, [0.1] * 6).gradient < 0  # tau2 = 0, and the likelihood falls from there
    assert np.isnan(meta.fit(y, v, method="dl").gradient)
