"""What a change of the bank does to what is said: which claims turn, which need re-reading, and what in the notes no longer fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from virker.bank import Bank
from virker.claims.binding import check_note, dangling
from virker.claims.check import Check, check_claims
from virker.claims.edition import Edition
from virker.claims.gaps import check_gaps
from virker.claims.records import STATUS_LABELS
from virker.errors import Problem
from virker.language import Said


@dataclass(frozen=True, slots=True)
class Turn:
    """One claim before and after."""

    before: Check
    after: Check


@dataclass(frozen=True, slots=True)
class Turned:
    """Claims whose status turned; claims with the same status on other findings; and what is newly wrong in the notes."""

    statuses: tuple[Turn, ...]
    rereading: tuple[Check, ...]
    note_problems: tuple[Problem, ...]

    @property
    def fell(self) -> tuple[Check, ...]:
        """Claims that are now worse than recorded, and were not."""
        return tuple(t.after for t in self.statuses if t.after.fell and not t.before.fell)


def turned(edition: Edition, bank: Bank) -> Turned:
    """The edition's claims and notes, held against another bank."""
    rules, book = edition.rules, edition.book
    after = check_claims(book.claims, bank, rules, edition.workspace.settings.rule_set, book.attestations)
    pairs = [Turn(b, a) for b, a in zip(edition.checks, after, strict=True)]
    by_id = {c.claim.id: c for c in after}
    before = {(p.path, p.line, p.what) for p in edition.note_problems}
    gaps = check_gaps(book.gaps, bank)
    problems = [p for t in edition.texts.values() for p in (*dangling(t, by_id, bank, rules, gaps), *check_note(t, by_id, bank, rules, gaps))]
    return Turned(
        tuple(p for p in pairs if p.before.status != p.after.status),
        tuple(p.after for p in pairs if p.before.status == p.after.status and p.before.findings_hash != p.after.findings_hash),
        tuple(p for p in problems if (p.path, p.line, p.what) not in before),
    )


def turned_text(result: Turned, language: str) -> str:
    """In words: status before and after with the reasons, what to read again, and where the notes no longer fit."""
    if not (result.statuses or result.rereading or result.note_problems):
        return Said("Ingen påstand står på resultatet; intet ændrer sig.", "No claim stands on the finding; nothing changes.")[language]
    lines: list[str] = []
    if result.statuses:
        lines.append(Said("Påstande, der skifter status:", "Claims that turn:")[language])
        for turn in result.statuses:
            lines += _turn_lines(turn, language)
    else:
        lines.append(Said("Ingen påstand skifter status.", "No claim turns.")[language])
    if result.rereading:
        lines.append(Said("Samme status på andre resultater; skal læses igen:", "The same status on other findings; need re-reading:")[language])
        lines += [f"  ↻ {c.claim.id}: {STATUS_LABELS[c.status][language]}" for c in result.rereading]
    if result.note_problems:
        lines.append(Said("Steder i noterne, der ikke længere passer:", "Places in the notes that no longer fit:")[language])
        lines += [f"  {p.path}:{p.line}: {p.what}" for p in result.note_problems]
    if result.fell:
        count = len(result.fell)
        lines.append(
            Said(
                f"{count} falder under det registrerede: virker check melder det, til ordene eller afvigelsen er rettet.",
                f"{count} fell below what is recorded: virker check tells so until the words or the deviation are mended.",
            )[language]
        )
    return "\n".join(lines)


def _turn_lines(turn: Turn, language: str) -> Iterator[str]:
    before, after = STATUS_LABELS[turn.before.status][language], STATUS_LABELS[turn.after.status][language]
    claim = turn.after.claim
    yield f"  {claim.id}: {before} → {after}"
    yield f"      {claim.da if language == 'da' else claim.en}"
    for reason in turn.after.reasons[:4]:
        yield f"      · {reason[language]}"
