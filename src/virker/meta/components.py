"""The likelihood of the two variance components of a multilevel model, its derivatives, and its certified optimum.

With :math:`P = M^{-1} - M^{-1}X(X'M^{-1}X)^{-1}X'M^{-1}` and :math:`A_1 = 11'` within studies, :math:`A_2 = I`, the restricted likelihood has

.. math:: \\partial \\ell/\\partial\\sigma^2_i = \\tfrac12(y'PA_iPy - tr(PA_i)),\\qquad
          -\\partial^2 \\ell/\\partial\\sigma^2_i\\partial\\sigma^2_j = y'PA_iPA_jPy - \\tfrac12 tr(PA_iPA_j)

(Harville 1977, doi:10.1080/01621459.1977.10480998). Steps are Newton's, scaled by the expected information
:math:`\\tfrac12 tr(PA_iPA_j)` (Jennrich & Sampson 1976, doi:10.2307/1267911), with directions of wrong curvature turned round. One evaluation costs O(k p).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from virker.meta.blocks import Array, Factor, Groups, factor
from virker.meta.errors import NotConverged

Method = Literal["reml", "ml"]
LOG_2PI = float(np.log(2 * np.pi))

# A Newton step that promises less than this (in units of the log-likelihood) is the optimum to rounding.
_GAIN = 1e-19
# Below this gain the log-likelihood itself is mostly rounding, and a step need not prove that it climbs.
_ROUNDING = 1e-8
_MAX_ITERATIONS = 200
# Curvature is measured in shares of the expected information: below _FLAT it is no maximum, and is taken to be at least _PLATEAU.
_FLAT, _PLATEAU = 1e-7, 0.03
# The first look at the likelihood: rays of a constant ratio of the study to the estimate component, and along each a point in every factor of
# _FINE (of _COARSE where there are more than _FEW estimates), from far below the smallest sampling variance to _HIGHEST times the spread.
_RATIOS = (0.0, 0.02, 0.15, 0.6, 2.0, 8.0, 40.0, 250.0)
_FINE, _COARSE, _FEW = 1.6, 3.0, 2000
_HIGHEST = 6.0
_MOST_POINTS = 60
# Climb from at most so many of its peaks.
_MAX_STARTS = 4
# Points on the way from a peak to an optimum.
_STEPS = 12
# At most so many numbers in one temporary array of the first look.
_CHUNK = 400_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Standardised data of a multilevel model, rows sorted by study.

    Attributes
    ----------
    y, v : (k,) estimates and variances in units of the typical standard error.
    X : (p, k) orthonormal rows spanning the design.
    groups : the studies.
    rho : correlation of sampling errors within a study, 0 <= rho < 1.
    reml : restricted likelihood, or the plain one.
    free : may the study and the estimate component differ from zero?
    """

    y: Array
    v: Array
    X: Array
    groups: Groups
    rho: float
    reml: bool
    free: tuple[bool, bool] = (True, True)


@dataclass(frozen=True, slots=True)
class Point:
    """The likelihood at one pair of variance components, in standardised units.

    Attributes
    ----------
    factor : how to multiply by the inverse of M there.
    ll_ml, ll_reml : both log-likelihoods, whichever is climbed.
    beta, bread : (p,) and (p, p) coefficients of the orthonormal design and their covariance.
    MX : (p, k) :math:`M^{-1}X`.
    u : (k,) :math:`M^{-1}(y - X\\beta)`.
    MXs, us : their sums by study.
    """

    sigma2: tuple[float, float]
    factor: Factor
    ll_ml: float
    ll_reml: float
    beta: Array
    bread: Array
    MX: Array
    u: Array
    MXs: Array
    us: Array


def at(problem: Problem, sigma2_study: float, sigma2_estimate: float) -> Point:
    """The likelihood, its coefficients and residuals at one pair of components."""
    f = factor(problem.v, problem.groups, sigma2_study, sigma2_estimate, problem.rho)
    p, k = problem.X.shape
    rows, sums = f.solve(np.vstack([problem.X, problem.y]))
    MX, MXs = rows[:p], sums[:p]
    information = MX @ problem.X.T
    information = (information + information.T) / 2
    bread = np.asarray(np.linalg.inv(information), dtype=np.float64)
    beta = bread @ (MX @ problem.y)
    residual = problem.y - beta @ problem.X
    step = bread @ (MX @ residual)  # refinement: y far from zero costs no digits
    beta = beta + step
    residual -= step @ problem.X
    u = rows[p] - beta @ MX
    us = sums[p] - beta @ MXs
    fit = f.logdet + float(u @ residual)
    ll_ml = -0.5 * (k * LOG_2PI + fit)
    ll_reml = -0.5 * ((k - p) * LOG_2PI + fit + float(np.linalg.slogdet(information)[1]))
    return Point((sigma2_study, sigma2_estimate), f, ll_ml, ll_reml, beta, bread, MX, u, MXs, us)


