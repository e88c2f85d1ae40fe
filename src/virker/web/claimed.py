"""What a claim's page tells beside its check: its parts in words, the findings under it, how it stood earlier, and where our notes make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from virker.bank import Query, Row
from virker.claims.check import Check
from virker.claims.fragility import ClaimFragility, claim_fragility
from virker.claims.frames import asked
from virker.claims.records import Status
from virker.claims.result import PartResult
from virker.claims.sides import direction_under, queries_of, turned_said
from virker.language import Language, Said
from virker.memory import without_collection
from virker.publish.document import ClaimWords, Document, plain, read_document
from virker.publish.report_html import expected_words
from virker.synthesis import rule_set
from virker.synthesis.report import verdict_said
from virker.web.earlier import editions
from virker.web.finding_words import SIGNIFICANT, effect, precision
from virker.web.frame import View
from virker.web.site import Site

#: The sections of the source note, and of ours.
SECTIONS: Mapping[int, Said] = {
    0: Said("Tværgående", "Across sections"),
    1: Said("Samtaler", "Meetings"),
    2: Said("Henvisning til konkrete job", "Referral to concrete jobs"),
    3: Said("Jobsøgning", "Job search"),
    4: Said("Løntilskud", "Wage subsidies"),
    5: Said("Uddannelse", "Training"),
    6: Said("Sager per sagsbehandler", "Cases per caseworker"),
    7: Said("Sanktioner og ydelser", "Sanctions and benefits"),
    8: Said("Jobpræmier", "Job bonuses"),
}


def section_said(section: int) -> Said:
    """``1. Meetings``."""
    name = SECTIONS.get(section, Said("", ""))
    return Said(f"{section}. {name.da}".strip(), f"{section}. {name.en}".strip())


@dataclass(frozen=True, slots=True)
class Line:
    """One finding under a claim: the direction as the claim asks, and what the source itself says."""

    study: str
    number: int
    what: str
    direction: str | None
    turned: str
    effect: str
    significant: str
    level: str
    why: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one piece of evidence gave to the verdict."""

    piece: str
    direction: str
    counted: bool
    why: Said


@dataclass(frozen=True, slots=True)
class PartTold:
    """One part of a claim: what it says, asks and expects, the verdict, and the findings on each side."""

    number: int
    status: Status
    says: str
    asked: str
    query: str
    expected: str
    verdict: str
    rules: str
    marks: tuple[Said, ...]
    carrying: tuple[Line, ...]
    against: tuple[Line, ...]
    shown: tuple[Line, ...]
    seed: tuple[Line, ...]
    weighed: tuple[Weighed, ...]


def parts_told(view: View, check: Check) -> tuple[PartTold, ...]:
    """The parts of a claim in the page's language."""
    queries = queries_of(check)
    return tuple(_part(view, check, queries, n, result) for n, result in enumerate(check.parts, 1) if n <= len(check.claim.parts))


def _part(view: View, check: Check, queries: Mapping[str, Query], number: int, result: PartResult) -> PartTold:
    part, bank, language = check.claim.parts[number - 1], view.site.edition.bank, view.language
    alone = msgspec.structs.replace(check.claim, select=part.select, expect=part.expect, also=())
    rules = rule_set(result.verdict.rule_set) if result.verdict else None
    aside = {n.finding: n.why[language] for n in result.verdict.not_counted} if result.verdict else {}
    carrying, against = set(result.carrying), set(result.against)
    lines = {r.address: _line(view, queries, r, aside.get(r.address, "")) for r in (*result.rows, *result.seed)}
    seed = {r.address for r in (*result.rows, *result.seed) if r.finding.origin.level == "seed"}
    return PartTold(
        number=number,
        status=result.status,
        says=part.says[language] if part.says else "",
        asked=asked(part.select, bank, part.expect.strict)[language] if part.select else "",
        query=msgspec.json.encode(part.select).decode() if part.select else "",
        expected="; ".join(expected_words(alone, cast("Language", language))),
        verdict=verdict_said(result.verdict, rules)[language] if result.verdict and rules else "",
        rules=rules.id if rules else "",
        marks=(*result.verdict.reasons, *result.verdict.marks) if result.verdict else (),
        carrying=tuple(x for a, x in lines.items() if a in carrying - against),
        against=tuple(x for a, x in lines.items() if a in against),
        shown=tuple(x for a, x in lines.items() if a not in carrying | against | seed),
        seed=tuple(x for a, x in lines.items() if a in seed),
        weighed=tuple(Weighed(c.unit, c.direction, c.counted, c.why) for c in sorted(result.verdict.contributions, key=lambda c: (not c.counted, c.unit)))
        if result.verdict
        else (),
    )


