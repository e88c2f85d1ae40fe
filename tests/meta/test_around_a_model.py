"""What stands around a model, each against the refit or the enumeration that it abbreviates."""

from __future__ import annotations

import json
from itertools import combinations, permutations, product
from pathlib import Path

import numpy as np
import pytest

from virker import meta
from virker.meta.errors import InputError


def bcg(moderators=False):
    data = json.loads((Path(__file__).parent / "data" / ("reg_bcg_rr_ablat_year.json" if moderators else "uni_bcg_rr.json")).read_text())["input"]
    return (np.array(data["yi"]), np.array(data["vi"])) + ((np.array(data["X"], dtype=float),) if moderators else ())


def test_leaving_one_out_is_fitting_without_it():
    y, v = bcg()
    for method, test in (("reml", "z"), ("dl", "knapp-hartung"), ("ml", "adhoc")):
        series = meta.leave_one_out(meta.fit(y, v, method=method, test=test))
        for i in range(13):
            alone = meta.fit(np.delete(y, i), np.delete(v, i), method=method, test=test)
            got = (series.estimate[i], series.se[i], series.p[i], series.ci_low[i], series.tau2[i], series.q[i], series.i2[i], series.h2[i])
            c = alone.coefficients
            np.testing.assert_allclose(got, (c.beta[0], c.se[0], c.p[0], c.ci_low[0], alone.tau2, alone.q, alone.i2, alone.h2), rtol=1e-9)


def test_cumulating_is_fitting_the_first_ones():
    y, v = bcg()
    series = meta.cumulative(meta.fit(y, v), v)
    at = np.argsort(v)
    assert series.study.tolist() == at.tolist()
    for i in (1, 5, 12):
        alone = meta.fit(y[at[: i + 1]], v[at[: i + 1]])
        assert series.estimate[i] == pytest.approx(alone.beta[0], rel=1e-10)
        assert series.tau2[i] == pytest.approx(alone.tau2, rel=1e-9, abs=1e-14)


def test_influence_of_a_study_is_seen_by_leaving_it_out():
    y, v, X = bcg(moderators=True)
    model = meta.fit(y, v, X)
    found = meta.influence(model)
    for i in (0, 6, 12):
        gone = meta.fit(np.delete(y, i), np.delete(v, i), np.delete(X, i, axis=0))
        shift = model.beta - gone.beta
        assert found.tau2_deleted[i] == pytest.approx(gone.tau2, rel=1e-9)
        assert found.cook_d[i] == pytest.approx(shift @ np.linalg.inv(model.coefficients.vcov) @ shift, rel=1e-7)
        assert found.cov_ratio[i] == pytest.approx(np.linalg.det(gone.coefficients.vcov) / np.linalg.det(model.coefficients.vcov), rel=1e-7)


def test_a_study_that_alone_carries_a_moderator_cannot_be_left_out():
    X = np.column_stack([np.ones(6), [1, 0, 0, 0, 0, 0]])
    found = meta.influence(meta.fit([0.1, 0.4, 0.2, 0.9, 0.3, 0.5], [0.1] * 6, X))
    assert np.isnan(found.cook_d[0])
    assert np.isfinite(found.cook_d[1:]).all()


def test_leverages_sum_to_the_number_of_coefficients_and_weights_to_a_hundred():
    y, v, X = bcg(moderators=True)
    model = meta.fit(y, v, X)
    assert meta.hat(model).sum() == pytest.approx(4)
    assert meta.weights(model).sum() == pytest.approx(100)


def test_gosh_has_every_subset_once():
    y, v = bcg()
    y, v = y[:7], v[:7]
    found = meta.gosh(meta.fit(y, v))
    want = {frozenset(s): meta.fit(y[list(s)], v[list(s)]).beta[0] for n in range(1, 8) for s in combinations(range(7), n)}
    got = {frozenset(np.flatnonzero(row)): b for row, b in zip(found.member, found.beta[:, 0], strict=True)}
    assert got.keys() == want.keys()
    for key, value in want.items():
        assert got[key] == pytest.approx(value, rel=1e-9)


def test_gosh_of_many_studies_draws_the_same_subsets_for_the_same_seed():
    y, v = np.random.default_rng(0).normal(size=30), np.full(30, 0.2)
    one, two = (meta.gosh(meta.fit(y, v, method="dl"), draws=200, seed=7) for _ in range(2))
    np.testing.assert_array_equal(one.member, two.member)
    assert len(one.tau2) == 200


def test_signs_are_flipped_in_all_ways():
    y, v = bcg()
    y, v = y[:6] + 0.3, v[:6]
    own = meta.fit(y, v).coefficients.statistic[0]
    every = np.array([meta.fit(y * s, v).coefficients.statistic[0] for s in product((1, -1), repeat=6)])
    found = meta.permutation_test(meta.fit(y, v))
    assert found.exact
    assert found.permutations == 64
    assert found.p[0] == pytest.approx((np.abs(every) >= abs(own) - 1e-9).mean())


