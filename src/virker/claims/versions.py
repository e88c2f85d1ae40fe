"""Studies in versions: does a claim that is pinned to a study stand on a number that another version prints otherwise?

A paper is drafted, revised and published, and its estimates move (4-5, 7-9 and 8.5-9.5 per cent; 25 and 29). The bank keeps the
older reading as superseded, or as another study with ``version_of``; it never answers a query. Here it is told, beside the claim.

A claim is *pinned* when its query names a study, a trial or single findings. What only the note prints is no version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from virker.bank import Bank, Row, names
from virker.bank.records import Finding, Qualifier
from virker.bank.show import effect_said
from virker.claims.check import Check
from virker.claims.numbers import agrees, digits_of
from virker.claims.records import Number, Part
from virker.language import DIRECTIONS, Said, joined, number

#: Words before a number that a source prints as a bound.
_BOUNDS: dict[Qualifier, Said] = {
    "at-least": Said("mindst ", "at least "),
    "more-than": Said("mere end ", "more than "),
    "up-to": Said("op til ", "up to "),
    "about": Said("omkring ", "about "),
    "almost": Said("næsten ", "almost "),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One result through its versions: the older readings in the bank's order, and the one that counts."""

    older: tuple[Row, ...]
    counts: Row


def version_notes(check: Check, bank: Bank) -> tuple[Said, ...]:
    """What other versions print of the results that a pinned claim stands on; empty when it is pinned to none, or they agree."""
    said: dict[Said, None] = {}
    for part in check.claim.parts:
        if part.select is not None and part.select.is_named and _asks_of_effects(part):
            for line in _lines(part, bank):
                said[_line_said(line, part)] = None
            said.update(dict.fromkeys(_told_by_corrections(part, bank)))
    return tuple(said)


def _asks_of_effects(part: Part) -> bool:
    """Whether the part says anything of an effect, and not only how many people or studies there were."""
    return bool(part.expect.direction or part.expect.level) or any(n.field == "effect" for n in part.expect.numbers)


def _lines(part: Part, bank: Bank) -> Iterator[Line]:
    """The results under a part that have versions which print another number, or point another way."""
    assert part.select is not None
    older = older_readings(bank)
    pinned = dict.fromkeys(r.address for r in bank.select(part.select))
    pinned |= dict.fromkeys(a for a in names(part.select.finding) if bank.finding(a) is not None)
    seen: set[frozenset[str]] = set()
    told: set[str] = set()
    for address in pinned:
        counts = bank.finding(_final(address, older))
        if counts is None or counts.address in told:
            continue
        told.add(counts.address)
        differing = tuple(r for r in older.get(counts.address, ()) if _differ(r, counts))
        known = frozenset(r.address for r in differing)
        if differing and known not in seen:
            seen.add(known)
            yield Line(differing, counts)


def older_readings(bank: Bank) -> Mapping[str, tuple[Row, ...]]:
    """For each finding that counts, the earlier readings of the same result, by address; worked out once for a bank."""
    known: dict[str, tuple[Row, ...]] | None = bank.memo.get("older readings")
    if known is None:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in bank.rows:
            if row.finding.origin.level == "seed" or row.finding.withdrawn or row.study.withdrawn:
                continue
            for final in _replacing(row, bank):
                found[final.address].append(row)
        known = bank.memo["older readings"] = {a: tuple(rows) for a, rows in found.items()}
    return known


def _replacing(row: Row, bank: Bank) -> Iterator[Row]:
    """The findings that count instead of this one: where ``superseded_by`` ends, or the same result in the later version."""
    at, seen = row, {row.address}
    while at.finding.superseded_by is not None:
        following = bank.finding(f"{at.study.id}#{at.finding.superseded_by}")
        if following is None or following.address in seen:
            return
        at = following
        seen.add(at.address)
    if at is not row:
        yield at
        return
    study = row.study
    while (later := bank.studies.get(study.superseded_by or study.version_of or "")) is not None and later.id not in seen:
        study = later
        seen.add(later.id)
    if study is not row.study:
        same = [f for f in study.finding if f.superseded_by is None and f.withdrawn is None and f.origin.level != "seed" and _key(f) == _key(row.finding)]
        yield from (r for f in same if (r := bank.finding(f"{study.id}#{f.id}")) is not None)


def _final(address: str, older: Mapping[str, tuple[Row, ...]]) -> str:
    """The address that counts instead of ``address``, which may itself be an older reading."""
    return next((final for final, rows in older.items() if any(r.address == address for r in rows)), address)


