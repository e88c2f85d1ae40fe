"""What the model gives back: paths by week and a ledger. S draws, T weeks, M measures (in the order of the inputs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from virker.plan.inputs import Array, Payer


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the model.

    Attributes
    ----------
    in_work, unemployed, left : ndarray of shape (S, T + 1)
        People at the start of each week, when those who join in it have joined, and at the end of the last; ``left`` for something else
        than a job.
    benefit : ndarray of shape (S, T)
        People who receive benefit in the week: those unemployed at its start.
    state_benefit : ndarray of shape (S, T)
        The same, weighted by the state's share at their weeks of unemployment (without money: zeros).
    participants, started, turned_away : ndarray of shape (S, M, T)
        People in the measure (from its start to the end of its last use or cost or lock-in), those who began this week, and those for whom
        there was no capacity.
    used : dict of ndarray of shape (S, T)
        How much of each capacity was used; never more than there is.
    costs : dict of (payer, to, item) to ndarray of shape (S, T)
        What the measures cost, week by week.
    """

    in_work: Array
    unemployed: Array
    left: Array
    benefit: Array
    state_benefit: Array
    participants: Array
    started: Array
    turned_away: Array
    used: Mapping[str, Array]
    costs: Mapping[tuple[Payer, Payer, str], Array]


@dataclass(frozen=True, slots=True)
class Flow:
    """A payment that the plan changes: from whom, to whom, for what, in money a week (plan less no plan), shape (S, T)."""

    payer: Payer
    to: Payer
    item: str
    amount: Array


@dataclass(frozen=True, slots=True)
class Ledger:
    """All flows. What one pays another receives, so the balances of all payers add up to nothing in every week and draw."""

    flows: tuple[Flow, ...]
    balance: Mapping[Payer, Array]
