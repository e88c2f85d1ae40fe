"""``virker rules …``: list, show, cases: what the law says on a day, and the cases that test it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import UserError, nearest

if TYPE_CHECKING:
    from virker.rules import Rules
    from virker.workspace import Workspace

app = typer.Typer(help="Dated law: what it says on a day, and the cases that test it.", no_args_is_help=True, rich_markup_mode=None)

On = typer.Option(None, "--on", help="The day, as 2024-03-01 (default: today).", show_default=False)
Format = typer.Option("text", "--format", help="text or json.")


def rules_of(workspace: Path | None) -> tuple[Rules, Workspace]:
    """The dated law of the workspace."""
    from virker.rules import load_rules
    from virker.workspace import Workspace

    found = Workspace.find(folder(workspace))
    return load_rules(found.rules, found.root), found


def day_of(text: str | None, option: str = "--on") -> date:
    """The day asked for; today where none is."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is no day\n    → write the year, the month and the day: {option} 2024-03-01") from None


def width() -> int:
    """How wide a line may be: the terminal, and never so wide that it is hard to read."""
    from virker.rules.show import WIDEST

    return min(shutil.get_terminal_size().columns, WIDEST)


def check_format(format: str) -> None:
    """Nothing where the format is known; raises :class:`UserError` otherwise."""
    if format not in ("text", "json"):
        raise UserError(f"'{format}' is no format\n    → {nearest(format, ['text', 'json'])} Use text or json")


def json_text(data: Any) -> str:
    """Data as indented JSON; days as 2024-03-01."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


@app.command("list")
def list_(on: str | None = On, format: str = Format, lang: str | None = Lang, workspace: Path | None = WorkspaceOption) -> None:
    """List the schemes: how many values each has, and what stands on the day."""
    check_format(format)
    day, speak = day_of(on), language(lang)
    rules, _ = rules_of(workspace)
    if format == "json":
        from virker.rules.data import list_data

        typer.echo(json_text(list_data(rules, day)))
        return
    from virker.rules.show import list_text

    typer.echo(list_text(rules, day, speak))


@app.command()
def show(
    scheme: str = typer.Argument(help="The scheme's id: virker rules list names them."),
    on: str | None = On,
    format: str = Format,
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Show a scheme as it stands on a day: every value with its unit, days, status and section, what is beside it, and what was not found."""
    check_format(format)
    day, speak = day_of(on), language(lang)
    rules, _ = rules_of(workspace)
    if format == "json":
        from virker.rules.data import scheme_data

        typer.echo(json_text(scheme_data(rules, scheme, day)))
        return
    from virker.rules.show import scheme_text

    typer.echo(scheme_text(rules, scheme, day, speak, width()))


@app.command()
def cases(
    scheme: str | None = typer.Argument(None, help="Only the cases of this scheme.", show_default=False),
    format: str = Format,
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Run the cases that test the law: each is told in words, with its section and source; exit code 1 where one does not hold."""
    from virker.practice.cases import cases_data, cases_text, run_cases
    from virker.rules.cases import load_cases

    check_format(format)
    speak = language(lang)
    rules, found = rules_of(workspace)
    book = load_cases(found.rules / "cases", rules, found.root)
    if scheme is not None:
        rules.scheme(scheme)
        book = {name: many for name, many in book.items() if name == scheme}
    if not book:
        raise UserError("there are no cases\n    → write them in rules/cases/SCHEME.toml: the page on dated law shows how")
    results = run_cases(book, rules)
    typer.echo(json_text(cases_data(results)) if format == "json" else cases_text(results, rules, speak, width()))
    if not all(r.holds for r in results):
        raise typer.Exit(1)
