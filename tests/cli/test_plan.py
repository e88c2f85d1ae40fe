"""``virker plan`` from outside."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import ROOT
from virker.cli.app import app
from virker.errors import ContentError, UserError

PLANS = ROOT / "plans"


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["plan", *words, "-w", str(ROOT)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_plan_is_told_in_danish() -> None:
    told = run(str(PLANS / "nyledige-dagpenge.toml"), "--lang", "da").splitlines()
    assert told[0].startswith("Nyledige dagpengemodtagere: flere samtaler")
    assert told[2] == "▲ Planen giver de offentlige kasser overskud inden for 104 uger. [overdrevet]"
    assert "  Privat løntilskud i 4 måneder: intet tal for gruppen" in told
    assert any(line.startswith("  Med én sagsbehandler mere begynder ") for line in told)
    assert told[-1].endswith("Den afgør intet om nogen person; mennesker beslutter.")


def test_a_plan_is_told_in_english() -> None:
    told = run(str(PLANS / "sagsstammer.toml"), "--lang", "en")
    assert "✓ The plan gives the public purse a surplus within 104 weeks. [supported]" in told
    assert "[boeheim-2023#8]" in told
    assert "Chance of a surplus for the public purse: 99 per cent." in told


def test_a_program_gets_the_same_with_the_findings_and_the_law() -> None:
    told = json.loads(run(str(PLANS / "nyledige-dagpenge.toml"), "--format", "json"))
    assert told["pays_back"]["status"] == "overstated"
    assert told["effects"][0]["used"][0]["finding"] == "pedersen-2012#2"
    assert told["effects"][1]["used"] == []
    assert told["weeks_in_work"]["low"] is None
    assert {"dagpengesatser/max_per_month_full_time_dkk", "refusion/cofinancing_percent_weeks_5_26"} <= {u["address"] for u in told["law"]}


def test_the_weeks_come_as_a_table() -> None:
    rows = list(csv.DictReader(io.StringIO(run(str(PLANS / "sagsstammer.toml"), "--format", "csv"))))
    assert (len(rows), rows[0]["date"], rows[1]["date"]) == (104, "2025-01-06", "2025-01-13")


def test_the_report_is_written_to_a_folder(tmp_path: Path) -> None:
    told = run(str(PLANS / "sagsstammer.toml"), "--out", str(tmp_path / "møde"))
    written = sorted(p.name for p in (tmp_path / "møde").iterdir())
    assert len(written) == 7
    assert [Path(line).name for line in told.splitlines()] == written


def test_a_wrong_format_and_a_scenario_with_problems_get_one_message_each(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(PLANS / "sagsstammer.toml"), "--format", "xml", "-w", str(ROOT)])
    assert isinstance(result.exception, UserError)
    assert "'xml' is no format" in str(result.exception)
    path = tmp_path / "plan.toml"
    path.write_text((PLANS / "sagsstammer.toml").read_text(encoding="utf-8").replace("reach = 1.0", "reach = 2"), encoding="utf-8")
    result = CliRunner().invoke(app, ["plan", str(path), "--out", str(tmp_path / "ud"), "-w", str(ROOT)])
    assert isinstance(result.exception, ContentError)
    assert result.exception.exit_code == 2
    assert [p.what for p in result.exception.problems] == ["the reach of 'sagsstammer' is 2"]
    assert not (tmp_path / "ud").exists()


def test_the_worked_examples_travel_with_a_new_workspace(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["init", str(tmp_path / "ny")], catch_exceptions=False)
    assert result.exit_code == 0
    assert {p.name for p in (tmp_path / "ny" / "plans").iterdir()} == {p.name for p in PLANS.iterdir()}


@pytest.mark.parametrize("words", [["ikke-her.toml"], ["."]])
def test_a_scenario_that_cannot_be_read_is_told_so(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["plan", *words, "-w", str(ROOT)])
    assert isinstance(result.exception, ContentError)
    assert "the file cannot be read" in str(result.exception)
