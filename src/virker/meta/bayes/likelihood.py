"""What is exact: given tau, the coefficients are normal, and the likelihood of tau has a closed form (Röver 2020, doi:10.18637/jss.v093.i06;
with moderators Röver & Friede 2023, doi:10.1016/j.cmpb.2022.107303)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from virker.meta.bayes.bands import Band, bands
from virker.meta.data import Array, Data
from virker.meta.errors import InputError, NotConverged
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
    """The data in units of a typical standard error, around coefficients near the posterior, the design orthonormal.

    y, v : (k,). Q : (k, p), with X = Q ``turn``^-1: coefficients are ``start`` (p,) plus turn @ those of Q. H : (m, p) and ``h`` (m,) the m normal
    priors, as observations of the coefficients of Q with variance 1. ``bands`` are the directions to reckon in. ``scale`` is the unit. ``flat``
    counts flat priors. ``constant`` belongs to the log-likelihood.
    """

    y: Array
    v: Array
    Q: Array
    turn: Array
    start: Array
    H: Array
    h: Array
    bands: tuple[Band, ...]
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


def problem(d: Data, effect: Sequence[Normal | None], near: Array | None = None) -> Problem:
    """Scale the data and the priors of the p coefficients; None is a flat prior. ``near`` (p,) are scaled coefficients near the posterior: numbers
    are reckoned from there, so that they keep their digits; by default the unweighted fit."""
    s = unit(d.v)
    y, v = d.y / s, d.v / s / s
    Q, R = np.linalg.qr(d.X)
    turn = np.linalg.inv(R)
    start = turn @ (Q.T @ y) if near is None else near
    at = [j for j, one in enumerate(effect) if one is not None]
    weight = np.array([s / one.sd for one in effect if one is not None])
    mean = np.array([one.mean / s for one in effect if one is not None]) - start[at]
    H = weight[:, None] * turn[at]
    # log |R| turns a flat prior of the coefficients of X into one of those of Q.
    flat = d.p - len(at)
    constant = -0.5 * (d.k - flat) * float(np.log(2 * np.pi)) + float(np.log(weight).sum()) - float(np.log(np.abs(np.diag(R))).sum())
    return Problem(y - d.X @ start, v, Q, turn, start, H, weight * mean, bands(Q, v, H), s, flat, constant)


def conditional(p: Problem, tau: Array) -> Conditional:
    """Likelihood and coefficients for each ``tau`` (T,) in scaled units. O(T k p²)."""
    found = Conditional(np.empty(len(tau)), np.empty((len(tau), len(p.start))), np.empty((len(tau), len(p.start), len(p.start))))
    which = np.searchsorted([band.above for band in p.bands[1:]], tau, side="right")
    rows = max(1, _BLOCK // len(p.y))
    for number, band in enumerate(p.bands):
        inside = np.flatnonzero(which == number)
        for first in range(0, len(inside), rows):
            at = inside[first : first + rows]
            found.log_likelihood[at], found.mean[at], found.root[at] = _block(p, band, tau[at])
    return found


def line(p: Problem, given: Conditional, x: Array) -> tuple[Array, Array]:
    """Mean and variance (T, q) of x'b for q rows ``x`` (q, p), the unit of y. The variance is a sum of squares: nothing cancels."""
    turned = x @ p.turn
    spread = turned @ given.root
    return p.scale * (x @ p.start + given.mean @ turned.T), p.scale**2 * (spread * spread).sum(axis=2)


def _block(p: Problem, band: Band, tau: Array) -> tuple[Array, Array, Array]:
    total = p.v + (tau * tau)[:, None]
    w = 1.0 / total
    Q, H = band.Q, band.H
    k, size = Q.shape
    products = (Q[:, :, None] * Q[:, None, :]).reshape(k, size * size)
    A = (w @ products).reshape(-1, size, size) + H.T @ H
    right = w @ (Q * p.y[:, None]) + H.T @ p.h
    # Very large tau: A is tiny, and is brought near one before it is factored.
    grow = 1.0 / np.sqrt(np.einsum("tii->ti", A))
    try:
        lower = np.linalg.cholesky(A * grow[:, :, None] * grow[:, None, :])
    except np.linalg.LinAlgError:
        raise NotConverged(_TOO_FAR_APART) from None
    logdet = 2.0 * np.log(np.einsum("tii->ti", lower) / grow).sum(axis=1)
    root = grow[:, :, None] * np.swapaxes(np.linalg.inv(lower), 1, 2)
    mean = (root @ (np.swapaxes(root, 1, 2) @ right[:, :, None]))[:, :, 0]
    residual, away = p.y - mean @ Q.T, p.h - mean @ H.T
    rss = (w * residual * residual).sum(axis=1) + (away * away).sum(axis=1)
    return p.constant - 0.5 * (np.log(total).sum(axis=1) + rss + logdet), mean @ band.axes.T, band.axes @ root
