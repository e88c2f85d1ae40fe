"""Tests of several coefficients at once, with few clusters in mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.blocks import Array
from virker.meta.errors import CollinearError, InputError, known_option
from virker.meta.results import Result
from virker.meta.robust import RobustModel
from virker.meta.sandwich import hotelling_df
from virker.meta.tests import f_upper

WaldKind = Literal["HTZ", "naive-F"]


@dataclass(frozen=True, slots=True)
class WaldTest(Result):
    """A Wald test of q constraints.

    Attributes
    ----------
    f, p : F statistic and p-value; p is NaN where ``df_denominator`` is not above zero.
    df_numerator, df_denominator : q, and for HTZ η - q + 1, for naive-F g - 1.
    kind : which test.
    """

    f: float
    df_numerator: int
    df_denominator: float
    p: float
    kind: WaldKind


def wald_test(model: RobustModel, constraint: ArrayLike | None = None, *, kind: WaldKind = "HTZ") -> WaldTest:
    """Test that L β = 0 with a cluster-robust covariance.

    Parameters
    ----------
    constraint : L, (q, p) or (p,), of full row rank; without it, all coefficients but a constant first column.
    kind : ``HTZ``, the approximate Hotelling T² with η from :func:`virker.meta.sandwich.hotelling_df`:
        F = (η - q + 1)/(η q) · Wald with (q, η - q + 1) degrees of freedom; or ``naive-F``: Wald/q with (q, g - 1).

    References
    ----------
    Tipton & Pustejovsky 2015, doi:10.3102/1076998615606099.
    """
    known_option(kind, get_args(WaldKind), "kind")
    c = model.coefficients
    L = _constraint(model, constraint)
    q = len(L)
    Lb, LVL = L @ c.beta, L @ c.vcov @ L.T
    size = np.sqrt(np.maximum(np.diag(LVL), 0.0))
    if not np.isfinite(LVL).all():
        raise InputError(f"{model.kind} has no covariance with {model.g} clusters and {len(c.beta)} coefficients: use CR2.")
    if not size.all() or np.linalg.eigvalsh(LVL / np.outer(size, size))[0] < 1e-10:
        raise InputError(f"{model.g} clusters cannot test {q} constraints at once: their residuals vary in fewer directions. Test fewer constraints.")
    wald = float(Lb @ np.linalg.solve(LVL, Lb))
    if kind == "naive-F":
        return WaldTest(wald / q, q, float(model.g - 1), float(f_upper(wald / q, q, model.g - 1)), kind)
    eta = hotelling_df(model._sandwich, L)
    f, df = wald * (eta - q + 1) / (eta * q), eta - q + 1
    return WaldTest(f, q, df, float(f_upper(f, q, df)), kind)


def _constraint(model: RobustModel, constraint: ArrayLike | None) -> Array:
    p = len(model.coefficients.beta)
    if constraint is None:
        L = np.eye(p)[1 if model.intercept else 0 :]
        if not len(L):
            raise InputError("The model has only an intercept: say what to test with a constraint matrix.")
        return L
    L = np.atleast_2d(np.asarray(constraint, dtype=np.float64))
    if L.ndim != 2 or L.shape[1] != p or not np.isfinite(L).all():
        raise InputError(f"The constraint must have {p} columns of finite numbers, one for each coefficient; it has the shape {L.shape}.")
    if np.linalg.matrix_rank(L) < len(L):
        raise CollinearError("The constraints repeat each other: give each one once.")
    return L
