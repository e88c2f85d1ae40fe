"""The rule sets there are, and the verdict of any of them on a query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from virker.bank import Bank, Query
from virker.errors import QueryError, nearest
from virker.language import DIRECTIONS, Said
from virker.synthesis.clear import CLEAR
from virker.synthesis.extras import is_installed
from virker.synthesis.gather import evidence_units
from virker.synthesis.jobeffekter import JOBEFFEKTER
from virker.synthesis.jobeffekter_g1 import JOBEFFEKTER_G1, NOT_COMPUTABLE
from virker.synthesis.maryland import MARYLAND
from virker.synthesis.pathways import PATHWAYS
from virker.synthesis.pooled import POOLED
from virker.synthesis.rulesets import Judgement, RuleSet
from virker.synthesis.star import STAR
from virker.synthesis.units import Units
from virker.synthesis.verdict import NotCounted, Reading, Setting, Verdict
from virker.synthesis.votecount import VOTE_COUNT

#: The workspace's own first; the order in which they are shown side by side.
RULE_SETS: Mapping[str, RuleSet] = {r.id: r for r in (STAR, JOBEFFEKTER, JOBEFFEKTER_G1, VOTE_COUNT, CLEAR, PATHWAYS, MARYLAND, POOLED)}


def rule_set(name: str) -> RuleSet:
    """The rule set of that id; QueryError with the nearest name when there is none."""
    if name in NOT_COMPUTABLE:
        raise QueryError(f"{NOT_COMPUTABLE[name].en}\n    → use another generation: jobeffekter-g1 or jobeffekter-g2")
    if name not in RULE_SETS:
        raise QueryError(f"'{name}' is no rule set\n    → {nearest(name, RULE_SETS)} There are: {', '.join(RULE_SETS)}")
    return RULE_SETS[name]


def judging() -> Mapping[str, RuleSet]:
    """The rule sets that can judge here: all whose optional part, where they have one, is installed."""
    return {name: rules for name, rules in RULE_SETS.items() if rules.extra is None or is_installed(rules.extra)}


def verdict(bank: Bank, query: Query, rules: str | RuleSet = STAR.id, settings: Mapping[str, Setting] | None = None) -> Verdict:
    """The verdict of a rule set on what the query selects.

    Parameters
    ----------
    settings
        Settings to use instead of the rule set's own, by name.
    """
    chosen = rule_set(rules) if isinstance(rules, str) else rules
    units = evidence_units(bank, bank.select(query), query)
    return verdict_on(units, chosen, settings)


def verdict_on(units: Units, rules: RuleSet, settings: Mapping[str, Setting] | None = None) -> Verdict:
    """The verdict of a rule set on units already made: all rule sets judge the same ones."""
    used = {**rules.settings, **(settings or {})}
    told = rules.judge(units, used, False)
    strict = rules.judge(units, used, True)
    differs = (strict.direction, strict.level) != (told.direction, told.level)
    marks = told.marks + ((_two_readings(rules, strict),) if differs else ())
    return Verdict(
        rule_set=rules.id,
        version=rules.version,
        direction=told.direction,
        level=told.level,
        counts=dict(Counter(c.direction for c in told.contributions if c.counted)),
        contributions=told.contributions,
        not_counted=tuple(NotCounted(finding=a.row.address, why=a.why) for a in units.aside),
        reasons=told.reasons,
        marks=marks,
        strict=Reading(strict.direction, strict.level) if differs else None,
        measures=dict(told.measures),
    )


def _two_readings(rules: RuleSet, strict: Judgement) -> Said:
    level = rules.level_labels.get(strict.level or "")
    da = DIRECTIONS[strict.direction].da + (f", {level.da}" if level else "")
    en = DIRECTIONS[strict.direction].en + (f", {level.en}" if level else "")
    return Said(f"Tæller kun trykt signifikans, bliver dommen: {da}.", f"If only printed significance counts, the verdict is: {en}.")
