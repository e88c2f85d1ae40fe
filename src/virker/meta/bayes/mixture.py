"""Posteriors of effects: mixtures of normal distributions, one for each value of tau (Röver & Friede 2017, doi:10.1080/10618600.2016.1276840)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from virker.meta import special
from virker.meta.bayes.intervals import Kind, interval
from virker.meta.data import Array
from virker.meta.errors import InputError, NotConverged

Moments = Literal[0, 1, 2]
Function = Callable[[Array], Array]
_TINY = 1e-20  # components with a smaller share are left out
_STEPS = 100
_GAP = 1e-8  # what a quantile's probability may miss where rounding in the density keeps it from settling


@dataclass(frozen=True, slots=True)
class Mixture:
    """A distribution of an effect, the unit of y.

    Attributes
    ----------
    weights, means, sds : (n,) shares, means and standard deviations of its normal components.
    moments : how many moments it has: 2 for a mean and a variance, 0 for neither (few studies and a prior with a heavy tail).
    """

    weights: Array = field(repr=False)
    means: Array = field(repr=False)
    sds: Array = field(repr=False)
    moments: Moments = 2

    @property
    def mean(self) -> float:
        """The mean; NaN where there is none."""
        return float(self.weights @ self.means) if self.moments >= 1 else float("nan")

    @property
    def sd(self) -> float:
        """The standard deviation; infinite where there is none."""
        if self.moments < 2:
            return float("inf")
        return float(np.sqrt(self.weights @ (self.sds**2 + (self.means - self.mean) ** 2)))

    @property
    def median(self) -> float:
        """The median."""
        return float(self.quantile(0.5))

    @property
    def mode(self) -> float:
        """Where the density is highest."""
        first, last = self.quantile(np.array([0.01, 0.99]))
        grid = np.linspace(float(first), float(last), 101)
        best = int(self.pdf(grid).argmax())
        return flat_between(self._slope, float(grid[max(0, best - 1)]), float(grid[min(len(grid) - 1, best + 1)]))

    def _slope(self, x: float) -> float:
        """Derivative of the density, without a constant."""
        z = (x - self.means) / self.sds
        return -float((z * np.exp(-0.5 * z * z) / (self.sds * self.sds)) @ self.weights)

    def pdf(self, x: ArrayLike) -> Array:
        """Density at ``x``, of its shape."""
        z = (np.asarray(x, dtype=np.float64)[..., None] - self.means) / self.sds
        return np.asarray((np.exp(-0.5 * z * z) / self.sds) @ self.weights / np.sqrt(2.0 * np.pi))

    def cdf(self, x: ArrayLike) -> Array:
        """P(effect <= ``x``), of its shape."""
        return np.asarray(special.ndtr((np.asarray(x, dtype=np.float64)[..., None] - self.means) / self.sds) @ self.weights)

    def above(self, threshold: float = 0.0) -> float:
        """P(effect > ``threshold``)."""
        return float(special.ndtr((self.means - threshold) / self.sds) @ self.weights)

    def quantile(self, p: ArrayLike) -> Array:
        """Where the distribution function is ``p``, 0 < p < 1, of its shape."""
        p = np.asarray(p, dtype=np.float64)
        if not ((p > 0) & (p < 1)).all():
            raise InputError("A quantile of an effect is asked for with a probability between 0 and 1, both left out.")
        return self._solve(p.ravel()).reshape(p.shape)

    def rough_quantiles(self, p: Array) -> Array:
        """Quantiles to a per cent of the width, for a first look."""
        first, last = self.quantile(np.array([0.5 * p[p > 0].min(), 0.5 + 0.5 * p[p < 1].max()]))
        grid = np.linspace(float(first), float(last), 97)
        return np.interp(p, self.cdf(grid), grid)

    def interval(self, level: float = 0.95, kind: Kind = "shortest") -> tuple[float, float]:
        """An interval that has the effect with probability ``level``: the shortest, or the central one with equal tails."""
        return interval(self, level, kind, floor=None)

    def _solve(self, p: Array) -> Array:
        centre = float(self.weights @ np.clip(self.means, *np.sort(self.means)[[len(self.means) // 50, -1 - len(self.means) // 50]]))
        step = float(np.exp(self.weights @ np.log(self.sds)))
        low, high = np.full(len(p), centre - 4 * step), np.full(len(p), centre + 4 * step)
        for _ in range(_STEPS):
            out = self.cdf(low) > p
            if not out.any():
                break
            low[out] -= 2.0 * (high[out] - low[out])
        for _ in range(_STEPS):
            out = self.cdf(high) < p
            if not out.any():
                break
            high[out] += 2.0 * (high[out] - low[out])
        return newton(self.cdf, self.pdf, p, low, high)


def flat_between(slope: Callable[[float], float], low: float, high: float) -> float:
    """Where ``slope`` goes from above zero to below it; the end where it does not."""
    from scipy.optimize import brentq

    if slope(low) <= 0:
        return low
    if slope(high) >= 0:
        return high
    return float(brentq(slope, low, high, xtol=1e-15 * (high - low), rtol=1e-15))


def newton(cdf: Function, pdf: Function, p: Array, low: Array, high: Array) -> Array:
    """The roots of ``cdf`` - p between ``low`` and ``high``: Newton's step where it stays inside, else the middle."""
    x, width = 0.5 * (low + high), high - low
    for _ in range(_STEPS):
        gap = cdf(x) - p
        low, high = np.where(gap <= 0, x, low), np.where(gap >= 0, x, high)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            new = x - gap / pdf(x)
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        close = (np.abs(new - x) <= 4e-16 * np.maximum(np.abs(x), 0.01 * width)) | (np.abs(gap) <= 1e-15 * p)
        x = new
        if close.all():
            return x
    if (np.abs(cdf(x) - p) > _GAP).any():
        raise NotConverged("A quantile of the posterior was not found.")
    return x


def mixture(weights: Array, means: Array, variances: Array, moments: Moments) -> Mixture:
    """The mixture without components that do not count."""
    keep = weights > _TINY
    return Mixture(weights[keep] / weights[keep].sum(), means[keep], np.sqrt(variances[keep]), moments)