def _key(f: Finding) -> tuple[object, ...]:
    """What makes two findings of two versions the same result."""
    return (f.intervention, f.contrast, f.outcome, f.target_group, f.subgroup, f.unit, f.phase, f.horizon_months, f.horizon_from, f.horizon_to)


def _size(f: Finding) -> tuple[float | None, float | None, float | None]:
    return f.effect, f.effect_low, f.effect_high


def _differ(a: Row, b: Row) -> bool:
    """Whether two readings print other numbers, or point another way; one that prints no number differs in nothing but direction."""
    sized = any(v is not None for v in _size(a.finding)) and any(v is not None for v in _size(b.finding))
    return (sized and _size(a.finding) != _size(b.finding)) or (a.finding.direction != b.finding.direction)


def _line_said(line: Line, part: Part) -> Said:
    """``7–9 per cent (…) → 8.5–9.5 per cent (…)``, and where the claim stands among them."""
    steps = [_reading(r) for r in (*line.older, line.counts)]
    study = line.counts.study.id
    told = (
        Said(f"{study} har udgaver, der ikke er ens: ", f"{study} has versions that differ: ")
        + joined(steps, " → ")
        + Said(". Den sidste tæller.", ". The last one counts.")
    )
    return told + _standing(line, part)


def _standing(line: Line, part: Part) -> Said:
    """Whether the claim's own number is that of the version that counts, of an older one, or of none that has been read."""
    wanted = next((n for n in part.expect.numbers if n.field == "effect" and n.unit in (None, line.counts.finding.unit)), None)
    if wanted is None:
        pinned = names(part.select.finding) if part.select else ()
        if pinned and all(a in {r.address for r in line.older} for a in pinned):
            return Said(" Påstanden er bundet til den ældre.", " The claim is pinned to the older one.")
        return Said("", "")
    if _prints(line.counts.finding, wanted):
        return Said(" Påstandens tal er det, der tæller.", " The claim's number is the one that counts.")
    older = [r for r in line.older if _prints(r.finding, wanted)]
    if older:
        return Said(f" Påstandens tal er fra en ældre udgave ({older[0].address}).", f" The claim's number is from an older version ({older[0].address}).")
    return Said(
        f" Påstandens tal ({_wanted(wanted, 'da')}) står i ingen udgave, vi har læst.",
        f" The claim's number ({_wanted(wanted, 'en')}) is in no version that we have read.",
    )


def _prints(f: Finding, wanted: Number) -> bool:
    """Whether a reading prints the claim's number, within what its digits allow; a bound is not the number."""
    if wanted.value is not None:
        return f.effect is not None and agrees(abs(wanted.value), abs(f.effect), digits_of(wanted.value))
    if wanted.low is None or wanted.high is None or f.effect_low is None or f.effect_high is None:
        return False
    low, high = sorted((abs(f.effect_low), abs(f.effect_high)))
    mine = sorted((abs(wanted.low), abs(wanted.high)))
    return agrees(mine[0], low, digits_of(mine[0])) and agrees(mine[1], high, digits_of(mine[1]))


def _wanted(wanted: Number, language: str) -> str:
    ends = [v for v in (wanted.value, wanted.low, wanted.high) if v is not None]
    return "–".join(number(v, language) for v in ends)


def _reading(row: Row) -> Said:
    """``7–9 per cent (altmann-2023a#5, earlier draft)``; a direction where no number is printed."""
    f = row.finding
    size = Said(effect_said(row, "da"), effect_said(row, "en"))
    if size.da and f.qualifier in _BOUNDS:
        size = _BOUNDS[f.qualifier] + Said(size.da.lstrip("≥≤ "), size.en.lstrip("≥≤ "))
    if not size.da:
        size = DIRECTIONS[f.direction] if f.direction else Said("uden tal", "no number")
    where = f" ({row.address}, {f.origin.document})"
    return size + Said(where, where)


def _told_by_corrections(part: Part, bank: Bank) -> Iterator[Said]:
    """What only a correction tells: two sources or versions differ, and the other's number is not coded as a finding.

    A correction that names no sentence of the note is one between sources.
    """
    assert part.select is not None
    pinned = {*names(part.select.finding), *(r.address for r in bank.select(part.select))}
    older = {r.address for rows in older_readings(bank).values() for r in rows}
    for c in bank.corrections:
        if not c.sentences and c.status != "withdrawn" and pinned & set(c.findings) and not older & set(c.findings):
            yield Said(f"{c.study}: {c.what_da}", f"{c.study}: {c.what_en}")
