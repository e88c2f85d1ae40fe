"""``virker plan``: what would a mix of measures give, and cost?"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import MissingExtra, UserError, nearest

FORMATS = ("text", "json", "csv")


def plan(
    scenario: Path = typer.Argument(help="A scenario (.toml): for whom, which measures, what there is of staff and places, at what prices."),
    out: Path | None = typer.Option(
        None, "--out", help="A folder to write the report to: HTML, PDF and Word in both languages, and the weeks as CSV.", show_default=False
    ),
    format: str = typer.Option("text", "--format", help="text, json, or csv (the weeks)."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Work out a plan: people in work by week, who pays, what it hangs on. Effects are the bank's; the other figures are yours."""
    speak = language(lang)
    if format not in FORMATS:
        raise UserError(f"'{format}' is no format\n    → {nearest(format, FORMATS)} Use {', '.join(FORMATS)}")
    if find_spec("numpy") is None:
        raise MissingExtra("plan", "working out a plan")
    from virker.bank import load_bank
    from virker.plan.answers import answers_of
    from virker.plan.read import read_scenario
    from virker.plan.report import weeks_csv, write_report
    from virker.plan.summary import data, text
    from virker.rules import load_rules
    from virker.workspace import Workspace

    if out is not None:
        from virker.publish.build import require_note_extra

        require_note_extra()
    found = Workspace.find(folder(workspace))
    bank, rules = load_bank(found.bank, found.root, cache=found.cache), load_rules(found.rules, found.root)
    answers = answers_of(read_scenario(scenario, bank, rules), bank, rules, found.settings.rule_set)
    if out is not None:
        for path in write_report(answers, bank, out):
            typer.echo(path)
    elif format == "csv":
        typer.echo(weeks_csv(answers.worked), nl=False)
    elif format == "json":
        import json

        typer.echo(json.dumps(data(answers), ensure_ascii=False, indent=2))
    else:
        typer.echo(text(answers, speak))
