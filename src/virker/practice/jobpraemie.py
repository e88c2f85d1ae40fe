"""The job bonus for a sequence of monthly earnings, in the three schemes of 2011-12, 2012-14 and 2017-19.

Every amount, limit and week comes from the dated rules; nothing about a person is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from virker.errors import QueryError, nearest
from virker.language import Said, counted, day_said
from virker.practice.answer import Answer, Step
from virker.practice.bonus_covered import covered_lines, fact_problems
from virker.practice.bonus_facts import BonusFacts
from virker.practice.lookup import Found, Law, all_hold
from virker.practice.months import last_day, monthly
from virker.practice.words import kroner, sentence
from virker.rules import Rules
from virker.rules.told import month_said

SCHEMES = ("jobpraemie-2017", "jobpraemie-kontanthjaelp-2012", "jobpraemie-enlige-2011")
_MONTHS = Said("måned", "month"), Said("måneder", "months")


def jobpraemie(facts: BonusFacts, rules: Rules) -> Answer:
    """The bonus month by month, who is covered, and the sum.

    Raises
    ------
    QueryError
        With everything that is wrong with the facts, at once.
    """
    months, problems = monthly(facts.earnings.items() if isinstance(facts.earnings, dict) else facts.earnings)
    problems += _problems(facts, rules, months)
    if problems:
        raise QueryError("\n".join(problems))
    begins, ends = period(rules, facts.scheme)
    law = Law(rules, facts.scheme, min(max(months[0][0], begins), ends))
    who = covered_lines(facts, law)
    covered = all_hold(who)
    lines, used = ([], _Used()) if covered == "no" else _months(months, law, begins, ends)
    headline = _headline(used, covered)
    steps = [_period_line(law), *who, Step(_COVERED[covered], holds=covered, id="covered"), *lines]
    steps.append(Step(sentence(Said("i alt: ", "in all: ") + kroner(used.total)), value=used.total, unit="DKK", id="total"))
    return Answer("jobpraemie", last_day(months[-1][0]), headline, tuple(steps), law.scheme.not_found + _left_out(facts.scheme))


def period(rules: Rules, scheme: str) -> tuple[date, date]:
    """The first and the last day on which pay gives a bonus, as the scheme's own rules say."""
    first, last = (str(rules.parameter(f"{scheme}/{name}").value) for name in ("period_from", "period_to"))
    return date.fromisoformat(first), date.fromisoformat(last)


def _problems(facts: BonusFacts, rules: Rules, months: list[tuple[date, float]]) -> list[str]:
    problems = []
    if not facts.earnings:
        problems.append("no earnings are told\n    → tell at least one month: 2017-04=25000")
    if facts.scheme not in SCHEMES:
        return [*problems, f"'{facts.scheme}' is no job bonus\n    → {nearest(facts.scheme, SCHEMES)} There are: {', '.join(SCHEMES)}"]
    begins, _ = period(rules, facts.scheme)
    if months and all(last_day(m) < begins for m, _ in months):
        problems.append(f"every month is before the law: {facts.scheme} begins on {begins}\n    → tell months from then on, or another scheme")
    return problems + fact_problems(facts, Law(rules, facts.scheme, begins))


def _period_line(law: Law) -> Step:
    begins, ends = (day_said(d) for d in period(law.rules, law.name))
    rests = [law.need(n) for n in ("period_from", "period_to", "rate_percent", "max_per_month_dkk")]
    rate, most = (law.said(f) for f in rests[-2:])
    said = Said(
        f"Ordningen gælder løn fra {begins.da} til {ends.da}: {rate.da} af lønnen før skat, højst {most.da}",
        f"The scheme covers pay from {begins.en} to {ends.en}: {rate.en} of pay before tax, at most {most.en}",
    )
    return Step(sentence(said), rules=tuple(rests), id="period")


@dataclass(slots=True)
class _Used:
    """How much of the scheme's months and kroner is used up so far."""

    months: int = 0
    total: float = 0.0


def _months(months: list[tuple[date, float]], law: Law, begins: date, ends: date) -> tuple[list[Step], _Used]:
    used = _Used()
    lines = [_month(month, earned, law, used) if begins <= month <= ends else _outside(month, begins, ends, law) for month, earned in months]
    return lines, used


