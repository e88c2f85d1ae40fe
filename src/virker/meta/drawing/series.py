"""Rows of other things than studies: coefficients, predictions, the mean without each study in turn, with one more each time, effects over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.data import vector
from virker.meta.drawing.chart import chart
from virker.meta.drawing.rows import NAN, Look, Row, rows_drawing
from virker.meta.drawing.surface import ACCENT, INK, MUTED, SECOND, WHITE
from virker.meta.drawing.words import bracketed, decimals, figure
from virker.meta.errors import InputError
from virker.meta.picture import Drawing

if TYPE_CHECKING:
    from virker.meta.diagnostics import Subsets


def intervals(
    look: Look,
    names: Sequence[str],
    estimate: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    pi_low: ArrayLike | None = None,
    pi_high: ArrayLike | None = None,
    notes: Sequence[str] | None = None,
    title: str,
    label: str,
    over: str,
) -> Drawing:
    """A row for each name: its estimate and interval, and a prediction interval where there is one; all (m,)."""
    y, a, b = (np.asarray(x, dtype=float) for x in (estimate, low, high))
    p, q = (np.full(len(y), NAN) if x is None else np.asarray(x, dtype=float) for x in (pi_low, pi_high))
    rows = [
        Row(str(names[i]), float(y[i]), float(a[i]), float(b[i]), pi_low=float(p[i]), pi_high=float(q[i]), note="" if notes is None else notes[i])
        for i in range(len(y))
    ]
    return rows_drawing(rows, look, title=title, label=label, over=over)


def subsets(result: Subsets, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None) -> Drawing:
    """Of :func:`virker.meta.leave_one_out` or :func:`virker.meta.cumulative`; ``labels`` are those of the data, in its order."""
    words, grows, k = look.words, result.kind == "cumulative", len(result.study)
    if labels is not None and len(labels) != k:
        raise InputError(f"labels has {len(labels)} names for {k} studies.")
    named = [str(labels[i]) if labels is not None else f"{words['study']} {i + 1}" for i in result.study]
    form = words["up to"] if grows else words["without"]
    names = [named[0] if grows and i == 0 else form.format(name=name) for i, name in enumerate(named)]
    name = title or words[result.kind]
    return intervals(look, names, result.estimate, result.ci_low, result.ci_high, title=name, label=words["study"], over=effect or words["effect"])


def over_time(
    horizon: ArrayLike,
    estimate: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    look: Look,
    *,
    pi_low: ArrayLike | None = None,
    pi_high: ArrayLike | None = None,
    pooled: Sequence[bool] | None = None,
    joined: bool = True,
    title: str | None = None,
    effect: str | None = None,
    over: str | None = None,
) -> Drawing:
    """Effect by horizon: estimates with intervals at their time, joined by a line; hollow where ``pooled`` says that one study alone stands behind it.

    ``horizon``, ``estimate``, ``low``, ``high`` : (m,), times ascending or not, in any one unit (``over`` names it).
    """
    t, y, a, b = (vector(x, name) for x, name in ((horizon, "horizon"), (estimate, "estimate"), (low, "low"), (high, "high")))
    if len({len(x) for x in (t, y, a, b)}) > 1 or not len(t):
        raise InputError("horizon, estimate, low and high must be equally long, and not empty.")
    words, at = look.words, np.argsort(t, kind="stable")
    p, q = (np.full(len(t), NAN) if x is None else np.asarray(x, dtype=float) for x in (pi_low, pi_high))
    ends = [float(x) for x in (*a, *b, *p, *q) if math.isfinite(x)]
    zero = [] if look.zero is None else [look.zero]
    name = title or words["over time"]
    frame = chart(look, [min(0.0, float(t.min())), float(t.max())], [*ends, *zero], title=name, over=over or words["months"], beside=effect or words["effect"], shown_y=look.shown)  # fmt: skip
    if zero:
        frame.curve([(frame.across.low, zero[0]), (frame.across.high, zero[0])], colour=MUTED, thick=1)
    if joined:
        frame.curve([(float(t[i]), float(y[i])) for i in at], colour=ACCENT, thick=1.6)
    for i in at:
        if math.isfinite(p[i]) and math.isfinite(q[i]):
            frame.curve([(float(t[i]), float(p[i])), (float(t[i]), float(q[i]))], colour=SECOND, dash="4 3", thick=1.2)
        frame.curve([(float(t[i]), float(a[i])), (float(t[i]), float(b[i]))], colour=INK, thick=1.4)
        alone = pooled is not None and not pooled[int(i)]
        frame.point(float(t[i]), float(y[i]), r=5, fill=WHITE if alone else ACCENT, stroke=ACCENT if alone else WHITE)
    digits = decimals(min(float(x) for x in (b - a) / 4 if x > 0)) if (b > a).any() else 2
    show = look.shown.show
    rows = " ".join(f"{figure(float(t[i]), 0 if float(t[i]).is_integer() else 1, words)}: {figure(show(float(y[i])), digits, words)} {bracketed(show(float(a[i])), show(float(b[i])), digits, words)}." for i in at)  # fmt: skip
    return frame.drawing(words["alt rows"].format(title=name, rows=rows))
