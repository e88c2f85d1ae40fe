"""The bank in memory: studies, their findings as rows, and an index that answers queries by set arithmetic."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from virker.bank.query import Names, Query, names
from virker.bank.records import Correction, Finding, Study, Trial
from virker.errors import QueryError, nearest
from virker.vocabulary import Vocabulary

#: Fields of a query that the index answers, each by any of its values.
_INDEXED = ("study", "trial", "outcome", "mechanism", "country", "region", "design", "study_kind", "comparator", "phase", "cycle", "saturation", "estimand")
_NOTHING: frozenset[int] = frozenset()
_ADDRESS = re.compile(r"(?P<study>[a-z0-9-]+)#(?P<number>\d+)(?:/(?P<field>[a-z_.]+))?")


@dataclass(frozen=True, slots=True)
class Row:
    """One finding with the study it belongs to: what queries and rule sets work on."""

    study: Study
    finding: Finding
    address: str

    @property
    def countries(self) -> tuple[str, ...]:
        return (self.finding.country,) if self.finding.country else self.study.countries


class Standing(msgspec.Struct, frozen=True, gc=False):
    """What a study counts as: computed once, since every verdict asks.

    ``root`` is the piece of evidence it is part of; ``covers`` the pieces that a review includes, read or inferred.
    """

    root: str
    maryland: int
    is_review: bool
    assessed: str | None
    covers: frozenset[str]
    list_read: bool


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
        if not (f.withdrawn or s.withdrawn or f.superseded_by is not None or s.superseded_by is not None):
            yield "kind", f.kind
        yield "spillover", str(f.spillover)
        yield "scope", f.scope
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
        for field in ("comparator", "phase", "cycle", "saturation", "estimand"):
            if value := getattr(f, field):
                yield field, value
        yield "design", s.design
        yield "study_kind", s.kind
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
        found = [self.rows[i] for i in sorted(self._candidates(query))]
        if query.horizon_from is not None or query.horizon_to is not None:
            found = [r for r in found if _within(r.finding, query.horizon_from, query.horizon_to)]
        return tuple(found)

    def _answering(self, q: Query) -> AbstractSet[int]:
        """Rows of the kind, scope and spillover that the query wants or, unless it names its sources, that it wants by default."""
        key = (q.kind, q.spillover, q.scope, q.is_named, bool(q.mechanism))
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = frozenset(self._answering_now(q))
        return known

    @cached_property
    def _answers(self) -> dict[object, frozenset[int]]:
        return {}

    def _answering_now(self, q: Query) -> AbstractSet[int]:
        index = self._index
        kinds = names(q.kind) or (("effect", "mechanism", "descriptive", "forecast") if q.is_named else ("effect", "mechanism") if q.mechanism else ("effect",))
        chosen: AbstractSet[int] = frozenset().union(*(index.get(("kind", k), _NOTHING) for k in kinds))
        if q.spillover is not None:
            chosen = chosen & index.get(("spillover", str(q.spillover)), _NOTHING)
        elif not q.is_named and not q.scope:
            chosen = chosen & index.get(("spillover", "False"), _NOTHING)
        if q.scope:
            chosen = chosen & frozenset().union(*(index.get(("scope", s), _NOTHING) for s in names(q.scope)))
        elif not q.is_named:
            chosen = chosen - index.get(("scope", "market"), _NOTHING)
        return chosen

    def _candidates(self, q: Query) -> AbstractSet[int]:
        index = self._index
        sets: list[AbstractSet[int]] = [self._answering(q)]

        def any_of(field: str, wanted: Names) -> AbstractSet[int]:
            found = [index.get((field, w), _NOTHING) for w in names(wanted)]
            return found[0] if len(found) == 1 else frozenset().union(*found)

        if q.finding:
            position = self._positions
            sets.append({position[a] for a in names(q.finding) if a in position})
        sets += [any_of(field, wanted) for field in _INDEXED if (wanted := getattr(q, field))]
        sets += self._bounds(q)
        if q.intervention:
            found = any_of("intervention", q.intervention)
            sets.append(found | any_of("component", q.intervention) if q.combined else found)
        if q.target_group:
            sets.append(any_of("target_group", q.target_group) | any_of("subgroup", q.target_group))
        if q.subgroup:
            sets.append(any_of("subgroup", q.subgroup))
        first, *rest = sorted(sets, key=len)
        chosen = frozenset(first).intersection(*rest) if rest else first
        if q.without:
            chosen = chosen - any_of("intervention", q.without)
        if q.not_target_group:
            chosen = chosen - any_of("target_group", q.not_target_group)
        return chosen

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {r.address: i for i, r in enumerate(self.rows)}

    def _bounds(self, q: Query) -> Iterator[AbstractSet[int]]:
        """Rows within the years and the Maryland level that the query asks for; each bound is worked out once."""
        for name, bound in (("year_from", q.year_from), ("year_to", q.year_to), ("min_maryland", q.min_maryland)):
            if bound is not None:
                known = self.memo.get((name, bound))
                if known is None:
                    known = self.memo[name, bound] = frozenset(i for i, r in enumerate(self.rows) if self._within_bound(r.study, name, bound))
                yield known

    def _within_bound(self, study: Study, name: str, bound: int) -> bool:
        if name == "min_maryland":
            return self.maryland(study) >= bound
        return study.year is not None and (study.year >= bound if name == "year_from" else study.year <= bound)

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
        return Bank(studies, self.vocabulary, self.trials.values(), corrections, self.reading_notes)

    def literature_of(self, year: int) -> Bank:
        """The bank with the literature of ``year`` and before, whenever it was added here; a study of unknown year is left out."""
        studies = [s for s in self.studies.values() if s.year is not None and s.year <= year]
        return Bank(studies, self.vocabulary, self.trials.values(), self.corrections, self.reading_notes)

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
    assert start is not None
    assert end is not None
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
