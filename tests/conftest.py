"""Fixtures: the Danish workspace, and small banks made for one test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from virker.bank import Bank, Finding, Origin, Study, load_bank
from virker.claims import Edition, load_edition
from virker.vocabulary import Vocabulary
from virker.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "evidence"


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    return Workspace.find(ROOT)


@pytest.fixture(scope="session")
def danish(workspace: Workspace) -> Bank:
    return load_bank(workspace.bank, workspace.root)


@pytest.fixture(scope="session")
def edition(workspace: Workspace) -> Edition:
    return load_edition(workspace, cache=False)


@pytest.fixture(scope="session")
def vocabulary(danish: Bank) -> Vocabulary:
    return danish.vocabulary


def finding(number: int = 1, direction: str = "positive", **fields: Any) -> Finding:
    """A finding with everything a verdict needs; any field can be given."""
    base: dict[str, Any] = {
        "id": number,
        "intervention": "meetings",
        "outcome": "employment",
        "target_group": ("unemployed",),
        "contrast": "on",
        "direction": direction,
        "origin": Origin(document="et blad med æ, ø og å", level="table"),
    }
    return Finding(**{**base, **fields})


def study(name: str, *findings: Finding, **fields: Any) -> Study:
    """A study; a randomised trial in Denmark unless the test says otherwise."""
    base: dict[str, Any] = {
        "id": name,
        "kind": "primary",
        "design": "rct",
        "added": date(2026, 1, 1),
        "year": 2020,
        "authors": ("Åse Ærø",),
        "countries": ("DK",),
    }
    return Study(**{**base, **fields}, finding=tuple(findings))


@pytest.fixture
def bank_of(vocabulary: Vocabulary) -> Callable[..., Bank]:
    def make(*studies: Study, trials: Iterable[Any] = ()) -> Bank:
        return Bank(studies, vocabulary, trials)

    return make
