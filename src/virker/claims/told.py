"""A part that reports: it holds only where its sources themselves say so, finding by finding."""

from __future__ import annotations

from collections.abc import Sequence

from virker.bank import Bank, Query, Row, names
from virker.claims.records import Expectation
from virker.claims.result import READ, PartResult, only_association
from virker.language import DIRECTIONS, Said
from virker.synthesis import evidence_units, oriented

#: Where a finding was read, in a word.
READ_IN: dict[str, Said] = {
    "table": Said("tabel", "table"),
    "text": Said("tekst", "text"),
    "abstract": Said("resumé", "abstract"),
    "secondary": Said("anden tekst", "another text"),
    "seed": Said("notatet", "the note"),
}


def as_told(query: Query, expect: Expectation, bank: Bank, traced: Sequence[Row]) -> PartResult:
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
    near = any(r.finding.origin.level in READ for r, d in other if d != "mixed")
    return PartResult("contradicted" if near else "differs", said, carrying=carrying, against=against)


def _told(row: Row, query: Query, expect: Expectation) -> str:
    direction = oriented(row, query)
    assert direction is not None
    return "none" if row.finding.significant == "no" and direction != "mixed" else direction


def _row_said(row: Row, direction: str) -> Said:
    level = READ_IN[row.finding.origin.level]
    said = DIRECTIONS[direction]
    return Said(f"{row.address}: {said.da} ({level.da}).", f"{row.address}: {said.en} ({level.en}).")


def _told_weaker(rows: Sequence[Row], bank: Bank, expect: Expectation) -> tuple[Said, ...]:
    weak = []
    if expect.causal and all(only_association([r.finding], bank.maryland(r.study), r.study.kind != "primary") for r in rows):
        weak.append(Said("Kilden viser en sammenhæng, ikke en målt effekt.", "The source shows an association, not a measured effect."))
    if expect.significant and not any(r.finding.significant == "yes" for r in rows):
        weak.append(Said("Kilden kalder det ikke signifikant, hvor vi har læst den.", "Where we have read it, the source does not call it significant."))
    return tuple(weak)
