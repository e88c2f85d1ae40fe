"""Which study carries the result? Residuals, leverage, and the model without each study in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta import special
from virker.meta.batch import Batch
from virker.meta.data import Array, vector
from virker.meta.errors import InputError, TooFew
from virker.meta.linear import Linear, weighted_least_squares
from virker.meta.plain import short, table
from virker.meta.prediction import weights
from virker.meta.refits import Refits, in_columns, orthonormal, refit
from virker.meta.results import Result
from virker.meta.tests import critical, ratio, two_sided
from virker.meta.univariate import RandomEffects, unit

_HELD = 2_000_000  # numbers at once


@dataclass(frozen=True, slots=True)
class Residuals(Result):
    """Residuals ``residual``, their standard errors ``se`` and ``z``, all (k,)."""

    residual: Array
    se: Array
    z: Array


@dataclass(frozen=True, slots=True)
class Influence(Result):
    """What each study does to the model (Viechtbauer & Cheung 2010, doi:10.1002/jrsm.11); (k,) unless said.

    Attributes
    ----------
    rstudent : deleted residual over its standard error.
    dffits : shift of the study's own fitted value when it is left out, over sqrt(hat (tau2_deleted + v)).
    cook_d : Cook's distance.
    cov_ratio : generalised variance of beta without the study, over that with it.
    tau2_deleted, q_deleted : tau2 and Q without the study.
    hat : leverage. ``weight`` : in per cent.
    dfbetas : (k, p) shift of each coefficient, over its standard error in the whole model with tau2_deleted.
    """

    rstudent: Array
    dffits: Array
    cook_d: Array
    cov_ratio: Array
    tau2_deleted: Array
    q_deleted: Array
    hat: Array
    weight: Array
    dfbetas: Array

    @property
    def limits(self) -> dict[str, float]:
        """Beyond which a study is usually looked at: the size of rstudent 1.96, of dffits 3 sqrt(p/(k - p)); Cook's distance the median of
        chi-squared with p degrees of freedom; leverage 3p/k. Those of dffits, Cook's distance and leverage are metafor's documented rules."""
        k, p = self.dfbetas.shape
        return {"rstudent": 1.96, "dffits": 3.0 * (p / max(k - p, 1)) ** 0.5, "cook_d": float(special.chdtri(float(p), 0.5)), "hat": 3.0 * p / k}

    def __str__(self) -> str:
        names = ("rstudent", "dffits", "cook_d", "cov_ratio", "tau2_deleted", "q_deleted", "hat", "weight")
        return table(["", *names], [[str(i), *(short(getattr(self, name)[i]) for name in names)] for i in range(len(self.hat))])


@dataclass(frozen=True, slots=True)
class Subsets(Result):
    """The mean effect in subsets of the studies, all (B,): without each study in turn, or with one more each time.

    ``study`` is the place in the data of the study left out, or of the one that was added; ``kind`` says which of the two it is.
    """

    study: NDArray[np.intp]
    estimate: Array
    se: Array
    p: Array
    ci_low: Array
    ci_high: Array
    q: Array
    tau2: Array
    i2: Array
    h2: Array
    kind: Literal["leave-one-out", "cumulative"]

    def __str__(self) -> str:
        names = ("estimate", "se", "p", "ci_low", "ci_high", "tau2", "i2", "q")
        return table(["study", *names], [[str(self.study[i]), *(short(getattr(self, name)[i]) for name in names)] for i in range(len(self.study))])


@dataclass(frozen=True, slots=True)
class Baujat(Result):
    """``heterogeneity`` (k,): contribution to Q; ``influence`` (k,): squared standardised shift of the fitted value when the study is left out."""

    heterogeneity: Array
    influence: Array


def linear(model: RandomEffects) -> Linear:
    """The model's last weighted least-squares step, in the unit of y."""
    d = model.data
    return weighted_least_squares(d.X, d.y, 1.0 / (d.v + model.tau2) if model.weights is None else model.weights)


def hat(model: RandomEffects) -> Array:
    """(k,) leverages; they sum to p."""
    return linear(model).leverage


def rstandard(model: RandomEffects) -> Residuals:
    """Internally standardised residuals: y - X beta over the standard error that it has as part of the model."""
    d, line = model.data, linear(model)
    total = d.v + model.tau2
    if model.weights is None:
        variance = total * (1.0 - line.leverage)
    else:
        half = d.X * (model.weights * np.sqrt(total))[:, None]
        vcov = line.bread @ (half.T @ half) @ line.bread
        variance = total * (1.0 - 2.0 * line.leverage) + np.einsum("ij,jk,ik->i", d.X, vcov, d.X)
    se = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return Residuals(line.residuals, se, line.residuals / se)


def subsets(model: RandomEffects, m: Array) -> Refits:
    """The model refitted to the studies that the rows of ``m`` (B, k) count (0, 1 or more); results in the unit of y."""
    d = model.data
    s = unit(d.v)
    basis, back = orthonormal(d.X)
    y, v, X = (d.y / s)[None], (d.v / (s * s))[None], basis[None]
    rows = max(1, _HELD // (d.k * (d.p + 1)))
    parts = [refit(Batch(y, v, X, m[a : a + rows]), model.method, model.test, model.weights) for a in range(0, len(m), rows)]
    whole = Refits(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("n", "tau2", "q", "i2", "h2", "beta", "vcov")))
    return in_columns(whole, back, s)


