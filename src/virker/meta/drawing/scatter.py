"""Plots of points: radial (Galbraith 1988), Baujat et al. 2002 (doi:10.1002/sim.1221), L'Abbé et al. 1987, and the bubbles of a meta-regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from virker.meta.data import Array
from virker.meta.drawing.chart import PLAIN, chart
from virker.meta.drawing.rows import Look
from virker.meta.drawing.surface import ACCENT, INK, MUTED, SECOND
from virker.meta.drawing.words import Words, decimals, figure
from virker.meta.errors import InputError
from virker.meta.picture import Drawing

if TYPE_CHECKING:
    from virker.meta.univariate import RandomEffects


def radial(model: RandomEffects, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None) -> Drawing:
    """Estimate over standard error against precision, tau2 counted in both: the slope from the origin is the mean effect, ±c beside it its interval."""
    from virker.meta.tests import critical

    d, words = model.data, look.words
    if d.p != 1 or not d.intercept:
        raise InputError("A radial plot is for a model without moderators.")
    root = np.sqrt(d.v + model.tau2)
    x, z, mean, c = 1.0 / root, d.y / root, float(model.beta[0]), float(critical(None, look.level))
    far = float(x.max()) * 1.05
    ends = [*map(float, (z.min(), z.max())), 0.0, mean * far - c, mean * far + c]
    name = title or words["radial"]
    frame = chart(look, [0.0, far], ends, title=name, over=words["precision"], beside=words["standardised"], pad=(0.0, 0.06))
    frame.curve([(0.0, 0.0), (far, mean * far)], colour=INK)
    for side in (-c, c):
        frame.curve([(0.0, side), (far, mean * far + side)], colour=INK, dash="5 3")
    for i in range(d.k):
        frame.point(float(x[i]), float(z[i]))
    if labels is not None:
        order = np.argsort(-np.abs(z - mean * x), kind="stable")
        frame.names([(float(x[i]), float(z[i]), str(labels[i])) for i in order])
    digits = decimals(float(root.min()))
    frame.key([("line", INK, f"{words['summary']}: {figure(look.shown.show(mean), 2 if look.shown.ratio else digits, words)}"), ("dash", INK, words["interval"].format(level=f"{100 * look.level:g}"))])  # fmt: skip
    return frame.drawing(_points(look, name, words["precision"], words["standardised"], x, z))


def baujat(heterogeneity: Array, influence: Array, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None) -> Drawing:
    """What each study adds to Q against what it does to the mean; those far out to the right and up are named."""
    words = look.words
    name = title or words["baujat"]
    frame = chart(look, [0.0, *heterogeneity], [0.0, *influence], title=name, over=words["contribution"], beside=words["influence"], pad=(0.03, 0.06), from_zero=True)  # fmt: skip
    for x, y in zip(heterogeneity, influence, strict=True):
        frame.point(float(x), float(y))
    far = np.argsort(-(heterogeneity / max(float(heterogeneity.max()), 1e-300) + influence / max(float(influence.max()), 1e-300)), kind="stable")
    told = [str(labels[i]) if labels is not None else str(i + 1) for i in range(len(influence))]
    frame.names([(float(heterogeneity[i]), float(influence[i]), told[i]) for i in far], most=10)
    first = ", ".join(told[i] for i in far[:3])
    return frame.drawing(_points(look, name, words["contribution"], words["influence"], heterogeneity, influence) + f" {first}.")


def labbe(
    share1: Array, share2: Array, n: Array, look: Look, *, pooled: float | None = None, measure: str = "log-odds-ratio", labels: Sequence[str] | None = None,
    title: str | None = None,
) -> Drawing:  # fmt: skip
    """Shares with the event in group 2 (across) and group 1 (up), circles by size ``n`` (k,): on the slanting line the groups are alike.

    ``pooled`` : a pooled log odds ratio, log risk ratio or risk difference, drawn as the line on which all studies would lie.
    """
    words = look.words
    ends = [0.0, float(max(share1.max(), share2.max()))]
    name = title or words["labbe"]
    frame = chart(look, ends, ends, title=name, over=words["risk2"], beside=words["risk1"], shown_x=PLAIN, pad=(0.04, 0.04), height=min(look.width * 0.75, 460))
    frame.curve([(0.0, 0.0), (ends[1], ends[1])], colour=MUTED)
    if pooled is not None:
        x = np.linspace(0.0, ends[1], 101)
        y = _other_share(x, pooled, measure)
        keep = (y >= 0) & (y <= frame.up.high)
        frame.curve(zip(x[keep].tolist(), y[keep].tolist(), strict=True), colour=SECOND, dash="5 3")
    for i in np.argsort(-n, kind="stable"):
        frame.point(float(share2[i]), float(share1[i]), r=3 + 11 * float(n[i] / n.max()) ** 0.5, fill=ACCENT, opacity=0.55)
    if labels is not None:
        frame.names([(float(share2[i]), float(share1[i]), str(labels[i])) for i in np.argsort(-np.abs(share1 - share2), kind="stable")], most=8)
    frame.key([("line", MUTED, words["none"]), *([("dash", SECOND, words["summary"])] if pooled is not None else [])])
    return frame.drawing(_points(look, name, words["risk2"], words["risk1"], share2, share1))


def _other_share(x: Array, effect: float, measure: str) -> Array:
    if measure == "risk-difference":
        return x + effect
    if measure == "log-risk-ratio":
        return np.asarray(x * np.exp(effect))
    if measure == "log-odds-ratio":
        odds = x / np.maximum(1.0 - x, 1e-12) * np.exp(effect)
        return np.asarray(odds / (1.0 + odds))
    raise InputError(f"measure is '{measure}': the line of an L'Abbé plot is that of log-odds-ratio, log-risk-ratio or risk-difference.")


def bubble(model: RandomEffects, look: Look, *, column: int | str | None = None, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None) -> Drawing:  # fmt: skip
    """Estimates against a moderator, with the fitted line, its interval and its prediction interval; other moderators are held at their mean.

    ``column`` : the moderator, by name or place among the columns; the first after the intercept by default.
    """
    from virker.meta.prediction import predict, weights

    d, words = model.data, look.words
    j = _column(model, column)
    x, over = d.X[:, j], d.names[j] if d.names[j] != f"x{j}" else words["moderator"]
    grid = np.linspace(float(x.min()), float(x.max()), 61)
    rows = np.tile(d.X.mean(axis=0), (len(grid), 1))
    rows[:, j] = grid
    ahead = predict(model, rows)
    ends = [*map(float, (d.y.min(), d.y.max())), *(float(e) for e in (ahead.ci_low.min(), ahead.ci_high.max()))]
    name = title or words["bubble"]
    frame = chart(look, grid.tolist(), ends, title=name, over=over, beside=effect or words["effect"], shown_y=look.shown)
    band = [frame.at(a, float(np.clip(b, frame.up.low, frame.up.high))) for a, b in [*zip(grid, ahead.ci_low, strict=True), *reversed(list(zip(grid, ahead.ci_high, strict=True)))]]  # fmt: skip
    frame.page.polygon(band, fill=ACCENT, opacity=0.16)
    for side in (ahead.pi_low, ahead.pi_high):
        frame.curve(zip(grid.tolist(), side.tolist(), strict=True), colour=SECOND, dash="4 3", thick=1.2)
    share = weights(model)
    for i in np.argsort(-share, kind="stable"):
        frame.point(float(x[i]), float(d.y[i]), r=2.5 + 8.5 * float(share[i] / share.max()) ** 0.5, fill=ACCENT, opacity=0.6)
    frame.curve(zip(grid.tolist(), ahead.estimate.tolist(), strict=True), colour=INK, thick=2)
    if labels is not None:
        away = np.abs(d.y - d.X @ model.beta) / np.sqrt(d.v + model.tau2)
        frame.names([(float(x[i]), float(d.y[i]), str(labels[i])) for i in np.argsort(-away, kind="stable")], most=8)
    frame.key([("line", INK, words["fitted"]), ("box", "#cfe1e3", words["interval"].format(level=f"{100 * look.level:g}")), ("dash", SECOND, words["prediction"])])  # fmt: skip
    digits = 2 if look.shown.ratio else decimals(float(np.sqrt(d.v.min())))
    told = {"first": ahead.estimate[0], "last": ahead.estimate[-1]}
    alt = words["alt bubble"].format(title=name, k=d.k, x=over, xlow=_short(grid[0], words), xhigh=_short(grid[-1], words), **{key: figure(look.shown.show(float(value)), digits, words) for key, value in told.items()})  # fmt: skip
    return frame.drawing(alt)


def _column(model: RandomEffects, column: int | str | None) -> int:
    d = model.data
    if column is None:
        if d.p - d.intercept < 1:
            raise InputError("A bubble plot needs a moderator.")
        return 1 if d.intercept else 0
    if isinstance(column, str):
        if column not in d.names:
            raise InputError(f"No moderator '{column}': there are {', '.join(d.names)}.")
        return d.names.index(column)
    if not 0 <= column < d.p:
        raise InputError(f"No column {column}: there are {d.p}.")
    return column


def _points(look: Look, title: str, over: str, beside: str, x: Array, y: Array) -> str:
    words = look.words
    ends = {"xlow": x.min(), "xhigh": x.max(), "ylow": y.min(), "yhigh": y.max()}
    return words["alt points"].format(title=title, k=len(x), x=over, y=beside, **{name: _short(float(value), words) for name, value in ends.items()})


def _short(value: float, words: Words) -> str:
    """Three digits that count, without zeros that say nothing."""
    size = abs(float(value))
    told = figure(float(value), 0 if size >= 100 or size == int(size) else decimals(size) + 1, words)
    return told.rstrip("0").rstrip(words["decimal"]) if words["decimal"] in told else told
