"""Wage subsidy: whether a person can get it, for how long at most, and what the employer gets per hour.

A line whose rule was only read on a page, or not at all, says ``unknown``: it never becomes a yes.
"""

from __future__ import annotations

from virker.errors import QueryError, nearest
from virker.language import Said, day_said
from virker.practice.answer import Answer, Holds, Step
from virker.practice.lookup import Law, all_hold, condition
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.subsidy_lines import EMPLOYERS, employer_lines, length_line, rate_line, senior_lines
from virker.practice.subsidy_period import period_line
from virker.practice.words import sentence
from virker.rules import Rules

SCHEME = "loentilskud"

#: The groups by their number in section 6 of the act.
GROUPS: dict[str, tuple[int, Said]] = {
    "dagpenge": (1, Said("dagpengemodtagere", "people on unemployment benefit")),
    "kontanthjaelp-jobparat": (2, Said("jobparate på kontanthjælp", "job-ready people on social assistance")),
    "kontanthjaelp-aktivitetsparat": (3, Said("aktivitetsparate på kontanthjælp", "activity-ready people on social assistance")),
    "uddannelseshjaelp-uddannelsesparat": (4, Said("uddannelsesparate på uddannelseshjælp", "people on education allowance who are ready for education")),
    "uddannelseshjaelp-aktivitetsparat": (5, Said("aktivitetsparate på uddannelseshjælp", "activity-ready people on education allowance")),
    "sygedagpenge": (6, Said("sygedagpengemodtagere", "people on sickness benefit")),
    "jobafklaringsforloeb": (7, Said("personer i jobafklaringsforløb", "people in a job-clarification course")),
    "ressourceforloeb": (8, Said("personer i ressourceforløb", "people in a resource course")),
    "fleksjobvisiteret": (9, Said("personer visiteret til fleksjob", "people referred to a flex job")),
    "revalidering": (10, Said("revalidender", "people in rehabilitation")),
    "foertidspension": (11, Said("førtidspensionister", "people on disability pension")),
    "selvforsoergende": (12, Said("selvforsørgende", "people who support themselves")),
}


def loentilskud(facts: SubsidyFacts, rules: Rules) -> Answer:
    """Whether wage subsidy can be given, for how long, and the subsidy per hour, line by line.

    Raises
    ------
    QueryError
        With everything that is wrong with the facts, at once.
    """
    if problems := _problems(facts, rules):
        raise QueryError("\n".join(problems))
    law, number = Law(rules, SCHEME, facts.on), GROUPS[facts.group][0]
    conditions = [_offer_line(facts, law, number), period_line(facts, law, number)]
    if facts.last_employer is not None:
        conditions.append(_last_employer_line(facts, law))
    possible = all_hold(conditions)
    steps = [*conditions, Step(_RESULT[possible], holds=possible, id="possible")]
    length = length_line(facts, law, number)
    if possible != "no":
        steps += [_right_line(facts, law, number, possible), *senior_lines(facts, law, number), length, rate_line(facts, law), *employer_lines(facts, law)]
    return Answer(SCHEME, facts.on, _headline(facts, possible, length), tuple(steps), law.scheme.not_found)


def _problems(facts: SubsidyFacts, rules: Rules) -> list[str]:
    problems = []
    first = rules.scheme(SCHEME).first_day
    if first is not None and facts.on < first:
        problems.append(f"{facts.on} is before the first rule on wage subsidy that was read ({first})\n    → ask of a day from then on")
    if facts.group not in GROUPS:
        problems.append(f"'{facts.group}' is no group\n    → {nearest(facts.group, GROUPS)} There are: {', '.join(GROUPS)}")
    if facts.employer not in EMPLOYERS:
        problems.append(f"'{facts.employer}' is no kind of employer\n    → private or public")
    if facts.months_on_benefits is not None and not 0 <= facts.months_on_benefits <= 600:
        problems.append(f"{facts.months_on_benefits:g} months on benefits cannot be\n    → count the months before the job begins")
    if facts.age is not None and not 15 <= facts.age <= 100:
        problems.append(f"an age of {facts.age} cannot be\n    → tell the age in years on the day the job begins")
    for name, groups in (("job_ready", (12,)), ("clearly_ready_for_education", (4,)), ("in_work", (6, 7))):
        if getattr(facts, name) is not None and facts.group in GROUPS and GROUPS[facts.group][0] not in groups:
            problems.append(f"the law does not ask for {name} of {facts.group}\n    → leave it out")
    return problems


