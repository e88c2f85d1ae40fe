"""Funnel tests, trim and fill, fail-safe numbers, excess significance, Henmi and Copas, PET-PEESE: closed forms, reductions, simulations, units."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from virker import meta
from virker.meta.asymmetry import kendall
from virker.meta.errors import CollinearError, InputError
from virker.meta.plain import plain


def case_input(case):
    return json.loads((Path(__file__).parents[2] / "validation" / "metafor" / "open" / f"{case}.json").read_text())["input"]


DATA = case_input("uni_hackshaw")
Y, V = np.array(DATA["yi"]), np.array(DATA["vi"])


def test_eggers_line_is_weighted_least_squares_with_t():
    found = meta.regression_test(Y, V, model="weighted")
    # As Egger drew it: y/se on 1/se; the intercept there is the slope here.
    line = stats.linregress(1 / np.sqrt(V), Y / np.sqrt(V))
    assert found.statistic == pytest.approx(line.intercept / line.intercept_stderr, rel=1e-10)
    assert found.limit == pytest.approx(line.slope, rel=1e-10)
    assert found.df == 35


def test_the_random_model_is_a_meta_regression():
    found = meta.regression_test(Y, V, predictor="v", test="knapp-hartung")
    fit = meta.fit(Y, V, np.column_stack([np.ones(37), V]), test="knapp-hartung")
    assert found.statistic == pytest.approx(fit.coefficients.statistic[1], rel=1e-12)
    assert found.limit_high == pytest.approx(fit.coefficients.ci_high[0], rel=1e-12)
    assert found.tau2 == fit.tau2


def test_there_is_no_limit_for_the_sample_size_nor_beside_moderators():
    n = np.arange(37) + 20.0
    assert np.isnan(meta.regression_test(Y, V, predictor="n", n=n).limit)
    assert np.isnan(meta.regression_test(Y, V, np.column_stack([np.ones(37), n])).limit)
    assert np.isfinite(meta.regression_test(Y, V, predictor="1/sqrt(n)", n=n).limit)


def test_a_line_through_two_points_has_a_limit_and_no_test():
    found = meta.regression_test([0.5, 0.2], [0.04, 0.01], model="weighted")
    assert found.limit == pytest.approx(-0.1)
    assert np.isnan(found.p)


def test_clusters_of_copies_do_not_make_the_slope_surer():
    once = meta.regression_test(Y, V, cluster=np.arange(37), model="weighted")
    twice = meta.regression_test(np.tile(Y, 2), np.tile(V, 2), cluster=np.tile(np.arange(37), 2), model="weighted")
    assert twice.slope == pytest.approx(once.slope, rel=1e-9)
    assert twice.slope_se == pytest.approx(once.slope_se, rel=0.02)
    assert meta.regression_test(np.tile(Y, 2), np.tile(V, 2), model="weighted").slope_se < 0.75 * once.slope_se
    assert once.g == 37


def test_what_cannot_be_tested_for_asymmetry_is_told():
    with pytest.raises(InputError, match="sample sizes"):
        meta.regression_test(Y, V, predictor="n")
    with pytest.raises(CollinearError, match="se"):
        meta.regression_test(Y, np.full(37, 0.1))
    with pytest.raises(InputError, match="predictor"):
        meta.regression_test(Y, V, predictor="sei")
    with pytest.raises(InputError, match="two"):
        meta.rank_test([0.1], [0.2])


@pytest.mark.parametrize("k", [3, 4, 6, 7])
def test_the_exact_rank_distribution_is_that_of_all_orders(k):
    b = np.arange(k, dtype=float)
    score = [sum(np.sign(j - i) for i, j in itertools.combinations(order, 2)) for order in itertools.permutations(range(k))]
    rng = np.random.default_rng(k)
    a = rng.permutation(k).astype(float)
    mine = sum(np.sign(j - i) for i, j in itertools.combinations(a, 2))
    want = min(1.0, 2 * min(np.mean(np.array(score) >= mine), np.mean(np.array(score) <= mine)))
    assert kendall(a, b).p == pytest.approx(want, abs=1e-12)


def test_the_rank_test_is_kendalls_with_and_without_ties():
    rng = np.random.default_rng(4)
    for a, b in ((rng.normal(size=30), rng.normal(size=30)), (rng.integers(0, 6, 80).astype(float), rng.integers(0, 9, 80).astype(float))):
        want = stats.kendalltau(a, b)
        got = kendall(a, b)
        assert got.tau == pytest.approx(want.statistic, rel=1e-12)
        assert got.p == pytest.approx(want.pvalue, rel=1e-10)


def test_equal_variances_leave_no_rank_correlation():
    assert np.isnan(meta.rank_test(Y, np.full(37, 0.1)).tau)


def test_a_symmetric_funnel_is_left_as_it_is():
    y, v = np.array([-0.4, -0.2, 0.0, 0.2, 0.4]), np.array([0.09, 0.04, 0.01, 0.04, 0.09])
    for estimator in ("L0", "R0", "Q0"):
        found = meta.trim_and_fill(y, v, estimator=estimator, side="left")
        assert found.k0 == 0
        assert found.model.beta[0] == found.unfilled.beta[0]


def test_what_was_cut_off_a_symmetric_funnel_is_filled_in_again():
    y = np.array([-0.6, -0.5, -0.42, -0.3, -0.2, -0.1, 0.0, 0.11, 0.19, 0.31, 0.4, 0.52, 0.62])
    v = 0.01 + y**2 / 4
    found = meta.trim_and_fill(y[3:], v[3:], estimator="L0", method="common")
    assert found.side == "left"
    assert found.k0 == 2  # of the three that were cut
    np.testing.assert_allclose(np.sort(found.y[-2:]), 2 * meta.fit(y[3:-2], v[3:-2], method="common").beta[0] - y[-2:][::-1])
    np.testing.assert_allclose(found.v[-2:], v[-2:])
    assert abs(found.model.beta[0]) < abs(found.unfilled.beta[0])


def test_trim_and_fill_looks_in_the_mirror_alike():
    one, other = meta.trim_and_fill(Y, V), meta.trim_and_fill(-Y, V)
    assert {one.side, other.side} == {"left", "right"}
    assert one.k0 == other.k0 > 0
    assert other.model.beta[0] == pytest.approx(-one.model.beta[0], rel=1e-12)


def test_the_side_must_be_given_where_the_slope_cannot_tell():
    with pytest.raises(InputError, match="side"):
        meta.trim_and_fill(Y, np.full(37, 0.1))
    assert meta.trim_and_fill(Y, np.full(37, 0.1), side="left").side == "left"
    with pytest.raises(InputError, match="L0"):
        meta.trim_and_fill(Y, V, estimator="L")


def test_so_many_null_studies_take_the_significance_away_and_one_less_does_not():
    n = meta.fail_safe_n(Y, V).n
    z = (Y / np.sqrt(V)).sum()
    assert z / np.sqrt(37 + n) <= stats.norm.isf(0.05) < z / np.sqrt(37 + n - 1)
    for kind in ("rosenberg", "general"):
        found = meta.fail_safe_n(Y, V, kind=kind, method="common")

        def p(more, w=1 / V):
            return 2 * stats.norm.sf(abs(w @ Y) / np.sqrt(w.sum() * (1 + more / 37)))

        assert p(found.n) >= 0.05 > p(found.n - 1)


def test_the_general_number_fits_the_random_effects_model_anew():
    n, tau2, hidden = meta.fail_safe_n(Y, V, kind="general").n, meta.fit(Y, V).tau2, 1 / np.mean(1 / V)

    def p(more):
        drawer = np.random.default_rng(0).normal(size=more)  # any results with the same mean and spread will do for the likelihood
        drawer = (drawer - drawer.mean()) / drawer.std(ddof=1) * np.sqrt(hidden + tau2)
        return meta.fit(np.append(Y, drawer), np.append(V, np.full(more, hidden))).coefficients.p[0]

    assert p(n) >= 0.05 > p(n - 1)


@pytest.mark.parametrize(
    ("case", "target", "printed", "within"),
    [("uni_bcg_rr", None, 26, 0), ("uni_hackshaw", None, 119, 0), ("uni_mcdaniel_zcor", None, 6068, 60), ("uni_bcg_rr", np.log(0.95), 138, 2)],
)
def test_the_general_number_is_metafors(case, target, printed, within):
    """Printed on metafor's help page of fsn (dat.bcg) and in its tests (exact = TRUE). Its search differs a little where the number is large."""
    data = case_input(case)
    assert abs(meta.fail_safe_n(data["yi"], data["vi"], kind="general", target=target).n - printed) <= within


