"""Pieces of evidence: one trial, one study or one review, whatever the number of papers and results."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from virker.bank import LEVELS, Query, Row
from virker.bank.records import Direction
from virker.language import Said
from virker.vocabulary import Vocabulary

#: Designs of a review that searched the literature; a narrative review or an expert's judgement is not one of them.
RESEARCHED = frozenset({"systematic-review", "meta-analysis", "literature-review"})


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding that is shown but not counted, and why."""

    row: Row
    why: Said


class EvidenceUnit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One piece of evidence on a question.

    Attributes
    ----------
    id : str
        The trial, or the study (the version that counts).
    rows, addresses : tuple
        The findings that make up its vote, and their addresses.
    direction : str
        As the source reports it: a result called insignificant is no effect, one whose significance is not printed counts as told.
    strict : str or None
        The direction when only results whose significance is printed (yes or no) count; None when there is none.
    reported : str
        The direction of the estimates, whatever their significance.
    narrower : bool
        It is about a narrower group than the one asked about.
    maryland : int
        The highest Maryland level among its studies.
    """

    id: str
    rows: tuple[Row, ...]
    addresses: tuple[str, ...]
    direction: Direction
    strict: Direction | None
    reported: Direction
    maryland: int
    is_review: bool
    assessed: str | None = None
    covers: frozenset[str] = frozenset()
    list_read: bool = False
    narrower: bool = False

    @property
    def studies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(r.study.id for r in self.rows))

    @property
    def is_researched_review(self) -> bool:
        return self.is_review and any(r.study.design in RESEARCHED for r in self.rows)

    @property
    def nearest_level(self) -> str:
        return min((r.finding.origin.level for r in self.rows), key=LEVELS.index)

    @property
    def combined(self) -> bool:
        return all(r.finding.components for r in self.rows)


@dataclass(frozen=True, slots=True)
class Units:
    """What a query's findings come to: units that may be counted, findings set aside, the query itself, and the words of the bank's terms."""

    primary: tuple[EvidenceUnit, ...]
    reviews: tuple[EvidenceUnit, ...]
    aside: tuple[SetAside, ...]
    query: Query
    vocabulary: Vocabulary | None = None

    @property
    def all(self) -> tuple[EvidenceUnit, ...]:
        return self.primary + self.reviews
