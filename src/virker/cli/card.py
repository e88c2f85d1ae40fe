"""``virker card list`` and ``virker card build``: one page on a measure or for a meeting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import ClaimsFell, UserError, nearest

app = typer.Typer(help="Cards: one page on a measure or for a meeting.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Cards: one page on a measure or for a meeting."""


@app.command("list")
def list_cards(lang: str | None = Lang, workspace: Path | None = WorkspaceOption) -> None:
    """Show every card: its name, its title, the day that it is written for, and its number of words."""
    from virker.claims.cards import CARD_KINDS
    from virker.claims.edition import load_edition
    from virker.language import Said
    from virker.workspace import Workspace

    speak = language(lang)
    edition = load_edition(Workspace.find(folder(workspace)))
    if not edition.cards:
        typer.echo(Said("Arbejdsområdet har ingen kort (mappen cards/).", "The workspace has no cards (the folder cards/).")[speak])
        return
    wide = max(map(len, edition.cards))
    for kind, said in CARD_KINDS.items():
        cards = {name: both[speak] for name, both in edition.cards.items() if both[speak].front.kind == kind}
        if cards:
            typer.echo(said[speak])
        for name, card in cards.items():
            words = Said(f"{card.words} ord", f"{card.words} words")[speak]
            typer.echo(f"  {name:<{wide}}  {card.front.title} ({card.front.date}, {words})")


@app.command("build")
def build_cards(
    cards: list[str] | None = typer.Argument(None, help="The cards; none: all of them, with the page that lists them.", show_default=False),
    out: Path | None = typer.Option(None, "--out", help="The folder to write (default: build/card in the workspace).", show_default=False),
    on: str | None = typer.Option(None, "--on", help="Look the law up on this day instead of the card's own.", show_default=False),
    lang: str | None = typer.Option(None, "--lang", help="da or en (default: both).", show_default=False),
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Write cards as HTML and PDF, one A4 page each. Exit 1 when a card says what does not hold: it is written all the same, with its status."""
    from virker.claims.edition import load_edition
    from virker.files import write_file
    from virker.language import LANGUAGES
    from virker.publish.build import require_note_extra
    from virker.publish.cards.build import FOLDER, card_files
    from virker.workspace import Workspace

    day = _day(on)
    languages = LANGUAGES if lang is None else tuple(x for x in LANGUAGES if x == language(lang))
    require_note_extra()
    found = Workspace.find(folder(workspace))
    edition = load_edition(found)
    if not edition.cards:
        raise UserError("the workspace has no cards\n    → write cards/NAME.da.md and cards/NAME.en.md: docs/how-to/use-the-cards.md")
    unknown = [c for c in cards or [] if c not in edition.cards]
    if unknown:
        raise UserError("\n".join(f"there is no card '{c}'\n    → {nearest(c, edition.cards)} virker card list shows them" for c in unknown))
    target = out or found.root / "build" / FOLDER
    chosen = tuple(dict.fromkeys(cards)) if cards else None
    files = list(card_files(edition, chosen, languages, day))  # all made before any is written
    for name, content in files:
        write_file(target / name, content)
    typer.echo(f"{target}: {', '.join(name for name, _ in files[:4])}{f' … ({len(files)})' if len(files) > 4 else ''}")
    paths = {card.text.shown for name, both in edition.cards.items() if chosen is None or name in chosen for card in both.values()}
    if problems := [p for p in edition.note_problems if p.path in paths]:
        raise ClaimsFell("\n".join([f"{len(problems)} places on the cards do not fit:", *map(str, problems)]))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is no day\n    → write year-month-day: --on 2026-11-22") from None
