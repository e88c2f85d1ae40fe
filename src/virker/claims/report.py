"""The claim report: as text for a person in a hurry, as JSON for programs, as JUnit XML for build servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import msgspec

from virker.bank import Bank, Query, Row
from virker.bank.show import effect_said
from virker.claims.check import Check, tally
from virker.claims.edition import Edition
from virker.claims.ladder import explained, overstated_lines
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS, Status
from virker.claims.result import PartResult
from virker.claims.sides import direction_under, turned_said
from virker.claims.told import READ_IN
from virker.claims.versions import version_notes
from virker.language import DIRECTIONS, Said

#: What each status tells a reader, in one line.
MEANING: dict[Status, Said] = {
    "supported": Said("banken bærer ordene", "the bank carries the words"),
    "overstated": Said("banken er svagere, snævrere eller mere betinget end ordene", "the bank is weaker, narrower or more conditional than the words"),
    "differs": Said("kildens resumé siger noget andet: skal efterses", "the source's abstract says otherwise: to be checked"),
    "contradicted": Said("en kilde, vi har læst i tabel eller tekst, siger noget andet", "a source read in a table or text says otherwise"),
    "too-little": Said("for få studier til at sige noget", "too few studies to say anything"),
    "not-traced": Said("kun notatet selv siger det: kilden er ikke læst", "only the note says so: the source has not been read"),
    "judgement": Said("en navngiven persons skøn", "a named person's judgement"),
    "error": Said("kan ikke afgøres", "cannot be decided"),
}


def summary(edition: Edition, language: str) -> str:
    """Ten seconds: how many claims hold, what the others are, and where to look. The first line tells how many are supported."""
    counts, checks = tally(edition.checks), edition.checks
    as_recorded = sum(not c.fell for c in checks)
    lines = [_first_line(counts["supported"], len(checks), as_recorded, language), *_by_note(checks, language), ""]
    for status in ("supported", "judgement", "overstated", "differs", "contradicted", "too-little", "not-traced", "error"):
        if counts[status]:
            lines.append(f"  {STATUS_SIGNS[status]} {counts[status]:>4}  {STATUS_LABELS[status][language]:<14} {MEANING[status][language]}")
    rereading = sum(c.needs_rereading for c in checks)
    if rereading:
        lines.append("")
        lines.append(
            Said(
                f"  {rereading} påstande skal læses igen: resultaterne under dem er nye eller ændrede.",
                f"  {rereading} claims need re-reading: the findings under them are new or changed.",
            )[language]
        )
    lines += _moved(edition, language)
    if edition.works_to_get:
        lines.append("")
        top = edition.works_to_get[:3]
        names = ", ".join(f"{w.study} ({len(w.claims)})" for w in top)
        lines.append(
            Said(
                f"  {len(edition.works_to_get)} værker skal skaffes og læses; flest påstande hænger på {names}.",
                f"  {len(edition.works_to_get)} works must be got and read; most claims hang on {names}.",
            )[language]
        )
    return "\n".join(lines)


def _first_line(supported: int, total: int, as_recorded: int, language: str) -> str:
    return Said(
        f"{supported} af {total} påstande holder (supported); {as_recorded} er, som de er registreret.",
        f"{supported} of {total} claims are supported; {as_recorded} are as recorded.",
    )[language]


def _by_note(checks: Sequence[Check], language: str) -> list[str]:
    """How many of the source note's claims hold, apart from our own: ours are written to hold, so only theirs are news."""
    theirs = [c for c in checks if c.claim.sentences]
    own = [c for c in checks if not c.claim.sentences]
    if not theirs or not own:
        return []
    hold, ours = sum(c.status == "supported" for c in theirs), sum(c.status == "supported" for c in own)
    return [
        Said(
            f"Kildenotatets: {hold} af {len(theirs)}. Vores egne: {ours} af {len(own)}.",
            f"The source note's: {hold} of {len(theirs)}. Our own: {ours} of {len(own)}.",
        )[language]
    ]


