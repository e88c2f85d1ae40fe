"""Where do the rule sets part, and because of which rule?

Every rule set judges the same units. Where one gives another direction than the first of them (or than a note's words), its own
rules are left out one at a time, then two at a time; then those of the first. The smallest set that brings the two together is
the reason. Where none does, the view says so instead of guessing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from virker.bank import Bank, Query
from virker.language import DIRECTIONS, Said
from virker.synthesis.crosswalk import RUNGS, step
from virker.synthesis.gather import evidence_units
from virker.synthesis.registry import RULE_SETS, judging, verdict_on
from virker.synthesis.star import STAR
from virker.synthesis.switches import SWITCHES, Switch, direction_without
from virker.synthesis.units import Units
from virker.synthesis.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Parting:
    """One rule set that says another thing, and the rules that make it so.

    ``of`` names whose rules they are: the rule set's own, or those of the one it is held against. Empty ``because``: no one or
    two rules explain it. ``also`` are other single rules, each of which would do as well.
    """

    rule_set: str
    direction: str
    against: str
    wanted: str
    of: str
    because: tuple[Switch, ...]
    also: tuple[Switch, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What every rule set says of one question, and why those that differ do.

    ``first`` is the rule set that the others are held against. ``rungs`` are the levels on the declared crosswalk, for display.
    """

    query: Query
    first: str
    verdicts: Mapping[str, Verdict]
    partings: tuple[Parting, ...]

    @property
    def camps(self) -> dict[str, tuple[str, ...]]:
        """The rule sets that speak, by direction, in their order."""
        out: dict[str, tuple[str, ...]] = {}
        for name, verdict in self.verdicts.items():
            if is_silent(name, verdict):
                continue
            out[verdict.direction] = (*out.get(verdict.direction, ()), name)
        return out

    @property
    def agree(self) -> bool:
        return len(self.camps) == 1

    @property
    def rungs(self) -> tuple[str, ...]:
        """The rungs that the levels stand on, most certain first; more than one means that strength is judged differently."""
        found = {s.rung for n, v in self.verdicts.items() if (s := step(n, v.level)) and s.rung}
        return tuple(r for r in RUNGS if r in found)


def is_silent(rule_set: str, verdict: Verdict) -> bool:
    """Whether the rule set lacks what it works on, such as numbers: it then parts from nobody."""
    return RULE_SETS[rule_set].abstains and verdict.direction == "too-little"


def disagreements(bank: Bank, query: Query, first: str = STAR.id) -> Disagreement:
    """The verdict of every rule set on the query, and where and why they part from ``first``."""
    units = evidence_units(bank, bank.select(query), query)
    return disagreements_on(units, query, first)


def disagreements_on(units: Units, query: Query, first: str = STAR.id, words: tuple[str, ...] = ()) -> Disagreement:
    """:func:`disagreements` on units already made; ``words`` are the directions that a sentence allows, and then the measure."""
    verdicts = {name: verdict_on(units, rules) for name, rules in judging().items()}
    mine = verdicts[first].direction
    allowed = words or (mine,)
    wanted = mine if mine in allowed else allowed[0]
    against = first if mine == wanted else None
    partings = tuple(
        parting(units, name, v.direction, wanted, against) for name, v in verdicts.items() if v.direction not in allowed and not is_silent(name, v)
    )
    return Disagreement(query, first, verdicts, partings)


def parting(units: Units, rule_set: str, direction: str, wanted: str, against: str | None = None) -> Parting:
    """Why ``rule_set`` says ``direction`` and not ``wanted``: the fewest of its rules (else of ``against``'s) that make the difference."""
    for of, turned in ((rule_set, wanted), (against, direction)):
        if of and (found := _fewest(units, of, turned)):
            return Parting(rule_set, direction, against or "", wanted, of, found[0], tuple(s for group in found[1:] for s in group))
    return Parting(rule_set, direction, against or "", wanted, rule_set, ())


def _fewest(units: Units, rule_set: str, wanted: str) -> tuple[tuple[Switch, ...], ...]:
    """Every single rule whose leaving out gives ``wanted``; where there is none, the first two that do so together."""
    rules, own = RULE_SETS[rule_set], SWITCHES.get(rule_set, ())
    alone = tuple((s,) for s in own if direction_without(units, rules, (s,)) == wanted)
    pairs = (p for p in combinations(own, 2) if direction_without(units, rules, p) == wanted)
    return alone or tuple(p for p in (next(pairs, ()),) if p)


def parting_said(parting: Parting) -> Said:
    """One parting as a sentence."""
    name, says, wanted = RULE_SETS[parting.rule_set].label, DIRECTIONS[parting.direction], DIRECTIONS[parting.wanted]
    head = Said(f"{name.da} siger »{says.da}« og ikke »{wanted.da}«", f"{name.en} says “{says.en}” and not “{wanted.en}”")
    if not parting.because:
        return head + Said(": ingen enkelt regel (og ikke to sammen) forklarer det.", ": no single rule (nor two together) explains it.")
    does = Said(" og ".join(s.does.da for s in parting.because), " and ".join(s.does.en for s in parting.because))
    whose = Said("det", "it") if parting.of == parting.rule_set else RULE_SETS[parting.of].label
    reason = Said(f", fordi {whose.da} {does.da}. Uden det ville de være enige", f", because {whose.en} {does.en}. Without that the two would agree")
    if not parting.also:
        return head + reason + Said(".", ".")
    other = Said("; ".join(s.does.da for s in parting.also), "; ".join(s.does.en for s in parting.also))
    return head + reason + Said(f". Hver for sig er også dette grund nok: {other.da}.", f". Each of these is cause enough too: {other.en}.")
