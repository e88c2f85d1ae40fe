"""External verdicts: what other banks and agencies have printed on a question, in their own words, set beside ours.

One file for each bank in ``bank/external``. An entry is what was printed and where it was read, never what we think they would
say; a bank whose verdicts are printed nowhere that we have read is entered as *silent*, with the reason. A verdict that only
the note under test tells is not entered: a note is never its own witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import msgspec

from virker.bank import Bank, Query, names
from virker.decode import Locate, decode
from virker.errors import ContentError, Problem, nearest, relative
from virker.files import line_of, read_text, read_toml
from virker.language import Said
from virker.synthesis.crosswalk import OTHER_SCALES
from virker.synthesis.registry import RULE_SETS
from virker.vocabulary import Vocabulary
from virker.vocabulary.terms import Kind

ReadAs = Literal["page", "report", "abstract", "secondary"]
Direction = Literal["positive", "none", "negative", "mixed", "too-little"]
Nearness = Literal["same", "narrower", "wider", "overlapping"]
NEARNESS: dict[str, Said] = {
    "same": Said("samme spørgsmål", "the same question"),
    "narrower": Said("et snævrere spørgsmål", "a narrower question"),
    "wider": Said("et bredere spørgsmål", "a wider question"),
    "overlapping": Said("et spørgsmål, der overlapper", "an overlapping question"),
}
_TREES: tuple[tuple[str, Kind], ...] = (("intervention", "interventions"), ("target_group", "target_groups"), ("outcome", "outcomes"))


class External(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A published verdict of another bank.

    ``verdict`` is quoted in its own words and ``language``; where we have only what it says, ``told`` has that in both languages.
    ``direction`` is our reading, absent where there is none; ``scale`` and ``level`` are set only where the words are of a scale
    in the crosswalk. ``study`` is the review in our bank that the verdict is on. ``because``: what is known of why it may differ.
    """

    id: str
    bank: str
    what_da: str
    what_en: str
    query: Query
    source: str
    read_as: ReadAs
    read_on: date
    verdict: str | None = None
    language: Literal["da", "en"] = "en"
    told_da: str | None = None
    told_en: str | None = None
    study: str | None = None
    direction: Direction | None = None
    scale: str | None = None
    level: str | None = None
    url: str | None = None
    place: str | None = None
    because_da: str | None = None
    because_en: str | None = None


