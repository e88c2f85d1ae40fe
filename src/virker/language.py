"""Two languages side by side: texts that exist in both, and numbers as each language writes them."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")


class Said(msgspec.Struct, frozen=True, gc=False):
    """The same thing said in Danish and in English."""

    da: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.da if language == "da" else self.en

    def __add__(self, other: Said) -> Said:
        return Said(self.da + other.da, self.en + other.en)


def joined(parts: list[Said] | tuple[Said, ...], between: str = " ") -> Said:
    """All parts one after the other."""
    return Said(between.join(p.da for p in parts), between.join(p.en for p in parts))


def number(value: float, language: str) -> str:
    """A number as printed: decimal comma and thousands point in Danish, point and comma in English.

    >>> number(2500, "da"), number(2500, "en"), number(0.12, "da")
    ('2.500', '2,500', '0,12')
    """
    text = f"{value:,.10f}".rstrip("0").rstrip(".") if value != int(value) else f"{int(value):,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "da" else text


_MONTHS_DA = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december")
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def day_said(day: date) -> Said:
    """A day in words: ``22. november 2026``, ``22 November 2026``."""
    return Said(f"{day.day}. {_MONTHS_DA[day.month - 1]} {day.year}", f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}")


def counted(count: int, one: Said, many: Said) -> Said:
    """``1 study`` or ``3 studies``, in both languages."""
    word = one if count == 1 else many
    return Said(f"{number(count, 'da')} {word.da}", f"{number(count, 'en')} {word.en}")


DIRECTIONS: dict[str, Said] = {
    "positive": Said("positiv", "positive"),
    "none": Said("ingen effekt", "no effect"),
    "negative": Said("negativ", "negative"),
    "mixed": Said("blandet", "mixed"),
    "too-little": Said("for lidt viden", "too little evidence"),
}

_POINTING: dict[str, tuple[Said, Said]] = {
    "positive": (Said("positivt", "positive"), Said("positive", "positive")),
    "none": (Said("uden effekt", "without effect"), Said("uden effekt", "without effect")),
    "negative": (Said("negativt", "negative"), Said("negative", "negative")),
    "mixed": (Said("blandet", "mixed"), Said("blandede", "mixed")),
}


#: The directions in the order in which they are told.
WAYS = ("positive", "none", "mixed", "negative")


def pointing(count: int, direction: str) -> Said:
    """So many studies, or pieces of evidence, that point one way.

    >>> pointing(1, "negative").da, pointing(2, "negative").da, pointing(1, "none").en
    ('1 negativt', '2 negative', '1 without effect')
    """
    return counted(count, *_POINTING[direction])
