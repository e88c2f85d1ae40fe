"""Every public function of the engine that takes estimates, called with one sample: the list that the walks over all of them share.

``CALLS`` maps "function: how" to a call of a :class:`Sample`. ``ELSEWHERE`` says of each other public name why it is not among them.
A new public function has its line in one of the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from virker import meta
from virker.meta import effect_sizes as es
from virker.meta import network
from virker.meta.bayes import Normal, priors
from virker.meta.data import Array


@dataclass(frozen=True)
class Sample:
    """Estimates in a unit: ``unit`` 0.01 is the same sample in another unit, its ``y`` and ``v`` times 0.01 and 0.0001.

    ``tag`` is the number of each estimate, which it keeps when the estimates are moved; networks make their arms of it.
    """

    y: Array
    v: Array
    X: Array
    study: Any
    n: Array
    unit: float = 1.0
    tag: Any = None

    def __post_init__(self) -> None:
        if self.tag is None:
            object.__setattr__(self, "tag", np.arange(len(self.y)))


def sample(k: int = 18, seed: int = 5, studies: int | None = None) -> Sample:
    """k estimates of studies with two levels of heterogeneity and one moderator."""
    rng = np.random.default_rng(seed)
    g = studies or max(1, k // 2)
    study = np.sort(np.concatenate([np.arange(min(g, k)), rng.integers(0, g, max(0, k - g))]))
    v = np.exp(rng.uniform(-4.0, -1.5, k))
    y = 0.3 + 0.25 * rng.normal(size=g)[study] + 0.2 * rng.normal(size=k) + np.sqrt(v) * rng.normal(size=k)
    return Sample(y, v, np.column_stack([np.ones(k), rng.normal(size=k)]), study, np.round(4.0 / v))


def in_unit(s: Sample, c: float) -> Sample:
    """The sample with the estimates in another unit."""
    return Sample(c * s.y, c * c * s.v, s.X, s.study, s.n, c, s.tag)


Call = Callable[[Sample], Any]


def _mean(s: Sample, **how: Any) -> meta.univariate.RandomEffects:
    return meta.fit(s.y, s.v, **how)


def _regression(s: Sample, **how: Any) -> meta.univariate.RandomEffects:
    return meta.fit(s.y, s.v, s.X, **how)


def _nested(s: Sample, X: bool = False, **how: Any) -> meta.multilevel.MultilevelModel:
    return meta.fit_multilevel(s.y, s.v, s.study, s.X if X else None, **how)


def _pairs(s: Sample, **how: Any) -> Any:
    """Two outcomes in each pair of estimates."""
    k = len(s.y) // 2 * 2
    return meta.fit_multivariate(s.y[:k], s.v[:k], np.repeat(np.arange(k // 2), 2), np.tile([0, 1], k // 2), **how)


PAIRS = (("æ", "ingen"), ("ø", "ingen"), ("æ + ø", "ingen"), ("æ", "ø"), ("å", "ingen"), ("æ + å", "ø"))


def _network(s: Sample, fit: Callable[..., Any] = meta.fit_network, **how: Any) -> Any:
    """Each estimate a study of two arms; the first three studies connect the network."""
    first, second = zip(*(PAIRS[i % len(PAIRS)] for i in s.tag.tolist()), strict=True) if len(s.tag) else ((), ())
    return fit(s.y, s.v, first, second, s.tag, **how)


def _arms(s: Sample) -> Any:
    """Three estimates are the arms of a study; four treatments take turns."""
    study = s.tag // 3
    made = network.contrasts_of_arms(s.y, s.v, [("æ", "ø", "å", "ingen")[i] for i in ((s.tag % 3 + study) % 4).tolist()], study)
    return meta.fit_network(made.y, made.v, made.treat1, made.treat2, made.study)


@dataclass(frozen=True)
class Posterior:
    """What a Bayesian model prints, a row for tau, each coefficient and a new study."""

    mode: Array
    median: Array
    mean: Array
    sd: Array
    ci_low: Array
    ci_high: Array
    bayes_factor: float


def _posterior(m: Any) -> Posterior:
    c = {name: np.array([np.nan if x is None else x for x in column], dtype=float) for name, column in m.columns().items() if name != "name"}
    return Posterior(c["mode"], c["median"], c["mean"], c["sd"], c["low"], c["high"], m.bayes_factor_of_no_heterogeneity())


def _proper(s: Sample, X: Any = None) -> Any:
    """With priors that have a scale, which is told in the unit of the sample."""
    effect = [Normal(0.0, 2.0 * s.unit), *[None] * (0 if X is None else X.shape[1] - 1)]
    return meta.fit_bayes(s.y, s.v, X, tau_prior=priors.half_normal(0.3 * s.unit), effect_prior=effect)


CALLS: dict[str, Call] = {}
for _method in ("common", "dl", "he", "hs", "hsk", "sj", "sjit", "pm", "pmm", "ml", "reml", "eb"):
    CALLS[f"fit: {_method}"] = lambda s, m=_method: _mean(s, method=m)
    CALLS[f"fit: {_method} with a moderator"] = lambda s, m=_method: _regression(s, method=m)
for _test in ("t", "knapp-hartung", "adhoc"):
    CALLS[f"fit: {_test}"] = lambda s, t=_test: _regression(s, test=t)
CALLS |= {
    "fit: genq": lambda s: _mean(s, method="genq", weights=s.n),
    "fit: equal weights": lambda s: _mean(s, weights="equal"),
    "fit: r2": lambda s: _regression(s).r2,
    "predict": lambda s: meta.predict(_mean(s)),
    "predict: riley": lambda s: meta.predict(_mean(s, test="knapp-hartung"), interval="riley"),
    "predict: moderators": lambda s: meta.predict(_regression(s)),
    "blup": lambda s: meta.blup(_regression(s)),
    "weights": lambda s: meta.weights(_mean(s)),
    "tau2_interval: q-profile": lambda s: meta.tau2_interval(_mean(s)),
    "tau2_interval: q-profile with a moderator": lambda s: meta.tau2_interval(_regression(s)),
    "tau2_interval: profile-likelihood": lambda s: meta.tau2_interval(_mean(s), kind="profile-likelihood"),
    "tau2_interval: profile-likelihood, ml": lambda s: meta.tau2_interval(_mean(s, method="ml"), kind="profile-likelihood"),
    "profile": lambda s: meta.profile(_mean(s)),
    "profile: given points": lambda s: meta.profile(_mean(s), np.array([0.0, 0.01, 0.3]) * s.unit**2),
    "baujat": lambda s: meta.baujat(_mean(s)),
    "cumulative": lambda s: meta.cumulative(_mean(s), s.n),
    "leave_one_out": lambda s: meta.leave_one_out(_mean(s, test="knapp-hartung")),
    "influence": lambda s: meta.influence(_regression(s)),
    "rstandard": lambda s: meta.rstandard(_regression(s)),
    "hat": lambda s: meta.hat(_regression(s)),
    "gosh": lambda s: meta.gosh(_mean(s), draws=50),
    "permutation_test": lambda s: meta.permutation_test(_mean(s), draws=50),
    "permutation_test: moderators": lambda s: meta.permutation_test(_regression(s), draws=50),
    "bootstrap: parametric": lambda s: meta.bootstrap(_mean(s), draws=50),
    "bootstrap: cases": lambda s: meta.bootstrap(_mean(s), kind="cases", draws=50),
    "contrast": lambda s: meta.contrast(_regression(s), [[1.0, 0.5]]),
    "compare": lambda s: meta.compare(_regression(s, method="ml"), _mean(s, method="ml")),
    "vif": lambda s: meta.vif(meta.fit(s.y, s.v, np.column_stack([s.X, s.X[:, 1] ** 2]))),
    "fit_cells": lambda s: meta.fit_cells(s.y, s.v, np.arange(len(s.y)) % 2, test="knapp-hartung"),
    "aggregate": lambda s: meta.aggregate(s.y, s.v, s.study, rho=0.6),
    "fit_multilevel": _nested,
    "fit_multilevel: moderator, correlated errors": lambda s: _nested(s, X=True, rho=0.5),
    "fit_multilevel: ml, z": lambda s: _nested(s, method="ml", test="z"),
    "fit_multilevel: t": lambda s: _nested(s, test="t"),
    "fit_multilevel: study alone": lambda s: _nested(s, levels="study"),
    "predict_multilevel": lambda s: meta.predict_multilevel(_nested(s)),
    "predict_multilevel: robust": lambda s: meta.predict_multilevel(_nested(s), robust=meta.robust(_nested(s), s.study)),
    "study_effects": lambda s: meta.study_effects(_nested(s)),
    "heterogeneity_shares": lambda s: meta.heterogeneity_shares(_nested(s)),
    "bootstrap_multilevel": lambda s: meta.bootstrap_multilevel(_nested(s), draws=20),
    "wild_bootstrap": lambda s: meta.wild_bootstrap(_nested(s, X=True), draws=99),
    "profile_interval: study": lambda s: meta.profile_interval(_nested(s), "study"),
    "profile_interval: estimate": lambda s: meta.profile_interval(_nested(s), "estimate"),
    "log_likelihood_grid": lambda s: meta.log_likelihood_grid(_nested(s), np.array([0.0, 0.1]) * s.unit**2, np.array([0.05]) * s.unit**2),
    "cooks_distance": lambda s: meta.cooks_distance(_nested(s)),
    "fit_moments: correlated": lambda s: meta.fit_moments(s.y, s.v, s.study),
    "fit_moments: hierarchical": lambda s: meta.fit_moments(s.y, s.v, s.study, s.X, weighting="hierarchical"),
    "robust: mean": lambda s: meta.robust(_mean(s), s.study),
    "robust: moments": lambda s: meta.robust(meta.fit_moments(s.y, s.v, s.study), s.study),
    "robust: multivariate": lambda s: meta.robust(_pairs(s, structure="CS"), np.repeat(np.arange(len(s.y) // 2), 2)),
    "wald_test": lambda s: meta.wald_test(meta.robust(_nested(s, X=True), s.study)),
    "wald_test: naive-F": lambda s: meta.wald_test(meta.robust(_nested(s, X=True), s.study), [[1.0, 0.0]], kind="naive-F"),
    "fit_location_scale": lambda s: meta.fit_location_scale(s.y, s.v, s.X, s.X),
    "fit_location_scale: ml, t": lambda s: meta.fit_location_scale(s.y, s.v, None, s.X, method="ml", test="t"),
    "henmi_copas": lambda s: meta.henmi_copas(s.y, s.v),
    "trim_and_fill": lambda s: meta.trim_and_fill(s.y, s.v),
    "trim_and_fill: R0": lambda s: meta.trim_and_fill(s.y, s.v, estimator="R0", side="left"),
    "trim_and_fill: Q0": lambda s: meta.trim_and_fill(s.y, s.v, estimator="Q0", side="right"),
    "rank_test": lambda s: meta.rank_test(s.y, s.v),
    "regression_test": lambda s: meta.regression_test(s.y, s.v),
    "regression_test: moderator": lambda s: meta.regression_test(s.y, s.v, s.X),
    "regression_test: variance": lambda s: meta.regression_test(s.y, s.v, predictor="v", test="knapp-hartung"),
    "regression_test: size": lambda s: meta.regression_test(s.y, s.v, predictor="1/sqrt(n)", n=s.n),
    "regression_test: weighted": lambda s: meta.regression_test(s.y, s.v, model="weighted"),
    "regression_test: clustered": lambda s: meta.regression_test(s.y, s.v, cluster=s.study),
    "pet_peese": lambda s: meta.pet_peese(s.y, s.v),
    "pet_peese: clustered": lambda s: meta.pet_peese(s.y, s.v, cluster=s.study),
    "excess_significance": lambda s: meta.excess_significance(s.y, s.v),
    "excess_significance: chi2, tau2": lambda s: meta.excess_significance(s.y, s.v, test="chi2", tau2=0.02 * s.unit**2),
    "excess_significance: clustered": lambda s: meta.excess_significance(s.y, s.v, cluster=s.study),
    "fail_safe_n: rosenthal": lambda s: meta.fail_safe_n(s.y, s.v),
    "fail_safe_n: rosenberg": lambda s: meta.fail_safe_n(s.y, s.v, kind="rosenberg"),
    "fail_safe_n: orwin": lambda s: meta.fail_safe_n(s.y, s.v, kind="orwin", target=0.05 * s.unit),
    "fail_safe_n: general": lambda s: meta.fail_safe_n(s.y, s.v, kind="general"),
    "p_curve": lambda s: meta.p_curve(s.y / np.sqrt(s.v)),
    "sign_test": lambda s: meta.sign_test(s.y, cluster=s.study),
    "combine_p": lambda s: meta.combine_p(_upper(s), weights=s.n, cluster=s.study),
    "combine_p: fisher": lambda s: meta.combine_p(_upper(s), method="fisher"),
    "ordered_probit": lambda s: meta.ordered_probit(np.sign(np.round(s.y / np.sqrt(s.v))), s.X[:, 1:], cluster=s.study),
    "harvest": lambda s: meta.harvest(np.sign(s.y), ["alle"] * len(s.y), [str(i) for i in s.study]),
    "fit_bayes": lambda s: meta.fit_bayes(s.y, s.v, tau_prior="dumouchel"),
    "fit_bayes: moderators": lambda s: meta.fit_bayes(s.y, s.v, s.X, tau_prior="shrinkage"),
    "fit_bayes: improper prior": lambda s: meta.fit_bayes(s.y, s.v, tau_prior="jeffreys"),
    "fit_bayes: priors in a unit": _proper,
    "fit_bayes: what is printed": lambda s: _posterior(_proper(s)),
    "fit_bayes: what is printed, moderators": lambda s: _posterior(_proper(s, s.X)),
    "fit_bayes: what is printed, improper prior": lambda s: _posterior(meta.fit_bayes(s.y, s.v, s.X, tau_prior="square-root")),
    "fit_bayes: studies": lambda s: _proper(s, s.X).studies(),
    "fit_network": _network,
    "fit_network: common": lambda s: _network(s, method="common"),
    "fit_network: dl": lambda s: _network(s, method="dl"),
    "fit_network: arms": _arms,
    "fit_network: decompose": lambda s: network.decompose(_network(s)),
    "fit_network: split": lambda s: network.split(_network(s)),
    "fit_network: league": lambda s: network.league(_network(s)),
    "fit_network: predictions": lambda s: network.predict_contrasts(_network(s)),
    "fit_network: p_scores": lambda s: network.p_scores(_network(s)),
    "fit_components": lambda s: _network(s, meta.fit_components, inactive="ingen"),
    "fit_components: interaction": lambda s: _network(s, meta.fit_components, inactive="ingen", interactions=[("æ", "ø")]),
    "effect_sizes.printed": lambda s: es.printed(s.y, se=np.sqrt(s.v)),
}
for _kind in ("CR0", "CR1", "CR1p", "CR1S", "CR2", "CR3"):
    CALLS[f"robust: {_kind}"] = lambda s, kind=_kind: meta.robust(_nested(s, X=True), s.study, kind=kind)
for _structure in ("CS", "HCS", "UN", "DIAG", "ID", "AR", "HAR", "CAR"):
    CALLS[f"fit_multivariate: {_structure}"] = lambda s, structure=_structure: _pairs(s, structure=structure)
for _weight in ("step", "beta", "half-normal", "negative-exponential", "logistic", "power"):
    CALLS[f"selection_model: {_weight}"] = lambda s, weight=_weight: meta.selection_model(s.y, s.v, weight=weight)
CALLS["selection_model: steps, moderator, clustered"] = lambda s: meta.selection_model(s.y, s.v, s.X, steps=(0.025, 0.5), cluster=s.study)


def _upper(s: Sample) -> Array:
    from scipy.special import ndtr

    return np.asarray(ndtr(-s.y / np.sqrt(s.v)))


ELSEWHERE = {
    "bayes": "a room of its own, with fit_bayes as its front",
    "network": "a room of its own, with fit_network and fit_components as its fronts",
    "drawing": "pictures of results (tests of drawings)",
    "effect_sizes": "a room of its own: counts, means and shares, not estimates (test_effect_sizes.py, test_labour.py, test_printed.py)",
    "fit_glmm": "counts (test_tables.py, test_awkward_inputs.py)",
    "fit_glmm_rates": "counts (test_tables.py, test_awkward_inputs.py)",
    "mantel_haenszel": "counts (test_tables.py, test_awkward_inputs.py)",
    "mantel_haenszel_rates": "counts (test_tables.py, test_awkward_inputs.py)",
    "peto": "counts (test_tables.py, test_awkward_inputs.py)",
}
