"""Bad input gets one clear message each: what, where, what to do; all problems at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from virker.bank import load_bank
from virker.errors import ContentError, Problem

GOOD = """+++
id = "{id}"
kind = "primary"
title = "Ærlige samtaler på Ærø"
authors = ["Åse Ærø"]
year = 2020
design = "rct"
countries = ["DK"]
added = 2026-01-01

[[finding]]
id = 1
intervention = "meetings"
contrast = "on"
outcome = "employment"
target_group = ["unemployed"]
direction = "positive"
effect = 3
unit = "pp"
ci_low = 1
ci_high = 5
origin = {{ document = "artiklen", level = "table" }}
+++

Læst på øen.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "bank" / "vocabulary", tmp_path / "vocabulary")
    (tmp_path / "studies").mkdir()
    return tmp_path


def put(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    text = GOOD.format(id=name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "studies" / f"{name}.md").write_text(text, encoding="utf-8")


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        load_bank(folder)
    return caught.value.problems


def test_a_good_study_loads(folder: Path) -> None:
    put(folder, "aeroe-2020")
    assert load_bank(folder).studies["aeroe-2020"].title == "Ærlige samtaler på Ærø"


CASES = {
    "a missing field": (('intervention = "meetings"\n', ""), "the field 'intervention' is missing", 11, "write intervention"),
    "an unknown term": (('"meetings"', '"meeting"'), "'meeting' is no term for intervention", 13, "did you mean 'meetings'"),
    "an unknown direction": (('"positive"', '"possitive"'), "'possitive' is no direction", 17, "did you mean 'positive'"),
    "an unknown field": (("effect = 3", "efect = 3"), "'efect' is no field here", 18, "did you mean 'effect'"),
    "an interval that excludes its effect": (("effect = 3", "effect = 9"), "the interval 1 to 5 excludes its effect 9", 18, "read the source again"),
    "an interval upside down": (("ci_low = 1", "ci_low = 7"), "the interval is upside down", 20, "ci_low is the lower bound"),
    "a number without a unit": (('unit = "pp"\n', ""), "a number without its unit", 12, "measured in"),
    "an effect without direction": (('direction = "positive"\n', ""), "an effect without a direction", 12, "write direction"),
    "a wrong type": (("year = 2020", 'year = "2020"'), "Expected `int | null`, got `str`: year", 6, "mend the value"),
    "an unknown country": (('["DK"]', '["Danmark"]'), "'Danmark' is no term for countries", 8, "countries.toml"),
    "a withdrawal without a reason": (
        ("added = 2026-01-01", "added = 2026-01-01\nwithdrawn = 2026-02-01"),
        "a withdrawal needs both its date and its reason",
        10,
        "withdrawn_because",
    ),
    "nothing found and no reason": (("year = 2020\n", ""), "the study has no year", 2, "incomplete_because"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_message_says_what_where_and_what_to_do(folder: Path, case: str) -> None:
    change, what, line, todo = CASES[case]
    put(folder, "aeroe-2020", change)
    (problem,) = problems(folder)
    assert problem.path == "studies/aeroe-2020.md"
    assert what in problem.what
    assert problem.line == line
    assert todo in problem.todo


def test_all_problems_of_a_file_and_of_all_files_are_told_at_once(folder: Path) -> None:
    put(folder, "aeroe-2020", ('"positive"', '"good"'), ("year = 2020", 'year = "x"'), ('"meetings"', "3"))
    put(folder, "oeen-2021", ('"employment"', '"emplyment"'), ("effect = 3", "effect = 9"))
    told = problems(folder)
    assert len(told) == 5
    assert {p.path for p in told} == {"studies/aeroe-2020.md", "studies/oeen-2021.md"}


def test_a_duplicate_study_id_names_both_files(folder: Path) -> None:
    put(folder, "aeroe-2020")
    put(folder, "aeroe-2021", ("aeroe-2021", "aeroe-2020"))
    (problem,) = problems(folder)
    assert "used twice (also in studies/aeroe-2020.md)" in problem.what


def test_a_duplicate_finding_id_offers_a_free_number(folder: Path) -> None:
    text = GOOD.format(id="aeroe-2020")
    body = text[text.index("[[finding]]") : text.rindex("+++")]
    (folder / "studies" / "aeroe-2020.md").write_text(text.replace(body, body + "\n" + body), encoding="utf-8")
    (problem,) = problems(folder)
    assert "the id 1 is used twice" in problem.what
    assert "2 is free" in problem.todo


def test_broken_toml_names_the_line(folder: Path) -> None:
    put(folder, "aeroe-2020", ("year = 2020", "year = = 2020"))
    (problem,) = problems(folder)
    assert "broken TOML" in problem.what
    assert problem.line == 6


def test_a_file_that_is_not_utf8_is_told_with_its_line(folder: Path) -> None:
    (folder / "studies" / "gammel-2001.md").write_bytes(GOOD.format(id="gammel-2001").encode("latin-1"))
    (problem,) = problems(folder)
    assert "not UTF-8" in problem.what
    assert problem.line == 4


def test_a_file_without_front_matter_is_told(folder: Path) -> None:
    (folder / "studies" / "x-2001.md").write_text("Kun tekst på dansk.", encoding="utf-8")
    (problem,) = problems(folder)
    assert "no front matter" in problem.what


def test_an_empty_bank_is_told(folder: Path) -> None:
    (problem,) = problems(folder)
    assert "the bank is empty" in problem.what
    assert "virker bank new" in problem.todo


def test_an_unknown_version_trial_or_review_member_is_told(folder: Path) -> None:
    put(folder, "aeroe-2020", ("added = 2026-01-01", 'added = 2026-01-01\nversion_of = "aeroe-2019"\ntrial = "forsøget"'))
    told = problems(folder)
    assert {p.what for p in told} == {"version_of names the unknown study 'aeroe-2019'", "the trial 'forsøget' is not in bank/trials"}
