"""All subsets and all permutations: what the result owes to which studies are in, and to chance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import ClassVar, Literal

import numpy as np

from virker.meta.batch import Batch
from virker.meta.data import Array
from virker.meta.diagnostics import subsets
from virker.meta.errors import InputError
from virker.meta.plain import p_value
from virker.meta.refits import in_columns, orthonormal, refit
from virker.meta.results import Result
from virker.meta.tests import known_level
from virker.meta.univariate import RandomEffects, unit

Resampling = Literal["parametric", "cases"]

_EXACT = 1_000_000
_HELD = 1_000_000
_TIE = 1e-8  # statistics this close (relative) count as equal: a permutation that changes nothing must count


@dataclass(frozen=True, slots=True)
class Gosh(Result):
    """Models of subsets of the studies (Olkin, Dahabreh & Trikalinos 2012, doi:10.1002/jrsm.1053).

    Attributes
    ----------
    member : (B, k) which studies are in each subset.
    beta : (B, p) coefficients; tau2, i2, q : (B,).
    """

    member: Array
    beta: Array
    tau2: Array
    i2: Array
    q: Array
    _in_rows: ClassVar[tuple[str, ...]] = ("beta", "tau2", "i2", "q")

    def __str__(self) -> str:
        low, mid, high = np.nanquantile(self.beta[:, 0], [0.0, 0.5, 1.0])
        return f"{len(self.tau2)} subsets: estimates from {low:.4g} to {high:.4g}, median {mid:.4g}; mean I2 {np.nanmean(self.i2):.1f} %"


@dataclass(frozen=True, slots=True)
class Bootstrap(Result):
    """Refits to resampled data; rows that could not be fitted are NaN.

    Attributes
    ----------
    beta : (B, p) coefficients. tau2, i2 : (B,).
    ci_low, ci_high : (p,) percentile interval of each coefficient. tau2_interval : (2,) of tau2.
    kind, level : as asked for.
    """

    beta: Array
    tau2: Array
    i2: Array
    ci_low: Array
    ci_high: Array
    tau2_interval: Array
    kind: Resampling
    level: float
    _in_rows: ClassVar[tuple[str, ...]] = ("beta", "tau2", "i2")

    def __str__(self) -> str:
        ends = ", ".join(f"[{low:.4g}, {high:.4g}]" for low, high in zip(self.ci_low, self.ci_high, strict=True))
        return f"{len(self.tau2)} {self.kind} bootstrap refits: {100 * self.level:g} % intervals {ends}; tau2 [{self.tau2_interval[0]:.4g}, {self.tau2_interval[1]:.4g}]"


@dataclass(frozen=True, slots=True)
class PermutationTest(Result):
    """Permutation p-values: ``p`` (p,) of each coefficient, ``qm_p`` of all moderators (NaN without), ``permutations`` done, ``exact``: all there are."""

    p: Array
    qm_p: float
    permutations: int
    exact: bool

    def __str__(self) -> str:
        how = "all" if self.exact else "random"
        return f"Permutation test ({self.permutations} {how} permutations): p = {', '.join(p_value(p) for p in self.p)}"


def gosh(model: RandomEffects, *, draws: int = 10_000, seed: int = 0) -> Gosh:
    """The model in every subset of the studies, or in ``draws`` random ones where there are more.

    Every subset with at least p studies counts; random ones are drawn without regard to size, with replacement. A subset in which the moderators
    do not vary is NaN.
    """
    d = model.data
    if d.k < 63 and 2**d.k - 1 <= draws:
        codes = np.arange(1, 2**d.k, dtype=np.int64)
        member = ((codes[:, None] >> np.arange(d.k)) & 1).astype(np.float64)
    else:
        member = np.random.default_rng(seed).integers(0, 2, (draws, d.k)).astype(np.float64)
    member = member[member.sum(axis=1) >= d.p]
    fits = subsets(model, member)
    return Gosh(member.astype(bool), fits.beta, fits.tau2, fits.i2, fits.q)


def bootstrap(model: RandomEffects, *, kind: Resampling = "parametric", draws: int = 1_000, level: float | None = None, seed: int = 0) -> Bootstrap:
    """Refit the model to ``draws`` resampled data sets.

    "parametric" draws estimates from the fitted model, with the variances v + tau2; "cases" draws studies with replacement. Intervals are plain
    percentiles: with few studies those of "cases" are too narrow (Viechtbauer 2007, doi:10.1002/sim.2514, for tau2).
    """
    if kind not in ("parametric", "cases"):
        raise InputError(f"kind must be 'parametric' or 'cases', and is '{kind}'.")
    if draws < 1:
        raise InputError("draws must be at least 1.")
    level = model.level if level is None else level
    known_level(level)
    d, rng = model.data, np.random.default_rng(seed)
    if kind == "cases":
        chosen = rng.integers(0, d.k, (draws, d.k)) + d.k * np.arange(draws)[:, None]
        fits = subsets(model, np.bincount(chosen.ravel(), minlength=draws * d.k).reshape(draws, d.k).astype(np.float64))
    else:
        s = unit(d.v)
        basis, back = orthonormal(d.X)
        drawn = (d.X @ model.beta + rng.normal(size=(draws, d.k)) * np.sqrt(d.v + model.tau2)) / s
        fits = in_columns(refit(Batch(drawn, (d.v / (s * s))[None], basis[None], np.ones((1, d.k))), model.method, model.test, model.weights), back, s)
    tail = (1.0 - level) / 2
    drawn_numbers = np.column_stack([fits.beta, fits.tau2])
    quantile = np.nanquantile if np.isnan(drawn_numbers).any() else np.quantile  # the former looks at every column by itself
    low, high = quantile(drawn_numbers, [tail, 1.0 - tail], axis=0)
    return Bootstrap(fits.beta, fits.tau2, fits.i2, low[:-1], high[:-1], np.array([low[-1], high[-1]]), kind, level)


def permutation_test(model: RandomEffects, *, exact: bool | None = None, draws: int = 1_000, seed: int = 0) -> PermutationTest:
    """Exchange what the null hypothesis says is exchangeable, refit, and count statistics at least as extreme.

    Without moderators the signs of y are flipped (2^k ways), with moderators the rows of X are permuted (k! ways); tau2 is estimated anew each time
    (Follmann & Proschan 1999, doi:10.1111/j.0006-341X.1999.00732.x; Higgins & Thompson 2004, doi:10.1002/sim.1752). Two-sided p-values are twice
    the smaller tail, at most 1. ``exact`` None means: all ways where there are at most ``draws``. Of random ones, the data as they are count as one.
    """
    d = model.data
    signs = d.p == 1 and d.intercept
    ways = 2**d.k if signs else factorial(d.k)
    exact = ways <= draws if exact is None else exact
    if exact and ways > _EXACT:
        raise InputError(f"{ways} permutations are too many for an exact test; ask for exact=False with a number of draws.")
    statistics, wald = (_signs if signs else _rows)(model, exact, draws, np.random.default_rng(seed))
    own, own_wald = (_signs if signs else _rows)(model, False, 0, np.random.default_rng(seed))
    z, target = np.vstack([statistics] if exact else [own, statistics]), own[0]
    slack = _TIE * (1.0 + np.abs(target))
    upper, lower = (z >= target - slack).mean(axis=0), (z <= target + slack).mean(axis=0)
    qm_p = float("nan")
    if wald is not None and own_wald is not None:
        every = wald if exact else np.concatenate([own_wald, wald])
        qm_p = float((every >= own_wald[0] * (1.0 - _TIE)).mean())
    return PermutationTest(np.minimum(1.0, 2.0 * np.minimum(upper, lower)), qm_p, len(z), exact)


def _signs(model: RandomEffects, exact: bool, draws: int, rng: np.random.Generator) -> tuple[Array, None]:
    """z statistics under flipped signs; with no ``draws``, of the data as they are."""
    d, s = model.data, unit(model.data.v)
    if exact:
        flips = 1.0 - 2.0 * ((np.arange(2**d.k, dtype=np.int64)[:, None] >> np.arange(d.k)) & 1)
    elif draws:
        flips = 1.0 - 2.0 * rng.integers(0, 2, (draws - 1, d.k))
    else:
        flips = np.ones((1, d.k))
    one = np.ones((1, d.k))
    step = max(1, _HELD // d.k)
    parts = [
        refit(Batch(flips[a : a + step] * (d.y / s), (d.v / (s * s))[None], d.X[None], one), model.method, model.test, model.weights)
        for a in range(0, len(flips), step)
    ]
    return np.vstack([part.beta / part.se for part in parts]), None


def _rows(model: RandomEffects, exact: bool, draws: int, rng: np.random.Generator) -> tuple[Array, Array | None]:
    """z statistics and Wald statistics under permuted rows of X; with no ``draws``, of the data as they are."""
    d, s = model.data, unit(model.data.v)
    if exact:
        orders = np.array(list(permutations(range(d.k))))
    elif draws:
        orders = rng.permuted(np.tile(np.arange(d.k), (draws - 1, 1)), axis=1)
    else:
        orders = np.arange(d.k)[None]
    first = 1 if d.intercept else 0
    basis, back = orthonormal(d.X)
    z, wald = [], []
    step = max(1, _HELD // (d.k * d.p))
    for a in range(0, len(orders), step):
        X = basis[orders[a : a + step]]
        fits = refit(Batch((d.y / s)[None], (d.v / (s * s))[None], X, np.ones((1, d.k))), model.method, model.test, model.weights)
        fits = in_columns(fits, back)
        z.append(fits.beta / fits.se)
        b = fits.beta[:, first:]
        wald.append((b * np.linalg.solve(fits.vcov[:, first:, first:], b[:, :, None])[:, :, 0]).sum(axis=1))
    return np.vstack(z), np.concatenate(wald)
