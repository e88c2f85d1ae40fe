"""One group measured twice: the change between two measurements of the same persons."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.correlations import unbiased
from virker.meta.effect_sizes.sizes import Array, EffectSizes, Undefined, columns, counts, demand, positive, sizes, small_sample, unknown
from virker.meta.errors import InputError

#: What two measurements of one group can be compared by.
Change = Literal["mean-change", "smd-change", "smd-raw", "smd-raw-heteroscedastic", "log-mean-ratio", "log-cv-ratio", "log-sd-ratio"]
Variance = Literal["large-sample", "corrected", "unbiased"]
_WHY = "a group of one, no spread, or a mean that is not above 0 where a ratio is asked for"


def change(
    mean1: ArrayLike,
    sd1: ArrayLike,
    mean2: ArrayLike,
    sd2: ArrayLike,
    n: ArrayLike,
    r: ArrayLike,
    *,
    measure: Change,
    variance: Variance = "large-sample",
    correct: bool = True,
    undefined: Undefined = "error",
) -> EffectSizes:
    """Compare measurement 1 with measurement 2 of the same ``n`` persons, whose two values correlate by ``r``.

    Parameters
    ----------
    mean1, sd1, mean2, sd2, n, r : array_like of shape (k,)
        ``smd-raw`` divides by ``sd1``: hand in the measurement whose spread is the yardstick (usually the one before) as the first.
    measure
        With ``s² = sd₁² + sd₂² − 2·r·sd₁·sd₂``, J Hedges' factor at n − 1::

            mean-change               mean₁ − mean₂                       s²/n
            smd-change                g = J·(mean₁ − mean₂)/s             1/n + g²/(2n)
            smd-raw                   g = J·(mean₁ − mean₂)/sd₁           2(1 − r)/n + g²/(2n)
            smd-raw-heteroscedastic   the same                            s²/(sd₁²(n−1)) + g²/(2(n−1))
            log-mean-ratio            log(mean₁/mean₂) + (cv₁² − cv₂²)/(2n)   cv₁²/n + cv₂²/n − 2·r·cv₁·cv₂/n
            log-cv-ratio              log(cv₁/cv₂) − the same term        (1 − r²)/(n−1) and the line above
            log-sd-ratio              log(sd₁/sd₂)                        (1 − r²)/(n−1)

    variance
        For ``smd-change`` and ``smd-raw``: ``corrected`` is J² times the variance without the correction (Borenstein 2009), ``unbiased`` Hedges'
        (the correlation is then made unbiased too).
    correct
        Whether the small-sample correction is made.

    References
    ----------
    Becker (1988), doi:10.1111/j.2044-8317.1988.tb00901.x; Gibbons, Hedeker & Davis (1993), doi:10.3102/10769986018003271;
    Morris (2000), doi:10.1348/000711000159150; Bonett (2008), doi:10.1037/1082-989X.13.2.99; Lajeunesse (2011), doi:10.1890/11-0423.1.

    Examples
    --------
    >>> change(30.1, 5.0, 25.3, 5.5, 40, 0.47, measure="mean-change").v.round(3).tolist()
    [0.735]
    """
    if measure not in get_args(Change):
        raise unknown(measure, get_args(Change), "change in one group")
    if variance != "large-sample" and measure not in {"smd-change", "smd-raw"}:
        raise InputError(f"variance='{variance}' is known for measure='smd-change' and 'smd-raw' only")
    x = columns(mean1=mean1, sd1=sd1, mean2=mean2, sd2=sd2, n=n, r=r)
    counts(sd1=x["sd1"], sd2=x["sd2"])
    positive(n=x["n"])
    demand(np.abs(x["r"]) <= 1, "r must be between −1 and 1", np.isnan(x["r"]))
    with np.errstate(all="ignore"):
        y, v = _of_pairs(measure, x["mean1"], x["sd1"], x["mean2"], x["sd2"], x["n"], x["r"], variance, correct)
    return sizes(measure, y, v, undefined=undefined, why=_WHY)


def _of_pairs(measure: Change, m1: Array, s1: Array, m2: Array, s2: Array, n: Array, r: Array, variance: str, correct: bool) -> tuple[Array, Array]:
    square = s1**2 + s2**2 - 2 * r * s1 * s2
    one, two = s1**2 / (n * m1**2), s2**2 / (n * m2**2)
    spread = (1 - r**2) / (n - 1)
    ratio_v = one + two - 2 * r * s1 * s2 / (n * m1 * m2)
    tilt = (one - two) / 2 if correct else np.zeros_like(one)
    j = small_sample(n - 1)
    match measure:
        case "mean-change":
            return m1 - m2, square / n
        case "smd-change":
            d = (m1 - m2) / np.sqrt(square)
            g = (j if correct else 1.0) * d
            if variance == "corrected":
                return g, j**2 * (1 / n + d**2 / (2 * n))
            return g, 1 / n + (_excess(j, n) if variance == "unbiased" else 1 / (2 * n)) * g**2
        case "smd-raw":
            d = (m1 - m2) / s1
            g = (j if correct else 1.0) * d
            if variance == "corrected":
                return g, j**2 * (2 * (1 - r) / n + d**2 / (2 * n))
            if variance == "unbiased":
                return g, 2 * (1 - unbiased(r, n)) / n + _excess(j, n) * g**2
            return g, 2 * (1 - r) / n + g**2 / (2 * n)
        case "smd-raw-heteroscedastic":
            g = (j if correct else 1.0) * (m1 - m2) / s1
            return g, square / (s1**2 * (n - 1)) + g**2 / (2 * (n - 1))
        case "log-mean-ratio":
            return np.log(m1 / m2) + tilt, ratio_v
        case "log-cv-ratio":
            return np.log(s1 / m1) - np.log(s2 / m2) - tilt, spread + ratio_v
        case "log-sd-ratio":
            return np.log(s1 / s2), spread


def _excess(j: Array, n: Array) -> Array:
    """The factor of g² in the unbiased variance, at n − 1 degrees of freedom."""
    m = n - 1
    return 1 - (m - 2) / (m * j**2)
