"""What must be true of a bank before anything is said on its strength."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from virker.bank.bank import Bank
from virker.bank.records import Finding, Study
from virker.bank.source import finding_line, study_line
from virker.errors import Problem, nearest
from virker.vocabulary import Kind

Texts = Mapping[str, tuple[str, str]]

#: Units whose value for "no difference" is one, not zero.
RATIOS = frozenset({"ratio", "hazard-ratio", "risk-ratio", "odds-ratio"})
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def validate(bank: Bank, texts: Texts) -> list[Problem]:
    """Every problem in ``bank``; ``texts`` gives each study's file name and text, for line numbers.

    Checked are: ids, terms, references between studies, dates of withdrawal, intervals that exclude their effect, counts
    that do not add up, and fields that only make sense together.
    """
    problems: list[Problem] = []
    for study in bank.studies.values():
        shown, text = texts.get(study.id, (study.id, ""))
        for field, what, todo in _study_problems(bank, study):
            problems.append(Problem(shown, study_line(text, field), what, todo))
        for number, field, what, todo in finding_problems(bank, study):
            problems.append(Problem(shown, finding_line(text, number, field), f"finding {number}: {what}", todo))
    problems += _correction_problems(bank)
    return problems


def _study_problems(bank: Bank, study: Study) -> Iterator[tuple[str, str, str]]:
    if not _ID.fullmatch(study.id):
        yield "id", f"'{study.id}' is no id", "use lower-case letters, digits and hyphens (ASCII)"
    yield from _unknown(bank, "designs", "design", [study.design])
    yield from _unknown(bank, "countries", "countries", study.countries)
    for field in ("version_of", "superseded_by", "known_only_via"):
        other = getattr(study, field)
        if other is not None and other not in bank.studies:
            yield field, f"{field} names the unknown study '{other}'", nearest(other, bank.studies)
    for field in ("includes", "includes_inferred"):
        for other in getattr(study, field):
            if other not in bank.studies:
                yield field, f"{field} names the unknown study '{other}'", f"{nearest(other, bank.studies)} A study known only by name gets a file of its own"
    if study.trial is not None and study.trial not in bank.trials:
        yield "trial", f"the trial '{study.trial}' is not in bank/trials", nearest(study.trial, bank.trials)
    if study.id in (study.version_of, study.superseded_by):
        yield "version_of", "a study cannot be a version of itself", "name the version that counts"
    if study.doi is not None and not _DOI.fullmatch(study.doi):
        yield "doi", f"'{study.doi}' is no DOI", "write it as 10.…/…, without an address"
    missing = [name for name, there in (("findings", study.finding), ("year", study.year), ("authors", study.authors)) if not there]
    if missing and not study.incomplete_because:
        yield "id", f"the study has no {', no '.join(missing)}", "add what is missing, or say why in incomplete_because"
    if (study.withdrawn is None) != (study.withdrawn_because is None):
        yield "withdrawn", "a withdrawal needs both its date and its reason", 'write withdrawn = DATE and withdrawn_because = "…"'
    if study.kind == "primary" and (study.includes or study.includes_inferred):
        yield "includes", "a primary study cannot include other studies", "is it a review?"


def finding_problems(bank: Bank, study: Study) -> Iterator[tuple[int, str, str, str]]:
    """``(id, field, what, todo)`` for everything wrong with the study's findings; a form is held against the same."""
    numbers: set[int] = set()
    known = {f.id for f in study.finding}
    for f in study.finding:
        if f.id in numbers:
            yield f.id, "id", f"the id {f.id} is used twice", f"give it a new number: {max(known) + 1} is free"
        numbers.add(f.id)
        for field, what, todo in (*_terms(bank, f), *_numbers(f), *_links(bank, study, f, known)):
            yield f.id, field, what, todo


def _terms(bank: Bank, f: Finding) -> Iterator[tuple[str, str, str]]:
    v = bank.vocabulary
    if f.intervention not in v["interventions"]:
        yield from _unknown(bank, "interventions", "intervention", [f.intervention])
    if f.outcome not in v["outcomes"]:
        yield from _unknown(bank, "outcomes", "outcome", [f.outcome])
    yield from _unknown(bank, "target_groups", "target_group", f.target_group)
    if f.also:
        yield from _unknown(bank, "interventions", "also", f.also)
    if f.components:
        yield from _unknown(bank, "interventions", "components", f.components)
    if f.subgroup:
        yield from _unknown(bank, "target_groups", "subgroup", f.subgroup)
    if f.mechanism:
        yield from _unknown(bank, "mechanisms", "mechanism", f.mechanism)
    if f.country is not None:
        yield from _unknown(bank, "countries", "country", [f.country])
    if f.kind == "effect" and not f.target_group:
        yield "target_group", "nobody is named whom the effect is on", "name at least one target group"
    if f.kind == "effect" and f.direction is None and f.n_studies is None:
        yield "direction", "an effect without a direction", 'write direction = "positive", "none", "negative" or "mixed"'
    if f.intervention == "combined-programme" and not f.components:
        yield "components", "a combined programme without its parts", "list them in components"


