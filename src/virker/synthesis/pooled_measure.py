"""What a number measures, so that only numbers of one measure stand in one mean.

Kinds are those of :mod:`virker.synthesis.effect_number`; what has none is its outcome and unit. Within a measure, days and months become weeks and a
relative change becomes a ratio. Nothing is turned into another measure here: a hazard ratio says nothing of percentage points without a baseline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from math import log

from virker.bank import Row
from virker.bank.records import Finding
from virker.bank.show import UNITS
from virker.language import Said
from virker.synthesis.effect_number import KINDS, RELATIVE, WEEKS, NumberKind, horizon, named_kind, ratio
from virker.synthesis.pooled_effect import Band, Better, Measure
from virker.synthesis.pooled_settings import band_of
from virker.vocabulary import Vocabulary

RATIO = Said("forholdstal (1: ingen forskel)", "ratio (1: no difference)")
#: The outcome and the unit of each kind's amounts, and which way is good for the person.
_OF_KIND: dict[NumberKind, tuple[str, str, Better]] = {
    "job-hazard": ("exit-to-job", "hazard-ratio", "higher"),
    "exit-hazard": ("exit-unemployment", "hazard-ratio", "higher"),
    "job-share": ("exit-to-job", "pp", "higher"),
    "exit-share": ("exit-unemployment", "pp", "higher"),
    "time-in-work": ("employment-duration", "weeks", "higher"),
    "employment-share": ("employment-rate", "pp", "higher"),
    "employment-share-relative": ("employment-rate", "risk-ratio", "higher"),
    "unemployment-spell": ("unemployment-duration", "weeks", "lower"),
    "time-unemployed": ("unemployment-duration", "weeks", "lower"),
}
_RATIOS = frozenset({"percent", "hazard-ratio", "risk-ratio", "odds-ratio", "ratio"})
_HAZARDS = frozenset({"job-hazard", "exit-hazard"})
#: Points and heads of one study are not those of another.
_OWN = {
    "scale-points": Said("point på en skala, som andre studier ikke bruger", "points on a scale that other studies do not use"),
    "persons": Said("antal personer, som afhænger af studiets størrelse", "numbers of persons, which depend on the size of the study"),
}


def measure_of(f: Finding) -> Measure | Said:
    """What the finding's number measures; or why it is comparable with none. ``better`` of a measure without a kind is not known yet."""
    kind = named_kind(f)
    if kind is not None:
        return _of_kind(kind)
    if f.unit in _OWN:
        return _OWN[f.unit]
    return _other(f.outcome, "weeks" if f.unit in WEEKS else f.unit)


@lru_cache(maxsize=64)
def _of_kind(kind: NumberKind) -> Measure:
    outcome, unit, better = _OF_KIND[kind]
    relative = kind in RELATIVE
    return Measure(kind, kind, outcome, unit, relative, better, KINDS[kind], RATIO if relative else UNITS[unit])


@lru_cache(maxsize=512)
def _other(outcome: str, unit: str) -> Measure:
    relative = unit in _RATIOS
    said = UNITS.get(unit, Said(unit, unit))
    return Measure(f"{outcome}/{unit}", None, outcome, unit, relative, None, _labelled(outcome, outcome, said), RATIO if relative else said)


def _labelled(da: str, en: str, unit: Said) -> Said:
    """The outcome with its unit in brackets."""
    return Said(f"{da} ({unit.da.strip('()')})", f"{en} ({unit.en.strip('()')})")


def told_as(measure: Measure, vocabulary: Vocabulary | None, better: Better | None) -> Measure:
    """The measure with its outcome in the vocabulary's words, and which way is good where its kind does not say."""
    if measure.kind is not None:
        return measure
    unit = UNITS.get(measure.unit, Said(measure.unit, measure.unit))
    words = [vocabulary.label("outcomes", measure.outcome, lang) if vocabulary else measure.outcome for lang in ("da", "en")]
    return replace(measure, better=better, label=_labelled(words[0], words[1], unit))


def band_for(f: Finding, measure: Measure) -> Band:
    """The band of the finding's horizon.

    A ratio of hazards holds for the whole course, however long people were followed, unless its source prints a span of months for it. The length of a
    spell has no horizon.
    """
    hazard = measure.kind in _HAZARDS or measure.unit == "hazard-ratio"
    whole = (hazard and f.horizon_from is None and f.horizon_to is None) or measure.kind == "unemployment-spell"
    return band_of(horizon(f), whole)


def amount_of(value: float | None, f: Finding, measure: Measure) -> float | None:
    """A printed value in the measure's own amounts: weeks, points, or a ratio."""
    if value is None:
        return None
    return ratio(value, f) if measure.relative else value * WEEKS.get(f.unit, 1.0)


def better_by_outcome(rows: Iterable[Row]) -> dict[str, Better]:
    """Which way each outcome is good, from what the findings themselves call positive and negative (at least nine in ten the same way)."""
    seen: dict[str, Counter[bool]] = {}
    for row in rows:
        f = row.finding
        if f.effect is None or f.direction not in ("positive", "negative") or f.kind != "effect":
            continue
        measure = measure_of(f)
        if isinstance(measure, Said):
            continue
        amount = amount_of(f.effect, f, measure)
        size = 0.0 if amount is None or (measure.relative and amount <= 0) else log(amount) if measure.relative else amount
        if size:
            seen.setdefault(f.outcome, Counter())[(size > 0) == (f.direction == "positive")] += 1
    found: dict[str, Better] = {}
    for outcome, count in seen.items():
        if max(count.values()) >= 0.9 * sum(count.values()):
            found[outcome] = "higher" if count[True] > count[False] else "lower"
    return found
