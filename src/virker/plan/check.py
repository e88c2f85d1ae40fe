"""What the model can be run on: every problem of the arrays, told at once.

The scenario's reader checks what a planner wrote; here stands what the formulas need, so that nobody gets a silent wrong number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from virker.errors import QueryError
from virker.plan.inputs import Baseline, Cost, Inputs, Measure, Phase, Use


def check(inputs: Inputs) -> None:
    """Raises :class:`QueryError` with all problems when the model cannot be run on ``inputs``."""
    found = [*_people(inputs), *baseline_problems(inputs.baseline), *_measures(inputs), *_capacity(inputs)]
    if found:
        raise QueryError("The model cannot run:\n" + "\n".join(f"    {problem}" for problem in found))


def _people(inputs: Inputs) -> Iterator[str]:
    if inputs.weeks < 1:
        yield f"weeks is {inputs.weeks}: at least 1"
    if np.shape(inputs.people.inflow) != (inputs.weeks,):
        yield f"inflow has shape {np.shape(inputs.people.inflow)}: one number a week, ({inputs.weeks},)"
    for name, values in (("inflow", inputs.people.inflow), ("stock", inputs.people.stock)):
        if not (np.isfinite(values).all() and (np.asarray(values) >= 0).all()):
            yield f"{name}: people cannot be negative or missing"


def baseline_problems(baseline: Baseline) -> Iterator[str]:
    """What is wrong with the rates."""
    job, other = np.asarray(baseline.job), np.asarray(baseline.other)
    if job.ndim != 1 or job.shape != other.shape or not job.size:
        yield f"job has shape {job.shape} and other {other.shape}: both (D,), D at least 1"
        return
    if not (np.isfinite(job + other).all() and (job >= 0).all() and (other >= 0).all()):
        yield "job and other: a share cannot be negative or missing"
    elif (over := np.flatnonzero(job + other > 1 + 1e-12)).size:
        yield f"job + other is {job[over[0]] + other[over[0]]:.4g} at {over[0]} weeks: at most 1"
    if not 0 <= baseline.job_loss <= 1:
        yield f"job_loss is {baseline.job_loss}: a share from 0 to 1"


def _measures(inputs: Inputs) -> Iterator[str]:
    shares: dict[int, float] = {}
    for measure in inputs.measures:
        yield from (f"{measure.id}: {problem}" for problem in _measure(measure))
        shares[measure.start_week] = shares.get(measure.start_week, 0.0) + measure.reach
        yield from (f"{measure.id}: capacity '{use.name}' is not given" for use in measure.uses if use.name not in inputs.capacity)
    yield from (f"start_week {week}: the reach of its measures adds up to {share:.4g}, at most 1" for week, share in shares.items() if share > 1 + 1e-12)
    draws = {len(phase.log_ratio) for measure in inputs.measures for phase in measure.phases} - {1}
    if len(draws) > 1:
        yield f"the phases have different numbers of draws: {sorted(draws)}"


def _measure(measure: Measure) -> Iterator[str]:
    if measure.start_week < 0 or measure.from_week < 0:
        yield "start_week and from_week are at least 0"
    if not 0 <= measure.reach <= 1:
        yield f"reach is {measure.reach}: a share from 0 to 1"
    parts: tuple[Phase | Use | Cost, ...] = (*measure.phases, *measure.uses, *measure.costs)
    for part in parts:
        if not 0 <= part.start < part.stop:
            yield f"{type(part).__name__.lower()} from week {part.start} to {part.stop}: it starts at 0 or later and stops after it starts"
    yield from (f"use of '{use.name}' is {use.amount}: it cannot be negative" for use in measure.uses if not use.amount >= 0)
    ordered = sorted(measure.phases, key=lambda phase: phase.start)
    for earlier, later in pairwise(ordered):
        if later.start < earlier.stop:
            yield f"phases '{earlier.name}' and '{later.name}' overlap in week {later.start}"
    for phase in measure.phases:
        if np.ndim(phase.log_ratio) != 1 or not np.isfinite(phase.log_ratio).all():
            yield f"phase '{phase.name}': log_ratio has shape (S,) and no missing numbers"


def _capacity(inputs: Inputs) -> Iterator[str]:
    for name, capacity in inputs.capacity.items():
        if np.shape(capacity.amount) != (inputs.weeks,):
            yield f"capacity '{name}' has shape {np.shape(capacity.amount)}: one number a week, ({inputs.weeks},)"
        elif not (np.asarray(capacity.amount) >= 0).all():
            yield f"capacity '{name}' cannot be negative or missing"