def _month(month: date, earned: float, law: Law, used: _Used) -> Step:
    """One month within the period; the values are those of the month's first day."""
    most_months = law.find("max_months", month)
    if earned == 0:
        return _line(month, Said("ingen løn og ingen præmie", "no pay and no bonus"), 0.0)
    if most_months and used.months >= float(most_months[1].value):
        over = law.said(most_months)
        return _line(month, Said(f"0 kr., for de {over.da} er brugt", f"DKK 0, because the {over.en} are used up"), 0.0, most_months)
    rate, most, in_all = law.need("rate_percent", month), law.need("max_per_month_dkk", month), law.find("max_total_dkk", month)
    raw = share_of(earned, float(rate[1].value))
    bonus, rests = min(raw, float(most[1].value)), [rate]
    share = law.said(rate)
    said = Said(f"{share.da} af {kroner(earned).da} er {kroner(raw).da}", f"{share.en} of {kroner(earned).en} is {kroner(raw).en}")
    if bonus < raw:
        rests.append(most)
        said += Said(f", men loftet er {law.said(most).da}", f", but the cap is {law.said(most).en}")
    if in_all and used.total + bonus > float(in_all[1].value):
        bonus = max(round(float(in_all[1].value) - used.total, 2), 0.0)
        rests.append(in_all)
        left = kroner(bonus)
        said += Said(f", og der er kun {left.da} tilbage af højst {law.said(in_all).da}", f", and only {left.en} is left of at most {law.said(in_all).en}")
    used.months, used.total = used.months + 1, round(used.total + bonus, 2)
    return _line(month, said, bonus, *rests)


def share_of(earned: float, percent: float) -> float:
    """So many percent of an amount in kroner, in kroner and whole øre, reckoned exactly and half an øre up.

    >>> share_of(12345.65, 10), share_of(25000, 10)
    (1234.57, 2500.0)
    """
    share = Decimal(str(earned)) * Decimal(str(percent)) / 100
    return float(share.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _outside(month: date, begins: date, ends: date, law: Law) -> Step:
    if month < begins:
        first = day_said(begins)
        return _line(
            month, Said(f"0 kr., for ordningen begynder først {first.da}", f"DKK 0, because the scheme begins on {first.en}"), 0.0, law.find("period_from")
        )
    last = day_said(ends)
    why = Said(f"0 kr., for ordningen gjaldt kun løn til {last.da}", f"DKK 0, because the scheme only covered pay until {last.en}")
    return _line(month, why, 0.0, law.find("period_to"))


def _line(month: date, said: Said, bonus: float, *rests: Found | None) -> Step:
    told = sentence(month_said(month) + Said(": ", ": ") + said)
    return Step(told, rules=tuple(f for f in rests if f), value=bonus, unit="DKK", id=f"{month:%Y-%m}")


_COVERED: dict[str, Said] = {
    "yes": Said("Personen er efter det oplyste omfattet.", "By what is told the person is covered."),
    "no": Said("Personen er efter det oplyste ikke omfattet.", "By what is told the person is not covered."),
    "unknown": Said("Om personen er omfattet, kan ikke siges af det oplyste.", "Whether the person is covered cannot be said from what is told."),
}


def _headline(used: _Used, covered: str) -> Said:
    amount, many = kroner(used.total), counted(used.months, *_MONTHS)
    if covered == "no":
        return Said("Ingen jobpræmie: Personen er efter det oplyste ikke omfattet.", "No job bonus: by what is told the person is not covered.")
    told = Said(f"{amount.da} i jobpræmie for {many.da}", f"{amount.en} in job bonus for {many.en}")
    if covered == "unknown":
        told = Said("hvis personen er omfattet: ", "if the person is covered: ") + told
    return sentence(told)


def _left_out(scheme: str) -> tuple[Said, ...]:
    """What the reckoning does not do, said beside what the law's sources do not tell."""
    left = Said(
        "Regnet her: Måneder tælles i den rækkefølge, de er oplyst, og en måned uden løn bruger ikke af ordningens måneder.",
        "Reckoned here: months count in the order told, and a month without pay uses none of the scheme's months.",
    )
    own = Said(
        "Ikke regnet her: præmie til selvstændige, og afrunding ved udbetalingen.",
        "Not reckoned here: the bonus for the self-employed, and rounding at payment.",
    )
    return (left,) if scheme == "jobpraemie-2017" else (left, own)
