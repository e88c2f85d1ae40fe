"""The plan in the terminal and for programs: the same answers as the report, without pages."""

from __future__ import annotations

from typing import Any

from virker.claims.records import STATUS_LABELS, STATUS_SIGNS
from virker.language import Said
from virker.plan.sections import Answers
from virker.plan.told import bottleneck_said, key_figures, needed_said
from virker.plan.words import A_PERSON_DECIDES
from virker.plan.work import Band


def text(answers: Answers, language: str) -> str:
    """What a planner reads first, in a terminal."""
    worked, claim = answers.worked, answers.claim
    lines = [worked.scenario.title[language], "", f"{STATUS_SIGNS[claim.status]} {claim.said[language]} [{STATUS_LABELS[claim.status][language]}]"]
    lines += [f"    {reason[language]}" for reason in claim.reasons]
    lines += ["", *(f"  {line[language]}" for line in key_figures(worked))]
    lines += ["", Said("Tallene fra banken", "The numbers from the bank")[language]]
    for effect in worked.effects:
        used = [u.number.said[language] for u in effect.used] or [Said("intet tal for gruppen", "no number for the group")[language]]
        lines += [f"  {Said(effect.told.da, effect.told.en)[language]}: {'; '.join(used)}"]
    if answers.bottleneck:
        lines += ["", Said("Flaskehalsen", "The bottleneck")[language], *(f"  {bottleneck_said(worked, one)[language]}" for one in answers.bottleneck)]
    lines += ["", Said("Hvor stor skal effekten være?", "How large must the effect be?")[language]]
    names = {m.id: Said(m.da, m.en) for m in worked.scenario.measure}
    lines += [f"  {names[n.measure][language]}{_LOCK_IN[n.lock_in][language]}: {needed_said(n)[language]}" for n in answers.needed]
    lines += ["", A_PERSON_DECIDES[language]]
    return "\n".join(lines)


_LOCK_IN = {
    "printed": Said("", ""),
    "none": Said(" (ingen fastlåsning)", " (no lock-in)"),
    "full": Said(" (fuld fastlåsning)", " (full lock-in)"),
}


def data(answers: Answers) -> dict[str, Any]:
    """Everything as plain data: figures with their band, the numbers used, and why the claim came out as it did."""
    worked = answers.worked
    return {
        "id": worked.scenario.id,
        "currency": worked.scenario.money.currency,
        "weeks": worked.scenario.weeks,
        "pays_back": {"status": answers.claim.status, "said": _said(answers.claim.said), "reasons": [_said(r) for r in answers.claim.reasons]},
        "weeks_in_work": _band(worked.weeks_in_work),
        "benefit_weeks": _band(worked.benefit_weeks),
        "started": {k: _band(b) for k, b in worked.started.items()},
        "no_room": {k: _band(b) for k, b in worked.turned_away.items()},
        "present_value": {"public": _band(worked.public), "society": _band(worked.social), "by_payer": {k: _band(b) for k, b in worked.by_payer.items()}},
        "payback_month": worked.payback_month,
        "chance_of_surplus": worked.chance_of_surplus,
        "effects": [
            {
                "measure": e.told.id,
                "used": [
                    {"finding": u.number.address, "said": _said(u.number.said), "log_hazard_ratio": u.centre, "from_week": u.span[0], "to_week": u.span[1], "precision": u.number.precision}
                    for u in e.used
                ],
                "not_used": {u.address: _said(u.why) for u in e.path.unusable} | {n.address: _said(why) for n, why in e.refused},
            }
            for e in worked.effects
        ],
        "other_numbers": [{"measure": o.measure, "finding": o.number.number.address, "public": o.public} for o in answers.others],
        "needed": [{"measure": n.measure, "lock_in": n.lock_in, "answer": n.answer.answer, "hazard_ratio": n.answer.ratio, "weeks_in_work": n.weeks_in_work} for n in answers.needed],
        "tornado": [{"what": _said(n.said), "low": n.bar.at_low, "high": n.bar.at_high} for n in answers.hangs_on],
        "scale": [_said(s) for s in answers.scale],
        "law": [{"address": u.address, "on": u.day.isoformat(), "value": u.value.value, "status": u.value.status} for u in worked.law],
        "guard": _said(A_PERSON_DECIDES),
    }  # fmt: skip


def _band(band: Band) -> dict[str, float | None]:
    """Without a band low and high are None: nothing is known of them, which is not the same as certainty."""
    return {"centre": band.centre, "low": band.low if band.is_wide else None, "high": band.high if band.is_wide else None}


def _said(said: Said) -> dict[str, str]:
    return {"da": said.da, "en": said.en}
