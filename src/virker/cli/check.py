"""``virker check``, ``virker explain``, ``virker attest``: do the sentences hold?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, day_or_year, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import ClaimsFell, UserError, nearest

if TYPE_CHECKING:
    from virker.claims.edition import Edition


def check(
    file: Path | None = typer.Argument(None, help="A note of your own (.txt, .md, .docx, .pdf): writes it annotated, as HTML and Word.", show_default=False),
    out: Path | None = typer.Option(None, "--out", help="With FILE: the folder to write (default: where the note is).", show_default=False),
    fail_on: list[str] = typer.Option([], "--fail-on", help="With FILE: exit 1 when a sentence surely has this status. May be given more than once."),
    note: str | None = typer.Option(None, "--note", help="Only the claims that this note's or card's text is bound to, and its text.", show_default=False),
    as_of: str | None = typer.Option(None, "--as-of", help="A day (the bank as it stood) or a year (the literature up to then).", show_default=False),
    format: str = typer.Option("text", "--format", help="text, summary, json or junit."),
    fix_numbers: bool = typer.Option(False, "--fix-numbers", help="Rewrite bound numbers that are wrong. Words are never touched."),
    self_test: bool = typer.Option(False, "--self-test", help="Turn the evidence of every claim round, and see that its status moves."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Test every claim against the bank. Exit 0: all as recorded. 1: a claim fell, or a note says what does not hold. 2: an error."""
    from virker.claims.edition import load_edition
    from virker.claims.report import json_report, junit_report, summary, text_report
    from virker.workspace import Workspace

    speak = language(lang)
    if file is not None:
        from virker.cli.note import annotate, statuses

        if note is not None or fix_numbers or self_test or format != "text":
            raise UserError(
                "with FILE only --out, --fail-on, --as-of, --lang and --workspace mean something\n    → leave out --note, --format, --fix-numbers and --self-test"
            )
        annotate(file, out, speak, workspace, day_or_year(as_of), statuses(fail_on))
        return
    if fail_on or out is not None:
        raise UserError("--out and --fail-on are for a note of your own\n    → virker check FILE --fail-on contradicted")
    if format not in ("text", "summary", "json", "junit"):
        raise UserError(f"'{format}' is no format\n    → {nearest(format, ['text', 'summary', 'json', 'junit'])} Use text, summary, json or junit")
    if as_of is not None and (fix_numbers or self_test):
        raise UserError("--fix-numbers and --self-test work on the bank as it is now\n    → leave out --as-of")
    found = Workspace.find(folder(workspace))
    edition = load_edition(found, as_of=day_or_year(as_of))
    if fix_numbers and (fixed := list(_fix(edition if note is None else _only(edition, note), edition))):
        typer.echo("\n".join(fixed), err=True)
        edition = load_edition(found)
    if note is not None:
        edition = _only(edition, note)
    if self_test:
        _self_test(edition, speak)
        return
    show = {"text": text_report, "summary": summary}
    typer.echo(
        show[format](edition, speak) if format in show else json_report(edition) if format == "json" else junit_report(edition, speak), nl=format in show
    )
    if any(c.status == "error" for c in edition.checks):
        raise typer.Exit(2)
    if as_of is None and (edition.fell or edition.note_problems):
        raise ClaimsFell(
            f"{len(edition.fell)} claims fell, and {len(edition.note_problems)} places in the notes do not fit.\n    → virker explain CLAIM tells why"
        )


def _self_test(edition: Edition, speak: str) -> None:
    from virker.claims.records import STATUS_LABELS
    from virker.claims.selftest import self_test
    from virker.language import Said

    trials = self_test(edition.checks, edition.bank, edition.rules, edition.workspace.settings.rule_set)
    stuck = [t for t in trials if not t.moved]
    moved, all_ = len(trials) - len(stuck), len(trials)
    said = Said(f"{moved} af {all_} påstande flyttede sig, da evidensen blev vendt.", f"{moved} of {all_} claims moved when their evidence was turned round.")
    typer.echo(said[speak])
    for trial in stuck:
        typer.echo(f"  ! {trial.claim}: {STATUS_LABELS[trial.before][speak]} → {STATUS_LABELS[trial.after][speak]}")
    if stuck:
        raise ClaimsFell(f"{len(stuck)} claims cannot fail: a claim that cannot fail is a defect.\n    → ask something of the evidence that it could deny")


def _fix(chosen: Edition, edition: Edition) -> Iterator[str]:
    """Rewrite the numbers of the chosen notes and cards, by all claims of the edition; what was rewritten, a line each."""
    from virker.claims.values import fix_numbers
    from virker.files import write_file

    for texts in chosen.texts.values():
        for text in texts.values():
            content, changed = fix_numbers(text, edition.by_id, edition.bank, edition.rules)
            if changed:
                write_file(text.path, content)
                yield from changed


def _only(edition: Edition, note: str) -> Edition:
    from dataclasses import replace

    if note not in edition.texts:
        raise UserError(f"there is no note or card '{note}'\n    → {nearest(note, edition.texts)} There are: {', '.join(edition.texts)}")
    texts = edition.texts[note].values()
    bound = {name for text in texts for s in text.spans for name in (s.claim, s.unknown) if name}
    paths = {t.shown for t in texts}
    return replace(
        edition,
        checks=tuple(c for c in edition.checks if c.claim.id in bound),
        notes={name: t for name, t in edition.notes.items() if name == note},
        cards={name: c for name, c in edition.cards.items() if name == note},
        note_problems=tuple(p for p in edition.note_problems if p.path in paths),
    )


def explain(
    claim: str = typer.Argument(help="The claim's id."),
    as_of: str | None = typer.Option(None, "--as-of", help="A day (the bank as it stood) or a year (the literature up to then).", show_default=False),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Tell why a claim came out as it did: its queries, the findings for and against, and the verdict."""
    from virker.claims.edition import load_edition
    from virker.claims.report import explain as told
    from virker.cli.numbers import numbers_under
    from virker.workspace import Workspace

    edition = load_edition(Workspace.find(folder(workspace)), as_of=day_or_year(as_of))
    if claim not in edition.by_id:
        raise UserError(f"there is no claim '{claim}'\n    → {nearest(claim, edition.by_id)}")
    speak, check = language(lang), edition.by_id[claim]
    typer.echo("\n".join([told(check, edition, speak), *numbers_under(check.claim, edition.bank, speak)]))


def attest(
    claims: list[str] | None = typer.Argument(None, help="Ids of the claims that were read; none: all that need re-reading.", show_default=False),
    by: str = typer.Option(..., "--by", help="Who read them against their findings."),
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Record that somebody has read claims against their findings as they are now."""
    from virker.claims.attest import attest as record
    from virker.claims.edition import load_edition
    from virker.workspace import Workspace

    edition = load_edition(Workspace.find(folder(workspace)), notes=False)
    unknown = [c for c in claims or [] if c not in edition.by_id]
    if unknown:
        raise UserError("\n".join(f"there is no claim '{c}'\n    → {nearest(c, edition.by_id)}" for c in unknown))
    done = record(edition, claims or [c.claim.id for c in edition.checks if c.needs_rereading], by, date.today())
    typer.echo(f"{len(done)} claims attested by {by}")
