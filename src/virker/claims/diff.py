"""What changed between two states of a workspace: studies, findings, verdicts and claims, and which findings moved which claim.

Both states are judged by the program and the rule sets of today, so that a difference is one of the evidence, the claims or the
law, never of the program.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from virker.bank import Bank, Row
from virker.bank.records import Finding, Study
from virker.claims.check import Check
from virker.claims.edition import Edition
from virker.claims.records import Claim, Status
from virker.errors import QueryError

How = Literal["came", "went", "changed"]
#: Worst first; a named person's judgement holds as well as the bank does.
_RANK: Mapping[Status, int] = {s: i for i, s in enumerate(("error", "contradicted", "differs", "not-traced", "too-little", "overstated", "supported"))} | {"judgement": 6}  # type: ignore[assignment]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field that another value stands in now."""

    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Item:
    """A study or a finding that came, went or changed.

    ``why`` tells why it went: ``withdrawn`` (with the reason given), ``superseded`` (by what), or ``absent`` from the bank.
    ``with_study``: a finding that came or went with its whole study.
    """

    address: str
    how: How
    fields: tuple[Field, ...] = ()
    why: str = ""
    reason: str = ""
    with_study: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict's direction and level, for one part of a claim."""

    part: int
    rule_set: str
    direction: str
    level: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A claim whose status or verdict moved, that is new, or that is gone; and what changed under it."""

    claim: Claim
    before: Status | None
    after: Status | None
    verdicts: tuple[tuple[Judged, Judged], ...] = ()
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()

    @property
    def fell(self) -> bool:
        """The status is worse than it was."""
        return self.before is not None and self.after is not None and _RANK[self.after] < _RANK[self.before]

    @property
    def rose(self) -> bool:
        """The status is better than it was."""
        return self.before is not None and self.after is not None and _RANK[self.after] > _RANK[self.before]

    @property
    def explained(self) -> bool:
        """Something under the claim changed that was found; else it is the law, a term, a trial or a review's list."""
        return bool(self.came or self.went or self.changed or self.rewritten)


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two editions."""

    before: Edition
    after: Edition
    studies: tuple[Item, ...]
    findings: tuple[Item, ...]
    claims: tuple[Moved, ...]
    by_address: Mapping[str, Item] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Nothing changed at all."""
        return not (self.studies or self.findings or self.claims)

    @property
    def fell(self) -> tuple[Moved, ...]:
        """Claims that are worse than they were."""
        return tuple(c for c in self.claims if c.fell)


def difference(before: Edition, after: Edition) -> Difference:
    """Compare two editions of one workspace."""
    studies, findings = _studies(before.bank, after.bank), _findings(before.bank, after.bank)
    touched = {i.address for i in (*studies, *findings)}
    claims = tuple(m for m in _claims(before, after, touched) if m is not None)
    return Difference(before, after, studies, findings, claims, {i.address: i for i in (*studies, *findings)})


def _stands(row: Row) -> bool:
    """Whether a finding may answer a query: not withdrawn and not superseded, nor its study."""
    f, s = row.finding, row.study
    return f.withdrawn is None and s.withdrawn is None and f.superseded_by is None and s.superseded_by is None


def _studies(before: Bank, after: Bank) -> tuple[Item, ...]:
    items = []
    for name in sorted(before.studies.keys() | after.studies.keys()):
        old, new = before.studies.get(name), after.studies.get(name)
        if old is None or new is None:
            items.append(Item(name, "came") if old is None else Item(name, "went", why="absent"))
        elif new.withdrawn and not old.withdrawn:
            items.append(Item(name, "went", why="withdrawn", reason=new.withdrawn_because or ""))
        elif fields := _fields(old, new, without=("finding",)):
            items.append(Item(name, "changed", fields))
    return tuple(items)


def _findings(before: Bank, after: Bank) -> tuple[Item, ...]:
    old, new = {r.address: r for r in before.rows}, {r.address: r for r in after.rows}
    items = []
    for address in _in_order(old, new):
        was, now = old.get(address), new.get(address)
        stood, stands = was is not None and _stands(was), now is not None and _stands(now)
        if stands and not stood:
            assert now is not None
            items.append(Item(address, "came", with_study=now.study.id not in before.studies))
        elif stood and not stands:
            assert was is not None
            items.append(_gone(address, was, now, after))
        elif was is not None and now is not None and (fields := _fields(was.finding, now.finding)):
            items.append(Item(address, "changed", fields))
    return tuple(items)


