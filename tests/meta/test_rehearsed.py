"""Two, three and four estimates, ties and clusters of one: reference values of metafor 3.8-1 and clubSandwich 0.5.8.

The calls are ``rma(y, v, method=…, control=list(threshold=1e-14, tol=1e-13, maxiter=10000))`` and what is named in each test; these sets are not
in the reference set.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from virker import meta

SETS = {
    "two": ([0.1, 0.9], [1e-4, 0.2]),
    "three": ([0.2, 1.5, -0.4], [1e-3, 0.4, 0.05]),
    "four": ([3.0, -20.0, 41.0, 8.0], [9.0, 400.0, 2500.0, 1.0]),
}
# tau2, its standard error, the mean, its standard error
FITS: list[tuple[str, Any, list[float]]] = [
    ("two", "reml", [0.219950000000, 0.452548339959, 0.375062500000, 0.379987659133]),
    ("two", "ml", [0.0, 1.41421338562e-04, 0.1003998001, 9.99750093718e-03]),
    ("two", "dl", [0.219950000000, 0.452548339960, 0.375062500000, 0.379987659134]),
    ("two", "pm", [0.219950000000, 0.408398349261, 0.375062500000, 0.379987659133]),
    ("two", "pmm", [0.603344988262, 0.974665293256, 0.443161380636, 0.587023184486]),
    ("two", "sjit", [0.219950000000, 0.408398349261, 0.375062500000, 0.379987659133]),
    ("two", "he", [0.219950000000, 0.452548339959, 0.375062500000, 0.379987659133]),
    ("two", "hs", [0.000119780189865, 0.000141519906398, 0.100877630716364, 0.014816851303775]),
    ("two", "hsk", [0.000439460429705, 0.000283943101543, 0.102147331381414, 0.023195094940911]),
    ("two", "sj", [0.196885214382, 0.258368656689, 0.365357835435, 0.362830196863]),
    ("three", "reml", [0.551972114588, 0.669208670147, 0.281605497321, 0.470356952892]),
    ("three", "dl", [0.211984478936, 0.312411802887, 0.183641688383, 0.313940777797]),
    ("three", "pm", [0.688924742978, 0.806215741096, 0.302617173167, 0.518400019642]),
    ("three", "pmm", [1.104629000104, 1.231953295283, 0.341408906899, 0.640820644508]),
    ("three", "he", [0.793000000000, 0.951662346750, 0.315090323966, 0.551828949955]),
    ("three", "hs", [0.00816637872801, 0.00232696059444, 0.14461346794827, 0.08813519192903]),
    ("three", "hsk", [0.01371656075705, 0.00389283446676, 0.12709400404727, 0.10779374919785]),
    ("three", "sj", [0.671991026026, 0.664628773576, 0.300336722687, 0.512732448316]),
    ("four", "reml", [8.71794835355, 19.34191123715, 5.91875288901, 2.48308260334]),
    ("four", "ml", [0.0, 1.405559407123, 7.450314678689, 0.947447684535]),
    ("four", "dl", [8.94826430090, 21.68640666970, 5.90108950848, 2.50722170394]),
    ("four", "pm", [9.54920760885, 21.55130746983, 5.85692680548, 2.56879608452]),
    ("four", "pmm", [29.52795543123, 53.16121567540, 5.03888141848, 4.03450512007]),
    ("four", "he", [0.0, 910.957646289515, 7.450314678689, 0.947447684535]),
    ("four", "hs", [0.751136958258, 2.316983493260, 7.158271458856, 1.215806685404]),
    ("four", "hsk", [2.19839209758, 3.42638094036, 6.75773233392, 1.57165574261]),
    ("four", "sj", [180.52345284970, 253.10914915300, 3.16315312982, 8.81101159176]),
]


@pytest.mark.parametrize(("name", "method", "wanted"), FITS, ids=[f"{name}-{method}" for name, method, _ in FITS])
def test_few_estimates_agree_with_metafor_whatever_the_estimator(name, method, wanted):
    m = meta.fit(*SETS[name], method=method)
    assert [m.tau2, m.tau2_se, m.beta[0], m.se[0]] == pytest.approx(wanted, rel=2e-8, abs=1e-14)


@pytest.mark.parametrize(
    ("name", "knapp_hartung", "q_profile"),
    [
        ("two", [0.379987659133, -4.453138494170, 5.203263494170], [0.0, 325.74259631]),
        ("three", [0.509116073382, -1.908944165575, 2.472155160217], [0.0421444497, 37.0001220359]),
        ("four", [2.50809696212, -2.06313102139, 13.90063679940], [0.0, 7249.90287996]),
    ],
)
def test_intervals_from_few_estimates_agree_with_metafor(name, knapp_hartung, q_profile):
    """REML; test="knha"; confint(type="QP", control=list(tol=1e-13, tau2.max=1e7))."""
    m = meta.fit(*SETS[name], test="knapp-hartung")
    assert [m.se[0], m.coefficients.ci_low[0], m.coefficients.ci_high[0]] == pytest.approx(knapp_hartung, rel=1e-8)
    assert meta.tau2_interval(m).tau2 == pytest.approx(q_profile, rel=1e-8)


@pytest.mark.parametrize(("name", "wanted"), [("three", [-10.8912441845, 11.4544551792]), ("four", [-10.6805933636, 22.5180991416])])
def test_prediction_intervals_from_few_estimates_agree_with_metafor(name, wanted):
    """predict(rma(…), pi.type="riley")."""
    p = meta.predict(meta.fit(*SETS[name]), interval="riley")
    assert [p.pi_low[0], p.pi_high[0]] == pytest.approx(wanted, rel=1e-8)


TIED_Y = np.array([0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.5, 0.5, 0.9])
TIED_V = np.array([0.04, 0.04, 0.02, 0.02, 0.05, 0.05, 0.01, 0.01, 0.2])


@pytest.mark.parametrize(
    ("estimator", "wanted"),
    [
        ("L0", [2, 2.1217418694076, 0.3780352561468, 0.0637577888975, 0.0148937985952, 15.6797249923883]),
        ("R0", [0, 1.4142135623731, 0.3326419764308, 0.0645879587588, 0.0106010081427, 11.4607594936709]),
        ("Q0", [2, 2.6499722711773, 0.3780352561468, 0.0637577888975, 0.0148937985952, 15.6797249923883]),
    ],
)
def test_trim_and_fill_of_tied_estimates_agrees_with_metafor(estimator, wanted):
    """trimfill(rma(y, v, method="DL"), estimator=…); the side is "right"."""
    found = meta.trim_and_fill(TIED_Y, TIED_V, estimator=estimator, method="dl")
    m = found.model
    assert found.side == "right"
    assert [found.k0, found.k0_se, m.beta[0], m.se[0], m.tau2, m.q] == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize(
    ("kind", "se", "df"),
    [
        ("CR0", [0.0866551178265, 0.0405964284642], [2.3392660223347, 2.9039660011932]),
        ("CR1", [0.0968833670291, 0.0453881868448], [2.3392660223347, 2.9039660011932]),
        ("CR1S", [0.1035726759715, 0.0485220127372], [2.3392660223347, 2.9039660011932]),
        ("CR1p", [0.1118712760685, 0.0524097637858], [2.3392660223347, 2.9039660011932]),
        ("CR2", [0.1267366685577, 0.0787509452224], [1.8036806138694, 2.8080490789413]),
        ("CR3", [0.192892049889, 0.144606498081], [1.410931916386, 2.724662614559]),
    ],
)
def test_robust_inference_with_clusters_of_one_agrees_with_clubsandwich(kind, se, df):
    """coef_test(rma(y, v, mods=~x), vcov=vcovCR(…, cluster, type), test="Satterthwaite"); two of five clusters have one estimate."""
    cluster, x = [1, 1, 2, 2, 3, 4, 5, 5, 5], np.array([0, 1, 0, 1, 0, 1, 0, 0, 1.0])
    c = meta.robust(meta.fit(TIED_Y, TIED_V, np.column_stack([np.ones(9), x])), cluster, kind=kind).coefficients
    assert c.se == pytest.approx(se, rel=1e-9)
    assert c.df == pytest.approx(df, rel=1e-9)


def test_a_search_in_large_units_that_ended_where_it_began_is_not_the_maximum():
    """rma.mv(y, v, random=~1|study/es) of metafor 3.8-1 stays at both components .001, its start, with a restricted log-likelihood of -19.34968."""
    y = [-18.8839162243519, 6.36619230589624, -25.0204550810641, 43.209767918539, 3.06368808571569]
    v = [559.568654757642, 1047.19544563635, 640.405099259416, 611.359991971403, 1192.01015820307]
    m = meta.fit_multilevel(y, v, [1, 1, 1, 2, 2])
    there = meta.log_likelihood_grid(m, [0.00100001702832287], [0.00100000586122769])
    assert there[0, 0] == pytest.approx(-19.3496803933891, rel=1e-9)
    assert m.log_likelihood_reml > -18.833
    assert m.sigma2_study == pytest.approx(699.1, rel=1e-3)
