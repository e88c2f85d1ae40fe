"""Who leans on whom: for every study its claims, reviews, corrections, versions and the other papers on its trial. Worked out once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from virker.bank import LEVELS, Bank, Correction, Study
from virker.bank.records import Level
from virker.claims.check import Check
from virker.web.site import Site

#: What a study does for a claim: it carries the words, does both, speaks against them, stands under the query without deciding, or is named and unread.
Role = Literal["carries", "both", "against", "shown", "unread"]
_ROLES: tuple[Role, ...] = ("carries", "both", "against", "shown", "unread")


@dataclass(frozen=True, slots=True)
class Leaning:
    """A claim that a study stands under, and what it does there."""

    check: Check
    role: Role


@dataclass(frozen=True, slots=True)
class Listed:
    """A review that lists a study: named in the review as read, or inferred; ``as_trial`` where it lists another paper on the same trial."""

    review: str
    how: Literal["read", "inferred"]
    as_trial: bool


@dataclass(frozen=True)
class Links:
    """Everything that leads from one study to another page."""

    claims: Mapping[str, tuple[Leaning, ...]]
    reviews: Mapping[str, tuple[Listed, ...]]
    corrections: Mapping[str, tuple[Correction, ...]]
    earlier: Mapping[str, tuple[str, ...]]
    papers: Mapping[str, tuple[str, ...]]


def links(site: Site) -> Links:
    """The links of a site's bank."""
    known: Links | None = site.memo.get("links")
    if known is None:
        bank, checks = site.edition.bank, site.edition.checks
        known = site.memo["links"] = Links(_claims(checks), _reviews(bank), _corrections(bank), _earlier(bank), _papers(bank))
    return known


def page_of(study: Study) -> str:
    """The kind of page that shows a study: ``review`` or ``study``."""
    return "review" if study.kind == "review" else "study"


def nearest_level(study: Study) -> Level | None:
    """How near to the source its best-read finding was read; None for a study without findings."""
    found = {f.origin.level for f in study.finding}
    return next((level for level in LEVELS if level in found), None)


def role_in(check: Check, study: str) -> Role | None:
    """What a study does for a claim; None where it does not stand under it."""
    roles: set[Role] = set()
    prefix = f"{study}#"
    for part in check.parts:
        against = {a for a in part.against if a.startswith(prefix)}
        if any(a.startswith(prefix) and a not in against for a in part.carrying):
            roles.add("carries")
        if against:
            roles.add("against")
        for row in (*part.rows, *part.seed):
            if row.study.id == study:
                roles.add("unread" if row.finding.origin.level == "seed" else "shown")
    if {"carries", "against"} <= roles:
        return "both"
    return next((r for r in _ROLES if r in roles), None)


def _claims(checks: tuple[Check, ...]) -> Mapping[str, tuple[Leaning, ...]]:
    found: dict[str, list[Leaning]] = defaultdict(list)
    for check in checks:
        for study in dict.fromkeys(r.study.id for p in check.parts for r in (*p.rows, *p.seed)):
            if role := role_in(check, study):
                found[study].append(Leaning(check, role))
    return {study: tuple(sorted(own, key=lambda x: _ROLES.index(x.role))) for study, own in found.items()}


def _reviews(bank: Bank) -> Mapping[str, tuple[Listed, ...]]:
    by_trial = _papers(bank)
    found: dict[str, dict[str, Listed]] = defaultdict(dict)
    for review in bank.studies.values():
        for how, names in (("read", review.includes), ("inferred", review.includes_inferred)):
            for name in names:
                mark: Literal["read", "inferred"] = "read" if how == "read" else "inferred"
                found[name].setdefault(review.id, Listed(review.id, mark, False))
                study = bank.studies.get(name)
                for other in by_trial.get(study.trial, ()) if study and study.trial else ():
                    found[other].setdefault(review.id, Listed(review.id, mark, other != name))
    return {study: tuple(own.values()) for study, own in found.items()}


def _corrections(bank: Bank) -> Mapping[str, tuple[Correction, ...]]:
    found: dict[str, list[Correction]] = defaultdict(list)
    for correction in bank.corrections:
        found[correction.study].append(correction)
    return {study: tuple(own) for study, own in found.items()}


def _earlier(bank: Bank) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for study in bank.studies.values():
        if study.version_of:
            found[study.version_of].append(study.id)
    return {study: tuple(own) for study, own in found.items()}


def _papers(bank: Bank) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for study in bank.studies.values():
        if study.trial:
            found[study.trial].append(study.id)
    return {trial: tuple(own) for trial, own in found.items()}
