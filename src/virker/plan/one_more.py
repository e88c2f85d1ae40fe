"""The bottleneck: what one more caseworker, seat or place would give."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from virker.plan.inputs import Array, Capacity, Inputs
from virker.plan.ledger import ledger
from virker.plan.model import run
from virker.plan.outputs import Run
from virker.plan.present_value import present_value


@dataclass(frozen=True, slots=True)
class OneMore:
    """What ``amount`` more of a capacity in every week would change over all weeks, draw by draw.

    Attributes
    ----------
    binds : ndarray of bool, shape (S,)
        With more of it, other numbers of people begin. Where it does not bind, one more changes nothing.
    started : ndarray of shape (S, M)
        More people who begin each measure; below 0 where measures compete for people or for another capacity.
    weeks_in_work : ndarray of shape (S,)
        More weeks in work.
    public : ndarray of shape (S,) or None
        Discounted gain of the public purse, **before** what the one more costs: the planner sets its price against it. What the measure
        costs for those who get it is taken off. None without money.
    """

    name: str
    unit: str
    amount: float
    binds: NDArray[np.bool_]
    started: Array
    weeks_in_work: Array
    public: Array | None


def one_more(inputs: Inputs, plan: Run | None = None) -> tuple[OneMore, ...]:
    """An answer for each capacity, in the order of the inputs. ``plan`` is the run of ``inputs``, where it has been made already."""
    before = plan or run(inputs)
    return tuple(_one_more(inputs, before, name, capacity) for name, capacity in inputs.capacity.items())


def _one_more(inputs: Inputs, before: Run, name: str, capacity: Capacity) -> OneMore:
    larger = replace(capacity, amount=np.asarray(capacity.amount) + capacity.one_more)
    after = run(replace(inputs, capacity={**inputs.capacity, name: larger}))
    change = after.started - before.started
    return OneMore(
        name=name,
        unit=capacity.unit,
        amount=capacity.one_more,
        binds=np.any(np.abs(change) > 1e-9 * np.maximum(1.0, before.started), axis=(1, 2)),
        started=change.sum(axis=2),
        weeks_in_work=(after.in_work - before.in_work)[:, :-1].sum(axis=1),
        public=present_value(ledger(inputs, after, before), inputs.money).public if inputs.money else None,
    )
