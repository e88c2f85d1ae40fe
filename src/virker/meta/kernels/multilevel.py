"""The likelihood of a multilevel model, row by row and cluster by cluster: what :mod:`virker.meta.components` computes, in two passes over the data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from virker.meta.kernels import Array
from virker.meta.kernels.compile import compiled, part

Index = NDArray[np.int64]

LOG_2PI = float(np.log(2 * np.pi))
_LARGE, _SMALL = 1e200, 1e-200


@part
def _invert(A: Array, inverse: Array) -> float:
    """The inverse of a positive definite matrix from its lower triangle, by Cholesky; its log determinant."""
    p, logdet = len(A), 0.0
    for j in range(p):
        for n in range(j + 1):
            total = A[j, n]
            for i in range(n):
                total -= A[j, i] * A[n, i]
            A[j, n] = np.sqrt(total) if j == n else total / A[n, n]
        logdet += 2.0 * np.log(A[j, j])
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
    return logdet


@part
def _gram(Z: Array, v: Array, first: int, end: int, s2: float, rho: float, w: Array, ws: Array, S: Array, inner: Array, gram: Array) -> tuple[float, ...]:
    """One cluster before its study term, T = (D + rho s s')^-1: w = D^-1 1 and ws = D^-1 s by row, S = Z'T1, inner = Z'D^-1 s, gram = Z'TZ (lower).

    Returns 1'T1, 1'D^-1 s, b = rho / (1 + rho s'D^-1 s), and the log determinant.
    """
    q = Z.shape[1]
    logdet, product, h, ones, root_ones = 0.0, 1.0, 0.0, 0.0, 0.0
    for x in range(q):
        S[x] = 0.0
        inner[x] = 0.0
        for z in range(x + 1):
            gram[x, z] = 0.0
    for i in range(first, end):
        d = v[i] * (1.0 - rho) + s2
        w0 = 1.0 / d
        w[i - first] = w0
        ones += w0
        product *= d
        if product > _LARGE or product < _SMALL:
            logdet += np.log(product)
            product = 1.0
        for x in range(q):
            f = w0 * Z[i, x]
            S[x] += f
            for z in range(x + 1):
                gram[x, z] += f * Z[i, z]
        if rho != 0.0:
            root = np.sqrt(v[i])
            w1 = w0 * root
            ws[i - first] = w1
            h += w1 * root
            root_ones += w1
            for x in range(q):
                inner[x] += w1 * Z[i, x]
    b = 0.0
    if rho != 0.0:
        b = rho / (1.0 + rho * h)
        logdet += np.log(1.0 + rho * h)
        ones -= b * root_ones * root_ones
        for x in range(q):
            S[x] -= b * root_ones * inner[x]
            for z in range(x + 1):
                gram[x, z] -= b * inner[x] * inner[z]
    return ones, root_ones, b, logdet + np.log(product)


@part
def _table(X: Array) -> Array:
    """X (p, k) as rows of estimates, with a column left for y: (k, p + 1)."""
    Z = np.empty((X.shape[1], len(X) + 1))
    for x in range(len(X)):
        for i in range(X.shape[1]):
            Z[i, x] = X[x, i]
    return Z


@part
def _information(Z: Array, v: Array, starts: Index, sizes: Index, m: Array, rho: float, s1: float, s2: float, work: Array, square: Array) -> float:
    """Z'M^-1Z into ``square`` (lower triangle); the log determinant of M."""
    q, logdet = Z.shape[1], 0.0
    gram = np.empty((q, q))
    square[:] = 0.0
    for j in range(len(starts)):
        f = m[j]
        if f == 0.0:
            continue
        tau, _, _, own = _gram(Z, v, starts[j], starts[j] + sizes[j], s2, rho, work[0], work[1], work[2], work[3], gram)
        a = s1 / (1.0 + s1 * tau)
        logdet += f * (own + np.log(1.0 + s1 * tau))
        for x in range(q):
            for z in range(x + 1):
                square[x, z] += f * (gram[x, z] - a * work[2, x] * work[2, z])
    return logdet


@part
def _accumulate(Z: Array, v: Array, starts: Index, sizes: Index, m: Array, rho: float, s1: float, s2: float, work: Array, G: Array, tr: Array) -> None:
    """Z'M^-1 A M^-1 Z for A = 11', I, and for 11'M^-1 11', 11'M^-1, M^-1 (the five of ``G``); tr: residual sum, and the five traces without X."""
    q, p = Z.shape[1], Z.shape[1] - 1
    w, ws, S, inner, gram, here, again, again_inner = work[0], work[1], work[2], work[3], np.empty((q, q)), np.empty(q), np.empty(q), np.empty(q)
    G[:] = 0.0
    tr[:] = 0.0
    for j in range(len(starts)):
        f, first, end = m[j], starts[j], starts[j] + sizes[j]
        if f == 0.0:
            continue
        tau, root_ones, b, _ = _gram(Z, v, first, end, s2, rho, w, ws, S, inner, gram)
        c = 1.0 / (1.0 + s1 * tau)
        a, ones = s1 * c, c * tau
        again[:] = 0.0
        again_inner[:] = 0.0
        tt, tTt, one, two, h2, h3, wt = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(first, end):
            w0, w1 = w[i - first], ws[i - first]
            t = w0 - w1 * b * root_ones
            for x in range(q):
                here[x] = w0 * Z[i, x] - w1 * b * inner[x] - t * a * S[x]  # a row of M^-1 Z
                again[x] += t * here[x]
                again_inner[x] += w1 * here[x]
                for z in range(x + 1):
                    square = f * here[x] * here[z]
                    G[1, x, z] += square
                    G[4, x, z] += w0 * square
            tt += t * t
            tTt += w0 * t * t
            one += w0
            two += w0 * w0
            h2 += w1 * w1
            h3 += w0 * w1 * w1
            wt += w1 * t
        for x in range(q):
            for z in range(q):
                G[3, z, x] += f * c * S[z] * c * again[x]
            for z in range(x + 1):
                square = f * c * S[x] * c * S[z]
                G[0, x, z] += square
                G[2, x, z] += ones * square
                G[4, x, z] -= f * (b * again_inner[x] * again_inner[z] + a * again[x] * again[z])
        tTt -= b * wt * wt
        tr[0] += f * (gram[p, p] - a * S[p] * S[p])
        tr[1] += f * ones
        tr[2] += f * (one - b * h2 - a * tt)
        tr[3] += f * ones * ones
        tr[4] += f * c * c * tt
        tr[5] += f * (two + b * h2 * b * h2 - 2.0 * b * h3 + a * tt * a * tt - 2.0 * a * tTt)
    for n in (0, 1, 2, 4):
        for x in range(q):
            for z in range(x):
                G[n, z, x] = G[n, x, z]


@part
def _derivatives(G: Array, tr: Array, bread: Array, reml: bool, out: Array) -> None:
    """Score, observed and expected information into ``out`` [1:], as in :func:`virker.meta.components.derivatives`."""
    p = len(bread)
    q11, q12, q22 = G[2, p, p], G[3, p, p], G[4, p, p]
    for x in range(p):
        for z in range(p):
            q11 -= G[0, x, p] * bread[x, z] * G[0, z, p]
            q12 -= G[0, x, p] * bread[x, z] * G[1, z, p]
            q22 -= G[1, x, p] * bread[x, z] * G[1, z, p]
            if reml:
                tr[1] -= bread[x, z] * G[0, z, x]
                tr[2] -= bread[x, z] * G[1, z, x]
                g1, g2, h1, h2 = 0.0, 0.0, 0.0, 0.0
                for i in range(p):
                    g1 += bread[x, i] * G[0, i, z]
                    g2 += bread[x, i] * G[1, i, z]
                    h1 += bread[z, i] * G[0, i, x]
                    h2 += bread[z, i] * G[1, i, x]
                tr[3] += g1 * h1 - 2.0 * bread[x, z] * G[2, x, z]
                tr[4] += g1 * h2 - 2.0 * bread[x, z] * G[3, x, z]
                tr[5] += g2 * h2 - 2.0 * bread[x, z] * G[4, x, z]
    out[1], out[2] = 0.5 * (G[0, p, p] - tr[1]), 0.5 * (G[1, p, p] - tr[2])
    out[3], out[4], out[5] = q11 - 0.5 * tr[3], q12 - 0.5 * tr[4], q22 - 0.5 * tr[5]
    out[6], out[7], out[8] = 0.5 * tr[3], 0.5 * tr[4], 0.5 * tr[5]


_EVALUATE = "Tuple((f8[:,::1], f8[:,::1], f8[:,:,::1]))(f8[:,::1], f8[::1], f8[:,::1], i8[::1], i8[::1], f8[:,::1], f8, b1, i8[::1], f8[::1], f8[::1])"


@compiled(_EVALUATE)
def evaluate(
    y: Array, v: Array, X: Array, starts: Index, sizes: Index, m: Array, rho: float, reml: bool, row: Index, study: Array, estimate: Array
) -> tuple[Array, Array, Array]:
    """Log-likelihood, score (2), observed (11, 12, 22) and expected information (11, 12, 22): (R, 9); beta (R, p) and bread (R, p, p).

    ``y`` (1 or B, k), ``v`` (k,), ``X`` (p, k), sorted by cluster; ``m`` (1 or B, g) how often each cluster counts; ``row`` (R,) which of the B
    data sets, at the components ``study`` and ``estimate`` (R,).
    """
    count, p = len(row), len(X)
    out, betas, breads = np.empty((count, 9)), np.empty((count, p)), np.empty((count, p, p))
    Z, work, square, G, tr, A = (
        _table(X),
        np.zeros((4, max(sizes.max(), p + 1))),
        np.empty((p + 1, p + 1)),
        np.empty((5, p + 1, p + 1)),
        np.empty(6),
        np.empty((p, p)),
    )
    for n in range(count):
        data, times = y[row[n] % len(y)], m[row[n] % len(m)]
        Z[:, p] = data
        logdet = _information(Z, v, starts, sizes, times, rho, study[n], estimate[n], work, square)
        A[:] = square[:p, :p]
        fixed = _invert(A, breads[n])
        for x in range(p):
            betas[n, x] = 0.0
            for z in range(p):
                betas[n, x] += breads[n, x, z] * square[p, z]
        for i in range(len(data)):
            for x in range(p):
                Z[i, p] -= betas[n, x] * Z[i, x]
        _accumulate(Z, v, starts, sizes, times, rho, study[n], estimate[n], work, G, tr)
        _derivatives(G, tr, breads[n], reml, out[n])
        rows = 0.0
        for j in range(len(sizes)):
            rows += times[j] * sizes[j]
        out[n, 0] = -0.5 * ((rows - p) * LOG_2PI + logdet + tr[0] + fixed) if reml else -0.5 * (rows * LOG_2PI + logdet + tr[0])
    return out, betas, breads


_HEIGHTS = "f8[:,:,::1](f8[:,::1], f8[::1], f8[:,::1], i8[::1], i8[::1], f8[:,::1], f8, b1, i8, f8[:,::1], f8[::1])"


@compiled(_HEIGHTS)
def heights(y: Array, v: Array, X: Array, starts: Index, sizes: Index, m: Array, rho: float, reml: bool, count: int, study: Array, estimate: Array) -> Array:
    """The log-likelihood of ``count`` data sets over a grid: ``study`` (s, e) or (s, 1) beside ``estimate`` (e,) → (count, s, e). ``y`` near zero."""
    q, p, g, many = len(X) + 1, len(X), len(starts), len(study)
    out = np.empty((count, many, len(estimate)))
    longest = sizes.max()
    w, ws, Z, inner = np.zeros(longest), np.zeros(longest), _table(X), np.empty(q)
    S, by_cluster, gram, total = np.empty(q), np.empty((q, g)), np.empty((q, q)), np.empty((q, q))
    tau, a, A, bread = np.empty(g), np.empty(g), np.empty((p, p)), np.empty((p, p))
    for n in range(count):
        data, times = y[n % len(y)], m[n % len(m)]
        for i in range(len(data)):
            Z[i, p] = data[i]
        for e in range(len(estimate)):
            total[:] = 0.0
            logdet, rows = 0.0, 0.0
            for j in range(g):
                f = times[j]
                tau[j], _, _, ld = _gram(Z, v, starts[j], starts[j] + sizes[j], estimate[e], rho, w, ws, S, inner, gram)
                logdet += f * ld
                rows += f * sizes[j]
                for x in range(q):
                    by_cluster[x, j] = S[x]
                    for z in range(x + 1):
                        total[x, z] += f * gram[x, z]
            for s in range(many):
                component, grown_logs = study[s, e % study.shape[1]], 0.0
                for j in range(g):
                    grown = 1.0 + component * tau[j]
                    a[j] = times[j] * component / grown
                # Logarithms of eight at a time.
                for first in range(0, g, 8):
                    product = 1.0
                    for j in range(first, min(first + 8, g)):
                        if times[j] == 1.0:
                            product *= 1.0 + component * tau[j]
                        else:
                            grown_logs += times[j] * np.log(1.0 + component * tau[j])
                    if np.isfinite(product):
                        grown_logs += np.log(product)
                    else:
                        for j in range(first, min(first + 8, g)):
                            grown_logs += np.log(1.0 + component * tau[j]) if times[j] == 1.0 else 0.0
                for x in range(q):
                    for z in range(x + 1):
                        square = 0.0
                        for j in range(g):
                            square += a[j] * by_cluster[x, j] * by_cluster[z, j]
                        gram[x, z] = total[x, z] - square
                for x in range(p):
                    for z in range(x + 1):
                        A[x, z] = gram[x, z]
                fixed = _invert(A, bread)
                fit = logdet + grown_logs + gram[p, p]
                for x in range(p):
                    for z in range(p):
                        fit -= gram[p, x] * bread[x, z] * gram[p, z]
                out[n, s, e] = -0.5 * ((rows - p) * LOG_2PI + fit + fixed) if reml else -0.5 * (rows * LOG_2PI + fit)
    return out
