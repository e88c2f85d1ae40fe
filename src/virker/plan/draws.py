"""Drawing what the evidence does not know: amounts of a printed number, many times."""

from __future__ import annotations

import zlib

import numpy as np

from virker.plan.inputs import Array
from virker.synthesis.effect_number import NumberKind
from virker.synthesis.effect_path import EffectNumber

#: Kinds in which a smaller number is more work: within one draw of a trial they move the other way.
SHORTER_IS_BETTER: frozenset[NumberKind] = frozenset({"time-unemployed", "unemployment-spell"})


def centre(number: EffectNumber) -> float:
    """The printed number; of a range its middle, which no source prints (on the log scale for ratios)."""
    if number.amount is not None:
        return number.amount
    assert number.low is not None
    assert number.high is not None
    return float(np.sqrt(number.low * number.high)) if number.is_relative else (number.low + number.high) / 2


def amounts(number: EffectNumber, draws: int, seed: int) -> Array:
    """So many amounts of the number, shape (draws,).

    Normal around the printed number where there is a standard error (on the log scale for ratios), even over the range where the source
    prints one, else the number itself. Numbers of one piece of evidence are drawn alike, a shorter spell with more time in work; different pieces independently.
    """
    if number.se is None and number.amount is not None:
        return np.full(draws, centre(number))
    rng = np.random.default_rng([seed, zlib.crc32(number.unit.encode())])
    better = -1.0 if number.kind in SHORTER_IS_BETTER else 1.0
    if number.se is not None:
        spread = better * number.se * rng.standard_normal(draws)
        return np.asarray(centre(number) * np.exp(spread) if number.is_relative else centre(number) + spread)
    assert number.low is not None
    assert number.high is not None
    share = rng.random(draws)
    share = share if better > 0 else 1 - share
    if number.is_relative:
        return np.asarray(number.low ** (1 - share) * number.high**share)
    return np.asarray(number.low + share * (number.high - number.low))


def has_band(number: EffectNumber) -> bool:
    """Whether anything is known of how uncertain the number is."""
    return number.se is not None or number.amount is None
