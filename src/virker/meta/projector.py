"""Traces of P = A - A X (X'AX)^-1 X'A, the matrix that takes the moderators out, without the digits that the textbook formulas lose.

Where one estimate is a thousand times as precise as the others, its leverage is close to 1 and sum(a) - tr(...) subtracts two nearly equal
numbers. Here the p heaviest independent rows R are anchors: with T = X_N X_R^-1, the contrasts y_N - T y_R have the precision
M = A_N - A_N T K T'A_N, K = (A_R + T'A_N T)^-1, and P is M, -MT and T'MT in blocks. MT = A_N T K A_R and T'MT = G K A_R (G = T'A_N T) are
products, and what is subtracted in M stays small, since the anchors are the heaviest (Golub & Van Loan 2013, 6.2; Woodbury's identity).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virker.meta.data import Array


@dataclass(frozen=True, slots=True)
class Traces:
    """tr(P), tr(P V) and tr(P V P V), for the weights a and a diagonal V."""

    p: float
    pv: float
    pvpv: float


def traces(X: Array, a: Array, V: Array) -> Traces:
    """The traces for the design ``X`` (k, p), the weights ``a`` (k,) > 0 and the variances ``V`` (k,)."""
    rows = anchors(X, a)
    rest = np.ones(len(a), dtype=bool)
    rest[rows] = False
    a_r, v_r, a_n, v_n = a[rows], V[rows], a[rest], V[rest]
    T = X[rest] / X[rows] if X.shape[1] == 1 else np.linalg.solve(X[rows].T, X[rest].T).T
    G = (T.T * a_n) @ T
    K = np.linalg.inv(G + np.diag(a_r))
    leverage = a_n * ((T @ K) * T).sum(axis=1)
    inner = a_n * (1.0 - leverage)  # the diagonal of M
    outer = G @ K * a_r  # T'MT
    u = a_n * v_n
    J = K @ ((T.T * (a_n * u)) @ T)
    squares = float((u * u * (1.0 - 2.0 * leverage)).sum() + (J * J.T).sum())
    cross = (a_r[:, None] * K) @ ((T.T * (a_n * u)) @ T) @ (K * a_r)
    corner = outer * v_r
    return Traces(
        p=float(inner.sum() + np.trace(outer)),
        pv=float((inner * v_n).sum() + (np.diag(outer) * v_r).sum()),
        pvpv=squares + 2.0 * float((np.diag(cross) * v_r).sum()) + float((corner * corner.T).sum()),
    )


def anchors(X: Array, a: Array) -> Array:
    """p rows, the heaviest that are independent: each is the longest of sqrt(a) X once those before it are projected out."""
    if X.shape[1] == 1:
        return np.array([np.argmax(a * X[:, 0] ** 2)])
    left = np.sqrt(a)[:, None] * X
    chosen = []
    for _ in range(X.shape[1]):
        row = int(np.argmax((left * left).sum(axis=1)))
        chosen.append(row)
        direction = left[row] / np.sqrt(left[row] @ left[row])
        left = left - np.outer(left @ direction, direction)
    return np.array(chosen)
