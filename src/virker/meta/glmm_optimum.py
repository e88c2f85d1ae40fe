"""The maximum of a profiled likelihood in a few parameters: Newton with central differences, and its certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from virker.meta.effect_sizes.sizes import Array
from virker.meta.errors import NotConverged
from virker.meta.glmm_integral import Model, profiled

_STEPS = 100
#: Newton's decrement (twice the log-likelihood still to be won) below which the maximum counts as found.
CERTIFIED = 1e-8
#: Between-study standard deviations that are tried first, so that the highest of several maxima is the one refined.
STARTS = (0.0, 0.1, 0.3, 0.7, 1.5, 3.0)


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The maximum: ``beta`` (p,), ``sd`` (q,), the studies' ``own`` parameters (k,) with their curvature and their derivative in (beta, sd)
    (k, p + q), the covariance of (beta, sd), the log-likelihood, and Newton's decrement there."""

    beta: Array
    sd: Array
    own: Array
    own_curvature: Array
    own_slope: Array
    vcov: Array
    ll: float
    decrement: float


def maximise(model: Model, start: Array, nodes: int, own: Array | None = None) -> Optimum:
    """Maximise over beta and the standard deviations of the random effects (their signs are free; their squares are the variances).

    ``own`` are values of the studies' own parameters to start from, (k,). A grid of standard deviations is refined by Newton steps from its best point. Raises :class:`NotConverged` without a certificate: the
    decrement above :data:`CERTIFIED`, or a curvature that is not that of a maximum.
    """
    p, q = model.X.shape[2], model.Z.shape[2]
    gamma: Array = np.zeros(len(model.y)) if own is None else own

    def height(phi: Array) -> float:
        nonlocal gamma
        value, gamma, _ = profiled(model, phi[:p], phi[p:], nodes, gamma)
        return value

    grid = np.array(np.meshgrid(*[STARTS] * q, indexing="ij")).reshape(q, -1).T if q else np.zeros((1, 0))
    points = [np.concatenate([start, one]) for one in grid]
    best = max(points, key=height)
    phi, value = _climb(height, best)
    for j in range(p, p + q):  # a variance of zero is a stationary point by symmetry; it is kept only where it is the higher one
        if abs(phi[j]) < 1e-3:
            phi[j] = 0.0
    gradient, hessian = _differences(height, phi)
    curve = -hessian
    try:
        np.linalg.cholesky(curve)
    except np.linalg.LinAlgError:
        raise NotConverged(
            "the likelihood of the counts has no certified maximum: it is flat in a direction (too few events, or groups that are all events)"
        ) from None
    vcov = np.asarray(np.linalg.inv(curve), dtype=np.float64)
    decrement = float(gradient @ vcov @ gradient)
    if decrement > CERTIFIED * max(1.0, abs(value) * 1e-3):
        raise NotConverged(f"the maximum of the likelihood was not reached: Newton's decrement is {decrement:.2g}")
    value, gamma, curvature = profiled(model, phi[:p], phi[p:], nodes, gamma)
    slope: Array = np.stack([_own_slope(model, phi, p, j, nodes, gamma) for j in range(p + q)], axis=1)
    return Optimum(phi[:p], np.asarray(np.abs(phi[p:])), gamma, curvature, slope, vcov, value, decrement)


def _climb(height: Callable[[Array], float], phi: Array) -> tuple[Array, float]:
    value = height(phi)
    for _ in range(_STEPS):
        gradient, hessian = _differences(height, phi)
        size, vectors = np.linalg.eigh(-hessian)
        size = np.maximum(np.abs(size), 1e-6 * max(1.0, float(np.abs(size).max())))
        step = vectors @ ((vectors.T @ gradient) / size)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        gain = float(gradient @ step)
        length = 1.0
        while length > 1e-8:
            new = height(phi + length * step)
            if new >= value - 1e-12 * (1 + abs(value)):
                break
            length /= 2
        else:
            break
        phi, value = phi + length * step, new
        if gain < CERTIFIED * 1e-3:
            break
    return phi, value


def _differences(height: Callable[[Array], float], phi: Array) -> tuple[Array, Array]:
    """Gradient (fourth order) and Hessian by central differences of step 1e-3: log odds and standard deviations are of the order of one."""
    size, h = len(phi), 1e-3
    steps = h * np.eye(size)
    middle = height(phi)
    up, down = (np.array([height(phi + sign * step) for step in steps]) for sign in (1, -1))
    far = np.array([height(phi + 2 * step) - height(phi - 2 * step) for step in steps])
    gradient = (8 * (up - down) - far) / (12 * h)
    hessian = np.diag((up - 2 * middle + down) / h**2)
    for i in range(size):
        for j in range(i):
            mixed = height(phi + steps[i] + steps[j]) + height(phi - steps[i] - steps[j])
            hessian[i, j] = hessian[j, i] = (mixed - up[i] - down[i] - up[j] - down[j] + 2 * middle) / (2 * h**2)
    return gradient, hessian


def _own_slope(model: Model, phi: Array, p: int, j: int, nodes: int, own: Array) -> Array:
    step = np.zeros(len(phi))
    step[j] = 1e-3
    up, down = (profiled(model, (phi + sign * step)[:p], (phi + sign * step)[p:], nodes, own)[1] for sign in (1, -1))
    slope: Array = (up - down) / 2e-3
    return slope
