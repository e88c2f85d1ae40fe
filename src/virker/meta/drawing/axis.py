"""From a number to a place on the page, and the round numbers that stand at an axis.

Models work on the scale on which effects are pooled (a log ratio); people read the natural one. ``Shown`` goes between them: an axis is even on the
scale of the model, and its labels are natural units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from virker.errors import nearest
from virker.meta.drawing.surface import width_of
from virker.meta.drawing.words import Words, figure
from virker.meta.errors import InputError


@dataclass(frozen=True, slots=True)
class Shown:
    """How a number of the model is shown: ``show`` to natural units, ``back`` from them; ``ratio`` where equal factors are equal steps."""

    name: str
    show: Callable[[float], float]
    back: Callable[[float], float]
    ratio: bool = False


def _exp(x: float) -> float:
    return math.exp(min(x, 700.0)) if not math.isnan(x) else x


def _same(x: float) -> float:
    return x


TRANSFORMS: dict[str, Shown] = {
    "none": Shown("none", _same, _same),
    "exp": Shown("exp", _exp, lambda x: math.log(x) if x > 0 else -math.inf, ratio=True),
    "logistic": Shown("logistic", lambda x: 1.0 / (1.0 + _exp(-x)), lambda x: math.log(x / (1.0 - x)) if 0 < x < 1 else math.copysign(math.inf, x - 0.5)),
    "tanh": Shown("tanh", math.tanh, lambda x: math.atanh(x) if abs(x) < 1 else math.copysign(math.inf, x)),
    "percent": Shown("percent", lambda x: 100.0 * x, lambda x: x / 100.0),
}


def shown_as(name: str | None) -> Shown:
    """The transformation of that name; None is "none"."""
    if (name or "none") not in TRANSFORMS:
        raise InputError(f"No transformation '{name}': {nearest(str(name), TRANSFORMS)} They are {', '.join(TRANSFORMS)}.")
    return TRANSFORMS[name or "none"]


@dataclass(frozen=True, slots=True)
class Axis:
    """``low`` to ``high`` on the scale of the model, at the pixels ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    shown: Shown

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def clipped(self, value: float) -> float:
        """The pixel of a value, at the end of the axis where it lies beyond."""
        return self.at(min(max(value, self.low), self.high))

    def inside(self, value: float) -> bool:
        slack = 1e-9 * (self.high - self.low)
        return self.low - slack <= value <= self.high + slack

    def ticks(self, words: Words, size: float = 12) -> list[tuple[float, str]]:
        """Round numbers in natural units with their labels, as many as fit without touching: places on the scale of the model."""
        least = 2 if abs(self.end - self.start) < 120 else 3
        for natural in _candidates(self.shown.show(self.low), self.shown.show(self.high), self.shown.ratio):
            placed = [(x, value) for value in natural if math.isfinite(x := self.shown.back(value)) and self.inside(x)]
            labels = [(x, _label(value, natural, words)) for x, value in placed]
            if len(labels) <= least or self._fits(labels, size):
                return labels
        return labels

    def _fits(self, labels: list[tuple[float, str]], size: float) -> bool:
        vertical = self.start > self.end  # an upright axis runs upwards, and its labels are one line high
        ends = -math.inf
        for x, label in sorted(labels, key=lambda one: self.at(one[0])):
            half = size * 1.1 if vertical else width_of(label, size) / 2 + size * 0.45
            if self.at(x) - half < ends:
                return False
            ends = self.at(x) + half
        return True


def axis(low: float, high: float, start: float, end: float, shown: Shown, pad: float = 0.04) -> Axis:
    """An axis around ``low`` to ``high`` with some room at both ends; a single value gets room around it."""
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = -1.0, 1.0
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
        room = abs(low) * 0.5 or 1.0
        low, high = low - room, high + room
    room = pad * (high - low)
    return Axis(low - room, high + room, start, end, shown)


def _candidates(low: float, high: float, ratio: bool) -> list[list[float]]:
    """Sets of round numbers from ``low`` to ``high``, the closest first."""
    even = [_even(low, high, count) for count in (9, 6, 4, 3, 2)]
    if not ratio or low <= 0 or high / low < 3:
        return even
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    some = [[m * 10.0**d for d in decades for m in few] for few in ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))]
    some += [[10.0**d for d in decades if d % step == 0] for step in (2, 4)]
    within = [[x for x in one if low <= x <= high] for one in some]
    return [one for one in within if len(one) >= 2] or even


def _even(low: float, high: float, count: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten, about ``count`` of them."""
    rough = (high - low) / count
    if not rough > 0 or not math.isfinite(rough):
        return [low]
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(m * size for m in (1, 2, 5, 10) if m * size >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _label(value: float, others: list[float], words: Words) -> str:
    """As few decimals as tell the numbers of the axis apart."""
    if abs(value) >= 1e6 or (value and max(map(abs, others)) < 1e-4):
        return f"{value:.3g}".replace(".", words["decimal"]).replace("-", "−")
    even = len(others) > 2 and abs((others[1] - others[0]) - (others[-1] - others[-2])) < 1e-9 * (others[-1] - others[0])
    digits = max(_needed(x) for x in others) if even else _needed(value)
    return figure(value, digits, words)


def _needed(value: float) -> int:
    return next((d for d in range(6) if abs(round(value, d) - value) <= 1e-9 * max(abs(value), 1e-4)), 6)
