"""“The plan pays back” is a claim, and is checked like one: against the evidence that the plan's effects rest on.

The planner's own figures (people, rates, prices) are taken as given; the claim is about what the evidence carries. The statuses and
their order are those of every other claim, see :data:`virker.claims.records.STATUSES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from virker.bank import Bank, Query
from virker.claims.records import Status
from virker.language import DIRECTIONS, Said, number
from virker.plan.effects import MeasureEffect
from virker.plan.questions import Instead
from virker.plan.work import Worked
from virker.synthesis import verdict
from virker.synthesis.scale import states

#: Outcomes on which the verdict for a measure is asked.
OUTCOMES = ("employment", "unemployment")


@dataclass(frozen=True, slots=True)
class PaysBack:
    """How the claim came out, why, and the words that hold."""

    said: Said
    status: Status
    reasons: tuple[Said, ...]


def judge(worked: Worked, bank: Bank, rule_set: str, others: Sequence[Instead] = ()) -> PaysBack:
    """Whether the evidence carries that the public purse has its money back within the plan's weeks.

    ``others`` are the plan's results with the other numbers that the bank holds: one that turns the answer makes the words too strong.
    """
    weeks = worked.scenario.weeks
    said = Said(
        f"Planen giver de offentlige kasser overskud inden for {number(weeks, 'da')} uger.",
        f"The plan gives the public purse a surplus within {number(weeks, 'en')} weeks.",
    )
    missing = tuple(_without_number(worked))
    if not any(e.used for e in worked.effects):
        return PaysBack(said, "too-little", missing)
    public = worked.public
    if public.high <= 0:
        told = Said("Hele båndet ligger under nul." if public.is_wide else "Med de trykte tal giver planen underskud.", "The whole band lies below nothing." if public.is_wide else "At the printed numbers the plan gives a deficit.")  # fmt: skip
        return PaysBack(said, "contradicted", (told, *missing))
    reasons = (
        *missing,
        *_no_band(worked),
        *_band_over_nothing(worked),
        *_verdicts(worked, bank, rule_set),
        *_other_numbers(others),
        *_on_others(worked, bank),
        *_unreachable(worked),
    )
    return PaysBack(said, "overstated" if reasons else "supported", reasons or (Said("Hele båndet ligger over nul.", "The whole band lies above nothing."),))


def _without_number(worked: Worked) -> Iterator[Said]:
    for e in worked.effects:
        if not e.used:
            yield Said(
                f"»{e.told.da}«: Banken har intet tal for denne indsats og gruppe, så planen regner uden effekt af den.",
                f"“{e.told.en}”: the bank has no number for this measure and group, so the plan counts no effect of it.",
            )


def _no_band(worked: Worked) -> Iterator[Said]:
    for e in worked.effects:
        if any(not u.has_band for u in e.used):
            yield Said(
                f"»{e.told.da}«: Kilden trykker ingen usikkerhed, så planen kan ikke sige, hvor sikkert tallet er.",
                f"“{e.told.en}”: the source prints no uncertainty, so the plan cannot say how sure the number is.",
            )


def _band_over_nothing(worked: Worked) -> Iterator[Said]:
    if worked.public.low <= 0:
        chance = 100 * worked.drawn_value.chance_of_surplus
        yield Said(
            f"Båndet går ned under nul: Chancen for overskud er {number(round(chance), 'da')} pct.",
            f"The band reaches below nothing: the chance of a surplus is {number(round(chance), 'en')} per cent.",
        )


def _verdicts(worked: Worked, bank: Bank, rule_set: str) -> Iterator[Said]:
    for e in worked.effects:
        if e.used and (direction := direction_of(e, bank, rule_set)) != "positive":
            label = DIRECTIONS[direction]
            yield Said(
                f"»{e.told.da}«: Al evidens om indsatsen for gruppen er samlet: {label.da} ({rule_set}).",
                f"“{e.told.en}”: all the evidence on the measure for the group together: {label.en} ({rule_set}).",
            )


def _other_numbers(others: Sequence[Instead]) -> Iterator[Said]:
    for other in others:
        if other.public <= 0:
            yield Said(
                f"Med et andet af bankens tal giver planen underskud: {other.number.number.address}.",
                f"With another of the bank's numbers the plan gives a deficit: {other.number.number.address}.",
            )


def _on_others(worked: Worked, bank: Bank) -> Iterator[Said]:
    """Where the bank says that others lose, or that nothing is left in all, the plan's figures leave that out."""
    for e in worked.effects:
        readings = [r for r in states(bank, e.told.intervention).readings if r.significant != "no"]
        lose = sorted({r.address for r in readings if r.role == "others" and r.direction == "negative"})
        nothing = sorted({r.address for r in readings if r.role == "net" and r.direction in ("none", "negative")})
        if e.used and (lose or nothing):
            told = ", ".join((*lose, *nothing))
            yield Said(
                f"»{e.told.da}«: Banken siger, at noget af gevinsten kan tages fra andre ledige; det er ikke regnet med ({told}).",
                f"“{e.told.en}”: the bank says that some of the gain may be taken from other unemployed people; it is not reckoned ({told}).",
            )


def _unreachable(worked: Worked) -> Iterator[Said]:
    for e in worked.effects:
        if any(u.clipped > 0.05 for u in e.used):
            yield Said(
                f"»{e.told.da}«: En del af det trykte tals usikkerhed kan ikke nås med gruppens afgangsrater.",
                f"“{e.told.en}”: a part of the printed number's uncertainty cannot be reached with the group's exit rates.",
            )


def direction_of(effect: MeasureEffect, bank: Bank, rule_set: str) -> str:
    """The verdict of a rule set on the measure, for the group and for those whom the plan's number was found for."""
    told = effect.told
    populations = [row.finding.target_group for u in effect.used if (row := bank.finding(u.number.address)) is not None]
    groups = tuple(dict.fromkeys((*effect.path.group, *(term for terms in populations for term in terms))))
    query = Query(intervention=told.intervention, contrast=told.contrast, target_group=groups, outcome=OUTCOMES)
    return verdict(bank, query, rule_set).direction
