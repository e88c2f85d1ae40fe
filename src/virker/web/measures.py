"""What the site asks of each measure and group: which way the measure is turned, and the verdict of every cell, worked out once.

Which way a measure is turned (more meetings, but *fewer* cases and *lower* benefits) is not ours to decide here: it stands in
``notes/figures.toml`` and holds for the forms of a measure too. A heading whose forms are turned different ways has no verdict of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from virker.bank import Bank, Query, Row, names
from virker.bank.records import Contrast
from virker.language import Said
from virker.synthesis import RULE_SETS, EvidenceUnit, RuleSet, Units, Verdict, evidence_units, verdict_on
from virker.web.site import Site

#: The outcomes that a verdict is on where nothing else is said: work, and the way out of unemployment.
WORK = ("employment", "unemployment")
#: The people that the verdict on a measure as a whole is about, where anything is known of them.
EVERYBODY = "unemployed"
#: A review older than this many years is no recent synthesis; ours, and told on the map.
RECENT_YEARS = 10

#: Those that a measure may touch, and whom nobody asks to get into a job; results on them stand with the outcomes.
NOT_SEEKERS = frozenset({"anyone", "firms", "children", "caseworkers", "job-centres"})

Gap = Literal["no-study", "only-note", "uncounted"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the vocabulary that the bank has something on.

    ``contrast`` is which way it is turned; None for a heading whose forms are turned different ways. ``depth`` is its place in the tree.
    """

    term: str
    said: Said
    contrast: Contrast | None
    parent: str | None
    depth: int
    findings: int


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a question is about: one term, or several that apply at once."""

    id: str
    said: Said
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure for one group: the verdict, and how many independent studies and reviews it is on.

    ``gap`` says what kind of gap an empty cell is; ``newest`` is the year of the newest study or review, ``review_year`` of the newest review.
    """

    direction: str
    level: str | None
    studies: int
    reviews: int
    newest: int | None
    review_year: int | None
    gap: Gap | None

    @property
    def pieces(self) -> int:
        return self.studies + self.reviews


def rules_of(site: Site) -> RuleSet:
    """The workspace's own rule set."""
    return RULE_SETS[site.edition.workspace.settings.rule_set]


def measures(site: Site) -> Mapping[str, Measure]:
    """Every measure that the bank has a finding on, parents before their forms."""
    known: dict[str, Measure] | None = site.memo.get("measures")
    if known is None:
        known = site.memo["measures"] = {m.term: m for m in _measures(site)}
    return known


def _measures(site: Site) -> Iterator[Measure]:
    bank, terms = site.edition.bank, site.edition.bank.vocabulary["interventions"]
    count = _findings(bank)
    ways, words = _ways(site), _panel_words(site)

    def down(parent: str | None, depth: int) -> Iterator[Measure]:
        for term in terms.values():
            if term.parent == parent and count.get(term.id):
                said = words.get(term.id) or _capital(Said(term.da, term.en))
                yield Measure(term.id, said, _way(bank, ways, term.id), parent, depth, count[term.id])
                yield from down(term.id, depth + 1)

    yield from down(None, 0)


def _findings(bank: Bank) -> dict[str, int]:
    """How many findings that stand each measure has, those on its forms and on bundles with it among them."""
    count: dict[str, int] = {}
    for row in bank.rows:
        f, s = row.finding, row.study
        if not (f.withdrawn or s.withdrawn or f.superseded_by is not None or s.superseded_by is not None):
            for above in {a for t in (f.intervention, *f.also) for a in bank.vocabulary.ancestors("interventions", t)}:
                count[above] = count.get(above, 0) + 1
    return count


def _ways(site: Site) -> dict[str, Contrast]:
    """Which way the measures that ``notes/figures.toml`` names are turned there."""
    book = site.figures
    panels = [p for s in book.section for p in s.panel] + list(book.map.row if book.map else ())
    return {i: p.select.contrast for p in reversed(panels) for i in names(p.select.intervention)}


def _panel_words(site: Site) -> dict[str, Said]:
    """What ``notes/figures.toml`` calls a measure that one of its rows is on alone: »Færre sager per sagsbehandler«."""
    book = site.figures
    rows = book.map.row if book.map else ()
    return {names(p.select.intervention)[0]: p.said for p in rows if len(names(p.select.intervention)) == 1 and p.select.contrast == "less"}