def _offer_line(facts: SubsidyFacts, law: Law, number: int) -> Step:
    """Section 66(1): everybody in section 6 but some groups."""
    who, rules = GROUPS[facts.group][1], (law.find("no_offer_groups"), law.find("no_offer_groups_in_work"))
    never, working = law.numbers("no_offer_groups"), law.numbers("no_offer_groups_in_work")
    holds: Holds = "yes"
    extra = Said("", "")
    if never is None or working is None:
        holds, extra = "unknown", Said(" (loven er ikke læst for den dag)", " (the law was not read for that day)")
    elif number in never:
        holds = "no"
    elif number in working:
        holds = "unknown" if facts.in_work is None else "no" if facts.in_work else "yes"
        extra = Said(", når de ikke er i job eller driver selvstændig virksomhed", ", when not in a job or self-employed")
    elif number == 4:
        ready = facts.clearly_ready_for_education
        holds = "unknown" if ready is None else "no" if ready else "yes"
        extra = Said(", når de ikke er vurderet åbenlyst uddannelsesparate", ", when not assessed as clearly ready for education")
    said = Said(
        f"{who.da} (nr. {number} i § 6) kan få tilbud om løntilskud{extra.da}", f"{who.en} (no. {number} of section 6) can be offered wage subsidy{extra.en}"
    )
    return condition("offer", sentence(said), holds, *rules)


def _last_employer_line(facts: SubsidyFacts, law: Law) -> Step:
    rule = law.find("last_employer_allowed")
    if not facts.last_employer:
        said = Said("arbejdsgiveren er ikke den, personen senest var ansat hos", "the employer is not the one that the person last worked for")
        return condition("last-employer", sentence(said), "yes", rule)
    # Two pages say that it is not possible; the provision was not read, so it settles nothing.
    said = Said(
        "personen var senest ansat hos arbejdsgiveren: det siges ikke at kunne lade sig gøre, men bestemmelsen er ikke læst",
        "the person last worked for the employer: that is said not to be possible, but the provision was not read",
    )
    return condition("last-employer", sentence(said), "unknown", rule)


def _right_line(facts: SubsidyFacts, law: Law, number: int, possible: Holds) -> Step:
    right, groups = law.find("right_with_self_found_employer"), law.numbers("right_groups")
    holds: Holds
    if groups is None:
        holds = "unknown"
    elif number not in groups or facts.self_found is False:
        holds = "no"
    else:
        holds = possible if facts.self_found else "unknown"
    said = {
        "yes": Said(
            "personen har selv fundet arbejdsgiveren og har ret til løntilskud dér", "the person has found the employer and has a right to wage subsidy there"
        ),
        "no": Said(
            "personen har ikke ret til løntilskud; kommunen kan give tilbud om det", "the person has no right to wage subsidy; the municipality can offer it"
        ),
        "unknown": Said(
            "ret til løntilskud hos en arbejdsgiver, personen selv har fundet: kan ikke siges af det oplyste",
            "a right to wage subsidy with an employer the person has found: cannot be said from what is told",
        ),
    }[holds]
    return condition("right", sentence(said), holds, right, law.find("right_groups"))


_RESULT: dict[Holds, Said] = {
    "yes": Said("Personen kan efter det oplyste få løntilskud.", "By what is told the person can get wage subsidy."),
    "no": Said("Personen kan efter det oplyste ikke få løntilskud.", "By what is told the person cannot get wage subsidy."),
    "unknown": Said(
        "Om personen kan få løntilskud, kan ikke siges af det oplyste og de læste regler.",
        "Whether the person can get wage subsidy cannot be said from what is told and the rules read.",
    ),
}


def _headline(facts: SubsidyFacts, possible: Holds, length: Step) -> Said:
    where = EMPLOYERS[facts.employer]
    when = day_said(facts.on)
    if possible == "no":
        return sentence(Said(f"ikke løntilskud hos {where.da} den {when.da}", f"no wage subsidy with {where.en} on {when.en}"))
    months = (
        Said(f", højst {length.value:g} måneder", f", at most {length.value:g} months")
        if length.value is not None
        else Said(", længden er ikke fundet", ", the length was not found")
    )
    may = Said("kan gives", "can be given") if possible == "yes" else Said("kan måske gives", "can perhaps be given")
    return sentence(Said(f"løntilskud {may.da} hos {where.da}{months.da}", f"wage subsidy {may.en} with {where.en}{months.en}"))
