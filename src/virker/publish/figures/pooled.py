"""What the printed numbers add up to: for each question of the note, how many there are, how many can be weighed, and what they pool to."""

from __future__ import annotations

from collections.abc import Sequence

from virker.claims.edition import Edition
from virker.language import Said, number
from virker.publish.figures.figure import Figure, Grid
from virker.publish.figures.settings import FigureBook, Panel
from virker.synthesis.pooled_cells import known_cells
from virker.synthesis.pooled_effect import PooledAnswer, PooledEffect
from virker.synthesis.pooled_words import effect_said

_CAPTION = Said("Hvad de trykte tal lægger sig til", "What the printed numbers add up to")
_HEADER = Said("Spørgsmål|Tal|Vejes|Studier|Flest sammen|Samlet skøn", "Question|Numbers|Weighed|Studies|Most together|Pooled effect")
_MEANS = Said(
    "Tal: trykte tal, der kunne stå sammen med andre. Vejes: dem med trykt præcision. Studier: studier og forsøg bag dem, der kan vejes. Flest sammen: flest studier med tal om det samme.",
    "Numbers: printed numbers that could stand with others. Weighed: those with a printed precision. Studies: studies and trials behind those that can be weighed. Most together: most studies with numbers on the same thing.",
)


def pooled_table(edition: Edition, book: FigureBook, language: str) -> Figure:
    """One row for each question of ``notes/figures.toml``."""
    panels = [p for s in book.section for p in s.panel]
    answers = [(p, known_cells(edition.bank, p.select)) for p in panels]
    rows = [_row(p, a, language) for p, a in answers]
    return Figure("table", _CAPTION[language], _told(answers, language), Grid(tuple(_HEADER[language].split("|")), tuple(rows)), notes=(_MEANS[language],))


def _row(panel: Panel, answer: PooledAnswer, language: str) -> tuple[str, ...]:
    printed = sum(len(c.members) + len(c.beside) + len(c.unweighed) for c in answer.cells)
    weighed = sum(len(c.members) + len(c.beside) for c in answer.cells)
    units = {m.unit for c in answer.cells for m in (*c.members, *c.beside)}
    most = max((c.units for c in answer.cells), default=0)
    return panel.said[language], *(number(n, language) for n in (printed, weighed, len(units), most)), _pooled(answer.cells, most, language)


def _pooled(some: Sequence[PooledEffect], most: int, language: str) -> str:
    pooled = [c for c in some if c.status == "pooled"]
    if pooled:
        return " ".join(effect_said(c)[language] for c in pooled)
    if not some:
        return Said("intet tal", "no number")[language]
    if not most:
        return Said("intet kan vejes", "nothing can be weighed")[language]
    if most == 1:
        return Said("intet at samle", "nothing to pool")[language]
    return Said("for få til et samlet skøn", "too few to pool")[language]


def _told(answers: Sequence[tuple[Panel, PooledAnswer]], language: str) -> str:
    pooled = [p.said[language] for p, a in answers if a.count("pooled")]
    n = len(answers)
    if not pooled:
        return Said(f"{n} spørgsmål; ingen af dem har et samlet skøn.", f"{n} questions; none of them has a pooled effect.")[language]
    names = ", ".join(pooled)
    return Said(f"{n} spørgsmål; et samlet skøn for {names}.", f"{n} questions; a pooled effect for {names}.")[language]
