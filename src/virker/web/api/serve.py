"""Serving an endpoint: read strictly, answer from the bank, say it in JSON; what goes wrong is a problem with its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from virker import __version__
from virker.errors import ContentError, UserError
from virker.language import Said
from virker.web.api import problems
from virker.web.api.endpoint import MOST, ROOT, USUAL, Call, Document, Endpoint, Page
from virker.web.busy import Busy
from virker.web.parameters import Fault, Refused, faults_in, pairs_of, read, same, short
from virker.web.site import Site

#: What may be posted to a calculator or the planner.
MOST_POSTED = 256_000


def answering(site: Site, endpoint: Endpoint, busy: Busy) -> Callable[[Request], Awaitable[Response]]:
    """The function that answers requests for an endpoint."""

    async def answer(request: Request) -> Response:
        try:
            pairs = pairs_of(request.scope["query_string"])
            values = read(pairs, endpoint.asks(site))
            tag = etag(site, endpoint.dated)
            if endpoint.method == "GET" and matches(request.headers.get("if-none-match"), tag):
                return Response(status_code=304, headers=_cached(tag))
            posted = await _posted(request) if endpoint.method == "POST" else {}
            call = Call(site, values, {k: str(v) for k, v in request.path_params.items()}, pairs, posted)
            found = await (busy.run if endpoint.heavy else busy.short)(lambda: endpoint.does(call))
        except Refused as refused:
            return problem_response(problems.of_faults(refused.faults, refused.status))
        except ContentError as error:
            return problem_response(problems.of_faults([Fault("", same(p.what), same(p.todo)) for p in error.problems], 422))
        except UserError as error:
            return problem_response(problems.of_faults(faults_in(str(error)), 422))
        return _told(call, endpoint, found, tag)

    return answer


def etag(site: Site, dated: bool) -> str:
    """What an answer hangs on: the bank and the claims, the program, and the day where the answer is dated."""
    return f'W/"{site.stamp}-{__version__}{f"-{date.today()}" if dated else ""}"'


def matches(told: str | None, tag: str) -> bool:
    """Whether the reader already has what the tag names (weak comparison, as RFC 9110 wants it for this)."""
    return told is not None and (told.strip() == "*" or tag.removeprefix("W/") in (t.strip().removeprefix("W/") for t in told.split(",")))


def problem_response(details: problems.ProblemDetails) -> Response:
    """A problem as an answer."""
    headers = {"Retry-After": "10"} if details.status == 429 else {}
    return Response(problems.encoded(details), details.status, headers, problems.MEDIA_TYPE)


def _told(call: Call, endpoint: Endpoint, found: Any, tag: str) -> Response:
    headers = _cached(tag) if endpoint.method == "GET" else {"Cache-Control": "no-store"}
    if isinstance(found, Document):
        return Response(found.content, 200, headers | {"Content-Disposition": f'attachment; filename="{found.filename}"'}, found.media_type)
    if isinstance(found, Page):
        limit, offset = call.values.get("limit", USUAL), call.values.get("offset", 0)
        if links := link_header(ROOT + endpoint.path.format(**call.path), call.pairs, found.total, limit, offset):
            headers["Link"] = links
        found = {"total": found.total, "limit": limit, "offset": offset, "items": found.items}
    return Response(msgspec.json.encode(found), 200, headers, "application/json")


def _cached(tag: str) -> dict[str, str]:
    """Anybody may keep it, and asks whether it has changed; any site may read it, for there is nothing here but what is public."""
    return {"ETag": tag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link"}


def link_header(path: str, pairs: Iterable[tuple[str, str]], total: int, limit: int, offset: int) -> str:
    """RFC 8288: where the first, the previous, the next and the last page are.

    >>> link_header("/api/v1/studies", [("country", "DK")], 120, 50, 50)  # doctest: +ELLIPSIS
    '</api/v1/studies?country=DK&limit=50&offset=0>; rel="first", ...; rel="next", </api/v1/studies?country=DK&limit=50&offset=100>; rel="last"'
    """
    kept = [(k, v) for k, v in pairs if k not in ("limit", "offset")]
    places = {
        "first": 0,
        "prev": max(0, offset - limit) if offset else None,
        "next": offset + limit if offset + limit < total else None,
        "last": max(0, (total - 1) // limit * limit),
    }

    def one(at: int) -> str:
        return f"{path}?{urlencode([*kept, ('limit', limit), ('offset', at)])}"

    return ", ".join(f'<{one(at)}>; rel="{name}"' for name, at in places.items() if at is not None)


async def _posted(request: Request) -> dict[str, Any]:
    """The object posted, read no further than it may be long."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind != "application/json":
        raise Refused(
            [
                Fault(
                    "Content-Type",
                    Said(f"»{short(kind)}« er ikke JSON", f"'{short(kind)}' is not JSON"),
                    Said("send application/json", "send application/json"),
                )
            ],
            415,
        )
    body = await bounded_body(request, MOST_POSTED)
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused([Fault("", Said(f"kan ikke læses som JSON: {error}", f"it cannot be read as JSON: {error}"), Said("ret det", "mend it"))], 400) from None
    if not isinstance(found, dict):
        raise Refused([Fault("", Said("der skal stå ét objekt", "one object is wanted"), Said("skriv { … }", "write { … }"))], 422)
    return found


async def bounded_body(request: Request, most: int) -> bytes:
    """What was sent, refused as soon as it is longer than it may be: also where its length was not told, or told wrongly."""
    declared = request.headers.get("content-length", "0")
    parts, size = [], 0
    if declared.isdigit() and int(declared[:15]) <= most:
        async for part in request.stream():
            size += len(part)
            if size > most:
                break
            parts.append(part)
    if size > most or not declared.isdigit() or int(declared[:15]) > most:
        raise Refused([Fault("", Said(f"der er sendt mere end {most} byte", f"more than {most} bytes were sent"), Said("send mindre", "send less"))], 413)
    return b"".join(parts)


__all__ = ["MOST", "answering", "bounded_body", "etag", "link_header", "matches", "problem_response"]
