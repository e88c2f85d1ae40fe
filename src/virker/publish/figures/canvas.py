"""A drawing surface in pixels, written as SVG: rectangles, lines, points and words at places that the figure has worked out.

The figures here (harvest plot, evidence map) are not plain charts of two variables, so their geometry is computed in Python, where
it can be tested (decision 0030). All colours have a contrast of at least 4.5:1 against what they stand on when they carry text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from virker.publish.figures.figure import FONT, Drawing

INK = "#1b2b30"
MUTED = "#51636a"
ACCENT = "#0f6674"
TINT = "#d5e8ea"
PALE = "#f2f6f7"
LINE = "#c3cfd2"
GREY = "#dfe4e6"
DARK = "#44545a"
WHITE = "#ffffff"

#: Mean width of a letter, as a share of the font's size; a little wide, so that words never meet.
LETTER = 0.55


def width_of(text: str, size: float) -> float:
    """About how many pixels wide a text is."""
    return len(text) * size * LETTER


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text broken between words (and after hyphens) into lines that fit ``width`` pixels."""
    lines: list[str] = []
    for piece in text.replace("-", "- \u200b").split(" "):
        word = piece.lstrip("\u200b")
        candidate = lines[-1] + ("" if piece != word else " ") + word if lines else word
        if lines and width_of(candidate, size) <= width:
            lines[-1] = candidate
        else:
            lines.append(word)
    return lines


@dataclass
class Canvas:
    """Marks in the order in which they are drawn: backgrounds, lines, rectangles, points and words."""

    width: int
    height: int = 0
    backs: list[dict[str, Any]] = field(default_factory=list)
    rects: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)

    def back(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.backs.append({"x": x, "y": y, "x2": x + width, "y2": y + height, "fill": fill, "stroke": fill, "dashed": False})

    def rect(self, x: float, y: float, width: float, height: float, fill: str, stroke: str | None = None, dashed: bool = False) -> None:
        self.rects.append({"x": x, "y": y, "x2": x + width, "y2": y + height, "fill": fill, "stroke": stroke or fill, "dashed": dashed})

    def line(self, x: float, y: float, x2: float, y2: float, colour: str = LINE, thick: float = 1) -> None:
        self.lines.append({"x": x, "y": y, "x2": x2, "y2": y2, "colour": colour, "thick": thick})

    def point(self, x: float, y: float, shape: str, filled: bool, size: float = 70) -> None:
        self.points.append({"x": x, "y": y, "shape": shape, "fill": ACCENT if filled else WHITE, "size": size})

    def text(self, x: float, y: float, text: str, size: float = 12, colour: str = INK, align: str = "left", bold: bool = False, angle: int = 0) -> None:
        self.words.append({"x": x, "y": y, "text": text, "size": size, "colour": colour, "align": align, "bold": bold, "angle": angle})

    def drawing(self) -> Drawing:
        """The drawing: what stands behind, lines, rectangles, points, words, in this order."""
        width, height = int(self.width), int(self.height)
        marks = [
            *(_box(r, 0) for r in self.backs),
            *(_line(line) for line in self.lines),
            *(_box(r, 1.2 if r["dashed"] else 1) for r in self.rects),
            *(_point(p) for p in self.points),
            *(_word(w) for w in self.words),
        ]
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        body = f'<rect width="{width}" height="{height}" fill="{WHITE}"/><g font-family="{escape(FONT)}">{"".join(marks)}</g>'
        return Drawing(f"{head}{body}</svg>", width, height)


_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


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
