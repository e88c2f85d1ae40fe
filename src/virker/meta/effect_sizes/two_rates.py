"""Two groups, a count of events in an amount of person-time in each."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.sizes import Array, EffectSizes, Undefined, columns, counts, positive, sizes, unknown
from virker.meta.effect_sizes.two_proportions import AddTo, add_where
from virker.meta.errors import InputError

#: What two rates can be compared by.
TwoRates = Literal["log-rate-ratio", "rate-difference", "sqrt-rate-difference"]
_WHY = "no events leave it without a value (see `add` and `to`)"


def two_rates(
    events1: ArrayLike,
    time1: ArrayLike,
    events2: ArrayLike,
    time2: ArrayLike,
    *,
    measure: TwoRates,
    add: float | None = None,
    to: AddTo = "zero-cells",
    undefined: Undefined = "error",
) -> EffectSizes:
    """Compare the events per unit of time in group 1 with those in group 2.

    Parameters
    ----------
    events1, time1, events2, time2 : array_like of shape (k,)
        Events, and the person-time in which they fell, in any one unit.
    measure
        ::

            log-rate-ratio         log of (events₁/time₁) / (events₂/time₂)   1/events₁ + 1/events₂
            rate-difference        events₁/time₁ − events₂/time₂              events₁/time₁² + events₂/time₂²
            sqrt-rate-difference   √(events₁/time₁) − √(events₂/time₂)        1/(4·time₁) + 1/(4·time₂)

    add : float, optional
        Added to the events of both groups in the studies named by ``to``. By default 1/2; 0 for the square root.

    References
    ----------
    Hasselblad & McCrory (1995); Rothman, Greenland & Lash (2008), Modern Epidemiology.

    Examples
    --------
    >>> two_rates([9], [413], [19], [398], measure="log-rate-ratio").y.round(4).tolist()
    [-0.7842]
    """
    if measure not in get_args(TwoRates):
        raise unknown(measure, get_args(TwoRates), "two rates")
    x = columns(events1=events1, time1=time1, events2=events2, time2=time2)
    counts(events1=x["events1"], events2=x["events2"])
    positive(time1=x["time1"], time2=x["time2"])
    more = (0.0 if measure == "sqrt-rate-difference" else 0.5) if add is None else add
    if more < 0:
        raise InputError(f"add is {more}: it must be 0 or more")
    x1, t1, x2, t2 = x["events1"], x["time1"], x["events2"], x["time2"]
    here = add_where((x1 == 0) | (x2 == 0), to)
    x1, x2 = np.where(here, x1 + more, x1), np.where(here, x2 + more, x2)
    with np.errstate(all="ignore"):
        y, v = _of_rates(measure, x1, t1, x2, t2)
    return sizes(measure, y, v, undefined=undefined, why=_WHY)


def _of_rates(measure: TwoRates, x1: Array, t1: Array, x2: Array, t2: Array) -> tuple[Array, Array]:
    match measure:
        case "log-rate-ratio":
            return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2
        case "rate-difference":
            return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2
        case "sqrt-rate-difference":
            return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)
