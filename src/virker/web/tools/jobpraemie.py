"""The job bonus as a form: one for each of the three schemes, since each asks of other things."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from virker.claims.edition import Edition
from virker.language import Said, day_said, number
from virker.practice.bonus_covered import benefits
from virker.practice.bonus_facts import BonusFacts
from virker.practice.jobpraemie import SCHEMES, jobpraemie, period
from virker.practice.lookup import Law
from virker.practice.months import last_day, monthly
from virker.rules import Rules
from virker.rules.told import month_said
from virker.web.parameters import short
from virker.web.tools.form import Field, Form, Group, Told, number_of
from virker.web.tools.tool import Answered, Tool, reckoned

#: More months than any scheme lasted, and more pay than a month gives: slips of the pen. Ours.
MOST_MONTHS, MOST_PAY = 120, 10_000_000.0
_LINE = re.compile(r"(\d{4}-\d{2})(?:\s*(?:\.\.|til|to|–|-|—)\s*(\d{4}-\d{2}))?\s*[:=;\t ]\s*(.+)")
_WRITE = Said("skriv én måned og et beløb på hver linje, som 2017-04 25000", "write one month and an amount on each line, as 2017-04 25000")


def forms(rules: Rules) -> tuple[Form, ...]:
    """One form for each scheme, the newest first."""
    return tuple(Form(name, (Group(None, (_earnings(rules, name), *_FIELDS[name](rules))),), title=_title(rules, name)) for name in SCHEMES)


def _title(rules: Rules, name: str) -> Said:
    scheme = rules.scheme(name)
    return Said(scheme.da, scheme.en)


def _earnings(rules: Rules, name: str) -> Field:
    first, last = period(rules, name)
    begins, ends = f"{first:%Y-%m}", f"{last:%Y-%m}"
    hint = Said(
        f"Løn før skat, måned for måned, uden løn med offentligt tilskud. Én linje for hver måned eller for flere i træk: »{begins} 25000« eller »{begins}..{ends} 25000«. Kan sættes ind fra et regneark.",
        f"Pay before tax, month by month, without pay with public support. One line for each month or for several in a row: '{begins} 25000' or '{begins}..{ends} 25000'. It can be pasted from a spreadsheet.",
    )
    return Field("earnings", Said("Løn pr. måned", "Pay by month"), "lines", hint, required=True)


def _of_2017(rules: Rules) -> tuple[Field, ...]:
    law = Law(rules, "jobpraemie-2017", period(rules, "jobpraemie-2017")[0])
    week = law.said(law.need("reference_week"))
    names = dict.fromkeys(b for g in ("a", "b") for b in benefits(law, g))
    both = [b for b in names if all(b in benefits(law, g) for g in ("a", "b"))]
    most = max(law.number(f"window_weeks_group_{g}") or 0 for g in ("a", "b"))
    return (
        Field(
            "benefit",
            Said(f"Ydelse i {week.da}", f"Benefit in {week.en}"),
            "choice",
            choices=tuple((b, Said(b[:1].upper() + b[1:], b[:1].upper() + b[1:])) for b in names),
        ),
        Field(
            "group",
            Said("Gruppe", "Group"),
            "choice",
            choices=(("a", Said("Gruppe A", "Group A")), ("b", Said("Gruppe B", "Group B"))),
            hint=Said(f"Kun nødvendig for {', '.join(both)}, som står i begge grupper.", f"Only needed for {', '.join(both)}, which stands in both groups."),
        ),
        Field("weeks", Said("Uger på ydelse i lovens periode", "Weeks on benefits in the law's window"), "whole", low=0, high=most),
        Field("lives_in_denmark", Said("Bor i Danmark og er skattepligtig her?", "Lives in Denmark and is liable to tax here?"), "yes-no"),
    )


def _of_2012(rules: Rules) -> tuple[Field, ...]:
    law = Law(rules, "jobpraemie-kontanthjaelp-2012", period(rules, "jobpraemie-kontanthjaelp-2012")[0])
    day = law.said(law.need("on_social_assistance_on"))
    return (
        Field("entitled", Said(f"På kontanthjælp den {day.da}?", f"On social assistance on {day.en}?"), "yes-no"),
        Field("days", Said("Dage på ydelse i lovens periode", "Days on benefits in the law's window"), "whole", low=0, high=law.number("window_days")),
        Field("lone_parent_bonus", Said("Får jobpræmien til enlige forsørgere samtidig?", "Receives the bonus for lone parents at the same time?"), "yes-no"),
    )


def _of_2011(rules: Rules) -> tuple[Field, ...]:
    law = Law(rules, "jobpraemie-enlige-2011", period(rules, "jobpraemie-enlige-2011")[0])
    day, first, last = (law.need(n) for n in ("extra_child_benefit_on", "window_from", "window_to"))
    weeks = (date.fromisoformat(str(last[1].value)) - date.fromisoformat(str(first[1].value))).days // 7 + 1
    when = law.said(day)
    return (
        Field("entitled", Said(f"Enlig forsørger med ekstra børnetilskud den {when.da}?", f"Lone parent with extra child benefit on {when.en}?"), "yes-no"),
        Field("weeks", Said("Uger på ydelse i lovens periode", "Weeks on benefits in the law's window"), "whole", low=0, high=weeks),
    )


_FIELDS = {"jobpraemie-2017": _of_2017, "jobpraemie-kontanthjaelp-2012": _of_2012, "jobpraemie-enlige-2011": _of_2011}


def answer(form: str, told: Told, edition: Edition) -> Answered | None:
    """The answer to what was told to the form of one scheme."""
    rules, earnings = edition.rules, _read_earnings(told)
    begins, _ = period(rules, form)
    if earnings and all(last_day(m) < begins for m, _ in earnings):
        since = day_said(begins)
        told.fault("earnings", Said(f"alle måneder er før ordningen, som begynder {since.da}", f"every month is before the scheme, which begins on {since.en}"), Said("skriv måneder fra da af, eller vælg en anden ordning", "write months from then on, or choose another scheme"))  # fmt: skip
    if form == "jobpraemie-2017":
        _check_group(told, Law(rules, form, begins))
    facts = {name: value for name, value in told.values.items() if name != "earnings"}
    return reckoned(told, lambda: jobpraemie(BonusFacts(earnings=[(f"{m:%Y-%m}", pay) for m, pay in earnings], scheme=form, **facts), rules))


def _check_group(told: Told, law: Law) -> None:
    benefit, group = told["benefit"], told["group"]
    if benefit and group and benefit not in benefits(law, group):
        name = group.upper()
        told.fault("group", Said(f"{benefit} hører ikke til gruppe {name}", f"{benefit} does not belong to group {name}"), Said("vælg den anden gruppe, eller »ikke oplyst«", "choose the other group, or 'not told'"))  # fmt: skip


def _read_earnings(told: Told) -> list[tuple[date, float]]:
    """The months with their pay in order; every line that cannot be read is a fault."""
    found: list[tuple[date, float]] = []
    for nth, line in enumerate((told["earnings"] or "").splitlines(), 1):
        if line.strip():
            found += _read_line(line.strip(), nth, told)
    found.sort(key=lambda m: m[0])
    twice = sorted({a for (a, _), (b, _) in pairwise(found) if a == b})
    if twice:
        months = [month_said(m) for m in twice[:3]]
        da, en = ", ".join(m.da for m in months), ", ".join(m.en for m in months)
        told.fault("earnings", Said(f"{da} er oplyst to gange", f"{en} is told twice"), Said("skriv hver måned én gang", "write every month once"))
    if len(found) > MOST_MONTHS:
        told.fault("earnings", Said(f"{number(len(found), 'da')} måneder er for mange", f"{number(len(found), 'en')} months are too many"), Said(f"skriv højst {MOST_MONTHS}", f"write {MOST_MONTHS} at most"))  # fmt: skip
        return []
    return found


def _read_line(line: str, nth: int, told: Told) -> list[tuple[date, float]]:
    told_of = Said(f"linje {nth}, »{short(line)}«, ", f"line {nth}, '{short(line)}', ")
    parts = _LINE.fullmatch(line)
    months, problems = monthly([(f"{parts[1]}..{parts[2]}" if parts[2] else parts[1], 0.0)]) if parts else ([], ["none"])
    if parts is None or problems:
        told.fault("earnings", told_of + Said("kan ikke læses", "cannot be read"), _WRITE)
        return []
    pay = number_of(parts[3], told.language)
    if pay is None or not 0 <= pay <= MOST_PAY:
        told.fault("earnings", told_of + Said("har intet beløb, der kan bruges", "has no amount that can be used"), Said("skriv kroner, 0 eller mere, som 25000", "write kroner, 0 or more, as 25000"))  # fmt: skip
        return []
    return [(month, pay) for month, _ in months]


TOOL = Tool(
    "jobpraemie",
    Said("Jobpræmie", "Job bonus"),
    Said(
        "Præmien måned for måned og i alt, i de tre ordninger fra 2011 til 2019.", "The bonus month by month and in all, in the three schemes of 2011 to 2019."
    ),
    Said(
        "De tre ordninger er ophørt. Beregneren viser, hvad de gav, og hvem de omfattede, så de kan sammenlignes og nye kan tænkes igennem.",
        "The three schemes have ended. The calculator shows what they gave and whom they covered, so that they can be compared and new ones thought through.",
    ),
    SCHEMES,
    "jobpraemie",
    "virker practice jobpraemie 2017-04..2018-09=25000 --benefit kontanthjælp --weeks 47 --lives-in-denmark",
    forms,
    answer,
)