def _numbers(f: Finding) -> Iterator[tuple[str, str, str]]:
    if f.ci_low is not None and f.ci_high is not None:
        if f.ci_low > f.ci_high:
            yield "ci_low", f"the interval is upside down ({f.ci_low:g} to {f.ci_high:g})", "ci_low is the lower bound"
        elif f.effect is not None and not f.ci_low <= f.effect <= f.ci_high:
            yield "effect", f"the interval {f.ci_low:g} to {f.ci_high:g} excludes its effect {f.effect:g}", "read the source again: one of the three is wrong"
    if f.effect_low is not None and f.effect_high is not None and f.effect_low > f.effect_high:
        yield "effect_low", f"effect_low {f.effect_low:g} is above effect_high {f.effect_high:g}", "turn them round"
    if f.se is not None and f.se < 0:
        yield "se", f"a standard error cannot be {f.se:g}", "read the source again"
    for field in ("p", "p_max"):
        value = getattr(f, field)
        if value is not None and not 0 <= value <= 1:
            yield field, f"a p-value cannot be {value:g}", "read the source again"
    if f.significant == "yes" and f.p is not None and f.p > 0.1:
        yield "significant", f"called significant with p = {f.p:g}", "one of the two is wrong"
    if f.unit in RATIOS and any(v is not None and v < 0 for v in (f.effect, f.effect_low, f.effect_high)):
        yield "effect", f"a {f.unit} cannot be negative", "is it the log, or another unit?"
    if f.unit == "direction-only" and f.effect is not None:
        yield "unit", "a number without its unit", "say what the effect is measured in"
    if f.horizon_from is not None and f.horizon_to is not None and f.horizon_from > f.horizon_to:
        yield "horizon_from", "the horizon ends before it begins", "turn the two round"
    if f.votes is not None and f.n_studies is not None:
        counts = [c for c in (f.votes.positive, f.votes.none, f.votes.negative) if c is not None]
        ranged = f.votes.positive_low is not None or f.votes.none_low is not None
        if sum(counts) > f.n_studies and not ranged:
            yield "votes", f"{sum(counts)} votes among {f.n_studies} studies", "count again; ranges go in positive_low and none_low"


def _links(bank: Bank, study: Study, f: Finding, known: set[int]) -> Iterator[tuple[str, str, str]]:
    for field in ("sensitivity_of", "superseded_by"):
        other = getattr(f, field)
        if other is not None and (other not in known or other == f.id):
            yield field, f"{field} names finding {other}, which is not another finding of {study.id}", "name the id of the finding that counts"
    if f.restates is not None and f.restates.split("#")[0] not in bank.studies:
        yield "restates", f"restates names the unknown study '{f.restates}'", nearest(f.restates.split("#")[0], bank.studies)
    if (f.withdrawn is None) != (f.withdrawn_because is None):
        yield "withdrawn", "a withdrawal needs both its date and its reason", 'write withdrawn = DATE and withdrawn_because = "…"'


def _unknown(bank: Bank, kind: Kind, field: str, words: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    terms = bank.vocabulary[kind]
    for word in words:
        if word not in terms:
            yield field, f"'{word}' is no term for {field.replace('_', ' ')}", bank.vocabulary.hint(kind, word)


def _correction_problems(bank: Bank) -> Iterator[Problem]:
    seen: set[str] = set()
    for c in bank.corrections:
        shown = f"bank/corrections/{c.study}.toml"
        if c.id in seen:
            yield Problem(shown, 0, f"the correction id '{c.id}' is used twice", "give one of them another id")
        seen.add(c.id)
        if c.study not in bank.studies:
            yield Problem(shown, 0, f"{c.id} names the unknown study '{c.study}'", nearest(c.study, bank.studies))
        for address in c.findings:
            if bank.finding(address) is None:
                yield Problem(shown, 0, f"{c.id} names the unknown finding '{address}'", "an address is study#number")
