"""What a planner asks of a plan: what does it hang on, what do other studies give, how large must the effect be, what is the bottleneck?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import msgspec
import numpy as np

from virker.language import Said
from virker.plan.calibrate import Target
from virker.plan.calibrate import effect as number_at
from virker.plan.compile import compile_inputs, weekly
from virker.plan.effects import MeasureEffect, PhaseEffect, refitted
from virker.plan.inputs import Array, Inputs, Phase
from virker.plan.model import run, without
from virker.plan.one_more import OneMore, one_more
from virker.plan.scenario import Amount, MoneyTold, Rate, Scenario
from virker.plan.sensitivity import Bar, BreakEven, Uncertain, break_even, tornado
from virker.plan.work import HIGH, LOW, NOBODY, Worked, at_centre, public_value, public_values, with_phases_of
from virker.rules import Rules
from virker.synthesis.effect_told import PHASES

#: With this ratio in the weeks of the measure nobody finds a job in them: the other end of what lock-in can be.
_NOBODY = float(np.log(1e-6))


@dataclass(frozen=True, slots=True)
class Named:
    """What a bar of the tornado turns, in words, with the values it is turned between."""

    said: Said
    bar: Bar


@dataclass(frozen=True, slots=True)
class Instead:
    """The plan with another number of the bank for one measure."""

    measure: str
    number: PhaseEffect
    public: float


@dataclass(frozen=True, slots=True)
class Needed:
    """How large the effect of one measure, alone, must be for the public purse to lose nothing.

    ``lock_in`` tells which end is taken: ``none`` (people find jobs during the measure as they would without), ``full`` (nobody does), or
    ``printed`` where the bank's numbers hold it. ``weeks_in_work`` is the same effect as weeks in ordinary work per participant, in as many
    weeks from the announcement as the plan has; below 0 where a measure pays although people work less. ``found`` is the ratio of the
    bank's own number, where there is one.
    """

    measure: str
    lock_in: str
    answer: BreakEven
    weeks_in_work: float | None
    found: float | None = None


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """What one more of a capacity would change: at the printed numbers, and in each draw. ``short`` counts the weeks in which somebody whom a
    measure that takes it would reach finds no room."""

    centre: OneMore
    drawn: OneMore
    short: int


def what_it_hangs_on(worked: Worked, rules: Rules) -> tuple[Named, ...]:
    """The tornado of the public purse's present value: effects over their band, the planner's own figures up and down by ``swing``."""
    told: dict[str, Said] = {}
    uncertain = []
    for said, low, high, with_value in (*_effects(worked), *_figures(worked, rules)):
        told[said.en] = said
        uncertain.append(Uncertain(said.en, low, high, with_value))
    return tuple(Named(told[b.name], b) for b in tornado(uncertain, public_value) if b.width > 1e-6)


Turned = tuple[Said, float, float, Callable[[float], Inputs]]


def _effects(worked: Worked) -> Iterator[Turned]:
    for effect in worked.effects:
        for i, used in enumerate(effect.used):
            name = Said(f"effekten af »{effect.told.da}«", f"the effect of “{effect.told.en}”")
            if len(effect.used) > 1:
                name += Said(", ", ", ") + PHASES[used.phase]
            if used.has_band:
                low, high = (float(np.quantile(used.log_ratio, q)) for q in (LOW, HIGH))
                span = Said(" (kildens usikkerhed)", " (the source's uncertainty)")
            else:
                low, high = used.centre * (1 - worked.scenario.swing), used.centre * (1 + worked.scenario.swing)
                span = Said(" (ingen usikkerhed trykt; skruet som de andre tal)", " (no uncertainty printed; turned like the other figures)")
            yield name + span, low, high, _with_ratio(worked, effect, i)


def _with_ratio(worked: Worked, effect: MeasureEffect, nth: int) -> Callable[[float], Inputs]:
    def with_value(log_ratio: float) -> Inputs:
        phases = tuple(Phase(u.phase, *u.span, np.array([log_ratio if i == nth else u.centre])) for i, u in enumerate(effect.used))
        return with_phases_of(worked.inputs, {effect.told.id: phases})

    return with_value


def _figures(worked: Worked, rules: Rules) -> Iterator[Turned]:
    """The planner's own figures; where they change who finds a job, the effects are found anew for the group as it then is."""
    s, change = worked.scenario, msgspec.structs.replace
    low, high = 1 - s.swing, 1 + s.swing

    def people(factor: float) -> Inputs:
        most = 1.0 - max((r.rate for r in s.baseline.other), default=0.0)  # nobody leaves twice
        job = tuple(Rate(from_=r.from_, rate=min(r.rate * factor, max(r.rate, most))) for r in s.baseline.job)
        return _again(worked, change(s, baseline=change(s.baseline, job=job)), rules)

    def losses(factor: float) -> Inputs:
        return _again(worked, change(s, baseline=change(s.baseline, job_loss=min(s.baseline.job_loss * factor, 1.0))), rules)

    def reach(factor: float) -> Inputs:
        shares = {m.start_week: sum(o.reach for o in s.measure if o.start_week == m.start_week) for m in s.measure}
        measures = tuple(change(m, reach=m.reach * min(factor, max(1 / (shares[m.start_week] or 1.0), 1.0))) for m in s.measure)
        return compile_inputs(change(s, measure=measures), rules, at_centre(worked.effects))

    yield Said("afgangsraterne til job", "the rates of leaving for a job"), low, high, people
    yield Said("jobtab", "job loss"), low, high, losses
    yield Said("hvor mange indsatserne når", "how many the measures reach"), low, high, reach
    for said, change_money in _MONEY.items():
        yield said, low, high, _with_money(worked, rules, change_money)
    yield Said("priserne på indsatserne", "the prices of the measures"), low, high, _with_prices(worked, rules)
    yield Said("lønnen under indsatserne", "the pay during the measures"), low, high, _with_pay(worked, rules)