def test_moderators_are_permuted_in_all_ways():
    y, v, X = bcg(moderators=True)
    y, v, X = y[:5], v[:5], X[:5, :2]
    own = meta.fit(y, v, X)
    every = [meta.fit(y, v, X[list(order)]) for order in permutations(range(5))]
    z = np.array([m.coefficients.statistic[1] for m in every])
    mine = own.coefficients.statistic[1]
    found = meta.permutation_test(own, exact=True)
    assert found.p[1] == pytest.approx(min(1, 2 * min((z >= mine - 1e-9).mean(), (z <= mine + 1e-9).mean())))
    assert found.qm_p == pytest.approx(np.mean([m.qm >= own.qm - 1e-9 for m in every]))


def test_random_permutations_count_the_data_as_they_are():
    found = meta.permutation_test(meta.fit(np.full(20, 2.0) + 0.01 * np.arange(20), np.full(20, 0.1)), exact=False, draws=100, seed=1)
    assert found.permutations == 100
    assert found.p[0] == pytest.approx(0.02)  # twice 1 of 100: no flip comes near
    with pytest.raises(InputError, match="too many for an exact test"):
        meta.permutation_test(meta.fit(np.arange(25), np.ones(25)), exact=True)


def test_without_variance_between_a_study_is_predicted_like_the_mean():
    model = meta.fit([0.3] * 5, [0.1] * 5)
    p = meta.predict(model)
    assert (p.pi_low[0], p.pi_high[0]) == (p.ci_low[0], p.ci_high[0])
    np.testing.assert_allclose(meta.blup(model).estimate, 0.3)


def test_a_riley_interval_needs_three_studies():
    p = meta.predict(meta.fit([0.1, 0.5], [0.01, 0.02]), interval="riley")
    assert np.isnan(p.pi_low[0])
    assert np.isfinite(p.ci_low[0])


def test_a_contrast_of_one_coefficient_is_that_coefficient():
    y, v, X = bcg(moderators=True)
    model = meta.fit(y, v, X, test="knapp-hartung")
    one = meta.contrast(model, [0, 1, 0, 0])
    for name in ("beta", "se", "statistic", "p", "ci_low", "ci_high"):
        assert getattr(one, name)[0] == pytest.approx(getattr(model.coefficients, name)[1], rel=1e-12)
    with pytest.raises(InputError, match="4 finite columns"):
        meta.contrast(model, [1, 0])


def test_orthogonal_moderators_inflate_nothing():
    X = np.column_stack([np.ones(8), np.tile([1, -1], 4), np.repeat([1, -1], 4)])
    np.testing.assert_allclose(meta.vif(meta.fit(np.arange(8) % 3, np.ones(8), X, method="common")), 1, rtol=1e-12)


def test_models_are_compared_only_where_that_means_something():
    y, v, X = bcg(moderators=True)
    full, reduced = meta.fit(y, v, X, method="ml"), meta.fit(y, v, X[:, :2], method="ml")
    test = meta.compare(full, reduced)
    assert test.df == 2
    assert test.statistic == pytest.approx(2 * (full.likelihood.log_likelihood - reduced.likelihood.log_likelihood))
    with pytest.raises(InputError, match="fit both with method 'ml'"):
        meta.compare(meta.fit(y, v, X), meta.fit(y, v))
    with pytest.raises(InputError, match="not nested"):
        meta.compare(meta.fit(y, v, X[:, :2], method="ml"), meta.fit(y, v, X[:, [0, 2]], method="ml"))
    with pytest.raises(InputError, match="same estimates"):
        meta.compare(full, meta.fit(y[1:], v[1:], method="ml"))
    with pytest.raises(InputError, match="do not maximise one likelihood"):
        meta.compare(meta.fit(y, v, X, method="dl"), meta.fit(y, v, method="dl"))


def test_every_result_prints_and_becomes_plain_numbers():
    y, v = bcg()
    m = meta.fit(y, v)
    for result in (m, meta.predict(m), meta.tau2_interval(m), meta.influence(m), meta.leave_one_out(m), meta.cumulative(m), meta.permutation_test(m, draws=50)):
        json.dumps(result.to_dict(), allow_nan=False)
        assert "  " in str(result) or "p =" in str(result)
    json.dumps(meta.blup(m).to_dict(), allow_nan=False)
    assert "8191 subsets" in str(meta.gosh(m))


