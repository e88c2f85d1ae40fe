"""The evidence behind a note: for each claim what it rests on, and for each number where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from virker.claims.check import Check
from virker.claims.edition import Edition
from virker.claims.records import STATUS_LABELS, Status
from virker.claims.sides import direction_under, queries_of, turned_said
from virker.language import DIRECTIONS, Language
from virker.publish.document import Document
from virker.publish.references import label
from virker.publish.wording import LEVELS, SIGNS
from virker.synthesis import RULE_SETS

#: So many findings of one study are named one by one in the list at the end of a note.
_MOST = 4


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding under a claim: its address, its study's name, and how near to the source it was read."""

    address: str
    study: str
    direction: str
    read: str
    note: str
    seed: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim of the note as the list at its end shows it; ``mentions`` is how often the text makes it."""

    number: int
    id: str
    words: str
    status: Status
    status_label: str
    verdicts: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    mentions: int

    @property
    def addresses(self) -> str:
        """The findings that decided, by address, those of one study together: ``cheung-2025 #1 #2; maibom-2017 #4``.

        What was shown and not counted is left to the claim report; so are the numbers of a study with many findings.
        """
        by_study: dict[str, list[str]] = {}
        for finding in (f for f in self.findings if f.decides):
            study, _, number = finding.address.partition("#")
            by_study.setdefault(study, []).append(f"#{number}")
        return "; ".join(f"{study} {' '.join(numbers) if len(numbers) <= _MOST else f'({len(numbers)})'}" for study, numbers in by_study.items())


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One printed number and its address."""

    printed: str
    address: str
    source: str


def claim_lines(edition: Edition, document: Document, language: Language) -> tuple[ClaimLine, ...]:
    """The note's claims in the order in which the text makes them; a span bound to no claim has no line (it is a problem)."""
    lines = []
    for number, name in enumerate(document.claims, 1):
        check = edition.by_id.get(name)
        if check is not None:
            lines.append(_line(number, check, language, document.mentions[name]))
    return tuple(lines)


def _line(number: int, check: Check, language: Language, mentions: int) -> ClaimLine:
    claim = check.claim
    return ClaimLine(
        number=number,
        id=claim.id,
        words=claim.da if language == "da" else claim.en,
        status=check.status,
        status_label=STATUS_LABELS[check.status][language],
        verdicts=verdict_words(check, language),
        findings=finding_lines(check, language),
        mentions=mentions,
    )


def verdict_words(check: Check, language: Language) -> tuple[str, ...]:
    """Direction and level of every verdict under a claim, with the rule set that gave it."""
    out = []
    for verdict in (p.verdict for p in check.parts if p.verdict):
        rules = RULE_SETS[verdict.rule_set]
        level = said[language] if (said := rules.level_labels.get(verdict.level or "")) else ""
        direction = DIRECTIONS[verdict.direction][language]
        out.append(f"{', '.join(p for p in (direction, level) if p)} ({rules.label[language]})")
    return tuple(dict.fromkeys(out))


def direction_words(direction: str, language: str) -> str:
    """A direction with its sign, on one line."""
    return f"{SIGNS[direction]}\u00a0{DIRECTIONS[direction][language]}"


def finding_lines(check: Check, language: Language) -> tuple[FindingLine, ...]:
    """Every finding under a claim, the note's own among them and named as such."""
    lines = []
    deciding = {a for p in check.parts for a in (*p.carrying, *p.against)}
    queries = queries_of(check)
    for row in check.rows:
        f, query = row.finding, queries.get(row.address)
        seen, turned = direction_under(row, query), turned_said(row, query)
        direction = (direction_words(seen, language) if seen else "–") + (f" ({turned[language]})" if turned else "")
        lines.append(
            FindingLine(
                row.address,
                label(row.study, language),
                direction,
                LEVELS[f.origin.level][language],
                f.note or "",
                f.origin.level == "seed",
                row.address in deciding,
            )
        )
    return tuple(lines)


def number_lines(edition: Edition, document: Document, language: Language) -> tuple[NumberLine, ...]:
    """Every bound number once, with the study, law or verdict that it comes from."""
    return tuple(NumberLine(printed, address, _source(edition, address, language)) for printed, address in document.values)


def _source(edition: Edition, address: str, language: Language) -> str:
    study = edition.bank.studies.get(address.partition("#")[0])
    if study is not None:
        return label(study, language)
    kind, _, rest = address.partition(":")
    name = rest.partition("/")[0]
    scheme = edition.rules.schemes.get(name) if kind == "rule" else None
    if scheme is not None:
        return scheme.da if language == "da" else scheme.en
    words = {"rule": ("lov", "law"), "claim": ("dom", "verdict"), "count": ("optælling", "count")}
    return words.get(kind, ("", ""))[language == "en"]
