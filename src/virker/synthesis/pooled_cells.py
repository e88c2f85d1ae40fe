"""From numbers to pooled effects: one cell for each measure, phase, band of months, scope and comparator.

Only compatible numbers meet: percentage points never stand in one mean with ratios or weeks, lock-in never with the effect after, a market never with
persons, a comparison with another programme never with one with usual effort. One trial or study is one piece of evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, inf

from virker.bank import Bank, Query, names
from virker.language import Said
from virker.synthesis.extras import needed
from virker.synthesis.pooled_effect import Better, PooledAnswer, PooledEffect, PooledMember, SmallStudies, Status
from virker.synthesis.pooled_measure import better_by_outcome, told_as
from virker.synthesis.pooled_numbers import CellKey, Number, members_of, order
from virker.synthesis.pooled_select import numbers_of
from virker.synthesis.pooled_settings import SETTINGS
from virker.synthesis.pooled_words import answer_said, few_reasons, left_out_said, no_test, pooled_reasons, tested
from virker.synthesis.verdict import Setting
from virker.vocabulary import Vocabulary

_STATUS_ORDER = ("pooled", "too-few", "single", "none")


@dataclass(frozen=True, slots=True)
class Asked:
    """What all cells of a question have in common, and how they are made. ``brief``: only what a verdict needs; no numbers but those pooled."""

    query: Query
    vocabulary: Vocabulary | None
    better: Mapping[str, Better]
    settings: Mapping[str, Setting]
    brief: bool = False

    def whole(self, name: str) -> int:
        return int(self.settings[name].value)


def cells(bank: Bank, query: Query, settings: Mapping[str, Setting] | None = None) -> PooledAnswer:
    """Every cell of what the query selects: any level of the vocabulary may be asked for, also all measures.

    Parameters
    ----------
    query
        As of a verdict: it turns the measure, and selects terms with everything below them. ``horizon_from`` and ``horizon_to`` select within bands.
    settings
        Settings to use instead of :data:`pooled_settings.SETTINGS`, by name.

    Raises
    ------
    MissingExtra
        NumPy or SciPy is not installed.
    """
    needed("meta", "Pooling effects")
    numbers, reviews, refused = numbers_of(bank, query)
    asked = Asked(query, bank.vocabulary, better_of(bank), {**SETTINGS, **(settings or {})})
    found = cells_of(numbers, reviews, asked)
    return PooledAnswer(query, found, refused, answer_said(found))


def known_cells(bank: Bank, query: Query) -> PooledAnswer:
    """:func:`cells` with the settings as they stand, worked out once: for the questions that notes and pages ask again in every language and format.

    Kept as long as the bank is; what visitors ask goes to :func:`cells`, for of that there is no end.
    """
    key = ("cells", query)
    found: PooledAnswer | None = bank.memo.get(key)
    if found is None:
        found = bank.memo[key] = cells(bank, query)
    return found


def better_of(bank: Bank) -> Mapping[str, Better]:
    """Which way each outcome of the bank is good; worked out once."""
    found: Mapping[str, Better] | None = bank.memo.get("better")
    if found is None:
        found = bank.memo["better"] = better_by_outcome(bank.rows)
    return found


def cells_of(numbers: Iterable[Number], reviews: Iterable[Number], asked: Asked) -> tuple[PooledEffect, ...]:
    """The cells of these numbers: those that pool first, then by units."""
    apart: dict[CellKey, tuple[list[Number], list[Number]]] = defaultdict(lambda: ([], []))
    for which, some in enumerate((numbers, reviews)):
        for n in some:
            apart[n.key][which].append(n)
    made = [_cell(key, own, told, asked) for key, (own, told) in apart.items()]
    return tuple(sorted(made, key=lambda c: (_STATUS_ORDER.index(c.status), -c.units, c.id)))


def _cell(key: CellKey, numbers: Sequence[Number], reviews: Sequence[Number], asked: Asked) -> PooledEffect:
    """One cell, pooled where it can be."""
    ranked = sorted(numbers, key=order)
    units: dict[str, list[Number]] = defaultdict(list)
    for n in ranked:
        if n.weighable:
            units[n.unit].append(n)
    first = [own[0] for own in units.values()]
    unweighed = [n for n in ranked if not n.weighable]
    dated, fewest = key.band != "not-printed", asked.whole("fewest")
    some = next(iter((*numbers, *reviews)))
    shown = not asked.brief or (dated and len(units) >= max(fewest, 2))
    status: Status = "none" if not units else "single" if len(units) == 1 else "too-few"
    plain = PooledEffect(
        intervention=names(asked.query.intervention),
        contrast=asked.query.contrast,
        group=names(asked.query.target_group),
        measure=told_as(some.measure, asked.vocabulary, asked.better.get(some.measure.outcome)),
        phase=key.phase,
        band=some.band,
        scope=key.scope,
        another_programme=key.another_programme,
        members=tuple(members_of(first, not asked.brief)) if shown else (),
        beside=tuple(members_of([n for own in units.values() for n in own[1:]])) if not asked.brief else (),
        unweighed=tuple(members_of(unweighed)) if not asked.brief else (),
        reviews=tuple(members_of(reviews)) if not asked.brief else (),
        units=len(units),
        status=status,
        reasons=few_reasons(len(units), fewest, len(unweighed), len(reviews), dated),
        marks=_marks(first, asked.vocabulary),
    )
    if status == "single" and shown:
        return _single(plain)
    if len(units) < max(fewest, 2) or not dated:
        return plain
    from virker.meta.errors import NotConverged

    try:
        return _pooled(plain, units, asked)
    except NotConverged as error:
        told = Said(f"Modellen har intet bekræftet optimum: {error}", f"The model has no certified optimum: {error}")
    return replace(plain, reasons=(*plain.reasons, told))


def _single(cell: PooledEffect) -> PooledEffect:
    """The one unit's own number, with the interval that its source prints or its precision gives."""
    own = cell.members[0]
    return replace(cell, estimate=own.amount, ci_low=own.low, ci_high=own.high, se=own.se, direction=_direction(own.low, own.high, cell))


