"""Reading ``rules/*.toml``."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from virker.decode import decode
from virker.errors import ContentError, Problem, relative
from virker.files import line_of, read_text, read_toml
from virker.rules.records import Rules, Scheme


def load_rules(folder: Path, root: Path | None = None) -> Rules:
    """All schemes in ``folder``; an absent folder holds none.

    Raises
    ------
    ContentError
        With every problem found.
    """
    problems: list[Problem] = []
    schemes: dict[str, Scheme] = {}
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        shown = relative(path, root or folder)
        scheme = _read(path, shown, problems)
        if scheme is not None:
            schemes[scheme.id] = scheme
    if problems:
        raise ContentError(problems)
    return Rules(schemes)


def _read(path: Path, shown: str, problems: list[Problem]) -> Scheme | None:
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    if text is None or data is None:
        return None

    def locate(steps: list[str | int]) -> int:
        nth = next((s for s in steps if isinstance(s, int)), None)
        start = -1
        for _ in range((nth or 0) + 1 if nth is not None else 0):
            start = text.find("[[parameter]]", start + 1)
        last = next((s for s in reversed(steps) if isinstance(s, str)), "")
        return line_of(text, f"{last} =", max(start, 0))

    scheme = decode(data, Scheme, shown, locate, problems)
    if scheme is None:
        return None
    if scheme.id != path.stem:
        problems.append(Problem(shown, 1, f"the file is named '{path.stem}' but the scheme's id is '{scheme.id}'", "rename the file or the id"))
    for p in scheme.parameter:
        if p.from_ and p.to and p.from_ > p.to:
            problems.append(Problem(shown, line_of(text, f'id = "{p.id}"'), f"'{p.id}' ends before it begins", "turn the dates round"))
    _check_overlaps(scheme, text, shown, problems)
    return scheme


def _check_overlaps(scheme: Scheme, text: str, shown: str, problems: list[Problem]) -> None:
    """Two values in force on one day are a mistake; what is only announced, or told by a page, may stand beside the rule in force."""
    for name in sorted({p.id for p in scheme.parameter}):
        standing = [p for p in scheme.values(name) if p.status not in ("unverified", "proposed")]
        for earlier, later in pairwise(standing):
            if later.from_ is None or earlier.to is None or earlier.to >= later.from_:
                what, todo = f"two values of '{name}' hold at the same time", "close the earlier one with a date in `to`"
                problems.append(Problem(shown, line_of(text, f'id = "{name}"'), what, todo))
