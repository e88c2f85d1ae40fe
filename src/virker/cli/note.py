"""``virker note import FILE``, and what ``virker check FILE`` does: a note that somebody brings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import ClaimsFell, UserError, nearest

if TYPE_CHECKING:
    from virker.annotate.annotation import Annotated
    from virker.claims.edition import Edition
    from virker.language import Language

app = typer.Typer(help="A note of your own: import.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """A note of your own: import."""


@app.command("import")
def import_note(
    file: Path = typer.Argument(help="The note: .txt, .md, .docx or .pdf."),
    out: Path = typer.Option(Path("imported"), "--out", help="The folder to write; files of an earlier import in it are replaced."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Read a note: numbered sentences, citations matched to the bank, and a draft of the claims it makes. Nothing of the workspace is changed."""
    from virker.annotate.told import citation_lines
    from virker.annotate.written import citations_text, claims_toml, import_summary, sentences_toml
    from virker.files import write_file

    speak: Language = "da" if language(lang) == "da" else "en"
    note, edition = read(file, workspace)
    write_file(out / "sentences.toml", sentences_toml(note))
    write_file(out / "claims.toml", claims_toml(note))
    write_file(out / "citations.txt", citations_text(note, edition.bank, speak))
    typer.echo(f"{file.name}: {import_summary(note, speak)}")
    typer.echo("\n".join(citation_lines(note, edition.bank, speak)))
    typer.echo(f"{out}: sentences.toml, claims.toml, citations.txt")


def statuses(given: list[str]) -> tuple[str, ...]:
    """The statuses named; one that is none is an error."""
    from virker.claims.records import STATUSES

    problems = [f"'{g}' is no status\n    → {nearest(g, STATUSES)} The statuses are: {', '.join(STATUSES)}" for g in given if g not in STATUSES]
    if problems:
        raise UserError("\n".join(problems))
    return tuple(given)


def annotate(file: Path, out: Path | None, speak: str, workspace: Path | None, as_of: date | int | None = None, fail_on: tuple[str, ...] = ()) -> None:
    """Write the annotated note as HTML and Word, and tell in a few lines how it came out.

    Raises :class:`ClaimsFell` (exit code 1) when a sentence has a status of ``fail_on``; one whose reading is unsure never does.
    """
    from virker.annotate.told import summary
    from virker.errors import MissingExtra
    from virker.files import write_file

    try:
        import jinja2  # noqa: F401

        from virker.annotate.page import annotated_html
        from virker.annotate.word import annotated_docx
    except ImportError:  # pragma: no cover - installed with the tests
        raise MissingExtra("note", "Annotating a note") from None

    spoken: Language = "da" if speak == "da" else "en"
    note, edition = read(file, workspace, as_of)
    target = out or file.parent
    title = edition.workspace.settings.title_da if spoken == "da" else edition.workspace.settings.title_en
    page, word = target / f"{file.stem}.annotated.html", target / f"{file.stem}.annotated.docx"
    write_file(page, annotated_html(note, edition.bank, spoken, title))
    write_file(word, annotated_docx(note, edition.bank, spoken))
    typer.echo(summary(note, edition.bank, spoken))
    typer.echo(f"\n{page}\n{word}")
    found = [a for a in note.annotations if a.status in fail_on and a.sure != "unsure"]
    if found:
        named = ", ".join(f"{a.sentence.id} ({a.status})" for a in found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
        raise ClaimsFell(f"{len(found)} sentences are as --fail-on names: {named}\n    → open the page and press their signs to see why")


def read(file: Path, workspace: Path | None, as_of: date | int | None = None) -> tuple[Annotated, Edition]:
    """The note at ``file``, annotated with the workspace; the note is read first, so that a file that cannot be is told at once."""
    from virker.annotate import annotate_note, read_brought
    from virker.claims.edition import load_edition
    from virker.workspace import Workspace

    brought = read_brought(file)
    edition = load_edition(Workspace.find(folder(workspace)), as_of=as_of, notes=False)
    return annotate_note(brought, edition), edition
