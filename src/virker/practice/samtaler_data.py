"""The schedule as plain data, for programs: both languages, and the law with its status beside every window."""

from __future__ import annotations

from typing import Any

import msgspec

from virker.language import Said
from virker.practice.answer import Answer
from virker.practice.meeting_law import GROUPS
from virker.practice.placement import PLACEMENTS
from virker.practice.schedule import Rule, Schedule, Window


def schedule_data(answer: Answer, schedule: Schedule) -> dict[str, Any]:
    """The schedule as plain data, with both languages."""
    asked = schedule.asked
    return {
        "format": 1,
        "calculator": answer.calculator,
        "on": asked.on,
        "registered": asked.registered,
        "group": {"id": asked.group, **_both(GROUPS[asked.group].said)},
        "held": [{"day": h.day, "by": h.by} for h in asked.held],
        "placement": {"id": asked.placement, **_both(PLACEMENTS[asked.placement].said), "claims": PLACEMENTS[asked.placement].claims},
        "headline": _both(answer.headline),
        "minimum": schedule.minimum,
        "remaining": schedule.remaining,
        "longest_pause_days": schedule.longest_pause_days,
        "windows": [_window_data(w) for w in schedule.windows],
        "uncounted": [{"day": h.day, "by": h.by} for h in schedule.uncounted],
        "beside": [_rule_data(r) for r in schedule.beside],
        "evidence": [
            {
                "claim": e.claim,
                "status": e.status,
                "topic": _both(e.topic),
                "says": _both(e.says),
                "advice": _both(e.advice) if e.advice else None,
                "about": _both(e.about),
                "fits_group": e.fits,
            }
            for e in schedule.evidence
        ],
        "lines": [{"id": s.id, "said": _both(s.said), "holds": s.holds, "claims": s.claims} for s in answer.steps],
        "not_known": [_both(s) for s in answer.not_known],
        "guard": _both(answer.guard),
    }


def schedule_json(answer: Answer, schedule: Schedule) -> str:
    """:func:`schedule_data` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(schedule_data(answer, schedule)), indent=2).decode() + "\n"


def _window_data(w: Window) -> dict[str, Any]:
    return {
        "id": w.id,
        "by": w.holder,
        "said": _both(w.said),
        "opens": w.opens,
        "closes": w.closes,
        "minimum": w.minimum,
        "state": w.state,
        "held": w.held,
        "remaining": w.remaining,
        "missed": w.missed,
        "suggested": w.suggested,
        "law": [_rule_data(r) for r in w.rules],
        "beside": [_rule_data(r) for r in w.beside],
    }


def _rule_data(rule: Rule) -> dict[str, Any]:
    address, p = rule
    return {
        "address": address,
        "says": {"da": p.da, "en": p.en},
        "value": p.value,
        "unit": p.unit,
        "from": p.from_,
        "to": p.to,
        "status": p.status,
        "reference": p.reference,
        "source": p.source,
    }


def _both(said: Said) -> dict[str, str]:
    return {"da": said.da, "en": said.en}
