"""Univariate models, row by row: where the profile functions of tau2 cross zero, as :mod:`virker.meta.roots` finds it, and the fit at a tau2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from virker.meta.kernels import Array
from virker.meta.kernels.compile import compiled, part

Index = NDArray[np.int64]

REML, ML, Q = 0, 1, 2

_STEP = 0.3  # as in roots.py
_BETWEEN = 25
_CLOSE = 1e-8
_TURNS = 100
_CHUNK = 256  # estimates whose weights over the grid are held at once


@part
def _bounds(r: Array, v: Array, m: Array, p: int, kind: int, target: float) -> tuple[float, float]:
    """The smallest variance, and t above which the function is below zero."""
    rss, n, low, high = 0.0, 0.0, np.inf, 0.0
    for i in range(len(r)):
        rss += m[i] * r[i] * r[i]
        n += m[i]
        low, high = min(low, v[i]), max(high, v[i])
    if kind == Q:
        reach = rss / target
    else:
        mean = rss / max(n - p, 0.5)
        reach = 0.5 * (mean + np.sqrt(mean * mean + 4.0 * mean * (high - low)))
    return low, max(reach - low, 0.0)


@part
def _nearly_touches(left: float, middle: float, right: float) -> bool:
    """Does the logarithm turn round nearer to zero than it bends? Asked of the ratios themselves first: logarithms cost."""
    if not ((middle > 1.0 and left >= middle and right >= middle) or (middle < 1.0 and left <= middle and right <= middle)):
        return False
    left, middle, right = np.log(left), np.log(middle), np.log(right)
    return abs(middle) <= abs(left) and abs(middle) <= abs(right) and abs(middle) < abs(left - 2.0 * middle + right)


@part
def _invert(A: Array, inverse: Array) -> None:
    """The inverse of a positive definite matrix from its lower triangle, which its Cholesky factor and then that factor's inverse take the place of."""
    p = len(A)
    for j in range(p):
        for n in range(j + 1):
            total = A[j, n]
            for i in range(n):
                total -= A[j, i] * A[n, i]
            A[j, n] = np.sqrt(total) if j == n else total / A[n, n]
    for j in range(p):
        A[j, j] = 1.0 / A[j, j]
        for n in range(j):
            total = 0.0
            for i in range(n, j):
                total -= A[j, i] * A[i, n]
            A[j, n] = total * A[j, j]
    for j in range(p):
        for n in range(j + 1):
            total = 0.0
            for i in range(j, p):
                total += A[i, j] * A[i, n]
            inverse[j, n] = inverse[n, j] = total


@part
def _one(r: Array, v: Array, x: Array, m: Array, t: float, kind: int, target: float, work: Array) -> tuple[float, float]:
    """With one column: sums only."""
    w = work[0]
    a, b = 0.0, 0.0
    for i in range(len(r)):
        w[i] = 1.0 / (v[i] + t)
        f = m[i] * w[i] * x[i]
        a += f * x[i]
        b += f * r[i]
    beta = b / a
    rss, top, third, h, first, fall, a2, a3 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(len(r)):
        w0, e = w[i], r[i] - beta * x[i]
        f = m[i] * w0
        z, g0, xx = f * e * e, f * w0, x[i] * x[i]
        rss += z
        top += z * w0
        third += z * w0 * w0
        h += g0 * x[i] * e
        first += f
        fall += g0
        a2 += g0 * xx
        a3 += g0 * w0 * xx
    if kind == Q:
        return np.log(max(rss, 0.0) / target), -top / rss
    H = a2 / a if kind == REML else 0.0
    bottom = first - H
    if kind == REML:
        fall += H * H - 2.0 * a3 / a
    return np.log(max(top, 0.0) / max(bottom, 0.0)), -2.0 * (third - h * h / a) / top + fall / bottom


