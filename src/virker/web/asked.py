"""A question to the bank as an address asks it: the query, the rule set and its settings. The query page and the API read it here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec

from virker.bank import Bank, Query
from virker.bank.records import Comparator, Cycle, Estimand, FindingKind, LabourMarket, Phase, Saturation, Scope, StudyKind
from virker.language import Said
from virker.synthesis import RULE_SETS, judging
from virker.synthesis.verdict import Setting
from virker.vocabulary.terms import Kind
from virker.web.parameters import FIRST_YEAR, LAST_YEAR, Fault, Parameter, Refused, decimal, flag, integer, nearest_said, read, word
from virker.web.site import Site

_TREE = Said("; også alt under ordet i ordlisten", "; everything below the term in the vocabulary too")
_TERMS: tuple[tuple[str, Kind, Said], ...] = (
    ("intervention", "interventions", Said("indsats", "measure") + _TREE),
    ("without", "interventions", Said("indsats, der ikke skal med", "measure to leave out") + _TREE),
    ("target_group", "target_groups", Said("målgruppe", "target group") + _TREE),
    ("not_target_group", "target_groups", Said("målgruppe, der ikke skal med", "target group to leave out") + _TREE),
    ("subgroup", "target_groups", Said("undergruppe, som resultatet er for", "subgroup that the finding is for") + _TREE),
    ("outcome", "outcomes", Said("udfald", "outcome") + _TREE),
    ("mechanism", "mechanisms", Said("mekanisme", "mechanism")),
    ("country", "countries", Said("land, med to bogstaver", "country, by two letters")),
    ("design", "designs", Said("studiedesign", "study design")),
)
_CHOICES: tuple[tuple[str, Any, Said], ...] = (
    ("study_kind", StudyKind, Said("primærstudie, oversigt eller ekspertrapport", "primary study, review or expert report")),
    ("kind", FindingKind, Said("slags resultat; uden den kun effekter", "kind of finding; without it effects only")),
    ("comparator", Comparator, Said("hvad der sammenlignes med", "what it is compared with")),
    ("phase", Phase, Said("tid i forløbet: trussel, fastlåsning, efter, i alt", "time in the course: threat, lock-in, after, net")),
    ("cycle", Cycle, Said("konjunktur", "business cycle")),
    ("saturation", Saturation, Said("hvor stor en del der får indsatsen", "how large a share gets the measure")),
    ("labour_market", LabourMarket, Said("arbejdsmarked", "labour market")),
    ("scope", Scope, Said("den enkelte, markedet eller budgettet", "the individual, the market or the budget")),
    ("estimand", Estimand, Said("hvad der er estimeret", "what was estimated")),
)
#: Settings that are words: what they can be. Outcomes are words of the vocabulary, with spaces between.
CHOICES = {"majority_of": ("total", "net"), "multi_result_rule": ("share_of_n", "per_result_table"), "horizon_not_told": ("own-band", "leave-out")}
#: One of these at a time: the index keeps a set for every combination that was asked for, and they must stay few.
_ONE = ("kind", "scope")
_NAMED = ("intervention", "target_group", "subgroup", "outcome", "mechanism", "study", "trial", "finding")


@dataclass(frozen=True)
class Asked:
    """A question: what to select, by which rule set it is judged, and settings that differ from the rule sets' own."""

    query: Query
    rule_set: str
    settings: Mapping[str, Mapping[str, Setting]]
    pairs: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        """The question as it stands in an address."""
        return urlencode(self.pairs)

    @property
    def is_named(self) -> bool:
        """Whether it asks about anything: a verdict on everything at once would be a verdict on nothing."""
        return any(getattr(self.query, name) for name in _NAMED)

    def settings_of(self, rule_set: str) -> Mapping[str, Setting]:
        """The settings that the question changes in a rule set."""
        return self.settings.get(rule_set, {})


