"""From paragraphs to numbered sentences, in Danish and English.

A full stop ends a sentence when a capital, a digit or a quotation mark follows, unless it belongs to an abbreviation, an initial or a number
before a heading. Some abbreviations do end sentences (``45.000 kr. Ordningen …``): before a capital they do, as Danish and English nouns are
written small. Numbering follows the note's own headings: ``Ad 1.``, ``1.``, ``## …``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from virker.annotate.fingerprint import fingerprint
from virker.annotate.records import BroughtNote, Paragraph, Sentence, word_set

#: Never the end of a sentence.
ABBREVIATIONS = word_set(
    "bl.a. fx. f.eks. eks. ca. pr. jf. jfr. nr. dvs. d.v.s. hhv. inkl. ekskl. evt. kap. afs. pkt. stk. tlf. vedr. mht. m.h.t. pga. p.g.a. fhv. hr. "
    "fr. dr. prof. s. p. pp. red. udg. el. sml. cf. vs. mr. mrs. ms. e.g. i.e. viz. approx. fig. tab. no. vol. eds. ed. st. ad. art. lbk. jan. feb. "
    "sept. okt. nov. dec. o.a. bl. d. hb. min. max. gns. kl."
)
#: May end a sentence: they do before a capital.
MAY_END = word_set("kr. mv. m.v. m.m. mm. m.fl. mfl. etc. osv. o.l. o.lign. lign. pct. mio. mia. mdr. al. inc. ltd.")
_STOP = re.compile(r"(?P<mark>[.!?…]+)(?P<close>[\"”»’')\]]*)\s+(?=[\"“”„«»'(\[]*[A-ZÆØÅÉÖÄÜÁ0-9])")
_HEAD = re.compile(r"^(?:Ad\s+(?P<ad>\d{1,2})\.?|(?P<number>\d{1,2})(?P<sub>(?:\.\d{1,2})*)\.?)\s+(?P<rest>\S.*)$")
#: A numbered line longer than this is a sentence that begins with a number, no heading. Ours.
LONGEST_HEADING = 140
#: So many neighbours are tried together as one known sentence. Ours.
MOST_MERGED = 3


def split_sentences(text: str) -> list[tuple[int, str]]:
    """``(where it begins, sentence)`` for each sentence of a paragraph.

    >>> [s for _, s in split_sentences('Rosholm m.fl. (2010) fandt bl.a. 2.500 kr. i gevinst. "Ja." Det holdt.')]
    ['Rosholm m.fl. (2010) fandt bl.a. 2.500 kr. i gevinst.', '"Ja."', 'Det holdt.']
    """
    cuts = [0]
    for stop in _STOP.finditer(text):
        if _ends(text, stop):
            cuts.append(stop.end())
    pieces = [(a, text[a:b]) for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    return [(a, piece.strip()) for a, piece in pieces if piece.strip()]


def _ends(text: str, stop: re.Match[str]) -> bool:
    if stop["mark"] != ".":
        return "?" in stop["mark"] or "!" in stop["mark"] or text[stop.end()].isupper()
    start = max(text.rfind(" ", 0, stop.start()), text.rfind("(", 0, stop.start())) + 1
    token = text[start : stop.start() + 1].lstrip("\"“”„«»'([").casefold()
    following = text[stop.end() : stop.end() + 2].lstrip("\"“”„«»'")
    if token in MAY_END:
        return following[:1].isupper()
    if token in ABBREVIATIONS or re.fullmatch(r"[^\W\d_]\.(?:-?[^\W\d_]\.)*", token):
        return False
    if token[:-1].isdigit() and (start == 0 or text[:start].rstrip().casefold().endswith(("ad", "den", "kap.", "afsnit", "section", "chapter"))):
        return False
    return following[:1] != "("


@dataclass(frozen=True, slots=True)
class _Head:
    """A section's number, if this paragraph begins one, and the words of its heading."""

    section: int | None
    words: str


