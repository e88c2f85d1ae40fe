"""The planner's own figures and the law's values, each with where it is from, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from virker.language import Said, joined, number
from virker.plan.effects import MeasureEffect
from virker.plan.scenario import Amount, Basis, MeasureTold, MoneyTold, Price, Scenario, told_in_both
from virker.plan.words import CURRENCIES, PAYERS
from virker.plan.work import Worked
from virker.rules import Parameter
from virker.rules.told import STATUSES, value_said
from virker.synthesis.effect_fit import SATURATIONS

Row = tuple[Said, Said, Said]
_PER = {
    "week": Said("om ugen", "a week"), "month": Said("om måneden", "a month"), "year": Said("om året", "a year"),
    "participant": Said("per deltager", "per participant"),
}  # fmt: skip
_PLAN = Said("planens egen indretning", "the plan's own design")


def assumption_rows(worked: Worked) -> list[Row]:
    """What the planner wrote, in the order of the scenario."""
    s = worked.scenario
    return [*_people(s), *_baseline(s), *(row for e in worked.effects for row in _measure(s, e)), *_capacity(s), *_money(s.money), *_settings(s)]


def law_rows(worked: Worked) -> list[Row]:
    """The law's values that the plan used on the day, with their status where one is not in force; the steps of one share in one row."""
    told = worked.scenario.money.state_share
    steps = [u.value for u in worked.law if isinstance(told, str) and u.address.startswith(told)]
    rows = [(Said(u.value.da, u.value.en), _value(u.value), _reference(u.value.reference)) for u in worked.law if u.value not in steps]
    if steps:
        names = [(s.da.rpartition(", "), s.en.rpartition(", ")) for s in steps]
        figures = [Said(f"{da[2]}: ", f"{en[2]}: ") + _value(step) for (da, en), step in zip(names, steps, strict=True)]
        heads = {step.reference.rpartition(", nr.")[0] or step.reference for step in steps}
        rows.append((Said(names[0][0][0], names[0][1][0]), joined(figures, "; "), _reference("; ".join(sorted(heads)))))
    return rows


def _value(parameter: Parameter) -> Said:
    status = STATUSES[parameter.status]
    plain = parameter.status == "in force"
    return value_said(parameter) + (Said("", "") if plain else Said(f" ({status.da})", f" ({status.en})"))


def _reference(reference: str) -> Said:
    return Said(reference, reference)


def _basis(told: Basis | MoneyTold) -> Said:
    return told_in_both(told.source, told.assumed)


def _figure(value: float) -> Said:
    return Said(number(value, "da"), number(value, "en"))


def per_cent_of(share: float) -> Said:
    """A share as per cent, with the digits that were written."""
    value = round(100 * share, 4)
    return Said(f"{number(value, 'da')} pct.", f"{number(value, 'en')} per cent")


def _people(s: Scenario) -> Iterator[Row]:
    inflow = s.people.inflow
    if isinstance(inflow, tuple):
        mean = round(sum(inflow) / len(inflow), 1)
        yield Said("nye ledige om ugen, i gennemsnit", "newly unemployed a week, on average"), _figure(mean), _basis(s.people)
    else:
        yield Said("nye ledige om ugen", "newly unemployed a week"), _figure(inflow), _basis(s.people)
    for w in s.people.stock:
        name = Said(f"ledige ved starten, uge {w.from_}-{w.to} af forløbet", f"unemployed at the start, weeks {w.from_}-{w.to} of the spell")
        yield name, _figure(w.people), _basis(s.people)


def _baseline(s: Scenario) -> Iterator[Row]:
    for rates, name in (
        (s.baseline.job, Said("går til job om ugen", "leave for a job a week")),
        (s.baseline.other, Said("går til andet om ugen", "leave for something else a week")),
    ):
        if rates:
            steps = [Said(f"fra uge {r.from_}: ", f"from week {r.from_}: ") + per_cent_of(r.rate) for r in rates]
            yield name, joined(steps, "; "), _basis(s.baseline)
    yield Said("mister jobbet om ugen", "lose the job a week"), per_cent_of(s.baseline.job_loss), _basis(s.baseline)


def _measure(s: Scenario, effect: MeasureEffect) -> Iterator[Row]:
    m, capacity = effect.told, {c.id: c for c in s.capacity}
    yield Said(f"»{m.da}«", f"“{m.en}”"), joined([*_when(m)], "; "), _PLAN
    for use in m.uses:
        c, amount = capacity[use.capacity], _figure(use.amount)
        yield Said(f"»{m.da}« bruger", f"“{m.en}” takes"), Said(f"{c.da}: {amount.da} om ugen", f"{c.en}: {amount.en} a week"), _PLAN
    for price in m.price:
        yield Said(f"»{m.da}« koster", f"“{m.en}” costs"), _price(price, s.money.currency), _basis(price)
    if m.pay is not None:
        yield Said(f"løn under »{m.da}«", f"pay during “{m.en}”"), _amount(m.pay, s.money.currency), _basis(m.pay)


