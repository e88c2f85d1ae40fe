"""``virker meta``: what do the numbers of a file add up to?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, language
from virker.errors import UserError
from virker.language import Said

if TYPE_CHECKING:
    from virker.cli.own_data.analysis import Analysis


def meta(
    file: Path = typer.Argument(..., help="A table with a line for each estimate: .csv, .tsv, .txt, .xlsx or .parquet.", show_default=False),
    column: list[str] = typer.Option([], "--column", "-c", help="ROLE=COLUMN, such as estimate=effekt; guessed from the names otherwise. Roles: estimate, variance, se, low, high, t, p, df, events1, n1, mean1, sd1 …", show_default=False),
    measure: str | None = typer.Option(None, "--measure", "-m", help="What raw numbers become: smd, log-odds-ratio, risk-difference, fisher-z … or metafor's SMD, OR, RD, ZCOR …", show_default=False),
    ratio: bool = typer.Option(False, "--ratio", help="The printed estimates and intervals are ratios; their logarithms are pooled."),
    method: str = typer.Option("reml", "--method", help="Estimator of the variance between studies, or common."),
    test: str | None = typer.Option(None, "--test", help="z, t, knapp-hartung, or adhoc (Knapp-Hartung, never narrower than without; the default). With --study the tests are always CR2.", show_default=False),
    level: float = typer.Option(0.95, "--level", help="Confidence level."),
    mods: str | None = typer.Option(None, "--mods", help="Columns of moderators, with commas between.", show_default=False),
    study: str | None = typer.Option(None, "--study", "--cluster", help="Column that says which estimates are from one study: a three-level model with cluster-robust errors (CR2).", show_default=False),
    rho: float | None = typer.Option(None, "--rho", help="Correlation of the sampling errors of two estimates of one study.", show_default=False),
    by: str | None = typer.Option(None, "--by", help="Column of subgroups.", show_default=False),
    label: str | None = typer.Option(None, "--label", help="Column of the estimates' names.", show_default=False),
    unit: str | None = typer.Option(None, "--unit", help="Column that tells each estimate's unit; different units are refused.", show_default=False),
    predict: list[str] = typer.Option([], "--predict", help="The effect at values of the moderators: year=2010,design=rct. May be repeated.", show_default=False),
    transform: str | None = typer.Option(None, "--transform", help="How numbers are shown: exp, tanh, logistic, percent or none; by the measure otherwise.", show_default=False),
    bias: bool = typer.Option(False, "--bias", help="Tests and models of missing results (publication bias)."),
    influence: bool = typer.Option(False, "--influence", help="What each estimate does to the model."),
    leave_one_out: bool = typer.Option(False, "--leave-one-out", help="The mean without each estimate in turn."),
    cumulative: str | None = typer.Option(None, "--cumulative", help="The mean as estimates are added, in the order of this column (a year, for instance).", show_default=False),
    forest: Path | None = typer.Option(None, "--forest", help="Draw a forest plot into this file: .svg, .png or .pdf.", show_default=False),
    funnel: Path | None = typer.Option(None, "--funnel", help="Draw a funnel plot into this file.", show_default=False),
    width: int = typer.Option(760, "--width", help="Width of the drawings in pixels."),
    report: Path | None = typer.Option(None, "--report", help="Write everything, with its drawings, as one page of HTML.", show_default=False),
    format: str = typer.Option("text", "--format", help="text, json, csv or html."),
    lang: str | None = Lang,
) -> None:  # fmt: skip
    """Meta-analyse the estimates in a file of your own: pool, compare, look for what is missing, draw and report."""
    from virker.synthesis.extras import needed

    speak = language(lang)
    needed("meta", Said("Metaanalyse", "Meta-analysis")[speak])
    from virker.cli.own_data.analysis import analyse
    from virker.cli.own_data.asked import Asked
    from virker.cli.own_data.faults import refuse
    from virker.cli.own_data.options import wrong_options
    from virker.cli.own_data.table import read_table

    asked = Asked(
        roles=_roles(column, speak), measure=measure, ratio=ratio, method=method, test=test, level=level, mods=_names(mods), study=study, rho=rho, by=by,
        label=label, unit=unit, predict=tuple(predict), transform=transform, bias=bias, influence=influence, leave_one_out=leave_one_out,
        cumulative=cumulative,
    )  # fmt: skip
    refuse("virker meta", wrong_options(asked, format, [path for path in (forest, funnel) if path], width), speak)
    analysis = analyse(read_table(file, speak), asked, speak)
    files = _files(analysis, speak, forest, funnel, report, width)
    typer.echo(_shown(analysis, format, speak), nl=format != "html")
    for path in files:
        typer.echo(Said(f"skrevet: {path}", f"written: {path}")[speak], err=True)


def _files(analysis: Analysis, speak: str, forest: Path | None, funnel: Path | None, report: Path | None, width: int) -> list[Path]:
    """Make the content of all files, then write them: an error leaves none behind."""
    from virker.cli.own_data.drawings import draw
    from virker.files import write_file

    made: dict[Path, bytes] = {}
    for kind, path in (("forest", forest), ("funnel", funnel)):
        if path is not None:
            made[path] = draw(analysis, kind, speak, width).as_bytes(path.suffix.lower())
    if report is not None:
        from virker.cli.own_data.report import report as page

        made[report] = page(analysis, speak).encode()
    for path, content in made.items():
        write_file(path, content)
    return list(made)


def _shown(analysis: Analysis, format: str, speak: str) -> str:
    from virker.cli.own_data.report import report as page
    from virker.cli.own_data.shown import as_csv, as_json, as_text

    if format == "html":
        return page(analysis, speak)
    if format == "csv":
        return as_csv(analysis).rstrip("\n")
    return as_json(analysis) if format == "json" else as_text(analysis, speak)


def _roles(columns: list[str], speak: str) -> dict[str, str]:
    roles = {}
    for text in columns:
        role, mark, name = text.partition("=")
        if not mark or not role.strip() or not name.strip():
            raise UserError(Said(f"'{text}' er ikke ROLLE=KOLONNE\n    → skriv fx --column estimate=effekt", f"'{text}' is not ROLE=COLUMN\n    → write for instance --column estimate=effect")[speak])  # fmt: skip
        roles[role.strip()] = name.strip()
    return roles


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip()) if text else ()
