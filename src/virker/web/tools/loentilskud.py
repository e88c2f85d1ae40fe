"""Wage subsidy as a form."""

from __future__ import annotations

from virker.claims.edition import Edition
from virker.language import Said, day_said
from virker.practice.loentilskud import GROUPS, SCHEME, loentilskud
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.subsidy_lines import EMPLOYERS
from virker.rules import Rules
from virker.web.tools.form import Field, Form, Group, Told
from virker.web.tools.tool import Answered, Tool, reckoned

#: Facts that the law asks of some groups only, by the groups' numbers.
_ONLY_FOR: dict[str, tuple[int, ...]] = {"job_ready": (12,), "clearly_ready_for_education": (4,), "in_work": (6, 7)}


def _capital(said: Said) -> Said:
    return Said(said.da[:1].upper() + said.da[1:], said.en[:1].upper() + said.en[1:])


def _only_for(name: str) -> Said:
    groups = [said for number, said in GROUPS.values() if number in _ONLY_FOR[name]]
    return Said("Kun for " + " og ".join(g.da for g in groups) + ".", "Only for " + " and ".join(g.en for g in groups) + ".")


def forms(rules: Rules) -> tuple[Form, ...]:
    """One form."""
    job = (
        Field("on", Said("Dagen, jobbet begynder", "The day the job begins"), "day", required=True),
        Field(
            "group",
            Said("Ydelse eller forløb", "Benefit or course"),
            "choice",
            choices=tuple((g, _capital(said)) for g, (_, said) in GROUPS.items()),
            required=True,
        ),
        Field("employer", Said("Arbejdsgiver", "Employer"), "radio", choices=tuple((e, _capital(said)) for e, said in EMPLOYERS.items()), required=True),
        Field(
            "months_on_benefits",
            Said("Måneder på offentlig ydelse før jobbet", "Months on public benefits before the job"),
            "number",
            low=0,
            high=600,
        ),
        Field("self_found", Said("Har personen selv fundet arbejdsgiveren?", "Has the person found the employer?"), "yes-no"),
        Field(
            "last_employer", Said("Er det den arbejdsgiver, personen senest var ansat hos?", "Is it the employer that the person last worked for?"), "yes-no"
        ),
    )
    exempt = (
        Field("age", Said("Alder i år", "Age in years"), "whole", low=15, high=100),
        Field("lone_parent", Said("Enlig forsørger?", "Lone parent?"), "yes-no"),
        Field(
            "qualifying_education",
            Said("Kompetencegivende uddannelse?", "A qualifying education?"),
            "yes-no",
            hint=Said("En ungdomsuddannelse, der giver erhvervskompetence, eller en videregående.", "A qualifying youth education, or one at a higher level."),
        ),
    )
    some = (
        Field("job_ready", Said("Jobparat?", "Job-ready?"), "yes-no", hint=_only_for("job_ready")),
        Field(
            "clearly_ready_for_education",
            Said("Vurderet åbenlyst uddannelsesparat?", "Assessed as clearly ready for education?"),
            "yes-no",
            hint=_only_for("clearly_ready_for_education"),
        ),
        Field("in_work", Said("I job eller selvstændig?", "In a job or self-employed?"), "yes-no", hint=_only_for("in_work")),
    )
    why = Said(
        "Loven undtager nogle fra kravet om en forudgående periode på ydelse. Svarene bruges kun til det.",
        "The law exempts some people from the required period on benefits. The answers are used for that alone.",
    )
    return (
        Form(
            SCHEME,
            (
                Group(Said("Jobbet", "The job"), job),
                Group(Said("Undtaget fra kravet om tid på ydelse?", "Exempt from the required time on benefits?"), exempt, why),
                Group(Said("Kun for nogle grupper", "For some groups only"), some, folded=True),
            ),
        ),
    )


def answer(form: str, told: Told, edition: Edition) -> Answered | None:
    """The answer to what was told."""
    rules = edition.rules
    first, on, group = rules.scheme(SCHEME).first_day, told["on"], told["group"]
    if on and first and on < first:
        since = day_said(first)
        told.fault("on", Said(f"dagen er før den første regel, der er læst ({since.da})", f"the day is before the first rule that was read ({since.en})"), Said("spørg om en senere dag", "ask of a later day"))  # fmt: skip
    for name, numbers in _ONLY_FOR.items():
        if told[name] is not None and group in GROUPS and GROUPS[group][0] not in numbers:
            told.fault(name, Said("loven spørger ikke om det for den valgte gruppe", "the law does not ask this of the chosen group"), Said("vælg »ikke oplyst«", "choose 'not told'"))  # fmt: skip
    return reckoned(told, lambda: loentilskud(SubsidyFacts(**told.values), rules))


TOOL = Tool(
    "loentilskud",
    Said("Løntilskud", "Wage subsidy"),
    Said(
        "Om der kan gives løntilskud, hvor længe, og hvad arbejdsgiveren får i timen.",
        "Whether wage subsidy can be given, for how long, and what the employer gets per hour.",
    ),
    Said(
        "Beregneren holder det, du oplyser, mod loven på den dag, jobbet begynder. Det, loven ikke er læst om, bliver aldrig til et ja.",
        "The calculator holds what you tell against the law on the day the job begins. What was not read in the law never becomes a yes.",
    ),
    (SCHEME,),
    "loentilskud",
    "virker practice loentilskud dagpenge private --on 2024-06-01 --months 8",
    forms,
    answer,
)
