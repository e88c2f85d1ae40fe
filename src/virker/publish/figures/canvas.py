"""A drawing surface in pixels on top of Altair: rectangles, lines, points and words at places that the figure has worked out.

The figures here (harvest plot, evidence map) are not plain charts of two variables, so their geometry is computed in Python, where
it can be tested, and Altair only draws it. All colours have a contrast of at least 4.5:1 against what they stand on when they carry text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
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
        """The drawing, made once for each content."""
        import msgspec

        key = msgspec.json.encode([self.width, self.height, self.backs, self.rects, self.lines, self.points, self.words])
        return _drawn(key)


@lru_cache(maxsize=256)
def _drawn(key: bytes) -> Drawing:
    """Draw with Altair. The key is the whole content, so figures that are alike in two formats or notes are drawn once."""
    import altair as alt
    import msgspec
    import vl_convert
    from altair.utils.schemapi import debug_mode

    width, height, backs, rects, lines, points, words = msgspec.json.decode(key)
    with debug_mode(False):  # the marks are made here and known to be right; checking each costs more than drawing it
        marks = _Marks(width, height)
        layers = [marks.boxes(backs, strokeWidth=0)] if backs else []
        for thick in sorted({line["thick"] for line in lines}):
            layers.append(marks.rules([line for line in lines if line["thick"] == thick], thick))
        for dashed in (False, True):
            if some := [r for r in rects if r["dashed"] is dashed]:
                layers.append(marks.boxes(some, strokeWidth=1.2, strokeDash=[4, 2]) if dashed else marks.boxes(some, strokeWidth=1))
        if points:
            layers.append(marks.symbols(points))
        groups: dict[tuple[str, bool, int], list[dict[str, Any]]] = defaultdict(list)
        for word in words:
            groups[word["align"], word["bold"], word["angle"]].append(word)
        layers += [marks.texts(some, *how) for how, some in groups.items()]
        config = alt.Config(font=FONT, aria=False, view=alt.ViewConfig(stroke=None), text=alt.MarkConfig(font=FONT))
        chart = alt.LayerChart(layer=layers, width=width, height=height, padding=0, background=WHITE, autosize="none", config=config)
        svg = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    return Drawing(svg, width, height)


class _Marks:
    """Altair charts of one kind of mark each, all on the same pixel scales."""

    def __init__(self, width: int, height: int) -> None:
        import altair as alt

        self.alt = alt
        self.x = alt.X("x", type="quantitative", scale=alt.Scale(domain=[0, width], nice=False, zero=False), axis=None)
        self.y = alt.Y("y", type="quantitative", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
        self.to = {"x2": alt.X2("x2"), "y2": alt.Y2("y2")}
        self.size = alt.Size("size", type="quantitative", scale=None, legend=None)

    def boxes(self, values: list[dict[str, Any]], **mark: Any) -> Any:
        return self._chart(values, "rect", mark, fill=self._as_is("Fill", "fill"), stroke=self._as_is("Stroke", "stroke"), **self.to)

    def rules(self, values: list[dict[str, Any]], thick: float) -> Any:
        return self._chart(values, "rule", {"strokeWidth": thick}, color=self._as_is("Color", "colour"), **self.to)

    def symbols(self, values: list[dict[str, Any]]) -> Any:
        mark = {"stroke": ACCENT, "strokeWidth": 1.8, "opacity": 1}
        return self._chart(values, "point", mark, shape=self._as_is("Shape", "shape"), fill=self._as_is("Fill", "fill"), size=self.size)

    def texts(self, values: list[dict[str, Any]], align: str, bold: bool, angle: int) -> Any:
        mark = {"align": align, "fontWeight": "bold" if bold else "normal", "angle": angle, "baseline": "middle"}
        return self._chart(values, "text", mark, text=self.alt.Text("text", type="nominal"), size=self.size, color=self._as_is("Color", "colour"))

    def _as_is(self, channel: str, name: str) -> Any:
        """A channel whose values are colours or shapes already."""
        return getattr(self.alt, channel)(name, type="nominal", scale=None, legend=None)

    def _chart(self, values: list[dict[str, Any]], kind: Any, mark: dict[str, Any], **channels: Any) -> Any:
        alt = self.alt
        return alt.Chart(alt.Data(values=values), mark=alt.MarkDef(type=kind, **mark), encoding=alt.FacetedEncoding(x=self.x, y=self.y, **channels))
