"""Pieces of evidence: one trial, one study or one review, whatever the number of papers and results.

From the findings that a query selects to the units that a rule set may count. Every finding is either counted in one unit or
set aside with its reason; nothing disappears.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from virker.bank import LEVELS, Bank, Query, Row, names
from virker.bank.bank import Standing
from virker.bank.records import Direction
from virker.language import Said

_TURNED: dict[Direction, Direction] = {"positive": "negative", "negative": "positive", "none": "none", "mixed": "mixed"}

#: Designs of a review that searched the literature; a narrative review or an expert's judgement is not one of them.
RESEARCHED = frozenset({"systematic-review", "meta-analysis", "literature-review"})

#: Designs that measure no effect: what they find is shown and not counted (Jobeffekter.dk: no control group, not aggregated).
NO_EFFECT_STUDY = frozenset({"vignette", "survey", "descriptive"})


#: A single study that a review tells of without naming it: a study of unknown design, not the review's own verdict.
_UNNAMED = Standing("", 0, False, None, frozenset(), True)


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
    """What a query's findings come to: units that may be counted, and findings set aside."""

    primary: tuple[EvidenceUnit, ...]
    reviews: tuple[EvidenceUnit, ...]
    aside: tuple[SetAside, ...]

    @property
    def all(self) -> tuple[EvidenceUnit, ...]:
        return self.primary + self.reviews


def oriented(row: Row, query: Query) -> Direction | None:
    """The finding's direction for a question that turns the measure as ``query.contrast`` does; None where that is not known.

    A question about *more* is answered by findings on *more* or *on*; a finding on *less* answers it with its sign turned. A
    description turns nothing: its direction is as told, and so is a bundle's, whose parts were turned as the bundle says.
    """
    direction, contrast = row.finding.direction, row.finding.contrast
    if row.finding.kind == "descriptive" or (query.combined and row.finding.components):
        return direction
    if direction is None or contrast == "unknown":
        return None
    return direction if (contrast == "less") == (query.contrast == "less") else _TURNED[direction]


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
        unit = alone(root, members[0]) if len(members) == 1 else _unit(bank, root, _main_rows(bank, members, query, aside), query)
        (reviews if unit.is_review else primary).append(unit)
    return Units(tuple(primary), tuple(reviews), tuple(aside))


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
        elif _usable(row, query, keep_seed, aside):
            others.append(row)
    if others:
        present = {r.study.id for members in groups.values() for r in members} | {r.study.id for r in others}
        for row in others:
            if (found := _root(bank, row, present, aside)) is not None:
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


def _usable(row: Row, query: Query, keep_seed: bool, aside: list[SetAside]) -> bool:
    f = row.finding
    if f.origin.level == "seed" and not keep_seed:
        aside.append(SetAside(row, Said("kun notatet selv siger det", "only the note itself says so")))
    elif f.kind not in _counting_kinds(query):
        aside.append(SetAside(row, Said("ikke en effekt", "not an effect")))
    elif f.direction is None:
        aside.append(SetAside(row, Said("ingen retning er trykt", "no direction is printed")))
    elif f.contrast == "unknown" and f.kind != "descriptive":
        aside.append(SetAside(row, Said("det fremgår ikke, hvilken vej indsatsen blev skruet", "the text does not tell which way the measure was turned")))
    elif row.study.design in NO_EFFECT_STUDY and f.kind == "effect" and not f.restates:
        aside.append(SetAside(row, Said("ikke et effektstudie", "not an effect study")))
    elif f.comparator == "another-programme" and not query.is_named and "another-programme" not in names(query.comparator):
        aside.append(
            SetAside(row, Said("sammenligner med en anden indsats, ikke med den sædvanlige", "compares with another programme, not with usual effort"))
        )
    elif f.sensitivity_of is not None:
        aside.append(
            SetAside(
                row,
                Said(
                    f"robusthedstjek af resultat {f.sensitivity_of} på de samme personer",
                    f"a robustness check of finding {f.sensitivity_of} on the same people",
                ),
            )
        )
    else:
        return True
    return False


def _counting_kinds(query: Query) -> tuple[str, ...]:
    """Effects; other kinds only where the query asks for them. How an effect comes about is no effect of the thing by itself."""
    asked = names(query.kind)
    return (*asked, "effect") + (("mechanism",) if query.mechanism or query.is_named else ())


def _root(bank: Bank, row: Row, present: set[str], aside: list[SetAside]) -> str | None:
    restated = row.finding.restates.split("#")[0] if row.finding.restates else None
    if restated:
        if restated in present:
            aside.append(SetAside(row, Said(f"gengiver kun {restated}, som selv tæller med", f"only repeats {restated}, which itself counts")))
            return None
        return bank.root_of(bank.studies[restated]) if restated in bank.studies else restated
    if row.study.kind != "primary" and row.finding.n_studies == 1:
        return f"{row.study.id}#unnamed"  # together: two such results may be the same study's, and nothing is counted twice
    newer = row.study.version_of
    if newer and newer in present:
        aside.append(SetAside(row, Said(f"tidligere udgave af {newer}", f"an earlier version of {newer}")))
        return None
    return bank.standing(row.study.id).root


