"""The bank in memory: studies, their findings as rows, and an index that answers queries by set arithmetic."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from virker.bank.index import Index
from virker.bank.query import Query
from virker.bank.records import Correction, Finding, Study, Trial
from virker.bank.rows import Row, Standing
from virker.errors import QueryError, nearest
from virker.vocabulary import Vocabulary

_ADDRESS = re.compile(r"(?P<study>[a-z0-9-]+)#(?P<number>\d+)(?:/(?P<field>[a-z_.]+))?")


class Bank:
    """Studies, trials, corrections and the vocabulary, with an index over the findings.

    The bank is never changed in place: :meth:`as_of` and :meth:`replacing` give another bank.
    """

    def __init__(
        self,
        studies: Iterable[Study],
        vocabulary: Vocabulary,
        trials: Iterable[Trial] = (),
        corrections: Iterable[Correction] = (),
        reading_notes: Mapping[str, str] | None = None,
    ) -> None:
        self.studies: dict[str, Study] = {s.id: s for s in studies}
        self.vocabulary = vocabulary
        self.trials: dict[str, Trial] = {t.id: t for t in trials}
        self.corrections: tuple[Correction, ...] = tuple(corrections)
        self.reading_notes: Mapping[str, str] = reading_notes or {}
        #: What others have worked out of this bank and may remember: it never changes, so neither does that.
        self.memo: dict[object, Any] = {}

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every finding of every study, in the order of the files."""
        return tuple(Row(s, f, f"{s.id}#{f.id}") for s in self.studies.values() for f in s.finding)

    @cached_property
    def _index(self) -> Index:
        return Index(self.rows, self.vocabulary, self.maryland)

    @cached_property
    def _by_address(self) -> dict[str, Row]:
        return {r.address: r for r in self.rows}

    def finding(self, address: str) -> Row | None:
        """The row at ``study#number``, or None."""
        return self._by_address.get(address)

    def value(self, address: str) -> float | int | str:
        """The value at ``study#number/field``.

        Raises
        ------
        QueryError
            When there is no such study, finding or field, or the field has no value.
        """
        parts = _ADDRESS.fullmatch(address)
        if not parts or not parts["field"]:
            raise QueryError(f"'{address}' is no address of a value\n    → write study#number/field, as in pedersen-2012#1/effect")
        row = self.finding(f"{parts['study']}#{parts['number']}")
        if row is None:
            hint = (
                nearest(parts["study"], self.studies)
                if parts["study"] not in self.studies
                else f"{parts['study']} has the findings {', '.join(str(f.id) for f in self.studies[parts['study']].finding) or 'none'}"
            )
            raise QueryError(f"there is no finding '{parts['study']}#{parts['number']}'\n    → {hint}")
        value: object = row.finding
        for step in parts["field"].split("."):
            value = getattr(value, step, None)
        if not isinstance(value, (int, float, str)):
            raise QueryError(f"'{address}' has no value\n    → see the finding: virker bank show {row.study.id}")
        return value

    def select(self, query: Query) -> tuple[Row, ...]:
        """The findings that the query asks about, in the bank's order. Withdrawn and superseded ones never answer."""
        return self._index.select(query)

    def ever_matched(self, query: Query) -> bool:
        """Whether anything answers the query, or did before it was withdrawn or superseded: else the query itself is wrong."""
        return bool(self._index.select(query, gone=True))

    @cached_property
    def _maryland(self) -> dict[str, int]:
        return {t.id: t.maryland or 0 for t in self.vocabulary["designs"].values()}

    def maryland(self, study: Study) -> int:
        """The Maryland level of the study's design (0 where the scale does not apply)."""
        return self._maryland.get(study.design, 0)

    def root_of(self, study: Study) -> str:
        """The id of the piece of evidence that the study is part of: its trial, else the version that counts, else itself."""
        seen = {study.id}
        while study.trial is None and study.version_of in self.studies and study.version_of not in seen:
            study = self.studies[study.version_of]
            seen.add(study.id)
        return study.trial or study.id

    def standing(self, study: str) -> Standing:
        """What the study of that id counts as."""
        return self._standings[study]

    @cached_property
    def _standings(self) -> dict[str, Standing]:
        return {s.id: self._standing_of(s) for s in self.studies.values()}

    def _standing_of(self, s: Study) -> Standing:
        covers = frozenset(self.root_of(self.studies[i]) for i in (*s.includes, *s.includes_inferred) if i in self.studies)
        mark = s.assessment.mark if s.assessment else None
        return Standing(self.root_of(s), self.maryland(s), s.kind != "primary", mark, covers, s.includes_complete)

    def as_of(self, day: date) -> Bank:
        """The bank as it stood at the end of ``day``: what was added later is gone, what was withdrawn later is back."""
        studies = [_study_as_of(s, day) for s in self.studies.values() if s.added <= day]
        corrections = [c for c in self.corrections if c.found <= day]
        return Bank(_standing_again(studies), self.vocabulary, self.trials.values(), corrections, self.reading_notes)

    def literature_of(self, year: int) -> Bank:
        """The bank with the literature of ``year`` and before, whenever it was added here; a study of unknown year is left out."""
        studies = [s for s in self.studies.values() if s.year is not None and s.year <= year]
        return Bank(_standing_again(studies), self.vocabulary, self.trials.values(), self.corrections, self.reading_notes)

    def replacing(self, changed: Mapping[str, Study]) -> Bank:
        """Another bank in which the given studies stand instead of (or beside) those of the same id."""
        return Bank({**self.studies, **changed}.values(), self.vocabulary, self.trials.values(), self.corrections, self.reading_notes)

    def stamp(self, row: Row) -> str:
        """A finding's address and hash; kept, since claims share findings."""
        known = self._stamps.get(row.address)
        if known is None:
            known = self._stamps[row.address] = f"{row.address} {digest_of([row.finding])}"
        return known

    @cached_property
    def _stamps(self) -> dict[str, str]:
        return {}

    @cached_property
    def digest(self) -> str:
        """A hash of every study and its findings; the same give the same hash on every machine."""
        return digest_of([self.studies[i] for i in sorted(self.studies)])


