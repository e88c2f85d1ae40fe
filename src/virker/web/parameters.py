"""What an address may ask for after its question mark: named parameters, read strictly, with every fault told in both languages.

One list of parameters reads the address, documents it (OpenAPI) and makes the form of the query page, so that the three cannot differ.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from virker.language import Said

#: A longer query string is refused as a whole, and so is one of more parts.
MOST_BYTES = 16_000
#: A form without a file, and one with a file.
MOST_TYPED, MOST_WITH_FILE = 64_000, 4_000_000
MOST_PARTS = 200
#: No word that anything here asks for is longer.
LONGEST = 200
#: How often one parameter may stand.
MOST_TIMES = 20
#: No other years are years of studies or of law. Ours.
FIRST_YEAR, LAST_YEAR = 1930, 2070
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}([.,][0-9]{1,12})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was asked: where (a parameter or a field), what, and what to do."""

    where: str
    what: Said
    todo: Said


class Refused(Exception):
    """What was asked cannot be answered; carries every fault and the status of HTTP that tells it."""

    def __init__(self, faults: Sequence[Fault], status: int = 422) -> None:
        super().__init__("; ".join(f.what.en for f in faults))
        self.faults = tuple(faults)
        self.status = status


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named part of a question.

    Attributes
    ----------
    schema : mapping
        One value of it, as JSON Schema.
    read : callable
        From the text to the value; a :class:`Fault` where it is none.
    many : bool
        Whether it may stand more than once; the value is then a tuple.
    """

    name: str
    said: Said
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    many: bool = False
    required: bool = False
    example: Any = None


def word(name: str, said: Said, allowed: Collection[str], *, many: bool = False, required: bool = False, listed: bool = True, example: Any = None) -> Parameter:
    """One of the words allowed. ``listed``: the documentation names them all (not for the ids of a thousand studies)."""

    def read(text: str) -> str | Fault:
        if text in allowed:
            return text
        return Fault(name, Said(f"»{short(text)}« kendes ikke", f"'{short(text)}' is not known"), nearest_said(text, allowed))

    schema = {"type": "string", "enum": sorted(allowed)} if listed else {"type": "string", "pattern": "^[A-Za-z0-9#-]+$", "maxLength": LONGEST}
    return Parameter(name, said, schema, read, many, required, example)


def integer(name: str, said: Said, low: int, high: int, *, example: Any = None) -> Parameter:
    """A whole number from ``low`` to ``high``."""

    def read(text: str) -> int | Fault:
        if _INTEGER.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        return _off(name, text, low, high, Said("helt tal", "whole number"))

    return Parameter(name, said, {"type": "integer", "minimum": low, "maximum": high}, read, example=example)


def decimal(name: str, said: Said, low: float, high: float) -> Parameter:
    """A number from ``low`` to ``high``; a decimal comma is read as a point."""

    def read(text: str) -> float | Fault:
        value = float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else math.nan
        return value if low <= value <= high else _off(name, text, low, high, Said("tal", "number"))

    return Parameter(name, said, {"type": "number", "minimum": low, "maximum": high}, read)


def flag(name: str, said: Said) -> Parameter:
    """``true`` or ``false``."""

    def read(text: str) -> bool | Fault:
        if text in ("true", "false"):
            return text == "true"
        return Fault(
            name,
            Said(f"»{short(text)}« er hverken true eller false", f"'{short(text)}' is neither true nor false"),
            Said("skriv true eller false", "write true or false"),
        )

    return Parameter(name, said, {"type": "boolean"}, read)


def day(name: str, said: Said) -> Parameter:
    """A day, ``2026-11-22``."""

    def read(text: str) -> date | Fault:
        found = day_of(text)
        return found or Fault(name, Said(f"»{short(text)}« er ingen dag", f"'{short(text)}' is no day"), DAY_TODO)

    return Parameter(name, said, {"type": "string", "format": "date"}, read)


def words(name: str, said: Said, longest: int = 100) -> Parameter:
    """Free words to search for."""

    def read(text: str) -> str | Fault:
        return (
            text
            if len(text) <= longest
            else Fault(
                name, Said(f"teksten er over {longest} tegn", f"the text is longer than {longest} characters"), Said("skriv færre ord", "write fewer words")
            )
        )

    return Parameter(name, said, {"type": "string", "minLength": 1, "maxLength": longest}, read)


DAY_TODO = Said(
    f"skriv år, måned og dag, som 2026-11-22 ({FIRST_YEAR} til {LAST_YEAR})", f"write year, month and day, as 2026-11-22 ({FIRST_YEAR} to {LAST_YEAR})"
)


def day_of(text: str) -> date | None:
    """The day that the text writes; None where it writes none, or one of no year that anything here is about."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return found if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR else None


