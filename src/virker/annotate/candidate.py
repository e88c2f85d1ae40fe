"""What a sentence seems to claim: a query, an expectation, and what the extractor is not sure of, in words.

It is a proposal to be read by a person, made of words found and nothing else. Where a measure, an outcome or a direction is not found, no
claim is proposed: a sentence is never taken to say what its words do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from virker.annotate.citations import Citation
from virker.annotate.figures import Figure
from virker.annotate.lexicon import Hit, Words
from virker.annotate.reading import Reading, Told, attributes, direction_told, negations, read_sentence, turned, without
from virker.annotate.records import Sentence
from virker.bank.query import Query
from virker.bank.records import Contrast, Direction
from virker.claims.records import Claim, Expectation, Kind, Part
from virker.claims.wording import LEXICON
from virker.language import Said

Confidence = Literal["clear", "unsure"]
CONFIDENCE_LABELS: dict[Confidence, Said] = {"clear": Said("klar", "clear"), "unsure": Said("usikker", "unsure")}

_UNSURE: dict[str, Said] = {
    "condition": Said("sætningen stiller en betingelse, som forespørgslen ikke har med", "the sentence sets a condition that the query leaves out"),
    "comparison": Said("sætningen sammenligner; det er kun den ene side, der er spurgt om", "the sentence compares; only one side is asked about"),
    "time": Said("sætningen siger noget om tid eller konjunktur, som forespørgslen ikke har med", "the sentence speaks of time or the cycle, which the query leaves out"),
    "contrast": Said("sætningen siger to ting; kun den første er spurgt om", "the sentence says two things; only the first is asked about"),
    "reference": Said("sætningen viser tilbage til en anden, som ikke er læst med", "the sentence refers back to another, which is not read with it"),
    "study": Said("sætningen handler om ét studie, som den ikke nævner med navn og år", "the sentence is about one study, which it does not name by author and year"),
    "strength": Said("sætningen siger, hvor mange eller hvor entydigt; det er ikke spurgt om", "the sentence says how many or how unanimously; that is not asked about"),
    "group": Said("sætningen gælder måske en gruppe, der ikke er genkendt", "the sentence may be about a group that was not recognised"),
    "mechanism": Said("sætningen forklarer, hvorfor; det er ikke spurgt om", "the sentence explains why; that is not asked about"),
}  # fmt: skip


#: Words that say less than the term they find: *out of unemployment* is said of any way of measuring it.
LOOSE = {"exit-unemployment": "unemployment"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that a sentence seems to make.

    Attributes
    ----------
    confidence : str
        ``clear`` when nothing was found that the query leaves out, else ``unsure``. A person has read neither.
    unsure : tuple of Said
        What the extractor is not sure of.
    """

    claim: Claim
    confidence: Confidence
    unsure: tuple[Said, ...]


def candidate(sentence: Sentence, words: Words, cited: Sequence[Citation], figures: Sequence[Figure], trials: tuple[str, ...] = ()) -> Candidate | Said:
    """The claim that the sentence seems to make, or why none is proposed; ``trials`` are those that it names."""
    text = sentence.text
    if text.rstrip().endswith("?"):
        return Said("sætningen spørger", "the sentence asks")
    read = read_sentence(without(text, cited), words)
    ways = turned(read, words)
    told = direction_told(read, words, {h.start for h, _ in ways.values()} | attributes(read))
    if told is None and ways:  # the verb stands right before the measure: "… øgede individuelle samtaler beskæftigelsen"
        ways, told = {}, direction_told(read, words, attributes(read))
    if not read.measures:
        return Said("ingen indsats fra ordbogen er nævnt", "no measure of the lexicon is named")
    if told is None:
        return Said("ingen retning er sagt: hverken mere, mindre, ingen eller blandet", "no direction is told: neither more, less, none nor mixed")
    unsure = [*_left_out(read, words, bool(cited or trials)), *negations(read, words, told), *_citations(cited)]
    query, asked = _query(read, words, ways, cited, told)
    if trials and not query.study:
        query = msgspec.structs.replace(query, trial=_one(trials), target_group=query.target_group if read.groups else ())
    figures = [f for f in figures if f.counts or (f.start < len(read.text) and read.text[f.start] == f.text[0])]  # no number in a name
    expect, expected = _expectation(read, words, told.direction, figures, query.is_named)
    unsure += [*asked, *expected]
    kind: Kind = "reported" if query.is_named else "synthesis"
    numbers = tuple(f.tested for f in figures if f.tested is not None)
    source = Query(study=query.study, trial=query.trial)
    also = (Part(select=source, expect=Expectation(numbers=numbers), says=Said("tallene", "the numbers")),) if numbers and query.is_named else ()
    if numbers and not query.is_named:
        unsure.append(Said("tallet kan ikke prøves, da intet værk er nævnt", "the number cannot be tested, as no work is named"))
    claim = Claim(
        id=f"draft-{sentence.id.replace('.', '-')}",
        kind=kind,
        section=sentence.section,
        da=text,
        en=text,
        select=query,
        expect=expect,
        also=also,
    )
    return Candidate(claim, "unsure" if unsure else "clear", tuple(dict.fromkeys(unsure)))


