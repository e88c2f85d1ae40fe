"""Six weeks of job-directed training as a form."""

from __future__ import annotations

from virker.claims.edition import Edition
from virker.language import Said, day_said
from virker.practice.seks_uger import EDUCATION, SCHEME, TrainingFacts, seks_uger
from virker.rules import Rules
from virker.web.tools.form import Field, Form, Group, Told
from virker.web.tools.tool import Answered, Tool, reckoned


def forms(rules: Rules) -> tuple[Form, ...]:
    """One form."""
    fields = (
        Field("unemployed_from", Said("Første dag som ledig", "First day of unemployment"), "day", required=True),
        Field(
            "education",
            Said("Uddannelse", "Education"),
            "choice",
            choices=tuple((e, Said(s.da[:1].upper() + s.da[1:], s.en[:1].upper() + s.en[1:])) for e, (_, s) in EDUCATION.items()),
        ),
        Field(
            "age",
            Said("Alder i år", "Age in years"),
            "whole",
            low=15,
            high=100,
            hint=Said("Loven har én frist under 25 år og en anden fra 25.", "The law has one limit under 25 and another from 25."),
        ),
        Field("on_unemployment_benefit", Said("Har dagpengeret og er fuldtidsledig?", "Entitled to unemployment benefit and unemployed full time?"), "yes-no"),
        Field("flex_job_referred", Said("Visiteret til fleksjob?", "Referred to a flex job?"), "yes-no"),
        Field("begun_in_notice", Said("Er kurset begyndt i opsigelsesperioden?", "Was the course begun in the period of notice?"), "yes-no"),
    )
    return (Form(SCHEME, (Group(None, fields),)),)


def answer(form: str, told: Told, edition: Edition) -> Answered | None:
    """The answer to what was told."""
    rules = edition.rules
    first, began = rules.scheme(SCHEME).first_day, told["unemployed_from"]
    if began and first and began < first:
        since = day_said(first)
        told.fault("unemployed_from", Said(f"dagen er før loven: Ordningen begynder {since.da}", f"the day is before the law: the scheme begins on {since.en}"), Said("spørg om en senere dag", "ask of a later day"))  # fmt: skip
    return reckoned(told, lambda: seks_uger(TrainingFacts(**told.values), rules))


TOOL = Tool(
    "seks-ugers-uddannelse",
    Said("6 ugers jobrettet uddannelse", "Six weeks of job-directed training"),
    Said("Hvem ordningen omfatter, hvornår kurset kan begynde, og den sidste dag.", "Whom the scheme covers, when a course can begin, and the last day."),
    Said(
        "Beregneren giver første og sidste dag for en person, der er ledig uden afbrydelser. Loven tæller ledigheden sammen, så den, der har haft afbrydelser, har senere dage.",
        "The calculator gives the first and the last day of a person who is unemployed without a break. The law counts unemployment in total, so a person with breaks has later days.",
    ),
    (SCHEME,),
    "uddannelse",
    "virker practice seks-ugers-uddannelse 2025-01-06 --education skilled --age 30 --on-unemployment-benefit",
    forms,
    answer,
)
