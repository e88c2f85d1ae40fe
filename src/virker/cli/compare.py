"""``virker compare``: the rule sets side by side, where they part and why, and what other banks have printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.numbers import numbers_lines
from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import UserError, nearest

if TYPE_CHECKING:
    from virker.bank import Bank, Query
    from virker.claims.records import Claim, Part
    from virker.synthesis.disagreement import Disagreement
    from virker.synthesis.external import Externals
    from virker.workspace import Workspace

_JOBEFFEKTER = "jobeffekter-g2"


def compare(
    intervention: list[str] = typer.Option([], "--intervention", "-i", help="A measure, with everything below it. May be given more than once."),
    outcome: list[str] = typer.Option([], "--outcome", "-o", help="An outcome, with everything below it."),
    target_group: list[str] = typer.Option([], "--target-group", "-g", help="A target group, with everything below it."),
    contrast: str = typer.Option("on", "--contrast", help="Which way the question turns the measure: on (as more) or less."),
    claim: str | None = typer.Option(None, "--claim", help="The questions under this claim, held against its words.", show_default=False),
    all_: bool = typer.Option(False, "--all", help="The conclusions of the source note: the first claim of every section."),
    signs: bool = typer.Option(False, "--signs", help="Also the sign test, and what goes with a positive finding (needs the extra 'meta')."),
    format: str = typer.Option("text", "--format", help="text or json."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Compare the rule sets on one question: what each says, where they part and because of which rule, and other banks' printed verdicts."""
    from virker.bank import load_bank
    from virker.synthesis.external import load_external
    from virker.synthesis.side_by_side import silent_lines
    from virker.workspace import Workspace

    speak = language(lang)
    asked = bool(intervention or outcome or target_group)
    if asked + bool(claim) + all_ != 1:
        raise UserError(
            "ask one thing: a question (-i, -o, -g), a claim (--claim ID) or all conclusions (--all)\n    → virker compare -i meetings -o employment"
        )
    if signs and (not asked or format == "json"):
        raise UserError("--signs is told of a question of your own, as text\n    → virker compare -i meetings -o employment --signs")
    if format not in ("text", "json"):
        raise UserError(f"'{format}' is no format\n    → {nearest(format, ['text', 'json'])} Use text or json")
    found = Workspace.find(folder(workspace))
    bank = load_bank(found.bank, found.root, cache=found.cache)
    externals = load_external(found.bank / "external", found.root, bank)
    query = _query(bank, tuple(intervention), tuple(outcome), tuple(target_group), contrast) if asked else None
    claims = [] if asked else _chosen(bank, found, claim)
    if format == "json":
        typer.echo(_as_json(query, claims, bank, externals, found.settings.rule_set))
        return
    if query is not None:
        typer.echo("\n".join(_view(bank, query, externals, found.settings.rule_set, speak)[1]))
        if signs:
            typer.echo("\n".join(_signs(bank, query, speak)))
    else:
        _claims(claims, bank, externals, found.settings.rule_set, speak)
    if externals.silent:
        typer.echo("\n" + "\n".join(silent_lines(externals.silent, speak)))


def _query(bank: Bank, intervention: tuple[str, ...], outcome: tuple[str, ...], target_group: tuple[str, ...], contrast: str) -> Query:
    from virker.bank import Query
    from virker.cli.bank import check_terms

    asked = Query(intervention=intervention, outcome=outcome, target_group=target_group, contrast=contrast)  # type: ignore[arg-type]  # checked next
    check_terms(bank, asked)
    return asked


def _chosen(bank: Bank, workspace: Workspace, claim: str | None) -> list[Claim]:
    """The claim asked for, or the conclusions: the first claim of every section."""
    from virker.claims.load import load_claims

    book = load_claims(workspace.notes, workspace.root, bank).claims
    if claim is None:
        sections: dict[int, Claim] = {}
        for c in book:
            sections.setdefault(c.section, c)
        return [sections[n] for n in sorted(sections)]
    found = [c for c in book if c.id == claim]
    if not found:
        raise UserError(f"there is no claim '{claim}'\n    → {nearest(claim, [c.id for c in book])}")
    if not any(p.select is not None and p.expect.direction for p in found[0].parts):
        raise UserError(f"'{claim}' asks for no direction, so there is no verdict to compare\n    → virker explain {claim}")
    return found


