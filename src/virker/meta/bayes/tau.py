"""The posterior of tau: its density is known but for a constant, and everything else of it is an integral."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.bayes.intervals import Kind, interval
from virker.meta.bayes.likelihood import Problem, conditional
from virker.meta.bayes.mixture import Moments, flat_between, newton
from virker.meta.bayes.panels import Panels
from virker.meta.bayes.priors import Prior
from virker.meta.data import Array
from virker.meta.errors import InputError


@dataclass(frozen=True, slots=True)
class TauPosterior:
    """The posterior of tau, the unit of y.

    Attributes
    ----------
    prior : what was thought before.
    panels : the integral, over log(tau / scale).
    scale : a typical standard error.
    moments : how many moments it has.
    """

    prior: Prior = field(repr=False)
    panels: Panels = field(repr=False)
    scale: float
    moments: Moments
    _problem: Problem = field(repr=False)

    @property
    def tau(self) -> Array:
        """(n,) the values of tau at which everything is computed."""
        return np.asarray(self.scale * np.exp(self.panels.node))

    @property
    def mean(self) -> float:
        """The mean; infinite where there is none."""
        return float(self.panels.weight @ self.tau) if self.moments >= 1 else float("inf")

    @property
    def sd(self) -> float:
        """The standard deviation; infinite where there is none."""
        return float(np.sqrt(self.panels.weight @ (self.tau - self.mean) ** 2)) if self.moments == 2 else float("inf")

    @property
    def median(self) -> float:
        """The median."""
        return float(self.quantile(0.5))

    @property
    def mode(self) -> float:
        """Where the density is highest; often 0."""
        x = self.panels.node[np.cumsum(self.panels.weight) > 1e-6]
        height = self.panels.density(x) / (self.scale * np.exp(x))
        best = int(height.argmax())
        if height[best] <= self.pdf(0.0) * (1.0 + 1e-9):
            return 0.0
        low, high = float(x[max(0, best - 1)]), float(x[best + 1] if best + 1 < len(x) else self.panels.edge[-1])
        # Between two nodes a polynomial follows the log density itself to the last digits; the panels' series do not do so for slopes.
        at = 0.5 * (low + high) + 0.5 * (high - low) * np.cos(np.pi * (np.arange(9) + 0.5) / 9)
        fitted = np.polynomial.Legendre.fit(at, self._log_density(self.scale * np.exp(at)), 8, domain=[low, high]).deriv()
        return self.scale * float(np.exp(flat_between(lambda one: float(fitted(one)), low, high)))

    def pdf(self, tau: ArrayLike) -> Array:
        """Density at ``tau``, of its shape; infinite at 0 where the prior is."""
        t = np.asarray(tau, dtype=np.float64)
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(self._log_density(t.ravel()) - self.panels.log_total).reshape(t.shape)) / self.scale

    def cdf(self, tau: ArrayLike) -> Array:
        """P(tau <= ``tau``), of its shape."""
        t = np.asarray(tau, dtype=np.float64)
        with np.errstate(divide="ignore"):
            x = np.log(np.maximum(t.ravel(), 0.0) / self.scale)
        return self.panels.cdf(x).reshape(t.shape)

    def above(self, threshold: float) -> float:
        """P(tau > ``threshold``)."""
        return float(1.0 - self.cdf(threshold))

    def quantile(self, p: ArrayLike) -> Array:
        """Where the distribution function is ``p``, 0 < p < 1, of its shape."""
        p = np.asarray(p, dtype=np.float64)
        if not ((p > 0) & (p < 1)).all():
            raise InputError("A quantile of tau is asked for with a probability between 0 and 1, both left out.")
        flat = p.ravel()
        reached = np.append(0.0, np.cumsum(self.panels.mass))
        at = np.clip(np.searchsorted(reached, flat) - 1, 0, len(self.panels.edge) - 2)
        x = newton(self.panels.cdf, self.panels.density, flat, self.panels.edge[at], self.panels.edge[at + 1])
        return np.asarray(self.scale * np.exp(x)).reshape(p.shape)

    def rough_quantiles(self, p: Array) -> Array:
        """Quantiles between the nodes, for a first look."""
        return np.interp(p, np.cumsum(self.panels.weight), self.tau)

    def interval(self, level: float = 0.95, kind: Kind = "shortest") -> tuple[float, float]:
        """An interval that has tau with probability ``level``: the shortest, which begins at 0 where the density falls from there, or the central one."""
        return interval(self, level, kind, floor=0.0)

    def _log_density(self, t: Array) -> Array:
        """Of tau in scaled units, without the constant, at ``t`` in units of y."""
        with np.errstate(divide="ignore"):
            before = self.prior.log_density(t)
        return np.where((t < 0) | (t > self.prior.upper), -np.inf, before + np.log(self.scale) + conditional(self._problem, t / self.scale).log_likelihood)
