"""The edition as it was: the bank of an earlier day, or with the literature up to a year, judged by the rule sets and the words of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from virker.claims.check import check_claims
from virker.claims.edition import Edition
from virker.web.site import Site


def edition_then(edition: Edition, as_of: date | int) -> Edition:
    """The claims against the bank as it stood on a day, or against the literature up to a year; notes and cards are those of today."""
    year = isinstance(as_of, int)
    day = date(as_of, 12, 31) if isinstance(as_of, int) else as_of
    bank = edition.bank.literature_of(day.year) if year else edition.bank.as_of(day)
    checks = check_claims(edition.book.claims, bank, edition.rules, edition.workspace.settings.rule_set, edition.book.attestations, day)
    return replace(edition, bank=bank, checks=checks, as_of=as_of, note_problems=())


def years_of(site: Site) -> tuple[int, ...]:
    """Every fifth year from 2000, and the last years of the literature."""
    years = [s.year for s in site.edition.bank.studies.values() if s.year is not None]
    if not years:
        return ()
    last = max(years)
    return tuple(sorted({*range(2000, last, 5), last - 2, last - 1, last}))


def editions(site: Site) -> Mapping[int, Edition]:
    """The edition of each of these years; worked out once."""
    known: dict[int, Edition] | None = site.memo.get("earlier editions")
    if known is None:
        known = site.memo["earlier editions"] = {year: edition_then(site.edition, year) for year in years_of(site)}
    return known
