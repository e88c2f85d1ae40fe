"""``virker practice samtaler``: the schedule of meetings for a person."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import UserError, nearest

#: Lines longer than this are hard to read, however wide the terminal.
_WIDEST = 160


def samtaler(
    registered: str = typer.Argument(help="The date of registration (for social assistance: of first contact), such as 2026-09-01."),
    group: str = typer.Argument(help="insured, insured-referred, job-ready, section-6-3-5 or section-6-7-10 (dagpenge, dagpenge-henvist, jobparat, …)."),
    held: list[str] = typer.Option([], "--held", help="A meeting that was held, DATE:by; by is a-kasse, jobcentre or joint. Repeat it for more."),
    on: str | None = typer.Option(None, "--on", help="The day it is seen from: its law, and what has passed then (default: today).", show_default=False),
    placement: str = typer.Option(
        "even", "--placement", help="How suggestions are placed: even (no longer pause than needed) or fortnightly (every other week)."
    ),
    ics: Path | None = typer.Option(None, "--ics", help="Also write suggestions and last days to this file, as iCalendar.", show_default=False),
    series: str = typer.Option("", "--series", help="With --ics: a word that tells two people's calendars apart. Never a name or a CPR number."),
    format: str = typer.Option("text", "--format", help="text or json."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Plan the job meetings of one person: the law's windows, suggested dates inside them, and what the evidence adds."""
    from virker.claims.edition import load_edition
    from virker.files import write_file
    from virker.practice import calendar, samtaler, samtaler_asked, samtaler_data, samtaler_told
    from virker.practice.holidays import danish_holidays
    from virker.workspace import Workspace

    speak = language(lang)
    if format not in ("text", "json"):
        raise UserError(f"'{format}' is no format\n    → {nearest(format, ['text', 'json'])} Use text or json")
    if calendar.looks_personal(series):
        raise UserError("--series looks like a CPR number\n    → use a word that tells nothing of the person, such as A or blue")
    edition = load_edition(Workspace.find(folder(workspace)), notes=False)
    asked = samtaler_asked.read_asked(registered, group, on, held, placement, edition.rules, date.today())
    answer, schedule = samtaler.plan_meetings(asked, edition, danish_holidays(asked.registered.year, max(asked.on.year, asked.registered.year + 2)))
    if ics is not None:
        write_file(ics, calendar.ics(schedule, speak, series))
    if format == "json":
        typer.echo(samtaler_data.schedule_json(answer, schedule), nl=False)
        return
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    typer.echo(samtaler_told.schedule_text(answer, schedule, edition.rules.schemes["samtaler"], speak, width))
    if ics is not None:
        typer.echo(f"\n{ics}")
