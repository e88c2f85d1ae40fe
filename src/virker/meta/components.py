"""The likelihood of the two variance components of a multilevel model, its derivatives, and its certified optimum.

With :math:`P = M^{-1} - M^{-1}X(X'M^{-1}X)^{-1}X'M^{-1}` and :math:`A_1 = 11'` within studies, :math:`A_2 = I`, the restricted likelihood has

.. math:: \\partial \\ell/\\partial\\sigma^2_i = \\tfrac12(y'PA_iPy - tr(PA_i)),\\qquad
          -\\partial^2 \\ell/\\partial\\sigma^2_i\\partial\\sigma^2_j = y'PA_iPA_jPy - \\tfrac12 tr(PA_iPA_j)

(Harville 1977, doi:10.1080/01621459.1977.10480998). Where this observed information is not positive definite, the expected information,
:math:`\\tfrac12 tr(PA_iPA_j)`, takes its place (Fisher scoring; Jennrich & Sampson 1976, doi:10.1080/00401706.1976.10489395). One evaluation costs O(k p).
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
# The first look at the likelihood: a point in each factor of three from far below the smallest sampling variance to this multiple of the spread.
_FACTOR = 3.0
_HIGHEST = 6.0
_MOST_POINTS = 20
# Climb from at most so many of its peaks.
_MAX_STARTS = 4
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
    """The log-likelihood over a grid: ``study`` (m,) times ``estimate`` (n,) → (m, n). Costs O(n k + m n g)."""
    sums, (p, k) = problem.groups.sums, problem.X.shape
    Z = np.vstack([problem.X, problem.y, np.ones(k)])
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
        scaled = S[:, -1] * study[:, None, None]  # (m, n, g)
        a = study[:, None, None] / (1 + scaled)
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
    found = [_climb(problem, start) for start in _starts(problem)]
    evaluations = sum(o.iterations for o in found)
    value = _value(problem)
    found.sort(key=lambda o: -value(o.point))
    best = found[0]
    heights: list[float] = []
    for o in found:
        height = value(o.point)
        if not heights or heights[-1] - height > 1e-6:
            heights.append(height)
    return Optimum(best.point, best.score, best.information, best.gain, evaluations, tuple(heights))


def maximise_held(problem: Problem, which: int, value: float) -> float:
    """The highest log-likelihood with component ``which`` (0 study, 1 estimate) held at ``value`` and the other free."""
    other = 1 - which
    grid = _grid(problem)
    held = np.array([value])
    height = log_likelihoods(problem, *((held, grid) if which == 0 else (grid, held))).reshape(-1)
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
    points = min(_MOST_POINTS, 2 + int(np.log(high / low) / np.log(_FACTOR)))
    return np.append(0.0, np.geomspace(low, high, points))


def _starts(problem: Problem) -> list[tuple[float, float]]:
    grid = _grid(problem)
    study = grid if problem.free[0] else grid[:1]
    estimate = grid if problem.free[1] else grid[:1]
    height = log_likelihoods(problem, study, estimate)
    padded = np.full((len(study) + 2, len(estimate) + 2), -np.inf)
    padded[1:-1, 1:-1] = height
    around = [padded[1 + i : 1 + i + len(study), 1 + j : 1 + j + len(estimate)] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    peaks = np.argwhere(height >= np.max(around, axis=0))
    order = np.argsort([-height[i, j] for i, j in peaks], kind="stable")
    return [(float(study[i]), float(estimate[j])) for i, j in peaks[order][:_MAX_STARTS]]


def _climb(problem: Problem, start: tuple[float, float]) -> Optimum:
    value = _value(problem)
    point = at(problem, *start)
    typical = spread(problem)
    for iteration in range(1, _MAX_ITERATIONS + 1):
        score, observed, expected = derivatives(problem, point)
        theta = np.array(point.sigma2)
        free = np.array(problem.free) & ((theta > 0) | (score > 0))
        step, gain = _newton(score, observed, expected, free)
        if gain < _GAIN:
            return Optimum(point, score, observed, gain, iteration, ())
        # No component grows more than tenfold, or by more than the spread of the data, in one step.
        longest = 10 * theta + typical
        step *= min(1.0, float(np.min(longest / np.maximum(np.abs(step), 1e-300))))
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


def _newton(score: Array, observed: Array, expected: Array, free: NDArray[np.bool_]) -> tuple[Array, float]:
    """The step over the free components and the gain it promises; by the observed information where that is safely positive definite."""
    step = np.zeros(2)
    if not free.any():
        return step, 0.0
    size = np.sqrt(np.maximum(np.diag(expected), 1e-300))
    if not free.all():
        i = int(free[1])
        curvature = observed[i, i] if observed[i, i] > 0.05 * expected[i, i] else expected[i, i]
        step[i] = score[i] / curvature
        return step, float(0.5 * score[i] * step[i])
    scaled = observed / np.outer(size, size)
    value, vector = np.linalg.eigh(scaled)
    if value[0] < 0.02:
        value, vector = np.linalg.eigh(expected / np.outer(size, size))
    # The floor keeps the step finite where only a sum of the components is known.
    along = vector.T @ (score / size)
    step = vector @ (along / np.maximum(value, 1e-9)) / size
    return step, float(0.5 * score @ step)
