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
_SHARES = 40  # of the rest, left of the interval: how finely it is looked through first
_NEAR = 3  # so many shares are no more than the first look may miss


class Distribution(Protocol):
    """What an interval is taken of."""

    def pdf(self, x: ArrayLike) -> Array: ...

    def quantile(self, p: ArrayLike) -> Array: ...

    def rough_quantiles(self, p: Array) -> Array: ...


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
    start = rest * np.linspace(0.0, 1.0, _SHARES + 1)[0 if floor is not None else 1 : -1]
    low, high = np.split(of.rough_quantiles(np.concatenate([start, start + level])), 2)
    if floor is not None:
        low[0] = floor
    best = int((high - low).argmin())
    found: list[tuple[float, float]] = []
    if floor is not None and of.pdf(of.quantile(level)) <= of.pdf(of.quantile(0.5 * start[1])):
        found.append((floor, float(of.quantile(level))))  # where the density falls from the floor on
    if not found or best > _NEAR:
        found.append(_refine(of, level, np.clip(start, 1e-9 * rest, rest * (1 - 1e-9)), best))
    return min(found, key=lambda ends: ends[1] - ends[0])


def _refine(of: Distribution, level: float, start: Array, best: int) -> tuple[float, float]:
    """The ends of the shortest interval have the same density. From ``best``, a first guess, out to where the difference changes its sign."""
    from scipy.optimize import brentq

    def ends(p: float) -> Array:
        return of.quantile(np.array([p, p + level]))

    def difference(p: float) -> float:
        at = of.pdf(ends(p))
        return float(at[0] - at[1])

    left, right = max(0, best - 1), min(len(start) - 1, best + 1)
    while left > 0 and difference(start[left]) >= 0:
        left, right = left - 1, left
    while right < len(start) - 1 and difference(start[right]) <= 0:
        left, right = right, right + 1
    if difference(start[left]) >= 0:
        low, high = ends(start[left])
    elif difference(start[right]) <= 0:
        low, high = ends(start[right])
    else:
        low, high = ends(brentq(difference, start[left], start[right], xtol=1e-13 * (1.0 - level), rtol=1e-12))
    return float(low), float(high)
