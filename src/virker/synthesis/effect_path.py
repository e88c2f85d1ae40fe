"""An effect as a path over phases and horizons: what a planner may use of the bank, in order, and why the rest may not be used.

Nothing is averaged. The numbers of one trial are alternatives of one piece of evidence. Where the bank has a direction only, that is
what the path says, and a planner can then only ask how large the effect would have to be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from virker.bank import Bank, Row, names
from virker.bank.records import Contrast, Phase
from virker.errors import QueryError
from virker.language import DIRECTIONS, WAYS, Said, counted, joined, pointing
from virker.synthesis.effect_fit import Asked, is_turned, is_wider, unfit
from virker.synthesis.effect_number import KINDS, EffectNumber, NumberKind, amounts, horizon, kind_of, precision, prints_number
from virker.synthesis.effect_told import PHASES, OrderKey, cannot_use, marks, number_said, order_for, told
from virker.synthesis.gather import evidence_units
from virker.synthesis.units import SetAside
from virker.synthesis.usable import root_of

__all__ = ["Directions", "EffectNumber", "EffectPath", "NumberKind", "Unusable", "effect_path"]


class Unusable(NamedTuple):
    """A finding with a number that the planner may not use, and every reason why."""

    address: str
    why: Said


@dataclass(frozen=True, slots=True)
class Directions:
    """What the bank says of a phase in directions: pieces of evidence by direction, and the findings behind them."""

    phase: Phase
    counts: Mapping[str, int]
    addresses: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class EffectPath:
    """What the bank has for a measure and a group.

    Attributes
    ----------
    numbers : tuple of EffectNumber
        Usable numbers, best first within each phase, in the order of :data:`virker.synthesis.effect_told.ORDER`; net and after before lock-in and threat.
    directions : tuple of Directions
        By phase, the direction on work and unemployment of all that speaks for the group, with or without a number.
    unusable : tuple of Unusable
        Every other number on the measure, with the reasons.
    named : EffectNumber or None
        The number that the caller named, when it fits; then it also stands first in ``numbers``.
    named_unfit : Said or None
        Why the named finding does not fit.
    said : tuple of Said
        What was found and how it was ordered, in words.
    """

    intervention: str
    contrast: Contrast
    group: tuple[str, ...]
    country: str | None
    numbers: tuple[EffectNumber, ...]
    directions: tuple[Directions, ...]
    unusable: tuple[Unusable, ...]
    named: EffectNumber | None
    named_unfit: Said | None
    said: tuple[Said, ...]

    def of_kind(self, *kinds: NumberKind) -> tuple[EffectNumber, ...]:
        """The usable numbers of these kinds, best first."""
        return tuple(n for n in self.numbers if n.kind in kinds)

    def over_time(self, unit: str, kind: NumberKind) -> tuple[EffectNumber, ...]:
        """One piece of evidence's numbers of one kind, by horizon: the path itself."""
        return tuple(sorted((n for n in self.numbers if n.unit == unit and n.kind == kind), key=lambda n: (n.horizon_months or 0.0, n.address)))

    @property
    def units(self) -> tuple[str, ...]:
        """The pieces of evidence that have usable numbers, best first."""
        return tuple(dict.fromkeys(n.unit for n in self.numbers))


