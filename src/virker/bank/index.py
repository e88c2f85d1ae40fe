"""An index over the findings: a query is answered by intersecting sets of row numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from virker.bank.query import Names, Query, names
from virker.bank.records import Finding, Study
from virker.bank.rows import Row
from virker.vocabulary import Vocabulary

#: Fields of a finding that a query asks for by the same name.
_FIELDS = ("comparator", "phase", "cycle", "saturation", "labour_market", "estimand")
#: Fields of a query that the index answers, each by any of its values.
_INDEXED = ("study", "trial", "outcome", "mechanism", "country", "region", "design", "study_kind", *_FIELDS)
_NOTHING: frozenset[int] = frozenset()


class Index:
    """Sets of row numbers by ``(field, term)``; terms of a tree stand under every ancestor."""

    def __init__(self, rows: Sequence[Row], vocabulary: Vocabulary, maryland: Callable[[Study], int]) -> None:
        self.rows = rows
        self.vocabulary = vocabulary
        self._maryland = maryland
        self._answers: dict[object, frozenset[int]] = {}
        self._bounded: dict[tuple[str, int], frozenset[int]] = {}

    def select(self, query: Query, *, gone: bool = False) -> tuple[Row, ...]:
        """The rows that the query asks about, in the bank's order; with ``gone`` also those withdrawn or superseded."""
        found = [self.rows[i] for i in sorted(self._candidates(query, gone))]
        if query.horizon_from is not None or query.horizon_to is not None:
            found = [r for r in found if _within(r.finding, query.horizon_from, query.horizon_to)]
        return tuple(found)

    @cached_property
    def _sets(self) -> dict[tuple[str, str], set[int]]:
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
        yield "kind, gone or not", f.kind
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
        for field in _FIELDS:
            if value := getattr(f, field):
                yield field, value
        yield "design", s.design
        yield "study_kind", s.kind
        for country in row.countries:
            yield "country", country
            if (known := self.vocabulary["countries"].get(country)) and known.region:
                yield "region", known.region

    def _candidates(self, q: Query, gone: bool = False) -> AbstractSet[int]:
        index = self._sets
        sets: list[AbstractSet[int]] = [self._answering(q, gone)]

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

    def _answering(self, q: Query, gone: bool) -> AbstractSet[int]:
        """Rows of the kind, scope and spillover that the query wants or, unless it names its sources, that it wants by default."""
        key = (q.kind, q.spillover, q.scope, q.is_named, bool(q.mechanism), gone)
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = frozenset(self._answering_now(q, "kind, gone or not" if gone else "kind"))
        return known

    def _answering_now(self, q: Query, field: str) -> AbstractSet[int]:
        index = self._sets
        kinds = names(q.kind) or (("effect", "mechanism", "descriptive", "forecast") if q.is_named else ("effect", "mechanism") if q.mechanism else ("effect",))
        chosen: AbstractSet[int] = frozenset().union(*(index.get((field, k), _NOTHING) for k in kinds))
        if q.spillover is not None:
            chosen = chosen & index.get(("spillover", str(q.spillover)), _NOTHING)
        elif not q.is_named and not q.scope:
            chosen = chosen & index.get(("spillover", "False"), _NOTHING)
        if q.scope:
            chosen = chosen & frozenset().union(*(index.get(("scope", s), _NOTHING) for s in names(q.scope)))
        elif not q.is_named:
            chosen = chosen - index.get(("scope", "market"), _NOTHING)
        return chosen

    def _bounds(self, q: Query) -> Iterator[AbstractSet[int]]:
        """Rows within the years and the Maryland level that the query asks for; each bound is worked out once."""
        for name, bound in (("year_from", q.year_from), ("year_to", q.year_to), ("min_maryland", q.min_maryland)):
            if bound is not None:
                known = self._bounded.get((name, bound))
                if known is None:
                    known = self._bounded[name, bound] = frozenset(i for i, r in enumerate(self.rows) if self._within_bound(r.study, name, bound))
                yield known

    def _within_bound(self, study: Study, name: str, bound: int) -> bool:
        if name == "min_maryland":
            return self._maryland(study) >= bound
        return study.year is not None and (study.year >= bound if name == "year_from" else study.year <= bound)


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