def _amount(amount: Amount, factor: float, currency: str, rules: Rules, day: date) -> Amount:
    return Amount(amount=weekly(amount, rules, day) * factor, currency=currency, per="week", assumed="turned in the tornado")


def _turned_benefit(money: MoneyTold, factor: float, rules: Rules) -> MoneyTold:
    return msgspec.structs.replace(money, benefit=_amount(money.benefit, factor, money.currency, rules, money.on))


def _turned_wage(money: MoneyTold, factor: float, rules: Rules) -> MoneyTold:
    return msgspec.structs.replace(money, wage=_amount(money.wage, factor, money.currency, rules, money.on))


def _turned_tax_on_pay(money: MoneyTold, factor: float, rules: Rules) -> MoneyTold:
    return msgspec.structs.replace(money, tax_wage=min(money.tax_wage * factor, 1.0))


def _turned_tax_on_benefit(money: MoneyTold, factor: float, rules: Rules) -> MoneyTold:
    return msgspec.structs.replace(money, tax_benefit=min(money.tax_benefit * factor, 1.0))


_MONEY: dict[Said, Callable[[MoneyTold, float, Rules], MoneyTold]] = {
    Said("dagpengenes størrelse", "the size of the benefit"): _turned_benefit,
    Said("lønnen i de job, folk får", "the pay in the jobs that people find"): _turned_wage,
    Said("skatten af løn", "the tax on pay"): _turned_tax_on_pay,
    Said("skatten af dagpenge", "the tax on the benefit"): _turned_tax_on_benefit,
}


def _with_money(worked: Worked, rules: Rules, turn: Callable[[MoneyTold, float, Rules], MoneyTold]) -> Callable[[float], Inputs]:
    """Money changes nobody's chances, so the effects stay as they were found."""

    def with_value(factor: float) -> Inputs:
        changed = msgspec.structs.replace(worked.scenario, money=turn(worked.scenario.money, factor, rules))
        return compile_inputs(changed, rules, at_centre(worked.effects))

    return with_value


def _with_prices(worked: Worked, rules: Rules) -> Callable[[float], Inputs]:
    s, change = worked.scenario, msgspec.structs.replace

    def with_value(factor: float) -> Inputs:
        measures = tuple(change(m, price=tuple(change(p, amount=p.amount * factor) for p in m.price)) for m in s.measure)
        capacity = tuple(change(c, price=c.price * factor) if c.price is not None else c for c in s.capacity)
        return compile_inputs(change(s, measure=measures, capacity=capacity), rules, at_centre(worked.effects))

    return with_value


def _with_pay(worked: Worked, rules: Rules) -> Callable[[float], Inputs]:
    s, change = worked.scenario, msgspec.structs.replace

    def with_value(factor: float) -> Inputs:
        measures = tuple(change(m, pay=_amount(m.pay, factor, s.money.currency, rules, s.money.on)) if m.pay is not None else m for m in s.measure)
        return compile_inputs(change(s, measure=measures), rules, at_centre(worked.effects))

    return with_value