def _gone(address: str, was: Row, now: Row | None, after: Bank) -> Item:
    whole = was.study.id not in after.studies
    if now is None:
        return Item(address, "went", why="absent", with_study=whole)
    if now.finding.withdrawn or now.study.withdrawn:
        reason = now.finding.withdrawn_because or now.study.withdrawn_because or ""
        return Item(address, "went", why="withdrawn", reason=reason, with_study=now.study.withdrawn is not None)
    instead = now.study.superseded_by or f"{now.study.id}#{now.finding.superseded_by}"
    return Item(address, "went", why="superseded", reason=instead)


def _in_order(old: Mapping[str, Row], new: Mapping[str, Row]) -> list[str]:
    return sorted(old.keys() | new.keys(), key=lambda a: (a.partition("#")[0], int(a.partition("#")[2])))


def _fields(old: Study | Finding, new: Study | Finding, without: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """The fields in which two records differ; a record within (origin, votes) by its own fields, as ``origin.level``."""
    return tuple(f for name in old.__struct_fields__ if name not in without for f in _field(name, getattr(old, name), getattr(new, name)))


def _field(name: str, old: Any, new: Any) -> Iterator[Field]:
    if old == new:
        return
    if isinstance(old, msgspec.Struct) and isinstance(new, msgspec.Struct):
        for inner in old.__struct_fields__:
            yield from _field(f"{name}.{inner}", getattr(old, inner), getattr(new, inner))
    else:
        yield Field(name, old, new)


def _claims(before: Edition, after: Edition, touched: set[str]) -> Iterator[Moved | None]:
    for name in dict.fromkeys((*after.by_id, *before.by_id)):
        old, new = before.by_id.get(name), after.by_id.get(name)
        if old is None or new is None:
            check = new or old
            assert check is not None
            yield Moved(check.claim, old.status if old else None, new.status if new else None)
        else:
            yield _moved(old, new, touched | _changed_law(new.claim, before, after))


def _moved(old: Check, new: Check, touched: set[str]) -> Moved | None:
    verdicts = tuple((a, b) for a, b in zip(_judged(old), _judged(new), strict=False) if a != b)
    rewritten = tuple(f for f in Claim.__struct_fields__ if f not in ("sentences", "section") and getattr(old.claim, f) != getattr(new.claim, f))
    if old.status == new.status and not verdicts and not rewritten:
        return None
    had, has = {r.address for r in old.rows}, {r.address for r in new.rows}
    law = {f"rules/{p.expect.rule}" for p in new.claim.parts if p.expect.rule}
    changed = tuple(a for a in sorted((had & has) | law) if a in touched or a.partition("#")[0] in touched)
    return Moved(new.claim, old.status, new.status, verdicts, tuple(sorted(has - had)), tuple(sorted(had - has)), changed, rewritten)


def _changed_law(claim: Claim, before: Edition, after: Edition) -> set[str]:
    """Addresses in ``rules/`` that the claim is tested against and whose value is another now."""
    named = {p.expect.rule for p in claim.parts if p.expect.rule}
    return {f"rules/{name}" for name in named if _law(before, name) != _law(after, name)}


def _law(edition: Edition, name: str) -> object:
    try:
        return edition.rules.parameter(name).value
    except QueryError:
        return None


def _judged(check: Check) -> tuple[Judged, ...]:
    """The verdict of every part, with None's place kept so that parts are compared with themselves."""
    return tuple(
        Judged(i, p.verdict.rule_set, p.verdict.direction, p.verdict.level) if p.verdict else Judged(i, "", "", None) for i, p in enumerate(check.parts)
    )


def by_study(items: tuple[Item, ...], how: How) -> dict[str, list[Item]]:
    """The findings that came, went or changed, by their study."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.how == how:
            found[item.address.partition("#")[0]].append(item)
    return dict(found)
