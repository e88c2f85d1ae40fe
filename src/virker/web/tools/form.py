"""Forms that work without a script: fields described once, then shown, read and shown again with every fault beside its field."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from virker.language import Said, number
from virker.web.parameters import LAST_YEAR, Fault, day_of, short
from virker.web.tools.reply import Form as Posted

Kind = Literal["day", "number", "whole", "choice", "radio", "yes-no", "lines", "text"]
#: A longer answer than this is none, but for lines.
LONGEST, LONGEST_LINES = 200, 10_000
#: Dates that anything here is about.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(LAST_YEAR, 12, 31)
CALCULATE = Said("Beregn", "Calculate")
NOT_TOLD = Said("ikke oplyst", "not told")
_YES_NO = (("yes", Said("ja", "yes")), ("no", Said("nej", "no")), ("", NOT_TOLD))


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Attributes
    ----------
    choices : tuple of (str, Said)
        For ``choice`` (a list) and ``radio``: the values and their words.
    low, high : float or None
        The bounds of a number, both included.
    default : str
        What stands there before anything is told.
    unit : Said or None
        Said after the field.
    untold : Said
        The first choice of a list that need not be answered.
    """

    name: str
    label: Said
    kind: Kind
    hint: Said | None = None
    choices: tuple[tuple[str, Said], ...] = ()
    required: bool = False
    low: float | None = None
    high: float | None = None
    default: str = ""
    unit: Said | None = None
    untold: Said = NOT_TOLD

    @property
    def options(self) -> tuple[tuple[str, Said], ...]:
        """The choices as shown; a list that need not be answered begins with that."""
        if self.kind == "yes-no":
            return _YES_NO
        if self.kind == "choice" and not self.required:
            return (("", self.untold), *self.choices)
        return self.choices


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading; ``folded`` where most people need none of them, ``pairs`` where two fields belong on a line."""

    title: Said | None
    fields: tuple[Field, ...]
    lead: Said | None = None
    folded: bool = False
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its fields, and the word on its button. ``id`` tells two forms of one page apart."""

    id: str
    groups: tuple[Group, ...]
    button: Said = CALCULATE
    title: Said | None = None

    @property
    def fields(self) -> Iterator[Field]:
        """Every field."""
        for group in self.groups:
            yield from group.fields


@dataclass(frozen=True)
class Told:
    """What was told: the values that could be read, the text as it was written, and every fault."""

    values: Mapping[str, Any]
    raw: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)
    language: str = "da"

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def fault(self, name: str, what: Said, todo: Said) -> None:
        """Note something wrong at a field, or with the whole (no name)."""
        self.faults.append(Fault(name, what, todo))

    def faults_at(self, name: str) -> list[Fault]:
        return [f for f in self.faults if f.where == name]


def untold(form: Form) -> Told:
    """The form as it stands before anything is told."""
    return Told({}, {f.name: f.default for f in form.fields})


def read(form: Form, posted: Posted, language: str) -> Told:
    """Everything that was told, as the language writes numbers; a field that is no field of the form is passed over."""
    told = Told({}, {})
    values: dict[str, Any] = {}
    raw: dict[str, str] = {}
    for one in form.fields:
        text = posted.get(one.name, "")
        text = text if isinstance(text, str) else ""
        raw[one.name] = text[: LONGEST_LINES if one.kind == "lines" else LONGEST]
        if (value := _value(one, text, language, told)) is not None:
            values[one.name] = value
    return Told(values, raw, told.faults, language)


def _value(one: Field, text: str, language: str, told: Told) -> Any:
    most = LONGEST_LINES if one.kind == "lines" else LONGEST
    if len(text) > most:
        told.fault(
            one.name,
            Said(f"svaret er {len(text)} tegn langt", f"the answer is {len(text)} characters long"),
            Said(f"skriv højst {most}", f"write {most} at most"),
        )
        return None
    if not text.strip():
        if one.required:
            told.fault(one.name, Said("mangler", "is missing"), _ASKED[one.kind])
        return None
    return _READERS[one.kind](one, text.strip(), language, told)