def _moved(edition: Edition, language: str) -> list[str]:
    lines = []
    for checks, head in (
        (edition.fell, Said("FALDET siden sidst:", "FELL since last recorded:")),
        (edition.rose, Said("Bedre end registreret (slet afvigelsen):", "Better than recorded (delete the deviation):")),
    ):
        if checks:
            lines += ["", head[language]]
            lines += [f"  {STATUS_SIGNS[c.status]} {c.claim.id}: {STATUS_LABELS[c.status][language]}{_was(c, language)}" for c in checks[:20]]
            if len(checks) > 20:
                lines.append(f"  … +{len(checks) - 20}")
    if edition.note_problems:
        lines += [
            "",
            Said(f"{len(edition.note_problems)} steder i noternes tekst passer ikke:", f"{len(edition.note_problems)} places in the notes' text do not fit:")[
                language
            ],
        ]
        lines += [f"  {p}" for p in edition.note_problems[:20]]
    return lines


def _was(check: Check, language: str) -> str:
    if check.recorded is None:
        return ""
    return Said(f" (registreret: {STATUS_LABELS[check.recorded].da})", f" (recorded: {STATUS_LABELS[check.recorded].en})")[language]


def text_report(edition: Edition, language: str) -> str:
    """The summary, then a line for every claim, then the works that somebody must get."""
    lines = [summary(edition, language)]
    section = None
    for check in edition.checks:
        if check.claim.section != section:
            section = check.claim.section
            lines += ["", f"Ad {section}" if language == "da" else f"Section {section}"]
        again = "  ↻" if check.needs_rereading else ""
        lines.append(
            f"  {STATUS_SIGNS[check.status]} {check.claim.id:<38} {STATUS_LABELS[check.status][language]:<13} {check.claim.da if language == 'da' else check.claim.en}{again}"
        )
    lines += overstated_lines(edition.checks, edition.bank, language)
    if edition.works_to_get:
        lines += [
            "",
            Said("Værker, der skal skaffes og læses, efter hvor mange påstande der hænger på dem:", "Works to get and read, by how many claims hang on each:")[
                language
            ],
        ]
        lines += [f"  {len(w.claims):>3}  {w.study:<28} {', '.join(w.claims)}" for w in edition.works_to_get]
    return "\n".join(lines)


def explain(check: Check, edition: Edition, language: str) -> str:
    """Everything about one claim: what it says, what was asked of the bank, what answered, and why it came out as it did."""
    from virker.claims.fragility import claim_fragility
    from virker.claims.fragility_report import block

    claim = check.claim
    lines = [f"{claim.id}  [{STATUS_LABELS[check.status][language]}]", f"  {claim.da if language == 'da' else claim.en}"]
    if claim.sentences:
        lines.append(Said("  Kildenotatets sætninger: ", "  Sentences of the source note: ")[language] + ", ".join(claim.sentences))
    if claim.deviation:
        lines.append(
            Said("  Registreret afvigelse: ", "  Recorded deviation: ")[language]
            + f"{STATUS_LABELS[claim.deviation.status][language]} — {claim.deviation.da if language == 'da' else claim.deviation.en}"
        )
    lines += ["", Said("Hvorfor", "Why")[language]] + [f"  {r[language]}" for r in check.reasons]
    for number_, (part, result) in enumerate(zip(claim.parts, check.parts, strict=False), 1):
        lines += [
            "",
            Said(f"Del {number_}: ", f"Part {number_}: ")[language]
            + STATUS_LABELS[result.status][language]
            + (f" — {part.says[language]}" if part.says else ""),
        ]
        if part.select is not None:
            lines.append("  select " + msgspec.json.encode(part.select).decode())
        lines.append("  expect " + msgspec.json.encode(part.expect).decode())
        lines += [_explained_row(row, part.select, result, language) for row in result.rows]
        if result.verdict:
            lines += [f"  {m[language]}" for m in result.verdict.marks]
    lines += explained(check, edition.bank, language)
    if versions := version_notes(check, edition.bank):
        lines += ["", Said("Udgaver", "Versions")[language], *(f"  {v[language]}" for v in versions)]
    lines += ["", block(claim_fragility(check, edition), edition.bank, language)]
    return "\n".join(lines)


def _explained_row(row: Row, query: Query | None, result: PartResult, language: str) -> str:
    """``+ roed-2008#1  positiv  resumé  -1 (elasticitet)  …``: whether it carries the words, and which way it points as the part asks."""
    f = row.finding
    mark = "+" if row.address in result.carrying else "−" if row.address in result.against else " "
    seen, turned = direction_under(row, query), turned_said(row, query)
    direction = DIRECTIONS[seen][language] if seen else "–"
    told = " ".join(t for t in (f"({turned[language]})" if turned else "", f.note or "") if t)
    return f"  {mark} {row.address:<32} {direction:<12} {READ_IN[f.origin.level][language]:<12} {effect_said(row, language):<24} {told}".rstrip()


