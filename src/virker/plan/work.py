"""A scenario worked out: people and money with and without the plan, with the band that the evidence's own uncertainty gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from virker.bank import Bank
from virker.plan.compile import LawUsed, compile_inputs, law_used
from virker.plan.effects import MeasureEffect, find_effects
from virker.plan.inputs import Array, Inputs, Payer, Phase
from virker.plan.ledger import BENEFIT, ledger
from virker.plan.model import run, without
from virker.plan.outputs import Ledger, Run
from virker.plan.present_value import PresentValue, present_value
from virker.plan.scenario import Scenario
from virker.rules import Rules

#: The band that is shown: from the 5th to the 95th of a hundred draws.
LOW, HIGH = 0.05, 0.95
#: Fewer people than this begin nothing: rounding in the model.
NOBODY = 1e-6


@dataclass(frozen=True, slots=True)
class Band:
    """The figure at the printed numbers, and the middle 90 per cent of the draws; without draws that differ the three are the same."""

    centre: float
    low: float
    high: float

    @property
    def is_wide(self) -> bool:
        return self.high - self.low > 1e-9 * max(1.0, abs(self.centre))


@dataclass(frozen=True)
class Worked:
    """A scenario with its effects, its runs and its money. ``base`` is without any measure."""

    scenario: Scenario
    effects: tuple[MeasureEffect, ...]
    inputs: Inputs
    base: Run
    plan: Run
    drawn: Run
    law: tuple[LawUsed, ...]

    @cached_property
    def ledger(self) -> Ledger:
        """At the printed numbers."""
        return ledger(self.inputs, self.plan, self.base)

    @cached_property
    def drawn_ledger(self) -> Ledger:
        return ledger(self.inputs, self.drawn, self.base)

    @cached_property
    def value(self) -> PresentValue:
        return present_value(self.ledger, self.inputs.money)

    @cached_property
    def drawn_value(self) -> PresentValue:
        return present_value(self.drawn_ledger, self.inputs.money)

    @property
    def has_draws(self) -> bool:
        """Whether any effect has a band, so that a chance can be told."""
        return any(u.has_band for e in self.effects for u in e.used)

    @property
    def all_have_bands(self) -> bool:
        """Whether all effects that are used have one."""
        return all(u.has_band for e in self.effects for u in e.used)

    @property
    def begins(self) -> bool:
        """Whether anybody begins any measure at all."""
        return bool(self.plan.started.sum() > NOBODY)

    def more_in_work(self) -> tuple[Array, Array, Array]:
        """More people in work at the start of each week: at the printed numbers, low and high; each of shape (T + 1,)."""
        more = self.drawn.in_work - self.base.in_work
        return (self.plan.in_work - self.base.in_work)[0], np.quantile(more, LOW, axis=0), np.quantile(more, HIGH, axis=0)

    @property
    def weeks_in_work(self) -> Band:
        """More weeks in work over all weeks of the plan."""
        return band(_weeks(self.plan.in_work, self.base.in_work), _weeks(self.drawn.in_work, self.base.in_work))

    @property
    def benefit_weeks(self) -> Band:
        """Change of weeks on benefit; who is paid by an employer in a measure is not on benefit."""
        return band(self._benefit_weeks(self.plan), self._benefit_weeks(self.drawn))

    def _benefit_weeks(self, some: Run) -> Array:
        weeks: Array = (self.on_benefit(some) - self.base.benefit).sum(axis=1)
        return weeks

    def on_benefit(self, some: Run) -> Array:
        """People who get benefit in each week, shape (S, T): the unemployed less those whom an employer pays in a measure.

        The ledger takes the benefit of the latter back, so it knows how many they are; see :mod:`virker.plan.compile`.
        """
        money = self.inputs.money
        if money is None or not money.benefit:
            return some.benefit
        returned = (weeks for (payer, _, item), weeks in some.costs.items() if payer == "person" and item == BENEFIT)
        people: Array = some.benefit - sum(returned, np.zeros(1)) / money.benefit
        return people

    @property
    def started(self) -> dict[str, Band]:
        """People who begin each measure."""
        return {m.id: band(self.plan.started[:, i].sum(axis=1), self.drawn.started[:, i].sum(axis=1)) for i, m in enumerate(self.scenario.measure)}

    @property
    def turned_away(self) -> dict[str, Band]:
        """People for whom there was no capacity."""
        return {m.id: band(self.plan.turned_away[:, i].sum(axis=1), self.drawn.turned_away[:, i].sum(axis=1)) for i, m in enumerate(self.scenario.measure)}

    @property
    def by_payer(self) -> dict[Payer, Band]:
        """Present value of each one's balance."""
        return {p: band(self.value.by_payer[p], self.drawn_value.by_payer[p]) for p in self.value.by_payer}

    @property
    def public(self) -> Band:
        return band(self.value.public, self.drawn_value.public)

    @property
    def social(self) -> Band:
        return band(self.value.social, self.drawn_value.social)

    @property
    def payback_month(self) -> int | None:
        """The month in which the public purse has its money back for good, at the printed numbers; None within the plan's weeks, or when nobody begins."""
        return month_of(float(self.value.payback_week[0])) if self.begins else None

    @property
    def chance_of_surplus(self) -> float | None:
        """Share of the draws in which the public purse gains; None where some effect that is used has no printed uncertainty."""
        return self.drawn_value.chance_of_surplus if self.has_draws and self.all_have_bands else None


