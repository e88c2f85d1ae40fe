"""``virker bank todo`` and ``virker bank read``: from unread to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import ContentError, Problem, UserError, nearest
from virker.language import Said

if TYPE_CHECKING:
    from virker.bank.upgrade import Upgrade
    from virker.claims.edition import Edition

_FORMATS = ("text", "json", "csv")


def todo(
    format: str = typer.Option("text", "--format", help="text, json, or csv (for a library)."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Tell which works must be got and read, what to look for in each, and which claims hang on it."""
    from virker.claims.edition import load_edition
    from virker.claims.unread import works_to_read
    from virker.claims.unread_report import todo_csv, todo_json, todo_text
    from virker.publish.references import references
    from virker.workspace import Workspace

    speak = language(lang)
    if format not in _FORMATS:
        raise UserError(f"'{format}' is no format\n    → {nearest(format, _FORMATS)} Use text, json or csv")
    edition = load_edition(Workspace.find(folder(workspace)), notes=False)
    works = works_to_read(edition.checks, edition.bank)
    cited = {name: r.text for name, r in references(edition.bank, (w.study.id for w in works), speak).items()}
    if format == "csv":
        typer.echo(todo_csv(works, cited, speak), nl=False)
    elif format == "json":
        typer.echo(todo_json(works, cited, edition.bank.vocabulary), nl=False)
    else:
        typer.echo(todo_text(works, cited, edition.bank.vocabulary, speak))


def read(
    finding: str | None = typer.Argument(None, help="The finding to read nearer: study#number. Writes a form.", show_default=False),
    out: Path | None = typer.Option(None, "--out", help="Where to write the form (default: inbox/ of the workspace).", show_default=False),
    apply: Path | None = typer.Option(None, "--apply", help="A filled-in form: adds the reading to the bank.", show_default=False),
    dry_run: bool = typer.Option(False, "--dry-run", help="With --apply: tell what would happen, and write nothing."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Write a form for reading a finding in its source, or apply one: the old finding stays, superseded; tells which claims turn."""
    speak = language(lang)
    if (finding is None) == (apply is None) or (apply and out) or (dry_run and not apply):
        raise UserError(
            "say either which finding to read, or which form to apply\n    → virker bank read STUDY#N [--out FORM], then virker bank read --apply FORM [--dry-run]"
        )
    if finding is not None:
        _write(finding, out, workspace, speak)
    elif apply is not None:
        _apply(apply, dry_run, workspace, speak)


def _write(finding: str, out: Path | None, workspace: Path | None, speak: str) -> None:
    from virker.bank import load_bank
    from virker.bank.form import write_form
    from virker.files import write_file
    from virker.workspace import Workspace

    found = Workspace.find(folder(workspace))
    form = write_form(load_bank(found.bank, found.root, cache=found.cache), finding)
    path = out or found.root / "inbox" / f"read-{finding.replace('#', '-')}.toml"
    if path.exists():
        raise UserError(f"the form exists: {path}\n    → fill it in, or name another file: --out FORM")
    write_file(path, form)
    typer.echo(
        f"{path}\n    → "
        + Said(f"udfyld det fra kilden, og så: virker bank read --apply {path}", f"fill it in from the source, then: virker bank read --apply {path}")[speak]
    )


def _apply(form: Path, dry_run: bool, workspace: Path | None, speak: str) -> None:
    from virker.bank.reading import read_form
    from virker.bank.upgrade import upgrade
    from virker.claims.edition import load_edition
    from virker.claims.turned import turned, turned_text
    from virker.files import read_text
    from virker.workspace import Workspace

    found = Workspace.find(folder(workspace))
    problems: list[Problem] = []
    text = read_text(form, str(form), problems)
    if text is None:
        raise ContentError(problems)
    edition = load_edition(found)
    change = upgrade(read_form(text, str(form), edition.bank, date.today()), found.bank, found.root)
    after = turned(edition, change.bank(edition.bank))
    if not dry_run:
        change.write()
    for line in (*_head(change, dry_run, speak), turned_text(after, speak), *_tail(change, edition, speak)):
        typer.echo(line)


def _head(change: Upgrade, dry_run: bool, speak: str) -> Iterator[str]:
    if dry_run:
        yield Said("Prøvekørsel: intet er skrevet.", "Dry run: nothing was written.")[speak]
    yield (
        f"{change.shown}: "
        + Said(f"{change.new} er en nærmere læsning af {change.old}, som bliver stående.", f"{change.new} is a nearer reading of {change.old}, which stays.")[
            speak
        ]
    )


def _tail(change: Upgrade, edition: Edition, speak: str) -> Iterator[str]:
    """What a person must still do: places that name the old finding, what the file says is unverified, the conversion record."""
    from virker.bank.upgrade import lines_naming

    root = edition.workspace.root
    if named := list(lines_naming(root, change.old)):
        yield Said(
            f"Linjer, der nævner {change.old} (ret dem til {change.new}, hvor den nye læsning menes):",
            f"Lines that name {change.old} (make it {change.new} where the new reading is meant):",
        )[speak]
        yield from (f"  {n.path}:{n.line}: {n.text}" for n in named)
    unsure = [*change.study.unverified, *([change.study.incomplete_because] if change.study.incomplete_because else [])]
    if unsure:
        yield Said("Det står stadig i studiets fil; slet, hvad læsningen har afgjort:", "Still in the study's file; delete what the reading has settled:")[
            speak
        ]
        yield from (f"  · {part}" for part in unsure)
    record = edition.workspace.bank / "conversion" / "own-reading.csv"
    if record.exists():
        yield Said(f"Tilføj en linje om {change.new} i {record.relative_to(root)}.", f"Add a line on {change.new} to {record.relative_to(root)}.")[speak]
