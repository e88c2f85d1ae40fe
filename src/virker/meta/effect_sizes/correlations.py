"""Correlations of two variables, and partial correlations (what a regression table gives)."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.sizes import Array, EffectSizes, Undefined, columns, demand, positive, sizes, unknown, weighted_mean
from virker.meta.errors import InputError

#: How a correlation can enter a meta-analysis.
Correlation = Literal["correlation", "unbiased-correlation", "fisher-z"]
PartialCorrelation = Literal["partial-correlation", "partial-fisher-z"]
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
    t: ArrayLike, n: ArrayLike, predictors: ArrayLike, *, measure: PartialCorrelation = "partial-correlation", undefined: Undefined = "error"
) -> EffectSizes:
    """The partial correlation behind a coefficient's ``t`` in a regression of ``n`` persons on so many ``predictors`` (without intercept).

    ``r = t/√(t² + df)`` with ``df = n − predictors − 1``; variances ``(1 − r²)²/df`` and, for Fisher's z, ``1/(n − predictors − 2)``
    (Aloe & Thompson 2013, doi:10.5243/jsswr.2013.24).
    """
    if measure not in get_args(PartialCorrelation):
        raise unknown(measure, get_args(PartialCorrelation), "partial correlations")
    x = columns(t=t, n=n, predictors=predictors)
    positive(n=x["n"], predictors=x["predictors"])
    with np.errstate(all="ignore"):
        df = np.where(x["n"] - x["predictors"] - 1 > 0, x["n"] - x["predictors"] - 1, np.nan)
        r = x["t"] / np.sqrt(x["t"] ** 2 + df)
        y, v = (r, (1 - r**2) ** 2 / df) if measure == "partial-correlation" else (np.arctanh(r), 1 / (df - 1))
    return sizes(measure, y, v, undefined=undefined, why="no degrees of freedom are left")


def _of_correlation(measure: Correlation, r: Array, n: Array, variance: Variance) -> tuple[Array, Array]:
    if measure == "fisher-z":
        return np.arctanh(r), np.where(n > 3, 1 / (n - 3), np.nan)
    y = unbiased(r, n) if measure == "unbiased-correlation" else r
    if variance == "unbiased":
        from scipy.special import hyp2f1

        exact = unbiased(r, n)
        return y, exact**2 - 1 + (n - 3) / (n - 2) * (1 - r**2) * hyp2f1(1, 1, n / 2, 1 - r**2)
    inside = weighted_mean(y, n) if variance == "pooled" else y
    return y, np.where(n > 1, (1 - inside**2) ** 2 / (n - 1), np.nan)


def unbiased(r: Array, n: Array) -> Array:
    """Olkin and Pratt's unbiased estimate of a correlation, exact; nan for n ≤ 4. Shapes (k,)."""
    from scipy.special import hyp2f1

    return np.where(n > 4, r * hyp2f1(0.5, 0.5, np.where(n > 4, (n - 2) / 2, 2.0), 1 - r**2), np.nan)
