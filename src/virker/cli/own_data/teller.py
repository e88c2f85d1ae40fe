"""What is told, as sections, and how one language writes the numbers in them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from virker.cli.own_data.analysis import Analysis
from virker.language import Said
from virker.meta.drawing.axis import shown_as
from virker.meta.drawing.words import DANISH, ENGLISH, Words, bracketed, decimals, figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what is told: its title, sentences, and perhaps a table whose first column names the rows. ``kind`` says which drawing belongs to it."""

    title: str
    lines: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    kind: str = ""


class Teller:
    """Numbers of one analysis as one language writes them."""

    def __init__(self, analysis: Analysis, speak: str) -> None:
        self.a, self.speak = analysis, speak
        self.words: Words = DANISH if speak == "da" else ENGLISH
        self.shown = shown_as(analysis.transform)
        se = min(x for x in (float(analysis.estimates.v.min()) ** 0.5, float(analysis.coefficients.se[0])) if math.isfinite(x) and x > 0)
        self.digits = 2 if self.shown.ratio else min(4, decimals(self.shown.show(se) if self.shown.name == "percent" else se))
        self.level = figure(100 * analysis.asked.level, 0 if float(100 * analysis.asked.level).is_integer() else 1, self.words)

    def effect(self, value: float) -> str:
        return figure(self.shown.show(float(value)), self.digits, self.words)

    def interval(self, low: float, high: float) -> str:
        if math.isnan(float(low)):
            return ""
        return bracketed(self.shown.show(float(low)), self.shown.show(float(high)), self.digits, self.words)

    def plain(self, value: float, digits: int = 2) -> str:
        return figure(float(value), digits, self.words)

    def small(self, value: float) -> str:
        """A variance: two digits that count."""
        return figure(float(value), decimals(abs(float(value))) if value else 0, self.words)

    def p(self, value: float) -> str:
        if math.isnan(value):
            return "–"
        return f"< {figure(0.0001, 4, self.words)}" if value < 0.0001 else figure(value, 4 if value < 0.001 else 3, self.words)

    def said(self, da: str, en: str) -> str:
        return Said(da, en)[self.speak]

    @property
    def heads(self) -> list[str]:
        return ["", self.said("estimat", "estimate"), self.said(f"{self.level} %-interval", f"{self.level} % interval"), "p"]
