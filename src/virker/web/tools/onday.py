"""A scheme of the law on a day, in three parts as the page shows it: what goes, what is only said, and what has no value that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from virker.errors import ContentError
from virker.language import Said
from virker.practice.cases import CaseResult, run_cases
from virker.rules.cases import Case, load_cases
from virker.rules.onday import Entry, SchemeOnDay
from virker.rules.records import Parameter
from virker.rules.told import days_said, status_said, value_said
from virker.web.site import Site


@dataclass(frozen=True, slots=True)
class Value:
    """A value in words: what it is, its days, where it stands, and where it was read."""

    said: Said
    days: Said
    status: Said
    loose: bool
    reference: Said
    source: Said


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter on the day: its value where it has one, what is said beside it, and its values of other days."""

    name: str
    label: Said
    value: Value | None
    beside: tuple[Value, ...]
    earlier: tuple[Value, ...]
    later: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows of a scheme by where they stand on the day."""

    goes: tuple[Row, ...]
    loose: tuple[Row, ...]
    none: tuple[Row, ...]


def parts(view: SchemeOnDay) -> Parts:
    """The scheme's parameters in the three parts."""
    goes = tuple(_row(e, view) for e in view.entries if e.goes)
    loose = tuple(_row(e, view) for e in view.entries if not e.goes and e.beside)
    return Parts(goes, loose, tuple(_row(e, view) for e in view.entries if not e.goes and not e.beside))


def _row(entry: Entry, view: SchemeOnDay) -> Row:
    shown = entry.goes or (entry.beside[0] if entry.beside else (entry.earlier or entry.later)[-1])
    value = _value(shown, view) if shown.holds_on(view.day) else None
    beside = tuple(_value(p, view) for p in entry.beside if p is not shown)
    return Row(entry.name, Said(shown.da, shown.en), value, beside, *(tuple(_value(p, view) for p in some) for some in (entry.earlier, entry.later)))


def _value(parameter: Parameter, view: SchemeOnDay) -> Value:
    scheme = view.scheme
    loose = parameter.status in ("unverified", "proposed")
    return Value(
        value_said(parameter, scheme),
        days_said(parameter),
        status_said(parameter, view.day),
        loose,
        scheme.said(parameter.reference),
        scheme.said(parameter.source),
    )


def cases_of(site: Site, scheme: str) -> list[CaseResult]:
    """The cases that test the scheme, each run against the law as it stands; none where the workspace has no cases that can be read."""
    return [r for r in _results(site) if r.scheme == scheme]


def _results(site: Site) -> list[CaseResult]:
    if "law cases" not in site.memo:
        edition = site.edition
        try:
            book: dict[str, tuple[Case, ...]] = load_cases(edition.workspace.rules / "cases", edition.rules, edition.workspace.root)
        except ContentError:
            book = {}
        site.memo["law cases"] = run_cases(book, edition.rules)
    found: list[CaseResult] = site.memo["law cases"]
    return found


def calculators_of(scheme: str) -> Iterator[str]:
    """The calculators that reckon by a scheme."""
    from virker.web.tools.registry import TOOLS

    return (t.id for t in TOOLS.values() if scheme in t.schemes)
