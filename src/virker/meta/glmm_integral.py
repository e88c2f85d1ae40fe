"""The likelihood of one study whose counts share random effects: adaptive Gauss-Hermite quadrature, for all studies at once.

Each of the k studies has m counts whose distribution is a natural exponential family in η (``y·η − K(η)``: binomial, Poisson, or Fisher's
noncentral hypergeometric), with::

    η = offset + X·beta + own·gamma_i + Z·(sd·b_i)        b_i ~ N(0, I_q)

``beta`` is shared, ``gamma_i`` is a parameter of the study alone (or absent), and q is 0, 1 or 2. The quadrature is centred at the mode of
b_i and scaled by the curvature there (Naylor & Smith 1982, doi:10.2307/2347995; Pinheiro & Bates 1995, doi:10.1080/10618600.1995.10474663);
with one node it is the Laplace approximation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from virker.meta.effect_sizes.sizes import Array
from virker.meta.errors import InputError, NotConverged

#: K and its first two derivatives, elementwise, for η of shape (k, m, L).
Cumulants = Callable[[Array], tuple[Array, Array, Array]]
_MODE_STEPS, _OWN_STEPS = 200, 200
#: So many terms of the hypergeometric sums are in memory at once, with room for one study at least.
_LARGEST_TABLE = 2_000_000
#: More terms than this in the sums of all studies are refused: 40 MB for each array of them.
_MOST_TERMS = 5_000_000
#: From so many nodes on, quadrature and integral are one function for the derivatives.
_FINE = 5
#: Bound of a study's own parameter: a log odds ratio that is infinite for all purposes. One that starts there (an empty cell) stays.
LARGEST_OWN = 25.0


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Data and design. ``y``, ``offset`` and ``own`` (or None) have shape (k, m), ``X`` (k, m, p), ``Z`` (k, m, q); ``constant`` is the part of
    the log-likelihood without parameters."""

    y: Array
    cumulants: Cumulants
    offset: Array
    X: Array
    Z: Array
    own: Array | None
    constant: float


def binomial(n: Array) -> Cumulants:
    """K = n·log(1 + e^η), for n of shape (k, m)."""

    def cumulants(eta: Array) -> tuple[Array, Array, Array]:
        p = 0.5 * (1 + np.tanh(eta / 2))
        return n[..., None] * np.logaddexp(0.0, eta), n[..., None] * p, n[..., None] * p * (1 - p)

    return cumulants


def poisson(eta: Array) -> tuple[Array, Array, Array]:
    """K = e^η."""
    mean = np.exp(np.minimum(eta, 300.0))
    return mean, mean, mean


