"""The law in words: a value with its unit, its days, where it stands, and where it was read; in Danish and English.

>>> from datetime import date
>>> from virker.rules import Parameter
>>> p = Parameter(id="max_per_month_dkk", da="Højeste præmie pr. måned", en="Highest bonus per month", value=2500, unit="DKK per month",
...               from_=date(2017, 4, 1), to=date(2019, 3, 31), status="repealed", reference="§ 7", source="the act")
>>> value_said(p).da, value_said(p).en
('2.500 kr. pr. måned', 'DKK 2,500 per month')
>>> days_said(p).da
'fra 1. april 2017 til 31. marts 2019'
"""

from __future__ import annotations

import re
from datetime import date

from virker.language import Said, day_said, joined, number
from virker.rules.records import Parameter, Scheme, Status

#: How each status is said of a value.
STATUSES: dict[Status, Said] = {
    "in force": Said("gældende", "in force"),
    "repealed": Said("ophørt", "ended"),
    "proposed": Said("kun foreslået", "only proposed"),
    "unverified": Said("ikke efterprøvet i loven", "not verified in the law"),
}

#: Units after one, and after any other number.
UNITS: dict[str, tuple[Said, Said]] = {
    "percent": (Said("procent", "percent"),) * 2,
    "percent per year": (Said("procent om året", "percent a year"),) * 2,
    "factor": (Said("", ""),) * 2,
    "days": (Said("dag", "day"), Said("dage", "days")),
    "weeks": (Said("uge", "week"), Said("uger", "weeks")),
    "months": (Said("måned", "month"), Said("måneder", "months")),
    "calendar months": (Said("kalendermåned", "calendar month"), Said("kalendermåneder", "calendar months")),
    "years": (Said("år", "year"), Said("år", "years")),
    "hours": (Said("time", "hour"), Said("timer", "hours")),
    "times": (Said("gang", "time"), Said("gange", "times")),
    "meetings": (Said("samtale", "meeting"), Said("samtaler", "meetings")),
    "groups": (Said("gruppe", "group"), Said("grupper", "groups")),
    "employees": (Said("ansat", "employee"), Said("ansatte", "employees")),
}
#: References that say that the source told of the rule without its section.
_NOT_READ = ("Lovbestemmelsen er ikke læst", "Loven er ikke læst")
_MONEY = {"DKK": Said("", ""), "DKK per month": Said(" pr. måned", " per month"), "DKK per hour": Said(" pr. time", " per hour")}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY_OF_YEAR = re.compile(r"(\d{2})-(\d{2})")


def value_said(parameter: Parameter, scheme: Scheme | None = None) -> Said:
    """The value with its unit; texts that the law sets in both languages where ``scheme`` tells them."""
    value = parameter.value
    if isinstance(value, bool):
        return Said("ja", "yes") if value else Said("nej", "no")
    if isinstance(value, str):
        return _text_said(value, scheme)
    return amount_said(value, parameter.unit)


def amount_said(value: float, unit: str | None) -> Said:
    """A number with its unit: ``2.500 kr. pr. måned``, ``DKK 2,500 per month``; an unknown unit stands as it is written."""
    if unit in _MONEY:
        return Said(f"{_money(value, 'da')} kr.{_MONEY[unit].da}", f"DKK {_money(value, 'en')}{_MONEY[unit].en}")
    words = UNITS.get(unit or "", (Said(unit or "", unit or ""),) * 2)[value != 1]
    return Said(f"{number(value, 'da')} {words.da}".strip(), f"{number(value, 'en')} {words.en}".strip())


def _money(value: float, language: str) -> str:
    """Whole kroner without decimals, anything else with two, as amounts are written."""
    text = number(round(value, 2), language)
    point = "," if language == "da" else "."
    whole, found, rest = text.partition(point)
    return whole + found + rest.ljust(2, "0") if found else text


def _text_said(value: str, scheme: Scheme | None) -> Said:
    if _DAY.fullmatch(value):
        return day_said(date.fromisoformat(value))
    if week := _WEEK.fullmatch(value):
        return Said(f"uge {int(week[2])} i {week[1]}", f"week {int(week[2])} of {week[1]}")
    if _MONTH.fullmatch(value):
        return month_said(date.fromisoformat(f"{value}-01"))
    if day := _DAY_OF_YEAR.fullmatch(value):
        said = day_said(date(2000, int(day[1]), int(day[2])))
        return Said(said.da.rpartition(" ")[0], said.en.rpartition(" ")[0])
    return scheme.said(value) if scheme else Said(value, value)


def month_said(day: date) -> Said:
    """The month of a day: ``april 2017``, ``April 2017``."""
    said = day_said(day)
    return Said(said.da.split(" ", 1)[1], said.en.split(" ", 1)[1])


def days_said(parameter: Parameter) -> Said:
    """From when to when the value holds, as far as the source tells."""
    parts = []
    if parameter.from_:
        parts.append(Said("fra ", "from ") + day_said(parameter.from_))
    if parameter.to:
        parts.append(Said("til ", "to ") + day_said(parameter.to))
    return joined(parts) if parts else Said("uden dato", "without a date")


def status_said(parameter: Parameter, day: date | None = None) -> Said:
    """Where the value stands; of a rule that has ended, but held on ``day``, that it held."""
    if parameter.status == "in force" and parameter.reference in _NOT_READ:
        return Said("gældende efter kilden", "in force by the source")
    if day is not None and parameter.status == "repealed" and parameter.holds_on(day):
        return Said("gjaldt den dag, siden ophørt", "held on that day, since ended")
    return STATUSES[parameter.status]


def law_said(parameter: Parameter, scheme: Scheme | None = None) -> Said:
    """The reference, where the value stands, and where it was read: what is written beside a line that rests on it."""
    reference, source = ((scheme.said(t) if scheme else Said(t, t)) for t in (parameter.reference, parameter.source))
    return reference + Said("; ", "; ") + status_said(parameter) + Said(". Kilde: ", ". Source: ") + source + Said(".", ".")
