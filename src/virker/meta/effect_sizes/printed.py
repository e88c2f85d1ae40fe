"""From what a paper prints, an estimate with its t, p, interval or standard error, to an estimate and its variance."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.sizes import Array, EffectSizes, columns, demand, places, positive, sizes
from virker.meta.effect_sizes.two_means import standardised
from virker.meta.errors import InputError

_NAN = np.nan


def printed(
    estimate: ArrayLike = _NAN,
    *,
    se: ArrayLike = _NAN,
    low: ArrayLike = _NAN,
    high: ArrayLike = _NAN,
    t: ArrayLike = _NAN,
    p: ArrayLike = _NAN,
    df: ArrayLike = _NAN,
    level: float = 0.95,
    ratio: bool = False,
    measure: str = "as printed",
) -> EffectSizes:
    """Estimates whose uncertainty is printed in one way or another; studies may differ in which.

    Parameters
    ----------
    estimate, se, low, high, t, p, df : array_like of shape (k,)
        What is printed; nan or None where it is not. Used for a study is the first that it has of: ``se``; the interval; ``t``; ``p``::

            se            v = se²
            low, high     v = ((high − low) / (2·c))²     c the critical value at ``level``
            t             v = (estimate / t)²             (or estimate = t·se, where the estimate is not printed)
            p             v = (estimate / c(p))²          two-sided p; not possible for an estimate of 0 or p = 1

        ``df`` are the degrees of freedom of the t distribution behind interval and p; without them it is the normal.
        An estimate that is missing beside an interval is its middle.
    level
        Confidence level of the intervals.
    ratio
        The estimate and the interval are ratios (odds, hazard, rate): their logs are taken, and a printed ``se`` is taken to be of the ratio
        (v = (se/estimate)²). A standard error of the log goes with the log as ``estimate`` and ``ratio=False``.

    Raises
    ------
    InputError
        Naming the studies with too little, and what would do; for an estimate outside its interval; for a p outside (0, 1].

    References
    ----------
    Cochrane Handbook, version 6.5, sections 6.3 and 6.5.

    Examples
    --------
    >>> printed(0.85, low=0.76, high=0.95, ratio=True).v.round(5).tolist()
    [0.00324]
    """
    if not 0 < level < 1:
        raise InputError(f"level is {level}: it must lie between 0 and 1, such as 0.95")
    x = columns(estimate=estimate, se=se, low=low, high=high, t=t, p=p, df=df)
    _check(x, ratio)
    y, se_, lo, hi = x["estimate"], x["se"], x["low"], x["high"]
    if ratio:
        se_ = se_ / y
        y, lo, hi = np.log(y), np.log(lo), np.log(hi)
    y = np.where(np.isnan(y), (lo + hi) / 2, y)
    y = np.where(np.isnan(y), x["t"] * se_, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_interval = (hi - lo) / (2 * critical(np.full(len(y), 1 - level), x["df"]))
        of_t = np.where(x["t"] == 0, _NAN, np.abs(y / x["t"]))
        of_p = np.abs(y) / critical(x["p"], x["df"])
    found = se_
    for other in (of_interval, of_t, of_p):
        found = np.where(np.isnan(found), np.where(np.isfinite(other) & (other > 0), other, _NAN), found)
    lacking = np.isnan(y) | np.isnan(found)
    if lacking.any():
        raise InputError(
            f"too little is printed at {places(lacking)}: {_missing(x, lacking)}\n    → each study needs an estimate with one of: se; low and high; t; p below 1"
        )
    return sizes(measure, y, found**2, undefined="error", why="the standard error is 0")


def smd_printed(
    n1: ArrayLike,
    n2: ArrayLike,
    *,
    t: ArrayLike = _NAN,
    f: ArrayLike = _NAN,
    p: ArrayLike = _NAN,
    d: ArrayLike = _NAN,
    sign: ArrayLike = _NAN,
    correct: bool = True,
    variance: Literal["large-sample", "unbiased"] = "large-sample",
) -> EffectSizes:
    """The standardised mean difference of two independent groups from their test: ``d = t·√(1/n₁ + 1/n₂)``, then Hedges' g.

    Parameters
    ----------
    n1, n2 : array_like of shape (k,)
        Persons in each group.
    t, f, p, d, sign : array_like of shape (k,)
        One of them for each study. ``f`` has one degree of freedom in the numerator (t = √f) and ``p`` is two-sided with n₁ + n₂ − 2 degrees of
        freedom; both need ``sign``, +1 where group 1 has the higher mean and −1 where group 2 has.

    Raises
    ------
    InputError
        When a study lacks all of them, or the sign.

    Examples
    --------
    >>> smd_printed(50, 54, t=-1.2, correct=False).y.round(4).tolist()
    [-0.2355]
    """
    x = columns(n1=n1, n2=n2, t=t, f=f, p=p, d=d, sign=sign)
    positive(n1=x["n1"], n2=x["n2"])
    demand(x["f"] >= 0, "f must be 0 or more", np.isnan(x["f"]))
    demand((x["p"] > 0) & (x["p"] <= 1), "p must lie in (0, 1]", np.isnan(x["p"]))
    demand(np.abs(x["sign"]) == 1, "sign must be +1 or −1", np.isnan(x["sign"]))
    root = np.sqrt(1 / x["n1"] + 1 / x["n2"])
    size = np.where(np.isnan(x["f"]), critical(x["p"], x["n1"] + x["n2"] - 2), np.sqrt(x["f"]))
    unsigned = np.isnan(x["d"]) & np.isnan(x["t"]) & ~np.isnan(size) & np.isnan(x["sign"])
    if unsigned.any():
        raise InputError(f"f and p have no direction at {places(unsigned)}\n    → sign=+1 where group 1 has the higher mean, −1 where group 2 has")
    found = np.where(np.isnan(x["d"]), np.where(np.isnan(x["t"]), x["sign"] * size, x["t"]) * root, x["d"])
    lacking = np.isnan(found + root)
    if lacking.any():
        raise InputError(f"too little is printed at {places(lacking)}\n    → each study needs n1, n2 and one of: t; f with sign; p with sign; d")
    g, v = standardised(found, x["n1"], x["n2"], variance=variance, correct=correct)
    return sizes("smd", g, v, undefined="error", why="a standardised difference needs three persons or more")


def sd_printed(n: ArrayLike, *, se: ArrayLike = _NAN, low: ArrayLike = _NAN, high: ArrayLike = _NAN, level: float = 0.95) -> Array:
    """The standard deviation of persons from the standard error of their mean, ``se·√n``, or from its interval (t, n − 1). Shape (k,)."""
    x = columns(n=n, se=se, low=low, high=high)
    positive(n=x["n"])
    with np.errstate(divide="ignore", invalid="ignore"):
        of_interval = (x["high"] - x["low"]) / (2 * critical(np.full(len(x["n"]), 1 - level), np.where(x["n"] > 1, x["n"] - 1, _NAN)))
    found = np.where(np.isnan(x["se"]), np.where(x["n"] > 1, of_interval, _NAN), x["se"])
    lacking = np.isnan(found)
    if lacking.any():
        raise InputError(f"too little is printed at {places(lacking)}\n    → each group needs n and one of: se; low and high (with n above 1)")
    return np.asarray(found * np.sqrt(x["n"]))


def critical(p: Array, df: Array) -> Array:
    """The value that a two-sided ``p`` stands for: of the t distribution, or of the normal where ``df`` is nan. Shapes (k,)."""
    from scipy.special import ndtri, stdtrit

    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.isnan(df), -ndtri(p / 2), -stdtrit(np.where(df > 0, df, 1.0), p / 2)))


def _check(x: dict[str, Array], ratio: bool) -> None:
    demand(x["se"] > 0, "se must be above 0", np.isnan(x["se"]))
    demand(x["df"] > 0, "df must be above 0", np.isnan(x["df"]))
    demand((x["p"] > 0) & (x["p"] <= 1), "p must lie in (0, 1]; a p printed as 0 or as '< .001' is only a bound", np.isnan(x["p"]))
    demand(x["low"] < x["high"], "low must be below high", np.isnan(x["low"] + x["high"]))
    y = x["estimate"]
    demand((x["low"] <= y) & (y <= x["high"]), "the estimate must lie in its interval", np.isnan(x["low"] + x["high"] + y))
    if ratio:
        positive(estimate=y, low=x["low"])


def _missing(x: dict[str, Array], lacking: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    row = int(np.argmax(lacking))
    given = [name for name, column in x.items() if not np.isnan(column[row])]
    return "the first of them has " + (", ".join(given) if given else "nothing")
