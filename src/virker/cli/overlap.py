"""``virker bank overlap``: which studies do the reviews share?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.language import Said, number

if TYPE_CHECKING:
    from virker.synthesis.overlap import Overlap

_PAIRS, _ROWS = 10, 15


def overlap(
    intervention: list[str] = typer.Option([], "--intervention", "-i", help="Only reviews with findings on a measure, with everything below it."),
    outcome: list[str] = typer.Option([], "--outcome", "-o", help="Only reviews with findings on an outcome."),
    target_group: list[str] = typer.Option([], "--target-group", "-g", help="Only reviews with findings on a target group."),
    csv: Path | None = typer.Option(None, "--csv", help="Also write the matrix to this file.", show_default=False),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Show how far the reviews rest on the same studies: the matrix of reviews by studies, and its corrected covered area (CCA)."""
    from virker.bank import Query, load_bank
    from virker.cli.bank import check_terms
    from virker.files import write_file
    from virker.synthesis.overlap import as_csv, reviews_of
    from virker.synthesis.overlap import overlap as matrix
    from virker.workspace import Workspace

    found = Workspace.find(folder(workspace))
    bank = load_bank(found.bank, found.root, cache=found.cache)
    chosen = reviews_of(bank)
    if intervention or outcome or target_group:
        asked = Query(intervention=tuple(intervention), outcome=tuple(outcome), target_group=tuple(target_group), combined=True)
        check_terms(bank, asked)
        answering = {r.study.id for r in bank.select(asked)}
        chosen = tuple(s for s in chosen if s.id in answering)
    told = matrix(bank, chosen)
    typer.echo(text(told, language(lang)))
    if csv is not None:
        write_file(csv, "".join(",".join(row) + "\n" for row in as_csv(told)))
        typer.echo(f"\n{csv}: {len(told.studies)} × {len(told.reviews)}")


def text(told: Overlap, speak: str) -> str:
    """The numbers, how sure they are, the pairs that share most, and the studies that most reviews have."""
    lines = [s[speak] for s in _head(told)]
    if told.pairs:
        lines += ["", Said("To og to, der deler studier (CCA for de to):", "Two by two, those that share studies (CCA of the two):")[speak]]
        for one, other, cca in told.pairs[:_PAIRS]:
            lines.append(f"  {_percent(cca, speak):>6}  {one} + {other}: {', '.join(told.shared(one, other))}")
        if len(told.pairs) > _PAIRS:
            lines.append(f"  … +{len(told.pairs) - _PAIRS}")
    several = [(s, [r for r in told.reviews if (s, r) in told.marks]) for s in told.studies]
    several = [(s, rs) for s, rs in several if len(rs) > 1]
    if several:
        lines += ["", Said("Studier, som flere gennemgange har (~ sluttet, ikke læst):", "Studies that several reviews have (~ inferred, not read):")[speak]]
        for study, reviews in several[:_ROWS]:
            lines.append(f"  {study:<30} {', '.join(r if told.marks[study, r] == 'read' else '~' + r for r in reviews)}")
    if told.unread:
        lines += ["", Said("Ingen studier kendt fra: ", "No study known from: ")[speak] + ", ".join(told.unread)]
    return "\n".join(lines)


def _head(told: Overlap) -> list[Said]:
    from virker.synthesis.overlap import band

    lines = [
        Said(
            f"{len(told.reviews)} gennemgange med kendte studier, {len(told.studies)} forskellige studier (forsøg og udgaver er ét), "
            f"{len(told.marks)} kryds: {told.count('read')} læst, {told.count('inferred')} sluttet.",
            f"{len(told.reviews)} reviews with known studies, {len(told.studies)} different studies (trials and versions are one), "
            f"{len(told.marks)} marks: {told.count('read')} read, {told.count('inferred')} inferred.",
        )
    ]
    for label, cca in (
        (Said("CCA, alt kendt", "CCA, everything known"), told.cca),
        (Said("CCA, kun det læste", "CCA, only what was read"), told.cca_read),
    ):
        if cca is None:
            lines.append(label + Said(": kan ikke regnes; der skal to gennemgange til.", ": cannot be computed; it takes two reviews."))
        else:
            name = band(cca)
            lines.append(label + Said(f": {_percent(cca, 'da')}, {name.da} (Pieper m.fl. 2014).", f": {_percent(cca, 'en')}, {name.en} (Pieper et al. 2014)."))
    short = len(told.incomplete) + len(told.unread)
    if short:
        lines.append(
            Said(
                f"UFULDSTÆNDIG: {short} af {len(told.reviews) + len(told.unread)} lister er ikke læst til ende, så det sande overlap kan være større eller mindre.",
                f"INCOMPLETE: {short} of {len(told.reviews) + len(told.unread)} lists have not been read to the end, so the true overlap can be larger or smaller.",
            )
        )
    return lines


def _percent(share: float, speak: str) -> str:
    return number(round(100 * share, 1), speak) + (" %" if speak == "da" else "%")