def sentences_of(note: BroughtNote, known: Mapping[str, str] | None = None) -> tuple[Sentence, ...]:
    """The note's sentences, numbered by section.

    ``known`` maps fingerprints to the ids of the workspace's sentences; neighbours that are one known sentence together become one.
    """
    heads = _heads(note.paragraphs)
    out: list[Sentence] = []
    section, counts = 0, {0: 0}
    for at, paragraph in enumerate(note.paragraphs):
        head = heads.get(at)
        if head is not None:
            section = section if head.section is None else head.section
            new = section not in counts
            counts.setdefault(section, 0)
            number = 0 if new else counts[section] + 1
            counts[section] = number
            start = len(paragraph.text) - len(head.words)
            out.append(Sentence(f"{section}.{number:02}", head.words, section, at, start, True, (known or {}).get(fingerprint(head.words))))
            continue
        for start, text, name in _known_runs(split_sentences(paragraph.text), known or {}):
            counts[section] += 1
            out.append(Sentence(f"{section}.{counts[section]:02}", text, section, at, start, False, name))
    return tuple(out)


def _known_runs(pieces: list[tuple[int, str]], known: Mapping[str, str]) -> list[tuple[int, str, str | None]]:
    """The pieces, each with the known sentence that it is; pieces that only together are a known one are one."""
    out: list[tuple[int, str, str | None]] = []
    at = 0
    while at < len(pieces):
        for length in range(min(MOST_MERGED, len(pieces) - at) if known else 1, 0, -1):
            text = " ".join(t for _, t in pieces[at : at + length])
            name = known.get(fingerprint(text)) or known.get(fingerprint(re.sub(r"^(?:\d{1,2}\.|[•*–-])\s+", "", text)))
            if name or length == 1:
                out.append((pieces[at][0], text, name))
                at += length
                break
    return out


def _heads(paragraphs: tuple[Paragraph, ...]) -> dict[int, _Head]:
    """Which paragraphs are headings, and which section each begins.

    Where the note says ``Ad 1.``, only these begin sections. Else headings of the file's own (Markdown, Word) do, by their number or in turn;
    else numbered lines that stand alone. A row of numbered lines with nothing between them is a list.
    """
    ad = {i: m for i, p in enumerate(paragraphs) if (m := _HEAD.match(p.text)) and m["ad"] and len(p.text) <= LONGEST_HEADING}
    marked = {i: p for i, p in enumerate(paragraphs) if p.heading is not None}
    if ad:
        found = {i: _Head(int(m["ad"]), m["rest"]) for i, m in ad.items()}
        return found | {i: _Head(None, p.text) for i, p in marked.items() if i not in found}
    if marked:
        return _marked(marked)
    numbered = {i: m for i, p in enumerate(paragraphs) if (m := _HEAD.match(p.text)) and _stands_alone(p.text, m)}
    alone = {i: m for i, m in numbered.items() if i + 1 not in numbered and i - 1 not in numbered and i + 1 < len(paragraphs)}
    return {i: _Head(None if m["sub"] else int(m["number"]), m["rest"]) for i, m in alone.items()}


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    return len(text) <= LONGEST_HEADING and not text.endswith((".", ",", ";", ":")) and found["rest"][0].isupper()


def _marked(marked: Mapping[int, Paragraph]) -> dict[int, _Head]:
    levels = sorted(p.heading or 1 for p in marked.values())
    top = levels[0] if levels.count(levels[0]) > 1 or len(levels) == 1 else levels[1]
    out: dict[int, _Head] = {}
    turn = 0
    for i, p in marked.items():
        found = _HEAD.match(p.text)
        if p.heading != top:
            out[i] = _Head(None, p.text)
        else:
            turn = int(found["number"]) if found and found["number"] and not found["sub"] else turn + 1
            out[i] = _Head(turn, found["rest"] if found else p.text)
    return out