@part
def _many(r: Array, v: Array, X: Array, m: Array, t: float, kind: int, target: float, work: Array, matrices: Array) -> tuple[float, float]:
    """With p columns: products of columns, and the inverse of X'WX by Cholesky."""
    k, p, e, w = len(r), len(X), work[0], work[1]
    A, A2, inverse, A3 = matrices[0], matrices[1], matrices[2], matrices[3]
    for i in range(k):
        w[i] = 1.0 / (v[i] + t)
        e[i] = r[i]
    for j in range(p):
        for n in range(j + 1):
            one, two, three = 0.0, 0.0, 0.0
            for i in range(k):
                f = m[i] * w[i] * X[j, i] * X[n, i]
                one += f
                two += f * w[i]
                three += f * w[i] * w[i]
            A[j, n], A2[j, n], A2[n, j], A3[j, n], A3[n, j] = one, two, two, three, three
    _invert(A, inverse)
    c = A[0]
    for j in range(p):
        total = 0.0
        for i in range(k):
            total += m[i] * w[i] * X[j, i] * r[i]
        c[j] = total
    for j in range(p):
        beta = 0.0
        for n in range(p):
            beta += inverse[j, n] * c[n]
        for i in range(k):
            e[i] -= beta * X[j, i]
    rss, top, first, fall, third = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(k):
        f, z = m[i] * w[i], w[i] * e[i]
        rss += f * e[i] * e[i]
        top += m[i] * z * z
        first += f
        fall += f * w[i]
        third += f * z * z
    if kind == Q:
        return np.log(max(rss, 0.0) / target), -top / rss
    bottom, inner = first, 0.0
    if kind == REML:
        for j in range(p):
            for n in range(p):
                bottom -= inverse[j, n] * A2[n, j]
                fall -= 2.0 * inverse[j, n] * A3[n, j]
                H, back = 0.0, 0.0
                for i in range(p):
                    H += inverse[j, i] * A2[i, n]
                    back += inverse[n, i] * A2[i, j]
                fall += H * back
    for j in range(p):
        total = 0.0
        for i in range(k):
            total += m[i] * w[i] * w[i] * e[i] * X[j, i]
        c[j] = total
    for j in range(p):
        for n in range(p):
            inner += c[j] * inverse[j, n] * c[n]
    return np.log(max(top, 0.0) / max(bottom, 0.0)), -2.0 * (third - inner) / top + fall / bottom


@part
def _at(r: Array, v: Array, X: Array, m: Array, t: float, kind: int, target: float, work: Array, matrices: Array) -> tuple[float, float]:
    """The function at ``t``, from residuals (no cancellation), and its derivative."""
    return _one(r, v, X[0], m, t, kind, target, work) if len(X) == 1 else _many(r, v, X, m, t, kind, target, work, matrices)


@part
def _newton(
    r: Array,
    v: Array,
    X: Array,
    m: Array,
    kind: int,
    target: float,
    least: float,
    low: float,
    high: float,
    g_low: float,
    g_high: float,
    work: Array,
    matrices: Array,
) -> tuple[float, bool]:
    """The root in the bracket, by Newton steps in log(t + least) that may not leave it; and whether it was found."""
    a, b = np.log(low + least), np.log(high + least)
    x = a + (g_low / (g_low - g_high) if np.isfinite(g_low) and np.isfinite(g_high) else 0.5) * (b - a)
    for _ in range(_TURNS):
        t = max(np.exp(x) - least, 0.0)
        g, slope = _at(r, v, X, m, t, kind, target, work, matrices)
        step = -g / (slope * np.exp(x))
        if g > 0:
            a = x
        else:
            b = x
        tiny = abs(step) <= _CLOSE
        done = tiny or b - a <= 4e-16 * max(abs(b), 1.0) or g == 0
        x = x + (step if np.isfinite(step) else 0.0) if tiny or a <= x + step <= b else 0.5 * (a + b)
        if done:
            return max(np.expm1(x - np.log(least)) * least, 0.0), True
    return np.nan, False


@part
def _fill(W: Array, v: Array, t: Array, kind: int) -> None:
    """Weights 1/(v + t) of some estimates (rows) over the grid, and their squares behind them."""
    points = len(t)
    for i in range(len(v)):
        for j in range(points):
            w = 1.0 / (v[i] + t[j])
            W[i, j] = w
            if kind != Q:
                W[i, points + j] = w * w


@part
def _sums(r: Array, X: Array, m: Array, W: Array, width: int, S: Array) -> None:
    """Add to S (2 + p + p (p + 1) / 2, width): weights times m, m r^2, m x r, and m times the products of columns."""
    p = len(X)
    for i in range(len(r)):
        c0, c1, c2, c3 = m[i], m[i] * r[i] * r[i], m[i] * X[0, i] * r[i], m[i] * X[0, i] * X[0, i]
        if c0 == 0.0:
            continue
        last = 2 + p
        for n in range(width):
            w = W[i, n]
            S[0, n] += c0 * w
            S[1, n] += c1 * w
            S[2, n] += c2 * w
            S[last, n] += c3 * w
        at = last + 1
        for j in range(1, p):
            c = m[i] * X[j, i] * r[i]
            for n in range(width):
                S[2 + j, n] += c * W[i, n]
            for left in range(j + 1):
                c = m[i] * X[j, i] * X[left, i]
                for n in range(width):
                    S[at, n] += c * W[i, n]
                at += 1


