"""Is a note bound rightly? Spans that lead nowhere, words on claims that do not hold, numbers that are wrong, languages that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from virker.bank import Bank
from virker.claims.check import Check
from virker.claims.note import NoteText, Span
from virker.claims.numbers import read_number
from virker.claims.values import number_holds, shown_number, value_of
from virker.claims.wording import too_strong
from virker.errors import Problem, QueryError, nearest
from virker.language import LANGUAGES
from virker.rules import Rules


def dangling(texts: Mapping[str, NoteText], checks: Mapping[str, Check], bank: Bank, rules: Rules) -> list[Problem]:
    """Bad input: spans bound to nothing. Without what they name, nothing can be said of them, true or false."""
    return [p for text in texts.values() for span in text.spans for p in _dangling(text, span, checks, bank, rules)]


def check_note(texts: Mapping[str, NoteText], checks: Mapping[str, Check], bank: Bank, rules: Rules) -> list[Problem]:
    """What a note says wrongly: words on claims that do not hold, words too strong, wrong or unbound numbers, languages that differ."""
    problems: list[Problem] = []
    for text in texts.values():
        for span in text.spans:
            if span.claim is not None and span.claim in checks:
                problems += _words_problem(text, span, checks[span.claim])
            if span.value is not None:
                problems += _number_problem(text, span, checks, bank, rules)
        problems += _unbound(text)
    if len(texts) == len(LANGUAGES):
        problems += _differences(texts["da"], texts["en"])
    return problems


def _dangling(text: NoteText, span: Span, checks: Mapping[str, Check], bank: Bank, rules: Rules) -> Iterator[Problem]:
    if span.claim is not None and span.claim not in checks:
        yield Problem(text.shown, span.line, f"the words “{_short(span.text)}” are bound to '{span.claim}', which is no claim", nearest(span.claim, checks))
    if span.value is None:
        return
    try:
        value_of(span.value, checks, bank, rules)
    except QueryError as error:
        first, *rest = str(error).splitlines()
        yield Problem(text.shown, span.line, first, rest[0].strip(" →") if rest else "see virker bank show")
    else:
        if read_number(span.text, text.language) is None:
            yield Problem(text.shown, span.line, f"“{span.text}” is no number, but is bound to {span.value}", "bind only the digits")


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
    try:
        true = value_of(span.value or "", checks, bank, rules)
    except QueryError:
        return  # told as dangling
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
    first = text.path.read_text(encoding="utf-8").count("\n") + 1 - text.markdown.count("\n") if text.path.exists() else 1
    for block in text.tokens:
        if block.type != "inline" or not block.children:
            continue
        line, depth = (block.map[0] if block.map else 0) + first, 0
        for child in block.children:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "span_open":
                depth += bool(child.attrs.get("value") or child.attrs.get("unbound")) or depth > 0
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
    for what, bound in (("claim", _claims_of), ("number", _values_of)):
        mine, other = bound(da), bound(en)
        for there, here, missing in ((da, en, sorted(mine - other)), (en, da, sorted(other - mine))):
            for name in missing:
                yield Problem(here.shown, 0, f"the {what} '{name}' stands in {there.shown} and not here", "say the same in both languages")


def _claims_of(text: NoteText) -> set[str]:
    return {s.claim for s in text.spans if s.claim}


def _values_of(text: NoteText) -> set[str]:
    return {s.value for s in text.spans if s.value}


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"
