"""The optimum of the multilevel likelihood for many data sets at once.

Each data set climbs from the highest point of a common grid, by the steps of :mod:`virker.meta.components_optimum`. Other peaks of the grid are not
climbed: where a refit has several optima, it is the one under the highest point of the grid that is found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from virker.meta.blocks import Array, Index
from virker.meta.components_optimum import FLAT, GAIN, PLATEAU, ROUNDING
from virker.meta.components_peaks import RATIOS
from virker.meta.multilevel_rows import Looks, Rows, heights, looks

_TURNS = 200
_FACTOR = 3.0  # between points of a ray of the grid
_HIGHEST = 6.0  # of the grid, in units of the spread of the data


@dataclass(frozen=True, slots=True)
class Fitted:
    """B optima: ``sigma2`` (B, 2) study and estimate, ``value`` (B,), ``beta`` (B, p), ``bread`` (B, p, p); NaN where ``converged`` (B,) says no."""

    sigma2: Array
    value: Array
    beta: Array
    bread: Array
    converged: NDArray[np.bool_]


def fit_rows(rows: Rows) -> Fitted:
    """Fit the model to every data set of ``rows``; those whose design has not full rank, or no estimate to spare, are NaN."""
    size, p = rows.size, len(rows.problem.X)
    possible = _determined(rows)
    out = Fitted(np.full((size, 2), np.nan), np.full(size, np.nan), np.full((size, p), np.nan), np.full((size, p, p), np.nan), np.zeros(size, dtype=bool))
    live = np.flatnonzero(possible)
    if not len(live):
        return out
    rows = Rows(rows.y[live] if len(rows.y) > 1 else rows.y, rows.m[live] if len(rows.m) > 1 else rows.m, rows.problem)
    spread = _spread(rows)
    theta, arrived = _climb(rows, _start(rows, spread), spread)
    done = np.flatnonzero(arrived)
    if len(done):
        last = looks(rows, done, theta[done])
        at = live[done]
        out.sigma2[at], out.value[at], out.beta[at], out.bread[at], out.converged[at] = theta[done], last.value, last.beta, last.bread, True
    return out


def _determined(rows: Rows) -> NDArray[np.bool_]:
    """(B,) which data sets have more estimates than coefficients and a design of full rank."""
    X, groups, p = rows.problem.X, rows.problem.groups, len(rows.problem.X)
    products = groups.sums((X[:, None] * X[None]).reshape(p * p, -1))
    size = np.linalg.eigvalsh((rows.m @ products.T).reshape(-1, p, p))
    enough = (rows.m @ groups.sizes > p) & (size[:, 0] > 1e-10 * size[:, -1])
    return np.broadcast_to(enough, (rows.size,))


def _spread(rows: Rows) -> Array:
    """(B,) the variance of the estimates around nothing, but never less than a thousandth of the typical sampling variance."""
    groups, n = rows.problem.groups, rows.m @ rows.problem.groups.sizes
    squares = (groups.sums(rows.y * rows.y) * rows.m).sum(axis=1)
    return np.broadcast_to(np.maximum(squares / np.maximum(n - len(rows.problem.X), 1), 1e-3 * float(np.median(rows.problem.v))), (rows.size,))


def _start(rows: Rows, spread: Array) -> Array:
    """(B, 2) the highest point of rays of a constant ratio of the components."""
    problem = rows.problem
    high = _HIGHEST * float(spread.max())
    low = min(0.1 * float(problem.v.min()), 2e-3 * float(spread.min()))
    grid = np.append(0.0, np.geomspace(low, high, 2 + int(np.log(high / low) / np.log(_FACTOR))))
    study, estimate = np.zeros((0, 1)), np.zeros(0)
    value = np.full(rows.size, -np.inf)
    theta = np.zeros((rows.size, 2))
    rays: list[tuple[Array, Array]] = []
    if problem.free[1]:
        rays.append((np.array([ratio * grid for ratio in (RATIOS if problem.free[0] else (0.0,))]), grid))
    if problem.free[0]:
        rays.append((grid[:, None], np.zeros(1)))
    for study, estimate in rays:
        flat = heights(rows, study, estimate).reshape(rows.size, -1)
        best = np.argmax(np.where(np.isfinite(flat), flat, -np.inf), axis=1)
        height = flat[np.arange(rows.size), best]
        s, e = np.divmod(best, len(estimate))
        better = height > value
        value = np.where(better, height, value)
        theta[better] = np.column_stack([study[s, e % study.shape[1]], estimate[e]])[better]
    return theta


def _climb(rows: Rows, theta: Array, spread: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Where each climb ended, and which arrived at an optimum to rounding."""
    free_components = np.array(rows.problem.free)
    now = looks(rows, np.arange(rows.size), theta)
    arrived, settled = np.zeros(rows.size, dtype=bool), np.zeros(rows.size, dtype=bool)
    live = np.arange(rows.size)
    for _ in range(_TURNS):
        here = theta[live]
        some = _some(now, live)
        free = free_components & ((here > 0) | (some.score > 0))
        step, gain = _newton(some, free)
        still = gain < GAIN
        ended = still & (settled[live] | (np.abs(step).max(axis=1) <= 1e-12 * here.max(axis=1)))
        settled[live] = still
        arrived[live[ended]] = True
        go = ~ended
        live, here, some, free, step, gain = live[go], here[go], _some(some, go), free[go], step[go], gain[go]
        if not len(live):
            break
        step = _inside(here, step, some, free)
        longest = 10 * here + spread[live, None]
        step = step * np.minimum(1.0, (longest / np.maximum(np.abs(step), 1e-250)).min(axis=1))[:, None]
        moved = _backtrack(rows, now, theta, live, step, gain)
        flat = gain < ROUNDING
        near = (np.abs(theta[live] - here) / np.maximum(here, 1e-8 * spread[live, None])).max(axis=1) < 1e-13
        stop = ~moved | (flat & near)
        arrived[live[stop & flat]] = True
        live = live[~stop]
        if not len(live):
            break
    return theta, arrived


