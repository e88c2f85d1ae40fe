"""The likelihood of the selection models, with exact derivatives, for B points of the parameters at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from virker.meta import selection_weights as weights
from virker.meta import special
from virker.meta.data import Array, Data
from virker.meta.errors import InputError, known_option
from virker.meta.univariate import unit

Weight = Literal["step", "beta", "half-normal", "negative-exponential", "logistic", "power"]
Alternative = Literal["greater", "less", "two-sided"]

#: The z value at a p of 1e-5.
CLIPPED_Z = 4.264890793922825

_SMOOTH: dict[str, tuple[weights.Smooth, tuple[float, ...]]] = {
    "half-normal": (weights.half_normal, (-4.0, 0.5, 4.0)),
    "negative-exponential": (weights.negative_exponential, (-4.0, 0.5, 4.0)),
    "logistic": (weights.logistic, (-4.0, 0.5, 4.0)),
    "power": (weights.power, (-4.0, 0.5, 4.0)),
    # The clipped ends of p are corners of the weight: panels end there.
    "beta": (weights.beta, (-CLIPPED_Z, 0.0, CLIPPED_Z)),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Data in standard units, turned so that large y are wanted; the weight function; which of its parameters are free and on a log scale."""

    unit: float  # of y, negative where it was turned

    y: Array
    v: Array
    X: Array
    z: Array
    function: weights.WeightFunction
    fixed: Array  # (J,): the value of a parameter that is not free
    free: NDArray[np.bool_]  # (J,)
    neutral: float  # the parameter's value at which there is no selection
    logarithmic: bool
    max_weight: float
    counts: NDArray[np.intp]
    reference: bool  # the first parameter is held at 1

    @property
    def p(self) -> int:
        return int(self.X.shape[1])

    def delta(self, theta: Array) -> Array:
        """Parameters of the weight (B, J) from the free coordinates of theta (B, q)."""
        out = np.tile(self.fixed, (len(theta), 1))
        free = theta[:, self.p + 1 :]
        out[:, self.free] = np.exp(free) if self.logarithmic else free
        return out


def problem_of(given: Data, weight: Weight, steps: Sequence[float], alternative: Alternative, max_weight: float) -> Problem:
    for value, allowed, what in ((alternative, get_args(Alternative), "alternative"), (weight, get_args(Weight), "weight")):
        known_option(value, allowed, what)
    if not 1.0 < max_weight < np.inf:
        raise InputError(f"max_weight must be above 1 and finite, and is {max_weight}.")
    s = unit(given.v) * (-1.0 if alternative == "less" else 1.0)
    y, v = given.y / s, given.v / (s * s)
    z = y / np.sqrt(v)
    if weight == "step":
        cuts = np.asarray([s for s in steps if s != 1.0], dtype=float)
        if not len(cuts) or (cuts <= 0.0).any() or (cuts >= 1.0).any() or (np.diff(cuts) <= 0.0).any():
            raise InputError(f"steps are ascending cuts between 0 and 1, such as (0.025, 0.5), not {tuple(steps)}.")
        p_value = 2.0 * special.ndtr(-np.abs(z)) if alternative == "two-sided" else special.ndtr(-z)
        interval = np.searchsorted(cuts, p_value, side="left")
        counts = np.bincount(interval, minlength=len(cuts) + 1)
        # The likelihood falls in the weight of an interval that nothing was seen in, so that weight is 0; the first is 1 by definition.
        free = counts > 0
        free[0] = False
        fixed = np.zeros(len(counts))
        fixed[0] = 1.0
        function = weights.step_function(cuts, interval, two_sided=alternative == "two-sided")
        return Problem(s, y, v, given.X, z, function, fixed, free, 1.0, True, max_weight, counts, True)
    if alternative == "two-sided":
        raise InputError("Two-sided selection is there for weight='step' only: the smooth weights are functions of the one-sided p-value.")
    shape, breaks = _SMOOTH[weight]
    function = weights.smooth_function(shape, breaks=breaks)
    j = 2 if weight == "beta" else 1
    none = np.zeros(0, dtype=np.intp)
    return Problem(s, y, v, given.X, z, function, np.zeros(j), np.ones(j, dtype=bool), float(j - 1), j == 2, max_weight, none, False)


