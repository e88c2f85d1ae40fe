"""Fail-safe numbers: how many unseen null results would it take?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta import special
from virker.meta.data import data
from virker.meta.errors import InputError, known_option
from virker.meta.results import Result
from virker.meta.tau2 import Method
from virker.meta.univariate import RandomEffects, fit

FailSafe = Literal["rosenthal", "orwin", "rosenberg", "general"]
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class FailSafeN(Result):
    """A fail-safe number.

    Attributes
    ----------
    n : whole number of unseen studies with no effect; 0 where the result is not significant (or already below the target) as it is. "general" stops
        at a million.
    p : p-value of what was seen: one-sided for Rosenthal's combined z, two-sided for Rosenberg's and the general estimate; NaN for Orwin's.
    estimate : the mean that is pulled down; NaN for Rosenthal's, which has none.
    target : what the mean is pulled to; NaN where significance is what is pulled away.
    kind, k : which number, of how many estimates.
    """

    n: int
    p: float
    estimate: float
    target: float
    kind: FailSafe
    k: int


def fail_safe_n(
    y: ArrayLike,
    v: ArrayLike,
    *,
    kind: FailSafe = "rosenthal",
    target: float | None = None,
    weighted: bool = True,
    alpha: float = 0.05,
    method: Method = "reml",
) -> FailSafeN:
    """How many unseen studies with no effect take the significance, or the size, away.

    Parameters
    ----------
    y, v : (k,) estimates and sampling variances.
    kind : "rosenthal": the sum of z over the root of the number of studies falls below its one-sided critical value (Rosenthal 1979,
        doi:10.1037/0033-2909.86.3.638). "rosenberg": the common-effect mean is no longer significant, two-sided, the unseen studies having the mean
        weight of those seen (Rosenberg 2005, doi:10.1554/04-602). "orwin": the mean falls to ``target`` (Orwin 1983,
        doi:10.3102/10769986008002157). "general": as Rosenberg's, or to ``target`` if there is one, in the random-effects model, which is fitted anew
        with the unseen studies: they average zero and differ among themselves as much as those seen, their variances the harmonic mean.
    target : wanted by "orwin", allowed for "general", the unit of y.
    weighted : Orwin's mean is the common-effect mean; False for the plain one.
    alpha : level of significance.
    method : estimator of tau2 for "general".

    Notes
    -----
    **When it misleads.** Nearly always. The number takes the unseen results to be zero on average, though suppressed results are more likely
    negative; it says nothing on how many there are; and it grows with k, so that many small biased studies look safe. Rosenthal's tests that
    *some* study has an effect, not the mean. It is here because readers ask for it; :func:`selection_model` and :func:`pet_peese` answer the
    question it is taken to answer.
    """
    known_option(kind, get_args(FailSafe), "fail-safe number")
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha must be between 0 and 1, such as 0.05, and is {alpha}.")
    if (kind == "orwin") != (target is not None) and kind != "general":
        raise InputError(f"'{kind}' needs a target." if kind == "orwin" else f"'{kind}' pulls the significance away and takes no target.")
    if target is not None and (not np.isfinite(target) or target == 0.0):
        raise InputError(f"target must be finite and not 0, and is {target}: studies without an effect never pull a mean all the way to 0.")
    given = data(y, v)
    if kind == "rosenthal":
        z = float((given.y / np.sqrt(given.v)).sum())
        n = (z / float(special.ndtri(alpha))) ** 2 - given.k
        return _result(n, float(special.ndtr(-abs(z) / np.sqrt(given.k))), float("nan"), None, kind, given.k)
    if kind == "orwin" and not weighted:
        mean = float(given.y.mean())
        return _result(_to_target(mean, target, given.k), float("nan"), mean, target, kind, given.k)
    model = fit(given.y, given.v, method=method if kind == "general" else "common")
    mean = float(model.beta[0])
    if kind == "general" and method != "common":
        n = _search(model, target, alpha)
        return _result(n, float(model.coefficients.p[0]), mean, target, kind, given.k)
    if target is not None:
        return _result(_to_target(mean, target, given.k), float("nan"), mean, target, kind, given.k)
    # Added studies of the mean weight W/k: z falls by the root of (k + n)/k. The sum of the weights needs no forming.
    n = given.k * ((float(model.coefficients.statistic[0]) / float(special.ndtri(alpha / 2.0))) ** 2 - 1.0)
    return _result(n, float(model.coefficients.p[0]), mean, None, kind, given.k)


def _search(model: RandomEffects, target: float | None, alpha: float) -> int:
    """The least number of unseen studies that is enough, by doubling and halving; the model is fitted anew for each number tried."""
    d = model.data
    variance = 1.0 / float((1.0 / d.v).mean())
    spread = np.sqrt(variance + model.tau2)

    def enough(n: int) -> bool:
        # n results that average 0, their sample variance that of a study seen: alternately up and down, and 0 where n is odd.
        size = spread * np.sqrt(max(n - 1, 0) / max(n - n % 2, 1))
        hidden = np.append(np.tile([size, -size], n // 2), np.zeros(n % 2))
        found = fit(np.concatenate([d.y, hidden]), np.concatenate([d.v, np.full(n, variance)]), method=model.method)
        return bool(found.coefficients.p[0] >= alpha) if target is None else abs(float(found.beta[0])) <= abs(target)

    if enough(0):
        return 0
    low, high = 0, 1
    while not enough(high):
        if high >= _MOST:
            return _MOST
        low, high = high, min(2 * high, _MOST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _to_target(mean: float, target: float | None, k: int) -> float:
    assert target is not None
    return k * (mean / target - 1.0)


def _result(n: float, p: float, estimate: float, target: float | None, kind: FailSafe, k: int) -> FailSafeN:
    # A whole number missed by rounding alone is that number.
    whole = round(n) if abs(n - round(n)) < 1e-9 * max(1.0, abs(n)) else int(np.ceil(n))
    return FailSafeN(max(0, whole), p, estimate, float("nan") if target is None else target, kind, k)
