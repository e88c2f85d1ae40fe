"""The plan's answers as sentences, for the terminal and the report alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from virker.language import Said, joined, number
from virker.plan.questions import Bottleneck, Needed
from virker.plan.words import count, money_band, per_cent, signed, spanned, stopped, two_decimals
from virker.plan.work import Band, Worked, band


def key_figures(worked: Worked) -> list[Said]:
    """What a planner wants to know first."""
    more, currency = worked.more_in_work()[0], worked.scenario.money.currency
    started, turned = worked.started, worked.turned_away
    people = [Said(f"»{m.da}«: ", f"“{m.en}”: ") + count(started[m.id].centre) for m in worked.scenario.measure]
    away = sum(b.centre for b in turned.values())
    out = [
        Said("Begynder på en indsats: ", "Begin a measure: ") + joined(people, "; ") + (Said("; uden plads: ", "; no room for: ") + count(away) if away >= 0.5 else Said("", "")),
        Said("Uger i arbejde i alt: ", "Weeks in work in all: ") + signed(worked.weeks_in_work.centre) + _span(worked.weeks_in_work, signed),
        _most(more),
        Said("Uger på dagpenge eller anden ydelse: ", "Weeks on benefit: ") + signed(worked.benefit_weeks.centre) + _span(worked.benefit_weeks, signed),
        Said("De offentlige kasser, nutidsværdi: ", "The public purse, present value: ") + money_band(worked.public, currency),
        Said("Samfundet, nutidsværdi (produktion minus ressourcer, markedspriser): ", "Society, present value (production less resources, market prices): ") + money_band(worked.social, currency),
    ]  # fmt: skip
    if worked.begins:
        out.append(_payback(worked))
    if (chance := worked.chance_of_surplus) is not None and worked.begins:
        out.append(Said("Chance for overskud i de offentlige kasser: ", "Chance of a surplus for the public purse: ") + per_cent(chance))
    return [Said(stopped(line.da), stopped(line.en)) for line in out]


def _most(more: np.ndarray) -> Said:
    """Where the plan makes the largest difference, and how it ends."""
    peak, last = int(np.argmax(np.abs(more))), len(more) - 1
    end = Said("ved planens slutning: ", "at the end of the plan: ") + signed(float(more[-1]))
    if peak in (0, last):
        return Said("Personer i arbejde ", "People in work ") + end
    return Said(f"Personer i arbejde, hvor forskellen er størst (uge {peak}): ", f"People in work where the difference is largest (week {peak}): ") + signed(float(more[peak])) + Said("; ", "; ") + end  # fmt: skip


def _span(band: Band, said: Callable[[float], Said]) -> Said:
    return spanned(said(band.low), said(band.high)) if band.is_wide else Said("", "")


def _payback(worked: Worked) -> Said:
    month = worked.payback_month
    if worked.value.payback_week[0] == 0:
        return Said("De offentlige kasser er på intet tidspunkt bagud", "The public purse is never behind")
    if month is None:
        return Said("Pengene er ikke tjent hjem inden for planens uger", "The money is not earned back within the plan's weeks")
    return Said(f"Pengene er tjent hjem for de offentlige kasser fra måned {month}", f"The public purse has its money back from month {month}")


def needed_said(needed: Needed) -> Said:
    """The answer in words."""
    if needed.answer.answer == "pays without effect":
        return Said("Den betaler sig, selv om den ingen effekt har.", "it pays even if it has no effect.")
    if needed.answer.answer == "never pays":
        largest = needed.answer.largest
        return Said(f"Den betaler sig ikke, selv om folk bagefter fandt job {number(largest, 'da')} gange så hurtigt.", f"it does not pay even if people found jobs {number(largest, 'en')} times as fast afterwards.")  # fmt: skip
    assert needed.answer.ratio is not None
    assert needed.weeks_in_work is not None
    ratio, weeks = needed.answer.ratio, needed.weeks_in_work
    size = count(abs(weeks))
    more = Said("mere", "more") if weeks >= 0 else Said("mindre", "less")
    said = Said(
        f"Den betaler sig, hvis folk finder job mindst {two_decimals(ratio, 'da')} gange så hurtigt. Det er {size.da} uger {more.da} i ordinært arbejde per deltager i planens periode.",
        f"it pays if people find jobs at least {two_decimals(ratio, 'en')} times as fast. That is {size.en} weeks {more.en} in ordinary work per participant in the plan's period.",
    )
    if weeks < 0:
        said += Said(
            " De offentlige kasser får pengene hjem, selv om deltagerne arbejder mindre i ordinære job: Ydelsen spares, mens arbejdsgiveren betaler løn.",
            " The public purse has its money back although participants work less in ordinary jobs: the benefit is saved while the employer pays.",
        )
    if needed.found is not None:
        said += Said(f" Bankens tal svarer til {two_decimals(needed.found, 'da')}.", f" The bank's number is the same as {two_decimals(needed.found, 'en')}.")
    return said


def bottleneck_said(worked: Worked, one: Bottleneck) -> Said:
    """What one more caseworker, seat or place would give, in a sentence or two."""
    told = next(c for c in worked.scenario.capacity if c.id == one.centre.name)
    if not (one.centre.binds.any() or one.drawn.binds.any()):
        return Said(
            f"»{told.da}« er ikke flaskehalsen: {told.one_more_da} ville ikke ændre noget.",
            f"“{told.en}” is not the bottleneck: {told.one_more_en} would change nothing.",
        )
    gains = (one.centre.public, one.drawn.public)
    assert gains[0] is not None
    assert gains[1] is not None
    begin = band(one.centre.started.sum(axis=1), one.drawn.started.sum(axis=1))
    weeks, value = band(one.centre.weeks_in_work, one.drawn.weeks_in_work), band(gains[0], gains[1])
    begin_said, weeks_said, worth = _more_or_fewer(begin), _more_or_fewer(weeks), money_band(value, worked.scenario.money.currency)
    return _sentences(
        Said(
            f"Med {told.one_more_da} begynder {begin_said.da}. Det giver {weeks_said.da} uger i arbejde og {worth.da} til de offentlige kasser.",
            f"With {told.one_more_en}, {begin_said.en} people begin. That gives {weeks_said.en} weeks in work and {worth.en} to the public purse.",
        ),
        Said(f"Der mangler plads i {one.short} af planens {worked.scenario.weeks} uger.", f"There is too little room in {one.short} of the plan's {worked.scenario.weeks} weeks."),
        _IDLE if told.price is not None else _UNPAID,
    )  # fmt: skip


def _more_or_fewer(some: Band) -> Said:
    """``20 flere``, ``20 more``; a band with its signs."""
    way = Said(" flere", " more") if some.centre >= 0 else Said(" færre", " fewer")
    return count(abs(some.centre)) + way + _span(some, signed)


def _sentences(*said: Said) -> Said:
    """Sentences after each other, each with one full stop."""
    return Said(" ".join(stopped(s.da) for s in said), " ".join(stopped(s.en) for s in said))


_IDLE = Said(
    "Det, der bliver brugt, er betalt i beløbet; det, der står ubrugt hen, er ikke.",
    "What is used is paid for in that amount; what stands idle is not.",
)
_UNPAID = Said("Hvad det ekstra selv koster, er ikke trukket fra.", "What the extra one itself costs is not taken off.")
