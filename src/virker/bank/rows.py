"""A finding as queries and rule sets meet it, and what its study counts as."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from virker.bank.records import Finding, Study


@dataclass(frozen=True, slots=True)
class Row:
    """One finding with the study it belongs to: what queries and rule sets work on."""

    study: Study
    finding: Finding
    address: str

    @property
    def countries(self) -> tuple[str, ...]:
        return (self.finding.country,) if self.finding.country else self.study.countries


class Standing(msgspec.Struct, frozen=True, gc=False):
    """What a study counts as: computed once, since every verdict asks.

    ``root`` is the piece of evidence it is part of; ``covers`` the pieces that a review includes, read or inferred.
    """

    root: str
    maryland: int
    is_review: bool
    assessed: str | None
    covers: frozenset[str]
    list_read: bool
