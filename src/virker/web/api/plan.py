"""The planner over HTTP: a scenario in, what it would give and cost out. Bounded, one at a time, nothing stored."""

from __future__ import annotations

from typing import Any

from virker.language import Said
from virker.web.api.endpoint import Call, Endpoint
from virker.web.parameters import Fault, Refused, short

#: Smaller than what ``virker plan`` allows, because others are waiting.
MOST_DRAWS, MOST_WEEKS, MOST_MEASURES, MOST_ITEMS, MOST_LETTERS, MOST_DEEP = 1000, 260, 6, 600, 500, 8
#: No figure of a plan is larger, and no week of unemployment.
LARGEST, LAST_WEEK = 1e12, 520
_WEEKS = ("from", "to", "start_week", "from_week", "notice_weeks", "lasts_weeks")


def beyond(value: Any, where: str = "", deep: int = 0) -> list[Fault]:
    """What is larger than a plan on this server may be."""
    if deep > MOST_DEEP:
        return [Fault(where, Said("for mange lag i hinanden", "too many levels within each other"), Said(f"højst {MOST_DEEP}", f"{MOST_DEEP} at most"))]
    if isinstance(value, str) and len(value) > MOST_LETTERS:
        return [_most(where, len(value), MOST_LETTERS)]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        most = LAST_WEEK if where.rpartition(".")[2] in _WEEKS else LARGEST
        return [] if abs(value) <= most else [_most(where, value, most)]
    if not isinstance(value, (list, dict)):
        return []
    if len(value) > MOST_ITEMS:
        return [_most(where, len(value), MOST_ITEMS)]
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [f for k, v in inner for f in beyond(v, f"{where}.{short(str(k))}".strip("."), deep + 1)]


def _most(where: str, value: float, most: float) -> Fault:
    return Fault(where, Said(f"{value:g} er for meget her", f"{value:g} is too much here"), Said(f"højst {most:g}", f"{most:g} at most"))


def too_much(posted: dict[str, Any]) -> list[Fault]:
    """Everything in a scenario that is more than this server works out."""
    faults = beyond(posted)
    for name, most in (("draws", MOST_DRAWS), ("weeks", MOST_WEEKS)):
        if isinstance(told := posted.get(name), int) and told > most:
            faults.append(_most(name, told, most))
    for name in ("measure", "capacity"):
        if isinstance(told := posted.get(name), list) and len(told) > MOST_MEASURES:
            faults.append(_most(name, len(told), MOST_MEASURES))
    return faults


def _plan(call: Call) -> dict[str, Any]:
    from virker.plan.answers import answers_of
    from virker.plan.read import scenario_from
    from virker.plan.summary import data

    edition, posted = call.site.edition, {"draws": MOST_DRAWS, **call.posted}
    faults = too_much(posted)
    if faults:
        raise Refused(faults)
    scenario = scenario_from(posted, edition.bank, edition.rules)
    return data(answers_of(scenario, edition.bank, edition.rules, edition.workspace.settings.rule_set))


def _scenario() -> Any:
    from virker.plan.scenario import Scenario

    return Scenario


_ANSWER = {
    "type": "object",
    "required": ["id", "currency", "weeks", "pays_back", "weeks_in_work", "present_value", "effects", "needed", "tornado", "law", "guard"],
}
EXAMPLE: dict[str, Any] = {
    "id": "eksempel",
    "da": "Færre sager per sagsbehandler",
    "en": "Fewer cases per caseworker",
    "group": ["insured"],
    "start": "2025-01-06",
    "weeks": 104,
    "people": {"inflow": 40, "assumed": "an example"},
    "baseline": {"job": [{"from": 0, "rate": 0.03}, {"from": 26, "rate": 0.016}], "job_loss": 0.004, "assumed": "an example"},
    "measure": [
        {"id": "sager", "da": "Færre sager", "en": "Fewer cases", "intervention": "caseload", "contrast": "less", "start_week": 0, "weeks": 52, "reach": 1.0}
    ],
    "money": {
        "currency": "DKK",
        "on": "2025-01-06",
        "benefit": {"rule": "dagpengesatser/max_per_month_full_time_dkk"},
        "wage": {"amount": 30000, "currency": "DKK", "per": "month", "assumed": "an example"},
        "tax_benefit": 0.35,
        "tax_wage": 0.38,
        "state_tax_share": 0.35,
        "state_share": "refusion/cofinancing",
        "assumed": "an example",
    },
}
ENDPOINTS = (
    Endpoint(
        "/plan",
        "What a mix of measures would give, and cost",
        _plan,
        _ANSWER,
        method="POST",
        body=_scenario,
        example=EXAMPLE,
        more=f"A scenario as in the file of virker plan, as JSON; at most {MOST_DRAWS} draws, {MOST_WEEKS} weeks and {MOST_MEASURES} measures. Effects are the bank's.",
        heavy=True,
    ),
)
