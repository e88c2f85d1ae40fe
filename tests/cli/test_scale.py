"""``virker scale`` from outside."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tests.conftest import ROOT
from virker.cli.app import app
from virker.errors import UserError


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["scale", *words, "-w", str(ROOT)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_measure_is_told_state_by_state_in_danish() -> None:
    told = run("search-advice-digital", "--lang", "da")
    assert "Få får indsatsen (under halvdelen)\n  deltagerne: positiv, 8,5–9,5 procent" in told
    assert "  alle lagt sammen: ingen effekt" in told
    assert "Ukendt: halvdelen får indsatsen." in told
    assert "[altmann-2023a#4]" in told


def test_without_a_measure_the_known_and_the_unknown_are_listed() -> None:
    told = run("--lang", "en")
    known, rest = told.split("Unknown for ")
    assert "  search-advice-digital " in known
    assert "  wage-subsidy-private " in rest


def test_a_program_gets_the_same() -> None:
    told = json.loads(run("meetings", "--format", "json"))
    full = next(s for s in told["states"] if s["id"] == "near-full")
    assert [(f["finding"], f["effect"], f["unit"]) for f in full["net"]] == [("cheung-2025#13", -0.2, "pp")]
    assert full["others"] == []
    assert "næsten alle" in full["da"]
    listed = json.loads(run("--format", "json"))
    assert {"meetings", "job-bonus"} <= {s["intervention"] for s in listed}


@pytest.mark.parametrize(("words", "said"), [(["meetins"], "did you mean 'meetings'"), (["meetings", "--format", "xml"], "Use text or json")])
def test_a_wrong_word_gets_one_message(words: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["scale", *words, "-w", str(ROOT)])
    assert isinstance(result.exception, UserError)
    assert said in str(result.exception)
    assert result.exception.exit_code == 2