def query_parameters(bank: Bank) -> tuple[Parameter, ...]:
    """The parameters that select findings, in the bank's words."""
    year = partial(integer, low=FIRST_YEAR, high=LAST_YEAR)
    regions = {t.region for t in bank.vocabulary["countries"].values() if t.region}
    addresses = {r.address for r in bank.rows}
    return (
        *(word(name, said, bank.vocabulary[kind], many=True) for name, kind, said in _TERMS),
        flag("combined", Said("også forløb, der har indsatsen som én del", "also bundles that have the measure as one part")),
        word(
            "contrast",
            Said("vejen, der spørges: on (mere af indsatsen) eller less (mindre)", "which way is asked: on (more of the measure) or less"),
            ("on", "more", "less"),
        ),
        word("region", Said("verdensdel i ordlisten over lande", "region in the vocabulary of countries"), regions, many=True),
        word("study", Said("studie", "study"), bank.studies, many=True, listed=False),
        word("trial", Said("forsøg", "trial"), bank.trials, many=True, listed=False),
        word("finding", Said("resultat, som studie#nummer", "finding, as study#number"), addresses, many=True, listed=False),
        integer("min_maryland", Said("mindste niveau på Maryland-skalaen", "lowest level on the Maryland scale"), 1, 5),
        *(word(name, said, get_args(kind), many=name not in _ONE) for name, kind, said in _CHOICES),
        flag("spillover", Said("virkning på andre end deltagerne", "effect on others than the participants")),
        decimal("horizon_from", Said("måneder efter start, mindst", "months after the start, at least"), 0, 600),
        decimal("horizon_to", Said("måneder efter start, højst", "months after the start, at most"), 0, 600),
        year("year_from", Said("udgivet fra og med år", "published from this year on")),
        year("year_to", Said("udgivet til og med år", "published up to this year")),
    )


def rule_parameters(bank: Bank, default: str) -> tuple[Parameter, ...]:
    """The rule set, and every setting of every rule set as ``rule-set.setting``."""
    chosen = word("rule_set", Said(f"regelsæt; uden det {default}", f"rule set; without it {default}"), judging())
    return (chosen, *(_setting(f"{rules.id}.{name}", setting, bank) for rules in RULE_SETS.values() for name, setting in rules.settings.items()))


def _setting(name: str, setting: Setting, bank: Bank) -> Parameter:
    own = Said(f" (regelsættets egen: {setting.value})", f" (the rule set's own: {setting.value})")
    said, value, last = Said(setting.why_da, setting.why_en) + own, setting.value, name.partition(".")[2]
    if isinstance(value, bool):
        return flag(name, said)
    if isinstance(value, int):
        return integer(name, said, 1, 5 if "maryland" in last or last in ("threshold", "hazard_regressions") else 1000)
    if isinstance(value, float):
        # a stock of nothing has no majority: some knowledge is always asked for
        return decimal(name, said, 0.01, 100) if last == "few_studies_below" else decimal(name, said, 0, 1)
    return word(name, said, CHOICES[last]) if last in CHOICES else _outcomes(name, said, bank)


def _outcomes(name: str, said: Said, bank: Bank) -> Parameter:
    known = bank.vocabulary["outcomes"]

    def checked(text: str) -> str | Fault:
        unknown = [w for w in text.split() if w not in known]
        return Fault(name, Said(f"»{unknown[0]}« er intet udfald", f"'{unknown[0]}' is no outcome"), nearest_said(unknown[0], known)) if unknown else text

    return Parameter(name, said, {"type": "string", "maxLength": 200, "pattern": "^[a-z -]+$"}, checked)


def parameters_of(site: Site) -> tuple[Parameter, ...]:
    """Everything that a question to this site may hold."""
    if "asked" not in site.memo:
        bank = site.edition.bank
        site.memo["asked"] = (*query_parameters(bank), *rule_parameters(bank, site.edition.workspace.settings.rule_set))
    known: tuple[Parameter, ...] = site.memo["asked"]
    return known


def read_asked(site: Site, pairs: Sequence[tuple[str, str]]) -> Asked:
    """The question that the parts of an address ask.

    Raises
    ------
    Refused
        With every fault.
    """
    values = read(pairs, parameters_of(site))
    return asked_from(site, values, pairs)


def asked_from(site: Site, values: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> Asked:
    """The question from values already read; what belongs to no question is passed over."""
    fields = {f.name for f in msgspec.structs.fields(Query)}
    query = Query(**{name: value for name, value in values.items() if name in fields})
    _in_order(query)
    settings: dict[str, dict[str, Setting]] = {}
    for name, value in values.items():
        rules, dot, setting = name.partition(".")
        if dot and (own := RULE_SETS[rules].settings[setting]).value != value:
            settings.setdefault(rules, {})[setting] = Setting(value, False, f"valgt i spørgsmålet; {own.why_da}", f"chosen in the question; {own.why_en}")
    return Asked(query, values.get("rule_set", site.edition.workspace.settings.rule_set), settings, tuple(pairs))


def _in_order(query: Query) -> None:
    faults = []
    for low, high in (("year_from", "year_to"), ("horizon_from", "horizon_to")):
        a, b = getattr(query, low), getattr(query, high)
        if a is not None and b is not None and a > b:
            faults.append(Fault(low, Said(f"fra {a:g} til {b:g} er intet", f"from {a:g} to {b:g} is nothing"), Said("byt om på de to", "swap the two")))
    if faults:
        raise Refused(faults)
