"""What a terminal says of the numbers under a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Finding, Query
from virker.cli.compare import _effects

MakeBank = Callable[..., Bank]


def points(effect: float) -> Finding:
    fields: dict[str, Any] = {"outcome": "employment-rate", "effect": effect, "unit": "pp", "horizon_months": 12.0, "se": 1.0}
    return finding(1, "positive", **fields)


@pytest.mark.parametrize(
    ("speak", "word"), [("da", "Forskellen på effekten fra lodtrækningsforsøg"), ("en", "The difference between the effect from randomised trials")]
)
def test_a_pooled_effect_of_ten_studies_is_told_by_moderator(bank_of: MakeBank, speak: str, word: str) -> None:
    made = [study(f"s{i:02}", points(2.0 if i % 2 else 6.0), design="matching" if i % 2 else "rct") for i in range(12)]
    lines = _effects(bank_of(*made), Query(intervention="meetings"), speak)
    (by_design,) = [line for line in lines if word in line]
    assert "4 " in by_design  # 6 in trials against 2 in the others
    assert not _effects(bank_of(*made[:9]), Query(intervention="meetings"), speak)
