"""How the chance that a result is seen depends on its p value: the weight functions of the selection models.

Each function gives, for B points of the parameters and k estimates, the logarithm of the weight of what was seen and the expected weight
A = E[w(p(Y))], Y ~ N(m, v + tau2), with all first and second derivatives in m (the mean), s (tau2) and the parameters of the weight. A is a
closed form for steps and Gauss-Legendre quadrature in three panels otherwise. The derivatives in m and s need no derivative of the weight: they
are moments of w against Hermite polynomials of u = (y - m)/sigma, because only the normal density depends on m and s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from virker.meta import special
from virker.meta.data import Array

#: An expected weight below this is no longer integrated well (the mass lies beyond nine standard deviations), and means that all but nothing is seen.
SMALLEST = 1e-9
ROOT_2PI = float(np.sqrt(2.0 * np.pi))


@dataclass(frozen=True, slots=True)
class Weighting:
    """The weight of what was seen and the expected weight. B points, k estimates, J parameters of the weight (``d``).

    Attributes
    ----------
    log_w, log_w_d, log_w_dd : ndarray (B, k), (B, k, J), (B, k, J, J)
        The logarithm of the weight of each estimate, and its derivatives.
    a, a_m, a_s, a_mm, a_ms, a_ss : ndarray (B, k)
        The expected weight and its derivatives in the mean and tau2.
    a_d, a_md, a_sd : ndarray (B, k, J)
        ... in the parameters, and mixed.
    a_dd : ndarray (B, k, J, J)
        ... twice in the parameters.
    """

    log_w: Array
    log_w_d: Array
    log_w_dd: Array
    a: Array
    a_m: Array
    a_s: Array
    a_mm: Array
    a_ms: Array
    a_ss: Array
    a_d: Array
    a_md: Array
    a_sd: Array
    a_dd: Array


@dataclass(frozen=True, slots=True)
class WeightFunction:
    """A weight function, called with z (k,), se (k,), mean (B, k), variance (B, k) and parameters (B, J).

    Attributes
    ----------
    full : everything.
    quick : the logarithms of the weights and the expected weights alone (for smooth weights on fewer nodes), for looking over many points.
    """

    full: Callable[[Array, Array, Array, Array, Array], Weighting]
    quick: Callable[[Array, Array, Array, Array, Array], tuple[Array, Array]]


def step_function(cuts: Array, interval: NDArray[np.intp], *, two_sided: bool) -> WeightFunction:
    """Steps at ``cuts`` (J - 1,), ascending p values below 1; ``interval`` (k,) says in which of the J intervals each p value lies.

    The parameters are the weights of all J intervals; the caller holds the first at 1 (Hedges 1992, doi:10.1214/ss/1177011364; Vevea & Hedges
    1995, doi:10.1007/BF02294384).
    """
    critical = -special.ndtri(cuts / 2.0) if two_sided else -special.ndtri(cuts)
    j = len(cuts) + 1
    inside = np.zeros((len(interval), j))
    inside[np.arange(len(interval)), interval] = 1.0

    def weighting(z: Array, se: Array, mean: Array, variance: Array, delta: Array) -> Weighting:
        sigma = np.sqrt(variance)
        edges = critical * se[:, None]
        below = _tail((mean[..., None] - edges) / sigma[..., None], sigma[..., None])
        if two_sided:
            below = below + _MIRROR * _tail((-mean[..., None] - edges) / sigma[..., None], sigma[..., None])
        drop = delta[:, None, :-1] - delta[:, None, 1:]
        a = (drop * below).sum(-1)
        share = np.empty((3, *mean.shape, j))  # of each interval, and its derivatives in m and s
        share[..., 0] = below[:3, ..., 0]
        share[..., 1:-1] = below[:3, ..., 1:] - below[:3, ..., :-1]
        share[..., -1] = -below[:3, ..., -1]
        share[0, ..., -1] += 1.0
        safe = np.where(delta > 1e-150, delta, 1.0)  # a weight of nil stands for no estimate that was seen
        log_w_d = inside / safe[:, None, :]
        log_w_dd = np.zeros((*log_w_d.shape, j))
        np.einsum("bkjj->bkj", log_w_dd)[...] = -log_w_d / safe[:, None, :]
        return Weighting(
            log_w=np.log(safe)[:, interval],
            log_w_d=log_w_d,
            log_w_dd=log_w_dd,
            a=a[0] + delta[:, None, -1],
            a_m=a[1],
            a_s=a[2],
            a_mm=a[3],
            a_ms=a[4],
            a_ss=a[5],
            a_d=share[0],
            a_md=share[1],
            a_sd=share[2],
            a_dd=np.zeros((1, 1, j, j)),
        )

    def quick(z: Array, se: Array, mean: Array, variance: Array, delta: Array) -> tuple[Array, Array]:
        sigma, edges = np.sqrt(variance)[..., None], critical * se[:, None]
        below = special.ndtr((mean[..., None] - edges) / sigma)
        if two_sided:
            below = below + special.ndtr((-mean[..., None] - edges) / sigma)
        drop = delta[:, None, :-1] - delta[:, None, 1:]
        return np.log(np.where(delta > 1e-150, delta, 1.0))[:, interval], (drop * below).sum(-1) + delta[:, None, -1]

    return WeightFunction(weighting, quick)


#: Signs of the derivatives in the mean when the mean is turned round: value, m, s, mm, ms, ss.
_MIRROR = np.array([1.0, -1.0, 1.0, 1.0, -1.0, 1.0])[:, None, None, None]


def _tail(t: Array, sigma: Array) -> Array:
    """Phi(t), t = (m - c)/sigma, and its derivatives (6, B, k, J - 1): value, m, s, mm, ms, ss."""
    square, per = t * t, 1.0 / (sigma * sigma)
    density = np.exp(-0.5 * square) / ROOT_2PI
    out = np.empty((6, *t.shape))
    out[0] = special.ndtr(t)
    out[1] = density / sigma
    out[2] = -0.5 * t * density * per
    out[3] = 2.0 * out[2]
    out[4] = 0.5 * (square - 1.0) * out[1] * per
    out[5] = 0.5 * (square - 3.0) * out[2] * per
    return out


# A smooth weight: from p, 1 - p and their logarithms to log w, its gradient and Hessian in the parameters. Shapes (B, n) -> (B, n, J), (B, n, J, J).
Smooth = Callable[[Array, Array], tuple[Array, Array, Array]]


def half_normal(z: Array, delta: Array) -> tuple[Array, Array, Array]:
    """w = exp(-delta p^2)."""
    p = special.ndtr(-z)
    return _linear(-p * p, delta)


def negative_exponential(z: Array, delta: Array) -> tuple[Array, Array, Array]:
    """w = exp(-delta p)."""
    return _linear(-special.ndtr(-z), delta)


def power(z: Array, delta: Array) -> tuple[Array, Array, Array]:
    """w = (1 - p)^delta."""
    return _linear(special.log_ndtr(z), delta)


def logistic(z: Array, delta: Array) -> tuple[Array, Array, Array]:
    """w = 2 exp(-delta p) / (1 + exp(-delta p))."""
    p = special.ndtr(-z)
    x = delta * p
    share = 1.0 / (1.0 + np.exp(np.minimum(x, 700.0)))
    return np.log(2.0) - np.logaddexp(0.0, x), (-p * (1.0 - share))[..., None], (-p * p * share * (1.0 - share))[..., None, None]


def beta(z: Array, delta: Array, *, smallest: float = 1e-5) -> tuple[Array, Array, Array]:
    """w = p^(a-1) (1-p)^(b-1), with p no smaller than ``smallest`` and no larger than 1 - ``smallest`` (Citkowicz & Vevea 2017, doi:10.1037/met0000119).

    Without the limits the weight is infinite at p = 0 when a < 1, and the expected weight need not exist.
    """
    log_p = np.clip(special.log_ndtr(-z), np.log(smallest), np.log1p(-smallest))
    log_q = np.clip(special.log_ndtr(z), np.log(smallest), np.log1p(-smallest))
    log_w = (delta[:, 0, None] - 1.0) * log_p + (delta[:, 1, None] - 1.0) * log_q
    gradient = np.stack([log_p, log_q], axis=-1)
    return log_w, gradient, np.zeros((*gradient.shape, 2))


def _linear(feature: Array, delta: Array) -> tuple[Array, Array, Array]:
    return delta * feature, feature[..., None], np.zeros((*feature.shape, 1, 1))


def smooth_function(shape: Smooth, *, breaks: tuple[float, ...] = (-4.0, 1.0, 6.0)) -> WeightFunction:
    """A weight that is smooth in p: the expected weight by quadrature, in panels between ``breaks`` of z."""

    def weighting(z: Array, se: Array, mean: Array, variance: Array, delta: Array) -> Weighting:
        points, k = mean.shape
        sigma = np.sqrt(variance)
        u, weight = _panels(mean / se, sigma / se, breaks)
        n = u.shape[-1]
        at = (mean / se)[..., None] + (sigma / se)[..., None] * u
        log_w, gradient, hessian = shape(at.reshape(points, k * n), delta)
        j = gradient.shape[-1]
        mass = weight * np.exp(log_w.reshape(points, k, n))
        expected = mass.sum(-1)
        gradient, hessian = gradient.reshape(points, k, n, j), hessian.reshape(points, k, n, j, j)
        by_m, by_s = u / sigma[..., None], 0.5 * (u * u - 1.0) / variance[..., None]
        by_mm = (u * u - 1.0) / variance[..., None]
        by_ms = 0.5 * (u * u - 3.0) * u / (variance * sigma)[..., None]
        by_ss = 0.25 * ((u * u - 6.0) * u * u + 3.0) / (variance * variance)[..., None]
        seen, seen_d, seen_dd = shape(np.broadcast_to(z, (points, k)), delta)
        return Weighting(
            seen,
            seen_d,
            seen_dd,
            np.where(expected > SMALLEST, expected, np.nan),
            (mass * by_m).sum(-1),
            (mass * by_s).sum(-1),
            (mass * by_mm).sum(-1),
            (mass * by_ms).sum(-1),
            (mass * by_ss).sum(-1),
            np.einsum("bkn,bknj->bkj", mass, gradient),
            np.einsum("bkn,bknj->bkj", mass * by_m, gradient),
            np.einsum("bkn,bknj->bkj", mass * by_s, gradient),
            np.einsum("bkn,bknij->bkij", mass, hessian) + np.einsum("bkn,bkni,bknj->bkij", mass, gradient, gradient, optimize=True),
        )

    def quick(z: Array, se: Array, mean: Array, variance: Array, delta: Array) -> tuple[Array, Array]:
        points, k = mean.shape
        u, weight = _panels(mean / se, np.sqrt(variance) / se, breaks, nodes=8)
        at = (mean / se)[..., None] + (np.sqrt(variance) / se)[..., None] * u
        log_w = shape(at.reshape(points, -1), delta)[0].reshape(u.shape)
        expected = (weight * np.exp(log_w)).sum(-1)
        return shape(np.broadcast_to(z, (points, k)), delta)[0], np.where(expected > SMALLEST, expected, np.nan)

    return WeightFunction(weighting, quick)


@lru_cache(maxsize=4)
def _legendre(n: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return nodes, weights


def _panels(centre: Array, spread: Array, breaks: tuple[float, ...], *, reach: float = 9.0, nodes: int = 36) -> tuple[Array, Array]:
    """Nodes u (B, k, n) and weights (with the normal density) over [-9, 9], cut where z = centre + spread u passes the breaks."""
    node, weight = _legendre(nodes)
    inner = np.clip((np.asarray(breaks) - centre[..., None]) / spread[..., None], -reach, reach)
    edge = np.full((*centre.shape, 1), reach)
    edges = np.concatenate([-edge, inner, edge], axis=-1)
    half = 0.5 * np.diff(edges, axis=-1)
    middle = 0.5 * (edges[..., 1:] + edges[..., :-1])
    u = (middle[..., None] + half[..., None] * node).reshape(*centre.shape, -1)
    mass = (half[..., None] * weight).reshape(*centre.shape, -1)
    return u, mass * np.exp(-0.5 * u * u) / ROOT_2PI
