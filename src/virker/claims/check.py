"""Does this sentence hold? Every claim against the bank, like a test run."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from virker.bank import Bank, Row, digest_of
from virker.claims.parts import evaluate_part
from virker.claims.records import STATUSES, Attestation, Claim, Status
from virker.claims.result import PartResult
from virker.errors import QueryError
from virker.language import Said
from virker.memory import without_collection
from virker.rules import Rules

#: Not supported, and computed: these two are never recorded as expected.
COMPUTED: frozenset[Status] = frozenset({"not-traced", "too-little"})
_BETTER: tuple[Status, ...] = ("error", "contradicted", "differs", "overstated", "supported")


@dataclass(frozen=True, slots=True)
class Check:
    """How one claim came out.

    Attributes
    ----------
    status : Status
        The first in DESIGN's order that applies.
    recorded : Status or None
        The known deviation, when one is recorded.
    fell : bool
        Worse than recorded (or than when last attested): this is what makes ``virker check`` exit with 1.
    rose : bool
        Better than recorded: told, and no failure.
    needs_rereading : bool
        The findings under it are not those that somebody last attested.
    """

    claim: Claim
    status: Status
    reasons: tuple[Said, ...]
    parts: tuple[PartResult, ...]
    recorded: Status | None
    fell: bool
    rose: bool
    needs_rereading: bool
    findings_hash: str

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple({r.address: r for p in self.parts for r in p.rows}.values())

    @property
    def findings(self) -> tuple[str, ...]:
        """Addresses of every traced finding that the claim's queries select."""
        return tuple(r.address for r in self.rows if r.finding.origin.level != "seed")

    @property
    def rule_set(self) -> str | None:
        return next((p.verdict.rule_set for p in self.parts if p.verdict), None)


def check_claim(claim: Claim, bank: Bank, rules: Rules, default_rule_set: str, attested: Attestation | None = None, day: date | None = None) -> Check:
    """Evaluate one claim. An error in it is its status, never an exception, so that the others are still checked."""
    try:
        parts = tuple(evaluate_part(p, claim.kind, bank, rules, default_rule_set, day) for p in claim.parts)
    except QueryError as error:
        told = str(error).splitlines()[0]
        parts = (PartResult("error", (Said(told, told),)),)
    status = status_of(claim, parts)
    digest = findings_hash(claim, parts, bank)
    recorded: Status | None = claim.deviation.status if claim.deviation else None
    return Check(
        claim=claim,
        status=status,
        reasons=_reasons(claim, parts, status),
        parts=parts,
        recorded=recorded,
        fell=_fell(status, recorded, attested),
        rose=_rose(status, recorded),
        needs_rereading=attested is None or attested.findings != digest,
        findings_hash=digest,
    )


def check_claims(
    claims: Sequence[Claim], bank: Bank, rules: Rules, default_rule_set: str, attested: Mapping[str, Attestation], day: date | None = None
) -> tuple[Check, ...]:
    """Evaluate every claim, in the order given."""
    with without_collection():
        return tuple(check_claim(c, bank, rules, default_rule_set, attested.get(c.id), day) for c in claims)


def status_of(claim: Claim, parts: Sequence[PartResult]) -> Status:
    """The claim's status from its parts.

    Nothing traced under any part: not traced. Something traced under some: what the rest lacks makes the words broader than the
    bank, so the claim is overstated at best.
    """
    found = [p.status for p in parts]
    if not found or "error" in found:
        return "error"
    if claim.judgement is not None:
        return "judgement"
    if all(s in COMPUTED for s in found):
        return "not-traced" if "not-traced" in found else "too-little"
    for status in ("contradicted", "differs"):
        if status in found:
            return status
    return "overstated" if any(s != "supported" for s in found) else "supported"


def _reasons(claim: Claim, parts: Sequence[PartResult], status: Status) -> tuple[Said, ...]:
    said: list[Said] = []
    if claim.judgement is not None and status == "judgement":
        j = claim.judgement
        said.append(Said(f"Skøn af {j.by} ({j.on}): {j.da}", f"Judgement by {j.by} ({j.on}): {j.en}"))
    several = len(parts) > 1
    for part, result in zip(claim.parts, parts, strict=False):
        label = part.says + Said(": ", ": ") if several and part.says else Said("", "")
        said += [label + r for r in result.reasons]
    if status == "overstated" and any(p.status == "not-traced" for p in parts):
        said.append(Said("En del af sætningen står kun i notatet.", "Part of the sentence stands only in the note."))
    return tuple(dict.fromkeys(said))


def _fell(status: Status, recorded: Status | None, attested: Attestation | None) -> bool:
    if status in ("supported", "judgement"):
        return False
    if status == "error":
        return True
    if status in COMPUTED:
        return attested is None or attested.status not in COMPUTED
    if recorded is None:
        return True
    return _BETTER.index(status) < _BETTER.index(recorded)


def _rose(status: Status, recorded: Status | None) -> bool:
    return recorded is not None and status in _BETTER and _BETTER.index(status) > _BETTER.index(recorded)


def findings_hash(claim: Claim, parts: Sequence[PartResult], bank: Bank) -> str:
    """A hash of the claim's words and of every finding under it: what an attestation is about."""
    words = [digest_of([claim]), *sorted({bank.stamp(r) for p in parts for r in p.rows})]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class WorkToGet:
    """A cited work that somebody must get and read, and the claims that hang on it."""

    study: str
    claims: tuple[str, ...]


def works_to_get(checks: Sequence[Check]) -> tuple[WorkToGet, ...]:
    """Works known only from the note under claims that are not (fully) traced, by how many claims hang on each."""
    hanging: dict[str, dict[str, None]] = defaultdict(dict)
    for check in checks:
        for part, result in zip(check.claim.parts, check.parts, strict=False):
            if result.status not in COMPUTED:
                continue
            named = part.select.study if part.select else ()
            studies = {r.study.id for r in result.seed} or set((named,) if isinstance(named, str) else named)
            for study in sorted(studies):
                hanging[study][check.claim.id] = None
    works = [WorkToGet(study, tuple(claims)) for study, claims in hanging.items()]
    return tuple(sorted(works, key=lambda w: (-len(w.claims), w.study)))


def tally(checks: Sequence[Check]) -> dict[Status, int]:
    """How many claims have each status, in the order of the statuses."""
    return {s: sum(c.status == s for c in checks) for s in STATUSES}