def _normal(problem: Problem, theta: Array) -> tuple[Array, Array, Array, Array, Array, Array, Array, Array]:
    """Mean and variance (B, k), and the normal log density with its derivatives m, s, mm, ms, ss."""
    mean = theta[:, : problem.p] @ problem.X.T
    variance = problem.v + theta[:, problem.p, None]
    r = problem.y - mean
    per = 1.0 / variance
    square = r * r * per
    return (
        mean,
        variance,
        -0.5 * (np.log(2.0 * np.pi * variance) + square),
        r * per,
        0.5 * (square - 1.0) * per,
        -per,
        -r * per * per,
        (0.5 - square) * per * per,
    )


def _assemble(X: Array, g_m: Array, g_s: Array, h: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    """Gradient and Hessian in (beta, tau2) from those in the mean and variance of each estimate."""
    p = X.shape[1]
    gradient = np.concatenate([g_m @ X, g_s.sum(1)[:, None]], axis=1)
    hessian = np.empty((len(g_m), p + 1, p + 1))
    hessian[:, :p, :p] = (X.T * h[0][:, None, :]) @ X
    hessian[:, :p, p] = hessian[:, p, :p] = h[1] @ X
    hessian[:, p, p] = h[2].sum(1)
    return gradient, hessian


def scores(problem: Problem, theta: Array) -> tuple[Array, Array, Array]:
    """Value (B,), scores of each estimate (B, k, p + 1 + J) and Hessian (B, p + 1 + J, p + 1 + J), in beta, tau2 and all weights (not logs)."""
    mean, variance, ll, m, s, mm, ms, ss = _normal(problem, theta)
    w = problem.function.full(problem.z, np.sqrt(problem.v), mean, variance, problem.delta(theta))
    with np.errstate(divide="ignore", invalid="ignore"):
        per = 1.0 / w.a
        q_m, q_s = w.a_m * per, w.a_s * per
        q_d = w.a_d * per[..., None]
        value = (ll + w.log_w - np.log(w.a)).sum(1)
        head = (mm - w.a_mm * per + q_m * q_m, ms - w.a_ms * per + q_m * q_s, ss - w.a_ss * per + q_s * q_s)
        top = _assemble(problem.X, m - q_m, s - q_s, head)[1]
        g_d = w.log_w_d - q_d
        md = q_m[..., None] * q_d - w.a_md * per[..., None]
        sd = (q_s[..., None] * q_d - w.a_sd * per[..., None]).sum(1)
        dd = (w.log_w_dd - w.a_dd * per[..., None, None]).sum(1) + q_d.transpose(0, 2, 1) @ q_d
    p, j = problem.p, g_d.shape[-1]
    hessian = np.empty((len(theta), p + 1 + j, p + 1 + j))
    hessian[:, : p + 1, : p + 1] = top
    cross = np.concatenate([problem.X.T @ md, sd[:, None, :]], axis=1)
    hessian[:, : p + 1, p + 1 :] = cross
    hessian[:, p + 1 :, : p + 1] = cross.transpose(0, 2, 1)
    hessian[:, p + 1 :, p + 1 :] = dd
    score = np.concatenate([(m - q_m)[..., None] * problem.X, (s - q_s)[..., None], g_d], axis=-1)
    return value, score, hessian


def quick_value(problem: Problem, theta: Array) -> Array:
    """The log-likelihood (B,) without derivatives, to a few digits: for choosing starts."""
    mean = theta[:, : problem.p] @ problem.X.T
    variance = problem.v + theta[:, problem.p, None]
    log_w, a = problem.function.quick(problem.z, np.sqrt(problem.v), mean, variance, problem.delta(theta))
    return np.asarray((log_w - np.log(a * np.sqrt(variance)) - 0.5 * (problem.y - mean) ** 2 / variance).sum(1))


def likelihood(problem: Problem, theta: Array) -> tuple[Array, Array, Array]:
    """Value, gradient and Hessian in the free coordinates (weights by their logarithm where that is their scale)."""
    value, score, hessian = scores(problem, theta)
    gradient = score.sum(1)
    keep = np.concatenate([np.ones(problem.p + 1, dtype=bool), problem.free])
    gradient, hessian = gradient[:, keep], hessian[:, keep][:, :, keep]
    if problem.logarithmic:
        head = problem.p + 1
        unit = np.ones_like(gradient)
        unit[:, head:] = np.exp(theta[:, head:])
        gradient = gradient * unit
        hessian = hessian * unit[:, :, None] * unit[:, None, :]
        np.einsum("bii->bi", hessian)[:, head:] += gradient[:, head:]
    return value, gradient, hessian
