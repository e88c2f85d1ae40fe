"""What changed: by day, as the bank records it; by year, as the literature grew; and between any two moments, where a server answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from virker.bank import Correction
from virker.claims.diff import Difference, Item, Moved, by_study, difference
from virker.claims.edition import Edition
from virker.web.earlier import edition_then, editions
from virker.web.site import Site


@dataclass
class Day:
    """What one day brought."""

    studies: list[str] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    attested: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Grown:
    """What the literature of some years did to the claims."""

    since: int
    until: int
    difference: Difference
    fell: tuple[Moved, ...]
    rose: tuple[Moved, ...]


def days(site: Site) -> Mapping[date, Day]:
    """Every day on which the bank records something, the last first."""
    bank = site.edition.bank
    found: dict[date, Day] = defaultdict(Day)
    for study in bank.studies.values():
        found[study.added].studies.append(study.id)
        if study.withdrawn:
            found[study.withdrawn].withdrawn.append((study.id, study.withdrawn_because or ""))
        for f in study.finding:
            found[f.added or study.added].findings[study.id] += 1
            if f.withdrawn:
                found[f.withdrawn].withdrawn.append((f"{study.id}#{f.id}", f.withdrawn_because or ""))
    for correction in bank.corrections:
        found[correction.found].corrections.append(correction)
    for claim, attestation in site.edition.book.attestations.items():
        if claim in site.edition.by_id:
            found[attestation.on].attested[attestation.by] += 1
    return dict(sorted(found.items(), reverse=True))


def superseded(site: Site) -> tuple[tuple[str, str], ...]:
    """Findings and studies that a better reading counts instead of, with that reading. The bank records no day for it."""
    bank = site.edition.bank
    findings = [(r.address, f"{r.study.id}#{r.finding.superseded_by}") for r in bank.rows if r.finding.superseded_by is not None]
    return (*((s.id, s.superseded_by) for s in bank.studies.values() if s.superseded_by), *findings)


def grown(site: Site) -> tuple[Grown, ...]:
    """From year to year of :func:`virker.web.earlier.years_of`, the last step first; worked out once."""
    known: tuple[Grown, ...] | None = site.memo.get("grown")
    if known is None:
        then = editions(site)
        known = site.memo["grown"] = tuple(_step(a, b, then[a], then[b]) for a, b in reversed(list(pairwise(then))))
    return known


def _step(since: int, until: int, before: Edition, after: Edition) -> Grown:
    told = difference(before, after)
    return Grown(since, until, told, told.fell, tuple(c for c in told.claims if c.rose))


def between(site: Site, since: date | int, until: date | int | None) -> Difference:
    """What differs between two moments: a day (the bank as it stood) or a year (its literature); without ``until``, from then to now."""
    return difference(edition_then(site.edition, since), site.edition if until is None else edition_then(site.edition, until))


def came(told: Difference) -> dict[str, list[Item]]:
    """The findings that came, by their study."""
    return by_study(told.findings, "came")
