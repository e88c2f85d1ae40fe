"""A note as Markdown with spans: which words are bound to which claim, and which numbers to which value.

``[words]{#claim-id}`` binds words to a claim; ``[10]{value="pedersen-2012#1/effect"}`` binds a number to a finding,
``[2.500]{value="rule:jobpraemie-2017/max_per_month_dkk"}`` to the law, ``[4]{value="claim:meetings-works/positive"}`` to a count in a
claim's verdict and ``[223]{value="count:studies"}`` to a count over the bank or the source note's claims. The text reads normally, and stays checkable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from virker.bank import Bank
from virker.claims.check import Check
from virker.claims.numbers import agrees, decimals, read_number, spelt
from virker.claims.records import STATUSES
from virker.claims.wording import too_strong
from virker.errors import Problem, QueryError, nearest, relative
from virker.files import read_text, read_toml, split_front_matter
from virker.language import LANGUAGES, number
from virker.rules import Rules


@dataclass(frozen=True, slots=True)
class Span:
    """Bound words: ``claim`` or ``value`` is set; ``line`` is the line in the file."""

    text: str
    line: int
    claim: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class NoteText:
    """One language of a note: its front matter, its Markdown, its tokens and its spans."""

    note: str
    language: str
    shown: str
    path: Path
    meta: Mapping[str, Any]
    markdown: str
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]


def markdown_parser() -> MarkdownIt:
    """The Markdown that notes are written in: CommonMark, tables, and spans with attributes."""
    return MarkdownIt("commonmark").enable("table").use(attrs_plugin, spans=True)


def read_note(folder: Path, root: Path, problems: list[Problem]) -> dict[str, NoteText]:
    """Both languages of the note in ``folder`` (``note.da.md`` and ``note.en.md``)."""
    texts: dict[str, NoteText] = {}
    for language in LANGUAGES:
        path = folder / f"note.{language}.md"
        shown = relative(path, root)
        if not path.exists():
            other = "en" if language == "da" else "da"
            todo = f"write it, with the same claims and numbers as note.{other}.md"
            problems.append(Problem(shown, 0, f"the note '{folder.name}' is missing in {'Danish' if language == 'da' else 'English'}", todo))
            continue
        text = read_text(path, shown, problems)
        if text is not None and (parsed := _parse(folder.name, language, shown, path, text, problems)):
            texts[language] = parsed
    return texts


def _parse(note: str, language: str, shown: str, path: Path, text: str, problems: list[Problem]) -> NoteText | None:
    parts = split_front_matter(text)
    if parts is None:
        problems.append(Problem(shown, 1, "the note has no front matter between two lines of +++", "start the file with +++, a title, then +++"))
        return None
    front, body = parts
    meta = read_toml(front, shown, problems)
    if meta is None:
        return None
    first = text.count("\n", 0, len(text) - len(body)) + 1
    tokens = tuple(markdown_parser().parse(body))
    return NoteText(note, language, shown, path, meta, body, tokens, tuple(_spans(tokens, first)))


def _spans(tokens: tuple[Token, ...], first_line: int) -> Iterator[Span]:
    for block in tokens:
        if block.type != "inline" or not block.children or block.map is None:
            continue
        line, open_at = block.map[0] + first_line, []
        for child in block.children:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "span_open":
                open_at.append((child, line, []))
            elif child.type == "span_close" and open_at:
                opened, at, words = open_at.pop()
                said = "".join(words)
                claim, value = opened.attrs.get("id"), opened.attrs.get("value")
                if claim or value:
                    yield Span(said, at, str(claim) if claim else None, str(value) if value else None)
                if open_at:
                    open_at[-1][2].append(said)
            elif open_at:
                open_at[-1][2].append(child.content if child.type in ("text", "code_inline") else " " if child.type == "softbreak" else "")


def check_note(texts: Mapping[str, NoteText], checks: Mapping[str, Check], bank: Bank, rules: Rules) -> list[Problem]:
    """Problems in a note: spans bound to nothing or to claims that do not hold, numbers that are wrong, languages that differ."""
    problems: list[Problem] = []
    for text in texts.values():
        for span in text.spans:
            if span.claim is not None:
                problems += _claim_problem(text, span, checks)
            if span.value is not None:
                problems += _value_problem(text, span, checks, bank, rules)
        problems += _unbound(text)
    if len(texts) == len(LANGUAGES):
        problems += _differences(texts["da"], texts["en"])
    return problems


def _claim_problem(text: NoteText, span: Span, checks: Mapping[str, Check]) -> Iterator[Problem]:
    check = checks.get(span.claim or "")
    if check is None:
        yield Problem(
            text.shown, span.line, f"the words “{_short(span.text)}” are bound to '{span.claim}', which is no claim", nearest(span.claim or "", checks)
        )
    elif check.status not in ("supported", "judgement"):
        yield Problem(
            text.shown,
            span.line,
            f"“{_short(span.text)}” says what '{span.claim}' says, and that is {check.status}",
            f"reword it to what holds: virker explain {span.claim}",
        )
    elif strong := too_strong(span.text, text.language, next((p.verdict for p in check.parts if p.verdict), None)):
        yield Problem(
            text.shown, span.line, f"“{strong.phrase}” needs {strong.needs}; '{span.claim}' has {strong.has}", "use the word for the level that there is"
        )


def value_of(address: str, checks: Mapping[str, Check], bank: Bank, rules: Rules) -> tuple[float, float | None]:
    """The number(s) at an address: a finding's field, ``effect`` with its range, a rule's value, or a count in a claim's verdict.

    Raises
    ------
    QueryError
        When the address leads to no number.
    """
    prefix, _, rest = address.partition(":")
    if prefix == "rule" and rest:
        value = rules.parameter(rest).value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise QueryError(f"'{address}' is no number")
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
        raise QueryError(f"'{address}' is no number")
    return float(value), None


def _count(name: str, checks: Mapping[str, Check], bank: Bank) -> float:
    """Counts over everything: ``studies`` and ``findings`` of the bank; ``claims`` and the statuses of the source note's claims."""
    if name in ("studies", "findings"):
        return float(len(bank.studies if name == "studies" else bank.rows))
    theirs = [c for c in checks.values() if c.claim.sentences]
    counts = {"claims": len(theirs), **{s: sum(c.status == s for c in theirs) for s in STATUSES}}
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


