"""A card as it is printed on one day: every line with its number, its status, how strong it is, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from virker.claims.cards import CARD_KINDS, Card, CardKind, Line, Piece
from virker.claims.check import Check
from virker.claims.edition import Edition
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS, Status
from virker.claims.report import MEANING
from virker.claims.result import ORDER
from virker.errors import QueryError, nearest
from virker.language import LANGUAGES, Language, Said, counted, day_said, number
from virker.publish.cards import words
from virker.publish.cards.law import LawLine, law_line
from virker.publish.references import label
from virker.synthesis import RULE_SETS, rule_set
from virker.synthesis.scale import ROLES, states
from virker.synthesis.scale_told import ROLES_SAID, cell_said

#: So many studies are named behind a line; the rest are counted.
MOST_STUDIES = 4


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line as it is shown.

    Attributes
    ----------
    sign, status : str
        The status in a sign and a word; together they need no colour.
    standing : str
        Its name for the style sheet: a status of claims, or a standing of the law.
    basis : str
        How strong: the level of evidence, the number of studies, or the days of a rule.
    beside : tuple of str
        What else is said of the same law on the same day, in small print.
    bound : tuple of str
        The claims and gaps that it is bound to.
    sources : str
        The studies behind it, in short.
    references : tuple of str
        The legal references of a line about the law.
    """

    number: int
    pieces: tuple[Piece, ...]
    sign: str
    status: str
    standing: str
    basis: str
    beside: tuple[str, ...]
    bound: tuple[str, ...]
    sources: str
    references: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.pieces)


@dataclass(frozen=True, slots=True)
class PrintedSection:
    name: str
    heading: str
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True, slots=True)
class CardPage:
    """One language of a card on one day."""

    card: str
    kind: CardKind
    language: Language
    title: str
    about: str
    on: date
    written: date
    sections: tuple[PrintedSection, ...]
    legend: tuple[tuple[str, str, str], ...]
    rule_set: str
    studies: int
    scale: tuple[str, ...]
    other: str | None

    @property
    def kind_said(self) -> str:
        return CARD_KINDS[self.kind][self.language]

    @property
    def lines(self) -> tuple[PrintedLine, ...]:
        return tuple(line for s in self.sections for line in s.lines)

    @property
    def sources(self) -> tuple[tuple[int, str, str], ...]:
        """Behind each line that is no law: its number, its claims and gaps, and its studies in short."""
        return tuple((line.number, ", ".join(line.bound), line.sources) for line in self.lines if line.bound)

    @property
    def references(self) -> tuple[str, ...]:
        """The legal references of all lines, each once."""
        return tuple(dict.fromkeys(r for line in self.lines for r in line.references))

    @property
    def stands(self) -> tuple[str, ...]:
        """The day, the rule set, and the size of the bank: what the card holds for."""
        told = [
            f"{words.LAW_ON[self.language]} {day_said(self.on)[self.language]}",
            f"{words.RULE_SET[self.language]} {self.rule_set}",
            words.BANK[self.language].format(number(self.studies, self.language)),
        ]
        if self.on != self.written:
            told.append(words.READ_ON_ANOTHER_DAY[self.language].format(day_said(self.written)[self.language]))
        return tuple(told)


def read_card_page(edition: Edition, name: str, language: Language, on: date | None = None) -> CardPage:
    """The card in a language, its law as on ``on`` (default: the day that the card is written for).

    Raises
    ------
    QueryError
        When there is no such card.
    """
    if name not in edition.cards:
        raise QueryError(f"there is no card '{name}'\n    → {nearest(name, edition.cards)} virker card list shows them")
    card = edition.cards[name][language]
    day = on or card.front.date
    numbers = iter(range(1, 1000))
    sections = tuple(
        PrintedSection(s.name, s.heading, tuple(_line(edition, card, s.name, line, next(numbers), day, language) for line in s.lines)) for s in card.sections
    )
    kind: CardKind = card.front.kind
    terms = edition.bank.vocabulary["interventions" if kind == "measure" else "target_groups"]
    term = terms[card.front.about]
    rules = rule_set(edition.workspace.settings.rule_set)
    return CardPage(
        card=name,
        kind=kind,
        language=language,
        title=card.front.title,
        about=(term.definition_da if language == "da" else term.definition_en) or "",
        on=day,
        written=card.front.date,
        sections=sections,
        legend=tuple(_legend(sections, language)),
        rule_set=rules.label[language],
        studies=len(edition.bank.studies),
        scale=tuple(_scale(edition, card.front.scale, language)) if card.front.scale else (),
        other=next((o for o in LANGUAGES if o != language and o in edition.cards[name]), None),
    )


