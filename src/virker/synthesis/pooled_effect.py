"""What pooling gives, as figures and pages read it: the numbers that went in, the pooled effect, and why it is none where it is none.

The functions that make these are ``pooled_cells.cells`` (every cell of a question) and ``pooled_path.pooled_path`` (one kind of number over the
months). Nothing here needs NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from virker.bank import Query
from virker.bank.records import Contrast, Phase, Scope
from virker.language import Said
from virker.synthesis.effect_number import NumberKind, Precision

if TYPE_CHECKING:
    from virker.meta.multilevel import MultilevelModel
    from virker.meta.univariate import RandomEffects

#: ``pooled``: a model was fitted. ``too-few``: some units, shown side by side. ``single``: one unit, its own number. ``none``: nothing can be weighed.
Status = Literal["pooled", "single", "too-few", "none"]
#: Which way the number is good for the person; None where the bank's findings do not say.
Better = Literal["higher", "lower"]
#: Months since the start: 0-6, 6-12, 12-24, 24-36, after 36; ``whole`` for numbers that are not at a horizon (rates, length of a spell);
#: ``not-printed`` where the source does not say.
BandId = Literal["0-6", "6-12", "12-24", "24-36", "36-", "whole", "not-printed"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number says, so that two numbers of one measure can stand in one mean.

    Attributes
    ----------
    id : str
        The kind, or ``outcome/unit`` for what :mod:`virker.synthesis.effect_number` does not name (``return-to-work/hazard-ratio``).
    kind : NumberKind or None
        The kind, where it has one.
    outcome, unit : str
        The term and the unit of what has no kind; of a kind, the first outcome and the unit in which amounts stand (``pp``, ``weeks``, ``ratio``).
    relative : bool
        Amounts are ratios (1: no change) and the scale of analysis is their natural logarithm. Else both scales are the same.
    better : Better or None
        Which way is good for the person.
    label, unit_said : Said
        The measure and its unit, as a reader is told (an axis title).
    """

    id: str
    kind: NumberKind | None
    outcome: str
    unit: str
    relative: bool
    better: Better | None
    label: Said
    unit_said: Said

    @property
    def no_effect(self) -> float:
        """The amount that means no effect: 1 for ratios, else 0."""
        return 1.0 if self.relative else 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """Months since the start, ``low`` (not included, but for 0) to ``high`` (included); None where it has no such end."""

    id: BandId
    low: float | None
    high: float | None
    said: Said


