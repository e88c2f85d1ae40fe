"""A finished drawing: its SVG, its words, and its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from virker.errors import MissingExtra
from virker.meta.errors import InputError

#: The endings that a drawing can be saved with.
ENDINGS = (".svg", ".png", ".pdf")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing.

    Attributes
    ----------
    svg : the drawing as SVG, with ``title`` and ``alt`` inside.
    title : what it is.
    alt : what it shows, in words, for those who do not see it.
    width, height : pixels.
    """

    svg: str
    title: str
    alt: str
    width: int
    height: int

    def as_bytes(self, ending: str) -> bytes:
        """The file's content: ``.svg``, ``.png`` (two pixels for one, so that it prints sharply) or ``.pdf``."""
        if ending == ".svg":
            return self.svg.encode()
        if ending not in ENDINGS:
            raise InputError(f"A drawing cannot be saved as '{ending or 'a file without an ending'}'.\n    → {', '.join(ENDINGS)}")
        try:
            import vl_convert
        except ImportError:
            raise MissingExtra("draw", f"A drawing as {ending}") from None
        made: bytes = vl_convert.svg_to_png(self.svg, scale=2.0) if ending == ".png" else vl_convert.svg_to_pdf(self.svg)
        return made

    def save(self, path: str | Path) -> Path:
        """Write the drawing; the file's ending says how. Nothing is left half-written."""
        from virker.files import write_file

        target = Path(path)
        write_file(target, self.as_bytes(target.suffix.lower()))
        return target

    def _repr_svg_(self) -> str:
        return self.svg
