"""The main figures of a scenario as a form: each field is named by where it stands in the scenario (``baseline.job.0.rate``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from virker.language import Said, number
from virker.plan.scenario import CapacityTold, MeasureTold, Scenario
from virker.web.api.plan import LAST_WEEK, MOST_WEEKS
from virker.web.tools.form import Field, Form, Group, Told

#: The largest count of people, hours and places, and the largest amount of money, that the form takes. Ours.
MOST_PEOPLE, MOST_MONEY = 100_000, 10_000_000
_PER_CENT, _WEEKS, _KRONER = Said("pct.", "per cent"), Said("uger", "weeks"), Said("kr.", "kroner")
#: The field that says where the figures of the form are from.
BASIS = "basis"
#: So much of an earlier basis is kept beside a new one.
_MOST_BASIS = 240


def form_of(scenario: Scenario, language: str) -> Form:
    """The form with the scenario's own figures in it, as the language writes numbers."""
    return Form("plan", tuple(_groups(scenario, language)), Said("Regn planen", "Work out the plan"))


def _groups(s: Scenario, language: str) -> Iterator[Group]:
    yield Group(Said("Folk", "People"), tuple(_people(s, language)))
    lead = Said("Hvor stor en del der går fra ledighed på en uge, efter hvor længe de har været ledige.", "How large a share leaves unemployment in a week, by how long they have been unemployed.")  # fmt: skip
    yield Group(Said("Uden indsatsen", "Without the measure"), tuple(_baseline(s, language)), lead)
    for nth, measure in enumerate(s.measure):
        yield Group(Said(f"Indsats: {measure.da}", f"Measure: {measure.en}"), tuple(_measure(measure, nth, s, language)))
    for nth, capacity in enumerate(s.capacity):
        yield Group(Said(f"Kapacitet: {capacity.da}", f"Capacity: {capacity.en}"), tuple(_capacity(capacity, nth, language)))
    yield Group(Said("Penge og tid", "Money and time"), tuple(_money(s, language)))
    hint = Said("Står på resultatet ved de tal, du har ændret. Tomt: »indtastet i planlæggeren«.", "Stands on the result beside the figures that you changed. Empty: 'entered in the planner'.")  # fmt: skip
    yield Group(None, (Field(BASIS, Said("Hvor er dine tal fra?", "Where are your figures from?"), "text", hint),))


def _people(s: Scenario, language: str) -> Iterator[Field]:
    if isinstance(s.people.inflow, (int, float)):
        yield _count("people.inflow", Said("Nye ledige om ugen", "Newly unemployed a week"), s.people.inflow, language)
    for nth, waiting in enumerate(s.people.stock):
        said = Said(f"Ledige ved starten, {waiting.from_}-{waiting.to} uger", f"Unemployed at the start, {waiting.from_}-{waiting.to} weeks")
        yield _count(f"people.stock.{nth}.people", said, waiting.people, language)


def _baseline(s: Scenario, language: str) -> Iterator[Field]:
    for name, rates, da, en in (
        ("job", s.baseline.job, "Finder job om ugen", "Find a job in a week"),
        ("other", s.baseline.other, "Går til andet om ugen", "Leave for something else in a week"),
    ):
        for nth, rate in enumerate(rates):
            yield _share(f"baseline.{name}.{nth}.rate", Said(f"{da}, fra uge {rate.from_}", f"{en}, from week {rate.from_}"), rate.rate, language)
    yield _share("baseline.job_loss", Said("Mister jobbet om ugen", "Lose the job in a week"), s.baseline.job_loss, language)


def _measure(m: MeasureTold, nth: int, s: Scenario, language: str) -> Iterator[Field]:
    at = f"measure.{nth}"
    yield _share(f"{at}.reach", Said("Andel, der begynder", "Share who begin"), m.reach, language)
    yield _week(f"{at}.start_week", Said("Begynder efter", "Begins after"), m.start_week, 0, Said("ugers ledighed", "weeks of unemployment"))
    yield _week(f"{at}.weeks", Said("Varer", "Lasts"), m.weeks, 1)
    known = {c.id: c for c in s.capacity}
    for i, use in enumerate(m.uses):
        c = known[use.capacity]
        said = Said(f"Bruger pr. deltager om ugen: {c.da}", f"Uses for each participant a week: {c.en}")
        yield _figure(f"{at}.uses.{i}.amount", said, use.amount, language, MOST_PEOPLE, Said(c.unit_da, c.unit_en))
    for i, price in enumerate(m.price):
        per = Said(" om ugen", " a week") if price.per == "week" else Said(" pr. deltager", " a participant")
        yield _figure(f"{at}.price.{i}.amount", Said("Pris", "Price"), price.amount, language, MOST_MONEY, _KRONER + per)


