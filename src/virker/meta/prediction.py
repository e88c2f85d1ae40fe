"""What a model says of a new study, and of the studies it was fitted to: predictions, BLUPs, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.plain import short, table
from virker.meta.results import Result
from virker.meta.tests import critical, known_level
from virker.meta.univariate import RandomEffects

Interval = Literal["model", "riley"]


@dataclass(frozen=True, slots=True)
class Prediction(Result):
    """Predictions, all (r,): one for each row asked for.

    Attributes
    ----------
    estimate, se, ci_low, ci_high : the mean effect there, and its confidence interval.
    pi_low, pi_high : where the true effect of a new study lies; NaN where there are too few degrees of freedom.
    """

    estimate: Array
    se: Array
    ci_low: Array
    ci_high: Array
    pi_low: Array
    pi_high: Array

    def __str__(self) -> str:
        names = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")
        return table(["", *names], [[str(i), *(short(getattr(self, name)[i]) for name in names)] for i in range(len(self.estimate))])


@dataclass(frozen=True, slots=True)
class Blup(Result):
    """Best linear unbiased predictions of the k true effects: ``estimate``, ``se``, ``pi_low``, ``pi_high``, all (k,)."""

    estimate: Array
    se: Array
    pi_low: Array
    pi_high: Array


def predict(
    model: RandomEffects, X: ArrayLike | None = None, *, interval: Interval = "model", df: float | None = None, level: float | None = None
) -> Prediction:
    """The mean effect and the prediction interval, estimate ± c sqrt(tau2 + se^2), at the rows of ``X`` (r, p), intercept included.

    Without ``X``: the mean effect, or with moderators one row for each study. ``interval`` "model" takes c from the distribution of the model's
    tests; "riley" from Student's t with ``df`` degrees of freedom, k - p - 1 by default; where that is 0, there is no interval (Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x;
    Riley et al. 2011, doi:10.1136/bmj.d549).
    """
    if interval not in ("model", "riley"):
        raise InputError(f"interval must be 'model' or 'riley', and is '{interval}'.")
    level = model.level if level is None else level
    known_level(level)
    d = model.data
    rows = _rows(model, X)
    estimate = rows @ model.beta
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", rows, model.coefficients.vcov, rows), 0.0))
    half = critical(model.df, level) * se
    wide = (critical(model.df, level) if interval == "model" else critical(float(d.k - d.p - 1) if df is None else df, level)) * np.sqrt(model.tau2 + se * se)
    return Prediction(estimate, se, estimate - half, estimate + half, estimate - wide, estimate + wide)


def _rows(model: RandomEffects, X: ArrayLike | None) -> Array:
    p = model.data.p
    if X is None:
        return model.data.X[:1] if p == 1 and model.data.intercept else model.data.X
    rows = np.atleast_2d(np.asarray(X, dtype=np.float64))
    if rows.shape[1] != p or not np.isfinite(rows).all():
        raise InputError(f"X must have {p} finite columns, those of the model ({', '.join(model.data.names)}), and has the shape {rows.shape}.")
    return rows


def blup(model: RandomEffects, *, level: float | None = None) -> Blup:
    """Each study's own effect, pulled towards the mean by v / (v + tau2) (Raudenbush & Bryk 1985; Robinson 1991, doi:10.1214/ss/1177011926)."""
    d = model.data
    keep = model.tau2 / (model.tau2 + d.v)
    estimate = keep * d.y + (1.0 - keep) * (d.X @ model.beta)
    spread = np.maximum(np.einsum("ij,jk,ik->i", d.X, model.coefficients.vcov, d.X), 0.0)
    se = np.sqrt(keep * d.v + (1.0 - keep) ** 2 * spread)
    half = critical(model.df, model.level if level is None else level) * se
    return Blup(estimate, se, estimate - half, estimate + half)


def weights(model: RandomEffects) -> Array:
    """(k,) how much each estimate counts, in per cent: its weight over the sum of the weights."""
    w = 1.0 / (model.data.v + model.tau2) if model.weights is None else model.weights
    return np.asarray(100.0 * w / w.sum())
