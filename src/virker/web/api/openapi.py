"""The API told as OpenAPI 3.1, from the same list that answers: what is documented is what is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from virker import __version__
from virker.web.api.endpoint import ROOT, Endpoint
from virker.web.api.problems import MEDIA_TYPE, ProblemDetails
from virker.web.parameters import LONGEST, Parameter
from virker.web.site import Site

_ABOUT = """What virker's evidence bank holds, and what it adds up to. Read-only: nothing is stored, no key is needed, no cookie is set.

Direction is desirability: positive is better for the unemployed person. `effect` keeps its source's sign and unit. A verdict counts pieces of
evidence, not papers: one trial counts once. Findings of level `seed` are told by the note only and are never evidence. Dates are 2026-11-22.

Parameters are strict: an unknown one is an error, with the nearest that there is. Errors are RFC 9457 problem details with all faults at once.
Answers carry an ETag of the bank's hash: ask again with If-None-Match and get 304 where nothing has changed."""


def specification(site: Site, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The specification for this workspace: its own words are the words allowed."""
    kinds = [k for e in endpoints for k in (e.answer, e.body() if e.body else None) if _is_type(k)]
    schemas, components = msgspec.json.schema_components([*kinds, ProblemDetails], ref_template="#/components/schemas/{name}")
    by_kind = dict(zip([*map(_key, kinds), _key(ProblemDetails)], schemas, strict=True))
    shared = _shared(site, endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for e in endpoints:
        paths.setdefault(ROOT + e.path, {})[e.method.lower()] = _operation(site, e, by_kind, shared)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "virker",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
            "x-program": __version__,
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": components, "parameters": shared},
    }


def _shared(site: Site, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Parameters that several endpoints take, told once: a term's parameter lists the whole vocabulary."""
    told = [_parameter(p) for e in endpoints for p in e.asks(site)]
    return {t["name"]: t for i, t in enumerate(told) if t in told[:i] and all(o == t for o in told if o["name"] == t["name"])}


def _operation(site: Site, e: Endpoint, by_kind: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    answer = by_kind[_key(e.answer)] if _is_type(e.answer) else e.answer
    content: dict[str, Any] = {m.partition(";")[0]: {} for m in e.media} or {"application/json": {"schema": _list_of(answer) if e.paged else answer}}
    told: dict[str, Any] = {
        "operationId": _operation_id(e),
        "summary": e.said,
        "parameters": [_part(name, *about) for name, about in e.parts.items()]
        + [{"$ref": f"#/components/parameters/{p.name}"} if p.name in shared else _parameter(p) for p in e.asks(site)],
        "responses": {
            "200": {"description": e.said, "content": content, **({"headers": _headers(e)} if e.method == "GET" else {})},
            **({"304": {"description": "Nothing has changed since the ETag that If-None-Match names."}} if e.method == "GET" else {}),
            **{str(s): _problem(by_kind, what) for s, what in _problems(e).items()},
        },
    }
    if e.more:
        told["description"] = e.more
    if e.body is not None:
        schema = by_kind[_key(e.body())]
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema, **({"example": e.example} if e.example else {})}}}
    return told


def _problems(e: Endpoint) -> dict[int, str]:
    found = {
        400: "The question cannot be understood.",
        422: "The question cannot be answered as it stands; all faults are told.",
        414: "The address is too long.",
    }
    if e.parts or e.media:
        found[404] = "There is no such thing."
    if e.method == "POST":
        found |= {413: "More was sent than may be.", 415: "What was sent is not JSON."}
    if e.heavy:
        found[429] = "Too many are at work right now."
    return dict(sorted(found.items()))


def _problem(by_kind: Mapping[str, Any], what: str) -> dict[str, Any]:
    return {"description": what, "content": {MEDIA_TYPE: {"schema": by_kind[_key(ProblemDetails)]}}}


def _parameter(p: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": dict(p.schema), "minItems": 1, "maxItems": 20, "uniqueItems": True} if p.many else dict(p.schema)
    told = {"name": p.name, "in": "query", "required": p.required, "description": p.said.en, "schema": schema}
    if p.many:
        told |= {"style": "form", "explode": True}
    return told | ({"example": p.example} if p.example is not None else {})


def _part(name: str, about: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    return {"name": name, "in": "path", "required": True, "description": about, "schema": schema, **({"example": example} if example else {})}


def _headers(e: Endpoint) -> dict[str, Any]:
    headers = {"ETag": {"description": "The bank's hash and the program's version.", "schema": {"type": "string"}}}
    if e.paged:
        headers["Link"] = {"description": "first, prev, next and last page (RFC 8288).", "schema": {"type": "string"}}
    return headers


def _list_of(item: Any) -> dict[str, Any]:
    count = {"type": "integer", "minimum": 0}
    properties = {"total": count, "limit": count, "offset": count, "items": {"type": "array", "items": item}}
    return {"type": "object", "required": list(properties), "properties": properties}


def _operation_id(e: Endpoint) -> str:
    words = e.path.strip("/").replace("{", "by-").replace("}", "").replace("/", "-").replace(".", "-")
    return f"{e.method.lower()}-{words or 'root'}"


def _is_type(answer: Any) -> bool:
    return answer is not None and not isinstance(answer, Mapping)


def _key(kind: Any) -> str:
    return str(kind)
