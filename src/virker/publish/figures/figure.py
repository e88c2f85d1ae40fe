"""What every figure is: a caption, words for those who do not see it, a drawing, and the table under the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

#: The font that a drawing asks for on screen; on paper it is replaced by the document's own.
FONT = "Arial, 'Liberation Sans', sans-serif"


@dataclass(frozen=True)
class Drawing:
    """A drawing as SVG; the other forms are made from it when a format asks for them."""

    svg: str
    width: int
    height: int

    @cached_property
    def png(self) -> bytes:
        """The drawing for Word: twice the size on screen, so that it prints sharply."""
        import vl_convert

        return vl_convert.svg_to_png(self.svg, scale=2.0)

    def with_font(self, family: str) -> str:
        """The SVG with all its text in another font (a PDF carries its own)."""
        return self.svg.replace(FONT, family)


@dataclass(frozen=True, slots=True)
class Grid:
    """A plain table of words; the first cell of each row names the row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A figure (or, where ``kind`` is ``table``, a table) in one language."""

    kind: Literal["figure", "table"]
    caption: str
    alt: str
    grid: Grid
    drawing: Drawing | None = None
    notes: tuple[str, ...] = ()
