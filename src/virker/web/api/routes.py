"""Everything that can be asked, in the order in which it is documented."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from virker import __version__
from virker.language import Said
from virker.web.api import bank, claims, export, law, plan, pooled, practice, problems, terms, verdicts
from virker.web.api.endpoint import ROOT, Call, Endpoint
from virker.web.api.openapi import specification
from virker.web.api.serve import answering, etag, matches, problem_response
from virker.web.busy import Busy
from virker.web.parameters import Fault, nearest_said, short
from virker.web.site import Site


def _root(call: Call) -> dict[str, Any]:
    """Where to begin: what this is, and what can be asked."""
    edition = call.site.edition
    settings = edition.workspace.settings
    return {
        "workspace": settings.id,
        "title": {"da": settings.title_da, "en": settings.title_en},
        "version": __version__,
        "stamp": call.site.stamp,
        "bank": {"digest": edition.bank.digest, "studies": len(edition.bank.studies), "findings": len(edition.bank.rows)},
        "claims": len(edition.checks),
        "rule_set": settings.rule_set,
        "documentation": f"{ROOT}/openapi.json",
        "endpoints": {f"{e.method} {ROOT}{e.path}": e.said for e in ENDPOINTS},
    }


_ROOT = {"type": "object", "required": ["workspace", "version", "stamp", "bank", "claims", "rule_set", "documentation", "endpoints"]}
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("", "What this is, and what can be asked", _root, _ROOT),
    *bank.ENDPOINTS,
    *terms.ENDPOINTS,
    *verdicts.ENDPOINTS,
    *pooled.ENDPOINTS,
    *claims.ENDPOINTS,
    *law.ENDPOINTS,
    *export.ENDPOINTS,
    *practice.ENDPOINTS,
    *plan.ENDPOINTS,
)


def api_routes(site: Site, busy: Busy) -> list[Route]:
    """A route for each endpoint, and one for the specification."""
    routes = [Route(ROOT + e.path, answering(site, e, busy), methods=[e.method]) for e in ENDPOINTS]
    return [
        Route(f"{ROOT}/openapi.json", _documented(site), methods=["GET"]),
        *routes,
        Route("/api/{path:path}", _nothing),
        Route("/problems/{kind}", _explained),
    ]


def _nothing(request: Request) -> Response:
    """No endpoint at that address."""
    known = [ROOT + e.path for e in ENDPOINTS]
    path = request.url.path
    fault = Fault("", Said(f"der er intet på »{short(path)}«", f"there is nothing at '{short(path)}'"), nearest_said(path, known))
    return problem_response(problems.of_faults([fault], 404))


def _explained(request: Request) -> Response:
    """What a problem's ``type`` means."""
    found = next((status for status, kind in problems.KINDS.items() if kind == request.path_params["kind"]), None)
    if found is None:
        return _nothing(request)
    return Response(f"{found} {HTTPStatus(found).phrase}\n{problems.MEANING[found]}\n", media_type="text/plain")


def _documented(site: Site) -> Any:
    """The specification, written when somebody first asks for it."""
    written: list[bytes] = []

    def answer(request: Request) -> Response:
        tag = etag(site, False)
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        if matches(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=headers)
        if not written:
            written.append(msgspec.json.encode(specification(site, ENDPOINTS)))
        return Response(written[0], 200, headers, "application/json")

    return answer
