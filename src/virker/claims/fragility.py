"""How far a claim is from another status: the smallest set of trials, studies or reviews without which it would come out otherwise.

The number of a claim is the size of that set. A claim of number 1 hangs on one piece of evidence, which is named. Every kind of claim has a
number, also one that only reports: there it is as a rule its one source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from virker.bank import Bank, Query, Row, names
from virker.claims.check import Check, status_of
from virker.claims.edition import Edition
from virker.claims.parts import evaluate_part
from virker.claims.printed import about_groups, prints_numbers
from virker.claims.records import STATUSES, Part, Status
from virker.claims.result import READ, PartResult, only_association
from virker.memory import without_collection
from virker.synthesis import EvidenceUnit, Units, evidence_units, oriented, rule_set
from virker.synthesis.fragility import Fragility, fragility, unit_key
from virker.synthesis.gather import units_kept
from virker.synthesis.next_study import NextStudy, next_study
from virker.synthesis.removal import Members, Removal, smallest_removal
from virker.synthesis.usable import root_of

#: A little more than for a verdict: a claim has several parts, each with pieces of its own.
CLAIM_BUDGET = 6000


@dataclass(frozen=True, slots=True)
class PartFragility:
    """The verdict under one part of a claim: how far it is from flipping, and what a new study would do."""

    part: int
    strict: bool
    fragility: Fragility
    next_study: NextStudy


@dataclass(frozen=True, slots=True)
class ClaimFragility:
    """How far one claim is from another status.

    Attributes
    ----------
    removal : Removal of Status
        The smallest removals that change its status, and to what.
    pieces : tuple of str
        The independent pieces of evidence under it: trials, studies, reviews.
    rests_on : str or None
        The one piece, when there is only one.
    """

    check: Check
    removal: Removal[Status]
    pieces: tuple[str, ...]
    parts: tuple[PartFragility, ...]

    @property
    def number(self) -> int | None:
        return self.removal.size

    @property
    def rests_on(self) -> str | None:
        return self.pieces[0] if len(self.pieces) == 1 else None

    @property
    def unread(self) -> tuple[str, ...]:
        """Works under it that nobody has read: only the note tells of them."""
        return tuple(dict.fromkeys(r.study.id for p in self.check.parts for r in p.seed))

    @property
    def becomes(self) -> tuple[Status, ...]:
        """What it may turn into, the worst first."""
        return tuple(s for s in STATUSES if any(p.becomes == s for p in self.removal.patterns))

    @property
    def rank(self) -> tuple[float, float, str]:
        """Most fragile first: the fewest removals, then the fewest pieces to begin with. What nothing can change comes last."""
        return (float("inf") if self.number is None else self.number, len(self.pieces), self.check.claim.id)


def claim_fragilities(edition: Edition, claims: Sequence[str] | None = None, rule_sets: Sequence[str] = ()) -> tuple[ClaimFragility, ...]:
    """The fragility of the claims (all, when none are named), most fragile first."""
    chosen = edition.checks if claims is None else [edition.by_id[c] for c in claims]
    with without_collection():
        return tuple(sorted((claim_fragility(c, edition, rule_sets) for c in chosen), key=lambda f: f.rank))


def claim_fragility(check: Check, edition: Edition, rule_sets: Sequence[str] = ()) -> ClaimFragility:
    """The smallest removals that change the claim's status; of its verdicts, those that change direction or level.

    ``rule_sets`` judge the verdicts under it; none: the one that the claim itself is held against.
    """
    seen = _Seen(check, edition)

    def status(without: frozenset[str]) -> Status:
        return status_of(check.claim, seen.results(without))

    fixed = check.status in ("judgement", "error")
    with units_kept(edition.bank):
        removal = smallest_removal(() if fixed else seen.classes, status, lambda after: after != check.status, CLAIM_BUDGET)
    return ClaimFragility(check, removal, seen.pieces, tuple(_parts(edition.bank, seen.pairs, rule_sets)))


class _Seen:
    """A claim's evidence as its tests see it: which pieces are interchangeable, and how its parts come out without some of them."""

    def __init__(self, check: Check, edition: Edition) -> None:
        self.edition = edition
        self.check = check
        self.pairs = list(zip(check.claim.parts, check.parts, strict=False))
        default = edition.workspace.settings.rule_set
        #: By part: what the part's tests see of each piece under it.
        self.keys = [_keys(edition.bank, part, result, default) for part, result in self.pairs]
        self.pieces: Members = tuple(dict.fromkeys(root for keys in self.keys for root in keys))
        self._known: dict[tuple[int, frozenset[tuple[Hashable, int]]], PartResult] = {(n, frozenset()): result for n, (_, result) in enumerate(self.pairs)}

    @property
    def classes(self) -> tuple[Members, ...]:
        """Members of a class are interchangeable in every part."""
        groups: dict[Hashable, list[str]] = defaultdict(list)
        for root in self.pieces:
            groups[tuple(keys.get(root) for keys in self.keys)].append(root)
        return tuple(tuple(members) for members in groups.values())

    def results(self, without: frozenset[str]) -> tuple[PartResult, ...]:
        """The parts without those pieces. How many of each kind a part loses is all that matters to it, so that is what is remembered."""
        found = []
        for n, keys in enumerate(self.keys):
            lost = frozenset(Counter(keys[root] for root in without if root in keys).items())
            if (n, lost) not in self._known:
                self._known[n, lost] = self._part(n, without)
            found.append(self._known[n, lost])
        return tuple(found)

    def _part(self, number: int, without: frozenset[str]) -> PartResult:
        part, result = self.pairs[number]
        bank = self.edition.bank
        left = _Without(bank, tuple(r for r in result.rows if _root(bank, r) not in without))
        return evaluate_part(part, self.check.claim.kind, left, self.edition.rules, self.edition.workspace.settings.rule_set, _day(self.edition))


