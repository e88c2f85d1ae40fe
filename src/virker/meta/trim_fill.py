"""Trim and fill: take the extreme estimates of one side away, find the centre, mirror what was taken, and pool again.

Duval & Tweedie 2000a (Journal of the American Statistical Association, doi:10.1080/01621459.2000.10473905)
and 2000b (Biometrics, doi:10.1111/j.0006-341X.2000.00455.x).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.data import Array, Data, data
from virker.meta.errors import CollinearError, InputError, NotConverged, TooFew, known_option
from virker.meta.plain import plain, short
from virker.meta.results import Result
from virker.meta.tau2 import Method
from virker.meta.tests import Test
from virker.meta.univariate import RandomEffects, fit

Estimator = Literal["L0", "R0", "Q0"]
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class TrimAndFill(Result):
    """The filled set and its model.

    Attributes
    ----------
    k0, k0_se : how many estimates are taken to be missing, and the standard error of that number.
    k0_p : for R0 with none less: P(a number as large | none is missing) = 2^-(k0 + 1); NaN for the other estimators.
    side : where they are missing.
    model : fitted to all estimates and those filled in.
    unfilled : fitted to the estimates alone.
    y, v : (k + k0,) estimates and variances, those filled in last.
    """

    k0: int
    k0_se: float
    k0_p: float
    side: Side
    model: RandomEffects
    unfilled: RandomEffects
    y: Array
    v: Array

    def columns(self) -> dict[str, list[Any]]:
        """A row for each estimate, those filled in last."""
        return {"y": plain(self.y), "v": plain(self.v), "filled": [i >= len(self.y) - self.k0 for i in range(len(self.y))]}

    def to_dict(self) -> dict[str, Any]:
        """All numbers, as JSON takes them; the models without their data."""
        return {**plain(self, leave_out=("model", "unfilled")), "model": self.model.to_dict(), "unfilled": self.unfilled.to_dict()}

    def __str__(self) -> str:
        return f"Trim and fill: {self.k0} missing on the {self.side} (se {short(self.k0_se)})\n{self.model}"


def trim_and_fill(
    y: ArrayLike,
    v: ArrayLike,
    *,
    estimator: Estimator = "L0",
    side: Side | None = None,
    method: Method = "reml",
    test: Test = "z",
    level: float = 0.95,
    max_iterations: int = 100,
) -> TrimAndFill:
    """Estimate how many estimates are missing on one side, fill them in, and pool again.

    Parameters
    ----------
    y, v : (k,) estimates and sampling variances, k >= 2.
    estimator : of the number missing: "L0" (linear), "R0" (length of the last run), "Q0" (quadratic).
    side : where estimates are missing; without it, where the slope of y on the standard error says: on the left if the slope is not negative.
    method, test, level : of the model, in all steps (:func:`fit`).
    max_iterations : of trimming.

    Raises
    ------
    NotConverged
        The number missing goes round in a circle.
    InputError
        Fewer than two estimates; or all standard errors are the same and no ``side`` is given.

    Notes
    -----
    **When it misleads.** It sees asymmetry and calls it suppression. With heterogeneity it fills in studies that never were, and it removes too
    little where suppression is by p-value (Terrin et al. 2003, doi:10.1002/sim.1461; Peters et al. 2007, doi:10.1002/sim.2889). The filled-in
    estimates are no data: the standard error of the filled model is too small. Read it as "how far would symmetry move the mean", not as a corrected
    effect. It takes estimates to be independent: with several to a study, pool within studies first.
    """
    known_option(estimator, get_args(Estimator), "estimator")
    if side is not None:
        known_option(side, get_args(Side), "side")
    given = data(y, v)
    if given.k < 2:
        raise TooFew("Trim and fill needs at least two estimates.", have=given.k, least=2)
    where = side or _side(given, method)
    sign = -1.0 if where == "right" else 1.0
    order = np.argsort(sign * given.y, kind="stable")
    y_sorted, v_sorted = sign * given.y[order], given.v[order]
    k0, se, centre = _missing(y_sorted, v_sorted, estimator, method, max_iterations)
    filled = sign * (2.0 * centre - y_sorted[given.k - k0 :])
    all_y, all_v = np.concatenate([given.y, filled]), np.concatenate([given.v, v_sorted[given.k - k0 :]])
    unfilled = fit(given.y, given.v, method=method, test=test, level=level)
    return TrimAndFill(
        k0=k0,
        k0_se=se,
        k0_p=0.5 ** (k0 + 1) if estimator == "R0" else float("nan"),
        side=where,
        model=fit(all_y, all_v, method=method, test=test, level=level) if k0 else unfilled,
        unfilled=unfilled,
        y=all_y,
        v=all_v,
    )


def _side(given: Data, method: Method) -> Side:
    try:
        slope = fit(given.y, given.v, np.column_stack([np.ones(given.k), np.sqrt(given.v)]), method=method).beta[1]
    except CollinearError:
        raise InputError("All standard errors are the same, so the slope does not tell the side that is missing: give side='left' or 'right'.") from None
    return "right" if slope < 0.0 else "left"


def _missing(y: Array, v: Array, estimator: Estimator, method: Method, max_iterations: int) -> tuple[int, float, float]:
    """Number missing on the left of ``y`` (ascending), its standard error, and the centre of what was left."""
    k, k0 = len(y), 0
    for _ in range(max_iterations):
        left = max(k - k0, 1)
        centre = float(fit(y[:left], v[:left], method=method).beta[0])
        away = y - centre
        rank = np.empty(k)
        rank[np.argsort(np.abs(away), kind="stable")] = np.arange(1, k + 1)
        number, se = _number(np.sign(away) * rank, k, estimator)
        new = min(max(0, int(np.rint(number))), k - 1)
        if new == k0:
            return k0, se, centre
        k0 = new
    raise NotConverged(f"Trim and fill ({estimator}) found no stable number of missing estimates in {max_iterations} iterations: try another estimator.")


def _number(signed: Array, k: int, estimator: Estimator) -> tuple[float, float]:
    """The estimate of the number missing and its standard error, from the signed ranks (k,) of the distances to the centre."""
    if estimator == "R0":
        below = signed[signed < 0.0]
        number = k - (float(-below.min()) if len(below) else 0.0) - 1.0
        return number, float(np.sqrt(2.0 * max(0.0, number) + 2.0))
    rank_sum = float(signed[signed > 0.0].sum())
    if estimator == "L0":
        number = (4.0 * rank_sum - k * (k + 1.0)) / (2.0 * k - 1.0)
        return number, 4.0 * _rank_sum_sd(number, k) / (2.0 * k - 1.0)
    inside = 2.0 * k * k - 4.0 * rank_sum + 0.25
    number = k - 0.5 - float(np.sqrt(max(inside, 0.0)))
    width = (k - 0.5) ** 2 - number * (2.0 * k - number - 1.0)
    return number, 2.0 * _rank_sum_sd(number, k) / float(np.sqrt(width)) if width > 0.0 else float("nan")


def _rank_sum_sd(missing: float, k: int) -> float:
    """Standard deviation of Wilcoxon's rank sum when ``missing`` of k + missing were suppressed (Duval & Tweedie 2000a)."""
    m = missing
    variance = (k * (k + 1.0) * (2.0 * k + 1.0) + 10.0 * m**3 + 27.0 * m**2 + 17.0 * m - 18.0 * k * m**2 - 18.0 * k * m + 6.0 * k**2 * m) / 24.0
    return float(np.sqrt(max(variance, 0.0)))
