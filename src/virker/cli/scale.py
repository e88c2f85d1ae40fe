"""``virker scale``: what happens if a measure is scaled up?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from virker.cli.options import Lang, folder, language
from virker.cli.options import Workspace as WorkspaceOption
from virker.errors import UserError, nearest
from virker.language import Said, counted

if TYPE_CHECKING:
    from virker.bank import Bank
    from virker.synthesis.scale import Reading, Scale, State


def scale(
    measure: str | None = typer.Argument(None, help="A term for a measure; none: which measures the bank speaks of, and which not.", show_default=False),
    format: str = typer.Option("text", "--format", help="text or json."),
    lang: str | None = Lang,
    workspace: Path | None = WorkspaceOption,
) -> None:
    """Tell what happens if a measure is scaled up: to participants, to others and in all, in the states that sources print."""
    from virker.bank import load_bank
    from virker.synthesis.scale import measures_of, spoken_of, states
    from virker.synthesis.scale_data import as_data
    from virker.workspace import Workspace

    speak = language(lang)
    if format not in ("text", "json"):
        raise UserError(f"'{format}' is no format\n    → {nearest(format, ['text', 'json'])} Use text or json")
    found = Workspace.find(folder(workspace))
    bank = load_bank(found.bank, found.root, cache=found.cache)
    if measure is None:
        told = spoken_of(bank, measures_of(bank))
        typer.echo(_json([as_data(s) for s in told.values()]) if format == "json" else list_text(bank, told, speak))
    else:
        one = states(bank, measure)
        typer.echo(_json(as_data(one)) if format == "json" else text(bank, one, speak))


def text(bank: Bank, scale: Scale, speak: str) -> str:
    """Every printed state with what is known in it, and where the evidence ends."""
    from virker.synthesis.scale_told import ends

    label = bank.vocabulary.label("interventions", scale.intervention, speak)
    lines = [Said(f"Hvis indsatsen udbredes: {label}", f"If the measure is scaled up: {label}")[speak]]
    if scale.is_indirect:
        lines.append(_INDIRECT[speak])
    for state in scale.states:
        lines += ["", _upper(state.said[speak]), *_cells(bank, state, speak)]
    lines += ["", Said("Hvor evidensen slutter", "Where the evidence ends")[speak], *(f"  {s[speak]}" for s in ends(scale))]
    return "\n".join(lines)


_INDIRECT = Said(
    "Intet læst studie siger det om netop denne indsats; det følgende gælder bredere indsatser, samlede forløb eller forsøg, den var virkemidlet i.",
    "No study that was read says it of this very measure; what follows is on wider measures, bundles, or trials that worked by means of it.",
)


def _cells(bank: Bank, state: State, speak: str) -> list[str]:
    from virker.synthesis.scale import ROLES
    from virker.synthesis.scale_told import ROLES_SAID, UNKNOWN, reading_said

    lines = []
    for role in ROLES:
        found = state.cell(role)
        head = f"  {ROLES_SAID[role][speak]}: "
        if not found:
            lines.append(head + UNKNOWN[speak])
        for r in found:
            lines += [head + reading_said(bank, r)[speak], *_note(r, speak)]
    return lines


def _note(reading: Reading, speak: str) -> list[str]:
    """The coder's note: what the fields do not hold. It is written in English."""
    told = Said("koderens note, på engelsk", "coder's note")[speak]
    return [f"    {told}: {reading.note}"] if reading.note else []


def list_text(bank: Bank, told: dict[str, Scale], speak: str) -> str:
    """Of which measures the bank says something, of which only indirectly, and of which nothing is known."""
    own = {i: s for i, s in told.items() if s.speaks and not s.is_indirect}
    indirect = {i: s for i, s in told.items() if s.is_indirect}
    unknown = [i for i, s in told.items() if not s.speaks]
    measures = counted(len(own), Said("indsats", "measure"), Said("indsatser", "measures"))
    lines = [Said(f"Banken siger noget om, hvad der sker, når {measures.da} udbredes:", f"The bank says something of what happens when {measures.en} are scaled up:")[speak]]  # fmt: skip
    lines += [_line(bank, s, speak) for s in own.values()]
    if indirect:
        lines += ["", Said("Kun om bredere indsatser, samlede forløb eller forsøg, de var virkemidlet i:", "Only of wider measures, bundles, or trials that worked by them:")[speak]]  # fmt: skip
        lines += [_line(bank, s, speak) for s in indirect.values()]
    if unknown:
        lines += ["", Said(f"Ukendt for {len(unknown)}:", f"Unknown for {len(unknown)}:")[speak]]
        lines += [f"  {i:<24} {bank.vocabulary.label('interventions', i, speak)}" for i in unknown]
    return "\n".join(lines)


def _line(bank: Bank, scale: Scale, speak: str) -> str:
    label = bank.vocabulary.label("interventions", scale.intervention, speak)
    return f"  {scale.intervention:<24} {label}: {'; '.join(s.said[speak] for s in scale.states)}"


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
