"""The schedule of job meetings as a form, and as a calendar file."""

from __future__ import annotations

from datetime import date, timedelta

from virker.claims.edition import Edition
from virker.language import Said, day_said
from virker.practice.holidays import danish_holidays
from virker.practice.meeting_law import GROUPS, SCHEME, first_day
from virker.practice.placement import PLACEMENTS
from virker.practice.samtaler import plan_meetings
from virker.practice.schedule import HOLDERS, Asked, Held
from virker.rules import Rules
from virker.web.tools.form import Field, Form, Group, Told
from virker.web.tools.tool import Answered, Tool

#: Lines for meetings that were held: more than the law asks for in the first six months.
HELD_LINES = 8
#: A schedule is asked for within so many days of the registration; later there is nothing to place. Ours.
_LATEST = timedelta(days=3653)


def _capital(said: Said) -> Said:
    return Said(said.da[:1].upper() + said.da[1:], said.en[:1].upper() + said.en[1:])


def forms(rules: Rules) -> tuple[Form, ...]:
    """One form."""
    groups, places = GROUPS.values(), PLACEMENTS.values()
    person = (
        Field("group", Said("Gruppe", "Group"), "choice", choices=tuple((g.id, _capital(g.said)) for g in groups), required=True),
        Field(
            "registered",
            Said("Tilmeldt (for kontanthjælp: første henvendelse)", "Registered (for social assistance: first contact)"),
            "day",
            required=True,
        ),
        Field(
            "on",
            Said("Set fra dagen", "Seen from the day"),
            "day",
            hint=Said("Dagens lov, og hvad der er gået da. Tomt: i dag.", "The law of that day, and what has passed then. Empty: today."),
        ),
        Field("placement", Said("Forslag lægges", "Suggestions are placed"), "radio", choices=tuple((p.id, _capital(p.said)) for p in places), default="even"),
    )
    held = tuple(f for n in range(1, HELD_LINES + 1) for f in _held_fields(n))
    lead = Said("Dag, og hvem der holdt samtalen.", "The day, and who held the meeting.")
    return (
        Form(
            SCHEME,
            (Group(None, person), Group(Said("Samtaler, der er holdt", "Meetings that were held"), held, lead, folded=True, pairs=True)),
            Said("Lav samtaleplan", "Make the schedule"),
        ),
    )


def _held_fields(nth: int) -> tuple[Field, Field]:
    return (
        Field(f"held-{nth}", Said(f"Samtale {nth}: dag", f"Meeting {nth}: day"), "day"),
        Field(f"by-{nth}", Said(f"Samtale {nth}: hvem", f"Meeting {nth}: by whom"), "choice", choices=tuple((h, _capital(s)) for h, s in HOLDERS.items())),
    )


def answer(form: str, told: Told, edition: Edition) -> Answered | None:
    """The schedule for what was told."""
    began, on = told["registered"], told["on"] or date.today()
    held = _read_held(told, began, on)
    law = first_day(edition.rules)
    if began and law and began < law:
        since = day_said(law)
        told.fault("registered", Said(f"dagen er før den lov, data har ({since.da})", f"the day is before the law that the data has ({since.en})"), Said("spørg om en senere dag", "ask of a later day"))  # fmt: skip
    if began and abs(on - began) > _LATEST:
        told.fault("on", Said("dagen er mere end ti år fra tilmeldingen", "the day is more than ten years from the registration"), Said("se begge dage efter", "check both days"))  # fmt: skip
    if told.faults or began is None:
        return None
    asked = Asked(began, told["group"], on, tuple(sorted(held)), told["placement"] or "even")
    found = plan_meetings(asked, edition, danish_holidays(began.year, max(on.year, began.year + 2)))
    return Answered(*found)


def _read_held(told: Told, began: date | None, on: date) -> list[Held]:
    found: list[Held] = []
    for nth in range(1, HELD_LINES + 1):
        day, by, at = told[f"held-{nth}"], told[f"by-{nth}"], f"held-{nth}"
        if told.faults_at(at) or told.faults_at(f"by-{nth}"):
            continue
        if (day is None) != (by is None):
            missing = f"by-{nth}" if by is None else at
            told.fault(missing, Said("mangler for en samtale, der er holdt", "is missing for a meeting that was held"), Said("oplys både dag og hvem, eller ingen af dem", "tell both the day and by whom, or neither"))  # fmt: skip
        if day is None or by is None:
            continue
        if began and day < began:
            told.fault(at, Said("samtalen er før tilmeldingen", "the meeting is before the registration"), Said("se begge dage efter; en samtale i et tidligere forløb tæller ikke", "check both days; a meeting of an earlier course does not count"))  # fmt: skip
        if day > on:
            told.fault(at, Said("samtalen er efter den dag, der ses fra", "the meeting is after the day it is seen from"), Said("udelad den, eller vælg en senere dag", "leave it out, or choose a later day"))  # fmt: skip
        if (meeting := Held(day, by)) in found:
            told.fault(at, Said("samtalen er oplyst to gange", "the meeting is told twice"), Said("oplys den én gang", "tell it once"))
        found.append(meeting)
    return found


TOOL = Tool(
    "samtaler",
    Said("Samtaleplan", "Schedule of meetings"),
    Said("Lovens vinduer for jobsamtaler, forslag til dage og en kalenderfil.", "The law's windows for job meetings, suggested days and a calendar file."),
    Said(
        "Planen viser, hvornår loven kræver samtaler, hvad der er holdt, og hvad der mangler. Den foreslår dage i lovens vinduer og siger, hvad evidensen lægger til.",
        "The schedule shows when the law requires meetings, what was held and what remains. It suggests days in the law's windows and says what the evidence adds.",
    ),
    (SCHEME,),
    "samtaler",
    "virker practice samtaler 2026-09-01 dagpenge --held 2026-09-08:a-kasse",
    forms,
    answer,
)
