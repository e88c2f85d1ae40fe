"""Numbers in a sentence, with what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass

from virker.bank.records import Unit
from virker.claims.numbers import read_number
from virker.claims.records import Number
from virker.language import Language

_DIGITS = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_SPELT = {
    "da": "to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv",
    "en": "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve",
}
_UNITS: tuple[tuple[str, str], ...] = (
    ("pp", r"procentpoint|pct\.?\s?-?point|percentage\s+points?|pp\b"),
    ("percent", r"%|procent|pct\.?|per\s?cent"),
    ("studies", r"(?:[\wæøå-]+\s+){0,2}?(?:effekt-?)?(?:studier|studies|undersøgelser|trials|forsøg)\b"),
    ("months", r"måneder|months?"),
    ("weeks", r"uger|weeks?"),
    ("days", r"dage|days?"),
    ("years", r"års?\b|years?"),
    ("DKK", r"kr\.?|kroner|DKK"),
    ("EUR", r"euro|EUR"),
)
_CAUSED = {
    "da": re.compile(r"(?:\bmed|\bpå|\bmellem)\s*(?:ca\.\s*|omkring\s*|knap\s*)?$", re.I),
    "en": re.compile(r"(?:\bby|\bof)\s*(?:about\s*|some\s*)?$", re.I),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed, what it counts, and the claim's :class:`Number` where it can be tested."""

    text: str
    start: int
    low: float
    high: float | None
    counts: str
    tested: Number | None


def find_figures(text: str, language: Language) -> tuple[Figure, ...]:
    """Numbers with their units; years and the numbers of headings are none.

    >>> [(f.text, f.counts, f.tested is not None) for f in find_figures("Ni studier viser 4-5 % flere i job efter 12 måneder.", "da")]
    [('Ni studier', 'studies', True), ('4-5 %', 'percent', True), ('12 måneder', 'months', False)]
    """
    out = []
    number = rf"(?P<number>(?:{_DIGITS})(?:\s*(?:-|–|til|to|og|and)\s*(?:{_DIGITS}))?|\b(?:{_SPELT[language]})\b)"
    for found in re.finditer(number + rf"\s*(?:{'|'.join(f'(?P<{u}>{p})' for u, p in _UNITS)})", text, re.I):
        start = found.start()
        if start and (text[start - 1].isalnum() or text[start - 1] in "-,."):
            continue
        read = read_number(re.sub(r"\s+(?:og|and)\s+", "-", found["number"]), language)
        counts = next(u for u, _ in _UNITS if found[u])
        if read is not None:
            out.append(Figure(found[0].strip(), start, *read, counts, _tested(read, counts, text[:start], language)))
    return (*out, *_bare(text, out, language))


def _bare(text: str, found: list[Figure], language: Language) -> list[Figure]:
    """Numbers without a unit that we know: nobody tests them, so they are told of. Years, and the number that a sentence begins with, are none."""
    out = []
    for m in re.finditer(rf"(?<![\w.,-])(?:{_DIGITS})(?!\w)", text):
        year = re.fullmatch(r"(?:19|20)\d\d", m[0])
        inside = any(f.start <= m.start() < f.start + len(f.text) for f in found)
        if not year and not inside and m.start() > 0 and (read := read_number(m[0], language)):
            out.append(Figure(m[0], m.start(), *read, "", None))
    return out


def _tested(read: tuple[float, float | None], counts: str, before: str, language: Language) -> Number | None:
    """What a source must print for the number to hold: effects in per cent or points, counts of studies, and days or weeks gained."""
    low, high = read
    if counts == "studies":
        return Number(value=low, field="n_studies") if high is None else None
    if counts in ("pp", "percent") or (counts in ("days", "weeks", "months") and _CAUSED[language].search(before)):
        unit: Unit = counts  # type: ignore[assignment]  # one of five units, all of which the bank has
        return Number(value=low, unit=unit) if high is None else Number(low=low, high=high, unit=unit)
    return None
