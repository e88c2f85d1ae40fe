"""The conclusions in short: what each measure does, how sure that is, and for whom, in ``notes/conclusions.toml``.

Every fact is a sentence or two with bound spans, written as in a note, and is held against the bank as a note is. Beside the conclusions
stand the people whom visitors ask about by several terms at once (insured unemployed people under 30), named in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from markdown_it.token import Token

from virker.bank.bank import Bank
from virker.claims.note import NoteText, markdown_parser, spans_of
from virker.decode import decode
from virker.errors import Problem, relative
from virker.files import line_of, read_text, read_toml
from virker.language import LANGUAGES, Said

FILE = "conclusions.toml"
#: What is told of each measure, in the order in which it is told.
FACTS: dict[str, Said] = {
    "does": Said("Hvad gør det?", "What does it do?"),
    "sure": Said("Hvor sikkert?", "How sure?"),
    "whom": Said("For hvem?", "For whom?"),
}


class Conclusion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One conclusion: its name, the measures it is on (the first is where it leads), and its three facts with their spans."""

    id: str
    measures: tuple[str, ...]
    da: str
    en: str
    does: Said
    sure: Said
    whom: Said

    @property
    def said(self) -> Said:
        return Said(self.da, self.en)

    def fact(self, name: str) -> Said:
        """The fact of that name in :data:`FACTS`, as Markdown with spans."""
        return {"does": self.does, "sure": self.sure, "whom": self.whom}[name]


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People to whom several terms apply at once, by a name of their own."""

    id: str
    groups: tuple[str, ...]
    da: str
    en: str

    @property
    def said(self) -> Said:
        return Said(self.da, self.en)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conclusion: tuple[Conclusion, ...] = ()
    people: tuple[People, ...] = ()


@dataclass(frozen=True)
class Conclusions:
    """Everything in ``notes/conclusions.toml``; ``texts`` is the same as bound text, for the checks of a note."""

    conclusions: tuple[Conclusion, ...] = ()
    people: tuple[People, ...] = ()
    texts: Mapping[str, NoteText] = field(default_factory=dict)


def load_conclusions(folder: Path, root: Path, bank: Bank | None, problems: list[Problem]) -> Conclusions:
    """Read ``conclusions.toml`` under ``folder``; an absent file holds none. Every problem is added to ``problems``."""
    path = folder / FILE
    if not path.exists():
        return Conclusions()
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return Conclusions()
    read = decode(data, _File, shown, lambda steps: line_of(text, str(steps[-1])) if steps else 1, problems)
    if read is None:
        return Conclusions()
    problems += _twice(read, shown, text)
    problems += _unknown_terms(read, bank, shown, text) if bank is not None else []
    return Conclusions(read.conclusion, read.people, {lang: _text_of(read, lang, shown, path, text, problems) for lang in LANGUAGES})


def inline(markdown: str) -> Token:
    """The one block of a fact, whose children are its words and spans."""
    return next(t for t in markdown_parser().parse(markdown or "–") if t.type == "inline")


def claims_of(markdown: str) -> tuple[str, ...]:
    """The claims that a fact is bound to, in the order of its words."""
    return tuple(dict.fromkeys(s.claim for s in spans_of(inline(markdown), 1, FILE, []) if s.claim))


def _text_of(read: _File, language: str, shown: str, path: Path, text: str, problems: list[Problem]) -> NoteText:
    """All facts of one language as a text whose blocks stand at their lines in the file."""
    tokens: list[Token] = []
    for conclusion in read.conclusion:
        start = max(text.find(f'id = "{conclusion.id}"'), 0)
        for name, heading in FACTS.items():
            words = conclusion.fact(name)[language]
            line = line_of(text, words[:40] if words else f"{name} =", start)
            block = inline(words)
            block.map = [line - 1, line]
            tokens.append(block)
            if not any(s.claim or s.unknown for s in spans_of(block, 1, shown, [])):
                told = f"'{conclusion.id}' tells “{heading.en}” in {'Danish' if language == 'da' else 'English'} and binds it to nothing"
                problems.append(Problem(shown, line, told, "bind it to the claim that says it: [words]{#claim-id}"))
    spans = tuple(s for block in tokens for s in spans_of(block, 1, shown, problems))
    return NoteText("conclusions", language, shown, path, {}, "\n\n".join(t.content for t in tokens), tuple(tokens), spans)


def _twice(read: _File, shown: str, text: str) -> Iterator[Problem]:
    ids = [c.id for c in read.conclusion] + [p.id for p in read.people]
    for name in sorted({i for i in ids if ids.count(i) > 1}):
        yield Problem(shown, line_of(text, f'id = "{name}"'), f"the id '{name}' stands twice", "give one of them another id")


def _unknown_terms(read: _File, bank: Bank, shown: str, text: str) -> Iterator[Problem]:
    groups = bank.vocabulary["target_groups"]
    for conclusion in read.conclusion:
        for term in conclusion.measures:
            if term not in bank.vocabulary["interventions"]:
                yield Problem(shown, line_of(text, f'"{term}"'), f"'{term}' is no term for interventions", bank.vocabulary.hint("interventions", term))
        if not conclusion.measures:
            yield Problem(shown, line_of(text, f'id = "{conclusion.id}"'), f"'{conclusion.id}' names no measure", 'write measures = ["…"]')
    for people in read.people:
        for term in people.groups:
            if term not in groups:
                yield Problem(shown, line_of(text, f'"{term}"'), f"'{term}' is no term for target groups", bank.vocabulary.hint("target_groups", term))
        if len(people.groups) < 2:
            yield Problem(shown, line_of(text, f'id = "{people.id}"'), f"'{people.id}' names fewer than two groups", "name those that apply at once")
        if people.id in groups:
            yield Problem(shown, line_of(text, f'id = "{people.id}"'), f"'{people.id}' is the id of a target group", "give the people another id")
