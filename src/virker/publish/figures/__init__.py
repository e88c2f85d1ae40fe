"""The figures that a note can show, by the name that stands in the text: ``{{ harvest section=1 }}``."""

from __future__ import annotations

from virker.publish.figures.figure import Drawing, Figure, Grid
from virker.publish.figures.registry import figure_for, figure_problems
from virker.publish.figures.settings import FigureBook, load_figure_book

__all__ = ["Drawing", "Figure", "FigureBook", "Grid", "figure_for", "figure_problems", "load_figure_book"]
