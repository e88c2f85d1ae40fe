"""Effect over time: results by months since the start, in a lane for each kind of measure.

An effect is a path (lock-in first, gain later is the rule for training), so each result stands at its month, up for better, down for
worse. What only the note reports is drawn hollow: it is no evidence here, and the reader must see that. Results that name a
phase but no month stand in words below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from virker.bank import Query, Row
from virker.claims.edition import Edition
from virker.language import DIRECTIONS, Said, number
from virker.publish.figures.canvas import INK, LINE, MUTED, PALE, Canvas, width_of, wrapped
from virker.publish.figures.figure import Figure, Grid
from virker.publish.figures.settings import FigureBook, OverTime
from virker.publish.references import label
from virker.publish.wording import LEVELS, SIGNS
from virker.synthesis import oriented

Scale = Callable[[float], float]

WIDTH = 680
_STUB = 168
_LANE = 66
_SHAPES = {"positive": "triangle-up", "none": "circle", "mixed": "diamond", "negative": "triangle-down"}
_STEP = {"positive": -20, "none": 0, "mixed": 0, "negative": 20}
PHASES = {
    "threat": Said("trussel før start", "threat before start"),
    "lock-in": Said("fastlåsning", "lock-in"),
    "after": Said("efter indsatsen", "after the programme"),
    "net": Said("samlet", "net"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One result at its month (or from ``start`` to ``end``)."""

    row: Row
    lane: str
    direction: str
    start: float | None
    end: float | None
    name: str

    @property
    def seed(self) -> bool:
        return self.row.finding.origin.level == "seed"

    @property
    def month(self) -> float:
        assert self.start is not None
        assert self.end is not None
        return (self.start + self.end) / 2


def points(edition: Edition, book: FigureBook, spec: OverTime, language: str) -> tuple[Point, ...]:
    """Results for the whole group of a study that tell a month or a phase; subgroups and robustness checks are not drawn."""
    query = Query(intervention=spec.intervention, outcome=spec.outcome)
    out = []
    for row in edition.bank.select(query):
        f = row.finding
        direction = oriented(row, query)
        if direction is None or f.subgroup or f.sensitivity_of is not None:
            continue
        start, end = (f.horizon_months, f.horizon_months) if f.horizon_months is not None else (f.horizon_from, f.horizon_to)
        start, end = (end if start is None else start), (start if end is None else end)
        if start is None and f.phase is None:
            continue
        told = "none" if f.significant == "no" and direction != "mixed" else direction
        lane = next((t for t in (f.intervention, *f.also) if spec.intervention in edition.bank.vocabulary.ancestors("interventions", t)), f.intervention)
        out.append(Point(row, lane, told, start, end, label(row.study, language, book.short_names, 34)))
    return tuple(out)


def over_time(edition: Edition, book: FigureBook, spec: OverTime, language: str) -> Figure:
    """The figure of one measure."""
    found = points(edition, book, spec, language)
    timed = _once([p for p in found if p.start is not None])
    untimed = [p for p in found if p.start is None]
    vocabulary = edition.bank.vocabulary
    lanes: dict[str, list[Point]] = defaultdict(list)
    for point in timed:
        lanes[point.lane].append(point)
    order = sorted(lanes, key=lambda lane: (-len(lanes[lane]), lane))
    names = {lane: vocabulary.label("interventions", lane, language) for lane in {p.lane for p in found}}
    canvas = _drawn([(names[lane], lanes[lane]) for lane in order], language)
    caption = Said(spec.da, spec.en)[language]
    notes = (_untimed(untimed, names, language),) if untimed else ()
    return Figure("figure", caption, _alt(timed, order, names, language), _grid(found, names, language), canvas.drawing(), notes)


def _once(found: Sequence[Point]) -> list[Point]:
    """One point where a study tells the same twice at one month; a reading of the source stands before the note's."""
    best: dict[tuple[str, str, str, float], Point] = {}
    for point in found:
        key = (point.row.study.id, point.lane, point.direction, point.month)
        if key not in best or (best[key].seed and not point.seed):
            best[key] = point
    return list(best.values())


