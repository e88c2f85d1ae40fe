"""Newton's method inside a box, for many starting points at once.

A likelihood with exact first and second derivatives is climbed from B starts together: one call of the function gives all B values, gradients
and Hessians. Coordinates at a bound that pull outwards are held (projected Newton; Bertsekas 1982, doi:10.1137/0320018); directions of wrong
curvature are turned round and steps that do not climb are damped (Levenberg 1944; Marquardt 1963).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from virker.meta.data import Array

Climb = Callable[[Array], tuple[Array, Array, Array]]

#: The gain that one more Newton step promises, in units of the logarithm of the likelihood: below it the optimum is reached to rounding.
GAIN = 1e-18
#: Below this gain the value itself is mostly rounding, so a Newton step is no longer asked to prove that it climbs.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Optima:
    """Where each start ended.

    Attributes
    ----------
    theta, gradient : ndarray (B, q)
        The points, and the slopes there.
    value : ndarray (B,)
        The function.
    hessian : ndarray (B, q, q)
        Its second derivatives.
    gain : ndarray (B,)
        What a further Newton step over the free coordinates would still gain; about zero at an optimum.
    converged : ndarray of bool (B,)
        The gain is below the limit, and no free direction curves upwards.
    iterations : int
        Calls of the function.
    """

    theta: Array
    value: Array
    gradient: Array
    hessian: Array
    gain: Array
    converged: NDArray[np.bool_]
    iterations: int


def climb(function: Climb, start: Array, lower: Array, upper: Array, max_step: Array, *, max_iterations: int = 200) -> Optima:
    """Climb from every row of ``start`` (B, q) to a maximum within ``lower`` <= theta <= ``upper`` (q,).

    ``max_step`` (q,) is the longest move of a coordinate in one iteration. Rows whose value is not finite at the start never converge.
    """
    theta = np.clip(start, lower, upper)
    with np.errstate(all="ignore"):  # far from the data a likelihood may be nil or overflow; such points are refused
        value, gradient, hessian = function(theta)
    damping, gain = np.zeros(len(theta)), np.full(len(theta), np.inf)
    converged = np.zeros(len(theta), dtype=bool)
    row = np.flatnonzero(np.isfinite(value) & np.isfinite(gradient).all(axis=1) & np.isfinite(hessian).all(axis=(1, 2)))  # the starts that still move
    iterations = 1
    while len(row) and iterations < max_iterations:
        step, gain[row], concave = _newton_step(theta[row], gradient[row], hessian[row], lower, upper, damping[row])
        arrived = gain[row] < GAIN
        converged[row[arrived]] = concave[arrived]
        last = arrived & concave  # the step is known: it doubles the digits of the point and costs no call
        theta[row[last]] = np.clip(theta[row[last]] + step[last], lower, upper)
        row, step, concave = row[~arrived], step[~arrived], concave[~arrived]
        if not len(row):
            break
        step *= np.minimum(1.0, (max_step / np.maximum(np.abs(step), 1e-300)).min(axis=1))[:, None]
        trial = np.clip(theta[row] + step, lower, upper)
        with np.errstate(all="ignore"):
            new_value, new_gradient, new_hessian = function(trial)
        iterations += 1
        near = (gain[row] < ROUNDING) & concave
        old = value[row]
        usable = np.isfinite(new_value) & np.isfinite(new_gradient).all(axis=1) & np.isfinite(new_hessian).all(axis=(1, 2))
        better = usable & ((new_value > old) | (near & (new_value > old - 1e-9 * (1.0 + np.abs(old)))))
        # A step that no longer moves the point, or that is damped to nothing without a climb, is the end of what the numbers can tell.
        ended = (trial == theta[row]).all(axis=1) | (~better & (damping[row] > 1e12))
        converged[row[ended]] = (concave & (gain[row] < 1e-7))[ended]
        took = row[better]
        theta[took], value[took], gradient[took], hessian[took] = trial[better], new_value[better], new_gradient[better], new_hessian[better]
        damping[row] = np.where(better, np.where(damping[row] < 0.01, 0.0, damping[row] / 10.0), np.maximum(8.0 * damping[row], 0.1))
        row = row[~ended]
    converged[row] = gain[row] < ROUNDING
    return Optima(theta, value, gradient, hessian, gain, converged, iterations)


def _newton_step(theta: Array, gradient: Array, hessian: Array, lower: Array, upper: Array, damping: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The damped step of the free coordinates, the gain that the undamped step promises, and whether the function is concave there."""
    held = ((theta <= lower) & (gradient <= 0.0)) | ((theta >= upper) & (gradient >= 0.0))
    free = ~held
    curvature = -np.where(free[:, :, None] & free[:, None, :], hessian, 0.0)
    curvature = np.where(np.isfinite(curvature), curvature, 0.0)
    diagonal = np.einsum("bii->bi", curvature)
    scale = np.sqrt(np.maximum(np.abs(diagonal), 1e-12 * np.abs(diagonal).max(axis=1, keepdims=True)))
    scale = np.where(free & (scale > 0.0), scale, 1.0)
    scaled = curvature / (scale[:, :, None] * scale[:, None, :])
    np.einsum("bii->bi", scaled)[held] = 1.0
    eigenvalue, vector = np.linalg.eigh(scaled)
    concave = eigenvalue[:, 0] > 1e-13
    steepness = np.maximum(np.abs(eigenvalue), 1e-10)
    slope = np.where(free & np.isfinite(gradient), gradient, 0.0) / scale
    along = np.einsum("bji,bj->bi", vector, slope)
    gain = 0.5 * (along * along / steepness).sum(axis=1)
    move = along / (steepness + damping[:, None])
    step = np.einsum("bji,bi->bj", vector, move) / scale
    return np.where(free, step, 0.0), gain, concave
