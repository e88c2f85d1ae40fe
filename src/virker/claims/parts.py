"""Does one part of a claim hold? The findings it selects against what it expects of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from virker.bank import Bank, Query, Row, names
from virker.bank.records import Finding
from virker.claims.numbers import agrees, digits_of
from virker.claims.records import Expectation, Kind, Number, Part, Status
from virker.errors import QueryError
from virker.language import DIRECTIONS, Said, number
from virker.rules import Rules
from virker.synthesis import Units, Verdict, evidence_units, oriented, rule_set, verdict_on

_READ = ("table", "text")


@dataclass(frozen=True, slots=True)
class PartResult:
    """How one part came out: its status, why, and which findings stand under it."""

    status: Status
    reasons: tuple[Said, ...]
    rows: tuple[Row, ...] = ()
    carrying: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    verdict: Verdict | None = None
    seed: tuple[Row, ...] = field(default_factory=tuple)


def evaluate_part(part: Part, kind: Kind, bank: Bank, rules: Rules, default_rule_set: str, day: date | None = None) -> PartResult:
    """The status of one part.

    A rule is compared with the law as data; everything else selects findings. What only the note says (level ``seed``) is left
    out before anything is graded, so that a note is never its own witness.
    """
    expect = part.expect
    if expect.rule is not None:
        return _rule(expect, rules, day)
    if part.select is None:
        return PartResult("error", (Said("der er hverken select eller rule", "there is neither select nor rule"),))
    for study in names(part.select.study):
        if study not in bank.studies and day is None:
            return PartResult("error", (Said(f"studiet '{study}' findes ikke i banken", f"the study '{study}' is not in the bank"),))
    rows = bank.select(part.select)
    seed = tuple(r for r in rows if r.finding.origin.level == "seed")
    traced = tuple(r for r in rows if r.finding.origin.level != "seed")
    if not rows and not part.select.is_named and day is None:
        return PartResult("error", (Said("forespørgslen rammer intet i banken", "the query matches nothing in the bank"),))
    results = []
    if expect.numbers:
        results.append(_numbers(expect.numbers, traced, rows))
    if expect.groups:
        results.append(_groups(expect.groups, bank, traced))
    if expect.direction or expect.level or expect.units is not None:
        by_verdict = expect.level is not None or expect.units is not None or kind == "synthesis"
        results.append(_by_verdict(part.select, expect, bank, rows, default_rule_set) if by_verdict else _as_told(part.select, expect, bank, traced))
    if not results:
        return PartResult("error", (Said("der er intet at forvente", "nothing is expected"),))
    worst = min(results, key=lambda r: _ORDER.index(r.status))
    return PartResult(
        worst.status,
        tuple(s for r in results for s in r.reasons),
        rows,
        tuple(dict.fromkeys(a for r in results for a in r.carrying)),
        tuple(dict.fromkeys(a for r in results for a in r.against)),
        next((r.verdict for r in results if r.verdict), None),
        seed,
    )


_ORDER: tuple[Status, ...] = ("error", "contradicted", "differs", "not-traced", "too-little", "overstated", "supported", "judgement")


def _rule(expect: Expectation, rules: Rules, day: date | None) -> PartResult:
    assert expect.rule is not None
    try:
        parameter = rules.parameter(expect.rule)
    except QueryError as error:
        text = str(error).splitlines()[0]
        return PartResult("error", (Said(text, text),))
    wanted, value = expect.equals, parameter.value
    same = abs(float(wanted) - float(value)) < 1e-9 if _numeric(wanted) and _numeric(value) else wanted == value
    said = Said(f"{parameter.da}: {_plain(value, 'da')} ({parameter.reference})", f"{parameter.en}: {_plain(value, 'en')} ({parameter.reference})")
    if parameter.status == "unverified":
        return PartResult("not-traced", (said + Said("; ikke bekræftet i loven", "; not verified in the law"),))
    return PartResult("supported" if same else "contradicted", (said,))


def _numeric(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: object, language: str) -> str:
    if isinstance(value, bool):
        return {("da", True): "ja", ("da", False): "nej", ("en", True): "yes", ("en", False): "no"}[language, value]
    return number(float(value), language) if isinstance(value, (int, float)) else str(value)


def _by_verdict(query: Query, expect: Expectation, bank: Bank, rows: Sequence[Row], default_rule_set: str) -> PartResult:
    units = evidence_units(bank, rows, query)
    rules = rule_set(expect.rule_set or default_rule_set)
    verdict = verdict_on(units, rules)
    carrying = verdict.findings
    if not units.all:
        return PartResult(*_nothing(rows), verdict=verdict)
    if expect.level is not None and expect.level not in rules.levels:
        told = f"'{expect.level}' is no level of {rules.id} (it has: {', '.join(rules.levels) or 'none'})"
        return PartResult("error", (Said(told, told),), verdict=verdict)
    wanted = names(expect.direction)
    said = _verdict_said(verdict, rules.level_labels.get(verdict.level or ""))
    if verdict.direction == "too-little":
        return PartResult("too-little", (said, *verdict.reasons), carrying=carrying, verdict=verdict)
    against = tuple(a for c in verdict.contributions if c.counted and wanted and c.direction not in wanted for a in c.findings)
    if wanted and verdict.direction not in wanted:
        status = _opposed(verdict, units) if verdict.direction != "mixed" else "overstated"
        return PartResult(status, (said, *verdict.reasons), carrying=carrying, against=against, verdict=verdict)
    weak = _weaker(verdict, units, expect, rules.at_least(verdict.level, expect.level) if expect.level else True)
    return PartResult("overstated" if weak else "supported", (said, *verdict.reasons, *weak), carrying=carrying, against=against, verdict=verdict)


def _nothing(rows: Sequence[Row]) -> tuple[Status, tuple[Said, ...]]:
    if any(r.finding.origin.level == "seed" for r in rows) or not rows:
        return "not-traced", (Said("intet resultat uden for notatet selv", "no finding outside the note itself"),)
    return "too-little", (Said("ingen af resultaterne kan tælles", "none of the findings can be counted"),)


def _verdict_said(verdict: Verdict, level: Said | None) -> Said:
    said = DIRECTIONS[verdict.direction]
    return Said(f"Bankens dom: {said.da}{', ' + level.da if level else ''}.", f"The bank's verdict: {said.en}{', ' + level.en if level else ''}.")


def _opposed(verdict: Verdict, units: Units) -> Status:
    """Contradicted when what carries the opposite verdict was read in a table or text, else it differs and is to be checked."""
    carrying = {u.id: u for u in units.all}
    near = [c for c in verdict.contributions if c.counted and c.direction == verdict.direction and carrying[c.unit].nearest_level in _READ]
    return "contradicted" if near else "differs"


def _weaker(verdict: Verdict, units: Units, expect: Expectation, level_holds: bool) -> tuple[Said, ...]:
    weak = []
    if not level_holds:
        wanted = rule_set(verdict.rule_set).level_labels[expect.level or ""]
        weak.append(Said(f"Ordene kræver mindst {wanted.da}.", f"The words need at least {wanted.en}."))
    counted = [c for c in verdict.contributions if c.counted]
    if expect.units is not None and len(counted) < expect.units:
        weak.append(
            Said(
                f"Ordene kræver mindst {expect.units} uafhængige studier; der er {len(counted)}.",
                f"The words need at least {expect.units} independent studies; there are {len(counted)}.",
            )
        )
    by_id = {u.id: u for u in units.all}
    if (
        expect.causal
        and counted
        and all(_only_association([r.finding for r in by_id[c.unit].rows], by_id[c.unit].maryland, by_id[c.unit].is_review) for c in counted)
    ):
        weak.append(Said("Det er en sammenhæng, ikke en målt effekt.", "It is an association, not a measured effect."))
    return tuple(weak)


def _only_association(findings: Sequence[Finding], maryland: int, is_review: bool) -> bool:
    return all(f.estimand == "association" for f in findings) or (
        not is_review and maryland < 3 and all(f.estimand in ("association", "unknown") for f in findings)
    )


def _as_told(query: Query, expect: Expectation, bank: Bank, traced: Sequence[Row]) -> PartResult:
    """What the sources themselves say, finding by finding: the claim reports, so it holds only where they say so."""
    units = evidence_units(bank, traced, query)
    rows = [r for u in units.all for r in u.rows]
    if not rows:
        return PartResult("not-traced", (Said("intet resultat uden for notatet selv", "no finding outside the note itself"),))
    wanted = names(expect.direction)
    told = [(r, _told(r, query, expect)) for r in rows]
    agree = [r for r, d in told if d in wanted]
    other = [(r, d) for r, d in told if d not in wanted]
    carrying, against = tuple(r.address for r in agree), tuple(r.address for r, _ in other)
    said = tuple(_row_said(r, d) for r, d in told[:6])
    if not other:
        weak = _told_weaker(agree, bank, expect)
        return PartResult("overstated" if weak else "supported", (*said, *weak), carrying=carrying)
    if agree or all(d == "mixed" for _, d in other):
        narrower = (
            Said("Kun en del af kilden siger det.", "Only part of the source says so.")
            if agree
            else Said("Kilden selv er blandet.", "The source itself is mixed.")
        )
        return PartResult("overstated", (*said, narrower), carrying=carrying, against=against)
    near = any(r.finding.origin.level in _READ for r, d in other if d != "mixed")
    return PartResult("contradicted" if near else "differs", said, carrying=carrying, against=against)


def _told(row: Row, query: Query, expect: Expectation) -> str:
    direction = oriented(row, query)
    assert direction is not None
    return "none" if row.finding.significant == "no" and direction != "mixed" else direction


def _row_said(row: Row, direction: str) -> Said:
    level = {
        "table": Said("tabel", "table"),
        "text": Said("tekst", "text"),
        "abstract": Said("resumé", "abstract"),
        "secondary": Said("anden tekst", "another text"),
        "seed": Said("notatet", "the note"),
    }[row.finding.origin.level]
    said = DIRECTIONS[direction]
    return Said(f"{row.address}: {said.da} ({level.da}).", f"{row.address}: {said.en} ({level.en}).")


def _told_weaker(rows: Sequence[Row], bank: Bank, expect: Expectation) -> tuple[Said, ...]:
    weak = []
    if expect.causal and all(_only_association([r.finding], bank.maryland(r.study), r.study.kind != "primary") for r in rows):
        weak.append(Said("Kilden viser en sammenhæng, ikke en målt effekt.", "The source shows an association, not a measured effect."))
    if expect.significant and not any(r.finding.significant == "yes" for r in rows):
        weak.append(Said("Kilden kalder det ikke signifikant, hvor vi har læst den.", "Where we have read it, the source does not call it significant."))
    return tuple(weak)


def _groups(wanted: Sequence[str], bank: Bank, traced: Sequence[Row]) -> PartResult:
    """Whom the source is about. A source that only names a wider group neither confirms nor denies; one about others denies."""
    results = [_group(group, bank, traced) for group in wanted]
    worst = min(results, key=lambda r: _ORDER.index(r.status))
    carrying, against = (tuple(a for r in results for a in getattr(r, side)) for side in ("carrying", "against"))
    return PartResult(worst.status, tuple(s for r in results for s in r.reasons), carrying=carrying, against=against)


def _group(group: str, bank: Bank, traced: Sequence[Row]) -> PartResult:
    label = Said(bank.vocabulary.label("target_groups", group, "da"), bank.vocabulary.label("target_groups", group, "en"))
    below, above = bank.vocabulary.under("target_groups", group), set(bank.vocabulary.ancestors("target_groups", group))
    named = [r for r in traced if below & {*r.finding.target_group, *r.finding.subgroup}]
    others = [r for r in traced if not (below | above) & {*r.finding.target_group, *r.finding.subgroup}]
    if named:
        said = Said(f"{named[0].address} handler om {label.da}.", f"{named[0].address} is about {label.en}.")
        return PartResult("supported", (said,), carrying=(named[0].address,))
    if others:
        said = Said(f"Kilden handler om andre end {label.da}.", f"The source is about others than {label.en}.")
        near = any(r.finding.origin.level in _READ for r in others)
        return PartResult("contradicted" if near else "differs", (said,), against=tuple(r.address for r in others))
    return PartResult("not-traced", (Said(f"Ingen læst kilde nævner {label.da}.", f"No source that we have read names {label.en}."),))


def _numbers(wanted: Sequence[Number], traced: Sequence[Row], rows: Sequence[Row]) -> PartResult:
    results = [_number(n, traced, rows) for n in wanted]
    worst = min(results, key=lambda r: _ORDER.index(r.status))
    return PartResult(
        worst.status,
        tuple(s for r in results for s in r.reasons),
        carrying=tuple(a for r in results for a in r.carrying),
        against=tuple(a for r in results for a in r.against),
    )


def _number(wanted: Number, traced: Sequence[Row], rows: Sequence[Row]) -> PartResult:
    printed = [(r, p) for r in traced if (p := _printed(r.finding, wanted)) is not None]
    shown = _span(wanted.value, wanted.low, wanted.high)
    same = [r for r, p in printed if _same(wanted, p)]
    if same:
        said = Said(f"{same[0].address} trykker {shown.da}.", f"{same[0].address} prints {shown.en}.")
        return PartResult("supported", (said,), carrying=tuple(r.address for r in same))
    if not printed:
        return PartResult("not-traced", (Said(f"{shown.da} står kun i notatet.", f"{shown.en} stands only in the note."),))
    other = [r for r, _ in printed]
    values = [_span(p[0] if p[1] is None else None, p[0], p[1]) for _, p in printed[:3]]
    said = Said(
        f"Notatet siger {shown.da}; kilden trykker {', '.join(v.da for v in values)}.",
        f"The note says {shown.en}; the source prints {', '.join(v.en for v in values)}.",
    )
    near = any(r.finding.origin.level in _READ for r in other)
    return PartResult("contradicted" if near else "differs", (said,), against=tuple(r.address for r in other))


def _printed(f: Finding, wanted: Number) -> tuple[float, float | None] | None:
    if wanted.unit is not None and f.unit != wanted.unit:
        return None
    if wanted.field == "effect":
        if f.effect is not None:
            return f.effect, None
        return (f.effect_low, f.effect_high) if f.effect_low is not None else (f.effect_high, None) if f.effect_high is not None else None
    if wanted.field == "n_studies" and f.n_studies == 1:
        return None  # a review's retelling of one study counts nothing
    value: object = f
    for step in wanted.field.split("."):
        value = getattr(value, step, None)
    if not isinstance(value, (int, float)):
        return None
    low = getattr(f.votes, wanted.field.split(".")[1] + "_low", None) if wanted.field.startswith("votes.") and f.votes else None
    return (float(low), float(value)) if low is not None else (float(value), None)


def _same(wanted: Number, printed: tuple[float, float | None]) -> bool:
    low, high = printed
    if wanted.value is not None:
        return high is None and agrees(wanted.value, abs(low) if wanted.value >= 0 else low, digits_of(wanted.value))
    assert wanted.low is not None
    if wanted.high is None or high is None:
        return False
    pair = sorted((abs(low), abs(high))) if wanted.low >= 0 else [low, high]
    return agrees(wanted.low, pair[0], digits_of(wanted.low)) and agrees(wanted.high, pair[1], digits_of(wanted.high))


def _span(value: float | None, low: float | None, high: float | None) -> Said:
    if value is not None:
        return Said(number(value, "da"), number(value, "en"))
    if low is not None and high is not None:
        return Said(f"{number(low, 'da')}-{number(high, 'da')}", f"{number(low, 'en')}-{number(high, 'en')}")
    one = low if low is not None else high
    return Said(number(one, "da"), number(one, "en")) if one is not None else Said("?", "?")
