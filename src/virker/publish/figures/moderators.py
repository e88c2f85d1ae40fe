"""What goes with a positive finding: the moderators that the note speaks of, each with the difference between its two sides, or too few to tell."""

from __future__ import annotations

from virker.claims.edition import Edition
from virker.language import Said, number
from virker.publish.figures.figure import Figure, Grid
from virker.publish.figures.settings import Panel
from virker.synthesis.pooled_words import interval_said, p_said
from virker.synthesis.sign_model import Moderated, Signs, signs_of

_HEADER = Said(
    "Fund|over for fund|Studier og forsøg|Forskel i andelen af positive fund [95 pct.-interval]|p",
    "Findings|against findings|Studies and trials|Difference in the share of positive findings [95% interval]|p",
)
_TOO_FEW = Said("for få til at sige noget", "too few to tell")
_WHAT = Said(
    "En forskel er, hvad der følges ad, ikke hvorfor: også indsatserne, menneskerne og tiden er forskellige. Banken er ikke en systematisk søgning, så andelen af positive fund kan være for høj.",
    "A difference is what goes together, not why: the measures, the people and the times differ too. The bank is no systematic search, so the share of positive findings may be too high.",
)


def moderators(edition: Edition, spec: Panel, language: str) -> Figure:
    """One row for each moderator; fits the models once for both languages."""
    found = _signs(edition, spec)
    rows = tuple(_row(m, language) for m in found.moderators)
    told = [m for m in found.moderators if m.model is not None]
    alt = " ".join([found.said[language], *(m.said[language] for m in told)])
    caption = Said(f"Hvad følges med et positivt fund: {spec.da}", f"What goes with a positive finding: {spec.en}")[language]
    return Figure("table", caption, alt, Grid(tuple(_HEADER[language].split("|")), rows), notes=(found.said[language], _WHAT[language]))


def _signs(edition: Edition, spec: Panel) -> Signs:
    key = ("signs", spec.select)
    known: Signs | None = edition.bank.memo.get(key)
    if known is None:
        known = edition.bank.memo[key] = signs_of(edition.bank, spec.select)
    return known


def _row(m: Moderated, language: str) -> tuple[str, ...]:
    counts = Said(f"{m.one} og {m.other}", f"{m.one} and {m.other}")[language]
    sides = m.moderator.one[language], m.moderator.other[language]
    if m.difference is None or m.low is None or m.high is None or m.p is None:
        return *sides, counts, _TOO_FEW[language], ""
    points = Said("procentpoint", "percentage points")[language]
    sign = "−" if round(m.difference) < 0 else "+" if round(m.difference) > 0 else ""
    size = f"{sign}{number(abs(round(m.difference)), language)} {points} [{interval_said(round(m.low), round(m.high))[language]}]"
    return *sides, counts, size, p_said(m.p)[language].removeprefix("p ").removeprefix("= ")