def _again(worked: Worked, scenario: Scenario, rules: Rules) -> Inputs:
    """The inputs of a changed scenario, where the printed numbers are found anew for the group as it then is."""
    return compile_inputs(scenario, rules, refitted(worked.effects, scenario))


def other_numbers(worked: Worked) -> tuple[Instead, ...]:
    """The plan with each other number that the bank holds for one of its measures."""
    return tuple(
        Instead(e.told.id, other, public_value(with_phases_of(worked.inputs, {e.told.id: (other.at_centre(),)})))
        for e in worked.effects
        for other in e.others
        if other.phase == "net"
    )


def how_large(worked: Worked) -> tuple[Needed, ...]:
    """How large the effect of each measure must be to pay, the measure alone; nothing for a measure that nobody begins."""
    return tuple(n for effect in worked.effects for n in _needed(worked, effect))


def _needed(worked: Worked, effect: MeasureEffect) -> Iterator[Needed]:
    told = effect.told
    alone = replace(worked.inputs, measures=tuple(m for m in worked.inputs.measures if m.id == told.id))
    if run(with_phases_of(alone, {told.id: ()})).started.sum() <= NOBODY:
        return
    *earlier, last = effect.used or (None,)
    if last is not None and last.phase in ("net", "after"):
        known = tuple(u.at_centre() for u in earlier if u is not None)
        yield replace(_at_least(worked, alone, told.id, "printed", last.span, known), found=float(np.exp(last.centre)))
        return
    first, end = told.notice_weeks, told.notice_weeks + told.weeks
    span = (end, max(told.lasts_weeks or worked.scenario.weeks, end + 1))
    known = tuple(u.at_centre() for u in effect.used)
    if any(u.phase == "lock-in" for u in effect.used):
        yield _at_least(worked, alone, told.id, "printed", span, known)
        return
    yield _at_least(worked, alone, told.id, "none", span, known)
    yield _at_least(worked, alone, told.id, "full", span, (*known, Phase("lock-in", first, end, np.array([_NOBODY]))))


def _at_least(worked: Worked, alone: Inputs, measure: str, lock_in: str, span: tuple[int, int], known: tuple[Phase, ...]) -> Needed:
    with_ratio, base = with_effect(alone, measure, span, known), run(without(alone))
    answer = break_even(lambda log_ratio: public_values(with_ratio(log_ratio), base))
    start_week = next(m.start_week for m in alone.measures)
    target = Target("weeks-in-work", start_week, (span,), worked.scenario.weeks, known)
    weeks = None if answer.ratio is None else float(number_at(alone.baseline, target, np.array([np.log(answer.ratio)]))[0])
    return Needed(measure, lock_in, answer, weeks)


def with_effect(alone: Inputs, measure: str, span: tuple[int, int], known: tuple[Phase, ...] = ()) -> Callable[[float | Array], Inputs]:
    """The inputs with a given log hazard ratio (or one for each draw) in the weeks of ``span``, beside the phases that are known."""

    def with_log_ratio(log_ratio: float | Array) -> Inputs:
        return with_phases_of(alone, {measure: (*known, Phase("after", *span, np.atleast_1d(np.asarray(log_ratio, dtype=np.float64))))})

    return with_log_ratio


def bottleneck(worked: Worked) -> tuple[Bottleneck, ...]:
    """What one more of each capacity would give, at the printed numbers and for the draws."""
    centre = one_more(worked.inputs, worked.plan)
    drawn = one_more(_drawn(worked), worked.drawn) if worked.has_draws else centre
    return tuple(Bottleneck(a, b, _short(worked, a.name)) for a, b in zip(centre, drawn, strict=True))


def _short(worked: Worked, capacity: str) -> int:
    """Weeks in which somebody is turned away from a measure that takes the capacity."""
    takes = [i for i, m in enumerate(worked.scenario.measure) if any(u.capacity == capacity and u.amount for u in m.uses)]
    return int((worked.plan.turned_away[0, takes].sum(axis=0) > NOBODY).sum())


def _drawn(worked: Worked) -> Inputs:
    return with_phases_of(worked.inputs, {e.told.id: tuple(u.drawn() for u in e.used) for e in worked.effects})
