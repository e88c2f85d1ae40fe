"""Pooled tables and mixed models of counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.meta.reference import differences, reference_checks
from virker.meta import effect_sizes as es
from virker.meta import glmm, tables
from virker.meta.errors import InputError

BCG = (
    np.array([4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27.0]),
    np.array([123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913.0]),
    np.array([11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29.0]),
    np.array([139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854.0]),
)


@pytest.mark.parametrize("check", reference_checks("mh", "peto"), ids=str)
def test_pooled_tables_agree_with_metafor_to_nine_digits(check):
    assert not differences(check)


@pytest.mark.parametrize("check", reference_checks("glmm"), ids=str)
def test_mixed_models_agree_with_metafor_and_lme4(check):
    """All but the numbers that validation/metafor/effects.md explains."""
    without = {"ll"} if check.args["method"] == "ML" and check.args["model"] != "UM.RS" else set()
    if check.args["model"] == "UM.RS" and check.args["method"] == "ML":
        without = {"se", "QE_Wld"}
    assert not differences(check, without)


def test_one_table_pooled_is_its_own_odds_ratio():
    one = tuple(column[:1] for column in BCG)
    own = es.two_proportions(*one, measure="log-odds-ratio")
    found = tables.mantel_haenszel(*one)
    assert found.estimate == pytest.approx(own.y[0], rel=1e-12)
    assert found.se**2 == pytest.approx(own.v[0], rel=1e-12)
    assert np.isnan(found.q)


@pytest.mark.parametrize("measure", ["log-odds-ratio", "log-risk-ratio", "risk-difference"])
def test_studies_without_any_event_move_no_ratio(measure):
    more = tuple(np.append(column, value) for column, value in zip(BCG, (0, 50, 0, 50), strict=True))
    a, b = tables.mantel_haenszel(*BCG, measure=measure), tables.mantel_haenszel(*more, measure=measure)
    if measure == "risk-difference":
        assert abs(b.estimate) < abs(a.estimate)
    else:
        assert (b.estimate, b.se, b.q) == pytest.approx((a.estimate, a.se, a.q), rel=1e-12)


def test_the_chi_square_of_no_association_is_mantels():
    table = np.array([[[12.0, 18], [5, 25]], [[8, 32], [10, 30]]])
    a, b, c, d = table[:, 0, 0], table[:, 0, 1], table[:, 1, 0], table[:, 1, 1]
    found = tables.mantel_haenszel(a, a + b, c, c + d, correct=False)
    hyper = [stats.hypergeom(t.sum(), t[:, 0].sum(), t[0].sum()) for t in table]
    assert found.association == pytest.approx((a.sum() - sum(h.mean() for h in hyper)) ** 2 / sum(h.var() for h in hyper), rel=1e-12)


def test_tarone_is_zero_when_every_table_has_the_common_ratio():
    a = np.array([10.0, 20.0])
    found = tables.mantel_haenszel(a, 4 * a, 2 * a, 4 * a)
    assert found.tarone == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("model", ["fixed-study", "random-study", "conditional-exact", "conditional-approximate"])
def test_more_nodes_change_nothing_that_is_reported(model):
    a, b = (glmm.fit_glmm(*BCG, model=model, nodes=nodes) for nodes in (9, 15))
    assert (a.estimate, a.se, a.tau2, a.ll) == pytest.approx((b.estimate, b.se, b.tau2, b.ll), rel=1e-4)
    assert a.decrement < 1e-8


def test_the_conditional_likelihood_is_scipys_noncentral_hypergeometric():
    found = glmm.fit_glmm(*BCG, model="conditional-exact", method="ee")
    x1, n1, x2, n2 = (column.astype(int) for column in BCG)
    small = n1 + n2 < 4000
    ll = stats.nchypergeom_fisher.logpmf(x1[small], (n1 + n2)[small], n1[small], (x1 + x2)[small], np.exp(found.estimate)).sum()
    part = glmm.fit_glmm(*(column[small] for column in BCG), model="conditional-exact", method="ee")
    assert part.ll >= ll
    ll = stats.nchypergeom_fisher.logpmf(x1[small], (n1 + n2)[small], n1[small], (x1 + x2)[small], np.exp(part.estimate)).sum()
    assert part.ll == pytest.approx(ll, rel=1e-8)


def test_the_integral_over_the_random_effect_is_that_of_plain_quadrature():
    from scipy.integrate import quad

    x1, n1, x2, n2 = (column[:3] for column in BCG)
    found = glmm.fit_glmm(x1, n1, x2, n2, model="conditional-approximate")
    tau = np.sqrt(found.tau2)

    def one(a, m, offset):
        return quad(
            lambda u: stats.binom.pmf(a, m, 1 / (1 + np.exp(-(found.estimate + offset + tau * u)))) * stats.norm.pdf(u), -9, 9, epsabs=1e-14, points=[0]
        )[0]

    ll = sum(np.log(one(a, a + c, np.log(n / m))) for a, n, c, m in zip(x1, n1, x2, n2, strict=True))
    assert found.ll == pytest.approx(ll, abs=1e-7)


def test_tables_that_agree_have_no_variance_between_them():
    a = np.array([10.0, 20.0, 30.0])
    found = glmm.fit_glmm(a, 10 * a, 2 * a, 10 * a)
    assert found.tau2 == 0
    assert found.estimate == pytest.approx(np.log((1 / 9) / (2 / 8)), rel=1e-8)


def test_rates_have_the_same_models():
    x1, t1, x2, t2 = np.array([7, 8, 3.0]), np.array([1.3, 1.6, 12]), np.array([11, 8, 14.0]), np.array([2, 1.5, 11])
    fixed = glmm.fit_glmm_rates(x1, t1, x2, t2, method="ee")
    exact = glmm.fit_glmm_rates(x1, t1, x2, t2, method="ee", model="conditional-exact")
    assert fixed.estimate == pytest.approx(exact.estimate, rel=1e-8)  # Poisson with study effects is binomial given the totals
    assert fixed.se == pytest.approx(exact.se, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: tables.mantel_haenszel(0, 10, 3, 10), "side for group 1 is 0"),
        (lambda: tables.peto([0, 0], 10, [0, 0], 10), "no odds ratio"),
        (lambda: tables.peto(None, 10, 1, 10), "no study has all four numbers"),
        (lambda: tables.mantel_haenszel(0, 10, 0, 10, measure="risk-difference"), "no sampling variance"),
        (lambda: glmm.fit_glmm([0, 0], 10, [2, 3], 10), "group 1 has no event"),
        (lambda: glmm.fit_glmm([10, 10], 10, [2, 3], 10), "all persons of group 1 have an event"),
        (lambda: glmm.fit_glmm(3, 10, 2, 10), "two studies or more"),
        (lambda: glmm.fit_glmm([3, 1], 10, [2, 3], 10, model="UM.FS"), "choose one of: fixed-study"),
        (lambda: glmm.fit_glmm_rates([3, 1], 10, [2, 3], 10, model="conditional-approximate"), "for proportions"),
    ],
)
def test_tables_that_say_nothing_are_refused_with_their_reason(call, says):
    with pytest.raises(InputError, match=says):
        call()
