"""The cluster-robust sandwich, from what a fitted model assumes about its errors.

With weights :math:`W = \\Phi^{-1}`, :math:`\\Phi` the covariance that the model assumes, bread :math:`C = (X'WX)^{-1}` and residuals e,

.. math:: V = C \\Big(\\sum_j X_j'W_jA_j e_j e_j'A_j'W_jX_j\\Big) C.

======  ===============================================================================================================
CR0     A = I (Liang & Zeger 1986, doi:10.1093/biomet/73.1.13)
CR1     CR0 times g/(g-1)
CR1p    CR0 times g/(g-p)
CR1S    CR0 times g(k-1)/((g-1)(k-p))
CR2     A = D'B^(-1/2)D with :math:`D'D = \\Phi_j` and :math:`B = D(\\Phi_j - X_jCX_j')D'`: unbiased if the assumed covariance is right
        (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004)
CR3     A = (I - X_jCX_j'W_j)^(-1): nearly the jackknife by cluster
======  ===============================================================================================================

All but CR2 need p x p matrices only. CR2's B has the size of a cluster; clusters of one size are decomposed together, and large ones are adjusted
without it (:mod:`virker.meta.large_clusters`), in a time and memory linear in their rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from virker.meta.blocks import Array, Groups, Index, sums
from virker.meta.large_clusters import Shifted, adjusted

Kind = Literal["CR0", "CR1", "CR1p", "CR1S", "CR2", "CR3"]

# One minus the leverage of a cluster that alone decides a coefficient is zero to rounding.
_DECIDED = 1e-12
# Where the eigenvalues of B differ by more than this, singular values are taken instead.
_WIDE = 1e4
# Up to so many clusters, pairs of them are summed one by one, which costs no digits where one cluster outweighs the others.
_PAIRS = 300
# At most so many numbers in the blocks that are decomposed together.
_CHUNK = 4_000_000
# Clusters of so many rows are adjusted without a matrix of their size, unless they alone all but decide a coefficient.
_LARGE = 40
_WELL_BELOW_ONE = 1e-8


@dataclass(frozen=True, slots=True)
class Working:
    """What a model assumes, in the coordinates where it was fitted.

    Attributes
    ----------
    X, WX : (k, p) design and :math:`\\Phi^{-1}X`.
    residual, beta : (k,) and (p,).
    bread : (p, p) C.
    blocks : from row numbers (m, n) of m clusters to the assumed covariance (m, n, n).
    apart : the rows whose errors the model correlates; a cluster must hold all of them. None: all independent.
    back : (p, p) from these coefficients to those that the user asked for, the unit of y included.
    names : of the columns.
    intercept : is the first column of the user's design constant?
    shifted : from the rows (n,) of one cluster to solves with its covariance plus a number, in a time linear in n; None where there is no such way.
    """

    X: Array
    WX: Array
    residual: Array
    beta: Array
    bread: Array
    blocks: Callable[[Index], Array]
    apart: Index | None
    back: Array
    names: tuple[str, ...]
    intercept: bool
    shifted: Callable[[Index], Shifted] | None = None


@dataclass(frozen=True, slots=True)
class Sandwich:
    """The sandwich, and the pieces of its own distribution under the assumed covariance.

    With :math:`G_j = A_j'W_jX_jC`, the products of the pieces :math:`h_j = G_j'e_j` of two clusters have expectation
    :math:`E(h_ih_j') = -Y_i'Y_j`, and within one :math:`E(h_jh_j') = K_j`.

    Attributes
    ----------
    vcov : (p, p).
    K : (g, p, p).
    Y : (g, p, p) :math:`C^{1/2}X_j'G_j`, columns by coefficient.
    """

    vcov: Array
    K: Array
    Y: Array


@dataclass(frozen=True, slots=True)
class _Leverage:
    """How much of the information each cluster has, :math:`H_j = X_j'W_jX_j`, in coordinates where all of it is the identity.

    Attributes
    ----------
    root : (p, p) upper triangle with root'root = C.
    H : (g, p, p).
    rest : (g, p, p) information of all other clusters, summed without a difference, so that a cluster that has nearly all of it costs no digits.
    others, vector : (g, p) and (g, p, p) eigenvalues and vectors of root rest root': one minus the leverages. Exactly 0 where a cluster alone
        decides a direction.
    """

    root: Array
    H: Array
    rest: Array
    others: Array
    vector: Array


def sandwich(working: Working, cluster: Groups, kind: Kind) -> Sandwich:
    """The robust covariance of the model's coefficients, in the user's units."""
    g, (k, p), C = cluster.count, working.X.shape, working.bread
    leverage = _leverage(working, cluster)
    if kind == "CR2":
        U, K, scores = _cr2(working, cluster, leverage)
    else:
        scores = sums(working.WX * working.residual[:, None], cluster)
        if kind == "CR3":
            A, K = _jackknife(leverage)
            scores = np.einsum("gji,gj->gi", A, scores)
            U = leverage.H @ A @ C
        else:
            U = leverage.H @ C
            K = C @ leverage.H @ C @ leverage.rest @ C
    meat = scores.T @ scores * _factor(kind, g, k, p)
    back = working.back
    vcov = back @ C @ meat @ C @ back.T
    return Sandwich((vcov + vcov.T) / 2, back @ ((K + np.swapaxes(K, 1, 2)) / 2) @ back.T, leverage.root @ U @ back.T)


def _leverage(working: Working, cluster: Groups) -> _Leverage:
    H = sums(working.X[:, :, None] * working.WX[:, None, :], cluster)
    H = (H + np.swapaxes(H, 1, 2)) / 2
    rest = np.zeros_like(H)
    rest[1:] += np.cumsum(H, axis=0)[:-1]
    rest[:-1] += np.cumsum(H[::-1], axis=0)[-2::-1]
    root = np.asarray(np.linalg.cholesky(working.bread), dtype=np.float64).T
    others, vector = np.linalg.eigh(root @ rest @ root.T)
    return _Leverage(root, H, rest, np.where(others > _DECIDED, np.minimum(others, 1.0), 0.0), vector)


def _jackknife(leverage: _Leverage) -> tuple[Array, Array]:
    """(I - C H_j)^(-1) for each cluster, (g, p, p): what its score grows by when it has no say in the coefficients; and K.

    Where a cluster alone decides a coefficient, its residuals say nothing in that direction and the direction is left out, as in CR2.
    """
    others, vector, root = leverage.others, leverage.vector, leverage.root
    inverse = np.where(others > 0, 1 / np.where(others > 0, others, 1.0), 0.0)
    middle = (vector * inverse[:, None, :]) @ np.swapaxes(vector, 1, 2)
    share = (vector * (inverse * (1 - others))[:, None, :]) @ np.swapaxes(vector, 1, 2)
    return root.T @ middle @ np.linalg.inv(root).T, root.T @ share @ root


def _factor(kind: Kind, g: int, k: int, p: int) -> float:
    if kind == "CR1":
        return g / (g - 1) if g > 1 else float("nan")
    if kind == "CR1p":
        return g / (g - p) if g > p else float("nan")
    if kind == "CR1S":
        return g * (k - 1) / ((g - 1) * (k - p)) if g > 1 else float("nan")
    return 1.0


def _cr2(working: Working, cluster: Groups, leverage: _Leverage) -> tuple[Array, Array, Array]:
    """X'G and K in these coordinates, (g, p, p) both, and the adjusted scores (g, p)."""
    g, p, C = cluster.count, working.X.shape[1], working.bread
    U, K, scores = np.empty((g, p, p)), np.empty((g, p, p)), np.empty((g, p))
    large = _large(working, cluster, leverage)
    for j in np.flatnonzero(large):
        rows = cluster.order[cluster.starts[j] : cluster.starts[j] + cluster.sizes[j]]
        assert working.shifted is not None
        F = adjusted(working.shifted(rows), working.X[rows], working.WX[rows], C, leverage.rest[j], float(leverage.others[j, 0]))
        if F is None:
            large[j] = False
            continue
        # CR2 is what makes the covariance of A e that which the model assumes, so K needs no more than H.
        scores[j], U[j], K[j] = F.T @ working.residual[rows], working.X[rows].T @ F @ C, C @ leverage.H[j] @ C
    for n in np.unique(cluster.sizes[~large]):
        alike = np.flatnonzero((cluster.sizes == n) & ~large)
        for part in np.array_split(alike, -(-len(alike) * int(n) ** 2 // _CHUNK)):
            rows = cluster.order[cluster.starts[part][:, None] + np.arange(n)]
            X, phi = working.X[rows], working.blocks(rows)
            F, P = _adjusted(phi, working.WX[rows], leverage, part)
            scores[part] = np.einsum("mnp,mn->mp", F, working.residual[rows])
            U[part] = np.swapaxes(X, 1, 2) @ (F @ C)
            K[part] = C @ (np.swapaxes(P, 1, 2) @ P) @ C
    return U, K, scores


def _large(working: Working, cluster: Groups, leverage: _Leverage) -> NDArray[np.bool_]:
    """(g,) which clusters are adjusted without a matrix of their size."""
    if working.shifted is None:
        return np.zeros(cluster.count, dtype=bool)
    return (cluster.sizes >= _LARGE) & (leverage.others[:, 0] > _WELL_BELOW_ONE)


def _adjusted(phi: Array, WX: Array, leverage: _Leverage, part: Index) -> tuple[Array, Array]:
    """A'WX for m clusters of n rows, (m, n, p), and a matrix P with K = C P'P C.

    With Φ = LL' and E = L^(-1)X, the residuals' covariance is L(I - ECE')L' = LNN'L', N the symmetric root; the singular values of T = L'LN
    are the roots of the eigenvalues of B = TT', so B is never formed where its numbers differ too much.
    """
    L = np.linalg.cholesky(phi)
    Lt = np.swapaxes(L, 1, 2)
    E = Lt @ WX
    others = leverage.others[part]
    Ev = E @ leverage.root.T @ leverage.vector[part]
    N = np.eye(phi.shape[1]) - (Ev / (1 + np.sqrt(others))[:, None, :]) @ np.swapaxes(Ev, 1, 2)
    T = Lt @ L @ N
    left, size = _left_singular(T, phi, others)
    # As many directions as the cluster decides alone have no residual.
    decided = np.minimum((others == 0).sum(axis=1), phi.shape[1])
    there = np.arange(phi.shape[1]) >= decided[:, None]
    P = np.where(there[..., None], np.swapaxes(left, 1, 2) @ E, 0.0)
    return np.asarray(L @ (left @ (P / np.where(there, size, 1.0)[..., None]))), P


def _left_singular(T: Array, phi: Array, others: Array) -> tuple[Array, Array]:
    """Left singular vectors and singular values of T (m, n, n), the smallest first; by the eigenvalues of TT' where these keep their digits."""
    variance = np.einsum("mii->mi", phi)
    harmless = (variance.max(axis=1) / variance.min(axis=1)) ** 2 < _WIDE * np.where(others > 0, others, 1.0).min(axis=1)
    left, size = np.empty_like(T), np.empty(T.shape[:2])
    if harmless.any():
        some = slice(None) if harmless.all() else harmless
        value, left[some] = np.linalg.eigh(T[some] @ np.swapaxes(T[some], 1, 2))
        size[some] = np.sqrt(np.maximum(value, 1e-300))
    if not harmless.all():
        u, sigma, _ = np.linalg.svd(T[~harmless])
        left[~harmless], size[~harmless] = u[..., ::-1], np.maximum(sigma[..., ::-1], 1e-300)
    return left, size


def satterthwaite(s: Sandwich) -> Array:
    """Degrees of freedom of each coefficient's robust variance, (p,): 2 E² / Var under the assumed covariance."""
    own = np.einsum("gii->gi", s.K)
    if len(own) <= _PAIRS:
        between = np.einsum("gai,hai->igh", s.Y, s.Y, optimize=True)
        np.einsum("igg->ig", between)[...] = 0
        square = (between * between).sum(axis=(1, 2))
    else:
        cross = np.einsum("gai,gbi->iab", s.Y, s.Y, optimize=True)
        square = (cross * cross).sum(axis=(1, 2)) - (np.einsum("gai,gai->gi", s.Y, s.Y) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(own.sum(axis=0) ** 2 / ((own * own).sum(axis=0) + square))


def hotelling_df(s: Sandwich, L: Array) -> float:
    """η of the approximate Hotelling test of L β = 0, L (q, p): q(q+1)/ΣΣ Var(ω), ω the robust covariance standardised by its expectation.

    Tipton & Pustejovsky 2015, doi:10.3102/1076998615606099. The sum over pairs of clusters factors into (pq)² sums.
    """
    q = len(L)
    K, Y = L @ s.K @ L.T, s.Y @ L.T
    expected = K.sum(axis=0)
    value, vector = np.linalg.eigh(expected)
    root = vector @ np.diag(np.where(value > _DECIDED * value[-1], np.maximum(value, 1e-300) ** -0.5, 0.0)) @ vector.T
    K, Y = root @ K @ root, Y @ root
    total = float((np.einsum("gii->g", K) ** 2).sum()) + float((K * np.swapaxes(K, 1, 2)).sum())
    if len(K) * q <= _PAIRS:
        between = np.einsum("gas,hat->ghst", Y, Y, optimize=True)
        np.einsum("ggst->gst", between)[...] = 0
        total += float((np.einsum("ghss->gh", between) ** 2).sum()) + float((between * np.swapaxes(between, 2, 3)).sum())
    else:
        T = np.einsum("gas,gbt->asbt", Y, Y, optimize=True)
        YtY = np.swapaxes(Y, 1, 2) @ Y
        total += float((T * T).sum()) + float((T * T.transpose(0, 3, 2, 1)).sum())
        total -= float((np.einsum("gii->g", YtY) ** 2).sum()) + float((YtY * np.swapaxes(YtY, 1, 2)).sum())
    return q * (q + 1) / total
