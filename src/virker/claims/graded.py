"""A part that says what the evidence adds up to: held against the verdict of a rule set."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from virker.bank import Bank, Query, Row, names
from virker.claims.records import Expectation, Status
from virker.claims.result import READ, PartResult, only_association
from virker.language import DIRECTIONS, Said
from virker.synthesis import Units, Verdict, evidence_units, rule_set, verdict_on


def by_verdict(query: Query, expect: Expectation, bank: Bank, rows: Sequence[Row], default_rule_set: str) -> PartResult:
    """The verdict on the rows against the direction, level and number of studies that the words need."""
    units = evidence_units(bank, rows, query)
    rules = rule_set(expect.rule_set or default_rule_set)
    verdict = _as_read(verdict_on(units, rules), expect)
    carrying = verdict.findings
    if not units.all:
        return PartResult(*_nothing(rows, query), verdict=verdict)
    if expect.level is not None and expect.level not in rules.levels:
        told = f"'{expect.level}' is no level of {rules.id} (it has: {', '.join(rules.levels) or 'none'})"
        return PartResult("error", (Said(told, told),), verdict=verdict)
    wanted = names(expect.direction)
    said = _verdict_said(verdict, rules.level_labels.get(verdict.level or ""))
    if verdict.direction == "too-little":
        return PartResult("too-little", (said, *verdict.reasons), carrying=carrying, verdict=verdict)
    against = tuple(a for c in verdict.contributions if c.counted and wanted and c.direction not in wanted for a in c.findings)
    if wanted and verdict.direction not in wanted:
        status = _opposed(verdict, units) if verdict.direction != "mixed" else "overstated"
        return PartResult(status, (said, *verdict.reasons), carrying=carrying, against=against, verdict=verdict)
    weak = _weaker(verdict, units, expect, rules.at_least(verdict.level, expect.level) if expect.level else True)
    return PartResult("overstated" if weak else "supported", (said, *verdict.reasons, *weak), carrying=carrying, against=against, verdict=verdict)


def _as_read(verdict: Verdict, expect: Expectation) -> Verdict:
    """The verdict under the reading that the words speak of: as told, or with only printed significance counted."""
    if not expect.strict or verdict.strict is None:
        return verdict
    only = Said("Her tæller kun resultater, hvis signifikans er trykt.", "Here only results count whose significance is printed.")
    return msgspec.structs.replace(verdict, direction=verdict.strict.direction, level=verdict.strict.level, reasons=(only,))


def _nothing(rows: Sequence[Row], query: Query) -> tuple[Status, tuple[Said, ...]]:
    if any(r.finding.origin.level == "seed" for r in rows) or (not rows and query.is_named):
        return "not-traced", (Said("intet resultat uden for notatet selv", "no finding outside the note itself"),)
    if not rows:
        return "too-little", (Said("banken har ingen resultater om det", "the bank has no findings on it"),)
    return "too-little", (Said("ingen af resultaterne kan tælles", "none of the findings can be counted"),)


def _verdict_said(verdict: Verdict, level: Said | None) -> Said:
    said = DIRECTIONS[verdict.direction]
    return Said(f"Bankens dom: {said.da}{', ' + level.da if level else ''}.", f"The bank's verdict: {said.en}{', ' + level.en if level else ''}.")


def _opposed(verdict: Verdict, units: Units) -> Status:
    """Contradicted when what carries the opposite verdict was read in a table or text, else it differs and is to be checked."""
    carrying = {u.id: u for u in units.all}
    near = [c for c in verdict.contributions if c.counted and c.direction == verdict.direction and carrying[c.unit].nearest_level in READ]
    return "contradicted" if near else "differs"


def _weaker(verdict: Verdict, units: Units, expect: Expectation, level_holds: bool) -> tuple[Said, ...]:
    weak = []
    if not level_holds:
        wanted = rule_set(verdict.rule_set).level_labels[expect.level or ""]
        weak.append(Said(f"Ordene kræver mindst {wanted.da}.", f"The words need at least {wanted.en}."))
    counted = [c for c in verdict.contributions if c.counted]
    if expect.units is not None and len(counted) < expect.units:
        weak.append(
            Said(
                f"Ordene kræver mindst {expect.units} uafhængige studier; der er {len(counted)}.",
                f"The words need at least {expect.units} independent studies; there are {len(counted)}.",
            )
        )
    by_id = {u.id: u for u in units.all}
    if (
        expect.causal
        and counted
        and all(only_association([r.finding for r in by_id[c.unit].rows], by_id[c.unit].maryland, by_id[c.unit].is_review) for c in counted)
    ):
        weak.append(Said("Det er en sammenhæng, ikke en målt effekt.", "It is an association, not a measured effect."))
    return tuple(weak)
