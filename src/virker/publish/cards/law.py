"""What a card's lines about the law say on a day: the number of that day, where it stands, and what else is said of the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from virker.claims.cards import Line, Piece
from virker.claims.unknown import worded
from virker.claims.values import number_holds
from virker.language import Language, day_said, number
from virker.publish.cards import words
from virker.rules import Parameter, Reading, Rules
from virker.rules.told import STATUSES, days_said, value_said

#: What ``rules/`` writes as the reference of a value whose provision nobody has read: it is known from pages about the law.
NOT_READ = "Lovbestemmelsen er ikke læst"


@dataclass(frozen=True, slots=True)
class LawLine:
    """A line about the law as it reads on the day: its pieces, its standing, its days, what stands beside it, and its references."""

    pieces: tuple[Piece, ...]
    standing: words.LawStanding
    days: tuple[str, ...]
    beside: tuple[str, ...]
    references: tuple[str, ...]


def law_line(line: Line, rules: Rules, on: date, written: date, language: Language) -> LawLine:
    """The line on ``on``; where its words, written for ``written``, do not fit that day, the law's own words stand in their place."""
    bound = tuple(dict.fromkeys((*line.rules, *((u.removeprefix("rule:"), None) for u in line.unknown if u.startswith("rule:")))))
    readings = [rules.reading(address, own or on) for address, own in bound]
    found = [r.parameter for r in readings if r.parameter is not None]
    pieces = _pieces(line, rules, on, language) if _fits(line, rules, on) else _own_words(readings, rules, language)
    told = [_standing(r, on, own is None) for r, (_, own) in zip(readings, bound, strict=True)]
    if any(u.startswith("not-found:") for u in line.unknown):  # by itself: not found; beside a rule: what holds may have changed
        told.append("in doubt" if found else "not found")
    beside = dict.fromkeys(_beside(p, rules, r, language) for r, (_, own) in zip(readings, bound, strict=True) if own is None for p in r.beside)
    return LawLine(
        pieces,
        max(told, key=words.LAW_ORDER.index),
        tuple(dict.fromkeys(days_said(p)[language] for p in found)),
        tuple(beside),
        tuple(dict.fromkeys(_reference(r, rules, language) for r in readings if r.parameter is not None)),
    )


def _fits(line: Line, rules: Rules, on: date) -> bool:
    """Whether every binding of the line is one that its words can tell on the day."""
    for span in line.spans:
        day = span.on or on
        if span.rule is not None:
            found = rules.reading(span.rule, day).parameter
            if found is None or worded(found) != (span.says or "yes"):
                return False
        if (span.value or "").startswith("rule:") and rules.reading((span.value or "").removeprefix("rule:"), day).parameter is None:
            return False
        if (span.unknown or "").startswith("rule:") and rules.reading((span.unknown or "").removeprefix("rule:"), day).parameter is not None:
            return False
    return True


def _pieces(line: Line, rules: Rules, on: date, language: Language) -> tuple[Piece, ...]:
    """The line's words, each number of the law as it is on the day."""
    return tuple(_of_the_day(p, rules, on, language) if p.rule else p for p in line.pieces)


def _of_the_day(piece: Piece, rules: Rules, on: date, language: Language) -> Piece:
    found = rules.reading(piece.rule or "", piece.on or on).parameter
    if found is None or isinstance(found.value, (bool, str)) or number_holds(piece.text, language, (float(found.value), None)):
        return piece
    return Piece(number(float(found.value), language), piece.strong, piece.rule, piece.on)


def _own_words(readings: list[Reading], rules: Rules, language: Language) -> tuple[Piece, ...]:
    """What the law says of each thing on the day, in the words of the rule itself."""
    said = []
    for reading in readings:
        name, value = _label(reading, rules, language), reading.parameter
        if value is None:
            said.append(words.NOT_FOUND_FOR[language].format(name, day_said(reading.day)[language]))
        else:
            said.append(words.VALUE[language].format(name, value_said(value, rules.schemes[reading.address.partition("/")[0]])[language]))
    return (Piece(" ".join(said)),)


def _label(reading: Reading, rules: Rules, language: Language) -> str:
    one = reading.parameter or rules.parameter(reading.address)
    return one.da if language == "da" else one.en


def _standing(reading: Reading, on: date, today: bool) -> words.LawStanding:
    """Where the value stands; one in force beside which another is told for the same day may have changed."""
    found = reading.parameter
    if found is None:
        return "not found"
    if today and found.status == "in force" and any(p.status == "unverified" for p in reading.beside):
        return "in doubt"
    if found.status == "in force" and found.reference == NOT_READ:
        return "by pages"
    return "held" if found.status == "repealed" and found.holds_on(on) else found.status


def _beside(parameter: Parameter, rules: Rules, reading: Reading, language: Language) -> str:
    scheme = rules.schemes[reading.address.partition("/")[0]]
    status = STATUSES[parameter.status][language]
    label = parameter.da if language == "da" else parameter.en
    told = f"{status}, {days_said(parameter)[language]}: {label}: {value_said(parameter, scheme)[language]} ({scheme.said(parameter.reference)[language]})."
    return told[:1].upper() + told[1:]


def _reference(reading: Reading, rules: Rules, language: Language) -> str:
    assert reading.parameter is not None
    return rules.schemes[reading.address.partition("/")[0]].said(reading.parameter.reference)[language]
