"""Many weighted fits at once: the kernel under leave-one-out, GOSH, permutation, bootstrap, and the single fit (a batch of one).

An axis of length 1 is shared by all B fits. ``m`` (1 or B, k) says how often an estimate stands in a fit: 0 leaves it out, 2 is a bootstrap
that drew it twice. What refits share is then computed once, as one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from virker.meta.projector import traces

Array = NDArray[Any]

_HEAVY = 0.9  # leverage


@dataclass(frozen=True, slots=True)
class Batch:
    """The data of B fits; the first axis of each array is 1 (shared) or B.

    Attributes
    ----------
    y, v : (1 or B, k) estimates and sampling variances.
    X : (1 or B, k, p) design matrices.
    m : (1 or B, k) multiplicities, at or above zero.
    """

    y: Array
    v: Array
    X: Array
    m: Array

    @property
    def size(self) -> int:
        """B, the number of fits."""
        return max(len(self.y), len(self.v), len(self.X), len(self.m))

    @property
    def p(self) -> int:
        """Number of coefficients."""
        return int(self.X.shape[2])

    @property
    def n(self) -> Array:
        """(B,) number of estimates in each fit."""
        return np.broadcast_to(self.m.sum(axis=1), (self.size,))

    def take(self, rows: Array | slice) -> Batch:
        """The batch of these rows only."""
        return Batch(*(a if len(a) == 1 else a[rows] for a in (self.y, self.v, self.X, self.m)))


@dataclass(frozen=True, slots=True)
class Solved:
    """B weighted fits: ``beta`` (B, p), ``inverse`` (B, p, p) of X'WX, ``r`` (B, k) residuals, ``A`` (B, p, p) X'WX."""

    beta: Array
    inverse: Array
    r: Array
    A: Array


def cross(batch: Batch, w: Array) -> Array:
    """X' diag(w) X for each row of ``w`` (R, k): (R, p, p). ``w`` includes the multiplicities."""
    X, p = batch.X, batch.p
    if len(X) == 1:
        x = X[0]
        sums = w @ (x * x if p == 1 else (x[:, :, None] * x[:, None, :]).reshape(len(x), p * p))
        return np.asarray(sums.reshape(-1, p, p))
    return np.asarray(np.matmul(X.transpose(0, 2, 1) * w[:, None, :], X))


def project(batch: Batch, z: Array) -> Array:
    """X' z for each row of ``z`` (R, k): (R, p)."""
    return np.asarray(z @ batch.X[0] if len(batch.X) == 1 else np.matmul(z[:, None, :], batch.X)[:, 0])


def fitted(batch: Batch, beta: Array) -> Array:
    """X beta for each row of ``beta`` (R, p): (R, k)."""
    return np.asarray(beta @ batch.X[0].T if len(batch.X) == 1 else np.matmul(batch.X, beta[:, :, None])[:, :, 0])


def inverse(A: Array) -> Array:
    """The inverses of symmetric (…, p, p); two by two in closed form, for thousands at once."""
    p = A.shape[-1]
    if p != 2:
        return np.asarray(1.0 / A if p == 1 else np.linalg.inv(A))
    out = np.empty_like(A)
    a, b, d = A[..., 0, 0], A[..., 0, 1], A[..., 1, 1]
    determinant = a * d - b * b
    out[..., 0, 0], out[..., 1, 1] = d / determinant, a / determinant
    out[..., 0, 1] = out[..., 1, 0] = -b / determinant
    return out


def solve(batch: Batch, w: Array, *, refine: bool = True) -> Solved:
    """Fit each row by the weights ``w`` (R, k), multiplicities included. ``refine`` once for a y far from zero; residuals need it not."""
    A = cross(batch, w)
    inv = inverse(A)
    beta = times(inv, project(batch, w * batch.y))
    r = batch.y - fitted(batch, beta)
    if not refine:
        return Solved(beta, inv, r, A)
    step = times(inv, project(batch, w * r))
    return Solved(beta + step, inv, r - fitted(batch, step), A)


def times(matrix: Array, vector: Array) -> Array:
    """(R, p, p) times (R, p)."""
    return matrix[:, :, 0] * vector if matrix.shape[2] == 1 else np.matmul(matrix, vector[:, :, None])[:, :, 0]


def trace_of_product(a: Array, b: Array) -> Array:
    """tr(a b) for symmetric ``b``, over the last two axes."""
    return np.asarray((a * b).sum(axis=(-2, -1)))


def moment(batch: Batch, a: Array) -> tuple[Array, Array, Array, Solved]:
    """Q = r'ar of the fit by weights ``a`` (1 or R, k; multiplicities apart), tr(P) and tr(P V) with V the sampling variances, and the fit."""
    w = batch.m * a
    fit = solve(batch, w)
    q = (w * fit.r * fit.r).sum(axis=1)
    if batch.size == 1 and heavy(batch, fit, w):
        exact = traces(batch.X[0], a[0], batch.v[0])
        return q, np.array([exact.p]), np.array([exact.pv]), fit
    trace = w.sum(axis=1) - trace_of_product(fit.inverse, cross(batch, w * a))
    noise = (w * batch.v).sum(axis=1) - trace_of_product(fit.inverse, cross(batch, w * a * batch.v))
    return q, trace, noise, fit


def heavy(batch: Batch, fit: Solved, w: Array) -> bool:
    """Does one estimate of a single fit, each counted once, carry nearly all the weight? Then traces are worth their anchors."""
    x = batch.X[0]
    return bool((batch.m == 1).all() and (w[0] * ((x @ fit.inverse[0]) * x).sum(axis=1)).max() > _HEAVY)


def determined(batch: Batch) -> Array:
    """(B,) which fits have at least p estimates and a design of full rank."""
    enough = batch.n >= batch.p
    if batch.p > 1 and (len(batch.m) > 1 or len(batch.X) > 1):
        size = np.linalg.eigvalsh(cross(batch, np.broadcast_to(batch.m, (max(len(batch.m), len(batch.X)), batch.m.shape[1]))))
        enough = enough & (size[:, 0] > 1e-12 * size[:, -1])
    return np.broadcast_to(enough, (batch.size,))
