"""What figures have in common: units of evidence with the names and words that a reader sees."""

from __future__ import annotations

from dataclasses import dataclass

from virker.bank import Bank, Query
from virker.language import Said
from virker.publish.references import label
from virker.publish.wording import LEVELS
from virker.synthesis import EvidenceUnit, evidence_units

REVIEW = Said("litteraturgennemgang", "literature review")


@dataclass(frozen=True, slots=True)
class Shown:
    """One unit of evidence as a figure shows it."""

    unit: EvidenceUnit
    name: str
    direction: str
    quality: int
    is_review: bool
    read: str
    addresses: tuple[str, ...]

    @property
    def kind(self) -> Said:
        """What sort of evidence it is, and how sure its design is."""
        if self.is_review:
            return REVIEW
        return Said(f"Maryland {self.quality}", f"Maryland {self.quality}") if self.quality else Said("niveau ikke oplyst", "level not stated")


def shown_units(bank: Bank, query: Query, language: str, short: dict[str, str]) -> tuple[Shown, ...]:
    """The units under a query, best quality first, single studies before reviews."""
    units = evidence_units(bank, bank.select(query), query).all
    shown = [_shown(bank, unit, language, short) for unit in units]
    return tuple(sorted(shown, key=lambda s: (s.is_review, -s.quality, s.name.casefold())))


def unit_name(bank: Bank, unit: EvidenceUnit, language: str, short: dict[str, str]) -> str:
    """The unit's study; for a trial the first paper on it, and how many more there are."""
    if unit.id in bank.studies:
        return label(bank.studies[unit.id], language, short, 32)
    first, *more = unit.studies
    return label(bank.studies[first], language, short, 32) + (f" +{len(more)}" if more else "")


def _shown(bank: Bank, unit: EvidenceUnit, language: str, short: dict[str, str]) -> Shown:
    return Shown(
        unit=unit,
        name=unit_name(bank, unit, language, short),
        direction=unit.direction,
        quality=unit.maryland,
        is_review=unit.is_review,
        read=LEVELS[unit.nearest_level][language],  # type: ignore[index]
        addresses=tuple(r.address for r in unit.rows),
    )
