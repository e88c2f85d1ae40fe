"""Everything that is said on one day: a workspace's bank, law, claims and notes, loaded and checked together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from virker.bank import Bank, load_bank
from virker.claims.binding import check_note, dangling
from virker.claims.check import Check, WorkToGet, check_claims, works_to_get
from virker.claims.load import ClaimBook, load_claims
from virker.claims.note import NoteText, read_note
from virker.errors import ContentError, Problem
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
        Also read and check the notes' texts.

    Raises
    ------
    ContentError
        With all problems of bank, rules, claims and the form of the notes, at once. What a note *says* wrongly is no such
        error: it is in ``note_problems``.
    """
    problems: list[Problem] = []
    bank = _collect(problems, lambda: load_bank(workspace.bank, workspace.root, cache=workspace.cache if cache else None))
    rules = _collect(problems, lambda: load_rules(workspace.rules, workspace.root))
    book = _collect(problems, lambda: load_claims(workspace.notes, workspace.root, bank))
    texts = {name: read_note(workspace.notes / name, workspace.root, problems) for name in workspace.settings.notes} if notes else {}
    if problems or bank is None or rules is None or book is None:
        raise ContentError(problems)
    then = bank if as_of is None else bank.literature_of(as_of) if isinstance(as_of, int) else bank.as_of(as_of)
    day = None if as_of is None else date(as_of, 12, 31) if isinstance(as_of, int) else as_of
    checks = check_claims(book.claims, then, rules, workspace.settings.rule_set, book.attestations, day)
    by_id = {c.claim.id: c for c in checks}
    if as_of is None and (loose := [p for text in texts.values() for p in dangling(text, by_id, then, rules)]):
        raise ContentError(loose)
    said = tuple(p for text in texts.values() for p in check_note(text, by_id, then, rules)) if as_of is None else ()
    return Edition(workspace, then, rules, book, checks, texts, said, as_of)


def _collect(problems: list[Problem], load: Callable[[], T]) -> T | None:
    try:
        return load()
    except ContentError as error:
        problems.extend(error.problems)
    return None
