"""A measure's verdict for its page: in a sentence, under every rule set, at earlier dates, beside other banks, and what would flip it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from virker.bank import Bank, Query
from virker.claims.fragility_report import outcome_said
from virker.claims.frames import filled
from virker.claims.ladder import associated
from virker.language import DIRECTIONS, WAYS, Said, joined, pointing
from virker.synthesis import RULE_SETS, Verdict, evidence_units, verdict_on
from virker.synthesis.disagreement import Disagreement, disagreements_on, parting_said
from virker.synthesis.external import NEARNESS, External, Externals, beside, load_external, words_of
from virker.synthesis.fragility import fragility
from virker.synthesis.margins import margin_said
from virker.synthesis.next_study import RUNGS, next_study
from virker.synthesis.removal import Removal
from virker.synthesis.side_by_side import against
from virker.synthesis.star import STAR
from virker.web.measures import rules_of, this_year, units, verdict
from virker.web.site import Site

#: The literature as it stood at the end of these years, and as it stands now.
YEARS = (2000, 2005, 2010, 2015, 2020)
#: More sets than these are told by an example.
_SETS = 3


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What one rule set says: direction, level, what it counted, and what changes if only printed significance counts."""

    name: Said
    id: str
    direction: str
    level: Said
    counted: Said
    strict: Said


@dataclass(frozen=True, slots=True)
class YearLine:
    """The verdict on the literature up to a year."""

    year: int
    direction: str
    level: Said | None
    studies: int
    reviews: int


