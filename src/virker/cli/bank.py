"""``virker bank …``: validate, query, show, export, new, schema; todo and read are in ``todo.py``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli import todo
from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import QueryError, UserError, nearest

if TYPE_CHECKING:
    from virker.bank import Bank, Query
    from virker.vocabulary import Kind
    from virker.workspace import Workspace

app = typer.Typer(help="The evidence bank: validate, query, show, export.", no_args_is_help=True, rich_markup_mode=None)
app.command("todo")(todo.todo)
app.command("read")(todo.read)


def _load(workspace: Path | None) -> tuple[Bank, Workspace]:
    from virker.bank import load_bank
    from virker.workspace import Workspace

    found = Workspace.find(folder(workspace))
    return load_bank(found.bank, found.root, cache=found.cache), found


@app.command()
def validate(lang: str | None = Lang, workspace: Path | None = WorkspaceOption) -> None:
    """Read and validate every file of the bank; all problems are told at once."""
    from virker.synthesis.external import load_external

    bank, found = _load(workspace)
    load_external(found.bank / "external", found.root, bank)
    said = {
        "da": f"Banken er i orden: {len(bank.studies)} studier, {len(bank.rows)} resultater.",
        "en": f"The bank is sound: {len(bank.studies)} studies, {len(bank.rows)} findings.",
    }
    typer.echo(said[language(lang)])


@app.command()
def query(
    intervention: list[str] = typer.Option([], "--intervention", "-i", help="A measure, with everything below it. May be given more than once."),
    outcome: list[str] = typer.Option([], "--outcome", "-o", help="An outcome, with everything below it."),
    target_group: list[str] = typer.Option([], "--target-group", "-g", help="A target group, with everything below it."),
    contrast: str = typer.Option("on", "--contrast", help="Which way the question turns the measure: on (as more) or less."),
    country: list[str] = typer.Option([], "--country", help="An ISO code: DK."),
    min_maryland: int | None = typer.Option(None, "--min-maryland", help="Only designs at this Maryland level or above.", show_default=False),
    year_from: int | None = typer.Option(None, "--year-from", help="Studies published from this year on.", show_default=False),
    year_to: int | None = typer.Option(None, "--year-to", help="Studies published up to this year.", show_default=False),
    rule_set: str | None = typer.Option(None, "--rule-set", help="Only this rule set; default: all, side by side.", show_default=False),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Ask the bank: the verdict of every rule set on what is selected, and the evidence behind it."""
    from virker.bank import Query
    from virker.synthesis import evidence_units, judging, verdict_on
    from virker.synthesis import rule_set as named
    from virker.synthesis.report import verdict_text

    bank, _ = _load(workspace)
    asked = Query(
        intervention=tuple(intervention),
        outcome=tuple(outcome),
        target_group=tuple(target_group),
        contrast=contrast,  # type: ignore[arg-type]  # one of three: check_terms sees to it
        country=tuple(country),
        min_maryland=min_maryland,
        year_from=year_from,
        year_to=year_to,
    )
    check_terms(bank, asked)
    units = evidence_units(bank, bank.select(asked), asked)
    for rules in [named(rule_set)] if rule_set else judging().values():
        typer.echo(verdict_text(verdict_on(units, rules), rules, language(lang)) + "\n")


def check_terms(bank: Bank, asked: Query) -> None:
    """Nothing where every term of the query is known; raises :class:`QueryError`, which names all that are not."""
    problems = []
    if asked.contrast not in ("on", "more", "less"):
        problems.append(f"'{asked.contrast}' is no way to turn a measure\n    → --contrast on, more or less")
    fields: tuple[tuple[str, Kind], ...] = (
        ("intervention", "interventions"),
        ("outcome", "outcomes"),
        ("target_group", "target_groups"),
        ("country", "countries"),
    )
    for field, kind in fields:
        problems += [f"'{w}' is no term for {field}\n    → {bank.vocabulary.hint(kind, w)}" for w in getattr(asked, field) if w not in bank.vocabulary[kind]]
    if problems:
        raise QueryError("\n".join(problems))


@app.command()
def show(study: str = typer.Argument(help="The study's id."), lang: str | None = Lang, workspace: Path | None = WorkspaceOption) -> None:
    """Show a study: its reference, its findings, and where each was read."""
    from virker.bank.show import show as told

    bank, _ = _load(workspace)
    name = study.split("#", maxsplit=1)[0]
    if name not in bank.studies:
        raise QueryError(f"there is no study '{name}'\n    → {nearest(name, bank.studies)}")
    typer.echo(told(bank, bank.studies[name], language(lang)))


@app.command()
def export(
    path: Path = typer.Argument(help="The file to write: .csv, .xlsx, .parquet, .json (CSL), .bib or .ris."), workspace: Path | None = WorkspaceOption
) -> None:
    """Write the whole bank to a file; its ending names the format."""
    from virker.bank.export import export as written

    bank, _ = _load(workspace)
    written(bank, path)
    typer.echo(f"{path}: {len(bank.studies)} studies, {len(bank.rows)} findings")


@app.command()
def new(study: str = typer.Argument(help="The new study's id: authors, year, a letter where needed."), workspace: Path | None = WorkspaceOption) -> None:
    """Write the frame of a new study file, to be filled from the source."""
    from virker.bank.new import new_study
    from virker.workspace import Workspace

    path = new_study(Workspace.find(folder(workspace)).bank, study, date.today())
    typer.echo(f"{path}\n    → fill it in, then: virker bank validate")


@app.command()
def schema(kind: str = typer.Argument("study", help="study, trial or correction.")) -> None:
    """Print the JSON Schema of a file, for editors that check while one writes."""
    import msgspec

    from virker.bank.schema import KINDS
    from virker.bank.schema import schema as made

    if kind not in KINDS:
        raise UserError(f"'{kind}' has no schema\n    → {nearest(kind, KINDS)} There are: {', '.join(KINDS)}")
    typer.echo(msgspec.json.format(msgspec.json.encode(made(kind)), indent=2).decode())
