"""``virker fragility``: what would flip a claim or a verdict?"""

from __future__ import annotations

from pathlib import Path

import typer

from virker.cli.options import Lang, day_or_year, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import UserError, nearest

#: Without names, so many of the most fragile claims are told.
SHOWN = 25


def fragility(
    claims: list[str] | None = typer.Argument(None, help="Ids of claims to tell in full; none: the most fragile of all.", show_default=False),
    all_: bool = typer.Option(False, "--all", help="A line for every claim, most fragile first."),
    rule_set: str | None = typer.Option(None, "--rule-set", help="Judge the verdicts under the claims by this rule set, or by all.", show_default=False),
    as_of: str | None = typer.Option(None, "--as-of", help="A day (the bank as it stood) or a year (the literature up to then).", show_default=False),
    format: str = typer.Option("text", "--format", help="text or json."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Tell what would flip a claim: the fewest studies whose removal changes its status, and what one more study would have to show."""
    from virker.claims.edition import load_edition
    from virker.claims.fragility import claim_fragilities
    from virker.claims.fragility_report import full_text, json_text, list_text
    from virker.synthesis import judging
    from virker.synthesis import rule_set as named
    from virker.workspace import Workspace

    speak = language(lang)
    if format not in ("text", "json"):
        raise UserError(f"'{format}' is no format\n    → {nearest(format, ['text', 'json'])} Use text or json")
    if claims and all_:
        raise UserError("name claims or say --all, not both\n    → virker fragility CLAIM …, or virker fragility --all")
    edition = load_edition(Workspace.find(folder(workspace)), as_of=day_or_year(as_of), notes=False)
    unknown = [c for c in claims or [] if c not in edition.by_id]
    if unknown:
        raise UserError("\n".join(f"there is no claim '{c}'\n    → {nearest(c, edition.by_id)}" for c in unknown))
    judges = () if rule_set is None else tuple(judging()) if rule_set == "all" else (named(rule_set).id,)
    found = claim_fragilities(edition, tuple(dict.fromkeys(claims)) if claims else None, judges)
    if format == "json":
        typer.echo(json_text(found), nl=False)
    elif claims:
        typer.echo("\n\n".join(full_text(f, edition.bank, speak) for f in found))
    else:
        typer.echo(list_text(found, edition.bank, speak, None if all_ else SHOWN))
