"""What every answer carries for safety's sake, and what is refused before anybody reads it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from virker.web.api import problems

#: Scripts and styles of our own only, no frames, forms to ourselves only. A page that needs more says so in its own header.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_STYLE = re.compile(r"<style>(.*?)</style>", re.S)


def with_style(html: str) -> str:
    """The policy for a page that carries styles of its own in its head: those and no others, by their hashes."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in _STYLE.findall(html.partition("</head>")[0]))
    return POLICY.replace("style-src 'self'", f"style-src 'self' {hashes}".rstrip())


#: The path alone; the question behind it has its own bound.
MOST_PATH = 1_000


class Guard:
    """Wraps the application: answers only to the names it was told, refuses paths that no page has, and writes the headers.

    ``names`` are the hosts that may stand in the address; empty: any. Bound to this machine only, a page of another site could
    otherwise reach it under that site's name.
    """

    def __init__(self, app: ASGIApp, names: Collection[str] = ()) -> None:
        self.app = app
        self.names = frozenset(n.casefold() for n in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        details = self._refused(scope)
        if details is None:
            await self.app(scope, receive, with_headers)
            return
        body = problems.encoded(details)
        start = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
        await with_headers({"type": "http.response.start", "status": details.status, "headers": start})
        await with_headers({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _refused(self, scope: Scope) -> problems.ProblemDetails | None:
        if self.names and host_of(Headers(scope=scope).get("host", "")) not in self.names:
            return problems.problem(421, "this server does not answer to that name", "ask it by its own name, or start it with --name NAME")
        path: str = scope["path"]
        if len(path) > MOST_PATH:
            return problems.problem(414, f"the path is longer than {MOST_PATH} characters", "no page has such an address")
        if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF or c == "\ufffd" for c in path):
            return problems.problem(400, "the path is no text that can be read", "write it in UTF-8, without control characters")
        return None


def host_of(told: str) -> str:
    """The name in a Host header, without its port.

    >>> host_of("localhost:8000"), host_of("[::1]:8000")
    ('localhost', '::1')
    """
    if told.startswith("["):
        return told[1:].partition("]")[0].casefold()
    return told.partition(":")[0].casefold()


def is_loopback(host: str) -> bool:
    """Whether a host to bind to is this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


#: What this machine is called from itself.
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
