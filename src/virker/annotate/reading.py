"""What the lexicon finds in a sentence: measures and which way they are turned, groups, outcomes, and the direction told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from virker.annotate.citations import Citation
from virker.annotate.lexicon import Hit, Words, lexicon
from virker.bank.records import Contrast, Direction
from virker.language import Said

#: *Meetings work*: in English the verb is also a noun, so it counts only right after a measure.
_WORK = re.compile(r"\s+(work)(?![\w-])(?!\s+(?:in|for\s+(?:the|a)\s+(?:firm|company)))")


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything found in a sentence."""

    text: str
    measures: Sequence[Hit]
    groups: Sequence[Hit]
    outcomes: Sequence[Hit]
    directions: Sequence[Hit]


def without(text: str, cited: Sequence[Citation]) -> str:
    """The sentence with its citations blotted out, so that no word of a name is taken for a measure."""
    for c in cited:
        who = c.text.rpartition(",")[0]
        text = text.replace(who, " " * len(who), 1)
    return text


def turned(read: Reading, words: Words) -> dict[str, tuple[Hit, Contrast]]:
    """Which measures a word right before them turns: *færre* sager, *a higher* benefit."""
    out: dict[str, tuple[Hit, Contrast]] = {}
    for way in ("less", "more"):
        for word in words.said(f"contrast.{way}", read.text):
            for measure in read.measures:
                between = read.text[word.end : measure.start]
                if 0 <= measure.start - word.end <= 30 and len(between.split()) <= 2 and not any(c in between for c in ",.;–"):
                    out.setdefault(measure.id, (word, way))
    return out


def attributes(read: Reading) -> set[int]:
    """Where words of direction only describe the measure: *effektiv* jobsøgning, *effective* advice."""
    return {h.start for h in read.directions for m in read.measures if h.id == "direction.good" and 0 < m.start - h.end <= 2}


@dataclass(frozen=True, slots=True)
class Told:
    """A direction told: the word that tells it, the outcome that it is about, and the word that denies it, where one does."""

    direction: Direction
    word: Hit
    about: Hit | None
    denied: Hit | None = None


def direction_told(read: Reading, words: Words, used: set[int]) -> Told | None:
    """The first direction told; words that turn the measure itself are not counted twice, and a denied one is no effect."""
    free = [h for h in read.directions if h.start not in used]
    for name in ("none", "mixed"):
        if found := next((h for h in free if h.id == f"direction.{name}"), None):
            return Told(name, found, _nearest(read, found, 60))
    for hit in free:
        kind = hit.id.removeprefix("direction.")
        about = _nearest(read, hit, 25 if kind in ("higher", "lower") else 60)
        if kind == "into" and (about.id in words.less_is_better if about else not re.match(r"hj[æe]lp|help", hit.text, re.I)):
            continue  # nobody is brought into unemployment by these words: the outcome is another
        if kind not in ("good", "bad", "into") and about is None:
            continue
        well = kind != "bad" if about is None or kind in ("good", "bad", "into") else (kind in ("up", "higher")) != (about.id in words.less_is_better)
        denied = _denied(read, words, hit)
        return Told("none" if denied else "positive" if well else "negative", hit, about, denied)
    return None


def _nearest(read: Reading, hit: Hit, reach: int) -> Hit | None:
    """The outcome that a word of direction is about: the first after it within reach, else the last right before it."""
    after = [o for o in read.outcomes if hit.start <= o.start and o.start - hit.end <= reach]
    before = [o for o in read.outcomes if 0 <= hit.start - o.end <= 25]
    return after[0] if after else before[-1] if before else None


def _denied(read: Reading, words: Words, hit: Hit) -> Hit | None:
    """The negation within four words before a word of direction or right after it, in the same clause."""
    for word in words.said("negation.words", read.text):
        between = read.text[word.end : hit.start] if word.end <= hit.start else read.text[hit.end : word.start]
        if len(between.split()) <= (4 if word.end <= hit.start else 0) and not any(c in between for c in ",;:–"):
            return word
    return None


def negations(read: Reading, words: Words, told: Told) -> list[Said]:
    """A negation is told of, whether it was read or not; one inside the words of direction (``ingen effekt``) was."""
    out = []
    if told.denied is not None:
        out.append(Said(f"»{told.denied.text} … {told.word.text}« er læst som ingen effekt", f"“{told.denied.text} … {told.word.text}” is read as no effect"))
    for word in words.said("negation.words", read.text):
        inside = any(h.start <= word.start < h.end for h in (*read.directions, *read.groups))
        if not inside and word != told.denied:
            out.append(Said(f"»{word.text}«: en benægtelse, som ikke er læst med", f"“{word.text}”: a negation that is not read"))
    return out


def read_sentence(text: str, words: Words) -> Reading:
    """The words found; a measure's word inside a longer one of an outcome (*intensivere deres jobsøgning*) is the outcome's."""
    outcomes = words.terms("outcomes", text)
    measures = [m for m in words.terms("interventions", text) if not any(o.start <= m.start and m.end <= o.end for o in outcomes)]
    alone = [m for m in measures if m.id not in lexicon()["alone"]["interventions"]] or measures
    verbs = [Hit("direction.good", m.end() - len(m[1]), m.end(), m[1]) for a in alone if (m := _WORK.match(text, a.end))]
    directions = sorted([*words.directions(text), *verbs], key=lambda h: h.start)
    return Reading(text, alone, words.terms("target_groups", text), outcomes, directions)