def derivatives(problem: Problem, point: Point) -> tuple[Array, Array, Array]:
    """Score (2,), observed information (2, 2) and expected information (2, 2)."""
    f, MX, MXs, u, us, bread = point.factor, point.MX, point.MXs, point.u, point.us, point.bread
    p = len(MX)
    tr1, tr2, tr11, tr12, tr22 = f.traces()
    again, sums = f.solve(np.vstack([MX, u]) if problem.reml else np.vstack([MX, u])[p:])
    Mu, Mus = again[-1], sums[-1]
    ones = f.c * f.tau
    # y'PA_iPA_jPy, from f_i = A_iPy
    a1, a2 = MXs @ us, MX @ u
    b1, b2 = bread @ a1, bread @ a2
    q11 = float((us * ones) @ us) - float(a1 @ b1)
    q12 = float(us @ Mus) - float(a1 @ b2)
    q22 = float(u @ Mu) - float(a2 @ b2)
    if problem.reml:
        S1, S2 = MXs @ MXs.T, MX @ MX.T
        G1, G2 = bread @ S1, bread @ S2
        tr1 -= float(np.trace(G1))
        tr2 -= float(np.trace(G2))
        T11 = (MXs * ones) @ MXs.T
        T12 = MXs @ sums[:p].T
        T22 = MX @ again[:p].T
        tr11 += float((G1 * G1.T).sum()) - 2 * float((bread * T11).sum())
        tr12 += float((G1 * G2.T).sum()) - 2 * float((bread * T12).sum())
        tr22 += float((G2 * G2.T).sum()) - 2 * float((bread * T22).sum())
    score = 0.5 * np.array([float(us @ us) - tr1, float(u @ u) - tr2])
    expected = 0.5 * np.array([[tr11, tr12], [tr12, tr22]])
    return score, np.array([[q11, q12], [q12, q22]]) - expected, expected