def _as_json(query: Query | None, claims: list[Claim], bank: Bank, externals: Externals, first: str) -> str:
    """Every question asked, as data; a claim's with its id and what its words need."""
    import msgspec

    from virker.bank import names
    from virker.synthesis import evidence_units
    from virker.synthesis.disagreement import disagreements_on
    from virker.synthesis.external import beside
    from virker.synthesis.side_by_side_data import answer_data

    def answer(q: Query, words: tuple[str, ...] = ()) -> dict[str, object]:
        view = disagreements_on(evidence_units(bank, bank.select(q), q), q, first, words)
        return answer_data(view, beside(externals.verdicts, q, bank.vocabulary), bank)

    asked = [answer(query)] if query is not None else []
    for claim in claims:
        for number, part in enumerate(claim.parts, 1):
            if part.select is not None and part.expect.direction:
                needs = {"direction": names(part.expect.direction), "level": part.expect.level}
                asked.append({"claim": claim.id, "part": number, "needs": needs, **answer(part.select, names(part.expect.direction))})
    told = {"format": 1, "first": first, "questions": asked, "silent": msgspec.to_builtins(externals.silent)}
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _claims(claims: list[Claim], bank: Bank, externals: Externals, first: str, speak: str) -> None:
    agreed = asked = 0
    for claim in claims:
        typer.echo(("\n" if asked else "") + f"{claim.section}. {claim.da if speak == 'da' else claim.en}  [{claim.id}]")
        for part in claim.parts:
            if part.select is None or not part.expect.direction:
                continue
            view, lines = _view(bank, part.select, externals, first, speak, part, bool(claim.sentences))
            typer.echo("\n".join(lines))
            asked, agreed = asked + 1, agreed + view.agree
    if asked > 1:
        told = {
            "da": f"Om {agreed} af {asked} spørgsmål giver alle regelsæt samme retning.",
            "en": f"On {agreed} of {asked} questions all rule sets give the same direction.",
        }
        typer.echo("\n" + told[speak])


def _view(
    bank: Bank, query: Query, externals: Externals, first: str, speak: str, part: Part | None = None, theirs: bool = False
) -> tuple[Disagreement, list[str]]:
    from virker.bank import names
    from virker.synthesis import evidence_units
    from virker.synthesis.disagreement import disagreements_on
    from virker.synthesis.external import beside
    from virker.synthesis.side_by_side import external_lines, parting_lines, question_said, verdict_lines

    words = names(part.expect.direction) if part else ()
    view = disagreements_on(evidence_units(bank, bank.select(query), query), query, first, words)
    lines = [f"  {question_said(query, bank.vocabulary)[speak]}"]
    if part is not None:
        lines += _words(part, view, first, speak, theirs)
    lines += verdict_lines(view, speak) + parting_lines(view, speak) + numbers_lines(bank, query, speak)
    lines += external_lines(beside(externals.verdicts, query, bank.vocabulary), bank, first, speak)
    return view, lines


def _signs(bank: Bank, query: Query, speak: str) -> list[str]:
    """The signs of the question's evidence, and every moderator with its model or why there is none."""
    from virker.synthesis.sign_model import signs_of

    found = signs_of(bank, query)
    return [f"  {found.said[speak]}", *(f"    {m.said[speak]}" for m in found.moderators), *_effects(bank, query, speak)]


def _effects(bank: Bank, query: Query, speak: str) -> list[str]:
    """Whether each pooled effect goes with a moderator, where it has studies enough for that."""
    from virker.synthesis.pooled_cells import known_cells
    from virker.synthesis.pooled_moderators import FEWEST, moderated
    from virker.synthesis.pooled_words import cell_said
    from virker.synthesis.sign_moderators import MODERATORS

    lines = []
    for cell in known_cells(bank, query).cells:
        if cell.status == "pooled" and cell.units >= FEWEST:
            lines.append(f"  {cell_said(cell)[speak]}:")
            lines += [f"    {moderated(bank, cell, m).said[speak]}" for m in MODERATORS]
    return lines


def _words(part: Part, view: Disagreement, first: str, speak: str, theirs: bool) -> list[str]:
    """What the words need, and whether Jobeffekter.dk's published rules would say so too (asked of the source note's sentences)."""
    from virker.bank import names
    from virker.language import DIRECTIONS, Said
    from virker.synthesis import rule_set

    wanted = names(part.expect.direction)
    rules = rule_set(part.expect.rule_set or first)
    level = rules.level_labels.get(part.expect.level or "")
    da, en = (" / ".join(DIRECTIONS[w][k] for w in wanted) for k in ("da", "en"))
    needs = Said(f"  Ordene kræver: {da}", f"  The words need: {en}")
    lines = [(needs + (Said(f", mindst {level.da}.", f", at least {level.en}.") if level else Said(".", ".")))[speak]]
    if theirs and (said := view.verdicts[_JOBEFFEKTER].direction) not in wanted:
        told = DIRECTIONS[said]
        lines.append(
            Said(
                f"  Her afviger notatet fra det, Jobeffekter.dk's offentliggjorte regler giver på banken: {told.da}. Grunden står nedenfor.",
                f"  Here the note deviates from what Jobeffekter.dk's published rules give on the bank: {told.en}. The reason is below.",
            )[speak]
        )
    return lines
