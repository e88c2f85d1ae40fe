"""The distribution of a sum of squared normal variables with unequal weights, and the tau2 for which an observed Q is not unusual.

The sum ``Σ λ_j z_j²`` has the Laplace transform ``Π (1 + 2 λ_j s)^(-1/2)``, whose singularities all lie on the negative axis. Its distribution
function is the integral of ``exp(q s)`` times the transform over s, along any path around that axis that passes to the right of 0. The path here is a
hyperbola through the saddle point, as wide as the integrand there: it bends to the left, where the integrand vanishes doubly fast, so that the
trapezoidal rule is exact to the last digits for one weight as for a thousand.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from virker.meta.batch import Array, Batch
from virker.meta.errors import NotConverged

_POINTS = 200
_BEND = 0.25  # of the hyperbola, in units of its width
_VANISHED = 45.0  # exp of minus this


def probability_below(q: float, weights: Array) -> float:
    """P(``Σ weights_j z_j²`` <= ``q``), ``weights`` (n,) not below zero and z independent standard normal."""
    if q <= 0:
        return 0.0
    twice = 2.0 * weights / q
    saddle = _saddle(twice)
    width = 1.0 / np.sqrt(0.5 * ((twice / (1.0 + twice * saddle)) ** 2).sum() + 1.0 / saddle**2)
    step = np.arccosh(1.0 + _VANISHED / (_BEND * width)) / _POINTS
    x = (np.arange(_POINTS) + 0.5) * step
    s = saddle + width * (1j * np.sinh(x) - _BEND * (np.cosh(x) - 1.0))
    slope = width * (1j * np.cosh(x) - _BEND * np.sinh(x))
    exponent = s - 0.5 * np.log(1.0 + twice[:, None] * s).sum(axis=0) - np.log(s)
    return float(np.clip((np.exp(exponent) * slope).imag.sum() * step / np.pi, 0.0, 1.0))


def _saddle(twice: Array) -> float:
    """Where s - Σ log(1 + twice_j s)/2 - log s is smallest on s > 0."""
    from scipy.optimize import brentq

    def slope(s: float) -> float:
        return s * (1.0 - 0.5 * float((twice / (1.0 + twice * s)).sum())) - 1.0

    return float(brentq(slope, 1.0, 2.0 + 0.5 * len(twice)))


def median_unbiased(batch: Batch, a: Array) -> Array:
    """(B,) the tau2 for which the Q of weights ``a`` (1, k) has its median where it was observed; 0 where it is below the median already."""
    return np.array([tau2_at(batch.take(np.array([i])), a[0], 0.5) for i in range(batch.size)])


def tau2_at(fit: Batch, a: Array, share: float) -> float:
    """The tau2 for which a Q of weights ``a`` (k,) is at most the observed one with probability ``share``; 0 where it is so, or less, at 0 already.

    Q = |K y|² with K = (I - BB')√a, B an orthonormal basis of √a X; the eigenvalues of K (v + tau2) K' are the weights of its distribution.
    ``fit`` is a batch of one. Costs O(k³) for each of some twenty values of tau2.
    """
    copies = np.repeat(np.arange(fit.m.shape[1]), np.rint(fit.m[0]).astype(np.intp))
    y, v, X, root = fit.y[0, copies], fit.v[0, copies], fit.X[0, copies], np.sqrt(a[copies])
    basis, _ = np.linalg.qr(X * root[:, None])
    K = (np.eye(len(v)) - basis @ basis.T) * root
    q = float(((K @ y) ** 2).sum())
    free = len(v) - X.shape[1]

    def beyond(t: float) -> float:
        size = np.linalg.svd(K * np.sqrt(v + t), compute_uv=False)[:free]
        return probability_below(q, size * size) - share

    return _falling_root(beyond, float(v.max()))


def _falling_root(function: Callable[[float], float], step: float) -> float:
    """Where a falling function of t >= 0 is zero; 0 where it starts below."""
    from scipy.optimize import brentq

    if function(0.0) <= 0:
        return 0.0
    low, high = 0.0, step
    while function(high) > 0:
        low, high = high, 4.0 * high
        if not np.isfinite(high):
            raise NotConverged("Q is too large to compute with: no tau2 makes it likely.")
    return float(brentq(function, low, high, xtol=1e-15 * step, rtol=1e-14))