def log_likelihoods(problem: Problem, study: Array, estimate: Array) -> Array:
    """The log-likelihood over a grid: ``study`` (m, n) or (m, 1) beside ``estimate`` (n,) → (m, n). Costs O(n k + m n g)."""
    sums, (p, k) = problem.groups.sums, problem.X.shape
    Z = np.vstack([problem.X, problem.y - (problem.X @ problem.y) @ problem.X, np.ones(k)])
    out = np.empty((len(study), len(estimate)))
    width = max(1, _CHUNK // (k * (p + 2)))
    for first in range(0, len(estimate), width):
        some = slice(first, first + width)
        d = (1 - problem.rho) * problem.v + estimate[some, None]
        w = 1 / d
        logdet = np.log(d).sum(axis=1)
        TZ = Z * w[:, None, :]
        if problem.rho:
            root = np.sqrt(problem.v)
            h = problem.rho * sums(w * root * root)
            Zs = sums(TZ * root)
            logdet += np.log1p(h).sum(axis=1)
            TZ -= (w * root)[:, None, :] * (Zs * (problem.rho / (1 + h))[:, None, :])[..., problem.groups.codes]
        gram = TZ[:, :-1] @ Z[:-1].T
        S = sums(TZ)
        component = study[:, some, None] if study.shape[1] > 1 else study[:, :, None]
        scaled = S[:, -1] * component  # (m, n, g)
        a = component / (1 + scaled)
        logdet_all = logdet + np.log1p(scaled).sum(axis=-1)
        gram_all = gram - np.einsum("mng,nig,njg->mnij", a, S[:, :-1], S[:, :-1], optimize=p > 1)
        out[:, some] = _profile(gram_all, logdet_all, k, p, problem.reml)
    return out


def _profile(gram: Array, logdet: Array, k: int, p: int, reml: bool) -> Array:
    information, cross = gram[..., :p, :p], gram[..., :p, p]
    beta = np.linalg.solve(information, cross[..., None])[..., 0]
    fit = logdet + gram[..., p, p] - (beta * cross).sum(axis=-1)
    if not reml:
        return np.asarray(-0.5 * (k * LOG_2PI + fit))
    return np.asarray(-0.5 * ((k - p) * LOG_2PI + fit + np.linalg.slogdet(information)[1]))


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
    value = _value(problem)
    first, *others = _starts(problem)
    found = [_climb(problem, first)]
    found += [_climb(problem, start) for start in _elsewhere(problem, others, found[0])]
    evaluations = sum(o.iterations for o in found)
    found.sort(key=lambda o: -value(o.point))
    best = found[0]
    heights: list[float] = []
    for o in found:
        height = value(o.point)
        if not heights or heights[-1] - height > 1e-6:
            heights.append(height)
    return Optimum(best.point, best.score, best.information, best.gain, evaluations, tuple(heights))


def _elsewhere(problem: Problem, starts: list[tuple[float, float]], optimum: Optimum) -> list[tuple[float, float]]:
    """The starts from which the straight way to an optimum (in standard deviations) does not only rise: they may lead to another."""
    if not starts:
        return []
    way = np.linspace(0, 1, _STEPS)[:, None]
    points = (np.sqrt(starts)[:, None] * (1 - way) + np.sqrt(optimum.point.sigma2) * way) ** 2
    flat = points.reshape(-1, 2)
    height = log_likelihoods(problem, flat[None, :, 0], flat[:, 1])[0].reshape(len(starts), _STEPS)
    rising = (np.diff(height, axis=1) > 0).all(axis=1)
    return [start for start, known in zip(starts, rising, strict=True) if not known]


def maximise_held(problem: Problem, which: int, value: float) -> float:
    """The highest log-likelihood with component ``which`` (0 study, 1 estimate) held at ``value`` and the other free."""
    other = 1 - which
    grid = _grid(problem)
    held = np.array([value])
    height = log_likelihoods(problem, *((held[:, None], grid) if which == 0 else (grid[:, None], held))).reshape(-1)
    padded = np.concatenate([[-np.inf], height, [-np.inf]])
    alone = replace(problem, free=(other == 0, other == 1))
    best = -np.inf
    for i in np.flatnonzero((height >= padded[:-2]) & (height >= padded[2:])):
        start = float(grid[i])
        best = max(best, _value(problem)(_climb(alone, (value, start) if which == 0 else (start, value)).point))
    return best


def _value(problem: Problem) -> Callable[[Point], float]:
    return (lambda point: point.ll_reml) if problem.reml else (lambda point: point.ll_ml)


def spread(problem: Problem) -> float:
    """The variance of the estimates around an unweighted regression, but never less than a thousandth of the typical sampling variance."""
    residual = problem.y - (problem.X @ problem.y) @ problem.X
    free = max(len(problem.y) - len(problem.X), 1)
    return max(float(residual @ residual) / free, 1e-3 * float(np.median(problem.v)))


def _grid(problem: Problem) -> Array:
    """Zero, and values of a component from too small to matter to too large to be believed."""
    high = _HIGHEST * spread(problem)
    low = min(0.1 * float(problem.v.min()), 2e-3 * high)
    factor = _FINE if len(problem.y) <= _FEW else _COARSE
    return np.append(0.0, np.geomspace(low, high, min(_MOST_POINTS, 2 + int(np.log(high / low) / np.log(factor)))))


@dataclass(frozen=True, slots=True)
class _Peak:
    """A local maximum along one ray of the first look: which ray, how far out, how high, and where."""

    ray: int
    total: float
    height: float
    sigma2: tuple[float, float]


def _starts(problem: Problem) -> list[tuple[float, float]]:
    """The peaks among neighbouring rays, the highest first.

    The likelihood often has a narrow ridge along a constant sum of the components. Along a ray, of components in a constant ratio, a ridge is a
    clean peak, so rays are compared by their peaks.
    """
    grid = _grid(problem)
    rays = [np.zeros_like(grid)] if problem.free == (False, True) else [ratio * grid for ratio in _RATIOS] if problem.free[1] else []
    peaks: list[_Peak] = []
    if rays:
        heights = log_likelihoods(problem, np.array(rays), grid)
        for number, (study, height) in enumerate(zip(rays, heights, strict=True)):
            peaks += _peaks(number, study, grid, height)
    if problem.free[0]:
        peaks += _peaks(len(rays), grid, np.zeros_like(grid), log_likelihoods(problem, grid[:, None], np.zeros(1))[:, 0])
    if not peaks:
        return [(0.0, 0.0)]
    kept = [a for a in peaks if not any(0 < abs(a.ray - b.ray) <= 2 and a.total < 3 * b.total and b.total < 3 * a.total and a.height < b.height for b in peaks)]
    kept.sort(key=lambda peak: -peak.height)
    # Several rays meet at zero.
    return list(dict.fromkeys(peak.sigma2 for peak in kept))[:_MAX_STARTS]


def _peaks(ray: int, study: Array, estimate: Array, height: Array) -> list[_Peak]:
    """Local maxima along a ray, each moved to the top of the parabola through it and its neighbours (on a logarithmic scale)."""
    padded = np.concatenate([[-np.inf], height, [-np.inf]])
    out = []
    for i in np.flatnonzero((height >= padded[:-2]) & (height >= padded[2:])):
        factor, top = 1.0, float(height[i])
        if 2 <= i < len(height) - 1:
            below, above = height[i] - height[i - 1], height[i] - height[i + 1]
            if below + above > 0:
                shift = 0.5 * (below - above) / (below + above)
                total = study + estimate
                factor = float((total[i + 1] / total[i]) ** shift)
                top += float(0.25 * (below - above) * shift)
        a, b = float(study[i]) * factor, float(estimate[i]) * factor
        out.append(_Peak(ray, a + b, top, (a, b)))
    return out


def _climb(problem: Problem, start: tuple[float, float]) -> Optimum:
    value = _value(problem)
    point = at(problem, *start)
    typical, settled = spread(problem), False
    for iteration in range(1, _MAX_ITERATIONS + 1):
        score, observed, expected = derivatives(problem, point)
        theta = np.array(point.sigma2)
        free = np.array(problem.free) & ((theta > 0) | (score > 0))
        step, gain = _newton(score, observed, expected, free)
        # Where the likelihood is flat a tiny gain is still a step worth taking; the second tiny one in a row is rounding.
        if gain < _GAIN and (settled or float(np.abs(step).max()) <= 1e-12 * float(theta.max())):
            return Optimum(point, score, observed, gain, iteration, ())
        settled = gain < _GAIN
        step = _inside(theta, step, score, observed, expected, free)
        # No component grows more than tenfold, or by more than the spread of the data, in one step.
        longest = 10 * theta + typical
        step *= min(1.0, float(np.min(longest / np.maximum(np.abs(step), 1e-250))))
        here, moved = value(point), None
        for _ in range(60):
            trial = np.maximum(theta + step, 0.0)
            if (trial == theta).all():
                break
            moved = at(problem, float(trial[0]), float(trial[1]))
            if value(moved) > here or (gain < _ROUNDING and value(moved) > here - 1e-9 * (1 + abs(here))):
                break
            step, moved = step / 2, None
        if moved is None:
            if gain < _ROUNDING:
                return Optimum(point, score, observed, gain, iteration, ())
            break
        if gain < _ROUNDING and float(np.max(np.abs(np.array(moved.sigma2) - theta) / np.maximum(theta, 1e-8 * typical))) < 1e-13:
            return Optimum(moved, score, observed, gain, iteration, ())
        point = moved
    raise NotConverged(f"The variance components did not settle (study {point.sigma2[0]:g}, estimate {point.sigma2[1]:g}, in units of the typical variance).")


def _inside(theta: Array, step: Array, score: Array, observed: Array, expected: Array, free: NDArray[np.bool_]) -> Array:
    """The step cut where a component reaches zero: on a narrow ridge a step must keep its direction to stay on it."""
    outward = (theta == 0) & (step < 0)
    if outward.any():
        step, _ = _newton(score, observed, expected, free & ~outward)
    falling = step < 0
    if falling.any():
        reach = np.where(falling, theta / np.where(falling, -step, 1.0), np.inf)
        first = int(np.argmin(reach))
        if reach[first] < 1:
            step = step * reach[first]
            step[first] = -theta[first]
    return step


def _newton(score: Array, observed: Array, expected: Array, free: NDArray[np.bool_]) -> tuple[Array, float]:
    """The step over the free components and the gain it promises.

    By the observed information where that is positive definite. Elsewhere its directions are turned round and none is taken for flatter than a
    share of the expected information: steps of the expected information alone would be a hundred times too short on a plateau.
    """
    step = np.zeros(2)
    if not free.any():
        return step, 0.0
    known = np.diag(expected)
    if known.max() <= 0:
        raise NotConverged("One estimate outweighs the others so far that nothing is left to estimate variance components from: look at the smallest v.")
    size = np.sqrt(np.maximum(known, 1e-30 * float(known.max())))
    if not free.all():
        i = int(free[1])
        curvature = observed[i, i] / size[i] ** 2
        if curvature < _FLAT:
            curvature = max(abs(curvature), _PLATEAU)
        step[i] = score[i] / (curvature * size[i] ** 2)
        return step, float(0.5 * score[i] * step[i])
    a, b, c = observed[0, 0] / size[0] ** 2, observed[0, 1] / (size[0] * size[1]), observed[1, 1] / size[1] ** 2
    # The eigenvalues of the scaled matrix, in closed form; away from zero Newton's step is two divisions.
    middle, half = (a + c) / 2, float(np.hypot((a - c) / 2, b))
    s1, s2 = score / size
    if middle - half > 1e-3 * (middle + half):
        determinant = a * c - b * b
        step = np.array([c * s1 - b * s2, a * s2 - b * s1]) / (determinant * size)
        return step, float(0.5 * score @ step)
    value, vector = np.linalg.eigh(np.array([[a, b], [b, c]]))
    if value[0] < _FLAT:
        value = np.maximum(np.abs(value), _PLATEAU)
    step = vector @ (vector.T @ np.array([s1, s2]) / value) / size
    return step, float(0.5 * score @ step)
