"""Rows of estimates with their intervals: what forest plots, cumulative plots and plots of coefficients have in common.

From 520 pixels on a row is one line: label, interval, numbers. Below that its label and numbers stand above the interval, so that letters keep
their size on a telephone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from virker.meta.drawing.axis import Axis, Shown, axis
from virker.meta.drawing.surface import ACCENT, INK, MUTED, SECOND, WHITE, Surface, width_of, wrapped
from virker.meta.drawing.words import Words, bracketed, decimals, figure
from virker.meta.picture import Drawing

NAN = float("nan")
NARROW = 520
_SIZE = 12
_EDGE = 12
_TOLD = 12  # rows that the alternative text tells of


@dataclass(frozen=True, slots=True)
class Row:
    """One row, on the scale of the model.

    Attributes
    ----------
    label : what it is. ``kind`` : an estimate (square), a mean (diamond), a prediction interval (bar), or a heading.
    estimate, low, high : NaN where there is none; ``pi_low``, ``pi_high`` : a prediction interval, drawn thin behind it.
    weight : in per cent; the area of the square.
    fitted, fitted_low, fitted_high : what the moderators say, drawn as a pale diamond behind it.
    note : words beside the label, such as a number of estimates.
    inset : moved in, below a heading.
    hollow : drawn without filling: computed, not observed.
    """

    label: str
    estimate: float = NAN
    low: float = NAN
    high: float = NAN
    kind: Literal["estimate", "mean", "prediction", "heading"] = "estimate"
    weight: float = NAN
    pi_low: float = NAN
    pi_high: float = NAN
    fitted: float = NAN
    fitted_low: float = NAN
    fitted_high: float = NAN
    note: str = ""
    inset: bool = False
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How rows are drawn: words, transformation, width, decimals, limits of the axis, and the upright line of no effect (None: no line)."""

    words: Words
    shown: Shown
    width: int = 760
    digits: int | None = None
    limits: tuple[float, float] | None = None
    zero: float | None = 0.0
    level: float = 0.95
    mean: float | None = None


def rows_drawing(rows: Sequence[Row], look: Look, *, title: str, label: str, over: str, alt: str = "") -> Drawing:
    """The drawing. ``label`` heads the column of names, ``over`` stands at the axis; ``alt`` begins the words for those who do not see it."""
    digits = _digits(rows, look) if look.digits is None else look.digits
    page = Surface(look.width)
    place = _wide if look.width >= NARROW else _narrow
    place(page, rows, look, digits, title, label, over)
    told = " ".join([alt or "", _told(rows, look, digits, title if not alt else "")]).strip()
    return Drawing(page.svg(title, told), title, told, int(page.width), int(page.height))


def told_numbers(row: Row, look: Look, digits: int) -> str:
    """Estimate and interval in natural units."""
    show, words = look.shown.show, look.words
    if row.kind == "heading" or (math.isnan(row.estimate) and math.isnan(row.low)):
        return ""
    value = "" if math.isnan(row.estimate) else figure(show(row.estimate), digits, words)
    interval = "" if math.isnan(row.low) else bracketed(show(row.low), show(row.high), digits, words)
    return f"{value} {interval}".strip()


def _digits(rows: Sequence[Row], look: Look) -> int:
    """Two digits of the narrowest interval's half width that count; on a ratio scale two decimals are enough."""
    halves = [(look.shown.show(r.high) - look.shown.show(r.low)) / 4 for r in rows if r.high > r.low and math.isfinite(r.high - r.low)]
    found = decimals(min(halves)) if halves else 2
    return min(found, 2) if look.shown.ratio else min(found, 4)


