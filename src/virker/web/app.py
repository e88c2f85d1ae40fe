"""The live site: the pages, the API and the forms as one application."""

from __future__ import annotations

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from virker.language import LANGUAGES, Said
from virker.web.api import problems
from virker.web.api.routes import api_routes
from virker.web.api.serve import problem_response
from virker.web.busy import Busy
from virker.web.parameters import Fault
from virker.web.safety import Guard
from virker.web.serve_pages import Pages, told
from virker.web.site import Site

#: No request may be longer, whoever reads it; forms and calculators have narrower bounds of their own.
MOST_SENT = 6_000_000


def create_app(site: Site, names: Collection[str] = ()) -> Guard:
    """The application for a live site.

    Parameters
    ----------
    names
        The host names that it answers to; empty: any.
    """
    busy = Busy()
    pages = Pages(site, busy)
    routes = [
        Route("/", pages.root),
        Route("/was", pages.was),
        Route("/was/", pages.was),
        Route("/robots.txt", pages.robots),
        Route("/favicon.ico", lambda request: Response(status_code=204)),
        Route("/assets/{name}", pages.asset),
        *api_routes(site, busy),
        *(Route(f"/{language}{slash}", pages.folder(language)) for language in LANGUAGES for slash in ("", "/")),
        Route("/files/{path:path}", pages.file),
        Route("/{path:path}", pages.page),
        Route("/{path:path}", pages.form, methods=["POST"]),
    ]

    async def failed(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return _told(site, request, status, error)

    inside = Starlette(routes=routes, exception_handlers={HTTPException: failed, Exception: failed}, max_body_size=MOST_SENT)
    # Outside of everything, so that an error page is guarded and headed like any other.
    return Guard(GZipMiddleware(inside, minimum_size=1_000, compresslevel=5), names)


def _told(site: Site, request: Request, status: int, error: Exception) -> Response:
    """What went wrong: to programs as problem details, to people as a page. Of an error of ours nothing is shown but that it is one."""
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    fault = _FAULTS.get(status, _FAULTS[500 if status >= 500 else 400])
    if request.url.path.startswith("/api/"):
        response = problem_response(problems.problem(status, fault.what.en, fault.todo.en))
        response.headers.update(headers)
        return response
    return told(site, "en" if request.url.path.startswith("/en/") else "da", status, (fault,), headers)


_FAULTS = {
    400: Fault("", Said("Forespørgslen kan ikke læses.", "The request cannot be read."), Said("Prøv fra forsiden.", "Try from the front page.")),
    404: Fault("", Said("Der er intet på den adresse.", "There is nothing at that address."), Said("Se /api/v1 eller forsiden.", "See /api/v1 or the front page.")),
    405: Fault("", Said("Adressen tager ikke imod den slags forespørgsel.", "The address does not take that kind of request."), Said("Læs den med GET, hvis der ikke står andet.", "Read it with GET unless told otherwise.")),
    413: Fault("", Said("Der er sendt for meget.", "Too much was sent."), Said("Send mindre.", "Send less.")),
    500: Fault("", Said("Det er en fejl i programmet og ikke i det, du bad om.", "It is a fault in the program and not in what you asked."), Said("Sig det til den, der driver siden.", "Tell whoever runs the site.")),
}  # fmt: skip
