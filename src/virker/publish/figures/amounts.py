"""Amounts of a pooled effect on the axis of a drawing: its scale, and what stands at it."""

from __future__ import annotations

from math import inf, isfinite, log, nan

from virker.language import Said
from virker.synthesis.pooled_effect import Measure


def on_scale(value: float | None, measure: Measure) -> float:
    """From the natural scale to that of the drawing: the natural logarithm of a ratio, else the amount itself.

    Not a number where there is none; minus infinity for a ratio of 0 (the end of an interval too low for a number); an infinite end stays infinite.
    """
    if value is None:
        return nan
    return (log(value) if value > 0 else -inf) if measure.relative and isfinite(value) else value


def axis_said(measure: Measure) -> Said:
    """The unit at the axis; all ratios have one, whatever they are ratios of."""
    return Said("forholdstal, 1: ingen forskel", "ratio, 1: no difference") if measure.relative else measure.unit_said
