"""After a multilevel model: predictions, study effects, I², profile intervals, influence of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta import components
from virker.meta.blocks import Array, groups
from virker.meta.components import Problem
from virker.meta.components_optimum import maximise, maximise_held
from virker.meta.errors import InputError
from virker.meta.multilevel import MultilevelModel, study_is_free
from virker.meta.results import Result
from virker.meta.robust import RobustModel
from virker.meta.sandwich import Sandwich, satterthwaite
from virker.meta.tests import critical, known_level

Component = Literal["study", "estimate"]


@dataclass(frozen=True, slots=True)
class MultilevelPrediction(Result):
    """Average effects at given moderators, all (m,): the mean with its interval, and where a new true effect would lie."""

    mean: Array
    se: Array
    ci_low: Array
    ci_high: Array
    pi_low: Array
    pi_high: Array


@dataclass(frozen=True, slots=True)
class StudyEffects(Result):
    """Best linear unbiased predictions of the study effects u, (g,), and their standard errors; ``study`` holds the labels."""

    study: NDArray[np.generic]
    effect: Array
    se: Array


@dataclass(frozen=True, slots=True)
class HeterogeneityShares(Result):
    """Per cent of the total variance that is no sampling variance: in all, between studies, and between estimates within a study."""

    total: float
    study: float
    estimate: float


@dataclass(frozen=True, slots=True)
class ProfileInterval(Result):
    """A profile-likelihood interval of a variance component; ``high`` is infinite where the likelihood never falls enough."""

    low: float
    high: float


def predict_multilevel(model: MultilevelModel, X: ArrayLike | None = None, *, robust: RobustModel | None = None) -> MultilevelPrediction:
    """Mean and prediction interval at each row of ``X`` (m, p); without ``X``, of a model with only an intercept.

    The prediction interval is that of the true effect behind a new estimate in a new study:
    mean ± critical value · sqrt(se² + σ²_study + σ²_estimate).

    ``robust``, from :func:`virker.meta.robust` of the same model, gives the mean its standard error and degrees of freedom (Satterthwaite's
    of each row), in both intervals and at its level: so the prediction interval is never the narrower of the two. The σ² stay the model's:
    a sandwich is of the coefficients alone.
    """
    if X is None:
        if model.p != 1:
            raise InputError(f"The model has {model.p} coefficients: say at which moderators, with X of the shape (m, {model.p}).")
        X = [[1.0]]
    rows = np.atleast_2d(np.asarray(X, dtype=np.float64))
    if rows.shape[1] != model.p:
        raise InputError(f"X must have {model.p} columns, one for each coefficient, and has {rows.shape[1]}.")
    c = model.coefficients if robust is None else robust.coefficients
    if len(c.beta) != model.p or (np.abs(c.beta - model.coefficients.beta) > 1e-6 * model.coefficients.se).any():
        raise InputError("robust is of another model: its coefficients are not those of this one.")
    mean = rows @ c.beta
    se = np.sqrt(np.einsum("ij,jk,ik->i", rows, c.vcov, rows))
    t = critical(_degrees(model, rows, robust), (robust or model).level)
    spread = np.sqrt(se**2 + model.sigma2_study + model.sigma2_estimate)
    return MultilevelPrediction(mean, se, mean - t * se, mean + t * se, mean - t * spread, mean + t * spread)


def _degrees(model: MultilevelModel, rows: Array, robust: RobustModel | None) -> Array | None:
    """(m,) degrees of freedom of each row's mean; None for the normal distribution."""
    if robust is not None and robust.degrees == "satterthwaite":
        s = robust._sandwich
        return satterthwaite(Sandwich(rows @ s.vcov @ rows.T, rows @ s.K @ rows.T, s.Y @ rows.T))
    df = (robust or model).coefficients.df
    # The smallest degrees of freedom of the coefficients that a row uses.
    return None if df is None else np.where(rows != 0, df, np.inf).min(axis=1)


def study_effects(model: MultilevelModel) -> StudyEffects:
    """û = σ² Z'M⁻¹(y - Xβ), with the standard error of û - u: uncertainty of β counted, that of the components not (Robinson 1991, doi:10.1214/ss/1177011926)."""
    scale, s1 = model._scale, model.sigma2_study / model._scale**2
    point = components.at(model._problem, s1, model.sigma2_estimate / scale**2)
    f = point.factor
    reduction = f.c * f.tau - np.einsum("ig,ij,jg->g", point.MXs, point.bread, point.MXs)
    variance = np.maximum(s1 - s1**2 * reduction, 0.0)
    return StudyEffects(model.groups.labels, scale * s1 * point.us, scale * np.sqrt(variance))


