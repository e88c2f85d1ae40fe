"""What the model is given: arrays and plain numbers, no bank and no files.

Time runs in whole weeks from 0. ``d`` is the number of whole weeks a person has been unemployed in the present spell. Rates are
shares per week. S is the number of draws of what is uncertain (1 for the expectation alone).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
PhaseName = Literal["threat", "lock-in", "after", "net"]
#: Who pays and who receives. ``employer`` stands for the value of what is produced and for what employers receive; ``resources``
#: for staff time, places and courses that are used up. A ledger over all of them adds up to nothing.
Payer = Literal["municipality", "state", "a-kasse", "person", "employer", "resources"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What happens to the group without any measure.

    Attributes
    ----------
    job, other : ndarray of shape (D,)
        Share of those unemployed for ``d`` weeks who leave within the week for a job, and for something else. The last value
        holds for longer spells. ``job + other`` never exceeds 1.
    job_loss : float
        Share of those in work who become unemployed again within a week; they begin a new spell at ``d = 0``.
    """

    job: Array
    other: Array
    job_loss: float


@dataclass(frozen=True, slots=True)
class People:
    """``inflow`` of shape (T,): new spells a week; ``stock``, of any length: unemployed at the start by weeks of unemployment.

    ``stock[d]`` are those at exactly ``d`` weeks; the last holds no longer spells than its own, so give as many as are known apart.
    """

    inflow: Array
    stock: Array


@dataclass(frozen=True, slots=True)
class Phase:
    """From week ``start`` up to, not including, week ``stop`` since the measure began for a person, the job-finding hazard is
    multiplied by ``exp(log_ratio)``; ``log_ratio`` has shape (S,), or (1,) where it is certain.

    The hazard is that of continuous time, constant within the week, as in the studies that print hazard ratios; see
    :func:`virker.plan.rates.multiplied`. So no more people leave than there are, without a cap. The phases of a measure do not overlap.
    """

    name: PhaseName
    start: int
    stop: int
    log_ratio: Array


@dataclass(frozen=True, slots=True)
class Use:
    """A participant takes ``amount`` of the capacity ``name`` in each week from ``start`` up to, not including, ``stop``."""

    name: str
    start: int
    stop: int
    amount: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a participant costs: ``amount`` in each week from ``start`` up to, not including, ``stop``, paid by ``payer`` to ``to``.

    A cost at the start only has ``stop = start + 1``. It falls only while the person is unemployed and in the measure.
    """

    payer: Payer
    to: Payer
    start: int
    stop: int
    amount: float
    item: str = "programme"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that begins for the share ``reach`` of those who get to ``start_week`` weeks of unemployment without a measure while
    it runs (from calendar week ``from_week``), as far as capacity allows; earlier measures in the list go first. A person gets at most
    one measure in a spell, because the evidence speaks of one measure at a time. Who was turned away does not wait for a place; a
    measure with a later ``start_week`` may still reach them. Measures with the same ``start_week`` share out the people: their ``reach``
    adds up to at most 1."""

    id: str
    start_week: int
    reach: float
    phases: tuple[Phase, ...] = ()
    uses: tuple[Use, ...] = ()
    costs: tuple[Cost, ...] = ()
    from_week: int = 0


@dataclass(frozen=True, slots=True)
class Capacity:
    """``amount`` of shape (T,) that can be used each week, in ``unit``; ``one_more`` is what one more caseworker or seat gives a week."""

    name: str
    amount: Array
    unit: str
    one_more: float


@dataclass(frozen=True, slots=True)
class Money:
    """Kroner. All amounts are in one currency and one price level.

    Attributes
    ----------
    benefit : float
        Benefit a week before tax.
    state_share : ndarray of shape (D,)
        The state's share of the benefit by weeks of unemployment; the municipality pays the rest. The last value holds on.
    wage : float
        Pay a week before tax, which also stands for the value of what is produced (at factor cost).
    tax_benefit, tax_wage : float
        Share of benefit and of pay that is taken in tax.
    state_tax_share : float
        The state's share of that tax; the municipality gets the rest.
    discount_rate : float
        A year, as a share (0.035).
    net_tax_factor : float
        From factor prices to market prices.
    tax_distortion : float
        What a krone of tax costs society (1: a krone).
    """

    currency: str
    benefit: float
    state_share: Array
    wage: float
    tax_benefit: float
    tax_wage: float
    state_tax_share: float
    discount_rate: float
    net_tax_factor: float = 1.0
    tax_distortion: float = 1.0


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that one run of the model needs. ``weeks`` is T."""

    weeks: int
    people: People
    baseline: Baseline
    measures: tuple[Measure, ...] = ()
    capacity: Mapping[str, Capacity] = field(default_factory=dict)
    money: Money | None = None
