"""One finding's number on its way into a pooled effect: what it measures, when, and how precise its source prints it.

Precision is what is printed, read by :func:`virker.meta.effect_sizes.printed`: a standard error, else an interval (taken as 95 per cent), else a
two-sided p-value. A bound of p ("p < 0.05"), a star or the word significant is no precision: such a number is shown and never weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from statistics import NormalDist
from typing import NamedTuple

from virker.bank import LEVELS, Row
from virker.bank.records import Finding, Phase, Scope
from virker.bank.references import short_name
from virker.language import Said, number
from virker.synthesis.effect_number import BOUNDS, Precision, horizon
from virker.synthesis.effect_told import number_said
from virker.synthesis.pooled_effect import Band, Measure, PooledMember
from virker.synthesis.pooled_measure import amount_of, band_for, measure_of

_Z = NormalDist().inv_cdf(0.975)
_BOUND = Said("kilden trykker kun en grænse, ikke et skøn", "the source prints a bound only, not an estimate")
_RANGE = Said("kilden trykker kun et spænd, ikke et skøn", "the source prints a range only, not an estimate")
_GONE = Said("et fald på 100 procent eller mere er ikke et forholdstal", "a fall of 100 per cent or more is no ratio")


class CellKey(NamedTuple):
    """What numbers must have in common to be weighed together."""

    measure: str
    phase: Phase
    band: str
    scope: Scope
    another_programme: bool


@dataclass(frozen=True, slots=True)
class Number:
    """One number, as its source prints it (in the measure's own amounts), before anything is weighed.

    ``estimate``, ``se``, ``low``, ``high`` and ``p`` hold only what is used; ``precision`` is "none" and ``why`` the reason where it cannot be weighed.
    ``marks`` are filled in by those who have the whole bank. ``off_group``: it is on a narrower or a wider group than the one asked about.
    """

    row: Row
    unit: str
    maryland: int
    measure: Measure
    band: Band
    turned: bool
    estimate: float
    precision: Precision
    why: Said
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    via: bool = False
    off_group: bool = False
    marks: tuple[Said, ...] = ()

    @property
    def key(self) -> CellKey:
        f = self.row.finding
        return CellKey(self.measure.id, f.phase or "net", self.band.id, f.scope, f.comparator == "another-programme")

    @property
    def weighable(self) -> bool:
        return self.precision != "none"


def number_of(row: Row, unit: str, maryland: int, turned: bool) -> Number | Said | None:
    """The finding's number; why it can stand in no cell; None where it prints none."""
    f = row.finding
    if f.unit in ("direction-only", "vote-count") or (f.effect is None and f.effect_low is None and f.effect_high is None):
        return None
    measure = measure_of(f)
    if isinstance(measure, Said):
        return measure
    if f.qualifier in BOUNDS:
        return _BOUND
    estimate = amount_of(f.effect, f, measure)
    if estimate is None:
        return _RANGE if f.effect_low is not None and f.effect_high is not None else _BOUND
    if measure.relative and estimate <= 0:
        return _GONE
    plain = Number(row, unit, maryland, measure, band_for(f, measure), turned, estimate, "none", _NOTHING)
    return _with_precision(plain, f, measure)


_NOTHING = Said("ingen præcision er trykt", "no precision is printed")
_WORD = Said("kun »signifikant« er trykt, uden standardfejl, interval eller p-værdi", "only “significant” is printed, without a standard error, an interval or a p-value")  # fmt: skip


def _with_precision(n: Number, f: Finding, measure: Measure) -> Number:
    """The number with the first precision that its source prints and that can be right."""
    if f.se is not None:
        if f.se <= 0:
            return replace(n, why=Said("standardfejlen er trykt som 0", "the standard error is printed as 0"))
        se = f.se / 100 if f.unit == "percent" else amount_of(f.se, f, measure)
        return replace(n, precision="se", se=se, why=Said("standardfejl trykt", "standard error printed"))
    if f.ci_low is not None and f.ci_high is not None:
        low, high = amount_of(f.ci_low, f, measure), amount_of(f.ci_high, f, measure)
        assert low is not None
        assert high is not None
        if not low <= n.estimate <= high or low == high or (measure.relative and low <= 0):
            return replace(n, why=Said("skønnet ligger ikke i det trykte interval", "the estimate does not lie in the printed interval"))
        return replace(n, precision="ci", low=low, high=high, why=Said("regnet af det trykte interval (95 pct.)", "from the printed interval (95%)"))
    if f.p is not None:
        if not 0 < f.p < 1 or n.estimate == measure.no_effect:
            return replace(n, why=Said("p-værdien siger intet om præcisionen", "the p-value says nothing of the precision"))
        return replace(n, precision="p", p=f.p, why=Said(f"regnet af den trykte p-værdi ({number(f.p, 'da')})", f"from the printed p-value ({number(f.p, 'en')})"))  # fmt: skip
    if f.p_max is not None:
        return replace(n, why=Said(f"kun en grænse er trykt: p < {number(f.p_max, 'da')}", f"only a bound is printed: p < {number(f.p_max, 'en')}"))
    return replace(n, why=_WORD if f.significant == "yes" else _NOTHING)


#: Which of several numbers of one unit speaks for it: the first difference decides. The same order as of a plan's numbers, as far as it goes.
ORDER_SAID = Said(
    "netop denne indsats; skruet samme vej; hele gruppen før en del; stærkere design; læst nærmere kilden; standardfejl før interval før p-værdi; længere horisont; tidligst i kilden",
    "this very measure; turned the same way; the whole group before a part; a stronger design; read nearer the source; standard error before interval before p-value; a longer horizon; earliest in the source",
)  # fmt: skip
_PRECISION = ("se", "ci", "p", "none")


def order(n: Number) -> tuple[float | str, ...]:
    """The sort key of :data:`ORDER_SAID`."""
    f = n.row.finding
    level, precise = LEVELS.index(f.origin.level), _PRECISION.index(n.precision)
    return (n.via, n.turned, n.off_group or bool(f.subgroup), -n.maryland, level, precise, -(horizon(f) or 0.0), n.row.study.id, f.id)


def members_of(numbers: Sequence[Number], told: bool = True) -> list[PooledMember]:
    """The numbers with their standard errors, in the order given; turned round where the question turns the measure. Not ``told``: without words."""
    se = _standard_errors([n for n in numbers if n.weighable])
    return [_member(n, se.get(n.row.address), told) for n in numbers]


def _standard_errors(numbers: Sequence[Number]) -> dict[str, float]:
    """By address, on the scale of analysis."""
    from virker.meta.effect_sizes import printed

    found: dict[str, float] = {}
    for relative in (False, True):
        those = [n for n in numbers if n.measure.relative == relative]
        if those:
            sizes = printed(_column(n.estimate for n in those), se=_column(n.se for n in those), low=_column(n.low for n in those),
                            high=_column(n.high for n in those), p=_column(n.p for n in those), ratio=relative)  # fmt: skip
            found |= {n.row.address: float(v) ** 0.5 for n, v in zip(those, sizes.v, strict=True)}
    return found


def _column(values: Iterable[float | None]) -> list[float]:
    return [float("nan") if v is None else v for v in values]


_UNSAID = Said("", "")


def _member(n: Number, se: float | None, told: bool) -> PooledMember:
    f, s, relative = n.row.finding, n.row.study, n.measure.relative
    y, low, high = (log(n.estimate) if relative else n.estimate), n.low, n.high
    if se is not None and low is None:
        ends = (y - _Z * se, y + _Z * se)
        low, high = (exp(ends[0]), exp(ends[1])) if relative else ends
    amount = n.estimate
    if n.turned:
        y, amount, low, high = -y, 1 / amount if relative else -amount, _turn(high, relative), _turn(low, relative)
    return PooledMember(
        unit=n.unit,
        address=n.row.address,
        study=s.id,
        label=Said(short_name(s, "da"), short_name(s, "en")) if told else _UNSAID,
        year=s.year,
        countries=n.row.countries,
        y=y,
        se=se,
        amount=amount,
        low=low,
        high=high,
        weight=None,
        maryland=n.maryland,
        design=s.design,
        precision=n.precision,
        precision_said=n.why,
        horizon_months=horizon(f),
        turned=n.turned,
        intervention=f.intervention,
        target_group=f.target_group,
        subgroup=f.subgroup,
        marks=n.marks,
        said=number_said(n.row, n.measure.label, n.why) if told else _UNSAID,
    )


def _turn(value: float | None, relative: bool) -> float | None:
    return None if value is None else 1 / value if relative else -value
