"""From the findings that a query selects to the pieces of evidence that a rule set may count.

Every finding is either counted in one unit or set aside with its reason; nothing disappears.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from virker.bank import Bank, Query, Row, names
from virker.bank.rows import Standing
from virker.synthesis.orient import as_told, oriented, vote
from virker.synthesis.units import EvidenceUnit, SetAside, Units
from virker.synthesis.usable import NO_EFFECT_STUDY, main_rows, root_of, usable

_KEPT = "units of several rows"
#: A single study that a review tells of without naming it: a study of unknown design, not the review's own verdict.
_UNNAMED = Standing("", 0, False, None, frozenset(), True)


def evidence_units(bank: Bank, rows: Sequence[Row], query: Query, *, keep_seed: bool = False) -> Units:
    """Group the rows that a query selected into units.

    Set aside, with a reason: what only the note reports, unknown contrasts, robustness checks, results that a review only
    repeats, earlier versions, subgroups beside the whole, lock-in and threat beside the effect after, and shorter horizons
    beside the longest, and weaker designs beside the strongest on the same trial. A result against another programme says nothing
    about better than nothing: it counts only where the query asks for that comparator.
    """
    aside: list[SetAside] = []
    groups = _grouped(bank, rows, query, keep_seed, aside)
    alone = _remembered_units(bank, query)
    primary: list[EvidenceUnit] = []
    reviews: list[EvidenceUnit] = []
    for root, members in groups.items():
        unit = alone(root, members[0]) if len(members) == 1 else _several(bank, root, members, query, aside)
        (reviews if unit.is_review else primary).append(unit)
    return Units(tuple(primary), tuple(reviews), tuple(aside), query, bank.vocabulary)


def _grouped(bank: Bank, rows: Sequence[Row], query: Query, keep_seed: bool, aside: list[SetAside]) -> dict[str, list[Row]]:
    """The rows that may count, by the piece of evidence that they are part of.

    Nothing can set most rows aside, whatever the query: for those the piece of evidence is remembered.
    """
    plain: dict[str, str | None] = bank.memo.setdefault("plain", {})
    groups: dict[str, list[Row]] = defaultdict(list)
    others: list[Row] = []
    for row in rows:
        root = plain.get(row.address, "")
        if root == "":
            root = plain[row.address] = _plain_root(bank, row)
        if root is not None:
            groups[root].append(row)
        elif usable(row, query, keep_seed, aside):
            others.append(row)
    if others:
        present = {r.study.id for members in groups.values() for r in members} | {r.study.id for r in others}
        for row in others:
            if (found := root_of(bank, row, present, aside)) is not None:
                groups[found].append(row)
    return groups


def _plain_root(bank: Bank, row: Row) -> str | None:
    """The piece of evidence of a row that no query sets aside; None for a row that some query might."""
    f = row.finding
    told = f.direction is not None and f.contrast != "unknown" and f.kind == "effect" and f.origin.level != "seed"
    counts = f.sensitivity_of is None and f.comparator != "another-programme" and row.study.design not in NO_EFFECT_STUDY
    first_hand = not f.restates and not row.study.version_of and (row.study.kind == "primary" or f.n_studies != 1)
    return bank.standing(row.study.id).root if told and counts and first_hand else None


def _remembered_units(bank: Bank, query: Query) -> Callable[[str, Row], EvidenceUnit]:
    """A maker of units of one row, which remembers: many questions meet the same row in the same light."""
    asked = names(query.target_group)
    light = (query.contrast == "less", query.combined)
    whole: dict[str, EvidenceUnit] = bank.memo.setdefault(("unit", *light, False), {})
    narrow: dict[str, EvidenceUnit] = bank.memo.setdefault(("unit", *light, True), {})

    def make(root: str, row: Row) -> EvidenceUnit:
        narrower = bool(asked) and not _about(bank, row, asked)
        known = narrow if narrower else whole
        unit = known.get(row.address)
        if unit is None or unit.id != root:
            unit = known[row.address] = _single(bank, root, row, query, narrower)
        return unit

    return make


@contextmanager
def units_kept(bank: Bank) -> Iterator[None]:
    """While it lasts, a unit of several rows is made once: for those who judge many selections that differ by whole pieces of evidence."""
    bank.memo[_KEPT] = {}
    try:
        yield
    finally:
        bank.memo.pop(_KEPT, None)


def _several(bank: Bank, root: str, members: list[Row], query: Query, aside: list[SetAside]) -> EvidenceUnit:
    """:func:`_unit` of several rows, of which some may be set aside beside better ones."""
    kept: dict[object, tuple[EvidenceUnit, tuple[SetAside, ...]]] | None = bank.memo.get(_KEPT)
    if kept is None:
        return _unit(bank, root, main_rows(bank, members, query, aside), query)
    key = (query, root, tuple(r.address for r in members))
    if key not in kept:
        own: list[SetAside] = []
        kept[key] = (_unit(bank, root, main_rows(bank, members, query, own), query), tuple(own))
    unit, left_out = kept[key]
    aside.extend(left_out)
    return unit


def _unit(bank: Bank, root: str, rows: list[Row], query: Query) -> EvidenceUnit:
    told = [(r.study.id, as_told(r, query)) for r in rows]
    printed = [(r.study.id, d) for r, (_, d) in zip(rows, told, strict=True) if r.finding.significant]
    plain = [(r.study.id, d) for r in rows if (d := oriented(r, query))]
    own = [_standing(bank, r) for r in rows]
    asked = names(query.target_group)
    return EvidenceUnit(
        id=root,
        rows=tuple(rows),
        addresses=tuple(r.address for r in rows),
        direction=vote(told),
        strict=vote(printed) if printed else None,
        reported=vote(plain),
        maryland=max(s.maryland for s in own),
        is_review=all(s.is_review for s in own),
        assessed=next((s.assessed for s in own if s.assessed), None),
        covers=own[0].covers if len(own) == 1 else frozenset().union(*(s.covers for s in own)),
        list_read=all(s.list_read for s in own),
        narrower=bool(asked) and not any(_about(bank, r, asked) for r in rows),
    )


def _single(bank: Bank, root: str, row: Row, query: Query, narrower: bool) -> EvidenceUnit:
    """:func:`_unit` of one row: most units are, and large banks have many."""
    f, own, direction = row.finding, _standing(bank, row), as_told(row, query)
    return EvidenceUnit(
        id=root,
        rows=(row,),
        addresses=(row.address,),
        direction=direction,
        strict=direction if f.significant else None,
        reported=oriented(row, query) or direction,
        maryland=own.maryland,
        is_review=own.is_review,
        assessed=own.assessed,
        covers=own.covers,
        list_read=own.list_read,
        narrower=narrower,
    )


def _about(bank: Bank, row: Row, asked: Sequence[str]) -> bool:
    """Whether the finding is on one of the groups asked about as a whole: every group that it names holds that group."""
    groups = {*row.finding.target_group, *row.finding.subgroup}
    return any(groups <= set(bank.vocabulary.ancestors("target_groups", t)) for t in asked)


def _standing(bank: Bank, row: Row) -> Standing:
    """What the row's evidence counts as: a review's retelling of one study is that study's, or of a study that nobody has named."""
    restated = row.finding.restates.split("#")[0] if row.finding.restates else ""
    if not restated and row.study.kind != "primary" and row.finding.n_studies == 1:
        return _UNNAMED
    return bank.standing(restated if restated in bank.studies else row.study.id)
