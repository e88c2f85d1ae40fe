"""Everything wrong with a file, told at once: what, in which row and column, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from virker.errors import UserError
from virker.language import Said, counted

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong; ``row`` is the line of the file (the head is line 1), 0 for the file as a whole."""

    what: Said
    todo: Said
    row: int = 0
    column: str = ""

    def told(self, name: str, speak: str) -> str:
        where = name
        if self.row:
            where += Said(f", række {self.row}", f", row {self.row}")[speak]
        if self.column:
            where += Said(f", kolonne '{self.column}'", f", column '{self.column}'")[speak]
        return f"{where}: {self.what[speak]}\n    → {self.todo[speak]}"


def nearest_said(word: str, allowed: Iterable[str]) -> Said:
    """A hint at the closest words there are, with a space behind it; empty where none is close."""
    close = get_close_matches(word, list(allowed), n=2, cutoff=0.6)
    told = " / ".join(f"'{name}'" for name in close)
    return Said(f"mente du {told}? ", f"did you mean {told}? ") if close else Said("", "")


def refuse(name: str, faults: Iterable[Fault], speak: str) -> None:
    """A :class:`UserError` with all faults, by row; nothing when there are none."""
    found = sorted(dict.fromkeys(faults), key=lambda f: (f.row, f.column))
    if not found:
        return
    head = counted(len(found), Said("fejl fundet; intet er skrevet.", "problem found; nothing was written."), Said("fejl fundet; intet er skrevet.", "problems found; nothing was written."))  # fmt: skip
    lines = [head[speak], *(fault.told(name, speak) for fault in found[:_SHOWN])]
    if len(found) > _SHOWN:
        lines.append(Said(f"… og {len(found) - _SHOWN} mere", f"… and {len(found) - _SHOWN} more")[speak])
    raise UserError("\n".join(lines))
