"""Two groups, a count of events in each: the 2×2 table.

Group 1 has a events and b without, group 2 has c and d; n₁ = a + b, n₂ = c + d, n = n₁ + n₂.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes import tetrachoric
from virker.meta.effect_sizes.sizes import Array, EffectSizes, Undefined, columns, counts, demand, sizes, unknown, weighted_mean
from virker.meta.effect_sizes.tetrachoric import Search
from virker.meta.errors import InputError

#: What two proportions can be compared by. A ratio is a log ratio; ``…-to-d`` is the standardised mean difference that it stands for.
TwoProportions = Literal[
    "log-risk-ratio",
    "log-odds-ratio",
    "risk-difference",
    "arcsine-difference",
    "peto-log-odds-ratio",
    "phi",
    "yule-q",
    "yule-y",
    "tetrachoric",
    "tetrachoric-z",
    "probit-difference",
    "log-odds-ratio-to-d-normal",
    "log-odds-ratio-to-d-logistic",
]
#: To which studies ``add`` is added: those with an empty cell, all, all when any study has one, or none.
AddTo = Literal["zero-cells", "all", "all-if-zero", "none"]
Variance = Literal["large-sample", "unbiased", "pooled", "stratified"]

_VARIANCES: dict[str, tuple[str, ...]] = {"risk-difference": ("large-sample", "unbiased", "pooled"), "phi": ("large-sample", "stratified")}
_TETRACHORIC = ("tetrachoric", "tetrachoric-z")
_WITHOUT_ADDING = frozenset({"arcsine-difference", "phi", "tetrachoric", "tetrachoric-z"})
_WHY = "an empty cell or an empty group leaves it without a value (see `add` and `to`)"


def two_proportions(
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    *,
    measure: TwoProportions,
    add: float | None = None,
    to: AddTo = "zero-cells",
    variance: Variance = "large-sample",
    search: Search | None = None,
    undefined: Undefined = "error",
) -> EffectSizes:
    """Compare the share with an event in group 1 with that in group 2.

    Parameters
    ----------
    events1, n1, events2, n2 : array_like of shape (k,)
        Events and persons in each group. Persons without an event are ``n − events``.
    measure
        ::

            log-risk-ratio                 log(p₁/p₂)                      1/a − 1/n₁ + 1/c − 1/n₂
            log-odds-ratio                 log(ad/bc)                      1/a + 1/b + 1/c + 1/d
            risk-difference                p₁ − p₂                         p₁(1−p₁)/n₁ + p₂(1−p₂)/n₂
            arcsine-difference             asin√p₁ − asin√p₂               1/(4n₁) + 1/(4n₂)
            peto-log-odds-ratio            (a − E)/V                       1/V, hypergeometric V
            phi                            (ad − bc)/√(n₁n₂m₁m₂)           Yule 1912
            yule-q, yule-y                 (ψ−1)/(ψ+1), (√ψ−1)/(√ψ+1)      with the odds ratio ψ; Yule 1900, 1912
            tetrachoric, tetrachoric-z     correlation behind the table    delta method on the multinomial; Fisher's z
            probit-difference              Φ⁻¹(p₁) − Φ⁻¹(p₂)               Σ p(1−p)/(n φ(Φ⁻¹p)²); Sánchez-Meca 2003
            log-odds-ratio-to-d-normal     log-odds ratio / 1.65           / 1.65²; Cox & Snell 1989
            log-odds-ratio-to-d-logistic   log-odds ratio · √3/π           · 3/π²; Hasselblad & Hedges 1995

    add : float, optional
        Added to all four cells of the studies named by ``to``. By default 1/2; 0 for the measures that need none (arcsine, phi, tetrachoric).
    variance
        For ``risk-difference``: ``unbiased`` divides by n − 1, and ``pooled`` takes the shares of all studies together. For ``phi``:
        ``stratified`` takes the sizes of both groups as fixed by design, where the default takes the whole table as one sample.
    search
        For the tetrachoric correlation: what a general minimiser would find (:class:`Search`); by default it is exact.
    undefined
        ``error`` names the studies without a value; ``keep`` leaves nan.

    Returns
    -------
    EffectSizes
        In the unit of the measure, positive when events are more common in group 1.

    Raises
    ------
    InputError
        For negative counts, more events than persons, an unknown measure, or a study without a value.

    References
    ----------
    Sánchez-Meca, Marín-Martínez & Chacón-Moscoso (2003), doi:10.1037/1082-989X.8.4.448; Rücker et al. (2009), doi:10.1002/sim.3511;
    Yusuf et al. (1985), doi:10.1016/S0033-0620(85)80003-7.

    Examples
    --------
    >>> two_proportions([4], [123], [11], [139], measure="log-risk-ratio").y.round(4).tolist()
    [-0.8893]
    """
    if measure not in get_args(TwoProportions):
        raise unknown(measure, get_args(TwoProportions), "two proportions")
    allowed = _VARIANCES.get(measure, ("large-sample",))
    if variance not in allowed:
        raise InputError(f"variance='{variance}' is not known for measure='{measure}'; choose one of: {', '.join(allowed)}")
    if search is not None and measure not in _TETRACHORIC:
        raise InputError("search is known for measure='tetrachoric' and 'tetrachoric-z' only")
    given = columns(events1=events1, n1=n1, events2=events2, n2=n2)
    counts(**given)
    for group in "12":
        events, persons = given[f"events{group}"], given[f"n{group}"]
        demand(events <= persons, f"events{group} must not exceed n{group}", np.isnan(events + persons))
    a, c = given["events1"], given["events2"]
    b, d = given["n1"] - a, given["n2"] - c
    a, b, c, d = with_added(a, b, c, d, add=(0.0 if measure in _WITHOUT_ADDING else 0.5) if add is None else add, to=to)
    with np.errstate(all="ignore"):
        if measure in _TETRACHORIC:
            y, v = tetrachoric.correlation(a, b, c, d, search)
            if measure == "tetrachoric-z":
                y, v = np.arctanh(y), v / (1 - y**2) ** 2
        else:
            y, v = _of_table(measure, a, b, c, d, variance)
    return sizes(measure, y, v, undefined=undefined, why=_WHY)


def with_added(a: Array, b: Array, c: Array, d: Array, *, add: float, to: AddTo) -> tuple[Array, Array, Array, Array]:
    """The four cells, with ``add`` added where ``to`` says. Shapes (k,)."""
    if add < 0:
        raise InputError(f"add is {add}: it must be 0 or more")
    empty = (a == 0) | (b == 0) | (c == 0) | (d == 0)
    here = add_where(empty, to)
    return tuple(np.where(here, cell + add, cell) for cell in (a, b, c, d))  # type: ignore[return-value]


def add_where(empty: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], to: AddTo) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """The studies to which something is added, given those with an ``empty`` cell."""
    match to:
        case "zero-cells":
            return empty
        case "all":
            return np.ones_like(empty)
        case "all-if-zero":
            return np.full_like(empty, empty.any())
        case "none":
            return np.zeros_like(empty)
        case _:
            raise InputError(f"to is '{to}'; choose one of: {', '.join(get_args(AddTo))}")


def _of_table(measure: TwoProportions, a: Array, b: Array, c: Array, d: Array, variance: Variance) -> tuple[Array, Array]:
    n1, n2 = a + b, c + d
    p1, p2 = a / n1, c / n2
    log_or, v_or = np.log(a) + np.log(d) - np.log(b) - np.log(c), 1 / a + 1 / b + 1 / c + 1 / d
    match measure:
        case "log-risk-ratio":
            return np.log(p1) - np.log(p2), 1 / a - 1 / n1 + 1 / c - 1 / n2
        case "log-odds-ratio":
            return log_or, v_or
        case "risk-difference":
            return p1 - p2, _difference_variance(p1, n1, p2, n2, variance)
        case "arcsine-difference":
            return np.arcsin(np.sqrt(p1)) - np.arcsin(np.sqrt(p2)), 1 / (4 * n1) + 1 / (4 * n2)
        case "peto-log-odds-ratio":
            excess, information = observed_less_expected(a, b, c, d)
            return excess / information, 1 / information
        case "phi":
            return _phi(a, b, c, d, variance)
        case "yule-q":
            q = (a * d - b * c) / (a * d + b * c)
            return q, (1 - q**2) ** 2 * v_or / 4
        case "yule-y":
            w = (np.sqrt(a * d) - np.sqrt(b * c)) / (np.sqrt(a * d) + np.sqrt(b * c))
            return w, (1 - w**2) ** 2 * v_or / 16
        case "probit-difference":
            z1, v1 = _probit(p1, n1)
            z2, v2 = _probit(p2, n2)
            return z1 - z2, v1 + v2
        case "log-odds-ratio-to-d-normal":
            return log_or / 1.65, v_or / 1.65**2
        case "log-odds-ratio-to-d-logistic":
            return log_or * np.sqrt(3) / np.pi, v_or * 3 / np.pi**2
        case _:
            raise AssertionError(measure)


def observed_less_expected(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """``a − E(a)`` and the hypergeometric variance ``V = n₁n₂m₁m₂/(n²(n−1))`` with all margins fixed. Shapes (k,)."""
    n1, n2, m1, m2 = a + b, c + d, a + c, b + d
    n = n1 + n2
    return a - n1 * m1 / n, n1 * n2 * m1 * m2 / (n**2 * (n - 1))


def _difference_variance(p1: Array, n1: Array, p2: Array, n2: Array, variance: Variance) -> Array:
    if variance == "unbiased":
        return p1 * (1 - p1) / (n1 - 1) + p2 * (1 - p2) / (n2 - 1)
    if variance == "pooled":
        p1, p2 = weighted_mean(p1, n1), weighted_mean(p2, n2)
    return p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


def _phi(a: Array, b: Array, c: Array, d: Array, variance: Variance) -> tuple[Array, Array]:
    """Phi, with Yule's large-sample variance for a sample that fixes only n (Yule 1912, doi:10.2307/2340126), or that of two groups of fixed size."""
    n1, n2, m1, m2 = a + b, c + d, a + c, b + d
    n = n1 + n2
    row, column = n1 * n2, m1 * m2
    phi = (a * d - b * c) / np.sqrt(row * column)
    if variance == "stratified":
        return phi, _phi_of_fixed_groups(a / n1, n1, c / n2, n2)
    tilt_row, tilt_column = (n1 - n2) / np.sqrt(row), (m1 - m2) / np.sqrt(column)
    v = (1 - phi**2 + phi * (1 + phi**2 / 2) * tilt_row * tilt_column - 0.75 * phi**2 * (tilt_row**2 + tilt_column**2)) / n
    return phi, v


def _phi_of_fixed_groups(p1: Array, n1: Array, p2: Array, n2: Array) -> Array:
    """The delta method on ``phi = (p₁ − p₂)·√(w(1 − w))/√(m(1 − m))``, w = n₁/n and m = w·p₁ + (1 − w)·p₂, with both shares binomial."""
    w = n1 / (n1 + n2)
    m = w * p1 + (1 - w) * p2
    s = np.sqrt(m * (1 - m))
    bend = (p1 - p2) * (1 - 2 * m) / (2 * s**3)
    slope1, slope2 = 1 / s - bend * w, -1 / s - bend * (1 - w)
    return np.asarray(w * (1 - w) * (slope1**2 * p1 * (1 - p1) / n1 + slope2**2 * p2 * (1 - p2) / n2))


def _probit(p: Array, n: Array) -> tuple[Array, Array]:
    from scipy.special import ndtri

    z = ndtri(p)
    return z, 2 * np.pi * p * (1 - p) * np.exp(z**2) / n
