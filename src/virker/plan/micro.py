"""The same model person by person: what chance alone does, and a check of :mod:`virker.plan.model`.

Persons are drawn one at a time, weeks follow the order of events in ``model.py``. The aggregate model is the mean of this one as long as
capacity does not bind, for then everything is linear in people. Where it binds, the two differ in two ways, both small for large groups:

- Only whole persons begin. The model lets 2.5 begin where there are 2.5 places; here it is 2.
- Some weeks have more applicants than expected and some fewer, but a place unused is lost: the mean of the smaller of two numbers is less
  than the smaller of their means. So the model starts somewhat too many where capacity is about what is asked for.

Places are promised as in the model, by how many are expected to be left in later weeks. Here more can be left than expected, and ``used``
can then go a little above the capacity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from virker.errors import QueryError
from virker.plan.check import check
from virker.plan.future import CostKey, Future, costs_by_week, future, uses_by_week, weeks_in_measure
from virker.plan.inputs import Array, Inputs
from virker.plan.model import UNEMPLOYED, places
from virker.plan.outputs import Run
from virker.plan.rates import at, with_phases

_UNEMPLOYED, _IN_WORK, _LEFT, _RETURNING = range(4)
_ALONE = -1


def simulate(inputs: Inputs, rng: np.random.Generator, runs: int = 1, draw: int = 0) -> Run:
    """``runs`` independent histories of the same people, as a :class:`Run` with S = runs. Effects are those of one ``draw``.

    Raises :class:`QueryError` when the inflow or the stock are no whole numbers.
    """
    check(inputs)
    for name, people in (("inflow", inputs.people.inflow), ("stock", inputs.people.stock)):
        if (np.asarray(people) != np.round(people)).any():
            raise QueryError(f"Person by person, {name} must be whole numbers of people.")
    one = _one_draw(inputs, draw)
    return _stacked([_History(one, rng).run() for _ in range(runs)])


def _one_draw(inputs: Inputs, draw: int) -> Inputs:
    measures = tuple(
        replace(measure, phases=tuple(replace(phase, log_ratio=phase.log_ratio[[draw if len(phase.log_ratio) > 1 else 0]]) for phase in measure.phases))
        for measure in inputs.measures
    )
    return replace(inputs, measures=measures)


@dataclass(slots=True)
class _Persons:
    """One entry for each person who will ever be here. ``arm`` is the measure, or −1; ``d`` the weeks of unemployment in this spell."""

    state: NDArray[np.int8]
    arm: NDArray[np.int64]
    d: NDArray[np.int64]


class _History:
    """One history. Arrays of people by week are filled as it goes."""

    def __init__(self, inputs: Inputs, rng: np.random.Generator) -> None:
        weeks, measures = inputs.weeks, inputs.measures
        self.inputs, self.rng, self.weeks = inputs, rng, weeks
        self.futures = [future(inputs, measure, 1) for measure in measures]
        self.to_use = [{name: _still_to_use(one, name, weeks) for name in one.uses} for one in self.futures]
        self.rates = [with_phases(inputs.baseline, measure.start_week, measure.phases, weeks, 1) for measure in measures]
        self.uses, self.costs = [uses_by_week(m, weeks) for m in measures], [costs_by_week(m, weeks) for m in measures]
        stock, inflow = (np.asarray(people).astype(np.int64) for people in (inputs.people.stock, inputs.people.inflow))
        d = np.repeat(np.arange(len(stock)), stock)
        self.joined, self.coming = len(d), len(d) + np.cumsum(inflow)
        everybody = int(self.coming[-1])
        self.persons = _Persons(np.zeros(everybody, np.int8), np.full(everybody, _ALONE), np.concatenate([d, np.zeros(everybody - len(d), np.int64)]))
        self.counts = {name: np.zeros(weeks + 1) for name in ("in_work", "unemployed", "left")}
        self.state_benefit = np.zeros(weeks)
        self.members, self.started, self.turned_away = (np.zeros((len(measures), weeks)) for _ in range(3))
        self.used = {name: np.zeros(weeks) for name in inputs.capacity}
        self.paid: dict[CostKey, Array] = {key: np.zeros(weeks) for costs in self.costs for key in costs}

    def run(self) -> Run:
        for t in range(self.weeks):
            self.join(t)
            self.begin(t)
            self.pay(t)
            self.leave_and_lose()
        self.count(self.weeks)
        return Run(
            **{name: counted[None] for name, counted in self.counts.items()},
            benefit=self.counts["unemployed"][None, :-1],
            state_benefit=self.state_benefit[None],
            participants=self.members[None],
            started=self.started[None],
            turned_away=self.turned_away[None],
            used={name: used[None] for name, used in self.used.items()},
            costs={key: paid[None] for key, paid in self.paid.items()},
        )

    def join(self, t: int) -> None:
        """Step 1: new spells, and those who lost their job last week."""
        back = self.persons.state == _RETURNING
        self.persons.state[back], self.persons.d[back], self.persons.arm[back] = _UNEMPLOYED, 0, _ALONE
        self.joined = int(self.coming[t])

    def begin(self, t: int) -> None:
        """Step 2: each person without a measure at its start week is offered at most one of those that begin then, by lot."""
        here, lots = self.here(), {}
        for m, measure in enumerate(self.inputs.measures):
            if t < measure.from_week:
                continue
            if measure.start_week not in lots:
                there = np.flatnonzero(here & (self.persons.arm[: self.joined] == _ALONE) & (self.persons.d[: self.joined] == measure.start_week))
                lots[measure.start_week] = (there, self.rng.random(len(there)), 0.0)
            there, lot, offered = lots[measure.start_week]
            reached = there[(offered <= lot) & (lot < offered + measure.reach)]
            lots[measure.start_week] = (there, lot, offered + measure.reach)
            starting = self.rng.permutation(reached)[: self.room(m, t)] if self.uses[m] else reached
            self.persons.arm[starting] = m
            self.started[m, t], self.turned_away[m, t] = len(starting), len(reached) - len(starting)

    def room(self, m: int, t: int) -> int | None:
        """How many whole persons can begin, or None where nothing limits it."""
        room = np.inf
        for name, (first, amounts) in self.futures[m].uses.items():
            weeks = slice(t + first, t + first + len(amounts))
            promised = self.promised(name, t)[weeks, None]
            limit = places(np.asarray(self.inputs.capacity[name].amount)[weeks, None], promised, amounts[: len(promised)])
            room = min(room, float(limit[0]))
        return None if np.isinf(room) else int(np.floor(room + 1e-9))

    def promised(self, name: str, t: int) -> Array:
        """What those now in a measure are expected to use of a capacity, week by week from 0; nothing before week t."""
        promised = np.zeros(self.weeks)
        for m, to_use in enumerate(self.to_use):
            if name in to_use:
                people = np.bincount(self.since(m), minlength=self.weeks)
                promised[t:] += (people @ to_use[name])[: self.weeks - t]
        return promised

    def since(self, m: int) -> NDArray[np.int64]:
        """Weeks since measure ``m`` began, of those in it."""
        inside = self.here() & (self.persons.arm[: self.joined] == m)
        since: NDArray[np.int64] = self.persons.d[: self.joined][inside] - self.inputs.measures[m].start_week
        return since

    def pay(self, t: int) -> None:
        """Step 3: everybody is counted where they are in this week."""
        self.count(t)
        if self.inputs.money:
            self.state_benefit[t] = at(self.inputs.money.state_share, self.persons.d[: self.joined][self.here()]).sum()
        for m, measure in enumerate(self.inputs.measures):
            since = self.since(m)
            self.members[m, t] = (since < weeks_in_measure(measure)).sum()
            for name, amount in self.uses[m].items():
                self.used[name][t] += amount[since].sum()
            for key, amount in self.costs[m].items():
                self.paid[key][t] += amount[since].sum()

    def leave_and_lose(self) -> None:
        """Steps 4 to 6: a lot for each who is unemployed, and one for each who was in work before."""
        persons, here, baseline = self.persons, np.flatnonzero(self.here()), self.inputs.baseline
        working = np.flatnonzero(persons.state == _IN_WORK)
        job, other = at(baseline.job, persons.d[here]), at(baseline.other, persons.d[here])
        for m, (measure, rates) in enumerate(zip(self.inputs.measures, self.rates, strict=True)):
            inside = persons.arm[here] == m
            since = persons.d[here[inside]] - measure.start_week
            job[inside], other[inside] = rates.job[since, 0], rates.other[since, 0]
        lot = self.rng.random(len(here))
        persons.d[here] += 1
        persons.state[here[lot < job]] = _IN_WORK
        persons.state[here[(job <= lot) & (lot < job + other)]] = _LEFT
        persons.state[working[self.rng.random(len(working)) < baseline.job_loss]] = _RETURNING

    def here(self) -> NDArray[np.bool_]:
        """Who is unemployed, of those who have joined."""
        here: NDArray[np.bool_] = self.persons.state[: self.joined] == _UNEMPLOYED
        return here

    def count(self, t: int) -> None:
        state = self.persons.state[: self.joined]
        self.counts["in_work"][t] = (state == _IN_WORK).sum()
        self.counts["left"][t] = (state == _LEFT).sum()
        self.counts["unemployed"][t] = ((state == _UNEMPLOYED) | (state == _RETURNING)).sum()


def _still_to_use(one: Future, name: str, weeks: int) -> Array:
    """What one who has been in the measure for k weeks is expected to use j weeks from now. Shape (weeks, weeks): k by j."""
    first, amounts = one.uses[name]
    whole = np.zeros(2 * weeks)
    whole[first : first + len(amounts)] = amounts[:, 0]
    here = one.paths[UNEMPLOYED, :, 0]
    ahead = np.lib.stride_tricks.sliding_window_view(whole, weeks)[:weeks]
    return np.divide(ahead, here[:, None], out=np.zeros((weeks, weeks)), where=here[:, None] > 0)


def _stacked(runs: list[Run]) -> Run:
    names = ("in_work", "unemployed", "left", "benefit", "state_benefit", "participants", "started", "turned_away")
    return Run(
        **{name: np.concatenate([getattr(one, name) for one in runs]) for name in names},
        used={name: np.concatenate([one.used[name] for one in runs]) for name in runs[0].used},
        costs={key: np.concatenate([one.costs[key] for one in runs]) for key in runs[0].costs},
    )
