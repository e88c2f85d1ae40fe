"""The ``virker`` command: its options, its groups, and how errors are shown."""

from __future__ import annotations

import sys

import typer

from virker import __version__
from virker.cli import bank, build, card, check, compare, diff, fragility, init, meta, note, overlap, plan, practice, rules, scale, serve
from virker.errors import UserError

app = typer.Typer(
    name="virker",
    help="Evidence on employment policy that runs: claims are tests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("build")(build.build)
app.command("check")(check.check)
app.command("compare")(compare.compare)
app.command("explain")(check.explain)
app.command("fragility")(fragility.fragility)
app.command("attest")(check.attest)
app.command("diff")(diff.diff)
app.command("init")(init.init)
app.command("meta")(meta.meta)
app.command("plan")(plan.plan)
app.command("scale")(scale.scale)
app.command("serve")(serve.serve)
bank.app.command("overlap")(overlap.overlap)
app.add_typer(bank.app, name="bank")
app.add_typer(card.app, name="card")
app.add_typer(note.app, name="note")
app.add_typer(practice.app, name="practice")
app.add_typer(rules.app, name="rules")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"virker {__version__}")
        raise typer.Exit


@app.callback()
def _options(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version.")) -> None:
    """Evidence on employment policy that runs: claims are tests."""


def main() -> None:
    """Run the command line; an error of the user's is told in words, with its exit code."""
    try:
        app()
    except UserError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
