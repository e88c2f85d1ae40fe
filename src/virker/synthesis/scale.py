"""What happens if a measure is scaled up: the states that sources print, and nothing between them.

A source may tell what a measure does where few get it and where nearly all do, to those who get it, to others, and to all together.
Each such state stands by itself: no state is worked out from its neighbours, and a state that nobody printed is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from virker.bank import LEVELS, Bank, Query, Row
from virker.bank.records import Contrast, Direction, Finding, Level
from virker.errors import QueryError
from virker.language import Said
from virker.synthesis.units import SetAside
from virker.synthesis.usable import usable

#: Under which circumstances a source prints its result. ``as-tried``: as the measure was tried, the share who got it not printed.
#: ``whole-market``: all added up (an equilibrium model or an account of whole areas), the share not printed.
StateId = Literal["low", "half", "above-half", "near-full", "weak", "strong", "boom", "recession", "both", "as-tried", "whole-market"]
#: Shares of the unemployed who get the measure: the states that a planner can declare.
ROLL_OUTS: tuple[StateId, ...] = ("low", "half", "above-half", "near-full")
#: On whom: those who got the measure, others, or all together.
Role = Literal["direct", "others", "net"]
ROLES: tuple[Role, ...] = ("direct", "others", "net")
#: How the finding's measure stands to the one asked about: the same, a form of it, a bundle that it is part of, one that worked by means of it
#: (as a traced finding of the same trial shows), or a wider one.
Relation = Literal["measure", "form", "bundle", "mechanism", "wider"]

STATES: dict[StateId, Said] = {
    "low": Said("få får indsatsen (under halvdelen)", "few get the measure (under half)"),
    "half": Said("halvdelen får indsatsen", "half get the measure"),
    "above-half": Said("halvdelen eller flere får indsatsen (andelen er ikke trykt)", "half or more get the measure (the share is not printed)"),
    "near-full": Said("næsten alle får indsatsen", "nearly all get the measure"),
    "weak": Said("svagt lokalt arbejdsmarked", "weak local labour market"),
    "strong": Said("stærkt lokalt arbejdsmarked", "strong local labour market"),
    "boom": Said("højkonjunktur", "boom"),
    "recession": Said("lavkonjunktur", "recession"),
    "both": Said("både høj- og lavkonjunktur", "both boom and recession"),
    "as-tried": Said("som indsatsen er prøvet (andelen er ikke trykt)", "as the measure was tried (the share is not printed)"),
    "whole-market": Said("hele arbejdsmarkedet lagt sammen (andelen er ikke trykt)", "the whole labour market added up (the share is not printed)"),
}


class Aside(NamedTuple):
    """A finding on scale that is shown but says nothing here, and why."""

    address: str
    why: Said
    only_note: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One finding in one state.

    Attributes
    ----------
    unit : str
        The piece of evidence: readings of one unit are one witness.
    direction : str
        Desirability, with the measure turned as the source turned it (``contrast``).
    significant : str or None
        As printed.
    relation : str
        Whether it is on the measure itself, or how its measure stands to it.
    note : str or None
        The coder's note (English).
    """

    address: str
    unit: str
    role: Role
    direction: Direction
    significant: str | None
    contrast: Contrast
    relation: Relation
    outcome: str
    level: Level
    note: str | None
    row: Row


@dataclass(frozen=True, slots=True)
class State:
    """A printed state with what is known in it, by whom the result is on. An empty cell is unknown."""

    id: StateId
    said: Said
    direct: tuple[Reading, ...] = ()
    others: tuple[Reading, ...] = ()
    net: tuple[Reading, ...] = ()

    def cell(self, role: Role) -> tuple[Reading, ...]:
        """The readings on those treated, on others, or on all together."""
        return {"direct": self.direct, "others": self.others, "net": self.net}[role]


