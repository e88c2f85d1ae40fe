"""What a measure's page shows beside its verdict: for whom and when, its forms, its studies, its claims and its cards."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from virker.bank import Query, Row, names
from virker.bank.export import table
from virker.claims.cards import Card
from virker.claims.check import Check
from virker.language import Language, Said
from virker.synthesis import EvidenceUnit, Units, Verdict
from virker.vocabulary.terms import Kind as TermKind
from virker.web.finding_words import effect
from virker.web.measures import Cell, Measure, cell, groups, measures, question, units, verdict, year_of
from virker.web.site import Site

#: So many printed effects of one study stand in the table of studies.
_EFFECTS = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """One value of a condition with its verdict: what it is called, where on the page it stands, the page it leads to."""

    said: Said
    cell: Cell
    anchor: str = ""
    kind: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """One condition: the values that something is known of, and those that nothing is known of."""

    heading: Said
    known: tuple[Condition, ...]
    unknown: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One piece of evidence on the measure: its papers, where, how, which way, and the effects as printed."""

    id: str
    studies: tuple[str, ...]
    year: int | None
    countries: tuple[str, ...]
    design: str
    maryland: int
    is_review: bool
    direction: str
    effects: tuple[str, ...]
    level: str
    counted: bool
    why: Said | None


def groups_of(site: Site, measure: Measure) -> Conditions:
    """The verdict for every target group that something is known of."""
    tried = [Condition(g.said, cell(site, question(measure, g.terms)), f"g-{g.id}", "group", g.id) for g in groups(site).values()]
    return Conditions(Said("Målgruppe", "Target group"), tuple(c for c in tried if c.cell.pieces), tuple(c.said for c in tried if not c.cell.pieces))


def outcomes_of(site: Site, measure: Measure) -> Conditions:
    """The verdict on every family of outcomes, whoever it is about."""
    tops = [t for t in site.edition.bank.vocabulary["outcomes"].values() if t.parent is None]
    tried = [Condition(Said(t.da, t.en), cell(site, question(measure, (), (t.id,))), f"o-{t.id}") for t in tops]
    return Conditions(Said("Udfald", "Outcome"), tuple(c for c in tried if c.cell.pieces), tuple(c.said for c in tried if not c.cell.pieces))


def forms_of(site: Site, measure: Measure) -> tuple[tuple[Measure, Cell | None], ...]:
    """The forms of the measure with their verdicts; a heading among them has none."""
    below = [m for m in measures(site).values() if m.parent == measure.term]
    return tuple((m, cell(site, question(m)) if m.contrast else None) for m in below)


_MODERATORS: tuple[tuple[Said, tuple[tuple[Said, dict[str, Any]], ...]], ...] = (
    (
        Said("Konjunktur", "Business cycle"),
        ((Said("højkonjunktur", "boom"), {"cycle": "boom"}), (Said("lavkonjunktur", "recession"), {"cycle": "recession"})),
    ),
    (
        Said("Det lokale arbejdsmarked", "The local labour market"),
        ((Said("svagt", "weak"), {"labour_market": "weak"}), (Said("stærkt", "strong"), {"labour_market": "strong"})),
    ),
    (Said("Køn", "Sex"), ((Said("kvinder", "women"), {"target_group": "women"}), (Said("mænd", "men"), {"target_group": "men"}))),
    (
        Said("Tidspunkt i ledigheden", "Timing in the spell"),
        (
            (Said("nyledige", "newly unemployed"), {"target_group": "newly-unemployed"}),
            (Said("kort ledighed", "short-term unemployed"), {"target_group": "short-term-unemployed"}),
            (Said("langtidsledige", "long-term unemployed"), {"target_group": "long-term-unemployed"}),
        ),
    ),
    (Said("Land", "Country"), ((Said("Danmark", "Denmark"), {"country": "DK"}),)),
    (
        Said("Design", "Design"),
        ((Said("Maryland 4 eller 5", "Maryland 4 or 5"), {"min_maryland": 4}), (Said("lodtrækningsforsøg", "randomised trials"), {"design": "rct"})),
    ),
)


_PHASES = (
    (Said("før indsatsen (trussel)", "before the measure (threat)"), "threat"),
    (Said("mens den varer (fastlåsning)", "while it lasts (lock-in)"), "lock-in"),
    (Said("efter indsatsen", "after the measure"), "after"),
    (Said("samlet fra start", "net from the start"), "net"),
)


def phases(site: Site, measure: Measure) -> Conditions:
    """The verdict by phase, on everybody studied: what is gained later is never mixed with what is lost while it lasts."""
    tried = [Condition(said, cell(site, msgspec.structs.replace(question(measure), phase=phase))) for said, phase in _PHASES]
    return Conditions(Said("Fase", "Phase"), tuple(c for c in tried if c.cell.pieces), tuple(c.said for c in tried if not c.cell.pieces))


def moderators(site: Site, measure: Measure) -> tuple[Conditions, ...]:
    """What the bank holds by business cycle, labour market, sex, timing, country and design."""
    vocabulary, base, out = site.edition.bank.vocabulary, question(measure), []
    for heading, values in _MODERATORS:
        fields = [(said, f) for said, f in values if f.get("target_group", "women") in vocabulary["target_groups"]]
        tried = [Condition(said, cell(site, msgspec.structs.replace(base, **f))) for said, f in fields]
        out.append(Conditions(heading, tuple(c for c in tried if c.cell.pieces), tuple(c.said for c in tried if not c.cell.pieces)))
    return tuple(out)


