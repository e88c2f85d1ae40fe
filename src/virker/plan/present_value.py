"""What the ledger is worth today, to the public purse and to society.

The constants come from the inputs. The Danish ones are those of the Finance Ministry's guide to socio-economic appraisal (*Vejledning i
samfundsøkonomiske konsekvensvurderinger*, updated 22 June 2023): a discount rate of 3.5 per cent for the first 35 years, a net tax factor
of 1.28 from factor prices to consumer prices, and a tax-distortion factor of 1, so that financing as such costs nothing. The guide of 1999
took the distortion as a share of the net public outlay (20 per cent then); a factor above 1 is used in that way here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from virker.errors import QueryError
from virker.plan.inputs import Array, Money, Payer
from virker.plan.ledger import PAY
from virker.plan.outputs import Ledger

PUBLIC: tuple[Payer, ...] = ("municipality", "state", "a-kasse")
WEEKS_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class PresentValue:
    """A plan's worth in week 0, in money, against no plan. S draws, T weeks.

    Attributes
    ----------
    by_payer : dict of payer to ndarray of shape (S,)
        Discounted balance of each; together nothing.
    public : ndarray of shape (S,)
        Municipality, state and a-kasse together.
    social : ndarray of shape (S,)
        Production less resources, in market prices, less the distortion of the taxes that pay for it.
    cumulated : ndarray of shape (S, T)
        Discounted public balance up to and including each week.
    payback_week : ndarray of shape (S,)
        The first week from which ``cumulated`` stays at nothing or above to the end; NaN where there is none.
    """

    by_payer: Mapping[Payer, Array]
    public: Array
    social: Array
    cumulated: Array
    payback_week: Array

    @property
    def chance_of_surplus(self) -> float:
        """Share of the draws in which the public purse gains more than nothing."""
        return float((self.public > 0).mean())


def present_value(ledger: Ledger, money: Money | None) -> PresentValue:
    """Discount ``ledger``. Raises :class:`QueryError` without money."""
    if money is None:
        raise QueryError("A present value needs money: the scenario gives no discount rate.\n    → add it, or ask for people only")
    weeks = next(iter(ledger.balance.values())).shape[1]
    factor = discount(weeks, money.discount_rate)
    public: Array = np.sum([ledger.balance[payer] for payer in PUBLIC], axis=0)
    cumulated = np.cumsum(public * factor, axis=1)
    return PresentValue(
        by_payer={payer: balance @ factor for payer, balance in ledger.balance.items()},
        public=cumulated[:, -1],
        social=social(ledger, money) @ factor,
        cumulated=cumulated,
        payback_week=payback_week(cumulated),
    )


def discount(weeks: int, rate: float) -> Array:
    """``(1 + rate)^(−t/52)`` for t = 0, 1, …; ``rate`` is a year's. Shape (weeks,)."""
    factors: Array = (1.0 + rate) ** (-np.arange(weeks) / WEEKS_A_YEAR)
    return factors


def social(ledger: Ledger, money: Money) -> Array:
    """Society's gain week by week, undiscounted, in market prices. Shape (S, T)::

        net_tax_factor · (Δproduction − Δresources) + (tax_distortion − 1) · Δpublic balance

    Production is counted at its factor cost, which is the pay. Benefit, tax and subsidies only move money from one to another.
    """
    public = sum(ledger.balance[payer] for payer in PUBLIC)
    production = sum(flow.amount for flow in ledger.flows if flow.item == PAY)
    gain: Array = money.net_tax_factor * (production - ledger.balance["resources"]) + (money.tax_distortion - 1.0) * public
    return gain


def payback_week(cumulated: Array) -> Array:
    """The first week from which each row stays at nothing or above to its end; NaN where it ends below. Shape (S,).

    Rounding in the last digits is not a deficit: what is smaller than a 10⁻¹² part of the row's largest value counts as nothing.
    """
    below = cumulated < -1e-12 * np.abs(cumulated).max(axis=1, keepdims=True)
    last = cumulated.shape[1] - 1 - np.argmax(below[:, ::-1], axis=1)
    first = np.where(below.any(axis=1), last + 1.0, 0.0)
    week: Array = np.where(below[:, -1], np.nan, first)
    return week
