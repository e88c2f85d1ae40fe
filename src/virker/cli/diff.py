"""``virker diff``: what came, went and changed between two states of a workspace, and which claims it moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, day_or_year, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import ClaimsFell, ContentError, UserError, WorkspaceError, nearest

if TYPE_CHECKING:
    from virker.claims.edition import Edition
    from virker.language import Said
    from virker.workspace import Workspace

_FORMATS = ("text", "newsletter", "markdown", "json")
_DAY_OR_YEAR = re.compile(r"\d{4}(?:-\d\d-\d\d)?")


def diff(
    since: str = typer.Argument(
        metavar="REV|DATE|YEAR", help="A git revision (the workspace as committed), a day (the bank as it stood) or a year (its literature)."
    ),
    to: str | None = typer.Option(None, "--to", help="The later state, named the same way (default: the workspace as it is now).", show_default=False),
    format: str = typer.Option("text", "--format", help="text, newsletter, markdown (a comment for a merge request) or json."),
    fail_on_fall: bool = typer.Option(False, "--fail-on-fall", help="Exit 1 when a claim stands weaker than it did."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Tell what came, went or changed since then, which claims and verdicts moved, and because of which findings."""
    from virker.claims.diff import difference
    from virker.claims.diffreport import as_json, text
    from virker.claims.newsletter import merge_comment, newsletter
    from virker.workspace import Workspace

    speak = language(lang)
    if format not in _FORMATS:
        raise UserError(f"'{format}' is no format\n    → {nearest(format, _FORMATS)} Use {', '.join(_FORMATS)}")
    found = Workspace.find(folder(workspace))
    with _state(found, since) as (before, was), _state(found, to) as (after, now):
        told = difference(before, after)
        shown = {"text": text, "newsletter": newsletter, "markdown": merge_comment}
        typer.echo(as_json(told, was, now) if format == "json" else shown[format](told, was, now, speak))
    if fail_on_fall and told.fell:
        raise ClaimsFell(f"{len(told.fell)} claims stand weaker: {', '.join(c.claim.id for c in told.fell[:5])}\n    → virker explain CLAIM tells why")


@contextmanager
def _state(workspace: Workspace, name: str | None) -> Iterator[tuple[Edition, Said]]:
    """The workspace as it was then, checked, and how a reader is told of it."""
    from virker.claims.diffwords import moment
    from virker.claims.edition import load_edition
    from virker.history import at_revision
    from virker.language import Said

    if name is None or _DAY_OR_YEAR.fullmatch(name):
        as_of = day_or_year(name)
        yield load_edition(workspace, as_of=as_of, notes=False), moment(as_of)
        return
    with at_revision(workspace, name) as (then, revision):
        try:
            edition = load_edition(then, notes=False, cache=False)
        except (ContentError, WorkspaceError) as error:
            raise UserError(f"the workspace of {name} ({revision.short}) cannot be read by this version of virker:\n{error}") from None
        told = f"{revision.short} ({revision.day}: {revision.subject})"
        yield edition, Said(told, told)
