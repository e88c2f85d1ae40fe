"""Linear algebra for covariance matrices that are block-diagonal by study, in a time linear in k.

The marginal covariance of the estimates of one study is

.. math:: M_j = D_j + \\rho s_j s_j' + \\sigma^2_{study} 1 1', \\qquad D_j = (1-\\rho)\\,diag(v_j) + \\sigma^2_{est} I,\\quad s_j = \\sqrt{v_j}

a diagonal matrix and one or two rank-one terms, so that two steps of Sherman and Morrison (1950, doi:10.1214/aoms/1177729893) invert it:
no :math:`n_j \\times n_j` matrix is ever formed. Everything is kept row-wise (rows, k), sorted by study, and summed over studies by ``reduceat``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.errors import InputError

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Groups:
    """Which rows belong together.

    Attributes
    ----------
    order : (k,) rows sorted by group, groups in order of first appearance, rows of one group in their own order.
    starts : (g,) where each group begins in that order.
    sizes : (g,) rows in each group.
    codes : (k,) the group of each *sorted* row, 0 … g-1.
    labels : (g,) the group's own label.
    sorted : whether the rows came sorted, so that nothing need be moved.
    """

    order: Index
    starts: Index
    sizes: Index
    codes: Index
    labels: NDArray[Any]
    sorted: bool

    @property
    def count(self) -> int:
        """Number of groups, g."""
        return len(self.starts)

    def sums(self, rows: Array) -> Array:
        """Sums within groups along the last axis: (…, k) sorted → (…, g)."""
        return np.add.reduceat(rows, self.starts, axis=-1)


def groups(labels: ArrayLike, k: int, *, what: str = "study") -> Groups:
    """Groups by label, in order of first appearance. ``labels`` may be numbers or texts, shape (k,)."""
    array = np.asarray(labels)
    if array.shape != (k,):
        raise InputError(f"'{what}' must give one label for each of the {k} estimates, it has the shape {array.shape}.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise InputError(f"'{what}' has missing labels.")
    change = np.empty(k, dtype=bool)
    change[:1] = True
    change[1:] = array[1:] != array[:-1]
    runs = np.flatnonzero(change)
    unique, first, inverse = np.unique(array[runs], return_index=True, return_inverse=True)
    rank = np.empty(len(unique), dtype=np.intp)
    rank[np.argsort(first, kind="stable")] = np.arange(len(unique))
    codes = np.repeat(rank[inverse.reshape(-1)], np.diff(np.append(runs, k)))
    already = len(unique) == len(runs)
    order = np.arange(k) if already else np.argsort(codes, kind="stable")
    codes = codes[order]
    sizes = np.bincount(codes, minlength=len(unique)).astype(np.intp)
    return Groups(order, np.append(0, np.cumsum(sizes)[:-1]).astype(np.intp), sizes, codes, array[runs][np.sort(first)], already)


def sums(rows: Array, grouping: Groups) -> Array:
    """Sums within groups of rows (k, …) in the user's order → (g, …)."""
    return np.asarray(np.add.reduceat(rows if grouping.sorted else rows[grouping.order], grouping.starts, axis=0), dtype=np.float64)


def codes(grouping: Groups) -> Index:
    """The group of each row in the user's order, (k,)."""
    out = np.empty_like(grouping.codes)
    out[grouping.order] = grouping.codes
    return out


@dataclass(frozen=True, slots=True)
class Factor:
    """What is needed to multiply by :math:`M^{-1}`, for one pair of variance components.

    Attributes
    ----------
    w : (k,) reciprocal of the diagonal part.
    ws, b : (k,) and (g,) the sampling-correlation term :math:`D^{-1}s` and :math:`\\rho/(1+\\rho s'D^{-1}s)`; None without ``rho``.
    t, tau : (k,) and (g,) :math:`T1` and :math:`1'T1`, with T the inverse before the study term.
    a, c : (g,) :math:`\\sigma^2/(1+\\sigma^2\\tau)` and :math:`1/(1+\\sigma^2\\tau)`.
    logdet : :math:`\\log|M|`.
    """

    groups: Groups
    w: Array
    ws: Array | None
    b: Array | None
    t: Array
    tau: Array
    a: Array
    c: Array
    logdet: float

    def solve(self, rows: Array) -> tuple[Array, Array]:
        """:math:`M^{-1}` times each row of (r, k), and its sums by study :math:`1'M^{-1}` (r, g)."""
        out = self._partial(rows)
        sums = self.groups.sums(out)
        out -= self.t * (self.a * sums)[..., self.groups.codes]
        return out, self.c * sums

    def _partial(self, rows: Array) -> Array:
        out = rows * self.w
        if self.ws is not None and self.b is not None:
            out -= self.ws * (self.b * self.groups.sums(rows * self.ws))[..., self.groups.codes]
        return out

    def traces(self) -> tuple[float, float, float, float, float]:
        """Traces of :math:`M^{-1}A`, A = 11' and I; and of :math:`M^{-1}A M^{-1}A'` for (11', 11'), (11', I), (I, I)."""
        sums, t, w, a = self.groups.sums, self.t, self.w, self.a
        ones = self.c * self.tau
        tt = sums(t * t)
        tTt = sums(w * t * t)
        first, second = float(w.sum()), float(w @ w)
        if self.ws is not None and self.b is not None:
            h2 = sums(self.ws**2)
            first -= float(self.b @ h2)
            second += float((self.b * h2) @ (self.b * h2)) - 2 * float(self.b @ sums(w * self.ws**2))
            tTt = tTt - self.b * sums(self.ws * t) ** 2
        first -= float(a @ tt)
        second += float((a * tt) @ (a * tt)) - 2 * float(a @ tTt)
        return float(ones.sum()), first, float(ones @ ones), float((self.c * self.c) @ tt), second


def factor(v: Array, grouping: Groups, sigma2_study: float, sigma2_estimate: float, rho: float = 0.0) -> Factor:
    """Prepare :math:`M^{-1}` for sampling variances ``v`` (k,), sorted by study."""
    d = v * (1 - rho) + sigma2_estimate
    w = 1 / d
    logdet = float(np.log(d).sum())
    ws = b = None
    t = w
    if rho:
        root = np.sqrt(v)
        ws = w * root
        h = rho * grouping.sums(ws * root)
        b = rho / (1 + h)
        logdet += float(np.log1p(h).sum())
        t = w - ws * (b * grouping.sums(ws))[grouping.codes]
    tau = grouping.sums(t)
    scaled = sigma2_study * tau
    logdet += float(np.log1p(scaled).sum())
    c = 1 / (1 + scaled)
    return Factor(grouping, w, ws, b, t, tau, sigma2_study * c, c, logdet)
