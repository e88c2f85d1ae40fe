"""The likelihood of a multivariate model, its derivatives, and its certified optimum.

Studies are inverted one by one, those of one size together, and brought down to the m levels at once, so one evaluation costs O(k). Derivatives
as in Harville 1977, doi:10.1080/01621459.1977.10480998.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from virker.meta import structures
from virker.meta.blocks import Array, Groups, Index
from virker.meta.bounded_newton import Optima, climb
from virker.meta.components import LOG_2PI
from virker.meta.errors import NotConverged
from virker.meta.structures import Shape

# What a further Newton step may still gain at an accepted optimum, in units of the log-likelihood.
_GAIN = 1e-9
# How often to climb again from beside a point that is no optimum.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """Studies with the same number of estimates: rows (m, n), sampling covariance (m, n, n), levels (m, n)."""

    rows: Index
    V: Array
    level: Index


@dataclass(frozen=True, slots=True)
class Problem:
    y: Array
    X: Array
    shape: Shape
    parts: tuple[Part, ...]
    reml: bool


@dataclass(frozen=True, slots=True)
class Reduced:
    """The studies brought down to levels, for B covariance matrices at once: K = Z'M⁻¹Z, S = Z'M⁻¹X, r = Z'M⁻¹(y - Xβ)."""

    K: Array
    S: Array
    r: Array
    beta: Array
    bread: Array
    ll_ml: Array
    ll_reml: Array


def parts(V: Array, by: Groups, level_of: Index) -> tuple[Part, ...]:
    out = []
    for n in np.unique(by.sizes):
        rows = by.order[by.starts[by.sizes == n][:, None] + np.arange(n)]
        out.append(Part(rows, blocks_of(V, rows), level_of[rows]))
    return tuple(out)


def blocks_of(V: Array, rows: Index) -> Array:
    """Blocks (m, n, n) of a covariance matrix (k, k), or of variances (k,), for row numbers (m, n)."""
    if V.ndim == 2:
        return np.asarray(V[rows[:, :, None], rows[:, None, :]])
    out = np.zeros((*rows.shape, rows.shape[1]))
    np.einsum("mii->mi", out)[...] = V[rows]
    return out


def reduce(problem: Problem, G: Array) -> Reduced:
    m, (k, p) = problem.shape.levels, problem.X.shape
    pieces = [_reduce_part(problem, part, G, m) for part in problem.parts]
    K, T = (np.concatenate([piece[i] for piece in pieces], axis=1) for i in (0, 1))
    cross, logdet = np.sum([piece[2] for piece in pieces], axis=0), np.sum([piece[3] for piece in pieces], axis=0)
    information = cross[:, :p, :p]
    bread = np.linalg.inv(information)
    beta = (bread @ cross[:, :p, p:])[..., 0]
    r = T[..., p] - (T[..., :p] @ beta[:, None, :, None])[..., 0]
    fit = logdet + cross[:, p, p] - (beta * cross[:, :p, p]).sum(axis=1)
    ll_ml = -0.5 * (k * LOG_2PI + fit)
    ll_reml = -0.5 * ((k - p) * LOG_2PI + fit + np.linalg.slogdet(information)[1])
    return Reduced(K, T[..., :p], r, beta, bread, ll_ml, ll_reml)


def _reduce_part(problem: Problem, part: Part, G: Array, m: int) -> tuple[Array, Array, Array, Array]:
    """K (B, s, m, m), Z'M⁻¹[X y] (B, s, m, p+1), [X y]'M⁻¹[X y] (B, p+1, p+1) and log|M| (B,), of s studies."""
    M = part.V + G[:, part.level[:, :, None], part.level[:, None, :]]
    inverse = np.linalg.inv(M)
    Z = np.eye(m)[part.level]
    W = np.concatenate([problem.X[part.rows], problem.y[part.rows][..., None]], axis=-1)
    MW = inverse @ W
    Zt = np.swapaxes(Z, 1, 2)
    return Zt @ inverse @ Z, Zt @ MW, (np.swapaxes(W, 1, 2) @ MW).sum(axis=1), np.linalg.slogdet(M)[1].sum(axis=1)


