"""The model: how many are in work, unemployed and gone, week by week.

The order of events in week t is the model's meaning. :mod:`virker.plan.micro` follows the same order, person by person:

1. **Join.** ``inflow[t]`` and those who lost their job in week t − 1 begin a spell at d = 0.
2. **Begin.** Of those without a measure at d = ``start_week``, the share ``reach`` is offered it. Measures go in the order of the list.
   As many begin as there is capacity for; the others are turned away.
3. **Pay.** Everybody unemployed now gets benefit for the whole week. Everybody in work gets pay. Participants use capacity and cost money.
4. **Leave.** Of the unemployed, some find a job and some leave for something else, by their weeks of unemployment and, in a measure,
   by the weeks since it began. They are in work, or gone, from week t + 1.
5. **Lose.** Of those in work since before week t, ``job_loss`` lose it, and join in week t + 1.
6. d grows by one.

A place is promised for the whole measure. Those in it use theirs first, and only so many begin that capacity suffices in every later week
too, when exits go as expected. Who comes back has a new spell, and can be reached anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from virker.plan.check import check
from virker.plan.future import CostKey, Future, future, state_share
from virker.plan.inputs import Array, Inputs, Measure
from virker.plan.outputs import Run
from virker.plan.rates import longer

#: Draws computed together: few enough that their arrays stay in the processor's cache.
CHUNK = 256
JOB, OTHER, UNEMPLOYED, STATE = range(4)


def run(inputs: Inputs) -> Run:
    """People and money by week under the plan. Raises :class:`QueryError` with every problem of the arrays."""
    check(inputs)
    draws = count_draws(inputs)
    chunks = [_Chunk(inputs, slice(first, min(first + CHUNK, draws))).run() for first in range(0, draws, CHUNK)]
    return chunks[0] if len(chunks) == 1 else _joined(chunks)


def without(inputs: Inputs) -> Inputs:
    """The same people without any measure."""
    return replace(inputs, measures=())


def count_draws(inputs: Inputs) -> int:
    """S: the number of draws of what is uncertain."""
    return max((len(phase.log_ratio) for measure in inputs.measures for phase in measure.phases), default=1)


class _Chunk:
    """One run for some of the draws. Inside, weeks come first, shape (T, S), so that a week is one stretch of memory."""

    def __init__(self, inputs: Inputs, draws: slice) -> None:
        weeks, size = inputs.weeks, draws.stop - draws.start
        self.inputs, self.weeks, self.size = inputs, weeks, size
        self.futures = [future(inputs, _only(measure, draws), size) for measure in inputs.measures]
        self.flows = np.zeros((4, weeks, size))
        self.parts = [np.zeros((len(one.parts), weeks, size)) for one in self.futures]
        self.capacity = {name: np.asarray(given.amount, dtype=np.float64)[:, None] for name, given in inputs.capacity.items()}
        self.used = {name: np.zeros((weeks, size)) for name in inputs.capacity}
        self.started = np.zeros((len(self.futures), weeks, size))
        self.turned_away = np.zeros((len(self.futures), weeks, size))
        # Those without a measure, one row for each week in which a spell began: row i began in week i − age, so a row never moves.
        stock = np.asarray(inputs.people.stock, dtype=np.float64)
        self.age = max(len(stock) - 1, 0)
        rows = self.age + weeks
        self.alone = np.zeros((rows, size))
        self.alone[: len(stock)] = stock[::-1, None]
        job, other = longer(inputs.baseline.job, rows), longer(inputs.baseline.other, rows)
        self.weights = np.ascontiguousarray(np.stack([job, other, np.ones(rows), state_share(inputs, rows)])[:, ::-1])
        self.stay = np.ascontiguousarray(np.maximum(1.0 - job - other, 0.0)[::-1, None])

    def run(self) -> Run:
        weeks, loss, inflow = self.weeks, self.inputs.baseline.job_loss, np.asarray(self.inputs.people.inflow)
        in_work, left = np.zeros((weeks + 1, self.size)), np.zeros((weeks + 1, self.size))
        returning = np.zeros(self.size)
        for t in range(weeks):
            rows, reverse = slice(0, self.age + t + 1), slice(weeks - 1 - t, None)
            self.alone[self.age + t] += inflow[t] + returning
            self.begin(t)
            self.flows[:, t] += self.weights[:, reverse] @ self.alone[rows]
            self.alone[rows] *= self.stay[reverse]
            returning = loss * in_work[t]
            in_work[t + 1] = in_work[t] - returning + self.flows[JOB, t]
            left[t + 1] = left[t] + self.flows[OTHER, t]
        last = self.flows[UNEMPLOYED, -1] - self.flows[JOB, -1] - self.flows[OTHER, -1] + returning
        return self.result(in_work, left, np.vstack([self.flows[UNEMPLOYED], last]))

    def begin(self, t: int) -> None:
        """Step 2 of week ``t``: those who begin leave the row of those without a measure, and what becomes of them is written ahead."""
        there: dict[int, Array] = {}
        ahead = self.weeks - t
        for m, (measure, one) in enumerate(zip(self.inputs.measures, self.futures, strict=True)):
            row = self.age + t - measure.start_week
            if row < 0 or t < measure.from_week:
                continue
            reached = measure.reach * there.setdefault(row, self.alone[row].copy())
            starting = np.minimum(reached, self.room(one, t)) if one.uses else reached
            self.alone[row] = np.maximum(self.alone[row] - starting, 0.0)
            self.started[m, t], self.turned_away[m, t] = starting, reached - starting
            self.flows[:, t:] += one.paths[:, :ahead] * starting
            self.parts[m][:, t : t + one.parts.shape[1]] += one.parts[:, :ahead] * starting
            for name, (first, amounts) in one.uses.items():
                self.used[name][t + first : t + first + len(amounts)] += amounts[: max(ahead - first, 0)] * starting

    def room(self, one: Future, t: int) -> Array:
        """For how many of ``one`` capacity suffices in week ``t`` and in all later weeks. Shape (S,)."""
        room = np.full(self.size, np.inf)
        for name, (first, amounts) in one.uses.items():
            weeks = slice(t + first, t + first + len(amounts))
            used = self.used[name][weeks]
            room = np.minimum(room, places(self.capacity[name][weeks], used, amounts[: len(used)]))
        return room

    def result(self, in_work: Array, left: Array, unemployed: Array) -> Run:
        costs: dict[CostKey, Array] = {}
        for one, parts in zip(self.futures, self.parts, strict=True):
            for key, amount in zip(one.costs, parts[1:], strict=True):
                costs[key] = costs[key] + amount if key in costs else amount
        members = np.stack([parts[0] for parts in self.parts]) if self.parts else np.zeros_like(self.started)
        return Run(
            in_work=_draws_first(in_work),
            unemployed=_draws_first(unemployed),
            left=_draws_first(left),
            benefit=_draws_first(unemployed[:-1]),
            state_benefit=_draws_first(self.flows[STATE]),
            participants=_draws_first(members),
            started=_draws_first(self.started),
            turned_away=_draws_first(self.turned_away),
            used={name: _draws_first(used) for name, used in self.used.items()},
            costs={key: _draws_first(amount) for key, amount in costs.items()},
        )


def places(amount: Array, used: Array, each: Array) -> Array:
    """For how many there is room in every week: the smallest of ``(amount − used) / each`` over the first axis, never below 0.

    A week in which nothing is taken (``each`` 0) sets no limit: the division gives infinity, or no number, which ``fmin`` passes over.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        room: Array = np.fmin.reduce(np.maximum(amount - used, 0.0) / each, axis=0, initial=np.inf)
    return room


def _only(measure: Measure, draws: slice) -> Measure:
    phases = tuple(replace(phase, log_ratio=phase.log_ratio[draws]) if len(phase.log_ratio) > 1 else phase for phase in measure.phases)
    return replace(measure, phases=phases)


def _draws_first(array: Array) -> Array:
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


def _joined(runs: Sequence[Run]) -> Run:
    def join(name: str) -> Array:
        return np.concatenate([getattr(one, name) for one in runs])

    arrays = {name: join(name) for name in ("in_work", "unemployed", "left", "benefit", "state_benefit", "participants", "started", "turned_away")}
    return Run(
        **arrays,
        used={name: np.concatenate([one.used[name] for one in runs]) for name in runs[0].used},
        costs={key: np.concatenate([one.costs[key] for one in runs]) for key in runs[0].costs},
    )
