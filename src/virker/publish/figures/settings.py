"""What the figures show, read from ``notes/figures.toml``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from virker.bank import Bank, Query, names
from virker.claims.load import query_problems
from virker.decode import decode
from virker.errors import ContentError, Problem, nearest, relative
from virker.files import line_of, read_text, read_toml
from virker.language import Said
from virker.synthesis import RULE_SETS
from virker.vocabulary import Kind

FILE = "figures.toml"


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Panel(_Strict, frozen=True, kw_only=True):
    """One question in a figure."""

    da: str
    en: str
    select: Query

    @property
    def said(self) -> Said:
        return Said(self.da, self.en)


class Section(_Strict, frozen=True, kw_only=True):
    """The panels of one section of the note, under one caption."""

    section: int
    da: str
    en: str
    panel: tuple[Panel, ...]

    @property
    def said(self) -> Said:
        return Said(self.da, self.en)


class Map(_Strict, frozen=True, kw_only=True):
    """Rows and columns of the evidence map."""

    da: str
    en: str
    columns: tuple[str, ...]
    row: tuple[Panel, ...]
    column_labels: dict[str, Said] = {}


class OverTime(_Strict, frozen=True, kw_only=True):
    """One measure whose results are shown by months since the start."""

    intervention: str
    outcome: tuple[str, ...]
    da: str
    en: str


class FigureBook(_Strict, frozen=True, kw_only=True):
    """Everything in ``notes/figures.toml``."""

    section: tuple[Section, ...] = ()
    map: Map | None = None
    over_time: tuple[OverTime, ...] = ()
    #: The question whose findings the table of moderators splits.
    moderators: Panel | None = None
    short_names: dict[str, str] = {}
    #: The rule sets that the tables set side by side; all of them when none is named.
    rule_sets: tuple[str, ...] = ()

    def of_section(self, number: int) -> Section | None:
        return next((s for s in self.section if s.section == number), None)

    def panel_on(self, intervention: str) -> Panel | None:
        """The first question of the sections that is on this measure."""
        return next((p for s in self.section for p in s.panel if intervention in names(p.select.intervention)), None)

    def of_measure(self, intervention: str) -> OverTime | None:
        return next((o for o in self.over_time if o.intervention == intervention), None)


def load_figure_book(folder: Path, root: Path, bank: Bank | None = None) -> FigureBook:
    """Read ``figures.toml`` in ``folder``; a workspace without the file has no figures.

    Raises
    ------
    ContentError
        With every problem: broken TOML, unknown fields, terms that the bank does not know.
    """
    path = folder / FILE
    if not path.exists():
        return FigureBook()
    problems: list[Problem] = []
    shown = relative(path, root)
    text = read_text(path, shown, problems)
    data = read_toml(text, shown, problems) if text is not None else None
    book = decode(data, FigureBook, shown, lambda steps: line_of(text or "", str(steps[-1])) if steps else 1, problems) if data is not None else None
    if book is not None and bank is not None:
        problems += _unknown_terms(book, bank, shown, text or "")
    if problems or book is None:
        raise ContentError(problems)
    return book


def _unknown_terms(book: FigureBook, bank: Bank, shown: str, text: str) -> list[Problem]:
    panels = [p for s in book.section for p in s.panel] + list(book.map.row if book.map else ()) + ([book.moderators] if book.moderators else [])
    found = []
    for panel in panels:
        for word, what, todo in query_problems(panel.select, bank, panel.en):
            if word != panel.en:  # a query that matches nothing is a gap to show, not a mistake
                found.append(Problem(shown, line_of(text, f'"{word}"'), what.replace("claim", "figure", 1), todo))
    words: list[tuple[str, Kind]] = [(c, "target_groups") for c in (book.map.columns if book.map else ())]
    for curve in book.over_time:
        words += [(curve.intervention, "interventions"), *((o, "outcomes") for o in curve.outcome)]
    for word, kind in words:
        if word not in bank.vocabulary[kind]:
            found.append(Problem(shown, line_of(text, f'"{word}"'), f"'{word}' is not in the vocabulary", bank.vocabulary.hint(kind, word)))
    unknown = [n for n in book.rule_sets if n not in RULE_SETS]
    return found + [Problem(shown, line_of(text, f'"{n}"'), f"'{n}' is no rule set", nearest(n, RULE_SETS)) for n in unknown]
