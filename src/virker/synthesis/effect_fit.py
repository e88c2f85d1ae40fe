"""Whether a finding speaks for a measure and a group at all: every reason why it does not, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from virker.bank import Bank, Query, Row
from virker.bank.records import Contrast, Finding
from virker.language import Said
from virker.synthesis.units import SetAside
from virker.synthesis.usable import usable


@dataclass(frozen=True, slots=True)
class Asked:
    """The question: a measure turned one way, a group (the people to whom all the terms apply), and a declared roll-out."""

    intervention: str
    contrast: Contrast
    group: tuple[str, ...]
    saturation: str | None = None

    @property
    def query(self) -> Query:
        """The same as a query; it selects nothing here but says which way the question turns the measure."""
        return Query(intervention=self.intervention, contrast=self.contrast)


def is_turned(f: Finding, asked: Asked) -> bool:
    """Whether the source turned the measure the other way."""
    return (f.contrast == "less") != (asked.contrast == "less")


def unfit(bank: Bank, row: Row, asked: Asked) -> tuple[Said, ...]:
    """Every reason why the finding does not speak for the measure and the group; empty where it does."""
    return tuple((*_gone(row), *_other_measure(bank, row, asked), *_no_effect_on_the_treated(row, asked), *_other_people(bank, row, asked)))


def _gone(row: Row) -> Iterator[Said]:
    f, s = row.finding, row.study
    if f.withdrawn or s.withdrawn:
        yield Said("trukket tilbage", "withdrawn")
    if f.superseded_by is not None:
        yield Said(f"afløst af resultat {f.superseded_by}", f"replaced by finding {f.superseded_by}")
    if s.superseded_by is not None:
        yield Said(f"studiet er afløst af {s.superseded_by}", f"the study is replaced by {s.superseded_by}")


def _other_measure(bank: Bank, row: Row, asked: Asked) -> Iterator[Said]:
    f, wanted = row.finding, asked.intervention
    if f.components:
        yield Said(
            "et samlet forløb af flere indsatser, hvis virkning ikke kan deles ud på delene",
            "a bundle of several measures, whose effect cannot be shared out among its parts",
        )
    elif wanted not in (f.intervention, *f.also):
        below = any(wanted in bank.vocabulary.ancestors("interventions", t) for t in (f.intervention, *f.also))
        of = Said(*(f"»{bank.vocabulary.label('interventions', f.intervention, 'da')}«", f"“{bank.vocabulary.label('interventions', f.intervention, 'en')}”"))
        yield (Said("handler kun om en af indsatsens former: ", "is about one form of the measure only: ") if below else Said("handler om en anden indsats: ", "is about another measure: ")) + of  # fmt: skip


def _no_effect_on_the_treated(row: Row, asked: Asked) -> Iterator[Said]:
    f, aside = row.finding, list[SetAside]()
    if not usable(row, asked.query, False, aside):
        yield aside[0].why
    if f.scope != "individual":
        yield Said("måler markedet eller de offentlige kasser, ikke deltageren", "measures the market or public budgets, not the participant")
    if f.spillover:
        yield Said("måler andre end deltagerne", "measures others than the participants")
    if f.estimand == "association":
        yield Said("en sammenhæng, ikke en effekt", "an association, not an effect")
    if asked.saturation and f.saturation and f.saturation != asked.saturation:
        yield Said(f"fundet ved en anden udbredelse ({SATURATIONS[f.saturation].da})", f"found at another roll-out ({SATURATIONS[f.saturation].en})")


def _other_people(bank: Bank, row: Row, asked: Asked) -> Iterator[Said]:
    narrower = beyond(bank, (*row.finding.target_group, *row.finding.subgroup), asked.group)
    if not row.finding.target_group:
        yield Said("kilden siger ikke, hvem det gælder", "the source does not say whom it is about")
    elif narrower:
        label = bank.vocabulary.label
        yield Said(
            f"gælder kun en del af gruppen eller en anden gruppe: {', '.join(label('target_groups', t, 'da') for t in narrower)}",
            f"is only about a part of the group, or about another group: {', '.join(label('target_groups', t, 'en') for t in narrower)}",
        )


def beyond(bank: Bank, population: Sequence[str], group: Sequence[str]) -> tuple[str, ...]:
    """The terms that limit the population and do not hold for the whole group; a population without them covers the group."""
    holds = {above for term in group for above in bank.vocabulary.ancestors("target_groups", term)} | {"anyone"}
    return tuple(dict.fromkeys(t for t in population if t not in holds))


def is_wider(bank: Bank, f: Finding, group: Sequence[str]) -> bool:
    """Whether the population, which covers the group, holds others too: some term of the group does not limit it."""
    implied = {above for term in group for above in bank.vocabulary.ancestors("target_groups", term)[1:]}
    return not set(group) - implied <= {*f.target_group, *f.subgroup}


SATURATIONS: dict[str, Said] = {
    "low": Said("få får indsatsen", "few get the measure"),
    "half": Said("omkring halvdelen får indsatsen", "about half get the measure"),
    "above-half": Said("halvdelen eller flere får indsatsen", "half or more get the measure"),
    "near-full": Said("næsten alle får indsatsen", "nearly all get the measure"),
}
