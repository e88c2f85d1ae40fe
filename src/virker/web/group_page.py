"""What works for a group: each measure's verdict for them, else for the nearest wider group, which is said; the gaps; the studies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from virker.bank import Query
from virker.language import Said
from virker.web.measures import EVERYBODY, WORK, Cell, Group, Measure, cell, groups, measures, question, rows_of, rules_of, verdict
from virker.web.site import Site


@dataclass(frozen=True, slots=True)
class Wider:
    """The verdict for a wider group: its words, its page and its cell."""

    group: Group
    cell: Cell


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure for the group: its own cell, and the wider groups that something is known of, nearest first."""

    measure: Measure
    own: Cell
    wider: tuple[Wider, ...]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The measures that the group itself has been studied with, those known for a wider group only, and those with nothing at all."""

    own: tuple[MeasureLine, ...]
    wider: tuple[MeasureLine, ...]
    nothing: tuple[Measure, ...]


def table(site: Site, group: Group) -> GroupTable:
    """Every measure with a verdict of its own. A form known for a wider group only is left to its measure's page."""
    key = ("group", group.id)
    if key not in site.memo:
        lines = [MeasureLine(m, cell(site, question(m, group.terms)), tuple(_wider(site, m, group))) for m in measures(site).values() if m.contrast]
        main = _main(site)
        own = tuple(sorted((x for x in lines if x.own.pieces), key=_order))
        wider = tuple(sorted((x for x in lines if not x.own.pieces and x.wider and x.measure.term in main), key=lambda x: _rank(x.wider[0].cell)))
        nothing = tuple(x.measure for x in lines if not x.own.pieces and not x.wider and x.measure.term in main)
        site.memo[key] = GroupTable(own, wider, nothing)
    found: GroupTable = site.memo[key]
    return found


#: Directions in the order in which a reader wants them.
_DIRECTIONS = ("positive", "mixed", "none", "negative", "too-little")


def _rank(c: Cell) -> tuple[int, int]:
    return _DIRECTIONS.index(c.direction), -c.pieces


def _order(line: MeasureLine) -> tuple[int, int, int]:
    """Whole measures before their forms, then what helps before what does not, then the most studied."""
    return (min(line.measure.depth, 1), *_rank(line.own))


def _main(site: Site) -> frozenset[str]:
    """The measures that the workspace's map has a row for; without a map, those at the top of the tree."""
    spec = site.figures.map
    if spec is None:
        return frozenset(m.term for m in measures(site).values() if m.depth == 0)
    return frozenset(i for r in spec.row for i in ((r.select.intervention,) if isinstance(r.select.intervention, str) else r.select.intervention))


def wider_groups(site: Site, group: Group) -> tuple[Group, ...]:
    """The groups that hold this one: each term alone where several apply, then what stands above them, nearest first."""
    known, tree = groups(site), site.edition.bank.vocabulary
    found: dict[str, Group] = {}
    if len(group.terms) > 1:
        found |= {t: known[t] for t in group.terms if t in known}
    for term in group.terms:
        found |= {a: known[a] for a in tree.ancestors("target_groups", term)[1:] if a in known}
    everybody = {EVERYBODY: found.pop(EVERYBODY)} if EVERYBODY in found else {}
    return tuple({**found, **everybody}.values())


def _wider(site: Site, measure: Measure, group: Group) -> Iterator[Wider]:
    for one in wider_groups(site, group):
        found = cell(site, question(measure, one.terms))
        if found.pieces:
            yield Wider(one, found)


def narrower_groups(site: Site, group: Group) -> tuple[Group, ...]:
    """The groups below this one, and the people named by several terms of whom this is one."""
    tree = site.edition.bank.vocabulary
    return tuple(
        g
        for g in groups(site).values()
        if g.id != group.id and ((len(g.terms) == 1 and group.id in tree.ancestors("target_groups", g.id)) or (len(g.terms) > 1 and group.id in g.terms))
    )


def studied(site: Site, group: Group) -> Query:
    """Everything on the group with a verdict on work under it."""
    return Query(target_group=group.terms, outcome=WORK)


def counts(site: Site, group: Group) -> tuple[int, int]:
    """How many studies, and findings on work and unemployment, the bank has on the group."""
    rows = [r for r in rows_of(site.edition.bank, studied(site, group), group.terms) if r.finding.origin.level != "seed"]
    return len({r.study.id for r in rows}), len(rows)


def best(site: Site, group: Group) -> Said:
    """What helps the group, in one sentence: the whole measures with a positive verdict for the group itself, and how sure; else that there are none."""
    helps = [x for x in table(site, group).own if x.own.direction == "positive" and (x.measure.depth == 0 or x.measure.term in _main(site))]
    if not helps:
        return Said("Ingen indsats har en positiv dom for netop denne gruppe.", "No measure has a positive verdict for this very group.")
    names = [(x.measure.said, verdict(site, question(x.measure, group.terms)).level) for x in helps]
    labels = rules_of(site).level_labels
    told = [Said(f"{s.da} ({labels[lv].da})", f"{s.en} ({labels[lv].en})") if lv in labels else s for s, lv in names]
    return (
        Said("Positiv dom for gruppen selv: ", "A positive verdict for the group itself: ")
        + Said("; ".join(t.da for t in told), "; ".join(t.en for t in told))
        + Said(".", ".")
    )
