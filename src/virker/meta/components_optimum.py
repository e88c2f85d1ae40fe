"""The certified optimum of the likelihood of two variance components.

Steps are Newton's, scaled by the expected information :math:`\\tfrac12 tr(PA_iPA_j)` (Jennrich & Sampson 1976, doi:10.2307/1267911), with
directions of wrong curvature turned round. It climbs from every peak of the first look and keeps the highest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot, sqrt
from typing import Any

import numpy as np

from virker.meta import kernels
from virker.meta.blocks import Array
from virker.meta.components import Point, Problem, at, derivatives, for_kernels, log_likelihoods, spread
from virker.meta.components_peaks import component_grid, first_starts
from virker.meta.errors import NotConverged

# A Newton step that promises less than this (in units of the log-likelihood) is the optimum to rounding.
GAIN = 1e-19
# Below this gain the log-likelihood itself is mostly rounding, and a step need not prove that it climbs.
ROUNDING = 1e-8
_MAX_ITERATIONS = 200
# Curvature is measured in shares of the expected information: below FLAT it is no maximum, and is taken to be at least PLATEAU.
FLAT, PLATEAU = 1e-7, 0.03
# Points on the way from a peak to an optimum.
_STEPS = 12
# A process that fits more models than this is worth the half second that loading the compiled kernel takes.
_SOME_FITS = 2
_FIRST = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Optimum:
    """The highest point found, and what certifies it.

    Attributes
    ----------
    point : where.
    score : (2,) slope of the log-likelihood per unit of each component; below zero for a component held at zero.
    information : (2, 2) observed information.
    gain : what one more Newton step would add to the log-likelihood.
    iterations : evaluations with derivatives, over all starts.
    optima : log-likelihood of each different local optimum found, the highest first.
    """

    point: Point
    score: Array
    information: Array
    gain: float
    iterations: int
    optima: tuple[float, ...]


def maximise(problem: Problem) -> Optimum:
    """Climb from every local maximum of a coarse grid and keep the highest.

    Raises
    ------
    NotConverged
        No start reaches a point with a vanishing (or at zero, negative) slope.
    """
    kernels.kernel("multilevel", after=_SOME_FITS)
    first, *others = first_starts(problem)
    found = [_climb(problem, first)]
    found += [_climb(problem, start) for start in _elsewhere(problem, others, found[0].look.sigma2)]
    evaluations = sum(o.iterations for o in found)
    found.sort(key=lambda o: -o.look.value)
    best = found[0]
    heights: list[float] = []
    for o in found:
        if not heights or heights[-1] - o.look.value > 1e-6:
            heights.append(o.look.value)
    s1, s2, o11, o12, o22, _, _, _ = _slopes(problem, best.look)
    point = best.look.point or at(problem, *best.look.sigma2)
    return Optimum(point, np.array([s1, s2]), np.array([[o11, o12], [o12, o22]]), best.gain, evaluations, tuple(heights))


def _elsewhere(problem: Problem, starts: list[tuple[float, float]], optimum: tuple[float, float]) -> list[tuple[float, float]]:
    """The starts from which the straight way to an optimum (in standard deviations) does not only rise: they may lead to another."""
    if not starts:
        return []
    way = np.linspace(0, 1, _STEPS)[:, None]
    points = (np.sqrt(starts)[:, None] * (1 - way) + np.sqrt(optimum) * way) ** 2
    flat = points.reshape(-1, 2)
    height = log_likelihoods(problem, flat[None, :, 0], flat[:, 1])[0].reshape(len(starts), _STEPS)
    rising = (np.diff(height, axis=1) > 0).all(axis=1)
    return [start for start, known in zip(starts, rising, strict=True) if not known]


def maximise_held(problem: Problem, which: int, value: float) -> float:
    """The highest log-likelihood with component ``which`` (0 study, 1 estimate) held at ``value`` and the other free."""
    other = 1 - which
    grid = component_grid(problem)
    held = np.array([value])
    height = log_likelihoods(problem, *((held[:, None], grid) if which == 0 else (grid[:, None], held))).reshape(-1)
    padded = np.concatenate([[-np.inf], height, [-np.inf]])
    alone = replace(problem, free=(other == 0, other == 1))
    best = -np.inf
    for i in np.flatnonzero((height >= padded[:-2]) & (height >= padded[2:])):
        start = float(grid[i])
        best = max(best, _climb(alone, (value, start) if which == 0 else (start, value)).look.value)
    return best


@dataclass(frozen=True, slots=True)
class _Look:
    """The log-likelihood at a pair of components: with what the compiled kernel said of its slopes, or the point that they follow from."""

    sigma2: tuple[float, float]
    value: float
    slopes: tuple[float, ...]
    point: Point | None


@dataclass(frozen=True, slots=True)
class _Summit:
    """Where a climb ended, what one more step promised, and how many steps it took."""

    look: _Look
    gain: float
    iterations: int


def _look(problem: Problem, sigma2_study: float, sigma2_estimate: float, compiled: Any, arguments: tuple[Any, ...]) -> _Look:
    if compiled is None:
        point = at(problem, sigma2_study, sigma2_estimate)
        return _Look(point.sigma2, point.ll_reml if problem.reml else point.ll_ml, (), point)
    numbers = compiled.evaluate(*arguments, _FIRST, np.array([sigma2_study]), np.array([sigma2_estimate]))[0][0].tolist()
    return _Look((sigma2_study, sigma2_estimate), numbers[0], tuple(numbers[1:]), None)


def _slopes(problem: Problem, look: _Look) -> tuple[float, ...]:
    """Score (2), observed (11, 12, 22) and expected information (11, 12, 22)."""
    if look.point is None:
        return look.slopes
    score, observed, expected = derivatives(problem, look.point)
    return (*score.tolist(), *observed.ravel()[[0, 1, 3]].tolist(), *expected.ravel()[[0, 1, 3]].tolist())


def _climb(problem: Problem, start: tuple[float, float]) -> _Summit:
    compiled = kernels.kernel("multilevel", load=False)
    arguments = () if compiled is None else for_kernels(problem)
    look = _look(problem, *start, compiled, arguments)
    typical, settled = spread(problem), False
    for iteration in range(1, _MAX_ITERATIONS + 1):
        slopes, theta = _slopes(problem, look), look.sigma2
        free = tuple(allowed and (t > 0 or score > 0) for allowed, t, score in zip(problem.free, theta, slopes[:2], strict=True))
        *step, gain = _newton(slopes, free)
        # Where the likelihood is flat a tiny gain is still a step worth taking; the second tiny one in a row is rounding.
        if gain < GAIN and (settled or max(abs(step[0]), abs(step[1])) <= 1e-12 * max(theta)):
            return _Summit(look, gain, iteration)
        settled = gain < GAIN
        step = _inside(theta, step, slopes, free)
        # No component grows more than tenfold, or by more than the spread of the data, in one step.
        shorter = min(1.0, *((10 * t + typical) / max(abs(d), 1e-300) for t, d in zip(theta, step, strict=True)))
        step, here, moved = [shorter * d for d in step], look.value, None
        for _ in range(60):
            trial = (max(theta[0] + step[0], 0.0), max(theta[1] + step[1], 0.0))
            if trial == theta:
                break
            moved = _look(problem, *trial, compiled, arguments)
            if moved.value > here or (gain < ROUNDING and moved.value > here - 1e-9 * (1 + abs(here))):
                break
            step, moved = [d / 2 for d in step], None
        if moved is None:
            if gain < ROUNDING:
                return _Summit(look, gain, iteration)
            break
        if gain < ROUNDING and max(abs(new - t) / max(t, 1e-8 * typical) for new, t in zip(moved.sigma2, theta, strict=True)) < 1e-13:
            return _Summit(moved, gain, iteration)
        look = moved
    raise NotConverged(f"The variance components did not settle (study {look.sigma2[0]:g}, estimate {look.sigma2[1]:g}, in units of the typical variance).")


def _inside(theta: tuple[float, float], step: list[float], slopes: tuple[float, ...], free: tuple[bool, ...]) -> list[float]:
    """The step cut where a component reaches zero: on a narrow ridge a step must keep its direction to stay on it."""
    outward = [t == 0 and d < 0 for t, d in zip(theta, step, strict=True)]
    if any(outward):
        *step, _ = _newton(slopes, tuple(f and not o for f, o in zip(free, outward, strict=True)))
    reach = [t / -d if d < 0 else np.inf for t, d in zip(theta, step, strict=True)]
    first = int(reach[1] < reach[0])
    if reach[first] < 1:
        step = [reach[first] * d for d in step]
        step[first] = -theta[first]
    return step


def _newton(slopes: tuple[float, ...], free: tuple[bool, ...]) -> tuple[float, float, float]:
    """The step over the free components (2), and the gain it promises.

    By the observed information where that is positive definite. Elsewhere its directions are turned round and none is taken for flatter than a
    share of the expected information: steps of the expected information alone would be a hundred times too short on a plateau.
    """
    if not any(free):
        return 0.0, 0.0, 0.0
    g1, g2, o11, o12, o22, e11, _, e22 = slopes
    size1, size2 = sqrt(max(e11, 1e-300)), sqrt(max(e22, 1e-300))
    a, b, c = o11 / size1**2, o12 / (size1 * size2), o22 / size2**2
    if not all(free):
        score, curvature, size = (g2, c, size2) if free[1] else (g1, a, size1)
        if curvature < FLAT:
            curvature = max(abs(curvature), PLATEAU)
        step = score / (curvature * size**2)
        return (0.0, step, 0.5 * score * step) if free[1] else (step, 0.0, 0.5 * score * step)
    # The eigenvalues of the scaled matrix, in closed form; away from zero Newton's step is two divisions.
    middle, half = (a + c) / 2, hypot((a - c) / 2, b)
    s1, s2 = g1 / size1, g2 / size2
    if middle - half > 1e-3 * (middle + half):
        determinant = a * c - b * b
        d1, d2 = (c * s1 - b * s2) / (determinant * size1), (a * s2 - b * s1) / (determinant * size2)
        return d1, d2, 0.5 * (g1 * d1 + g2 * d2)
    value, vector = np.linalg.eigh(np.array([[a, b], [b, c]]))
    if value[0] < FLAT:
        value = np.maximum(np.abs(value), PLATEAU)
    along = vector @ (vector.T @ np.array([s1, s2]) / value)
    d1, d2 = float(along[0]) / size1, float(along[1]) / size2
    return d1, d2, 0.5 * (g1 * d1 + g2 * d2)
