"""A finding's number as a planner can use it: what kind of number it is, its amount, and how precise its source prints it.

Kinds are never turned into one another here. Within a kind, days and months become weeks, and a relative change becomes a ratio
(30 percent: 1.3), because those are the same number. What is no number of a kind listed here is refused, with the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from virker.bank import Row
from virker.bank.records import Finding, Level, Phase, Saturation
from virker.language import Said, number

#: What the number says. Those in :data:`RELATIVE` are ratios.
NumberKind = Literal[
    "job-hazard", "exit-hazard", "job-share", "exit-share", "time-in-work", "employment-share", "employment-share-relative",
    "unemployment-spell", "time-unemployed",
]  # fmt: skip
RELATIVE: frozenset[NumberKind] = frozenset({"job-hazard", "exit-hazard", "employment-share-relative"})

KINDS: dict[NumberKind, Said] = {
    "job-hazard": Said("raten, hvormed folk går fra ledighed til job (forholdstal)", "the rate at which people leave for a job (ratio)"),
    "exit-hazard": Said("raten, hvormed folk forlader ledighed, ikke kun til job (forholdstal)", "the rate at which people leave unemployment, not only for a job (ratio)"),
    "job-share": Said("andelen, der er gået til job inden for horisonten (procentpoint)", "the share who left for a job within the horizon (percentage points)"),
    "exit-share": Said("andelen, der har forladt ledighed inden for horisonten, ikke kun til job (procentpoint)", "the share who left unemployment within the horizon, not only for a job (percentage points)"),
    "time-in-work": Said("tid i arbejde inden for horisonten (uger)", "time in work within the horizon (weeks)"),
    "employment-share": Said("andelen i arbejde ved horisonten (procentpoint)", "the share in work at the horizon (percentage points)"),
    "employment-share-relative": Said("andelen i arbejde set i forhold til uden indsatsen (forholdstal)", "the share in work relative to without the measure (ratio)"),
    "unemployment-spell": Said("ledighedsforløbets længde (uger)", "the length of the spell of unemployment (weeks)"),
    "time-unemployed": Said("tid som ledig inden for horisonten (uger)", "time unemployed within the horizon (weeks)"),
}  # fmt: skip

#: Where the standard error is from. ``range``: a printed range stands instead of one. ``assumed``: the caller's significance level.
Precision = Literal["se", "ci", "p", "p-max", "range", "assumed", "none"]

#: Weeks in each unit of time that a source may print.
WEEKS: dict[str, float] = {"days": 1 / 7, "weeks": 1.0, "months": 52 / 12}
#: Kinds that mean nothing without the months after which, or within which, they were measured.
_NEEDS_HORIZON: frozenset[NumberKind] = frozenset(
    {"job-share", "exit-share", "time-in-work", "employment-share", "employment-share-relative", "time-unemployed"}
)
#: Qualifiers of a number that is no estimate.
BOUNDS = ("at-least", "more-than", "up-to")


@dataclass(frozen=True, slots=True)
class EffectNumber:
    """One number that a planner may use.

    Attributes
    ----------
    unit : str
        The piece of evidence (trial, study or review). Numbers of one unit are alternatives, never several witnesses.
    kind : NumberKind
        What the number says.
    amount : float or None
        Weeks, percentage points, or (for :data:`RELATIVE` kinds) a ratio, 1 being no change. The source's sign, unless ``turned``. None
        where the source prints a range only.
    low, high : float or None
        A range that the source prints, in the same measure; never a confidence interval.
    se : float or None
        Standard error in the same measure; for :data:`RELATIVE` kinds on the log scale.
    horizon_months : float or None
        Months since the start at which, or within which, it was measured. ``horizon_from``: where the source prints a span.
    phase : str
        ``net`` where the source names none.
    covers_wider : bool
        The source's population is wider than the group asked about.
    turned : bool
        The source turned the measure the other way, so the number is turned round.
    via : bool
        The source studied another measure which the bank marks as also being this one.
    note : str or None
        The coder's note (English): what the fields do not hold, such as a number told for one more week of benefit.
    said : Said
        The number as printed, with where it is from.
    """

    address: str
    study: str
    unit: str
    kind: NumberKind
    amount: float | None
    low: float | None
    high: float | None
    se: float | None
    precision: Precision
    precision_said: Said
    horizon_months: float | None
    horizon_from: float | None
    phase: Phase
    outcome: str
    level: Level
    maryland: int
    countries: tuple[str, ...]
    year: int | None
    covers_wider: bool
    turned: bool
    via: bool
    saturation: Saturation | None
    note: str | None
    marks: tuple[Said, ...]
    said: Said

    @property
    def is_relative(self) -> bool:
        """Whether the amounts are ratios and the standard error is on the log scale."""
        return self.kind in RELATIVE


def kind_of(f: Finding) -> NumberKind | Said | None:
    """What kind of number the finding prints; why it cannot be used though of such a kind; None for a number of no kind here."""
    kind = named_kind(f)
    if kind is None:
        return None
    if f.effect is None and (f.effect_low is None or f.effect_high is None):
        return Said("kilden trykker kun en grænse, ikke et skøn", "the source prints a bound only, not an estimate")
    if f.effect is not None and f.qualifier in BOUNDS:
        return Said("kilden trykker kun en grænse, ikke et skøn", "the source prints a bound only, not an estimate")
    if kind in _NEEDS_HORIZON and horizon(f) is None:
        return Said("kilden siger ikke, efter hvor mange måneder der er målt", "the source does not say after how many months it was measured")
    if kind in RELATIVE and any(v is not None and ratio(v, f) <= 0 for v in (f.effect, f.effect_low, f.effect_high)):
        return Said("et fald på 100 procent eller mere er ikke et forholdstal", "a fall of 100 percent or more is no ratio")
    return kind


def named_kind(f: Finding) -> NumberKind | None:
    """The kind of a number of this outcome and unit, whether or not it can be used; None where it has none here."""
    relative = f.unit in ("percent", "hazard-ratio")
    match f.outcome:
        case "exit-to-job":
            return "job-hazard" if relative else "job-share" if f.unit == "pp" else None
        case "exit-unemployment":
            return "exit-hazard" if relative else "exit-share" if f.unit == "pp" else None
        case "employment-duration":
            return "time-in-work" if f.unit in WEEKS else None
        case "employment-rate":
            return "employment-share" if f.unit == "pp" else "employment-share-relative" if f.unit in ("percent", "risk-ratio") else None
        case "unemployment-duration" if f.unit in WEEKS:
            return "unemployment-spell" if horizon(f) is None else "time-unemployed"
    return None


def horizon(f: Finding) -> float | None:
    """Months since the start, or the end of the span that the source prints."""
    return f.horizon_months if f.horizon_months is not None else f.horizon_to


def amounts(f: Finding, kind: NumberKind, turned: bool) -> tuple[float | None, float | None, float | None]:
    """``(amount, low, high)`` in the kind's own measure; turned round, weeks and points change sign and a ratio becomes its inverse."""

    def measured(value: float | None) -> float | None:
        if value is None:
            return None
        if kind in RELATIVE:
            return 1 / ratio(value, f) if turned else ratio(value, f)
        weeks = value * WEEKS.get(f.unit, 1.0)
        return -weeks if turned else weeks

    low, high = measured(f.effect_low), measured(f.effect_high)
    return measured(f.effect), *((high, low) if turned else (low, high))


