"""One effect from many tables without weighting each by its own variance: Mantel-Haenszel and Peto.

Both add up over studies before they divide, so small studies and empty cells need no continuity correction. Only the test of heterogeneity Q
uses the studies' own effects; there 1/2 is added to the cells of studies with an empty cell, and studies without any event (or only events)
are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.effect_sizes.sizes import Array, columns, counts, demand, positive, unknown
from virker.meta.effect_sizes.two_proportions import observed_less_expected, two_proportions
from virker.meta.effect_sizes.two_rates import two_rates
from virker.meta.errors import InputError
from virker.meta.results import Result

TableMeasure = Literal["log-odds-ratio", "log-risk-ratio", "risk-difference"]
RateMeasure = Literal["log-rate-ratio", "rate-difference"]


@dataclass(frozen=True, slots=True)
class TableEffect(Result):
    """A common effect from k tables.

    Attributes
    ----------
    estimate, se, z, p, ci_low, ci_high : float
        On the scale of ``measure`` (a ratio is a log ratio); normal test.
    q, q_df, q_p, i2 : float
        Heterogeneity of the studies' own effects around the estimate; i2 in per cent. nan with fewer than two studies.
    association, association_p : float or None
        The Mantel-Haenszel chi-square (1 df) of no association, for ``log-odds-ratio`` and ``log-rate-ratio``.
    tarone, tarone_p : float or None
        Tarone's test that the odds ratio is common to all studies.
    k : int
        Studies in the estimate; those without a missing value.
    """

    measure: str
    estimate: float
    se: float
    z: float
    p: float
    ci_low: float
    ci_high: float
    q: float
    q_df: int
    q_p: float
    i2: float
    association: float | None
    association_p: float | None
    tarone: float | None
    tarone_p: float | None
    k: int


def mantel_haenszel(
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    *,
    measure: TableMeasure = "log-odds-ratio",
    correct: bool = True,
    level: float = 0.95,
) -> TableEffect:
    """Mantel and Haenszel's common odds ratio, risk ratio or risk difference of k 2×2 tables.

    Parameters
    ----------
    events1, n1, events2, n2 : array_like of shape (k,)
        Events and persons in each group. A study with a missing value is left out.
    measure
        With the cells a, b, c, d and n persons of a study::

            log-odds-ratio    log(Σ ad/n ÷ Σ bc/n)         variance of Robins, Breslow & Greenland 1986
            log-risk-ratio    log(Σ an₂/n ÷ Σ cn₁/n)       variance of Greenland & Robins 1985
            risk-difference   Σ(an₂ − cn₁)/n ÷ Σ n₁n₂/n    variance of Sato, Greenland & Robins 1989

    correct
        Whether the chi-square of no association is made smaller by the continuity correction of 1/2.

    Raises
    ------
    InputError
        When no study has an event in one of the groups (or, for the odds ratio, a non-event): the ratio is 0, infinite or undefined.

    References
    ----------
    Mantel & Haenszel (1959), doi:10.1093/jnci/22.4.719; Robins, Breslow & Greenland (1986), doi:10.2307/2531052; Greenland & Robins (1985),
    doi:10.2307/2530643; Sato, Greenland & Robins (1989), Biometrics 45, 1323-1324; Tarone (1985), doi:10.1093/biomet/72.1.91.

    Examples
    --------
    >>> round(mantel_haenszel([4, 6], [123, 306], [11, 29], [139, 303], measure="log-risk-ratio").estimate, 3)
    -1.352
    """
    if measure not in get_args(TableMeasure):
        raise unknown(measure, get_args(TableMeasure), "Mantel-Haenszel for proportions")
    a, b, c, d = _cells(events1, n1, events2, n2)
    first, second, n = a + b, c + d, a + b + c + d
    association = tarone = None
    match measure:
        case "log-odds-ratio":
            estimate, variance = _odds_ratio(a * d / n, b * c / n, (a + d) / n, (b + c) / n)
            association = _association(*observed_less_expected(a, b, c, d), correct)
            tarone = _tarone(a, b, c, d, np.exp(estimate))
        case "log-risk-ratio":
            r, s = float(np.sum(a * second / n)), float(np.sum(c * first / n))
            estimate = _log_ratio(r, s)
            variance = float(np.sum((first * second * (a + c) - a * c * n) / n**2)) / (r * s)
        case "risk-difference":
            weight = float(np.sum(first * second / n))
            estimate = float(np.sum((a * second - c * first) / n)) / weight
            tilt = c * (first / n) ** 2 - a * (second / n) ** 2 + first * second / n * (second - first) / n / 2
            variance = (estimate * float(np.sum(tilt)) + float(np.sum((a * d + b * c) / n)) / 2) / weight**2
    mixed = (a + c > 0) & (b + d > 0)
    own = two_proportions(a, first, c, second, measure=measure, undefined="keep")
    return _result(measure, estimate, variance, own.y[mixed], own.v[mixed], level, len(a), association, tarone)


def mantel_haenszel_rates(
    events1: ArrayLike,
    time1: ArrayLike,
    events2: ArrayLike,
    time2: ArrayLike,
    *,
    measure: RateMeasure = "log-rate-ratio",
    correct: bool = True,
    level: float = 0.95,
) -> TableEffect:
    """The same for events in person-time: ``log(Σ x₁t₂/t ÷ Σ x₂t₁/t)``, or ``Σ(x₁t₂ − x₂t₁)/t ÷ Σ t₁t₂/t``.

    Variances of Greenland & Robins (1985, doi:10.2307/2530643); see :func:`mantel_haenszel`. Shapes (k,).
    """
    if measure not in get_args(RateMeasure):
        raise unknown(measure, get_args(RateMeasure), "Mantel-Haenszel for rates")
    x = _complete(events1=events1, time1=time1, events2=events2, time2=time2)
    counts(events1=x["events1"], events2=x["events2"])
    positive(time1=x["time1"], time2=x["time2"])
    x1, t1, x2, t2 = x["events1"], x["time1"], x["events2"], x["time2"]
    t, both = t1 + t2, x1 + x2
    association = None
    share = t1 * t2 / t
    if measure == "log-rate-ratio":
        r, s = float(np.sum(x1 * t2 / t)), float(np.sum(x2 * t1 / t))
        estimate = _log_ratio(r, s)
        variance = float(np.sum(share / t * both)) / (r * s)
        association = _association(x1 - both * t1 / t, share / t * both, correct)
    else:
        weight = float(np.sum(share))
        estimate = float(np.sum((x1 * t2 - x2 * t1) / t)) / weight
        variance = float(np.sum(share**2 * (x1 / t1**2 + x2 / t2**2))) / weight**2
    own = two_rates(x1, t1, x2, t2, measure=measure, undefined="keep")
    some = both > 0
    return _result(measure, estimate, variance, own.y[some], own.v[some], level, len(x1), association, None)


def peto(events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike, *, level: float = 0.95) -> TableEffect:
    """Peto's one-step common log odds ratio ``Σ(a − E) ÷ ΣV``, variance ``1 ÷ ΣV``, with the hypergeometric E and V of each table.

    Sound for rare events, groups of like size and small effects; biased otherwise (Greenland & Salvan 1990, doi:10.1002/sim.4780090307).
    Yusuf et al. (1985), doi:10.1016/S0033-0620(85)80003-7. Parameters as in :func:`mantel_haenszel`.
    """
    a, b, c, d = _cells(events1, n1, events2, n2)
    excess, information = observed_less_expected(a, b, c, d)
    total = float(np.sum(information))
    if not total > 0:
        raise InputError("no study has both persons with and persons without an event, so there is no odds ratio")
    some = information > 0
    y = excess[some] / information[some]
    return _result("peto-log-odds-ratio", float(np.sum(excess)) / total, 1 / total, y, 1 / information[some], level, len(a), None, None)


def _complete(**given: ArrayLike) -> dict[str, Array]:
    x = columns(**given)
    whole = np.logical_and.reduce([~np.isnan(column) for column in x.values()])
    if not whole.any():
        raise InputError("no study has all four numbers")
    return {name: column[whole] for name, column in x.items()}


def _cells(events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike) -> tuple[Array, Array, Array, Array]:
    x = _complete(events1=events1, n1=n1, events2=events2, n2=n2)
    counts(events1=x["events1"], events2=x["events2"])
    positive(n1=x["n1"], n2=x["n2"])
    demand(x["n1"] + x["n2"] > 1, "a study needs more than one person")
    for group in "12":
        demand(x[f"events{group}"] <= x[f"n{group}"], f"events{group} must not exceed n{group}")
    return x["events1"], x["n1"] - x["events1"], x["events2"], x["n2"] - x["events2"]


def _log_ratio(r: float, s: float) -> float:
    if not (r > 0 and s > 0):
        which = "either group" if r <= 0 and s <= 0 else ("group 1" if r <= 0 else "group 2")
        raise InputError(f"the pooled ratio is not finite: its side for {which} is 0 in all studies together\n    → use a difference, or report the counts")
    return float(np.log(r) - np.log(s))


def _odds_ratio(r: Array, s: Array, p: Array, q: Array) -> tuple[float, float]:
    """The estimate, and the variance of Robins, Breslow and Greenland (1986)."""
    rs, ss = float(np.sum(r)), float(np.sum(s))
    estimate = _log_ratio(rs, ss)
    variance = np.sum(p * r) / rs**2 / 2 + np.sum(p * s + q * r) / (rs * ss) / 2 + np.sum(q * s) / ss**2 / 2
    return estimate, float(variance)


def _association(excess: Array, information: Array, correct: bool) -> tuple[float, float] | None:
    total = float(np.sum(information))
    if not total > 0:
        return None
    gap = max(abs(float(np.sum(excess))) - (0.5 if correct else 0.0), 0.0)
    return gap**2 / total, 1.0


def _tarone(a: Array, b: Array, c: Array, d: Array, ratio: float) -> tuple[float, float] | None:
    """Breslow and Day's sum with Tarone's correction, and its degrees of freedom; over the tables whose margins leave room."""
    first, second, m = a + b, c + d, a + c
    room = (m > 0) & (b + d > 0) & (first > 0) & (second > 0)
    a, first, second, m = a[room], first[room], second[room], m[room]
    if len(a) < 2:
        return None
    if abs(ratio - 1) < 1e-12:
        expected = first * m / (first + second)
    else:  # the root of ratio·(first − e)(m − e) = e·(second − m + e) that lies within the margins
        half = ratio * (first + m) + second - m
        square = half**2 - 4 * ratio * (ratio - 1) * first * m
        expected = 2 * ratio * first * m / (half + np.sqrt(np.maximum(square, 0.0)))
    v = 1 / (1 / expected + 1 / (first - expected) + 1 / (m - expected) + 1 / (second - m + expected))
    q = float(np.sum((a - expected) ** 2 / v) - np.sum(a - expected) ** 2 / np.sum(v))
    return q, float(len(a) - 1)


def _result(
    measure: str,
    estimate: float,
    variance: float,
    y: Array,
    v: Array,
    level: float,
    k: int,
    association: tuple[float, float] | None,
    tarone: tuple[float, float] | None,
) -> TableEffect:
    from scipy.special import ndtr, ndtri

    if not 0 < level < 1:
        raise InputError(f"level is {level}: it must lie between 0 and 1")
    if not variance > 0:
        raise InputError(f"{measure}: the pooled effect has no sampling variance; every group has all its persons with, or all without, an event")
    se = float(np.sqrt(variance))
    half = float(ndtri(0.5 + level / 2)) * se
    q, df, q_p, i2 = _heterogeneity(y, v, estimate)
    mh, mh_p = _chi_square(association)
    breslow, breslow_p = _chi_square(tarone)
    z = estimate / se
    low, high = estimate - half, estimate + half
    return TableEffect(measure, estimate, se, z, float(2 * ndtr(-abs(z))), low, high, q, df, q_p, i2, mh, mh_p, breslow, breslow_p, k)


def _chi_square(found: tuple[float, float] | None) -> tuple[float | None, float | None]:
    from scipy.special import chdtrc

    return (None, None) if found is None else (found[0], float(chdtrc(found[1], max(found[0], 0.0))))


def _heterogeneity(y: Array, v: Array, estimate: float) -> tuple[float, int, float, float]:
    from scipy.special import chdtrc

    fine: NDArray[np.bool_] = np.isfinite(y) & np.isfinite(v) & (v > 0)
    df = int(fine.sum()) - 1
    if df < 1:
        return np.nan, max(df, 0), np.nan, np.nan
    q = float(np.sum((y[fine] - estimate) ** 2 / v[fine]))
    return q, df, float(chdtrc(df, q)), max(0.0, 100 * (q - df) / q) if q > 0 else 0.0
