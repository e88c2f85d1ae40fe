"""What a review covers, how far its list has been read, and how much it shares with other reviews."""

from __future__ import annotations

from dataclasses import dataclass

from virker.bank import Bank, Study
from virker.language import Said, counted, number
from virker.synthesis.overlap import Overlap, band, overlap, reviews_of
from virker.web.site import Site

_STUDIES = (Said("studie", "study"), Said("studier", "studies"))


@dataclass(frozen=True, slots=True)
class Shared:
    """Another review that rests on some of the same studies."""

    review: str
    studies: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class Covered:
    """What a review covers.

    ``read`` names studies that stand in the part of the review that was read, ``inferred`` those that a coder took to be in it; ``list``
    says how complete that is.
    """

    read: tuple[str, ...]
    inferred: tuple[str, ...]
    list: Said
    shared: tuple[Shared, ...]
    overall: Said


def covered(site: Site, review: Study) -> Covered:
    """What the bank knows of a review's studies."""
    matrix = _matrix(site)
    return Covered(review.includes, review.includes_inferred, _list_said(review), _shared(matrix, site.edition.bank, review), _overall(matrix))


def _matrix(site: Site) -> Overlap:
    known: Overlap | None = site.memo.get("overlap")
    if known is None:
        known = site.memo["overlap"] = overlap(site.edition.bank, reviews_of(site.edition.bank))
    return known


def _list_said(review: Study) -> Said:
    if review.includes_complete:
        return Said("Listen over dens studier er læst til ende.", "Its list of studies has been read to the end.")
    if review.includes or review.includes_inferred:
        return Said(
            "Listen er ikke læst til ende, så den dækker sandsynligvis flere, end der står her.",
            "The list has not been read to its end, so it probably covers more than is shown here.",
        )
    return Said(
        "Hvilke studier den bygger på, er ikke læst. Den kan derfor tælle nogle af de studier, der også står for sig selv i banken.",
        "Which studies it rests on has not been read. So it may count some of the studies that also stand by themselves in the bank.",
    )


def _shared(matrix: Overlap, bank: Bank, review: Study) -> tuple[Shared, ...]:
    column = bank.root_of(review)
    found = []
    for one, other, cca in matrix.pairs:
        if column in (one, other):
            that = other if one == column else one
            both = matrix.shared(column, that)
            found.append(Shared(that, both, _pair_said(len(both), cca)))
    return tuple(found)


def _pair_said(both: int, cca: float) -> Said:
    amount, name = counted(both, *_STUDIES), band(cca)
    return Said(
        f"{amount.da} fælles, {name.da} (korrigeret dækning, CCA: {number(round(100 * cca, 1), 'da')} %)",
        f"{amount.en} shared, {name.en} (corrected covered area, CCA: {number(round(100 * cca, 1), 'en')}%)",
    )


def _overall(matrix: Overlap) -> Said:
    """The overlap of all reviews, in words, with how little of them has been read."""
    known, unread = len(matrix.reviews), len(matrix.unread)
    if matrix.cca is None:
        return Said(
            "Overlap kan ikke regnes: det kræver to gennemgange med kendte studier.", "Overlap cannot be computed: it takes two reviews with known studies."
        )
    name = band(matrix.cca)
    return Said(
        f"I hele banken har {known} gennemgange og rapporter kendte studier; deres overlap er samlet {name.da} (CCA {number(round(100 * matrix.cca, 1), 'da')} %, Pieper m.fl. 2014). For {unread} er intet studie kendt, så det sande overlap kan være større.",
        f"In the whole bank {known} reviews and reports have known studies; together their overlap is {name.en} (CCA {number(round(100 * matrix.cca, 1), 'en')}%, Pieper et al. 2014). Of {unread} no study is known, so the true overlap may be larger.",
    )
