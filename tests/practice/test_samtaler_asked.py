"""What is asked of the schedule, from outside: bad input told all at once, and the command in both languages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from tests.conftest import ROOT
from virker.cli.app import app
from virker.errors import QueryError, UserError
from virker.practice.samtaler_asked import read_asked
from virker.practice.schedule import Asked, Held
from virker.rules import Rules, load_rules

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules(ROOT / "rules")


def run(*words: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "80"}).invoke(app, ["practice", "samtaler", *words, "-w", str(ROOT)])
    if isinstance(result.exception, UserError):
        return result.exception.exit_code, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_dates_groups_and_meetings_are_read(rules: Rules) -> None:
    asked = read_asked("2026-09-01", "Dagpenge", None, ["2026-10-02:jobcenter", "2026-09-08:A-kasse", "2026-10-03:fælles"], "even", rules, TODAY)
    held = (Held(date(2026, 9, 8), "a-kasse"), Held(date(2026, 10, 2), "jobcentre"), Held(date(2026, 10, 3), "joint"))
    assert asked == Asked(date(2026, 9, 1), "insured", TODAY, held, "even")


@pytest.mark.parametrize(
    ("registered", "group", "on", "held", "said"),
    [
        ("1/9-2026", "insured", None, [], "'1/9-2026' is no date"),
        ("2026-02-30", "insured", None, [], "'2026-02-30' is no date"),
        ("2023-12-31", "insured", None, [], "the data has the law from 1 January 2024"),
        ("2026-09-01", "dagpange", None, [], "did you mean 'dagpenge'"),
        ("2026-09-01", "insured", "i går", [], "'i går' is no date (--on)"),
        ("2026-09-01", "insured", None, ["2026-08-31:a-kasse"], "before the registration on 2026-09-01"),
        ("2026-09-01", "insured", None, ["2026-12-24:a-kasse"], "has not been held on 2026-11-22"),
        ("2026-09-01", "insured", None, ["2026-09-08"], "does not say who held the meeting"),
        ("2026-09-01", "insured", None, ["2026-09-08:naboen"], "'naboen' holds no meetings"),
        ("2026-09-01", "insured", None, ["2026-09-08:a-kasse", "2026-09-08:akasse"], "is told twice"),
    ],
)
def test_one_thing_wrong_is_told_with_what_to_do(rules: Rules, registered: str, group: str, on: str | None, held: list[str], said: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_asked(registered, group, on, held, "even", rules, TODAY)
    assert said in str(caught.value)
    assert str(caught.value).count("→") == 1


def test_everything_wrong_is_told_at_once() -> None:
    code, told = run("2023-05-01", "dagpange", "--held", "8. september", "--held", "2023-04-01:a-kasse", "--placement", "evenn", "--on", "i morgen")
    assert code == 2
    for said in ("before the law", "'dagpange' is no group", "'8. september'", "before the registration", "did you mean 'even'?", "'i morgen' is no date"):
        assert said in told


def test_a_workspace_without_the_law_says_so() -> None:
    with pytest.raises(QueryError, match="no law on job meetings"):
        read_asked("2026-09-01", "insured", None, [], "even", Rules({}), TODAY)


@pytest.mark.parametrize(("language", "said"), [("da", "Loven kræver mindst 6 samtaler"), ("en", "The law requires at least 6 meetings")])
def test_the_command_speaks_both_languages_and_writes_the_calendar(tmp_path: Path, language: str, said: str) -> None:
    code, told = run("2026-11-16", "insured", "--on", "2026-11-22", "--lang", language, "--ics", str(tmp_path / "møder.ics"))
    assert (code, said in told) == (0, True)
    assert len(Calendar.from_ical((tmp_path / "møder.ics").read_bytes()).walk("VEVENT")) == 10


def test_json_is_the_schedule_as_data() -> None:
    code, told = run("2026-11-16", "job-ready", "--on", "2026-11-22", "--format", "json")
    data = json.loads(told)
    assert (code, data["minimum"], data["group"]["id"]) == (0, 4, "job-ready")
    assert data["beside"][0]["status"] == "unverified"


def test_a_cpr_number_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    code, told = run("2026-11-16", "insured", "--ics", str(tmp_path / "a.ics"), "--series", "010203-1234")
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "CPR" in told


def test_a_day_before_the_law_gives_no_windows_and_says_so() -> None:
    code, told = run("2024-02-01", "insured", "--on", "2023-12-01", "--lang", "da")
    assert (code, "ingen regel om jobsamtaler, der gælder 1. december 2023" in " ".join(told.split())) == (0, True)
