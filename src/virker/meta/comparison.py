"""Questions to a fitted model's coefficients: contrasts, collinearity, and one model against another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.plain import p_value
from virker.meta.results import Coefficients, Result
from virker.meta.tests import chi2_upper, coefficients
from virker.meta.univariate import RandomEffects


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """A likelihood-ratio test of ``full`` against ``reduced``: twice the difference of log-likelihoods, its degrees of freedom, and p."""

    statistic: float
    df: int
    p: float
    aic_full: float
    aic_reduced: float

    def __str__(self) -> str:
        return f"Likelihood ratio {self.statistic:.4f} on {self.df} df, p {p_value(self.p)}; AIC {self.aic_full:.2f} against {self.aic_reduced:.2f}"


def contrast(model: RandomEffects, L: ArrayLike, *, names: tuple[str, ...] = ()) -> Coefficients:
    """The linear combinations L beta, one for each row of ``L`` (r, p), tested as the model's coefficients are."""
    rows = np.atleast_2d(np.asarray(L, dtype=np.float64))
    if rows.shape[1] != model.data.p or not np.isfinite(rows).all():
        raise InputError(f"L must have {model.data.p} finite columns, one for each coefficient, and has the shape {rows.shape}.")
    return coefficients(rows @ model.beta, rows @ model.coefficients.vcov @ rows.T, df=model.df, level=model.level, names=names)


def vif(model: RandomEffects) -> Array:
    """Variance inflation of each moderator (the intercept apart): the diagonal of the inverse of the coefficients' correlation matrix.

    1 means that a moderator's coefficient is as precise as if the others were not there (Fox & Monette 1992, doi:10.1080/01621459.1992.10475190).
    """
    first = 1 if model.data.intercept else 0
    vcov = model.coefficients.vcov[first:, first:]
    if not len(vcov):
        raise InputError("vif needs moderators.")
    size = np.sqrt(np.diag(vcov))
    return np.asarray(np.diag(np.linalg.inv(vcov / np.outer(size, size))))


def compare(full: RandomEffects, reduced: RandomEffects) -> Comparison:
    """Likelihood-ratio test of two nested models of the same estimates.

    Models with different moderators must be fitted by "ml" (or "common"): restricted likelihoods of different designs are not comparable.
    """
    a, b = full.data, reduced.data
    if not (np.array_equal(a.y, b.y) and np.array_equal(a.v, b.v)):
        raise InputError("The two models must be fitted to the same estimates.")
    restricted = full.method == reduced.method == "reml"
    if not nested(b.X, a.X):
        raise InputError("The reduced model is not nested in the full one: its columns cannot be written by those of the full model.")
    df = (a.p + (full.method != "common")) - (b.p + (reduced.method != "common"))
    if df <= 0:
        raise InputError("The full model must have more parameters than the reduced one.")
    if restricted and a.p != b.p:
        raise InputError("Models with different moderators cannot be compared by the restricted likelihood: fit both with method 'ml'.")
    if not restricted and not {full.method, reduced.method} <= {"ml", "common"}:
        restricted_pair = {full.method, reduced.method} == {"reml", "common"} and a.p == b.p
        if not restricted_pair:
            raise InputError(f"Methods '{full.method}' and '{reduced.method}' do not maximise one likelihood: fit both with 'ml'.")
        restricted = True
    one, two = (full.restricted, reduced.restricted) if restricted else (full.likelihood, reduced.likelihood)
    statistic = max(0.0, 2.0 * (one.log_likelihood - two.log_likelihood))
    return Comparison(statistic, df, float(chi2_upper(statistic, df)), one.aic, two.aic)


def nested(inner: Array, outer: Array) -> bool:
    """Do the columns of ``inner`` lie in the space of those of ``outer``?"""
    basis = np.linalg.qr(outer)[0]
    left = inner - basis @ (basis.T @ inner)
    return bool((np.abs(left).max(axis=0) <= 1e-8 * np.abs(inner).max(axis=0)).all())
