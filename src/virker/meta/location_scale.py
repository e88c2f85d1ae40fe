"""Moderators of the mean, and moderators of how much studies differ: the location-scale model.

.. math:: y_i = x_i'\\beta + u_i + e_i,\\qquad u_i \\sim N(0, \\exp(z_i'\\alpha)),\\ e_i \\sim N(0, v_i)

(Viechtbauer & López-López 2022, doi:10.1002/jrsm.1562). The (restricted) likelihood is climbed in alpha with exact derivatives from many starts;
traces over P reduce to products of p columns, so that one evaluation costs O(k q² p²).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.bounded_newton import climb
from virker.meta.data import Array, Data, data
from virker.meta.errors import InputError, NotConverged, known_option
from virker.meta.linear import weighted_least_squares
from virker.meta.plain import p_value, plain
from virker.meta.results import Coefficients, Result
from virker.meta.tau2 import estimate
from virker.meta.tests import all_zero, coefficients, known_level
from virker.meta.univariate import as_batch, unit

_NOTHING = 1e-9  # of the sampling variance: below it, tau2 cannot be told from 0
_REACH = 60.0  # of the logarithm of tau2, from the sampling variance


@dataclass(frozen=True, slots=True)
class LocationScale(Result):
    """A fitted location-scale model.

    Attributes
    ----------
    location : (p,) coefficients of the mean.
    scale : (q,) coefficients alpha of log tau2: exp(alpha_j) is the factor by which tau2 grows with one unit of the moderator.
    tau2 : (k,) the variance between studies like each of them, the unit of y squared.
    qm, qm_df, qm_p : test that all moderators of the mean are zero. qs, qs_df, qs_p : the same for the moderators of tau2. NaN without moderators.
    log_likelihood : of the method, constants included.
    optima : number of local optima found; the highest was taken.
    method, test, level : as asked for.
    data : what was fitted. Z : (k, q) design of the scale.
    """

    location: Coefficients
    scale: Coefficients
    tau2: Array
    qm: float
    qm_df: int
    qm_p: float
    qs: float
    qs_df: int
    qs_p: float
    log_likelihood: float
    optima: int
    method: Literal["ml", "reml"]
    test: Literal["z", "t"]
    level: float
    data: Data
    Z: Array

    def columns(self) -> dict[str, list[Any]]:
        """A row for each coefficient of the mean, then of the scale."""
        one, two = self.location.columns(), self.scale.columns()
        parts = ["mean"] * len(one["name"]) + ["log tau2"] * len(two["name"])
        return {"part": parts, **{name: one[name] + two[name] for name in one}}

    def to_dict(self) -> dict[str, Any]:
        """All numbers, as JSON takes them; without the data."""
        return {**plain(self, leave_out=("data", "Z")), "k": self.data.k}

    def __str__(self) -> str:
        lines = [f"Location-scale model ({self.method}), k = {self.data.k}, test {self.test}", "Mean", str(self.location), "log tau2", str(self.scale)]
        if self.qs_df:
            lines.append(f"Moderators of tau2: QS({self.qs_df}) = {self.qs:.4f}, p {p_value(self.qs_p)}")
        return "\n".join(lines)


def fit_location_scale(
    y: ArrayLike,
    v: ArrayLike,
    X: ArrayLike | None,
    Z: ArrayLike,
    *,
    method: Literal["ml", "reml"] = "reml",
    test: Literal["z", "t"] = "z",
    level: float = 0.95,
    names: Sequence[str] | None = None,
    scale_names: Sequence[str] | None = None,
) -> LocationScale:
    """Fit moderators ``X`` (k, p) of the mean and ``Z`` (k, q) of the logarithm of tau2, each with its intercept column; X None is the mean alone.

    ``test`` "t" uses Student's t with k - p degrees of freedom for the mean and k - q for the scale.

    Raises
    ------
    InputError, CollinearError
        As for :func:`virker.meta.fit`.
    NotConverged
        The likelihood rises without end: for some studies tau2 goes to 0, and its logarithm to minus infinity. Then fewer moderators can be fitted.
    """
    known_level(level)
    known_option(method, ("ml", "reml"), "method")
    known_option(test, ("z", "t"), "test")
    d = data(y, v, X, names)
    spread = data(y, v, Z, scale_names)
    if d.k <= max(d.p, spread.p):
        raise InputError(f"A location-scale model needs more estimates than coefficients of either part; there are {d.k}.")
    s = unit(d.v) if _has_constant(spread.X) else 1.0  # without a constant, log tau2 cannot be shifted to another unit
    basis, r = np.linalg.qr(spread.X)
    basis, r = basis * np.sqrt(d.k), r / np.sqrt(d.k)
    problem = _Problem(d.y / s, d.v / (s * s), np.linalg.qr(d.X)[0], basis, method == "reml")
    theta, value, hessian, optima = _highest(problem)
    tau2 = np.exp(basis @ theta)
    back = np.linalg.inv(r)
    alpha = back @ (theta + _constant_shift(basis, 2.0 * np.log(s)))
    line = weighted_least_squares(d.X, d.y / s, 1.0 / (problem.v + tau2))
    free, spread_free = (None, None) if test == "z" else (d.k - d.p, d.k - spread.p)
    location = coefficients(line.beta * s, line.bread * s * s, df=free, level=level, names=d.names)
    scale = coefficients(alpha, back @ np.linalg.inv(-hessian) @ back.T, df=spread_free, level=level, names=spread.names)
    count = d.k - d.p if method == "reml" else d.k
    return LocationScale(
        location, scale, tau2 * s * s, *_wald(location, d.intercept, free), *_wald(scale, spread.intercept, spread_free), value - count * float(np.log(s)),
        optima, method, test, level, d, spread.X,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Problem:
    """Scaled data: ``X`` with orthonormal columns, ``Z`` with orthogonal ones of mean square 1."""

    y: Array
    v: Array
    X: Array
    Z: Array
    restricted: bool

    def __call__(self, thetas: Array) -> tuple[Array, Array, Array]:
        """Log-likelihood, gradient and Hessian for each row."""
        parts = [self.one(theta) for theta in thetas]
        return np.array([p[0] for p in parts]), np.array([p[1] for p in parts]), np.array([p[2] for p in parts])

    def one(self, theta: Array) -> tuple[float, Array, Array]:
        """With D_a = diag(tau2_i z_ia) the derivative of the variances: the score is (y'P D_a P y - tr(P D_a)) / 2, and so on (Harville 1977)."""
        X, Z = self.X, self.Z
        t = np.exp(Z @ theta)
        w = 1.0 / (self.v + t)
        A = (X.T * w) @ X
        inverse = np.linalg.inv(A)
        r = self.y - X @ (inverse @ (X.T @ (w * self.y)))
        py = w * r
        u = t[:, None] * Z
        logs = -float(np.log(w).sum())
        count = len(t) - (X.shape[1] if self.restricted else 0)
        value = -0.5 * (count * np.log(2 * np.pi) + logs + float(py @ r) + (float(np.linalg.slogdet(A)[1]) if self.restricted else 0.0))
        leverage = w * ((X @ inverse) * X).sum(axis=1) if self.restricted else np.zeros(len(t))
        slope = 0.5 * (py * py - w * (1.0 - leverage))
        c = u * py[:, None]
        projected = X.T @ (w[:, None] * c)
        hessian = -((w[:, None] * c).T @ c - projected.T @ inverse @ projected)
        wu = w[:, None] * u
        hessian += 0.5 * (wu * (1.0 - 2.0 * leverage)[:, None]).T @ wu
        if self.restricted:
            M = np.array([inverse @ ((X.T * (w * wu[:, a])) @ X) for a in range(Z.shape[1])])
            hessian += 0.5 * np.einsum("aij,bji->ab", M, M)
        hessian += (Z * (t * slope)[:, None]).T @ Z
        return value, u.T @ slope, hessian


def _highest(problem: _Problem) -> tuple[Array, float, Array, int]:
    """The highest optimum from starts at several levels of tau2, and tilted along each moderator."""
    Z = problem.Z
    pooled = float(estimate(as_batch(problem.y, problem.v, problem.X), "reml").tau2[0])
    typical = float(np.median(problem.v))
    flat = [_constant_shift(Z, np.log(level)) for level in (max(pooled, 0.05 * typical), 0.1 * typical, typical, 10.0 * max(pooled, typical))]
    tilted = [flat[0] + sign * np.eye(Z.shape[1])[j] for j in range(Z.shape[1]) for sign in (-1.0, 1.0)]
    q = Z.shape[1]
    found = climb(problem, np.array(flat + tilted), np.full(q, -_REACH), np.full(q, _REACH), np.full(q, 2.0))
    tau2 = np.exp(found.theta @ Z.T)
    inside = found.converged & (tau2 > _NOTHING * problem.v).any(axis=1) & (np.linalg.eigvalsh(-found.hessian)[:, 0] > 1e-8)
    good = np.flatnonzero(inside)
    if not len(good) or found.value.max() > found.value[good].max() + 1e-6:
        raise NotConverged("The likelihood rises while tau2 goes to 0 for some studies: there is no finite optimum for its moderators. Use fewer of them.")
    best = good[np.argmax(found.value[good])]
    points = found.theta[good]
    distinct = [i for i in range(len(points)) if not (np.abs(points[:i] - points[i]).max(axis=1) < 1e-4).any()]
    return found.theta[best], float(found.value[best]), found.hessian[best], len(distinct)


def _has_constant(Z: Array) -> bool:
    basis = np.linalg.qr(Z)[0]
    return bool(np.abs(basis @ (basis.T @ np.ones(len(Z))) - 1.0).max() < 1e-9)


def _constant_shift(Z: Array, shift: float) -> Array:
    """The coefficients that add ``shift`` to Z theta for every study, as nearly as the columns of Z can."""
    return np.asarray(Z.T @ np.full(len(Z), shift) / len(Z))


def _wald(part: Coefficients, intercept: bool, df: int | None) -> tuple[float, int, float]:
    first = 1 if intercept else 0
    statistic, p = all_zero(part.beta[first:], part.vcov[first:, first:], df)
    return statistic, len(part.beta) - first, p
