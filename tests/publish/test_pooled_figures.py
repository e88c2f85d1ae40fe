"""Forest plots and the table of what the printed numbers add up to: what stands together, what is said where nothing pools, and both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, isnan
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import finding, study
from tests.publish.conftest import DA, EN, make_workspace
from virker.bank import Bank, Finding, Query
from virker.claims import Edition, load_edition
from virker.language import Said
from virker.publish.document import FigureBlock
from virker.publish.figures import FigureBook, figure_for, figure_problems
from virker.publish.figures.amounts import on_scale
from virker.publish.figures.forest import Group, forest, groups
from virker.publish.figures.funnel import funnel
from virker.publish.figures.path import over_months
from virker.publish.figures.settings import Panel, Section
from virker.synthesis.effect_path import effect_path
from virker.synthesis.pooled_cells import cells
from virker.synthesis.pooled_effect import PooledEffect
from virker.synthesis.pooled_path import pooled_path

MakeBank = Callable[..., Bank]
SAMTALER = Said("Hyppige samtaler på Ærø", "Frequent meetings on Ærø")
ASKED = Query(intervention="meetings")


def points(effect: float, n: int = 1, **fields: Any) -> Finding:
    base: dict[str, Any] = {"outcome": "employment-rate", "effect": effect, "unit": "pp", "horizon_months": 12.0, "se": 1.0}
    return finding(n, "positive", **{**base, **fields})


def group_of(bank: Bank, unit: str = "pp") -> Group:
    return next(g for g in groups(cells(bank, ASKED).cells) if g.unit == unit)


@pytest.mark.parametrize(("language", "mean"), [("da", "Samlet skøn"), ("en", "Pooled")])
def test_three_studies_have_a_mean_that_stands_in_picture_words_and_table(bank_of: MakeBank, language: str, mean: str) -> None:
    bank = bank_of(*(study(f"trial-{i}", points(e)) for i, e in enumerate((4.0, 5.0, 6.0))))
    figure = forest(group_of(bank), SAMTALER, language)
    assert figure.drawing is not None
    assert mean in figure.drawing.svg
    assert SAMTALER[language].removeprefix(SAMTALER[language][0]) in figure.caption
    assert figure.grid.rows[-1][3].startswith("5 ")  # equal precision: the plain mean
    assert len(figure.grid.rows) == 4
    assert "5 procentpoint" in figure.alt if language == "da" else "5 percentage points" in figure.alt


def test_two_studies_stand_side_by_side_and_are_said_to_be_too_few(bank_of: MakeBank) -> None:
    figure = forest(group_of(bank_of(study("a", points(4.0)), study("b", points(6.0)))), SAMTALER, "da")
    assert figure.drawing is not None
    assert "Samlet skøn" not in figure.drawing.svg
    assert "2 uafhængige studier" in figure.notes[0]
    assert [r[3].split()[0] for r in figure.grid.rows] == ["4", "6"]


def test_one_study_has_nothing_to_pool(bank_of: MakeBank) -> None:
    figure = forest(group_of(bank_of(study("a", points(4.0)))), SAMTALER, "en")
    assert figure.notes == ("One study or trial behind all the numbers: there is nothing to pool.",)


def test_numbers_in_different_units_never_stand_in_one_plot(bank_of: MakeBank) -> None:
    weeks = points(3.0, 2, outcome="employment-duration", unit="weeks", horizon_months=24.0)
    ratio = points(1.2, 3, outcome="exit-to-job", unit="hazard-ratio", horizon_months=None, se=0.1)
    found = groups(cells(bank_of(study("a", points(4.0), weeks, ratio)), ASKED).cells)
    assert {g.unit for g in found} == {"pp", "weeks", "ratio"}
    assert all(len({c.measure.relative for c in g.cells}) == 1 for g in found)


def test_an_axis_of_ratios_is_labelled_in_ratios(bank_of: MakeBank) -> None:
    hazards = [study(f"h-{i}", points(e, outcome="exit-to-job", unit="hazard-ratio", horizon_months=None, se=0.1)) for i, e in enumerate((0.8, 1.25, 2.0))]
    figure = forest(group_of(bank_of(*hazards), "ratio"), SAMTALER, "da")
    assert figure.drawing is not None
    assert "1: ingen forskel" in figure.drawing.svg
    assert "1,25" in figure.drawing.svg
    assert figure.grid.rows[0][3].startswith("0,8 gange")


def test_what_finds_no_room_in_the_drawing_stands_in_the_table(bank_of: MakeBank) -> None:
    many = [study(f"s{i:02}", points(float(i % 7) + 1, horizon_months=6.0 + 12 * (i % 3))) for i in range(36)]
    figure = forest(group_of(bank_of(*many)), SAMTALER, "da")
    assert figure.drawing is not None
    assert sum(bool(r[6]) for r in figure.grid.rows) == 36
    assert any("i tabellen" in n for n in figure.notes)


def book(*panels: Panel) -> FigureBook:
    return FigureBook(section=(Section(section=1, da="Evidensen om ærø", en="The evidence", panel=panels),))


def test_the_table_counts_what_it_says(edition: Edition, bank_of: MakeBank) -> None:
    bank = bank_of(*(study(f"t-{i}", points(e)) for i, e in enumerate((4.0, 5.0, 6.0))), study("u", points(9.0, se=None)))
    panels = (Panel(da="Samtaler på Ærø", en="Meetings", select=ASKED), Panel(da="Løntilskud", en="Subsidies", select=Query(intervention="wage-subsidy")))
    figure = figure_for(replace(edition, bank=bank), book(*panels), FigureBlock("pooled", (), ()), "da")
    assert figure is not None
    first, second = figure.grid.rows
    assert first[:5] == ("Samtaler på Ærø", "4", "3", "3", "3")
    assert "5 procentpoint" in first[5]
    assert second == ("Løntilskud", "0", "0", "0", "0", "intet tal")
    assert figure.alt == "2 spørgsmål; et samlet skøn for Samtaler på Ærø."


@pytest.mark.parametrize(
    ("block", "what"),
    [
        ("{{ forest }}", "no such measure"),
        ("{{ forest samtale }}", "no such measure"),
        ("{{ forest meetings }}", "prints its precision"),
        ("{{ forest caseload unit=uger }}", "no numbers in 'uger'"),
    ],
)
def test_a_forest_that_cannot_be_drawn_is_a_problem_that_says_what_there_is(tmp_path: Path, block: str, what: str) -> None:
    workspace = make_workspace(tmp_path / "æ", DA.replace("{{ map }}", block), EN)
    (problem,) = figure_problems(load_edition(workspace))
    assert what in problem.what
    assert problem.path == "notes/proeve/note.da.md"


@pytest.mark.parametrize(("language", "few"), [("da", "for få til at sige noget"), ("en", "too few to tell")])
def test_the_table_of_moderators_counts_both_sides_and_says_where_there_are_too_few(edition: Edition, bank_of: MakeBank, language: str, few: str) -> None:
    trials = [study(f"lod-{i:02}", finding(1, "none" if i % 3 else "positive"), design="rct") for i in range(12)]
    matched = [study(f"match-{i:02}", finding(1, "positive" if i % 6 else "none"), design="matching") for i in range(12)]
    bank, spec = bank_of(*trials, *matched), Panel(da="møder på Læsø", en="meetings", select=Query(intervention="meetings"))
    figure = figure_for(replace(edition, bank=bank), FigureBook(moderators=spec), FigureBlock("moderators", (), ()), language)
    assert figure is not None
    by_design = next(r for r in figure.grid.rows if r[2].split()[0] == r[2].split()[2] == "12")
    assert by_design[3].startswith("−50 ")  # 4 of 12 against 10 of 12
    assert [r[3] for r in figure.grid.rows if r is not by_design and r[2] != by_design[2]] == [few] * (len(figure.grid.rows) - 1)
    assert "14" in figure.notes[0]


def test_an_effect_over_the_months_is_drawn_where_it_has_two_steps(bank_of: MakeBank) -> None:
    first = [study(f"a-{i}", points(e, horizon_months=6.0)) for i, e in enumerate((-4.0, -5.0, -6.0))]
    later = study("b-ae", points(3.0, horizon_months=30.0))
    (path,) = pooled_path(bank_of(*first, later), effect_path(bank_of(*first, later), "meetings", "more", ("unemployed",)))
    figure = over_months(path, SAMTALER, "da")
    assert figure is not None
    assert figure.drawing is not None
    assert [r[1].split()[0] for r in figure.grid.rows] == ["−5", "3"]  # equal precision: the plain mean; then one study's own
    assert [n.split()[0] for n in figure.notes] == ["hul", "stiplet:"]
    assert "Ærø" in figure.caption


def test_an_end_of_an_interval_at_a_ratio_of_0_is_never_drawn_as_no_effect(bank_of: MakeBank) -> None:
    hazard = study("h", points(1.2, outcome="exit-to-job", unit="hazard-ratio", horizon_months=None, se=0.1))
    ratio, share = group_of(bank_of(hazard), "ratio").cells[0].measure, group_of(bank_of(study("a", points(4.0)))).cells[0].measure
    assert [on_scale(x, ratio) for x in (0.0, 1.0, inf)] == [-inf, 0.0, inf]
    assert [on_scale(x, share) for x in (0.0, -inf)] == [0.0, -inf]
    assert isnan(on_scale(None, ratio))


def test_one_step_is_told_and_not_drawn(bank_of: MakeBank) -> None:
    bank = bank_of(study("a", points(3.0)))
    (path,) = pooled_path(bank, effect_path(bank, "meetings", "more", ("unemployed",)))
    assert over_months(path, SAMTALER, "en") is None


@pytest.mark.parametrize(("language", "word"), [("da", "tragtplot"), ("en", "funnel plot")])
def test_a_funnel_is_drawn_from_ten_studies_on(bank_of: MakeBank, language: str, word: str) -> None:
    def cell_of(k: int) -> PooledEffect:
        return cells(bank_of(*(study(f"s{i:02}", points(3.0 + (i % 3), se=0.5 + i / 10)) for i in range(k))), ASKED).cells[0]

    figure = funnel(cell_of(12), SAMTALER, language)
    assert figure is not None
    assert figure.drawing is not None
    assert word in figure.caption
    assert figure.drawing.svg.count("<circle") >= 12
    assert len(figure.grid.rows) == 12
    assert len(figure.notes) == 2  # the test of small studies, and what an uneven funnel may be
    assert funnel(cell_of(9), SAMTALER, language) is None
