"""Small scenarios for the planner's tests, written as a planner would. The figures are made up; they are evidence of nothing."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conftest import finding
from virker.bank import Bank, Finding
from virker.errors import ContentError
from virker.plan.read import read_scenario
from virker.plan.scenario import Scenario
from virker.rules import Rules

MEETINGS: dict[str, Any] = {
    "id": "samtaler", "da": "Flere samtaler på jobcentret", "en": "More meetings", "intervention": "meetings", "start_week": 0, "weeks": 13, "reach": 0.5,
    "price": [{"amount": 4000, "currency": "DKK", "payer": "municipality", "assumed": "prøve"}],
}  # fmt: skip
HOURS: dict[str, Any] = {
    "id": "timer", "da": "Timer", "en": "Hours", "unit_da": "timer", "unit_en": "hours", "amount": 10, "one_more": 5,
    "one_more_da": "én sagsbehandler mere", "one_more_en": "one more caseworker", "assumed": "prøve",
}  # fmt: skip
_BASE: dict[str, Any] = {
    "id": "proeve", "da": "En prøve på æ, ø og å", "en": "A trial run", "group": ["unemployed"], "start": "2025-01-06", "weeks": 104, "draws": 200,
    "people": {"inflow": 10, "stock": [{"from": 0, "to": 3, "people": 40}], "assumed": "prøve"},
    "baseline": {"job": [{"from": 0, "rate": 0.03}, {"from": 26, "rate": 0.02}], "other": [{"from": 0, "rate": 0.004}], "job_loss": 0.004, "assumed": "prøve"},
    "money": {
        "currency": "DKK", "on": "2025-01-06", "tax_benefit": 0.35, "tax_wage": 0.38, "state_tax_share": 0.35, "discount_rate": 0.035, "assumed": "prøve",
        "benefit": {"amount": 20000, "currency": "DKK", "assumed": "prøve"},
        "wage": {"amount": 30000, "currency": "DKK", "assumed": "prøve"},
        "state_share": [{"from": 0, "share": 0.8}, {"from": 4, "share": 0.4}],
    },
}  # fmt: skip


def scenario_of(*measures: dict[str, Any], **changes: Any) -> Scenario:
    """A scenario with these measures (one of meetings, when none is given); a field of a table as ``money__tax_wage=0.5``."""
    data = {**deepcopy(_BASE), "measure": [deepcopy(m) for m in measures or (MEETINGS,)]}
    for name, value in changes.items():
        table, _, field = name.partition("__")
        if field:
            data[table][field] = value
        else:
            data[table] = value
    return msgspec.convert(data, Scenario)


def measure_of(**fields: Any) -> dict[str, Any]:
    """The meetings with other fields; ``None`` leaves one out."""
    return {k: v for k, v in {**MEETINGS, **fields}.items() if v is not None}


def number(n: int = 1, **fields: Any) -> Finding:
    """A finding with a number: three weeks in work within two years, with its standard error, in a table."""
    base: dict[str, Any] = {"outcome": "employment-duration", "effect": 3.0, "unit": "weeks", "horizon_months": 24.0, "estimand": "ITT", "se": 0.5}
    return finding(n, **{**base, **fields})


TEXT = """\
id = "proeve"
da = "En prøve på æ, ø og å"
en = "A trial run"
group = ["unemployed"]
start = 2025-01-06
weeks = 104

[people]
inflow = 10
assumed = "prøve"

[baseline]
job = [{ from = 0, rate = 0.03 }]
job_loss = 0.004
assumed = "prøve"

[[measure]]
id = "samtaler"
da = "Flere samtaler"
en = "More meetings"
intervention = "meetings"
notice_weeks = 0
start_week = 0
weeks = 13
reach = 0.5
uses = [{ capacity = "timer", amount = 0.5 }]
price = [{ amount = 4000, currency = "DKK", payer = "municipality", assumed = "prøve" }]

[[capacity]]
id = "timer"
da = "Timer"
en = "Hours"
unit_da = "timer"
unit_en = "hours"
amount = 10
one_more = 5
one_more_da = "én sagsbehandler mere"
one_more_en = "one more caseworker"
assumed = "prøve"

[money]
currency = "DKK"
on = 2025-01-06
benefit = { rule = "dagpengesatser/max_per_month_full_time_dkk" }
wage = { amount = 30000, currency = "DKK", assumed = "prøve" }
tax_benefit = 0.35
tax_wage = 0.38
state_tax_share = 0.35
state_share = "refusion/cofinancing"
assumed = "prøve"
"""


def read(tmp_path: Path, text: str, bank: Bank, rules: Rules) -> Scenario:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, bank, rules)


def refused(tmp_path: Path, text: str, bank: Bank, rules: Rules) -> list[str]:
    """The problems of a scenario, each ``line: what → todo``."""
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text, bank, rules)
    return [f"{p.line}: {p.what} → {p.todo}" for p in caught.value.problems]
