"""A canvas as SVG, written directly: for the site, which shows hundreds of drawings where a note shows ten.

The marks are those that :class:`virker.publish.figures.canvas.Canvas` holds, in the same order and with the same look.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from virker.publish.figures.canvas import ACCENT, WHITE, Canvas
from virker.publish.figures.figure import FONT, Drawing

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def plain_drawing(canvas: Canvas) -> Drawing:
    """The drawing of a canvas."""
    width, height = int(canvas.width), int(canvas.height)
    marks = [
        *(_box(r, 0) for r in canvas.backs),
        *(_line(line) for line in canvas.lines),
        *(_box(r, 1.2 if r["dashed"] else 1) for r in canvas.rects),
        *(_point(p) for p in canvas.points),
        *(_word(w) for w in canvas.words),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    body = f'<rect width="{width}" height="{height}" fill="{WHITE}"/><g font-family="{escape(FONT)}">{"".join(marks)}</g>'
    return Drawing(f"{head}{body}</svg>", width, height)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _box(r: Mapping[str, Any], stroke: float) -> str:
    edge = f' stroke="{r["stroke"]}" stroke-width="{stroke}"' if stroke else ""
    dash = ' stroke-dasharray="4 2"' if r["dashed"] else ""
    return f'<rect x="{_n(r["x"])}" y="{_n(r["y"])}" width="{_n(r["x2"] - r["x"])}" height="{_n(r["y2"] - r["y"])}" fill="{r["fill"]}"{edge}{dash}/>'


def _line(line: Mapping[str, Any]) -> str:
    ends = " ".join(f'{k}="{_n(line[v])}"' for k, v in (("x1", "x"), ("y1", "y"), ("x2", "x2"), ("y2", "y2")))
    return f'<line {ends} stroke="{line["colour"]}" stroke-width="{line["thick"]}"/>'


def _point(p: Mapping[str, Any]) -> str:
    """A symbol of the given area (square pixels), as Vega draws it."""
    x, y, half = p["x"], p["y"], p["size"] ** 0.5 / 2
    look = f'fill="{p["fill"]}" stroke="{ACCENT}" stroke-width="1.8"'
    if p["shape"] == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half)}" {look}/>'
    if p["shape"] == "diamond":
        corners = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
    else:
        tip = -half if p["shape"] == "triangle-up" else half
        corners = [(x, y + tip), (x + half, y - tip), (x - half, y - tip)]
    path = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
    return f'<polygon points="{path}" {look}/>'


def _word(w: Mapping[str, Any]) -> str:
    x, y, turn = _n(w["x"]), _n(w["y"]), w["angle"]
    placed = f' transform="rotate({turn} {x} {y})"' if turn else ""
    bold = ' font-weight="bold"' if w["bold"] else ""
    look = f'font-size="{w["size"]}" fill="{w["colour"]}" text-anchor="{_ANCHORS[w["align"]]}"{bold}'
    # about a third of the size below the middle is where the letters' baseline stands: dominant-baseline is read differently by browsers
    return f'<text x="{x}" y="{y}" dy=".34em" {look}{placed}>{escape(w["text"])}</text>'
