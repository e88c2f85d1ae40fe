"""All errors of virker, and the exit code of each.

::

    VirkerError
    └── UserError                 shown without a traceback
        ├── WorkspaceError        2  the folder is no workspace, or its virker.toml is wrong
        ├── ContentError          2  one or more problems in files: bank, vocabulary, rules, claims, note
        ├── QueryError            2  a query or an address that cannot be answered
        ├── MissingExtra          2  an optional part of the installation is needed
        └── ClaimsFell            1  at least one claim is worse than recorded

``ContentError`` carries *all* problems found, not the first one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one place: what, where, and what to do about it."""

    path: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.what}\n    → {self.todo}"


class VirkerError(Exception):
    """Base of all errors of ours."""


class UserError(VirkerError):
    """An error that the user can mend: shown without a traceback."""

    exit_code = 2


class WorkspaceError(UserError):
    """The folder is no virker workspace, or its ``virker.toml`` cannot be used."""


class QueryError(UserError):
    """A query, an id or an address that the bank cannot answer."""


class MissingExtra(UserError):
    """An optional dependency is needed; the message names the extra to install."""

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(f"{what} needs the '{extra}' extra.\n    → pip install 'virker[{extra}]'")


class ClaimsFell(UserError):
    """At least one claim is worse than what is recorded of it."""

    exit_code = 1


class ContentError(UserError):
    """Problems found in content files, all of them at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} found; nothing was written."
        super().__init__("\n".join([head, *map(str, self.problems)]))


def nearest(word: str, allowed: Iterable[str]) -> str:
    """A hint naming the closest allowed words, or where to look when none is close."""
    close: Sequence[str] = get_close_matches(word, list(allowed), n=3, cutoff=0.6)
    return "did you mean " + " or ".join(f"'{c}'" for c in close) + "?" if close else "nothing similar is known."


def relative(path: Path, root: Path) -> str:
    """``path`` as written in messages: relative to the workspace where possible."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()
