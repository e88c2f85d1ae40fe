"""Search that a server answers, without JavaScript: words by their stem, and as parts of Danish compounds.

The static files are searched in the browser instead (:mod:`virker.web.static_search`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from virker.errors import QueryError
from virker.language import Language
from virker.web.entries import Entry, entries
from virker.web.kind_names import kind_weight
from virker.web.stems import spans, stems

if TYPE_CHECKING:
    from virker.web.site import Site

#: Longer questions are refused; no title is near it.
LONGEST = 200
#: How many words are looked for, and how many pages shown.
MOST_WORDS, MOST_SHOWN = 12, 50
#: A word in the title weighs more than one in the text, and that more than one that is not shown. Ours: set by looking at the answers.
_TITLE, _TEXT, _MORE = 6.0, 2.0, 1.0
#: A stem that begins with the word asked for, and one that holds it ("jobsamtale" for "samtale").
_BEGINS, _HOLDS = 0.6, 0.4
_LEAST_BEGINNING, _LEAST_PART = 3, 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A page found: its entry, with the words found marked."""

    entry: Entry
    title: Markup
    text: Markup
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: how many pages, and the best of them."""

    asked: str
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Index:
    """Which entries hold a stem, and how much it weighs in each: ``weights[stem][entry number]``."""

    language: Language
    entries: tuple[Entry, ...]
    weights: Mapping[str, Mapping[int, float]]


def search(site: Site, language: Language, asked: str) -> Found:
    """The pages that hold every word asked for; those that hold some of them where none holds all.

    Raises
    ------
    QueryError
        When the question is longer than :data:`LONGEST` characters.
    """
    if len(asked) > LONGEST:
        raise QueryError(f"a search may have at most {LONGEST} characters; this one has {len(asked)}.\n    → ask with a few words.")
    wanted = list(dict.fromkeys(stems(asked, language)))[:MOST_WORDS]
    if not wanted:
        return Found(asked, 0, ())
    index = index_of(site, language)
    scores, words = _scores(index, wanted)
    most = max(words.values(), default=0)
    best = sorted((n for n, count in words.items() if count == most), key=lambda n: (-scores[n], index.entries[n].title))
    return Found(asked, len(best), tuple(_hit(index.entries[n], wanted, language, scores[n]) for n in best[:MOST_SHOWN]))


def index_of(site: Site, language: Language) -> Index:
    """The index of a site in a language; made once."""
    key = ("search", language)
    if key not in site.memo:
        site.memo[key] = _index(entries(site, language), language)
    index: Index = site.memo[key]
    return index


def _index(found: list[Entry], language: Language) -> Index:
    weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for n, entry in enumerate(found):
        counts: defaultdict[str, float] = defaultdict(float)
        for text, weight in ((entry.title, _TITLE), (entry.text, _TEXT), (entry.more, _MORE)):
            words = set(stems(text, language))
            for word in words:
                # In a short title a word says more: "Løntilskud" goes before "Offentligt løntilskud".
                counts[word] += weight * (1 + 1 / len(words)) if weight == _TITLE else weight
        for word, weight in counts.items():
            weights[word][n] = weight
    return Index(language, tuple(found), dict(weights))


def _scores(index: Index, wanted: list[str]) -> tuple[dict[int, float], Counter[int]]:
    """The score of every entry that holds a word, and how many of the words it holds."""
    scores: defaultdict[int, float] = defaultdict(float)
    words: Counter[int] = Counter()
    for word in wanted:
        best: dict[int, float] = {}
        for known, entries_of in index.weights.items():
            if share := _nearness(word, known):
                rare = math.log(1 + len(index.entries) / len(entries_of))
                for n, weight in entries_of.items():
                    best[n] = max(best.get(n, 0.0), share * weight * rare)
        for n, score in best.items():
            scores[n] += score * kind_weight(index.entries[n].address.kind)
            words[n] += 1
    return scores, words


def _nearness(word: str, known: str) -> float:
    """How well a word of the index answers the word asked for, from 0 to 1."""
    if word == known:
        return 1.0
    if len(word) >= _LEAST_BEGINNING and known.startswith(word):
        return _BEGINS
    return _HOLDS if len(word) >= _LEAST_PART and word in known else 0.0


def _hit(entry: Entry, wanted: list[str], language: Language, score: float) -> Hit:
    return Hit(entry, marked(entry.title, wanted, language), marked(entry.text, wanted, language), score)


def marked(text: str, wanted: list[str], language: Language) -> Markup:
    """The text as HTML with the words that answer in ``<mark>``."""
    pieces, at = [], 0
    for word, start, end in spans(text, language):
        if any(_nearness(asked, word) for asked in wanted):
            pieces += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
            at = end
    return Markup("").join([*pieces, escape(text[at:])])
