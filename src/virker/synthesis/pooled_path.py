"""An effect over the months with its uncertainty: for each kind of number and phase, band by band, the pooled effect, one study's number, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from virker.bank import Bank, Query
from virker.bank.records import Phase
from virker.language import Said, joined
from virker.synthesis.effect_path import EffectPath
from virker.synthesis.effect_told import PHASES
from virker.synthesis.extras import needed
from virker.synthesis.pooled_cells import Asked, better_of, cells_of
from virker.synthesis.pooled_effect import Band, Measure, PooledEffect
from virker.synthesis.pooled_numbers import Number, number_of
from virker.synthesis.pooled_select import is_mean_of_review
from virker.synthesis.pooled_settings import BANDS, SETTINGS
from virker.synthesis.pooled_words import numbers_said


@dataclass(frozen=True, slots=True)
class Step:
    """One band of the path; ``effect`` is None where the bank has no number there."""

    band: Band
    effect: PooledEffect | None
    said: Said


@dataclass(frozen=True, slots=True)
class PooledPath:
    """The steps of one measure and phase, earliest first. Numbers that are of no horizon have one step, ``whole``."""

    measure: Measure
    phase: Phase
    steps: tuple[Step, ...]

    @property
    def pooled(self) -> tuple[Step, ...]:
        """The steps with a pooled effect."""
        return tuple(s for s in self.steps if s.effect is not None and s.effect.status == "pooled")

    @property
    def said(self) -> Said:
        """The path in words: what it measures, and each step."""
        head = self.measure.label + Said(", ", ", ") + PHASES[self.phase] + Said(": ", ": ")
        return head + joined(tuple(s.said for s in self.steps), " ")


def pooled_path(bank: Bank, path: EffectPath) -> tuple[PooledPath, ...]:
    """The numbers that the path may use, pooled within each band of months where enough of them can be.

    The path's own conditions hold: only numbers on this measure, turned this way, of people who include the group. A wider population is marked.

    Raises
    ------
    MissingExtra
        NumPy or SciPy is not installed.
    """
    needed("meta", "An effect over the months")
    query = Query(intervention=path.intervention, contrast=path.contrast, target_group=path.group)
    numbers, reviews = _numbers(bank, path)
    found = cells_of(numbers, reviews, Asked(query, bank.vocabulary, better_of(bank), SETTINGS))
    by_path: dict[tuple[str, Phase], dict[str, PooledEffect]] = {}
    for cell in found:
        by_path.setdefault((cell.measure.id, cell.phase), {})[cell.band.id] = cell
    phases = tuple(PHASES)
    made = [PooledPath(next(iter(own.values())).measure, phase, _steps(own)) for (_, phase), own in by_path.items()]
    return tuple(sorted(made, key=lambda p: (phases.index(p.phase), p.measure.id)))


def _numbers(bank: Bank, path: EffectPath) -> tuple[list[Number], list[Number]]:
    """The path's numbers on their way into cells; those of reviews apart."""
    found: list[Number] = []
    reviews: list[Number] = []
    for used in path.numbers:
        row = bank.finding(used.address)
        assert row is not None
        n = number_of(row, used.unit, used.maryland, used.turned)
        if isinstance(n, Number):
            n = replace(n, via=used.via, off_group=used.covers_wider, marks=used.marks)
            (reviews if is_mean_of_review(row) else found).append(n)
    return found, reviews


def _steps(own: dict[str, PooledEffect]) -> tuple[Step, ...]:
    """A step for every band from the first that has a number to the last, gaps included."""
    order = list(BANDS)
    timed = [b for b in order if b in own and BANDS[b].low is not None]
    between = order[order.index(timed[0]) : order.index(timed[-1]) + 1] if timed else []
    rest = [b for b in order if b in own and b not in between]
    return tuple(_step(BANDS[b], own.get(b)) for b in (*between, *rest))


def _step(band: Band, cell: PooledEffect | None) -> Step:
    if cell is None:
        return Step(band, None, band.said + Said(": intet tal.", ": no number."))
    why = cell.reasons[:1] if cell.status in ("none", "too-few") else ()
    return Step(band, cell, band.said + Said(": ", ": ") + joined((numbers_said(cell), *why)))