def _way(bank: Bank, ways: Mapping[str, Contrast], term: str) -> Contrast | None:
    up = next((ways[a] for a in bank.vocabulary.ancestors("interventions", term) if a in ways), None)
    below = {ways[t] for t in bank.vocabulary.under("interventions", term) if t in ways}
    return up or (None if len(below) > 1 else next(iter(below), "on"))


def _capital(said: Said) -> Said:
    return Said(said.da[:1].upper() + said.da[1:], said.en[:1].upper() + said.en[1:])


def groups(site: Site) -> Mapping[str, Group]:
    """Every target group that the bank has an effect on, in the vocabulary's order, then the people of ``notes/conclusions.toml``."""
    known: dict[str, Group] | None = site.memo.get("groups")
    if known is None:
        known = site.memo["groups"] = {g.id: g for g in _groups(site)}
    return known


def _groups(site: Site) -> Iterator[Group]:
    bank = site.edition.bank
    for term in bank.vocabulary["target_groups"].values():
        if term.id not in NOT_SEEKERS and bank.select(Query(target_group=term.id)):
            yield Group(term.id, Said(term.da, term.en), (term.id,))
    for people in site.edition.conclusions.people:
        yield Group(people.id, people.said, people.groups)


def question(measure: Measure, group: tuple[str, ...] = (), outcome: tuple[str, ...] = WORK) -> Query:
    """The query of a measure, for a group (several terms: those to whom all apply, see :func:`rows_of`)."""
    return Query(intervention=measure.term, contrast=measure.contrast or "on", target_group=group, outcome=outcome)


def rows_of(bank: Bank, query: Query, terms: tuple[str, ...]) -> tuple[Row, ...]:
    """What the query selects for people to whom every one of the terms applies."""
    import msgspec

    first, *rest = [bank.select(msgspec.structs.replace(query, target_group=t)) for t in terms] or [bank.select(query)]
    kept = [{r.address for r in other} for other in rest]
    return tuple(r for r in first if all(r.address in other for other in kept))


def units(site: Site, query: Query) -> Units:
    """The pieces of evidence on a query; several target groups are those to whom all apply."""
    key = ("units", query)
    if key not in site.memo:
        bank = site.edition.bank
        site.memo[key] = evidence_units(bank, rows_of(bank, query, names(query.target_group)), query)
    found: Units = site.memo[key]
    return found


def verdict(site: Site, query: Query) -> Verdict:
    """The verdict of the workspace's rule set on a query."""
    key = ("verdict", query)
    if key not in site.memo:
        site.memo[key] = verdict_on(units(site, query), rules_of(site))
    found: Verdict = site.memo[key]
    return found


def cell(site: Site, query: Query) -> Cell:
    """The verdict on a query in short."""
    key = ("cell", query)
    if key not in site.memo:
        site.memo[key] = _cell(site, query)
    found: Cell = site.memo[key]
    return found


def _cell(site: Site, query: Query) -> Cell:
    found, said = units(site, query), verdict(site, query)
    gap: Gap | None = None
    if not found.all:
        levels = {a.row.finding.origin.level for a in found.aside}
        gap = "no-study" if not levels else "only-note" if levels == {"seed"} else "uncounted"
    years = [y for u in found.all if (y := year_of(u))]
    reviews = [y for u in found.reviews if (y := year_of(u))]
    return Cell(said.direction, said.level, len(found.primary), len(found.reviews), max(years, default=None), max(reviews, default=None), gap)


def year_of(unit: EvidenceUnit) -> int | None:
    """The newest year of a piece's papers."""
    return max((r.study.year for r in unit.rows if r.study.year), default=None)


def this_year(site: Site) -> int:
    """The year in which the bank was last added to: what »recent« is counted from."""
    if "this year" not in site.memo:
        site.memo["this year"] = max((s.added.year for s in site.edition.bank.studies.values()), default=0)
    year: int = site.memo["this year"]
    return year


def lacks_synthesis(site: Site, one: Cell) -> bool:
    """Whether there are at least two studies and no review of the last :data:`RECENT_YEARS` years: a gap of its own kind."""
    return one.studies >= 2 and (one.review_year or 0) < this_year(site) - RECENT_YEARS


def whole(site: Site, measure: Measure) -> tuple[str, ...]:
    """Whom the verdict on the measure as a whole is about: the unemployed, or everybody studied where nothing is known of them."""
    return (EVERYBODY,) if units(site, question(measure, (EVERYBODY,))).all else ()
