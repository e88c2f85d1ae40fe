"""A planner's scenario as written: for whom, which measures, with what capacity, at what prices, and where each figure is from.

The form is told field by field in ``docs/reference/scenario.md``. Every table of figures says where they are from: ``source`` (who
prints them) or ``assumed`` (the planner's own assumption, in words); both are shown with the result.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from virker.bank.records import Contrast, Saturation
from virker.language import Said
from virker.plan.inputs import Payer

PER_WEEK: dict[str, float] = {"week": 1.0, "month": 12 / 52, "year": 1 / 52}


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename={"from_": "from"}):
    pass


class Basis(_Strict, frozen=True, kw_only=True):
    """Where figures are from: exactly one of the two is given, in one language or as ``{ da = "…", en = "…" }``."""

    source: str | Said | None = None
    assumed: str | Said | None = None

    @property
    def told(self) -> Said:
        """The basis in both languages; what is written in one stands in both."""
        return told_in_both(self.source, self.assumed)


def told_in_both(source: str | Said | None, assumed: str | Said | None) -> Said:
    """Where figures are from, with what is assumed called so."""
    if source is not None:
        return source if isinstance(source, Said) else Said(source, source)
    said = assumed if isinstance(assumed, Said) else Said(assumed or "", assumed or "")
    return Said(f"antaget: {said.da}", f"assumed: {said.en}")


class Rate(_Strict, frozen=True, kw_only=True):
    """From so many weeks of unemployment on: a share per week."""

    from_: int
    rate: float


class Share(_Strict, frozen=True, kw_only=True):
    """From so many weeks of unemployment on: a share."""

    from_: int
    share: float


class Waiting(_Strict, frozen=True, kw_only=True):
    """People already unemployed at the start, spread evenly over these weeks of unemployment, both included."""

    from_: int
    to: int
    people: float


class PeopleTold(Basis, frozen=True, kw_only=True):
    """New spells a week (one figure, or one for each week) and those already unemployed."""

    inflow: float | tuple[float, ...]
    stock: tuple[Waiting, ...] = ()


class BaselineTold(Basis, frozen=True, kw_only=True):
    """Shares who leave in a week without any measure, by weeks of unemployment, and the share in work who lose the job in a week."""

    job: tuple[Rate, ...]
    other: tuple[Rate, ...] = ()
    job_loss: float = 0.0


class Amount(Basis, frozen=True, kw_only=True):
    """Money: an amount with its currency, or ``rule``, an address in the dated law."""

    amount: float | None = None
    currency: str | None = None
    per: Literal["week", "month", "year"] = "month"
    rule: str | None = None


class Price(Basis, frozen=True, kw_only=True):
    """What a thing costs and who pays it. For a measure: once for a participant, or for each week in it."""

    amount: float
    currency: str | None = None
    per: Literal["participant", "week"] = "participant"
    payer: Payer
    to: Payer = "resources"


class UseTold(_Strict, frozen=True, kw_only=True):
    """How much of a capacity a participant takes in each week of the measure."""

    capacity: str
    amount: float


class CapacityTold(Basis, frozen=True, kw_only=True):
    """What there is of something each week (hours, seats, places), what one more gives, and what a unit costs when it is used."""

    id: str
    da: str
    en: str
    unit_da: str
    unit_en: str
    amount: float
    one_more: float
    one_more_da: str
    one_more_en: str
    price: float | None = None
    currency: str | None = None
    payer: Payer = "municipality"


class MeasureTold(_Strict, frozen=True, kw_only=True):
    """A measure: what it is in the bank's terms, whom it reaches and when, what it takes and costs, and which number of the bank is used.

    It is announced at ``start_week`` weeks of unemployment, begins ``notice_weeks`` later, and runs for ``weeks``. ``lasts_weeks`` is how
    long after the announcement the job-finding rate is taken to be changed; without it, as long as the source followed people. ``pay`` is
    what employers pay participants in place of the benefit while the measure runs (a wage subsidy): they get no benefit in those weeks.
    """

    id: str
    da: str
    en: str
    intervention: str
    contrast: Contrast = "on"
    start_week: int
    weeks: int
    notice_weeks: int = 0
    reach: float
    from_week: int = 0
    lasts_weeks: int | None = None
    effect: str | None = None
    saturation: Saturation | None = None
    pay: Amount | None = None
    uses: tuple[UseTold, ...] = ()
    price: tuple[Price, ...] = ()


class MoneyTold(_Strict, frozen=True, kw_only=True):
    """Benefit, pay, tax and who bears what. ``on`` is the day whose rates are read where ``rule`` is given.

    ``state_share`` is the state's share of the benefit by weeks of unemployment, or the steps of the law that set it:
    ``refusion/cofinancing`` for unemployment benefit, ``refusion/reimbursement`` for what municipalities pay out.
    """

    currency: str
    on: date
    benefit: Amount
    wage: Amount
    tax_benefit: float
    tax_wage: float
    state_tax_share: float
    state_share: tuple[Share, ...] | str
    source: str | Said | None = None
    assumed: str | Said | None = None
    discount_rate: float | None = None


class Scenario(_Strict, frozen=True, kw_only=True):
    """What a planner wrote."""

    id: str
    da: str
    en: str
    group: tuple[str, ...]
    country: str = "DK"
    start: date
    weeks: int = 104
    draws: int = 1000
    seed: int = 1
    #: The planner's assumption about results called significant without a level (0.05); without it they have no band.
    significance_level: float | None = None
    #: How much each of the planner's own figures is turned up and down in the tornado, as a share.
    swing: float = 0.2
    people: PeopleTold
    baseline: BaselineTold
    measure: tuple[MeasureTold, ...]
    capacity: tuple[CapacityTold, ...] = ()
    money: MoneyTold

    @property
    def title(self) -> Said:
        return Said(self.da, self.en)