def effect_path(
    bank: Bank,
    intervention: str,
    contrast: Contrast,
    group: Iterable[str],
    *,
    country: str | None = None,
    saturation: str | None = None,
    significance_level: float | None = None,
    finding: str | None = None,
) -> EffectPath:
    """The path for a measure turned one way, for the people to whom all terms of ``group`` apply.

    Parameters
    ----------
    country
        A country whose numbers go before others, all else alike.
    saturation
        The roll-out that the caller declares: numbers found at another are not used.
    significance_level
        Where a source says only that an effect is significant: the level at which the caller takes it to be so.
    finding
        An address that the caller wants to use; it is held to the same conditions.

    Raises
    ------
    QueryError
        For an unknown measure, group, country or address.
    """
    asked = Asked(intervention, contrast, tuple(group), saturation)
    _check(bank, asked, country, finding)
    found = _Found()
    for row in _on(bank, intervention):
        _sort(bank, row, asked, significance_level, found)
    order = order_for(country)
    ranked = _ranked(_one_voice(bank, found), order, finding)
    named = next((n for n in ranked if n.address == finding), None)
    return EffectPath(
        intervention=intervention,
        contrast=contrast,
        group=asked.group,
        country=country,
        numbers=tuple(ranked),
        directions=_directions(bank, found.speaking, asked),
        unusable=tuple(Unusable(a, why) for a, why in found.refused.items()),
        named=named,
        named_unfit=None if named or finding is None else found.refused.get(finding) or _why_not(bank, finding, asked),
        said=told(ranked, len(found.refused), order, finding),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What has been sorted so far: usable numbers, refused ones with the reason, and all that speaks for the group."""

    numbers: list[EffectNumber] = field(default_factory=list)
    refused: dict[str, Said] = field(default_factory=dict)
    speaking: list[Row] = field(default_factory=list)


def _sort(bank: Bank, row: Row, asked: Asked, significance_level: float | None, found: _Found) -> None:
    reasons = unfit(bank, row, asked)
    if not reasons:
        found.speaking.append(row)
    if not prints_number(row):
        return
    kind = kind_of(row.finding)
    if not reasons and kind is not None and not isinstance(kind, Said):
        found.numbers.append(_number(bank, row, kind, asked, significance_level))
    else:
        found.refused[row.address] = joined((*reasons, *_no_kind(bank, row)), "; ")


def _no_kind(bank: Bank, row: Row) -> tuple[Said, ...]:
    """Why the number is of no kind that a planner can use; nothing where it is."""
    kind = kind_of(row.finding)
    return (cannot_use(bank, row),) if kind is None else (kind,) if isinstance(kind, Said) else ()


def _ranked(numbers: Iterable[EffectNumber], order: tuple[OrderKey, ...], finding: str | None) -> list[EffectNumber]:
    def key(n: EffectNumber) -> tuple[float | str, ...]:
        return (n.address != finding, _PHASE_ORDER[n.phase], *(by(n) for by, _ in order), -(n.horizon_months or 0.0), n.address)

    return sorted(numbers, key=key)


_PHASE_ORDER: dict[Phase, int] = {"net": 0, "after": 1, "lock-in": 2, "threat": 3}


def _on(bank: Bank, intervention: str) -> list[Row]:
    """Every finding on the measure, on a form of it, or on a bundle that it is part of; also those that no longer answer."""
    below = bank.vocabulary.under("interventions", intervention)
    return [r for r in bank.rows if r.finding.intervention in below or not below.isdisjoint((*r.finding.also, *r.finding.components))]


def _number(bank: Bank, row: Row, kind: NumberKind, asked: Asked, significance_level: float | None) -> EffectNumber:
    f, s = row.finding, row.study
    turned, wider, via = is_turned(f, asked), is_wider(bank, f, asked.group), f.intervention != asked.intervention
    amount, low, high = amounts(f, kind, turned)
    se, how, how_said = precision(f, kind, significance_level)
    return EffectNumber(
        address=row.address,
        study=s.id,
        unit=bank.standing(s.id).root,
        kind=kind,
        amount=amount,
        low=low,
        high=high,
        se=se,
        precision=how,
        precision_said=how_said,
        horizon_months=horizon(f),
        horizon_from=f.horizon_from,
        phase=f.phase or "net",
        outcome=f.outcome,
        level=f.origin.level,
        maryland=bank.maryland(s),
        countries=row.countries,
        year=s.year,
        covers_wider=wider,
        turned=turned,
        via=via,
        saturation=f.saturation,
        note=f.note,
        marks=tuple(marks(bank, row, kind, turned, wider, via, asked)),
        said=number_said(row, KINDS[kind], how_said),
    )


def _one_voice(bank: Bank, found: _Found) -> list[EffectNumber]:
    """The numbers without those that only repeat another of the same kind and phase: earlier versions, and reviews beside their studies."""
    kept: list[EffectNumber] = []
    alike: dict[tuple[NumberKind, Phase], list[EffectNumber]] = defaultdict(list)
    for n in found.numbers:
        alike[n.kind, n.phase].append(n)
    for same in alike.values():
        present, units = {n.study for n in same}, {n.unit for n in same if not bank.standing(n.study).is_review}
        for n in same:
            aside: list[SetAside] = []
            row = bank.finding(n.address)
            assert row is not None
            unit = root_of(bank, row, present, aside)
            if unit is None:
                found.refused[n.address] = aside[0].why
            elif shared := sorted(bank.standing(n.study).covers & units):
                found.refused[n.address] = Said(
                    f"en gennemgang, hvis studier selv er med: {', '.join(shared)}", f"a review whose studies are in: {', '.join(shared)}"
                )
            else:
                kept.append(n if unit == n.unit else replace(n, unit=unit))
    return kept


#: Outcomes whose direction a planner of work and unemployment can speak of.
_OUTCOMES = ("employment", "unemployment")


def _directions(bank: Bank, speaking: list[Row], asked: Asked) -> tuple[Directions, ...]:
    found = []
    for phase, label in PHASES.items():
        rows = [r for r in speaking if (r.finding.phase or "net") == phase and _is_on_work(bank, r)]
        query = asked.query
        units = evidence_units(bank, rows, query)
        counting = units.primary or units.reviews
        if not counting:
            continue
        counts = Counter[str](u.direction for u in counting)
        tally = joined([pointing(counts[d], d) for d in WAYS if counts[d]], ", ")
        pieces = counted(len(counting), Said("studie eller forsøg", "study or trial"), Said("studier og forsøg", "studies and trials"))
        found.append(
            Directions(
                phase,
                dict(counts),
                tuple(a for u in counting for a in u.addresses),
                Said(f"{label.da}: {pieces.da} ({tally.da})", f"{label.en}: {pieces.en} ({tally.en})"),
            )
        )
    return tuple(found)


def _is_on_work(bank: Bank, row: Row) -> bool:
    return not set(_OUTCOMES).isdisjoint(bank.vocabulary.ancestors("outcomes", row.finding.outcome))


def _why_not(bank: Bank, address: str, asked: Asked) -> Said:
    """Why a finding that the caller named is not among the numbers, when it prints none or is on something else."""
    row = bank.finding(address)
    assert row is not None
    reasons = unfit(bank, row, asked)
    if prints_number(row):
        return joined((*reasons, *_no_kind(bank, row)), "; ")
    way = row.finding.direction
    only = Said("kilden trykker intet tal", "the source prints no number") + (
        Said(", kun en retning: ", ", a direction only: ") + DIRECTIONS[way] if way else Said("", "")
    )
    return joined((*reasons, only), "; ")


def _check(bank: Bank, asked: Asked, country: str | None, finding: str | None) -> None:
    wrong = []
    for kind, words in (("interventions", (asked.intervention,)), ("target_groups", asked.group), ("countries", names(country))):
        wrong += [f"'{w}' is no term for {kind.replace('_', ' ')}\n    → {bank.vocabulary.hint(kind, w)}" for w in words if w not in bank.vocabulary[kind]]  # type: ignore[arg-type, index]
    if not asked.group:
        wrong.append("no group is named\n    → name one or several terms from bank/vocabulary/target_groups.toml")
    if finding is not None and bank.finding(finding) is None:
        wrong.append(f"there is no finding '{finding}'\n    → an address is study#number, as in pedersen-2012#1")
    if wrong:
        raise QueryError("\n".join(wrong))