def _parts(bank: Bank, pairs: Sequence[tuple[Part, PartResult]], rule_sets: Sequence[str]) -> list[PartFragility]:
    """The verdicts under the parts; many claims ask the same thing, and the bank remembers."""
    remembered: dict[object, tuple[Fragility, NextStudy]] = bank.memo.setdefault("fragility", {})
    found = []
    for number, (part, result) in enumerate(pairs, 1):
        if result.verdict is None or part.select is None:
            continue
        for name in rule_sets or (result.verdict.rule_set,):
            rules, strict = rule_set(name), part.expect.strict
            key = (part.select, rules.id, strict)
            if key not in remembered:
                units = evidence_units(bank, result.rows, part.select)
                remembered[key] = (fragility(units, rules, strict=strict), next_study(units, rules, strict=strict))
            found.append(PartFragility(number, strict, *remembered[key]))
    return found


class _Without(Bank):
    """The same bank seen without some pieces of evidence, as the answer to one query."""

    def __init__(self, bank: Bank, rows: tuple[Row, ...]) -> None:
        self.__dict__.update(bank.__dict__)
        self._left = rows

    def select(self, query: Query) -> tuple[Row, ...]:
        return self._left


def _day(edition: Edition) -> date:
    """Any day: told one, an empty answer is no error of the claim's."""
    if isinstance(edition.as_of, int):
        return date(edition.as_of, 12, 31)
    return edition.as_of or date.max


def _root(bank: Bank, row: Row) -> str:
    """The piece of evidence that the row is part of; a retelling goes with what it retells."""
    remembered: dict[str, str] = bank.memo.setdefault("piece", {})
    if row.address not in remembered:
        remembered[row.address] = root_of(bank, row, set(), []) or row.study.id
    return remembered[row.address]


def _keys(bank: Bank, part: Part, result: PartResult, default: str) -> dict[str, Hashable]:
    """Everything that the part's tests see of each piece of traced evidence under it: with the same key, pieces are interchangeable."""
    if part.select is None:
        return {}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in result.rows:
        if row.finding.origin.level != "seed":
            rows[_root(bank, row)].append(row)
    units = evidence_units(bank, result.rows, part.select)
    by_id = {u.id: u for u in units.all}
    keys: dict[str, Hashable] = {}
    for root, own in rows.items():
        unit = by_id.get(root)
        counted = _as_counted(unit, units, part, default) if unit and result.verdict else _as_told(unit, part) if unit else None
        keys[root] = (_as_printed(part, bank, own), counted)
    return keys


def _as_printed(part: Part, bank: Bank, rows: Sequence[Row]) -> Hashable:
    """Each number and each group is decided by the best row, so how the rows of a piece do alone is all that matters."""
    numbers = tuple(prints_numbers((n,), rows).status for n in part.expect.numbers)
    return numbers, tuple(about_groups((g,), bank, rows).status for g in part.expect.groups)


def _as_counted(unit: EvidenceUnit, units: Units, part: Part, default: str) -> Hashable:
    """What the rule set sees, and what the words ask beyond that: how near an opponent was read, and whether it is only an association."""
    rules = rule_set(part.expect.rule_set or default)
    key = unit_key(unit, units, rules, rules.settings)
    if key is None:
        return None
    wanted = names(part.expect.direction)
    opposes_near = unit.nearest_level in READ and not {unit.direction, unit.reported} <= set(wanted)
    association = part.expect.causal and only_association([r.finding for r in unit.rows], unit.maryland, unit.is_review)
    return key, opposes_near, association, unit.strict if part.expect.strict else None


def _as_told(unit: EvidenceUnit, part: Part) -> Hashable:
    assert part.select is not None
    told = []
    for row in unit.rows:
        f = row.finding
        association = only_association([f], unit.maryland, row.study.kind != "primary")
        told.append((str(oriented(row, part.select)), str(f.significant), f.origin.level in READ, association))
    return tuple(sorted(told))