def digest_of(records: Sequence[msgspec.Struct]) -> str:
    """SHA-256 (first 16 hex digits) of the records in a canonical encoding."""
    return hashlib.sha256(msgspec.json.encode(list(records), order="deterministic")).hexdigest()[:16]


def _standing_again(studies: Sequence[Study]) -> list[Study]:
    """The studies; one that is superseded by none of them answers, for the better version was not there yet."""
    there = {s.id for s in studies}
    return [s if s.superseded_by is None or s.superseded_by in there else msgspec.structs.replace(s, superseded_by=None) for s in studies]


def _study_as_of(study: Study, day: date) -> Study:
    changes: dict[str, object] = {}
    if study.withdrawn and study.withdrawn > day:
        changes |= {"withdrawn": None, "withdrawn_because": None}
    later = {f.id for f in study.finding if f.added is not None and f.added > day}
    findings = tuple(_finding_as_of(f, day, later) for f in study.finding if f.id not in later)
    if findings != study.finding:
        changes["finding"] = findings
    return msgspec.structs.replace(study, **changes) if changes else study


def _finding_as_of(f: Finding, day: date, later: Set[int]) -> Finding:
    """The finding at the end of ``day``: ``superseded_by`` carries no date, so it holds from the day the better reading was added."""
    changes: dict[str, object] = {}
    if f.withdrawn and f.withdrawn > day:
        changes |= {"withdrawn": None, "withdrawn_because": None}
    if f.superseded_by in later:
        changes["superseded_by"] = None
    return msgspec.structs.replace(f, **changes) if changes else f