def _drawn(lanes: Sequence[tuple[str, Sequence[Point]]], language: str) -> Canvas:
    canvas = Canvas(WIDTH)
    last = max((p.end or 0 for _, some in lanes for p in some), default=24)
    months = int(-(-last // 12) * 12) or 12
    left, right, top = _STUB + 26, WIDTH - 110, 8

    def x(month: float) -> float:
        return left + (right - left) * month / months

    bottom = top + len(lanes) * _LANE
    for i, (name, some) in enumerate(lanes):
        _lane(canvas, name, some, top + i * _LANE, x)
    for month in range(0, months + 1, 6 if months <= 36 else 12):
        canvas.line(x(month), top, x(month), bottom, LINE, 0.6)
        canvas.text(x(month), bottom + 12, number(month, language), 11.5, MUTED, align="center")
    canvas.text((left + right) / 2, bottom + 30, Said("Måneder siden start", "Months since the start")[language], 12, align="center", bold=True)
    canvas.height = bottom + 46
    _key(canvas, language)
    return canvas


def _lane(canvas: Canvas, name: str, some: Sequence[Point], y: float, x: Scale) -> None:
    middle = y + _LANE / 2
    canvas.back(_STUB + 8, y + 2, WIDTH - _STUB - 8, _LANE - 4, PALE)
    words = wrapped(name[0].upper() + name[1:], _STUB - 6, 12.5)
    for n, part in enumerate(words):
        canvas.text(0, middle + (n - (len(words) - 1) / 2) * 14, part, 12.5)
    for direction in ("positive", "none", "negative"):
        canvas.text(_STUB + 16, middle + _STEP[direction], SIGNS[direction], 12, MUTED, align="center")
    rows: dict[int, list[Point]] = defaultdict(list)
    for point in sorted(some, key=lambda p: (p.month, p.name)):
        rows[_STEP[point.direction]].append(point)
    for step, row in rows.items():
        _sub_row(canvas, row, middle + step, x)


def _sub_row(canvas: Canvas, row: Sequence[Point], y: float, x: Scale) -> None:
    """The points of one direction in a lane: those at one month side by side, their names after the last of them."""
    clusters: list[list[Point]] = []
    for point in row:
        close = clusters and x(point.month) - x(clusters[-1][-1].month) < 14
        clusters[-1].append(point) if close else clusters.append([point])
    for number_of, cluster in enumerate(clusters):
        at = x(cluster[0].month)
        for i, point in enumerate(cluster):
            if point.start != point.end:
                canvas.line(x(point.start or 0), y, x(point.end or 0), y, INK, 1.5)
            canvas.point(at + 13 * i, y, _SHAPES[point.direction], not point.seed)
        following = clusters[number_of + 1] if number_of + 1 < len(clusters) else None
        _names(canvas, cluster, following, at, y, x)


def _names(canvas: Canvas, cluster: Sequence[Point], following: Sequence[Point] | None, at: float, y: float, x: Scale) -> None:
    name = ", ".join(dict.fromkeys(p.name for p in cluster))
    right = max([at + 13 * (len(cluster) - 1), *(x(p.end or 0) for p in cluster)]) + 9
    limit = x(following[0].start or 0) - 8 if following else WIDTH
    if right + 0.88 * width_of(name, 11) <= limit:
        canvas.text(right, y, name, 11)
    elif not (following and {p.name for p in cluster} <= {p.name for p in following}):  # else the next point carries the same name
        canvas.text(min([at, *(x(p.start or 0) for p in cluster)]) - 9, y, name, 11, align="right")


def _key(canvas: Canvas, language: str) -> None:
    y, x = canvas.height + 4, 0.0
    entries = (
        ("triangle-up", True, Said("+ bedre", "+ better")),
        ("circle", True, Said("0 ingen sikker effekt", "0 no certain effect")),
        ("triangle-down", True, Said("− værre", "− worse")),
        ("diamond", True, Said("± blandet", "± mixed")),
        ("circle", False, Said("hul: kun notatet selv siger det", "hollow: only the note itself says so")),
    )
    for shape, filled, said in entries:
        canvas.point(x + 6, y, shape, filled)
        canvas.text(x + 17, y, said[language], 11.5, MUTED)
        x += 28 + width_of(said[language], 11.5)
    canvas.height = int(y + 12)


def _alt(timed: Sequence[Point], order: Sequence[str], names: dict[str, str], language: str) -> str:
    """How many results there are early and late, and which way they point."""

    def tell(some: Sequence[Point]) -> str:
        return (
            ", ".join(f"{n} {DIRECTIONS[d][language]}" for d in ("positive", "none", "mixed", "negative") if (n := sum(p.direction == d for p in some))) or "0"
        )

    early, late = [p for p in timed if p.month <= 12], [p for p in timed if p.month > 12]
    seeds = sum(p.seed for p in timed)
    return Said(
        f"Tidslinje med {len(timed)} resultater for {len(order)} slags forløb ({', '.join(names[o] for o in order)}). Til og med 12 måneder: {tell(early)}. Efter 12 måneder: {tell(late)}. {seeds} af dem står kun i notatet og er tegnet hule.",
        f"Timeline of {len(timed)} results for {len(order)} kinds of course ({', '.join(names[o] for o in order)}). Up to 12 months: {tell(early)}. After 12 months: {tell(late)}. {seeds} of them stand only in the note and are drawn hollow.",
    )[language]


def _untimed(untimed: Sequence[Point], names: dict[str, str], language: str) -> str:
    """Results with a phase and no month, in one sentence for each phase."""
    said = []
    for phase, word in PHASES.items():
        some = [p for p in untimed if p.row.finding.phase == phase]
        if some:
            told = [
                f"{p.name} ({names[p.lane]}: {DIRECTIONS[p.direction][language]}{Said(', kun notatet', ', only the note')[language] if p.seed else ''})"
                for p in some
            ]
            said.append(f"{word[language][0].upper() + word[language][1:]}: {'; '.join(dict.fromkeys(told))}.")
    lead = Said("Resultater uden måned.", "Results without a month.")[language]
    return f"{lead} {' '.join(said)}"


def _grid(found: Sequence[Point], names: dict[str, str], language: str) -> Grid:
    header = Said("Studie|Forløb|Måneder|Fase|Retning|Læsning|Resultat i banken", "Study|Course|Months|Phase|Direction|Reading|Finding in the bank")
    ordered = sorted(found, key=lambda p: (names[p.lane], p.start is None, p.start or 0, p.name))
    rows = [
        (
            p.name,
            names[p.lane],
            _months(p, language),
            PHASES[p.row.finding.phase][language] if p.row.finding.phase else "–",
            f"{SIGNS[p.direction]}\u00a0{DIRECTIONS[p.direction][language]}",
            LEVELS[p.row.finding.origin.level][language],
            p.row.address,
        )
        for p in ordered
    ]
    return Grid(tuple(header[language].split("|")), tuple(rows))


def _months(point: Point, language: str) -> str:
    if point.start is None or point.end is None:
        return "–"
    return number(point.start, language) if point.start == point.end else f"{number(point.start, language)}–{number(point.end, language)}"
