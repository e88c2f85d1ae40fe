"""``virker build``: everything on paper and screen, from the bank as it is now."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import ClaimsFell

if TYPE_CHECKING:
    from virker.claims.edition import Edition
    from virker.publish.build import Part


def build(
    out: Path | None = typer.Option(
        None, "--out", help="The folder to write (default: build/ in the workspace). Files of an earlier build go; others stay.", show_default=False
    ),
    site: bool = typer.Option(True, "--site/--no-site", help="Also write the public site, into site/ (default: yes)."),
    strict: bool = typer.Option(False, "--strict", help="Exit 1 when a claim fell."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Check every claim, and write the notes (HTML, PDF, Word; Danish and English), the cards (HTML, PDF), the claim report and the public site."""
    from virker.claims.edition import load_edition
    from virker.claims.report import summary
    from virker.publish.build import build_all, require_note_extra
    from virker.workspace import Workspace

    speak = language(lang)
    found = Workspace.find(folder(workspace))
    edition = load_edition(found)
    target = out or found.root / "build"
    require_note_extra()
    written = build_all(edition, target, *_site(edition, site))
    typer.echo(summary(edition, speak))
    look = {"da": f"{len(written)} filer i {target}; begynd med", "en": f"{len(written)} files in {target}; start with"}[speak]
    typer.echo(f"\n{look} {target / ('claims.html' if speak == 'da' else 'claims.en.html')}")
    if site:
        typer.echo({"da": "Sitet:", "en": "The site:"}[speak] + f" {target / 'site' / speak / 'index.html'}")
    if edition.fell or edition.note_problems:
        told = {
            "da": "BEMÆRK: der er påstande, som er faldet, eller tekst, der ikke passer (se ovenfor).",
            "en": "NOTE: claims fell, or text does not fit (see above).",
        }[speak]
        if strict:
            raise ClaimsFell(told)
        typer.echo(f"\n*** {told} ***", err=True)
    if any(c.status == "error" for c in edition.checks):
        raise typer.Exit(2)


def _site(edition: Edition, wanted: bool) -> list[Part]:
    """The site as a part of the build, where it is wanted."""
    if not wanted:
        return []
    from virker.web.build import SitePart
    from virker.web.site import Site

    return [SitePart(Site(edition), apart=(os.cpu_count() or 1) > 1)]
