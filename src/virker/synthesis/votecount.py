"""Vote counting by direction, with a sign test.

Source: Cochrane Handbook for Systematic Reviews of Interventions, chapter 12 (McKenzie & Brennan): count effects by their
direction, whatever their significance, and test the two-sided hypothesis that either direction is as likely (binomial, ½).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb

from virker.language import Said, joined, number, pointing
from virker.synthesis.rulesets import Judgement, RuleSet
from virker.synthesis.units import Units
from virker.synthesis.verdict import Contribution, Setting

LEVELS = ("clear", "leaning", "undecided")
LABELS = {
    "clear": Said("tydeligt flertal", "clear majority"),
    "leaning": Said("overvægt", "leaning"),
    "undecided": Said("uafgjort", "undecided"),
}
SETTINGS: Mapping[str, Setting] = {
    "alpha": Setting(0.05, False, "sædvanligt signifikansniveau", "the usual significance level"),
    "fewest": Setting(2, False, "mindst to stykker evidens, før der tælles", "at least two pieces of evidence before anything is counted"),
}  # fmt: skip


def sign_test(positive: int, negative: int) -> float:
    """Two-sided exact sign test: the chance of a split at least this uneven when both directions are as likely.

    Parameters
    ----------
    positive, negative : int
        Counts; ties (no direction) are left out, as the test prescribes. With none at all the p-value is 1.

    >>> round(sign_test(8, 2), 4), sign_test(0, 0)
    (0.1094, 1.0)
    """
    n, k = positive + negative, max(positive, negative)
    return min(1.0, 2 * sum(comb(n, i) for i in range(k, n + 1)) / 2**n) if n else 1.0


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Count primary studies by the direction of their estimates; reviews are shown, never counted."""
    counts = {"positive": 0, "negative": 0, "none": 0, "mixed": 0}
    contributions = []
    for unit in units.all:
        direction = unit.strict if strict else unit.reported
        taken = not unit.is_review and direction is not None
        if taken and direction:
            counts[direction] += 1
        why = (
            Said("en stemme", "one vote")
            if taken
            else Said("vises: en oversigt stemmer ikke", "shown: a review has no vote")
            if unit.is_review
            else Said("signifikans er ikke trykt", "significance is not printed")
        )
        contributions.append(
            Contribution(unit=unit.id, findings=unit.addresses, direction=direction or unit.reported, weight=float(taken), counted=taken, why=why)
        )
    positive, negative = counts["positive"], counts["negative"]
    p = sign_test(positive, negative)
    ways, last = joined([pointing(counts[d], d) for d in ("positive", "negative", "none")], ", "), pointing(counts["mixed"], "mixed")
    tally = Said(
        f"{ways.da} og {last.da}; fortegnstest p = {number(round(p, 4), 'da')}.",
        f"{ways.en} and {last.en}; sign test p = {number(round(p, 4), 'en')}.",
    )
    verdict, level = _verdict(counts, p, settings)
    return Judgement(verdict, level, tuple(contributions), (tally,), (), {"p": p, "positive": positive, "negative": negative})


def _verdict(counts: Mapping[str, int], p: float, settings: Mapping[str, Setting]) -> tuple[str, str]:
    positive, negative, none = counts["positive"], counts["negative"], counts["none"]
    if positive + negative + none + counts["mixed"] < float(settings["fewest"].value):
        return "too-little", "undecided"
    if positive == negative:
        return ("none", "leaning") if none > positive + negative + counts["mixed"] else ("mixed", "undecided")
    direction = "positive" if positive > negative else "negative"
    return direction, "clear" if p < float(settings["alpha"].value) else "leaning"


VOTE_COUNT = RuleSet(
    id="vote-count",
    version="2026.1",
    label=Said("Optælling af retninger med fortegnstest", "Vote count with sign test"),
    levels=LEVELS,
    level_labels=LABELS,
    settings=SETTINGS,
    judge=judge,
)
