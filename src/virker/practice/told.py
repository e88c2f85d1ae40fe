"""An answer as text and as data: every line with the law beside it, what is not known, and at the end that a person decides."""

from __future__ import annotations

from typing import Any

import msgspec

from virker.errors import QueryError
from virker.language import Said
from virker.practice.answer import Answer, Holds, Step
from virker.rules import Rules, Scheme
from virker.rules.data import parameter_data
from virker.rules.show import WIDEST, wrapped
from virker.rules.told import STATUSES, law_said

#: The sign before a condition: met, not met, not known.
SIGNS: dict[Holds | None, str] = {"yes": "✓", "no": "✗", "unknown": "?", None: "·"}
_LOOSE = ("unverified", "proposed")


def answer_text(answer: Answer, rules: Rules, lang: str, width: int = WIDEST) -> str:
    """The answer in one language: the headline, the lines with marks, the law behind the marks, what is not known, the guard."""
    marks: dict[str, int] = {}
    lines = [*wrapped(answer.headline[lang], "", width), ""]
    lines += [line for step in answer.steps for line in wrapped(_step(step, marks, rules, lang), "  ", width)]
    if marks:
        lines += ["", Said("Loven bag linjerne", "The law behind the lines")[lang]]
        lines += [line for text, mark in marks.items() for line in wrapped(f"[{mark}] {text}", "  ", width)]
    if answer.not_known:
        lines += ["", Said("Forbehold, og hvad der ikke vides", "Reservations, and what is not known")[lang]]
        lines += [line for what in answer.not_known for line in wrapped(f"– {what[lang]}", "  ", width)]
    if any(s.holds for s in answer.steps):
        signs = Said("✓ opfyldt, ✗ ikke opfyldt, ? ikke oplyst eller ikke fundet i loven.", "✓ met, ✗ not met, ? not told or not found in the law.")
        lines += ["", signs[lang]]
    return "\n".join([*lines, "", *wrapped(answer.guard[lang], "", width)])


def _step(step: Step, marks: dict[str, int], rules: Rules, lang: str) -> str:
    """The line with the marks of the law behind it; one mark for each section and source, however many values stand there."""
    text = step.said[lang]
    behind = dict.fromkeys(law_said(p, _scheme(rules, address))[lang] for address, p in step.rules)
    if behind:
        text += " " + "".join(f"[{marks.setdefault(law, len(marks) + 1)}]" for law in behind)
    if step.claims:
        text += f" ({', '.join(step.claims)})"
    # Said in the line itself, not only among the references: the rule that it rests on stands on a page alone.
    loose = [p.status for _, p in step.rules if p.status in _LOOSE]
    if loose:
        part = Said("", "") if len(loose) == len(step.rules) else Said("til dels ", "in part ")
        text += f" – {part[lang]}" + "; ".join(STATUSES[s][lang] for s in STATUSES if s in loose)
    return f"{SIGNS[step.holds]} {text}"


def _scheme(rules: Rules, address: str) -> Scheme | None:
    return rules.schemes.get(address.partition("/")[0])


def answer_data(answer: Answer, rules: Rules) -> dict[str, Any]:
    """The answer as data, in both languages; every line with the values of the law that it rests on and their status."""
    return {
        "format": 1,
        "calculator": answer.calculator,
        "on": answer.on,
        "headline": msgspec.to_builtins(answer.headline),
        "steps": [_step_data(s, rules) for s in answer.steps],
        "not_known": msgspec.to_builtins(answer.not_known),
        "guard": msgspec.to_builtins(answer.guard),
    }


def _step_data(step: Step, rules: Rules) -> dict[str, Any]:
    return {
        "id": step.id,
        "said": msgspec.to_builtins(step.said),
        "holds": step.holds,
        "value": step.value,
        "unit": step.unit,
        "day": step.day,
        "rules": [{"address": address, **parameter_data(p, _scheme(rules, address))} for address, p in step.rules],
        "claims": step.claims,
    }


def facts_from(data: dict[str, Any], kind: type[Any]) -> Any:
    """The facts of a calculator from plain data, such as a case's table or a request.

    Raises
    ------
    QueryError
        When a fact is of the wrong kind, missing, or none that the calculator asks for.
    """
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        known = ", ".join(f.encode_name for f in msgspec.structs.fields(kind))
        raise QueryError(f"the facts cannot be used: {error}\n    → the calculator asks for {known}") from None