@dataclass(frozen=True, slots=True)
class Scale:
    """What the bank says of a measure at different scales: its printed states in order, and what is set aside."""

    intervention: str
    states: tuple[State, ...]
    aside: tuple[Aside, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(r for s in self.states for role in ROLES for r in s.cell(role))

    @property
    def speaks(self) -> bool:
        """Whether a traced source says anything of the measure's effect at a scale or on others."""
        return bool(self.states)

    @property
    def is_indirect(self) -> bool:
        """Whether none of it is about the measure or a form of it, but only about bundles, trials that worked by it, or wider measures."""
        return self.speaks and not any(r.relation in ("measure", "form") for r in self.readings)

    def at(self, state: str | None) -> State | None:
        """The state, where something is printed in it."""
        return next((s for s in self.states if s.id == state), None)


def states(bank: Bank, intervention: str) -> Scale:
    """The printed states of a measure.

    Results on others and on the whole market, and results printed for a share treated, are what speaks of scale. Beside them stand the
    effects on participants from the same pieces of evidence. Seed findings, associations and forecasts are set aside, with the reason.

    Raises
    ------
    QueryError
        For an unknown measure.
    """
    if intervention not in bank.vocabulary["interventions"]:
        raise QueryError(f"'{intervention}' is no term for interventions\n    → {bank.vocabulary.hint('interventions', intervention)}")
    aside: list[Aside] = []
    found: list[Reading] = []
    participants: list[Reading] = []
    worked_by = _units_that_worked_by(bank, intervention)
    for row in bank.rows:
        relation = _relation(bank, row, intervention, worked_by)
        if relation is None or _is_gone(row):
            continue
        reading = _reading(bank, row, relation)
        if reading.role == "direct" and row.finding.saturation is None:
            if _may_stand_beside(bank, row):
                participants.append(reading)
        elif why := _not_evidence(row, intervention):
            aside.append(Aside(row.address, why, row.finding.origin.level == "seed"))
        else:
            found.append(reading)
    units = {r.unit for r in found}
    found += [r for r in participants if r.unit in units and not _not_evidence(r.row, intervention)]
    by_state = {i: [r for r in found if state_of(r.row.finding) == i] for i in STATES}
    return Scale(intervention, tuple(_state(i, rs) for i, rs in by_state.items() if rs), tuple(aside))


def spoken_of(bank: Bank, interventions: Iterable[str]) -> dict[str, Scale]:
    """The scale of each of the measures, in their order."""
    return {i: states(bank, i) for i in interventions}


def measures_of(bank: Bank) -> tuple[str, ...]:
    """The measures that the bank has findings on from studies under a section of the note, in the vocabulary's order."""
    used = {t for r in bank.rows if r.study.sections for t in (r.finding.intervention, *r.finding.also)}
    return tuple(i for i in bank.vocabulary["interventions"] if i in used and i != "combined-programme")


def state_of(f: Finding) -> StateId:
    """The state in which the finding was printed: its roll-out, else the labour market's strength, else the cycle."""
    if f.saturation or f.labour_market or f.cycle:
        named: StateId | None = f.saturation or f.labour_market or f.cycle
        assert named is not None
        return named
    return "whole-market" if _role(f) == "net" else "as-tried"


def _role(f: Finding) -> Role:
    return "others" if f.spillover else "net" if f.scope == "market" else "direct"


def _units_that_worked_by(bank: Bank, intervention: str) -> frozenset[str]:
    """Pieces of evidence in which a traced finding shows the measure to be what made another one work."""
    asked = Query(intervention=intervention, kind="mechanism")
    return frozenset(bank.standing(r.study.id).root for r in bank.select(asked) if r.finding.origin.level != "seed")


def _relation(bank: Bank, row: Row, intervention: str, worked_by: frozenset[str]) -> Relation | None:
    up, f = bank.vocabulary.ancestors, row.finding
    if f.components:
        return "bundle" if any(intervention in up("interventions", c) for c in f.components) else None
    if intervention in (f.intervention, *f.also):
        return "measure"
    if any(intervention in up("interventions", t) for t in (f.intervention, *f.also)):
        return "form"
    if f.intervention in up("interventions", intervention):
        return "wider"
    return "mechanism" if bank.standing(row.study.id).root in worked_by else None


def _is_gone(row: Row) -> bool:
    f, s = row.finding, row.study
    return bool(f.withdrawn or s.withdrawn or f.superseded_by is not None or s.superseded_by)


#: What participants may be told to gain in, beside the results on others.
_OUTCOMES = frozenset({"employment", "unemployment", "earnings-hours", "public-finances"})


def _may_stand_beside(bank: Bank, row: Row) -> bool:
    """Whether it is a main result on participants: work, unemployment, pay or public money, on the whole population."""
    return not row.finding.subgroup and not _OUTCOMES.isdisjoint(bank.vocabulary.ancestors("outcomes", row.finding.outcome))


def _not_evidence(row: Row, intervention: str) -> Said | None:
    aside: list[SetAside] = []
    if not usable(row, Query(intervention=intervention), False, aside):
        return aside[0].why
    if row.finding.estimand == "association":
        return Said("en sammenhæng, ikke en effekt", "an association, not an effect")
    return None


def _reading(bank: Bank, row: Row, relation: Relation) -> Reading:
    f = row.finding
    return Reading(
        address=row.address,
        unit=bank.standing(row.study.id).root,
        role=_role(f),
        direction=f.direction or "mixed",
        significant=f.significant,
        contrast=f.contrast,
        relation=relation,
        outcome=f.outcome,
        level=f.origin.level,
        note=f.note,
        row=row,
    )


def _state(state: StateId, found: list[Reading]) -> State:
    order = get_args(Relation)
    ranked = sorted(found, key=lambda r: (order.index(r.relation), LEVELS.index(r.level), r.unit, r.address))
    direct, others, net = (_without_earlier_versions([r for r in ranked if r.role == role]) for role in ROLES)
    return State(state, STATES[state], direct, others, net)


def _without_earlier_versions(found: list[Reading]) -> tuple[Reading, ...]:
    """The readings of one cell, less those of a version of a study whose newer version speaks there too."""
    present = {r.row.study.id for r in found}
    return tuple(r for r in found if r.row.study.version_of not in present)
