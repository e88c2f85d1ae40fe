"""``virker practice``: what now, for this person? One file for each calculator."""

from __future__ import annotations

import typer

from virker.cli import meetings

app = typer.Typer(name="practice", help="For one person, on a day: the law, line by line, and what the evidence adds. A person decides.", no_args_is_help=True)
app.command("samtaler")(meetings.samtaler)
