"""What must be got and read: which works, for which findings, and which claims hang on them.

A claim hangs on a work in three ways. *Untraced*: a part of the claim has nothing but the note to stand on. *Beside*: other studies
answer, but this one is known from the note alone, so reading it may turn the claim. *Nearer*: the claim deviates because of what
somebody has read in an abstract or at second hand only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from virker.bank import Bank, Row, names
from virker.bank.records import Study
from virker.bank.show import UNITS
from virker.claims.check import COMPUTED, Check
from virker.claims.records import FIELD_LABELS, Number, Part, Status
from virker.claims.result import PartResult
from virker.language import Said, number

Why = Literal["untraced", "beside", "nearer"]
#: Levels at which a study's own tables and text have not been read.
FAR = ("abstract", "secondary")

WHY: dict[Why, Said] = {
    "untraced": Said("kun notatet siger det", "only the note says so"),
    "beside": Said("andre studier svarer; dette er kun kendt fra notatet", "other studies answer; this one is known from the note alone"),
    "nearer": Said("afviger på grund af et resumé eller en omtale", "deviates because of an abstract or a retelling"),
}


@dataclass(frozen=True, slots=True)
class Hanging:
    """A claim that hangs on a work: its status now, and in which way it hangs."""

    claim: str
    status: Status
    why: Why


@dataclass(frozen=True, slots=True)
class Wanted:
    """A finding to look for in the source: the one that is known from elsewhere, and the numbers that claims print from it.

    ``row`` is None where the bank has no finding that could be read nearer: a claim asks for something nobody has coded.
    """

    row: Row | None
    numbers: tuple[Number, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A work to get and read: what to look for in it, and what hangs on it."""

    study: Study
    wanted: tuple[Wanted, ...]
    claims: tuple[Hanging, ...]

    def hanging(self, why: Why) -> tuple[Hanging, ...]:
        """The claims that hang on it in one way."""
        return tuple(h for h in self.claims if h.why == why)


@dataclass(frozen=True, slots=True)
class _Need:
    study: str
    address: str | None
    claim: Check
    why: Why
    part: Part


def works_to_read(checks: Sequence[Check], bank: Bank) -> tuple[Work, ...]:
    """All works that must be read (nearer), by how many claims have nothing else to stand on, then by how many hang on them at all."""
    needs: dict[str, list[_Need]] = {}
    for check in checks:
        for part, result in zip(check.claim.parts, check.parts, strict=False):
            for need in _needs(check, part, result):
                if need.study in bank.studies:
                    needs.setdefault(need.study, []).append(need)
    works = [_work(bank.studies[study], found, bank) for study, found in needs.items()]
    return tuple(sorted(works, key=lambda w: (-len(w.hanging("untraced")), -len(w.claims), w.study.id)))


def _needs(check: Check, part: Part, result: PartResult) -> Iterator[_Need]:
    far = {r.address: r for r in result.rows if r.finding.origin.level in FAR}
    if result.status in COMPUTED:
        named = set(names(part.select.study)) if part.select else set()
        for row in result.seed:
            yield _Need(row.study.id, row.address, check, "untraced", part)
        for study in sorted(named) if not result.seed else ():
            rows = [r.address for r in far.values() if r.study.id == study]
            for address in (*rows,) or (None,):
                yield _Need(study, address, check, "untraced", part)
        return
    traced = {r.study.id for r in result.rows if r.finding.origin.level != "seed"}
    for row in result.seed:
        if row.study.id not in traced:
            yield _Need(row.study.id, row.address, check, "beside", part)
    if result.status in ("differs", "overstated"):
        for address in _deciding(part, result, far):
            yield _Need(far[address].study.id, address, check, "nearer", part)


def _deciding(part: Part, result: PartResult, far: Mapping[str, Row]) -> list[str]:
    """Findings read from afar that make a part deviate: those against it, and those that do not print the significance it needs."""
    against = [a for a in result.against if a in far]
    silent = [a for a in result.carrying if a in far and far[a].finding.significant is None] if part.expect.significant or part.expect.strict else []
    return list(dict.fromkeys([*against, *silent]))


def _work(study: Study, needs: Sequence[_Need], bank: Bank) -> Work:
    order: tuple[Why, ...] = ("untraced", "nearer", "beside")
    ways: dict[str, Hanging] = {}
    for need in sorted(needs, key=lambda n: order.index(n.why)):
        ways.setdefault(need.claim.claim.id, Hanging(need.claim.claim.id, need.claim.status, need.why))
    by_address: dict[str | None, list[_Need]] = {}
    for need in needs:
        by_address.setdefault(need.address, []).append(need)
    wanted = []
    for address, some in sorted(by_address.items(), key=lambda pair: _place(pair[0], study)):
        row = bank.finding(address) if address else None
        asked = dict.fromkeys(n for need in some for n in need.part.expect.numbers if _could_print(row, n))
        wanted.append(Wanted(row, tuple(asked), tuple(dict.fromkeys(n.claim.claim.id for n in some))))
    return Work(study, tuple(wanted), tuple(ways.values()))


def _place(address: str | None, study: Study) -> int:
    return next((i for i, f in enumerate(study.finding) if address == f"{study.id}#{f.id}"), len(study.finding))


def _could_print(row: Row | None, wanted: Number) -> bool:
    """Whether a number that a claim prints may be this finding's: told in its unit, or of a finding that has no number yet."""
    if row is None or wanted.unit is None:
        return True
    return row.finding.unit in (wanted.unit, "direction-only")


def number_said(wanted: Number) -> Said:
    """A number of a claim as a reader looks for it: ``10 per cent``, ``29–31 studies that are positive``."""
    values = [v for v in (wanted.value, wanted.low, wanted.high) if v is not None]
    plain = Said(wanted.unit or wanted.field, wanted.unit or wanted.field)
    what = UNITS.get(wanted.unit, plain) if wanted.unit else FIELD_LABELS.get(wanted.field, plain)
    da, en = ("–".join(number(v, language) for v in values) for language in ("da", "en"))
    return Said(f"{da} {what.da}".strip(), f"{en} {what.en}".strip())
