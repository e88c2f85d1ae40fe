"""Evidence map: measures down, target groups across; each cell the verdict's sign and how many pieces of evidence it rests on.

An empty cell is a gap in what is known, which is as much worth seeing as the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from virker.claims.edition import Edition
from virker.language import DIRECTIONS, Said, counted
from virker.publish.figures.canvas import DARK, GREY, INK, LINE, MUTED, PALE, TINT, WHITE, Canvas, width_of, wrapped
from virker.publish.figures.figure import Figure, Grid
from virker.publish.figures.settings import FigureBook, Map
from virker.publish.wording import SIGNS
from virker.synthesis import RULE_SETS, evidence_units, verdict_on

WIDTH = 680
_STUB = 172
_ROW = 34
_FILL = {"positive": TINT, "negative": DARK, "none": GREY, "mixed": GREY, "too-little": PALE}
_KEY = {
    "positive": Said("positiv", "positive"),
    "none": Said("ingen effekt", "no effect"),
    "mixed": Said("modstridende", "conflicting"),
    "negative": Said("negativ", "negative"),
    "too-little": Said("for lidt viden", "too little"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure for one target group: the verdict, and how many independent studies and reviews there are."""

    direction: str
    level: str | None
    studies: int
    reviews: int

    @property
    def empty(self) -> bool:
        return not self.studies and not self.reviews


def cells(edition: Edition, spec: Map) -> list[list[Cell]]:
    """The cells of the map, row by row."""
    rules = RULE_SETS[edition.workspace.settings.rule_set]
    out = []
    for row in spec.row:
        line = []
        for group in spec.columns:
            query = msgspec.structs.replace(row.select, target_group=group)
            units = evidence_units(edition.bank, edition.bank.select(query), query)
            said = verdict_on(units, rules)
            line.append(Cell(said.direction, said.level, len(units.primary), len(units.reviews)))
        out.append(line)
    return out


def evidence_map(edition: Edition, book: FigureBook, spec: Map, language: str) -> Figure:
    """The map of the whole field."""
    table = cells(edition, spec)
    columns = [
        spec.column_labels[c][language] if c in spec.column_labels else edition.bank.vocabulary.label("target_groups", c, language) for c in spec.columns
    ]
    caption = Said(spec.da, spec.en)[language]
    canvas = _drawn(spec, table, columns, language)
    return Figure("figure", caption, _alt(spec, table, columns, language), _grid(edition, spec, table, columns, language), canvas.drawing())


def _drawn(spec: Map, table: list[list[Cell]], columns: Sequence[str], language: str) -> Canvas:
    canvas = Canvas(WIDTH)
    wide = (WIDTH - _STUB) / len(columns)
    heads = [wrapped(c, wide - 6, 12) for c in columns]
    top = max(len(h) for h in heads) * 15 + 8
    for i, head in enumerate(heads):
        for n, part in enumerate(head):
            canvas.text(_STUB + (i + 0.5) * wide, top - 14 - (len(head) - 1 - n) * 15, part, 12, bold=True, align="center")
    for r, (row, line) in enumerate(zip(spec.row, table, strict=True)):
        y = top + r * _ROW
        words = wrapped(row.said[language], _STUB - 8, 12.5)
        for n, part in enumerate(words):
            canvas.text(0, y + _ROW / 2 + (n - (len(words) - 1) / 2) * 14, part, 12.5)
        for i, cell in enumerate(line):
            _cell(canvas, _STUB + i * wide, y, wide, cell)
    canvas.height = top + len(spec.row) * _ROW
    _key(canvas, language)
    return canvas


def _cell(canvas: Canvas, x: float, y: float, wide: float, cell: Cell) -> None:
    if cell.empty:
        canvas.rect(x + 1.5, y + 1.5, wide - 3, _ROW - 3, WHITE, LINE, dashed=True)
        return
    ink = WHITE if cell.direction == "negative" else INK
    canvas.rect(x + 1.5, y + 1.5, wide - 3, _ROW - 3, _FILL[cell.direction])
    canvas.text(x + 18, y + _ROW / 2, SIGNS[cell.direction], 17, ink, align="center", bold=True)
    canvas.text(x + 31, y + _ROW / 2, _count(cell), 12, ink)


def _count(cell: Cell) -> str:
    """``8`` studies, ``8+3R`` with three reviews."""
    return f"{cell.studies or ''}{'+' if cell.studies and cell.reviews else ''}{f'{cell.reviews}R' if cell.reviews else ''}"


def _key(canvas: Canvas, language: str) -> None:
    y, x = canvas.height + 18, 0.0
    for direction, said in _KEY.items():
        words = f"{SIGNS[direction]}  {said[language]}"
        canvas.rect(x, y - 9, 18, 18, _FILL[direction], LINE if direction == "too-little" else _FILL[direction])
        canvas.text(x + 9, y, SIGNS[direction], 13, WHITE if direction == "negative" else INK, align="center", bold=True)
        canvas.text(x + 23, y, said[language], 11.5, MUTED)
        x += 30 + width_of(words, 11.5)
    canvas.rect(x, y - 9, 18, 18, WHITE, LINE, dashed=True)
    canvas.text(x + 23, y, Said("ingen studier", "no studies")[language], 11.5, MUTED)
    tail = Said("Tallet er uafhængige studier; R er litteraturgennemgange.", "The number is independent studies; R is literature reviews.")
    canvas.text(0, y + 22, tail[language], 11.5, MUTED)
    canvas.height = int(y + 34)


def _alt(spec: Map, table: list[list[Cell]], columns: Sequence[str], language: str) -> str:
    flat = [c for line in table for c in line]
    tally = {d: sum(c.direction == d and not c.empty for c in flat) for d in _KEY}
    gaps = sum(c.empty for c in flat)
    said = ", ".join(f"{n} {_KEY[d][language]}" for d, n in tally.items() if n)
    full = max(range(len(spec.row)), key=lambda r: sum(not c.empty for c in table[r]))
    return Said(
        f"Evidenskort: {len(spec.row)} indsatser og {len(columns)} målgrupper, i alt {len(flat)} felter. Dom: {said}; {gaps} felter uden studier. Flest målgrupper er undersøgt for {spec.row[full].da.lower()}.",
        f"Evidence map: {len(spec.row)} measures and {len(columns)} target groups, {len(flat)} cells in all. Verdict: {said}; {gaps} cells without studies. Most target groups have been studied for {spec.row[full].en.lower()}.",
    )[language]


def _grid(edition: Edition, spec: Map, table: list[list[Cell]], columns: Sequence[str], language: str) -> Grid:
    rules = RULE_SETS[edition.workspace.settings.rule_set]

    def told(cell: Cell) -> str:
        if cell.empty:
            return "–"
        level = said[language] if (said := rules.level_labels.get(cell.level or "")) else ""
        studies = counted(cell.studies, Said("studie", "study"), Said("studier", "studies"))[language]
        reviews = counted(cell.reviews, Said("gennemgang", "review"), Said("gennemgange", "reviews"))[language]
        parts = [DIRECTIONS[cell.direction][language], level, studies if cell.studies else "", reviews if cell.reviews else ""]
        return ", ".join(p for p in parts if p)

    first = Said("Indsats", "Measure")[language]
    rows = tuple((row.said[language], *(told(c) for c in line)) for row, line in zip(spec.row, table, strict=True))
    return Grid((first, *columns), rows)