def function(problem: Problem, theta: Array) -> tuple[Array, Array, Array]:
    """Log-likelihood (B,), slopes (B, q) and second derivatives (B, q, q)."""
    red = reduce(problem, structures.covariance(problem.shape, theta))
    dG, d2G = structures.derivatives(problem.shape, theta)
    K, S, r, C = red.K, red.S, red.r, red.bread
    kernel = np.einsum("bgi,bgj->bij", r, r) - K.sum(axis=1)
    KG = K[:, :, None] @ dG[:, None]
    traces = np.einsum("bgaij,bgcji->bac", KG, KG, optimize=True)
    v = (dG[:, None] @ r[:, :, None, :, None])[..., 0]
    Sv = np.einsum("bgip,bgai->bap", S, v, optimize=True)
    quadratic = np.einsum("bgai,bgij,bgcj->bac", v, K, v, optimize=True) - Sv @ C @ np.swapaxes(Sv, 1, 2)
    if problem.reml:
        kernel = kernel + (S @ C[:, None] @ np.swapaxes(S, 2, 3)).sum(axis=1)
        GS = dG[:, None] @ S[:, :, None]
        SGS = C[:, None] @ np.einsum("bgip,bgaiq->bapq", S, GS, optimize=True)
        traces = traces - 2 * np.einsum("bgaip,bpq,bgij,bgcjq->bac", GS, C, K, GS, optimize=True) + np.einsum("bapq,bcqp->bac", SGS, SGS)
    value = red.ll_reml if problem.reml else red.ll_ml
    slope = 0.5 * np.einsum("bij,baij->ba", kernel, dG)
    curvature = 0.5 * traces - quadratic + 0.5 * np.einsum("bij,bacij->bac", kernel, d2G)
    return value, slope, (curvature + np.swapaxes(curvature, 1, 2)) / 2


def optimum(problem: Problem) -> tuple[Array, float, tuple[float, ...]]:
    s = problem.shape
    residual = problem.y - problem.X @ (problem.X.T @ problem.y)
    unit = float(np.sqrt(max(residual @ residual / max(len(residual) - problem.X.shape[1], 1), 1e-3)))
    centred = Problem(residual, problem.X, s, problem.parts, problem.reml)
    start = structures.starts(s, unit)
    longest = np.full(start.shape[1], 2.0 * unit)
    if s.correlated and s.name != "UN":
        longest[-1] = 0.4
    found = climb(lambda theta: function(centred, theta), start, s.lower, s.upper, longest)
    arrived = _arrived(found, s)
    for _ in range(_ROUNDS):
        off = _off_the_ridge(found, arrived, unit)
        if not len(off):
            break
        found = _both(found, climb(lambda theta: function(centred, theta), np.clip(off, s.lower, s.upper), s.lower, s.upper, longest))
        arrived = _arrived(found, s)
    best = int(np.argmax(np.where(np.isfinite(found.value), found.value, -np.inf)))
    highest = int(np.argmax(np.where(arrived, found.value, -np.inf)))
    if not arrived.any() or found.value[best] > found.value[highest] + 1e-6:
        raise NotConverged(
            f"The {s.name} structure did not settle: these data say too little about its correlations. A structure with fewer parameters may do."
        )
    heights: list[float] = []
    for height in sorted(found.value[arrived], reverse=True):
        if not heights or heights[-1] - height > 1e-6:
            heights.append(float(height))
    return found.theta[highest], float(found.gain[highest]), tuple(heights)


def _arrived(found: Optima, s: Shape) -> NDArray[np.bool_]:
    """Which climbs ended at an optimum.

    Beside a variance of zero a correlation means nothing and the likelihood is flat in it: an optimum too. But a standard deviation of zero
    always has no slope, by symmetry; it is an optimum only if the likelihood does not curve upwards from it.
    """
    edge = (np.abs(found.theta) <= 1e-7).any(axis=1)
    ended = found.converged | (edge & (found.gain < _GAIN))
    bound = (found.theta <= s.lower) | (found.theta >= s.upper)
    for b in np.flatnonzero(ended):
        open_ = ~(bound[b] & (np.abs(found.gradient[b]) > 1e-6))
        H = found.hessian[b][np.ix_(open_, open_)]
        if H.size and np.linalg.eigvalsh(H)[-1] > 1e-6 * np.abs(H).max():
            ended[b] = False
    return ended


def _off_the_ridge(found: Optima, arrived: NDArray[np.bool_], unit: float) -> Array:
    """New starts beside the highest point, where that is no optimum: a step too long can end where a deviation is zero and the slope with it.

    Both ways along the direction that curves upwards most; none where the highest point is an optimum.
    """
    value = np.where(np.isfinite(found.value), found.value, -np.inf)
    best = int(np.argmax(value))
    H = found.hessian[best]
    if arrived[best] or not np.isfinite(H).all():
        return np.empty((0, found.theta.shape[1]))
    size, direction = np.linalg.eigh(H)
    if size[-1] <= 0:
        return np.empty((0, found.theta.shape[1]))
    return np.asarray(found.theta[best] + unit * np.outer([0.1, -0.1, 0.5, -0.5], direction[:, -1]))


def _both(a: Optima, b: Optima) -> Optima:
    """The ends of two climbs together."""
    joined = {n: np.concatenate([getattr(a, n), getattr(b, n)]) for n in ("theta", "value", "gradient", "hessian", "gain", "converged")}
    return Optima(**joined, iterations=a.iterations + b.iterations)


def cochran(problem: Problem, beta: Array) -> float:
    residual = problem.y - problem.X @ beta
    total = 0.0
    for part in problem.parts:
        e = residual[part.rows][..., None]
        total += float((e * np.linalg.solve(part.V, e)).sum())
    return total
