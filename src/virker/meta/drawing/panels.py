"""Small panels side by side: what each study does to the model, residuals, shares of the variance, and the harvest plot's bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from virker.meta.data import Array
from virker.meta.drawing.axis import TRANSFORMS, axis
from virker.meta.drawing.rows import NARROW, Look
from virker.meta.drawing.surface import ACCENT, GRID, INK, LINE, MUTED, SECOND, TINT, WHITE, Surface, width_of, wrapped
from virker.meta.drawing.words import figure
from virker.meta.picture import Drawing

if TYPE_CHECKING:
    from virker.meta.diagnostics import Influence, Residuals
    from virker.meta.multilevel_after import HeterogeneityShares
    from virker.meta.signs import Harvest

_EDGE = 12
_PANELS = ("rstudent", "dffits", "cook_d", "cov_ratio", "tau2_deleted", "q_deleted", "hat", "weight")


def influence(result: Influence, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None) -> Drawing:
    """A panel for each measure, a stem for each study; those beyond the usual limits are dark, and named in the words.

    Limits are the result's own (:attr:`virker.meta.diagnostics.Influence.limits`); the covariance ratio has the line at 1.
    """
    limits = result.limits
    values = {name: np.asarray(getattr(result, name), dtype=float) for name in _PANELS}
    words = look.words
    names = {name: words[name] for name in _PANELS} | {"weight": f"{words['weight']} (%)"}
    page, name = Surface(look.width), title or words["influence plot"]
    y = page.words(_EDGE, 20, wrapped(name, look.width - 2 * _EDGE, 15, True), size=15, bold=True) + 4
    across = 1 if look.width < NARROW else 2
    wide, tall = (look.width - 2 * _EDGE - 16 * (across - 1)) / across, 118
    beyond: dict[int, None] = {}
    for n, measure in enumerate(_PANELS):
        x, top = _EDGE + (n % across) * (wide + 16), y + (n // across) * (tall + 12)
        over = _stems(page, values[measure], limits.get(measure), x, top, wide, tall, names[measure], look, base=1.0 if measure == "cov_ratio" else None)
        beyond.update(dict.fromkeys(over))
    page.height = y + -(-len(_PANELS) // across) * (tall + 12) + 14
    page.text(_EDGE, page.height - 10, words["study number"], colour=MUTED)
    told = [str(labels[i]) if labels is not None else str(i + 1) for i in beyond]
    marked = words["alt marked"].format(names=", ".join(told)) if told else words["alt unmarked"]
    return _finished(page, name, f"{name}. {marked}")


def residuals(result: Residuals, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None) -> Drawing:
    """Standardised residuals as stems, those beyond ±1.96 dark."""
    words = look.words
    page, name = Surface(look.width), title or words["residuals"]
    y = page.words(_EDGE, 20, wrapped(name, look.width - 2 * _EDGE, 15, True), size=15, bold=True) + 4
    over = _stems(page, np.asarray(result.z, dtype=float), 1.96, _EDGE, y, look.width - 2 * _EDGE, 240, words["residual"], look)
    page.height = y + 270
    page.text(_EDGE, page.height - 10, words["study number"], colour=MUTED)
    told = [str(labels[i]) if labels is not None else str(i + 1) for i in over]
    marked = words["alt marked"].format(names=", ".join(told)) if told else words["alt unmarked"]
    return _finished(page, name, f"{name}. {marked}")


def _stems(page: Surface, values: Array, limit: float | None, x: float, top: float, wide: float, tall: float, name: str, look: Look, base: float | None = None) -> list[int]:  # fmt: skip
    """One panel: stems from zero (points where nothing is around zero), a dashed line at the limit; gives the studies beyond it."""
    page.text(x, top + 8, name, bold=True)
    some = values[np.isfinite(values)]
    if not len(some):
        return []
    from_zero = bool(some.min() < 0) or base is None
    ends = [float(some.min()), float(some.max()), *([0.0] if from_zero else []), *([base] if base is not None else [])]
    if limit is not None and limit < 2.5 * float(np.abs(some).max()):
        ends += [limit, *([-limit] if some.min() < 0 else [])]
    up = axis(min(ends), max(ends), top + tall - 4, top + 22, TRANSFORMS["none"], 0.04)
    ticks = up.ticks(look.words, 11)
    left = x + max(width_of(label, 11) for _, label in ticks) + 8
    for value, label in ticks:
        page.line(left, up.at(value), x + wide, up.at(value), colour=GRID)
        page.text(left - 6, up.at(value), label, size=11, anchor="end")
    foot = base if base is not None else 0.0
    page.line(left, up.clipped(foot), x + wide, up.clipped(foot), colour=MUTED)
    for sign in (1, -1):
        if limit is not None and up.inside(sign * limit) and (sign > 0 or some.min() < 0):
            page.line(left, up.at(sign * limit), x + wide, up.at(sign * limit), colour=SECOND, dash="4 3")
    step, over = (x + wide - left) / len(values), []
    for i, value in enumerate(values):
        if not np.isfinite(value):
            continue
        far = limit is not None and abs(float(value)) > limit
        at = left + (i + 0.5) * step
        page.line(at, up.clipped(foot), at, up.at(float(value)), colour=SECOND if far else LINE, thick=1.4)
        page.circle(at, up.at(float(value)), min(3.5, max(1.2, step / 3)), fill=SECOND if far else ACCENT)
        if far:
            over.append(i)
    return over


def shares(result: HeterogeneityShares, look: Look, *, title: str | None = None) -> Drawing:
    """One bar: how much of the variance lies between studies, between estimates of a study, and is sampling error."""
    words, name = look.words, title or look.words["shares"]
    parts = [
        (words["between studies"], result.study, ACCENT, WHITE),
        (words["within studies"], result.estimate, TINT, INK),
        (words["sampling"], 100.0 - result.total, "#eef2f3", INK),
    ]
    page = Surface(look.width)
    y = page.words(_EDGE, 20, wrapped(name, look.width - 2 * _EDGE, 15, True), size=15, bold=True)
    y = page.words(_EDGE, y, [words["variance share"]], colour=MUTED) + 4
    x, wide = float(_EDGE), look.width - 2 * _EDGE
    for _, share, fill, ink in parts:
        part = wide * share / 100
        page.box(x, y, part, 34, fill=fill, stroke=MUTED)
        if part > 44:
            page.text(x + part / 2, y + 17, figure(share, 1, words), anchor="middle", colour=ink)
        x += part
    y += 54
    for label, share, fill, _ in parts:
        page.box(_EDGE, y - 6, 14, 12, fill=fill, stroke=MUTED)
        page.text(_EDGE + 22, y, f"{label}: {figure(share, 1, words)} %")
        y += 20
    page.height = y
    return _finished(page, name, words["alt steps"].format(title=name, steps=", ".join(f"{label} {figure(share, 1, words)} %" for label, share, _, _ in parts)))


def harvest(result: Harvest, look: Look, *, title: str | None = None) -> Drawing:
    """Each unit a bar in the row of its group and the column of its direction; dark bars are significant (Ogilvie et al. 2008)."""
    words, name = look.words, title or look.words["harvest"]
    page = Surface(look.width)
    y = page.words(_EDGE, 20, wrapped(name, look.width - 2 * _EDGE, 15, True), size=15, bold=True) + 6
    stub = 0.0 if look.width < NARROW else min(180.0, max(width_of(g, 12, True) for g in result.groups) + 16)
    wide = (look.width - 2 * _EDGE - stub) / 3
    for c, direction in enumerate(("negative", "none", "positive")):
        page.text(_EDGE + stub + (c + 0.5) * wide, y, words[direction], anchor="middle", bold=True)
    y += 14
    tallest = max(float(result.height.max()), 1e-300)
    for r, group in enumerate(result.groups):
        if not stub:
            page.text(_EDGE, y + 8, group, bold=True)
            y += 18
        base = y + 50
        if stub:
            page.words(_EDGE, base - 24, wrapped(group, stub - 8, 12, True), bold=True)
        for c in range(3):
            at = [i for i in range(len(result.row)) if result.row[i] == r and result.column[i] == c]
            step = min(14.0, (wide - 12) / max(len(at), 1))
            left = _EDGE + stub + c * wide + (wide - step * len(at)) / 2
            for n, i in enumerate(at):
                tall = 42 * float(result.height[i]) / tallest
                page.box(left + n * step, base - tall, max(step - 2, 1), tall, fill=ACCENT if result.bold[i] else TINT, stroke=ACCENT)
        page.line(_EDGE, base, look.width - _EDGE, base, colour=LINE)
        y = base + 10
    page.height = y + 4
    rows = "; ".join(
        words["alt harvest row"].format(label=g, negative=n[0], none=n[1], positive=n[2]) for g, n in zip(result.groups, result.counts.tolist(), strict=True)
    )
    return _finished(page, name, words["alt harvest"].format(title=name, rows=rows))


def _finished(page: Surface, title: str, alt: str) -> Drawing:
    page.height = float(round(page.height))
    return Drawing(page.svg(title, alt), title, alt, int(page.width), int(page.height))
