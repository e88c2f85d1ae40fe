"""A measure at scale, in words: each state, where the evidence ends, and what a planner's declared roll-out can rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from virker.bank import LEVELS, Bank
from virker.bank.records import Saturation
from virker.bank.references import short_name
from virker.bank.show import effect_said
from virker.language import DIRECTIONS, Said, counted, joined
from virker.synthesis.effect_told import LEVELS_SAID, months_said
from virker.synthesis.scale import ROLES, ROLL_OUTS, STATES, Reading, Relation, Role, Scale, State

ROLES_SAID: dict[Role, Said] = {
    "direct": Said("deltagerne", "participants"),
    "others": Said("andre", "others"),
    "net": Said("alle lagt sammen", "all together"),
}
UNKNOWN = Said("ukendt", "unknown")
NOTHING_BETWEEN = Said(
    "Kun trykte tilstande står her; imellem dem er virkningen ukendt.", "Only printed states stand here; between them the effect is unknown."
)
_TURNED: dict[str, Said] = {
    "on": Said("", ""),
    "more": Said(", mere af indsatsen", ", more of the measure"),
    "less": Said(", mindre af indsatsen", ", less of the measure"),
    "unknown": Said("", ""),
}


def reading_said(bank: Bank, r: Reading) -> Said:
    """``positive, 8.5–9.5 per cent (earnings and hours, 12 months): Altmann et al. (2023), abstract [altmann-2023a#4]``, with marks."""
    f = r.row.finding
    size = Said(*(f", {effect_said(r.row, speak)}" if effect_said(r.row, speak) else "" for speak in ("da", "en")))
    weak = Said(", ikke signifikant", ", not significant") if r.significant == "no" else Said("", "")
    when = Said(", ", ", ") + months_said(f.horizon_months) if f.horizon_months is not None else Said("", "")
    label = bank.vocabulary.label
    what = Said(*(", ".join((label("outcomes", r.outcome, speak), *(label("target_groups", t, speak) for t in f.target_group))) for speak in ("da", "en")))
    head = DIRECTIONS[r.direction] + weak + size + Said(" (", " (") + what + when + _TURNED[r.contrast] + Said(")", ")")
    level = LEVELS_SAID[r.level]
    source = Said(f": {short_name(r.row.study)}, {level.da} [{r.address}]", f": {short_name(r.row.study)}, {level.en} [{r.address}]")
    return head + source + relation_said(bank, r)


def relation_said(bank: Bank, r: Reading) -> Said:
    """What the source's measure is, where it is not the one asked about; empty where it is."""
    label = bank.vocabulary.label
    names = r.row.finding.components or (r.row.finding.intervention,)
    da, en = (", ".join(label("interventions", i, speak) for i in names) for speak in ("da", "en"))
    said: dict[Relation, Said] = {
        "measure": Said("", ""),
        "form": Said(f"; gælder formen »{da}«", f"; on the form “{en}”"),
        "bundle": Said(f"; gælder et samlet forløb: {da}", f"; on a bundle: {en}"),
        "mechanism": Said(f"; gælder »{da}«, hvor indsatsen var virkemidlet", f"; on “{en}”, which worked by means of the measure"),
        "wider": Said(f"; gælder den bredere indsats »{da}«", f"; on the wider measure “{en}”"),
    }
    return said[r.relation]


def cell_said(readings: Sequence[Reading]) -> Said:
    """The directions of a cell, one for each piece of evidence, in a few words; unknown where it is empty."""
    if not readings:
        return UNKNOWN
    by_unit: dict[str, set[str]] = {}
    for r in readings:
        by_unit.setdefault(r.unit, set()).add("none" if r.significant == "no" and r.direction != "mixed" else r.direction)
    counts = Counter(next(iter(d)) if len(d) == 1 else "mixed" for d in by_unit.values())
    kinds = [joined([DIRECTIONS[d], counted(n, Said("kilde", "source"), Said("kilder", "sources"))], ", ") for d, n in counts.most_common()]
    return joined(kinds, "; ")


def ends(scale: Scale) -> tuple[Said, ...]:
    """Where the evidence ends: what nobody has printed, how near it was read, and what only the note says."""
    return tuple(_ends(scale))


def _ends(scale: Scale) -> Iterator[Said]:
    seeds = [a.address for a in scale.aside if a.only_note]
    if not scale.speaks:
        yield Said("Ukendt: ingen læst kilde siger, hvad der sker, når indsatsen udbredes.", "Unknown: no source that was read says what happens when the measure is scaled up.")  # fmt: skip
    else:
        missing = [STATES[s] for s in ROLL_OUTS if scale.at(s) is None]
        if len(missing) == len(ROLL_OUTS):
            yield Said("Ingen kilde trykker virkningen ved en bestemt udbredelse.", "No source prints the effect at a stated roll-out.")
        elif missing:
            yield Said("Ukendt: ", "Unknown: ") + joined(missing, "; ") + Said(".", ".")
        for role, no_size in _NO_SIZE.items():
            found = [r for r in scale.readings if r.role == role]
            if found and not any(effect_said(r.row, "en") for r in found):
                yield no_size
            elif not found:
                yield _NOTHING[role]
        nearest = min((r.level for r in scale.readings), key=LEVELS.index)
        if LEVELS.index(nearest) >= LEVELS.index("abstract"):
            yield Said("Alt er læst i resuméer eller fjernere fra kilden.", "All was read in abstracts or further from the source.")
        yield NOTHING_BETWEEN
    if seeds:
        yield Said(f"Kun notatet selv siger: {', '.join(seeds)}.", f"Only the note itself says: {', '.join(seeds)}.")


_NO_SIZE: dict[str, Said] = {
    "others": Said("Hvor stor virkningen på andre er, er ikke trykt i det læste.", "How large the effect on others is was not printed in what was read."),
    "net": Said(
        "Hvor stor virkningen er, når alle lægges sammen, er ikke trykt i det læste.",
        "How large the effect is when all are added up was not printed in what was read.",
    ),
}
_NOTHING: dict[str, Said] = {
    "others": Said("Virkningen på andre er ukendt.", "The effect on others is unknown."),
    "net": Said("Virkningen, når alle lægges sammen, er ukendt.", "The effect when all are added up is unknown."),
}


def at_roll_out(scale: Scale, declared: Saturation | None, found_at: Saturation | None = None) -> Said:
    """What a planner who uses a number and declares a roll-out must be told.

    ``declared`` is the planner's roll-out, ``found_at`` the one where the number was found; None where it was not stated.
    """
    found = (
        Said("Kilden siger ikke, hvor mange der fik indsatsen.", "The source does not say how many got the measure.")
        if found_at is None
        else Said("Tallet er fundet, hvor ", "The number was found where ") + STATES[found_at] + Said(".", ".")
    )
    if declared is None:
        said = Said("Planen siger ikke, hvor stor en del der får indsatsen.", "The plan does not say how large a share gets the measure.")
        warned = _elsewhere(scale)
        return joined((found, said, *((warned,) if warned else ())))
    state, where = scale.at(declared), STATES[declared]
    plan = Said(f"Planen: {where.da}.", f"The plan: {where.en}.")
    if state is not None:
        return joined((found, plan, Said("Dér siger banken ", "There the bank says ") + state_said(state)))
    elsewhere = _elsewhere(scale)
    unknown = Said("Dér er virkningen ukendt.", "There the effect is unknown.")
    return joined((found, plan, unknown, *((elsewhere,) if elsewhere else ())))


def _elsewhere(scale: Scale) -> Said | None:
    """What is known of others and of all together, in whatever state."""
    told: list[tuple[Role, list[Reading]]] = [(role, [r for r in scale.readings if r.role == role]) for role in ROLES if role != "direct"]
    cells = [_OF[role] + Said(": ", ": ") + cell_said(found) for role, found in told if found]
    return Said("I andre tilstande siger banken ", "In other states the bank says ") + joined(cells, "; ") + Said(".", ".") if cells else None


def state_said(state: State) -> Said:
    """A state in one line: what is known of participants, of others and of all together."""
    return joined([_OF[role] + Said(": ", ": ") + cell_said(state.cell(role)) for role in ROLES], "; ") + Said(".", ".")


_OF: dict[Role, Said] = {
    "direct": Said("om deltagerne", "of participants"),
    "others": Said("om andre", "of others"),
    "net": Said("om alle lagt sammen", "of all together"),
}
