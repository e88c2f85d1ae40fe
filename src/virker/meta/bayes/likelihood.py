"""What is exact: given tau, the coefficients are normal, and the likelihood of tau has a closed form (Röver 2020, doi:10.18637/jss.v093.i06;
with moderators Röver & Friede 2023, doi:10.1016/j.cmpb.2022.107303)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from virker.meta.data import Array, Data
from virker.meta.errors import InputError
from virker.meta.linear import weighted_least_squares
from virker.meta.univariate import unit

_BLOCK = 2_000_000  # numbers at once


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal prior of an effect or a coefficient: ``mean``, ``sd``, the unit of y (per unit of the moderator)."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.mean) and np.isfinite(self.sd) and self.sd > 0):
            raise InputError(f"A normal prior needs a finite mean and a standard deviation above zero, and has {self.mean} and {self.sd}.")

    def __str__(self) -> str:
        return f"normal({self.mean:g}, {self.sd:g})"


@dataclass(frozen=True, slots=True)
class Problem:
    """The data in units of a typical standard error, around the common-effect fit, the design orthonormal.

    y, v : (k,). Q : (k, p), with X = Q R. ``turn`` is R^-1: coefficients are ``start`` (p,), the common-effect fit, plus turn @ those of Q.
    ``precision`` (p, p) and ``centre`` (p,) are those of the normal priors for the coefficients of Q, the precision zero in flat directions, and
    ``shift`` their product. ``scale`` is the unit. ``flat`` counts flat priors. ``constant`` belongs to the log-likelihood.
    """

    y: Array
    v: Array
    Q: Array
    turn: Array
    start: Array
    precision: Array
    shift: Array
    centre: Array
    scale: float
    flat: int
    constant: float


@dataclass(frozen=True, slots=True)
class Conditional:
    """For T values of tau: log-likelihood (T,), with the coefficients integrated out; their mean around ``start`` (T, p) and covariance (T, p, p), of X, scaled."""

    log_likelihood: Array
    mean: Array
    cov: Array


def problem(d: Data, effect: Sequence[Normal | None]) -> Problem:
    """Scale the data and the priors of the p coefficients; None is a flat prior."""
    s = unit(d.v)
    Q, R = np.linalg.qr(d.X)
    turn = np.linalg.inv(R)
    inverse = np.array([0.0 if one is None else (s / one.sd) ** 2 for one in effect])
    start = weighted_least_squares(d.X, d.y / s, s * s / d.v).beta
    mean = np.array([0.0 if one is None else one.mean / s - b for one, b in zip(effect, start, strict=True)])
    flat = int((inverse == 0).sum())
    proper = inverse[inverse > 0]
    # log |R| turns a flat prior of the coefficients of X into one of those of Q.
    constant = -0.5 * (d.k - flat) * float(np.log(2 * np.pi)) + 0.5 * float(np.log(proper).sum()) - float(np.log(np.abs(np.diag(R))).sum())
    return Problem(d.y / s - d.X @ start, d.v / (s * s), Q, turn, start, turn.T * inverse @ turn, turn.T @ (inverse * mean), R @ mean, s, flat, constant)


def conditional(p: Problem, tau: Array) -> Conditional:
    """Likelihood and coefficients for each ``tau`` (T,) in scaled units. O(T k p²)."""
    rows = max(1, _BLOCK // len(p.y))
    parts = [_block(p, tau[i : i + rows]) for i in range(0, len(tau), rows)]
    return parts[0] if len(parts) == 1 else Conditional(*(np.concatenate([getattr(part, n) for part in parts]) for n in ("log_likelihood", "mean", "cov")))


def _block(p: Problem, tau: Array) -> Conditional:
    total = p.v + (tau * tau)[:, None]
    w = 1.0 / total
    k, size = p.Q.shape
    products = (p.Q[:, :, None] * p.Q[:, None, :]).reshape(k, size * size)
    A = (w @ products).reshape(-1, size, size) + p.precision
    right = w @ (p.Q * p.y[:, None]) + p.shift
    # Very large tau: A is tiny, and is brought near one before it is inverted.
    grow = 1.0 / np.sqrt(np.einsum("tii->ti", A))
    normed = A * grow[:, :, None] * grow[:, None, :]
    inverse = np.linalg.inv(normed) * grow[:, :, None] * grow[:, None, :]
    logdet = np.linalg.slogdet(normed)[1] - 2.0 * np.log(grow).sum(axis=1)
    gamma = np.einsum("tij,tj->ti", inverse, right)
    residual = p.y - gamma @ p.Q.T
    away = gamma - p.centre
    rss = (w * residual * residual).sum(axis=1) + np.einsum("ti,ij,tj->t", away, p.precision, away)
    log_likelihood = p.constant - 0.5 * (np.log(total).sum(axis=1) + rss + logdet)
    return Conditional(log_likelihood, gamma @ p.turn.T, p.turn @ inverse @ p.turn.T)
