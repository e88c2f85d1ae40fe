"""What works for a group: each measure's verdict for them, else for the nearest wider group, which is said; the gaps; the studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from virker.bank import Query, names
from virker.language import Said
from virker.web.measures import EVERYBODY, WORK, Cell, Group, Measure, cell, groups, measures, question, rows_of, rules_of
from virker.web.site import Site


@dataclass(frozen=True, slots=True)
class Wider:
    """The verdict for a wider group: its words, its page and its cell."""

    group: Group
    cell: Cell


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure for the group: its own cell, and the wider groups that say something else, nearest first.

    ``whole`` tells a measure that the workspace's map has a row for, or one at the top of the tree, from a form of one.
    """

    measure: Measure
    own: Cell
    wider: tuple[Wider, ...]
    whole: bool


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
        lines = [_line(site, m, group) for m in measures(site).values() if m.contrast]
        main = _main(site)
        own = tuple(sorted((x for x in lines if x.own.pieces), key=lambda x: (not x.whole, *_rank(x.own))))
        wider = tuple(sorted((x for x in lines if not x.own.pieces and x.wider and x.measure.term in main), key=lambda x: _rank(x.wider[0].cell)))
        nothing = tuple(x.measure for x in lines if not x.own.pieces and not x.wider and x.measure.term in main)
        site.memo[key] = GroupTable(own, wider, nothing)
    found: GroupTable = site.memo[key]
    return found


#: Headings that name no one measure that somebody could choose; they are shown, and not told as what helps.
_UNSPECIFIC = frozenset({"almp", "combined-programme"})
#: Directions in the order in which a reader wants them.
_DIRECTIONS = ("positive", "mixed", "none", "negative", "too-little")


def _rank(c: Cell) -> tuple[int, int]:
    return _DIRECTIONS.index(c.direction), -c.pieces


def _main(site: Site) -> frozenset[str]:
    """The measures that the workspace's map has a row for; without a map, those at the top of the tree."""
    if "main measures" not in site.memo:
        spec = site.figures.map
        top = {m.term for m in measures(site).values() if m.depth == 0}
        site.memo["main measures"] = frozenset(i for r in spec.row for i in names(r.select.intervention)) if spec else frozenset(top)
    found: frozenset[str] = site.memo["main measures"]
    return found


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


def _line(site: Site, measure: Measure, group: Group) -> MeasureLine:
    own = cell(site, question(measure, group.terms))
    return MeasureLine(measure, own, tuple(_wider(site, measure, group, own)), not measure.depth or measure.term in _main(site))


def _wider(site: Site, measure: Measure, group: Group, own: Cell) -> Iterator[Wider]:
    """The wider groups; one that rests on the same as a nearer one adds nothing."""
    seen = {own}
    for one in wider_groups(site, group):
        found = cell(site, question(measure, one.terms))
        if found.pieces and found not in seen:
            seen.add(found)
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


def helpful(site: Site, group: Group) -> tuple[tuple[Measure, Cell], ...]:
    """The whole measures with a positive verdict for the group itself, the surest first."""
    levels = rules_of(site).levels
    found = [(x.measure, x.own) for x in table(site, group).own if x.whole and x.own.direction == "positive" and x.measure.term not in _UNSPECIFIC]
    return tuple(sorted(found, key=lambda x: (levels.index(x[1].level) if x[1].level in levels else len(levels), -x[1].pieces)))


def helpful_said(site: Site, group: Group) -> Said | None:
    """What helps the group itself, and how sure that is; None where nothing of the kind is known."""
    found = helpful(site, group)
    return _told(site, found) if found else None


def best(site: Site, group: Group) -> Said:
    """:func:`helpful_said` as a sentence, or that there is nothing of the kind."""
    found = helpful_said(site, group)
    if found is None:
        return Said("Ingen indsats har en positiv dom for netop denne gruppe.", "No measure has a positive verdict for this very group.")
    return Said("Positiv dom for gruppen selv: ", "A positive verdict for the group itself: ") + found


def best_for_wider(site: Site, group: Group) -> tuple[tuple[Group, Said], ...]:
    """Where nothing is known to help the group itself: what helps the nearest groups that hold it."""
    if helpful(site, group):
        return ()
    near = wider_groups(site, group)[: max(len(group.terms), 1)]
    return tuple((one, _told(site, found)) for one in near if (found := helpful(site, one)))


def _told(site: Site, found: Sequence[tuple[Measure, Cell]]) -> Said:
    """``meetings, job search (moderate evidence); sanctions (indication).`` The surest come first, so equal levels stand together."""
    labels = rules_of(site).level_labels
    told = []
    for level, same in groupby(found, key=lambda x: x[1].level):
        words = [m.said for m, _ in same]
        told.append(Said(", ".join(_small(w.da) for w in words), ", ".join(_small(w.en) for w in words)) + _level(labels, level))
    return Said("; ".join(t.da for t in told), "; ".join(t.en for t in told)) + Said(".", ".")


def _level(labels: Mapping[str, Said], level: str | None) -> Said:
    said = labels.get(level or "")
    return Said(f" ({said.da})", f" ({said.en})") if said else Said("", "")


def _small(words: str) -> str:
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
