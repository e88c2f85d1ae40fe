"""Integrals over log tau, from 0 to infinity, with an error that is known.

The line is cut into panels, each with a Gauss-Legendre rule; a panel is halved until its halves agree with the whole. In log tau the posterior
falls at both ends at least exponentially, so that the ends can be cut off at a known price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss, legint, legval, legvander
from numpy.typing import NDArray

from virker.meta.data import Array
from virker.meta.errors import NotConverged

Function = Callable[[Array], Array]

_NODE, _WEIGHT = leggauss(15)
_TO_SERIES = _WEIGHT[:, None] * legvander(_NODE, 14) * (np.arange(15) + 0.5)  # from values at the nodes to coefficients
_REACH = 110.0  # of log tau, either way from the unit: tau from 1e-48 to 1e48
_CUT = 42.0  # what lies this far below the highest point in logs, exp(-42) = 6e-19, is left out
_FAR = 80.0  # a first look with wide steps leaves out what lies this far below
_WIDE = 2.0  # panels to begin with
_LEVELS = 40
_MOST = 500  # panels at once
_NOISE = 2e-15  # rounding in a log density, as a share of its size: no halving brings less
_STEEP = 4.0  # a fall by this much from one grid point to the next: the peak may lie between them
_SHALLOW = 25.0  # at the ends of the line the density must have fallen by this much
_WORST = 1e-6  # where rounding leaves more than this uncertain, there is no result
_SIDE = 9.0  # a normal density falls by _CUT in nine standard deviations
_THIN = 1e-13  # of a panel: thinner ones have no inside
#: What halving the panels may change, as a share of an integral.
TOLERANCE = 1e-11


@dataclass(frozen=True, slots=True)
class Panels:
    """A density on the line, as nodes and weights.

    Attributes
    ----------
    edge : (n + 1,) where the panels meet.
    node, weight : (15 n,) points in order, and what of the total lies at each; the weights sum to one.
    series : (n, 15) the density in each panel as a series of Legendre polynomials, and ``summed`` (n, 16) its integral from the panel's left edge.
    log_total : log of the integral.
    error : what halving changed, the largest of all integrals asked for, as a share of each.
    """

    edge: Array
    node: Array
    weight: Array
    series: Array
    summed: Array
    log_total: float
    error: float

    @property
    def mass(self) -> Array:
        """(n,) share of each panel."""
        return np.asarray(self.weight.reshape(-1, len(_NODE)).sum(axis=1))

    def density(self, x: Array) -> Array:
        """The density at ``x`` (q,), between the edges."""
        at, t = self._place(x)
        return np.asarray(legval(t, self.series[at].T, tensor=False))

    def cdf(self, x: Array) -> Array:
        """The share of the total left of ``x`` (q,); 0 and 1 outside the edges."""
        at, t = self._place(x)
        return np.clip(np.append(0.0, np.cumsum(self.mass))[at] + legval(t, self.summed[at].T, tensor=False), 0.0, 1.0)

    def _place(self, x: Array) -> tuple[NDArray[np.intp], Array]:
        """The panel of each ``x``, and where in it, from -1 to 1."""
        at = np.clip(np.searchsorted(self.edge, x, side="right") - 1, 0, len(self.edge) - 2)
        low, high = self.edge[at], self.edge[at + 1]
        return at, np.clip((2.0 * x - low - high) / (high - low), -1.0, 1.0)


def _gauss(low: Array, high: Array) -> tuple[Array, Array]:
    """Nodes and weights (n, 15) on the n panels from ``low`` to ``high``."""
    half = 0.5 * (high - low)[:, None]
    return 0.5 * (high + low)[:, None] + half * _NODE, half * _WEIGHT


def integrate(log_density: Function, also: Function | None = None, *, power: float = 0.0, upper: float = float("inf"), tolerance: float = TOLERANCE) -> Panels:
    """Integrate exp(``log_density``) over the line, and check the integrals of ``also`` times it as well.

    ``also`` takes nodes (n,) to functions (n, m), which must not grow faster than exp(``power`` x). ``upper`` is where the density ends. Raises
    :class:`NotConverged` where no halving brings the error below ``tolerance``, or below what rounding leaves.
    """
    edges, top, noise = _range(log_density, power, upper)
    if noise > _WORST:
        raise NotConverged(
            "Rounding leaves too little of the posterior of tau: its prior, or that of an effect, contradicts the data so flatly, or is so narrow, "
            "that the density cannot be told apart from one point to the next. Take a wider prior."
        )
    tolerance = max(tolerance, noise)

    def values(lows: Array, highs: Array) -> tuple[Array, Array, Array]:
        node, weight = _gauss(lows, highs)
        flat = node.ravel()
        mass = (weight.ravel() * np.exp(log_density(flat) - top)).reshape(node.shape)
        functions = np.ones((len(flat), 1)) if also is None else np.column_stack([np.ones(len(flat)), also(flat)])
        return node, mass, np.einsum("nq,nqm->nm", mass, functions.reshape(*node.shape, -1))

    lows, highs = edges[:-1], edges[1:]
    whole = values(lows, highs)[2]
    kept: list[tuple[Array, Array, Array]] = []
    done, error = np.zeros(whole.shape[1]), np.zeros(whole.shape[1])
    for _ in range(_LEVELS):
        middle = 0.5 * (lows + highs)
        halves = np.stack([lows, middle], axis=1).ravel(), np.stack([middle, highs], axis=1).ravel()
        node, mass, part = values(*halves)
        pair = part.reshape(-1, 2, part.shape[1])
        change = np.abs(pair.sum(axis=1) - whole)
        size = np.abs(done + np.abs(part).sum(axis=0))
        good = (change <= tolerance / 16.0 * size).all(axis=1)
        both = np.repeat(good, 2)
        kept.append((np.stack([halves[0][both], halves[1][both]]), node[both], mass[both]))
        done, error = done + np.abs(part[both]).sum(axis=0), error + change[good].sum(axis=0)
        if good.all():
            share = float((error / np.where(done > 0, done, 1.0)).max())
            if not share <= tolerance:  # many panels, each good enough, may not be so together
                break
            return _result(kept, top, share)
        lows, highs, whole = halves[0][~both], halves[1][~both], part[~both]
        if len(lows) > _MOST:
            break
    raise NotConverged("The integral over tau did not settle: the prior or the posterior has a jump or a spike that halving the panels does not resolve.")


def _range(log_density: Function, power: float, upper: float) -> tuple[Array, float, float]:
    """Panels to begin with, from where to where the mass lies; the highest log density; and what rounding leaves uncertain of the density."""
    end = min(_REACH, float(np.log(upper)) if upper < np.inf else _REACH)
    coarse = np.arange(-_REACH, end, 1.0)
    rough = _heights(log_density, coarse)
    lifted = rough + power * np.maximum(coarse, coarse[int(rough.argmax())])
    near = np.flatnonzero((rough > rough.max() - _FAR) | (lifted > lifted.max() - _FAR))
    first, last = (near.min() - 2, near.max() + 2) if len(near) else (0, len(coarse))
    grid = np.arange(coarse[max(0, first)], min(end, coarse[-1] if last >= len(coarse) else coarse[last]), 0.25)
    grid = np.append(grid, end) if last >= len(coarse) else grid
    height = _heights(log_density, grid)
    best = int(height.argmax())
    if not np.isfinite(height[best]):
        raise NotConverged("The posterior of tau has no mass between 1e-48 and 1e48 standard errors: its prior contradicts the data entirely.")
    spike, top, narrow = _peak(log_density, grid, height, best)
    lifted = height + power * np.maximum(grid, grid[best])
    inside = np.flatnonzero((height > top - _CUT) | (lifted > lifted.max() - _CUT))
    first, last = max(0, inside.min(initial=best) - 1), min(len(grid) - 1, inside.max(initial=best) + 1)
    if grid[0] == -_REACH and height[0] > top - _SHALLOW:
        raise NotConverged("The posterior of tau does not fall towards 0.")
    if grid[-1] == _REACH and height[-1] > top - _SHALLOW:
        raise NotConverged("The posterior of tau falls too slowly for large tau to be integrated: take a prior with a lighter tail.")
    low, high = float(grid[first]), float(grid[last])
    even = np.linspace(low, high, max(4, int(np.ceil((high - low) / _WIDE))) + 1)
    edges = np.unique(np.concatenate([even, spike[(spike > low) & (spike < high)]]))
    apart = np.append(np.diff(edges) > _THIN, True)
    return edges[apart], top, max(_NOISE * abs(top), narrow)


def _peak(log_density: Function, grid: Array, height: Array, best: int) -> tuple[Array, float, float]:
    """Edges around a peak that the grid steps over, the height of the highest point, and what rounding of log tau does to the density beside it;
    no edges where the grid sees the peak."""
    low, high = grid[max(0, best - 1)], grid[min(len(grid) - 1, best + 1)]
    beside = np.delete(height[max(0, best - 1) : best + 2], min(best, 1))
    if height[best] - beside.min() < _STEEP:
        return np.empty(0), float(height[best]), 0.0
    for _ in range(12):
        x = np.linspace(low, high, 33)
        found = _heights(log_density, x)
        i = int(found.argmax())
        low, high = x[max(0, i - 1)], x[min(32, i + 1)]
    centre, top = x[i], float(found[i])
    away = np.append(0.0, 2.0 ** np.arange(-46.0, 0.0))
    edges, width = [], 1.0
    for side in (-1.0, 1.0):
        falls = _heights(log_density, centre + side * away)
        reach = int(np.argmax(falls < top - _CUT)) or len(away) - 1
        edges.append(centre + side * away[reach] * np.linspace(0.0, 1.0, 5))
        width = min(width, away[reach] / _SIDE)
    return np.concatenate(edges), top, float(np.spacing(abs(centre)) / max(width, _THIN))


def _heights(log_density: Function, x: Array) -> Array:
    height = log_density(x)
    return np.where(np.isnan(height), -np.inf, height)


def _result(kept: list[tuple[Array, Array, Array]], top: float, error: float) -> Panels:
    ends = np.concatenate([edges for edges, _, _ in kept], axis=1)
    order = np.argsort(ends[0])
    node, mass = np.concatenate([part[1] for part in kept])[order], np.concatenate([part[2] for part in kept])[order]
    total = float(mass.sum())
    edge = np.append(ends[0][order], ends[1].max())
    half = 0.5 * np.diff(edge)[:, None]
    series = (mass / total / (half * _WEIGHT)) @ _TO_SERIES
    return Panels(edge, node.ravel(), mass.ravel() / total, series, half * legint(series, lbnd=-1, axis=1), float(np.log(total)) + top, error)
