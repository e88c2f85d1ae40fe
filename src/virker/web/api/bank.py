"""The bank over HTTP: studies, findings, trials."""

from __future__ import annotations

from datetime import date
from typing import Literal

from virker.bank import Finding, Row, Study
from virker.bank.records import Correction, StudyKind, Trial
from virker.bank.references import short_name
from virker.language import Said
from virker.web.api.endpoint import Api, Call, Endpoint, Page, paged
from virker.web.asked import query_parameters, read_asked
from virker.web.parameters import FIRST_YEAR, LAST_YEAR, Fault, Parameter, Refused, integer, nearest_said, short, word, words
from virker.web.site import Site


class StudyLine(Api, frozen=True, kw_only=True):
    """A study in a list."""

    id: str
    name: str
    kind: StudyKind
    design: str
    maryland: int
    title: str | None
    authors: list[str]
    year: int | None
    doi: str | None
    countries: list[str]
    trial: str | None
    findings: int
    withdrawn: date | None


class StudyAnswer(Api, frozen=True, kw_only=True):
    """A study as its file tells it, and what the bank says of it."""

    name: str
    maryland: int
    quality: Literal["assessed", "derived from the design"]
    study: Study
    same_trial: list[str]
    earlier_versions: list[str]
    corrections: list[Correction]
    reading_notes: str


class FindingAnswer(Api, frozen=True, kw_only=True):
    """A finding with its address and the study it belongs to."""

    address: str
    study: str
    name: str
    year: int | None
    countries: list[str]
    design: str
    maryland: int
    finding: Finding


class TrialAnswer(Api, frozen=True, kw_only=True):
    """A trial and the studies that report on it: together they are one piece of evidence."""

    trial: Trial
    studies: list[str]


def finding_answer(site: Site, row: Row) -> FindingAnswer:
    """A finding as data."""
    study, bank = row.study, site.edition.bank
    return FindingAnswer(
        address=row.address,
        study=study.id,
        name=short_name(study),
        year=study.year,
        countries=list(row.countries),
        design=study.design,
        maryland=bank.maryland(study),
        finding=row.finding,
    )


def not_found(what: Said, id: str, known: list[str]) -> Refused:
    """There is none of that name."""
    told = Said(f"der er {what.da} »{short(id)}«", f"there is {what.en} '{short(id)}'")
    return Refused([Fault("", told, nearest_said(id[:200], known))], 404)


def _study_parameters(site: Site) -> tuple[Parameter, ...]:
    mine = {"intervention", "target_group", "outcome", "country", "design", "study_kind"}
    return (
        words("q", Said("ord i titel, forfattere eller id", "words in the title, the authors or the id")),
        *(p for p in query_parameters(site.edition.bank) if p.name in mine),
        word("trial", Said("forsøg", "trial"), site.edition.bank.trials, many=True, listed=False),
        integer("year_from", Said("udgivet fra og med år", "published from this year on"), FIRST_YEAR, LAST_YEAR),
        integer("year_to", Said("udgivet til og med år", "published up to this year"), FIRST_YEAR, LAST_YEAR),
    )


def _studies(call: Call) -> Page:
    bank, asked = call.site.edition.bank, dict(call.values)
    text, found = str(asked.get("q", "")).casefold().split(), list(bank.studies.values())
    if any(asked.get(k) for k in ("intervention", "target_group", "outcome")):
        wanted = read_asked(call.site, [p for p in call.pairs if p[0] in ("intervention", "target_group", "outcome")])
        ids = {r.study.id for r in bank.select(wanted.query)}
        found = [s for s in found if s.id in ids]
    for field, name in (("design", "design"), ("study_kind", "kind"), ("trial", "trial")):
        if words_of := asked.get(field):
            found = [s for s in found if getattr(s, name) in words_of]
    if countries := asked.get("country"):
        found = [s for s in found if set(countries) & {*s.countries, *(f.country for f in s.finding)}]
    low, high = asked.get("year_from", FIRST_YEAR), asked.get("year_to", LAST_YEAR)
    if "year_from" in asked or "year_to" in asked:
        found = [s for s in found if s.year is not None and low <= s.year <= high]
    if text:
        found = [s for s in found if all(t in f"{s.id} {s.title or ''} {' '.join(s.authors)}".casefold() for t in text)]
    return paged(call, found, lambda s: _line(call.site, s))


