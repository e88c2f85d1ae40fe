"""Does one part of a claim hold? The findings it selects against what it expects of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from virker.bank import Bank, names
from virker.claims.graded import by_verdict
from virker.claims.printed import about_groups, prints_numbers
from virker.claims.records import Expectation, Kind, Part
from virker.claims.result import PartResult, worst_of
from virker.claims.told import as_told
from virker.errors import QueryError
from virker.language import Said, number
from virker.rules import Rules


def evaluate_part(part: Part, kind: Kind, bank: Bank, rules: Rules, default_rule_set: str, day: date | None = None) -> PartResult:
    """The status of one part.

    A rule is compared with the law as data; everything else selects findings. What only the note says (level ``seed``) is left
    out before anything is graded, so that a note is never its own witness.
    """
    expect = part.expect
    if expect.rule is not None:
        return _rule(expect, rules)
    if part.select is None:
        return PartResult("error", (Said("der er hverken select eller rule", "there is neither select nor rule"),))
    for study in names(part.select.study):
        if study not in bank.studies and day is None:
            return PartResult("error", (Said(f"studiet '{study}' findes ikke i banken", f"the study '{study}' is not in the bank"),))
    rows = bank.select(part.select)
    seed = tuple(r for r in rows if r.finding.origin.level == "seed")
    traced = tuple(r for r in rows if r.finding.origin.level != "seed")
    if not rows and not part.select.is_named and day is None and not bank.ever_matched(part.select):
        return PartResult("error", (Said("forespørgslen rammer intet i banken", "the query matches nothing in the bank"),))
    results: list[PartResult] = []
    if expect.numbers:
        results.append(prints_numbers(expect.numbers, traced))
    if expect.groups:
        results.append(about_groups(expect.groups, bank, traced))
    if expect.direction or expect.level or expect.units is not None:
        if expect.level is not None or expect.units is not None or kind == "synthesis":
            results.append(by_verdict(part.select, expect, bank, rows, default_rule_set))
        else:
            results.append(as_told(part.select, expect, bank, traced))
    if not results:
        return PartResult("error", (Said("der er intet at forvente", "nothing is expected"),))
    return replace(worst_of(results), rows=rows, seed=seed)


def _rule(expect: Expectation, rules: Rules) -> PartResult:
    assert expect.rule is not None
    try:
        parameter = rules.parameter(expect.rule)
    except QueryError as error:
        text = str(error).splitlines()[0]
        return PartResult("error", (Said(text, text),))
    wanted, value = expect.equals, parameter.value
    same = wanted == value if wanted is None or not (_numeric(wanted) and _numeric(value)) else abs(float(wanted) - float(value)) < 1e-9
    said = Said(f"{parameter.da}: {_plain(value, 'da')} ({parameter.reference})", f"{parameter.en}: {_plain(value, 'en')} ({parameter.reference})")
    if parameter.status == "unverified":
        return PartResult("not-traced", (said + Said("; ikke bekræftet i loven", "; not verified in the law"),))
    return PartResult("supported" if same else "contradicted", (said,))


def _numeric(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: object, language: str) -> str:
    if isinstance(value, bool):
        return {("da", True): "ja", ("da", False): "nej", ("en", True): "yes", ("en", False): "no"}[language, value]
    return number(float(value), language) if isinstance(value, (int, float)) else str(value)
