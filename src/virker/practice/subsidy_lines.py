"""What wage subsidy gives: its longest length, the subsidy per hour, and what the employer must meet that was not read in the law."""

from __future__ import annotations

from virker.language import Said
from virker.practice.answer import Step
from virker.practice.lookup import Law, condition
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.words import sentence
from virker.rules.told import days_said

EMPLOYERS = {"private": Said("en privat arbejdsgiver", "a private employer"), "public": Said("en offentlig arbejdsgiver", "a public employer")}
_THE_EMPLOYER = {"private": Said("den private arbejdsgiver", "the private employer"), "public": Said("den offentlige arbejdsgiver", "the public employer")}


def length_line(facts: SubsidyFacts, law: Law, number: int) -> Step:
    """The longest length; section 68 was read for some groups only."""
    where = EMPLOYERS[facts.employer]
    months, groups = law.find(f"max_months_{facts.employer}"), law.find("max_months_groups")
    covered = law.numbers("max_months_groups")
    fits = covered is not None and number in covered and (number != 12 or facts.job_ready is True)
    if months is None and facts.employer == "public" and number == 1:
        months, groups, fits = law.find("max_months_public_insured"), None, True
    if months is None or not fits:
        why = Said("ikke fundet for gruppen den dag", "not found for the group on that day")
        if number == 12 and covered is not None and facts.job_ready is None:
            why = Said("kræver, at det er oplyst, om personen er jobparat", "needs to be told whether the person is job-ready")
        said = Said(f"længste varighed hos {where.da}: {why.da}", f"longest length with {where.en}: {why.en}")
        return condition("length", sentence(said), "unknown", groups)
    words = law.said(months)
    said = Said(f"højst {words.da} hos {where.da}", f"at most {words.en} with {where.en}")
    return Step(sentence(said), rules=tuple(f for f in (months, groups) if f), value=float(months[1].value), unit="months", id="length")


def senior_lines(facts: SubsidyFacts, law: Law, number: int) -> list[Step]:
    """The temporary scheme for seniors who had been out of work for long, on the days that it held; nothing on others."""
    age, months, most, right = (law.find(f"senior_{n}") for n in ("min_age", "min_months_on_benefits", "max_months", "right_with_self_found_employer"))
    if age is None or months is None or most is None or right is None or number > 3:
        return []
    met: list[bool | None] = [
        None if facts.age is None else facts.age >= float(age[1].value),
        None if facts.months_on_benefits is None else facts.months_on_benefits >= float(months[1].value),
        facts.self_found,
    ]
    said = Said(
        f"midlertidig seniorordning: mindst {law.said(age).da} og mindst {law.said(months).da} på ydelse giver ret hos en arbejdsgiver, man selv har "
        f"fundet, i højst {law.said(most).da}",
        f"temporary scheme for seniors: at least {law.said(age).en} and at least {law.said(months).en} on benefits give a right with an employer one has "
        f"found oneself, for at most {law.said(most).en}",
    )
    return [condition("senior", sentence(said), "no" if False in met else "unknown" if None in met else "yes", age, months, most, right)]


def rate_line(facts: SubsidyFacts, law: Law) -> Step:
    """The subsidy per hour on the day; where none was found, the last one that was, with its days."""
    name = f"subsidy_{facts.employer}_dkk_per_hour"
    found, where = law.find(name), _THE_EMPLOYER[facts.employer]
    if found:
        words = law.said(found)
        said = Said(f"{where.da} får {words.da} i tilskud", f"{where.en} gets {words.en} in subsidy")
        return Step(sentence(said), rules=(found,), value=float(found[1].value), unit=found[1].unit, id="subsidy")
    last = law.latest(name)
    said = Said("tilskuddet pr. time er ikke fundet for den dag", "the subsidy per hour was not found for that day")
    if last:
        words, days = law.said(last), days_said(last[1])
        said += Said(f"; senest fundet: {words.da} ({days.da})", f"; last found: {words.en} ({days.en})")
    return condition("subsidy", sentence(said), "unknown", last)


def employer_lines(facts: SubsidyFacts, law: Law) -> list[Step]:
    """What the employer must meet. Where only a page tells it, or nothing was found, the line is ``unknown``: a person looks it up."""
    lines = [_ratio_line(law)]
    growth = law.find("net_growth_required")
    said = Said("nettoudvidelse af antallet af ansatte (merbeskæftigelse): skal undersøges", "a net increase in the number of employees: must be looked into")
    lines.append(condition("net-growth", sentence(said), "unknown", growth))
    if facts.employer == "private" and (share := law.find("subsidy_max_share_of_wage_cost_percent")):
        most = law.said(share)
        cap = Said(f"tilskuddet må højst dække {most.da} af de samlede lønomkostninger", f"the subsidy may cover at most {most.en} of the total wage cost")
        lines.append(condition("cost-share", sentence(cap), "unknown", share))
    return lines


def _ratio_line(law: Law) -> Step:
    required, per, upto, above = (
        law.find(n) for n in ("reasonable_ratio_required", "ratio_ordinary_per_supported", "ratio_first_step_employees", "ratio_ordinary_per_supported_above")
    )
    said = Said("rimeligt forhold mellem ansatte med og uden støtte: ", "a reasonable ratio of employees with and without support: ")
    if per and upto and above:
        one, first, more = (f"{float(f[1].value):g}" for f in (per, upto, above))
        said += Said(
            f"højst 1 person pr. {one} ordinært ansatte op til {first} ansatte (dog altid 1), derefter 1 pr. {more}; skal undersøges",
            f"at most 1 person per {one} ordinary employees up to {first} employees (but always 1), then 1 per {more}; must be looked into",
        )
    else:
        said += Said("forholdstallet er ikke fundet for den dag; skal undersøges", "the ratio was not found for that day; must be looked into")
    return condition("ratio", sentence(said), "unknown", required, per, upto, above)
