"""What the answer hangs on, and how large the effect must be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from virker.plan.inputs import Array, Inputs

Outcome = Callable[[Inputs], float]


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One input that is not known for sure: its range, and how the inputs look with a given value of it, other things at the centre."""

    name: str
    low: float
    high: float
    with_value: Callable[[float], Inputs]


@dataclass(frozen=True, slots=True)
class Bar:
    """The outcome at the ``low`` and at the ``high`` value of one input. ``at_low`` may be the larger of the two."""

    name: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        return abs(self.at_high - self.at_low)


def tornado(uncertain: Iterable[Uncertain], outcome: Outcome) -> tuple[Bar, ...]:
    """One bar for each uncertain input, the widest first; those of equal width in the order given."""
    bars = (Bar(one.name, one.low, one.high, outcome(one.with_value(one.low)), outcome(one.with_value(one.high))) for one in uncertain)
    return tuple(sorted(bars, key=lambda bar: -bar.width))


Answer = Literal["found", "pays without effect", "never pays"]
#: The largest hazard ratio that is tried. Ours: twenty times as many finding a job is beyond anything a measure has been found to do.
LARGEST_RATIO = 20.0
#: Steps into which the stretch is cut, and how often: 48 steps nine times over is a ratio to the last digit.
_STEPS, _ROUNDS = 48, 9


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The smallest hazard ratio at which the outcome is nothing or more.

    Attributes
    ----------
    answer : str
        "found"; "pays without effect": already at ratio 1; "never pays": not at any ratio up to ``largest``.
    ratio : float or None
        The hazard ratio, where it was found.
    at_one, at_largest : float
        The outcome without an effect and at the largest ratio.
    monotone : bool
        The outcome never fell on the way up. Where it did, there may be larger ratios at which it is below nothing again.
    """

    answer: Answer
    ratio: float | None
    at_one: float
    at_largest: float
    monotone: bool
    largest: float = LARGEST_RATIO


def break_even(outcome: Callable[[Array], Array], largest: float = LARGEST_RATIO) -> BreakEven:
    """How large the effect must be for ``outcome`` to be nothing or more; it takes log ratios and gives the outcome at each, shape (S,).

    The ratio is followed upwards from 1 in equal steps of its logarithm, all in one run of the model; the first step on which the outcome
    passes nothing is cut into steps in the same way, until the ratio stands. A passing up and down again inside one of the first steps
    (1/48 of the way) would not be seen.
    """
    ratios = np.linspace(0.0, np.log(largest), _STEPS + 1)
    values = outcome(ratios)
    scale = max(float(np.abs(values).max()), 1.0)
    monotone = bool((np.diff(values) >= -1e-9 * scale).all())
    values[np.abs(values) <= 1e-12 * scale] = 0.0  # a plan that moves no money gives rounding, not a loss
    enough = np.flatnonzero(values >= 0)
    if not enough.size or enough[0] == 0:
        answer: Answer = "pays without effect" if enough.size else "never pays"
        return BreakEven(answer, None, float(values[0]), float(values[-1]), monotone, largest)
    first = int(enough[0])
    steps = ratios
    for _ in range(_ROUNDS):
        steps = np.linspace(steps[first - 1], steps[first], _STEPS + 1)
        first = max(int(np.argmax(outcome(steps) >= 0)), 1)
    return BreakEven("found", float(np.exp(steps[first])), float(values[0]), float(values[-1]), monotone, largest)
