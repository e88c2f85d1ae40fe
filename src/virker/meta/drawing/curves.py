"""Curves and densities: the profile likelihood, the weight functions of selection models, the p-curve, bootstraps, and all subsets of studies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from virker.meta.data import Array
from virker.meta.drawing.chart import chart
from virker.meta.drawing.rows import Look
from virker.meta.drawing.scatter import _short
from virker.meta.drawing.surface import ACCENT, INK, MUTED, SECOND, WHITE
from virker.meta.drawing.words import figure
from virker.meta.picture import Drawing

if TYPE_CHECKING:
    from virker.meta.excess import PCurve
    from virker.meta.heterogeneity import Profile
    from virker.meta.selection import SelectionModel


def profile(result: Profile, look: Look, *, title: str | None = None) -> Drawing:
    """The log-likelihood over tau2, with the line below which a value is significantly worse than the best (Hardy & Thompson 1996)."""
    from virker.meta import special

    words, x, y = look.words, result.tau2, result.log_likelihood
    best = int(np.argmax(y))
    drop = float(special.chdtri(1.0, 1.0 - look.level)) / 2
    low = max(float(y.min()), float(y[best]) - 4 * drop)
    name = title or words["profile"]
    frame = chart(look, x.tolist(), [low, float(y[best])], title=name, over=words["tau2"], beside=words["likelihood"])
    seen = y >= frame.up.low
    frame.curve(zip(x[seen].tolist(), y[seen].tolist(), strict=True), colour=ACCENT, thick=2)
    frame.curve([(frame.across.low, float(y[best]) - drop), (frame.across.high, float(y[best]) - drop)], colour=SECOND, dash="5 3")
    frame.point(float(x[best]), float(y[best]))
    frame.key([("line", ACCENT, words["likelihood"]), ("dash", SECOND, words["interval"].format(level=f"{100 * look.level:g}"))])
    return frame.drawing(words["alt curve"].format(title=name, x="τ²", at=_short(float(x[best]), words)))


def selection(result: SelectionModel, look: Look, *, title: str | None = None) -> Drawing:
    """How likely a result is to be seen, by its p-value, against a result with the smallest p."""
    words = look.words
    p, w = _weight_curve(result)
    name = title or words["selection"]
    frame = chart(look, [0.0, 1.0], [0.0, max(1.0, float(w.max()))], title=name, over=words["p"], beside=words["weight of"], from_zero=True, pad=(0.0, 0.06))
    frame.curve([(0.0, 1.0), (1.0, 1.0)], colour=MUTED, thick=1)
    frame.curve(zip(p.tolist(), w.tolist(), strict=True), colour=ACCENT, thick=2)
    if not len(result.steps):
        told = words["alt curve"].format(title=name, x="p", at=_short(float(p[int(np.argmax(w))]), words))
        return frame.drawing(told)
    edges = [0.0, *map(float, result.steps), 1.0]
    steps = ", ".join(
        words["alt step"].format(weight=figure(float(d), 2, words), low=_short(edges[j], words), high=_short(edges[j + 1], words))
        for j, d in enumerate(result.delta)
    )
    return frame.drawing(words["alt steps"].format(title=name, steps=steps))


def _weight_curve(result: SelectionModel) -> tuple[Array, Array]:
    """p (r,) and the relative weight there; a smooth weight is relative to its largest value from p = .001 on, since the beta weight has poles."""
    if result.weight == "step":
        edges = np.concatenate([[0.0], result.steps, [1.0]])
        return np.repeat(edges, 2)[1:-1], np.repeat(result.delta, 2)
    p = np.linspace(0.001, 0.999, 500)
    d = result.delta
    shapes: dict[str, Callable[[], Array]] = {
        "beta": lambda: p ** (d[0] - 1) * (1 - p) ** (d[1] - 1),
        "half-normal": lambda: np.exp(-d[0] * p**2),
        "negative-exponential": lambda: np.exp(-d[0] * p),
        "logistic": lambda: 2 * np.exp(-d[0] * p) / (1 + np.exp(-d[0] * p)),
        "power": lambda: (1 - p) ** d[0],
    }
    w = np.asarray(shapes[result.weight]())
    return p, w / w.max() if result.weight == "beta" else w


def p_curve(result: PCurve, look: Look, *, title: str | None = None) -> Drawing:
    """The share of significant p-values in five classes of equal width, against no effect and against a power of one third (Simonsohn et al. 2014)."""
    words, n = look.words, 5
    edges = np.linspace(0.0, result.alpha, n + 1)
    counts = np.histogram(result.p, edges)[0]
    seen = 100.0 * counts / max(int(counts.sum()), 1)
    third = 100.0 * np.diff(_at_power(edges, result.alpha)) * 3.0
    middle = (edges[:-1] + edges[1:]) / 2
    name = title or words["p-curve"]
    frame = chart(look, [0.0, result.alpha], [0.0, float(max(seen.max(), third.max(), 100 / n))], title=name, over=words["p"], beside=words["share"], from_zero=True)  # fmt: skip
    for values, colour, dash in ((np.full(n, 100.0 / n), MUTED, "5 3"), (third, SECOND, "2 3"), (seen, ACCENT, "")):
        frame.curve(zip(middle.tolist(), values.tolist(), strict=True), colour=colour, dash=dash, thick=2)
    for x, y, count in zip(middle, seen, counts, strict=True):
        frame.point(float(x), float(y), r=4.5)
        frame.page.text(frame.across.at(float(x)) + 8, frame.up.at(float(y)) - 9, str(count), size=11)
    frame.key([("line", ACCENT, words["seen"]), ("dash", MUTED, words["no effect curve"]), ("dash", SECOND, words["third power curve"])])
    shares = ", ".join(figure(float(s), 0, words) for s in seen)
    return frame.drawing(words["alt p-curve"].format(title=name, k=result.significant, shares=shares, alpha=figure(result.alpha, 2, words)))


def _at_power(edges: Array, alpha: float) -> Array:
    """P(two-sided p < edge) where the power at ``alpha`` is one third, in the wanted direction."""
    from virker.meta import special

    shift = -float(special.ndtri(alpha / 2)) + float(special.ndtri(1.0 / 3.0))
    inner = np.where(edges > 0, edges, 0.5)
    return np.where(edges > 0, special.ndtr(shift + special.ndtri(inner / 2)), 0.0)


def histogram(values: Array, look: Look, *, title: str, over: str, marks: tuple[float, ...] = ()) -> Drawing:
    """A histogram with dashed lines at ``marks``, such as the ends of an interval."""
    words, some = look.words, values[np.isfinite(values)]
    count = int(min(40, max(8, len(some) ** 0.5)))
    heights, edges = np.histogram(some, count)
    frame = chart(look, [float(edges[0]), float(edges[-1])], [0.0, float(heights.max())], title=title, over=over, beside=words["results"], shown_x=look.shown, from_zero=True)  # fmt: skip
    for j, height in enumerate(heights):
        left, right, top = frame.across.at(float(edges[j])), frame.across.at(float(edges[j + 1])), frame.up.at(float(height))
        frame.page.box(left, top, right - left, frame.up.start - top, fill=ACCENT, stroke=WHITE)
    for mark in marks:
        frame.curve([(mark, 0.0), (mark, frame.up.high)], colour=SECOND, dash="5 3")
    q = [float(look.shown.show(float(x))) for x in np.quantile(some, [0.25, 0.75, 0.5])]
    return frame.drawing(words["alt hist"].format(title=title, k=len(some), low=_short(q[0], words), high=_short(q[1], words), mid=_short(q[2], words)))


def gosh(estimate: Array, i2: Array, look: Look, *, title: str | None = None, effect: str | None = None) -> Drawing:
    """The subsets' estimates (across) and I² (up) as a density: two clouds mean two kinds of studies (Olkin, Dahabreh & Trikalinos 2012)."""
    words = look.words
    some = np.isfinite(estimate) & np.isfinite(i2)
    x, y = estimate[some], i2[some]
    name = title or words["gosh"]
    frame = chart(look, [float(x.min()), float(x.max())], [0.0, max(float(y.max()), 1.0)], title=name, over=effect or words["effect"], beside=words["i2"], shown_x=look.shown, from_zero=True)  # fmt: skip
    across, up = min(60, max(24, look.width // 12)), 32
    counts, ex, ey = np.histogram2d(x, y, (across, up), ((float(x.min()), float(x.max()) + 1e-12), (0.0, frame.up.high)))
    top = np.log1p(counts.max())
    for i, j in np.argwhere(counts > 0):
        left, right = frame.across.at(float(ex[i])), frame.across.at(float(ex[i + 1]))
        low, high = frame.up.at(float(ey[j])), frame.up.at(float(ey[j + 1]))
        frame.page.box(left, high, right - left + 0.3, low - high + 0.3, fill=_shade(float(np.log1p(counts[i, j]) / top)))
    middle = float(np.median(x))
    frame.curve([(middle, 0.0), (middle, frame.up.high)], colour=INK, dash="5 3")
    ends = (float(look.shown.show(float(v))) for v in (x.min(), x.max(), middle))
    low_, high_, mid_ = (_short(e, words) for e in ends)
    told = words["alt gosh"].format(title=name, k=len(x), low=low_, high=high_, mid=mid_, ilow=figure(float(y.min()), 0, words), ihigh=figure(float(y.max()), 0, words))  # fmt: skip
    return frame.drawing(told)


def _shade(share: float) -> str:
    """From pale to dark, one hue, so that it prints in grey."""
    pale, dark = (213, 232, 234), (11, 58, 66)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(pale, dark, strict=True))
