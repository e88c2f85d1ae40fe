"""What is exact: given tau, the coefficients are normal, and the likelihood of tau has a closed form (Röver 2020, doi:10.18637/jss.v093.i06;
with moderators Röver & Friede 2023, doi:10.1016/j.cmpb.2022.107303)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from virker.meta.data import Array, Data
from virker.meta.errors import InputError, NotConverged
from virker.meta.linear import weighted_least_squares
from virker.meta.univariate import unit

_BLOCK = 2_000_000  # numbers at once
_TOO_FAR_APART = "The weights of the studies lie too far apart for these moderators: the coefficients cannot be told from rounding."


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

    y, v : (k,). Q : (k, p), with X = Q ``turn``^-1: coefficients are ``start`` (p,), the common-effect fit, plus turn @ those of Q.
    H : (m, p) and ``h`` (m,) the m normal priors, as observations of the coefficients of Q with variance 1. ``scale`` is the unit.
    ``flat`` counts flat priors. ``constant`` belongs to the log-likelihood.
    """

    y: Array
    v: Array
    Q: Array
    turn: Array
    start: Array
    H: Array
    h: Array
    scale: float
    flat: int
    constant: float


@dataclass(frozen=True, slots=True)
class Conditional:
    """For T values of tau: log-likelihood (T,), with the coefficients integrated out; the mean of those of Q (T, p), and ``root`` (T, p, p), whose
    product with its transpose is their covariance. Scaled."""

    log_likelihood: Array
    mean: Array
    root: Array


def problem(d: Data, effect: Sequence[Normal | None]) -> Problem:
    """Scale the data and the priors of the p coefficients; None is a flat prior."""
    s = unit(d.v)
    y, v = d.y / s, d.v / s / s
    Q, R = np.linalg.qr(d.X)
    turn = np.linalg.inv(R)
    start = weighted_least_squares(d.X, y, 1.0 / v).beta
    told = [(j, one.mean / s - start[j], s / one.sd) for j, one in enumerate(effect) if one is not None]
    at, mean, weight = [j for j, _, _ in told], np.array([m for _, m, _ in told]), np.array([w for _, _, w in told])
    H = weight[:, None] * turn[at]
    axes = _graded(np.concatenate([Q / np.sqrt(v)[:, None], H]))
    # log |R| turns a flat prior of the coefficients of X into one of those of Q.
    flat = d.p - len(told)
    constant = -0.5 * (d.k - flat) * float(np.log(2 * np.pi)) + float(np.log(weight).sum()) - float(np.log(np.abs(np.diag(R))).sum())
    return Problem(y - d.X @ start, v, Q @ axes, turn @ axes, start, H @ axes, weight * mean, s, flat, constant)


def conditional(p: Problem, tau: Array) -> Conditional:
    """Likelihood and coefficients for each ``tau`` (T,) in scaled units. O(T k p²)."""
    rows = max(1, _BLOCK // len(p.y))
    parts = [_block(p, tau[i : i + rows]) for i in range(0, len(tau), rows)]
    return parts[0] if len(parts) == 1 else Conditional(*(np.concatenate([getattr(part, n) for part in parts]) for n in ("log_likelihood", "mean", "root")))


def line(p: Problem, given: Conditional, x: Array) -> tuple[Array, Array]:
    """Mean and variance (T, q) of x'b for q rows ``x`` (q, p), the unit of y. The variance is a sum of squares: nothing cancels."""
    turned = x @ p.turn
    spread = turned @ given.root
    return p.scale * (x @ p.start + given.mean @ turned.T), p.scale**2 * (spread * spread).sum(axis=2)


def _graded(rows: Array) -> Array:
    """(p, p) orthogonal: in its directions the heaviest of the weighted ``rows`` (n, p) sees the first only, the next one the first two, and so on.

    Where one study outweighs all by twelve orders of magnitude, its weight would else swamp what the others say of every direction. Householder's
    reflections, the rows picked as in QR with pivoting (Cox & Higham 1998 show that this keeps each row's digits).
    """
    rest, axes = rows.copy(), np.eye(rows.shape[1])
    for j in range(rows.shape[1] - 1):
        size = (rest[:, j:] ** 2).sum(axis=1)
        heaviest = rest[int(size.argmax()), j:]
        u = heaviest.copy()
        u[0] += np.copysign(np.linalg.norm(heaviest), heaviest[0])
        u /= np.linalg.norm(u)
        for turned in (rest, axes):
            turned[:, j:] -= 2.0 * np.outer(turned[:, j:] @ u, u)
    return axes


def _block(p: Problem, tau: Array) -> Conditional:
    total = p.v + (tau * tau)[:, None]
    w = 1.0 / total
    k, size = p.Q.shape
    products = (p.Q[:, :, None] * p.Q[:, None, :]).reshape(k, size * size)
    A = (w @ products).reshape(-1, size, size) + p.H.T @ p.H
    right = w @ (p.Q * p.y[:, None]) + p.H.T @ p.h
    # Very large tau: A is tiny, and is brought near one before it is factored.
    grow = 1.0 / np.sqrt(np.einsum("tii->ti", A))
    try:
        lower = np.linalg.cholesky(A * grow[:, :, None] * grow[:, None, :])
    except np.linalg.LinAlgError:
        raise NotConverged(_TOO_FAR_APART) from None
    logdet = 2.0 * np.log(np.einsum("tii->ti", lower) / grow).sum(axis=1)
    root = grow[:, :, None] * np.swapaxes(np.linalg.inv(lower), 1, 2)
    mean = np.einsum("tij,tkj,tk->ti", root, root, right, optimize=True)
    residual, away = p.y - mean @ p.Q.T, p.h - mean @ p.H.T
    rss = (w * residual * residual).sum(axis=1) + (away * away).sum(axis=1)
    return Conditional(p.constant - 0.5 * (np.log(total).sum(axis=1) + rss + logdet), mean, root)
