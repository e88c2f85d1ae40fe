"""Reading what a form sends: bounded while it streams, in memory only, and only where it was sent from the site itself."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from virker.language import Said
from virker.web.api.serve import bounded_body
from virker.web.parameters import MOST_PARTS, MOST_TYPED, MOST_WITH_FILE, Fault, Refused, short
from virker.web.tools.reply import Form

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOT_READ = Fault("", Said("formularen kan ikke læses", "the form cannot be read"), Said("send den fra siden", "send it from the page"))


class _InMemory(MultiPartParser):
    """Never writes a file to the disk: what is brought is held in memory and forgotten."""

    spool_max_size = MOST_WITH_FILE + 1_000_000


def from_here(headers: Headers) -> bool:
    """Whether the form was sent by a page of this site: browsers say so, and no other site can make them say it."""
    if told := headers.get("sec-fetch-site"):
        return told == "same-origin"
    origin, host = headers.get("origin"), headers.get("host")
    return bool(origin and host) and urlsplit(origin or "").netloc.casefold() == (host or "").casefold()


async def read_form(request: Request, most: int) -> Form:
    """The fields by name; a file as bytes, its name under ``<field>.name``. Of a field that stands twice the first counts.

    Raises
    ------
    Refused
        403 where it was not sent from here, 413 where it is too long, 415 where it is no form, 400 where it cannot be read.
    """
    if not from_here(request.headers):
        raise Refused(
            [
                Fault(
                    "",
                    Said("formularen er ikke sendt fra denne side", "the form was not sent from this site"),
                    Said("åbn siden, og send den derfra", "open the page and send it from there"),
                )
            ],
            403,
        )
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "application/x-www-form-urlencoded":
        fields = _typed(await bounded_body(request, min(most, MOST_TYPED)))
    elif kind == "multipart/form-data":
        fields = await _with_file(request, await bounded_body(request, most))
    else:
        raise Refused(
            [Fault("", Said(f"»{short(kind)}« er ingen formular", f"'{short(kind)}' is no form"), Said("send den fra siden", "send it from the page"))], 415
        )
    form: dict[str, str | bytes] = {}
    for name, value in fields:
        text = value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
        if _NO_TEXT.search(name) or (isinstance(text, str) and _NO_TEXT.search(text)):
            raise Refused(
                [Fault(short(name), Said("der står styretegn i feltet", "there are control characters in the field"), Said("fjern dem", "take them out"))], 400
            )
        form.setdefault(name, text)
    return form


def _typed(body: bytes) -> list[tuple[str, str | bytes]]:
    try:
        return list(parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARTS))
    except ValueError:
        raise Refused([_NOT_READ], 400) from None


async def _with_file(request: Request, body: bytes) -> list[tuple[str, str | bytes]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        found = await _InMemory(request.headers, stream(), max_files=1, max_fields=MOST_PARTS, max_part_size=MOST_TYPED).parse()
    except MultiPartException:
        raise Refused([_NOT_READ], 400) from None
    fields: list[tuple[str, str | bytes]] = []
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            fields += [(name, await value.read()), (f"{name}.name", value.filename or "")]
            await value.close()
        else:
            fields.append((name, value))
    return fields
