"""A trial told as one: its papers, what each outcome came to across them, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from virker.bank import Bank, Row
from virker.claims.versions import older_readings
from virker.language import DIRECTIONS, Said
from virker.web.evidence import links
from virker.web.finding_words import FindingTold, effect, told
from virker.web.site import Site


@dataclass(frozen=True, slots=True)
class OutcomeTold:
    """Everything the papers found on one measure and outcome; ``differ`` tells where they do not say the same."""

    title: str
    findings: tuple[tuple[str, FindingTold], ...]
    differ: tuple[Said, ...]


def outcomes(site: Site, trial: str, language: str) -> tuple[OutcomeTold, ...]:
    """The trial's findings by measure and outcome, across its papers; what only the note tells comes along, marked as such."""
    bank = site.edition.bank
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in _rows(bank, links(site).papers.get(trial, ())):
        f = row.finding
        groups.setdefault((f.intervention, f.contrast, f.outcome), []).append(row)
    found = []
    for (measure, _, outcome), rows in groups.items():
        lines = tuple((r.study.id, told(r, bank.vocabulary, language)) for r in rows)
        turned = lines[0][1].turned
        name = f"{bank.vocabulary.label('interventions', measure, language)}{f' ({turned})' if turned else ''}"
        found.append(OutcomeTold(f"{name} → {bank.vocabulary.label('outcomes', outcome, language)}", lines, tuple(_differ(bank, rows))))
    return tuple(found)


def _rows(bank: Bank, papers: tuple[str, ...]) -> Iterator[Row]:
    for paper in papers:
        for f in bank.studies[paper].finding:
            if row := bank.finding(f"{paper}#{f.id}"):
                yield row


def _differ(bank: Bank, rows: list[Row]) -> Iterator[Said]:
    """Where two papers, or two versions of one, tell the same people's outcome otherwise. What only the note tells is no paper's word."""
    read = [r for r in rows if r.finding.origin.level != "seed" and r.finding.direction and r.finding.kind != "rejected"]
    groups: dict[tuple[object, ...], list[Row]] = {}
    for r in read:
        f = r.finding
        groups.setdefault((f.target_group, f.subgroup, f.phase, f.horizon_months, f.horizon_from, f.horizon_to), []).append(r)
    for own in groups.values():
        if len({r.study.id for r in own}) > 1 and len({r.finding.direction for r in own}) > 1:
            yield Said("Artiklerne siger ikke det samme: ", "The papers do not say the same: ") + _each(own)
    older = older_readings(bank)
    for r in read:
        for before in older.get(r.address, ()):
            if effect(before, "en") and effect(before, "en") != effect(r, "en"):
                yield Said("Tallet har flyttet sig mellem udgaver: ", "The number has moved between versions: ") + _each([before, r])


def _each(rows: list[Row]) -> Said:
    def words(language: str) -> str:
        parts = []
        for r in rows:
            way = DIRECTIONS[r.finding.direction][language] if r.finding.direction else "–"
            size = effect(r, language)
            parts.append(f"{r.address}: {way}{f' ({size})' if size else ''}")
        return "; ".join(parts) + "."

    return Said(words("da"), words("en"))
