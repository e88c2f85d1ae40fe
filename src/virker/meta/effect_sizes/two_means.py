"""Two independent groups, a mean and a standard deviation in each."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.sizes import Array, EffectSizes, Undefined, columns, counts, positive, sizes, small_sample, unknown, weighted_mean
from virker.meta.errors import InputError

#: What two means, or two spreads, can be compared by.
TwoMeans = Literal[
    "mean-difference",
    "smd",
    "smd-heteroscedastic",
    "smd-sd2",
    "smd-sd2-heteroscedastic",
    "log-mean-ratio",
    "log-cv-ratio",
    "log-sd-ratio",
    "point-biserial",
    "biserial",
    "d-to-log-odds-ratio-normal",
    "d-to-log-odds-ratio-logistic",
]
Variance = Literal["large-sample", "corrected", "unbiased", "pooled", "homoscedastic", "pooled-homoscedastic", "cross-sectional"]
_VARIANCES: dict[str, tuple[str, ...]] = {
    "mean-difference": ("large-sample", "homoscedastic"),
    "smd": ("large-sample", "corrected", "unbiased", "pooled"),
    "smd-sd2": ("large-sample", "corrected", "unbiased", "pooled"),
    "d-to-log-odds-ratio-normal": ("large-sample", "unbiased", "pooled"),
    "d-to-log-odds-ratio-logistic": ("large-sample", "unbiased", "pooled"),
    "log-mean-ratio": ("large-sample", "homoscedastic", "pooled", "pooled-homoscedastic"),
    "point-biserial": ("large-sample", "cross-sectional"),
}
_WHY = "a group of one, no spread, or a mean that is not above 0 where a ratio is asked for"


def two_means(
    mean1: ArrayLike | None = None,
    sd1: ArrayLike | None = None,
    n1: ArrayLike | None = None,
    mean2: ArrayLike | None = None,
    sd2: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    *,
    measure: TwoMeans,
    variance: Variance = "large-sample",
    correct: bool | None = None,
    undefined: Undefined = "error",
) -> EffectSizes:
    """Compare group 1 with group 2 by their means, or by their spread.

    Parameters
    ----------
    mean1, sd1, n1, mean2, sd2, n2 : array_like of shape (k,)
        Mean, standard deviation (of persons, not of the mean) and number of persons. ``log-sd-ratio`` needs no means.
    measure
        With the pooled sd ``s``, ``d = (mean₁ − mean₂)/s``, m = n₁ + n₂ − 2, Hedges' factor J and ``g = J(m)·d``::

            mean-difference           mean₁ − mean₂                        sd₁²/n₁ + sd₂²/n₂
            smd                       g                                    1/n₁ + 1/n₂ + g²/(2(n₁+n₂))
            smd-heteroscedastic       sd = √((sd₁²+sd₂²)/2)                Bonett 2009
            smd-sd2                   sd = sd₂ (Glass), m = n₂ − 1         1/n₁ + 1/n₂ + g²/(2n₂)
            smd-sd2-heteroscedastic   the same                             sd₁²/(sd₂²(n₁−1)) + 1/(n₂−1) + g²/(2(n₂−1))
            log-mean-ratio            log(mean₁/mean₂) + (cv₁²/n₁ − cv₂²/n₂)/2
            log-cv-ratio              log(cv₁/cv₂) + bias terms            Nakagawa et al. 2015; Senior et al. 2020
            log-sd-ratio              log(sd₁/sd₂) + bias terms            1/(2(n₁−1)) + 1/(2(n₂−1))
            point-biserial            d/√(d² + m/n₁ + m/n₂)                Tate 1954
            biserial                  the normal variable behind it        Jacobs & Viechtbauer 2017
            d-to-log-odds-ratio-…     1.65·d, or (π/√3)·d                  Cox & Snell 1989; Hasselblad & Hedges 1995

    variance
        ``corrected`` (the variance of d times J², Borenstein 2009), ``unbiased`` (Hedges 1983), ``pooled`` (the weighted mean effect in place of
        each study's own; for ``log-mean-ratio`` the weighted mean coefficient of variation of each group in all studies, with
        ``pooled-homoscedastic`` of both groups together), ``homoscedastic`` (one sd), ``cross-sectional``
        (``point-biserial`` when the sizes of the groups are not fixed by design, Tate 1955).
    correct
        Whether the small-sample correction of the measure is made: by default yes, except for ``d-to-log-odds-ratio-…``. Without it ``smd``
        is Cohen's d.
    undefined
        ``error`` names the studies without a value; ``keep`` leaves nan or a variance of 0.

    Raises
    ------
    InputError
        For a missing column, a negative sd, a group without persons, or a study without a value.

    References
    ----------
    Hedges (1981), doi:10.3102/10769986006002107; Bonett (2008, 2009), doi:10.1037/1082-989X.13.2.99, doi:10.1037/a0016619;
    Lajeunesse (2015), doi:10.1890/14-2402.1; Nakagawa et al. (2015), doi:10.1111/2041-210X.12309; Senior, Viechtbauer & Nakagawa (2020),
    doi:10.1002/jrsm.1423; Jacobs & Viechtbauer (2017), doi:10.1002/jrsm.1218.

    Examples
    --------
    >>> two_means(55, 47, 155, 75, 64, 156, measure="mean-difference").y.tolist()
    [-20.0]
    """
    if measure not in get_args(TwoMeans):
        raise unknown(measure, get_args(TwoMeans), "two means")
    allowed = _VARIANCES.get(measure, ("large-sample",))
    if variance not in allowed:
        raise InputError(f"variance='{variance}' is not known for measure='{measure}'; choose one of: {', '.join(allowed)}")
    given = {"mean1": mean1, "sd1": sd1, "n1": n1, "mean2": mean2, "sd2": sd2, "n2": n2}
    spare = {"mean1", "mean2"} if measure == "log-sd-ratio" else set()
    spare |= {"sd1"} if measure == "smd-sd2" else set()
    lacking = [name for name, value in given.items() if value is None and name not in spare]
    if lacking:
        raise InputError(f"measure='{measure}' needs {', '.join(lacking)}")
    x = columns(**{name: 0.0 if value is None else value for name, value in given.items()})
    counts(sd1=x["sd1"], sd2=x["sd2"])
    positive(n1=x["n1"], n2=x["n2"])
    if correct is None:
        correct = not measure.startswith("d-to-")
    with np.errstate(all="ignore"):
        y, v = _of_groups(measure, x["mean1"], x["sd1"], x["n1"], x["mean2"], x["sd2"], x["n2"], variance, correct)
    return sizes(measure, y, v, undefined=undefined, why=_WHY)


def _of_groups(measure: TwoMeans, m1: Array, s1: Array, n1: Array, m2: Array, s2: Array, n2: Array, variance: str, correct: bool) -> tuple[Array, Array]:
    match measure:
        case "mean-difference":
            pooled = _pooled_variance(s1, n1, s2, n2)
            return m1 - m2, pooled * (1 / n1 + 1 / n2) if variance == "homoscedastic" else s1**2 / n1 + s2**2 / n2
        case "smd" | "d-to-log-odds-ratio-normal" | "d-to-log-odds-ratio-logistic":
            d = (m1 - m2) / np.sqrt(_pooled_variance(s1, n1, s2, n2))
            factor = {"smd": 1.0, "d-to-log-odds-ratio-normal": 1.65}.get(measure, np.pi / np.sqrt(3))
            g, v = standardised(d, n1, n2, variance=variance, correct=correct)
            return factor * g, factor**2 * v
        case "smd-heteroscedastic":
            return _average_sd(m1, s1, n1, m2, s2, n2, correct)
        case "smd-sd2":
            return _standardised((m1 - m2) / s2, n1, n2, n2 - 1, n2, variance, correct)
        case "smd-sd2-heteroscedastic":
            g = (small_sample(n2 - 1) if correct else 1.0) * (m1 - m2) / s2
            return g, s1**2 / (s2**2 * (n1 - 1)) + 1 / (n2 - 1) + g**2 / (2 * (n2 - 1))
        case "log-mean-ratio":
            return _mean_ratio(m1, s1, n1, m2, s2, n2, variance, correct)
        case "log-cv-ratio":
            return _cv_ratio(m1, s1, n1, m2, s2, n2, correct)
        case "log-sd-ratio":
            bias = 1 / (2 * (n1 - 1)) - 1 / (2 * (n2 - 1)) if correct else 0.0
            return np.log(s1 / s2) + bias, 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1))
        case "point-biserial" | "biserial":
            return _biserial(measure, (m1 - m2) / np.sqrt(_pooled_variance(s1, n1, s2, n2)), n1, n2, variance)


def standardised(d: Array, n1: Array, n2: Array, *, variance: str, correct: bool) -> tuple[Array, Array]:
    """Hedges' g of Cohen's ``d``, and its variance; with ``correct=False`` d itself. Shapes (k,)."""
    return _standardised(d, n1, n2, n1 + n2 - 2, n1 + n2, variance, correct)


def _standardised(d: Array, n1: Array, n2: Array, m: Array, n: Array, variance: str, correct: bool) -> tuple[Array, Array]:
    """The same for a yardstick with ``m`` degrees of freedom, from ``n`` persons."""
    j = small_sample(m)
    g = j * d if correct else d
    base = 1 / n1 + 1 / n2
    if variance == "unbiased":
        return g, base + (1 - (m - 2) / (m * j**2)) * g**2
    if variance == "corrected":
        return g, j**2 * (base + d**2 / (2 * n))
    inside = weighted_mean(g, n1 + n2) if variance == "pooled" else g
    return g, base + inside**2 / (2 * n)


def _pooled_variance(s1: Array, n1: Array, s2: Array, n2: Array) -> Array:
    return ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)


def _average_sd(m1: Array, s1: Array, n1: Array, m2: Array, s2: Array, n2: Array, correct: bool) -> tuple[Array, Array]:
    """The average of the two variances as the yardstick (Bonett 2008)."""
    square = (s1**2 + s2**2) / 2
    g = (small_sample(n1 + n2 - 2) if correct else 1.0) * (m1 - m2) / np.sqrt(square)
    v = g**2 * (s1**4 / (n1 - 1) + s2**4 / (n2 - 1)) / (8 * square**2) + s1**2 / (square * (n1 - 1)) + s2**2 / (square * (n2 - 1))
    return g, v


def _mean_ratio(m1: Array, s1: Array, n1: Array, m2: Array, s2: Array, n2: Array, variance: str, correct: bool) -> tuple[Array, Array]:
    """Hedges, Gurevitch & Curtis (1999), with the second-order term of Lajeunesse (2015) in the estimate."""
    if variance == "homoscedastic":
        s1 = s2 = np.sqrt(_pooled_variance(s1, n1, s2, n2))
    one, two = s1**2 / (n1 * m1**2), s2**2 / (n2 * m2**2)
    y = np.log(m1 / m2) + ((one - two) / 2 if correct else 0.0)
    if variance == "pooled":
        return y, weighted_mean(s1 / m1, n1) ** 2 / n1 + weighted_mean(s2 / m2, n2) ** 2 / n2
    if variance == "pooled-homoscedastic":
        twice = weighted_mean(np.concatenate([s1 / m1, s2 / m2]), np.concatenate([n1, n2]))
        return y, twice[: len(n1)] ** 2 * (1 / n1 + 1 / n2)
    return y, one + two


def _cv_ratio(m1: Array, s1: Array, n1: Array, m2: Array, s2: Array, n2: Array, correct: bool) -> tuple[Array, Array]:
    y = np.log(s1 / m1) - np.log(s2 / m2)
    one, two = s1**2 / (n1 * m1**2), s2**2 / (n2 * m2**2)
    v = 1 / (2 * (n1 - 1)) + one + 1 / (2 * (n2 - 1)) + two
    if not correct:
        return y, v
    return y + 1 / (2 * (n1 - 1)) - 1 / (2 * (n2 - 1)) - (one - two) / 2, v


def _biserial(measure: str, d: Array, n1: Array, n2: Array, variance: str) -> tuple[Array, Array]:
    from scipy.special import ndtri

    n, m = n1 + n2, n1 + n2 - 2
    r = d / np.sqrt(d**2 + m / n1 + m / n2)
    if variance == "cross-sectional":
        return r, (1 - r**2) ** 2 * (1 - 1.5 * r**2 + r**2 * n**2 / (4 * n1 * n2)) / n  # Tate (1954), doi:10.1214/aoms/1177728730
    if measure == "point-biserial":  # the delta method on d, whose group sizes are fixed
        return r, (1 - r**2) ** 3 / m + (1 - r**2) ** 2 * r**2 / (2 * n)
    p = n1 / n
    z = -ndtri(p)
    f = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    b = np.sqrt(p * (1 - p)) / f * r
    inside = np.clip(b, -1.0, 1.0)  # the estimate may pass 1, the correlation whose variance this is may not
    v = (p * (1 - p) / f**2 - (1.5 + (1 - p * z / f) * (1 + (1 - p) * z / f)) * inside**2 + inside**4) / (n - 1)  # Soper (1914)
    return b, v
