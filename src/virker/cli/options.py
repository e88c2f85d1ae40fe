"""Options that several commands share."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import typer

from virker.errors import UserError

Workspace = typer.Option(None, "--workspace", "-w", help="The workspace (default: the one around the current folder).", show_default=False)
Lang = typer.Option(None, "--lang", help="da or en (default: VIRKER_LANG, else da where the locale is Danish, else en).", show_default=False)


def language(wanted: str | None) -> str:
    """The language to speak: as asked, else as the environment says, else English."""
    if wanted is not None and wanted not in ("da", "en"):
        raise UserError(f"'{wanted}' is no language that virker speaks\n    → --lang da or --lang en")
    if wanted:
        return wanted
    told = os.environ.get("VIRKER_LANG") or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "da" if told.casefold().startswith("da") else "en"


def day_or_year(text: str | None) -> date | int | None:
    """``2026-11-22`` as a day, ``2015`` as a year; anything else is told as an error."""
    if text is None:
        return None
    if re.fullmatch(r"\d{4}", text):
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is neither a day nor a year\n    → write 2026-11-22 (the bank as it stood) or 2015 (the literature up to then)") from None


def folder(path: Path | None) -> Path | None:
    """The folder to start looking for a workspace in."""
    if path is not None and not path.exists():
        raise UserError(f"there is no folder '{path}'\n    → check --workspace")
    return path
