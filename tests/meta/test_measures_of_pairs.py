"""Matched pairs, reliability, partial and multiple correlations: reference values of metafor 3.8-1, delta method, simulation."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from virker.meta import effect_sizes as es
from virker.meta.errors import InputError

PAIRS = ([20.0, 5.0, 0.0, 30.0], [10.0, 8.0, 4.0, 0.0], [5.0, 9.0, 6.0, 12.0], [40.0, 3.0, 2.0, 9.0])

# metafor 3.8-1: escalc(measure, ai=c(20,5,0,30), bi=c(10,8,4,0), ci=c(5,9,6,12), di=c(40,3,2,9))
MATCHED: list[tuple[str, list[float], list[float]]] = [
    (
        "log-risk-ratio",
        [0.1823215567939548, -0.0741079721537219, -0.3364722366212128, -0.3272129112084162],
        [0.02, 0.09340659340659338, 0.31428571428571433, 0.00975243810952738],
    ),
    (
        "log-odds-ratio",
        [0.287682072451781, -0.161119349143352, -0.587786664902119, -1.115670271572687],
        [0.0488888888888889, 0.4412254412254412, 0.9523809523809526, 0.0984962149628316],
    ),
    (
        "risk-difference",
        [0.0666666666666667, -0.04, -0.1428571428571428, -0.2264150943396227],
        [0.00260740740740741, 0.027136, 0.05466472303206997, 0.00366074007402084],
    ),
    (
        "conditional-log-odds-ratio",
        [0.693147180559946, -0.117783035656384, -0.367724780125317, -3.218875824868201],
        [0.3, 0.236111111111111, 0.376068376068376, 2.08],
    ),
    (
        "peto-log-odds-ratio",
        [0.666666666666667, -0.117647058823529, -0.363636363636364, -1.846153846153846],
        [0.266666666666667, 0.235294117647059, 0.363636363636364, 0.307692307692308],
    ),
]


@pytest.mark.parametrize(("measure", "y", "v"), MATCHED, ids=[row[0] for row in MATCHED])
def test_measures_of_matched_pairs_agree_with_metafor(measure, y, v):
    found = es.matched_pairs(*PAIRS, measure=measure)
    assert found.y == pytest.approx(y, rel=1e-12)
    assert found.v == pytest.approx(v, rel=1e-12)


@pytest.mark.parametrize("measure", get_args(es.MatchedPairs))
def test_conditions_that_change_places_change_the_sign_of_matched_pairs(measure):
    a, b, c, d = PAIRS
    one, two = es.matched_pairs(a, b, c, d, measure=measure), es.matched_pairs(a, c, b, d, measure=measure)
    assert one.y == pytest.approx(-two.y, rel=1e-12)
    assert one.v == pytest.approx(two.v, rel=1e-12)


def test_the_margins_of_a_paired_table_and_its_phi_give_its_marginal_odds_ratio():
    a, b, c, d = (np.array(column[:2]) for column in PAIRS)
    phi = (a * d - b * c) / np.sqrt((a + b) * (c + d) * (a + c) * (b + d))
    whole = es.matched_pairs(a, b, c, d, measure="log-odds-ratio")
    margins = es.matched_margins(a + b, a + c, a + b + c + d, phi)
    assert margins.y == pytest.approx(whole.y, rel=1e-12)
    assert margins.v == pytest.approx(whole.v, rel=1e-12)
    # metafor 3.8-1: escalc("MPORM", ai=30, bi=45, ci=25, di=50, ri=.3)
    assert es.matched_margins(30, 25, 75, 0.3).v == pytest.approx([0.080914539404178], rel=1e-12)


def test_variances_of_matched_pairs_are_those_of_many_tables():
    rng = np.random.default_rng(8)
    for measure in get_args(es.MatchedPairs):
        # Peto's variance holds where the conditions do not differ.
        shares = [0.25, 0.15, 0.15, 0.45] if measure == "peto-log-odds-ratio" else [0.25, 0.2, 0.1, 0.45]
        tables = rng.multinomial(400, shares, size=6000).astype(float).T
        found = es.matched_pairs(*tables, measure=measure)
        assert np.var(found.y) == pytest.approx(found.v.mean(), rel=0.08), measure


def test_shares_of_pairs_that_exceed_the_pairs_are_refused():
    with pytest.raises(InputError, match="events1 must not exceed pairs"):
        es.matched_margins(30, 5, 20, 0.1)
    with pytest.raises(InputError, match="phi must be between"):
        es.matched_margins(3, 5, 20, 1.1)


# metafor 3.8-1: escalc(measure, ai=c(.9,.8), mi=c(10,5), ni=c(100,50))
ALPHA = [
    ("alpha", [0.9, 0.8], [0.000226757369614512, 0.002083333333333332]),
    ("cube-root-alpha", [0.535841116638722, 0.415196452357427], [0.000539752921441178, 0.001956453610360114]),
    ("log-alpha", [2.30258509299405, 1.60943791243410], [0.0226757369614512, 0.0520833333333333]),
]


@pytest.mark.parametrize(("measure", "y", "v"), ALPHA, ids=[row[0] for row in ALPHA])
def test_alphas_agree_with_metafor(measure, y, v):
    found = es.reliability([0.9, 0.8], [10, 5], [100, 50], measure=measure)
    assert found.y == pytest.approx(y, rel=1e-12)
    assert found.v == pytest.approx(v, rel=1e-11)


def test_the_variance_of_a_log_alpha_is_that_of_many_scales():
    rng = np.random.default_rng(4)
    items, persons, runs = 6, 80, 3000
    answers = rng.standard_normal((runs, persons, 1)) + 1.2 * rng.standard_normal((runs, persons, items))
    alpha = items / (items - 1) * (1 - answers.var(axis=1, ddof=1).sum(axis=1) / answers.sum(axis=2).var(axis=1, ddof=1))
    found = es.reliability(alpha, items, persons)
    assert np.var(found.y) == pytest.approx(found.v.mean(), rel=0.08)


# metafor 3.8-1: escalc(measure, ti=c(2.1,-1), mi=c(5,4), ni=c(100,50), r2i=c(.2,.3)); its ZPCOR has 1/df
PARTIAL: list[tuple[str, dict[str, Any], list[float], list[float]]] = [
    ("partial-correlation", {}, [0.211689676302227, -0.147441956154897], [0.0097062034442339, 0.0212665406427221]),
    ("partial-fisher-z", {"correct": False}, [0.214939633528123, -0.148524532161045], [0.0106382978723404, 0.0222222222222222]),
    ("semi-partial-correlation", {"r2": [0.2, 0.3]}, [0.193731553686066, -0.124721912892465], [0.00776072206428248, 0.01387071604938272]),
]


@pytest.mark.parametrize(("measure", "more", "y", "v"), PARTIAL, ids=[row[0] for row in PARTIAL])
def test_partial_correlations_agree_with_metafor(measure, more, y, v):
    found = es.partial_correlations([2.1, -1], [100, 50], [5, 4], measure=measure, **more)
    assert found.y == pytest.approx(y, rel=1e-12)
    assert found.v == pytest.approx(v, rel=1e-12)


def test_a_semi_partial_correlation_needs_the_share_explained_and_no_other_measure_takes_it():
    with pytest.raises(InputError, match="semi-partial"):
        es.partial_correlations(2.1, 100, 5, measure="semi-partial-correlation")
    with pytest.raises(InputError, match="semi-partial"):
        es.partial_correlations(2.1, 100, 5, r2=0.2)


def test_the_share_explained_by_one_predictor_is_its_correlation_squared():
    rng = np.random.default_rng(9)
    n, rho = 200, 0.6
    x = rng.standard_normal((4000, n))
    w = rho * x + np.sqrt(1 - rho**2) * rng.standard_normal((4000, n))
    r = np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(x, w, strict=True)])
    share = es.multiple_correlations(r**2, n, 1)
    assert np.var(share.y) == pytest.approx(share.v.mean(), rel=0.08)
    z = es.multiple_correlations(r**2, n, 1, measure="multiple-fisher-z")
    assert z.y == pytest.approx(np.arctanh(np.abs(r)), rel=1e-10)
    assert np.var(z.y) == pytest.approx(1 / n, rel=0.08)
