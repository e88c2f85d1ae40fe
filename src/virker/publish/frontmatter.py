"""The front matter of a note: title, subtitle, a line about it, authors and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from virker.claims.note import NoteText
from virker.errors import UserError
from virker.language import day_said

#: The date that files carry when the note has none, so that the same text always gives the same bytes.
UNDATED = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Front:
    """What stands above the text."""

    title: str
    subtitle: str
    short: str
    authors: tuple[str, ...]
    day: date | None

    @property
    def stamp(self) -> date:
        """The day that files are stamped with."""
        return self.day or UNDATED


def front_of(text: NoteText) -> Front:
    """The front matter; a note without a title is named by its folder. Raises :class:`UserError` where the date is none."""
    meta = text.meta
    authors = meta.get("authors") or ()
    day = meta.get("date")
    return Front(
        title=str(meta.get("title") or text.note),
        subtitle=str(meta.get("subtitle") or ""),
        short=str(meta.get("short") or ""),
        authors=(authors,) if isinstance(authors, str) else tuple(str(a) for a in authors),
        day=_day(day, text.shown) if day else None,
    )


def _day(day: object, shown: str) -> date:
    try:
        return date.fromisoformat(str(day)[:10])
    except ValueError:
        raise UserError(f"{shown}: '{day}' is no date\n    → write year-month-day: date: 2026-11-22") from None


def day_in_words(day: date, language: str) -> str:
    """A date as a page prints it.

    >>> day_in_words(date(2026, 11, 22), "da"), day_in_words(date(2026, 11, 22), "en")
    ('22. november 2026', '22 November 2026')
    """
    return day_said(day)[language]
