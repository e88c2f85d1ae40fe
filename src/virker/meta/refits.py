"""A model fitted many times over: to subsets, to resampled or permuted data, as one vectorised computation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virker.meta import kernels
from virker.meta.batch import Array, Batch, cross, determined, moment, solve
from virker.meta.roots import MANY
from virker.meta.tau2 import WEIGHTED, Method, estimate
from virker.meta.tests import Test


@dataclass(frozen=True, slots=True)
class Refits:
    """B refitted models. Rows that cannot be fitted (too few estimates, moderators that no longer vary) are NaN.

    Attributes
    ----------
    n : (B,) number of estimates.
    tau2, q, i2, h2 : (B,) as in :class:`virker.meta.univariate.RandomEffects`.
    beta : (B, p) coefficients.
    vcov : (B, p, p) their covariance.
    """

    n: Array
    tau2: Array
    q: Array
    i2: Array
    h2: Array
    beta: Array
    vcov: Array

    @property
    def se(self) -> Array:
        """(B, p) standard errors."""
        return np.asarray(np.sqrt(np.diagonal(self.vcov, axis1=1, axis2=2)))


def refit(batch: Batch, method: Method, test: Test = "z", weights: Array | None = None) -> Refits:
    """Fit every row of ``batch`` by ``method``; ``weights`` (k,) in place of the inverse variances. Units: choose y near 1 (:func:`univariate.unit`)."""
    ok = determined(batch)
    if not ok.all():
        return _scatter(refit(batch.take(np.flatnonzero(ok)), method, test, weights) if ok.any() else None, ok, batch)
    n, p = batch.n, batch.p
    df = n - p
    tau2 = estimate(batch, method, weights if method in WEIGHTED else None).tau2
    compiled = kernels.kernel("univariate", load=batch.size >= MANY) if weights is None and batch.size > 1 else None
    if compiled is not None:
        own = kernels.own
        beta, vcov, rss, q, trace = compiled.models(own(batch.y), own(batch.v), own(batch.X.transpose(0, 2, 1)), own(batch.m), own(tau2))
    else:
        beta, vcov, rss, q, trace = _models(batch, tau2, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        if test in ("knapp-hartung", "adhoc"):
            s2 = rss / np.where(df > 0, df, np.nan)
            vcov = vcov * (s2 if test == "knapp-hartung" else np.maximum(s2, 1.0))[:, None, None]
        if method == "common":
            i2, h2 = 100.0 * np.maximum(0.0, np.where(q > 0, (q - df) / q, 0.0)), q / df
        else:
            typical = df / trace
            i2, h2 = 100.0 * tau2 / (typical + tau2), tau2 / typical + 1.0
    nothing = df <= 0
    return Refits(n, tau2, np.where(nothing, 0.0, q), np.where(nothing, 0.0, i2), np.where(nothing, 1.0, h2), beta, vcov)


def _models(batch: Batch, tau2: Array, weights: Array | None) -> tuple[Array, Array, Array, Array, Array]:
    """Coefficients, their covariance, the weighted sum of squares, and Q and tr(P) at tau2 = 0, for each row."""
    q, trace, _, _ = moment(batch, 1.0 / batch.v)
    total = batch.v + tau2[:, None]
    w0 = np.broadcast_to(1.0 / total if weights is None else weights, (batch.size, batch.v.shape[1]))
    w = batch.m * w0
    model = solve(batch, w)
    vcov = model.inverse if weights is None else np.matmul(np.matmul(model.inverse, cross(batch, w * w0 * total)), model.inverse)
    rss = (batch.m * model.r * model.r / total).sum(axis=1)
    return model.beta, vcov, rss, np.broadcast_to(q, (batch.size,)), trace


def orthonormal(X: Array) -> tuple[Array, Array]:
    """A basis (k, p) of the columns of ``X``, well conditioned even for a year beside an intercept, and what leads its coefficients back: (p, p)."""
    if X.shape[1] == 1:
        return X, np.ones((1, 1))
    basis, r = np.linalg.qr(X)
    return basis, np.linalg.inv(r)


def in_columns(fits: Refits, back: Array, s: float = 1.0) -> Refits:
    """The coefficients of the basis as those of the columns, and y in units of ``s`` as y."""
    beta, vcov = (fits.beta, fits.vcov) if back.shape == (1, 1) else (fits.beta @ back.T, back @ fits.vcov @ back.T)
    return Refits(fits.n, fits.tau2 * s * s, fits.q, fits.i2, fits.h2, beta * s, vcov * s * s)


def _scatter(part: Refits | None, ok: Array, batch: Batch) -> Refits:
    b, p = len(ok), batch.p

    def spread(values: Array | None, *shape: int) -> Array:
        out = np.full((b, *shape), np.nan)
        if values is not None:
            out[ok] = values
        return out

    if part is None:
        nothing = spread(None)
        return Refits(batch.n, nothing, nothing, nothing, nothing, spread(None, p), spread(None, p, p))
    return Refits(batch.n, spread(part.tau2), spread(part.q), spread(part.i2), spread(part.h2), spread(part.beta, p), spread(part.vcov, p, p))
