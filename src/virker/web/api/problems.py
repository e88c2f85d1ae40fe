"""What went wrong, as RFC 9457 problem details: what, why, what to do, and every fault at once."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

import msgspec

from virker.web.api.endpoint import Api
from virker.web.parameters import Fault

MEDIA_TYPE = "application/problem+json"
#: By status: the last part of a problem's ``type`` (RFC 9457 wants an address that names the kind and does not change), and what it means.
_KINDS: dict[int, tuple[str, str]] = {
    400: ("not-understood", "What was asked is no text or no JSON that can be read."),
    403: ("not-from-here", "A form was sent from another site than this."),
    404: ("not-found", "There is no such thing in this workspace."),
    405: ("method-not-allowed", "The address answers to other methods; the Allow header names them."),
    413: ("too-large", "More was sent than may be."),
    414: ("address-too-long", "The address is longer than any question needs."),
    415: ("not-json", "Facts and scenarios are sent as application/json."),
    421: ("another-host", "The server was asked by a name that is not its own."),
    422: ("cannot-be-answered", "The question can be read, but not answered as it stands: every fault is in errors, with what to do."),
    429: ("too-many", "Too many are at work right now; Retry-After says when to come back."),
    500: ("our-error", "A fault in the program, not in what was asked."),
}
KINDS = {status: kind for status, (kind, _) in _KINDS.items()}
MEANING = {status: meaning for status, (_, meaning) in _KINDS.items()}


class Wrong(Api, frozen=True, kw_only=True):
    """One thing wrong: where (a parameter or a field; empty: the whole), what, and what to do."""

    where: str
    what: str
    todo: str


class ProblemDetails(Api, frozen=True, kw_only=True):
    """RFC 9457, with all errors."""

    type: str
    title: str
    status: int
    detail: str
    todo: str = ""
    errors: tuple[Wrong, ...] = ()


def problem(status: int, detail: str, todo: str = "", faults: Sequence[Fault] = ()) -> ProblemDetails:
    """The details of a problem."""
    kind = KINDS.get(status, "problem")
    errors = tuple(Wrong(where=f.where, what=f.what.en, todo=f.todo.en) for f in faults)
    return ProblemDetails(type=f"/problems/{kind}", title=HTTPStatus(status).phrase, status=status, detail=detail, todo=todo, errors=errors)


def of_faults(faults: Sequence[Fault], status: int) -> ProblemDetails:
    """The details where the question has faults; ``detail`` tells the first, ``errors`` all."""
    first = faults[0]
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    return problem(status, first.what.en + more, first.todo.en, faults)


def encoded(details: ProblemDetails) -> bytes:
    """As JSON."""
    return msgspec.json.encode(details)
