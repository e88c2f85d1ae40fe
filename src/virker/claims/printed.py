"""What a source prints: the numbers that a sentence repeats, and whom the source is about."""

from __future__ import annotations

from collections.abc import Sequence

from virker.bank import Bank, Row
from virker.bank.records import Finding
from virker.claims.numbers import agrees, digits_of
from virker.claims.records import Number
from virker.claims.result import READ, PartResult, worst_of
from virker.language import Said, number


def prints_numbers(wanted: Sequence[Number], traced: Sequence[Row]) -> PartResult:
    """Whether traced sources print every number that the sentence does."""
    return worst_of(_number(n, traced) for n in wanted)


def _number(wanted: Number, traced: Sequence[Row]) -> PartResult:
    printed = [(r, p) for r in traced if (p := _printed(r.finding, wanted)) is not None]
    shown = _span(wanted.value, wanted.low, wanted.high)
    same = [r for r, p in printed if _same(wanted, p)]
    if same:
        said = Said(f"{same[0].address} trykker {shown.da}.", f"{same[0].address} prints {shown.en}.")
        return PartResult("supported", (said,), carrying=tuple(r.address for r in same))
    if not printed:
        return PartResult("not-traced", (Said(f"{shown.da} står kun i notatet.", f"{shown.en} stands only in the note."),))
    other = [r for r, _ in printed]
    values = [_span(p[0] if p[1] is None else None, p[0], p[1]) for _, p in printed[:3]]
    said = Said(
        f"Notatet siger {shown.da}; kilden trykker {', '.join(v.da for v in values)}.",
        f"The note says {shown.en}; the source prints {', '.join(v.en for v in values)}.",
    )
    near = any(r.finding.origin.level in READ for r in other)
    return PartResult("contradicted" if near else "differs", (said,), against=tuple(r.address for r in other))


def _printed(f: Finding, wanted: Number) -> tuple[float, float | None] | None:
    if wanted.unit is not None and f.unit != wanted.unit:
        return None
    if wanted.field == "effect":
        if f.effect is not None:
            return f.effect, None
        return (f.effect_low, f.effect_high) if f.effect_low is not None else (f.effect_high, None) if f.effect_high is not None else None
    if wanted.field == "n_studies" and f.n_studies == 1:
        return None  # a review's retelling of one study counts nothing
    value: object = f
    for step in wanted.field.split("."):
        value = getattr(value, step, None)
    if not isinstance(value, (int, float)):
        return None
    low = getattr(f.votes, wanted.field.split(".")[1] + "_low", None) if wanted.field.startswith("votes.") and f.votes else None
    return (float(low), float(value)) if low is not None else (float(value), None)


def _same(wanted: Number, printed: tuple[float, float | None]) -> bool:
    low, high = printed
    if wanted.value is not None:
        return high is None and agrees(wanted.value, abs(low) if wanted.value >= 0 else low, digits_of(wanted.value))
    assert wanted.low is not None
    if wanted.high is None or high is None:
        return False
    pair = sorted((abs(low), abs(high))) if wanted.low >= 0 else [low, high]
    return agrees(wanted.low, pair[0], digits_of(wanted.low)) and agrees(wanted.high, pair[1], digits_of(wanted.high))


def _span(value: float | None, low: float | None, high: float | None) -> Said:
    if value is not None:
        return Said(number(value, "da"), number(value, "en"))
    if low is not None and high is not None:
        return Said(f"{number(low, 'da')}-{number(high, 'da')}", f"{number(low, 'en')}-{number(high, 'en')}")
    one = low if low is not None else high
    return Said(number(one, "da"), number(one, "en")) if one is not None else Said("?", "?")


def about_groups(wanted: Sequence[str], bank: Bank, traced: Sequence[Row]) -> PartResult:
    """Whom the source is about. A source that only names a wider group neither confirms nor denies; one about others denies."""
    return worst_of(_group(group, bank, traced) for group in wanted)


def _group(group: str, bank: Bank, traced: Sequence[Row]) -> PartResult:
    label = Said(bank.vocabulary.label("target_groups", group, "da"), bank.vocabulary.label("target_groups", group, "en"))
    below, above = bank.vocabulary.under("target_groups", group), set(bank.vocabulary.ancestors("target_groups", group))
    named = [r for r in traced if below & {*r.finding.target_group, *r.finding.subgroup}]
    others = [r for r in traced if not (below | above) & {*r.finding.target_group, *r.finding.subgroup}]
    if named:
        said = Said(f"{named[0].address} handler om {label.da}.", f"{named[0].address} is about {label.en}.")
        return PartResult("supported", (said,), carrying=(named[0].address,))
    if others:
        said = Said(f"Kilden handler om andre end {label.da}.", f"The source is about others than {label.en}.")
        near = any(r.finding.origin.level in READ for r in others)
        return PartResult("contradicted" if near else "differs", (said,), against=tuple(r.address for r in others))
    return PartResult("not-traced", (Said(f"Ingen læst kilde nævner {label.da}.", f"No source that we have read names {label.en}."),))
