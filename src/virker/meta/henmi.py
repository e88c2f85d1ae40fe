"""Henmi and Copas' interval: the common-effect estimate, with an interval that is honest about heterogeneity.

Small studies weigh little in the common-effect estimate, so suppressed small studies move it little; the interval keeps its coverage under the
random-effects model (Henmi & Copas 2010, doi:10.1002/sim.4029).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from virker.meta import special
from virker.meta.data import Array, data
from virker.meta.errors import InputError, NotConverged
from virker.meta.results import Result
from virker.meta.tests import known_level
from virker.meta.univariate import unit


@dataclass(frozen=True, slots=True)
class HenmiCopas(Result):
    """The estimate and its interval.

    Attributes
    ----------
    estimate, se, ci_low, ci_high : common-effect estimate, its standard error under heterogeneity, and its interval, the unit of y.
    tau2 : DerSimonian and Laird's variance between studies, the unit of y squared.
    critical : what ``se`` is multiplied with; 1.96 without heterogeneity in large sets, more in small ones.
    k : estimates.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    tau2: float
    critical: float
    k: int


def henmi_copas(y: ArrayLike, v: ArrayLike, *, level: float = 0.95) -> HenmiCopas:
    r"""Estimate and interval of Henmi and Copas.

    With w = 1/v and :math:`W_j = \sum w^j`, the pivot is :math:`(\hat\theta - \theta) / \sqrt{(1 + \hat\tau^2 W_2/W_1)/W_1}`. Given the pivot's
    numerator, Q has a known mean and variance; its distribution is taken to be the gamma distribution with these, and one integral over the
    numerator gives the critical value.

    Parameters
    ----------
    y, v : (k,) estimates and sampling variances, k >= 2.
    level : confidence level.

    Raises
    ------
    InputError
        Fewer than two estimates, or data that cannot be used.

    Notes
    -----
    **When it misleads.** It is robust to bias that sits in small studies, and to no other. If large studies are biased too, or true effects differ
    between large and small studies for good reasons (a pilot is often run with more care than a national programme), it answers another question:
    the effect where most people were. With few studies of very unequal size the interval is too short: 8 studies with variances from 0.01 to 0.5 and
    tau2 = 0.08 were covered in 90 % of 2,000 simulated sets, 20 studies in 95 % (the common-effect interval: 58 % and 55 %).
    """
    known_level(level)
    given = data(y, v)
    if given.k < 2:
        raise InputError("Henmi and Copas' interval needs at least two estimates.")
    s = unit(given.v)
    scaled, w = given.y / s, s * s / given.v
    w1, w2, w3, w4 = (float((w**j).sum()) for j in (1, 2, 3, 4))
    estimate = float(w @ scaled) / w1
    q = float(w @ (scaled - estimate) ** 2)
    tau2 = max(0.0, (q - (given.k - 1)) / (w1 - w2 / w1))
    critical = _critical(given.k, tau2, w1, w2 / w1, w3 / w1, w4 / w1, 0.5 * (1.0 - level))
    root = float(np.sqrt((1.0 + tau2 * w2 / w1) / w1))
    half = critical * root
    return HenmiCopas(s * estimate, s * root, s * (estimate - half), s * (estimate + half), s * s * tau2, critical, given.k)


def _critical(k: int, tau2: float, w1: float, r2: float, r3: float, r4: float, tail: float) -> float:
    """The critical value; r_j = W_j / W_1. ``tail`` is the probability in one tail."""
    spread = 1.0 + tau2 * r2  # variance of sqrt(W1) (estimate - theta)
    node, weight = np.polynomial.legendre.leggauss(64)

    def exceeds(x: float) -> float:
        # P(the numerator, in standard units, is r > x and Q is small enough for the pivot to exceed x)
        ends = x + np.array([0.0, 0.05, 0.25, 1.0, 3.0, 12.0])
        half = 0.5 * np.diff(ends)[:, None]
        r = (0.5 * (ends[1:] + ends[:-1])[:, None] + half * node).ravel()
        mean, variance = _given(r * r, k, tau2, w1, r2, r3, r4, spread)
        bound = (k - 1.0) + (w1 / r2 - 1.0) * ((r / x) ** 2 - 1.0)
        with np.errstate(over="ignore"):
            below = special.gammainc(mean * mean / variance, np.maximum(bound, 0.0) * mean / variance)
        return float((half * weight).ravel() @ (below * np.exp(-0.5 * r * r))) / float(np.sqrt(2.0 * np.pi)) - tail

    from scipy.optimize import brentq

    if not np.isfinite(exceeds(1e-4)):
        raise NotConverged("One estimate outweighs the others so far that the distribution of Henmi and Copas' pivot has no digits left.")
    # Below the normal quantile: the second condition only takes probability away. The unit is the true standard deviation, hence the last factor.
    return float(brentq(exceeds, 1e-4, -1.000001 * float(special.ndtri(tail)), xtol=1e-13, rtol=1e-14)) * float(np.sqrt(spread))


def _given(r2_: Array, k: int, tau2: float, w1: float, r2: float, r3: float, r4: float, spread: float) -> tuple[Array, Array]:
    """Mean and variance of Q given that the estimate lies sqrt(r2_) of its standard deviations from theta."""
    # e | r = c r + e*, c = S a / sd, Cov(e*) = S - c c'; Q = e' M e with M = diag(w) - w w'/W1. Traces in W_1 .. W_4.
    free = k - 1.0 + tau2 * (w1 - r2)
    lean = tau2 * tau2 * (r3 - r2 * r2) / spread
    full = k - 1.0 + 2.0 * tau2 * (w1 - r2) + tau2 * tau2 * (w1 * r2 - 2.0 * r3 + r2 * r2)
    across = tau2 * tau2 / spread * (r3 - r2 * r2 + tau2 * (r4 - 2.0 * r2 * r3 + r2**3))
    mean = free + lean * (r2_ - 1.0)
    variance = 2.0 * (full - 2.0 * across + lean * lean) + 4.0 * r2_ * (across - lean * lean)
    return np.asarray(mean), np.asarray(variance)