def _value_problem(text: NoteText, span: Span, checks: Mapping[str, Check], bank: Bank, rules: Rules) -> Iterator[Problem]:
    assert span.value is not None
    try:
        true = value_of(span.value, checks, bank, rules)
    except QueryError as error:
        first, *rest = str(error).splitlines()
        yield Problem(text.shown, span.line, first, rest[0].strip(" →") if rest else "see virker bank show")
        return
    printed = read_number(span.text, text.language)
    if printed is None:
        yield Problem(text.shown, span.line, f"“{span.text}” is no number, but is bound to {span.value}", "bind only the digits")
    elif not number_holds(span.text, text.language, true):
        yield Problem(
            text.shown,
            span.line,
            f"the note prints {span.text}, the bank has {shown_number(true, text.language)} ({span.value})",
            "virker check --fix-numbers rewrites the number; read the sentence again",
        )


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


def fix_numbers(text: NoteText, checks: Mapping[str, Check], bank: Bank, rules: Rules) -> tuple[str, list[str]]:
    """The file's text with every wrong bound number rewritten, and a line for each change. Words are never touched."""
    content = text.path.read_text(encoding="utf-8")
    changed: list[str] = []

    def rewrite(found: re.Match[str]) -> str:
        printed, address = found["text"], found["address"]
        try:
            true = value_of(address, checks, bank, rules)
        except QueryError:
            return found[0]
        if read_number(printed, text.language) is None or number_holds(printed, text.language, true):
            return found[0]
        new = (true[1] is None and spelt(true[0], text.language, printed)) or shown_number(true, text.language)
        changed.append(f"{text.shown}: {printed} → {new} ({address})")
        return found[0].replace(f"[{printed}]", f"[{new}]", 1)

    pattern = re.compile(r"\[(?P<text>[^\[\]]+)\]\{(?P<attrs>[^{}]*\bvalue=\"(?P<address>[^\"]+)\"[^{}]*)\}")
    return pattern.sub(rewrite, content), changed


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"
