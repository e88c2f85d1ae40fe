"""The likelihood of a multilevel model for many data sets at once: what the bootstraps refit.

The data sets share variances, design and studies; they differ in y, or in how often each study counts. The algebra is that of
:mod:`virker.meta.blocks` and :mod:`virker.meta.components`, with an axis of R points in front.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virker.meta import kernels
from virker.meta.blocks import Array, Groups, Index
from virker.meta.components import LOG_2PI, Problem
from virker.meta.roots import MANY

_CHUNK = 2_000_000  # numbers held at once


@dataclass(frozen=True, slots=True)
class Rows:
    """B data sets for one model; the first axis of ``y`` and ``m`` is 1 (shared) or B.

    Attributes
    ----------
    y : (1 or B, k) estimates in standard units, sorted by study, near zero.
    m : (1 or B, g) how often each study counts: 0 leaves it out, 2 is a bootstrap that drew it twice.
    problem : variances, orthonormal design, studies, and which components are free.
    """

    y: Array
    m: Array
    problem: Problem

    @property
    def size(self) -> int:
        """B."""
        return max(len(self.y), len(self.m))

    @property
    def held(self) -> int:
        """Data sets whose arrays are held at once."""
        p, k = self.problem.X.shape
        return max(1, int(_CHUNK // (k * (p + 2))))


@dataclass(frozen=True, slots=True)
class Looks:
    """The likelihood at R points: ``value`` (R,), ``score`` (R, 2), ``observed`` and ``expected`` information (R, 3: 11, 12, 22), ``beta`` (R, p), ``bread``."""

    value: Array
    score: Array
    observed: Array
    expected: Array
    beta: Array
    bread: Array


@dataclass(frozen=True, slots=True)
class _Inverse:
    """How to multiply by M^-1 at R points; as :class:`virker.meta.blocks.Factor`, with an axis in front. ``logdet`` is by study."""

    groups: Groups
    w: Array
    ws: Array | None
    b: Array
    t: Array
    tau: Array
    a: Array
    c: Array
    logdet: Array

    def partial(self, Z: Array) -> Array:
        """The inverse before the study term, times Z (R or 1, q, k): (R, q, k)."""
        out = Z * self.w[:, None]
        if self.ws is not None:
            out -= self.ws[:, None] * (self.b[:, None] * self.groups.sums(Z * self.ws[:, None]))[..., self.groups.codes]
        return np.asarray(out)

    def solve(self, Z: Array) -> tuple[Array, Array]:
        """M^-1 Z (R, q, k) and its sums by study (R, q, g)."""
        out = self.partial(Z)
        sums = self.groups.sums(out)
        out -= self.t[:, None] * (self.a[:, None] * sums)[..., self.groups.codes]
        return out, self.c[:, None] * sums


def inverse(problem: Problem, study: Array, estimate: Array) -> _Inverse:
    """M^-1 at the components ``study`` and ``estimate`` (R,)."""
    groups, rho = problem.groups, problem.rho
    d = problem.v * (1 - rho) + estimate[:, None]
    w = 1 / d
    logdet = groups.sums(np.log(d))
    ws, b, t = None, np.zeros((1, 1)), w
    if rho:
        root = np.sqrt(problem.v)
        ws = w * root
        h = rho * groups.sums(ws * root)
        b = rho / (1 + h)
        logdet = logdet + np.log1p(h)
        t = w - ws * (b * groups.sums(ws))[:, groups.codes]
    tau = groups.sums(t)
    scaled = study[:, None] * tau
    c = 1 / (1 + scaled)
    return _Inverse(groups, w, ws, b, t, tau, study[:, None] * c, c, logdet + np.log1p(scaled))


def looks(rows: Rows, row: Index, sigma2: Array) -> Looks:
    """The likelihood, its derivatives and coefficients of the data sets ``row`` (R,) at ``sigma2`` (R, 2)."""
    compiled = kernels.kernel("multilevel", load=rows.size >= MANY)
    if compiled is not None:
        n, beta, bread = compiled.evaluate(*_arguments(rows), kernels_index(row), kernels.own(sigma2[:, 0]), kernels.own(sigma2[:, 1]))
        return Looks(n[:, 0], n[:, 1:3], n[:, 3:6], n[:, 6:9], beta, bread)
    parts = [_looks(rows, row[a : a + rows.held], sigma2[a : a + rows.held]) for a in range(0, len(row), rows.held)]
    if len(parts) == 1:
        return parts[0]
    names = ("value", "score", "observed", "expected", "beta", "bread")
    return Looks(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def kernels_index(row: Index) -> Index:
    """Row numbers as kernels take them."""
    return np.ascontiguousarray(row, dtype=np.int64)


def _arguments(rows: Rows) -> tuple[object, ...]:
    own, p = kernels.own, rows.problem
    return own(rows.y), own(p.v), own(p.X), p.groups.starts, p.groups.sizes, own(rows.m), p.rho, p.reml


def _looks(rows: Rows, row: Index, sigma2: Array) -> Looks:
    problem = rows.problem
    X, groups, p, reml = problem.X, problem.groups, len(problem.X), problem.reml
    y, m = rows.y[row] if len(rows.y) > 1 else rows.y, rows.m[row] if len(rows.m) > 1 else rows.m
    f = inverse(problem, sigma2[:, 0], sigma2[:, 1])
    times = m[:, groups.codes]
    MX, MXs = f.solve(X[None])
    weighted = MX * times[:, None]
    A = weighted @ X.T
    bread = np.asarray(np.linalg.inv((A + np.swapaxes(A, 1, 2)) / 2), dtype=np.float64)
    beta = (bread @ (weighted * y[:, None]).sum(axis=2)[..., None])[..., 0]
    residual = y - beta @ X
    step = (bread @ (weighted * residual[:, None]).sum(axis=2)[..., None])[..., 0]
    beta, residual = beta + step, residual - step @ X
    u, us = (part[:, 0] for part in f.solve(residual[:, None]))
    fit = (f.logdet * m).sum(axis=1) + (times * u * residual).sum(axis=1)
    n = (m * groups.sizes).sum(axis=1)
    value = -0.5 * ((n - p) * LOG_2PI + fit + np.linalg.slogdet(A)[1]) if reml else -0.5 * (n * LOG_2PI + fit)
    again, sums = f.solve(np.concatenate([MX, u[:, None]], axis=1) if reml else u[:, None])
    ones = f.c * f.tau
    traces = _traces(f, m, ones)
    us_m, MXs_m = us * m, MXs * m[:, None]
    a1, a2 = (MXs_m * us[:, None]).sum(axis=2), (weighted * u[:, None]).sum(axis=2)
    b1, b2 = (bread @ a1[..., None])[..., 0], (bread @ a2[..., None])[..., 0]
    q11 = (us_m * ones * us).sum(axis=1) - (a1 * b1).sum(axis=1)
    q12 = (us_m * sums[:, -1]).sum(axis=1) - (a1 * b2).sum(axis=1)
    q22 = (times * u * again[:, -1]).sum(axis=1) - (a2 * b2).sum(axis=1)
    if reml:
        turned = np.swapaxes(MXs, 1, 2), np.swapaxes(MX, 1, 2)
        G1, G2 = bread @ (MXs_m @ turned[0]), bread @ (weighted @ turned[1])
        T = (MXs_m * ones[:, None]) @ turned[0], MXs_m @ np.swapaxes(sums[:, :p], 1, 2), weighted @ np.swapaxes(again[:, :p], 1, 2)
        traces[:, 0] -= np.trace(G1, axis1=1, axis2=2)
        traces[:, 1] -= np.trace(G2, axis1=1, axis2=2)
        for place, (g, h, t) in enumerate(((G1, G1, T[0]), (G1, G2, T[1]), (G2, G2, T[2])), start=2):
            traces[:, place] += (g * np.swapaxes(h, 1, 2)).sum(axis=(1, 2)) - 2 * (bread * t).sum(axis=(1, 2))
    score = np.asarray(0.5 * (np.column_stack([(us_m * us).sum(axis=1), (times * u * u).sum(axis=1)]) - traces[:, :2]))
    expected = 0.5 * traces[:, 2:]
    return Looks(value, score, np.column_stack([q11, q12, q22]) - expected, expected, beta, bread)


def _traces(f: _Inverse, m: Array, ones: Array) -> Array:
    """(R, 5): the traces of :meth:`virker.meta.blocks.Factor.traces`."""
    sums, t, w, a = f.groups.sums, f.t, f.w, f.a
    tt, tTt, first, second = sums(t * t), sums(w * t * t), sums(w), sums(w * w)
    if f.ws is not None:
        h2 = sums(f.ws * f.ws)
        first = first - f.b * h2
        second = second + (f.b * h2) ** 2 - 2 * f.b * sums(w * f.ws * f.ws)
        tTt = tTt - f.b * sums(f.ws * t) ** 2
    by_study = ones, first - a * tt, ones * ones, f.c * f.c * tt, second + (a * tt) ** 2 - 2 * a * tTt
    return np.column_stack([(part * m).sum(axis=1) for part in by_study])


def heights(rows: Rows, study: Array, estimate: Array) -> Array:
    """The log-likelihood of all data sets over a grid: ``study`` (s, e) or (s, 1) beside ``estimate`` (e,) → (B, s, e)."""
    compiled = kernels.kernel("multilevel", load=rows.size >= MANY)
    if compiled is not None:
        return np.asarray(compiled.heights(*_arguments(rows), rows.size, kernels.own(study), kernels.own(estimate)))
    out = np.empty((rows.size, len(study), len(estimate)))
    for first in range(0, rows.size, rows.held):
        some = slice(first, first + rows.held)
        part = Rows(rows.y[some] if len(rows.y) > 1 else rows.y, rows.m[some] if len(rows.m) > 1 else rows.m, rows.problem)
        for e in range(len(estimate)):
            out[some, :, e] = _heights(part, study[:, e % study.shape[1]], estimate[e])
    return out


def _heights(rows: Rows, study: Array, estimate: float) -> Array:
    """(B, s) for one value of the estimate component. Sums over studies are matrix products, whether y or the counts differ."""
    problem, m, y = rows.problem, rows.m, rows.y
    X, sums, p = problem.X, problem.groups.sums, len(problem.X)
    f = inverse(problem, np.zeros(1), np.full(1, estimate))
    TX, Ty = f.partial(X[None])[0], f.partial(y[:, None])[:, 0]
    SX, Sy = sums(TX), sums(Ty)
    scaled = study[:, None] * f.tau  # (s, g)
    a = (study[:, None] / (1 + scaled)).T

    def total(by_study: Array, at: Array) -> Array:
        """Sums over studies of by_study (1 or B, g) times at (g, s), as often as each counts: (B, s)."""
        return (by_study * m) @ at if len(m) == 1 else m @ (by_study[0][:, None] * at)

    one = np.ones((m.shape[1], 1))
    logdet = total(f.logdet, one) + total(np.ones((1, m.shape[1])), np.log1p(scaled).T)
    b = len(np.broadcast_to(logdet, (rows.size, len(study))))
    information, cross = np.empty((b, len(study), p, p)), np.empty((b, len(study), p))
    for i in range(p):
        for j in range(i + 1):
            information[..., i, j] = information[..., j, i] = total(sums(TX[i] * X[j])[None], one) - total((SX[i] * SX[j])[None], a)
        cross[..., i] = total(sums(TX[i] * y), one) - total(SX[i] * Sy, a)
    square = total(sums(Ty * y), one) - total(Sy * Sy, a)
    with np.errstate(all="ignore"):
        beta = np.linalg.solve(information, cross[..., None])[..., 0]
        fit = logdet + square - (beta * cross).sum(axis=-1)
        n = (m * problem.groups.sizes).sum(axis=1)[:, None]
        if not problem.reml:
            return np.asarray(-0.5 * (n * LOG_2PI + fit))
        return np.asarray(-0.5 * ((n - p) * LOG_2PI + fit + np.linalg.slogdet(information)[1]))
