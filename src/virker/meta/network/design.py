"""Fitting treatment effects of any structure: which contrasts can be estimated, and by how much.

Treatment effects are C b: one parameter for each treatment (C the identity), or one for each component. What the data do not tell apart is left
out of the fit, and contrasts that need it are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virker.meta.data import Array
from virker.meta.linear import weighted_least_squares
from virker.meta.network.contrasts import Rows
from virker.meta.tau2 import Method
from virker.meta.univariate import RandomEffects, fit

# Directions whose singular value is smaller than this, relative to the largest, are not in the data.
_DEPENDENT = 1e-9
# Of a contrast, the squared share outside those directions that is rounding.
_UNSEEN = 1e-14


@dataclass(frozen=True, slots=True)
class Space:
    """The directions of the parameters b (c,) that the rows see: ``basis`` (c, r), orthonormal."""

    basis: Array

    @property
    def rank(self) -> int:
        """r, the parameters that can be estimated."""
        return int(self.basis.shape[1])

    def sees(self, h: Array) -> Array:
        """Can h'b be estimated? ``h`` (..., c)."""
        rest = h - (h @ self.basis) @ self.basis.T
        return np.asarray((rest * rest).sum(axis=-1) <= _UNSEEN * np.maximum((h * h).sum(axis=-1), 1e-300))


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fit with tau2 held: ``beta`` (r,) in the space's basis, ``vcov`` (r, r), and the weighted residual sum of squares ``q`` with ``df``."""

    space: Space
    beta: Array
    vcov: Array
    q: float
    df: int

    def of(self, h: Array) -> tuple[float, float]:
        """h'b and its variance; NaN where it cannot be estimated."""
        if not self.space.sees(h):
            return float("nan"), float("nan")
        turned = h @ self.space.basis
        return float(turned @ self.beta), float(turned @ self.vcov @ turned)


def space_of(X: Array) -> Space:
    """The row space of ``X`` (k, c)."""
    if not X.size:
        return Space(np.zeros((X.shape[1], 0)))
    _, size, rows = np.linalg.svd(X, full_matrices=False)
    return Space(rows[size > _DEPENDENT * max(float(size[0]), 1e-300)].T)


def fit_rows(rows: Rows, C: Array, method: Method, level: float) -> tuple[Space, RandomEffects]:
    """The random-effects model of the rows, in the directions that they see."""
    X = rows.X @ C
    space = space_of(X)
    return space, fit(rows.y, rows.v, X @ space.basis, method=method, level=level)


def hold(rows: Rows, C: Array, tau2: float) -> Fixed:
    """The fit with ``tau2`` held."""
    X = rows.X @ C
    space = space_of(X)
    if not space.rank:
        return Fixed(space, np.zeros(0), np.zeros((0, 0)), 0.0, len(rows.y))
    found = weighted_least_squares(X @ space.basis, rows.y, 1.0 / (rows.v + tau2))
    df = len(rows.y) - space.rank
    return Fixed(space, found.beta, found.bread, found.rss if df else 0.0, df)


def pairwise(C: Array, space: Space, beta: Array, vcov: Array) -> tuple[Array, Array]:
    """All contrasts of n treatments: estimates and standard errors (n, n), row minus column, zero on the diagonal, NaN where not estimable."""
    placed = C @ space.basis
    unseen = C - placed @ space.basis.T
    seen = _apart(unseen) <= _UNSEEN * np.maximum(_apart(C), 1e-300)
    size, axes = np.linalg.eigh(vcov)
    effect = placed @ beta
    se = np.sqrt(_apart(placed @ (axes * np.sqrt(np.maximum(size, 0.0)))))
    return np.where(seen, effect[:, None] - effect, np.nan), np.where(seen, se, np.nan)


def _apart(points: Array) -> Array:
    """(n, n) squared distances between the rows of ``points``: sums of squared differences, so that small ones keep their digits."""
    out = np.zeros((len(points), len(points)))
    for column in points.T:
        out += (column[:, None] - column) ** 2
    return out
