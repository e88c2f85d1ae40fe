"""The period on benefits that must come before wage subsidy, and who is exempt (section 69 from 2024, pages before that)."""

from __future__ import annotations

from virker.language import Said
from virker.practice.answer import Holds, Step
from virker.practice.lookup import Found, Law, condition
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.words import sentence
from virker.rules.told import amount_said


def period_line(facts: SubsidyFacts, law: Law, number: int) -> Step:
    """Whether the person has been on benefits for long enough, or is exempt."""
    required, at_least = law.find("benefit_period_required_months"), True
    if required is None:
        required, at_least = law.find("unemployment_required_months"), False
    if required is None:
        said = Said("krav om en forudgående periode på ydelse: ikke fundet for den dag", "required earlier period on benefits: not found for that day")
        return condition("period", sentence(said), "unknown")
    groups, private_only = law.find("benefit_period_groups"), law.find("benefit_period_groups_private_only")
    applies = _applies(facts, law, number) if groups else None if number not in (1, 2, 3, 4, 5, 12) else True
    if applies is False:
        said = Said(
            "loven kræver ingen forudgående periode på ydelse af gruppen hos denne arbejdsgiver",
            "the act asks no earlier period on benefits of the group with this employer",
        )
        return condition("period", sentence(said), "yes", groups, private_only)
    if applies is None:
        said = Said(
            "om kravet om en forudgående periode gjaldt gruppen den dag, er ikke fundet",
            "whether the earlier period applied to the group on that day was not found",
        )
        return condition("period", sentence(said), "unknown", required)
    return _judged(facts, law, required, at_least)


def _applies(facts: SubsidyFacts, law: Law, number: int) -> bool:
    everywhere, private = law.numbers("benefit_period_groups"), law.numbers("benefit_period_groups_private_only")
    return number in (everywhere or ()) or (facts.employer == "private" and number in (private or ()))


def _judged(facts: SubsidyFacts, law: Law, required: Found, at_least: bool) -> Step:
    words = law.said(required)
    if at_least:
        need = Said(f"mindst {words.da} på ydelse før", f"at least {words.en} on benefits before")
    else:
        need = Said(f"mere end {words.da} som ledig før", f"more than {words.en} unemployed before")
    months = facts.months_on_benefits
    limit = float(required[1].value)
    told = Said("", "")
    if months is not None:
        told = Said("; oplyst: ", "; told: ") + amount_said(months, "months")
        if months > limit or (at_least and months == limit):
            return condition("period", sentence(need + told), "yes", required)
    reason, holds, rules = _exempt(facts, law)
    if holds == "yes":
        return condition(
            "period",
            sentence(Said(f"kravet om {need.da} gælder ikke: {reason.da}", f"the requirement of {need.en} does not apply: {reason.en}")),
            "yes",
            required,
            *rules,
        )
    final: Holds = "no" if months is not None and holds == "no" else "unknown"
    if final == "no" and months == limit:
        # The pages of the time say "more than"; the act, read as of 2024, says "at least". So the boundary itself stays open.
        final, told = (
            "unknown",
            told + Said("; siderne siger mere end, loven fra 2024 siger mindst", "; the pages say more than, the act of 2024 says at least"),
        )
    elif final == "unknown":
        told += Said("; ikke oplyst: ", "; not told: ") + (reason if months is not None else Said("måneder på ydelse", "months on benefits"))
    return condition("period", sentence(need + told), final, required, *rules)


def _exempt(facts: SubsidyFacts, law: Law) -> tuple[Said, Holds, list[Found | None]]:
    """Why the person is exempt; else whether that is settled, and what was not told."""
    above, lone, without = law.find("exempt_above_age"), law.find("lone_parents_exempt"), law.find("without_education_exempt")
    limit = float(above[1].value) if above else None
    open_: list[Said] = []
    if limit is not None and facts.age is not None and facts.age > limit:
        return Said(f"over {limit:g} år", f"above {limit:g} years"), "yes", [above]
    if lone and facts.lone_parent:
        return Said("enlig forsørger", "lone parent"), "yes", [lone]
    if without and facts.qualifying_education is False:
        return Said("uden kompetencegivende uddannelse", "without a qualifying education"), "yes", [without]
    if limit is not None and facts.age is None:
        open_.append(Said("alder", "age"))
    if lone and facts.lone_parent is None:
        open_.append(Said("om personen er enlig forsørger", "whether a lone parent"))
    if without and facts.qualifying_education is None:
        open_.append(Said("om personen har en kompetencegivende uddannelse", "whether with a qualifying education"))
    said = Said(", ".join(o.da for o in open_), ", ".join(o.en for o in open_))
    return said, "unknown" if open_ else "no", [above, lone, without]
