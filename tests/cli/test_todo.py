"""``virker bank todo`` and ``virker bank read`` from outside: from unread to read."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.test_commands import change, run

STUDY = Path("bank") / "studies" / "eksempel-2026.md"
FORM = Path("inbox") / "read-eksempel-2026-1.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace whose one finding is known from the note alone."""
    root = tmp_path / "område"
    run("init", str(root), "--empty")
    change(root / STUDY, 'level = "table", place = "table 1"', 'level = "seed"')
    return root


def fill(folder: Path, direction: str = "positive") -> None:
    for old, new in (
        ('document = "" ', 'document = "rapporten fra Ærø" '),
        ('level = "" ', 'level = "table" '),
        ('place = "" ', 'place = "tabel 1" '),
        ('direction = "" ', f'direction = "{direction}" '),
        ('significant = "" ', 'significant = "yes" '),
        ('effect = "" ', "effect = 5 "),
        ('unit = "" ', 'unit = "weeks" '),
    ):
        change(folder / FORM, old, new)


def snapshot(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and ".virker" not in p.parts}


def test_the_work_is_told_until_it_is_read(folder: Path) -> None:
    assert "meetings-example [not traced]" in run("bank", "todo", cwd=folder)
    assert "1 værk skal skaffes og læses" in run("bank", "todo", "--lang", "da", cwd=folder)
    run("bank", "read", "eksempel-2026#1", cwd=folder)
    fill(folder)
    run("bank", "read", "--apply", str(FORM), cwd=folder)
    assert "Nothing is left to read" in run("bank", "todo", cwd=folder)


def test_the_list_comes_as_json_and_csv(folder: Path) -> None:
    assert json.loads(run("bank", "todo", "--format", "json", cwd=folder))["works"][0]["claims"] == [
        {"id": "meetings-example", "status": "not-traced", "why": "untraced"}
    ]
    (row,) = csv.DictReader(run("bank", "todo", "--format", "csv", "--lang", "da", cwd=folder).removeprefix("\ufeff").splitlines())
    assert (row["id"], row["forfattere"], row["år"]) == ("eksempel-2026", "Åse Ærø", "2026")


def test_applying_a_form_tells_at_once_which_claim_turns_and_which_lines_name_the_old_finding(folder: Path) -> None:
    run("bank", "read", "eksempel-2026#1", cwd=folder)
    fill(folder)
    told = run("bank", "read", "--apply", str(FORM), cwd=folder)
    assert "meetings-example: not traced → supported" in told
    assert "notes/eksempel/note.da.md:7: [Der er en indikation" in told
    assert "notes/eksempel/note.en.md:7" in told
    assert run("check", cwd=folder, code=0).startswith("1 of 1 claims are supported")


def test_a_reading_that_says_otherwise_turns_the_claim_the_other_way(folder: Path) -> None:
    run("bank", "read", "eksempel-2026#1", cwd=folder)
    fill(folder, "negative")
    told = run("bank", "read", "--apply", str(FORM), "--lang", "da", cwd=folder)
    assert "meetings-example: ikke sporet → modsagt" in told


def test_a_dry_run_says_the_same_and_writes_nothing(folder: Path) -> None:
    run("bank", "read", "eksempel-2026#1", cwd=folder)
    fill(folder)
    before = snapshot(folder)
    dry = run("bank", "read", "--apply", str(FORM), "--dry-run", cwd=folder)
    assert snapshot(folder) == before
    assert dry == "Dry run: nothing was written.\n" + run("bank", "read", "--apply", str(FORM), cwd=folder)


def test_applying_twice_is_refused_and_changes_nothing(folder: Path) -> None:
    run("bank", "read", "eksempel-2026#1", cwd=folder)
    fill(folder)
    run("bank", "read", "--apply", str(FORM), cwd=folder)
    before = snapshot(folder)
    assert "has a better reading already: eksempel-2026#2" in run("bank", "read", "--apply", str(FORM), cwd=folder, code=2)
    assert snapshot(folder) == before


def test_the_day_before_the_note_alone_said_so(folder: Path) -> None:
    run("bank", "read", "eksempel-2026#1", cwd=folder)
    fill(folder)
    run("bank", "read", "--apply", str(FORM), cwd=folder)
    text = (folder / STUDY).read_text(encoding="utf-8")
    day = text.rpartition("added = ")[2][:10]
    change(folder / STUDY, f"added = {day}", "added = 2026-06-15")
    for asked, status in (("2026-06-14", "not-traced"), ("2026-06-15", "supported")):
        assert json.loads(run("check", "--as-of", asked, "--format", "json", cwd=folder))["claims"][0]["status"] == status


def test_a_form_goes_where_it_is_asked_to_and_never_over_another(folder: Path) -> None:
    run("bank", "read", "eksempel-2026#1", "--out", "skema på Ærø.toml", cwd=folder)
    before = snapshot(folder)
    assert "the form exists" in run("bank", "read", "eksempel-2026#1", "--out", "skema på Ærø.toml", cwd=folder, code=2)
    assert snapshot(folder) == before


MISTAKES = {
    "neither finding nor form": ((), "say either which finding"),
    "both": (("eksempel-2026#1", "--apply", "x.toml"), "say either which finding"),
    "a dry run of nothing": (("eksempel-2026#1", "--dry-run"), "say either which finding"),
    "an unknown study": (("eksempel-2025#1",), "did you mean 'eksempel-2026'"),
    "a study without a number": (("eksempel-2026",), "not read in a table or text: eksempel-2026#1"),
    "no such form": (("--apply", "ø.toml"), "ø.toml: the file cannot be read"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_and_writes_nothing(folder: Path, case: str) -> None:
    arguments, what = MISTAKES[case]
    before = snapshot(folder)
    assert what in run("bank", "read", *arguments, cwd=folder, code=2)
    assert snapshot(folder) == before


def test_an_empty_form_tells_all_that_is_missing_with_its_lines(folder: Path) -> None:
    run("bank", "read", "eksempel-2026#1", cwd=folder)
    told = run("bank", "read", "--apply", str(FORM), cwd=folder, code=2)
    assert "4 problems found; nothing was written." in told
    assert "read-eksempel-2026-1.toml:16: the document is missing" in told


def test_a_wrong_format_is_told(folder: Path) -> None:
    assert "did you mean 'json'" in run("bank", "todo", "--format", "jsn", cwd=folder, code=2)