def _capacity(c: CapacityTold, nth: int, language: str) -> Iterator[Field]:
    unit = Said(c.unit_da, c.unit_en)
    yield _figure(f"capacity.{nth}.amount", Said("Der er om ugen", "There is a week"), c.amount, language, MOST_PEOPLE, unit)
    if c.price is not None:
        yield _figure(f"capacity.{nth}.price", Said("Pris pr. enhed", "Price a unit"), c.price, language, MOST_MONEY, _KRONER)


def _money(s: Scenario, language: str) -> Iterator[Field]:
    per = {"week": Said(" om ugen", " a week"), "month": Said(" om måneden", " a month"), "year": Said(" om året", " a year")}
    for name, amount, da, en in (
        ("wage", s.money.wage, "Løn i de job, folk finder", "Pay in the jobs that people find"),
        ("benefit", s.money.benefit, "Ydelse", "Benefit"),
    ):
        if amount.amount is not None:
            yield _figure(f"money.{name}.amount", Said(da, en), amount.amount, language, MOST_MONEY, _KRONER + per[amount.per])
    yield Field("weeks", Said("Planen løber", "The plan runs for"), "whole", low=1, high=MOST_WEEKS, default=str(s.weeks), unit=_WEEKS, required=True)


def _count(name: str, label: Said, value: float, language: str) -> Field:
    return _figure(name, label, value, language, MOST_PEOPLE, Said("personer", "people"))


def _share(name: str, label: Said, value: float, language: str) -> Field:
    return _figure(name, label, round(100 * value, 8), language, 100, _PER_CENT)


def _week(name: str, label: Said, value: int, low: int, unit: Said = _WEEKS) -> Field:
    return Field(name, label, "whole", low=low, high=LAST_WEEK, default=str(value), unit=unit, required=True)


def _figure(name: str, label: Said, value: float, language: str, most: float, unit: Said) -> Field:
    return Field(name, label, "number", low=0, high=most, default=number(value, language), unit=unit, required=True)


def changed(told: Told, scenario: Scenario) -> dict[str, float]:
    """The figures that differ from the scenario's, by where they stand; shares as the scenario writes them."""
    found: dict[str, float] = {}
    form = form_of(scenario, told.language)
    own = {f.name: f for f in form.fields}
    for name, value in told.values.items():
        if name == BASIS or name not in own or told.raw[name].strip() == own[name].default:
            continue
        found[name] = round(value / 100, 10) if own[name].unit == _PER_CENT else value
    return found


def edited(text: str, figures: dict[str, float], basis: str) -> str:
    """The scenario's text with figures changed, its comments kept; a table with a figure changed says where that is from.

    ``basis`` is what the planner wrote of that; empty where nothing was.
    """
    if not figures:
        return text
    import tomlkit

    document = tomlkit.parse(text)
    for name, value in figures.items():
        steps: list[str | int] = [int(s) if s.isdigit() else s for s in name.split(".")]
        table: Any = document
        told: Any = None
        for step in steps[:-1]:
            table = table[step]
            told = table if isinstance(table, dict) and ("source" in table or "assumed" in table) else told
        table[steps[-1]] = value
        if told is not None:
            _say_basis(told, basis)
    return tomlkit.dumps(document)


def _say_basis(table: Any, basis: str) -> None:
    """That figures were entered here; of a table with several figures also where those that were not changed are from."""
    import tomlkit

    before = table.pop("source", None) or table.pop("assumed", "")
    table.pop("assumed", None)
    told = {}
    for language, entered, rest in (("da", "indtastet i planlæggeren", "resten: "), ("en", "entered in the planner", "the rest: ")):
        own, old = basis or entered, str(before.get(language, "") if isinstance(before, dict) else before)
        several = "amount" not in table or "price" in table
        kept = f"; {rest}{old[:_MOST_BASIS]}" if several and old else ""
        told[language] = old if old.startswith(own) else f"{own}{kept}"
    entered_table = tomlkit.inline_table()
    entered_table.update(told)
    table["assumed"] = entered_table
