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

All but CR2 need p x p matrices only. CR2's B has the size of a cluster; clusters of one size are decomposed together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from virker.meta.blocks import Array, Groups, Index

Kind = Literal["CR0", "CR1", "CR1p", "CR1S", "CR2", "CR3"]

# An eigenvalue below this share of the largest is zero: the cluster alone decides a coefficient, and B has no inverse in that direction.
_ZERO = 1e-11
# One minus the leverage of a cluster that decides a coefficient alone.
_DECIDED = 1e-11
# At most so many numbers in the blocks that are decomposed together.
_CHUNK = 4_000_000


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


@dataclass(frozen=True, slots=True)
class Sandwich:
    """The sandwich, and the pieces of its own distribution under the assumed covariance.

    With :math:`G_j = A_j'W_jX_jC`, the cross-products of the pieces :math:`h_j = G_j'e_j` have expectation
    :math:`E(h_ih_j') = \\delta_{ij}Q_j - U_i'CU_j`.

    Attributes
    ----------
    vcov : (p, p).
    Q : (g, p, p) :math:`G_j'\\Phi_jG_j`.
    Y : (g, p, p) :math:`C^{1/2}X_j'G_j`, columns by coefficient.
    """

    vcov: Array
    Q: Array
    Y: Array


def sandwich(working: Working, cluster: Groups, kind: Kind) -> Sandwich:
    """The robust covariance of the model's coefficients, in the user's units."""
    g, (k, p), C = cluster.count, working.X.shape, working.bread
    order = cluster.order
    X, WX, e = working.X[order], working.WX[order], working.residual[order]
    if kind == "CR2":
        U, Q, scores = _cr2(working, cluster)
    else:
        H = np.add.reduceat(X[:, :, None] * WX[:, None, :], cluster.starts, axis=0)
        scores = np.add.reduceat(WX * e[:, None], cluster.starts, axis=0)
        G = np.broadcast_to(C, H.shape)
        if kind == "CR3":
            A = _jackknife(H, C)
            scores = np.einsum("gji,gj->gi", A, scores)
            G = A @ C
        U = H @ G
        Q = np.swapaxes(G, 1, 2) @ U
    meat = scores.T @ scores * _factor(kind, g, k, p)
    back = working.back
    vcov = back @ C @ meat @ C @ back.T
    root = np.linalg.cholesky(C).T  # C = root' root
    return Sandwich((vcov + vcov.T) / 2, back @ Q @ back.T, root @ U @ back.T)


def _jackknife(H: Array, C: Array) -> Array:
    """(I - C H_j)^(-1) for each cluster, (g, p, p): what a cluster's score grows by when it has no say in the coefficients.

    Where a cluster alone decides a coefficient, its residuals say nothing in that direction and the direction is left out, as in CR2.
    """
    root = np.linalg.cholesky(C).T
    value, vector = np.linalg.eigh(np.eye(len(C)) - root @ H @ root.T)
    inverse = np.where(value > _DECIDED, 1 / np.maximum(value, _DECIDED), 0.0)
    middle = (vector * inverse[:, None, :]) @ np.swapaxes(vector, 1, 2)
    return np.asarray(root.T @ middle @ np.linalg.inv(root).T)


def _factor(kind: Kind, g: int, k: int, p: int) -> float:
    if kind == "CR1":
        return g / (g - 1) if g > 1 else float("nan")
    if kind == "CR1p":
        return g / (g - p) if g > p else float("nan")
    if kind == "CR1S":
        return g * (k - 1) / ((g - 1) * (k - p)) if g > 1 else float("nan")
    return 1.0


def _cr2(working: Working, cluster: Groups) -> tuple[Array, Array, Array]:
    """X'G and G'ΦG in these coordinates, (g, p, p) both, and the adjusted scores (g, p)."""
    g, p, C = cluster.count, working.X.shape[1], working.bread
    U, Q, scores = np.empty((g, p, p)), np.empty((g, p, p)), np.empty((g, p))
    for n in np.unique(cluster.sizes):
        alike = np.flatnonzero(cluster.sizes == n)
        for part in np.array_split(alike, -(-len(alike) * int(n) ** 2 // _CHUNK)):
            rows = cluster.order[cluster.starts[part][:, None] + np.arange(n)]
            X, phi = working.X[rows], working.blocks(rows)
            F = _adjusted(phi, X, working.WX[rows], C)
            G = F @ C
            scores[part] = np.einsum("mnp,mn->mp", F, working.residual[rows])
            U[part] = np.swapaxes(X, 1, 2) @ G
            Q[part] = np.swapaxes(G, 1, 2) @ phi @ G
    return U, Q, scores


def _adjusted(phi: Array, X: Array, WX: Array, C: Array) -> Array:
    """A'WX for m clusters of n rows: (m, n, p)."""
    L = np.linalg.cholesky(phi)
    Lt = np.swapaxes(L, 1, 2)
    LX = Lt @ X
    B = Lt @ phi @ L - LX @ C @ np.swapaxes(LX, 1, 2)
    value, vector = np.linalg.eigh(B)
    # The largest eigenvalue without the leverage is the yardstick: in a cluster that decides everything B itself is only rounding.
    zero = _ZERO * np.maximum(value[:, -1], np.einsum("mij,mji->m", phi, phi) / phi.shape[1])
    power = np.where(value > zero[:, None], np.maximum(value, 1e-300) ** -0.5, 0.0)
    inner = np.swapaxes(vector, 1, 2) @ (Lt @ WX)
    return np.asarray(L @ (vector @ (power[..., None] * inner)))


def satterthwaite(s: Sandwich) -> Array:
    """Degrees of freedom of each coefficient's robust variance, (p,): 2 E² / Var under the assumed covariance."""
    a = np.einsum("gii->gi", s.Q)
    length = np.einsum("gai,gai->gi", s.Y, s.Y)
    mean = (a - length).sum(axis=0)
    cross = np.einsum("gai,gbi->iab", s.Y, s.Y, optimize=True)
    square = (a * a - 2 * a * length).sum(axis=0) + (cross * cross).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(mean**2 / square)


def hotelling_df(s: Sandwich, L: Array) -> float:
    """η of the approximate Hotelling test of L β = 0, L (q, p): q(q+1)/ΣΣ Var(ω), ω the robust covariance standardised by its expectation.

    Tipton & Pustejovsky 2015, doi:10.3102/1076998615606099. Σ over pairs of clusters is never formed: it factors into (pq)² sums.
    """
    q = len(L)
    Q, Y = L @ s.Q @ L.T, s.Y @ L.T
    expected = (Q - np.swapaxes(Y, 1, 2) @ Y).sum(axis=0)
    value, vector = np.linalg.eigh(expected)
    root = vector @ np.diag(np.where(value > _ZERO * value[-1], np.maximum(value, 1e-300) ** -0.5, 0.0)) @ vector.T
    Q, Y = root @ Q @ root, Y @ root
    trace = np.einsum("gii->g", Q)
    YtY = np.swapaxes(Y, 1, 2) @ Y
    T = np.einsum("gas,gbt->asbt", Y, Y, optimize=True)
    first = float((trace * trace - 2 * trace * np.einsum("gii->g", YtY)).sum()) + float((T * T).sum())
    second = float((Q * np.swapaxes(Q, 1, 2)).sum()) - 2 * float((Q * np.swapaxes(YtY, 1, 2)).sum()) + float((T * T.transpose(0, 3, 2, 1)).sum())
    return q * (q + 1) / (first + second)
