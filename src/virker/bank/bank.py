"""The bank in memory: studies, their findings as rows, and an index that answers queries by set arithmetic."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import msgspec

from virker.bank.query import Names, Query, names
from virker.bank.records import Correction, Finding, Study, Trial
from virker.errors import QueryError, nearest
from virker.vocabulary import Vocabulary

_ADDRESS = re.compile(r"(?P<study>[a-z0-9-]+)#(?P<number>\d+)(?:/(?P<field>[a-z_.]+))?")


@dataclass(frozen=True, slots=True)
class Row:
    """One finding with the study it belongs to: what queries and rule sets work on."""

    study: Study
    finding: Finding

    @property
    def address(self) -> str:
        return f"{self.study.id}#{self.finding.id}"

    @property
    def countries(self) -> tuple[str, ...]:
        return (self.finding.country,) if self.finding.country else self.study.countries


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

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every finding of every study, in the order of the files."""
        return tuple(Row(s, f) for s in self.studies.values() for f in s.finding)

    @cached_property
    def _by_address(self) -> dict[str, Row]:
        return {r.address: r for r in self.rows}

    @cached_property
    def _index(self) -> dict[tuple[str, str], set[int]]:
        """``(field, term)`` to the row numbers that have it; trees are indexed under every ancestor."""
        index: dict[tuple[str, str], set[int]] = defaultdict(set)
        for i, row in enumerate(self.rows):
            for key in self._keys(row):
                index[key].add(i)
        return index

    def _keys(self, row: Row) -> Iterable[tuple[str, str]]:
        up, f, s = self.vocabulary.ancestors, row.finding, row.study
        for term in (f.intervention, *f.also):
            for above in up("interventions", term):
                yield "intervention", above
        for term in f.components:
            for above in up("interventions", term):
                yield "component", above
        for term in f.target_group:
            for above in up("target_groups", term):
                yield "target_group", above
        for term in f.subgroup:
            for above in up("target_groups", term):
                yield "subgroup", above
        for above in up("outcomes", f.outcome):
            yield "outcome", above
        yield "study", s.id
        if s.trial:
            yield "trial", s.trial
        for term in f.mechanism:
            yield "mechanism", term
        for country in row.countries:
            yield "country", country
            if (known := self.vocabulary["countries"].get(country)) and known.region:
                yield "region", known.region

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
            hint = nearest(parts["study"], self.studies) if parts["study"] not in self.studies else f"{parts['study']} has the findings {', '.join(str(f.id) for f in self.studies[parts['study']].finding) or 'none'}"
            raise QueryError(f"there is no finding '{parts['study']}#{parts['number']}'\n    → {hint}")
        value: object = row.finding
        for step in parts["field"].split("."):
            value = getattr(value, step, None)
        if not isinstance(value, (int, float, str)):
            raise QueryError(f"'{address}' has no value\n    → see the finding: virker bank show {row.study.id}")
        return value

    def select(self, query: Query) -> tuple[Row, ...]:
        """The findings that the query asks about, in the bank's order. Withdrawn and superseded ones never answer."""
        chosen = self._candidates(query)
        rows = self.rows
        return tuple(rows[i] for i in sorted(chosen) if self._admits(query, rows[i]))

    def _candidates(self, q: Query) -> set[int]:
        index = self._index
        chosen: set[int] | None = None

        def keep(found: set[int]) -> None:
            nonlocal chosen
            chosen = found if chosen is None else chosen & found

        def any_of(field: str, wanted: Names) -> set[int]:
            return set().union(*(index.get((field, w), set()) for w in names(wanted)))

        if q.finding:
            position = self._positions
            keep({position[a] for a in names(q.finding) if a in position})
        for field in ("study", "trial", "outcome", "mechanism", "country", "region"):
            if wanted := getattr(q, field):
                keep(any_of(field, wanted))
        if q.intervention:
            found = any_of("intervention", q.intervention)
            keep(found | any_of("component", q.intervention) if q.combined else found)
        if q.target_group:
            keep(any_of("target_group", q.target_group) | any_of("subgroup", q.target_group))
        if q.subgroup:
            keep(any_of("subgroup", q.subgroup))
        chosen = set(range(len(self.rows))) if chosen is None else chosen
        if q.without:
            chosen = chosen - any_of("intervention", q.without)
        if q.not_target_group:
            chosen = chosen - any_of("target_group", q.not_target_group)
        return chosen

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {r.address: i for i, r in enumerate(self.rows)}

    def _admits(self, q: Query, row: Row) -> bool:
        f, s = row.finding, row.study
        if f.withdrawn or s.withdrawn or f.superseded_by is not None or s.superseded_by is not None:
            return False
        kinds = names(q.kind) or (("effect", "descriptive", "forecast") if q.is_named else ("effect",))
        if f.kind not in kinds:
            return False
        if q.spillover is None:
            if f.spillover and not q.is_named and not q.scope:
                return False
        elif f.spillover != q.spillover:
            return False
        if q.scope:
            if f.scope not in names(q.scope):
                return False
        elif f.scope == "market" and not q.is_named:
            return False
        for field in ("comparator", "phase", "cycle", "saturation", "estimand"):
            if (wanted := getattr(q, field)) and getattr(f, field) not in names(wanted):
                return False
        if q.study_kind and s.kind not in names(q.study_kind):
            return False
        if q.design and s.design not in names(q.design):
            return False
        if q.min_maryland is not None and self.maryland(s) < q.min_maryland:
            return False
        if q.year_from is not None and (s.year is None or s.year < q.year_from):
            return False
        if q.year_to is not None and (s.year is None or s.year > q.year_to):
            return False
        return _within(f, q.horizon_from, q.horizon_to)

    def maryland(self, study: Study) -> int:
        """The Maryland level of the study's design (0 where the scale does not apply)."""
        term = self.vocabulary["designs"].get(study.design)
        return (term.maryland or 0) if term else 0

    def root_of(self, study: Study) -> str:
        """The id of the piece of evidence that the study is part of: its trial, else the version that counts, else itself."""
        seen = {study.id}
        while study.trial is None and study.version_of in self.studies and study.version_of not in seen:
            study = self.studies[study.version_of]
            seen.add(study.id)
        return study.trial or study.id

    def as_of(self, day: date) -> Bank:
        """The bank as it stood at the end of ``day``: what was added later is gone, what was withdrawn later is back."""
        studies = [_study_as_of(s, day) for s in self.studies.values() if s.added <= day]
        corrections = [c for c in self.corrections if c.found <= day]
        return Bank(studies, self.vocabulary, self.trials.values(), corrections, self.reading_notes)

    def literature_of(self, year: int) -> Bank:
        """The bank with the literature of ``year`` and before, whenever it was added here."""
        studies = [s for s in self.studies.values() if s.year is None or s.year <= year]
        return Bank(studies, self.vocabulary, self.trials.values(), self.corrections, self.reading_notes)

    def replacing(self, changed: Mapping[str, Study]) -> Bank:
        """Another bank in which the given studies stand instead of (or beside) those of the same id."""
        return Bank({**self.studies, **changed}.values(), self.vocabulary, self.trials.values(), self.corrections, self.reading_notes)

    @cached_property
    def digest(self) -> str:
        """A hash of everything in the bank; the same bank gives the same hash on every machine."""
        return digest_of([self.studies[i] for i in sorted(self.studies)])


def digest_of(records: Sequence[msgspec.Struct]) -> str:
    """SHA-256 (first 16 hex digits) of the records in a canonical encoding."""
    return hashlib.sha256(msgspec.json.encode(list(records), order="deterministic")).hexdigest()[:16]


def _within(f: Finding, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    start = f.horizon_months if f.horizon_months is not None else f.horizon_from
    end = f.horizon_months if f.horizon_months is not None else f.horizon_to
    if start is None and end is None:
        return False
    start = end if start is None else start
    end = start if end is None else end
    assert start is not None and end is not None
    return (low is None or end >= low) and (high is None or start <= high)


def _study_as_of(study: Study, day: date) -> Study:
    changes: dict[str, object] = {}
    if study.withdrawn and study.withdrawn > day:
        changes |= {"withdrawn": None, "withdrawn_because": None}
    findings = tuple(
        msgspec.structs.replace(f, withdrawn=None, withdrawn_because=None) if f.withdrawn and f.withdrawn > day else f
        for f in study.finding
        if f.added is None or f.added <= day
    )
    if findings != study.finding:
        changes["finding"] = findings
    return msgspec.structs.replace(study, **changes) if changes else study