class Silent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bank whose verdicts are printed nowhere that we have read."""

    bank: str
    why_da: str
    why_en: str
    looked_on: date


class _File(msgspec.Struct, forbid_unknown_fields=True):
    external: list[External] = []
    silent: list[Silent] = []


@dataclass(frozen=True, slots=True)
class Externals:
    """Everything in ``bank/external``."""

    verdicts: tuple[External, ...]
    silent: tuple[Silent, ...]


def load_external(folder: Path, root: Path, bank: Bank) -> Externals:
    """Read and check ``folder``; a workspace without it has no external verdicts.

    Raises
    ------
    ContentError
        With every problem: broken TOML, unknown fields or terms, ids used twice, levels that no scale has.
    """
    problems: list[Problem] = []
    verdicts: list[External] = []
    silent: list[Silent] = []
    for path in sorted(folder.glob("*.toml")):
        shown = relative(path, root)
        text = read_text(path, shown, problems)
        data = read_toml(text, shown, problems) if text is not None else None
        if text is None or data is None:
            continue
        read = decode(data, _File, shown, _locator(text), problems)
        if read is not None:
            taken = {e.id for e in verdicts}
            problems += [p for e in read.external for p in _problems(e, shown, text, bank)]
            problems += _twice(read.external, taken, shown, text)
            verdicts += read.external
            silent += read.silent
    if problems:
        raise ContentError(problems)
    return Externals(tuple(verdicts), tuple(silent))


def _locator(text: str) -> Locate:
    def locate(path: list[str | int]) -> int:
        table = next((s for s in path if isinstance(s, str)), "external")
        at = next((s for s in path if isinstance(s, int)), 0)
        start = -1
        for _ in range(at + 1):
            start = text.find(f"[[{table}]]", start + 1)
        field = next((s for s in reversed(path) if isinstance(s, str) and s != table), "")
        return line_of(text, f"{field} =" if field else f"[[{table}]]", max(start, 0))

    return locate


def _twice(entries: Sequence[External], taken: set[str], shown: str, text: str) -> Iterator[Problem]:
    for entry in entries:
        if entry.id in taken:
            yield Problem(shown, line_of(text, f'id = "{entry.id}"'), f"the external verdict '{entry.id}' stands twice", "give one of them another id")
        taken.add(entry.id)


def _problems(entry: External, shown: str, text: str, bank: Bank) -> Iterator[Problem]:
    start = max(text.find(f'id = "{entry.id}"'), 0)

    def problem(needle: str, what: str, todo: str) -> Problem:
        return Problem(shown, line_of(text, needle, start), f"{what} (external {entry.id})", todo)

    for field, kind in _TREES:
        for word in names(getattr(entry.query, field)):
            if word not in bank.vocabulary[kind]:
                yield problem(f'"{word}"', f"'{word}' is no term for {field}", bank.vocabulary.hint(kind, word))
    if not entry.query.intervention:
        yield problem("query =", "the query names no intervention", "say which measure the verdict is on: query = { intervention = … }")
    if (entry.verdict is None) == (entry.told_da is None) or (entry.told_da is None) != (entry.told_en is None):
        todo = 'quote it: verdict = "…"; or tell what it says in both languages: told_da and told_en'
        yield problem("verdict =", "the verdict is neither quoted nor told in both languages, or both", todo)
    if entry.study is not None and entry.study not in bank.studies:
        yield problem("study =", f"there is no study '{entry.study}'", nearest(entry.study, bank.studies))
    if (entry.scale is None) != (entry.level is None):
        yield problem("scale =", "scale and level belong together", "give both, or neither where the words are of no declared scale")
    elif entry.scale is not None and entry.level is not None:
        scales = {**{r.id: tuple(r.levels) for r in RULE_SETS.values() if r.levels}, **{s: tuple(w) for s, w in OTHER_SCALES.items()}}
        if entry.scale not in scales:
            yield problem("scale =", f"'{entry.scale}' is no declared scale", f"{nearest(entry.scale, scales)} There are: {', '.join(scales)}")
        elif entry.level not in scales[entry.scale]:
            yield problem("level =", f"'{entry.level}' is no level of {entry.scale}", f"it has: {', '.join(scales[entry.scale])}")
    if (entry.because_da is None) != (entry.because_en is None):
        yield problem("because_", "the reason stands in one language only", "give because_da and because_en")


def words_of(entry: External, language: str) -> str:
    """The verdict: quoted where we have its own words, else told."""
    if entry.verdict is not None:
        return f"»{entry.verdict}«" if language == "da" else f"“{entry.verdict}”"
    return (entry.told_da if language == "da" else entry.told_en) or ""


def beside(entries: Iterable[External], query: Query, vocabulary: Vocabulary) -> tuple[tuple[External, Nearness], ...]:
    """The external verdicts on the question, nearest first, each with how its question stands to ours."""
    order = get_args(Nearness)
    found = [(e, near) for e in entries if (near := nearness(e.query, query, vocabulary))]
    return tuple(sorted(found, key=lambda pair: order.index(pair[1])))


def nearness(theirs: Query, ours: Query, vocabulary: Vocabulary) -> Nearness | None:
    """How another question stands to ours by measure and group; None where they do not meet.

    Outcomes are shown, not compared: most banks print one verdict for all of them.
    """
    sides = [_side(names(getattr(theirs, f)), names(getattr(ours, f)), k, vocabulary) for f, k in _TREES[:2]]
    if None in sides:
        return None
    told = {s for s in sides if s != "same"}
    if not told:
        return "same"
    only = next(iter(told))
    return only if len(told) == 1 and only else "overlapping"


def _side(theirs: tuple[str, ...], ours: tuple[str, ...], kind: Kind, vocabulary: Vocabulary) -> Nearness | None:
    if set(theirs) == set(ours):
        return "same"
    if not theirs or not ours:
        return "wider" if not theirs else "narrower"
    up = {t: vocabulary.ancestors(kind, t) for t in (*theirs, *ours)}
    if all(any(o in up[t] for o in ours) for t in theirs):
        return "narrower"
    if all(any(t in up[o] for t in theirs) for o in ours):
        return "wider"
    return "overlapping" if any(o in up[t] or t in up[o] for t in theirs for o in ours) else None