@dataclass(frozen=True, slots=True)
class FlipLine:
    """What is lost when the fewest pieces go: what changes, how many of how many, what it becomes, and which pieces (one set as an example)."""

    what: Said
    size: int | None
    pieces: int
    becomes: Said
    sets: tuple[tuple[str, ...], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Flips:
    """What would flip a verdict: by taking away, by adding, and how far it is from the thresholds that the rule set prints."""

    lines: tuple[FlipLine, ...]
    words: tuple[Said, ...]
    margins: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OtherVerdict:
    """Another bank's printed verdict: its words, on what, how near its question is, how it stands to ours, and why it may differ."""

    entry: External
    words: Said
    what: Said
    near: Said
    stands: Said
    because: Said | None


def sentence(site: Site, query: Query) -> Said:
    """The strongest sentence that the verdict carries, from the wording ladder."""
    said, bank = verdict(site, query), site.edition.bank
    return filled(said, query, bank, associated=said.rule_set == STAR.id and associated(said, bank))


def counted_said(said: Verdict) -> Said:
    """``8 positive, 3 without effect``: the counted pieces by direction."""
    found = [pointing(said.counts[d], d) for d in WAYS if said.counts.get(d)]
    return joined(found, ", ") if found else Said("ingen", "none")


def disagreement(site: Site, query: Query) -> Disagreement:
    """Every rule set's verdict, and where they part from the workspace's own."""
    key = ("disagreement", query)
    if key not in site.memo:
        site.memo[key] = disagreements_on(units(site, query), query, rules_of(site).id)
    found: Disagreement = site.memo[key]
    return found


def rule_lines(found: Disagreement) -> tuple[RuleLine, ...]:
    """The rule sets side by side."""
    return tuple(rule_line(name, v) for name, v in found.verdicts.items())


def rule_line(name: str, v: Verdict) -> RuleLine:
    rules = RULE_SETS[name]
    level = rules.level_labels.get(v.level or "", Said("intet niveau", "no level"))
    strict = outcome_said((v.strict.direction, v.strict.level), name) if v.strict else Said("uændret", "unchanged")
    return RuleLine(rules.label, name, v.direction, level, counted_said(v), strict)


def partings(found: Disagreement) -> tuple[Said, ...]:
    """Why the rule sets that say something else do."""
    return tuple(parting_said(p) for p in found.partings)


def earlier(site: Site, query: Query) -> tuple[YearLine, ...]:
    """The verdict as the literature stood, by publication year; years before the first study are left out."""
    key = ("earlier", query)
    if key not in site.memo:
        lines = [_year_line(site, query, y) for y in (*YEARS, this_year(site))]
        first = next((i for i, line in enumerate(lines) if line.studies or line.reviews), len(lines))
        site.memo[key] = tuple(lines[first:])
    found: tuple[YearLine, ...] = site.memo[key]
    return found


def _year_line(site: Site, query: Query, year: int) -> YearLine:
    bank, rules = _literature(site, year), rules_of(site)
    found = evidence_units(bank, bank.select(query), query)
    said = verdict_on(found, rules)
    return YearLine(year, said.direction, rules.level_labels.get(said.level or ""), len(found.primary), len(found.reviews))


def _literature(site: Site, year: int) -> Bank:
    key = ("literature", year)
    if key not in site.memo:
        site.memo[key] = site.edition.bank.literature_of(year) if year < this_year(site) else site.edition.bank
    bank: Bank = site.memo[key]
    return bank


def flips(site: Site, query: Query) -> Flips:
    """What would flip the verdict: the fewest pieces whose loss does, the distance to thresholds, and what one more trial would do."""
    key = ("flips", query)
    if key not in site.memo:
        site.memo[key] = _flips(site, query)
    found: Flips = site.memo[key]
    return found


def _flips(site: Site, query: Query) -> Flips:
    rules, found = rules_of(site), units(site, query)
    if not found.all:
        return Flips((), (), ())
    now = fragility(found, rules)
    level = _flip_line(Said("Niveauet", "The level"), now.any_change, rules.id)
    direction = _flip_line(Said("Retningen", "The direction"), now.direction, rules.id)
    lines = (direction,) if now.any_change == now.direction else (level, direction)
    new = next_study(found, rules)
    ones = [n for n in new.outcomes if n.kind == "rct" and n.count == 1 and n.becomes is not None]
    told = [
        Said("Ét lodtrækningsforsøg mere, der viser »", "One more randomised trial that shows “")
        + DIRECTIONS[n.shows]
        + Said("«: ", "”: ")
        + outcome_said(n.becomes, rules.id)
        + Said(".", ".")
        for n in ones
        if n.becomes is not None
    ]
    step = Said("Næste skridt: ", "Next step: ") + RUNGS[new.rung] + Said(".", ".")
    return Flips(lines, (*told, step), tuple(margin_said(m) for m in now.margins))


def _flip_line(what: Said, removal: Removal[Any], rules: str) -> FlipLine:
    becomes = joined([outcome_said(o, rules) for o in dict.fromkeys(p.becomes for p in removal.patterns)], " / ")
    shown: list[tuple[str, ...]] = []
    for one in removal.sets:
        if len(shown) == _SETS:
            break
        shown.append(one)
    return FlipLine(what, removal.size, removal.pieces, becomes, tuple(shown), max(removal.count - len(shown), 0))


def externals(site: Site) -> Externals:
    """What other banks have printed."""
    if "externals" not in site.memo:
        workspace = site.edition.workspace
        site.memo["externals"] = load_external(workspace.bank / "external", workspace.root, site.edition.bank)
    found: Externals = site.memo["externals"]
    return found


def others(site: Site, query: Query) -> Sequence[OtherVerdict]:
    """Other banks' printed verdicts on the question or one near it, each held against ours on its own question."""
    bank = site.edition.bank
    out = []
    for entry, near in beside(externals(site).verdicts, query, bank.vocabulary):
        because = Said(entry.because_da, entry.because_en) if entry.because_da and entry.because_en else None
        words = Said(words_of(entry, "da"), words_of(entry, "en"))
        ours = verdict(site, entry.query)
        out.append(OtherVerdict(entry, words, Said(entry.what_da, entry.what_en), NEARNESS[near], against(entry, ours), because))
    return out
