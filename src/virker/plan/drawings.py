"""The plan's two figures: more people in work week by week, and what the answer hangs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from virker.language import Said, number
from virker.plan.questions import Named
from virker.plan.words import count, money, signed
from virker.plan.work import Worked
from virker.publish.figures.canvas import ACCENT, DARK, INK, LINE, MUTED, TINT, Canvas, wrapped
from virker.publish.figures.figure import Figure, Grid

WIDTH, _TOP, _LEFT, _RIGHT = 680, 30, 64, 668
_PLOT, _BAR, _NAMES = 168, 30, 270
#: So many weeks lie between two lines of the table under the figure.
_EVERY = 13
#: So many bars are drawn; the rest are narrower still.
_MOST_BARS = 8


def path_figure(worked: Worked, language: str) -> Figure:
    """More people in work at the start of each week, against no plan, with the band."""
    middle, low, high = (some.tolist() for some in worked.more_in_work())
    weeks = len(middle) - 1
    canvas = Canvas(WIDTH, _TOP + _PLOT + 44)
    bottom, top = min(0.0, *low), max(1.0, *high)
    step = nice(top - bottom)
    bottom, top = float(np.floor(bottom / step) * step), float(np.ceil(top / step) * step)

    def x(week: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * week / weeks

    def y(people: float) -> float:
        return _TOP + _PLOT * (top - people) / (top - bottom)

    canvas.text(4, 12, Said("flere i arbejde", "more people in work")[language], 12, MUTED)
    _grid(canvas, bottom, top, step, weeks, x, y, language)
    half = (x(1) - x(0)) / 2 + 0.3
    for week in range(weeks + 1):
        if high[week] > low[week]:
            canvas.back(x(week) - half, y(high[week]), 2 * half, y(low[week]) - y(high[week]), TINT)
    for week in range(weeks):
        canvas.line(x(week), y(middle[week]), x(week + 1), y(middle[week + 1]), ACCENT, 2.2)
    canvas.line(_LEFT, y(0), _RIGHT, y(0), DARK, 1)
    shown = (middle, low, high) if worked.has_draws else (middle,)
    header = (Said("uge", "week"), Said("flere i arbejde", "more in work"), Said("lav", "low"), Said("høj", "high"))[: len(shown) + 1]
    weeks_shown = sorted({*range(0, weeks + 1, _EVERY), weeks})
    rows = tuple((number(w, language), *(count(values[w])[language] for values in shown)) for w in weeks_shown)
    grid = Grid(tuple(w[language] for w in header), rows)
    caption = Said("Flere i arbejde end uden planen, uge for uge", "More people in work than without the plan, week by week")
    peak = max(range(weeks + 1), key=lambda w: abs(middle[w]))
    alt = Said(
        f"Linje over {weeks} uger. Forskellen er størst i uge {peak}: {signed(middle[peak]).da} i arbejde; {signed(middle[-1]).da} ved slutningen.",
        f"A line over {weeks} weeks. The difference is largest in week {peak}: {signed(middle[peak]).en} in work; {signed(middle[-1]).en} at the end.",
    )
    notes = (_band_note(worked)[language],)
    return Figure("figure", caption[language], alt[language], grid, canvas.drawing(), notes)


def _band_note(worked: Worked) -> Said:
    if not any(e.used for e in worked.effects):
        return Said("Banken har intet tal for indsatserne, så planen regner uden effekt af dem.", "The bank has no number for the measures, so the plan counts no effect of them.")  # fmt: skip
    if worked.has_draws and not worked.all_have_bands:
        return Said("Båndet er kun de tals usikkerhed, som har en trykt; de andre er regnet som sikre.", "The band is only that of the numbers that have one printed; the others are counted as certain.")  # fmt: skip
    if not worked.has_draws:
        return Said("Kilderne trykker ingen usikkerhed, så her er intet bånd.", "The sources print no uncertainty, so there is no band.")
    return Said("Båndet er de midterste 90 pct. af trækningerne af det, kilderne er usikre på.", "The band is the middle 90 per cent of the draws of what the sources are unsure of.")  # fmt: skip


def _grid(canvas: Canvas, bottom: float, top: float, step: float, weeks: int, x: Callable[[float], float], y: Callable[[float], float], language: str) -> None:
    for i in range(round((top - bottom) / step) + 1):
        value = bottom + i * step
        canvas.line(_LEFT, y(value), _RIGHT, y(value), LINE, 0.6)
        canvas.text(_LEFT - 8, y(value), number(round(value, 6), language), 11, MUTED, "right")
    for week in range(0, weeks + 1, 13 if weeks <= 156 else 52):
        canvas.line(x(week), y(bottom), x(week), y(bottom) + 5, MUTED, 0.8)
        canvas.text(x(week), y(bottom) + 16, number(week, language), 11, MUTED, "center")
    canvas.text((_LEFT + _RIGHT) / 2, y(bottom) + 35, Said("uger fra planens start", "weeks from the start of the plan")[language], 11.5, MUTED, "center")


def tornado_figure(hangs_on: Sequence[Named], centre: float, worked: Worked, language: str) -> Figure:
    """The public purse's present value when one thing at a time is turned up and down."""
    currency, swing = worked.scenario.money.currency, number(round(100 * worked.scenario.swing, 2), language)
    hangs_on = hangs_on[:_MOST_BARS]
    values = [v for n in hangs_on for v in (n.bar.at_low, n.bar.at_high)]
    low, high = min([*values, centre, 0.0]), max([*values, centre, 0.0])
    canvas = Canvas(WIDTH, _TOP + _BAR * len(hangs_on) + 14)
    left, right = _NAMES + 26, WIDTH - 40

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / ((high - low) or 1.0)

    end = _TOP + _BAR * len(hangs_on)
    canvas.line(x(0), _TOP - 4, x(0), end, DARK, 1)
    canvas.line(x(centre), _TOP - 4, x(centre), end, ACCENT, 1)
    canvas.text(x(0), _TOP - 14, "0", 11, MUTED, "center")
    if abs(x(centre) - x(0)) > 30:
        canvas.text(x(centre), _TOP - 14, money(centre, currency)[language], 11, ACCENT, "center")
    for i, named in enumerate(hangs_on):
        _bar(canvas, named, _TOP + _BAR * i, x, currency, language)
    header = tuple(w[language] for w in (Said("hvad", "what"), Said("ved lav værdi", "at the low value"), Said("ved høj værdi", "at the high value")))
    rows = tuple((n.said[language], money(n.bar.at_low, currency)[language], money(n.bar.at_high, currency)[language]) for n in hangs_on)
    caption = Said(
        "De offentlige kassers nutidsværdi, når ét tal ad gangen skrues op og ned",
        "The public purse's present value when one figure at a time is turned up and down",
    )
    widest = hangs_on[0] if hangs_on else None
    alt = Said("Intet at vise.", "Nothing to show.") if widest is None else Said(
        f"Søjler, den bredeste øverst: {widest.said.da}, fra {money(widest.bar.at_low, currency).da} til {money(widest.bar.at_high, currency).da}.",
        f"Bars, the widest at the top: {widest.said.en}, from {money(widest.bar.at_low, currency).en} to {money(widest.bar.at_high, currency).en}.",
    )  # fmt: skip
    note = Said(
        f"Effekter med et bånd skrues over det, alle andre tal {swing} pct. ned og op. Den lodrette farvede linje er planen.",
        f"Effects with a band are turned over it, all other figures {swing} per cent down and up. The coloured upright line is the plan.",
    )
    return Figure("figure", caption[language], alt[language], Grid(header, rows), canvas.drawing(), (note[language],))


def _bar(canvas: Canvas, named: Named, y: float, x: Callable[[float], float], currency: str, language: str) -> None:
    lines = wrapped(named.said[language], _NAMES, 11)[:3]
    for i, line in enumerate(lines):
        canvas.text(_NAMES, y + _BAR / 2 + (i - (len(lines) - 1) / 2) * 11.5 - 4, line, 10.5, INK, "right")
    ends = sorted((named.bar.at_low, named.bar.at_high))
    canvas.rect(x(ends[0]), y + 4, max(x(ends[1]) - x(ends[0]), 1.5), _BAR - 18, TINT, ACCENT)


def nice(span: float) -> float:
    """A round step that gives about five lines over the span.

    >>> nice(93), nice(0.8), nice(4100)
    (20.0, 0.2, 1000.0)
    """
    rough = span / 5
    power = 10.0 ** np.floor(np.log10(rough))
    return float(min((m * power for m in (1, 2, 5, 10)), key=lambda s: abs(s - rough)))
