"""Pairs of persons (or one person under two conditions), an event or none in each: the paired 2×2 table.

Of n pairs, a have the event under both conditions, b under the first alone, c under the second alone, d under neither.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.sizes import Array, EffectSizes, Undefined, columns, counts, demand, sizes, unknown
from virker.meta.effect_sizes.two_proportions import AddTo, with_added

#: What the two conditions of pairs can be compared by.
MatchedPairs = Literal["risk-difference", "log-risk-ratio", "log-odds-ratio", "conditional-log-odds-ratio", "peto-log-odds-ratio"]


def matched_pairs(
    both: ArrayLike,
    first_only: ArrayLike,
    second_only: ArrayLike,
    neither: ArrayLike,
    *,
    measure: MatchedPairs,
    add: float = 0.5,
    to: AddTo = "zero-cells",
    undefined: Undefined = "error",
) -> EffectSizes:
    """Compare the shares with an event under two conditions, from the counts of pairs.

    Parameters
    ----------
    both, first_only, second_only, neither : array_like of shape (k,)
    measure
        With the shares p₁ = (a + b)/n and p₂ = (a + c)/n, qᵢ = 1 − pᵢ::

            risk-difference              p₁ − p₂                     (b + c − (b − c)²/n)/n²
            log-risk-ratio               log(p₁/p₂)                  (b + c)/((a + b)(a + c))
            log-odds-ratio               log(p₁q₂/(q₁p₂))            (1/(p₁q₁) + 1/(p₂q₂) − 2(ad − bc)/(n²·p₁q₁p₂q₂))/n
            conditional-log-odds-ratio   log(b/c)                    1/b + 1/c
            peto-log-odds-ratio          2(b − c)/(b + c)            4/(b + c)

    add, to
        Added to all four cells of the studies named by ``to``, as in :func:`two_proportions`.

    References
    ----------
    Becker & Balagtas (1993), doi:10.2307/2532242; Curtin, Elbourne & Altman (2002), doi:10.1002/sim.1206; Zou (2007),
    doi:10.1177/1740774506075667; delta method on the table.

    Examples
    --------
    >>> matched_pairs([20], [10], [5], [40], measure="conditional-log-odds-ratio").y.round(4).tolist()
    [0.6931]
    """
    if measure not in get_args(MatchedPairs):
        raise unknown(measure, get_args(MatchedPairs), "matched pairs")
    x = columns(both=both, first_only=first_only, second_only=second_only, neither=neither)
    counts(**x)
    a, b, c, d = with_added(x["both"], x["first_only"], x["second_only"], x["neither"], add=add, to=to)
    with np.errstate(all="ignore"):
        y, v = _of_pairs(measure, a, b, c, d)
    return sizes(measure, y, v, undefined=undefined, why="no pairs differ, or nobody (or everybody) has the event under a condition")


def _of_pairs(measure: MatchedPairs, a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    n = a + b + c + d
    p1, p2 = (a + b) / n, (a + c) / n
    match measure:
        case "risk-difference":
            return p1 - p2, (b + c - (b - c) ** 2 / n) / n**2
        case "log-risk-ratio":
            return np.log(p1 / p2), (b + c) / ((a + b) * (a + c))
        case "log-odds-ratio":
            return np.log(p1 * (1 - p2) / ((1 - p1) * p2)), _marginal(p1, p2, n, (a * d - b * c) / n**2)
        case "conditional-log-odds-ratio":
            return np.log(b / c), 1 / b + 1 / c
        case "peto-log-odds-ratio":
            return 2 * (b - c) / (b + c), 4 / (b + c)


def _marginal(p1: Array, p2: Array, n: Array, covariance: Array) -> Array:
    """The variance of the marginal log-odds ratio of n pairs whose events have the ``covariance``."""
    one, two = p1 * (1 - p1), p2 * (1 - p2)
    return np.asarray((1 / one + 1 / two - 2 * covariance / (one * two)) / n)


def matched_margins(events1: ArrayLike, events2: ArrayLike, pairs: ArrayLike, phi: ArrayLike, *, undefined: Undefined = "error") -> EffectSizes:
    """The marginal log-odds ratio of ``pairs`` whose table is not printed: events under each condition, and their correlation ``phi``. Shapes (k,)."""
    x = columns(events1=events1, events2=events2, pairs=pairs, phi=phi)
    counts(events1=x["events1"], events2=x["events2"], pairs=x["pairs"])
    demand(np.abs(x["phi"]) <= 1, "phi must be between −1 and 1", np.isnan(x["phi"]))
    for name in ("events1", "events2"):
        demand(x[name] <= x["pairs"], f"{name} must not exceed pairs", np.isnan(x[name] + x["pairs"]))
    with np.errstate(all="ignore"):
        p1, p2 = x["events1"] / x["pairs"], x["events2"] / x["pairs"]
        covariance = x["phi"] * np.sqrt(p1 * (1 - p1) * p2 * (1 - p2))
        y, v = np.log(p1 * (1 - p2) / ((1 - p1) * p2)), _marginal(p1, p2, x["pairs"], covariance)
    return sizes("log-odds-ratio", y, v, undefined=undefined, why="nobody or everybody has the event under a condition")
