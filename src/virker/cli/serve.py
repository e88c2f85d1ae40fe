"""``virker serve``: the site and the API, live."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from pathlib import Path

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import MissingExtra, UserError
from virker.language import Said


def serve(
    host: str = typer.Option("127.0.0.1", "--host", help="The address to listen at; 127.0.0.1 is this machine only."),
    port: int = typer.Option(8000, "--port", help="The port to listen at; 0: any that is free.", min=0, max=65535),
    name: list[str] = typer.Option([], "--name", help="A host name that it answers to, such as that of a proxy before it. Repeat it for more."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Serve the site and the API, live: any query, the calculators, the forms. The workspace is read once; start anew after a change."""
    if any(find_spec(module) is None for module in ("uvicorn", "starlette", "python_multipart", "jinja2")):
        raise MissingExtra("web", "Serving the site")
    speak = language(lang)
    listening = _listen(host, port)

    import uvicorn

    from virker.claims.edition import load_edition
    from virker.web.app import create_app
    from virker.web.safety import LOOPBACK_NAMES, is_loopback
    from virker.web.site import Site
    from virker.workspace import Workspace

    try:
        site = Site(load_edition(Workspace.find(folder(workspace))), live=True)
        names = (*name, *LOOPBACK_NAMES) if is_loopback(host) or name else ()
        app = create_app(site, names)
        typer.echo(started(listening, is_loopback(host), speak))
        # No access log: what people ask is nobody's business, and a question may be about a person.
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, limit_concurrency=200, timeout_keep_alive=10, ws="none")
        )
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    """A socket at the address; raises :class:`UserError` where there is none to be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # TCP by name: else answers wait forty milliseconds for each other (the event loop turns Nagle's algorithm off only where it is named).
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError:
        raise UserError(
            f"'{host}' is no address of this machine\n    → --host 127.0.0.1 (this machine only) or --host 0.0.0.0 (everybody who can reach it)"
        ) from None
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise UserError(
            f"port {port} at '{host}' cannot be had ({error.strerror})\n    → choose another port: --port {port + 1 if port < 65535 else 8000}"
        ) from None
    return found


def started(listening: socket.socket, alone: bool, speak: str) -> str:
    """Where it is, who can reach it, and that a change of the files needs a new start."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    who = (
        Said("Kun denne maskine kan nå det.", "Only this machine can reach it.")
        if alone
        else Said(
            f"Alle, der kan nå maskinen på {shown}, kan læse siderne og sende forslag til indbakken. Sæt en proxy med https foran.",
            f"Everybody who can reach the machine at {shown} can read the pages and send suggestions to the inbox. Put a proxy with https before it.",
        )
    )
    again = Said(
        "Filerne er læst nu: start igen, når de er ændret. Stop med Ctrl+C.",
        "The files have been read now: start again when they have changed. Stop with Ctrl+C.",
    )
    return f"http://{shown}:{port}/\n{who[speak]} {again[speak]}"
