"""Words as the search compares them: stemmed in the page's language, and without the letters that keyboards lack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "đ": "d", "ł": "l"})
#: So common that they find everything; ours, and short on purpose: a word that is left out by mistake can never be found.
_COMMON_WORDS = {
    "da": "og i at er en et den det de der som for på med til af fra om eller ikke hvad hvem hvor hvordan",
    "en": "and in at is are a an the that which for on with to of from about or not what who where how",
}
_COMMON = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str:
        """The word without its endings."""


def spans(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """The stem, the beginning and the end of each word; common words are left out."""
    common = _COMMON[language]
    for match in _WORD.finditer(text):
        word = match[0].casefold()
        if word not in common:
            yield stem(word, language), match.start(), match.end()


def stems(text: str, language: str) -> list[str]:
    """The stems of a text, in its order.

    >>> stems("Samtaler, samtale og samtalerne", "da")
    ['samtal', 'samtal', 'samtal']
    >>> stems("løntilskud", "da") == stems("loentilskud", "da")
    True
    """
    return [found for found, _, _ in spans(text, language)]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem of a word in small letters, folded: ``å``, ``aa`` and ``a`` are one letter, so are ``ø``, ``oe`` and ``o``."""
    spelled = word.replace("aa", "å").replace("oe", "ø") if language == "da" else word
    return _folded(_stemmer(language).stemWord(spelled))


def _folded(word: str) -> str:
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word.translate(_LETTERS)) if not unicodedata.combining(c))


@lru_cache(maxsize=2)
def _stemmer(language: str) -> _Stemmer:
    from snowballstemmer import stemmer

    found: _Stemmer = stemmer("danish" if language == "da" else "english")
    return found