def _pooled(cell: PooledEffect, units: Mapping[str, Sequence[Number]], asked: Asked) -> PooledEffect:
    from virker.synthesis.pooled_fit import fit_estimates, fit_units, leave_one_out, weighed

    rho, relative = float(asked.settings["rho"].value), cell.measure.relative
    chosen = cell.members
    fitted = None
    if len(units) >= asked.whole("all_estimates_from") and any(len(_main(own)) > 1 for own in units.values()):
        every = members_of([n for own in units.values() for n in _main(own)], not asked.brief)
        fitted = fit_estimates(every, rho)
        chosen = tuple(every) if fitted else chosen
    several = fitted is not None
    fitted = fitted or fit_units(chosen)

    def natural(value: float) -> float:
        return safe_exp(value) if relative else value

    taken = {m.address for m in chosen}
    ci = natural(fitted.ci[0]), natural(fitted.ci[1])
    made = replace(
        cell,
        status="pooled",
        members=weighed(chosen, fitted.weights),
        beside=tuple(m for m in (*cell.members, *cell.beside) if m.address not in taken),
        model=fitted.model,
        estimate=natural(fitted.estimate),
        ci_low=ci[0],
        ci_high=ci[1],
        pi_low=natural(fitted.pi[0]) if fitted.pi else None,
        pi_high=natural(fitted.pi[1]) if fitted.pi else None,
        se=fitted.se,
        df=fitted.df,
        p=fitted.p,
        tau2=fitted.tau2,
        i2=fitted.i2,
        q=fitted.q,
        q_p=fitted.q_p,
        direction=_direction(*ci, cell),
    )
    made = replace(made, reasons=(*pooled_reasons(made, several), *cell.reasons), marks=_marks([n for own in units.values() for n in own if n.row.address in taken], asked.vocabulary))  # fmt: skip
    if asked.brief:
        return made
    without = leave_one_out(made.members, rho, relative)
    lines = (left_out_said(without, made),) if without else ()
    return replace(made, leave_one_out=without, small_studies=_small_studies(made, asked), reasons=(*made.reasons, *lines))


def safe_exp(value: float) -> float:
    """The exponential; without bound where no number can hold it (a prediction interval of three studies that differ)."""
    return exp(value) if value < 700 else inf


def _main(own: Sequence[Number]) -> list[Number]:
    """A unit's estimates without those on a part of its people, where it also has one on all: the same people are not asked twice."""
    whole = [n for n in own if not n.row.finding.subgroup]
    return whole or list(own)


def _direction(low: float | None, high: float | None, cell: PooledEffect) -> str | None:
    """Which side of "no effect" the interval lies on, for the person; "none" where it holds it."""
    if low is None or high is None or cell.measure.better is None:
        return None
    nothing = cell.measure.no_effect
    if low <= nothing <= high:
        return "none"
    return "positive" if (low > nothing) == (cell.measure.better == "higher") else "negative"


def _small_studies(cell: PooledEffect, asked: Asked) -> SmallStudies:
    from virker.synthesis.pooled_fit import small_studies_p

    least = asked.whole("small_studies_from")
    if cell.units < least or len({m.se for m in cell.members}) < 2:
        return no_test(cell.units, least)
    return tested(small_studies_p(cell.members), float(asked.settings["small_studies_p"].value))


_PARTS = Said(
    "nogle af tallene gælder ikke netop gruppen, men en del af den eller en bredere",
    "some of the numbers are not on the very group, but on a part of it or a wider one",
)
_LATE = Said("virkningen på alle tilbudte og på dem, der flyttede sig (LATE), står sammen", "effects on all who were offered the measure and on those whom it moved (LATE) stand together")  # fmt: skip
_TURNED = Said("nogle kilder skruede indsatsen den anden vej; deres tal er vendt om", "some sources turned the measure the other way; their numbers are turned round")  # fmt: skip
_MIXED = Said("»med og uden« og »mere end sædvanligt« står sammen", "“with and without” and “more than usual” stand together")
_MONEY = Said("beløb fra forskellige år er ikke regnet om til samme priser", "amounts of different years are not in the same prices")


def _marks(numbers: Sequence[Number], vocabulary: Vocabulary | None) -> tuple[Said, ...]:
    """What a reader must be warned of in numbers that stand together."""
    found = [n.row.finding for n in numbers]
    measures = sorted({f.intervention for f in found})
    da, en = (", ".join(vocabulary.label("interventions", m, lang) if vocabulary else m for m in measures) for lang in ("da", "en"))
    warned = (
        (len(measures) > 1, Said(f"forskellige indsatser står sammen: {da}", f"different measures stand together: {en}")),
        (any(f.subgroup for f in found) or any(n.off_group for n in numbers), _PARTS),
        (len({f.estimand == "LATE" for f in found}) > 1, _LATE),
        (any(n.turned for n in numbers), _TURNED),
        (len({f.contrast == "on" for f in found}) > 1, _MIXED),
        (len({n.row.study.year for n in numbers}) > 1 and any(u in found[0].unit for u in ("DKK", "EUR", "USD")), _MONEY) if found else (False, _MONEY),
    )
    return tuple(said for holds, said in warned if holds)


def members_by_unit(cell: PooledEffect) -> dict[str, list[PooledMember]]:
    """The members of each unit, in their order."""
    found: dict[str, list[PooledMember]] = defaultdict(list)
    for m in cell.members:
        found[m.unit].append(m)
    return dict(found)
