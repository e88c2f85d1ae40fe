"""A claim that cannot fail is a defect: turn its evidence round and see whether its status moves.

For a claim with graded evidence, every traced finding under it is turned: against the words where it held, in their favour where it
did not (directions, numbers, counts, rules). For a claim that is not traced or has too little, enough traced findings are added
against it, and it must become contradicted. The bank is never touched: each trial runs on a copy in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from virker.bank import Bank, Finding, Origin, Query, Row, Study, Votes, names
from virker.bank.records import Direction
from virker.claims.check import COMPUTED, Check, check_claim
from virker.claims.records import Claim, Expectation, Number, Part, Status
from virker.rules import Parameter, Rules, Scheme

#: How many studies are added against a claim that has too little: more than any rule set needs for its highest level.
ENOUGH = 5
_TURNED: dict[Direction, Direction] = {"positive": "negative", "negative": "positive", "none": "none", "mixed": "mixed"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What the self-test did to one claim, and whether its status moved as it must."""

    claim: str
    before: Status
    after: Status
    moved: bool


def self_test(checks: Iterable[Check], bank: Bank, rules: Rules, default_rule_set: str) -> tuple[Trial, ...]:
    """Turn the evidence of every claim round; claims in error or decided by a person are left out."""
    return tuple(_try(c, bank, rules, default_rule_set) for c in checks if c.status not in ("error", "judgement"))


def _try(check: Check, bank: Bank, rules: Rules, default_rule_set: str) -> Trial:
    claim = check.claim
    if check.status in COMPUTED:
        changed, law = against_untraced(claim, bank, rules)
        after = check_claim(claim, changed, law, default_rule_set).status
        return Trial(claim.id, check.status, after, after == "contradicted")
    favour = check.status in ("contradicted", "differs")
    after = check_claim(claim, turned(check, bank, favour), _turned_rules(claim, rules, favour), default_rule_set).status
    return Trial(claim.id, check.status, after, after not in (check.status, "error"))


def turned(check: Check, bank: Bank, favour: bool) -> Bank:
    """The bank with every traced finding under the claim turned for (``favour``) or against the claim's words."""
    changes: dict[str, Finding] = {}
    for part, result in zip(check.claim.parts, check.parts, strict=True):
        if part.select is None:
            continue
        for row in result.rows:
            if row.finding.origin.level != "seed":
                changes[row.address] = _turn(row.finding, part, part.select, favour)
    return _with(bank, changes)


def against_untraced(claim: Claim, bank: Bank, rules: Rules) -> tuple[Bank, Rules]:
    """The bank and the law with enough traced evidence against every part of the claim."""
    for number, part in enumerate(claim.parts):
        if part.select is None:
            continue
        seed = [r for r in bank.select(part.select) if r.finding.origin.level == "seed"]
        if part.select.is_named and seed:
            bank = _with(bank, {r.address: _as_read(_turn(r.finding, part, part.select, False), part) for r in seed})
        else:
            bank = _adding(bank, part, part.select, number)
    return bank, _turned_rules(claim, rules, False)


def _turn(f: Finding, part: Part, query: Query, favour: bool) -> Finding:
    expect = part.expect
    changes: dict[str, object] = {}
    wanted = _wanted(expect, favour)
    if expect.groups:
        changes["target_group"] = expect.groups if favour else ("firms",)
        changes["subgroup"] = ()
    if wanted is not None:
        changes |= {"direction": _facing(f, query, wanted), "significant": "yes"}
        if f.kind not in names(query.kind):
            changes["kind"] = "effect"
        if f.contrast == "unknown":
            changes["contrast"] = "less" if query.contrast == "less" else "on"
    elif not expect.numbers and not expect.groups:
        changes |= {"withdrawn": date(2000, 1, 1), "withdrawn_because": "self-test"}
    for number in expect.numbers:
        changes |= _numbers(f, number, favour)
    return msgspec.structs.replace(f, **changes)


def _wanted(expect: Expectation, favour: bool) -> Direction | None:
    """A direction for or against the words; None when the words name none, or allow all (then only the loss of the finding tells)."""
    directions = names(expect.direction)
    against: tuple[Direction, ...] = ("negative", "positive", "none")
    if not directions:
        return None
    if favour:
        return directions[0]  # type: ignore[return-value]  # the record allows directions only
    return next((d for d in against if d not in directions), None)


def _facing(f: Finding, query: Query, wanted: Direction) -> Direction:
    """The direction to write so that the finding, seen from the query, points ``wanted``."""
    same_way = f.kind == "descriptive" or (f.contrast == "less") == (query.contrast == "less")
    return wanted if same_way else _TURNED[wanted]


def _numbers(f: Finding, number: Number, favour: bool) -> dict[str, object]:
    low = number.value if number.value is not None else number.low
    high = number.high
    assert low is not None
    if not favour:
        low, high = 2 * low + 3, None if high is None else 2 * high + 5
    if number.field == "effect":
        if number.unit is not None and f.unit != number.unit:
            return {}
        return (
            {"effect": low, "effect_low": None, "effect_high": None, "ci_low": None, "ci_high": None}
            if high is None
            else {"effect": None, "effect_low": low, "effect_high": high}
        )
    if number.field.startswith("votes."):
        name = number.field.split(".")[1]
        votes = f.votes or Votes()
        changes: dict[str, int | None] = {name: int(high if high is not None else low)}
        if name + "_low" in Votes.__struct_fields__:
            changes[name + "_low"] = int(low) if high is not None else None
        return {"votes": msgspec.structs.replace(votes, **changes)}
    return {number.field: int(low)} if number.field in Finding.__struct_fields__ else {}


