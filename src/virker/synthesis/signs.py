"""Results one by one, with their signs at a level of significance: for rule sets that look at outcomes, horizons and p-values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from virker.bank import Query, Row
from virker.bank.records import Direction, Finding
from virker.synthesis.orient import oriented
from virker.synthesis.units import EvidenceUnit

Sign = Literal["favourable", "unfavourable", "null", "mixed", "silent"]

#: The sign of a study as a direction; a silent one keeps the direction of its vote.
DIRECTION_OF: Mapping[Sign, Direction] = {"favourable": "positive", "unfavourable": "negative", "null": "none", "mixed": "mixed"}


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a piece of evidence, seen from the question."""

    row: Row
    direction: Direction


def results(rows: Iterable[Row], query: Query) -> tuple[Result, ...]:
    """The rows as results, each with its direction for the question."""
    return tuple(Result(r, d) for r in rows if (d := oriented(r, query)))


def below(f: Finding, alpha: float, said_is: float = 0.05) -> bool | None:
    """Whether the result's p-value is below ``alpha``; None where the source prints too little to tell.

    A printed p or bound decides. Else the source's own *significant* stands for p < ``said_is``, and its *insignificant* for the
    opposite, which leaves open whether p is below a laxer level. Confidence intervals are not used: their coverage is not coded.

    >>> from virker.bank import Origin
    >>> def f(**k): return Finding(id=1, intervention="i", outcome="o", origin=Origin(document="d", level="table"), **k)
    >>> below(f(p=0.07), 0.05), below(f(p_max=0.1, significant="no"), 0.1), below(f(significant="no"), 0.1), below(f(), 0.05)
    (False, True, None, None)
    """
    if f.p is not None:
        return f.p < alpha
    if f.p_max is not None and f.p_max <= alpha:
        return True
    if f.significant == "yes":
        return True if alpha >= said_is and f.p_max is None else None
    if f.significant == "no":
        return False if alpha <= said_is else None
    return None


def sign_of(result: Result, alpha: float, strict: bool, said_is: float = 0.05) -> Sign:
    """A result's sign at a level of significance; a positive or negative one without printed significance is silent.

    *No effect* as the source tells it is a null result; in the strict reading only where its significance is printed.
    """
    f, printed = result.row.finding, below(result.row.finding, alpha, said_is)
    if result.direction == "none":
        return "silent" if strict and printed is None and f.significant is None else "null"
    if result.direction == "mixed":
        return "silent"
    if printed is None:
        return "null" if f.significant == "no" else "silent"
    if not printed:
        return "null"
    return "favourable" if result.direction == "positive" else "unfavourable"


def together(signs: Iterable[Sign]) -> Sign:
    """The finding of one study in one domain (CLEAR's glossary): favourable with no unfavourable, the reverse, or mixed with both.

    >>> together(["favourable", "null"]), together(["favourable", "unfavourable"]), together(["silent"]), together(["null", "silent"])
    ('favourable', 'mixed', 'silent', 'null')
    """
    found = set(signs)
    if {"favourable", "unfavourable"} <= found or "mixed" in found:
        return "mixed"
    return next((s for s in _STRONGEST if s in found), "silent")


_STRONGEST: tuple[Sign, ...] = ("favourable", "unfavourable", "null")


def is_credible(unit: EvidenceUnit, threshold: float) -> bool:
    """Whether a study's causal design is trusted: an assessed mark decides; without one the Maryland level of the design does."""
    return unit.assessed != "unsatisfactory" if unit.assessed else unit.maryland >= threshold


def words(value: object) -> frozenset[str]:
    """The terms of a setting that lists several."""
    return frozenset(str(value).replace(",", " ").split())
