"""The likelihood of the two variance components of a multilevel model, its derivatives, and its certified optimum.

With :math:`P = M^{-1} - M^{-1}X(X'M^{-1}X)^{-1}X'M^{-1}` and :math:`A_1 = 11'` within studies, :math:`A_2 = I`, the restricted likelihood has

.. math:: \\partial \\ell/\\partial\\sigma^2_i = \\tfrac12(y'PA_iPy - tr(PA_i)),\\qquad
          -\\partial^2 \\ell/\\partial\\sigma^2_i\\partial\\sigma^2_j = y'PA_iPA_jPy - \\tfrac12 tr(PA_iPA_j)

(Harville 1977, doi:10.1080/01621459.1977.10480998). Steps are Newton's, scaled by the expected information
:math:`\\tfrac12 tr(PA_iPA_j)` (Jennrich & Sampson 1976, doi:10.2307/1267911), with directions of wrong curvature turned round. One evaluation costs O(k p).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot, sqrt
from typing import Any, Literal

import numpy as np

from virker.meta import kernels
from virker.meta.blocks import Array, Factor, Groups, factor
from virker.meta.errors import NotConverged

Method = Literal["reml", "ml"]
LOG_2PI = float(np.log(2 * np.pi))

# A Newton step that promises less than this (in units of the log-likelihood) is the optimum to rounding.
GAIN = 1e-19
# Below this gain the log-likelihood itself is mostly rounding, and a step need not prove that it climbs.
ROUNDING = 1e-8
_MAX_ITERATIONS = 200
# Curvature is measured in shares of the expected information: below FLAT it is no maximum, and is taken to be at least PLATEAU.
FLAT, PLATEAU = 1e-7, 0.03
# The first look at the likelihood: rays of a constant ratio of the study to the estimate component, and along each a point in every factor of
# _FINE (of _COARSE where there are more than _FEW estimates), from far below the smallest sampling variance to _HIGHEST times the spread.
RATIOS = (0.0, 0.02, 0.15, 0.6, 2.0, 8.0, 40.0, 250.0)
_FINE, _COARSE, _FEW = 1.6, 3.0, 2000
_HIGHEST = 6.0
_MOST_POINTS = 60
# Climb from at most so many of its peaks.
_MAX_STARTS = 4
# Points on the way from a peak to an optimum.
_STEPS = 12
# At most so many numbers in one temporary array of the first look.
_CHUNK = 400_000
# A process that fits more models than this is worth the half second that loading the compiled kernel takes.
_SOME_FITS = 2
_FIRST = np.zeros(1, dtype=np.int64)


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
    compiled = kernels.kernel("multilevel", load=False)
    if compiled is not None:
        return np.asarray(compiled.heights(*for_kernels(problem), 1, kernels.own(study), kernels.own(estimate))[0])
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
    kernels.kernel("multilevel", after=_SOME_FITS)
    first, *others = _starts(problem)
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
    grid = _grid(problem)
    held = np.array([value])
    height = log_likelihoods(problem, *((held[:, None], grid) if which == 0 else (grid[:, None], held))).reshape(-1)
    padded = np.concatenate([[-np.inf], height, [-np.inf]])
    alone = replace(problem, free=(other == 0, other == 1))
    best = -np.inf
    for i in np.flatnonzero((height >= padded[:-2]) & (height >= padded[2:])):
        start = float(grid[i])
        best = max(best, _climb(alone, (value, start) if which == 0 else (start, value)).look.value)
    return best


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
    rays = [np.zeros_like(grid)] if problem.free == (False, True) else [ratio * grid for ratio in RATIOS] if problem.free[1] else []
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


def for_kernels(problem: Problem) -> tuple[Any, ...]:
    """What the compiled kernels are called with: one data set, its y near zero, each study counted once."""
    own, grouping = kernels.own, problem.groups
    residual = problem.y - (problem.X @ problem.y) @ problem.X
    return residual[None], own(problem.v), own(problem.X), grouping.starts, grouping.sizes, np.ones((1, grouping.count)), problem.rho, problem.reml


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