@dataclass(frozen=True, slots=True)
class PooledMember:
    """One number, and the piece of evidence that it is from.

    Attributes
    ----------
    unit : str
        The piece of evidence: a trial, or a study.
    address, study, label, year, countries, maryland, design : the finding's address and its study; ``label`` is its short name.
    y, se : float, float or None
        The estimate and its standard error on the scale of analysis (the logarithm of ratios). ``se`` is None where no precision is printed.
    amount, low, high : float, float or None
        The estimate and its 95 per cent interval on the natural scale; turned round where the question turns the measure the other way.
    weight : float or None
        Its share of the pooled effect, in per cent; None where it is in none.
    precision, precision_said : where the standard error is from.
    horizon_months : float or None
        Months since the start, or the end of the span that the source prints.
    turned : bool
        The source turned the measure the other way, so the number is turned round.
    target_group, subgroup : terms of the population.
    intervention : the source's own measure, which may stand below the one asked about.
    marks : what a reader must be told of the number before using it.
    said : the number as printed, with where it is from.
    """

    unit: str
    address: str
    study: str
    label: Said
    year: int | None
    countries: tuple[str, ...]
    y: float
    se: float | None
    amount: float
    low: float | None
    high: float | None
    weight: float | None
    maryland: int
    design: str
    precision: Precision
    precision_said: Said
    horizon_months: float | None
    turned: bool
    intervention: str
    target_group: tuple[str, ...]
    subgroup: tuple[str, ...]
    marks: tuple[Said, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """What leaving one unit out does: ``low`` and ``high`` are the lowest and highest pooled amount, and whose absence gives them."""

    low: float
    low_without: str
    high: float
    high_without: str
    #: the highest p-value of "no effect" that leaving one unit out gives
    p: float


@dataclass(frozen=True, slots=True)
class SmallStudies:
    """The test of small-study effects (regression of the estimates on their standard errors): its p-value, or why there is none."""

    p: float | None
    said: Said


@dataclass(frozen=True, slots=True)
class PooledEffect:
    """One cell: everything of one measure, band, phase, scope and comparator that the question selects.

    Attributes
    ----------
    intervention, contrast, group : the question's measure(s), the way it is turned, and the group(s) asked about; empty: all.
    measure, phase, band, scope, another_programme : what the numbers have in common. ``another_programme``: compared with another measure.
    members : tuple of PooledMember
        The numbers with a standard error that went in (pooled), or that stand side by side (single, too few).
    beside : tuple of PooledMember
        Further numbers of units that are already in ``members`` with another: no second vote. Never weighed.
    unweighed : tuple of PooledMember
        Numbers that cannot be weighed: no precision is printed.
    reviews : tuple of PooledMember
        Means of reviews: shown, never pooled.
    units : int
        Pieces of evidence among the members.
    model : RandomEffects or MultilevelModel or None
        What was fitted, on the scale of analysis.
    estimate, ci_low, ci_high, pi_low, pi_high : float or None
        The pooled amount, its 95 per cent interval, and the 95 per cent interval for the effect in a new study, on the natural scale. With one
        unit: its own number and interval (no ``pi``).
    se, df, p : standard error on the scale of analysis, degrees of freedom, and two-sided p-value of no effect.
    tau2, i2, q, q_p : variance between studies (scale of analysis), its share in per cent, and Cochran's test.
    leave_one_out, small_studies : None where nothing is pooled.
    direction : str or None
        ``positive``, ``negative`` or ``none`` for the person, from the interval; None where nothing is pooled or which way is good is not known.
    status, reasons, marks : how it went, why, and what a reader must be warned of.
    """

    intervention: tuple[str, ...]
    contrast: Contrast
    group: tuple[str, ...]
    measure: Measure
    phase: Phase
    band: Band
    scope: Scope
    another_programme: bool
    members: tuple[PooledMember, ...]
    beside: tuple[PooledMember, ...]
    unweighed: tuple[PooledMember, ...]
    reviews: tuple[PooledMember, ...]
    units: int
    status: Status
    reasons: tuple[Said, ...]
    marks: tuple[Said, ...] = ()
    model: RandomEffects | MultilevelModel | None = field(default=None, repr=False)
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    pi_low: float | None = None
    pi_high: float | None = None
    se: float | None = None
    df: float | None = None
    p: float | None = None
    tau2: float | None = None
    i2: float | None = None
    q: float | None = None
    q_p: float | None = None
    leave_one_out: LeaveOneOut | None = None
    small_studies: SmallStudies | None = None
    direction: str | None = None

    @property
    def id(self) -> str:
        """The cell's name among those of its question: for anchors, files and orders that never change."""
        parts = (self.measure.id, self.phase, self.band.id, self.scope, "another-programme" if self.another_programme else "")
        return " ".join(p for p in parts if p)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the model, as JSON takes it."""
        from dataclasses import fields

        import msgspec

        left = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "model"}
        out: dict[str, Any] = msgspec.to_builtins(left)
        return out


@dataclass(frozen=True, slots=True)
class Refused:
    """A number that no cell may hold, and every reason."""

    address: str
    why: Said


@dataclass(frozen=True, slots=True)
class PooledAnswer:
    """All cells of a question, those that pool first, then by units; and the numbers that no cell may hold."""

    query: Query
    cells: tuple[PooledEffect, ...]
    refused: tuple[Refused, ...]
    said: tuple[Said, ...]

    def count(self, status: Status) -> int:
        """How many cells have that status."""
        return sum(c.status == status for c in self.cells)