def _without_each(model: RandomEffects) -> Refits:
    k = model.data.k
    rows = max(1, _HELD // k)
    parts = []
    for start in range(0, k, rows):
        here = np.arange(start, min(start + rows, k))
        m = np.ones((len(here), k))
        m[np.arange(len(here)), here] = 0.0
        parts.append(subsets(model, m))
    return Refits(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("n", "tau2", "q", "i2", "h2", "beta", "vcov")))


def influence(model: RandomEffects) -> Influence:
    """Case diagnostics of every study: the model is refitted without it, tau2 included. NaN where the model cannot be fitted without it."""
    d = model.data
    _needs(d.k, d.p + 1, "influence")
    gone, line = _without_each(model), linear(model)
    own = np.einsum("ij,ij->i", d.X, gone.beta)
    spread = np.einsum("ij,ijk,ik->i", d.X, gone.vcov, d.X)
    shift = model.beta - gone.beta
    vcov = model.coefficients.vcov
    with np.errstate(divide="ignore", invalid="ignore"):
        return Influence(
            rstudent=(d.y - own) / np.sqrt(d.v + gone.tau2 + spread),
            dffits=(d.X @ model.beta - own) / np.sqrt(line.leverage * (d.v + gone.tau2)),
            cook_d=np.einsum("ij,ij->i", shift, np.linalg.solve(vcov, shift.T).T),
            cov_ratio=np.linalg.det(gone.vcov) / np.linalg.det(vcov),
            tau2_deleted=gone.tau2,
            q_deleted=gone.q,
            hat=line.leverage,
            weight=weights(model),
            dfbetas=shift / _sizes(d.X, d.v, gone.tau2),
        )


def _sizes(X: Array, v: Array, tau2: Array) -> Array:
    """(B, p) standard errors of beta, all studies in, with each of the values ``tau2`` (B,)."""
    k, p = X.shape
    basis, r = np.linalg.qr(X)
    back = np.linalg.inv(r)
    products = (basis[:, :, None] * basis[:, None, :]).reshape(k, p * p)
    out = np.full((len(tau2), p), np.nan)
    step = max(1, _HELD // k)
    for start in range(0, len(tau2), step):
        at = np.flatnonzero(np.isfinite(tau2[start : start + step])) + start
        bread = back @ np.linalg.inv(((1.0 / (v + tau2[at, None])) @ products).reshape(-1, p, p)) @ back.T
        out[at] = np.sqrt(np.diagonal(bread, axis1=1, axis2=2))
    return out


def leave_one_out(model: RandomEffects) -> Subsets:
    """The mean effect without each study in turn. Needs a model without moderators."""
    _mean_only(model, "leave_one_out")
    _needs(model.data.k, 2, "leave_one_out")
    return _series(model, np.arange(model.data.k), _without_each(model), "leave-one-out")


def cumulative(model: RandomEffects, order: ArrayLike | None = None) -> Subsets:
    """The mean effect of the first study, the first two, and so on; ``order`` (k,) sorts the studies (smallest first), by default as they stand."""
    _mean_only(model, "cumulative")
    k = model.data.k
    at = np.arange(k) if order is None else np.argsort(vector(order, "order", k), kind="stable")
    m = np.zeros((k, k))
    m[:, at] = np.tri(k)
    return _series(model, at, subsets(model, m), "cumulative")


def baujat(model: RandomEffects) -> Baujat:
    """Where heterogeneity comes from, and what it does to the result (Baujat et al. 2002, doi:10.1002/sim.1221)."""
    d, line = model.data, linear(model)
    gone = _without_each(model)
    shift = d.X @ model.beta - np.einsum("ij,ij->i", d.X, gone.beta)
    spread = np.einsum("ij,ijk,ik->i", d.X, gone.vcov, d.X)
    return Baujat(line.residuals**2 / (d.v + model.tau2), shift**2 / spread)


def _series(model: RandomEffects, study: NDArray[np.intp], fits: Refits, kind: Literal["leave-one-out", "cumulative"]) -> Subsets:
    estimate, se = fits.beta[:, 0], fits.se[:, 0]
    df = None if model.test == "z" else fits.n - 1.0
    half = critical(df, model.level) * se
    return Subsets(study, estimate, se, two_sided(ratio(estimate, se), df), estimate - half, estimate + half, fits.q, fits.tau2, fits.i2, fits.h2, kind)


def _mean_only(model: RandomEffects, what: str) -> None:
    if model.data.p != 1:
        raise InputError(f"{what} is for models without moderators; use influence for each study's pull on the coefficients.")


def _needs(have: int, least: int, what: str) -> None:
    if have < least:
        raise TooFew(f"{what} needs an estimate more than there are coefficients.", have=have, least=least)
