"""What the live pages answer when something is asked of them, behind the question mark or by a form: a page, a file, or another address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from virker.errors import QueryError
from virker.web.address import Address
from virker.web.frame import framed
from virker.web.kinds import KINDS
from virker.web.parameters import MOST_TYPED, Refused, faults_in
from virker.web.safety import with_style
from virker.web.site import Site
from virker.web.tools.reply import Download, Form, Reply, WholePage

Pairs = Sequence[tuple[str, str]]


def takes_question(kind: str) -> bool:
    """Whether pages of the kind read what stands behind the question mark."""
    return kind == "search" or any(hasattr(KINDS[kind].module, name) for name in ("asked", "question"))


def takes_form(kind: str) -> bool:
    """Whether something can be posted to pages of the kind."""
    return hasattr(KINDS[kind].module, "posted")


def most_bytes(kind: str) -> int:
    """How much may be posted to pages of the kind."""
    return int(getattr(KINDS[kind].module, "MOST_BYTES", MOST_TYPED))


def is_heavy(kind: str) -> bool:
    """Whether a form of the kind takes a processor for long, so that one is answered at a time."""
    return bool(getattr(KINDS[kind].module, "HEAVY", False))


def questioned(site: Site, address: Address, pairs: Pairs) -> Reply | str:
    """The page's answer to a question; a path where it stands better at another address (empty fields left out, so that it can be shared)."""
    module: Any = KINDS[address.kind].module
    if address.kind == "search":
        from virker.web.pages import search

        try:
            return Reply(200, search.page(site, address, next((value for name, value in pairs if name == "q"), "")))
        except QueryError as error:
            raise Refused(faults_in(str(error))) from None
    if hasattr(module, "question"):
        kept = module.shortened(site, pairs)
        if list(kept) != list(pairs):
            return f"/{address.path}" + (f"?{urlencode(kept)}" if kept else "")
        found: Reply = module.question(site, address, pairs)
        return found
    answered: Reply = module.asked(site, address, dict(pairs))
    return answered


def posted(site: Site, address: Address, form: Form) -> Reply:
    """The page's answer to a form."""
    module: Any = KINDS[address.kind].module
    answered: Reply = module.posted(site, address, form)
    return answered


def replied(site: Site, reply: Reply | str, *, store: bool = True) -> Response:
    """The answer over HTTP; ``store`` false: nobody may keep it."""
    kept = {"Cache-Control": "no-cache" if store else "no-store"}
    if isinstance(reply, str):
        return Response(status_code=302, headers={"Location": quote(reply, safe="/?&=%+:#.;,~-_"), **kept})
    if isinstance(reply.content, Download):
        file = reply.content
        return Response(file.content, reply.status, kept | {"Content-Disposition": f'attachment; filename="{file.name}"'}, file.media_type)
    if isinstance(reply.content, WholePage):
        return Response(
            reply.content.html.encode("utf-8"), reply.status, kept | {"Content-Security-Policy": with_style(reply.content.html)}, "text/html; charset=utf-8"
        )
    return Response(framed(site, reply.content).encode("utf-8"), reply.status, kept, "text/html; charset=utf-8")