@pytest.mark.parametrize("test", ["z", "knapp-hartung"])
def test_cells_fitted_together_are_cells_fitted_alone(test):
    rng = np.random.default_rng(5)
    cell = rng.permutation(np.repeat(np.arange(30), rng.integers(1, 8, 30)))
    v = rng.uniform(0.001, 0.1, len(cell))
    y = rng.normal(0.1, 0.2, len(cell))
    together = meta.fit_cells(1e-3 * y, 1e-6 * v, cell, test=test)
    for i, name in enumerate(together.cell):
        at = cell == name
        if at.sum() == 1 and test != "z":
            assert np.isnan(together.ci_low[i])
            continue
        alone = meta.fit(1e-3 * y[at], 1e-6 * v[at], test=test)
        p = meta.predict(alone)
        want = (alone.beta[0], alone.se[0], alone.tau2, p.ci_low[0], p.pi_high[0])
        got = (together.estimate[i], together.se[i], together.tau2[i], together.ci_low[i], together.pi_high[i])
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-16)
        if at.sum() > 2:
            gone = meta.leave_one_out(alone)
            np.testing.assert_allclose((together.without_low[i], together.without_p[i]), (gone.estimate.min(), gone.p.max()), rtol=1e-9)


def test_a_cell_needs_a_label_for_each_estimate():
    with pytest.raises(InputError, match="one label for each of the 2"):
        meta.fit_cells([1, 2], [1, 1], ["a"])


@pytest.mark.parametrize("c", [1e-6, 0.01, 1e6])
def test_another_unit_changes_nothing_around_a_model(c):
    y, v, X = bcg(moderators=True)
    X = X[:, [0, 2]]  # the year
    for method in ("reml", "ml"):
        one, two = meta.fit(y, v, X, method=method), meta.fit(c * y, c * c * v, X, method=method)
        for kind in ("q-profile", "profile-likelihood"):
            a, b = meta.tau2_interval(one, kind=kind), meta.tau2_interval(two, kind=kind)
            np.testing.assert_allclose(b.tau2 / c**2, a.tau2, rtol=1e-9)
            np.testing.assert_allclose(b.i2, a.i2, rtol=1e-9)
        a, b = meta.influence(one), meta.influence(two)
        for name in ("rstudent", "dffits", "cook_d", "cov_ratio", "q_deleted", "hat", "weight", "dfbetas"):
            np.testing.assert_allclose(getattr(b, name), getattr(a, name), rtol=1e-8, err_msg=name)
        np.testing.assert_allclose(b.tau2_deleted / c**2, a.tau2_deleted, rtol=1e-9)
        np.testing.assert_allclose(meta.predict(two).pi_low / c, meta.predict(one).pi_low, rtol=1e-9)
        np.testing.assert_allclose(meta.blup(two).se / c, meta.blup(one).se, rtol=1e-9)
        np.testing.assert_allclose(meta.permutation_test(two, draws=200).p, meta.permutation_test(one, draws=200).p)


def test_a_constant_added_to_every_estimate_moves_the_mean_only():
    y, v = bcg()
    one, two = meta.fit(y, v), meta.fit(y + 1e6, v)
    assert two.tau2 == pytest.approx(one.tau2, rel=1e-7)  # y keeps ten digits after the constant
    assert two.beta[0] - 1e6 == pytest.approx(one.beta[0], abs=1e-8)
    np.testing.assert_allclose(meta.leave_one_out(two).tau2, meta.leave_one_out(one).tau2, rtol=1e-7)


def test_a_bootstrap_refits_what_it_drew():
    y, v, X = bcg(moderators=True)
    model = meta.fit(y, v, X[:, :2])
    for kind in ("parametric", "cases"):
        found = meta.bootstrap(model, kind=kind, draws=300, seed=3)
        drawn = np.random.default_rng(3)
        if kind == "cases":
            times = np.bincount(drawn.integers(0, 13, (300, 13))[7], minlength=13)
            alone = meta.fit(np.repeat(y, times), np.repeat(v, times), np.repeat(X[:, :2], times, axis=0))
        else:
            alone = meta.fit((X[:, :2] @ model.beta + drawn.normal(size=(300, 13)) * np.sqrt(v + model.tau2))[7], v, X[:, :2])
        np.testing.assert_allclose(found.beta[7], alone.beta, rtol=1e-8)
        assert found.tau2[7] == pytest.approx(alone.tau2, rel=1e-8, abs=1e-13)
        assert found.ci_low[1] < model.beta[1] < found.ci_high[1]
        assert "bootstrap refits" in str(found)


def test_the_parametric_bootstrap_has_the_standard_error_of_the_model_when_nothing_lies_between():
    v = np.random.default_rng(0).uniform(0.01, 0.1, 12)
    model = meta.fit(np.full(12, 0.2), v, method="common")
    assert meta.bootstrap(model, draws=20_000).beta[:, 0].std() == pytest.approx(model.se[0], rel=0.02)