def test_orwins_number_pulls_the_mean_to_the_target():
    found = meta.fail_safe_n(Y, V, kind="orwin", target=0.05, weighted=False)
    assert Y.sum() / (37 + found.n) <= 0.05 < Y.sum() / (37 + found.n - 1)
    assert meta.fail_safe_n(Y, V, kind="orwin", target=10.0).n == 0
    with pytest.raises(InputError, match="target"):
        meta.fail_safe_n(Y, V, kind="orwin")
    with pytest.raises(InputError, match="no target"):
        meta.fail_safe_n(Y, V, target=0.1)


def test_the_exact_excess_is_the_binomial_where_all_powers_are_alike():
    y, v = np.array([0.1, 0.9, 0.5, 0.8, -0.1, 0.3]), np.full(6, 0.09)
    found = meta.excess_significance(y, v)
    assert found.observed == 2
    assert found.p == pytest.approx(stats.binom.sf(1, 6, found.power[0]), rel=1e-12)
    assert found.effect == pytest.approx(y.mean())


def test_power_one_sided_is_less_in_the_wrong_direction():
    up, down = (meta.excess_significance(Y, V, alternative=a).power for a in ("greater", "less"))
    assert (up > 0.05).all()
    assert (down < 0.05).all()


def test_heterogeneity_explains_an_excess():
    rng = np.random.default_rng(1)
    v = rng.uniform(0.01, 0.05, 60)
    y = rng.normal(0.1, np.sqrt(v + 0.09))
    assert meta.excess_significance(y, v).p < 0.001
    assert meta.excess_significance(y, v, tau2=0.09).p > 0.05


