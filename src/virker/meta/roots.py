"""Where a profile function of tau2 crosses zero: all crossings, certified by brackets on a grid that nothing varies faster than.

Three functions are asked for, each written as log N(t) - log D(t) so that units drop out (N and D as in Harville 1977,
doi:10.1080/01621459.1977.10480998; Viechtbauer 2005, doi:10.3102/10769986030003261):

=========  =====================  ==================  =========================================
kind       N(t)                   D(t)                crosses zero where
=========  =====================  ==================  =========================================
``reml``   y'PPy                  tr(P)               the restricted likelihood is stationary
``ml``     y'PPy                  sum of the weights  the likelihood is stationary
``q``      y'Py, the Q statistic  a target            Q equals the target (DerSimonian & Kacker 2007)
=========  =====================  ==================  =========================================

Weights change with t as 1/(v_i + t), so every function varies on the scale of log(t + min v); the grid is even in that. Above the last point
no function can be positive: y'PPy <= RSS/(t + min v)^2 and tr(P) >= (n - p)/(t + max v), RSS the unweighted residual sum of squares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from virker.meta import kernels
from virker.meta.batch import Array, Batch, cross, inverse, project, solve, times, trace_of_product
from virker.meta.errors import NotConverged

Kind = Literal["reml", "ml", "q"]

_STEP = 0.3  # of the grid, in log(t + min v)
_BETWEEN = 25  # points in two cells of the grid, where the function nearly touches zero
_CELLS = 2_000_000  # numbers held at once
_CLOSE = 1e-8  # a Newton step this small (in log(t + min v)) leaves an error of its square
_TURNS = 100
MANY = 200  # fits: from here on it pays to load the compiled kernel


@dataclass(frozen=True, slots=True)
class Crossings:
    """All downward crossings in a batch.

    Attributes
    ----------
    row : (C,) which fit.
    t : (C,) where.
    start : (B,) the function at t = 0: above zero, zero lies below the first crossing.
    """

    row: Array
    t: Array
    start: Array


def crossings(batch: Batch, kind: Kind, target: Array | float = 1.0) -> Crossings:
    """Every downward crossing of the function of ``kind`` on t >= 0, for each fit of ``batch``.

    ``target`` (B,) or one number, above zero, is what Q shall equal (``kind`` "q").

    Raises
    ------
    NotConverged
        A bracketed root was not found to the last digits.
    """
    target = np.broadcast_to(np.asarray(target, dtype=np.float64), (batch.size,))
    compiled = kernels.kernel("univariate", load=batch.size >= MANY)
    if compiled is not None:
        found = _compiled(compiled.crossings, _centred(batch), kind, target)
        if found is not None:
            return found
    per_row = batch.v.shape[1] * (batch.p + 1) ** 2 * (1 if len(batch.v) == 1 else 8)
    rows = max(1, _CELLS // per_row)
    if batch.size > rows:
        parts = [_crossings(batch.take(slice(s, s + rows)), kind, target[s : s + rows]) for s in range(0, batch.size, rows)]
        return Crossings(
            np.concatenate([part.row + s for part, s in zip(parts, range(0, batch.size, rows), strict=True)]),
            np.concatenate([part.t for part in parts]),
            np.concatenate([part.start for part in parts]),
        )
    return _crossings(batch, kind, target)


def _compiled(crossings: Callable[..., Any], batch: Batch, kind: Kind, target: Array) -> Crossings | None:
    """The same by the compiled kernel; None where it left a root open, so that what follows says why."""
    own = kernels.own
    row, t, start, good = crossings(own(batch.y), own(batch.v), own(batch.X.transpose(0, 2, 1)), own(batch.m), ("reml", "ml", "q").index(kind), own(target))
    return Crossings(row, t, start) if good else None


def _crossings(batch: Batch, kind: Kind, target: Array) -> Crossings:
    batch = _centred(batch)
    grid = _grid(batch, kind, target)
    g = _on_grid(batch, grid, kind, target)
    row, cell = np.nonzero((g[:, :-1] > 0) & (g[:, 1:] <= 0))
    at = np.broadcast_to(grid, g.shape)
    brackets: tuple[Array, ...] = (row, at[row, cell], at[row, cell + 1], g[row, cell], g[row, cell + 1])
    if kind != "q":  # Q falls in t: it cannot touch its target from one side
        brackets = tuple(np.concatenate(both) for both in zip(brackets, _near_touches(batch, kind, at, g), strict=True))
    row = brackets[0]
    if not len(row):
        return Crossings(row, np.empty(0), g[:, 0])
    t = _newton(batch.take(row), kind, target[row], *brackets[1:])
    return Crossings(row, t, g[:, 0])


def _near_touches(batch: Batch, kind: Kind, at: Array, g: Array) -> tuple[Array, ...]:
    """Brackets (row, low, high, g there) of crossings between the points: where the function turns round so near zero that it may have crossed twice."""
    with np.errstate(invalid="ignore"):
        left, middle, right = g[:, :-2], g[:, 1:-1], g[:, 2:]
        same = (np.sign(left) == np.sign(middle)) & (np.sign(right) == np.sign(middle))
        turns = (np.abs(middle) <= np.abs(left)) & (np.abs(middle) <= np.abs(right))
        row, j = np.nonzero(same & turns & (np.abs(middle) < np.abs(left - 2.0 * middle + right)))
    if not len(row):
        return row, *(np.empty(0) for _ in range(4))
    t = at[row, j][:, None] + (at[row, j + 2] - at[row, j])[:, None] * np.linspace(0.0, 1.0, _BETWEEN)
    with np.errstate(divide="ignore", invalid="ignore"):  # NaN where one weight drowns the others: no crossing is seen there
        fine = function(batch.take(np.repeat(row, _BETWEEN)), kind, 1.0, t.ravel())[0].reshape(t.shape)
    which, cell = np.nonzero((fine[:, :-1] > 0) & (fine[:, 1:] <= 0))
    return row[which], t[which, cell], t[which, cell + 1], fine[which, cell], fine[which, cell + 1]


def _centred(batch: Batch) -> Batch:
    """The unweighted residuals in place of y: P does not see the difference, and sums of squares keep their digits."""
    return Batch(
        solve(batch, np.broadcast_to(batch.m, (batch.size if len(batch.y) > 1 or len(batch.X) > 1 or len(batch.m) > 1 else 1, batch.m.shape[1]))).r,
        batch.v,
        batch.X,
        batch.m,
    )


def upper_bound(batch: Batch, kind: Kind, target: Array | float) -> Array:
    """(B,) t above which the function is below zero; ``batch.y`` must be unweighted residuals."""
    rss = (batch.m * batch.y * batch.y).sum(axis=1)
    low = batch.v.min(axis=1)
    if kind == "q":
        reach = rss / target
    else:
        mean = rss / np.maximum(batch.n - batch.p, 0.5)
        reach = 0.5 * (mean + np.sqrt(mean * mean + 4.0 * mean * (batch.v.max(axis=1) - low)))
    return np.asarray(np.maximum(reach - low, 0.0))


def _grid(batch: Batch, kind: Kind, target: Array) -> Array:
    """t from 0 to the bound: (G,) where the variances are shared, (B, G) where each fit has its own."""
    low = batch.v.min(axis=1)
    end = upper_bound(batch, kind, target)
    if len(batch.v) == 1:
        end = end.max(keepdims=True)
    span = np.log1p(end / low) + 1e-3
    points = int(span.max() / _STEP) + 3
    t = low[:, None] * np.expm1(span[:, None] * (np.arange(points) / (points - 1.0)))
    return np.asarray(t[0] if len(batch.v) == 1 else t)


def _on_grid(batch: Batch, grid: Array, kind: Kind, target: Array) -> Array:
    """The function at all points of the grid: (B, G). Sums of weights times products of X and y, one matrix product for all fits."""
    p, points = batch.p, grid.shape[-1]
    features = _features(batch)
    b, f, k = features.shape
    sums = np.zeros((b, f, points if kind == "q" else 2 * points))
    for start in range(0, k, 4096):
        part = slice(start, start + 4096)
        if grid.ndim == 1:
            w = _powers(1.0 / (batch.v[0, part, None] + grid), kind)
            sums += (features[:, :, part].reshape(b * f, -1) @ w).reshape(sums.shape)
        else:
            sums += np.matmul(features[:, :, part], _powers(1.0 / (batch.v[:, part, None] + grid[:, None, :]), kind))
    first, second = sums[..., :points], sums[..., points:]
    with np.errstate(divide="ignore", invalid="ignore"):
        if p == 1:
            beta = first[:, 3] / first[:, 2]
            if kind == "q":
                return np.asarray(_log(first[:, 1] - first[:, 3] * beta) - np.log(target)[:, None])
            top = second[:, 1] - 2.0 * second[:, 3] * beta + second[:, 2] * beta * beta
            bottom = first[:, 0] - second[:, 2] / first[:, 2] if kind == "reml" else first[:, 0]
            return np.asarray(_log(top) - _log(bottom))
        A, xy = _matrices(first, p)
        inv = inverse(A)
        many = np.matmul(inv, xy[..., None])[..., 0]
        if kind == "q":
            return np.asarray(_log(first[:, 1] - (xy * many).sum(axis=-1)) - np.log(target)[:, None])
        A2, xy2 = _matrices(second, p)
        top = second[:, 1] - 2.0 * (xy2 * many).sum(axis=-1) + (np.matmul(A2, many[..., None])[..., 0] * many).sum(axis=-1)
        bottom = first[:, 0] - trace_of_product(inv, A2) if kind == "reml" else first[:, 0]
        return np.asarray(_log(top) - _log(bottom))


def _powers(w: Array, kind: Kind) -> Array:
    """The weights and, where the function needs them, their squares beside them."""
    return w if kind == "q" else np.concatenate([w, w * w], axis=-1)


def _matrices(sums: Array, p: int) -> tuple[Array, Array]:
    """X'WX (B, G, p, p) and X'Wy (B, G, p) out of the sums (B, f, G)."""
    moved = np.ascontiguousarray(np.moveaxis(sums[:, 2:], 1, 2))
    return moved[..., : p * p].reshape(*moved.shape[:2], p, p), moved[..., p * p :]


def _log(values: Array) -> Array:
    return np.log(np.maximum(values, 0.0))


def _features(batch: Batch) -> Array:
    """m times 1, y^2, the products of columns of X, and X y: (B, 2 + p p + p, k)."""
    X = batch.X.transpose(0, 2, 1)
    b, k, p = batch.size, batch.v.shape[1], batch.p
    products = (X[:, :, None, :] * X[:, None, :, :]).reshape(len(X), p * p, k)
    out = np.empty((b, 2 + p * p + p, k))
    out[:, 0] = batch.m
    out[:, 1] = batch.m * batch.y * batch.y
    out[:, 2 : 2 + p * p] = batch.m[:, None, :] * products
    out[:, 2 + p * p :] = (batch.m * batch.y)[:, None, :] * X
    return out


def function(batch: Batch, kind: Kind, target: Array | float, t: Array) -> tuple[Array, Array]:
    """The function and its derivative in t, from residuals (no cancellation), at ``t`` (R,): one for each row."""
    w0 = 1.0 / (batch.v + t[:, None])
    w = batch.m * w0
    fit = solve(batch, w, refine=False)
    z = w0 * fit.r
    mz = batch.m * z
    top = (mz * z).sum(axis=1)
    if kind == "q":
        q = (mz * fit.r).sum(axis=1)
        return np.log(q / target), -top / q
    h = project(batch, w * z)
    slope = -2.0 * ((w * z * z).sum(axis=1) - (h * times(fit.inverse, h)).sum(axis=1))
    bottom, fall = w.sum(axis=1), (w * w0).sum(axis=1)
    if kind == "reml":
        H = np.matmul(fit.inverse, cross(batch, w * w0))
        bottom = bottom - np.trace(H, axis1=1, axis2=2)
        fall = fall - 2.0 * trace_of_product(fit.inverse, cross(batch, w * w0 * w0)) + trace_of_product(H, H.transpose(0, 2, 1))
    return np.log(top / bottom), slope / top + fall / bottom


def _newton(batch: Batch, kind: Kind, target: Array, low: Array, high: Array, g_low: Array, g_high: Array) -> Array:
    """The root in each bracket, by Newton steps in log(t + min v) that may not leave it."""
    c = np.broadcast_to(batch.v.min(axis=1), low.shape)
    a, b = np.log(low + c), np.log(high + c)
    with np.errstate(invalid="ignore"):
        share = np.where(np.isfinite(g_high) & np.isfinite(g_low), g_low / (g_low - g_high), 0.5)
    x = a + share * (b - a)
    out = np.empty(len(x))
    live = np.arange(len(x))
    for _ in range(_TURNS):
        t = np.maximum(np.exp(x) - c[live], 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            g, slope = function(batch, kind, target, t)
            step = -g / (slope * np.exp(x))
        a, b = np.where(g > 0, x, a), np.where(g > 0, b, x)
        inside = (x + step >= a) & (x + step <= b)
        tiny = np.abs(step) <= _CLOSE
        done = tiny | (b - a <= 4e-16 * np.maximum(np.abs(b), 1.0)) | (g == 0)
        x = np.where(inside | tiny, x + np.where(np.isfinite(step), step, 0.0), 0.5 * (a + b))
        if done.any():
            out[live[done]] = np.maximum(np.expm1(x[done] - np.log(c[live[done]])) * c[live[done]], 0.0)
            keep = ~done
            if not keep.any():
                return out
            live, x, a, b, target = live[keep], x[keep], a[keep], b[keep], target[keep]
            batch = batch.take(keep)
    raise NotConverged(
        f"{len(live)} of {len(out)} roots for tau2 were bracketed, but not found after {_TURNS} steps: variances {batch.v.min():.3g} to {batch.v.max():.3g}."
    )