def _line(site: Site, s: Study) -> StudyLine:
    return StudyLine(
        id=s.id,
        name=short_name(s),
        kind=s.kind,
        design=s.design,
        maryland=site.edition.bank.maryland(s),
        title=s.title,
        authors=list(s.authors),
        year=s.year,
        doi=s.doi,
        countries=list(s.countries),
        trial=s.trial,
        findings=len(s.finding),
        withdrawn=s.withdrawn,
    )


def _study(call: Call) -> StudyAnswer:
    bank, id = call.site.edition.bank, call.path["id"]
    if id not in bank.studies:
        raise not_found(Said("intet studie", "no study"), id, list(bank.studies))
    s = bank.studies[id]
    return StudyAnswer(
        name=short_name(s),
        maryland=bank.maryland(s),
        quality="assessed" if s.assessment else "derived from the design",
        study=s,
        same_trial=[o.id for o in bank.studies.values() if s.trial and o.trial == s.trial and o.id != s.id],
        earlier_versions=[o.id for o in bank.studies.values() if o.version_of == s.id],
        corrections=[c for c in bank.corrections if c.study == s.id],
        reading_notes=bank.reading_notes.get(s.id, ""),
    )


def _findings(call: Call) -> Page:
    asked = read_asked(call.site, [p for p in call.pairs if p[0] not in ("limit", "offset")])
    return paged(call, call.site.edition.bank.select(asked.query), lambda row: finding_answer(call.site, row))


def _finding(call: Call) -> FindingAnswer:
    bank, address = call.site.edition.bank, f"{call.path['study']}#{call.path['number']}"
    row = bank.finding(address)
    if row is None:
        known = [f"{call.path['study']}#{f.id}" for f in bank.studies[call.path["study"]].finding] if call.path["study"] in bank.studies else list(bank.studies)
        raise not_found(Said("intet resultat", "no finding"), address, known)
    return finding_answer(call.site, row)


def _trials(call: Call) -> Page:
    return paged(call, list(call.site.edition.bank.trials.values()), lambda t: _trial_answer(call.site, t))


def _trial(call: Call) -> TrialAnswer:
    trials, id = call.site.edition.bank.trials, call.path["id"]
    if id not in trials:
        raise not_found(Said("intet forsøg", "no trial"), id, list(trials))
    return _trial_answer(call.site, trials[id])


def _trial_answer(site: Site, trial: Trial) -> TrialAnswer:
    return TrialAnswer(trial=trial, studies=[s.id for s in site.edition.bank.studies.values() if s.trial == trial.id])


_ID = {"id": ("The id, as in the list.", "pedersen-2012")}
ENDPOINTS = (
    Endpoint("/studies", "Studies", _studies, StudyLine, _study_parameters, paged=True, more="In the order of the files."),
    Endpoint("/studies/{id}", "One study with its findings", _study, StudyAnswer, parts=_ID),
    Endpoint(
        "/findings",
        "Findings that a query selects",
        _findings,
        FindingAnswer,
        lambda site: query_parameters(site.edition.bank),
        paged=True,
        more="Without parameters: every effect on the treated person. Withdrawn and superseded findings never answer.",
    ),
    Endpoint("/findings/{study}/{number}", "One finding", _finding, FindingAnswer, parts={"study": ("The study's id.", "pedersen-2012"), "number": ("The finding's number.", "1")}),
    Endpoint("/trials", "Trials and the studies on them", _trials, TrialAnswer, paged=True),
    Endpoint("/trials/{id}", "One trial", _trial, TrialAnswer, parts={"id": ("The id, as in the list.", "hurtigt-i-gang-2")}),
)  # fmt: skip
