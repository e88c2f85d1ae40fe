"""The forest plot: each estimate with its interval, and what they add up to (Lewis & Clarke 2001, doi:10.1136/bmj.322.7300.1479).

Of a model with moderators the fitted value stands behind each estimate. Of a multilevel model the estimates stand under their study, with the
study's own mean as a hollow diamond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.data import Array, vector
from virker.meta.drawing.rows import Look, Row, rows_drawing
from virker.meta.errors import InputError
from virker.meta.picture import Drawing
from virker.meta.results import Coefficients

if TYPE_CHECKING:
    from virker.meta.multilevel import MultilevelModel
    from virker.meta.robust import RobustModel
    from virker.meta.univariate import RandomEffects


def forest(
    model: RandomEffects,
    look: Look,
    *,
    labels: Sequence[str] | None = None,
    by: Sequence[Any] | None = None,
    order: ArrayLike | str | None = None,
    prediction: bool = True,
    title: str | None = None,
    effect: str | None = None,
) -> Drawing:
    """A forest plot of a univariate model.

    Parameters
    ----------
    labels : (k,) names of the estimates.
    by : (k,) subgroup of each; every subgroup gets a heading, its own mean by the same method, and the mean of all stands last.
    order : (k,) numbers to sort by, or "estimate" or "weight"; as they stand by default.
    prediction : whether the prediction interval is drawn, where the model has one.
    """
    from virker.meta.prediction import weights

    d = model.data
    names = _names(labels, d.k, look)
    at = _order(order, d.y, weights(model))
    share = weights(model)
    rows = [_estimate(names[i], d.y[i], d.v[i], look.level, share[i]) for i in range(d.k)]
    if d.p > 1 or not d.intercept:
        if by is not None:
            raise InputError("Subgroups are for models without moderators: put them into the moderators, or leave the moderators out.")
        drawn, mean = [_with_fitted(rows[i], model, i) for i in at], None
    else:
        drawn = [rows[i] for i in at] if by is None else _subgroups(model, rows, at, by, look)
        drawn += _summary(model, look, prediction)
        mean = float(model.beta[0])
    note = look.words["alt forest"].format(title=title or look.words["forest"], k=d.k)
    look = replace(look, mean=mean)
    return rows_drawing(drawn, look, title=title or look.words["forest"], label=look.words["study"], over=effect or look.words["effect"], alt=note)


def multilevel_forest(
    model: MultilevelModel,
    look: Look,
    *,
    labels: Sequence[str] | None = None,
    summary: Coefficients | RobustModel | None = None,
    prediction: bool = True,
    title: str | None = None,
    effect: str | None = None,
) -> Drawing:
    """A forest plot of a multilevel model, estimates under their study.

    ``summary`` : what stands for the mean in place of the model's own coefficients. A result of :func:`virker.meta.robust` goes into the prediction interval
    too; bare coefficients do not.
    """
    from virker.meta.multilevel_after import predict_multilevel, study_effects

    d, words = model.data, look.words
    mean_only = model.p == 1 and d.intercept
    given = None if labels is None else _names(labels, d.k, look)
    own = study_effects(model) if mean_only else None
    drawn: list[Row] = []
    for j, study in enumerate(model.groups.labels):
        start, size = model.groups.starts[j], model.groups.sizes[j]
        at = model.groups.order[start : start + size]
        if size == 1:
            drawn.append(_estimate(str(study) if given is None else given[at[0]], d.y[at[0]], d.v[at[0]], look.level, float("nan")))
            continue
        head = (
            Row(str(study), kind="heading")
            if own is None
            else _own_mean(str(study), float(d.X[0, 0] * model.coefficients.beta[0]), own.effect[j], own.se[j], look)
        )
        drawn.append(head)
        drawn += [_estimate(given[i] if given else f"{n + 1}", d.y[i], d.v[i], look.level, float("nan"), inset=True) for n, i in enumerate(at)]
    note = words["alt forest"].format(title=title or words["forest"], k=model.k)
    mean = None
    if mean_only:
        sandwich = None if summary is None or isinstance(summary, Coefficients) else summary
        c = summary if isinstance(summary, Coefficients) else (sandwich or model).coefficients
        mean = float(c.beta[0])
        drawn.append(Row(words["summary"], mean, float(c.ci_low[0]), float(c.ci_high[0]), "mean"))
        ahead = predict_multilevel(model, robust=sandwich)
        if prediction and np.isfinite(ahead.pi_low[0]):
            drawn.append(Row(words["prediction"], low=float(ahead.pi_low[0]), high=float(ahead.pi_high[0]), kind="prediction"))
    look = replace(look, mean=mean)
    return rows_drawing(drawn, look, title=title or words["forest"], label=words["study"], over=effect or words["effect"], alt=note)


def plain_forest(y: Array, v: Array, look: Look, *, labels: Sequence[str] | None = None, title: str | None = None, effect: str | None = None) -> Drawing:
    """Estimates with their intervals, without a mean."""
    names = _names(labels, len(y), look)
    rows = [_estimate(names[i], y[i], v[i], look.level, float("nan")) for i in range(len(y))]
    note = look.words["alt forest"].format(title=title or look.words["forest"], k=len(y))
    return rows_drawing(rows, look, title=title or look.words["forest"], label=look.words["study"], over=effect or look.words["effect"], alt=note)


def _names(labels: Sequence[str] | None, k: int, look: Look) -> list[str]:
    if labels is None:
        return [f"{look.words['study'].capitalize()} {i + 1}" for i in range(k)]
    if len(labels) != k:
        raise InputError(f"labels has {len(labels)} names for {k} estimates.")
    return [str(name) for name in labels]


def _order(order: ArrayLike | str | None, y: Array, share: Array) -> list[int]:
    if order is None:
        return list(range(len(y)))
    if isinstance(order, str):
        if order not in ("estimate", "weight"):
            raise InputError(f"order is '{order}': 'estimate', 'weight', or a number for each estimate.")
        return [int(i) for i in np.argsort(y if order == "estimate" else -share, kind="stable")]
    return [int(i) for i in np.argsort(vector(order, "order", len(y)), kind="stable")]


def _estimate(label: str, y: float, v: float, level: float, share: float, *, inset: bool = False) -> Row:
    from virker.meta.tests import critical

    half = float(critical(None, level)) * float(v) ** 0.5
    return Row(label, float(y), float(y) - half, float(y) + half, weight=float(share), inset=inset)


def _with_fitted(row: Row, model: RandomEffects, i: int) -> Row:
    from virker.meta.prediction import predict

    ahead = predict(model, model.data.X[i : i + 1])
    return replace(row, fitted=float(ahead.estimate[0]), fitted_low=float(ahead.ci_low[0]), fitted_high=float(ahead.ci_high[0]))


def _summary(model: RandomEffects, look: Look, prediction: bool) -> list[Row]:
    from virker.meta.prediction import predict

    c = model.coefficients
    name = look.words["common" if model.method == "common" else "summary"]
    rows = [Row(name, float(c.beta[0]), float(c.ci_low[0]), float(c.ci_high[0]), "mean")]
    ahead = predict(model)
    if prediction and model.method != "common" and np.isfinite(ahead.pi_low[0]):
        rows.append(Row(look.words["prediction"], low=float(ahead.pi_low[0]), high=float(ahead.pi_high[0]), kind="prediction"))
    return rows


def _subgroups(model: RandomEffects, rows: list[Row], at: list[int], by: Sequence[Any], look: Look) -> list[Row]:
    from virker.meta.univariate import fit

    d = model.data
    if len(by) != d.k:
        raise InputError(f"by has {len(by)} values for {d.k} estimates.")
    drawn: list[Row] = []
    for name in dict.fromkeys(str(group) for group in by):
        inside = [i for i in at if str(by[i]) == name]
        drawn.append(Row(name, kind="heading"))
        drawn += [replace(rows[i], inset=True) for i in inside]
        own = fit(d.y[inside], d.v[inside], method=model.method, test=model.test if len(inside) > 1 else "z", level=model.level)
        c = own.coefficients
        drawn.append(Row(look.words["subgroup"].format(name=name), float(c.beta[0]), float(c.ci_low[0]), float(c.ci_high[0]), "mean", inset=True))
    return drawn


def _own_mean(name: str, mean: float, effect: float, se: float, look: Look) -> Row:
    from virker.meta.tests import critical

    half = float(critical(None, look.level)) * float(se)
    at = mean + float(effect)
    return Row(name, at, at - half, at + half, "mean", hollow=True)
