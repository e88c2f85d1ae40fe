"""Words of strength and the evidence they need: a declared lexicon, held against the level computed.

The words are those of Danish evidence reviews. No source defines all of them ("solid", "bred", "sparsom" have no published
definition), so the lexicon is ours, and it says so here and on the page about words of strength. :mod:`virker.claims.ladder` goes
the other way: from a level to the strongest sentence that it carries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from virker.language import LANGUAGES
from virker.synthesis import Verdict, rule_set
from virker.synthesis.star import LABELS, STAR

#: Rung by rung: ``(the least level of STAR's hierarchy that carries the words, Danish, English)``. The pairs say the same.
RUNGS: tuple[tuple[str, str, str], ...] = (
    ("strong", "stærk evidens", "strong evidence"),
    ("strong", "evidensen er stærk", "the evidence is strong"),
    ("strong", "solid evidens", "solid evidence"),
    ("strong", "velunderbygget", "well established"),
    ("moderate", "moderat evidens", "moderate evidence"),
    ("moderate", "evidensen er moderat", "the evidence is moderate"),
    ("moderate", "bred evidens", "broad evidence"),
    ("moderate", "der er evidens", "there is evidence"),
    ("moderate", "virker sandsynligvis", "probably works"),
    ("moderate", "virker", "works"),
    ("indication", "kan virke", "may work"),
    ("indication", "indikation", "indication"),
    ("indication", "indikerer", "indicates"),
    ("indication", "tyder på", "suggests"),
    ("conflicting", "modstridende viden", "conflicting knowledge"),
)

#: ``language: {phrase: the least level that carries it}``. Longer phrases are looked for first.
LEXICON: dict[str, dict[str, str]] = {language: {rung[1 + i]: rung[0] for rung in RUNGS} for i, language in enumerate(LANGUAGES)}

#: Negations turn the word into another claim; the claim's own expectation then holds it.
_NEGATED = {"da": re.compile(r"\b(?:ikke|ingen|hverken|aldrig|hvorvidt)\b"), "en": re.compile(r"\b(?:not|no|neither|never|whether)\b")}


@dataclass(frozen=True, slots=True)
class TooStrong:
    """A phrase that needs more than the verdict gives."""

    phrase: str
    needs: str
    has: str


def too_strong(text: str, language: str, verdict: Verdict | None) -> TooStrong | None:
    """The first word of strength in ``text`` that the verdict does not carry; None when all hold or nothing can be compared.

    Only verdicts of STAR's hierarchy are compared: its levels are the ones that the words come from.
    """
    if verdict is None or verdict.rule_set != STAR.id or verdict.level is None or _NEGATED[language].search(text.casefold()):
        return None
    rest = text.casefold()
    for phrase, needs in sorted(LEXICON[language].items(), key=lambda item: -len(item[0])):
        if re.search(rf"\b{re.escape(phrase)}\b", rest):
            rest = rest.replace(phrase, " ")
            if not rule_set(STAR.id).at_least(verdict.level, needs):
                return TooStrong(phrase, LABELS[needs][language], LABELS[verdict.level][language])
    return None