def _when(m: MeasureTold) -> Iterator[Said]:
    """Whom it reaches and when, and what the planner decided on its effect."""
    after = Said(
        f" efter {m.start_week} {'uges' if m.start_week == 1 else 'ugers'} ledighed",
        f" after {m.start_week} {'week' if m.start_week == 1 else 'weeks'} of unemployment",
    )
    if m.start_week == 0:
        after = Said(" fra første ledige uge", " from the first week of unemployment")
    long = Said(f", i {m.weeks} {'uge' if m.weeks == 1 else 'uger'}", f", for {m.weeks} {'week' if m.weeks == 1 else 'weeks'}")
    yield per_cent_of(m.reach) + after + long
    if m.notice_weeks:
        yield Said(f"meldt ud {m.notice_weeks} uger før", f"announced {m.notice_weeks} weeks before")
    if m.from_week:
        yield Said(f"fra planens uge {m.from_week}", f"from the plan's week {m.from_week}")
    if m.lasts_weeks is not None:
        yield Said(f"effekten varer {m.lasts_weeks} uger", f"the effect lasts {m.lasts_weeks} weeks")
    if m.effect is not None:
        yield Said(f"effekten er valgt: {m.effect}", f"the effect is chosen: {m.effect}")
    if m.saturation is not None:
        yield Said("udbredelse: ", "roll-out: ") + SATURATIONS[m.saturation]


def _price(price: Price, currency: str) -> Said:
    amount, unit, per = _figure(price.amount), CURRENCIES.get(currency, Said(currency, currency)), _PER[price.per]
    return Said(f"{amount.da} {unit.da} {per.da}, betalt af {PAYERS[price.payer].da}", f"{unit.en} {amount.en} {per.en}, paid by {PAYERS[price.payer].en}")


def _amount(amount: Amount, currency: str) -> Said:
    assert amount.amount is not None
    unit, per, figure = CURRENCIES.get(currency, Said(currency, currency)), _PER[amount.per], _figure(amount.amount)
    return Said(f"{figure.da} {unit.da} {per.da}", f"{unit.en} {figure.en} {per.en}")


def _capacity(s: Scenario) -> Iterator[Row]:
    unit = CURRENCIES.get(s.money.currency, Said(s.money.currency, s.money.currency))
    for c in s.capacity:
        amount, one_more = _figure(c.amount), _figure(c.one_more)
        price = Said("", "")
        if c.price is not None:
            per = _figure(c.price)
            who = PAYERS[c.payer]
            price = Said(f"; {per.da} {unit.da} for hver, betalt af {who.da}", f"; {unit.en} {per.en} for each, paid by {who.en}")
        yield (
            Said(c.da, c.en),
            Said(
                f"{amount.da} {c.unit_da} om ugen; {c.one_more_da} giver {one_more.da}", f"{amount.en} {c.unit_en} a week; {c.one_more_en} gives {one_more.en}"
            )
            + price,
            _basis(c),
        )


def _money(money: MoneyTold) -> Iterator[Row]:
    for name, amount in ((Said("ydelsen før skat", "the benefit before tax"), money.benefit), (Said("løn før skat", "pay before tax"), money.wage)):
        if amount.rule is None:
            yield name, _amount(amount, money.currency), _basis(amount)
    yield Said("skat af ydelsen", "tax on the benefit"), per_cent_of(money.tax_benefit), _basis(money)
    yield Said("skat af løn", "tax on pay"), per_cent_of(money.tax_wage), _basis(money)
    yield Said("statens del af skatten", "the state's share of the tax"), per_cent_of(money.state_tax_share), _basis(money)
    if not isinstance(money.state_share, str):
        steps = [Said(f"fra uge {x.from_}: ", f"from week {x.from_}: ") + per_cent_of(x.share) for x in money.state_share]
        yield Said("statens del af ydelsen", "the state's share of the benefit"), joined(steps, "; "), _basis(money)
    if money.discount_rate is not None:
        yield Said("diskonteringsrente om året", "discount rate a year"), per_cent_of(money.discount_rate), _basis(money)


def _settings(s: Scenario) -> Iterator[Row]:
    drawn = Said(f"{number(s.draws, 'da')} (frø {s.seed})", f"{number(s.draws, 'en')} (seed {s.seed})")
    yield Said("trækninger af det usikre", "draws of what is uncertain"), drawn, _PLAN
    yield Said("egne tal skruet op og ned med", "own figures turned up and down by"), per_cent_of(s.swing), _PLAN
    if s.significance_level is not None:
        yield (
            Said("»signifikant« uden trykt niveau tages som", "“significant” without a printed level is taken as"),
            per_cent_of(s.significance_level),
            Said("antaget af planlæggeren", "assumed by the planner"),
        )
