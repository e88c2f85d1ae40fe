"""Claims over HTTP: sentences, their status today, and the findings under them. And what scaling a measure up does."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from virker.claims.check import Check
from virker.claims.records import STATUSES, Kind, Status
from virker.language import Said
from virker.synthesis.scale import measures_of, spoken_of, states
from virker.web.api.bank import not_found
from virker.web.api.endpoint import Api, Both, Call, Endpoint, Page, both, paged
from virker.web.parameters import Parameter, integer, word
from virker.web.site import Site


class DeviationAnswer(Api, frozen=True, kw_only=True):
    """A known deviation, with its reason."""

    status: Status
    why: Both
    since: date


class ClaimPart(Api, frozen=True, kw_only=True):
    """One thing that a claim says: how it came out, and the findings that carry it and that speak against it."""

    status: Status
    carrying: list[str]
    against: list[str]
    rule_set: str | None
    direction: str | None
    level: str | None


class ClaimAnswer(Api, frozen=True, kw_only=True):
    """A claim and its status today."""

    id: str
    section: int
    kind: Kind
    says: Both
    sentences: list[str]
    status: Status
    reasons: list[Both]
    parts: list[ClaimPart]
    findings: list[str]
    recorded: DeviationAnswer | None
    needs_rereading: bool


def _answer(check: Check) -> ClaimAnswer:
    claim, d = check.claim, check.claim.deviation
    return ClaimAnswer(
        id=claim.id,
        section=claim.section,
        kind=claim.kind,
        says=Both(da=claim.da, en=claim.en),
        sentences=list(claim.sentences),
        status=check.status,
        reasons=[both(r) for r in check.reasons],
        parts=[
            ClaimPart(
                status=p.status,
                carrying=list(p.carrying),
                against=list(p.against),
                rule_set=p.verdict.rule_set if p.verdict else None,
                direction=p.verdict.direction if p.verdict else None,
                level=p.verdict.level if p.verdict else None,
            )
            for p in check.parts
        ],
        findings=list(check.findings),
        recorded=DeviationAnswer(status=d.status, why=Both(da=d.da, en=d.en), since=d.since) if d else None,
        needs_rereading=check.needs_rereading,
    )


def _parameters(site: Site) -> tuple[Parameter, ...]:
    return (
        word("status", Said("status", "status"), STATUSES, many=True),
        word("kind", Said("slags påstand", "kind of claim"), get_args(Kind), many=True),
        integer("section", Said("afsnit i notatet", "section of the note"), 0, 1000),
    )


def _claims(call: Call) -> Page:
    asked, found = call.values, call.site.edition.checks
    if wanted := asked.get("status"):
        found = tuple(c for c in found if c.status in wanted)
    if wanted := asked.get("kind"):
        found = tuple(c for c in found if c.claim.kind in wanted)
    if (section := asked.get("section")) is not None:
        found = tuple(c for c in found if c.claim.section == section)
    return paged(call, found, _answer)


def _claim(call: Call) -> ClaimAnswer:
    known, id = call.site.edition.by_id, call.path["id"]
    if id not in known:
        raise not_found(Said("ingen påstand", "no claim"), id, list(known))
    return _answer(known[id])


def _scale_list(call: Call) -> list[dict[str, Any]]:
    from virker.synthesis.scale_data import as_data

    bank = call.site.edition.bank
    if "scale" not in call.site.memo:
        call.site.memo["scale"] = [as_data(s) for s in spoken_of(bank, measures_of(bank)).values() if s.speaks]
    found: list[dict[str, Any]] = call.site.memo["scale"]
    return found


def _scale(call: Call) -> dict[str, Any]:
    from virker.synthesis.scale_data import as_data

    bank, id = call.site.edition.bank, call.path["id"]
    if id not in bank.vocabulary["interventions"]:
        raise not_found(Said("ingen indsats", "no measure"), id, list(bank.vocabulary["interventions"]))
    return as_data(states(bank, id))


_SCALE = {
    "type": "object",
    "required": ["intervention", "speaks", "indirect", "states", "ends", "aside"],
    "properties": {"intervention": {"type": "string"}, "speaks": {"type": "boolean"}, "indirect": {"type": "boolean"}, "states": {"type": "array", "items": {"type": "object"}}},
}  # fmt: skip
ENDPOINTS = (
    Endpoint("/claims", "Claims with their status", _claims, ClaimAnswer, _parameters, paged=True),
    Endpoint("/claims/{id}", "One claim", _claim, ClaimAnswer, parts={"id": ("The id, as in the list.", "")}),
    Endpoint("/scale", "What happens when measures are scaled up: those of which the bank speaks", _scale_list, {"type": "array", "items": _SCALE}),
    Endpoint("/scale/{id}", "What happens when one measure is scaled up", _scale, _SCALE, parts={"id": ("A measure, in the vocabulary's words.", "meetings")}),
)
