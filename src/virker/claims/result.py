"""How one part of a claim came out, whichever way it was tested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from virker.bank import Row
from virker.bank.records import Finding
from virker.claims.records import Status
from virker.language import Said
from virker.synthesis import Verdict

#: Levels at which a source has itself been read: only these can contradict.
READ = ("table", "text")
#: Worst first, when several tests of one part come out differently.
ORDER: tuple[Status, ...] = ("error", "contradicted", "differs", "not-traced", "too-little", "overstated", "supported", "judgement")


@dataclass(frozen=True, slots=True)
class PartResult:
    """How one part came out: its status, why, and which findings stand under it."""

    status: Status
    reasons: tuple[Said, ...]
    rows: tuple[Row, ...] = ()
    carrying: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    verdict: Verdict | None = None
    seed: tuple[Row, ...] = field(default_factory=tuple)


def worst_of(results: Iterable[PartResult]) -> PartResult:
    """The results of several tests as one: the worst status, and everything that was said."""
    found = list(results)
    worst = min(found, key=lambda r: ORDER.index(r.status))
    return PartResult(
        worst.status,
        tuple(s for r in found for s in r.reasons),
        carrying=tuple(dict.fromkeys(a for r in found for a in r.carrying)),
        against=tuple(dict.fromkeys(a for r in found for a in r.against)),
        verdict=next((r.verdict for r in found if r.verdict), None),
    )


def only_association(findings: Sequence[Finding], maryland: int, is_review: bool) -> bool:
    """Whether nothing here identifies an effect: associations, or estimates of a design without a comparison."""
    return all(f.estimand == "association" for f in findings) or (
        not is_review and maryland < 3 and all(f.estimand in ("association", "unknown") for f in findings)
    )