def test_one_study_with_many_significant_estimates_is_one_surprise():
    y = np.concatenate([np.full(10, 0.6), np.linspace(-0.3, 0.3, 20)])
    v, study = np.full(30, 0.04), np.concatenate([np.zeros(10), np.arange(1, 21)])
    assert meta.excess_significance(y, v).p < 0.05 < meta.excess_significance(y, v, cluster=study).p


def test_the_p_curve_of_a_true_effect_leans_right_and_of_none_is_flat():
    rng = np.random.default_rng(2)
    true, none = meta.p_curve(rng.normal(3, 1, 400)), meta.p_curve(rng.normal(0, 1, 20_000))
    assert true.evidential
    assert not true.inadequate
    assert 0.001 < none.right_skew_p < 0.999
    assert none.inadequate
    # At a power of one third it is as flat as the test compares with.
    third = rng.normal(stats.norm.isf(0.025) + stats.norm.ppf(1 / 3), 1, 20_000)
    assert abs(meta.p_curve(third[third > 0]).flat_z) < 3
    assert np.isnan(meta.p_curve([0.1, 3.0]).right_skew_z)


def test_copies_in_clusters_leave_the_p_curve_as_sure_as_it_was():
    z = np.random.default_rng(6).normal(2.5, 1, 40)
    once, twice = meta.p_curve(z, cluster=np.arange(40)), meta.p_curve(np.tile(z, 2), cluster=np.tile(np.arange(40), 2))
    assert twice.right_skew_z == pytest.approx(once.right_skew_z, rel=1e-12)
    assert meta.p_curve(np.tile(z, 2)).right_skew_z > 1.3 * meta.p_curve(z).right_skew_z


