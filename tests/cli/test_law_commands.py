"""``virker rules`` and ``virker practice`` from outside: what they print in both languages, as JSON, and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import change, run
from tests.conftest import ROOT


def test_rules_list_tells_every_scheme_as_of_a_day() -> None:
    told = run("rules", "list", "--on", "2018-06-01", "--lang", "da", cwd=ROOT)
    assert told.startswith("Loven som data, set den 1. juni 2018")
    assert "jobpraemie-2017  Jobpræmie til langtidsledige 2017-2019" in told
    assert "Ordningen er ophørt: De sidste værdier gjaldt til 31. maj 2014." in told


def test_rules_show_speaks_both_languages_and_json() -> None:
    assert "40 procent; fra 4. januar 2016; gældende" in run("rules", "show", "refusion", "--on", "2020-01-01", "--lang", "da", cwd=ROOT)
    assert "40 percent; from 4 January 2016; in force" in run("rules", "show", "refusion", "--on", "2020-01-01", "--lang", "en", cwd=ROOT)
    data = json.loads(run("rules", "show", "refusion", "--on", "2020-01-01", "--format", "json", cwd=ROOT))
    assert [p["in_force"]["value"] for p in data["parameters"]][:4] == [80, 40, 30, 20]


def test_a_day_before_the_law_is_told_and_is_no_failure() -> None:
    assert "ligger før ordningens første dag" in run("rules", "show", "refusion", "--on", "2015-12-31", "--lang", "da", cwd=ROOT)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rules", "show", "refusionen"), "did you mean 'refusion'"),
        (("rules", "show", "refusion", "--on", "1. maj"), "'1. maj' is no day"),
        (("rules", "list", "--format", "xml"), "'xml' is no format"),
        (("rules", "cases", "refusionen"), "did you mean 'refusion'"),
        (("practice", "jobpraemie", "2017-04=25.000", "april"), "'april' is no month with earnings"),
        (("practice", "jobpraemie", "2017-04=-5", "--benefit", "su"), "'su' is no benefit"),
        (("practice", "loentilskud", "dagpenger", "privat"), "'privat' is no kind of employer"),
        (("practice", "seks-ugers-uddannelse", "i går"), "'i går' is no day"),
    ],
)
def test_bad_words_are_told_with_exit_code_2(arguments: tuple[str, ...], told: str) -> None:
    assert told in run(*arguments, cwd=ROOT, code=2)


def test_the_job_bonus_on_the_command_line() -> None:
    arguments = ("practice", "jobpraemie", "2017-04..2018-09=25000", "--benefit", "kontanthjælp", "--weeks", "47", "--lives-in-denmark")
    danish = run(*arguments, "--lang", "da", cwd=ROOT)
    assert danish.startswith("45.000 kr. i jobpræmie for 18 måneder.")
    assert "Et menneske afgør sagen" in danish
    assert run(*arguments, "--lang", "en", cwd=ROOT).startswith("DKK 45,000 in job bonus for 18 months.")
    data = json.loads(run(*arguments, "--format", "json", cwd=ROOT))
    assert next(s for s in data["steps"] if s["id"] == "total")["value"] == 45000


def test_wage_subsidy_and_six_weeks_on_the_command_line() -> None:
    told = run("practice", "loentilskud", "dagpenge", "public", "--on", "2023-03-01", "--months", "8", "--self-found", "--lang", "da", cwd=ROOT)
    assert told.startswith("Løntilskud kan gives hos en offentlig arbejdsgiver, højst 4 måneder.")
    assert "Den offentlige arbejdsgiver får 125,13 kr. pr. time i tilskud." in told
    told = run(
        "practice", "seks-ugers-uddannelse", "2021-01-04", "--education", "skilled", "--age", "30", "--on-unemployment-benefit", "--lang", "da", cwd=ROOT
    )
    assert told.startswith("6 ugers jobrettet uddannelse fra 8. februar 2021 til 3. oktober 2021.")


def test_the_cases_run_in_a_workspace_of_ones_own_and_fall_with_the_law(tmp_path: Path) -> None:
    run("init", str(tmp_path / "område"))
    folder = tmp_path / "område"
    assert "3 af 3 sager holder." in run("rules", "cases", "refusion", "--lang", "da", cwd=folder)
    change(folder / "rules" / "refusion.toml", "value = 40", "value = 45")
    told = run("rules", "cases", "refusion", "--lang", "da", cwd=folder, code=1)
    assert "✗ Staten refunderer 80 procent" in told
    assert "→ reimbursement_percent_weeks_5_26: ventet 40, fik 45 procent" in told
    assert "2 af 3 sager holder." in told


def test_a_workspace_without_cases_says_how_to_write_them(tmp_path: Path) -> None:
    run("init", str(tmp_path / "tom"), "--empty")
    assert "there are no cases" in run("rules", "cases", cwd=tmp_path / "tom", code=2)
