"""From a figure block in a text to its figure, and what is wrong with blocks that lead to none."""

from __future__ import annotations

from virker.bank import Bank, names
from virker.claims.edition import Edition
from virker.errors import ContentError, Problem, nearest
from virker.files import line_of
from virker.publish.document import FIGURES, FigureBlock, read_document
from virker.publish.figures.figure import Figure
from virker.publish.figures.forest import forest_of, groups
from virker.publish.figures.harvest import harvest
from virker.publish.figures.map import evidence_map
from virker.publish.figures.moderators import moderators
from virker.publish.figures.over_time import over_time
from virker.publish.figures.pooled import pooled_table
from virker.publish.figures.settings import FigureBook, load_figure_book
from virker.publish.figures.verdicts import verdicts
from virker.synthesis.pooled_cells import known_cells


def figure_for(edition: Edition, book: FigureBook, block: FigureBlock, language: str) -> Figure | None:
    """The figure that a block asks for; None when it asks for none that there is."""
    if block.name == "map" and book.map is not None:
        return evidence_map(edition, book, book.map, language)
    if block.name == "pooled":
        return pooled_table(edition, book, language)
    if block.name == "moderators" and book.moderators is not None:
        return moderators(edition, book.moderators, language)
    if block.name == "forest" and block.words and (panel := book.panel_on(block.words[0])):
        return forest_of(edition.bank, panel, block.setting("unit"), language)
    if block.name == "over-time" and block.words and (spec := book.of_measure(block.words[0])):
        return over_time(edition, book, spec, language)
    number = block.setting("section") or ""
    section = book.of_section(int(number)) if number.isdigit() else None
    if section is not None and block.name in ("harvest", "verdicts"):
        return (harvest if block.name == "harvest" else verdicts)(edition, book, section, language)
    return None


def figure_problems(edition: Edition) -> list[Problem]:
    """A problem for every figure block that no figure answers, and for what is wrong in ``notes/figures.toml``."""
    try:
        book = load_figure_book(edition.workspace.notes, edition.workspace.root, edition.bank)
    except ContentError as error:
        return list(error.problems)
    problems = []
    for text in (t for note in edition.notes.values() for t in note.values()):
        whole = text.path.read_text(encoding="utf-8") if text.path.exists() else text.markdown
        for block in read_document(text).blocks:
            if isinstance(block, FigureBlock) and (wrong := _wrong(block, book, edition.bank)):
                problems.append(Problem(text.shown, line_of(whole, "{{ " + block.name), *wrong))
    return problems


def _wrong(block: FigureBlock, book: FigureBook, bank: Bank) -> tuple[str, str] | None:
    if block.name not in FIGURES:
        return f"'{block.name}' is no figure", f"{nearest(block.name, FIGURES)} There are: {', '.join(FIGURES)}"
    if block.name == "pooled":
        return None if book.section else ("there are no questions to pool", "describe them under [[section]] in notes/figures.toml")
    if block.name == "moderators":
        return None if book.moderators else ("there is no question whose findings to split", "describe it under [moderators] in notes/figures.toml")
    if block.name == "forest":
        return _wrong_forest(block, book, bank)
    if block.name == "map":
        return None if book.map else ("the map is not described", "describe it under [map] in notes/figures.toml")
    if block.name == "over-time":
        known = [o.intervention for o in book.over_time]
        return (
            None
            if block.words and block.words[0] in known
            else ("no such measure over time", f"write one of: {', '.join(known) or 'none is described in notes/figures.toml'}")
        )
    number = block.setting("section") or ""
    if number.isdigit() and book.of_section(int(number)):
        return None
    return f"there is no figure for section '{number}'", "write section=1 and so on, as described in notes/figures.toml"


def _wrong_forest(block: FigureBlock, book: FigureBook, bank: Bank) -> tuple[str, str] | None:
    panel = book.panel_on(block.words[0]) if block.words else None
    if panel is None:
        known = list(dict.fromkeys(i for s in book.section for p in s.panel for i in names(p.select.intervention)))
        return "no such measure in the sections", f"write one of: {', '.join(known) or 'none is described in notes/figures.toml'}"
    there = [g.unit for g in groups(known_cells(bank, panel.select).cells)]
    asked = block.setting("unit")
    if there and asked in (None, *there):
        return None
    if not there:
        return f"no number on '{block.words[0]}' prints its precision", "take the block out: there is nothing to draw"
    return f"there are no numbers in '{asked}'", f"{nearest(str(asked), there)} There are: {', '.join(there)}"
