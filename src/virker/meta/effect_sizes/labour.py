"""The effects that evaluations of employment policy print, and how one turns into another.

Group 1 got the measure, group 2 is what would have been without it. Shares are shares: 3 percentage points are 0.03. A hazard ratio is of the
job-finding hazard, as in ``virker.plan``: above 1 people find jobs sooner. A conversion demands the baseline survival (the share still
unemployed at the horizon without the measure), assumes that the ratio holds for the whole time until then (proportional hazards), and carries the
uncertainty of both by the delta method. Percentage points, ratios and weeks are never mixed: what is converted is said by ``measure``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.printed import printed
from virker.meta.effect_sizes.sizes import Array, EffectSizes, columns, counts, demand, places, positive, sizes
from virker.meta.effect_sizes.two_means import two_means
from virker.meta.errors import InputError
from virker.meta.results import Result

#: Hazard ratios looked for lie between a thousandth and a thousand times, as in ``virker.plan.calibrate``.
LARGEST = float(np.log(1000.0))
_HALVINGS = 60
_NAN = np.nan


def employment_difference(share1: ArrayLike, n1: ArrayLike, share2: ArrayLike, n2: ArrayLike) -> EffectSizes:
    """Difference in the probability of employment, from the shares in work of two independent groups. Shapes (k,).

    ``y = share₁ − share₂``, ``v = share₁(1 − share₁)/n₁ + share₂(1 − share₂)/n₂``. Matched or adjusted differences have their own printed
    standard error; use :func:`printed` for them.

    >>> employment_difference(0.55, 400, 0.50, 400).y.round(2).tolist()
    [0.05]
    """
    x = columns(share1=share1, n1=n1, share2=share2, n2=n2)
    _shares(share1=x["share1"], share2=x["share2"])
    positive(n1=x["n1"], n2=x["n2"])
    p1, p2 = x["share1"], x["share2"]
    v = p1 * (1 - p1) / x["n1"] + p2 * (1 - p2) / x["n2"]
    return sizes("employment-difference", p1 - p2, v, undefined="error", why="shares of 0 or 1 in both groups have no sampling variance")


def relative_change(
    difference: ArrayLike, v: ArrayLike, level: ArrayLike, *, level_v: ArrayLike = 0.0, covariance: ArrayLike = 0.0, scale: Literal["share", "log"] = "share"
) -> EffectSizes:
    """A difference as a share of the level without the measure: ``difference/level``, or ``log(1 + difference/level)``.

    Parameters
    ----------
    difference, v : array_like of shape (k,)
        Difference and its sampling variance, in one unit (share in work, weeks, kroner).
    level, level_v : array_like of shape (k,)
        Level without the measure, above 0, and its sampling variance (0: taken as known).
    covariance : array_like of shape (k,)
        Of difference and level. When the level is the mean of the very comparison group, it is ``−level_v``.

    Notes
    -----
    Delta method: with r = difference/level, ``Var r = (v + r²·level_v − 2·r·covariance)/level²``; on the log scale that over (1 + r)².
    """
    if scale not in ("share", "log"):
        raise InputError(f"scale is '{scale}'; choose one of: share, log")
    x = columns(difference=difference, v=v, level=level, level_v=level_v, covariance=covariance)
    positive(v=x["v"], level=x["level"])
    counts(level_v=x["level_v"])
    r = x["difference"] / x["level"]
    spread = (x["v"] + r**2 * x["level_v"] - 2 * r * x["covariance"]) / x["level"] ** 2
    if scale == "share":
        return sizes("relative-change", r, spread, undefined="error", why="something is missing, or the covariance is too large for the variances")
    demand(1 + r > 0, "a level with the measure of 0 or less has no log", np.isnan(r))
    return sizes("log-relative-change", np.log1p(r), spread / (1 + r) ** 2, undefined="error", why="something is missing, or the covariance is too large")


def hazard_ratios(
    ratio: ArrayLike = _NAN,
    *,
    se: ArrayLike = _NAN,
    low: ArrayLike = _NAN,
    high: ArrayLike = _NAN,
    t: ArrayLike = _NAN,
    p: ArrayLike = _NAN,
    level: float = 0.95,
) -> EffectSizes:
    """Log hazard ratios from printed hazard ratios with a standard error (of the ratio), an interval, z or p; see :func:`printed`. Shapes (k,)."""
    return printed(ratio, se=se, low=low, high=high, t=t, p=p, level=level, ratio=True, measure="log-hazard-ratio")


def log_hazards(coefficient: ArrayLike, se: ArrayLike) -> EffectSizes:
    """Log hazard ratios printed as coefficients of a duration model, with their standard errors. Shapes (k,)."""
    return printed(coefficient, se=se, measure="log-hazard-ratio")


def hazard_ratios_from_logrank(observed: ArrayLike, expected: ArrayLike, variance: ArrayLike) -> EffectSizes:
    """Log hazard ratios from log-rank tests: ``(O − E)/V`` of group 1, variance ``1/V``. Shapes (k,).

    Parmar, Torri & Stewart (1998), doi:10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8.
    """
    x = columns(observed=observed, expected=expected, variance=variance)
    counts(observed=x["observed"], expected=x["expected"])
    positive(variance=x["variance"])
    return sizes("log-hazard-ratio", (x["observed"] - x["expected"]) / x["variance"], 1 / x["variance"], undefined="error", why="something is missing")


def weeks_difference(
    mean1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, n2: ArrayLike, *, unit: Literal["days", "weeks", "months"] = "weeks"
) -> EffectSizes:
    """Difference in weeks, from means and standard deviations in ``unit`` (a month is 365.25/84 weeks). Shapes (k,)."""
    weeks = {"days": 1 / 7, "weeks": 1.0, "months": 365.25 / 84}
    if unit not in weeks:
        raise InputError(f"unit is '{unit}'; choose one of: {', '.join(weeks)}")
    found = two_means(mean1, sd1, n1, mean2, sd2, n2, measure="mean-difference")
    return EffectSizes(found.y * weeks[unit], found.v * weeks[unit] ** 2, "weeks-difference")


@dataclass(frozen=True, slots=True, eq=False)
class Baseline(Result):
    """What the group without the measure looks like at the horizon.

    Attributes
    ----------
    survival, survival_v : ndarray of shape (k,)
        Share still unemployed at the horizon, strictly between 0 and 1, and its sampling variance (0: taken as known).
    job_share, job_share_v : ndarray of shape (k,)
        Share of those who leave that leave for a job, taken to be the same all the time, and its sampling variance. 1: nobody leaves otherwise.
    """

    survival: Array
    survival_v: Array
    job_share: Array
    job_share_v: Array


def baseline(survival: ArrayLike, *, survival_v: ArrayLike = 0.0, job_share: ArrayLike = 1.0, job_share_v: ArrayLike = 0.0) -> Baseline:
    """The baseline of :func:`hazard_to_difference` and :func:`difference_to_hazard`, checked."""
    x = columns(survival=survival, survival_v=survival_v, job_share=job_share, job_share_v=job_share_v)
    if any(np.isnan(column).any() for column in x.values()):
        raise InputError("the baseline survival (and the share of exits to a job) must be known for every study")
    demand((x["survival"] > 0) & (x["survival"] < 1), "survival must lie strictly between 0 and 1")
    demand((x["job_share"] > 0) & (x["job_share"] <= 1), "job_share must lie in (0, 1]")
    counts(survival_v=x["survival_v"], job_share_v=x["job_share_v"])
    return Baseline(x["survival"], x["survival_v"], x["job_share"], x["job_share_v"])


def hazard_to_difference(effects: EffectSizes, at: Baseline) -> EffectSizes:
    """From log hazard ratios to differences in the share who have left for a job within the horizon.

    With baseline survival S, share of exits to a job π, hazard ratio h and ``m = π·h + 1 − π``::

        difference = (π·h/m)·(1 − S^m) − π·(1 − S)          without other exits: S − S^h

    which is what ``virker.plan`` computes week by week when the proportions of the exits are constant. The variance adds those of log h, S and
    π, each times the squared derivative.

    Raises
    ------
    InputError
        When ``effects`` are no log hazard ratios.
    """
    _is(effects, "log-hazard-ratio")
    s, share = np.broadcast_to(at.survival, effects.k), np.broadcast_to(at.job_share, effects.k)
    y, by_log, by_s, by_share = _difference(effects.y, s, share)
    v = by_log**2 * effects.v + by_s**2 * at.survival_v + by_share**2 * at.job_share_v
    return sizes("job-exits-difference", y, v, undefined="error", why="something is missing")


def difference_to_hazard(effects: EffectSizes, at: Baseline, *, covariance: ArrayLike = 0.0) -> EffectSizes:
    """From differences in the share who have left for a job within the horizon to log hazard ratios: the reverse.

    ``covariance`` is that of difference and baseline survival: 0 when the baseline comes from elsewhere; ``survival_v`` when it is the
    comparison group of the very study and nobody leaves otherwise (difference = S − S₁ with independent groups).

    Raises
    ------
    InputError
        When ``effects`` are no such differences, or a difference cannot be reached: no more can find a job than are there.
    """
    _is(effects, "job-exits-difference", "employment-difference", "risk-difference")
    s, share = np.broadcast_to(at.survival, effects.k), np.broadcast_to(at.job_share, effects.k)
    y = _solve(lambda log_ratio: _difference(log_ratio, s, share)[0], effects.y)
    _, by_log, by_s, by_share = _difference(y, s, share)
    v = (effects.v + by_s**2 * at.survival_v + by_share**2 * at.job_share_v - 2 * by_s * np.asarray(covariance)) / by_log**2
    return sizes("log-hazard-ratio", y, v, undefined="error", why="the covariance is too large for the variances, or something is missing")


def hazard_to_weeks(effects: EffectSizes, survival: ArrayLike, *, covariance: ArrayLike | None = None) -> EffectSizes:
    """From log hazard ratios to differences in weeks of unemployment within H weeks: ``Σ (S[k]^h − S[k])`` over the weeks 0 … H − 1.

    Parameters
    ----------
    effects
        Log hazard ratios of leaving, shape (k,).
    survival : array_like of shape (H,)
        Share still unemployed when each week begins, without the measure; it starts at 1 and does not rise.
    covariance : array_like of shape (H, H), optional
        Of the survival curve; without it the curve is taken as known.

    Returns
    -------
    EffectSizes
        ``weeks-difference``: negative when the measure shortens unemployment.
    """
    _is(effects, "log-hazard-ratio")
    curve, spread = _curve(survival, covariance)
    y, by_log, by_curve = _weeks(effects.y, curve)
    v = by_log**2 * effects.v + np.einsum("kh,hj,kj->k", by_curve, spread, by_curve)
    return sizes("weeks-difference", y, v, undefined="error", why="something is missing")


def weeks_to_hazard(effects: EffectSizes, survival: ArrayLike, *, covariance: ArrayLike | None = None) -> EffectSizes:
    """From differences in weeks of unemployment within H weeks to log hazard ratios: the reverse of :func:`hazard_to_weeks`."""
    _is(effects, "weeks-difference")
    curve, spread = _curve(survival, covariance)
    y = -_solve(lambda minus: _weeks(-minus, curve)[0], effects.y)
    _, by_log, by_curve = _weeks(y, curve)
    v = (effects.v + np.einsum("kh,hj,kj->k", by_curve, spread, by_curve)) / by_log**2
    return sizes("log-hazard-ratio", y, v, undefined="error", why="something is missing")


def _difference(log_ratio: Array, s: Array, share: Array) -> tuple[Array, Array, Array, Array]:
    """The difference, and its derivatives in log h, S and π. Shapes (k,)."""
    h = np.exp(log_ratio)
    total = -np.log(s)
    m = share * h + 1 - share
    gone = -np.expm1(-m * total)
    left = np.exp(-m * total)
    y = share * h / m * gone - share * (1 - s)
    by_m = -share * h / m**2 * gone + share * h / m * total * left
    by_h = share / m * gone + share * by_m
    by_share = h / m * gone + (h - 1) * by_m - (1 - s)
    by_s = -share * h * left / s + share
    return y, by_h * h, by_s, by_share


def _weeks(log_ratio: Array, curve: Array) -> tuple[Array, Array, Array]:
    h = np.exp(log_ratio)[:, None]
    log_s = np.log(curve)
    power = np.exp(h * log_s)
    return np.sum(power - curve, axis=1), np.sum(power * log_s * h, axis=1), h * power / curve - 1


def _solve(rising: Callable[[Array], Array], wanted: Array) -> Array:
    """The log hazard ratio within ±:data:`LARGEST` at which the ``rising`` function is ``wanted``, by bisection to the last digit."""
    low, high = np.full(len(wanted), -LARGEST), np.full(len(wanted), LARGEST)
    least, most = rising(low), rising(high)
    outside = ~((wanted > least) & (wanted < most))
    if outside.any():
        i = int(np.argmax(outside))
        raise InputError(
            f"no hazard ratio gives the effect at {places(outside)}: {wanted[i]:.4g}, where the baseline allows {least[i]:.4g} to {most[i]:.4g}\n"
            "    → check that effect and baseline belong to one horizon and one unit"
        )
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        less = rising(middle) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.asarray((low + high) / 2, dtype=np.float64)


def _curve(survival: ArrayLike, covariance: ArrayLike | None) -> tuple[Array, Array]:
    curve = columns(survival=survival)["survival"]
    demand((curve > 0) & (curve <= 1), "survival must lie in (0, 1]")
    if len(curve) < 2 or curve[0] != 1 or (np.diff(curve) > 0).any() or curve[-1] == 1:
        raise InputError("survival must be a curve of two weeks or more that starts at 1, never rises, and falls somewhere")
    spread = np.zeros((len(curve), len(curve))) if covariance is None else np.asarray(covariance, dtype=np.float64)
    if spread.shape != (len(curve), len(curve)):
        raise InputError(f"covariance has shape {spread.shape}; the curve needs {(len(curve), len(curve))}")
    return curve, spread


def _is(effects: EffectSizes, *measures: str) -> None:
    if effects.measure not in measures:
        raise InputError(f"the effects are '{effects.measure}'; this conversion is from {' or '.join(measures)}")


def _shares(**given: Array) -> None:
    for name, column in given.items():
        demand((column >= 0) & (column <= 1), f"{name} must lie between 0 and 1 (3 per cent are 0.03)", np.isnan(column))
