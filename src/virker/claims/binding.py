"""Is a note bound rightly? Spans that lead nowhere, words on claims that do not hold, numbers that are wrong, languages that differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from virker.bank import Bank
from virker.claims.check import Check
from virker.claims.gaps import GapCheck
from virker.claims.note import NoteText, Span
from virker.claims.numbers import read_number
from virker.claims.unknown import answer_to, law_said
from virker.claims.values import number_holds, shown_number, value_of
from virker.claims.wording import too_strong
from virker.errors import Problem, QueryError, nearest
from virker.language import LANGUAGES
from virker.rules import Rules

_NO_GAPS: Mapping[str, GapCheck] = {}


def dangling(texts: Mapping[str, NoteText], checks: Mapping[str, Check], bank: Bank, rules: Rules, gaps: Mapping[str, GapCheck] = _NO_GAPS) -> list[Problem]:
    """Bad input: spans bound to nothing. Without what they name, nothing can be said of them, true or false."""
    return [p for text in texts.values() for span in text.spans for p in _dangling(text, span, checks, bank, rules, gaps)]


def check_note(texts: Mapping[str, NoteText], checks: Mapping[str, Check], bank: Bank, rules: Rules, gaps: Mapping[str, GapCheck] = _NO_GAPS) -> list[Problem]:
    """What a note says wrongly.

    Words on claims that do not hold, words too strong, wrong or unbound numbers, law that is not the law of the day, questions told as
    open that have an answer, languages that differ.
    """
    problems: list[Problem] = []
    for text in texts.values():
        for span in text.spans:
            if span.claim is not None and span.claim in checks:
                problems += _words_problem(text, span, checks[span.claim])
            if span.value is not None:
                problems += _number_problem(text, span, checks, bank, rules)
            if span.unknown is not None and (answer := answer_to(span.unknown, checks, gaps, rules, span.on or text.on)):
                told = f"“{_short(span.text)}” is told as not known, but {answer.what}"
                problems.append(Problem(text.shown, span.line, told, answer.todo))
            if span.rule is not None and (wrong := law_said(span, rules, text.on)):
                problems.append(Problem(text.shown, span.line, f"“{_short(span.text)}”: {wrong}", "say what the law says on that day: see rules/"))
        problems += _unbound(text)
    if len(texts) == len(LANGUAGES):
        problems += _differences(texts["da"], texts["en"])
    return problems


def _dangling(text: NoteText, span: Span, checks: Mapping[str, Check], bank: Bank, rules: Rules, gaps: Mapping[str, GapCheck]) -> Iterator[Problem]:
    if span.claim is not None and span.claim not in checks:
        yield Problem(text.shown, span.line, f"the words “{_short(span.text)}” are bound to '{span.claim}', which is no claim", nearest(span.claim, checks))
    if span.value is not None:
        value = span.value  # whether the law has it on the day is what the text says, true or false: not asked here
        if lost := _lost(lambda: value_of(value, checks, bank, rules)):
            yield Problem(text.shown, span.line, *lost)
        elif read_number(span.text, text.language) is None:
            yield Problem(text.shown, span.line, f"“{span.text}” is no number, but is bound to {span.value}", "bind only the digits")
    if span.unknown is not None:
        unknown = span.unknown
        if lost := _lost(lambda: answer_to(unknown, checks, gaps, rules, span.on or text.on)):
            yield Problem(text.shown, span.line, *lost)
    if span.rule is not None:
        rule = span.rule
        if lost := _lost(lambda: rules.parameter(rule)):
            yield Problem(text.shown, span.line, *lost)


def _lost(find: Callable[[], object]) -> tuple[str, str] | None:
    """What and todo of an address that leads nowhere."""
    try:
        find()
    except QueryError as error:
        first, *rest = str(error).splitlines()
        return first, rest[0].strip(" →") if rest else "see virker bank show"
    return None


def _words_problem(text: NoteText, span: Span, check: Check) -> Iterator[Problem]:
    said, claim = _short(span.text), check.claim.id
    if check.status not in ("supported", "judgement"):
        yield Problem(
            text.shown, span.line, f"“{said}” says what '{claim}' says, and that is {check.status}", f"reword it to what holds: virker explain {claim}"
        )
    elif strong := too_strong(span.text, text.language, next((p.verdict for p in check.parts if p.verdict), None)):
        told = f"“{strong.phrase}” needs {strong.needs}; '{claim}' has {strong.has}"
        yield Problem(text.shown, span.line, told, "use the word for the level that there is")


def _number_problem(text: NoteText, span: Span, checks: Mapping[str, Check], bank: Bank, rules: Rules) -> Iterator[Problem]:
    address, day = span.value or "", span.on or text.on
    try:
        true = value_of(address, checks, bank, rules, day)
    except QueryError:
        if day is not None and address.startswith("rule:") and not _lost(lambda: value_of(address, checks, bank, rules)):
            yield Problem(text.shown, span.line, f"the law has no value of {address.removeprefix('rule:')} on {day}", "tell it as not found, or of another day")
        return  # else told as dangling
    if not number_holds(span.text, text.language, true):
        told = f"the note prints {span.text}, the bank has {shown_number(true, text.language)} ({span.value})"
        yield Problem(text.shown, span.line, told, "virker check --fix-numbers rewrites the number; read the sentence again")


_DIGITS = re.compile(r"\d")
#: Digits that are no evidence: years, section numbers, names of schemes and courses; citations and figure blocks.
_EXEMPT = re.compile(
    r"\[@[^\]]*\]|\{\{.*?\}\}|^\s*\d+\.\s|\b(?:19|20)\d{2}(?:s|['’]erne)?\b|\b(?:kap\.|§§?|afsnit|section|figur|figure|tabel|table|bilag|nr\.)\s*\d+|\bG2\b|\b6\s*(?:ugers|weeks)",
    re.I,
)


def _unbound(text: NoteText) -> Iterator[Problem]:
    """Every number is bound, or of a kind that needs no binding."""
    first = text.first_line
    for block in text.tokens:
        if block.type != "inline" or not block.children:
            continue
        line, depth = (block.map[0] if block.map else 0) + first, 0
        for child in block.children:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "span_open":
                depth += bool(child.attrs.get("value") or child.attrs.get("rule") or child.attrs.get("unbound")) or depth > 0
            elif child.type == "span_close":
                depth = max(0, depth - 1)
            elif child.type == "text" and not depth and _DIGITS.search(_EXEMPT.sub("", child.content)):
                yield Problem(
                    text.shown,
                    line,
                    f"the number in “{_short(child.content)}” is bound to nothing",
                    'bind it: [10]{value="study#n/effect"}; a date or name: [30]{unbound="why"}',
                )


def _differences(da: NoteText, en: NoteText) -> Iterator[Problem]:
    for what, bound in (("claim", _claims_of), ("number", _values_of), ("gap", _gaps_of), ("rule", _rules_of)):
        mine, other = bound(da), bound(en)
        for there, here, missing in ((da, en, sorted(mine - other)), (en, da, sorted(other - mine))):
            for name in missing:
                yield Problem(here.shown, 0, f"the {what} '{name}' stands in {there.shown} and not here", "say the same in both languages")


def _claims_of(text: NoteText) -> set[str]:
    return {s.claim for s in text.spans if s.claim}


def _values_of(text: NoteText) -> set[str]:
    return {s.value for s in text.spans if s.value}


def _gaps_of(text: NoteText) -> set[str]:
    return {s.unknown for s in text.spans if s.unknown}


def _rules_of(text: NoteText) -> set[str]:
    return {s.rule for s in text.spans if s.rule}


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"
