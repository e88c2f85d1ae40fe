"""Marks on a surface of pixels, written as SVG: boxes, lines, circles, polygons and words, and how wide words are.

Everything that is drawn is worked out in Python and written as text, so the same numbers give the same bytes. Text colours have a contrast of at
least 4.5:1 against white, marks at least 3:1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape

FONT = "Arial, 'Liberation Sans', sans-serif"
INK = "#1b2b30"
MUTED = "#51636a"
ACCENT = "#0f6674"
SECOND = "#8f3d0b"
TINT = "#d5e8ea"
PALE = "#f2f6f7"
LINE = "#c3cfd2"
GRID = "#e6ecee"
GREY = "#7d8b90"
WHITE = "#ffffff"

# Widths of Liberation Sans (which has the widths of Arial), in hundredths of the size, as a browser measures them.
_WIDTHS = {
    19: "'", 22: "ijl’", 26: "|", 28: " !,./:;I[\\]ft·", 33: "()-`r{}²“”", 35: '"', 39: "*", 40: "τ", 47: "^", 50: "Jcksvxyz", 55: "≤≥",
    58: "+<=>~−×", 61: "FTZøß", 67: "&ABEKPSVXYÅÉ", 72: "CDHNRUw", 78: "GOQØ", 83: "Mm", 89: "%æ", 94: "W", 100: "Æ…", 102: "@",
}  # fmt: skip
_WIDTH = {letter: width / 100 for width, letters in _WIDTHS.items() for letter in letters}


def width_of(text: str, size: float, bold: bool = False) -> float:
    """How many pixels wide a text is; 0.56 of the size for letters that are not in the list."""
    return sum(_WIDTH.get(letter, 0.56) for letter in text) * size * (1.08 if bold else 1.0)


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The text broken between words into lines of at most ``width`` pixels; a word that is too long is cut with ``…``."""
    lines: list[str] = []
    for word in text.split():
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(candidate, size, bold) <= width:
            lines[-1] = candidate
        else:
            lines.append(cut(word, width, size, bold))
    return lines or [""]


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text, cut with ``…`` where it is wider than ``width`` pixels."""
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


@dataclass
class Surface:
    """Marks in the order in which they are drawn. x goes to the right, y downwards, both in pixels."""

    width: float
    height: float = 0.0
    marks: list[str] = field(default_factory=list)

    def line(self, x: float, y: float, x2: float, y2: float, *, colour: str = LINE, thick: float = 1.0, dash: str = "") -> None:
        self.marks.append(f'<line x1="{_n(x)}" y1="{_n(y)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{colour}" stroke-width="{_n(thick)}"{_dashed(dash)}/>')

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "", opacity: float = 1.0) -> None:
        self.marks.append(f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"{_look(fill, stroke, opacity)}/>')

    def circle(self, x: float, y: float, r: float, *, fill: str, stroke: str = "", opacity: float = 1.0) -> None:
        self.marks.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"{_look(fill, stroke, opacity)}/>')

    def polygon(self, corners: Iterable[tuple[float, float]], *, fill: str, stroke: str = "", opacity: float = 1.0) -> None:
        self.marks.append(f'<polygon points="{_points(corners)}"{_look(fill, stroke, opacity)}/>')

    def curve(self, points: Iterable[tuple[float, float]], *, colour: str = INK, thick: float = 1.5, dash: str = "") -> None:
        self.marks.append(f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" stroke-width="{_n(thick)}"{_dashed(dash)}/>')

    def diamond(self, low: float, middle: float, high: float, y: float, half: float, *, fill: str, stroke: str = "") -> None:
        self.polygon([(low, y), (middle, y - half), (high, y), (middle, y + half)], fill=fill, stroke=stroke)

    def text(
        self, x: float, y: float, text: str, *, size: float = 12, colour: str = INK, anchor: str = "start", bold: bool = False, halo: bool = False
    ) -> None:
        """Words whose middle line is at ``y``; ``anchor`` start, middle or end; ``halo`` puts white around them where they stand on marks."""
        if not text:
            return
        look = f'font-size="{_n(size)}" fill="{colour}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "") + (' font-weight="bold"' if bold else "")
        around = f' paint-order="stroke" stroke="{WHITE}" stroke-width="3" stroke-linejoin="round"' if halo else ""
        # a third of the size below the middle is where the letters stand: browsers differ in how they read dominant-baseline
        self.marks.append(f'<text x="{_n(x)}" y="{_n(y)}" dy=".34em" {look}{around}>{escape(text)}</text>')

    def words(self, x: float, y: float, lines: Sequence[str], *, size: float = 12, colour: str = INK, anchor: str = "start", bold: bool = False) -> float:
        """Lines of words below each other, the first at ``y``; gives the y of the line that would follow."""
        for line in lines:
            self.text(x, y, line, size=size, colour=colour, anchor=anchor, bold=bold)
            y += size * 1.3
        return y

    def svg(self, title: str, alt: str) -> str:
        """The drawing with its title and its words for those who do not see it, white behind it so that it prints and copies."""
        body = "".join(self.marks)
        width, height = _n(self.width), _n(self.height)
        name = sha256(f"{title}|{alt}|{width}|{height}|{body}".encode()).hexdigest()[:10]
        head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t{name} d{name}" width="{width}" height="{height}" '
        told = f'<title id="t{name}">{escape(title)}</title><desc id="d{name}">{escape(alt)}</desc>'
        paper = f'<rect width="{width}" height="{height}" fill="{WHITE}"/>'
        return f'{head}viewBox="0 0 {width} {height}">{told}{paper}<g font-family="{escape(FONT)}">{body}</g></svg>'


def _n(value: float) -> str:
    """A tenth of a pixel is enough; ``-0`` is 0."""
    return f"{value + 0.0:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _look(fill: str, stroke: str, opacity: float) -> str:
    edge = f' stroke="{stroke}" stroke-width="1.2"' if stroke else ""
    return f' fill="{fill}"' + (f' fill-opacity="{opacity:g}"' if opacity < 1.0 else "") + edge
