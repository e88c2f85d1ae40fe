"""Posteriors of a Bayesian model: what is believed of the mean effect, of a new study's effect and of tau, and the studies pulled towards the mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from virker.meta.drawing.chart import chart
from virker.meta.drawing.rows import Look
from virker.meta.drawing.scatter import _short
from virker.meta.drawing.series import intervals
from virker.meta.drawing.surface import ACCENT, SECOND
from virker.meta.picture import Drawing

if TYPE_CHECKING:
    from virker.meta.bayes.model import BayesModel, Shrinkage


def posterior(model: BayesModel, look: Look, *, coefficient: int = 0, title: str | None = None, effect: str | None = None) -> Drawing:
    """The density of a coefficient with its interval shaded; of a model without moderators also that of the effect in a new study, dashed."""
    words, mean = look.words, model.effects[coefficient]
    ahead = model.new_study() if model.data.p == 1 else None
    wide = (ahead or mean).quantile(np.array([0.005, 0.995]))
    x = np.linspace(float(wide[0]), float(wide[1]), 241)
    density = mean.pdf(x)
    low, high = mean.interval(model.level, model.interval)
    name = title or words["posterior"]
    frame = chart(look, x.tolist(), [0.0, float(density.max())], title=name, over=effect or words["effect"], beside=words["density"], shown_x=look.shown, from_zero=True)  # fmt: skip
    _shaded(frame, x, density, low, high)
    frame.curve(zip(x.tolist(), density.tolist(), strict=True), colour=ACCENT, thick=2)
    if ahead is not None:
        frame.curve(zip(x.tolist(), ahead.pdf(x).tolist(), strict=True), colour=SECOND, dash="5 3")
    if look.zero is not None and frame.across.inside(look.zero):
        frame.page.line(frame.across.at(look.zero), frame.up.end, frame.across.at(look.zero), frame.up.start, colour="#51636a")
    frame.key([("line", ACCENT, words["summary"]), *([("dash", SECOND, words["new study"])] if ahead is not None else []), ("box", "#cfe1e3", words["interval"].format(level=f"{100 * model.level:g}"))])  # fmt: skip
    return frame.drawing(_told(name, mean.median, low, high, look))


def tau(model: BayesModel, look: Look, *, title: str | None = None) -> Drawing:
    """The density of tau with its interval shaded."""
    words, t = look.words, model.tau
    x = np.linspace(0.0, float(t.quantile(np.array([0.99]))[0]), 241)[1:]
    density = t.pdf(x)
    low, high = t.interval(model.level, model.interval)
    name = title or words["posterior tau"]
    frame = chart(look, [0.0, float(x[-1])], [0.0, float(density.max())], title=name, over="τ", beside=words["density"], from_zero=True, pad=(0.0, 0.06))
    _shaded(frame, x, density, low, high)
    frame.curve(zip(x.tolist(), density.tolist(), strict=True), colour=ACCENT, thick=2)
    median = float(t.quantile(np.array([0.5]))[0])
    return frame.drawing(_told(name, median, low, high, Look(words, frame.across.shown)))


def shrunken(result: Shrinkage, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None) -> Drawing:
    """Each study's effect after having seen the others."""
    names = labels or [f"{look.words['study'].capitalize()} {i + 1}" for i in range(len(result.y))]
    return intervals(look, names, result.median, result.low, result.high, title=title or look.words["predictions"], label=look.words["study"], over=effect or look.words["effect"])  # fmt: skip


def shrunken_of(model: BayesModel, look: Look, **how: Any) -> Drawing:
    """:func:`shrunken` of a model."""
    return shrunken(model.studies(), look, **how)


def _shaded(frame: Any, x: Any, density: Any, low: float, high: float) -> None:
    inside = [(float(a), float(d)) for a, d in zip(x, density, strict=True) if low <= a <= high]
    if inside:
        corners = [(inside[0][0], 0.0), *inside, (inside[-1][0], 0.0)]
        frame.page.polygon([frame.at(a, min(d, frame.up.high)) for a, d in corners], fill=ACCENT, opacity=0.2)


def _told(name: str, median: float, low: float, high: float, look: Look) -> str:
    show, words = look.shown.show, look.words
    ends = f"[{_short(show(low), words)}{words['separator']}{_short(show(high), words)}]"
    return words["alt posterior"].format(title=name, median=_short(show(median), words), interval=ends)
