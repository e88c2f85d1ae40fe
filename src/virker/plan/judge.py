"""“The plan pays back” is a claim, and is checked like one: against the evidence that the plan's effects rest on.

The planner's own figures (people, rates, prices) are taken as given; the claim is about what the evidence carries. The statuses and
their order are those of every other claim, see :data:`virker.claims.records.STATUSES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from virker.bank import Bank, Query
from virker.bank.references import short_name
from virker.claims.records import Status
from virker.language import DIRECTIONS, Said, number
from virker.plan.effects import MeasureEffect
from virker.plan.questions import Instead
from virker.plan.words import per_cent
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
    if not worked.begins:
        return PaysBack(said, "too-little", (_NOBODY_BEGINS,))
    missing, half = tuple(_without_number(worked)), tuple(_half_known(worked))
    if not any(e.used for e in worked.effects):
        return PaysBack(said, "too-little", missing)
    rests = tuple(_rests_on(worked, bank))
    public = worked.public
    if public.high <= 0:
        told = Said("Hele båndet ligger under nul.", "The whole band lies below nothing.") if public.is_wide else _DEFICIT
        # What the bank does not know may be what would turn the sum: then nothing contradicts the claim.
        return PaysBack(said, "too-little" if missing or half else "contradicted", (told, *missing, *half, *rests))
    reasons = (
        *missing,
        *half,
        *_no_band(worked),
        *_band_over_nothing(worked),
        *_verdicts(worked, bank, rule_set),
        *_other_numbers(others),
        *_beyond_the_source(worked),
        *_on_others(worked, bank),
        *_unreachable(worked),
    )
    holds = reasons or (Said("Hele båndet ligger over nul.", "The whole band lies above nothing."),)
    return PaysBack(said, "overstated" if reasons else "supported", (*holds, *rests))


_NOBODY_BEGINS = Said(
    "Ingen begynder på en indsats i planen, så den ændrer intet: Se på rækkevidde, startuge og kapacitet.",
    "Nobody begins a measure in the plan, so it changes nothing: look at reach, start week and capacity.",
)
_DEFICIT = Said("Med de trykte tal giver planen underskud.", "At the printed numbers the plan gives a deficit.")


def _rests_on(worked: Worked, bank: Bank) -> Iterator[Said]:
    """Whose numbers carry the answer: a reader must see that it is one trial, and where it was."""
    for e in worked.effects:
        for study in dict.fromkeys(u.number.study for u in e.used):
            countries = next(u.number.countries for u in e.used if u.number.study == study)
            where = Said(*(", ".join(bank.vocabulary.label("countries", c, x) for c in countries) for x in ("da", "en")))
            name = short_name(bank.studies[study])
            yield Said(
                f"»{e.told.da}«: Tallet er fra {name}{f', {where.da}' if countries else ''}. Om jeres indsats ligner den, der blev undersøgt, må I selv afgøre.",
                f"“{e.told.en}”: the number is from {name}{f', {where.en}' if countries else ''}. Whether your measure is like the one that was studied is for you to judge.",
            )


def _half_known(worked: Worked) -> Iterator[Said]:
    """Numbers of one phase only: what the bank does not tell of the others is counted as no effect."""
    for e in worked.effects:
        phases = {u.phase for u in e.used}
        if not phases or "net" in phases:
            continue
        if "after" not in phases:
            yield Said(
                f"»{e.told.da}«: Banken har intet tal for tiden efter indsatsen, så planen regner uden effekt efter den.",
                f"“{e.told.en}”: the bank has no number for the time after the measure, so the plan counts no effect after it.",
            )
        elif "lock-in" not in phases:
            yield Said(
                f"»{e.told.da}«: Banken har intet tal for tiden under indsatsen, så planen regner uden fastlåsning.",
                f"“{e.told.en}”: the bank has no number for the time during the measure, so the plan counts no lock-in.",
            )


def _beyond_the_source(worked: Worked) -> Iterator[Said]:
    for e in worked.effects:
        for u in e.used:
            if u.followed_weeks is not None and u.span[1] > max(u.followed_weeks, u.span[0]):
                yield Said(
                    f"»{e.told.da}«: Planen lader effekten vare i {u.span[1]} uger; kilden fulgte folk i {u.followed_weeks}.",
                    f"“{e.told.en}”: the plan lets the effect last for {u.span[1]} weeks; the source followed people for {u.followed_weeks}.",
                )


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
    if worked.public.centre <= 0:
        yield _DEFICIT
    if worked.public.low > 0 or not worked.public.is_wide:
        return
    if (chance := worked.chance_of_surplus) is None:
        yield Said("Båndet går ned under nul.", "The band reaches below nothing.")
        return
    yield (
        Said("Båndet går ned under nul: Chancen for overskud er ", "The band reaches below nothing: the chance of a surplus is ")
        + per_cent(chance)
        + Said("", ".")
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
