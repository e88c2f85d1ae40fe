"""The records of the bank: a study, its findings, a trial, a correction.

They are plain frozen structs, one field per fact that a source may print. A field that no source printed is absent
(``None`` or empty), never guessed. What the fields mean to a coder is told in ``docs/reference/coding-manual.md``; the
JSON Schema for editors is made from these classes (``virker bank schema``).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Direction = Literal["positive", "none", "negative", "mixed"]
Contrast = Literal["on", "more", "less", "unknown"]
Comparator = Literal["nothing", "usual-effort", "another-programme", "unknown"]
Phase = Literal["threat", "lock-in", "after", "net"]
Cycle = Literal["boom", "recession", "both"]
Saturation = Literal["low", "half", "above-half", "near-full"]
LabourMarket = Literal["weak", "strong"]
Scope = Literal["individual", "market", "budget"]
Estimand = Literal["ITT", "ATT", "LATE", "association", "unknown"]
Significant = Literal["yes", "no"]
FindingKind = Literal["effect", "mechanism", "descriptive", "forecast", "rejected"]
Level = Literal["table", "text", "abstract", "secondary", "seed"]
StudyKind = Literal["primary", "review", "expert-report"]
QualityMark = Literal["good", "satisfactory", "unsatisfactory"]
Qualifier = Literal["about", "almost", "at-least", "more-than", "up-to", "range"]
Unit = Literal[
    "pp", "percent", "days", "weeks", "months", "hours-per-month", "persons", "ratio", "elasticity",
    "hazard-ratio", "risk-ratio", "odds-ratio", "hedges-g", "scale-points", "pp-per-year",
    "DKK", "EUR", "USD", "EUR-per-month", "direction-only", "vote-count",
]  # fmt: skip

#: How near the reader came to the source, nearest first. ``secondary``: another text tells it. ``seed``: only the note
#: that the bank is checked against tells it; such a finding never witnesses for that note.
LEVELS: tuple[Level, ...] = ("table", "text", "abstract", "secondary", "seed")


class Struct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Base of all records: immutable, keyword-only, and strict about field names."""


class Origin(Struct, frozen=True, kw_only=True):
    """Where a finding was read."""

    document: str
    level: Level
    place: str | None = None
    derived: str | None = None


class Votes(Struct, frozen=True, kw_only=True):
    """A review's count of studies by direction; ``*_low`` where the source prints a range (29-31: low 29)."""

    positive: int | None = None
    none: int | None = None
    negative: int | None = None
    positive_low: int | None = None
    none_low: int | None = None


class Finding(Struct, frozen=True, kw_only=True):
    """One result of a study: what was done to whom, compared with what, and what came of it.

    ``direction`` is the desirability of the outcome under the contrast as studied; ``effect`` keeps the source's sign and
    ``unit``. ``contrast`` says which way ``intervention`` was turned, so that a cut and a rise can carry one conclusion.
    """

    id: int
    intervention: str
    outcome: str
    origin: Origin
    also: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    contrast: Contrast = "unknown"
    comparator: Comparator = "unknown"
    compared_with: str | None = None
    mechanism: tuple[str, ...] = ()
    target_group: tuple[str, ...] = ()
    subgroup: tuple[str, ...] = ()
    country: str | None = None
    period: str | None = None
    horizon_months: float | None = None
    horizon_from: float | None = None
    horizon_to: float | None = None
    phase: Phase | None = None
    cycle: Cycle | None = None
    saturation: Saturation | None = None
    labour_market: LabourMarket | None = None
    scope: Scope = "individual"
    spillover: bool = False
    estimand: Estimand = "unknown"
    identification: str | None = None
    direction: Direction | None = None
    significant: Significant | None = None
    effect: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    qualifier: Qualifier | None = None
    unit: Unit = "direction-only"
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_max: float | None = None
    n: int | None = None
    mean_treated: float | None = None
    mean_control: float | None = None
    kind: FindingKind = "effect"
    n_studies: int | None = None
    votes: Votes | None = None
    evidence_grade: str | None = None
    restates: str | None = None
    sensitivity_of: int | None = None
    superseded_by: int | None = None
    withdrawn: date | None = None
    withdrawn_because: str | None = None
    added: date | None = None
    note: str | None = None


class Assessment(Struct, frozen=True, kw_only=True):
    """A quality mark that a named person set after reading; without one, quality is derived from the design."""

    mark: QualityMark
    by: str
    on: date
    reason: str


class Study(Struct, frozen=True, kw_only=True):
    """One study (or one version of it): its reference, its design, and its findings."""

    id: str
    kind: StudyKind
    design: str
    added: date
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    container: str | None = None
    publisher: str | None = None
    doi: str | None = None
    isbn: str | None = None
    url: str | None = None
    language: str | None = None
    countries: tuple[str, ...] = ()
    design_note: str | None = None
    period: str | None = None
    population: str | None = None
    sample: str | None = None
    trial: str | None = None
    version_of: str | None = None
    includes: tuple[str, ...] = ()
    includes_inferred: tuple[str, ...] = ()
    includes_complete: bool = False
    known_only_via: str | None = None
    cited_by: tuple[str, ...] = ()
    cited_as: str | None = None
    sections: tuple[int, ...] = ()
    unverified: tuple[str, ...] = ()
    incomplete_because: str | None = None
    assessment: Assessment | None = None
    withdrawn: date | None = None
    withdrawn_because: str | None = None
    superseded_by: str | None = None
    finding: tuple[Finding, ...] = ()


class Trial(Struct, frozen=True, kw_only=True):
    """One trial or reform that several papers may report on: together they are one piece of evidence."""

    id: str
    da: str
    en: str
    countries: tuple[str, ...]
    years: str | None = None
    place: str | None = None
    what_da: str
    what_en: str
    source: str


class Correction(Struct, frozen=True, kw_only=True):
    """A place where a note and its source, or two sources, differ: an open question with its answer so far."""

    id: str
    study: str
    where: str
    what_da: str
    what_en: str
    reason: str
    status: Literal["open", "settled", "withdrawn"]
    sentences: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    found: date
