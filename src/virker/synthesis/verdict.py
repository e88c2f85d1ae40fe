"""A verdict: what a rule set says of a set of findings, and why."""

from __future__ import annotations

import msgspec

from virker.bank.records import Direction
from virker.language import Said

VerdictDirection = str  # positive | none | negative | mixed | too-little


class Setting(msgspec.Struct, frozen=True, gc=False):
    """A parameter of a rule set: its value, where it comes from, and whether that source published it."""

    value: float | int | str | bool
    published: bool
    why_da: str
    why_en: str


class Contribution(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one piece of evidence gave to a verdict."""

    unit: str
    findings: tuple[str, ...]
    direction: Direction
    weight: float
    counted: bool
    why: Said


class NotCounted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A finding that the query selected but no rule set may count, and why."""

    finding: str
    why: Said


class Reading(msgspec.Struct, frozen=True, gc=False):
    """Direction and level under one reading of what is not printed."""

    direction: VerdictDirection
    level: str | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The verdict of one rule set on one query.

    Attributes
    ----------
    direction : str
        ``positive``, ``none``, ``negative``, ``mixed`` or ``too-little``.
    level : str or None
        A level of the rule set; None where the rule set has none, or its thresholds were never published.
    counts : dict
        Counted pieces of evidence by direction.
    reasons, marks : tuple of Said
        Why, in words; and what a reader must be warned of (derived quality, one review, unpublished parameters).
    strict : Reading or None
        What the verdict would be if only printed significance counted; None when that changes nothing.
    """

    rule_set: str
    version: str
    direction: VerdictDirection
    level: str | None
    counts: dict[str, int]
    contributions: tuple[Contribution, ...]
    not_counted: tuple[NotCounted, ...] = ()
    reasons: tuple[Said, ...] = ()
    marks: tuple[Said, ...] = ()
    strict: Reading | None = None
    measures: dict[str, float] = {}

    @property
    def findings(self) -> tuple[str, ...]:
        """The addresses that carried it."""
        return tuple(a for c in self.contributions if c.counted for a in c.findings)
