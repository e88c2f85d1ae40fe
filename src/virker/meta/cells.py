"""Thousands of small meta-analyses at once: one for each cell of an evidence map, with its prediction interval and what leaving a study out does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.batch import Batch
from virker.meta.data import Array, data
from virker.meta.errors import InputError
from virker.meta.plain import short, table
from virker.meta.refits import refit
from virker.meta.results import Result
from virker.meta.tau2 import Method, known_method
from virker.meta.tests import Test, critical, known_level, known_test, ratio, two_sided
from virker.meta.univariate import unit


@dataclass(frozen=True, slots=True)
class Cells(Result):
    """One random-effects mean for each of g cells; all (g,), NaN where a cell has too few estimates.

    Attributes
    ----------
    cell : the labels, sorted. ``k`` : estimates in the cell.
    estimate, se, p, ci_low, ci_high, tau2, i2, q : as of :func:`virker.meta.fit`.
    pi_low, pi_high : prediction interval, as of :func:`virker.meta.predict`.
    without_low, without_high : the lowest and highest estimate with one study left out; NaN for one study.
    without_p : the highest p-value with one study left out.
    """

    cell: NDArray[Any]
    k: NDArray[np.intp]
    estimate: Array
    se: Array
    p: Array
    ci_low: Array
    ci_high: Array
    pi_low: Array
    pi_high: Array
    tau2: Array
    i2: Array
    q: Array
    without_low: Array
    without_high: Array
    without_p: Array

    def __str__(self) -> str:
        names = ("estimate", "se", "p", "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "without_low", "without_high")
        rows = [[str(self.cell[i]), str(self.k[i]), *(short(getattr(self, name)[i]) for name in names)] for i in range(len(self.k))]
        return table(["cell", "k", *names], rows)


_NUMBERS = ("estimate", "se", "p", "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "i2", "q", "without_low", "without_high", "without_p")


def fit_cells(y: ArrayLike, v: ArrayLike, cell: Sequence[Any] | NDArray[Any], *, method: Method = "reml", test: Test = "z", level: float = 0.95) -> Cells:
    """Fit one mean effect in every cell.

    Parameters
    ----------
    y, v : (n,) estimates and sampling variances of all cells together.
    cell : (n,) labels that say which cell an estimate belongs to.
    method, test, level : as of :func:`virker.meta.fit`; "genq" is not available.

    Notes
    -----
    Cells of the same size are fitted together, so the numbers are those of :func:`virker.meta.fit` cell by cell.

    Examples
    --------
    >>> print(fit_cells([0.1, 0.2, 0.5, 0.3], [0.01, 0.02, 0.01, 0.01], ["a", "a", "a", "b"]).estimate.round(3))
    [0.271 0.3  ]
    """
    known_method(method)
    known_test(test)
    known_level(level)
    if method == "genq":
        raise InputError("fit_cells cannot take weights, which method 'genq' needs.")
    d = data(y, v)
    label = np.asarray(cell)
    if label.shape != (d.k,):
        raise InputError(f"cell must have one label for each of the {d.k} estimates, and has the shape {label.shape}.")
    s = unit(d.v)
    names, code = np.unique(label, return_inverse=True)
    order = np.argsort(code, kind="stable")
    size = np.bincount(code)
    start = np.cumsum(size) - size
    out = {name: np.full(len(names), np.nan) for name in _NUMBERS}
    for k in np.unique(size):
        here = np.flatnonzero(size == k)
        at = order[start[here][:, None] + np.arange(k)]
        for name, values in _same_size(d.y[at] / s, d.v[at] / (s * s), method, test, level).items():
            out[name][here] = values * {"p": 1.0, "i2": 1.0, "q": 1.0, "without_p": 1.0, "tau2": s * s}.get(name, s)
    return Cells(cell=names, k=size, **out)


def _same_size(y: Array, v: Array, method: Method, test: Test, level: float) -> dict[str, Array]:
    """The numbers of all cells with k estimates: ``y`` and ``v`` (B, k)."""
    b, k = y.shape
    one = np.ones((1, k, 1))
    fits = refit(Batch(y, v, one, np.ones((1, k))), method, test)
    mean, se, df = fits.beta[:, 0], fits.se[:, 0], None if test == "z" else float(k - 1)
    half = critical(df, level) * se
    wide = critical(df, level) * np.sqrt(fits.tau2 + se * se)
    out = {
        "estimate": mean, "se": se, "p": two_sided(ratio(mean, se), df), "ci_low": mean - half, "ci_high": mean + half, "pi_low": mean - wide,
        "pi_high": mean + wide, "tau2": fits.tau2, "i2": fits.i2, "q": fits.q,
    }  # fmt: skip
    nothing = np.full(b, np.nan)
    if k == 1:
        return {**out, "without_low": nothing, "without_high": nothing, "without_p": nothing}
    keep = np.array([[j for j in range(k) if j != i] for i in range(k)])  # (k, k - 1): smaller arrays than multiplicities of 0
    gone = refit(Batch(y[:, keep].reshape(b * k, k - 1), v[:, keep].reshape(b * k, k - 1), one[:, 1:], np.ones((1, k - 1))), method, test)
    without = gone.beta[:, 0].reshape(b, k)
    with np.errstate(invalid="ignore"):
        p = two_sided(ratio(gone.beta[:, 0], gone.se[:, 0]), None if test == "z" else float(k - 2)).reshape(b, k)
    return {**out, "without_low": without.min(axis=1), "without_high": without.max(axis=1), "without_p": p.max(axis=1)}
