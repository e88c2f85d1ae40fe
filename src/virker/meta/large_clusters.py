"""CR2 for a cluster of many rows, without a matrix of its size.

The adjustment of :mod:`virker.meta.sandwich`, A = D'B^(-1/2)D, does not depend on how D was taken from D'D = Φ: it is the inverse square root of
Φ(Φ - XCX') times Φ, and A'WX is the inverse square root of M = Φ(Φ - XCX') times X. M differs from Φ² by p columns, so that

.. math:: (M + t^2)^{-1}X = QX + Q\\Phi X\\,(C^{-1} - X'Q\\Phi X)^{-1}X'QX,\\qquad Q = (\\Phi^2 + t^2)^{-1}

needs p x p matrices and the solves of Φ + it alone (Woodbury's identity; QΦ and -tQ are the real and imaginary part of (Φ + it)^(-1)). The root is
a sum of these over some tens of t (:mod:`virker.meta.inverse_root`). C^(-1) - X'QΦX is summed without a difference: the information of all other
clusters, plus t²X'QΦ^(-1)X.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from virker.meta.blocks import Array, Index
from virker.meta.inverse_root import nodes

_CERTIFIED = 1e-8
_CHUNK = 1_000_000  # complex numbers held at once


@dataclass(frozen=True, slots=True)
class Shifted:
    """Solves with Φ + s of one cluster: ``solve`` from shifts (N,) and columns (n, q) to (N, n, q), ``times`` from columns to Φ times them.

    All eigenvalues of Φ lie from ``low`` to ``high``.
    """

    solve: Callable[[NDArray[Any], Array], NDArray[Any]]
    times: Callable[[Array], Array]
    low: float
    high: float


def adjusted(shifted: Shifted, X: Array, WX: Array, C: Array, rest: Array, least: float) -> Array | None:
    """A'WX (n, p), certified by what defines it: under the assumed covariance (A'WX)'e has the variance X'WX. None where digits were lost.

    ``C`` (p, p) the bread, ``rest`` (p, p) the information of all other clusters; ``least`` the smallest of one minus the cluster's leverages.
    """
    t, weight = nodes(shifted.low**2 * least, shifted.high**2)
    (n, p), out = X.shape, np.zeros_like(X)
    step = max(1, _CHUNK // (2 * n * p))
    for first in range(0, len(t), step):
        some, share = t[first : first + step, None, None], weight[first : first + step]
        solved = shifted.solve(1j * some[:, 0, 0], np.concatenate([X, WX], axis=1))
        QPX, QX, tQWX = solved.real[..., :p], -solved.imag[..., :p] / some, -some * solved.imag[..., p:]
        inner = np.linalg.solve(rest + X.T @ tQWX, X.T @ QX)
        out += np.tensordot(share, QX + QPX @ inner, axes=1)
    H, through = X.T @ WX, X.T @ out
    size = np.sqrt(np.diag(H))
    wrong = (out.T @ shifted.times(out) - through.T @ C @ through - H) / np.outer(size, size)
    return out if float(np.abs(wrong).max()) < _CERTIFIED else None


def of_studies(d: Array, root: Array, sigma2: float, study: Index) -> Shifted:
    """Φ = diag(d) + root root' + sigma2 11' within each study (labels (n,)), nothing between them."""
    order = np.argsort(study, kind="stable")
    label = study[order]
    starts = np.flatnonzero(np.append(True, label[1:] != label[:-1]))
    sizes = np.diff(np.append(starts, len(label)))
    sorted_d, r = d[order], root[order][:, None]

    def sums(rows: NDArray[Any]) -> NDArray[Any]:
        """Over studies, laid on every row again."""
        return np.asarray(np.repeat(np.add.reduceat(rows, starts, axis=1), sizes, axis=1))

    def solve(shifts: NDArray[Any], Z: Array) -> NDArray[Any]:
        D = (1 / (sorted_d + shifts[:, None]))[..., None]
        out, one = D * Z[order], D
        if r.any():
            share = D * r / (1 + sums(D * r * r))
            out, one = out - share * sums(r * out), D - share * sums(r * D)
        if sigma2:
            # Around the study's mean, which the study's component alone shrinks: the textbook formula subtracts two nearly equal numbers.
            total = sums(one)
            mean = sums(out) / total
            out = out - one * mean + one * mean / (1 + sigma2 * total)
        back = np.empty_like(out)
        back[:, order] = out
        return np.asarray(back)

    def times(Z: Array) -> Array:
        some, r2 = Z[order][None], r[None]
        back = np.empty_like(Z)
        back[order] = (sorted_d[:, None] * some + r2 * sums(r2 * some) + sigma2 * sums(some))[0]
        return back

    high = d.max() + float(np.add.reduceat((r * r)[:, 0], starts).max()) + sigma2 * float(sizes.max())
    return Shifted(solve, times, float(d.min()), float(high))