@part
def _values(S: Array, p: int, kind: int, target: float, points: int, matrices: Array, g: Array) -> None:
    """N(t) / D(t) over the grid, from its sums."""
    if p == 1:
        for n in range(points):
            beta = S[2, n] / S[3, n]
            if kind == Q:
                g[n] = max(S[1, n] - beta * S[2, n], 0.0) / target
            else:
                top = S[1, points + n] - 2.0 * beta * S[2, points + n] + beta * beta * S[3, points + n]
                bottom = S[0, n] - S[3, points + n] / S[3, n] if kind == REML else S[0, n]
                g[n] = max(top, 0.0) / max(bottom, 0.0)
        return
    A, A2, inverse, c = matrices[0], matrices[1], matrices[2], matrices[3]
    for n in range(points):
        for j in range(p):
            for i in range(j + 1):
                at = 2 + p + j * (j + 1) // 2 + i
                A[j, i] = S[at, n]
                if kind != Q:
                    A2[j, i] = A2[i, j] = S[at, points + n]
        _invert(A, inverse)
        rss, top, trace = S[1, n], 0.0, 0.0
        for j in range(p):
            beta = 0.0
            for i in range(p):
                beta += inverse[j, i] * S[2 + i, n]
            c[0, j] = beta
            rss -= beta * S[2 + j, n]
        if kind == Q:
            g[n] = max(rss, 0.0) / target
            continue
        top = S[1, points + n]
        for j in range(p):
            top -= 2.0 * c[0, j] * S[2 + j, points + n]
            for i in range(p):
                top += c[0, j] * A2[j, i] * c[0, i]
                trace += inverse[j, i] * A2[j, i]
        bottom = S[0, n] - trace if kind == REML else S[0, n]
        g[n] = max(top, 0.0) / max(bottom, 0.0)