def hypergeometric(n1: Array, n2: Array, events: Array) -> tuple[Cumulants, Array, Array]:
    """Fisher's noncentral hypergeometric: K = log Σ C(n₁, x)·C(n₂, events − x)·e^{xη}, for η of shape (k, 1, L).

    Returns the cumulants, and the smallest and largest possible count of each study, shape (k,).
    """
    from scipy.special import gammaln

    low, high = np.maximum(0.0, events - n2), np.minimum(n1, events)
    if len(low) * (float(np.max(high - low, initial=0.0)) + 1.0) > _MOST_TERMS:
        raise InputError(
            f"The exact model sums over all possible counts, here up to {float(np.max(high - low)):.3g} in a study: take model 'conditional-approximate' or "
            "'random-study', which hardly differ with counts that large."
        )
    x = low[:, None] + np.arange(int(np.max(high - low, initial=0.0)) + 1)
    inside = x <= high[:, None]
    at = np.where(inside, x, low[:, None])
    rest = events[:, None] - at
    coefficient = -(gammaln(at + 1) + gammaln(n1[:, None] - at + 1) + gammaln(rest + 1) + gammaln(n2[:, None] - rest + 1))
    coefficient += (gammaln(n1 + 1) + gammaln(n2 + 1))[:, None]
    coefficient = np.where(inside, coefficient, -np.inf)

    def cumulants(eta: Array) -> tuple[Array, Array, Array]:
        few = max(1, _LARGEST_TABLE // (x.shape[1] * eta.shape[-1]))
        parts = [_of_support(coefficient[i : i + few], at[i : i + few], eta[i : i + few]) for i in range(0, len(eta), few)]
        value, mean, square = (np.concatenate(part) for part in zip(*parts, strict=True))
        return value, mean, square

    return cumulants, low, high


def _of_support(coefficient: Array, x: Array, eta: Array) -> tuple[Array, Array, Array]:
    """Log of the sum over the support, mean and variance; ``coefficient`` and ``x`` of shape (k, S), ``eta`` (k, 1, L)."""
    at = x[:, None, None, :]
    term = coefficient[:, None, None, :] + at * eta[..., None]
    top = term.max(axis=-1, keepdims=True)
    weight = np.exp(term - top)
    total = weight.sum(axis=-1)
    mean = (weight * at).sum(axis=-1) / total
    square = (weight * (at - mean[..., None]) ** 2).sum(axis=-1) / total
    return top[..., 0] + np.log(total), mean, square


@lru_cache(maxsize=32)
def _nodes(count: int, q: int) -> tuple[Array, Array]:
    """Gauss-Hermite nodes (L, q) and log weights (L,) of the product rule, for weight e^{−|t|²}."""
    t, w = np.polynomial.hermite.hermgauss(count)
    points = np.array(list(product(t, repeat=q))).reshape(-1, q)
    weights = np.array([np.sum(one) for one in product(np.log(w), repeat=q)])
    return points, weights


def log_likelihoods(model: Model, eta: Array, sd: Array, nodes: int) -> tuple[Array, Array, Array]:
    """Log-likelihood of each study with fixed part ``eta`` (k, m), its derivative in the study's own parameter, and minus the second; (k,).

    The derivatives are those of the integral (the mean over b of the score, and Louis 1982 for the second,
    doi:10.1111/j.2517-6161.1982.tb01203.x), in the direction ``model.own``; zeros without one. The constant is not added.
    """
    k, _, q = model.Z.shape
    own = np.zeros_like(model.y) if model.own is None else model.own
    if q == 0:
        value, mean, square = (part[..., 0] for part in model.cumulants(eta[..., None]))
        return np.sum(model.y * eta - value, axis=1), np.sum(own * (model.y - mean), axis=1), np.sum(own**2 * square, axis=1)
    z = model.Z * sd
    mode, root, log_det = _modes(model, eta, z)
    points, log_weight = _nodes(nodes, q)
    b = mode[:, None, :] + np.sqrt(2) * np.einsum("kqr,lr->klq", root, points)
    at = eta[..., None] + np.einsum("kmq,klq->kml", z, b)
    value, mean, square = model.cumulants(at)
    log_joint = np.sum(model.y[..., None] * at - value, axis=1) - 0.5 * np.sum(b**2, axis=2)
    term = log_joint + log_weight + np.sum(points**2, axis=1)
    top = term.max(axis=1, keepdims=True)
    weight = np.exp(term - top)
    total = weight.sum(axis=1)
    found = top[:, 0] + np.log(total) - 0.5 * log_det - 0.5 * q * np.log(np.pi)
    if model.own is None:
        return found, np.zeros(k), np.zeros(k)
    weight = weight / total[:, None]
    score = np.sum(own[..., None] * (model.y[..., None] - mean), axis=1)
    first = np.sum(weight * score, axis=1)
    second = np.sum(weight * np.sum(own[..., None] ** 2 * square, axis=1), axis=1) - np.sum(weight * (score - first[:, None]) ** 2, axis=1)
    return found, first, second


def _modes(model: Model, eta: Array, z: Array) -> tuple[Array, Array, Array]:
    """The mode of b (k, q), a root of the inverse curvature there (k, q, q), and the curvature's log determinant (k,)."""
    k, _, q = z.shape
    b = np.zeros((k, q))

    def parts(b: Array) -> tuple[Array, Array, Array]:
        at = eta + np.einsum("kmq,kq->km", z, b)
        value, mean, square = (part[..., 0] for part in model.cumulants(at[..., None]))
        height = np.sum(model.y * at - value, axis=1) - 0.5 * np.sum(b**2, axis=1)
        slope = np.einsum("kmq,km->kq", z, model.y - mean) - b
        return height, slope, np.eye(q) + np.einsum("kmq,kmr,km->kqr", z, z, square)

    height, slope, curve = parts(b)
    for _ in range(_MODE_STEPS):
        step = np.linalg.solve(curve, slope[..., None])[..., 0]
        gain = np.sum(step * slope, axis=1)  # Newton's decrement: twice the height still to be won
        if np.max(gain, initial=0.0) < 1e-22:
            break
        length = np.ones(k)
        for _ in range(40):
            new = parts(b + length[:, None] * step)
            worse = new[0] < height - 1e-12 * (1 + np.abs(height))
            if not worse.any():
                break
            length = np.where(worse, length / 2, length)
        b = b + length[:, None] * step
        height, slope, curve = new
        if np.max(gain, initial=0.0) < 1e-18:
            break
    else:
        raise NotConverged("the mode of a study's random effects was not found; the counts may be too extreme for this model")
    cholesky = np.linalg.cholesky(curve)
    root = np.swapaxes(np.linalg.inv(cholesky), 1, 2)
    return b, root, 2 * np.sum(np.log(np.diagonal(cholesky, axis1=1, axis2=2)), axis=1)


def profiled(model: Model, beta: Array, sd: Array, nodes: int, start: Array) -> tuple[float, Array, Array]:
    """The log-likelihood at ``beta`` and ``sd``, maximised over the studies' own parameters; these, and their curvature. Shapes (k,)."""
    eta = model.offset + model.X @ beta
    if model.own is None:
        return float(log_likelihoods(model, eta, sd, nodes)[0].sum()) + model.constant, start, np.zeros_like(start)
    gamma, held = start, np.abs(start) >= LARGEST_OWN
    for _ in range(_OWN_STEPS):
        value, first, second = _own(model, eta, gamma, sd, nodes)
        step = np.clip(first / np.maximum(second, 1e-8), -2.0, 2.0)
        step = np.where(held, 0.0, np.clip(gamma + step, -LARGEST_OWN, LARGEST_OWN) - gamma)
        length = np.ones(len(gamma))
        for _ in range(10):
            new = log_likelihoods(model, eta + model.own * (gamma + length * step)[:, None], sd, nodes)[0]
            # a short step is taken as it is: there the derivatives are good, and heights differ by rounding only
            worse = (new < value) & (np.abs(step) > 0.05)
            if not worse.any():
                break
            length = np.where(worse, length / 2, length)
        gamma = gamma + length * step
        if np.max(np.abs(step) * np.sqrt(np.clip(second, 1e-8, 1.0)), initial=0.0) < 1e-7:
            return float(new.sum()) + model.constant, gamma, second
    raise NotConverged("the parameters of the single studies were not found; the counts may be too extreme for this model")


def _own(model: Model, eta: Array, gamma: Array, sd: Array, nodes: int) -> tuple[Array, Array, Array]:
    """Log-likelihoods at the studies' own parameters, first derivative, minus the second, (k,): those of the integral, or, with so few nodes
    that the quadrature is another function than the integral, by differences."""
    own = model.own
    assert own is not None
    if nodes >= _FINE or not len(sd):
        return log_likelihoods(model, eta + own * gamma[:, None], sd, nodes)
    h = 1e-3
    middle, up, down, up2, down2 = (log_likelihoods(model, eta + own * (gamma + shift)[:, None], sd, nodes)[0] for shift in (0, h, -h, 2 * h, -2 * h))
    return middle, (8 * (up - down) - up2 + down2) / (12 * h), (2 * middle - up - down) / h**2
