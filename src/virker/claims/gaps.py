"""What is not known, said so that it can turn out to be wrong.

A gap is a question that the bank cannot answer: one or several queries that select no traced finding. It is written in
``notes/gaps.toml`` and bound with ``[words]{unknown="gap-id"}``. The day a study answers it, the words that say that nothing is known are wrong,
and ``virker check`` says so. What only the source note tells (level ``seed``) answers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from virker.bank.bank import Bank
from virker.bank.query import Query
from virker.decode import decode
from virker.errors import Problem, relative
from virker.files import line_of, read_text, read_toml

#: Where the questions stand, under ``notes/``.
FILE = "gaps.toml"


class Gap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question without an answer: its words, and the queries that would find one."""

    id: str = ""
    da: str
    en: str
    select: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class GapCheck:
    """Whether a gap is still open.

    Attributes
    ----------
    answers : tuple of str
        Addresses of the traced findings that answer it; empty while it is open.
    untraced : tuple of str
        Findings that only the source note tells.
    """

    gap: Gap
    answers: tuple[str, ...]
    untraced: tuple[str, ...]

    @property
    def status(self) -> Literal["not-traced", "too-little"]:
        """As for a claim that says it: only the note tells something, or nothing is told at all."""
        return "not-traced" if self.untraced else "too-little"


def load_gaps(folder: Path, root: Path, problems: list[Problem]) -> tuple[Gap, ...]:
    """The gaps in ``gaps.toml`` under ``folder``; an absent file holds none."""
    path = folder / FILE
    if not path.exists():
        return ()
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return ()
    found = []
    for name, body in data.items():
        start = max(text.find(f"[{name}]"), 0)

        def locate(steps: list[str | int], start: int = start) -> int:
            last = next((s for s in reversed(steps) if isinstance(s, str)), "")
            return line_of(text, last, start)

        if not isinstance(body, dict):
            problems.append(Problem(shown, line_of(text, name), f"'{name}' is no gap", "a gap is a table: [its-id] with da, en and select = [{ … }]"))
        elif (gap := decode({**body, "id": name}, Gap, shown, locate, problems)) is not None:
            found.append(gap)
            if not gap.select:
                problems.append(Problem(shown, line_of(text, f"[{name}]"), f"the gap '{name}' asks nothing", "give it select = [{ … }]"))
    return tuple(found)


def check_gaps(gaps: Sequence[Gap], bank: Bank) -> dict[str, GapCheck]:
    """Every gap by its id, held against the bank."""
    return {gap.id: _check(gap, bank) for gap in gaps}


def _check(gap: Gap, bank: Bank) -> GapCheck:
    rows = {r.address: r for query in gap.select for r in bank.select(query)}
    seed = tuple(a for a, r in rows.items() if r.finding.origin.level == "seed")
    return GapCheck(gap, tuple(a for a in rows if a not in seed), seed)