def _as_read(f: Finding, part: Part) -> Finding:
    """As if somebody had read the source in a table."""
    f = msgspec.structs.replace(f, origin=Origin(document="self-test", level="table"), sensitivity_of=None, restates=None)
    for number in part.expect.numbers:
        if number.unit is not None and f.unit != number.unit:
            f = msgspec.structs.replace(f, unit=number.unit)
            f = msgspec.structs.replace(f, **_numbers(f, number, False))
    return f


def _adding(bank: Bank, part: Part, query: Query, number: int) -> Bank:
    """The bank with new traced studies that the query selects and that speak against the part."""
    template = next(iter(bank.select(query)), None)
    named = names(query.study)
    if named and named[0] in bank.studies:
        study = bank.studies[named[0]]
        new = _finding(query, part, max((f.id for f in study.finding), default=0) + 1, template)
        return bank.replacing(
            {
                study.id: msgspec.structs.replace(
                    study, finding=(*study.finding, new), version_of=None, superseded_by=None, withdrawn=None, withdrawn_because=None
                )
            }
        )
    added = {}
    for i in range(ENOUGH):
        name = f"self-test-{number}-{i}"
        added[name] = Study(
            id=name,
            kind=_first(query.study_kind, "primary"),  # type: ignore[arg-type]
            design=_first(query.design, "rct" if _first(query.study_kind, "primary") == "primary" else "systematic-review"),
            added=date(2000, 1, 1),
            year=query.year_to or query.year_from or 2020,
            countries=(_first(query.country, _country_of(bank, query)),),
            trial=_first(query.trial, "") or None,
            finding=(_finding(query, part, 1, template),),
        )
    return bank.replacing(added)


def _country_of(bank: Bank, query: Query) -> str:
    regions = names(query.region)
    return next((c.id for c in bank.vocabulary["countries"].values() if c.region in regions), "DK")


def _finding(query: Query, part: Part, number: int, template: Row | None) -> Finding:
    """A finding made to be selected: every field the query asks for, and a table as its origin."""
    like = template.finding if template else None
    horizon = query.horizon_to if query.horizon_to is not None else query.horizon_from
    made = Finding(
        id=number,
        intervention=_first(query.intervention, like.intervention if like else "almp"),
        outcome=_first(query.outcome, like.outcome if like else "employment"),
        target_group=(_first(query.target_group, like.target_group[0] if like and like.target_group else "unemployed"),),
        subgroup=names(query.subgroup)[:1],
        contrast="less" if query.contrast == "less" else "on",
        comparator=_first(query.comparator, "unknown"),  # type: ignore[arg-type]
        mechanism=names(query.mechanism)[:1],
        phase=_first(query.phase, "") or None,  # type: ignore[arg-type]
        cycle=_first(query.cycle, "") or None,  # type: ignore[arg-type]
        saturation=_first(query.saturation, "") or None,  # type: ignore[arg-type]
        labour_market=_first(query.labour_market, "") or None,  # type: ignore[arg-type]
        scope=_first(query.scope, "individual"),  # type: ignore[arg-type]
        spillover=bool(query.spillover),
        estimand=_first(query.estimand, "ITT"),  # type: ignore[arg-type]
        horizon_months=horizon,
        direction="negative",
        unit=next((n.unit for n in part.expect.numbers if n.unit), "direction-only"),
        origin=Origin(document="self-test", level="table"),
        kind=_first(query.kind, "effect"),  # type: ignore[arg-type]
    )
    return _turn(made, part, query, False)


def _first(value: object, otherwise: str) -> str:
    found = names(value) if isinstance(value, (str, tuple)) else ()
    return found[0] if found else otherwise


def _with(bank: Bank, changes: Mapping[str, Finding]) -> Bank:
    studies: dict[str, Study] = {}
    for address, finding in changes.items():
        name = address.split("#")[0]
        study = studies.get(name, bank.studies[name])
        studies[name] = msgspec.structs.replace(study, finding=tuple(finding if f.id == finding.id else f for f in study.finding))
    return bank.replacing(studies)


def _turned_rules(claim: Claim, rules: Rules, favour: bool) -> Rules:
    schemes: dict[str, Scheme] = dict(rules.schemes)
    for part in claim.parts:
        if part.expect.rule is None:
            continue
        name, _, parameter = part.expect.rule.partition("/")
        scheme = schemes[name]
        changed = tuple(_turned_parameter(p, part.expect, favour) if p.id == parameter else p for p in scheme.parameter)
        schemes[name] = msgspec.structs.replace(scheme, parameter=changed)
    return Rules(schemes)


def _turned_parameter(p: Parameter, expect: Expectation, favour: bool) -> Parameter:
    if favour and expect.equals is not None:
        return msgspec.structs.replace(p, value=expect.equals, status="in force")
    value = (not p.value) if isinstance(p.value, bool) else p.value + 1 if isinstance(p.value, (int, float)) else p.value + " x"
    return msgspec.structs.replace(p, value=value, status="in force" if p.status == "unverified" else p.status)
