"""The tetrachoric correlation: two normal variables, each cut in two, seen as a 2×2 table.

The table has three free shares and the model three parameters (two cuts and the correlation), so maximum likelihood fits the table exactly:
the cuts are normal quantiles of the margins, and the correlation solves ``Φ₂(h, k; ρ) = a/n``. Its variance is the delta method on the
multinomial table (Pearson 1900, doi:10.1098/rsta.1900.0022; Brown & Benedetti 1977, doi:10.1007/BF02293655).

Other programs look for the maximum with a general minimiser, stop at its tolerance, and take the variance from second differences of the
likelihood. With a :class:`Search` the same is done here, so that their numbers can be had; without it, correlation and variance are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from virker.meta.effect_sizes.sizes import Array

#: Nodes of the quadrature over the angle in each of four panels, that shrink towards the end, where the integrand is steepest.
_NODES, _PANELS = 32, (0.0, 0.5, 0.8, 0.95, 1.0)
_STEPS = 80


@dataclass(frozen=True, slots=True)
class Search:
    """How a general minimiser works.

    Attributes
    ----------
    tolerance : minus the log-likelihood is minimised by Brent's method between -1 and 1 until the correlation is known to that much.
    step : of the differences, in the correlation and in both cuts, from which the information is taken.
    """

    tolerance: float
    step: float = 1e-3


def correlation(a: Array, b: Array, c: Array, d: Array, search: Search | None = None) -> tuple[Array, Array]:
    """The correlation and its sampling variance, nan where a margin is empty; an empty cell makes it ±1, without a variance. Shapes (k,)."""
    from scipy.special import ndtri

    n = a + b + c + d
    row, column = (a + b) / n, (a + c) / n
    fine = (a > 0) & (b > 0) & (c > 0) & (d > 0)
    empty = (row > 0) & (row < 1) & (column > 0) & (column < 1) & ~fine
    h, k = np.where(fine, ndtri(row), 0.0), np.where(fine, ndtri(column), 0.0)
    wanted = np.where(fine, a / n - row * column, 0.0)
    angle = _exact(h, k, wanted)
    cells = np.stack([a, b, c, d])
    r, v = np.sin(angle), _variance(h, k, angle, cells)
    if search is not None:
        for i in np.flatnonzero(fine):
            r[i], v[i] = _searched(float(h[i]), float(k[i]), cells[:, i], search)
    at_end = np.where((a == 0) | (d == 0), -1.0, 1.0)
    return np.where(fine, r, np.where(empty, at_end, np.nan)), np.where(fine, v, np.nan)


def _searched(h: float, k: float, cells: Array, search: Search) -> tuple[float, float]:
    """Where Brent's minimiser stops for one table, and the variance from second differences there."""
    from scipy.optimize import minimize_scalar

    def deviance(r: float) -> float:
        return -float(_log_likelihoods(np.array([[r, h, k]]), cells)[0])

    r = float(minimize_scalar(deviance, bounds=(-1.0, 1.0), method="bounded", options={"xatol": search.tolerance}).x)
    steps = search.step * np.eye(3)
    pairs = [(i, j) for i in range(3) for j in range(3)]
    signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
    points = np.array([[r, h, k] + si * steps[i] + sj * steps[j] for i, j in pairs for si, sj in signs])
    if np.abs(points[:, 0]).max() >= 1.0:
        return r, float("nan")
    value = _log_likelihoods(points, cells).reshape(9, 4)
    information = -(value[:, 0] - value[:, 1] - value[:, 2] + value[:, 3]).reshape(3, 3) / (4.0 * search.step**2)
    return r, float(np.linalg.inv(information)[0, 0])


def _log_likelihoods(points: Array, cells: Array) -> Array:
    """The log-likelihood of one table at correlations and cuts (m, 3); shares are kept above the smallest step from 1."""
    from scipy.special import ndtr

    r, h, k = points.T
    row, column = ndtr(h), ndtr(k)
    p = np.clip(row * column + _integral(h, k, np.arcsin(r)), np.maximum(0.0, row + column - 1.0), np.minimum(row, column))
    shares = np.stack([p, row - p, column - p, 1.0 - row - column + p], axis=1)
    return np.asarray(np.log(np.maximum(shares, np.finfo(np.float64).eps)) @ cells)


def _exact(h: Array, k: Array, wanted: Array) -> Array:
    """The angle (k,) whose integral is ``wanted``."""
    low, high = np.full(len(h), -np.pi / 2), np.full(len(h), np.pi / 2)
    angle = np.zeros(len(h))
    for _ in range(_STEPS):  # Newton, kept inside a shrinking bracket: the integral rises with the angle
        gap = _integral(h, k, angle) - wanted
        low, high = np.where(gap < 0, angle, low), np.where(gap < 0, high, angle)
        slope = _integrand(h, k, angle)
        step = angle - np.divide(gap, slope, out=np.full(len(h), np.inf), where=slope > 0)
        new = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        moved = np.max(np.abs(new - angle), initial=0.0)
        angle = new
        if moved < 1e-13:  # Newton's next step would be of the order of its square
            break
    return angle


def _variance(h: Array, k: Array, angle: Array, cells: Array) -> Array:
    """The delta method on a multinomial table, ``cells`` (4, k)."""
    from scipy.special import ndtr

    r, root = np.sin(angle), np.cos(angle)
    by_row, by_column = ndtr((k - r * h) / root), ndtr((h - r * k) / root)
    density = np.exp(-(h**2 - 2 * r * h * k + k**2) / (2 * root**2)) / (2 * np.pi * root)
    # dρ = (dp − by_row·d(row) − by_column·d(column)) / density; each person adds one of four values
    parts = np.stack([1 - by_row - by_column, -by_row, -by_column, np.zeros_like(r)])
    n = cells.sum(axis=0)
    share = cells / n
    return np.asarray((np.sum(share * parts**2, axis=0) - np.sum(share * parts, axis=0) ** 2) / (density**2 * n))


def _integrand(h: Array, k: Array, angle: Array) -> Array:
    value: Array = np.exp(-(h**2 + k**2 - 2 * h * k * np.sin(angle)) / (2 * np.maximum(np.cos(angle), 1e-150) ** 2)) / (2 * np.pi)
    return value


def _integral(h: Array, k: Array, angle: Array) -> Array:
    """``Φ₂(h, k; sin angle) − Φ(h)Φ(k)``: the integral of the density over the correlation, from 0, as one over the angle."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    total = np.zeros(len(angle))
    for start, stop in pairwise(_PANELS):
        at = (start + (stop - start) * (nodes + 1) / 2)[:, None] * angle
        total += (stop - start) / 2 * angle * (weights @ _integrand(h, k, at))
    return total
