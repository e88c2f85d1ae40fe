"""The words that the extractor knows: the vocabulary's labels and the synonyms of ``lexicon.toml``, looked for in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from virker.files import parse_toml
from virker.language import Language
from virker.vocabulary import Kind, Vocabulary

#: Endings that a word may carry. Ours: enough for the words listed, no grammar.
_ENDINGS = {"da": r"(?:erne|ernes|ene|ens|ers|er|en|et|es|e|r|s|n|t|ne|rne)?", "en": r"(?:'s|’s|es|s)?"}
_TERMS: tuple[Kind, ...] = ("interventions", "target_groups", "outcomes")


@dataclass(frozen=True, slots=True)
class Hit:
    """A word found: what it stands for, where, and as written."""

    id: str
    start: int
    end: int
    text: str


@lru_cache(maxsize=1)
def lexicon() -> Mapping[str, Any]:
    """``lexicon.toml`` as data."""
    return parse_toml((resources.files("virker.annotate") / "lexicon.toml").read_text(encoding="utf-8"))


def aliases() -> Mapping[str, str]:
    """Other names of institutions."""
    found: Mapping[str, str] = lexicon()["aliases"]
    return found


class Words:
    """The lexicon in one language, ready to be looked for in sentences."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self.language, self.vocabulary = language, vocabulary
        self._terms = {kind: _patterns(_phrases(vocabulary, kind, language), language) for kind in _TERMS}
        self._said = {
            name: _patterns(((name, p) for p in said[language]), language, endings=False)
            for table in ("direction", "negation", "works", "contrast", "hedges", "association", "significance", "conditions")
            for name, said in ((f"{table}.{key}", value) for key, value in lexicon()[table].items())
        }
        self.less_is_better: frozenset[str] = frozenset(
            i for top in lexicon()["less_is_better"]["ids"] for i in vocabulary.under("outcomes", top) if not i.startswith("exit")
        ) - vocabulary.under("outcomes", "exit-unemployment") - vocabulary.under("outcomes", "self-support")  # fmt: skip

    def terms(self, kind: Kind, text: str) -> list[Hit]:
        """The vocabulary's words in ``text``: the longest where two overlap, and no wider word beside one below it."""
        hits = _longest(self._terms[kind], text)
        ids = {h.id for h in hits}
        above = {a for i in ids for a in self.vocabulary.ancestors(kind, i)[1:]}
        return [h for h in hits if h.id not in above]

    def said(self, name: str, text: str) -> list[Hit]:
        """The words of a table of the lexicon (``direction.up``) in ``text``."""
        return _longest(self._said[name], text)

    def directions(self, text: str) -> list[Hit]:
        """Words of direction, the longest where two overlap: ``ingen effekt`` is none, not an effect."""
        return _longest([p for name, ps in self._said.items() if name.startswith("direction.") for p in ps], text)


def _phrases(vocabulary: Vocabulary, kind: Kind, language: Language) -> Iterable[tuple[str, str]]:
    general = lexicon()["too_general"][kind]
    for term in vocabulary[kind].values():
        label = re.sub(r"\s*\([^)]*\)", "", term.label(language)).strip()
        if " og " not in label and " and " not in label and len(label) > 3 and term.id not in general:
            yield term.id, label
    for name, said in lexicon()[kind].items():
        if name in vocabulary[kind]:
            yield from ((name, phrase) for phrase in said[language])


def _patterns(phrases: Iterable[tuple[str, str]], language: Language, *, endings: bool = True) -> list[tuple[str, re.Pattern[str]]]:
    out = []
    for name, phrase in phrases:
        open_ended = phrase.endswith("*")
        words = r"\s+".join(re.escape(w) for w in phrase.rstrip("*").split())
        tail = r"[\w-]*" if open_ended else _ENDINGS[language] if endings else ""
        out.append((name, re.compile(rf"(?<![\w-]){words}{tail}(?![\w])", re.I)))
    return out


def _longest(patterns: Iterable[tuple[str, re.Pattern[str]]], text: str) -> list[Hit]:
    found = [Hit(name, m.start(), m.end(), m[0]) for name, pattern in patterns for m in pattern.finditer(text)]
    found.sort(key=lambda h: (h.start - h.end, h.start))
    kept: list[Hit] = []
    for hit in found:
        if all(hit.end <= k.start or hit.start >= k.end for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)
