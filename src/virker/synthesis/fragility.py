"""How far a verdict is from flipping: the smallest set of pieces of evidence whose removal changes its level or its direction.

A piece is taken away whole: a trial with all its papers and earlier versions, and every retelling of it, as if it had never been done. A
review that covers it keeps its own verdict, for what it would have said without it nobody has printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace

from virker.synthesis.clear import CLEAR
from virker.synthesis.jobeffekter import JOBEFFEKTER, unit_weight
from virker.synthesis.jobeffekter_g1 import JOBEFFEKTER_G1
from virker.synthesis.margins import Margin, Settings, margins
from virker.synthesis.maryland import MARYLAND, score
from virker.synthesis.orient import oriented
from virker.synthesis.pathways import PATHWAYS
from virker.synthesis.pooled import POOLED, weighable
from virker.synthesis.removal import BUDGET, Members, Removal, smallest_removal
from virker.synthesis.rulesets import RuleSet
from virker.synthesis.signs import is_credible
from virker.synthesis.star import STAR, is_high_quality
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.votecount import VOTE_COUNT

#: A verdict in short: its direction and its level.
Outcome = tuple[str, str | None]
#: What a rule set sees of a piece of evidence: pieces with the same key are interchangeable; None: it never counts.
Key = Callable[[EvidenceUnit, Units, Settings], Hashable | None]


@dataclass(frozen=True, slots=True)
class Fragility:
    """How far one verdict is from flipping.

    Attributes
    ----------
    now : tuple
        Direction and level as they are.
    any_change : Removal
        The smallest removals that change the direction or the level.
    direction : Removal
        The smallest removals that change the direction.
    margins : tuple of Margin
        The distance to the thresholds that the rule set prints.
    """

    rule_set: str
    now: Outcome
    any_change: Removal[Outcome]
    direction: Removal[Outcome]
    margins: tuple[Margin, ...]


def fragility(units: Units, rules: RuleSet, settings: Settings | None = None, *, strict: bool = False, budget: int = BUDGET) -> Fragility:
    """The smallest removals that change the verdict of ``rules`` on ``units``, and the distance to its thresholds.

    ``strict`` asks for the reading in which only printed significance counts; it has no margins. Exact as long as ``budget`` evaluations suffice, which in practice is up to some dozens of pieces; see :class:`Removal`.
    """
    used = {**rules.settings, **(settings or {})}
    known: dict[frozenset[str], Outcome] = {}

    def outcome(without: frozenset[str]) -> Outcome:
        if without not in known:
            judged = rules.judge(without_units(units, without), used, strict)
            known[without] = (judged.direction, judged.level)
        return known[without]

    now = outcome(frozenset())
    classes = interchangeable(units, rules, used, strict)
    return Fragility(
        rule_set=rules.id,
        now=now,
        any_change=smallest_removal(classes, outcome, lambda after: after != now, budget),
        direction=smallest_removal(classes, outcome, lambda after: after[0] != now[0], budget),
        margins=() if strict else margins(units, rules, used),
    )


def without_units(units: Units, ids: frozenset[str]) -> Units:
    """The units that are left when those of the given ids are taken away."""
    if not ids:
        return units
    return replace(units, primary=tuple(u for u in units.primary if u.id not in ids), reviews=tuple(u for u in units.reviews if u.id not in ids))


def interchangeable(units: Units, rules: RuleSet, settings: Settings, strict: bool = False) -> tuple[Members, ...]:
    """The ids of the pieces that can matter to the rule set, grouped by what it sees of them.

    A rule set that has no key here sees every piece as itself: slower, and right.
    """
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for unit in units.all:
        if (seen := unit_key(unit, units, rules, settings)) is not None:
            groups[seen, unit.strict if strict else None].append(unit.id)
    return tuple(tuple(members) for members in groups.values())


def unit_key(unit: EvidenceUnit, units: Units, rules: RuleSet, settings: Settings) -> Hashable | None:
    """What the rule set sees of one piece; the piece itself where that is not known."""
    key = KEYS.get(rules.id)
    return unit.id if key is None else key(unit, units, settings)


def _star_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    """STAR's hierarchy counts by direction and quality; which reviews cover a study decides whether it counts beside them."""
    if unit.is_review:
        if not unit.is_researched_review or (unit.narrower and settings["review_for_whole_group"].value):
            return None
        grades = tuple(sorted(str(r.finding.evidence_grade) for r in unit.rows))
        return "review", unit.direction, grades, unit.list_read, unit.covers & {p.id for p in units.primary}
    covering = frozenset(r.id for r in units.reviews if unit.id in r.covers)
    high = is_high_quality(unit, float(settings["high_quality_maryland"].value))
    return "study", unit.direction, high, covering


def _vote_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    return None if unit.is_review else unit.reported


def _jobeffekter_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    return None if unit.is_review else (unit.direction, round(unit_weight(unit, settings), 9))


def _g1_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    """The first generation adds up results, and its factor depends on the search: what a piece gives when it stands alone is all it gives."""
    if unit.is_review:
        return None
    alone = replace(units, primary=(unit,), reviews=(), aside=())
    return tuple(tuple(sorted(JOBEFFEKTER_G1.judge(alone, settings, strict).measures.items())) for strict in (False, True))


def _clear_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    """CLEAR looks at every result of a study: its outcome, its direction and how significant it is."""
    if unit.is_review:
        return None
    results = sorted((r.finding.outcome, str(oriented(r, units.query)), str(r.finding.significant), str(r.finding.p), str(r.finding.p_max)) for r in unit.rows)
    return is_credible(unit, float(settings["credible_maryland"].value)), tuple(results)


def _pathways_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    """Pathways also reads the horizons that others set aside: only what it never rates is told apart here."""
    return unit.id if not unit.is_review and is_credible(unit, float(settings["credible_maryland"].value)) else None


def _maryland_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    return None if unit.is_review or score(unit, settings) < float(settings["threshold"].value) else unit.direction


def _pooled_key(unit: EvidenceUnit, units: Units, settings: Settings) -> Hashable | None:
    """Every number is another; a piece without one that can be weighed changes no pooled effect."""
    counts_directions = not settings["numbers_only"].value
    return unit.id if counts_directions or weighable(unit, units) else None


KEYS: Mapping[str, Key] = {
    STAR.id: _star_key,
    VOTE_COUNT.id: _vote_key,
    JOBEFFEKTER.id: _jobeffekter_key,
    JOBEFFEKTER_G1.id: _g1_key,
    CLEAR.id: _clear_key,
    PATHWAYS.id: _pathways_key,
    MARYLAND.id: _maryland_key,
    POOLED.id: _pooled_key,
}
