"""The calculators over HTTP: facts in, the law line by line out. Nothing is stored, and what was posted is not logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from virker.decode import decode
from virker.errors import ContentError, Problem
from virker.language import Said
from virker.practice import samtaler, samtaler_asked, samtaler_data
from virker.practice.answer import Answer
from virker.practice.bonus_facts import BonusFacts
from virker.practice.jobpraemie import jobpraemie
from virker.practice.loentilskud import loentilskud
from virker.practice.seks_uger import TrainingFacts, seks_uger
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.told import answer_data
from virker.rules import Rules
from virker.web.api.endpoint import Call, Endpoint
from virker.web.parameters import DAY_TODO, FIRST_YEAR, LAST_YEAR, Fault, Refused, day_of, short

#: Lists and objects in what is posted may be so long, and words so many characters.
MOST_ITEMS, MOST_LETTERS = 240, 200


class MeetingFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the schedule of meetings is told. ``held`` are meetings held, as ``2026-09-08:a-kasse``; ``on`` is the day it is seen from."""

    registered: str
    group: str
    held: tuple[str, ...] = ()
    on: str | None = None
    placement: str = "even"


def facts_of(posted: dict[str, Any], kind: type[Any]) -> Any:
    """What was posted as the facts of a calculator.

    Raises
    ------
    ContentError, Refused
        With everything that is wrong with their form, at once.
    """
    if faults := _beyond(posted, ""):
        raise Refused(faults)
    problems: list[Problem] = []
    facts = decode(posted, kind, "", lambda _: 0, problems)
    if facts is None:
        raise ContentError(problems)
    days = [(f.encode_name, v) for f in msgspec.structs.fields(kind) if isinstance(v := getattr(facts, f.name), date)]
    if faults := [Fault(n, Said(f"{d} er for langt væk", f"{d} is too far away"), DAY_TODO) for n, d in days if not FIRST_YEAR <= d.year <= LAST_YEAR]:
        raise Refused(faults)
    return facts


def _beyond(value: object, where: str) -> list[Fault]:
    """What is longer than anything that a calculator asks for."""
    if isinstance(value, str) and len(value) > MOST_LETTERS:
        return [
            Fault(
                where, Said(f"teksten er {len(value)} tegn", f"the text is {len(value)} characters"), Said(f"højst {MOST_LETTERS}", f"{MOST_LETTERS} at most")
            )
        ]
    if isinstance(value, (list, dict)):
        if len(value) > MOST_ITEMS:
            return [Fault(where, Said(f"der er {len(value)} dele", f"there are {len(value)} parts"), Said(f"højst {MOST_ITEMS}", f"{MOST_ITEMS} at most"))]
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        keys = [f for k in value for f in _beyond(k, where)] if isinstance(value, dict) else []
        return keys + [f for k, v in inner for f in _beyond(v, f"{where}.{short(str(k))}".strip("."))]
    return []


def _calculator(kind: type[Any], reckon: Callable[[Any, Rules], Answer]) -> Callable[[Call], dict[str, Any]]:
    def answer(call: Call) -> dict[str, Any]:
        rules = call.site.edition.rules
        return answer_data(reckon(facts_of(call.posted, kind), rules), rules)

    return answer


def _meetings(call: Call) -> dict[str, Any]:
    from virker.practice.holidays import danish_holidays

    edition, facts = call.site.edition, facts_of(call.posted, MeetingFacts)
    days = {"registered": facts.registered, "on": facts.on, **{f"held.{i}": h.partition(":")[0] for i, h in enumerate(facts.held)}}
    if faults := [
        Fault(n, Said(f"»{short(d)}« er ingen dag", f"'{short(d)}' is no day"), DAY_TODO) for n, d in days.items() if d is not None and day_of(d) is None
    ]:
        raise Refused(faults)
    asked = samtaler_asked.read_asked(facts.registered, facts.group, facts.on, facts.held, facts.placement, edition.rules, date.today())
    found, schedule = samtaler.plan_meetings(asked, edition, danish_holidays(asked.registered.year, max(asked.on.year, asked.registered.year + 2)))
    return samtaler_data.schedule_data(found, schedule)


_ANSWER = {
    "type": "object",
    "required": ["format", "calculator", "on", "headline", "steps", "not_known", "guard"],
    "properties": {
        "on": {"type": "string", "format": "date"},
        "headline": {"type": "object"},
        "steps": {"type": "array", "items": {"type": "object", "required": ["id", "said", "holds", "value", "unit", "day", "rules", "claims"]}},
        "not_known": {"type": "array", "items": {"type": "object"}},
        "guard": {"type": "object"},
    },
}
_SCHEDULE = {"type": "object", "required": ["format", "calculator", "on", "registered", "group", "windows", "evidence", "lines", "not_known", "guard"]}
_MORE = "A reckoning and no decision: a person decides the case. Nothing is stored."
_BONUS = {"earnings": {"2017-04..2017-09": 25000}, "scheme": "jobpraemie-2017", "benefit": "kontanthjælp", "weeks": 48, "lives_in_denmark": True}
_SUBSIDY = {"on": "2024-06-03", "group": "dagpenge", "employer": "private", "months_on_benefits": 7}
_TRAINING = {"unemployed_from": "2025-01-06", "education": "skilled", "age": 41}
ENDPOINTS = (
    Endpoint("/practice/jobpraemie", "The job bonus, month by month", _calculator(BonusFacts, jobpraemie), _ANSWER, method="POST", body=lambda: BonusFacts, example=_BONUS, more=_MORE),
    Endpoint("/practice/loentilskud", "Wage subsidy: whether, how long, how much", _calculator(SubsidyFacts, loentilskud), _ANSWER, method="POST", body=lambda: SubsidyFacts, example=_SUBSIDY, more=_MORE),
    Endpoint("/practice/seks-ugers-uddannelse", "Six weeks of training: when, how long, for whom", _calculator(TrainingFacts, seks_uger), _ANSWER, method="POST", body=lambda: TrainingFacts, example=_TRAINING, more=_MORE),
    Endpoint("/practice/samtaler", "The schedule of job meetings", _meetings, _SCHEDULE, method="POST", body=lambda: MeetingFacts, example={"registered": "2026-09-01", "group": "insured", "held": ["2026-09-08:a-kasse"], "on": "2026-10-01"}, more=_MORE),
)  # fmt: skip
