"""Harvest plot: one bar for every piece of evidence, in the column of its direction, as high as its design is sure.

A reader sees at once how much points which way and how good it is. Reviews have no level on the scale; they are drawn pale, dashed and
marked, at one fixed height. Direction is told by the column and by the sign over each bar, never by colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from virker.claims.edition import Edition
from virker.language import DIRECTIONS, WAYS, Said, counted, pointing
from virker.publish.figures.canvas import ACCENT, INK, LINE, MUTED, PALE, TINT, Canvas, width_of
from virker.publish.figures.evidence import Shown, shown_units
from virker.publish.figures.figure import Figure, Grid
from virker.publish.figures.settings import FigureBook, Section
from virker.publish.wording import SIGNS

WIDTH = 680
_LEFT = 34
_LEVEL = 22  # pixels for each level of the Maryland scale
_TOP = 46
_LABEL = 11.5

COLUMNS: tuple[tuple[tuple[str, ...], Said], ...] = (
    (("negative",), Said("Negativ effekt", "Negative effect")),
    (("none", "mixed"), Said("Ingen eller blandet", "None or mixed")),
    (("positive",), Said("Positiv effekt", "Positive effect")),
)
_HEIGHT_MEANS = Said("Højde: Maryland-niveau, 5 er lodtrækningsforsøg", "Height: Maryland level, 5 is a randomised trial")
_PALE_MEANS = Said("Stiplet, mærket R: litteraturgennemgang (har intet niveau)", "Dashed, marked R: literature review (has no level)")
_LOW_MEANS = Said("Flad: niveauet er ikke oplyst", "Flat: the level is not stated")
_EMPTY = Said("ingen", "none")


@dataclass(frozen=True, slots=True)
class _Slot:
    """One bar with its place."""

    shown: Shown
    x: float
    column: int


def harvest(edition: Edition, book: FigureBook, section: Section, language: str) -> Figure:
    """The harvest plot of one section, with a panel for each of its queries."""
    panels = [(p.said[language], shown_units(edition.bank, p.select, language, book.short_names)) for p in section.panel]
    canvas = Canvas(WIDTH)
    for title, units in panels:
        _panel(canvas, title if len(panels) > 1 else "", units, language)
    _key(canvas, language, [u for _, units in panels for u in units])
    return Figure("figure", section.said[language], _alt(panels, language), _grid(panels, language), canvas.drawing())


def _panel(canvas: Canvas, title: str, units: Sequence[Shown], language: str) -> None:
    top = canvas.height
    if title:
        canvas.text(0, top + 10, title, 14, bold=True)
        top += 24
    base = top + _TOP + 5 * _LEVEL
    label_room = max((0.9 * width_of(u.name, _LABEL) for u in units), default=20) + 14
    bounds, slots, step = _slots(units)
    for (left, right), (_, said) in zip(bounds, COLUMNS, strict=True):
        canvas.back(left, top, right - left, base - top, PALE)
        canvas.text((left + right) / 2, top + 13, said[language], 12.5, bold=True, align="center")
    for level in range(6):
        y = base - level * _LEVEL
        canvas.line(_LEFT, y, WIDTH, y, INK if level == 0 else LINE, 1.2 if level == 0 else 0.6)
        if level:
            canvas.text(_LEFT - 8, y, str(level), 11, MUTED, align="right")
    for left, right in (b for i, b in enumerate(bounds) if not any(s.column == i for s in slots)):
        canvas.text((left + right) / 2, base - 12, _EMPTY[language], 12, MUTED, align="center")
    for slot in slots:
        _bar(canvas, slot, base, step)
    canvas.height = int(base + label_room + 14)


def _bar(canvas: Canvas, slot: _Slot, base: float, step: float) -> None:
    """The bar, its sign above and its name below."""
    shown, wide = slot.shown, min(step * 0.72, 26)
    height = 1.0 * _LEVEL if shown.is_review else max(shown.quality, 0.25) * _LEVEL
    left = slot.x - wide / 2
    canvas.rect(left, base - height, wide, height, TINT if shown.is_review else ACCENT, ACCENT, dashed=shown.is_review)
    if shown.is_review:
        canvas.text(slot.x, base - height / 2, "R", 11, INK, align="center", bold=True)
    canvas.text(slot.x, base - height - 9, SIGNS[shown.direction], 14, INK, align="center", bold=True)
    canvas.text(slot.x, base + 7, shown.name, _LABEL, INK, align="right", angle=270)


def _slots(units: Sequence[Shown]) -> tuple[list[tuple[float, float]], list[_Slot], float]:
    """Columns as wide as what they hold, each at least wide enough for its heading."""
    gap, least = 8.0, 128.0
    room = WIDTH - _LEFT - 2 * gap
    columns = [[u for u in units if u.direction in directions] for directions, _ in COLUMNS]
    step = min(34.0, room / max(sum(max(len(c), 1) for c in columns), 1))
    for _ in range(4):  # narrow columns keep their least width; the rest share what is left
        wide = [c for c in columns if len(c) * step > least]
        count = sum(len(c) for c in wide)
        if count:
            step = min(34.0, (room - least * (len(columns) - len(wide))) / count)
    widths = [max(least, len(c) * step) for c in columns]
    spare = (room - sum(widths)) / len(widths)
    bounds, slots, at = [], [], float(_LEFT)
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        right = at + width + spare
        first = (at + right) / 2 - (len(column) - 1) * step / 2
        slots += [_Slot(u, first + i * step, number) for i, u in enumerate(column)]
        bounds.append((at, right))
        at = right + gap
    return bounds, slots, step


def _key(canvas: Canvas, language: str, units: Sequence[Shown]) -> None:
    """What height, dashes and flat bars mean; only what the plot uses."""
    y = canvas.height + 4
    _explain(canvas, _LEFT, y, _HEIGHT_MEANS[language], 11, ACCENT)
    if any(u.is_review for u in units):
        _explain(canvas, _LEFT + 26 + width_of(_HEIGHT_MEANS[language], 11.5), y, _PALE_MEANS[language], 11, TINT)
    if any(not u.is_review and not u.quality for u in units):
        y += 20
        _explain(canvas, _LEFT, y, _LOW_MEANS[language], 5, ACCENT)
    canvas.height = y + 12


def _explain(canvas: Canvas, x: float, y: float, words: str, tall: int, fill: str) -> None:
    canvas.rect(x, y + 6 - tall, 12, tall, fill, ACCENT, dashed=fill == TINT)
    canvas.text(x + 18, y, words, 11.5, MUTED)


def _alt(panels: Sequence[tuple[str, Sequence[Shown]]], language: str) -> str:
    """What the plot shows: how many point which way, how many are reviews, and the best that stands behind each direction."""
    kind = Said("Høstdiagram.", "Harvest plot.")[language]
    return " ".join([kind, *(_panel_alt(title, units, language) for title, units in panels)])


def _panel_alt(title: str, units: Sequence[Shown], language: str) -> str:
    pieces = counted(len(units), Said("stykke evidens", "piece of evidence"), Said("stykker evidens", "pieces of evidence"))[language]
    tally = Counter(u.direction for u in units)
    by_direction = ", ".join(pointing(tally[d], d)[language] for d in WAYS)
    reviews = sum(u.is_review for u in units)
    trials = sum(u.quality == 5 and not u.is_review for u in units)
    with_reviews = counted(reviews, Said("er en litteraturgennemgang", "is a literature review"), Said("er litteraturgennemgange", "are literature reviews"))
    with_trials = counted(trials, Said("er et lodtrækningsforsøg", "is a randomised trial"), Said("er lodtrækningsforsøg", "are randomised trials"))
    rest = f"{with_reviews[language]}, {with_trials[language]}."
    return f"{title}: {pieces}; {by_direction}. {rest}"


def _grid(panels: Sequence[tuple[str, Sequence[Shown]]], language: str) -> Grid:
    header = Said("Studie|Spørgsmål|Retning|Kvalitet|Læsning|Resultater i banken", "Study|Question|Direction|Quality|Reading|Findings in the bank")
    rows = [
        (u.name, title, f"{SIGNS[u.direction]}\u00a0{DIRECTIONS[u.direction][language]}", u.kind[language], u.read, ", ".join(u.addresses))
        for title, units in panels
        for u in units
    ]
    return Grid(tuple(header[language].split("|")), tuple(rows))