def as_data(edition: Edition) -> dict[str, Any]:
    """The report as plain data; its schema is ``docs/reference/claims.schema.json``."""
    return {
        "format": 1,
        "workspace": edition.workspace.settings.id,
        "as_of": str(edition.as_of) if edition.as_of is not None else None,
        "bank": {"digest": edition.bank.digest, "studies": len(edition.bank.studies), "findings": len(edition.bank.rows)},
        "summary": {
            "total": len(edition.checks),
            **tally(edition.checks),
            "source_note": tally([c for c in edition.checks if c.claim.sentences]),
            "fell": len(edition.fell),
            "rose": len(edition.rose),
        },
        "claims": [_claim_data(c, edition.bank) for c in edition.checks],
        "sentences": [_sentence_data(edition, s.id, s.no_claim_en, s.no_claim_da) for s in edition.book.sentences],
        "works_to_get": [{"study": w.study, "claims": list(w.claims)} for w in edition.works_to_get],
        "note_problems": [{"path": p.path, "line": p.line, "what": p.what, "todo": p.todo} for p in edition.note_problems],
    }


def _claim_data(check: Check, bank: Bank) -> dict[str, Any]:
    claim = check.claim
    verdict = next((p.verdict for p in check.parts if p.verdict), None)
    return {
        "id": claim.id,
        "sentences": list(claim.sentences),
        "section": claim.section,
        "kind": claim.kind,
        "status": check.status,
        "recorded": check.recorded,
        "fell": check.fell,
        "needs_rereading": check.needs_rereading,
        "rule_set": check.rule_set,
        "says": {"da": claim.da, "en": claim.en},
        "findings": list(check.findings),
        "only_in_note": sorted({r.address for p in check.parts for r in p.seed}),
        "reasons": {"da": [r.da for r in check.reasons], "en": [r.en for r in check.reasons]},
        "deviation": {"da": claim.deviation.da, "en": claim.deviation.en, "since": str(claim.deviation.since)} if claim.deviation else None,
        "verdict": {"direction": verdict.direction, "level": verdict.level, "version": verdict.version} if verdict else None,
        "parts": [{"status": p.status, "carrying": list(p.carrying), "against": list(p.against)} for p in check.parts],
        "versions": [{"da": v.da, "en": v.en} for v in version_notes(check, bank)],
        "findings_hash": check.findings_hash,
    }


def _sentence_data(edition: Edition, sentence: str, why_en: str | None, why_da: str | None) -> dict[str, Any]:
    claims = [c.claim.id for c in edition.checks if sentence in c.claim.sentences]
    return {"id": sentence, "claims": claims, "no_claim": {"da": why_da, "en": why_en} if why_en else None}


def json_report(edition: Edition) -> str:
    """:func:`as_data` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(as_data(edition)), indent=2).decode() + "\n"


def junit_report(edition: Edition, language: str = "en") -> str:
    """JUnit XML: a claim is a test case. A fall is a failure, an error an error; a known deviation or an untraced claim is skipped, with its reason."""
    suites = ET.Element("testsuites", name="virker")
    sections = sorted({c.claim.section for c in edition.checks})
    for section in sections:
        checks = [c for c in edition.checks if c.claim.section == section]
        suite = ET.SubElement(suites, "testsuite", name=f"Ad {section}", tests=str(len(checks)))
        counts = dict.fromkeys(("failures", "errors", "skipped", "passed"), 0)
        for check in checks:
            counts[_junit_case(suite, check, language)] += 1
        for name in ("failures", "errors", "skipped"):
            suite.set(name, str(counts[name]))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _junit_case(suite: ET.Element, check: Check, language: str) -> str:
    case = ET.SubElement(suite, "testcase", classname=f"claims.{check.claim.kind}", name=check.claim.id)
    reasons = "\n".join(r[language] for r in check.reasons)
    message = f"{STATUS_LABELS[check.status][language]}: {check.claim.da if language == 'da' else check.claim.en}"
    if check.status == "error":
        ET.SubElement(case, "error", message=message).text = reasons
        return "errors"
    if check.fell:
        ET.SubElement(case, "failure", message=message, type=check.status).text = reasons
        return "failures"
    holds = check.status in ("supported", "judgement")
    if not holds:
        ET.SubElement(case, "skipped", message=message)
    ET.SubElement(case, "system-out").text = reasons
    return "passed" if holds else "skipped"