def _limits(rows: Sequence[Row], look: Look) -> tuple[float, float]:
    """All intervals, except that one many times wider than the others is cut (an arrow says so)."""
    if look.limits is not None:
        return look.limits
    ends = [x for r in rows for x in (r.low, r.high, r.pi_low, r.pi_high, r.estimate, r.fitted, r.fitted_low, r.fitted_high) if math.isfinite(x)]
    centres = [r.estimate for r in rows if math.isfinite(r.estimate)]
    if not ends:
        return (-1.0, 1.0)
    low, high = min(ends), max(ends)
    widths = sorted(r.high - r.low for r in rows if math.isfinite(r.high - r.low))
    if len(widths) > 2 and centres:
        room = 2.5 * widths[len(widths) // 2]
        low, high = max(low, min(centres) - room), min(high, max(centres) + room)
    if look.zero is not None and (low - 0.6 * (high - low) <= look.zero <= high + 0.6 * (high - low)):
        low, high = min(low, look.zero), max(high, look.zero)
    return low, high


def _wide(page: Surface, rows: Sequence[Row], look: Look, digits: int, title: str, label: str, over: str) -> None:
    words = look.words
    numbers = [told_numbers(r, look, digits) for r in rows]
    weighed = any(math.isfinite(r.weight) for r in rows)
    of_weight = 12 + max(width_of(words["weight"], _SIZE, True), width_of("100,0 %", _SIZE)) if weighed else 0.0
    interval = _heading(rows, look)
    of_numbers = 14 + max([width_of(n, _SIZE, r.kind != "estimate") for n, r in zip(numbers, rows, strict=True)] + [width_of(interval, _SIZE, True)])
    names = [f"{r.label} {r.note}".strip() for r in rows]
    of_names = max(width_of(n, _SIZE, r.kind != "estimate") + 14 * r.inset for n, r in zip(names, rows, strict=True))
    room = look.width - 2 * _EDGE - of_numbers - of_weight
    of_names = min(max(of_names, width_of(label, _SIZE, True)) + 14, room * 0.48)
    left, right = _EDGE + of_names, look.width - _EDGE - of_numbers - of_weight
    y = page.words(_EDGE, 20, wrapped(title, look.width - 2 * _EDGE, 15, True), size=15, bold=True) + 8
    across = axis(*_limits(rows, look), left, right, look.shown)
    page.text(_EDGE, y, label, bold=True)
    page.text(look.width - _EDGE - of_weight, y, interval, anchor="end", bold=True)
    if weighed:
        page.text(look.width - _EDGE, y, words["weight"], anchor="end", bold=True)
    y += 14
    lines = [wrapped(n, of_names - 13 - 14 * r.inset, _SIZE, r.kind != "estimate") for n, r in zip(names, rows, strict=True)]
    heights = [max(22.0, 10 + 15.6 * len(one)) for one in lines]
    bottom, most = y + sum(heights) + 4, _heaviest(rows)
    _upright(page, across, look, y - 4, bottom)
    for row, number, line, height in zip(rows, numbers, lines, heights, strict=True):
        middle, bold = y + height / 2, row.kind != "estimate"
        page.words(_EDGE + 14 * row.inset, middle - (len(line) - 1) * 7.8, line, bold=bold)
        page.text(look.width - _EDGE - of_weight, middle, number, anchor="end", bold=bold)
        if math.isfinite(row.weight):
            page.text(look.width - _EDGE, middle, f"{figure(row.weight, 1, words)} %", anchor="end")
        _marked(page, row, across, middle, most)
        y += height
    page.height = _under(page, across, look, bottom, over)


def _narrow(page: Surface, rows: Sequence[Row], look: Look, digits: int, title: str, label: str, over: str) -> None:
    inner = look.width - 2 * _EDGE
    y = page.words(_EDGE, 20, wrapped(title, inner, 15, True), size=15, bold=True) + 2
    heading = f"{label}: {_heading(rows, look)}" if label else _heading(rows, look)
    y = page.words(_EDGE, y, wrapped(heading, inner, _SIZE), colour=MUTED) + 6
    across = axis(*_limits(rows, look), _EDGE + 4, look.width - _EDGE - 4, look.shown)
    spots, most = [], _heaviest(rows)
    for row in rows:
        number, bold, name = told_numbers(row, look, digits), row.kind != "estimate", f"{row.label} {row.note}".strip()
        inset = _EDGE + 14 * row.inset
        lines = wrapped(name, look.width - _EDGE - inset, _SIZE, bold)
        y = page.words(inset, y + 4, lines, bold=bold)
        if not number:
            y += 4
            continue
        if width_of(lines[-1], _SIZE, bold) + width_of(number, _SIZE, bold) + 10 <= look.width - _EDGE - inset:
            y -= 15.6  # the numbers fit behind the name
        page.text(look.width - _EDGE, y, number, anchor="end", bold=bold)
        spots.append((row, y + 16.6))
        y += 32.6
    for row, at in spots:
        _upright(page, across, look, at - 9, at + 9)  # beside the words, not through them
        _marked(page, row, across, at, most)
    page.height = _under(page, across, look, y, over)


def _heading(rows: Sequence[Row], look: Look) -> str:
    """What stands over the numbers."""
    if all(math.isnan(row.low) for row in rows):
        return look.words["estimate"]
    level = figure(100 * look.level, 0 if float(100 * look.level).is_integer() else 1, look.words)
    return f"{look.words['estimate']} [{look.words['interval'].format(level=level)}]"


def _upright(page: Surface, across: Axis, look: Look, top: float, bottom: float) -> None:
    """The line of no effect, and a dotted one at the mean."""
    if look.zero is not None and across.inside(look.zero):
        page.line(across.at(look.zero), top, across.at(look.zero), bottom, colour=MUTED)
    if look.mean is not None and across.inside(look.mean):
        page.line(across.at(look.mean), top, across.at(look.mean), bottom, colour=ACCENT, dash="2 3")


def _under(page: Surface, across: Axis, look: Look, y: float, over: str) -> float:
    """The axis with its labels; gives the height of the page."""
    page.line(across.start, y, across.end, y, colour=MUTED)
    for x, label in across.ticks(look.words):
        page.line(across.at(x), y, across.at(x), y + 5, colour=MUTED)
        half = width_of(label, _SIZE) / 2
        page.text(min(max(across.at(x), half + 2), look.width - half - 2), y + 15, label, anchor="middle")
    y += 34
    middle = (across.start + across.end) / 2
    for line in wrapped(over, look.width - 2 * _EDGE, _SIZE):
        half = width_of(line, _SIZE) / 2
        page.text(min(max(middle, half + _EDGE), look.width - half - _EDGE), y, line, anchor="middle", colour=MUTED)
        y += 15.6
    return y + 2


def _heaviest(rows: Sequence[Row]) -> float:
    return max((r.weight for r in rows if math.isfinite(r.weight)), default=NAN)


def _marked(page: Surface, row: Row, across: Axis, y: float, most: float) -> None:
    """The row's interval and its estimate; ``most`` is the largest weight of all rows."""
    at = across.clipped
    if row.kind == "heading" and math.isnan(row.estimate):
        return
    if math.isfinite(row.fitted):
        page.diamond(at(row.fitted_low), at(row.fitted), at(row.fitted_high), y, 7, fill="#e3d3c8", stroke=SECOND)
    if row.kind == "prediction":
        page.box(at(row.low), y - 3, max(at(row.high) - at(row.low), 1), 6, fill=SECOND)
        _arrows(page, row.low, row.high, across, y, SECOND)
        return
    if math.isfinite(row.pi_low):
        page.line(at(row.pi_low), y, at(row.pi_high), y, colour=SECOND, thick=1.2, dash="4 3")
        _arrows(page, row.pi_low, row.pi_high, across, y, SECOND)
    if row.kind == "mean":
        fill = WHITE if row.hollow else INK
        low, high = (row.low, row.high) if math.isfinite(row.low) else (row.estimate, row.estimate)
        page.diamond(min(at(low), at(row.estimate) - 3), at(row.estimate), max(at(high), at(row.estimate) + 3), y, 7, fill=fill, stroke=INK)
        return
    if math.isfinite(row.low):
        page.line(at(row.low), y, at(row.high), y, colour=INK, thick=1.3)
        _arrows(page, row.low, row.high, across, y, INK)
    if math.isfinite(row.estimate) and across.inside(row.estimate):
        half = 4.0 if math.isnan(row.weight) else 2.0 + 5.0 * math.sqrt(row.weight / most)
        page.box(at(row.estimate) - half, y - half, 2 * half, 2 * half, fill=WHITE if row.hollow else ACCENT, stroke=ACCENT if row.hollow else "")


def _arrows(page: Surface, low: float, high: float, across: Axis, y: float, colour: str) -> None:
    """Arrow heads where an interval goes on beyond the axis."""
    if low < across.low:
        x = across.start
        page.polygon([(x - 6, y), (x, y - 4), (x, y + 4)], fill=colour)
    if high > across.high:
        x = across.end
        page.polygon([(x + 6, y), (x, y - 4), (x, y + 4)], fill=colour)


def _told(rows: Sequence[Row], look: Look, digits: int, title: str) -> str:
    """The rows in words: means first, then the first dozen of estimates."""
    words = look.words
    drawn = [r for r in rows if told_numbers(r, look, digits)]
    few = [r for r in drawn if r.kind != "estimate"] + [r for r in drawn if r.kind == "estimate"][:_TOLD]
    told = " ".join(words["alt row"].format(label=r.label, estimate=told_numbers(r, look, digits), interval="").replace(" .", ".") for r in few)
    more = f" {words['alt more'].format(k=len(drawn) - len(few))}" if len(drawn) > len(few) else ""
    return (words["alt rows"].format(title=title, rows=told) if title else told) + more
