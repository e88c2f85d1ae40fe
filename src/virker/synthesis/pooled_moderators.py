"""Does a pooled effect differ with a moderator? A meta-regression where there are studies enough, and the reason where there are not."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from virker.bank import Bank
from virker.bank.show import signed
from virker.language import Said
from virker.synthesis.extras import needed
from virker.synthesis.pooled_effect import PooledEffect, PooledMember
from virker.synthesis.pooled_settings import SETTINGS
from virker.synthesis.pooled_words import interval_said, p_said, rounded
from virker.synthesis.sign_moderators import Moderator

if TYPE_CHECKING:
    from virker.meta.univariate import RandomEffects

FEWEST, EACH_SIDE = (int(SETTINGS[name].value) for name in ("moderators_from", "moderators_each_side"))


@dataclass(frozen=True, slots=True)
class PooledModerator:
    """How much the effect differs: ``difference`` (for ratios: the ratio of the ratios) with its 95 per cent interval; None where there are too few."""

    moderator: Moderator
    one: int
    other: int
    model: RandomEffects | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    said: Said


def moderated(bank: Bank, cell: PooledEffect, moderator: Moderator) -> PooledModerator:
    """The cell's effect on both sides of the moderator: meta-regression (REML, Knapp-Hartung with the guard) of one estimate of each unit."""
    needed("meta", "A meta-regression")
    first: dict[str, PooledMember] = {}
    for m in cell.members:
        first.setdefault(m.unit, m)
    told = [(m, side) for m in first.values() if m.se is not None and (row := bank.finding(m.address)) and (side := moderator.is_one(bank, row)) is not None]
    one, other = sum(side for _, side in told), sum(not side for _, side in told)
    if len(told) < FEWEST or min(one, other) < EACH_SIDE:
        return PooledModerator(moderator, one, other, None, None, None, None, None, _too_few(moderator, one, other))
    from virker import meta

    v = [m.se**2 for m, _ in told if m.se is not None]
    model = meta.fit([m.y for m, _ in told], v, [[1.0, float(side)] for _, side in told], test="adhoc", names=["intercept", moderator.id])
    c = model.coefficients
    ends = [float(x) for x in (c.beta[1], c.ci_low[1], c.ci_high[1])]
    size, low, high = (exp(x) for x in ends) if cell.measure.relative else ends
    p = float(c.p[1])
    return PooledModerator(moderator, one, other, model, size, low, high, p, _told(cell, moderator, one, other, size, (low, high), p))


def _too_few(m: Moderator, one: int, other: int) -> Said:
    return Said(
        f"Om effekten {m.one.da} er en anden end {m.other.da}, kan ikke regnes ud: {one} og {other} studier (mindst {FEWEST} i alt og {EACH_SIDE} på hver side).",
        f"Whether the effect {m.one.en} is another than {m.other.en} cannot be worked out: {one} and {other} studies ({FEWEST} at least in all, {EACH_SIDE} on each side).",
    )


def _told(cell: PooledEffect, m: Moderator, one: int, other: int, size: float, ends: tuple[float, float], p: float) -> Said:
    shown, interval, p_ = rounded(size), interval_said(*ends), p_said(p)
    unit = Said("gange", "times") if cell.measure.relative else cell.measure.unit_said
    return Said(
        f"Forskellen på effekten {m.one.da} og {m.other.da}: {signed(shown, 'da')} {unit.da} (95 pct. {interval.da}; {p_.da}; {one} og {other} studier).",
        f"The difference between the effect {m.one.en} and {m.other.en}: {signed(shown, 'en')} {unit.en} (95% {interval.en}; {p_.en}; {one} and {other} studies).",
    )
