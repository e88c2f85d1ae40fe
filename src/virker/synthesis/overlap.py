"""How much reviews count the same studies twice: the review × study matrix and its corrected covered area.

Source: Pieper, Antoine, Mathes, Neugebauer and Eikermann (2014), "Systematic review finds overlapping reviews were not mentioned in every
other overview", Journal of Clinical Epidemiology 67(4), 368-375, doi 10.1016/j.jclinepi.2013.11.007. With N marks in the matrix, r different
studies and c reviews, CCA = (N − r) / (r·c − r): of the places where a study could stand once more, the share where it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

from virker.bank import Bank, Study
from virker.language import Said
from virker.synthesis.verdict import Setting

Mark = Literal["read", "inferred"]

#: Bands of the CCA in per cent, with their upper bounds, as Pieper et al. print them: 0-5, 6-10, 11-15, above 15.
BANDS: tuple[tuple[float, Said], ...] = (
    (5, Said("lille overlap", "slight overlap")),
    (10, Said("moderat overlap", "moderate overlap")),
    (15, Said("stort overlap", "high overlap")),
    (100, Said("meget stort overlap", "very high overlap")),
)
SETTINGS: Mapping[str, Setting] = {
    "between_bands": Setting("up", False, "kilden siger ikke, hvor 5,4 pct. hører til: vi lader det, der er over en grænse, høre til båndet over", "the source does not say where 5.4 per cent belongs: what is above a bound belongs to the band above"),
}  # fmt: skip


def corrected_covered_area(marks: int, studies: int, reviews: int) -> float | None:
    """CCA, from 0 (no study stands twice) to 1 (every review has every study); None with fewer than two reviews or no study.

    >>> corrected_covered_area(6, 4, 2), corrected_covered_area(4, 4, 2), corrected_covered_area(8, 4, 2)
    (0.5, 0.0, 1.0)
    """
    if reviews < 2 or studies == 0:
        return None
    return (marks - studies) / (studies * reviews - studies)


def band(cca: float) -> Said:
    """The name of the band that a CCA falls in."""
    return next(name for upper, name in BANDS if 100 * cca <= upper + 1e-9)


@dataclass(frozen=True)
class Overlap:
    """The review × study matrix.

    Attributes
    ----------
    reviews : tuple of str
        The columns: reviews of which at least one study is known, one for all versions of a review.
    marks : mapping
        ``(study, review)`` to how that is known: read in the review, or inferred. A trial with all its papers is one row.
    unread : tuple of str
        Reviews of which no study is known: they are in no number here.
    incomplete : tuple of str
        Columns whose list has not been read to its end.
    """

    reviews: tuple[str, ...]
    marks: Mapping[tuple[str, str], Mark]
    unread: tuple[str, ...]
    incomplete: tuple[str, ...]

    @cached_property
    def studies(self) -> tuple[str, ...]:
        """The rows: those that most reviews have come first."""
        count: dict[str, int] = {}
        for study, _ in self.marks:
            count[study] = count.get(study, 0) + 1
        return tuple(sorted(count, key=lambda s: (-count[s], s)))

    @property
    def cca(self) -> float | None:
        """Of everything known, read or inferred."""
        return corrected_covered_area(len(self.marks), len(self.studies), len(self.reviews))

    @property
    def cca_read(self) -> float | None:
        """Of what has been read in the reviews themselves."""
        read = [pair for pair, mark in self.marks.items() if mark == "read"]
        return corrected_covered_area(len(read), len({s for s, _ in read}), len({r for _, r in read}))

    def count(self, mark: Mark) -> int:
        """How many marks are known that way."""
        return sum(m == mark for m in self.marks.values())

    def shared(self, one: str, other: str) -> tuple[str, ...]:
        """The studies that both reviews have."""
        return tuple(s for s in self.studies if (s, one) in self.marks and (s, other) in self.marks)

    @property
    def pairs(self) -> tuple[tuple[str, str, float], ...]:
        """Every two reviews that share a study, with the CCA of the two, largest first."""
        found = []
        for one, other in combinations(self.reviews, 2):
            both = len(self.shared(one, other))
            marks = sum(r in (one, other) for _, r in self.marks)
            if both:
                found.append((one, other, corrected_covered_area(marks, marks - both, 2) or 0.0))
        return tuple(sorted(found, key=lambda p: (-p[2], p[0], p[1])))


def overlap(bank: Bank, reviews: Iterable[Study]) -> Overlap:
    """The matrix of the given reviews. Versions of a review are one column, and papers on a trial one row."""
    marks: dict[tuple[str, str], Mark] = {}
    columns: dict[str, bool] = {}
    for review in reviews:
        column = bank.root_of(review)
        columns[column] = columns.get(column, False) or review.includes_complete
        for mark, listed in (("read", review.includes), ("inferred", review.includes_inferred)):
            for name in listed:
                cell = (bank.root_of(bank.studies[name]) if name in bank.studies else name, column)
                if marks.get(cell) != "read":
                    marks[cell] = "read" if mark == "read" else "inferred"
    known = {c for _, c in marks}
    return Overlap(
        reviews=tuple(c for c in columns if c in known),
        marks=marks,
        unread=tuple(c for c in columns if c not in known),
        incomplete=tuple(c for c, complete in columns.items() if c in known and not complete),
    )


def reviews_of(bank: Bank) -> tuple[Study, ...]:
    """Every review and expert report of the bank that stands."""
    return tuple(s for s in bank.studies.values() if s.kind != "primary" and not s.withdrawn and not s.superseded_by)


def as_csv(found: Overlap) -> list[list[str]]:
    """The matrix as rows: a head, then one row for each study, with ``read``, ``inferred`` or nothing."""
    return [["study", *found.reviews], *([s, *(found.marks.get((s, r), "") for r in found.reviews)] for s in found.studies)]
