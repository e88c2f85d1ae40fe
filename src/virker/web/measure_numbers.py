"""A measure in numbers that a source prints: out of 100 people, numbers that a planner may use, and money. Nothing is worked out of them."""

from __future__ import annotations

from dataclasses import dataclass

from virker.bank import LEVELS, Bank, Query, Row
from virker.bank.records import Direction
from virker.language import Said, joined, number
from virker.synthesis import is_turned, oriented
from virker.synthesis.effect_number import KINDS, EffectNumber, horizon, kind_of
from virker.synthesis.effect_path import EffectPath, effect_path
from virker.synthesis.effect_told import months_said
from virker.synthesis.units import SetAside
from virker.synthesis.usable import usable
from virker.web.measures import EVERYBODY, WORK, Measure
from virker.web.site import Site

#: So many sentences »out of 100«, and so many numbers in the table.
_MOST, _MOST_NUMBERS = 4, 12
#: Shares of people, and what so many more or fewer out of 100 were.
_SHARES: dict[str, Said] = {
    "employment-share": Said("var i arbejde", "were in work"),
    "job-share": Said("var gået til et job", "had left for a job"),
    "exit-share": Said("var ude af ledighed (ikke kun til job)", "were out of unemployment (not only for a job)"),
}
_SURE: dict[str, Said] = {
    "yes": Said("", ""),
    "no": Said(" Forskellen kan ikke skelnes fra nul.", " The difference cannot be told from zero."),
    "none": Said(" Kilden regner det for ingen effekt.", " The source takes it for no effect."),
    "not-printed": Said(" Om forskellen er statistisk sikker, er ikke trykt i det læste.", " Whether the difference is statistically sure is not printed in what was read."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutOfHundred:
    """One study's own difference in shares, as people out of 100: a sentence, and the study."""

    said: Said
    study: str
    address: str
    level: str


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number that a planner may use, as its source prints it."""

    number: EffectNumber
    kind: Said


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """What a source says of money: programme cost, net surplus, public finances; its direction as the question turns the measure."""

    row: Row
    direction: Direction | None


def out_of_hundred(site: Site, measure: Measure) -> tuple[OutOfHundred, ...]:
    """The best measured differences in shares, one of each kind for each form in each piece of evidence: strongest design, then nearest read.

    A number that holds only for those whose participation was moved (LATE) is not one of 100 people who got the measure, and is left out.
    """
    if measure.contrast is None:
        return ()
    bank = site.edition.bank
    query = Query(intervention=measure.term, contrast=measure.contrast, outcome=WORK)
    found = [r for r in bank.select(query) if _tells_share(r, query)]
    found.sort(key=lambda r: (bool(r.finding.subgroup), -bank.maryland(r.study), LEVELS.index(r.finding.origin.level), -(horizon(r.finding) or 0), r.address))
    best: dict[tuple[str, str, str], Row] = {}
    for row in found:
        best.setdefault((bank.standing(row.study.id).root, row.finding.intervention, str(kind_of(row.finding))), row)
    return tuple(_out_of_hundred(bank, r, measure.term) for r in list(best.values())[:_MOST])


def _tells_share(row: Row, query: Query) -> bool:
    """Whether the row is a study's own effect on participants in percentage points, the way the question turns the measure."""
    f, aside = row.finding, list[SetAside]()
    plain = f.unit == "pp" and f.effect is not None and f.phase not in ("lock-in", "threat") and f.estimand not in ("association", "LATE")
    if not plain or row.study.kind != "primary" or f.scope != "individual" or not usable(row, query, False, aside) or is_turned(row, query):
        return False
    kind = kind_of(f)
    agrees = f.direction == "none" or (f.direction == "positive") == ((f.effect or 0) > 0)
    return isinstance(kind, str) and kind in _SHARES and agrees and not f.components


def _out_of_hundred(bank: Bank, row: Row, term: str) -> OutOfHundred:
    f = row.finding
    effect, label = f.effect or 0.0, bank.vocabulary.label
    people = Said(*(", ".join(label("target_groups", t, lang) for t in (f.subgroup or f.target_group)) for lang in ("da", "en")))
    where = Said(*(", ".join(label("countries", c, lang) for c in row.countries) for lang in ("da", "en")))
    about = Said("Cirka ", "About ") if f.qualifier in ("about", "almost") else Said("", "")
    size = Said(number(abs(effect), "da"), number(abs(effect), "en"))
    way = Said(" flere ud af 100 ", " more out of 100 ") if effect >= 0 else Said(" færre ud af 100 ", " fewer out of 100 ")
    months = horizon(f)
    after = Said(" efter ", " after ") + months_said(months) if months is not None else Said("", "")
    form = Said(*(label("interventions", f.intervention, lang) for lang in ("da", "en"))) if f.intervention != term else Said("", "")
    whom = Said("; ", "; ") + joined([p for p in (form, people, where) if p.da], ", ") + Said(".", ".")
    sure = _SURE[f.significant or ("none" if f.direction == "none" else "not-printed")]
    return OutOfHundred(about + size + way + _SHARES[str(kind_of(f))] + after + whom + sure, row.study.id, row.address, f.origin.level)


def path(site: Site, measure: Measure) -> EffectPath:
    """What the bank has of the measure over phases, for all unemployed people."""
    key = ("path", measure.term)
    if key not in site.memo:
        site.memo[key] = effect_path(site.edition.bank, measure.term, measure.contrast or "on", (EVERYBODY,))
    found: EffectPath = site.memo[key]
    return found


def numbers(found: EffectPath) -> tuple[NumberLine, ...]:
    """The best numbers that a planner may use for all unemployed people."""
    return tuple(NumberLine(n, KINDS[n.kind]) for n in found.numbers[:_MOST_NUMBERS])


def money(site: Site, measure: Measure) -> tuple[MoneyLine, ...]:
    """What sources print of cost and surplus: of a study its results on the whole where it has any. What only the note tells is left out."""
    query = Query(
        intervention=measure.term,
        contrast=measure.contrast or "on",
        outcome="public-finances",
        scope=("individual", "market", "budget"),
        kind=("effect", "descriptive", "forecast"),
    )
    found = [r for r in site.edition.bank.select(query) if r.finding.origin.level != "seed" and r.finding.sensitivity_of is None]
    whole = {r.study.id for r in found if not r.finding.subgroup}
    shown = [r for r in found if not r.finding.subgroup or r.study.id not in whole]
    return tuple(MoneyLine(r, oriented(r, query)) for r in shown[:_MOST_NUMBERS])
