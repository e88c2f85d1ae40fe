"""From what a planner wrote to the arrays of the model: tables by week, money by week, and who pays for staff time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from virker.plan.inputs import Array, Baseline, Capacity, Cost, Inputs, Measure, Money, Payer, People, Phase, Use
from virker.plan.ledger import BENEFIT, TAX_ON_BENEFIT, TAX_ON_PAY
from virker.plan.scenario import PER_WEEK, Amount, MeasureTold, Rate, Scenario, Share
from virker.rules import Parameter, Rules

#: The Finance Ministry's constants for cost-benefit accounts, as dated law.
DISCOUNT_RATE = "samfundsoekonomi/discount_rate_percent_years_0_35"
NET_TAX_FACTOR = "samfundsoekonomi/net_tax_factor"
TAX_DISTORTION = "samfundsoekonomi/tax_distortion_factor"
SUBSIDISED_PAY = "subsidised pay"


@dataclass(frozen=True, slots=True)
class LawUsed:
    """A value of the law that the plan uses: its address, the day it was asked for, and the value."""

    address: str
    day: date
    value: Parameter


def compile_inputs(scenario: Scenario, rules: Rules, phases: Mapping[str, tuple[Phase, ...]]) -> Inputs:
    """The model's inputs; ``phases`` are the effects of each measure by its id, none where the bank has no number."""
    weeks, money = scenario.weeks, _money(scenario, rules)
    return Inputs(
        weeks=weeks,
        people=_people(scenario),
        baseline=compile_baseline(scenario),
        measures=tuple(_measure(m, scenario, money, phases.get(m.id, ())) for m in scenario.measure),
        capacity={c.id: Capacity(c.id, np.full(weeks, float(c.amount)), c.unit_en, c.one_more) for c in scenario.capacity},
        money=money,
    )


def law_used(scenario: Scenario, rules: Rules) -> tuple[LawUsed, ...]:
    """Every value of the law that the plan's money rests on."""
    money = scenario.money
    addresses = [a.rule for a in (money.benefit, money.wage) if a.rule is not None]
    if isinstance(money.state_share, str):
        addresses += [percent for _, percent in step_addresses(money.state_share)]
    addresses += [NET_TAX_FACTOR, TAX_DISTORTION] + ([DISCOUNT_RATE] if money.discount_rate is None else [])
    return tuple(LawUsed(a, money.on, rules.parameter(a, money.on)) for a in addresses)


def _people(scenario: Scenario) -> People:
    told = scenario.people
    inflow = np.asarray(told.inflow if isinstance(told.inflow, tuple) else [told.inflow] * scenario.weeks, dtype=np.float64)
    stock = np.zeros(max((w.to for w in told.stock), default=0) + 1)
    for waiting in told.stock:
        stock[waiting.from_ : waiting.to + 1] += waiting.people / (waiting.to - waiting.from_ + 1)
    return People(inflow, stock)


def compile_baseline(scenario: Scenario) -> Baseline:
    """The rates by weeks of unemployment."""
    told = scenario.baseline
    length = max(r.from_ for r in (*told.job, *told.other)) + 1
    return Baseline(
        job=np.array([rate_at(told.job, d) for d in range(length)]),
        other=np.array([rate_at(told.other, d) for d in range(length)]),
        job_loss=told.job_loss,
    )


def rate_at(rates: Sequence[Rate], week: int) -> float:
    """The rate that holds in a week of unemployment; none before the first."""
    return next((r.rate for r in reversed(rates) if r.from_ <= week), 0.0)


def _measure(told: MeasureTold, scenario: Scenario, money: Money, phases: tuple[Phase, ...]) -> Measure:
    first, last = told.notice_weeks, told.notice_weeks + told.weeks
    # What the planner named is kept apart from pay and benefit: a measure called "pay" is no production.
    prices = {c.id: c for c in scenario.capacity}
    costs = [Cost(p.payer, p.to, first, first + 1 if p.per == "participant" else last, p.amount, f"measure {told.id}") for p in told.price]
    for use in told.uses:
        capacity = prices[use.capacity]
        if capacity.price is not None:
            costs.append(Cost(capacity.payer, "resources", first, last, use.amount * capacity.price, f"capacity {capacity.id}"))
    if told.pay is not None:
        costs += _in_place_of_benefit(told, money, told.pay)
    uses = tuple(Use(u.capacity, first, last, u.amount) for u in told.uses if u.amount > 0)
    return Measure(told.id, told.start_week, told.reach, phases, uses, tuple(c for c in costs if c.amount), told.from_week)