def _line(view: View, queries: Mapping[str, Query], row: Row, why: str) -> Line:
    query = queries.get(row.address)
    language, f = view.language, row.finding
    turned = turned_said(row, query)
    size = "; ".join(filter(None, (effect(row, language), precision(row, language))))
    what = f"{view.term('interventions', f.intervention)} → {view.term('outcomes', f.outcome)}"
    seen = direction_under(row, query)
    return Line(row.study.id, f.id, what, seen, turned[language] if turned else "", size, SIGNIFICANT[f.significant][language], f.origin.level, why)


@dataclass(frozen=True, slots=True)
class Then:
    """How a claim stood with the literature up to a year."""

    year: int
    status: Status
    verdict: Said | None
    findings: int


def history(site: Site) -> Mapping[str, tuple[Then, ...]]:
    """Every claim with the literature of a few years, judged by the rule sets and the words of today; worked out once."""
    known: dict[str, tuple[Then, ...]] | None = site.memo.get("claim history")
    if known is None:
        found: dict[str, list[Then]] = defaultdict(list)
        for year, then in editions(site).items():
            for check in then.checks:
                said = next((verdict_said(p.verdict, rule_set(p.verdict.rule_set)) for p in check.parts if p.verdict), None)
                found[check.claim.id].append(Then(year, check.status, said, len(check.findings)))
        known = site.memo["claim history"] = {claim: tuple(own) for claim, own in found.items()}
    return known


def fragility_of(site: Site, check: Check) -> ClaimFragility:
    """How far the claim is from another status; worked out once for both languages."""
    key = ("fragility", check.claim.id)
    known: ClaimFragility | None = site.memo.get(key)
    if known is None:
        with without_collection():
            known = site.memo[key] = claim_fragility(check, site.edition)
    return known


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of one of our notes or cards that are bound to a claim."""

    text: str
    card: bool
    anchor: str
    words: str


def document_of(site: Site, note: str, language: str) -> Document:
    """A note's or card's text as blocks; read once."""
    key = ("document", note, language)
    known: Document | None = site.memo.get(key)
    if known is None:
        known = site.memo[key] = read_document(site.edition.texts[note][language])
    return known


def mentions(site: Site, language: str) -> Mapping[str, tuple[Mention, ...]]:
    """Where our notes and cards make each claim, in one language."""
    key = ("mentions", language)
    known: dict[str, tuple[Mention, ...]] | None = site.memo.get(key)
    if known is None:
        found: dict[str, list[Mention]] = defaultdict(list)
        for note, texts in site.edition.texts.items():
            if language in texts:
                card = note not in site.edition.notes
                for words in _bound(document_of(site, note, language).blocks):
                    found[words.claim].append(Mention(note, card, f"claim-{words.number}-{words.mention}", plain(words.children)))
        known = site.memo[key] = {claim: tuple(own) for claim, own in found.items()}
    return known


def _bound(node: object) -> Iterator[ClaimWords]:
    """Every bound span in a tree of blocks and inlines, outer before inner."""
    if isinstance(node, ClaimWords):
        yield node
    if isinstance(node, tuple):
        for one in node:
            yield from _bound(one)
        return
    for name in ("children", "items", "blocks", "header", "rows"):
        inner = getattr(node, name, None)
        if isinstance(inner, tuple):
            yield from _bound(inner)
