"""Asking the live site as a program or a browser would, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx

from virker.claims.edition import Edition
from virker.web.site import Site

#: What a browser says of a form that was sent by a page of the site itself.
FROM_HERE = {"Origin": "http://localhost"}


class Live:
    """A reader of a live site: every question is answered in full before the next."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def one() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, **more)

        return asyncio.run(one())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """A form sent by a page of the site."""
        return self.ask("POST", path, headers=FROM_HERE | (headers or {}), **more)

    def raw(
        self, target: bytes, query: bytes = b"", method: str = "GET", headers: Iterable[tuple[bytes, bytes]] = (), body: Iterable[bytes] = ()
    ) -> tuple[int, dict[str, str], bytes]:
        """A request as bytes that no well-behaved client would send: ``(status, headers, body)``."""
        sent: list[dict[str, Any]] = []
        parts = [{"type": "http.request", "body": b, "more_body": True} for b in body] + [{"type": "http.request", "body": b"", "more_body": False}]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1),
            "path": target.decode("utf-8", "replace"), "raw_path": target, "query_string": query, "root_path": "", "headers": [(b"host", b"localhost"), *headers],
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return parts.pop(0) if parts else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        start = next(m for m in sent if m["type"] == "http.response.start")
        told = {k.decode(): v.decode() for k, v in start["headers"]}
        return start["status"], told, b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")


async def parts_of(*parts: bytes) -> AsyncIterator[bytes]:
    """A body in parts, without its length told beforehand."""
    for part in parts:
        yield part


def live_site(edition: Edition) -> Site:
    """The live site of an edition, made once."""
    key = id(edition)
    if key not in _SITES:
        _SITES[key] = Site(edition, live=True)
    return _SITES[key]


_SITES: dict[int, Site] = {}
