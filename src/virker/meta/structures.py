"""Covariance structures of the true effects of several outcomes or times, with their first and second derivatives.

======  ===================================================================================================
ID      one variance, no correlation
DIAG    a variance for each outcome, no correlation
CS      one variance, one correlation (compound symmetry)
HCS     a variance for each outcome, one correlation
AR      one variance, correlation ρ^|i-j| by place in the order of times (autoregressive)
HAR     a variance for each time, correlation ρ^|i-j|
CAR     one variance, correlation ρ^|t_i - t_j| by distance in time (continuous autoregressive)
UN      anything that is a covariance matrix
======  ===================================================================================================

Variances are climbed as standard deviations, UN as its Cholesky factor (Pinheiro & Bates 1996, doi:10.1007/BF00140873): every structure is then a smooth
function inside a box, the boundary included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from virker.meta.blocks import Array

Structure = Literal["ID", "DIAG", "CS", "HCS", "AR", "HAR", "CAR", "UN"]
_HETEROGENEOUS = ("DIAG", "HCS", "HAR")
_AUTOREGRESSIVE = ("AR", "HAR", "CAR")
# The power ρ^d of a distance below one has no slope at zero.
_CAR_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Shape:
    """A structure over m levels.

    Attributes
    ----------
    name : which structure.
    distance : (m, m) how far levels lie apart; 1 off the diagonal where distance means nothing.
    lower, upper : (q,) the box of the parameters, standard deviations in units of one.
    """

    name: Structure
    distance: Array
    lower: Array
    upper: Array

    @property
    def levels(self) -> int:
        """Number of outcomes or times, m."""
        return len(self.distance)

    @property
    def deviations(self) -> int:
        """How many of the parameters are standard deviations; they come first."""
        return self.levels if self.name in _HETEROGENEOUS else 1

    @property
    def correlated(self) -> bool:
        """Is there a correlation to estimate?"""
        return self.name not in ("ID", "DIAG")


def shape(name: Structure, positions: Array) -> Shape:
    """The structure over levels at ``positions`` (m,), sorted."""
    m = len(positions)
    places = positions if name == "CAR" else np.arange(m, dtype=np.float64)
    distance = np.abs(places[:, None] - places[None, :])
    if name not in _AUTOREGRESSIVE:
        distance = (distance > 0).astype(np.float64)
    if name == "UN":
        i, j = np.tril_indices(m)
        return Shape(name, distance, np.where(i == j, 0.0, -np.inf), np.full(len(i), np.inf))
    deviations = m if name in _HETEROGENEOUS else 1
    lower, upper = [0.0] * deviations, [np.inf] * deviations
    if name not in ("ID", "DIAG"):
        lowest = {"CAR": _CAR_FLOOR, "AR": -1.0, "HAR": -1.0}.get(name, -1.0 / max(m - 1, 1))
        lower, upper = [*lower, lowest], [*upper, 1.0]
    return Shape(name, distance, np.array(lower), np.array(upper))


def covariance(s: Shape, theta: Array) -> Array:
    """Covariance matrices (B, m, m) at ``theta`` (B, q)."""
    if s.name == "UN":
        L = _triangle(s, theta)
        return L @ np.swapaxes(L, 1, 2)
    sd, R, _, _ = _parts(s, theta)
    return sd[:, :, None] * sd[:, None, :] * R


def derivatives(s: Shape, theta: Array) -> tuple[Array, Array]:
    """First (B, q, m, m) and second (B, q, q, m, m) derivatives of the covariance."""
    m, (B, q) = s.levels, theta.shape
    if s.name == "UN":
        L = _triangle(s, theta)
        i, j = np.tril_indices(m)
        E = np.zeros((q, m, m))
        E[np.arange(q), i, j] = 1
        first = E @ np.swapaxes(L, 1, 2)[:, None]
        second = np.einsum("aik,bjk->abij", E, E)
        second = second + np.swapaxes(second, -1, -2)
        return first + np.swapaxes(first, -1, -2), np.broadcast_to(second, (B, *second.shape))
    sd, R, dR, d2R = _parts(s, theta)
    n = s.deviations
    J = np.eye(m) if n == m and s.name in _HETEROGENEOUS else np.ones((1, m))
    first, second = np.zeros((B, q, m, m)), np.zeros((B, q, q, m, m))
    outer = J[None, :, :, None] * sd[:, None, None, :]
    outer = outer + np.swapaxes(outer, -1, -2)
    first[:, :n] = outer * R[:, None]
    twice = np.einsum("ai,bj->abij", J, J)
    second[:, :n, :n] = (twice + np.swapaxes(twice, -1, -2)) * R[:, None, None]
    if s.correlated:
        square = sd[:, :, None] * sd[:, None, :]
        first[:, n] = square * dR
        second[:, n, n] = square * d2R
        second[:, :n, n] = second[:, n, :n] = outer * dR[:, None]
    return first, second


def starts(s: Shape, unit: float) -> Array:
    """Points to climb from, (B, q): small and large variances, weak and strong correlations."""
    m = s.levels
    out = []
    for size in (0.25, 1.0):
        for rho in (-0.4, 0.1, 0.6, 0.95) if s.correlated else (0.0,):
            if s.name == "UN":
                R = np.where(s.distance > 0, max(rho, -0.4 / max(m - 1, 1)), 1.0)
                out.append((np.linalg.cholesky(R) * size * unit)[np.tril_indices(m)])
            else:
                deviations = [size * unit] * s.deviations
                out.append(np.array([*deviations, rho] if s.correlated else deviations))
    inside = np.array(out)
    return np.asarray(np.clip(inside, 0.7 * s.lower if s.name != "UN" else s.lower, s.upper))


def _triangle(s: Shape, theta: Array) -> Array:
    L = np.zeros((len(theta), s.levels, s.levels))
    L[:, *np.tril_indices(s.levels)] = theta
    return L


def _parts(s: Shape, theta: Array) -> tuple[Array, Array, Array, Array]:
    """Standard deviations (B, m), correlations (B, m, m) and their first and second derivatives in ρ."""
    sd = np.broadcast_to(theta[:, : s.deviations], (len(theta), s.levels))
    d = np.broadcast_to(s.distance, (len(theta), s.levels, s.levels))
    if not s.correlated:
        return sd, (d == 0).astype(np.float64), np.zeros_like(d), np.zeros_like(d)
    rho = theta[:, -1][:, None, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        R = np.where(d == 0, 1.0, rho**d)
        dR = np.where(d == 0, 0.0, d * rho ** (d - 1))
        d2R = np.where((d == 0) | (d == 1), 0.0, d * (d - 1) * rho ** (d - 2))
    return sd, R, dR, d2R