def pairs_of(query: bytes, *, keep_blank: bool = True) -> list[tuple[str, str]]:
    """The parts of a query string (or of a posted form), in their order.

    Raises
    ------
    Refused
        With 414 where it is too long, 400 where it is no UTF-8, has control characters or too many parts.
    """
    if len(query) > MOST_BYTES:
        what = Said(f"spørgsmålet i adressen fylder {len(query)} tegn", f"the question in the address takes {len(query)} characters")
        raise Refused([Fault("", what, Said(f"højst {MOST_BYTES}", f"{MOST_BYTES} at most"))], 414)
    try:
        found = parse_qsl(query.decode("utf-8"), keep_blank_values=keep_blank, errors="strict", max_num_fields=MOST_PARTS)
    except UnicodeDecodeError:
        raise Refused(
            [Fault("", Said("spørgsmålet er ikke UTF-8", "the question is not UTF-8"), Said("skriv æ som %C3%A6", "write æ as %C3%A6"))], 400
        ) from None
    except ValueError:
        raise Refused(
            [
                Fault(
                    "",
                    Said(f"spørgsmålet har over {MOST_PARTS} dele", f"the question has more than {MOST_PARTS} parts"),
                    Said("stil et mindre", "ask a smaller one"),
                )
            ],
            400,
        ) from None
    for name, value in found:
        if _CONTROL.search(name) or _CONTROL.search(value):
            what = Said(f"»{short(name)}« har styretegn i sig", f"'{short(name)}' has control characters in it")
            raise Refused([Fault(short(name), what, Said("fjern dem", "take them out"))], 400)
    return found


def read(pairs: Iterable[tuple[str, str]], parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The values by name; what was not given is absent.

    Raises
    ------
    Refused
        With every fault: unknown names, values that are none, what stands too often, what is missing.
    """
    known = {p.name: p for p in parameters}
    found: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    for name, text in pairs:
        if name not in known:
            faults.append(
                Fault(short(name), Said(f"der er ingen parameter »{short(name)}«", f"there is no parameter '{short(name)}'"), nearest_said(name, known))
            )
            continue
        value = _read_one(known[name], text)
        if isinstance(value, Fault):
            faults.append(value)
        found.setdefault(name, []).append(value)
    for name, values in found.items():
        most = MOST_TIMES if known[name].many else 1
        if len(values) > most:
            faults.append(
                Fault(name, Said(f"»{name}« står {len(values)} gange", f"'{name}' stands {len(values)} times"), Said(f"højst {most}", f"{most} at most"))
            )
    faults += [Fault(p.name, Said(f"»{p.name}« mangler", f"'{p.name}' is missing"), p.said) for p in parameters if p.required and p.name not in found]
    if faults:
        raise Refused(faults)
    return {name: tuple(dict.fromkeys(values)) if known[name].many else values[0] for name, values in found.items()}


def _read_one(parameter: Parameter, text: str) -> Any:
    if not text:
        return Fault(
            parameter.name,
            Said(f"»{parameter.name}« er tom", f"'{parameter.name}' is empty"),
            Said("skriv en værdi, eller udelad den", "write a value, or leave it out"),
        )
    if len(text) > LONGEST:
        what = Said(f"»{parameter.name}« er {len(text)} tegn", f"'{parameter.name}' is {len(text)} characters")
        return Fault(parameter.name, what, Said(f"højst {LONGEST}", f"{LONGEST} at most"))
    return parameter.read(text)


def short(text: str, most: int = 40) -> str:
    """The beginning of what somebody wrote, to be told back to them."""
    return text if len(text) <= most else text[:most] + "…"


def nearest_said(text: str, allowed: Iterable[str]) -> Said:
    """The nearest words allowed; where none is near, a few of them or where to look."""
    known = sorted(allowed)
    if close := get_close_matches(text[:LONGEST], known, n=3, cutoff=0.6):
        return Said("mente du " + " eller ".join(f"»{c}«" for c in close) + "?", "did you mean " + " or ".join(f"'{c}'" for c in close) + "?")
    if len(known) <= 12:
        return Said("der er: " + ", ".join(known), "there are: " + ", ".join(known))
    return Said("intet, der ligner, kendes; se listen over ord", "nothing similar is known; see the list of terms")


def _off(name: str, text: str, low: float, high: float, kind: Said) -> Fault:
    return Fault(
        name,
        Said(f"»{short(text)}« kan ikke bruges", f"'{short(text)}' cannot be used"),
        Said(f"skriv et {kind.da} fra {low:g} til {high:g}", f"write a {kind.en} from {low:g} to {high:g}"),
    )


def faults_in(message: str) -> list[Fault]:
    """The faults that a message of the other rooms tells: what, and behind an arrow what to do."""
    faults: list[Fault] = []
    for line in message.splitlines():
        if line.strip().startswith("→") and faults:
            faults[-1] = Fault("", faults[-1].what, same(line.strip(" →")))
        elif line.strip():
            faults.append(Fault("", same(line.strip()), Said("", "")))
    return faults


def same(text: str) -> Said:
    return Said(text, text)
