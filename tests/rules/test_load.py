"""Dated law: what is wrong with a file is told with its place, and the day decides the value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT
from virker.errors import ContentError, QueryError
from virker.rules import Rules, load_rules

SCHEME = """id = "ordning-æøå"
da = "Ordningen på prøve"
en = "The scheme on trial"
about_da = "…"
about_en = "…"

[[parameter]]
id = "sats"
da = "sats"
en = "rate"
value = 10
from = 2024-01-01
to = 2024-12-31
unit = "percent"
status = "repealed"
reference = "§ 1"
source = "loven"

[[parameter]]
id = "sats"
da = "sats"
en = "rate"
value = 12
from = 2025-01-01
unit = "percent"
status = "in force"
reference = "§ 1"
source = "loven"
"""


def loaded(folder: Path, old: str = "", new: str = "", name: str = "ordning-æøå") -> Rules:
    assert old in SCHEME
    (folder / f"{name}.toml").write_text(SCHEME.replace(old, new, 1) if old else SCHEME, encoding="utf-8")
    return load_rules(folder)


def test_the_day_decides_the_value(tmp_path: Path) -> None:
    rules = loaded(tmp_path)
    assert rules.parameter("ordning-æøå/sats", date(2024, 12, 31)).value == 10
    assert rules.parameter("ordning-æøå/sats", date(2025, 1, 1)).value == 12
    assert rules.parameter("ordning-æøå/sats").value == 12
    with pytest.raises(QueryError):
        rules.parameter("ordning-æøå/sats", date(2023, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "name", "said"),
    [
        ("", "", "andet-navn", "the file is named 'andet-navn'"),
        ("to = 2024-12-31", "to = 2023-12-31", "ordning-æøå", "ends before it begins"),
        ("to = 2024-12-31\n", "", "ordning-æøå", "hold at the same time"),
        ("value = 10\n", "", "ordning-æøå", "value"),
    ],
)
def test_a_mistake_is_told_with_its_file(tmp_path: Path, old: str, new: str, name: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, old, new, name)
    assert said in str(caught.value)
    assert f"{name}.toml" in str(caught.value)


def test_an_unverified_value_may_stand_beside_another(tmp_path: Path) -> None:
    rules = loaded(tmp_path, 'to = 2024-12-31\nunit = "percent"\nstatus = "repealed"', 'unit = "percent"\nstatus = "unverified"')
    assert rules.parameter("ordning-æøå/sats").value == 12


def test_the_danish_rules_load() -> None:
    assert load_rules(ROOT / "rules").parameter("jobpraemie-2017/period_from").value == "2017-04-01"
