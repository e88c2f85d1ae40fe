"""Forest plot: the numbers of one kind that print their precision, each with its interval, and what they add up to where they add up.

Numbers stand under what they measure, and under the phase and the months that they share. Where there are too few to pool, that is what the heading
says, and no mean is drawn. Only numbers in one unit stand in one plot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from virker.language import Said, number
from virker.publish.figures.amounts import axis_said, on_scale
from virker.publish.figures.figure import Drawing, Figure, Grid
from virker.publish.figures.settings import Panel
from virker.synthesis.effect_number import KINDS
from virker.synthesis.pooled_cells import known_cells
from virker.synthesis.pooled_effect import BandId, PooledEffect, PooledMember
from virker.synthesis.pooled_settings import BANDS
from virker.synthesis.pooled_words import STATUSES, amount_said, cell_said, effect_said, interval_said, member_line, place_said, rounded

if TYPE_CHECKING:
    from virker.bank import Bank
    from virker.meta.drawing.rows import Row

WIDTH = 680
#: The whole course first, then by months.
_BANDS: tuple[BandId, ...] = ("whole", *(b for b in BANDS if b != "whole"))
_PHASES = ("threat", "lock-in", "after", "net")
#: More rows than this are too many to read in a drawing; the others stand in the table.
_MOST_ROWS = 24
#: So many numbers are told of in the words for those who do not see the drawing.
_TOLD = 10
_BETTER = {"higher": Said("højere er bedre", "higher is better"), "lower": Said("lavere er bedre", "lower is better")}
#: The unit at the end of a measure's label: it stands at the axis.
_NO_UNIT = re.compile(r" \([^()]*\)$")
_HEADER = Said(
    "Hvad|Hvornår|Studie|Tal [95 pct.-interval]|Vægt|Præcision|Resultat i banken", "What|When|Study|Number [95% interval]|Weight|Precision|Finding in the bank"
)


@dataclass(frozen=True, slots=True)
class Group:
    """The cells whose numbers are in one unit: what can stand in one plot, if not in one mean."""

    cells: tuple[PooledEffect, ...]

    @property
    def unit(self) -> str:
        """``pp``, ``weeks``, or ``ratio`` for everything that is a ratio."""
        return _unit(self.cells[0])

    @property
    def units(self) -> int:
        """Pieces of evidence behind it."""
        return len({m.unit for c in self.cells for m in c.members})

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures in it, in their order."""
        return tuple(dict.fromkeys(c.measure.id for c in self.cells))


def _unit(cell: PooledEffect) -> str:
    return "ratio" if cell.measure.relative else cell.measure.unit


def groups(cells: Sequence[PooledEffect]) -> tuple[Group, ...]:
    """The cells that have a number to draw, by unit: those that pool first, then most pieces of evidence, then most numbers."""
    by: dict[str, list[PooledEffect]] = {}
    for cell in cells:
        if cell.members:
            by.setdefault(_unit(cell), []).append(cell)
    found = [Group(_ordered(some)) for some in by.values()]
    return tuple(sorted(found, key=lambda g: (all(c.status != "pooled" for c in g.cells), -g.units, -len(g.cells), g.unit)))


def _ordered(some: Sequence[PooledEffect]) -> tuple[PooledEffect, ...]:
    """Work before unemployment before the rest, most pieces of evidence first; within a measure by phase and months."""
    most: dict[str, int] = {}
    for cell in some:
        most[cell.measure.id] = max(most.get(cell.measure.id, 0), cell.units)
    kinds = tuple(KINDS)

    def place(cell: PooledEffect) -> tuple[int, int, str, int, int, str]:
        m = cell.measure
        kind = kinds.index(m.kind) if m.kind else len(kinds)
        return -most[m.id], kind, m.id, _PHASES.index(cell.phase), _BANDS.index(cell.band.id), cell.id

    return tuple(sorted(some, key=place))


def forest_of(bank: Bank, panel: Panel, unit: str | None, language: str) -> Figure | None:
    """The plot of a question's numbers in the unit named (``pp``), or in the one most is known in."""
    chosen = next((g for g in groups(known_cells(bank, panel.select).cells) if unit in (None, g.unit)), None)
    return forest(chosen, panel.said, language) if chosen else None


def forest(group: Group, about: Said, language: str, width: int = WIDTH) -> Figure:
    """The plot of the numbers in one unit; ``about`` names what was done."""
    from virker.meta.drawing import look_of
    from virker.meta.drawing.rows import rows_drawing

    measure = group.cells[0].measure
    rows, left_out = _rows(group, language)
    look = look_of(language, "exp" if measure.relative else None, width)
    unit = _bare(axis_said(measure))
    title = unit[language][:1].upper() + unit[language][1:]
    drawn = rows_drawing(rows, look, title=title, label=Said("hvad, og hvem", "what, and who")[language], over=unit[language])
    what = Said(f"{_small(about.da)}, {unit.da}", f"{_small(about.en)}, {unit.en}")
    caption = Said(f"Trykte tal med præcision: {what.da}", f"Printed numbers with their precision: {what.en}")[language]
    more = Said(f"{left_out} tal mere står i tabellen.", f"{left_out} more numbers stand in the table.")[language]
    notes = (_said(group, language), *((more,) if left_out else ()))
    return Figure(
        "figure", caption, f"{caption}. {_alt(group, language)} {notes[0]}", _grid(group, language), Drawing(drawn.svg, drawn.width, drawn.height), notes
    )


