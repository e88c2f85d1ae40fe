"""What is wrong with a scenario that its form alone cannot tell: figures, names, money, and what the bank and the law do not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from virker.bank import Bank
from virker.errors import Problem, QueryError, nearest
from virker.language import Said
from virker.plan.compile import DISCOUNT_RATE, NET_TAX_FACTOR, TAX_DISTORTION, rate_at, step_addresses
from virker.plan.scenario import PER_WEEK, Amount, CapacityTold, MeasureTold, MoneyTold, Rate, Scenario
from virker.rules import Rules
from virker.synthesis.effect_path import effect_path

#: A year of weeks ten times over: longer plans say nothing that the evidence could carry.
MOST_WEEKS = 520
#: Fewer draws than this make a band that is chance.
LEAST_DRAWS, MOST_DRAWS = 100, 20_000
#: The model pays the same benefit with and without the plan, so it cannot speak of measures that change it.
BENEFITS = "benefits"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")
#: The steps of the law that a plan may name for the state's share of the benefit.
STEPS = ("refusion/cofinancing", "refusion/reimbursement")


Steps = Sequence[str | int]


class Checks:
    """Collects every problem of a scenario; ``line`` finds the line of a field."""

    def __init__(self, scenario: Scenario, shown: str, line: Callable[[Steps], int], bank: Bank, rules: Rules) -> None:
        self.scenario, self.shown, self.line, self.bank, self.rules = scenario, shown, line, bank, rules
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

    def say(self, steps: Steps, what: str, todo: str) -> None:
        self.found.append(Problem(self.shown, self.line(steps), what, todo))

    def _frame(self) -> None:
        s, vocabulary = self.scenario, self.bank.vocabulary
        if not s.group:
            self.say(["group"], "there is no target group", 'write group = ["insured", "newly-unemployed"], in the vocabulary\'s terms')
        for term in s.group:
            self._term(["group"], term, vocabulary["target_groups"], "target group")
        self._term(["country"], s.country, vocabulary["countries"], "country")
        self._between(["weeks"], "weeks", s.weeks, 1, MOST_WEEKS)
        self._between(["draws"], "draws", s.draws, LEAST_DRAWS, MOST_DRAWS)
        self._between(["seed"], "seed", s.seed, 0, 2**31)
        self._between(["swing"], "swing", s.swing, 0, 0.9)
        if s.significance_level is not None and not 0 < s.significance_level < 1:
            self.say(["significance_level"], f"a significance level of {s.significance_level} is none", "write 0.05, or leave it out")
        if not s.measure:
            self.say([], "there is no [[measure]]", "a plan needs at least one measure")
        self._names()
        self._shares()
        self._unique(["measure"], [m.id for m in s.measure])
        self._unique(["capacity"], [c.id for c in s.capacity])

    def _names(self) -> None:
        """Ids become names of files and columns; texts are shown."""
        s = self.scenario
        tables: tuple[tuple[str, tuple[MeasureTold | CapacityTold, ...]], ...] = (("measure", s.measure), ("capacity", s.capacity))
        named = [((), s), *(((table, n), one) for table, listed in tables for n, one in enumerate(listed))]
        for at, one in named:
            if not _ID.fullmatch(one.id):
                self.say([*at, "id"], f"'{one.id}' is no id", "write small letters a-z, digits and hyphens, as in faerre-sager-2025")
            for name in ("da", "en"):
                if not getattr(one, name).strip():
                    self.say([*at, name], f"'{name}' of '{one.id}' is empty", "write what it is called, in both languages")

    def _shares(self) -> None:
        shares: dict[int, float] = {}
        for m in self.scenario.measure:
            shares[m.start_week] = shares.get(m.start_week, 0.0) + m.reach
        for week, share in shares.items():
            ids = [m.id for m in self.scenario.measure if m.start_week == week]
            if share > 1 + 1e-12 and len(ids) > 1:
                told = f"the measures that begin at {week} weeks of unemployment ({', '.join(ids)}) reach {share:.0%} together"
                self.say(["measure"], told, "they share out the people: let their reach add up to at most 1, or begin one later")

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
            self._between(["people", "stock"], "a week of unemployment in the stock", waiting.to, 0, MOST_WEEKS)
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
            self._between(["baseline", name], f"a week of '{name}'", r.from_, 0, MOST_WEEKS)
            if not 0 <= r.rate <= 1:
                told = f"a rate of {r.rate:g} from week {r.from_} is no share of those unemployed"
                self.say(["baseline", name], told, "write a share between 0 and 1 for a week: 3 per cent is 0.03")

    def _measure(self, measure: MeasureTold, nth: int) -> None:
        at: list[str | int] = ["measure", nth]
        self._term([*at, "intervention"], measure.intervention, self.bank.vocabulary["interventions"], "intervention")
        if measure.intervention in self.bank.vocabulary.under("interventions", BENEFITS):
            told = f"'{measure.intervention}' changes the benefit itself, and the plan pays the same benefit with and without it"
            self.say([*at, "intervention"], told, "such a change cannot be planned here: its numbers are told per week or per cent of the benefit")
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
            if price.payer in ("resources", price.to):
                self.say([*at, "price"], f"'{measure.id}' is paid by {price.payer} to {price.to}", "write who pays, and in `to` who else receives it")
            self._basis([*at, "price"], price.source, price.assumed)
        if measure.effect is not None and self.bank.finding(measure.effect) is None:
            self.say([*at, "effect"], f"there is no finding '{measure.effect}'", nearest(measure.effect, [r.address for r in self.bank.rows]))
        elif measure.effect is not None:
            self._effect([*at, "effect"], measure)

    def _effect(self, at: Steps, measure: MeasureTold) -> None:
        s = self.scenario
        try:
            path = effect_path(
                self.bank, measure.intervention, measure.contrast, s.group, country=s.country, saturation=measure.saturation, finding=measure.effect
            )
        except QueryError:  # an unknown group or measure, which has its own problem
            return
        if path.named_unfit is not None:
            usable = ", ".join(n.address for n in path.numbers)
            todo = f"leave out `effect`, or name one of {usable}" if usable else "leave out `effect`: the bank has no number for this measure and group"
            self.say(at, f"'{measure.effect}' does not speak for '{measure.id}' and this group: {path.named_unfit.en}", todo)

    def _pay(self, at: Steps, measure: MeasureTold) -> None:
        assert measure.pay is not None
        if measure.pay.amount is None or measure.pay.rule is not None:
            self.say(at, f"the pay in '{measure.id}' has no amount", 'write pay = { amount = …, currency = "DKK", per = "month", source = "…" }')
            return
        self._price(at, measure.id, measure.pay.amount, measure.pay.currency)
        self._basis(at, measure.pay.source, measure.pay.assumed)

    def _capacity(self, capacity: CapacityTold, nth: int) -> None:
        at: list[str | int] = ["capacity", nth]
        self._basis(at, capacity.source, capacity.assumed)
        if capacity.amount < 0:
            self.say([*at, "amount"], f"amount of '{capacity.id}' is {capacity.amount:g}", "write what there is in a week")
        if capacity.one_more <= 0:
            self.say([*at, "one_more"], f"one_more of '{capacity.id}' is {capacity.one_more:g}", "write what one more gives in a week, above 0")
        if capacity.payer == "resources":
            self.say([*at, "payer"], f"'{capacity.id}' is paid by resources", "write who pays")
        if capacity.price is not None:
            self._price([*at, "price"], capacity.id, capacity.price, capacity.currency)

    def _money(self, money: MoneyTold) -> None:
        self._basis(["money"], money.source, money.assumed)
        if not _CURRENCY.fullmatch(money.currency):
            self.say(["money", "currency"], f"'{money.currency}' is no currency", 'write its three capital letters, as in "DKK"')
        for name in ("tax_benefit", "tax_wage", "state_tax_share"):
            self._between(["money", name], name, getattr(money, name), 0, 1)
        self._state_share(money)
        if money.discount_rate is not None:
            self._between(["money", "discount_rate"], "discount_rate", money.discount_rate, 0, 1)
        for address in (NET_TAX_FACTOR, TAX_DISTORTION, *([DISCOUNT_RATE] if money.discount_rate is None else [])):
            if self.rules.reading(address, money.on).parameter is None:
                self.say(["money", "on"], f"the law data has no value of '{address}' on {money.on}", self._days(address))
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
                self.say(at, f"the law data has no value of '{missing[0]}' on {money.on}", f"{self._days(missing[0])}, or write the shares with their source")
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

    def _rule(self, at: Steps, address: str) -> None:
        day = self.scenario.money.on
        try:
            reading = self.rules.reading(address, day)
        except QueryError as error:
            first, *rest = str(error).splitlines()
            self.say(at, first, rest[0].strip(" →") if rest else "virker rules list")
            return
        value = reading.parameter
        if value is None:
            self.say(at, f"the law data has no value of '{address}' on {day}", f"{self._days(address)}, or write the amount with its source")
        elif value.status == "proposed":
            self.say(at, f"'{address}' is only proposed on {day}", f"{self._days(address)}, or write the amount with its source")
        elif isinstance(value.value, (str, bool)) or value.unit not in [f"{self.scenario.money.currency} per {per}" for per in PER_WEEK]:
            self.say(
                at, f"'{address}' is no amount in {self.scenario.money.currency} ({value.unit})", "name a rate by week, month or year in the plan's currency"
            )

    def _days(self, address: str) -> str:
        """From and to when the data has a value at the address."""
        scheme, _, name = address.partition("/")
        values = self.rules.schemes[scheme].values(name)
        first = min((v.from_ for v in values if v.from_ is not None), default=None)
        last = max(v.to or date.max for v in values)
        return f"choose a day in `on` {f'from {first} ' if first else ''}{f'to {last}' if last != date.max else 'on'}".rstrip()

    def _price(self, at: Steps, of: str, amount: float, currency: str | None) -> None:
        wanted = self.scenario.money.currency
        if currency is None:
            self.say(at, f"the amount {amount:g} of '{of}' has no currency", f'write currency = "{wanted}"')
        elif currency != wanted:
            self.say(at, f"'{of}' is in {currency}, and the plan is in {wanted}", "write all amounts in one currency and at one price level")
        if amount < 0:
            self.say(at, f"the amount {amount:g} of '{of}' is negative", "write what it costs")

    def _basis(self, at: Steps, source: str | Said | None, assumed: str | Said | None) -> None:
        if _is_blank(source) == _is_blank(assumed):
            told = f"'{at[0]}'{f' {int(at[1]) + 1}' if len(at) > 1 and isinstance(at[1], int) else ''} does not say where its figures are from"
            self.say(at, told, 'write source = "who prints them", or assumed = "why you assume them"; one of the two')

    def _term(self, at: Steps, term: str, allowed: Iterable[str], what: str) -> None:
        if term not in allowed:
            self.say(at, f"'{term}' is no {what}", nearest(term, allowed))

    def _between(self, at: Steps, name: str, value: float, low: float, high: float) -> None:
        if not low <= value <= high:
            self.say(at, f"{name} is {value:g}", f"write a value from {low:g} to {high:g}")

    def _unique(self, at: Steps, ids: Sequence[str]) -> None:
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            self.say(at, f"there are two of '{name}'", "give each its own id")


def _is_blank(told: str | Said | None) -> bool:
    """Whether nothing is said; a text in two languages needs both."""
    texts = (told,) if isinstance(told, str) else (told.da, told.en) if told is not None else ("",)
    return not all(text.strip() for text in texts)
