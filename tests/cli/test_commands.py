"""The commands end to end: what they print, what they write, and how they exit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run("init", str(tmp_path / "område"), "--empty")
    return tmp_path / "område"


def run(*arguments: str, cwd: Path | None = None, code: int = 0, **environment: str) -> str:
    """Run virker as its own process; returns what it printed (errors too) and checks the exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "virker", *arguments],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == code, told
    assert "Traceback" not in told
    return told


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_workspace_checks_clean(folder: Path) -> None:
    assert run("check", cwd=folder).startswith("1 of 1 claims are supported; 1 are as recorded.")


def test_the_command_speaks_danish_when_asked_or_where_the_locale_is_danish(folder: Path) -> None:
    assert run("check", "--lang", "da", cwd=folder).startswith("1 af 1 påstande holder")
    assert run("check", cwd=folder, LANG="da_DK.UTF-8").startswith("1 af 1 påstande holder")


def test_a_direction_turned_in_one_file_makes_the_claim_fall_with_exit_code_1(folder: Path) -> None:
    change(folder / "bank" / "studies" / "eksempel-2026.md", 'direction = "positive"', 'direction = "negative"')
    told = run("check", cwd=folder, code=1)
    assert told.startswith("0 of 1 claims are supported; 0 are as recorded.")
    assert "FELL" in told
    assert "meetings-example: contradicted" in told


def test_a_withdrawn_study_carries_nothing_and_the_claim_is_red(folder: Path) -> None:
    change(
        folder / "bank" / "studies" / "eksempel-2026.md",
        "added = 2026-01-01",
        'added = 2026-01-01\nwithdrawn = 2026-06-01\nwithdrawn_because = "trukket tilbage"',
    )
    told = run("check", cwd=folder, code=1)
    assert told.startswith("0 of 1 claims are supported")
    assert "meetings-example: too little" in told


def test_before_the_study_was_added_there_is_nothing(folder: Path) -> None:
    data = json.loads(run("check", "--as-of", "2025-12-31", "--format", "json", cwd=folder))
    assert [c["status"] for c in data["claims"]] == ["too-little"]
    data = json.loads(run("check", "--as-of", "2026-12-31", "--format", "json", cwd=folder))
    assert [c["status"] for c in data["claims"]] == ["supported"]


def test_fix_numbers_rewrites_the_number_and_nothing_else(folder: Path) -> None:
    note = folder / "notes" / "eksempel" / "note.da.md"
    before = note.read_text(encoding="utf-8")
    change(note, "[3]{value", "[7]{value")
    assert "the note prints 7, the bank has 3" in run("check", cwd=folder, code=1)
    run("check", "--fix-numbers", cwd=folder)
    assert note.read_text(encoding="utf-8") == before


def test_attesting_ends_the_need_to_re_read(folder: Path) -> None:
    assert "need re-reading" in run("check", cwd=folder)
    assert "1 claims attested by Åse Ærø" in run("attest", "--by", "Åse Ærø", cwd=folder)
    assert "need re-reading" not in run("check", cwd=folder)
    change(folder / "bank" / "studies" / "eksempel-2026.md", "effect = 3", "effect = 2")
    assert "need re-reading" in run("check", cwd=folder, code=1)


def test_explain_tells_the_findings_and_the_verdict(folder: Path) -> None:
    told = run("explain", "meetings-example", "--lang", "da", cwd=folder)
    assert "eksempel-2026#1" in told
    assert "Bankens dom: positiv, indikation." in told
    assert "Tallene" in told  # the example prints an effect and its standard error
    assert "1 gruppe af sammenlignelige tal: 1 med ét studie." in told
    assert told.index("Tallene") > told.index("Bankens dom")


def test_the_self_test_passes(folder: Path) -> None:
    assert "1 of 1 claims moved" in run("check", "--self-test", cwd=folder)


def test_junit_is_well_formed(folder: Path) -> None:
    assert '<testcase classname="claims.synthesis" name="meetings-example">' in run("check", "--format", "junit", cwd=folder)