def test_the_critical_value_of_henmi_and_copas_is_the_quantile_of_the_pivot():
    rng = np.random.default_rng(12)
    v = np.linspace(0.1, 1, 30)
    w = 1 / v
    quiet = meta.henmi_copas(0.3 + 0.1 * np.sqrt(v) * np.resize([1, -1], 30), v)
    assert quiet.tau2 == 0
    assert quiet.estimate == pytest.approx(meta.fit(0.3 + 0.1 * np.sqrt(v) * np.resize([1, -1], 30), v, method="common").beta[0], rel=1e-12)
    y = rng.normal(0, np.sqrt(v), (40_000, 30))
    mean = y @ w / w.sum()
    ratio = (w @ w) / w.sum()
    tau2 = np.maximum(0, (((y - mean[:, None]) ** 2 @ w) - 29) / (w.sum() - ratio))
    pivot = np.abs(mean) / np.sqrt((1 + tau2 * ratio) / w.sum())
    assert quiet.critical == pytest.approx(np.quantile(pivot, 0.95), abs=0.02)


def test_henmi_and_copas_covers_as_it_says_with_twenty_studies():
    rng = np.random.default_rng(1)
    v = np.resize([0.01, 0.02, 0.05, 0.08, 0.1, 0.2, 0.3, 0.5], 20)
    covered = common = 0
    for _ in range(1000):
        y = rng.normal(0.2, np.sqrt(v + 0.08))
        found, plain_fit = meta.henmi_copas(y, v), meta.fit(y, v, method="common").coefficients
        covered += found.ci_low <= 0.2 <= found.ci_high
        common += plain_fit.ci_low[0] <= 0.2 <= plain_fit.ci_high[0]
    assert 0.93 < covered / 1000 < 0.97
    assert common / 1000 < 0.7


def test_pet_gives_way_to_peese_where_there_is_an_effect():
    rng = np.random.default_rng(3)
    v = rng.uniform(0.01, 0.2, 80)
    strong = meta.pet_peese(0.5 + np.sqrt(v) * rng.normal(size=80), v)
    none = meta.pet_peese(1.2 * np.sqrt(v) + np.sqrt(v) * rng.normal(size=80), v)
    assert strong.chosen == "peese"
    assert strong.estimate == strong.peese.limit
    assert none.chosen == "pet"
    assert none.ci_low < 0 < none.ci_high
    mirrored = meta.pet_peese(-0.5 - np.sqrt(v) * 0, v, alternative="less", cluster=np.arange(80) // 2)
    assert mirrored.chosen == "peese"
    with pytest.raises(InputError, match="three"):
        meta.pet_peese([0.1, 0.2], [0.1, 0.2])


@settings(max_examples=20, deadline=None)
@given(exponent=st.floats(-6, 6))
def test_the_unit_of_measurement_changes_nothing(exponent):
    c = 10.0**exponent
    study = np.arange(37) // 3
    calls = [
        meta.regression_test,
        lambda y, v: meta.regression_test(y, v, model="weighted", cluster=study),
        meta.rank_test,
        lambda y, v: meta.trim_and_fill(y, v).model.coefficients,
        lambda y, v: meta.fail_safe_n(y, v, kind="general"),
        lambda y, v: meta.excess_significance(y, v, cluster=study),
        meta.henmi_copas,
        lambda y, v: meta.pet_peese(y, v).pet,
    ]
    scaled = {"limit", "limit_low", "limit_high", "estimate", "se", "ci_low", "ci_high", "effect", "beta"}
    for call in calls:
        one, other = plain(call(Y, V)), plain(call(c * Y, c * c * V))
        for name, value in one.items():
            power = 2 if name == "tau2" else 1 if name in scaled else 0
            if name in {"vcov", "coefficients", "names"} or value is None or isinstance(value, str):
                continue
            np.testing.assert_allclose(np.asarray(other[name], float), np.asarray(value, float) * c**power, rtol=1e-9, err_msg=name)


def test_estimates_that_all_agree_have_no_slope_to_test():
    """metafor 3.8-1, regtest(rma(rep(.3, 6), (1:6)/100), model="lm"), prints t = -1.92 from residuals that are rounding."""
    found = meta.regression_test(np.full(6, 0.3), np.arange(1, 7) / 100, model="weighted")
    assert np.isnan(found.statistic)
    assert np.isnan(found.p)
    assert found.slope == pytest.approx(0.0, abs=1e-12)
    assert found.limit == pytest.approx(0.3, rel=1e-12)
