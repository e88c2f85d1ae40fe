"""Claims and what they expect of the bank."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from virker.bank.query import Query
from virker.bank.records import Direction, Unit
from virker.language import Said

Kind = Literal["synthesis", "reported", "comparison", "profile", "mechanism", "moderator", "count", "rule"]
Status = Literal["error", "judgement", "not-traced", "too-little", "contradicted", "differs", "overstated", "supported"]
Deviation = Literal["contradicted", "differs", "overstated"]

#: In the order in which they apply.
STATUSES: tuple[Status, ...] = ("error", "judgement", "not-traced", "too-little", "contradicted", "differs", "overstated", "supported")

#: What a claim's number counts or measures, by the field of a finding that prints it.
FIELD_LABELS: dict[str, Said] = {
    "effect": Said("", ""),
    "n": Said("personer", "persons"),
    "n_studies": Said("studier", "studies"),
    "votes.positive": Said("positive studier", "positive studies"),
    "votes.none": Said("studier uden effekt", "studies without effect"),
    "votes.negative": Said("negative studier", "negative studies"),
}

STATUS_LABELS: dict[Status, Said] = {
    "error": Said("fejl", "error"),
    "judgement": Said("skøn", "judgement"),
    "not-traced": Said("ikke sporet", "not traced"),
    "too-little": Said("for lidt viden", "too little"),
    "contradicted": Said("modsagt", "contradicted"),
    "differs": Said("afviger", "differs"),
    "overstated": Said("overdrevet", "overstated"),
    "supported": Said("holder", "supported"),
}


#: A sign for each status, beside its word: on the page, in Word and in the terminal.
STATUS_SIGNS: dict[Status, str] = {
    "error": "!", "judgement": "§", "not-traced": "?", "too-little": "·", "contradicted": "✗", "differs": "≠", "overstated": "▲", "supported": "✓",
}  # fmt: skip
KIND_LABELS: dict[Kind, Said] = {
    "synthesis": Said("syntese", "synthesis"),
    "reported": Said("gengivelse", "reported"),
    "comparison": Said("sammenligning", "comparison"),
    "profile": Said("forløb", "profile over time"),
    "mechanism": Said("mekanisme", "mechanism"),
    "moderator": Said("betingelse", "moderator"),
    "count": Said("antal", "count"),
    "rule": Said("regel", "rule"),
}


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Number(_Strict, frozen=True, kw_only=True):
    """A number that the sentence prints: ``value``, or ``low`` to ``high``, in ``unit``; for counts without a unit, the ``field``."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Unit | None = None
    field: str = "effect"


class Expectation(_Strict, frozen=True, kw_only=True):
    """What must be true of the selected findings for the words to hold.

    ``direction`` (with any of several, all are accepted); ``level`` (at least this, in ``rule_set``); ``causal``: the words say
    that something *does* something, so an association is not enough; ``strict``: only printed significance counts; ``units``: at least so many independent pieces;
    ``numbers``: figures printed by a traced source; ``groups``: whom the source is about; ``rule``: an address in ``rules/`` whose value is ``equals``.
    """

    direction: Direction | tuple[Direction, ...] = ()
    level: str | None = None
    rule_set: str | None = None
    causal: bool = True
    significant: bool = False
    strict: bool = False
    units: int | None = None
    numbers: tuple[Number, ...] = ()
    groups: tuple[str, ...] = ()
    rule: str | None = None
    equals: float | int | str | bool | None = None


class Part(_Strict, frozen=True, kw_only=True):
    """One thing that the sentence says: a selection and what is expected of it."""

    select: Query | None = None
    expect: Expectation
    says: Said | None = None


class KnownDeviation(_Strict, frozen=True, kw_only=True):
    """A known deviation: like an expected failure in a test suite, it carries its reason and stays visible."""

    status: Deviation
    da: str
    en: str
    since: date


class Override(_Strict, frozen=True, kw_only=True):
    """A named person's judgement that stands instead of the computed status."""

    by: str
    on: date
    da: str
    en: str


class Claim(_Strict, frozen=True, kw_only=True):
    """A sentence (or several that say one thing) bound to the bank.

    ``sentences`` are ids of the source note's sentences that it mirrors; empty for claims of our own note.
    """

    id: str = ""
    kind: Kind
    section: int
    da: str
    en: str
    sentences: tuple[str, ...] = ()
    select: Query | None = None
    expect: Expectation | None = None
    also: tuple[Part, ...] = ()
    deviation: KnownDeviation | None = None
    judgement: Override | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything the claim says, the main thing first."""
        main = (Part(select=self.select, expect=self.expect),) if self.expect is not None else ()
        return main + self.also


class Attestation(_Strict, frozen=True, kw_only=True):
    """Who last read a claim against its findings, when, what the findings were (hash), and what the status was."""

    by: str
    on: date
    findings: str
    status: Status


class Sentence(_Strict, frozen=True, kw_only=True):
    """A sentence of the source note by its id, in our own words; ``no_claim`` tells why nothing is tested.

    ``fingerprint`` recognises the original words without keeping them (see :mod:`virker.annotate.fingerprint`).
    """

    id: str
    da: str
    en: str
    no_claim_da: str | None = None
    no_claim_en: str | None = None
    fingerprint: str | None = None
