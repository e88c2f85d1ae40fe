"""Which of a question's numbers may stand in a cell at all, as what, and every reason why the others may not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from virker.bank import Bank, Query, Row, names
from virker.language import Said, joined
from virker.synthesis import effect_fit, effect_told
from virker.synthesis.pooled_effect import Refused
from virker.synthesis.pooled_numbers import CellKey, Number, number_of
from virker.synthesis.units import SetAside
from virker.synthesis.usable import NO_EFFECT_STUDY, root_of


def numbers_of(bank: Bank, query: Query) -> tuple[tuple[Number, ...], tuple[Number, ...], tuple[Refused, ...]]:
    """The numbers of single studies, those of reviews, and those that may stand nowhere."""
    refused: list[Refused] = []
    found: list[Number] = []
    for row in bank.select(query):
        number = number_of(row, bank.standing(row.study.id).root, bank.maryland(row.study), turned(row, query))
        if number is None:
            continue
        reasons = (*unfit(row, query), *((number,) if isinstance(number, Said) else ()))
        if reasons:
            refused.append(Refused(row.address, joined(reasons, "; ")))
        elif isinstance(number, Number):
            found.append(_described(bank, query, number))
    kept, reviews = _one_voice(bank, found, refused)
    return kept, reviews, tuple(refused)


def turned(row: Row, query: Query) -> bool:
    """Whether the source turned the measure the other way than the question does. A bundle that is asked for as such is as its parts were turned."""
    f = row.finding
    return (f.contrast == "less") != (query.contrast == "less") and not (query.combined and f.components)


def unfit(row: Row, query: Query) -> Iterator[Said]:
    """Every reason why the number is no effect that can be weighed with others."""
    f = row.finding
    if f.origin.level == "seed":
        yield Said("kun notatet selv siger det", "only the note itself says so")
    if f.kind == "rejected":
        yield Said("et skøn, som kilden selv forkaster", "an estimate that its source itself rejects")
    elif f.kind != "effect":
        yield Said("ikke en effekt", "not an effect")
    if f.contrast == "unknown":
        yield Said("det fremgår ikke, hvilken vej indsatsen blev skruet", "the text does not tell which way the measure was turned")
    if row.study.design in NO_EFFECT_STUDY and not f.restates:
        yield Said("ikke et effektstudie", "not an effect study")
    if f.estimand == "association":
        yield Said("en sammenhæng, ikke en effekt", "an association, not an effect")
    if f.spillover and not query.spillover:
        yield Said("måler andre end deltagerne", "measures others than the participants")
    if f.sensitivity_of is not None:
        yield Said(
            f"robusthedstjek af resultat {f.sensitivity_of} på de samme personer", f"a robustness check of finding {f.sensitivity_of} on the same people"
        )


def _described(bank: Bank, query: Query, n: Number) -> Number:
    """The number with what only the whole bank tells: whether it is on the measure itself, on a narrower group, and what a reader must be told."""
    f, wanted, groups = n.row.finding, names(query.intervention), names(query.target_group)
    via = bool(wanted) and not any(w in bank.vocabulary.ancestors("interventions", f.intervention) for w in wanted)
    people = (*f.target_group, *f.subgroup)
    elsewhere = bool(groups) and all(effect_fit.beyond(bank, people, (g,)) for g in groups)
    asked = effect_fit.Asked(wanted[0] if wanted else f.intervention, query.contrast, groups)
    told = tuple(effect_told.marks(bank, n.row, n.measure.kind, n.turned, False, via, asked))
    if f.components:
        told = (*told, Said("et samlet forløb af flere indsatser", "a bundle of several measures"))
    return replace(n, via=via, off_group=elsewhere, marks=told)


def _one_voice(bank: Bank, numbers: list[Number], refused: list[Refused]) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """Single studies and reviews apart, without what only repeats another number of the same cell: earlier versions and retellings."""
    alike: dict[CellKey, list[Number]] = defaultdict(list)
    for n in numbers:
        alike[n.key].append(n)
    kept: list[Number] = []
    reviews: list[Number] = []
    for same in alike.values():
        present = {n.row.study.id for n in same}
        for n in same:
            aside: list[SetAside] = []
            unit = root_of(bank, n.row, present, aside)
            if unit is None:
                refused.append(Refused(n.row.address, aside[0].why))
            elif is_mean_of_review(n.row):
                reviews.append(n)
            else:
                kept.append(n if unit == n.unit else replace(n, unit=unit))
    return tuple(kept), tuple(reviews)


def is_mean_of_review(row: Row) -> bool:
    """Whether a review speaks for many studies here, and not for the one that it retells."""
    return row.study.kind != "primary" and not row.finding.restates and row.finding.n_studies != 1
