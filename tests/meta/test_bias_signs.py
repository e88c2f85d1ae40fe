"""Evidence without numbers: closed forms, SciPy's own tests, reductions, simulations with known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from virker import meta
from virker.meta.errors import CollinearError, InputError, NotConverged


def test_the_sign_test_is_the_binomial_test():
    found = meta.sign_test([1, 1, 1, -1, 0, 1, 1, 1, -1, 1])
    want = stats.binomtest(7, 9)
    assert (found.positive, found.negative, found.neither) == (7, 2, 1)
    assert found.p == pytest.approx(want.pvalue)
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(want.proportion_ci()))
    assert found.p_positive == pytest.approx(stats.binomtest(7, 9, alternative="greater").pvalue)


def test_a_study_has_one_vote():
    found = meta.sign_test([1] * 20 + [-1, -1, 1, -1], cluster=["a"] * 20 + ["b", "c", "d", "d"])
    assert (found.positive, found.negative, found.neither) == (1, 2, 1)
    assert found.p == 1.0


def test_a_sign_test_of_one_side_and_of_none():
    all_up = meta.sign_test([1, 1, 1, 1])
    assert (all_up.ci_high, all_up.p_positive) == (1.0, pytest.approx(1 / 16))
    assert all_up.ci_low == pytest.approx(stats.binomtest(4, 4).proportion_ci().low)
    none = meta.sign_test([0, 0])
    assert none.p == 1.0
    assert np.isnan(none.share)


@pytest.mark.parametrize("method", ["fisher", "stouffer"])
def test_combined_p_values_are_scipys(method):
    p = [0.01, 0.2, 0.3, 0.7, 1e-12]
    assert meta.combine_p(p, method=method).p == pytest.approx(stats.combine_pvalues(p, method=method).pvalue, rel=1e-9)


def test_weights_of_stouffers_z_are_scipys():
    p, w = [0.01, 0.2, 0.6], [3.0, 1.0, 2.0]
    assert meta.combine_p(p, weights=w).p == pytest.approx(stats.combine_pvalues(p, method="stouffer", weights=w).pvalue, rel=1e-12)


def test_the_same_result_told_twice_counts_once():
    once = meta.combine_p([0.01, 0.2, 0.3])
    told = meta.combine_p([0.01, 0.2, 0.3, 0.3, 0.3], cluster=[1, 2, 3, 3, 3])
    assert told.p == pytest.approx(once.p, rel=1e-12)
    assert told.units == 3
    apart = meta.combine_p([0.01, 0.2, 0.3, 0.4], cluster=[1, 1, 2, 2], correlation=0.0)
    assert apart.p == pytest.approx(meta.combine_p([0.01, 0.2, 0.3, 0.4]).p, rel=1e-12)


def test_dependent_p_values_do_not_reject_too_often():
    rng = np.random.default_rng(5)
    shared = rng.normal(size=(4000, 8, 1))
    z = np.sqrt(0.5) * shared + np.sqrt(0.5) * rng.normal(size=(4000, 8, 5))
    study = np.repeat(np.arange(8), 5)
    naive = clustered = 0
    for row in z[:1500]:
        p = stats.norm.sf(row.ravel())
        naive += meta.combine_p(p).p < 0.05
        clustered += meta.combine_p(p, cluster=study, correlation=0.5).p < 0.05
    assert naive / 1500 > 0.12
    assert 0.035 < clustered / 1500 < 0.065


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"p": [0.0, 0.5]}, "above 0"),
        ({"p": [0.1], "method": "fischer"}, "fisher"),
        ({"p": [0.1, 0.2], "method": "fisher", "weights": [1, 2]}, "no weights"),
        ({"p": [0.1, 0.2], "correlation": 2}, "between 0 and 1"),
        ({"p": [0.1, np.nan]}, "missing"),
    ],
)
def test_p_values_that_cannot_be_combined_are_told(arguments, words):
    with pytest.raises(InputError, match=words):
        meta.combine_p(**arguments)


def test_a_harvest_has_one_bar_for_each_study_in_each_group():
    found = meta.harvest(
        [1, 1, -1, 0, 1, -1],
        ["unge", "unge", "ældre", "ældre", "ældre", "ældre"],
        ["A", "A", "A", "B", "C", "C"],
        significant=[True, False, False, False, True, False],
        height=[1, 3, 1, 2, 1, 1],
    )
    assert found.groups == ("unge", "ældre")
    assert found.counts.tolist() == [[0, 0, 1], [1, 2, 0]]
    assert found.significant.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert found.unit == ("A", "A", "B", "C")
    assert found.height.tolist() == [2.0, 1.0, 2.0, 1.0]


def example(n=600, seed=1):
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.integers(0, 2, n), rng.normal(5, 3, n)])
    study = rng.integers(0, 60, n)
    return np.digitize(X @ [0.8, -0.2] + rng.normal(size=n), [-1.0, 0.3]) - 1, X, study


def test_without_moderators_the_cuts_are_the_shares():
    outcome = np.repeat([-1, 0, 1], [20, 50, 30])
    found = meta.ordered_probit(outcome)
    np.testing.assert_allclose(found.cuts, stats.norm.ppf([0.2, 0.7]), atol=1e-12)
    share = np.array([0.2, 0.7])
    np.testing.assert_allclose(found.cuts_se, np.sqrt(share * (1 - share) / 100) / stats.norm.pdf(found.cuts), rtol=1e-10)
    assert found.ll == pytest.approx(found.ll_null)
    assert found.pseudo_r2 == pytest.approx(0)


def test_two_outcomes_and_one_group_are_a_difference_of_two_quantiles():
    outcome, group = np.repeat([0, 1, 0, 1], [30, 10, 12, 28]), np.repeat([0, 1], [40, 40])
    found = meta.ordered_probit(outcome, group)
    assert found.coefficients.beta[0] == pytest.approx(stats.norm.ppf(0.7) - stats.norm.ppf(0.25), abs=1e-10)
    np.testing.assert_allclose(found.marginal[0], [-0.45, 0.45], atol=1e-10)
    np.testing.assert_allclose(found.marginal_se[0], np.sqrt(0.25 * 0.75 / 40 + 0.3 * 0.7 / 40), rtol=1e-9)


def test_known_coefficients_are_found_again():
    outcome, X, study = example(6000)
    found = meta.ordered_probit(outcome, X, cluster=study, names=["individual", "months"])
    assert (abs(found.coefficients.beta - [0.8, -0.2]) < 3 * found.coefficients.se).all()
    assert (abs(found.cuts - [-1.0, 0.3]) < 3 * found.cuts_se).all()
    assert found.gain < 1e-15
    assert found.g == 60
    assert "individual" in str(found)


def test_marginal_effects_are_differences_of_mean_probabilities():
    outcome, X, _ = example()
    found = meta.ordered_probit(outcome, X)
    one, zero, up = X.copy(), X.copy(), X.copy()
    one[:, 0], zero[:, 0], up[:, 1] = 1, 0, up[:, 1] + 1e-6
    np.testing.assert_allclose(found.marginal[0], (found.probabilities(one) - found.probabilities(zero)).mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.marginal[1], (found.probabilities(up) - found.probabilities(X)).mean(axis=0) / 1e-6, atol=1e-8)
    np.testing.assert_allclose(found.marginal.sum(axis=1), 0, atol=1e-12)


def test_the_standard_error_of_a_marginal_effect_is_that_of_the_bootstrap():
    outcome, X, _ = example(400)
    found = meta.ordered_probit(outcome, X)
    rng = np.random.default_rng(0)
    drawn = [meta.ordered_probit(outcome[i], X[i]).marginal for i in (rng.integers(0, 400, 400) for _ in range(150))]
    np.testing.assert_allclose(found.marginal_se, np.std(drawn, axis=0), rtol=0.25)


def test_the_unit_of_a_moderator_changes_nothing_but_its_coefficient():
    outcome, X, study = example()
    one, other = meta.ordered_probit(outcome, X, cluster=study), meta.ordered_probit(outcome, X * [1, 1e6] + [0, 3e6], cluster=study)
    np.testing.assert_allclose(other.coefficients.beta * [1, 1e6], one.coefficients.beta, rtol=1e-8)
    np.testing.assert_allclose(other.coefficients.se * [1, 1e6], one.coefficients.se, rtol=1e-8)
    assert other.ll == pytest.approx(one.ll, abs=1e-9)


def test_copies_of_findings_do_not_make_a_cluster_surer():
    outcome, X, _ = example(200)
    once = meta.ordered_probit(outcome, X, cluster=np.arange(200))
    twice = meta.ordered_probit(np.tile(outcome, 2), np.tile(X, (2, 1)), cluster=np.tile(np.arange(200), 2))
    halved = meta.ordered_probit(np.tile(outcome, 2), np.tile(X, (2, 1)), cluster=np.tile(np.arange(200), 2), weights=np.full(400, 0.5))
    for other in (twice, halved):
        np.testing.assert_allclose(other.coefficients.beta, once.coefficients.beta, rtol=1e-9)
        np.testing.assert_allclose(other.coefficients.se, once.coefficients.se, rtol=1e-9)


@pytest.mark.parametrize("outcome", [[-1, -1, 0, 0, 1, 1, 1, 1], [-1, 0, 1, -1, 1, 1, 1, 1]])
def test_an_outcome_that_a_moderator_tells_without_error_is_refused_by_name(outcome):
    with pytest.raises(NotConverged, match="'young'"):
        meta.ordered_probit(outcome, [0, 0, 1, 1, 2, 2, 2, 2] if outcome[1] == -1 else [0, 0, 0, 0, 1, 1, 1, 1], names=["young"])


def test_awkward_outcomes_and_moderators_are_told():
    with pytest.raises(InputError, match="Only one outcome"):
        meta.ordered_probit([1, 1, 1])
    with pytest.raises(CollinearError, match="intercept"):
        meta.ordered_probit([0, 1, 0, 1], np.ones((4, 1)))
    with pytest.raises(CollinearError, match="depend"):
        meta.ordered_probit([0, 1, 0, 1, 1], np.column_stack([np.arange(5), 2 * np.arange(5)]))
    with pytest.raises(InputError, match="two clusters"):
        meta.ordered_probit([0, 1, 0], cluster=["a", "a", "a"])
    with pytest.raises(InputError, match="row for each"):
        meta.ordered_probit([0, 1, 0], [[1.0], [2.0]])
