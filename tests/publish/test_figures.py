"""Figures show what the units say, in both languages, and tell it in words too."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.publish.conftest import DA, EN, make_workspace
from virker.claims.edition import Edition, load_edition
from virker.publish.document import figure_block
from virker.publish.figures import Figure, FigureBook, figure_for, figure_problems, load_figure_book
from virker.publish.figures.evidence import shown_units
from virker.publish.figures.map import cells
from virker.publish.figures.over_time import points
from virker.synthesis import RULE_SETS, evidence_units, verdict

SECTIONS = range(1, 9)


@pytest.fixture(scope="module")
def book(edition: Edition) -> FigureBook:
    return load_figure_book(edition.workspace.notes, edition.workspace.root, edition.bank)


def figure(edition: Edition, book: FigureBook, block: str, language: str = "da") -> Figure:
    asked = figure_block(f"{{{{ {block} }}}}")
    assert asked is not None
    made = figure_for(edition, book, asked, language)
    assert made is not None
    return made


@pytest.mark.parametrize("section", SECTIONS)
def test_a_harvest_plot_has_one_bar_for_every_unit(edition: Edition, book: FigureBook, section: int) -> None:
    spec = book.of_section(section)
    assert spec is not None
    units = [u for p in spec.panel for u in evidence_units(edition.bank, edition.bank.select(p.select), p.select).all]
    made = figure(edition, book, f"harvest section={section}")
    assert len(made.grid.rows) == len(units) > 0
    assert sorted(a for row in made.grid.rows for a in row[5].split(", ")) == sorted(r.address for u in units for r in u.rows)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_alternative_text_of_a_harvest_plot_counts_as_the_units_do(edition: Edition, book: FigureBook, section: int) -> None:
    spec = book.of_section(section)
    assert spec is not None
    for language, words in (("da", ("positiv[te]", "uden effekt", "negativ[te]")), ("en", ("positive", "without effect", "negative"))):
        alt = figure(edition, book, f"harvest section={section}", language).alt
        for panel in spec.panel:
            tally = Counter(u.direction for u in shown_units(edition.bank, panel.select, language, {}))
            told = alt[alt.index(f"{panel.said[language]}: ") :]
            for direction, word in zip(("positive", "none", "negative"), words, strict=True):
                assert re.search(rf"\b{tally[direction]} {word}", told)


def test_the_map_shows_the_verdict_of_the_workspaces_rule_set(edition: Edition, book: FigureBook) -> None:
    import msgspec

    assert book.map is not None
    table = cells(edition, book.map)
    for row, line in zip(book.map.row, table, strict=True):
        for group, cell in zip(book.map.columns, line, strict=True):
            query = msgspec.structs.replace(row.select, target_group=group)
            assert cell.direction == verdict(edition.bank, query, edition.workspace.settings.rule_set).direction
            units = evidence_units(edition.bank, edition.bank.select(query), query)
            assert (cell.studies, cell.reviews) == (len(units.primary), len(units.reviews))
    grid = figure(edition, book, "map").grid
    assert sum(c == "–" for row in grid.rows for c in row) == sum(c.empty for line in table for c in line)


def test_effect_over_time_marks_what_only_the_note_says(edition: Edition, book: FigureBook) -> None:
    spec = book.of_measure("training")
    assert spec is not None
    found = points(edition, book, spec, "da")
    assert {p.seed for p in found} == {True, False}
    assert all((p.row.finding.origin.level == "seed") == p.seed for p in found)
    made = figure(edition, book, "over-time training")
    assert len(made.grid.rows) == len(found)
    assert "hule" in made.alt
    assert made.notes[0].startswith("Resultater uden måned.")
    assert all(p.start is not None or p.name in made.notes[0] for p in found)


def test_the_rule_sets_stand_side_by_side(edition: Edition, book: FigureBook) -> None:
    made = figure(edition, book, "verdicts section=7", "en")
    assert made.drawing is None
    assert [r[0] for r in made.grid.rows] == [RULE_SETS[name].label.en for name in book.rule_sets] * 3


@pytest.mark.parametrize("block", [*(f"harvest section={n}" for n in SECTIONS), "map", "over-time training", "forest caseload", "forest caseload unit=weeks"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_drawing_is_sound_svg_with_its_words_inside_the_frame(edition: Edition, book: FigureBook, block: str, language: str) -> None:
    made = figure(edition, book, block, language)
    assert made.drawing is not None
    root = ET.fromstring(made.drawing.svg)
    assert root.attrib["width"] == "680"
    assert "NaN" not in made.drawing.svg
    assert made.drawing.height < 1200
    assert "http" not in made.drawing.svg.replace("http://www.w3.org/", "")


def test_a_figure_block_that_leads_nowhere_is_a_problem(tmp_path: Path) -> None:
    da = DA.replace("{{ map }}", "{{ kort }}").replace("harvest section=4", "harvest section=44").replace("over-time training", "over-time samtaler")
    edition = load_edition(make_workspace(tmp_path / "æ", da, EN))
    problems = figure_problems(edition)
    assert [p.path for p in problems] == ["notes/proeve/note.da.md"] * 3
    assert {p.what.split("'")[1] if "'" in p.what else p.what for p in problems} == {"kort", "44", "no such measure over time"}


def test_an_unknown_term_in_the_figures_file_is_a_problem_with_its_line(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "å", DA, EN)
    path = workspace.notes / "figures.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"job-bonus"', '"job-bonsu"', 1), encoding="utf-8")
    (problem, *_) = figure_problems(load_edition(workspace))
    assert "job-bonsu" in problem.what
    assert "job-bonsu" in path.read_text(encoding="utf-8").splitlines()[problem.line - 1]
