"""How well the items of a scale hang together: Cronbach's alpha."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.sizes import EffectSizes, Undefined, columns, demand, sizes, unknown

#: How an alpha can enter a meta-analysis.
Reliability = Literal["alpha", "cube-root-alpha", "log-alpha"]


def reliability(alpha: ArrayLike, items: ArrayLike, n: ArrayLike, *, measure: Reliability = "log-alpha", undefined: Undefined = "error") -> EffectSizes:
    """Cronbach's ``alpha`` of a scale with so many ``items``, answered by ``n`` persons.

    Parameters
    ----------
    alpha, items, n : array_like of shape (k,)
    measure
        With m items::

            alpha             α                  2m(1 − α)²/((m − 1)(n − 2))
            cube-root-alpha   1 − (1 − α)^(1/3)  18m(n − 1)(1 − α)^(2/3)/((m − 1)(9n − 11)²)   Hakstian & Whalen 1976
            log-alpha         −log(1 − α)        2m/((m − 1)(n − 2))                           Bonett 2002

    References
    ----------
    Hakstian & Whalen (1976), doi:10.1007/BF02291840; Bonett (2002), doi:10.3102/10769986027004335.

    Examples
    --------
    >>> reliability(0.9, 10, 100).y.round(4).tolist()
    [2.3026]
    """
    if measure not in get_args(Reliability):
        raise unknown(measure, get_args(Reliability), "reliability")
    x = columns(alpha=alpha, items=items, n=n)
    demand(x["alpha"] <= 1, "alpha must be at most 1", np.isnan(x["alpha"]))
    demand(x["items"] >= 2, "items must be 2 or more", np.isnan(x["items"]))
    with np.errstate(all="ignore"):
        rest, m, persons = 1 - x["alpha"], x["items"], np.where(x["n"] > 2, x["n"], np.nan)
        share = m / (m - 1)
        match measure:
            case "alpha":
                y, v = x["alpha"], 2 * share * rest**2 / (persons - 2)
            case "cube-root-alpha":
                y, v = 1 - np.cbrt(rest), 18 * share * (persons - 1) * np.cbrt(rest) ** 2 / (9 * persons - 11) ** 2
            case "log-alpha":
                y, v = -np.log(rest), 2 * share / (persons - 2)
    return sizes(measure, y, v, undefined=undefined, why="an alpha of 1, or fewer than three persons")