def heterogeneity_shares(model: MultilevelModel) -> HeterogeneityShares:
    """I² by level: 100 σ²/(σ²_study + σ²_estimate + ṽ), ṽ = (k - p)/tr(P) with P from the weights 1/v.

    Higgins & Thompson's (2002, doi:10.1002/sim.1186) typical sampling variance, split over the levels (Cheung 2014, doi:10.1037/a0032968).
    """
    w, X = 1 / model.data.v, model.data.X
    wX = w[:, None] * X
    trace = float(w.sum()) - float(np.trace(np.linalg.solve(X.T @ wX, wX.T @ wX)))
    total = model.sigma2_study + model.sigma2_estimate + (model.k - model.p) / trace
    study, estimate = 100 * model.sigma2_study / total, 100 * model.sigma2_estimate / total
    return HeterogeneityShares(study + estimate, study, estimate)


def log_likelihood_grid(model: MultilevelModel, sigma2_study: ArrayLike, sigma2_estimate: ArrayLike) -> Array:
    """The log-likelihood (of the model's method) over ``sigma2_study`` (m,) times ``sigma2_estimate`` (n,), shape (m, n)."""
    s2 = model._scale**2
    study, estimate = (np.atleast_1d(np.asarray(values, dtype=np.float64)) / s2 for values in (sigma2_study, sigma2_estimate))
    ll = components.log_likelihoods(model._problem, study[:, None], estimate)
    return np.asarray(ll - (model.k - (model.p if model.method == "reml" else 0)) * np.log(model._scale))


def profile_interval(model: MultilevelModel, component: Component, *, level: float = 0.95) -> ProfileInterval:
    """The values of a variance component that a likelihood-ratio test does not reject, the other component fitted anew for each.

    Hardy & Thompson (1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A). The limits are found by Brent's method
    on the logarithm of the component.
    """
    from scipy.optimize import brentq

    if component not in ("study", "estimate"):
        raise InputError(f"component must be 'study' or 'estimate', and is '{component}'.")
    known_level(level)
    which = 0 if component == "study" else 1
    problem, s2 = model._problem, model._scale**2
    if not problem.free[which]:
        raise InputError(f"The component of the {component} is not part of this model, or cannot be told from the other.")
    estimate = (model.sigma2_study if which == 0 else model.sigma2_estimate) / s2
    best = _profile(problem, which, estimate)
    drop = float(critical(None, level)) ** 2 / 2

    def above(value: float) -> float:
        return _profile(problem, which, value) - best + drop

    unit = max(estimate, components.spread(problem) * 1e-3)
    low = 0.0
    if estimate > 0 and above(0.0) < 0:
        bottom = estimate
        while above(bottom) > 0:
            bottom /= 4
        low = float(np.exp(brentq(lambda x: above(float(np.exp(x))), np.log(bottom), np.log(min(bottom * 4, estimate)), xtol=1e-13, rtol=1e-13)))
    top, previous = unit * 2, max(estimate, unit * 1e-6)
    while above(top) > 0:
        previous, top = top, top * 4
        if top > 1e12 * unit:
            return ProfileInterval(low * s2, float("inf"))
    high = float(np.exp(brentq(lambda x: above(float(np.exp(x))), np.log(previous), np.log(top), xtol=1e-13, rtol=1e-13)))
    return ProfileInterval(low * s2, high * s2)


def _profile(problem: Problem, which: int, value: float) -> float:
    """The highest log-likelihood with one component held at ``value``."""
    other = 1 - which
    if not problem.free[other]:
        point = components.at(problem, *((value, 0.0) if which == 0 else (0.0, value)))
        return point.ll_reml if problem.reml else point.ll_ml
    return maximise_held(problem, which, value)


def cooks_distance(model: MultilevelModel, by: ArrayLike | None = None) -> Array:
    """Cook's distance of each study (or of each group of ``by``): how far all coefficients move when it is left out and everything is fitted anew.

    (β - β₋ⱼ)' V⁻¹ (β - β₋ⱼ), V the covariance of the full fit; (g,) in order of first appearance. NaN where the rest does not identify the
    coefficients.
    """
    problem, full = model._problem, model.coefficients
    grouping = model.groups if by is None else groups(by, model.k, what="by")
    member = grouping.codes[np.argsort(grouping.order, kind="stable")][model.groups.order]
    information = np.linalg.inv(full.vcov)
    X = model.data.X[model.groups.order]
    out = np.empty(grouping.count)
    for j in range(grouping.count):
        difference = full.beta - _without(problem, X, member != j) * model._scale
        out[j] = difference @ information @ difference
    return out


def _without(problem: Problem, X: Array, keep: NDArray[np.bool_]) -> Array:
    """Coefficients (in units of the scale) with some rows left out."""
    rows = X[keep]
    if len(rows) <= rows.shape[1] or np.linalg.matrix_rank(rows) < rows.shape[1]:
        return np.full(X.shape[1], np.nan)
    orthonormal, R = np.linalg.qr(rows)
    rest = groups(problem.groups.codes[keep], len(rows))
    free = (problem.free[0] and study_is_free(orthonormal, rest), problem.free[1] and rest.count < len(rows))
    part = Problem(problem.y[keep], problem.v[keep], np.ascontiguousarray(orthonormal.T), rest, problem.rho, problem.reml, free)
    return np.asarray(np.linalg.solve(R, maximise(part).point.beta))
