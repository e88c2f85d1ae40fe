"""A note as Markdown with spans: which words are bound to which claim, and which numbers to which value.

``[words]{#claim-id}`` binds words to a claim; ``[10]{value="pedersen-2012#1/effect"}`` binds a number to a finding (what else a number can
be bound to is told in :mod:`virker.claims.values`); ``[30]{unbound="why"}`` is a number that is no evidence. The text reads normally, and
stays checkable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
                claim, value = opened.attrs.get("id"), opened.attrs.get("value")
                if claim or value:
                    yield Span(said, at, str(claim) if claim else None, str(value) if value else None)
                if open_at:
                    open_at[-1][2].append(said)
            elif open_at:
                open_at[-1][2].append(child.content if child.type in ("text", "code_inline") else " " if child.type == "softbreak" else "")