MISTAKES = {
    "no workspace": (("check", "-w", "/"), "is no virker workspace", "virker init"),
    "an unknown claim": (("explain", "meetings-exampel"), "there is no claim", "did you mean 'meetings-example'"),
    "an unknown note": (("check", "--note", "eksempl"), "there is no note", "did you mean 'eksempel'"),
    "an unknown format": (("check", "--format", "jsn"), "'jsn' is no format", "did you mean 'json'"),
    "a wrong day": (("check", "--as-of", "i går"), "neither a day nor a year", "2026-11-22"),
    "a wrong language": (("check", "--lang", "svensk"), "no language", "--lang da"),
    "an unknown study": (("bank", "show", "eksempel-2025"), "there is no study", "did you mean 'eksempel-2026'"),
    "an unknown term": (("bank", "query", "-i", "meeting"), "'meeting' is no term", "did you mean 'meetings'"),
    "an unknown rule set": (("bank", "query", "-i", "meetings", "--rule-set", "star"), "'star' is no rule set", "star-hierarchy"),
    "an unknown ending": (("bank", "export", "bank.xls"), "no known ending", ".xlsx"),
    "an id that is none": (("bank", "new", "Ærø 2020"), "is no id", "lower-case"),
    "a study that exists": (("bank", "new", "eksempel-2026"), "exists", "another id"),
    "a folder that is not empty": (("init", "."), "is not empty", "nothing was written"),
}


def test_a_fallen_claim_is_a_failure_in_junit(folder: Path) -> None:
    change(folder / "bank" / "studies" / "eksempel-2026.md", 'direction = "positive"', 'direction = "negative"')
    told = run("check", "--format", "junit", cwd=folder, code=1)
    assert 'failures="1"' in told
    assert '<failure message="' in told


def test_init_in_the_folder_one_stands_in_is_refused(tmp_path: Path) -> None:
    assert "go one up" in run("init", ".", cwd=tmp_path, code=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_gets_one_clear_message_and_exit_code_2(folder: Path, case: str) -> None:
    arguments, what, todo = MISTAKES[case]
    before = sorted(p for p in folder.rglob("*"))
    told = run(*arguments, cwd=folder, code=2)
    assert what in told
    assert todo in told
    assert sorted(p for p in folder.rglob("*") if ".virker" not in p.parts) == [p for p in before if ".virker" not in p.parts]


def test_an_error_in_the_bank_writes_nothing(folder: Path) -> None:
    change(folder / "bank" / "studies" / "eksempel-2026.md", 'unit = "weeks"', 'unit = "fortnights"')
    told = run("build", "--out", str(folder / "ud"), cwd=folder, code=2)
    assert "bank/studies/eksempel-2026.md:27" in told
    assert "'fortnights' is no unit" in told
    assert not (folder / "ud").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json", "bib"])
def test_the_bank_is_exported_with_its_danish_letters(folder: Path, ending: str) -> None:
    path = folder / f"banken.{ending}"
    run("bank", "export", str(path), cwd=folder)
    assert "Åse Ærø" in _text(path) or "Ærø" in _text(path)


def _text(path: Path) -> str:
    if path.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(path, read_only=True)
        text = " ".join(str(c) for row in book["findings"].iter_rows(values_only=True) for c in row)
        book.close()
        return text
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return str(pq.read_table(path).to_pylist())
    return path.read_text(encoding="utf-8")


def test_the_schema_accepts_every_study_of_the_danish_bank() -> None:
    import jsonschema

    from virker.files import parse_toml, split_front_matter

    validator = jsonschema.Draft202012Validator(json.loads(run("bank", "schema")))
    for path in sorted((ROOT / "bank" / "studies").glob("*.md")):
        front = split_front_matter(path.read_text(encoding="utf-8"))
        assert front is not None
        data = json.loads(json.dumps(parse_toml(front[0]), default=str))
        assert not list(validator.iter_errors(data)), path


def test_the_version_is_told_without_loading_the_heavy_libraries() -> None:
    code = "import sys, virker.cli.app; heavy = {'scipy', 'typst', 'docx', 'duckdb', 'pyarrow', 'numpy', 'jinja2'} & set(sys.modules); assert not heavy, heavy"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert run("--version").startswith("virker 0.")


def test_the_comparison_as_data_says_what_the_text_says() -> None:
    told = json.loads(run("compare", "--claim", "subsidy-private-works", "--format", "json", cwd=ROOT))
    text = run("compare", "--claim", "subsidy-private-works", "--lang", "en", cwd=ROOT)
    asked = told["questions"][0]
    assert asked["needs"]["direction"] == ["positive"]
    assert {v["rule_set"] for v in asked["verdicts"]} >= {"star-hierarchy", "jobeffekter-g2", "clear-resea"}
    parting = next(p for p in asked["partings"] if p["rule_set"] == "jobeffekter-g2")
    assert parting["because"]
    assert parting["says"]["en"] in text
    assert told["silent"]


def test_a_wrong_format_of_the_comparison_is_named() -> None:
    assert "Use text or json" in run("compare", "--all", "--format", "jsn", cwd=ROOT, code=2)
