"""Words of strength and the evidence they need: a declared lexicon, held against the level computed.

The words are those of Danish evidence reviews. No source defines all of them ("solid", "bred", "sparsom" have no published
definition), so the lexicon is ours, and it says so here and on the method page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from virker.synthesis import Verdict, rule_set
from virker.synthesis.star import LABELS, STAR

#: ``language: {phrase: the least level of STAR's hierarchy that carries it}``. Longer phrases are looked for first.
LEXICON: dict[str, dict[str, str]] = {
    "da": {
        "stærk evidens": "strong",
        "solid evidens": "strong",
        "velunderbygget": "strong",
        "moderat evidens": "moderate",
        "bred evidens": "moderate",
        "der er evidens": "moderate",
        "virker": "moderate",
        "indikation": "indication",
        "indikerer": "indication",
        "kan virke": "indication",
        "tyder på": "indication",
        "modstridende viden": "conflicting",
    },
    "en": {
        "strong evidence": "strong",
        "solid evidence": "strong",
        "well established": "strong",
        "moderate evidence": "moderate",
        "broad evidence": "moderate",
        "there is evidence": "moderate",
        "works": "moderate",
        "indication": "indication",
        "indicates": "indication",
        "may work": "indication",
        "suggests": "indication",
        "conflicting knowledge": "conflicting",
    },
}  # fmt: skip

#: Negations turn the word into another claim; the claim's own expectation then holds it.
_NEGATED = {"da": re.compile(r"\b(?:ikke|ingen|hverken|aldrig)\b"), "en": re.compile(r"\b(?:not|no|neither|never|whether)\b")}


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
