"""Networks of treatments: reductions, explicit generalised least squares, simulation with known truth, printed results of published networks."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.meta.networks import LINDE_COMBINATIONS, LINDE_COMPONENTS, LINDE_NETWORK, linde, senn
from virker import meta
from virker.meta.errors import InputError
from virker.meta.network import contrasts_of_arms, decompose, fit_components, fit_network, league, p_scores, predict_contrasts, split

TRIANGLE = ([0.30, 0.42, 0.10, 0.15, 0.45], [0.01, 0.02, 0.015, 0.02, 0.03], ["a", "a", "b", "b", "a"], ["c", "c", "c", "c", "b"], [1, 2, 3, 4, 5])


def simulated(rng, effects, designs, tau=0.0, se=(0.1, 0.3)):
    """Contrasts of studies with the given arms; tau2 is the variance of any contrast between studies."""
    y, v, treat, study = [], [], [], []
    for s, arms in enumerate(designs):
        variance = rng.uniform(*se, len(arms)) ** 2
        truth = np.array([effects[a] for a in arms]) + rng.normal(0, tau / np.sqrt(2), len(arms))
        y += list(rng.normal(truth, np.sqrt(variance)))
        v, treat, study = v + list(variance), treat + list(arms), study + [f"s{s}"] * len(arms)
    pairs = contrasts_of_arms(y, v, treat, study)
    return pairs.y, pairs.v, pairs.treat1, pairs.treat2, pairs.study


def explicit(y, v, treat1, treat2, study, tau2=0.0):
    """Contrasts against the first arm of each study, their covariance written out: generalised least squares, its Q and its log-likelihood."""
    names = sorted({*treat1, *treat2})
    table = {(s, a, b): (effect, var) for effect, var, a, b, s in zip(y, v, treat1, treat2, study, strict=True)}
    table |= {(s, b, a): (-effect, var) for (s, a, b), (effect, var) in list(table.items())}
    rows, values, blocks = [], [], []
    for s in sorted(set(study)):
        first, *others = sorted({a for (one, a, _) in table if one == s})
        variance = lambda a, b, s=s: 0.0 if a == b else table[s, a, b][1] + tau2  # noqa: E731
        blocks.append(np.array([[0.5 * (variance(first, a) + variance(first, b) - variance(a, b)) for a in others] for b in others]))
        for other in others:
            rows.append([float(t == other) - float(t == first) for t in names])
            values.append(table[s, other, first][0])
    X, z = np.array(rows)[:, 1:], np.array(values)
    S = np.zeros((len(z), len(z)))
    at = 0
    for block in blocks:
        S[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    W = np.linalg.inv(S)
    vcov = np.linalg.inv(X.T @ W @ X)
    beta = vcov @ X.T @ W @ z
    r = z - X @ beta
    return names, beta, vcov, float(r @ W @ r), float(stats.multivariate_normal.logpdf(r, cov=S))


@pytest.mark.parametrize("method", ["common", "dl", "ml", "reml", "pm", "he", "sj", "hs", "pmm"])
def test_two_treatments_are_an_ordinary_meta_analysis(method):
    rng = np.random.default_rng(1)
    v = rng.uniform(0.01, 0.1, 9)
    y = rng.normal(0.3, np.sqrt(v + 0.04))
    one = meta.fit(y, v, method=method)
    found = fit_network(y, v, ["new"] * 9, ["usual"] * 9, range(9), reference="usual", method=method)
    np.testing.assert_allclose(found.contrast("new", "usual"), (one.beta[0], one.se[0]), rtol=1e-10)
    assert (found.tau2, found.q, found.q_df) == pytest.approx((one.tau2, one.q, one.q_df), rel=1e-9)
    if method in ("common", "ml"):
        assert found.log_likelihood == pytest.approx(one.likelihood.log_likelihood, abs=1e-9)


def test_a_star_is_as_many_meta_analyses_as_it_has_rays():
    rng = np.random.default_rng(2)
    treat1, v = np.repeat(["a", "b", "c"], 5), rng.uniform(0.01, 0.1, 15)
    y = rng.normal(0, 1, 15)
    found = fit_network(y, v, treat1, ["z"] * 15, range(15), reference="z", method="common")
    each = [meta.fit(y[treat1 == t], v[treat1 == t], method="common") for t in "abc"]
    np.testing.assert_allclose(found.coefficients.beta, [one.beta[0] for one in each], rtol=1e-10)
    np.testing.assert_allclose(found.coefficients.se, [one.se[0] for one in each], rtol=1e-10)
    parts = decompose(found)
    np.testing.assert_allclose(parts.design_q, [one.q for one in each], rtol=1e-9)
    assert parts.between_df == 0
    assert found.q == pytest.approx(parts.within)
    assert np.isnan(split(found).indirect).all()


@pytest.mark.parametrize("tau2", [0.0, 0.05])
@pytest.mark.parametrize("seed", range(4))
def test_multi_arm_studies_are_generalised_least_squares(seed, tau2):
    rng = np.random.default_rng(seed)
    designs = ["abc", "ab", "bcd", "abcde", "cd", "ae", "abcd"]
    data = simulated(rng, dict(zip("abcde", rng.normal(0, 1, 5), strict=True)), designs, tau=0.3)
    fixed = fit_network(*data, reference="a", method="common")
    _, beta, vcov, q, ll = explicit(*data)
    np.testing.assert_allclose(fixed.coefficients.beta, beta, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(fixed.coefficients.vcov, vcov, rtol=1e-9, atol=1e-12)
    assert fixed.q == pytest.approx(q, rel=1e-9)
    assert fixed.q_df == sum(len(d) - 1 for d in designs) - 4
    assert fixed.log_likelihood == pytest.approx(ll, abs=1e-9)
    random = fit_network(*data, reference="a", method="ml")
    at = explicit(*data, tau2=random.tau2)
    np.testing.assert_allclose(random.coefficients.beta, at[1], rtol=1e-8, atol=1e-12)
    assert random.log_likelihood == pytest.approx(at[4], abs=1e-9)
    assert max(explicit(*data, tau2=random.tau2 * c)[4] for c in (0.9, 1.1)) <= random.log_likelihood + 1e-12


def test_two_arm_studies_are_the_flow_in_an_electrical_network():
    # Rücker (2012): effects are L+ B'W y, their variances the resistances.
    y, v, treat1, treat2, _ = TRIANGLE
    found = fit_network(*TRIANGLE, method="common")
    B = np.array([[float(t == a) - float(t == b) for t in found.treatments] for a, b in zip(treat1, treat2, strict=True)])
    W = np.diag(1 / np.array(v))
    inverse = np.linalg.pinv(B.T @ W @ B)
    theta = inverse @ B.T @ W @ np.array(y)
    np.testing.assert_allclose(found.estimate, theta[:, None] - theta, atol=1e-12)
    resistance = np.diag(inverse)[:, None] + np.diag(inverse) - 2 * inverse
    np.testing.assert_allclose(found.se**2, resistance, atol=1e-12)


def test_arms_are_a_regression_with_an_intercept_for_each_study():
    rng = np.random.default_rng(8)
    treat, study = list("abcabbcd"), list("11122333")
    y, v = rng.normal(0, 1, 8), rng.uniform(0.01, 0.1, 8)
    pairs = contrasts_of_arms(y, v, treat, study)
    found = fit_network(pairs.y, pairs.v, pairs.treat1, pairs.treat2, pairs.study, reference="a", method="common")
    X = np.array([[float(s == one) for one in "123"] + [float(t == one) for one in "bcd"] for t, s in zip(treat, study, strict=True)])
    W = np.diag(1 / v)
    vcov = np.linalg.inv(X.T @ W @ X)
    np.testing.assert_allclose(found.coefficients.beta, (vcov @ X.T @ W @ y)[3:], rtol=1e-9)
    np.testing.assert_allclose(found.coefficients.vcov, vcov[3:, 3:], rtol=1e-9)


def test_simulated_networks_with_many_arms_cover_the_truth():
    rng = np.random.default_rng(20)
    effects = {"a": 0.0, "b": 0.2, "c": -0.3, "d": 0.5}
    designs = ["abc", "abcd", "ab", "cd", "bd", "ac", "bcd"] * 4
    covered, tau2 = [], []
    for _ in range(300):
        found = fit_network(*simulated(rng, effects, designs, tau=0.25), reference="a")
        inside = (found.coefficients.ci_low < [0.2, -0.3, 0.5]) & (found.coefficients.ci_high > [0.2, -0.3, 0.5])
        covered.append(inside.mean())
        tau2.append(found.tau2)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)
    assert np.mean(tau2) == pytest.approx(0.0625, rel=0.1)


def test_printed_results_of_the_glucose_network():
    """netmeta's Q (course notes of cttir.github.io), and metafor's REML fit and P-scores (help page of dat.senn2013); inputs rounded to 4 decimals."""
    found = fit_network(*senn(), reference="placebo")
    beta = [-0.8414, -0.7369, -1.1284, -0.9499, -1.1294, -1.2337, -0.5700, -0.4175, -0.7000]
    se = [0.2384, 0.2776, 0.1494, 0.2253, 0.2119, 0.1235, 0.3414, 0.2326, 0.3408]
    np.testing.assert_allclose(found.coefficients.beta, beta, atol=2e-4)
    np.testing.assert_allclose(found.coefficients.se, se, atol=2e-4)
    ranking = p_scores(found, good="low")
    assert ranking.treatment[:4] == ("rosiglitazone", "metformin", "pioglitazone", "miglitol")
    np.testing.assert_allclose(ranking.score, [0.898, 0.786, 0.778, 0.614, 0.519, 0.438, 0.420, 0.329, 0.207, 0.012], atol=6e-4)
    parts = decompose(found)
    assert (parts.q, parts.q_df, parts.within, parts.within_df, parts.between, parts.between_df) == pytest.approx((96.99, 18, 74.46, 11, 22.53, 7), abs=5e-3)
    assert parts.between_p == pytest.approx(0.0021, abs=5e-5)
    designs = dict(zip(parts.design, zip(parts.design_q, parts.design_df, parts.detached, parts.detached_df, strict=True), strict=True))
    assert [round(float(designs[d][0]), 2) for d in ("metformin:placebo", "placebo:rosiglitazone", "benfluorex:placebo", "miglitol:placebo")] == [
        42.16,
        21.27,
        4.38,
        6.45,
    ]
    detached = [round(float(designs[d][2]), 2) for d in ("rosiglitazone:sulfonylurea", "metformin:sulfonylurea", "placebo:rosiglitazone")]
    assert detached == [6.77, 7.51, 16.29]
    assert designs["rosiglitazone:sulfonylurea"][3] == 6


def test_printed_results_of_the_depression_network():
    found = fit_network(*linde(), reference="Placebo", method="dl")
    c = found.coefficients
    for name, *numbers in zip(c.names, *np.exp([c.beta, c.ci_low, c.ci_high]), strict=True):
        np.testing.assert_allclose(numbers, LINDE_NETWORK[name], atol=0.0051)
    assert (found.tau2, found.i2, found.q, found.q_df) == pytest.approx((0.0174, 15.1, 102.45, 87), abs=0.05)
    assert found.tau2 == pytest.approx(0.0174, abs=5e-5)
    parts = decompose(found)
    assert (parts.within, parts.within_df, parts.between, parts.between_df) == pytest.approx((58.07, 54, 44.38, 33), abs=5e-3)
    assert len(parts.design) == 40


def test_printed_results_of_the_depression_components():
    found = fit_components(*linde(), inactive="Placebo", method="dl")
    c = found.coefficients
    assert set(c.names) == set(LINDE_COMPONENTS)
    for name, *numbers in zip(c.names, *np.exp([c.beta, c.ci_low, c.ci_high]), strict=True):
        np.testing.assert_allclose(numbers, LINDE_COMPONENTS[name], atol=0.0051)
    for name, (ratio, low, high) in LINDE_COMBINATIONS.items():
        effect, se = found.contrast(name, "Placebo")
        np.testing.assert_allclose(np.exp([effect, effect - 1.959964 * se, effect + 1.959964 * se]), [ratio, low, high], atol=0.0051)
    assert (found.q, found.q_df) == pytest.approx((109.12, 90), abs=5e-3)
    assert found.tau2 == pytest.approx(0.0208, abs=5e-5)
    assert (found.additivity.q, found.additivity.df, found.additivity.p) == pytest.approx((6.67, 3, 0.0831), abs=5e-3)


def test_names_with_one_component_are_the_standard_network():
    y, v, treat1, treat2, study = linde()
    treat1, treat2 = ([name.replace("+", "and") for name in side] for side in (treat1, treat2))
    standard = fit_network(y, v, treat1, treat2, study, reference="Placebo")
    found = fit_components(y, v, treat1, treat2, study, inactive="Placebo")
    np.testing.assert_allclose(found.coefficients.beta, standard.coefficients.beta, rtol=1e-7)
    np.testing.assert_allclose(found.estimate, standard.estimate, atol=1e-8)
    assert found.log_likelihood == pytest.approx(standard.log_likelihood, abs=1e-8)
    assert (found.additivity.q, found.additivity.df) == (0.0, 0)


def test_without_an_inactive_component_only_differences_are_estimated():
    found, standard = fit_components(*senn()), fit_network(*senn())
    assert set(found.unidentified) == set(standard.treatments)
    np.testing.assert_allclose(found.estimate, standard.estimate, atol=1e-9)
    np.testing.assert_allclose(found.se, standard.se, rtol=1e-7)


def test_shared_components_join_a_network_in_two_parts():
    rng = np.random.default_rng(4)
    effect = {"none": 0.0, "meetings": 0.3, "training": 0.1, "meetings + training": 0.4, "wage subsidy": 0.6, "meetings + wage subsidy": 0.9}
    designs = [
        ("none", "meetings"),
        ("none", "meetings"),
        ("meetings + training", "wage subsidy"),
        ("wage subsidy", "meetings + wage subsidy"),
        ("none", "training"),
    ] * 400
    data = simulated(rng, effect, designs, tau=0.1)
    with pytest.raises(InputError, match=r"2 parts.*meetings \+ training.*fit_components"):
        fit_network(*data)
    found = fit_components(*data, inactive="none")
    assert len(found.parts) == 2
    assert found.unidentified == ()
    np.testing.assert_allclose(found.coefficients.beta, [0.3, 0.1, 0.6], atol=4 * found.coefficients.se.max())
    assert found.contrast("training + wage subsidy", "none")[0] == pytest.approx(0.7, abs=0.1)
    assert found.additivity.df == 1
    assert "2 parts" in str(found)


def test_what_always_comes_together_is_not_told_apart_and_named():
    data = [0.5, 0.6, 0.2], [0.01, 0.02, 0.01], ["a+b", "a+b", "c"], ["none"] * 3, [1, 2, 3]
    found = fit_components(*data, inactive="none", method="common")
    assert found.unidentified == ("a", "b")
    assert np.isnan(found.coefficients.beta[:2]).all()
    assert found.coefficients.beta[2] == pytest.approx(0.2)
    assert found.contrast("a + b", "none")[0] == pytest.approx((0.5 / 0.01 + 0.6 / 0.02) / 150)
    assert np.isnan(found.contrast("a", "none")).all()
    assert found.contrast("a + b + c", "a + b")[0] == pytest.approx(0.2)
    assert "a, b" in str(found)
    with pytest.raises(InputError, match="cannot be compared"):
        p_scores(fit_components([0.5, 0.1], [0.01, 0.01], ["a", "c"], ["b", "d"], [1, 2], method="common"))


def test_an_interaction_takes_up_what_the_sum_does_not():
    rng = np.random.default_rng(6)
    effect = {"none": 0.0, "a": 0.3, "b": 0.2, "a+b": 0.9}
    data = simulated(rng, effect, [["none", "a"], ["none", "b"], ["none", "a+b"], ["a", "b", "a+b"]] * 50)
    plain = fit_components(*data, inactive="none", method="common")
    assert plain.additivity.p < 1e-6
    found = fit_components(*data, inactive="none", interactions=[("b", "a")], method="common")
    assert found.coefficients.names == ("a", "b", "a*b")
    assert found.additivity.df == 0
    np.testing.assert_allclose(found.coefficients.beta, [0.3, 0.2, 0.4], atol=0.12)
    standard = fit_network(*data, reference="none", method="common")
    assert found.contrast("a+b", "none") == pytest.approx(standard.contrast("a+b", "none"), rel=1e-9)


def test_the_test_of_additivity_keeps_its_level():
    rng = np.random.default_rng(7)
    effect = {"none": 0.0, "a": 0.3, "b": 0.2, "c": 0.1, "a+b": 0.5, "b+c": 0.3, "a+b+c": 0.6}
    designs = [["none", name] for name in list(effect)[1:]] + [["a", "a+b", "a+b+c"], ["b", "b+c"]]
    p = [fit_components(*simulated(rng, effect, designs), inactive="none", method="common").additivity.p for _ in range(300)]
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_one_loop_is_buchers_test():
    y, v, *_ = TRIANGLE
    found = fit_network(*TRIANGLE, method="common")
    ac, bc = ((1 / v[i] * y[i] + 1 / v[i + 1] * y[i + 1]) / (1 / v[i] + 1 / v[i + 1]) for i in (0, 2))
    variance = v[4] + 1 / (1 / v[0] + 1 / v[1]) + 1 / (1 / v[2] + 1 / v[3])
    gap = y[4] - (ac - bc)
    parts, each = decompose(found), split(found)
    assert parts.between == pytest.approx(gap**2 / variance, rel=1e-9)
    assert parts.between_df == 1
    row = list(zip(each.treat1, each.treat2, strict=True)).index(("a", "b"))
    assert (each.direct[row], each.indirect[row]) == pytest.approx((0.45, ac - bc))
    assert each.difference[row] == pytest.approx(gap)
    assert each.difference_se[row] == pytest.approx(np.sqrt(variance))
    np.testing.assert_allclose(each.p, parts.between_p, rtol=1e-9)  # a single loop has one gap, seen from each side
    assert each.direct_share[row] == pytest.approx((variance - v[4]) / variance)


def test_a_design_is_detached_as_if_its_studies_were_fitted_by_themselves():
    data = simulated(np.random.default_rng(13), dict.fromkeys("abcde", 0.0), ["ab", "ab", "bc", "ac", "abc", "bcd", "bcd", "ad", "cd", "de"], tau=0.5)
    found = decompose(fit_network(*data, method="common"))
    for i, design in enumerate(found.design):
        arms = dict.fromkeys(data[4])
        for a, b, s in zip(*data[2:], strict=True):
            arms[s] = (arms[s] or set()) | {a, b}
        keep = np.array([":".join(sorted(arms[s])) != design for s in data[4]])
        parts = [[column for column, kept in zip(list(values), keep, strict=True) if kept] for values in data]
        own = [[column for column, kept in zip(list(values), keep, strict=True) if not kept] for values in data]
        rest = fit_components(*parts, method="common"), fit_components(*own, method="common")  # these also fit networks in several parts
        assert found.detached[i] == pytest.approx(rest[0].q + rest[1].q - found.within, abs=1e-9)
        assert found.detached_df[i] == rest[0].q_df + rest[1].q_df - found.within_df


def test_direct_and_indirect_evidence_weigh_up_to_the_networks_where_all_studies_have_two_arms():
    rng = np.random.default_rng(9)
    designs = [pair for pair in combinations("abcd", 2) for _ in range(3)]
    found = fit_network(*simulated(rng, dict.fromkeys("abcd", 0.0), designs, tau=0.2))
    each = split(found)
    np.testing.assert_allclose(each.direct_share * each.direct + (1 - each.direct_share) * each.indirect, each.network, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(1 / each.direct_se**2 + 1 / each.indirect_se**2, 1 / each.network_se**2, rtol=1e-9)


def test_consistent_networks_are_seldom_called_inconsistent():
    rng = np.random.default_rng(10)
    designs = ["ab", "ab", "bc", "ac", "abc", "bcd", "ad", "cd"]
    p = [decompose(fit_network(*simulated(rng, {"a": 0, "b": 1, "c": 2, "d": -1}, designs), method="common")).between_p for _ in range(300)]
    assert stats.kstest(p, "uniform").pvalue > 0.01


@given(st.floats(-6, 6), st.sampled_from(["common", "dl", "reml", "ml", "pm"]))
@settings(max_examples=25, deadline=None)
def test_the_unit_of_the_effects_changes_nothing_but_the_unit(power, method):
    c = 10.0**power
    y, v, *labels = senn()
    one, other = fit_network(y, v, *labels, method=method), fit_network(c * np.array(y), c * c * np.array(v), *labels, method=method)
    np.testing.assert_allclose(other.estimate / c, one.estimate, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.se / c, one.se, rtol=1e-9)
    assert (other.tau2 / c**2, other.q, other.i2) == pytest.approx((one.tau2, one.q, one.i2), rel=1e-9)
    a, b = decompose(one), decompose(other)
    assert (b.between, b.random, b.tau2_within / c**2) == pytest.approx((a.between, a.random, a.tau2_within), rel=1e-8, abs=1e-9)


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_order_and_direction_of_contrasts_do_not_matter(random):
    rows = list(zip(*linde(), strict=True))
    random.shuffle(rows)
    rows = [(-y, v, b, a, s) if random.random() < 0.5 else (y, v, a, b, s) for y, v, a, b, s in rows]
    one, other = fit_components(*linde(), inactive="Placebo"), fit_components(*zip(*rows, strict=True), inactive="Placebo")
    np.testing.assert_allclose(other.coefficients.beta, one.coefficients.beta, rtol=1e-8)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-8)


def test_the_reference_is_only_a_way_to_print():
    one, other = (fit_network(*senn(), reference=name) for name in ("placebo", "metformin"))
    np.testing.assert_allclose(other.estimate, one.estimate, atol=1e-10)
    assert fit_network(*senn()).reference == "placebo"  # in most studies


def test_p_scores_average_to_a_half_and_turn_with_what_is_good():
    found = fit_network(*senn())
    high, low = p_scores(found, good="high"), p_scores(found, good="low")
    assert high.score.mean() == pytest.approx(0.5)
    assert high.treatment == low.treatment[::-1]
    assert "A rank is no effect" in str(high)


def test_a_tree_without_repeats_has_nothing_to_estimate_tau2_from():
    found = fit_network([0.1, 0.2], [0.01, 0.02], ["a", "b"], ["b", "c"], [1, 2])
    assert (found.tau2, found.q, found.q_df) == (0.0, 0.0, 0)
    assert found.contrast("a", "c") == pytest.approx((0.3, np.sqrt(0.03)))
    assert decompose(found).between_df == 0


def test_very_unequal_arms_and_a_big_network_are_fitted():
    rng = np.random.default_rng(12)
    names = [f"t{i}" for i in range(30)]
    designs = [tuple(rng.choice(names, rng.integers(2, 6), replace=False)) for _ in range(600)]
    data = simulated(rng, {name: i / 10 for i, name in enumerate(names)}, designs, tau=0.2, se=(0.001, 1.0))
    found = fit_network(*data, reference="t0")
    assert found.tau2 == pytest.approx(0.04, abs=3 * found.tau2_se)
    assert found.tau2_se < 0.01
    np.testing.assert_allclose(dict(zip(found.coefficients.names, found.coefficients.beta, strict=True))["t29"], 2.9, atol=0.1)


def test_bad_contrasts_are_told_all_at_once_by_study():
    with pytest.raises(InputError) as told:
        fit_network([0.1, 0.2, 0.3, 0.4, 0.5], [0.01, -1.0, 0.01, 0.01, 0.01], ["a", "a", "b", "b", "a"], ["b", "a", "c", "c", "c"], ["1", "2", "3", "4", "4"])
    text = str(told.value)
    assert "row 1: v must be above zero" in text
    assert "row 1: 'a' is compared with itself" in text
    assert "study '4': 3 arms have 3 contrasts, and a - b is missing" in text
    with pytest.raises(InputError, match="compared twice"):
        fit_network([0.1, 0.2], [0.1, 0.1], ["a", "b"], ["b", "a"], [1, 1])
    with pytest.raises(InputError, match="do not add up"):
        fit_network([0.1, 0.2, 0.9], [0.01] * 3, list("aba"), list("bcc"), [1, 1, 1])
    with pytest.raises(InputError, match="no arms can have"):
        fit_network([0.1, 0.2, 0.3], [0.01, 0.01, 0.09], list("aba"), list("bcc"), [1, 1, 1])


def test_bad_words_are_told():
    with pytest.raises(InputError, match="did you mean 'placebo'"):
        fit_network(*senn(), reference="placeb")
    with pytest.raises(InputError, match="did you mean 'Placebo'"):
        fit_components(*linde(), inactive="Placeb")
    with pytest.raises(InputError, match="without a name"):
        fit_components([0.1], [0.1], ["a++b"], ["c"], [1])
    with pytest.raises(InputError, match="no treatment has both"):
        fit_components(*linde(), inactive="Placebo", interactions=[("TCA", "SSRI")])
    with pytest.raises(InputError, match="treat1 is missing in row 0"):
        fit_network([0.1], [0.1], [""], ["c"], [1])
    with pytest.raises(InputError, match="No treatment 'x'"):
        fit_network(*senn()).contrast("x", "placebo")
    with pytest.raises(InputError, match="above zero, and is not at 1"):
        contrasts_of_arms([0.1, 0.2], [0.1, 0.0], ["a", "b"], [1, 1])
    with pytest.raises(InputError, match="No study has two arms"):
        contrasts_of_arms([0.1, 0.2], [0.1, 0.1], ["a", "b"], [1, 2])
    with pytest.raises(InputError, match="Take 'dl'"):
        fit_network(*senn(), method="genq")


def test_results_are_tables_and_json():
    found = fit_components(*linde(), inactive="Placebo", method="dl")
    assert [row["name"] for row in found.rows()] == list(found.coefficients.names)
    assert len(league(found).rows()) == 22 * 21 / 2
    assert '"additivity"' in found.to_json()
    network = fit_network(*senn())
    assert len(split(network).rows()) == 15
    assert len(decompose(network).rows()) == 15
    assert "æøå" in fit_network([0.1], [0.1], ["æøå-forløb"], ["sædvanlig"], ["Ærø 2014"]).to_json()


def test_with_two_treatments_the_prediction_interval_is_that_of_higgins_thompson_and_spiegelhalter():
    y, v = [0.1, 0.35, -0.05, 0.6, 0.2], [0.02, 0.01, 0.03, 0.02, 0.01]
    found = predict_contrasts(fit_network(y, v, ["æ"] * 5, ["ø"] * 5, range(5)))
    expected = meta.predict(meta.fit(y, v), interval="riley")
    assert found.df == 3
    assert (found.pi_low[0, 1], found.pi_high[0, 1]) == pytest.approx((expected.pi_low[0], expected.pi_high[0]), rel=1e-10)
    assert (found.pi_low[1, 0], found.pi_high[1, 0]) == pytest.approx((-expected.pi_high[0], -expected.pi_low[0]), rel=1e-10)


def test_prediction_intervals_cover_what_a_new_study_finds():
    """Forty studies of four treatments, and the true effect of one more: 95 per cent of such studies, give or take what chance allows."""
    rng = np.random.default_rng(3)
    arms, truth = "abcd", np.array([0.0, 0.2, 0.3, -0.1])
    pairs = [(int(a), int(b)) for a, b in rng.permuted(np.tile(np.arange(4), (40, 1)), axis=1)[:, :2]]
    one, other = np.array(pairs).T
    inside = 0
    for _ in range(400):
        v = rng.uniform(0.005, 0.02, 40)
        y = truth[one] - truth[other] + 0.3 * rng.normal(size=40) + np.sqrt(v) * rng.normal(size=40)
        found = predict_contrasts(fit_network(y, v, [arms[i] for i in one], [arms[i] for i in other], range(40)))
        new = truth[1] - truth[2] + 0.3 * rng.normal()
        inside += found.pi_low[1, 2] < new < found.pi_high[1, 2]
    assert 0.92 < inside / 400 < 0.98


def test_too_few_studies_give_no_prediction_interval_until_the_degrees_of_freedom_are_given():
    model = fit_network([0.3, 0.2, 0.15], [0.01, 0.02, 0.02], ["a", "b", "a"], ["c", "c", "b"], [1, 2, 3])
    assert np.isnan(predict_contrasts(model).pi_low[0, 1])
    assert "too few studies" in str(predict_contrasts(model))
    normal = predict_contrasts(model, df=float("inf"))
    assert normal.pi_high[0, 1] - normal.estimate[0, 1] == pytest.approx(1.959963984540054 * np.sqrt(model.tau2 + model.se[0, 1] ** 2), rel=1e-12)
    assert normal.to_dict()["df"] is None
    with pytest.raises(InputError, match="df must be above zero"):
        predict_contrasts(model, df=0)


def test_every_column_that_cannot_be_used_is_told():
    with pytest.raises(InputError) as told:
        fit_network([0.1, np.nan, 0.2], [0.1, 0.1], ["æ", "ø"], "ø", [1, 2, 3])
    assert [line.split()[0] for line in str(told.value).splitlines()] == ["y", "v", "treat1", "treat2"]
