"""What becomes of one person who begins a measure, on average: known on the day it begins, so it can be written ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from virker.plan.inputs import Array, Inputs, Measure, Payer
from virker.plan.rates import longer, with_phases

CostKey = tuple[Payer, Payer, str]


@dataclass(frozen=True, slots=True)
class Future:
    """The expected future of one who begins a measure, by weeks since then.

    Attributes
    ----------
    paths : ndarray of shape (4, T, S)
        Leaves for a job, leaves for something else, unemployed, unemployed weighted by the state's share of the benefit.
    parts : ndarray of shape (1 + costs, L, S)
        In the measure, then each cost; nothing falls after L weeks.
    uses : dict of capacity to (first week, amounts of shape (k, S))
        What is taken of each capacity from that week on, weighted by who is still unemployed.
    costs : tuple of (payer, to, item)
        What the rows of ``parts`` after the first stand for.
    """

    paths: Array
    parts: Array
    uses: dict[str, tuple[int, Array]]
    costs: tuple[CostKey, ...]


def future(inputs: Inputs, measure: Measure, draws: int) -> Future:
    """The expected future of one who begins ``measure``, whose phases have ``draws`` draws (or one)."""
    weeks = inputs.weeks
    rates = with_phases(inputs.baseline, measure.start_week, measure.phases, weeks, draws)
    here = np.vstack([np.ones((1, draws)), np.cumprod(rates.stay, axis=0)[:-1]])
    share = state_share(inputs, weeks, measure.start_week)[:, None]
    paths = np.stack([here * rates.job, here * rates.other, here, here * share])
    long = min(weeks_in_measure(measure), weeks)
    costs = costs_by_week(measure, weeks)
    parts = np.stack([here[:long] * weight[:long, None] for weight in (np.ones(weeks), *costs.values())])
    uses = {}
    for name, amount in uses_by_week(measure, weeks).items():
        if (taken := np.flatnonzero(amount)).size:
            span = slice(int(taken[0]), int(taken[-1]) + 1)
            uses[name] = (span.start, here[span] * amount[span, None])
    return Future(paths, parts, uses, tuple(costs))


def weeks_in_measure(measure: Measure) -> int:
    """How long a participant counts as one: to the end of the last use, cost or lock-in, and at least the week in which it begins."""
    lock_in = (phase.stop for phase in measure.phases if phase.name == "lock-in")
    return max([1, *lock_in, *(use.stop for use in measure.uses), *(cost.stop for cost in measure.costs)])


def state_share(inputs: Inputs, weeks: int, first: int = 0) -> Array:
    """The state's share of the benefit from ``first`` weeks of unemployment on; zeros without money. Shape (weeks,)."""
    return longer(inputs.money.state_share, weeks, first) if inputs.money else np.zeros(weeks)


def uses_by_week(measure: Measure, weeks: int) -> dict[str, Array]:
    """What a participant takes of each capacity by weeks since the measure began, shape (weeks,)."""
    names = dict.fromkeys(use.name for use in measure.uses)
    return {name: _by_week([(use.start, use.stop, use.amount) for use in measure.uses if use.name == name], weeks) for name in names}


def costs_by_week(measure: Measure, weeks: int) -> dict[CostKey, Array]:
    """What a participant costs by weeks since the measure began, shape (weeks,)."""
    found: dict[CostKey, list[tuple[int, int, float]]] = {}
    for cost in measure.costs:
        found.setdefault((cost.payer, cost.to, cost.item), []).append((cost.start, cost.stop, cost.amount))
    return {key: _by_week(parts, weeks) for key, parts in found.items()}


def _by_week(parts: Sequence[tuple[int, int, float]], weeks: int) -> Array:
    out = np.zeros(weeks)
    for start, stop, amount in parts:
        out[start:stop] += amount
    return out
