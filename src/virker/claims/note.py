"""A note as Markdown with spans: which words are bound to which claim, and which numbers to which value.

``[words]{#claim-id}`` binds words to a claim; ``[10]{value="pedersen-2012#1/effect"}`` binds a number to a finding (what else a number can
be bound to is told in :mod:`virker.claims.values`); ``[30]{unbound="why"}`` is a number that is no evidence. ``[words]{unknown="gap-id"}`` says
that something is *not* known (:mod:`virker.claims.gaps`), and ``[words]{rule="scheme/parameter" is="yes"}`` what the law says. ``day="2018-01-01"`` reads
the law on that day instead of the text's own. The text reads normally, and stays checkable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from virker.errors import Problem, relative
from virker.files import read_text, read_toml, split_front_matter
from virker.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class Span:
    """Bound words: one of ``claim``, ``value``, ``unknown`` and ``rule`` is set; ``line`` is the line in the file.

    ``says`` is what words bound to a rule say of it (``yes``, ``no``, or the value itself); ``on`` the day whose law is meant, where it
    is not the text's own.
    """

    text: str
    line: int
    claim: str | None = None
    value: str | None = None
    unknown: str | None = None
    rule: str | None = None
    says: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class NoteText:
    """One language of a note: its front matter, its Markdown, its tokens and its spans.

    ``on`` is the day whose law the text tells; a note has none, and tells the law as it was last read.
    """

    note: str
    language: str
    shown: str
    path: Path
    meta: Mapping[str, Any]
    markdown: str
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    first_line: int = 1
    on: date | None = None


@cache
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
        if text is not None and (parsed := parse_note(folder.name, language, shown, path, text, problems)):
            texts[language] = parsed
    return texts


def parse_note(note: str, language: str, shown: str, path: Path, text: str, problems: list[Problem]) -> NoteText | None:
    """The text of one language; None, with a problem noted, where it has no front matter or a broken one."""
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
    spans = tuple(s for block in tokens for s in spans_of(block, first, shown, problems))
    return NoteText(note, language, shown, path, meta, body, tokens, spans, first)


def spans_of(block: Token, first_line: int, shown: str, problems: list[Problem]) -> Iterator[Span]:
    """The bound words of one block, inner before outer."""
    if block.type != "inline" or not block.children or block.map is None:
        return
    line = block.map[0] + first_line
    open_at: list[tuple[Token, int, list[str]]] = []
    for child in block.children:
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "span_open":
            open_at.append((child, line, []))
        elif child.type == "span_close" and open_at:
            opened, at, words = open_at.pop()
            said = "".join(words)
            if found := _span(opened, said, at, shown, problems):
                yield found
            if open_at:
                open_at[-1][2].append(said)
        elif open_at:
            open_at[-1][2].append(child.content if child.type in ("text", "code_inline") else " " if child.type == "softbreak" else "")


def _span(opened: Token, said: str, line: int, shown: str, problems: list[Problem]) -> Span | None:
    """The span, where it binds its words to anything."""
    claim, value, unknown, rule, says, on = (_word(opened, name) for name in ("id", "value", "unknown", "rule", "is", "day"))
    if not (claim or value or unknown or rule):
        return None
    day = None
    if on:
        try:
            day = date.fromisoformat(on)
        except ValueError:
            problems.append(Problem(shown, line, f'day="{on}" is no day', 'write year-month-day: day="2018-01-01"'))
    return Span(said, line, claim, value, unknown, rule, says, day)


def _word(token: Token, name: str) -> str | None:
    found = token.attrs.get(name)
    return str(found) if found else None