def _small(words: str) -> str:
    return words[:1].lower() + words[1:] if not words[:2].isupper() else words


def _bare(unit: Said) -> Said:
    return Said(unit.da.strip("()"), unit.en.strip("()"))


def _alt(group: Group, language: str) -> str:
    """The first numbers in words; means before them."""
    means = [effect_said(c)[language] for c in group.cells if c.status == "pooled"]
    lines = [f"{cell_said(c)[language]}: {member_line(m, c)[language]}." for c in group.cells for m in c.members]
    more = Said(f"De øvrige {len(lines) - _TOLD} står i tabellen.", f"The other {len(lines) - _TOLD} are in the table.")[language]
    return " ".join([*means, *lines[:_TOLD], *([more] if len(lines) > _TOLD else [])])


def _rows(group: Group, language: str) -> tuple[list[Row], int]:
    """The rows, and how many numbers found no room."""
    rows: list[Row] = []
    left_out, last = 0, ""
    for cell in group.cells:
        added = _cell_rows(cell, language)
        if cell.measure.id != last:
            added.insert(0, _heading(cell, language))
        if rows and len(rows) + len(added) > _MOST_ROWS:
            left_out += len(cell.members)
            continue
        last = cell.measure.id
        rows += added
    return rows, left_out


def _heading(cell: PooledEffect, language: str) -> Row:
    from virker.meta.drawing.rows import Row

    better = f"({_BETTER[cell.measure.better][language]})" if cell.measure.better else ""
    label = cell.measure.label[language]
    if not cell.measure.relative:  # which kind of ratio it is must be told
        label = _NO_UNIT.sub("", label)
    return Row(label[:1].upper() + label[1:], kind="heading", note=better)


def _cell_rows(cell: PooledEffect, language: str) -> list[Row]:
    """A cell of one number is one row; of several, a line on what they have in common, its numbers, and their mean where there is one."""
    from virker.meta.drawing.rows import Row

    place = place_said(cell)[language]
    if len(cell.members) == 1:
        return [_member(cell.members[0], cell, language, f"({place})")]
    few = f"({STATUSES[cell.status][language]})" if cell.status != "pooled" else ""
    rows = [Row(place[:1].upper() + place[1:], kind="heading", note=few, inset=True)]
    rows += [_member(m, cell, language, "") for m in cell.members]
    return rows + (_summary(cell, language) if cell.status == "pooled" else [])


def _member(m: PooledMember, cell: PooledEffect, language: str, note: str) -> Row:
    from virker.meta.drawing.rows import NAN, Row

    low, high = (on_scale(x, cell.measure) for x in (m.low, m.high))
    return Row(m.label[language], m.y, low, high, weight=NAN if m.weight is None else m.weight, note=note, inset=True)


def _summary(cell: PooledEffect, language: str) -> list[Row]:
    from virker.meta.drawing.rows import Row

    rows = [Row(Said("Samlet skøn", "Pooled")[language], on_scale(cell.estimate, cell.measure), on_scale(cell.ci_low, cell.measure), on_scale(cell.ci_high, cell.measure), "mean")]  # fmt: skip
    if cell.pi_low is not None and cell.pi_high is not None:
        rows.append(
            Row(
                Said("I et nyt studie", "In a new study")[language],
                low=on_scale(cell.pi_low, cell.measure),
                high=on_scale(cell.pi_high, cell.measure),
                kind="prediction",
            )
        )
    return rows


def _said(group: Group, language: str) -> str:
    """What pools and what does not, in a sentence."""
    pooled = [c for c in group.cells if c.status == "pooled"]
    few = [c for c in group.cells if c.status == "too-few"]
    if pooled:
        return " ".join(f"{place_said(c)[language]}: {c.reasons[1][language]}" for c in pooled)
    if few:
        return few[0].reasons[0][language]
    n = group.units
    return Said(
        "Ét studie eller forsøg bag alle tallene: der er intet at samle."
        if n == 1
        else "Hvert tal er fra ét studie eller forsøg, og tidspunkterne er forskellige: der er intet at samle.",
        "One study or trial behind all the numbers: there is nothing to pool."
        if n == 1
        else "Each number is of one study or trial, and the times differ: there is nothing to pool.",
    )[language]


def _grid(group: Group, language: str) -> Grid:
    rows = []
    for cell in group.cells:
        for m in (*cell.members, *cell.beside, *cell.unweighed, *cell.reviews):
            size = amount_said(m.amount, cell)[language]
            if m.low is not None and m.high is not None:
                size += f" [{interval_said(m.low, m.high)[language]}]"
            weight = "" if m.weight is None else f"{number(rounded(m.weight), language)} %"
            rows.append((cell.measure.label[language], place_said(cell)[language], m.label[language], size, weight, m.precision_said[language], m.address))
        if cell.status == "pooled" and cell.estimate is not None and cell.ci_low is not None and cell.ci_high is not None:
            size = f"{amount_said(cell.estimate, cell)[language]} [{interval_said(cell.ci_low, cell.ci_high)[language]}]"
            rows.append((cell.measure.label[language], place_said(cell)[language], Said("samlet skøn", "pooled")[language], size, "", "", ""))
    return Grid(tuple(_HEADER[language].split("|")), tuple(rows))
