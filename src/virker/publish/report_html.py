"""The claim report as an analyst reads it: every claim with its sentences, its status and why, and the findings under it.

Filtering by status needs no script: a choice at the top hides the other claims by style alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from virker.bank import Bank
from virker.bank.records import Correction
from virker.bank.show import UNITS
from virker.claims.check import Check, tally
from virker.claims.edition import Edition
from virker.claims.ladder import proposals
from virker.claims.records import FIELD_LABELS, KIND_LABELS, STATUS_LABELS, STATUSES, Claim, Expectation, Sentence, Status
from virker.claims.report import MEANING
from virker.claims.versions import version_notes
from virker.language import DIRECTIONS, Language, Said, counted, number
from virker.publish.behind import FindingLine, finding_lines, verdict_words
from virker.publish.html import environment
from virker.publish.references import label
from virker.synthesis import RULE_SETS

REPORT_FILES: dict[Language, str] = {"da": "claims.html", "en": "claims.en.html"}

_SIGNIFICANT = Said("signifikant", "significant")
_CORRECTION_STATUS = {"open": Said("åben", "open"), "settled": Said("afklaret", "settled"), "withdrawn": Said("trukket tilbage", "withdrawn")}


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """One claim as the report shows it."""

    id: str
    kind: str
    words: str
    sentences: tuple[str, ...]
    status: Status
    deviation: tuple[Status, str, str] | None
    reasons: tuple[str, ...]
    expected: tuple[str, ...]
    verdicts: tuple[str, ...]
    holds: tuple[str, ...]
    versions: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    fell: bool
    rose: bool
    needs_rereading: bool


@dataclass(frozen=True, slots=True)
class SentenceLine:
    """One sentence of the source note: its claims, or why it has none."""

    id: str
    words: str
    claims: tuple[str, ...]
    why_not: str


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A work to get and read, and the claims that hang on it."""

    study: str
    name: str
    title: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A place where a note and its source, or two sources, differ."""

    correction: Correction
    what: str
    status: str


def report_html(edition: Edition, language: Language) -> str:
    """The report in one language."""
    sections: dict[int, list[ClaimCard]] = defaultdict(list)
    for check in edition.checks:
        sections[check.claim.section].append(card(check, edition.bank, language))
    sentences = sentence_lines(edition, language)
    return environment().get_template("report.html.j2").render(
        language=language,
        settings=edition.workspace.settings,
        counts=tally(edition.checks),
        statuses=tuple(reversed(STATUSES)),
        theirs=tally([c for c in edition.checks if c.claim.sentences]),
        labels={s: STATUS_LABELS[s][language] for s in STATUSES},
        meaning={s: MEANING[s][language] for s in STATUSES},
        total=len(edition.checks),
        rereading=sum(c.needs_rereading for c in edition.checks),
        fell=[c.claim.id for c in edition.fell],
        rose=[c.claim.id for c in edition.rose],
        sections=dict(sorted(sections.items())),
        works=_works(edition, language),
        corrections=_corrections(edition, language),
        sentences=sentences,
        sentence_ids={s.id for s in sentences},
        coverage=coverage(sentences),
        other=REPORT_FILES["en" if language == "da" else "da"],
    )  # fmt: skip


def card(check: Check, bank: Bank, language: Language) -> ClaimCard:
    """What the report shows of one check."""
    claim, deviation = check.claim, check.claim.deviation
    return ClaimCard(
        id=claim.id,
        kind=KIND_LABELS[claim.kind][language],
        words=claim.da if language == "da" else claim.en,
        sentences=claim.sentences,
        status=check.status,
        deviation=(deviation.status, deviation.da if language == "da" else deviation.en, deviation.since.isoformat()) if deviation else None,
        reasons=tuple(r[language] for r in check.reasons),
        expected=expected_words(claim, language),
        verdicts=verdict_words(check, language),
        holds=tuple(dict.fromkeys(p.sentence[language] for p in proposals(check, bank))) if claim.kind == "synthesis" else (),
        versions=tuple(v[language] for v in version_notes(check, bank)),
        findings=finding_lines(check, language),
        fell=check.fell,
        rose=check.rose,
        needs_rereading=check.needs_rereading,
    )


def expected_words(claim: Claim, language: Language) -> tuple[str, ...]:
    """What each part of a claim expects, in words."""
    return tuple(filter(None, (_expectation(p.expect, language) for p in claim.parts)))


def _expectation(expect: Expectation, language: Language) -> str:
    directions = (expect.direction,) if isinstance(expect.direction, str) else expect.direction
    said = [Said(" eller ", " or ")[language].join(DIRECTIONS[d][language] for d in directions)] if directions else []
    if expect.level:
        labels = next((r.level_labels for r in RULE_SETS.values() if expect.level in r.level_labels and expect.rule_set in (None, r.id)), {})
        level = labels[expect.level][language] if expect.level in labels else expect.level
        said.append(Said(f"mindst {level}", f"at least {level}")[language])
    if expect.units is not None:
        pieces = counted(
            expect.units,
            Said("uafhængigt stykke evidens", "independent piece of evidence"),
            Said("uafhængige stykker evidens", "independent pieces of evidence"),
        )
        said.append(Said(f"mindst {pieces.da}", f"at least {pieces.en}")[language])
    if expect.significant:
        said.append(_SIGNIFICANT[language])
    for n in expect.numbers:
        values = [number(v, language) for v in (n.value, n.low, n.high) if v is not None]
        unit = UNITS[n.unit][language] if n.unit in UNITS else n.unit or ""
        field = FIELD_LABELS[n.field][language] if n.field in FIELD_LABELS else n.field
        said.append(" ".join(t for t in ("–".join(values), unit, field) if t))
    if expect.rule:
        said.append(f"{expect.rule} = {expect.equals}")
    return ", ".join(said)


def sentence_lines(edition: Edition, language: Language) -> tuple[SentenceLine, ...]:
    """Every sentence of the source note with the claims on it."""
    by_sentence: dict[str, list[str]] = defaultdict(list)
    for claim in edition.book.claims:
        for sentence in claim.sentences:
            by_sentence[sentence].append(claim.id)
    return tuple(_sentence(s, by_sentence, language) for s in edition.book.sentences)


def _sentence(sentence: Sentence, claims: Mapping[str, Sequence[str]], language: Language) -> SentenceLine:
    da = language == "da"
    why = (sentence.no_claim_da if da else sentence.no_claim_en) or ""
    return SentenceLine(sentence.id, sentence.da if da else sentence.en, tuple(claims.get(sentence.id, ())), why)


def coverage(sentences: Sequence[SentenceLine]) -> tuple[int, int, int]:
    """How many sentences have a claim, how many have a reason for having none, and how many have neither."""
    bound = sum(bool(s.claims) for s in sentences)
    excused = sum(not s.claims and bool(s.why_not) for s in sentences)
    return bound, excused, len(sentences) - bound - excused


def _works(edition: Edition, language: Language) -> tuple[WorkLine, ...]:
    lines = []
    for work in edition.works_to_get:
        study = edition.bank.studies.get(work.study)
        name, title = (label(study, language, width=60), study.title or "") if study else (work.study, "")
        lines.append(WorkLine(work.study, name, title, work.claims))
    return tuple(lines)


def _corrections(edition: Edition, language: Language) -> tuple[CorrectionLine, ...]:
    return tuple(
        CorrectionLine(c, c.what_da if language == "da" else c.what_en, _CORRECTION_STATUS[c.status][language])
        for c in sorted(edition.bank.corrections, key=lambda c: c.id)
    )
