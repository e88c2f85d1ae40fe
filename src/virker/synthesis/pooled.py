"""The pooled effect as a rule set: direction and level from the interval of a random-effects mean, and from where a new study may fall.

Only numbers whose source prints their precision are weighed, and only with numbers of the same measure, phase and band of months. Where fewer than
``fewest`` independent units can be weighed together, the verdict is too little: this rule set has nothing to say of evidence without numbers, and the
others do. Model: :mod:`virker.synthesis.pooled_fit`. Like every rule set it judges each study at its longest horizon; :func:`pooled_cells.cells` has all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from virker.language import Said, number
from virker.synthesis.extras import needed
from virker.synthesis.pooled_cells import Asked, cells_of, members_by_unit
from virker.synthesis.pooled_effect import PooledEffect, PooledMember
from virker.synthesis.pooled_measure import better_by_outcome
from virker.synthesis.pooled_numbers import Number, number_of
from virker.synthesis.pooled_select import is_mean_of_review, turned, unfit
from virker.synthesis.pooled_settings import BANDS
from virker.synthesis.pooled_settings import SETTINGS as OF_CELLS
from virker.synthesis.pooled_words import answer_said, effect_said, holds_no_effect, rounded
from virker.synthesis.rulesets import Judgement, RuleSet
from virker.synthesis.units import EvidenceUnit, Units
from virker.synthesis.verdict import Contribution, Setting
from virker.synthesis.votecount import VOTE_COUNT

LEVELS = ("new-study", "average", "open", "not-pooled")
LABELS = {
    "new-study": Said("ventes også i et nyt studie", "expected in a new study too"),
    "average": Said("i gennemsnit", "on average"),
    "open": Said("peger begge veje", "points both ways"),
    "not-pooled": Said("for få tal til at samle", "too few numbers to pool"),
}
SETTINGS: Mapping[str, Setting] = {
    **OF_CELLS,
    "numbers_only": Setting(
        True, False,
        "kun tal med trykt præcision tæller; uden det tælles retninger i stedet, som i optællingen af retninger",
        "only numbers with a printed precision count; without this, directions are counted instead, as in the vote count",
    ),
    "interval_decides": Setting(
        True, False,
        "retningen er kun positiv eller negativ, når hele 95 pct.-intervallet ligger på den ene side; uden det er den fortegnet af skønnet",
        "the direction is positive or negative only where the whole 95% interval lies on one side; without this it is the sign of the estimate",
    ),
}  # fmt: skip
_PHASES = ("net", "after", "lock-in", "threat")
_BANDS = tuple(BANDS)


def judge(units: Units, settings: Mapping[str, Setting], strict: bool = False) -> Judgement:
    """Pool what can be pooled among the units' numbers; ``strict`` leaves out precision that is worked out from a p-value.

    Raises
    ------
    MissingExtra
        NumPy or SciPy is not installed.
    """
    needed("meta", "The rule set 'pooled'")
    if not settings["numbers_only"].value:
        return replace(VOTE_COUNT.judge(units, VOTE_COUNT.settings, strict), level="not-pooled")
    numbers, reviews = _numbers(units, strict)
    better = better_by_outcome(n.row for n in numbers if n.weighable)
    found = cells_of(numbers, reviews, Asked(units.query, units.vocabulary, better, settings, brief=True))
    pooled = [c for c in found if c.status == "pooled" and c.direction is not None]
    decides = min(pooled, key=_first) if pooled else None
    contributions = _contributions(units, numbers, decides, pooled)
    counts: dict[str, float] = {f"cells_{s}": float(sum(c.status == s for c in found)) for s in ("pooled", "too-few", "single", "none")}
    if decides is None:
        return Judgement("too-little", "not-pooled", contributions, _why_none(found), (), counts)
    direction, level = _verdict(decides, pooled, bool(settings["interval_decides"].value))
    others = tuple(effect_said(c) for c in found if c is not decides and c.status == "pooled")
    return Judgement(
        direction,
        level,
        contributions,
        (effect_said(decides), *decides.reasons, *others),
        (*_few_of_many(units, decides), *decides.marks),
        {**_measures(decides), **counts},
    )


def _numbers(units: Units, strict: bool) -> tuple[list[Number], list[Number]]:
    """The numbers of the units that may be weighed or shown, and those of reviews."""
    found: list[Number] = []
    reviews: list[Number] = []
    for unit in units.all:
        for row in unit.rows:
            n = number_of(row, unit.id, unit.maryland, turned(row, units.query))
            if not isinstance(n, Number) or any(True for _ in unfit(row, units.query)):
                continue
            if strict and n.precision == "p":
                n = replace(n, precision="none", p=None, why=_ONLY_P)
            if unit.narrower:
                n = replace(n, off_group=True)
            (reviews if unit.is_review or is_mean_of_review(row) else found).append(n)
    return found, reviews


def weighable(unit: EvidenceUnit, units: Units) -> bool:
    """Whether the unit has a number that can be weighed with others."""
    if unit.is_review:
        return False
    found, _ = _numbers(replace(units, primary=(unit,), reviews=()), False)
    return any(n.weighable for n in found)


_ONLY_P = Said("kun en p-værdi er trykt", "only a p-value is printed")


def _first(cell: PooledEffect) -> tuple[int, int, int, str]:
    """Which pooled cell decides: the effect in all or after before lock-in and threat, then the most units, then the latest months."""
    return _PHASES.index(cell.phase), -cell.units, -_BANDS.index(cell.band.id), cell.id


def _verdict(decides: PooledEffect, pooled: Sequence[PooledEffect], by_interval: bool) -> tuple[str, str]:
    """The direction of the cell that decides, "mixed" where another pooled cell of the same phase goes the other way."""
    directions = {c.id: c.direction if by_interval else sign(c) for c in pooled}
    said = directions[decides.id]
    other = {"positive": "negative", "negative": "positive"}.get(said or "")
    if any(directions[c.id] == other for c in pooled if c.phase == decides.phase) and other:
        return "mixed", "open"
    level = "open" if decides.direction == "none" else "average" if holds_no_effect(decides) is not False else "new-study"
    return said or "none", level


def sign(cell: PooledEffect) -> str | None:
    """The sign of the estimate for the person, whatever its interval."""
    if cell.estimate is None or cell.measure.better is None:
        return None
    if cell.estimate == cell.measure.no_effect:
        return "none"
    return "positive" if (cell.estimate > cell.measure.no_effect) == (cell.measure.better == "higher") else "negative"


def _contributions(units: Units, numbers: Sequence[Number], decides: PooledEffect | None, pooled: Sequence[PooledEffect]) -> tuple[Contribution, ...]:
    """What every unit gave to the cell that decides, or why it gave nothing."""
    given = members_by_unit(decides) if decides else {}
    elsewhere = {m.unit for c in pooled for m in c.members}
    printed: dict[str, list[Number]] = defaultdict(list)
    for n in numbers:
        printed[n.unit].append(n)
    return tuple(_contribution(u, given.get(u.id, ()), printed[u.id], u.id in elsewhere) for u in units.all)


def _contribution(unit: EvidenceUnit, own: Sequence[PooledMember], printed: Sequence[Number], elsewhere: bool) -> Contribution:
    weight = sum(m.weight or 0.0 for m in own)
    return Contribution(
        unit=unit.id,
        findings=tuple(m.address for m in own) or unit.addresses,
        direction=unit.direction,
        weight=weight / 100,
        counted=bool(own),
        why=_weight_said(weight, len(own)) if own else _why_not(unit, printed, elsewhere),
    )


def _weight_said(weight: float, n: int) -> Said:
    share = rounded(weight)
    return Said(f"vægt {number(share, 'da')} pct." + (f", {n} skøn" if n > 1 else ""), f"weight {number(share, 'en')}%" + (f", {n} estimates" if n > 1 else ""))


def _why_not(unit: EvidenceUnit, printed: Sequence[Number], elsewhere: bool) -> Said:
    if unit.is_review:
        return Said("vises: en gennemgang samles ikke med studier", "shown: a review is not pooled with studies")
    if not printed:
        return Said("intet sammenligneligt tal er trykt", "no comparable number is printed")
    if not any(n.weighable for n in printed):
        return Said("tallet kan ikke vejes: ", "the number cannot be weighed: ") + printed[0].why
    if elsewhere:
        return Said("samlet for sig: et andet mål, en anden fase eller en anden tid", "pooled apart: another measure, phase or time")
    return Said("for få tal af samme slags, fase og tid", "too few numbers of the same kind, phase and time")


def _why_none(found: Sequence[PooledEffect]) -> tuple[Said, ...]:
    """Why nothing is pooled: how many cells there are, and what stands in those that come nearest."""
    near = tuple(effect_said(c) + Said(" ", " ") + c.reasons[0] for c in found if c.status == "too-few")
    return (*answer_said(found), *near)


def _few_of_many(units: Units, cell: PooledEffect) -> tuple[Said, ...]:
    """That most of the evidence is not in the mean, where that is so."""
    all_ = len(units.primary)
    if 2 * cell.units > all_:
        return ()
    return (
        Said(
            f"Skønnet hviler på {cell.units} af {all_} stykker evidens; de andre trykker ikke tal, der kan samles med dem.",
            f"The effect rests on {cell.units} of {all_} pieces of evidence; the others print no numbers that can be pooled with these.",
        ),
    )


def _measures(cell: PooledEffect) -> dict[str, float]:
    """The numbers of the cell that decides."""
    names = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high", "se", "p", "tau2", "i2", "q")
    told = {n: float(v) for n in names if (v := getattr(cell, n)) is not None}
    return {**told, "units": float(cell.units), "numbers": float(len(cell.members))}


POOLED = RuleSet(
    id="pooled",
    version="2026.1",
    label=Said("Samlet skøn (metaanalyse)", "Pooled effect (meta-analysis)"),
    levels=LEVELS,
    level_labels=LABELS,
    settings=SETTINGS,
    judge=judge,
    abstains=True,
    extra="meta",
)
