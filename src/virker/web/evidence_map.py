"""The evidence map: measures by target groups, and measures by outcomes. An empty cell is a gap, and says of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from virker.bank import Query
from virker.language import Said
from virker.web.measures import Cell, Gap, Measure, cell, groups, lacks_synthesis, measures, question
from virker.web.site import Site

#: So many target groups across where the workspace names none for its map.
_MOST_COLUMNS = 8
GAPS: dict[Gap, Said] = {
    "no-study": Said("intet studie", "no study"),
    "only-note": Said("kun notatet siger det", "only the note says so"),
    "uncounted": Said("intet, der kan tælle", "nothing that can count"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its words, and what the cell's link leads to on a measure's page."""

    id: str
    said: Said
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a measure and its cells; none for a heading whose forms are turned different ways."""

    measure: Measure
    cells: tuple[tuple[Cell, bool], ...]


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """A map: its columns and rows; each cell with whether it lacks a recent synthesis."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def tally(self) -> dict[str, int]:
        """How many cells there are of each kind: with a verdict, too little, each kind of gap, and without a recent synthesis."""
        flat = [c for line in self.lines for c in line.cells]
        count = {"all": len(flat), "synthesis": sum(lacks for _, lacks in flat), "reviews": sum(not c.studies and bool(c.reviews) for c, _ in flat)}
        return count | {gap: sum(c.gap == gap for c, _ in flat) for gap in GAPS}


def by_group(site: Site) -> EvidenceMap:
    """Measures by target groups: those that ``notes/figures.toml`` names for its map, else those that most findings are about."""
    known = groups(site)
    spec = site.figures.map
    wanted = spec.columns if spec else _largest(site)
    labels = spec.column_labels if spec else {}
    columns = tuple(Column(c, _unbroken(labels.get(c, known[c].said), known[c].said), f"g-{c}") for c in wanted if c in known)
    lines = tuple(_line(site, m, [question(m, (c.id,)) for c in columns]) for m in measures(site).values())
    return EvidenceMap(columns, lines)


def by_outcome(site: Site) -> EvidenceMap:
    """Measures by families of outcomes, whoever they are about; families that no measure is known on are left out."""
    tops = [t for t in site.edition.bank.vocabulary["outcomes"].values() if t.parent is None and t.id != "outcome-unspecified"]
    shown = [m for m in measures(site).values() if m.contrast]
    known = [t for t in tops if any(cell(site, question(m, (), (t.id,))).pieces for m in shown)]
    columns = tuple(Column(t.id, Said(t.da, t.en), f"o-{t.id}") for t in known)
    lines = tuple(_line(site, m, [question(m, (), (c.id,)) for c in columns]) for m in measures(site).values())
    return EvidenceMap(columns, lines)


def _unbroken(label: Said, term: Said) -> Said:
    """A label without the hyphens that only the narrow columns of a drawing need (»Langtids-ledige«)."""

    def one(short: str, whole: str) -> str:
        return whole[:1].upper() + whole[1:] if short.replace("-", "").casefold() == whole.replace("-", "").casefold() else short

    return Said(one(label.da, term.da), one(label.en, term.en))


def _line(site: Site, measure: Measure, queries: Sequence[Query]) -> Line:
    if measure.contrast is None:
        return Line(measure, ())
    found = [cell(site, q) for q in queries]
    return Line(measure, tuple((c, lacks_synthesis(site, c)) for c in found))


def _largest(site: Site) -> tuple[str, ...]:
    count: dict[str, int] = {}
    for row in site.edition.bank.rows:
        for term in {*row.finding.target_group, *row.finding.subgroup}:
            count[term] = count.get(term, 0) + 1
    return tuple(sorted(count, key=lambda t: (-count[t], t))[:_MOST_COLUMNS])