def _read_day(one: Field, text: str, language: str, told: Told) -> date | None:
    found = day_of(text)
    if found is None:
        told.fault(one.name, Said(f"»{short(text)}« er ingen dag", f"'{short(text)}' is no day"), _ASKED["day"])
    elif not FIRST_DAY <= found <= LAST_DAY:
        what = Said(f"året {found.year} er ikke muligt", f"the year {found.year} is not possible")
        years = f"{FIRST_DAY.year}", f"{LAST_DAY.year}"
        told.fault(one.name, what, Said(f"skriv en dag fra {years[0]} til {years[1]}", f"write a day from {years[0]} to {years[1]}"))
        return None
    return found


def _read_number(one: Field, text: str, language: str, told: Told) -> float | None:
    found = number_of(text, language)
    if found is None or (one.kind == "whole" and found != int(found)):
        kind = Said("helt tal", "whole number") if one.kind == "whole" else Said("tal", "number")
        told.fault(one.name, Said(f"»{short(text)}« er ikke et {kind.da}", f"'{short(text)}' is no {kind.en}"), _bounds(one, kind))
        return None
    if (one.low is not None and found < one.low) or (one.high is not None and found > one.high):
        told.fault(one.name, Said(f"{number(found, 'da')} er ikke muligt", f"{number(found, 'en')} is not possible"), _bounds(one, Said("tal", "number")))
        return None
    return int(found) if one.kind == "whole" else found


def _bounds(one: Field, kind: Said) -> Said:
    if one.low is None or one.high is None:
        return Said(f"skriv et {kind.da}", f"write a {kind.en}")
    low, high = one.low, one.high
    return Said(f"skriv et {kind.da} fra {number(low, 'da')} til {number(high, 'da')}", f"write a {kind.en} from {number(low, 'en')} to {number(high, 'en')}")


def _read_choice(one: Field, text: str, language: str, told: Told) -> str | None:
    if text in dict(one.options):
        return text
    told.fault(one.name, Said(f"»{short(text)}« er ikke på listen", f"'{short(text)}' is not on the list"), _ASKED["choice"])
    return None


def _read_yes_no(one: Field, text: str, language: str, told: Told) -> bool | None:
    found = _read_choice(one, text, language, told)
    return None if found is None else found == "yes"


def _read_text(one: Field, text: str, language: str, told: Told) -> str:
    return text


_READERS: dict[Kind, Callable[[Field, str, str, Told], Any]] = {
    "day": _read_day,
    "number": _read_number,
    "whole": _read_number,
    "choice": _read_choice,
    "radio": _read_choice,
    "yes-no": _read_yes_no,
    "lines": _read_text,
    "text": _read_text,
}
_CHOOSE = Said("vælg et svar", "choose an answer")
_ASKED: dict[Kind, Said] = {
    "day": Said("skriv år, måned og dag, som 2026-09-01", "write year, month and day, as 2026-09-01"),
    "number": Said("skriv et tal", "write a number"),
    "whole": Said("skriv et helt tal", "write a whole number"),
    "choice": _CHOOSE,
    "radio": _CHOOSE,
    "yes-no": _CHOOSE,
    "lines": Said("skriv mindst én linje", "write at least one line"),
    "text": Said("skriv et svar", "write an answer"),
}
_GROUPED = {"da": (re.compile(r"-?\d{1,3}(\.\d{3})+(,\d{1,6})?"), ".", ","), "en": (re.compile(r"-?\d{1,3}(,\d{3})+(\.\d{1,6})?"), ",", ".")}
_PLAIN = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")


def number_of(text: str, language: str) -> float | None:
    """The number that a text writes, with or without a sign between thousands; None where it writes none.

    >>> number_of("25.000,50", "da"), number_of("25,000.50", "en"), number_of("12,5", "da"), number_of("12.5", "da"), number_of("x", "da")
    (25000.5, 25000.5, 12.5, 12.5, None)
    """
    bare = re.sub(r"[\s\u00a0\u202f]|kr\.?|DKK", "", text, flags=re.IGNORECASE).replace("−", "-")
    grouped, thousands, point = _GROUPED["da" if language == "da" else "en"]
    if grouped.fullmatch(bare):
        return float(bare.replace(thousands, "").replace(point, "."))
    found = float(bare.replace(",", ".")) if _PLAIN.fullmatch(bare) else math.nan
    return found if math.isfinite(found) else None


def ordered(faults: Sequence[Fault], form: Form) -> list[Fault]:
    """The faults in the order of the fields, what concerns the whole first."""
    places = {f.name: n for n, f in enumerate(form.fields, 1)}
    return sorted(faults, key=lambda f: places.get(f.where, 0))
