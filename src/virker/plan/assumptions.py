"""The planner's own figures and the law's values, each with where it is from, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from virker.language import Said, joined, number
from virker.plan.scenario import Amount, Basis, MeasureTold, MoneyTold, Price, Scenario, told_in_both
from virker.plan.words import CURRENCIES, PAYERS
from virker.plan.work import Worked
from virker.rules.told import value_said

Row = tuple[Said, Said, Said]
_PER = {
    "week": Said("om ugen", "a week"), "month": Said("om måneden", "a month"), "year": Said("om året", "a year"),
    "participant": Said("per deltager", "per participant"),
}  # fmt: skip


def assumption_rows(worked: Worked) -> list[Row]:
    """What the planner wrote, in the order of the scenario."""
    s = worked.scenario
    return _once([*_people(s), *_baseline(s), *(row for m in s.measure for row in _measure(s, m)), *_capacity(s), *_money(s.money), *_settings(s)])


def law_rows(worked: Worked) -> list[Row]:
    """The law's values that the plan used, on the day they were asked for; the same place in the law is told once."""
    rows = [(Said(u.value.da, u.value.en), value_said(u.value), Said(u.value.reference, u.value.reference)) for u in worked.law]
    return _once(rows)


def _once(rows: Sequence[Row]) -> list[Row]:
    """The same basis several times running is told at the first."""
    again = Said("som ovenfor", "as above")
    return [(what, figure, again if i and basis == rows[i - 1][2] else basis) for i, (what, figure, basis) in enumerate(rows)]


def _basis(told: Basis | MoneyTold) -> Said:
    return told_in_both(told.source, told.assumed)


def _figure(value: float) -> Said:
    return Said(number(value, "da"), number(value, "en"))


def _per_cent(share: float) -> Said:
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
            steps = [Said(f"fra uge {r.from_}: ", f"from week {r.from_}: ") + _per_cent(r.rate) for r in rates]
            yield name, joined(steps, "; "), _basis(s.baseline)
    yield Said("mister jobbet om ugen", "lose the job a week"), _per_cent(s.baseline.job_loss), _basis(s.baseline)


def _measure(s: Scenario, m: MeasureTold) -> Iterator[Row]:
    plan = Said("planen", "the plan")
    starts = Said(
        f"efter {m.start_week} ugers ledighed, i {m.weeks} uger, for ", f"after {m.start_week} weeks of unemployment, for {m.weeks} weeks, for "
    ) + _per_cent(m.reach)
    yield Said(f"»{m.da}«", f"“{m.en}”"), starts, plan
    capacity = {c.id: c for c in s.capacity}
    for use in m.uses:
        c = capacity[use.capacity]
        amount = _figure(use.amount)
        yield Said(f"»{m.da}« bruger", f"“{m.en}” takes"), Said(f"{amount.da} {c.unit_da} om ugen ({c.da})", f"{amount.en} {c.unit_en} a week ({c.en})"), plan
    for price in m.price:
        yield Said(f"»{m.da}« koster", f"“{m.en}” costs"), _price(price, s.money.currency), _basis(price)
    if m.pay is not None:
        yield Said(f"løn under »{m.da}«", f"pay during “{m.en}”"), _amount(m.pay, s.money.currency), _basis(m.pay)


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
            price = Said(f"; {per.da} {unit.da} for hver", f"; {unit.en} {per.en} for each")
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
    yield Said("skat af ydelsen", "tax on the benefit"), _per_cent(money.tax_benefit), _basis(money)
    yield Said("skat af løn", "tax on pay"), _per_cent(money.tax_wage), _basis(money)
    yield Said("statens del af skatten", "the state's share of the tax"), _per_cent(money.state_tax_share), _basis(money)
    if not isinstance(money.state_share, str):
        steps = [Said(f"fra uge {x.from_}: ", f"from week {x.from_}: ") + _per_cent(x.share) for x in money.state_share]
        yield Said("statens del af ydelsen", "the state's share of the benefit"), joined(steps, "; "), _basis(money)
    if money.discount_rate is not None:
        yield Said("diskonteringsrente om året", "discount rate a year"), _per_cent(money.discount_rate), _basis(money)


def _settings(s: Scenario) -> Iterator[Row]:
    drawn = Said(f"{number(s.draws, 'da')} (frø {s.seed})", f"{number(s.draws, 'en')} (seed {s.seed})")
    yield Said("trækninger af det usikre", "draws of what is uncertain"), drawn, Said("planen", "the plan")
    if s.significance_level is not None:
        yield (
            Said("»signifikant« uden trykt niveau tages som", "“significant” without a printed level is taken as"),
            _per_cent(s.significance_level),
            Said("antaget af planlæggeren", "assumed by the planner"),
        )
