"""Intervals of a posterior: the shortest one, which for one peak holds the highest density, and the central one with equal tails."""

from __future__ import annotations

from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.errors import nearest
from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.tests import known_level

Kind = Literal["shortest", "central"]


class Distribution(Protocol):
    """What an interval is taken of."""

    def pdf(self, x: ArrayLike) -> Array: ...

    def quantile(self, p: ArrayLike) -> Array: ...


def known_kind(kind: str) -> None:
    """Refuse a kind of interval that does not exist."""
    if kind not in get_args(Kind):
        raise InputError(f"No interval '{kind}': {nearest(kind, get_args(Kind))} There are {', '.join(get_args(Kind))}.")


def interval(of: Distribution, level: float, kind: Kind, *, floor: float | None) -> tuple[float, float]:
    """The interval of probability ``level``. ``floor`` is where the distribution begins, None where it goes to minus infinity."""
    known_level(level)
    known_kind(kind)
    if kind == "central":
        low, high = of.quantile(np.array([0.5 - level / 2, 0.5 + level / 2]))
        return float(low), float(high)
    return _shortest(of, level, floor)


def _shortest(of: Distribution, level: float, floor: float | None) -> tuple[float, float]:
    rest = 1.0 - level
    share = np.linspace(0.0, 1.0, 41)
    start = rest * (share if floor is not None else share[1:])[:-1]
    low = of.quantile(np.where(start > 0, start, 0.5))
    if floor is not None:
        low[0] = floor
    length = of.quantile(start + level) - low
    best = int(length.argmin())
    if floor is not None and best == 0 and of.pdf(of.quantile(level)) <= of.pdf(low[1]):
        return floor, float(of.quantile(level))  # the density falls from the floor on
    return _refine(of, level, float(start[max(0, best - 1)]), float(start[min(len(start) - 1, best + 1)]), rest)


def _refine(of: Distribution, level: float, left: float, right: float, rest: float) -> tuple[float, float]:
    """The ends of the shortest interval have the same density; between ``left`` and ``right`` the difference changes its sign."""
    from scipy.optimize import brentq

    def ends(p: float) -> Array:
        return of.quantile(np.array([p, p + level]))

    def difference(p: float) -> float:
        at = of.pdf(ends(p))
        return float(at[0] - at[1])

    left, right = max(left, 1e-9 * rest), min(right, rest * (1 - 1e-9))
    if difference(left) >= 0:
        low, high = ends(left)
    elif difference(right) <= 0:
        low, high = ends(right)
    else:
        low, high = ends(brentq(difference, left, right, xtol=1e-13 * rest, rtol=1e-12))
    return float(low), float(high)