def study_lines(site: Site, query: Query, whole: Query, language: str) -> tuple[StudyLine, ...]:
    """Every piece of evidence on a query, those that count in the verdict on ``whole`` first, then the strongest designs."""
    return lines_of(site, units(site, query), verdict(site, whole), language)


def lines_of(site: Site, found: Units, said: Verdict, language: str) -> tuple[StudyLine, ...]:
    """:func:`study_lines` on units and a verdict already made."""
    counted = {c.unit: c for c in said.contributions}
    lines = [_study_line(site, u, counted, language) for u in found.all]
    return tuple(sorted(lines, key=lambda s: (not s.counted, s.is_review, -s.maryland, -(s.year or 0), s.id)))


def _study_line(site: Site, unit: EvidenceUnit, counted: dict[str, Any], language: str) -> StudyLine:
    bank, mine = site.edition.bank, counted.get(unit.id)
    best = max(unit.rows, key=lambda r: bank.maryland(r.study))
    sizes = Counter(e for r in unit.rows if (e := effect(r, language)))
    return StudyLine(
        id=unit.id,
        studies=unit.studies,
        year=year_of(unit),
        countries=tuple(dict.fromkeys(c for r in unit.rows for c in r.countries)),
        design=best.study.design,
        maryland=unit.maryland,
        is_review=unit.is_review,
        direction=unit.direction,
        effects=tuple(sizes)[:_EFFECTS],
        level=unit.nearest_level,
        counted=bool(mine and mine.counted),
        why=mine.why if mine else None,
    )


def aside_studies(site: Site, measure: Measure) -> tuple[tuple[str, Said], ...]:
    """Studies on the measure that no verdict on work counts, with the reason or the outcomes that they are about."""
    bank = site.edition.bank
    shown = {s for u in units(site, question(measure)).all for s in u.studies}
    found: dict[str, Said] = {}
    for aside in units(site, question(measure)).aside:
        if aside.row.study.id not in shown:
            found.setdefault(aside.row.study.id, aside.why)
    label = bank.vocabulary.label
    for row in rows_for(site, measure.term):
        if row.study.id not in shown and row.study.id not in found:
            outcome = Said(label("outcomes", row.finding.outcome, "da"), label("outcomes", row.finding.outcome, "en"))
            found[row.study.id] = Said("om et andet udfald: ", "on another outcome: ") + outcome
    return tuple(sorted(found.items()))


def rows_for(site: Site, term: str) -> tuple[Row, ...]:
    """Every finding on the measure or a form of it that stands, for downloads: results on others, on the market and on mechanisms too."""
    bank = site.edition.bank
    below = bank.vocabulary.under("interventions", term)
    return tuple(r for r in bank.rows if not below.isdisjoint((r.finding.intervention, *r.finding.also)) and _stands(r))


def _stands(row: Row) -> bool:
    f, s = row.finding, row.study
    return not (f.withdrawn or s.withdrawn or f.superseded_by is not None or s.superseded_by is not None)


def csv_of(rows: Sequence[Row]) -> bytes:
    """The findings as CSV, with the mark that lets Excel read æøå."""
    out = io.StringIO()
    header, lines = table(rows)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([["" if c is None else c for c in line] for line in lines])
    return ("\N{ZERO WIDTH NO-BREAK SPACE}" + out.getvalue()).encode()


def json_of(rows: Sequence[Row]) -> bytes:
    """The findings as a JSON list of their records, each with its address and study."""
    return msgspec.json.encode([{"address": r.address, "study": r.study.id, "year": r.study.year, **msgspec.to_builtins(r.finding)} for r in rows]) + b"\n"


def claims_of(site: Site, term: str) -> tuple[tuple[Check, ...], tuple[Check, ...]]:
    """The claims whose queries ask for the measure by name: our own, and those of the source note."""
    if "claims by measure" not in site.memo:
        site.memo["claims by measure"] = _claims_by_measure(site)
    found: list[Check] = site.memo["claims by measure"].get(term, [])
    return tuple(c for c in found if not c.claim.sentences), tuple(c for c in found if c.claim.sentences)


def _claims_by_measure(site: Site) -> dict[str, list[Check]]:
    out: dict[str, list[Check]] = {}
    for check in site.edition.checks:
        for term in dict.fromkeys(i for p in check.claim.parts if p.select for i in names(p.select.intervention)):
            out.setdefault(term, []).append(check)
    return out


def cards_of(site: Site, term: str, kind: str, language: str) -> Iterator[tuple[str, Card]]:
    """Cards about a term, or about a wider or narrower one where none is about the term itself."""
    tree = site.edition.bank.vocabulary
    which: TermKind = "interventions" if kind == "measure" else "target_groups"
    found = [(name, both[cast("Language", language)]) for name, both in site.edition.cards.items() if language in both]
    mine = [(n, c) for n, c in found if c.front.kind == kind]
    exact = [(n, c) for n, c in mine if c.front.about == term]
    near = [(n, c) for n, c in mine if term in tree.ancestors(which, c.front.about) or c.front.about in tree.ancestors(which, term)]
    yield from exact or near


def law_of(site: Site, cards: Sequence[tuple[str, Card]]) -> tuple[Said, ...]:
    """The schemes that the cards tell the law of."""
    schemes = site.edition.rules.schemes
    named = dict.fromkeys(a.partition("/")[0] for _, c in cards for s in c.sections for line in s.lines for a, _ in line.rules)
    return tuple(Said(schemes[n].da, schemes[n].en) for n in named if n in schemes)