def _backtrack(rows: Rows, now: Looks, theta: Array, live: Index, step: Array, gain: Array) -> NDArray[np.bool_]:
    """Take each step, halved until it climbs; ``theta`` and ``now`` are written to. Returns which moved."""
    moved, waiting = np.zeros(len(live), dtype=bool), np.arange(len(live))
    for _ in range(60):
        at = live[waiting]
        trial = np.maximum(theta[at] + step[waiting], 0.0)
        there = (trial != theta[at]).any(axis=1)
        waiting, at, trial = waiting[there], at[there], trial[there]
        if not len(waiting):
            break
        new = looks(rows, at, trial)
        old = now.value[at]
        with np.errstate(invalid="ignore"):
            good = (new.value > old) | ((gain[waiting] < ROUNDING) & (new.value > old - 1e-9 * (1 + np.abs(old))))
        took = at[good]
        theta[took] = trial[good]
        for name in ("value", "score", "observed", "expected", "beta", "bread"):
            getattr(now, name)[took] = getattr(new, name)[good]
        moved[waiting[good]] = True
        waiting = waiting[~good]
        step[waiting] /= 2
    return moved


def _some(all_looks: Looks, which: Index | NDArray[np.bool_]) -> Looks:
    return Looks(*(getattr(all_looks, name)[which] for name in ("value", "score", "observed", "expected", "beta", "bread")))


def _inside(theta: Array, step: Array, at: Looks, free: NDArray[np.bool_]) -> Array:
    """Steps cut where a component reaches zero; see :func:`virker.meta.components_optimum._inside`."""
    outward = (theta == 0) & (step < 0)
    again = outward.any(axis=1)
    if again.any():
        step[again] = _newton(_some(at, again), (free & ~outward)[again])[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(step < 0, theta / -step, np.inf)
    first = np.argmin(reach, axis=1)
    shortest = reach[np.arange(len(step)), first]
    cut = np.flatnonzero(shortest < 1)
    step[cut] *= shortest[cut, None]
    step[cut, first[cut]] = -theta[cut, first[cut]]
    return step


def _newton(at: Looks, free: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Steps (R, 2) over the free components and the gain (R,) that they promise; see :func:`virker.meta.components_optimum._newton`."""
    size = np.sqrt(np.maximum(at.expected[:, [0, 2]], 1e-300))
    a, b, c = at.observed[:, 0] / size[:, 0] ** 2, at.observed[:, 1] / (size[:, 0] * size[:, 1]), at.observed[:, 2] / size[:, 1] ** 2
    s = at.score / size
    step = np.zeros_like(s)
    with np.errstate(all="ignore"):
        alone = np.column_stack([a, c])
        alone = np.where(alone < FLAT, np.maximum(np.abs(alone), PLATEAU), alone)
        single = free.sum(axis=1) == 1
        step[single] = np.where(free, s / alone, 0.0)[single]
        both = free.all(axis=1)
        middle, half = (a + c) / 2, np.hypot((a - c) / 2, b)
        plain = both & (middle - half > 1e-3 * (middle + half))
        determinant = a * c - b * b
        step[plain] = (np.column_stack([c * s[:, 0] - b * s[:, 1], a * s[:, 1] - b * s[:, 0]]) / determinant[:, None])[plain]
        turned = np.flatnonzero(both & ~plain)
    if len(turned):
        value, vector = np.linalg.eigh(np.stack([a, b, b, c], axis=-1)[turned].reshape(-1, 2, 2))
        value = np.where(value[:, :1] < FLAT, np.maximum(np.abs(value), PLATEAU), value)
        along = (np.swapaxes(vector, 1, 2) @ s[turned][..., None])[..., 0] / value
        step[turned] = (vector @ along[..., None])[..., 0]
    step = step / size
    return step, 0.5 * (at.score * step).sum(axis=1)