def _main_rows(bank: Bank, rows: list[Row], query: Query, aside: list[SetAside]) -> list[Row]:
    asked = {t for w in (*names(query.target_group), *names(query.subgroup)) for t in bank.vocabulary.under("target_groups", w)}
    whole = [r for r in rows if not r.finding.subgroup or (query.subgroup and asked & set(r.finding.subgroup))]
    rows = _prefer(rows, whole, aside, Said("en undergruppe: ingen ekstra stemme", "a subgroup: no second vote"))
    if not query.phase:
        done = [r for r in rows if r.finding.phase not in ("lock-in", "threat")]
        rows = _prefer(rows, done, aside, Said("måler fastlåsning eller trussel, ikke effekten efter", "measures lock-in or threat, not the effect after"))
    if query.horizon_from is None and query.horizon_to is None:
        rows = _prefer(rows, _longest(rows), aside, Said("kortere tidshorisont af samme udfald", "a shorter horizon of the same outcome"))
    if query.is_named:
        return rows
    strongest = max(bank.maryland(r.study) for r in rows)
    best = [r for r in rows if bank.maryland(r.study) == strongest]
    return _prefer(rows, best, aside, Said("svagere design på samme forsøg", "a weaker design on the same trial"))


def _prefer(rows: list[Row], better: list[Row], aside: list[SetAside], why: Said) -> list[Row]:
    if not better or len(better) == len(rows):
        return rows
    chosen = {id(r) for r in better}
    aside.extend(SetAside(r, why) for r in rows if id(r) not in chosen)
    return better


def _longest(rows: list[Row]) -> list[Row]:
    longest: dict[tuple[str, str, str], float] = {}
    for r in rows:
        if (h := _horizon(r)) is not None:
            key = (r.study.id, r.finding.intervention, r.finding.outcome)
            longest[key] = max(h, longest.get(key, h))
    return [r for r in rows if (h := _horizon(r)) is None or h == longest[r.study.id, r.finding.intervention, r.finding.outcome]]


def _horizon(row: Row) -> float | None:
    f = row.finding
    return f.horizon_months if f.horizon_months is not None else f.horizon_to


def _unit(bank: Bank, root: str, rows: list[Row], query: Query) -> EvidenceUnit:
    told = [(r.study.id, _as_told(r, query)) for r in rows]
    printed = [(r.study.id, d) for r, (_, d) in zip(rows, told, strict=True) if r.finding.significant]
    plain = [(r.study.id, d) for r in rows if (d := oriented(r, query))]
    own = [_standing(bank, r) for r in rows]
    asked = names(query.target_group)
    return EvidenceUnit(
        id=root,
        rows=tuple(rows),
        addresses=tuple(r.address for r in rows),
        direction=_vote(told),
        strict=_vote(printed) if printed else None,
        reported=_vote(plain),
        maryland=max(s.maryland for s in own),
        is_review=all(s.is_review for s in own),
        assessed=next((s.assessed for s in own if s.assessed), None),
        covers=own[0].covers if len(own) == 1 else frozenset().union(*(s.covers for s in own)),
        list_read=all(s.list_read for s in own),
        narrower=bool(asked) and not any(_about(bank, r, asked) for r in rows),
    )


def _single(bank: Bank, root: str, row: Row, query: Query, narrower: bool) -> EvidenceUnit:
    """:func:`_unit` of one row: most units are, and large banks have many."""
    f, own, direction = row.finding, _standing(bank, row), _as_told(row, query)
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


def _as_told(row: Row, query: Query) -> Direction:
    direction = oriented(row, query)
    assert direction is not None
    return "none" if row.finding.significant == "no" and direction != "mixed" else direction


def _vote(directions: Iterable[tuple[str, Direction]]) -> Direction:
    """One vote of several papers on one trial: first each paper's own direction, then the majority of the papers."""
    pairs = list(directions)
    if len(pairs) == 1:
        return pairs[0][1]
    by_study: dict[str, list[Direction]] = defaultdict(list)
    for study, direction in pairs:
        by_study[study].append(direction)
    return majority([majority(own) for own in by_study.values()])


def majority(directions: Iterable[Direction]) -> Direction:
    """The direction of a piece of evidence with several results.

    The direction of more than half of them; else positive (or negative) when nothing points the other way and at least as
    many results have it as have none; else mixed.

    >>> majority(["positive", "none"]), majority(["positive", "negative"]), majority(["none", "none", "positive"])
    ('positive', 'mixed', 'none')
    """
    count = Counter(directions)
    total = sum(count.values())
    top, most = count.most_common(1)[0]
    if 2 * most > total:
        return top
    if not count["mixed"]:
        if count["positive"] and not count["negative"]:
            return "positive"
        if count["negative"] and not count["positive"]:
            return "negative"
    return "mixed"
