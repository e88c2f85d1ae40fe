"""Networks of treatments: which are compared directly, and how often; every pair's difference; ranks; direct against indirect evidence."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from virker.meta.drawing.rows import NAN, NARROW, Look, Row, rows_drawing
from virker.meta.drawing.series import intervals
from virker.meta.drawing.surface import ACCENT, GREY, WHITE, Surface, wrapped
from virker.meta.picture import Drawing

if TYPE_CHECKING:
    from virker.meta.network.inconsistency import Split
    from virker.meta.network.prediction import NetworkPrediction
    from virker.meta.network.ranking import League, Ranking

_EDGE = 12


def net(model: Any, look: Look, *, title: str | None = None) -> Drawing:
    """Treatments on a circle, joined where studies compare them: the line is as thick as the studies are many, and its number stands on it."""
    words, d = look.words, model.data
    page, name = Surface(look.width), title or look.words["network"]
    y = page.words(_EDGE, 20, wrapped(name, look.width - 2 * _EDGE, 15, True), size=15, bold=True) + 6
    n = len(d.treatments)
    wide = min(look.width * 0.38, 200.0) if look.width < NARROW else 300.0
    cx, cy, r = look.width / 2, y + wide / 2 + 36, wide / 2
    at = [(cx + r * math.sin(2 * math.pi * i / n), cy - r * math.cos(2 * math.pi * i / n)) for i in range(n)]
    pairs = [(min(a, b), max(a, b), s) for a, b, s in zip(d.first.tolist(), d.second.tolist(), d.study.tolist(), strict=True)]
    counts: dict[tuple[int, int], int] = {}
    for a, b, _ in sorted(set(pairs)):
        counts[a, b] = counts.get((a, b), 0) + 1
    for (a, b), count in counts.items():
        page.line(*at[a], *at[b], colour=GREY, thick=min(1.0 + count, 8.0))
    for i, (x, up) in enumerate(at):
        page.circle(x, up, 6, fill=ACCENT, stroke=WHITE)
        _named(page, d.treatments[i], x, up, cx, cy, look.width)
    taken = list(at)
    for (a, b), count in sorted(counts.items(), key=lambda one: -one[1]):
        x, up = _free(at[a], at[b], taken)
        taken.append((x, up))
        page.circle(x, up, 8, fill=WHITE)
        page.text(x, up, str(count), size=11, anchor="middle")
    page.height = float(round(cy + r + 44))
    told = ", ".join(f"{d.treatments[a]}–{d.treatments[b]} {count}" for (a, b), count in sorted(counts.items(), key=lambda one: -one[1]))
    alt = words["alt network"].format(title=name, n=n, g=len(d.studies), pairs=told)
    return Drawing(page.svg(name, alt), name, alt, look.width, int(page.height))


def _free(a: tuple[float, float], b: tuple[float, float], taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The place on the line from ``a`` to ``b`` that is farthest from what stands there already; the middle where that is free."""
    places = [(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])) for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)]
    room = [min(math.hypot(x - u, y - w) for u, w in taken) for x, y in places]
    return next((place for place, space in zip(places, room, strict=True) if space > 18), places[room.index(max(room))])


def _named(page: Surface, name: str, x: float, y: float, cx: float, cy: float, width: int) -> None:
    """The treatment's name outside the circle, on at most three lines."""
    side = (x - cx) / max(abs(x - cx), abs(y - cy), 1e-9)
    if abs(side) < 0.35:
        lines = wrapped(name, min(x, width - x) * 2 - 2 * _EDGE, 12, True)[:3]
        first = y - 16 - 15.6 * (len(lines) - 1) if y < cy else y + 16
        page.words(x, first, lines, anchor="middle", bold=True)
        return
    lines = wrapped(name, (width - x if side > 0 else x) - 12 - _EDGE, 12, True)[:3]
    page.words(x + math.copysign(12, side), y - 7.8 * (len(lines) - 1), lines, anchor="start" if side > 0 else "end", bold=True)


def league(result: League, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    """Every pair's difference."""
    rows = [row for row in result.rows() if row["estimate"] is not None]
    names = [f"{row['treat1']} − {row['treat2']}" for row in rows]
    return intervals(look, names, [row["estimate"] for row in rows], [row["low"] for row in rows], [row["high"] for row in rows], title=title or look.words["league"], label=look.words["pair"], over=effect or look.words["effect"])  # fmt: skip


def predictions(result: NetworkPrediction, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    """Every pair's difference, and where that of a new study would lie."""
    rows = [row for row in result.rows() if row["estimate"] is not None]
    column = {name: [NAN if row[name] is None else row[name] for row in rows] for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")}
    names = [f"{row['treat1']} − {row['treat2']}" for row in rows]
    return intervals(look, names, column["estimate"], column["ci_low"], column["ci_high"], pi_low=column["pi_low"], pi_high=column["pi_high"], title=title or look.words["predictions"], label=look.words["pair"], over=effect or look.words["effect"])  # fmt: skip


def ranking(result: Ranking, look: Look, *, title: str | None = None) -> Drawing:
    """P-scores; a rank is no effect, and the words say so."""
    rows = [Row(name, float(score)) for name, score in zip(result.treatment, result.score, strict=True)]
    plain = replace(look, digits=2, limits=(0.0, 1.0), zero=0.5)
    return rows_drawing(rows, plain, title=title or look.words["ranking"], label="", over=look.words["rank warning"])


def split(result: Split, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    """Direct and indirect evidence on each pair, and both together."""
    from virker.meta.tests import critical

    words, c = look.words, float(critical(None, look.level))
    rows: list[Row] = []
    for i, (a, b) in enumerate(zip(result.treat1, result.treat2, strict=True)):
        rows.append(Row(f"{a} − {b}", kind="heading"))
        for name, kind in (("direct", "estimate"), ("indirect", "estimate"), ("network", "mean")):
            y, se = float(getattr(result, name)[i]), float(getattr(result, f"{name}_se")[i])
            label = words["both evidence"] if name == "network" else words[name]
            if math.isfinite(y):
                rows.append(Row(label, y, y - c * se, y + c * se, kind, inset=True))  # type: ignore[arg-type]
            else:
                rows.append(Row(label, NAN, NAN, NAN, inset=True))
    return rows_drawing(rows, look, title=title or words["split"], label=words["pair"], over=effect or words["effect"])


def wild(result: Any, look: Look, *, title: str | None = None) -> Drawing:
    """The statistics of a cluster wild bootstrap, with the data's own as a line."""
    from virker.meta.drawing.axis import TRANSFORMS
    from virker.meta.drawing.curves import histogram

    plain = replace(look, shown=TRANSFORMS["none"], limits=None, zero=None)
    return histogram(np.asarray(result.statistics), plain, title=title or look.words["bootstrap"], over="F", marks=(float(result.f),))
