"""Works that a note names: author and year, as Danish and English texts write them.

``Rosholm og Svarer (2010)``, ``(Andersen & Arendt, 2015; Bach m.fl., 2016)``, ``Altmann et al. (2023a)``, ``(Styrelsen for …, 2021b)``, ``VIVE
2019``. A work named without a year is not found, and neither are footnotes and numbers in brackets: the page on how a note is read says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from virker.annotate.records import word_set
from virker.language import Said

Outcome = Literal["one", "several", "near", "none"]

OUTCOME_LABELS: dict[Outcome, Said] = {
    "one": Said("ét værk", "one work"),
    "several": Said("to eller flere værker", "two or more works"),
    "near": Said("intet værk, men et, der ligner", "no work, but one that is like it"),
    "none": Said("intet værk i banken", "no work in the bank"),
}

_PARTICLE = r"(?:[Vv]an(?:\s+de[nr])?|[Vv]on|[Dd]e[nr]?|[Dd]i|[Dd]el|[Ll]e|[Ll]a|te)\s+"
_NAME = rf"(?:{_PARTICLE})?[A-ZÆØÅÄÖÜÉÁ][\w’'-]+(?:\s+(?=[A-ZÆØÅ][\w-]+\s+(?:og|and|&))(?!og|and))?"
_ET_AL = r"(?:\s*,?\s+(?:et\s+al\.?|m\.\s?fl\.?|mfl\.?|with\s+others|og\s+andre|and\s+others))"
_NAMES = rf"{_NAME}(?:,\s+{_NAME})*(?:,?\s+(?:og|and|&|samt)\s+{_NAME})?{_ET_AL}?"
_NOTHING = Said("", "")
_YEAR = r"(?:19|20)\d\d[a-h]?(?![\d-]|–\d)"
_YEARS = rf"{_YEAR}(?:\s*(?:,|og|and|&)\s*{_YEAR})*"
_IN_TEXT = re.compile(rf"(?P<who>{_NAMES})\s*\((?P<years>{_YEARS})(?:,\s[^()]*)?\)")
_INSIDE = re.compile(r"\((?P<inside>[^()]*(?:19|20)\d\d[^()]*)\)")
_PIECE = re.compile(
    rf"^\s*(?:(?:se|jf\.|jfr\.|cf\.|see|fx|e\.g\.|bl\.a\.|ifølge|efter|i|in)(?:\s+også|\s+also)?,?\s+)*(?P<who>\S.*?),?\s+(?P<years>{_YEARS})(?:,\s.*)?\s*$",
    re.I,
)
_BEFORE_YEAR = re.compile(rf"{_ET_AL}?\s*\((?P<years>{_YEARS})(?:,\s[^()]*)?\)")
_BARE = re.compile(rf"(?P<who>\b[A-ZÆØÅ]{{3,}})\s+(?P<years>{_YEAR})")
_SPLIT = re.compile(rf"{_ET_AL}|,\s+|\s+(?:og|and|&|samt)\s+")
_MONTHS = word_set(
    "januar februar marts april maj juni juli august september oktober november december january february march may june july october i in af fra siden since "
    "from tabel figur table figure kapitel chapter side rct"
)
#: More words than this are no name of an author. Ours.
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Citation:
    """A work as a sentence names it, and what the bank has of that name.

    Attributes
    ----------
    names : tuple of str
        The authors named, or the institution's whole name.
    outcome : str
        One work, two or more, none but one that is like it, or none.
    works : tuple of str
        Ids of studies: the work, all that fit, or those that are like it, likeliest first.
    why : Said
        What is different, in words (empty where one work fits).
    """

    text: str
    names: tuple[str, ...]
    others: bool
    year: int
    letter: str
    start: int
    outcome: Outcome = "none"
    works: tuple[str, ...] = ()
    why: Said = _NOTHING


def find_citations(text: str, institutions: Sequence[str] = ()) -> tuple[Citation, ...]:
    """Every work that ``text`` names with a year; ``institutions`` are names that are one author, whatever words they hold."""
    found: dict[tuple[tuple[str, ...], int, str], Citation] = {}
    for who, years, start in sorted(_mentions(text, institutions), key=lambda m: m[2]):
        names, others = _authors(who, institutions)
        if not names or names[0].casefold() in _MONTHS or len(who.split()) > MOST_WORDS:
            continue
        for year in re.findall(_YEAR, years):
            letter = year[4:]
            told = Citation(f"{who}, {year}", names, others, int(year[:4]), letter, start)
            found.setdefault((names, int(year[:4]), letter), told)
    return tuple(found.values())


def _mentions(text: str, institutions: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    taken: list[tuple[int, int]] = []
    low = text.casefold()
    for name in sorted(institutions, key=len, reverse=True):
        at = low.find(name.casefold())
        while at >= 0:
            end = at + len(name)
            after = _BEFORE_YEAR.match(text, end)
            if after and not any(a <= at < b for a, b in taken):
                taken.append((at, after.end()))
                yield text[at:end], after["years"], at
            at = low.find(name.casefold(), end)
    for m in _IN_TEXT.finditer(text):
        if not any(a <= m.start() < b or m.start() <= a < m.end() for a, b in taken):
            taken.append((m.start(), m.end()))
            yield m["who"], m["years"], m.start()
    for m in _INSIDE.finditer(text):
        if any(a <= m.start() < b for a, b in taken):
            continue
        at = m.start() + 1
        for piece in m["inside"].split(";"):
            told = _PIECE.match(piece)
            if told and _is_author(told["who"], piece):
                taken.append((m.start(), m.end()))
                yield told["who"].strip(), told["years"], at
            at += len(piece) + 1
    for m in _BARE.finditer(text):
        if m["who"] in institutions and not any(a <= m.start() < b for a, b in taken):
            yield m["who"], m["years"], m.start()


def _is_author(who: str, piece: str) -> bool:
    """Whether the words before a year in brackets are a name: names, or some words and a comma (``om udredning …, 2015``)."""
    return bool(re.fullmatch(_NAMES, who.strip())) or bool(re.search(r"[^\d\s]{3,},\s*(?:19|20)\d\d", piece)) or who.isupper()


def _authors(who: str, institutions: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    clean = re.sub(r"\s+", " ", who.strip(' ,"“”')).strip()
    others = bool(re.search(_ET_AL, clean))
    if clean.casefold() in {i.casefold() for i in institutions}:
        return (clean,), False
    if not re.fullmatch(_NAMES, clean):
        return (clean,), others
    return tuple(n.strip() for n in _SPLIT.split(clean) if n and n.strip()), others
