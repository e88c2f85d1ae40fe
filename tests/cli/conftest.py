"""The folder that the tests of ``virker meta`` stand in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.tables import BCG, DANISH


@pytest.fixture
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder with the two tables in it; English is spoken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRKER_LANG", "en")
    Path("bcg.csv").write_text(BCG, encoding="utf-8")
    Path("dansk.csv").write_text(DANISH, encoding="utf-8")
