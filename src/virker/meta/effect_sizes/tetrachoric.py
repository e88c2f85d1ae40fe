"""The tetrachoric correlation: two normal variables, each cut in two, seen as a 2×2 table.

The table has three free shares and the model three parameters (two cuts and the correlation), so maximum likelihood fits the table exactly:
the cuts are normal quantiles of the margins, and the correlation solves ``Φ₂(h, k; ρ) = a/n``. Its variance is the delta method on the
multinomial table (Pearson 1900, doi:10.1098/rsta.1900.0022; Brown & Benedetti 1977, doi:10.1007/BF02293655).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from virker.meta.effect_sizes.sizes import Array

#: Nodes of the quadrature over the angle in each of four panels, that shrink towards the end, where the integrand is steepest.
_NODES, _PANELS = 32, (0.0, 0.5, 0.8, 0.95, 1.0)
_STEPS = 80


def correlation(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """The correlation and its sampling variance; nan where a margin is empty or the correlation is ±1 (an empty cell). Shapes (k,)."""
    from scipy.special import ndtr, ndtri

    n = a + b + c + d
    p, row, column = a / n, (a + b) / n, (a + c) / n
    h, k = ndtri(row), ndtri(column)
    fine = (a > 0) & (b > 0) & (c > 0) & (d > 0)
    h, k = np.where(fine, h, 0.0), np.where(fine, k, 0.0)
    wanted = np.where(fine, p - row * column, 0.0)
    low, high = np.full(len(p), -np.pi / 2), np.full(len(p), np.pi / 2)
    angle = np.zeros(len(p))
    for _ in range(_STEPS):  # Newton, kept inside a shrinking bracket: the integral rises with the angle
        gap = _integral(h, k, angle) - wanted
        low, high = np.where(gap < 0, angle, low), np.where(gap < 0, high, angle)
        slope = _integrand(h, k, angle)
        step = angle - np.divide(gap, slope, out=np.full(len(p), np.inf), where=slope > 0)
        new = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        moved = np.max(np.abs(new - angle), initial=0.0)
        angle = new
        if moved < 1e-13:  # Newton's next step would be of the order of its square
            break
    r = np.sin(angle)
    root = np.cos(angle)
    by_row, by_column = ndtr((k - r * h) / root), ndtr((h - r * k) / root)
    density = np.exp(-(h**2 - 2 * r * h * k + k**2) / (2 * root**2)) / (2 * np.pi * root)
    # dρ = (dp − by_row·d(row) − by_column·d(column)) / density; each person adds one of four values
    parts = np.stack([1 - by_row - by_column, -by_row, -by_column, np.zeros_like(r)])
    share = np.stack([a, b, c, d]) / n
    v = (np.sum(share * parts**2, axis=0) - np.sum(share * parts, axis=0) ** 2) / (density**2 * n)
    return np.where(fine, r, np.nan), np.where(fine, v, np.nan)


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
