"""Robust variance estimation with approximate weights and variance components by moments (Hedges, Tipton & Johnson 2010, doi:10.1002/jrsm.5).

``correlated``: estimates of one study share its people; weights :math:`1/(n_j(\\bar v_j + \\tau^2))`. ``hierarchical``: estimates of one study come from different
samples; weights :math:`1/(v_{ij} + \\tau^2 + \\omega^2)`. The moments are exact: a quadratic form e'Ae of the residuals is set equal to its
expectation. With small-sample corrections (Tipton 2015, doi:10.1037/met0000011) the covariance is CR2 and its degrees of freedom Satterthwaite's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.blocks import Array, Groups, codes, groups, sums
from virker.meta.data import Data, data
from virker.meta.errors import InputError, known_option
from virker.meta.linear import weighted_least_squares
from virker.meta.plain import plain, short
from virker.meta.results import Result

Weighting = Literal["correlated", "hierarchical"]
# A trace below this share of its terms is zero to rounding.
_NOTHING = 1e-10


@dataclass(frozen=True, slots=True)
class MomentModel(Result):
    """Variance components by moments, and weights from them; give it to :func:`virker.meta.robust.robust` for standard errors.

    Attributes
    ----------
    beta : (p,) coefficients.
    tau2, omega2 : variance between studies, and between estimates of a study (0 for ``correlated``), the unit of y squared.
    i2 : per cent of Q that is more than sampling error would give; NaN for ``hierarchical``.
    weights : (k,) final weights.
    weighting, rho : as asked for.
    groups : the studies.
    """

    beta: Array
    tau2: float
    omega2: float
    i2: float
    weights: Array
    weighting: Weighting
    rho: float
    data: Data = field(repr=False)
    groups: Groups = field(repr=False)
    _in_rows: ClassVar[tuple[str, ...]] = ("beta",)

    def to_dict(self) -> dict[str, Any]:
        """The result as lists and numbers, without the data."""
        return dict(plain(self, leave_out=("data", "groups", "weights")))

    def __str__(self) -> str:
        d = self.data
        head = f"Moment model ({self.weighting}): k = {d.k} estimates in {self.groups.count} studies"
        return (
            f"{head}\ntau2 = {short(self.tau2)}, omega2 = {short(self.omega2)}\nestimates: {', '.join(short(b) for b in self.beta)} (standard errors: robust)"
        )


def fit_moments(
    y: ArrayLike,
    v: ArrayLike,
    study: ArrayLike,
    X: ArrayLike | None = None,
    *,
    weighting: Weighting = "correlated",
    rho: float = 0.8,
    names: Sequence[str] | None = None,
) -> MomentModel:
    """Fit the correlated-effects or hierarchical-effects working model.

    Parameters
    ----------
    y, v, study, X : as for :func:`virker.meta.multilevel.fit_multilevel`.
    weighting : what the estimates of one study have in common.
    rho : assumed correlation of sampling errors within a study, 0 to 1; used by ``correlated`` alone, and only in tau2.

    Notes
    -----
    A component that is estimated below zero is 0. With one estimate in each study all heterogeneity is called tau2; where the moderators tell all
    studies apart there is no tau2.
    """
    given = data(y, v, X, names)
    known_option(weighting, get_args(Weighting), "weighting")
    if not 0 <= rho <= 1:
        raise InputError(f"rho must be a correlation from 0 to 1, and is {rho}.")
    if given.k <= given.p:
        raise InputError(f"{given.k} estimates and {given.p} coefficients leave nothing to estimate variance components from.")
    by = groups(study, given.k)
    scale = float(np.median(given.v))
    tau2, omega2, i2, weights = (_correlated if weighting == "correlated" else _hierarchical)(given, by, scale, rho)
    beta = weighted_least_squares(given.X, given.y, weights).beta
    return MomentModel(beta, tau2, omega2, i2, weights, weighting, rho, given, by)


def _correlated(given: Data, by: Groups, scale: float, rho: float) -> tuple[float, float, float, Array]:
    X, code = given.X, codes(by)
    n = by.sizes[code]
    mean = (sums(given.v, by) / by.sizes)[code]
    w = scale / (n * mean)
    fit = weighted_least_squares(X, given.y, w)
    q = fit.rss / scale
    wX = w[:, None] * X
    together = sums(wX, by)
    # Traces of PJ and of P times the sampling covariance, P = W - WX(X'WX)^(-1)X'W; W and the mean variance are constant in a study.
    tr_study = float(w.sum()) - _trace(fit.bread, together.T @ together)
    block = mean[by.order[by.starts]] / scale
    own = (1 - rho) * (wX.T @ (wX * (mean / scale)[:, None])) + rho * (together.T @ (together * block[:, None]))
    expected = float((w * mean / scale).sum()) - _trace(fit.bread, own)
    tau2 = max(0.0, scale * (q - expected) / tr_study) if tr_study > _NOTHING * float(w.sum()) else 0.0
    i2 = 100 * max(0.0, (q - expected) / q) if q > 0 else 0.0
    return tau2, 0.0, i2, 1 / (n * (mean + tau2))


def _hierarchical(given: Data, by: Groups, scale: float, rho: float) -> tuple[float, float, float, Array]:
    """Two quadratic forms: the weighted squares of residuals, and the squares of their sums by study; expectations linear in tau2 and omega2."""
    X, v = given.X, given.v / scale
    w = 1 / v
    fit = weighted_least_squares(X, given.y / np.sqrt(scale), w)
    C, wX, p, n = fit.bread, w[:, None] * X, given.p, by.sizes
    wXs, Xs = sums(wX, by), sums(X, by)
    ws = sums(w, by)
    q1 = fit.rss
    q2 = float((sums(fit.residuals, by) ** 2).sum())
    # e = (I - XCX'W)y. First form: tr(PS) for S = diag(v), J, I.
    first = np.array([given.k - p, float(ws.sum()) - _trace(C, wXs.T @ wXs), float(w.sum()) - _trace(C, wX.T @ wX)])
    # Second: tr((I - H)'J(I - H)S) = tr(JS) - 2 tr(C X'W S J X) + tr(C X'JX C X'W S W X).
    inner = Xs.T @ Xs
    second = np.array(
        [
            float(v.sum()) - 2 * _trace(C, inner) + _trace(C @ inner, C @ (X.T @ wX)),
            float((n * n).sum()) - 2 * _trace(C, (wXs * n[:, None]).T @ Xs) + _trace(C @ inner, C @ (wXs.T @ wXs)),
            float(n.sum()) - 2 * _trace(C, wXs.T @ Xs) + _trace(C @ inner, C @ (wX.T @ wX)),
        ]
    )
    determinant = first[1] * second[2] - first[2] * second[1]
    if first[1] <= _NOTHING * float(ws.sum()):
        # The moderators tell all studies apart: what is left is within studies.
        tau2, omega2 = 0.0, max(0.0, (q1 - first[0]) / first[2])
    elif abs(determinant) <= _NOTHING * abs(first[1] * second[2]):
        # One estimate in each study: the two components are one, and all of it is tau2.
        tau2, omega2 = max(0.0, (q1 - first[0]) / first[1]), 0.0
    else:
        omega2 = max(0.0, (first[1] * (q2 - second[0]) - second[1] * (q1 - first[0])) / determinant)
        tau2 = max(0.0, (q1 - first[0] - omega2 * first[2]) / first[1])
    return scale * tau2, scale * omega2, float("nan"), 1 / (scale * (v + tau2 + omega2))


def _trace(a: Array, b: Array) -> float:
    return float((a * b.T).sum())
