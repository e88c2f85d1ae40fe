"""The pages, live: the same bytes at the same addresses as the static files; the search and the query page read their question."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from virker.language import LANGUAGES, Language, Said
from virker.web import live_files
from virker.web.address import Address, address_of
from virker.web.api.serve import matches
from virker.web.busy import Busy
from virker.web.forms import read_form
from virker.web.kinds import KINDS
from virker.web.parameters import Fault, Refused, pairs_of
from virker.web.rate import Rate
from virker.web.replies import is_heavy, most_bytes, posted, questioned, replied, takes_form, takes_question
from virker.web.site import Site, assets
from virker.web.written import page_html

#: Pages kept as they were last written; the others are written anew.
MOST_KEPT = 400
MEDIA = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
    "ico": "image/x-icon",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
}
_TOO_OFTEN = Fault(
    "",
    Said("der er sendt for meget herfra på kort tid", "too much has been sent from here in a short time"),
    Said("vent lidt, og prøv igen", "wait a little, and try again"),
)
_QUALITY = re.compile(r"\s*;\s*q=([01](?:\.\d{0,3})?)\s*$")


class Pages:
    """Writes pages and remembers the last of them; two readers of one page get the same bytes."""

    def __init__(self, site: Site, busy: Busy) -> None:
        self.site = site
        self.busy = busy
        #: Suggestions are few; everything else that is posted is a person at a form.
        self.rates = {"suggest": Rate(5, 60, 600), "": Rate(60, 600, 60)}
        self.kept: OrderedDict[tuple[Address, date | None], tuple[bytes, str]] = OrderedDict()

    def bytes_of(self, address: Address) -> tuple[bytes, str]:
        """The page and its tag, kept until there are too many; a page on today's law for the day only."""
        key = self._key(address)
        found = self.kept.get(key)
        if found is None:
            content = page_html(self.site, address).encode("utf-8")
            found = self.kept[key] = (content, tag_of(content))
            while len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
        return found

    def _key(self, address: Address) -> tuple[Address, date | None]:
        return address, date.today() if getattr(KINDS[address.kind].module, "DAILY", False) else None

    async def page(self, request: Request) -> Response:
        """The page at the path; a question behind it is read where the page takes one, and passed over elsewhere."""
        address = address_of(request.path_params["path"])
        if address is None or not self.site.has(address):
            return self.missing(request)
        query: bytes = request.scope["query_string"]
        if query and takes_question(address.kind):
            try:
                pairs = pairs_of(query)
                return await self.busy.short(lambda: replied(self.site, questioned(self.site, address, pairs)))
            except Refused as refused:
                return told(self.site, address.language, refused.status, refused.faults)
        kept = self.kept.get(self._key(address))
        content, tag = kept if kept is not None else await self.busy.short(lambda: self.bytes_of(address))
        return cached(request, content, tag, "text/html; charset=utf-8")

    async def form(self, request: Request) -> Response:
        """What the page answers to its form: read whole, answered, forgotten."""
        address = address_of(request.path_params["path"])
        if address is None or not self.site.has(address):
            return self.missing(request)
        if not takes_form(address.kind):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        who = request.client.host if request.client else ""
        try:
            if not self.rates.get(address.kind, self.rates[""]).allows(who):
                raise Refused([_TOO_OFTEN], 429)
            form = await read_form(request, most_bytes(address.kind))
            if is_heavy(address.kind):
                reply = await self.busy.run(lambda: posted(self.site, address, form))
            else:
                reply = await self.busy.short(lambda: posted(self.site, address, form))
        except Refused as refused:
            headers = {"Retry-After": "60"} if refused.status == 429 else {}
            return told(self.site, address.language, refused.status, refused.faults, headers)
        return replied(self.site, reply, store=False)

    async def file(self, request: Request) -> Response:
        """A file to take home, made when it is asked for; PDFs one at a time."""
        path = f"files/{request.path_params['path']}"
        try:
            content = await (self.busy.run if live_files.is_dear(self.site, path) else self.busy.short)(lambda: live_files.content(self.site, path))
        except Refused as refused:
            return told(self.site, "da", refused.status, refused.faults, {"Retry-After": "10"})
        if content is None:
            return self.missing(request)
        return cached(request, content, tag_of(content), live_files.MEDIA.get(path.rpartition(".")[2], "application/octet-stream"))

    async def root(self, request: Request) -> Response:
        """The front page in the reader's language."""
        language = wanted_language(request.headers.get("accept-language", ""))
        return redirect(f"/{language}/index.html", {"Vary": "Accept-Language"})

    def folder(self, language: Language) -> Callable[[Request], Response]:
        """``/da`` and ``/da/``: the front page in that language."""
        return lambda request: redirect(f"/{language}/index.html")

    async def was(self, request: Request) -> Response:
        """The short address of the accessibility statement."""
        return redirect(f"/{wanted_language(request.headers.get('accept-language', ''))}/accessibility.html", {"Vary": "Accept-Language"})

    async def asset(self, request: Request) -> Response:
        """A style, a script or a picture of the site."""
        name = request.path_params["name"]
        content = assets().get(name)
        if content is None:
            return self.missing(request)
        return cached(request, content, tag_of(content), MEDIA.get(name.rpartition(".")[2], "application/octet-stream"))

    async def robots(self, request: Request) -> Response:
        """Robots may read everything but answers to questions, of which there is no end."""
        return Response("User-agent: *\nDisallow: /api/\nDisallow: /*?\n", media_type="text/plain")

    def missing(self, request: Request) -> Response:
        """404 in the frame of the site, in the language of the address."""
        path = request.url.path
        fault = Fault(
            "",
            Said("Der er ingen side på den adresse.", "There is no page at that address."),
            Said("Se efter en slåfejl, eller begynd på forsiden.", "Look for a slip of the pen, or begin at the front page."),
        )
        return told(self.site, "en" if path.startswith("/en/") else "da", 404, (fault,))


def told(site: Site, language: Language, status: int, faults: tuple[Fault, ...], headers: dict[str, str] | None = None) -> Response:
    """A page in the frame of the site that says in both languages what went wrong."""
    from virker.web.error_page import error_html

    return Response(error_html(site, language, status, faults), status, {"Cache-Control": "no-store", **(headers or {})}, "text/html; charset=utf-8")


def cached(request: Request, content: bytes, tag: str, media_type: str) -> Response:
    """The content with its tag; nothing where the reader has it already."""
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, media_type)


def tag_of(content: bytes) -> str:
    """An ETag of the content itself; weak, because it may be sent compressed."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:20]}"'


def redirect(to: str, headers: dict[str, str] | None = None) -> Response:
    """See another address."""
    return Response(status_code=302, headers={"Location": quote(to, safe="/?&=%+:#.;,~-_"), "Cache-Control": "no-cache", **(headers or {})})


def wanted_language(accept: str) -> Language:
    """The first of our languages by the reader's own order; Danish where none is named.

    >>> wanted_language("en-GB,en;q=0.8,da;q=0.5"), wanted_language("de"), wanted_language("en;q=0.1, da-DK")
    ('en', 'da', 'da')
    """
    best: tuple[float, Language] = (0.0, "da")
    for part in accept[:500].split(","):
        found = _QUALITY.search(part)
        tag, weight = part[: found.start()] if found else part, float(found[1]) if found else 1.0
        for language in LANGUAGES:
            if tag.strip().casefold().partition("-")[0] == language and weight > best[0]:
                best = (weight, language)
    return best[1]
