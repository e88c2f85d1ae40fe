"""Running the cases of the law: what each arrives at against what it expects, told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from virker.errors import QueryError
from virker.language import Said, counted, day_said
from virker.practice.answer import Answer, Step
from virker.practice.bonus_facts import BonusFacts
from virker.practice.jobpraemie import jobpraemie
from virker.practice.loentilskud import loentilskud
from virker.practice.seks_uger import TrainingFacts, seks_uger
from virker.practice.subsidy_facts import SubsidyFacts
from virker.practice.told import facts_from
from virker.rules import Rules
from virker.rules.cases import Case
from virker.rules.show import WIDEST, wrapped
from virker.rules.told import amount_said, value_said

_NOT_FOUND = "not found"
#: Øre and smaller: amounts are told in whole øre.
_CLOSE = 0.005

#: The calculators that a case can ask: the facts they take, and the calculator.
CALCULATORS: dict[str, tuple[type[Any], Callable[[Any, Rules], Answer]]] = {
    "jobpraemie": (BonusFacts, jobpraemie),
    "loentilskud": (SubsidyFacts, loentilskud),
    "seks-ugers-uddannelse": (TrainingFacts, seks_uger),
}


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case and in what it differs from what it expects; nothing where it holds."""

    scheme: str
    case: Case
    differences: tuple[Said, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as expected."""
        return not self.differences


def run_cases(cases: dict[str, tuple[Case, ...]], rules: Rules) -> list[CaseResult]:
    """Every case, in the order of the files."""
    return [run_case(scheme, case, rules) for scheme, many in cases.items() for case in many]


def run_case(scheme: str, case: Case, rules: Rules) -> CaseResult:
    """One case; facts that a calculator refuses are a difference, unless the case expects it."""
    if case.ask == "law":
        return CaseResult(scheme, case, tuple(_of_law(scheme, case, rules)))
    if case.ask not in CALCULATORS:
        return CaseResult(scheme, case, (Said(f"»{case.ask}« er ingen beregner", f"'{case.ask}' is no calculator"),))
    kind, calculator = CALCULATORS[case.ask]
    try:
        answer = calculator(facts_from(case.facts, kind), rules)
    except QueryError as error:
        first = str(error).splitlines()[0]
        refused = case.refused and case.refused in str(error)
        return CaseResult(scheme, case, () if refused else (Said(f"oplysningerne blev afvist: {first}", f"the facts were refused: {first}"),))
    if case.refused:
        return CaseResult(scheme, case, (Said("oplysningerne skulle være afvist", "the facts should have been refused"),))
    return CaseResult(scheme, case, tuple(d for name, wanted in case.expect.items() if (d := _of_line(answer, name, wanted))))


def _of_law(scheme: str, case: Case, rules: Rules) -> list[Said]:
    found = []
    for name, wanted in case.expect.items():
        parameter = rules.reading(f"{scheme}/{name}", case.on).parameter
        if parameter is None:
            same, got = wanted == _NOT_FOUND, Said("intet fundet", "nothing found")
        else:
            same, got = _same(parameter.value, wanted), value_said(parameter, rules.schemes[scheme])
        if not same:
            found.append(_difference(name, wanted, got))
        status = case.status.get(name)
        if parameter is not None and status is not None and parameter.status != status:
            found.append(_difference(name, status, Said(parameter.status, parameter.status)))
    return found


def _of_line(answer: Answer, name: str, wanted: Any) -> Said | None:
    try:
        step = answer.step(name)
    except KeyError:
        there = ", ".join(s.id for s in answer.steps if s.id)
        return Said(f"svaret har ingen linje »{name}«, men {there}", f"the answer has no line '{name}', but {there}")
    got = step.day if isinstance(wanted, date) else step.holds if isinstance(wanted, str) else step.value
    return None if _same(got, wanted) else _difference(name, wanted, _got(step, got))


def _same(got: Any, wanted: Any) -> bool:
    numbers = [v for v in (got, wanted) if isinstance(v, int | float) and not isinstance(v, bool)]
    return abs(numbers[0] - numbers[1]) < _CLOSE if len(numbers) == 2 else bool(got == wanted and type(got) is type(wanted))


def _got(step: Step, got: Any) -> Said:
    if isinstance(got, date):
        return day_said(got)
    if isinstance(got, int | float):
        return amount_said(got, step.unit)
    return Said(str(got), str(got)) if got is not None else Said("intet", "nothing")


def _difference(name: str, wanted: Any, got: Said) -> Said:
    return Said(f"{name}: ventet {wanted}, fik {got.da}", f"{name}: expected {wanted}, got {got.en}")


def cases_text(results: list[CaseResult], rules: Rules, lang: str, width: int = WIDEST) -> str:
    """Every case with its outcome in words, scheme by scheme, and the sum."""
    lines: list[str] = []
    for name in dict.fromkeys(r.scheme for r in results):
        of, scheme = [r for r in results if r.scheme == name], rules.schemes[name]
        lines += [Said(f"{scheme.da} [{name}]", f"{scheme.en} [{name}]")[lang]]
        for result in of:
            case = result.case
            lines += wrapped(f"{'✓' if result.holds else '✗'} {Said(case.da, case.en)[lang]}", "  ", width)
            lines += wrapped(f"{case.section}. {case.source[lang]}. [{case.id}]", "      ", width)
            lines += [line for d in result.differences for line in wrapped(f"→ {d[lang]}", "      ", width)]
        lines.append("")
    held = sum(r.holds for r in results)
    many = counted(len(results), Said("sag", "case"), Said("sager", "cases"))
    return "\n".join([*lines, Said(f"{held} af {many.da} holder.", f"{held} of {many.en} hold.")[lang]])


def cases_data(results: list[CaseResult]) -> dict[str, Any]:
    """The outcome of every case as data."""
    return {
        "format": 1,
        "cases": [
            {"scheme": r.scheme, "id": r.case.id, "holds": r.holds, "said": {"da": r.case.da, "en": r.case.en}, "differences": r.differences} for r in results
        ],
    }