def _in_place_of_benefit(told: MeasureTold, money: Money, pay: Amount) -> Iterator[Cost]:
    """What moves while employers pay participants: the benefit that is not paid, its tax, the pay and its tax.

    The pay is kept apart from ordinary pay: what is made in a subsidised job is not counted as more production, because nobody has
    shown here that it is more than would have been made without.
    """
    assert pay.amount is not None
    first, last = told.notice_weeks, told.notice_weeks + told.weeks
    wage = pay.amount * PER_WEEK[pay.per]
    yield Cost("employer", "person", first, last, wage, SUBSIDISED_PAY)
    yield from _taxed("person", first, last, wage * money.tax_wage, money, TAX_ON_PAY)
    for week in range(first, last):
        share = float(money.state_share[min(told.start_week + week, len(money.state_share) - 1)])
        yield Cost("person", "state", week, week + 1, money.benefit * share, BENEFIT)
        yield Cost("person", "municipality", week, week + 1, money.benefit * (1 - share), BENEFIT)
    back = money.benefit * money.tax_benefit
    yield Cost("state", "person", first, last, back * money.state_tax_share, TAX_ON_BENEFIT)
    yield Cost("municipality", "person", first, last, back * (1 - money.state_tax_share), TAX_ON_BENEFIT)


def _taxed(payer: Payer, first: int, last: int, amount: float, money: Money, item: str) -> Iterator[Cost]:
    yield Cost(payer, "state", first, last, amount * money.state_tax_share, item)
    yield Cost(payer, "municipality", first, last, amount * (1 - money.state_tax_share), item)


def _money(scenario: Scenario, rules: Rules) -> Money:
    told, day = scenario.money, scenario.money.on

    def constant(address: str) -> float:
        return float(rules.parameter(address, day).value)

    return Money(
        currency=told.currency,
        benefit=weekly(told.benefit, rules, day),
        state_share=_state_share(told.state_share, rules, day),
        wage=weekly(told.wage, rules, day),
        tax_benefit=told.tax_benefit,
        tax_wage=told.tax_wage,
        state_tax_share=told.state_tax_share,
        discount_rate=told.discount_rate if told.discount_rate is not None else constant(DISCOUNT_RATE) / 100,
        net_tax_factor=constant(NET_TAX_FACTOR),
        tax_distortion=constant(TAX_DISTORTION),
    )


def weekly(amount: Amount, rules: Rules, day: date) -> float:
    """The amount a week: twelve months and 52 weeks to a year."""
    if amount.rule is None:
        assert amount.amount is not None
        return amount.amount * PER_WEEK[amount.per]
    parameter = rules.parameter(amount.rule, day)
    return float(parameter.value) * PER_WEEK[(parameter.unit or "").rpartition(" ")[2]]


def _state_share(told: Sequence[Share] | str, rules: Rules, day: date) -> Array:
    """The state's share by weeks of unemployment, shape (D,); of the law's steps, ``cofinancing`` is what the municipality bears."""
    if isinstance(told, str):
        told = [Share(from_=int(first), share=share) for first, share in _steps(told, rules, day)]
    length = max(s.from_ for s in told) + 1
    return np.array([next(s.share for s in reversed(told) if s.from_ <= d) for d in range(length)])


def _steps(address: str, rules: Rules, day: date) -> Iterator[tuple[float, float]]:
    """From how many weeks, and the state's share."""
    for first, percent in step_addresses(address):
        share = float(rules.parameter(percent, day).value) / 100
        yield (float(rules.parameter(first, day).value) if first else 0.0), (1 - share if address.endswith("cofinancing") else share)


def step_addresses(address: str) -> tuple[tuple[str | None, str], ...]:
    """For each step of the law: where the last week before it stands, and its percentage."""
    scheme = address.partition("/")[0]
    first = (None, *(f"{scheme}/step_{n}_last_week" for n in (1, 2, 3)))
    return tuple(zip(first, (f"{address}_percent_weeks_{weeks}" for weeks in ("1_4", "5_26", "27_52", "53_on")), strict=True))
