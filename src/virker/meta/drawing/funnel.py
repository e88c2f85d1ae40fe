"""The funnel plot: each estimate against its standard error (Sterne & Egger 2001), with contours of significance (Peters et al. 2008).

Gaps among the small estimates that are not significant point to results that were not seen; gaps elsewhere have other causes. A funnel of fewer than
ten estimates shows next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from virker.meta.data import Array
from virker.meta.drawing.chart import Chart, chart
from virker.meta.drawing.rows import Look
from virker.meta.drawing.surface import ACCENT, GRID, INK, SECOND, WHITE
from virker.meta.drawing.words import decimals, figure
from virker.meta.picture import Drawing
from virker.meta.tests import critical

#: Shades of the areas where p is above .10, and between .10 and .05, .05 and .01.
_SHADES = ((0.10, "#ffffff"), (0.05, "#dfe6e8"), (0.01, "#b9c5c9"))
_DEEP = "#9fadb2"


def funnel(
    y: Array,
    v: Array,
    centre: float,
    look: Look,
    *,
    filled: int = 0,
    contours: bool = True,
    labels: Sequence[str] | None = None,
    title: str | None = None,
    effect: str | None = None,
) -> Drawing:
    """A funnel of estimates ``y`` (k,) with variances ``v`` (k,) around ``centre``; the last ``filled`` of them are computed, not observed."""
    words, se = look.words, np.sqrt(v)
    c = float(critical(None, look.level))
    most = float(se.max()) * 1.05
    ends = [float(y.min()), float(y.max()), centre - c * most, centre + c * most, *((0.0,) if contours else ())]
    frame = chart(look, ends, [0.0, most], title=title or words["funnel"], over=effect or words["effect"], beside=words["se"], shown_x=look.shown, falling=True, from_zero=True)  # fmt: skip
    if contours:
        _contours(frame)
    bottom = frame.up.high
    frame.curve([(centre, 0.0), (centre, bottom)], colour=INK)
    for side in (-1, 1):
        frame.curve([(centre, 0.0), (centre + side * c * bottom, bottom)], colour=INK, dash="5 3")
    for i in range(len(y)):
        new = i >= len(y) - filled
        frame.point(float(y[i]), float(se[i]), r=4.5, fill=WHITE if new else ACCENT, stroke=SECOND if new else WHITE)
    if labels is not None:
        far = np.argsort(-np.abs((y - centre) / se), kind="stable")
        frame.names([(float(y[i]), float(se[i]), str(labels[i])) for i in far if i < len(labels)])
    _key(frame, contours, filled)
    return frame.drawing(_alt(y, se, centre, look, filled, c, title or words["funnel"]))


def _contours(frame: Chart) -> None:
    """Triangles from the line of no effect, the outermost first; the grid and the axis are drawn over them afterwards."""
    left, right, bottom = frame.across.start, frame.across.end, frame.up.high
    marks, frame.page.marks = frame.page.marks, []
    frame.page.box(left, frame.up.start, right - left, frame.up.end - frame.up.start, fill=_DEEP)
    for p, shade in reversed(_SHADES):
        z = float(critical(None, 1.0 - p))
        corners = [frame.at(0.0, 0.0), frame.at(z * bottom, bottom), frame.at(-z * bottom, bottom)]
        frame.page.polygon(_cut(corners, left, right), fill=shade)
    frame.page.marks += [mark for mark in marks if f'stroke="{GRID}"' not in mark]


def _cut(corners: list[tuple[float, float]], left: float, right: float) -> list[tuple[float, float]]:
    """A triangle (tip, right foot, left foot) cut at two upright lines."""
    (tx, ty), (rx, ry), (lx, ly) = corners
    out: list[tuple[float, float]] = []
    if left <= tx <= right:
        out.append((tx, ty))
    if rx > right:
        out += [(right, ty + (ry - ty) * (right - tx) / (rx - tx))] if tx <= right else [(right, ty)]
        out.append((right, ry))
    else:
        out.append((rx, ry))
    if lx < left:
        out += [(left, ly), (left, ty + (ly - ty) * (left - tx) / (lx - tx) if tx >= left else ty)]
    else:
        out.append((lx, ly))
    return out


def _key(frame: Chart, contours: bool, filled: int) -> None:
    words, dec = frame.look.words, frame.look.words["decimal"]
    entries = [("dot", ACCENT, words["estimate"])]
    if filled:
        entries.append(("ring", SECOND, words["filled"]))
    entries.append(("dash", INK, words["interval"].format(level=f"{100 * frame.look.level:g}".replace(".", dec))))
    if contours:
        told = ["p > 0.10", "0.05 < p < 0.10", "0.01 < p < 0.05", "p < 0.01"]
        shades = [*(shade for _, shade in _SHADES), _DEEP]
        entries += [("box", shade, one.replace(".", dec)) for shade, one in zip(shades, told, strict=True)]
    frame.key(entries)


def _alt(y: Array, se: Array, centre: float, look: Look, filled: int, c: float, title: str) -> str:
    words, show = look.words, look.shown.show
    digits = 2 if look.shown.ratio else decimals(float(se.min()))
    outside = int((np.abs(y - centre) > c * se).sum())
    told = words["alt funnel"].format(
        title=title, k=len(y), estimate=figure(show(centre), digits, words), low=figure(float(se.min()), decimals(float(se.min())), words),
        high=figure(float(se.max()), decimals(float(se.min())), words), outside=outside, level=f"{100 * look.level:g}",
    )  # fmt: skip
    return f"{told} {words['alt filled'].format(k=filled)}" if filled else told
