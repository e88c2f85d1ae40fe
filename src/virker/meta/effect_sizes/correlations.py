"""Correlations of two variables, and partial correlations (what a regression table gives)."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.gauss import hypergeometric
from virker.meta.effect_sizes.sizes import Array, EffectSizes, Undefined, columns, demand, positive, sizes, unknown, weighted_mean
from virker.meta.errors import InputError

#: How a correlation can enter a meta-analysis.
Correlation = Literal["correlation", "unbiased-correlation", "fisher-z"]
PartialCorrelation = Literal["partial-correlation", "partial-fisher-z", "semi-partial-correlation"]
MultipleCorrelation = Literal["r-squared", "multiple-fisher-z"]
Variance = Literal["large-sample", "unbiased", "pooled"]
_WHY = "too few persons, or a correlation of ±1"


def correlations(r: ArrayLike, n: ArrayLike, *, measure: Correlation, variance: Variance = "large-sample", undefined: Undefined = "error") -> EffectSizes:
    """Correlations ``r`` between two variables of ``n`` persons.

    Parameters
    ----------
    r, n : array_like of shape (k,)
    measure
        ::

            correlation            r                                    (1 − r²)²/(n − 1)
            unbiased-correlation   r·₂F₁(½, ½; (n−2)/2; 1 − r²)         the same, with that value; Olkin & Pratt 1958
            fisher-z               atanh r                              1/(n − 3)

    variance
        ``unbiased`` (Olkin & Pratt; not for ``fisher-z``), or ``pooled``: the weighted mean correlation in place of each study's own.

    References
    ----------
    Fisher (1921), Metron 1, 3-32; Olkin & Pratt (1958), doi:10.1214/aoms/1177706717.

    Examples
    --------
    >>> correlations([0.68], [10], measure="fisher-z").y.round(6).tolist()
    [0.829114]
    """
    if measure not in get_args(Correlation):
        raise unknown(measure, get_args(Correlation), "correlations")
    if measure == "fisher-z" and variance != "large-sample":
        raise InputError(f"variance='{variance}' is not known for measure='fisher-z': its variance does not depend on r")
    x = columns(r=r, n=n)
    demand(np.abs(x["r"]) <= 1, "r must be between −1 and 1", np.isnan(x["r"]))
    positive(n=x["n"])
    with np.errstate(all="ignore"):
        y, v = _of_correlation(measure, x["r"], x["n"], variance)
    return sizes(measure, y, v, undefined=undefined, why=_WHY)


def partial_correlations(
    t: ArrayLike,
    n: ArrayLike,
    predictors: ArrayLike,
    *,
    measure: PartialCorrelation = "partial-correlation",
    r2: ArrayLike | None = None,
    correct: bool = True,
    undefined: Undefined = "error",
) -> EffectSizes:
    """The partial correlation behind a coefficient's ``t`` in a regression of ``n`` persons on so many ``predictors`` (without intercept).

    ``r = t/√(t² + df)`` with ``df = n − predictors − 1``; variances ``(1 − r²)²/df`` and, for Fisher's z, ``1/(df − 1)``, or 1/df without ``correct``
    (Aloe & Thompson 2013, doi:10.5243/jsswr.2013.24). ``semi-partial-correlation``: ``s = t·√((1 − R²)/df)`` with the regression's own ``r2`` and
    variance ``(R⁴ − 2R² + P + 1 − P²)/n``, P = R² − s² (Aloe & Becker 2012, doi:10.3102/1076998610396901).
    """
    if measure not in get_args(PartialCorrelation):
        raise unknown(measure, get_args(PartialCorrelation), "partial correlations")
    if (measure == "semi-partial-correlation") != (r2 is not None):
        raise InputError("r2, the share of variance that the whole regression explains, belongs to measure='semi-partial-correlation', and to it alone")
    x = columns(t=t, n=n, predictors=predictors, r2=0.0 if r2 is None else r2)
    positive(n=x["n"], predictors=x["predictors"])
    _shares(x["r2"])
    with np.errstate(all="ignore"):
        df = np.where(x["n"] - x["predictors"] - 1 > 0, x["n"] - x["predictors"] - 1, np.nan)
        r = x["t"] / np.sqrt(x["t"] ** 2 + df)
        match measure:
            case "partial-correlation":
                y, v = r, (1 - r**2) ** 2 / df
            case "partial-fisher-z":
                y, v = np.arctanh(r), 1 / (df - 1 if correct else df)
            case "semi-partial-correlation":
                whole = x["r2"]
                y = x["t"] * np.sqrt((1 - whole) / df)
                rest = whole - y**2
                v = (whole**2 - 2 * whole + rest + 1 - rest**2) / x["n"]
    return sizes(measure, y, v, undefined=undefined, why="no degrees of freedom are left")


def multiple_correlations(
    r2: ArrayLike, n: ArrayLike, predictors: ArrayLike, *, measure: MultipleCorrelation = "r-squared", undefined: Undefined = "error"
) -> EffectSizes:
    """The share of variance that a regression of ``n`` persons on so many ``predictors`` explains.

    ``r-squared`` R² with ``4R²(1 − R²)²(n − m − 1)²/((n² − 1)(n + 3))``, m predictors; ``multiple-fisher-z`` atanh R with 1/n
    (Olkin & Finn 1995, Psychological Bulletin 118, 155-164). Shapes (k,). Both are poor where R² is near 0.
    """
    if measure not in get_args(MultipleCorrelation):
        raise unknown(measure, get_args(MultipleCorrelation), "multiple correlations")
    x = columns(r2=r2, n=n, predictors=predictors)
    positive(n=x["n"], predictors=x["predictors"])
    _shares(x["r2"])
    whole, persons = x["r2"], x["n"]
    with np.errstate(all="ignore"):
        if measure == "multiple-fisher-z":
            y, v = np.arctanh(np.sqrt(whole)), 1 / persons
        else:
            free = np.where(persons - x["predictors"] - 1 > 0, persons - x["predictors"] - 1, np.nan)
            y, v = whole, 4 * whole * (1 - whole) ** 2 * free**2 / ((persons**2 - 1) * (persons + 3))
    return sizes(measure, y, v, undefined=undefined, why="no degrees of freedom are left, or R² is 0 or 1")


def _shares(r2: Array) -> None:
    demand((r2 >= 0) & (r2 <= 1), "r2 must be between 0 and 1", np.isnan(r2))


def _of_correlation(measure: Correlation, r: Array, n: Array, variance: Variance) -> tuple[Array, Array]:
    if measure == "fisher-z":
        return np.arctanh(r), np.where(n > 3, 1 / (n - 3), np.nan)
    y = unbiased(r, n) if measure == "unbiased-correlation" else r
    if variance == "unbiased":
        exact = unbiased(r, n)
        return y, exact**2 - 1 + (n - 3) / (n - 2) * (1 - r**2) * hypergeometric(1.0, 1.0, n / 2, 1 - r**2)
    inside = weighted_mean(y, n) if variance == "pooled" else y
    return y, np.where(n > 1, (1 - inside**2) ** 2 / (n - 1), np.nan)


def unbiased(r: Array, n: Array) -> Array:
    """Olkin and Pratt's unbiased estimate of a correlation, exact; nan for n ≤ 4. Shapes (k,)."""
    return np.where(n > 4, r * hypergeometric(0.5, 0.5, np.where(n > 4, (n - 2) / 2, 2.0), 1 - r**2), np.nan)
