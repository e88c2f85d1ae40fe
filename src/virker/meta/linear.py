"""Weighted least squares: the step inside every model.

The design is turned into an orthonormal one (QR of the weighted rows), so that a year beside an intercept loses no digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virker.meta.data import Array


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted least-squares fit with known weights.

    Attributes
    ----------
    beta : (p,) coefficients, (X'WX)^-1 X'Wy.
    bread : (p, p) (X'WX)^-1; the covariance of ``beta`` where W is the inverse of the variance.
    leverage : (k,) diagonal of X (X'WX)^-1 X'W; sums to p.
    residuals : (k,) y - X beta.
    rss : sum of w times the squared residuals.
    logdet : log determinant of X'WX.
    """

    beta: Array
    bread: Array
    leverage: Array
    residuals: Array
    rss: float
    logdet: float


def weighted_least_squares(X: Array, y: Array, w: Array) -> Linear:
    """Fit ``y`` (k,) on ``X`` (k, p) with the weights ``w`` (k,) > 0. ``X`` must have full rank (:func:`virker.meta.data.data` sees to it)."""
    if X.shape[1] == 1:
        return _one_column(X[:, 0], y, w)
    root = np.sqrt(w)
    q, r = np.linalg.qr(root[:, None] * X)
    inverse = np.linalg.inv(r)
    beta = inverse @ (q.T @ (root * y))
    residuals = y - X @ beta
    beta = beta + inverse @ (q.T @ (root * residuals))  # one step of refinement: y far from zero costs no digits
    residuals = y - X @ beta
    weighted = root * residuals
    return Linear(
        beta=beta,
        bread=inverse @ inverse.T,
        leverage=(q * q).sum(axis=1),
        residuals=residuals,
        rss=float(weighted @ weighted),
        logdet=2.0 * float(np.log(np.abs(np.diag(r))).sum()),
    )


def _one_column(x: Array, y: Array, w: Array) -> Linear:
    wx = w * x
    total = float(wx @ x)
    slope = float(wx @ y) / total
    residuals = y - slope * x
    step = float(wx @ residuals) / total
    residuals = residuals - step * x
    return Linear(
        beta=np.array([slope + step]),
        bread=np.array([[1.0 / total]]),
        leverage=wx * x / total,
        residuals=residuals,
        rss=float((w * residuals) @ residuals),
        logdet=float(np.log(total)),
    )
