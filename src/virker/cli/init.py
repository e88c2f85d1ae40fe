"""``virker init``: a workspace of one's own."""

from __future__ import annotations

from pathlib import Path

import typer


def init(
    folder: Path = typer.Argument(help="The folder to make; it must be empty or not exist."),
    empty: bool = typer.Option(
        False, "--empty", help="Only the vocabulary, one example study, one claim and a short note, instead of the whole Danish workspace."
    ),
) -> None:
    """Make a workspace: a copy of the Danish one, or an empty one with an example."""
    from virker.start import make_workspace

    count = make_workspace(folder, empty=empty)
    typer.echo(f"{folder}: {count} files\n    → cd {folder} && virker check")
