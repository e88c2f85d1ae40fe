"""A declared crosswalk between the levels of different rule sets, used only to show them side by side.

No verdict is ever translated by it. A level that says something else than how certain a gain is (a majority of directions, no
support) has no rung, and the table says why. The rungs are ours; each row gives its reason from the published rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from virker.language import Said

#: Rungs, most certain first.
RUNGS: Mapping[str, Said] = {
    "several-strong": Said("flere stærke studier samme vej", "several strong studies the same way"),
    "some-strong": Said("et eller få stærke studier", "one or a few strong studies"),
    "early-sign": Said("tidligt tegn", "early sign"),
    "divided": Said("delt viden", "divided"),
    "nothing": Said("intet at sige", "nothing to say"),
}
NOT_COMPARABLE = Said("uden sidestykke", "no counterpart")


@dataclass(frozen=True, slots=True)
class Step:
    """One level of one scale, its rung (None: not comparable), and why."""

    scale: str
    level: str
    rung: str | None
    why: Said


def _step(scale: str, level: str, rung: str | None, da: str, en: str) -> Step:
    return Step(scale, level, rung, Said(da, en))


CROSSWALK: tuple[Step, ...] = (
    _step("star-hierarchy", "strong", "several-strong", "tre studier af høj kvalitet eller en litteraturgennemgang", "three studies of high quality, or a researched review"),
    _step("star-hierarchy", "moderate", "some-strong", "to studier af høj kvalitet", "two studies of high quality"),
    _step("star-hierarchy", "indication", "early-sign", "ét studie af høj kvalitet eller flere af begrænset", "one study of high quality, or more of limited"),
    _step("star-hierarchy", "conflicting", "divided", "studier i modsat retning", "studies in opposite directions"),
    _step("star-hierarchy", "uncertain", "nothing", "ingen eller få studier, intet flertal", "no or few studies, no majority"),
    _step("clear-resea", "high", "several-strong", "to troværdige studier, begge udfald, p < 0,05", "two credible studies, both outcomes, p < .05"),
    _step("clear-resea", "moderate", "some-strong", "mindst ét troværdigt studie, p < 0,10", "at least one credible study, p < .10"),
    _step("clear-resea", "potentially-promising", "early-sign", "ét studie, ikke nødvendigvis troværdigt", "one study, not necessarily credible"),
    _step("clear-resea", "no-rating", "nothing", "intet signifikant gunstigt resultat", "no significant favourable result"),
    _step("pathways", "well-supported", "several-strong", "to studier af moderat eller høj kvalitet, p < 0,05", "two studies of moderate or high quality, p < .05"),
    _step("pathways", "supported", "some-strong", "ét studie af moderat eller høj kvalitet, p < 0,05", "one study of moderate or high quality, p < .05"),
    _step("pathways", "mixed", "divided", "både gunstige og ugunstige resultater", "favourable and unfavourable results"),
    _step("pathways", "not-supported", None, "siger, at der ikke er fundet en gevinst, ikke hvor sikkert det er", "says that no gain was found, not how sure that is"),
    _step("pathways", "insufficient", "nothing", "ingen studier, der kan tælle", "no studies that can count"),
    _step("vote-count", "clear", None, "et flertal af retninger siger intet om studiernes kvalitet", "a majority of directions says nothing of the studies' quality"),
    _step("vote-count", "leaning", None, "et flertal af retninger siger intet om studiernes kvalitet", "a majority of directions says nothing of the studies' quality"),
    _step("vote-count", "undecided", None, "et uafgjort fortegn kan skyldes få eller delte studier", "an undecided sign may come from few or from divided studies"),
    _step("pooled", "new-study", None, "siger, hvor stor og hvor ens effekten er, ikke hvor gode studierne er", "says how large and how alike the effect is, not how good the studies are"),
    _step("pooled", "average", None, "siger, hvor stor effekten er i gennemsnit, ikke hvor gode studierne er", "says how large the effect is on average, not how good the studies are"),
    _step("pooled", "open", None, "et interval, der går begge veje, kan skyldes få, små eller uenige studier", "an interval that goes both ways may come from few, small or divided studies"),
    _step("pooled", "not-pooled", None, "der er for få tal, men der kan være mange studier uden", "there are too few numbers, yet there may be many studies without any"),
    _step("grade", "high", "several-strong", "GRADE: høj tillid til skønnet", "GRADE: high confidence in the estimate"),
    _step("grade", "moderate", "some-strong", "GRADE: moderat tillid", "GRADE: moderate confidence"),
    _step("grade", "low", "early-sign", "GRADE: begrænset tillid", "GRADE: limited confidence"),
    _step("grade", "very-low", "nothing", "GRADE: meget lille tillid", "GRADE: very little confidence"),
)  # fmt: skip

_BY_LEVEL = {(s.scale, s.level): s for s in CROSSWALK}
#: Scales that only other banks use; the words of their levels.
OTHER_SCALES: Mapping[str, Mapping[str, Said]] = {
    "grade": {"high": Said("høj", "high"), "moderate": Said("moderat", "moderate"), "low": Said("lav", "low"), "very-low": Said("meget lav", "very low")}
}


def step(scale: str, level: str | None) -> Step | None:
    """The row of a level; None where the table has none (a rule set without levels)."""
    return _BY_LEVEL.get((scale, level or ""))


def rung_said(scale: str, level: str | None) -> Said:
    """The rung in words, or that there is no counterpart."""
    found = step(scale, level)
    return RUNGS[found.rung] if found and found.rung else NOT_COMPARABLE
