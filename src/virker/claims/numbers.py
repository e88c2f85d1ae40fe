"""Numbers as notes print them: Danish and English forms, ranges, and the tolerance that the printed digits allow."""

from __future__ import annotations

import re

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_RANGE = re.compile(rf"^\s*(?P<sign>[-−])?(?P<low>{_NUMBER})\s*(?P<half>½)?\s*(?:(?:-|–|—|til|to)\s*(?P<high>{_NUMBER}))?\s*$")
_WORDS = {"en": 1, "et": 1, "én": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip


_SPELT: dict[str, dict[int, str]] = {
    "da": dict(enumerate(["to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv"], 2)),
    "en": dict(enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1)),
}


def spelt(value: float, language: str, like: str) -> str | None:
    """``value`` as a word, when ``like`` is a word and the language has one for it (Danish one has two genders: no word).

    >>> spelt(5, "da", "seks"), spelt(5, "en", "Six"), spelt(5, "da", "6"), spelt(1, "da", "to")
    ('fem', 'Five', None, None)
    """
    if like.strip().casefold() not in _WORDS or value != int(value):
        return None
    word = _SPELT[language].get(int(value))
    return word.capitalize() if word and like[:1].isupper() else word


def read_number(text: str, language: str) -> tuple[float, float | None] | None:
    """``(value, None)`` or ``(low, high)`` for a number or a range as written in ``da`` or ``en``; None when it is neither.

    >>> read_number("2.500", "da"), read_number("2,500", "en"), read_number("4-5", "da"), read_number("0,12", "da"), read_number("fire", "da")
    ((2500.0, None), (2500.0, None), (4.0, 5.0), (0.12, None), (4.0, None))
    """
    word = _WORDS.get(text.strip().casefold())
    if word is not None:
        return float(word), None
    found = _RANGE.match(text)
    if not found:
        return None
    low = _value(found["low"], language) + (0.5 if found["half"] else 0.0)
    high = _value(found["high"], language) if found["high"] else None
    return (-low if found["sign"] else low), high


def decimals(text: str, language: str) -> int:
    """How many decimals are printed.

    >>> decimals("8,5-9,5", "da"), decimals("12.474", "da")
    (1, 0)
    """
    mark = "," if language == "da" else "."
    return max((len(m) for m in re.findall(rf"{re.escape(mark)}(\d+)", text)), default=0)


def agrees(printed: float, true: float, digits: int) -> bool:
    """Whether ``true`` rounds to ``printed`` at the printed number of decimals (half a unit of the last digit).

    >>> agrees(0.12, 0.1234, 2), agrees(10, 10.4, 0), agrees(10, 10.6, 0)
    (True, True, False)
    """
    return bool(abs(printed - true) <= 0.5 * 10.0**-digits + 1e-9)


def digits_of(value: float) -> int:
    """Decimals of a number written in a file: 8.5 has one, 10 has none."""
    return len(f"{value:.10f}".rstrip("0").split(".")[1])


def _value(text: str, language: str) -> float:
    thousands, mark = (".", ",") if language == "da" else (",", ".")
    if language == "da" and thousands not in text and "," not in text:
        return float(text)
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(mark)}\d+)?", text):
        return float(text.replace(thousands, "").replace(mark, "."))
    return float(text.replace(mark, "."))
