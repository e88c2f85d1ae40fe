"""Words that say what is not known, and words that say what the law says: are they still true?

``[words]{unknown="…"}`` names a gap of ``notes/gaps.toml``, a claim that is not traced or has too little, ``rule:scheme/parameter`` for a value of
the law that was not found for the day, or ``not-found:scheme/…`` for an entry of the scheme's own list of what was not found, by its first Danish
words. The day there is an answer, the words are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from virker.claims.check import COMPUTED, Check
from virker.claims.gaps import GapCheck
from virker.claims.note import Span
from virker.errors import QueryError, nearest
from virker.rules import Parameter, Rules

#: So many findings are named as the answer; the rest are counted.
_MOST = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known after all, and what to do with the words."""

    what: str
    todo: str


def answer_to(unknown: str, checks: Mapping[str, Check], gaps: Mapping[str, GapCheck], rules: Rules, day: date | None) -> Answer | None:
    """The answer to what is said to be unknown; None while there is none.

    Raises
    ------
    QueryError
        When ``unknown`` names no gap, no claim and no rule, or a rule is asked for without a day.
    """
    prefix, _, address = unknown.partition(":")
    if prefix == "rule" and address:
        return _law(address, rules, day)
    if prefix == "not-found" and address:
        return _listed(address, rules)
    if unknown in gaps:
        return _gap(gaps[unknown])
    if unknown in checks:
        status = checks[unknown].status
        return None if status in COMPUTED else Answer(f"'{unknown}' is {status}", f"say what holds: virker explain {unknown}")
    raise QueryError(f"'{unknown}' is neither a gap nor a claim\n    → {nearest(unknown, [*gaps, *checks])} Gaps are in notes/gaps.toml")


def _gap(check: GapCheck) -> Answer | None:
    if not check.answers:
        return None
    more = len(check.answers) - _MOST
    named = ", ".join(check.answers[:_MOST]) + (f" and {more} more" if more > 0 else "")
    return Answer(f"the gap '{check.gap.id}' is answered by {named}", "say what is found, or ask a narrower question in notes/gaps.toml")


def _law(address: str, rules: Rules, day: date | None) -> Answer | None:
    if day is None:
        raise QueryError(f"'rule:{address}' is asked for no day\n    → name it: day=\"2026-11-22\"")
    found = rules.reading(address, day).parameter
    return None if found is None else Answer(f"the law has {found.value} for {address} on {day}", "say what the law says: see rules/")


def _listed(address: str, rules: Rules) -> Answer | None:
    """None while the scheme lists, among what was not found, an entry that begins with these words."""
    scheme, _, words = address.partition("/")
    if scheme not in rules.schemes:
        raise QueryError(f"there is no scheme '{scheme}'\n    → {nearest(scheme, rules.schemes)} The schemes are in rules/")
    if words and any(entry.da.startswith(words) for entry in rules.schemes[scheme].not_found):
        return None
    return Answer(f"rules/{scheme}.toml lists nothing as not found that begins with “{words}”", "say what was found, or mend the words in the address")


def law_said(span: Span, rules: Rules, day: date | None) -> str | None:
    """What is wrong with words bound to a rule, on the span's own day or else on ``day``; None where they say what the law says."""
    assert span.rule is not None
    at = span.on or day
    try:
        found = rules.parameter(span.rule, at)
    except QueryError:
        return f"the law has no value of {span.rule} on {at}"
    said, has = span.says or "yes", worded(found)
    return None if said == has else f"the words say {said}, the law says {has} of {span.rule}"


def worded(parameter: Parameter) -> str:
    """The value as a binding names it: ``yes``, ``no``, or the value itself."""
    if isinstance(parameter.value, bool):
        return "yes" if parameter.value else "no"
    return str(parameter.value)