def precision(f: Finding, kind: NumberKind, significance_level: float | None) -> tuple[float | None, Precision, Said]:
    """The standard error (log scale for relative kinds), where it is from, and that in words.

    In order: a printed standard error; a printed interval, read as 95 percent; a printed p-value or its upper bound, from which follows
    the (largest) standard error that agrees with it; a printed range. Where only the word significant is printed there is none, unless
    the caller takes a ``significance_level`` on itself.
    """
    if f.se is not None:
        return _measured_se(f, kind), "se", Said("standardfejl trykt", "standard error printed")
    if f.ci_low is not None and f.ci_high is not None and (kind not in RELATIVE or min(ratio(f.ci_low, f), ratio(f.ci_high, f)) > 0):
        return (
            (_line(f.ci_high, f, kind) - _line(f.ci_low, f, kind)) / (2 * 1.96),
            "ci",
            Said("regnet af det trykte interval (95 pct.)", "from the printed interval (95%)"),
        )
    if f.p is not None and (se := _se_at(f, kind, f.p)) is not None:
        return se, "p", Said(f"regnet af den trykte p-værdi ({number(f.p, 'da')})", f"from the printed p-value ({number(f.p, 'en')})")
    if f.p_max is not None and (se := _se_at(f, kind, f.p_max)) is not None:
        return (
            se,
            "p-max",
            Said(
                f"den største standardfejl, der passer med den trykte p < {number(f.p_max, 'da')}",
                f"the largest standard error that agrees with the printed p < {number(f.p_max, 'en')}",
            ),
        )
    if f.effect_low is not None and f.effect_high is not None:
        return (
            None,
            "range",
            Said("kilden trykker et spænd; alt i det er lige sandsynligt for os", "the source prints a range; all in it is equally likely to us"),
        )
    if f.significant == "yes" and significance_level is not None and (se := _se_at(f, kind, significance_level)) is not None:
        return (
            se,
            "assumed",
            Said(
                f"kilden siger kun signifikant; den største standardfejl ved {number(100 * significance_level, 'da')} pct. er brugerens antagelse",
                f"the source says significant only; the largest standard error at {number(100 * significance_level, 'en')}% is the user's assumption",
            ),
        )
    if f.significant == "yes":
        return None, "none", Said("kun »signifikant« er trykt, uden niveau", "only “significant” is printed, without its level")
    return None, "none", Said("ingen præcision er trykt", "no precision is printed")  # fmt: skip


def ratio(value: float, f: Finding) -> float:
    """A printed ratio, or a printed change in per cent as the ratio that it is."""
    return 1 + value / 100 if f.unit == "percent" else value


def _line(value: float, f: Finding, kind: NumberKind) -> float:
    """The value on the scale on which its error is counted."""
    return math.log(ratio(value, f)) if kind in RELATIVE else value * WEEKS.get(f.unit, 1.0)


def _measured_se(f: Finding, kind: NumberKind) -> float | None:
    assert f.se is not None
    if kind not in RELATIVE:
        return f.se * WEEKS.get(f.unit, 1.0)
    if f.effect is None:
        return None
    share = f.se / 100 if f.unit == "percent" else f.se
    return share / ratio(f.effect, f)  # delta method: the error of a logarithm is the error relative to the value


def _se_at(f: Finding, kind: NumberKind, p: float) -> float | None:
    """The standard error with which the effect has this two-sided p-value; None where that says nothing."""
    if f.effect is None or not 0 < p < 1:
        return None
    from statistics import NormalDist

    size = abs(_line(f.effect, f, kind))
    return size / NormalDist().inv_cdf(1 - p / 2) if size else None


def prints_number(row: Row) -> bool:
    """Whether the finding prints a size at all, whatever its kind."""
    f = row.finding
    return f.unit not in ("direction-only", "vote-count") and any(v is not None for v in (f.effect, f.effect_low, f.effect_high))