@compiled("Tuple((i8[::1], f8[::1], f8[::1], b1))(f8[:,::1], f8[:,::1], f8[:,:,::1], f8[:,::1], i8, f8[::1])")
def crossings(y: Array, v: Array, X: Array, m: Array, kind: int, target: Array) -> tuple[Index, Array, Array, bool]:
    """Rows and places (C,) of all downward crossings, the function at 0 (B,), and whether all roots were found.

    ``y`` (1 or B, k) unweighted residuals, ``v`` and ``m`` (1 or B, k), ``X`` (1 or B, p, k), columns of the design along the rows; ``target`` (B,).
    """
    size, k, p = len(target), v.shape[1], X.shape[1]
    row, place, start = np.empty(2 * size + 64, np.int64), np.empty(2 * size + 64), np.empty(size)
    work, matrices, chunk = np.empty((2, k)), np.empty((4, p, p)), min(k, _CHUNK)
    points, powers, count, good = 0, 1 if kind == Q else 2, 0, True
    t, g, W, S = np.empty(0), np.empty(0), np.empty((0, 0)), np.empty((0, 0))
    # Where all fits share the variances, they share the grid and the weights over it.
    shared, end = len(v) == 1, 0.0
    if shared:
        for b in range(size):
            end = max(end, _bounds(y[b % len(y)], v[0], m[b % len(m)], p, kind, target[b])[1])
    for b in range(size):
        r, var, design, times = y[b % len(y)], v[b % len(v)], X[b % len(X)], m[b % len(m)]
        if not shared or b == 0:
            low, own = _bounds(r, var, times, p, kind, target[b])
            span = np.log1p((end if shared else own) / low) + 1e-3
            points = int(span / _STEP) + 3
            t = low * np.expm1(span * (np.arange(points) / (points - 1.0)))
            g, S = np.empty(points), np.empty((2 + p + p * (p + 1) // 2, powers * points))
            W = np.empty((chunk, powers * points))
            if shared:
                _fill(W, var[:chunk], t, kind)
        S[:] = 0.0
        for first in range(0, k, chunk):
            some = slice(first, min(k, first + chunk))
            if not shared or k > chunk:
                _fill(W, var[some], t, kind)
            _sums(r[some], design[:, some], times[some], W, powers * points, S)
        _values(S, p, kind, target[b], points, matrices, g)
        start[b] = np.log(g[0])
        for j in range(points - 1):
            if count + 2 * _BETWEEN > len(row):
                row, place = np.concatenate((row, np.empty(len(row), np.int64))), np.concatenate((place, np.empty(len(place))))
            if g[j] > 1.0 and g[j + 1] <= 1.0:
                row[count] = b
                g0, g1 = np.log(g[j]), np.log(g[j + 1])
                place[count], found = _newton(r, var, design, times, kind, target[b], low, t[j], t[j + 1], g0, g1, work, matrices)
                good, count = good and found, count + 1
            elif kind != Q and j > 0 and _nearly_touches(g[j - 1], g[j], g[j + 1]):
                # The function turns round so near zero that it may have crossed twice.
                last, last_t = np.log(g[j - 1]), t[j - 1]
                for i in range(1, _BETWEEN):
                    here_t = t[j - 1] + (t[j + 1] - t[j - 1]) * (i / (_BETWEEN - 1.0))
                    here = _at(r, var, design, times, here_t, kind, target[b], work, matrices)[0]
                    if last > 0 and here <= 0:
                        row[count] = b
                        place[count], found = _newton(r, var, design, times, kind, target[b], low, last_t, here_t, last, here, work, matrices)
                        good, count = good and found, count + 1
                    last, last_t = here, here_t
    return row[:count].copy(), place[:count].copy(), start, good


@part
def _solve(y: Array, v: Array, X: Array, m: Array, t: float, work: Array, matrices: Array, beta: Array) -> float:
    """The weighted fit at ``t``, refined once: beta, its bread in ``matrices`` [2], m times the weights in ``work`` [1]; returns the sum of squares."""
    k, p, e, w = len(y), len(X), work[0], work[1]
    A, inverse, c = matrices[0], matrices[2], matrices[3, 0]
    for i in range(k):
        w[i] = m[i] / (v[i] + t)
        e[i] = y[i]
    for j in range(p):
        for n in range(j + 1):
            total = 0.0
            for i in range(k):
                total += w[i] * X[j, i] * X[n, i]
            A[j, n] = total
        beta[j] = 0.0
    _invert(A, inverse)
    for _ in range(2):
        for j in range(p):
            total = 0.0
            for i in range(k):
                total += w[i] * X[j, i] * e[i]
            c[j] = total
        for j in range(p):
            step = 0.0
            for n in range(p):
                step += inverse[j, n] * c[n]
            beta[j] += step
            for i in range(k):
                e[i] -= step * X[j, i]
    rss = 0.0
    for i in range(k):
        rss += w[i] * e[i] * e[i]
    return rss


@part
def _solve_one(y: Array, v: Array, x: Array, m: Array, t: float) -> tuple[float, float, float, float]:
    """The same with one column: beta, its bread, the sum of squares, and tr(P)."""
    a, b, first, squares = 0.0, 0.0, 0.0, 0.0
    for i in range(len(y)):
        w = 1.0 / (v[i] + t)
        f = m[i] * w
        xf = x[i] * f
        a += x[i] * xf
        b += y[i] * xf
        first += f
        squares += x[i] * xf * w
    beta, step, rss = b / a, 0.0, 0.0
    for i in range(len(y)):
        step += m[i] * x[i] / (v[i] + t) * (y[i] - beta * x[i])
    beta += step / a
    for i in range(len(y)):
        e = y[i] - beta * x[i]
        rss += m[i] * e * e / (v[i] + t)
    return beta, 1.0 / a, rss, first - squares / a


@compiled("Tuple((f8[:,::1], f8[:,:,::1], f8[::1], f8[::1], f8[::1]))(f8[:,::1], f8[:,::1], f8[:,:,::1], f8[:,::1], f8[::1])")
def models(y: Array, v: Array, X: Array, m: Array, tau2: Array) -> tuple[Array, Array, Array, Array, Array]:
    """For each row: coefficients (B, p) and bread (B, p, p) at its ``tau2`` (B,), the weighted sum of squares there (B,), and Q and tr(P) at zero (B,)."""
    size, k, p = len(tau2), v.shape[1], X.shape[1]
    beta, bread, rss, q, trace = np.empty((size, p)), np.empty((size, p, p)), np.empty(size), np.empty(size), np.empty(size)
    work, matrices = np.empty((2, k)), np.empty((4, p, p))
    for b in range(size):
        one, var, design, times = y[b % len(y)], v[b % len(v)], X[b % len(X)], m[b % len(m)]
        if p == 1:
            _, _, q[b], trace[b] = _solve_one(one, var, design[0], times, 0.0)
            beta[b, 0], bread[b, 0, 0], rss[b], _ = _solve_one(one, var, design[0], times, tau2[b])
            continue
        q[b] = _solve(one, var, design, times, 0.0, work, matrices, beta[b])
        total, w, inverse = 0.0, work[1], matrices[2]
        for i in range(k):
            total += w[i]
        for j in range(p):
            for n in range(p):
                square = 0.0
                for i in range(k):
                    square += w[i] / var[i] * design[j, i] * design[n, i]
                total -= inverse[j, n] * square
        trace[b] = total
        rss[b] = _solve(one, var, design, times, tau2[b], work, matrices, beta[b])
        bread[b] = matrices[2]
    return beta, bread, rss, q, trace
