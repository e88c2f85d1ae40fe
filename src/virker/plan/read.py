"""Reading a scenario: every problem at once, each with its line and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from virker.bank import Bank
from virker.decode import decode
from virker.errors import ContentError, Problem, QueryError, nearest
from virker.files import line_of, read_text, read_toml
from virker.language import Said
from virker.plan.compile import DISCOUNT_RATE, NET_TAX_FACTOR, TAX_DISTORTION, rate_at, step_addresses
from virker.plan.scenario import PER_WEEK, Amount, CapacityTold, MeasureTold, MoneyTold, Rate, Scenario
from virker.rules import Rules

#: A year of weeks ten times over: longer plans say nothing that the evidence could carry.
MOST_WEEKS = 520
MOST_DRAWS = 20_000
#: The steps of the law that a plan may name for the state's share of the benefit.
STEPS = ("refusion/cofinancing", "refusion/reimbursement")


def read_scenario(path: Path, bank: Bank, rules: Rules) -> Scenario:
    """The scenario in a file.

    Raises
    ------
    ContentError
        With all problems: of the form, of the figures, and of names that the bank or the law do not know.
    """
    problems: list[Problem] = []
    text = read_text(path, str(path), problems)
    data = read_toml(text, str(path), problems) if text is not None else None
    scenario = None
    if text is not None and data is not None:
        scenario = decode(data, Scenario, str(path), lambda steps: _line(text, steps), problems)
        if scenario is not None:
            problems += _Checks(scenario, text, str(path), bank, rules).problems()
    if problems or scenario is None:
        raise ContentError(problems)
    return scenario


def _line(text: str, steps: Sequence[str | int]) -> int:
    """The line of a field: in the nth table of its list, or in its table, or at the top."""
    start, names = 0, [s for s in steps if isinstance(s, str)]
    nth = next((s for s in steps if isinstance(s, int)), None)
    if names and nth is not None and f"[[{names[0]}]]" in text:
        for _ in range(nth + 1):
            start = text.find(f"[[{names[0]}]]", start) + 1
    elif names and f"[{names[0]}]" in text:
        start = text.find(f"[{names[0]}]")
    return line_of(text, f"{names[-1]} =" if names else "", max(start, 0)) if names else 1


class _Checks:
    """What the form alone cannot tell to be wrong."""

    def __init__(self, scenario: Scenario, text: str, shown: str, bank: Bank, rules: Rules) -> None:
        self.scenario, self.text, self.shown, self.bank, self.rules = scenario, text, shown, bank, rules
        self.found: list[Problem] = []

    def problems(self) -> list[Problem]:
        self._frame()
        self._people()
        self._baseline()
        for nth, measure in enumerate(self.scenario.measure):
            self._measure(measure, nth)
        for nth, capacity in enumerate(self.scenario.capacity):
            self._capacity(capacity, nth)
        self._money(self.scenario.money)
        return self.found

    def say(self, steps: Sequence[str | int], what: str, todo: str) -> None:
        self.found.append(Problem(self.shown, _line(self.text, steps), what, todo))

    def _frame(self) -> None:
        s, vocabulary = self.scenario, self.bank.vocabulary
        if not s.group:
            self.say(["group"], "there is no target group", 'write group = ["insured", "newly-unemployed"], in the vocabulary\'s terms')
        for term in s.group:
            self._term(["group"], term, vocabulary["target_groups"], "target group")
        self._term(["country"], s.country, vocabulary["countries"], "country")
        self._between(["weeks"], "weeks", s.weeks, 1, MOST_WEEKS)
        self._between(["draws"], "draws", s.draws, 1, MOST_DRAWS)
        self._between(["swing"], "swing", s.swing, 0, 0.9)
        if s.significance_level is not None and not 0 < s.significance_level < 1:
            self.say(["significance_level"], f"a significance level of {s.significance_level} is none", "write 0.05, or leave it out")
        if not s.measure:
            self.say([], "there is no [[measure]]", "a plan needs at least one measure")
        self._unique(["measure"], [m.id for m in s.measure])
        self._unique(["capacity"], [c.id for c in s.capacity])

    def _people(self) -> None:
        people = self.scenario.people
        self._basis(["people"], people.source, people.assumed)
        inflow = people.inflow if isinstance(people.inflow, tuple) else (people.inflow,)
        if any(x < 0 for x in inflow):
            self.say(["people", "inflow"], "an inflow is negative", "write how many become unemployed in a week")
        if isinstance(people.inflow, tuple) and len(people.inflow) != self.scenario.weeks:
            told = f"there are {len(people.inflow)} weeks of inflow, and the plan has {self.scenario.weeks}"
            self.say(["people", "inflow"], told, "write one figure for each week, or one figure for all")
        for waiting in people.stock:
            if not 0 <= waiting.from_ <= waiting.to:
                self.say(["people", "stock"], f"weeks {waiting.from_} to {waiting.to} of unemployment are no span", "write from ≤ to, from 0")
            if waiting.people < 0:
                self.say(["people", "stock"], f"{waiting.people:g} people is negative", "write how many are unemployed at the start")
        if not any(inflow) and not any(w.people for w in people.stock):
            self.say(["people"], "there is nobody in the plan", "write an inflow or a stock")

    def _baseline(self) -> None:
        base = self.scenario.baseline
        self._basis(["baseline"], base.source, base.assumed)
        self._rates("job", base.job)
        self._rates("other", base.other)
        self._between(["baseline", "job_loss"], "job_loss", base.job_loss, 0, 1)
        for week in sorted({r.from_ for r in (*base.job, *base.other)}):
            both = rate_at(base.job, week) + rate_at(base.other, week)
            if both > 1 and rate_at(base.job, week) <= 1 and rate_at(base.other, week) <= 1:
                told = f"from week {week} on {both:g} of those unemployed would leave in a week"
                self.say(["baseline", "job"], told, "job and other together are at most 1: shares of all who are unemployed")

    def _rates(self, name: str, rates: Sequence[Rate]) -> None:
        if name == "job" and (not rates or min(r.from_ for r in rates) != 0):
            self.say(["baseline", name], f"the rates of '{name}' do not begin at week 0", f"write {name} = [{{ from = 0, rate = 0.03 }}, …]")
        if [r.from_ for r in rates] != sorted({r.from_ for r in rates}):
            self.say(["baseline", name], f"the weeks of '{name}' are not in rising order", "write each week once, the earliest first")
        for r in rates:
            if not 0 <= r.rate <= 1:
                told = f"a rate of {r.rate:g} from week {r.from_} is no share of those unemployed"
                self.say(["baseline", name], told, "write a share between 0 and 1 for a week: 3 per cent is 0.03")

    def _measure(self, measure: MeasureTold, nth: int) -> None:
        at: list[str | int] = ["measure", nth]
        self._term([*at, "intervention"], measure.intervention, self.bank.vocabulary["interventions"], "intervention")
        self._between([*at, "reach"], f"the reach of '{measure.id}'", measure.reach, 0, 1)
        self._between([*at, "start_week"], f"start_week of '{measure.id}'", measure.start_week, 0, MOST_WEEKS)
        self._between([*at, "from_week"], f"from_week of '{measure.id}'", measure.from_week, 0, MOST_WEEKS)
        self._between([*at, "weeks"], f"weeks of '{measure.id}'", measure.weeks, 1, MOST_WEEKS)
        self._between([*at, "notice_weeks"], f"notice_weeks of '{measure.id}'", measure.notice_weeks, 0, MOST_WEEKS)
        if measure.lasts_weeks is not None:
            self._between([*at, "lasts_weeks"], f"lasts_weeks of '{measure.id}'", measure.lasts_weeks, 1, MOST_WEEKS)
        known = [c.id for c in self.scenario.capacity]
        for use in measure.uses:
            if use.capacity not in known:
                self.say(
                    [*at, "uses"], f"'{measure.id}' uses '{use.capacity}', and there is no such capacity", f"{nearest(use.capacity, known)} Add a [[capacity]]"
                )
            if use.amount < 0:
                self.say([*at, "uses"], f"'{measure.id}' uses {use.amount:g} of '{use.capacity}'", "write how much a participant takes in a week")
        if measure.pay is not None:
            self._pay([*at, "pay"], measure)
        for price in measure.price:
            self._price([*at, "price"], measure.id, price.amount, price.currency)
            self._basis([*at, "price"], price.source, price.assumed)
        if measure.effect is not None and self.bank.finding(measure.effect) is None:
            self.say([*at, "effect"], f"there is no finding '{measure.effect}'", nearest(measure.effect, [r.address for r in self.bank.rows]))

    def _pay(self, at: Sequence[str | int], measure: MeasureTold) -> None:
        assert measure.pay is not None
        if measure.pay.amount is None or measure.pay.rule is not None:
            self.say(at, f"the pay in '{measure.id}' has no amount", 'write pay = { amount = …, currency = "DKK", per = "month", source = "…" }')
            return
        self._price(at, measure.id, measure.pay.amount, measure.pay.currency)
        self._basis(at, measure.pay.source, measure.pay.assumed)

    def _capacity(self, capacity: CapacityTold, nth: int) -> None:
        at: list[str | int] = ["capacity", nth]
        self._basis(at, capacity.source, capacity.assumed)
        for name, value in (("amount", capacity.amount), ("one_more", capacity.one_more)):
            if value < 0:
                self.say([*at, name], f"{name} of '{capacity.id}' is {value:g}", "write what there is in a week")
        if capacity.price is not None:
            self._price([*at, "price"], capacity.id, capacity.price, capacity.currency)

    def _money(self, money: MoneyTold) -> None:
        self._basis(["money"], money.source, money.assumed)
        for name in ("tax_benefit", "tax_wage", "state_tax_share"):
            self._between(["money", name], name, getattr(money, name), 0, 1)
        self._state_share(money)
        if money.discount_rate is not None:
            self._between(["money", "discount_rate"], "discount_rate", money.discount_rate, 0, 1)
        for address in (NET_TAX_FACTOR, TAX_DISTORTION, *([DISCOUNT_RATE] if money.discount_rate is None else [])):
            if self.rules.reading(address, money.on).parameter is None:
                self.say(["money", "on"], f"the law data has no value of '{address}' on {money.on}", "choose a later day")
        self._amount("benefit", money.benefit)
        self._amount("wage", money.wage)

    def _state_share(self, money: MoneyTold) -> None:
        at, told = ["money", "state_share"], money.state_share
        if isinstance(told, str):
            if told not in STEPS:
                self.say(at, f"'{told}' is no steps of the law", f"{nearest(told, STEPS)} Write {' or '.join(STEPS)}, or a list of shares")
                return
            missing = [a for pair in step_addresses(told) for a in pair if a and self.rules.reading(a, money.on).parameter is None]
            if missing:
                self.say(at, f"the law data has no value of '{missing[0]}' on {money.on}", "choose another day in `on`, or write the shares with their source")
            return
        for share in told:
            self._between(at, f"the state's share from week {share.from_}", share.share, 0, 1)
        weeks = [s.from_ for s in told]
        if not weeks or weeks[0] != 0 or weeks != sorted(set(weeks)):
            self.say(at, "the state's shares do not begin at week 0 and rise", "write state_share = [{ from = 0, share = … }, …]")

    def _amount(self, name: str, amount: Amount) -> None:
        at: list[str | int] = ["money", name]
        if (amount.amount is None) == (amount.rule is None):
            self.say(
                at,
                f"'{name}' needs an amount or a rule, and one only",
                'write { amount = …, currency = "DKK", per = "month", source = "…" } or { rule = "scheme/name" }',
            )
            return
        if amount.rule is not None:
            self._rule(at, amount.rule)
            return
        assert amount.amount is not None
        self._price(at, name, amount.amount, amount.currency)
        self._basis(at, amount.source, amount.assumed)

    def _rule(self, at: Sequence[str | int], address: str) -> None:
        day = self.scenario.money.on
        try:
            reading = self.rules.reading(address, day)
        except QueryError as error:
            first, *rest = str(error).splitlines()
            self.say(at, first, rest[0].strip(" →") if rest else "virker rules list")
            return
        value = reading.parameter
        if value is None:
            self.say(at, f"the law data has no value of '{address}' on {day}", "choose an earlier day in `on`, or write the amount with its source")
        elif isinstance(value.value, (str, bool)) or value.unit not in [f"{self.scenario.money.currency} per {per}" for per in PER_WEEK]:
            self.say(
                at, f"'{address}' is no amount in {self.scenario.money.currency} ({value.unit})", "name a rate by week, month or year in the plan's currency"
            )

    def _price(self, at: Sequence[str | int], of: str, amount: float, currency: str | None) -> None:
        wanted = self.scenario.money.currency
        if currency is None:
            self.say(at, f"the amount {amount:g} of '{of}' has no currency", f'write currency = "{wanted}"')
        elif currency != wanted:
            self.say(at, f"'{of}' is in {currency}, and the plan is in {wanted}", "write all amounts in one currency and at one price level")
        if amount < 0:
            self.say(at, f"the amount {amount:g} of '{of}' is negative", "write what it costs")

    def _basis(self, at: Sequence[str | int], source: str | Said | None, assumed: str | Said | None) -> None:
        if (source is None) == (assumed is None):
            told = f"'{at[0]}'{f' {int(at[1]) + 1}' if len(at) > 1 and isinstance(at[1], int) else ''} does not say where its figures are from"
            self.say(at, told, 'write source = "who prints them", or assumed = "why you assume them"; one of the two')

    def _term(self, at: Sequence[str | int], term: str, allowed: Iterable[str], what: str) -> None:
        if term not in allowed:
            self.say(at, f"'{term}' is no {what}", nearest(term, allowed))

    def _between(self, at: Sequence[str | int], name: str, value: float, low: float, high: float) -> None:
        if not low <= value <= high:
            self.say(at, f"{name} is {value:g}", f"write a value from {low:g} to {high:g}")

    def _unique(self, at: Sequence[str | int], ids: Sequence[str]) -> None:
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            self.say(at, f"there are two of '{name}'", "give each its own id")
