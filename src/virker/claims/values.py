"""The value at an address, and whether a printed number agrees with it.

``study#n/field`` is a finding's field (``effect`` with its range); ``rule:scheme/parameter`` the law (on the day of the text, where it has one); ``claim:id/positive`` a count in a claim's
verdict (studies, positive, none, negative, mixed); ``count:studies`` a count over the bank (studies, findings) or over the source note's claims
(claims, or a status).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from virker.bank import Bank
from virker.claims.check import Check
from virker.claims.note import NoteText
from virker.claims.numbers import agrees, decimals, read_number, spelt
from virker.claims.records import STATUSES
from virker.errors import QueryError, nearest
from virker.language import number
from virker.rules import Rules


def value_of(address: str, checks: Mapping[str, Check], bank: Bank, rules: Rules, day: date | None = None) -> tuple[float, float | None]:
    """The number(s) at an address: a finding's field, ``effect`` with its range, a rule's value, or a count in a claim's verdict.

    With ``day`` the rule's value is the one that goes on that day.

    Raises
    ------
    QueryError
        When the address leads to no number.
    """
    prefix, _, rest = address.partition(":")
    if prefix == "rule" and rest:
        value = rules.parameter(rest, day).value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise QueryError(f"'{address}' is no number\n    → bind to a field that holds one: study#1/effect")
        return float(value), None
    if prefix == "claim" and rest:
        return _verdict_value(rest, checks), None
    if prefix == "count" and rest:
        return _count(rest, checks, bank), None
    base, _, field = address.partition("/")
    if (
        field == "effect"
        and (row := bank.finding(base)) is not None
        and row.finding.effect is None
        and row.finding.effect_low is not None
        and row.finding.effect_high is not None
    ):
        return row.finding.effect_low, row.finding.effect_high
    value = bank.value(address)
    if isinstance(value, str):
        raise QueryError(f"'{address}' is no number\n    → bind to a field that holds one: study#1/effect")
    return float(value), None


def _count(name: str, checks: Mapping[str, Check], bank: Bank) -> float:
    """Counts over everything: ``studies`` and ``findings`` of the bank; ``claims`` and the statuses of the source note's claims."""
    if name in ("studies", "findings"):
        return float(len(bank.studies if name == "studies" else bank.rows))
    theirs = [c for c in checks.values() if c.claim.sentences]
    counts: dict[str, int] = {"claims": len(theirs)}
    counts.update({s: sum(c.status == s for c in theirs) for s in STATUSES})
    if name not in counts:
        raise QueryError(f"'{name}' is nothing that is counted\n    → {nearest(name, [*counts, 'studies', 'findings'])}")
    return float(counts[name])


def _verdict_value(rest: str, checks: Mapping[str, Check]) -> float:
    claim, _, name = rest.partition("/")
    check = checks.get(claim)
    verdict = next((p.verdict for p in check.parts if p.verdict), None) if check else None
    if verdict is None:
        raise QueryError(f"'{claim}' is no claim with a verdict\n    → {nearest(claim, checks)}")
    if name == "studies":
        return float(sum(verdict.counts.values()))
    if name in ("positive", "none", "negative", "mixed"):
        return float(verdict.counts.get(name, 0))
    raise QueryError(f"'{name}' is no count of a verdict\n    → use studies, positive, none, negative or mixed")


def number_holds(printed: str, language: str, true: tuple[float, float | None]) -> bool:
    """Whether the printed number (or range) agrees with the true one, as far as its digits tell. The sign may be told in words."""
    read = read_number(printed, language)
    if read is None or (read[1] is None) != (true[1] is None):
        return False
    digits = decimals(printed, language)
    pairs = [(read[0], true[0])] + ([(read[1], true[1])] if read[1] is not None and true[1] is not None else [])
    plain = all(agrees(p, t, digits) for p, t in pairs)
    return plain or all(agrees(p, t, digits) for p, t in zip([p for p, _ in pairs], sorted(abs(t) for _, t in pairs), strict=True))


def shown_number(true: tuple[float, float | None], language: str) -> str:
    """The number as the language prints it, without its sign; a range with an en dash."""
    if true[1] is None:
        return number(abs(true[0]), language)
    low, high = sorted((abs(true[0]), abs(true[1])))
    return f"{number(low, language)}–{number(high, language)}"


def fix_numbers(text: NoteText, checks: Mapping[str, Check], bank: Bank, rules: Rules) -> tuple[str, list[str]]:
    """The file's text with every wrong bound number rewritten, and a line for each change. Words are never touched."""
    content = text.path.read_text(encoding="utf-8")
    changed: list[str] = []

    def rewrite(found: re.Match[str]) -> str:
        printed, address = found["text"], found["address"]
        try:
            true = value_of(address, checks, bank, rules, _day_of(found["attrs"]) or text.on)
        except QueryError:
            return found[0]
        if read_number(printed, text.language) is None or number_holds(printed, text.language, true):
            return found[0]
        new = (true[1] is None and spelt(abs(true[0]), text.language, printed)) or shown_number(true, text.language)
        changed.append(f"{text.shown}: {printed} → {new} ({address})")
        return found[0].replace(f"[{printed}]", f"[{new}]", 1)

    pattern = re.compile(r"\[(?P<text>[^\[\]]+)\]\{(?P<attrs>[^{}]*\bvalue=\"(?P<address>[^\"]+)\"[^{}]*)\}")
    return pattern.sub(rewrite, content), changed


def _day_of(attributes: str) -> date | None:
    """The day in a span's own ``day="…"``; None where there is none (or no day: that is told when the text is read)."""
    found = re.search(r'\bday="(\d{4}-\d{2}-\d{2})"', attributes)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
