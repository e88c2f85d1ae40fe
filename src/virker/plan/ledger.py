"""Who pays whom: every krone that the plan moves is taken from one and given to another.

The ledger is of the *difference* between two runs. Benefit of week t goes to those unemployed in it, pay to those in work in it, and a
programme's costs fall while its participants are unemployed. A krone that ``employer`` pays in wages is also a krone's worth of goods
made, so the employer's pay stands for production; see :mod:`virker.plan.present_value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np

from virker.errors import QueryError
from virker.plan.inputs import Array, Inputs, Money, Payer
from virker.plan.outputs import Flow, Ledger, Run

PAYERS: tuple[Payer, ...] = get_args(Payer)
BENEFIT, TAX_ON_BENEFIT, PAY, TAX_ON_PAY = "benefit", "tax on benefit", "pay", "tax on pay"


def ledger(inputs: Inputs, plan: Run, without: Run) -> Ledger:
    """All payments of ``plan`` less those of ``without``, week by week and draw by draw; the two need not have the same number of draws.

    Raises :class:`QueryError` when ``inputs`` has no money.
    """
    if inputs.money is None:
        raise QueryError("A ledger needs money: the scenario gives no benefit, pay or tax.\n    → add them, or ask for people only")
    flows = tuple(_flows(inputs.money, plan, without))
    return Ledger(flows, {payer: _balance(payer, flows) for payer in PAYERS})


def _flows(money: Money, plan: Run, without: Run) -> Iterator[Flow]:
    by_state = money.benefit * (plan.state_benefit - without.state_benefit)
    benefit = money.benefit * (plan.benefit - without.benefit)
    pay = money.wage * (plan.in_work[:, :-1] - without.in_work[:, :-1])
    yield Flow("state", "person", BENEFIT, by_state)
    yield Flow("municipality", "person", BENEFIT, benefit - by_state)
    yield from _tax(money, TAX_ON_BENEFIT, money.tax_benefit * benefit)
    yield Flow("employer", "person", PAY, pay)
    yield from _tax(money, TAX_ON_PAY, money.tax_wage * pay)
    nothing = np.zeros((1, plan.benefit.shape[1]))
    for payer, to, item in dict.fromkeys((*plan.costs, *without.costs)):
        key = (payer, to, item)
        yield Flow(payer, to, item, plan.costs.get(key, nothing) - without.costs.get(key, nothing))


def _tax(money: Money, item: str, amount: Array) -> Iterator[Flow]:
    to_state = money.state_tax_share * amount
    yield Flow("person", "state", item, to_state)
    yield Flow("person", "municipality", item, amount - to_state)


def _balance(payer: Payer, flows: tuple[Flow, ...]) -> Array:
    """What ``payer`` receives less what it pays, shape (S, T)."""
    balance = np.zeros(np.broadcast_shapes(*(flow.amount.shape for flow in flows)))
    for flow in flows:
        balance += (flow.to == payer) * flow.amount - (flow.payer == payer) * flow.amount
    return balance