def work_out(scenario: Scenario, bank: Bank, rules: Rules) -> Worked:
    """Everything that the scenario gives.

    Raises
    ------
    ContentError
        When the scenario names a finding that does not speak for its measure and group.
    """
    effects = find_effects(scenario, bank)
    inputs = compile_inputs(scenario, rules, at_centre(effects))
    drawn = compile_inputs(scenario, rules, {e.told.id: tuple(u.drawn() for u in e.used) for e in effects})
    plan = run(inputs)
    many = any(u.has_band for e in effects for u in e.used)
    return Worked(scenario, effects, inputs, run(without(inputs)), plan, run(drawn) if many else plan, law_used(scenario, rules))


def at_centre(effects: tuple[MeasureEffect, ...]) -> dict[str, tuple[Phase, ...]]:
    """The phases of each measure at the printed numbers."""
    return {e.told.id: tuple(u.at_centre() for u in e.used) for e in effects}


def with_phases_of(inputs: Inputs, phases: Mapping[str, tuple[Phase, ...]]) -> Inputs:
    """The inputs with other effects for the measures named."""
    return replace(inputs, measures=tuple(replace(m, phases=phases.get(m.id, m.phases)) for m in inputs.measures))


def public_value(inputs: Inputs) -> float:
    """Present value for the public purse of one run at single values."""
    return float(public_values(inputs, run(without(inputs)))[0])


def public_values(inputs: Inputs, base: Run) -> Array:
    """Present value for the public purse of each draw, against a run without any measure. Shape (S,)."""
    return present_value(ledger(inputs, run(inputs), base), inputs.money).public


def band(centre: Array, drawn: Array) -> Band:
    """The centre with the middle 90 per cent of the draws."""
    return Band(float(centre[0]), float(np.quantile(drawn, LOW)), float(np.quantile(drawn, HIGH)))


def month_of(week: float) -> int | None:
    """The month that a week lies in, twelve to 52 weeks, the first being 1.

    >>> month_of(0), month_of(4), month_of(51), month_of(float("nan"))
    (1, 1, 12, None)
    """
    return None if np.isnan(week) else int(week * 12 // 52) + 1


def _weeks(some: Array, base: Array) -> Array:
    """Weeks in work: people in work at the start of each week of the plan."""
    weeks: Array = (some - base)[:, :-1].sum(axis=1)
    return weeks
