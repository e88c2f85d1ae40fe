"""A chart of two axes: its frame, its grid, points with names that do not lie on each other, and a key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from virker.meta.drawing.axis import TRANSFORMS, Axis, Shown, axis
from virker.meta.drawing.rows import Look
from virker.meta.drawing.surface import ACCENT, GRID, INK, LINE, MUTED, WHITE, Surface, width_of, wrapped
from virker.meta.picture import Drawing

_SIZE = 12
_EDGE = 12
PLAIN = TRANSFORMS["none"]


@dataclass
class Chart:
    """A frame to draw in: ``across`` and ``up`` are its axes, ``page`` its surface."""

    page: Surface
    across: Axis
    up: Axis
    look: Look
    title: str
    over: str
    foot: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a point."""
        return self.across.at(x), self.up.at(y)

    def point(self, x: float, y: float, *, r: float = 4.0, fill: str = ACCENT, stroke: str = WHITE, opacity: float = 1.0) -> None:
        self.page.circle(*self.at(x, y), r, fill=fill, stroke=stroke, opacity=opacity)

    def curve(self, points: Iterable[tuple[float, float]], *, colour: str = INK, thick: float = 1.5, dash: str = "") -> None:
        """A line through points; a stretch that leaves the frame is not drawn, and the ends of a straight line stop at the frame."""
        known = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
        top, bottom = min(self.up.start, self.up.end), max(self.up.start, self.up.end)
        if len(known) == 2:
            ends = [self.at(x, y) for x, y in known]
            self.page.curve(
                [(min(max(a, self.across.start), self.across.end), min(max(b, top), bottom)) for a, b in ends], colour=colour, thick=thick, dash=dash
            )
            return
        stretch: list[tuple[float, float]] = []
        for x, y in [*known, (math.nan, math.nan)]:
            if math.isfinite(y) and self.up.inside(y):
                stretch.append(self.at(x, y))
            elif stretch:
                self.page.curve(stretch, colour=colour, thick=thick, dash=dash)
                stretch = []

    def names(self, places: Sequence[tuple[float, float, str]], most: int = 12) -> None:
        """Names beside points, the first of them first; a name that would lie on another one, on a point or on the edge is left out."""
        dots = [(px - 4, py - 4, px + 4, py + 4) for px, py in (self.at(x, y) for x, y, _ in places)]
        taken: list[tuple[float, float, float, float]] = []
        top, bottom = min(self.up.start, self.up.end), max(self.up.start, self.up.end)
        for x, y, name in places:
            if len(taken) >= most:
                return
            px, py = self.at(x, y)
            wide = width_of(name, 11)
            for left, middle in ((px + 7, py), (px - 7 - wide, py), (px - wide / 2, py - 13), (px - wide / 2, py + 13)):
                spot = (left, middle - 7, left + wide, middle + 7)
                free = all(spot[0] > t[2] or spot[2] < t[0] or spot[1] > t[3] or spot[3] < t[1] for t in (*taken, *dots))
                inside = spot[0] >= self.across.start and spot[2] <= self.look.width - 2 and top <= spot[1] and spot[3] <= bottom
                if free and inside:
                    self.page.text(left, middle, name, size=11, halo=True)
                    taken.append(spot)
                    break

    def key(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """What the marks mean, below the chart: (shape, colour, words); shape ``box``, ``line``, ``dash``, ``dot``, ``ring``."""
        x = float(_EDGE)
        y = self.foot + 8
        for shape, colour, words in entries:
            wide = 26 + width_of(words, _SIZE) + 18
            if x > _EDGE and x + wide > self.look.width:
                x, y = float(_EDGE), y + 18
            _sample(self.page, shape, colour, x, y)
            self.page.text(x + 26, y, words)
            x += wide
        self.foot = y + 10

    def drawing(self, alt: str) -> Drawing:
        """The finished drawing: the axes' labels were drawn with the frame."""
        self.page.height = self.foot + 6
        return Drawing(self.page.svg(self.title, alt), self.title, alt, int(self.page.width), round(self.page.height))


def chart(
    look: Look,
    x: Sequence[float],
    y: Sequence[float],
    *,
    title: str,
    over: str,
    beside: str,
    shown_x: Shown = PLAIN,
    shown_y: Shown = PLAIN,
    falling: bool = False,
    pad: tuple[float, float] = (0.05, 0.06),
    from_zero: bool = False,
    height: float | None = None,
) -> Chart:
    """The frame of a chart that holds all ``x`` and ``y`` (their ends are enough).

    ``falling`` : y grows downwards. ``from_zero`` : y begins at 0, without room below it.
    """
    page = Surface(look.width)
    words = look.words
    top = page.words(_EDGE, 20, wrapped(title, look.width - 2 * _EDGE, 15, True), size=15, bold=True)
    top = page.words(_EDGE, top, wrapped(beside, look.width - 2 * _EDGE, _SIZE), colour=MUTED) + 4
    tall = height or min(420.0, max(220.0, look.width * 0.55))
    bottom = top + tall
    ends_y = [v for v in y if math.isfinite(v)]
    low, high = (min(ends_y), max(ends_y)) if ends_y else (0.0, 1.0)
    up = axis(0.0 if from_zero else low, high, bottom, top, shown_y, pad[1])
    if from_zero:
        up = Axis(0.0, up.high, bottom, top, shown_y)
    if falling:
        up = Axis(0.0 if from_zero else up.low, up.high, top, bottom, shown_y)
    upright = up.ticks(words) if not falling else Axis(up.low, up.high, bottom, top, shown_y).ticks(words)
    left = _EDGE + max(width_of(label, _SIZE) for _, label in upright) + 8
    ends_x = [v for v in x if math.isfinite(v)]
    across = axis(min(ends_x), max(ends_x), left, look.width - _EDGE - 6, shown_x, pad[0])
    for value, label in upright:
        page.line(left, up.at(value), across.end, up.at(value), colour=GRID)
        page.text(left - 6, up.at(value), label, anchor="end")
    page.line(left, bottom, across.end, bottom, colour=MUTED)
    page.line(left, top, left, bottom, colour=LINE)
    for value, label in across.ticks(words):
        page.line(across.at(value), bottom, across.at(value), bottom + 5, colour=MUTED)
        half = width_of(label, _SIZE) / 2
        page.text(min(across.at(value), look.width - half - 2), bottom + 15, label, anchor="middle")
    foot = bottom + 34
    for line in wrapped(over, across.end - left, _SIZE):
        page.text((left + across.end) / 2, foot, line, anchor="middle", colour=MUTED)
        foot += 15.6
    return Chart(page, across, up, look, title, over, foot)


def _sample(page: Surface, shape: str, colour: str, x: float, y: float) -> None:
    if shape == "box":
        page.box(x, y - 6, 18, 12, fill=colour, stroke=MUTED)
    elif shape in ("line", "dash"):
        page.line(x, y, x + 20, y, colour=colour, thick=1.8, dash="5 3" if shape == "dash" else "")
    else:
        page.circle(x + 9, y, 4.5, fill=colour if shape == "dot" else WHITE, stroke=colour)