def _query(read: Reading, words: Words, turns: dict[str, tuple[Hit, Contrast]], cited: Sequence[Citation], told: Told) -> tuple[Query, list[Said]]:
    unsure: list[Said] = []
    vocabulary, language = words.vocabulary, words.language
    measures = tuple(dict.fromkeys(h.id for h in read.measures))
    if len(measures) > 1:
        named = ", ".join(vocabulary.label("interventions", m, language) for m in measures)
        unsure.append(
            Said(
                f"flere indsatser er nævnt ({named}); de er spurgt om hver for sig eller sammen?",
                f"several measures are named ({named}): together, or one by one?",
            )
        )
    outcomes: tuple[str, ...] = (LOOSE.get(told.about.id, told.about.id),) if told.about else ()
    others = [o.id for o in read.outcomes if LOOSE.get(o.id, o.id) not in outcomes]
    if others:
        named = ", ".join(vocabulary.label("outcomes", o, language) for o in dict.fromkeys(others))
        unsure.append(Said(f"også andre udfald er nævnt: {named}", f"other outcomes are named too: {named}"))
    if not outcomes:
        outcomes = ("employment", "unemployment")
        if not words.said("works.words", told.word.text) and not re.search(r"virk|work", told.word.text, re.I):
            unsure.append(Said("intet udfald er nævnt: der er spurgt om job og ledighed", "no outcome is named: work and unemployment are asked about"))
    groups = tuple(dict.fromkeys(h.id for h in read.groups))
    if len(groups) > 1:
        named = ", ".join(vocabulary.label("target_groups", g, language) for g in groups)
        unsure.append(Said(f"flere grupper er nævnt: {named}", f"several groups are named: {named}"))
    studies = tuple(dict.fromkeys(c.works[0] for c in cited if c.works))
    ways = {turns[m][1] for m in measures if m in turns}
    contrast: Contrast = "less" if ways == {"less"} else "on"
    if not studies and not groups:
        groups = ("unemployed",)
    return (
        Query(
            intervention=_one(measures),
            contrast=contrast,
            outcome=_one(outcomes),
            target_group=_one(groups) if groups != ("unemployed",) or not studies else (),
            study=_one(studies),
        ),
        unsure,
    )


def _expectation(read: Reading, words: Words, direction: Direction, figures: Sequence[Figure], named: bool) -> tuple[Expectation, list[Said]]:
    unsure: list[Said] = []
    names = {h.id for h in read.directions}
    if ("direction.none" in names and names & {"direction.up", "direction.good"}) or {"direction.good", "direction.bad"} <= names:
        unsure.append(Said("sætningen siger både det ene og det andet om virkningen", "the sentence says one thing and another of the effect"))
    low = read.text.casefold()
    level = next((needs for phrase, needs in sorted(LEXICON[words.language].items(), key=lambda i: -len(i[0])) if phrase in low), None)
    works = words.said("works.words", read.text) or any(h.text == "work" for h in read.directions)
    level = level or ("moderate" if works and not words.said("hedges.words", read.text) else None)
    if words.said("hedges.words", read.text):
        level = level if level in ("strong", "indication") else None
        unsure += (
            []
            if level
            else [Said("ordene er forsigtige (kan, måske): styrken er ikke prøvet", "the words are cautious (may, perhaps): their strength is not tested")]
        )
    if any(f.counts == "studies" for f in figures):
        unsure.append(Said("et antal studier kan tælle flere ting", "a number of studies can count several things"))
    untested = [f.text for f in figures if f.tested is None and f.counts != "studies"]
    if untested:
        unsure.append(Said(f"ikke prøvet: {', '.join(untested)}", f"not tested: {', '.join(untested)}"))
    return (
        Expectation(
            direction=direction,
            level=None if named or direction in ("none", "mixed") else level,
            causal=not words.said("association.words", read.text),
            significant=bool(named and direction == "positive" and words.said("significance.words", read.text)),
        ),
        unsure,
    )


def _left_out(read: Reading, words: Words, named: bool) -> list[Said]:
    """What the sentence says that no query of ours can ask."""
    found = []
    for name, said in _UNSURE.items():
        hits = words.said(f"conditions.{name}", read.text)
        if name == "reference":
            hits = [h for h in hits if h.start <= 2]
        if name == "study":
            hits = [] if named else hits
        if name == "group":
            hits = [] if read.groups else hits
        if hits:
            found.append(Said(f"»{hits[0].text}«: {said.da}", f"“{hits[0].text}”: {said.en}"))
    return found


def _citations(cited: Sequence[Citation]) -> list[Said]:
    out = []
    for c in cited:
        if c.outcome in ("several", "near"):
            out.append(Said(f"»{c.text}«: {c.why.da}; her er {c.works[0]} brugt", f"“{c.text}”: {c.why.en}; {c.works[0]} is used here"))
        elif c.outcome == "none":
            out.append(Said(f"»{c.text}« er ikke i banken", f"“{c.text}” is not in the bank"))
    if len({c.works[0] for c in cited if c.works}) > 1:
        out.append(Said("flere værker er nævnt; der er spurgt om dem alle", "several works are named; all are asked"))
    return out


def _one(found: tuple[str, ...]) -> str | tuple[str, ...]:
    return found[0] if len(found) == 1 else found