def _line(edition: Edition, card: Card, section: str, line: Line, count: int, on: date, language: Language) -> PrintedLine:
    if section == "law":
        return _about_the_law(law_line(line, edition.rules, on, card.front.date, language), count, language)
    checks = [edition.by_id[c] for c in line.claims]
    status = _worst([*(c.status for c in checks), *(_unknown_status(edition, u, on) for u in line.unknown)])
    return PrintedLine(
        number=count,
        pieces=line.pieces,
        sign=STATUS_SIGNS[status],
        status=STATUS_LABELS[status][language],
        standing=status,
        basis=" / ".join(dict.fromkeys([*_basis(checks, language), *(b for u in line.unknown if (b := _open(edition, u, language)))])),
        beside=(),
        bound=(*line.claims, *line.unknown),
        sources=_studies(edition, checks, language),
    )


def _about_the_law(law: LawLine, count: int, language: Language) -> PrintedLine:
    return PrintedLine(
        number=count,
        pieces=law.pieces,
        sign=words.LAW_SIGNS[law.standing],
        status=words.LAW_LABELS[law.standing][language],
        standing=law.standing.replace(" ", "-"),
        basis=" / ".join(law.days),
        beside=law.beside,
        bound=(),
        sources="",
        references=law.references,
    )


def _unknown_status(edition: Edition, unknown: str, on: date) -> Status:
    """The status of what is told as not known; of what turns out to be known, that the words are contradicted."""
    if unknown.startswith("rule:"):
        return "too-little" if edition.rules.reading(unknown.removeprefix("rule:"), on).parameter is None else "contradicted"
    if unknown in edition.gaps:
        gap = edition.gaps[unknown]
        return "contradicted" if gap.answers else gap.status
    status = edition.by_id[unknown].status
    return status if status in ("not-traced", "too-little") else "contradicted"


def _open(edition: Edition, unknown: str, language: Language) -> str:
    """What there is on something unknown: nothing, or only what the note tells."""
    if unknown in edition.gaps:
        gap = edition.gaps[unknown]
        return "" if gap.answers else (words.ONLY_THE_NOTE if gap.untraced else words.NO_STUDIES)[language]
    known = edition.by_id.get(unknown)
    return words.ONLY_THE_NOTE[language] if known is not None and known.status == "not-traced" else ""


def _worst(found: Iterable[Status]) -> Status:
    return min(found, key=ORDER.index)


def _basis(checks: Iterable[Check], language: Language) -> Iterator[str]:
    """How strong: the level of every claim that a rule set gives one, and of the others how many studies speak."""
    studies: dict[str, None] = {}
    for check in checks:
        verdicts = [p.verdict for p in check.parts if p.verdict]
        levels = [said[language] for v in verdicts if (said := RULE_SETS[v.rule_set].level_labels.get(v.level or ""))]
        yield from levels[:1]
        if not levels:
            studies.update(dict.fromkeys(_carrying(check)))
    if studies:
        yield counted(len(studies), Said("studie", "study"), Said("studier", "studies"))[language]


def _carrying(check: Check) -> list[str]:
    """The studies that decide a claim, those that carry it first."""
    decided = [a for p in check.parts for a in (*p.carrying, *p.against)]
    return list(dict.fromkeys(a.partition("#")[0] for a in decided or check.findings))


def _studies(edition: Edition, checks: Iterable[Check], language: Language) -> str:
    names = list(dict.fromkeys(s for c in checks for s in _carrying(c)))
    told = [label(edition.bank.studies[s], language, width=60) for s in names[:MOST_STUDIES]]
    more = len(names) - MOST_STUDIES
    return ", ".join(told) + (f" {words.MORE[language].format(more)}" if more > 0 else "")


def _scale(edition: Edition, intervention: str, language: Language) -> Iterator[str]:
    """What sources print at each scale, on whom: only the cells that somebody printed."""
    for state in states(edition.bank, intervention).states:
        cells = [f"{ROLES_SAID[role][language]} {cell_said(state.cell(role))[language]}" for role in ROLES if state.cell(role)]
        told = f"{state.said[language]}: {'; '.join(cells)}."
        yield told[:1].upper() + told[1:]


def _legend(sections: Iterable[PrintedSection], language: Language) -> Iterator[tuple[str, str, str]]:
    """Sign, word and meaning of every status on the card."""
    there = {line.standing for s in sections for line in s.lines}
    for status in STATUS_SIGNS:
        if status in there:
            yield STATUS_SIGNS[status], STATUS_LABELS[status][language], MEANING[status][language]
    for standing in words.LAW_ORDER:
        if standing.replace(" ", "-") in there:
            yield words.LAW_SIGNS[standing], words.LAW_LABELS[standing][language], words.LAW_MEANING[standing][language]
