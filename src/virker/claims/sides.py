"""Which way a finding points under a claim: a study of more of a measure answers a question about less with its sign turned."""

from __future__ import annotations

from virker.bank import Query, Row
from virker.claims.check import Check
from virker.language import DIRECTIONS, Said
from virker.synthesis import is_turned, oriented


def queries_of(check: Check) -> dict[str, Query]:
    """For each finding under a claim, by address, the query that asks for it: of the part that it decides, else of the first that shows it."""
    parts = [(p.select, r) for p, r in zip(check.claim.parts, check.parts, strict=False) if p.select is not None]
    found: dict[str, Query] = {}
    for query, result in parts:
        for address in (*result.carrying, *result.against):
            found.setdefault(address, query)
    for query, result in parts:
        for row in result.rows:
            found.setdefault(row.address, query)
    return found


def direction_under(row: Row, query: Query | None) -> str | None:
    """The direction as the question sees it; the study's own where the question sees none."""
    return (oriented(row, query) if query else None) or row.finding.direction


def turned_said(row: Row, query: Query | None) -> Said | None:
    """``the study measured more: negative``; None where question and study look the same way."""
    own = row.finding.direction
    if query is None or own is None or not is_turned(row, query):
        return None
    measured = Said("studiet målte mindre", "the study measured less")
    if row.finding.contrast != "less":
        measured = Said("studiet målte mere", "the study measured more")
    return Said(f"{measured.da}: {DIRECTIONS[own].da}", f"{measured.en}: {DIRECTIONS[own].en}")
