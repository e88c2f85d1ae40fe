"""``virker bank …``: validate, query, show, export, new, schema."""

from __future__ import annotations

from pathlib import Path

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption

app = typer.Typer(help="The evidence bank: validate, query, show, export.", no_args_is_help=True, rich_markup_mode=None)


def _load(workspace: Path | None):  # type: ignore[no-untyped-def]
    from virker.bank import load_bank
    from virker.workspace import Workspace

    found = Workspace.find(folder(workspace))
    return load_bank(found.bank, found.root, cache=found.root / ".virker" / "bank.cache")


@app.command()
def validate(lang: str = Lang, workspace: Path = WorkspaceOption) -> None:
    """Read and validate every file of the bank; all problems are told at once."""
    bank = _load(workspace)
    said = {"da": f"Banken er i orden: {len(bank.studies)} studier, {len(bank.rows)} resultater.", "en": f"The bank is sound: {len(bank.studies)} studies, {len(bank.rows)} findings."}
    typer.echo(said[language(lang)])
