"""The front page: what each measure does, how sure that is, and for whom; and a short way to what works for whom."""

from __future__ import annotations

from dataclasses import dataclass

from virker.claims.check import Check
from virker.claims.conclusions import FACTS, Conclusion, claims_of, inline
from virker.language import Said
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.measures import Cell, Group, Measure, cell, groups, measures, question, whole
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Hvad virker for at få ledige i job?", "What works in getting unemployed people into jobs?")
_SHORT = Said("Hvad forskningen viser, hvor sikkert det er, og for hvem.", "What research shows, how sure it is, and for whom.")


@dataclass(frozen=True, slots=True)
class Tile:
    """One conclusion as the front page shows it: its measures (the first is where it leads), its facts, the claims behind them."""

    name: str
    measures: tuple[Measure, ...]
    facts: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]

    @property
    def all_hold(self) -> bool:
        return all(c.status in ("supported", "judgement") for c in self.checks)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    view = View(site, address)
    bank = site.edition.bank
    main = rendered(
        "index.html.j2",
        view,
        title=_TITLE[address.language],
        short=_SHORT[address.language],
        tiles=[_tile(site, c, address.language) for c in site.edition.conclusions.conclusions],
        measures=[] if site.edition.conclusions.conclusions else _measures(site),
        groups=_by_size(site),
        studies=len(bank.studies),
        claims=len(site.edition.checks),
    )
    return WebPage(address, f"{_TITLE[address.language]} – virker", _SHORT[address.language], main, "index", wide=True)


def _tile(site: Site, conclusion: Conclusion, language: str) -> Tile:
    known = measures(site)
    facts = tuple((heading[language], words(conclusion.fact(name)[language])) for name, heading in FACTS.items())
    bound = dict.fromkeys(c for name in FACTS for c in claims_of(conclusion.fact(name)[language]))
    checks = tuple(site.edition.by_id[c] for c in bound if c in site.edition.by_id)
    return Tile(conclusion.said[language], tuple(known[m] for m in conclusion.measures if m in known), facts, checks)


def words(markdown: str) -> str:
    """A fact's words without its bindings."""
    return "".join(t.content for t in inline(markdown).children or () if t.type in ("text", "code_inline"))


def _measures(site: Site) -> list[tuple[Measure, Cell]]:
    """For a workspace without conclusions: its measures at the top of the tree, with their verdicts."""
    found = [m for m in measures(site).values() if m.depth == 0]
    return [(m, cell(site, question(m, whole(site, m)))) for m in found]


def _by_size(site: Site) -> list[Group]:
    """The people first whom the workspace itself names, then the groups that most studies are about."""
    count: dict[str, set[str]] = {}
    for row in site.edition.bank.rows:
        for term in (*row.finding.target_group, *row.finding.subgroup):
            count.setdefault(term, set()).add(row.study.id)
    known = groups(site).values()
    people = [g for g in known if len(g.terms) > 1]
    single = sorted((g for g in known if len(g.terms) == 1), key=lambda g: -len(count.get(g.id, ())))
    return people + single[:12]
