"""How far the conditions of a rule are from their thresholds: 61 per cent where 55 is needed, two studies where strong needs three."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from virker.language import Said, number
from virker.synthesis.jobeffekter import JOBEFFEKTER
from virker.synthesis.jobeffekter_g1 import JOBEFFEKTER_G1
from virker.synthesis.rulesets import RuleSet
from virker.synthesis.star import LABELS, STAR, is_high_quality
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Setting
from virker.synthesis.votecount import VOTE_COUNT

Settings = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Margin:
    """How far one condition of the rule is from its threshold."""

    what: Said
    has: float
    needs: float
    holds: bool


def margins(units: Units, rules: RuleSet, settings: Settings) -> tuple[Margin, ...]:
    """The distance to the thresholds that the rule set prints; none for a rule set whose thresholds are not numbers."""
    if not units.all or rules.id not in _MARGINS:
        return ()
    judged = rules.judge(units, settings, False)
    counted = [c for c in judged.contributions if c.counted]
    counts = {d: sum(c.direction == d for c in counted) for d in ("positive", "none", "negative", "mixed")}
    by_id = {u.id: u for u in units.all}
    return _MARGINS[rules.id](counts, judged.measures, [by_id[c.unit] for c in counted], settings)


Counts = Mapping[str, int]
_Margins = Callable[[Counts, Mapping[str, float], Sequence[EvidenceUnit], Settings], tuple[Margin, ...]]


def _star_margins(counts: Counts, measures: Mapping[str, float], counted: Sequence[EvidenceUnit], settings: Settings) -> tuple[Margin, ...]:
    if not counted:
        return ()
    top = max(counts, key=lambda d: counts[d])
    share = counts[top] / len(counted)
    found = [
        Margin(Said("andel, der peger samme vej (over halvdelen kræves)", "share that points the same way (more than half is needed)"), share, 0.5, share > 0.5)
    ]
    threshold = float(settings["high_quality_maryland"].value)
    high = sum(not u.is_review and u.direction == top and is_high_quality(u, threshold) for u in counted)
    for level in ("strong", "moderate"):
        needs = float(settings[f"studies_for_{level}"].value)
        what = Said(f"studier af høj kvalitet samme vej ({LABELS[level].da})", f"studies of high quality the same way ({LABELS[level].en})")
        found.append(Margin(what, high, needs, high >= needs))
    return tuple(found)


def _vote_margins(counts: Counts, measures: Mapping[str, float], counted: Sequence[EvidenceUnit], settings: Settings) -> tuple[Margin, ...]:
    p, alpha = measures["p"], float(settings["alpha"].value)
    lead = abs(counts["positive"] - counts["negative"])
    return (
        Margin(Said("flere den ene vej end den anden", "more one way than the other"), lead, 1, lead >= 1),
        Margin(Said("fortegnstestens p (højst)", "p of the sign test (at most)"), p, alpha, p < alpha),
    )


def _jobeffekter_margins(counts: Counts, measures: Mapping[str, float], counted: Sequence[EvidenceUnit], settings: Settings) -> tuple[Margin, ...]:
    stock, least = measures["stock"], float(settings["few_studies_below"].value)
    found = [Margin(Said("vidensmængde (mindst)", "stock of knowledge (at least)"), stock, least, stock >= least - 1e-9)]
    most = max((v for k, v in measures.items() if k.startswith("stock_")), default=0.0)
    if stock > 0 and settings["majority_of"].value == "total":
        share, needs = most / stock, float(settings["majority_share"].value)
        found.append(
            Margin(Said("andel af vidensmængden samme vej (mindst)", "share of the stock the same way (at least)"), share, needs, share >= needs - 1e-9)
        )
    return tuple(found)


_MARGINS: Mapping[str, _Margins] = {
    STAR.id: _star_margins,
    VOTE_COUNT.id: _vote_margins,
    JOBEFFEKTER.id: _jobeffekter_margins,
    JOBEFFEKTER_G1.id: _jobeffekter_margins,
}


def margin_said(margin: Margin) -> Said:
    """``✓ share that points the same way: 0.67 (0.5)``."""
    mark = "✓" if margin.holds else "·"
    return Said(
        f"{mark} {margin.what.da}: {number(round(margin.has, 3), 'da')} ({number(margin.needs, 'da')})",
        f"{mark} {margin.what.en}: {number(round(margin.has, 3), 'en')} ({number(margin.needs, 'en')})",
    )
