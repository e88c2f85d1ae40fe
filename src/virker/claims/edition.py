"""Everything that is said on one day: a workspace's bank, law, claims, notes and cards, loaded and checked together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from virker.bank import Bank, load_bank
from virker.claims.binding import check_note, dangling
from virker.claims.card_form import check_cards, form_problems
from virker.claims.cards import Card, read_cards
from virker.claims.check import Check, WorkToGet, check_claims, works_to_get
from virker.claims.conclusions import Conclusions, load_conclusions
from virker.claims.gaps import GapCheck, check_gaps
from virker.claims.load import ClaimBook, load_claims
from virker.claims.note import NoteText, read_note
from virker.errors import ContentError, Problem
from virker.memory import without_collection
from virker.rules import Rules, load_rules
from virker.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Edition:
    """A workspace read whole: what ``virker check`` tests and ``virker build`` prints."""

    workspace: Workspace
    bank: Bank
    rules: Rules
    book: ClaimBook
    checks: tuple[Check, ...]
    notes: dict[str, dict[str, NoteText]]
    note_problems: tuple[Problem, ...]
    as_of: date | int | None = None
    cards: dict[str, dict[str, Card]] = field(default_factory=dict)
    gaps: dict[str, GapCheck] = field(default_factory=dict)
    conclusions: Conclusions = field(default_factory=Conclusions)

    @cached_property
    def texts(self) -> dict[str, dict[str, NoteText]]:
        """The text of every note and card in each language: what is bound, whatever it looks like. A note goes before a card of its name."""
        return {**{name: {language: c.text for language, c in both.items()} for name, both in self.cards.items()}, **self.notes}

    @cached_property
    def by_id(self) -> dict[str, Check]:
        """The checks by claim id."""
        return {c.claim.id: c for c in self.checks}

    @cached_property
    def works_to_get(self) -> tuple[WorkToGet, ...]:
        """Works that somebody must get and read, by how many claims hang on each."""
        return works_to_get(self.checks)

    @property
    def fell(self) -> tuple[Check, ...]:
        """Claims that are worse than recorded."""
        return tuple(c for c in self.checks if c.fell)

    @property
    def rose(self) -> tuple[Check, ...]:
        """Claims that are better than recorded."""
        return tuple(c for c in self.checks if c.rose)


def load_edition(workspace: Workspace, *, as_of: date | int | None = None, notes: bool = True, cache: bool = True) -> Edition:
    """Load and check a workspace.

    Parameters
    ----------
    as_of
        A day (the bank as it stood then) or a year (the literature up to then).
    notes
        Also read and check the texts of notes and cards.

    Raises
    ------
    ContentError
        With all problems of bank, rules, claims and the form of notes and cards, at once. What a note *says* wrongly is no such
        error: it is in ``note_problems``.
    """
    problems: list[Problem] = []
    bank = _collect(problems, lambda: load_bank(workspace.bank, workspace.root, cache=workspace.cache if cache else None))
    rules = _collect(problems, lambda: load_rules(workspace.rules, workspace.root))
    book = _collect(problems, lambda: load_claims(workspace.notes, workspace.root, bank))
    with without_collection():
        texts = {name: read_note(workspace.notes / name, workspace.root, problems) for name in workspace.settings.notes} if notes else {}
        cards = read_cards(workspace.cards, workspace.root, problems) if notes else {}
        conclusions = load_conclusions(workspace.notes, workspace.root, bank, problems) if notes else Conclusions()
    problems += form_problems(cards, bank.vocabulary) if bank is not None else []
    if problems or bank is None or rules is None or book is None:
        raise ContentError(problems)
    then = bank if as_of is None else bank.literature_of(as_of) if isinstance(as_of, int) else bank.as_of(as_of)
    day = None if as_of is None else date(as_of, 12, 31) if isinstance(as_of, int) else as_of
    checks = check_claims(book.claims, then, rules, workspace.settings.rule_set, book.attestations, day)
    by_id = {c.claim.id: c for c in checks}
    gaps = check_gaps(book.gaps, then)
    edition = Edition(workspace, then, rules, book, checks, texts, (), as_of, cards, gaps, conclusions)
    if as_of is not None:
        return edition
    if loose := [p for text in (*edition.texts.values(), conclusions.texts) for p in dangling(text, by_id, then, rules, gaps)]:
        raise ContentError(loose)
    said = [p for text in (*edition.texts.values(), conclusions.texts) for p in check_note(text, by_id, then, rules, gaps)]
    return replace(edition, note_problems=(*said, *check_cards(cards)))


def _collect(problems: list[Problem], load: Callable[[], T]) -> T | None:
    try:
        return load()
    except ContentError as error:
        problems.extend(error.problems)
    return None
