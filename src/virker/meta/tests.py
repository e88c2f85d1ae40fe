"""From an estimate and its standard error to a statistic, a p-value and an interval.

``z`` is normal; ``t`` is Student's with k - p degrees of freedom; ``knapp-hartung`` is ``t`` with the covariance scaled by the weighted residual
variance (Hartung & Knapp 2001, doi:10.1002/sim.1009; Sidik & Jonkman 2002, doi:10.1002/sim.1262); ``adhoc`` is Knapp-Hartung that never makes the
covariance smaller (Knapp & Hartung 2003, doi:10.1002/sim.1482).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from virker.errors import nearest
from virker.meta import special
from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.results import Coefficients

Test = Literal["z", "t", "knapp-hartung", "adhoc"]
TESTS: tuple[str, ...] = get_args(Test)


def known_test(test: str) -> None:
    """Refuse a test that does not exist."""
    if test not in TESTS:
        raise InputError(f"No test '{test}': {nearest(test, TESTS)} The tests are {', '.join(TESTS)}.")


def known_level(level: float) -> None:
    """Refuse a level of confidence outside (0, 1), such as 95."""
    if not 0 < level < 1:
        raise InputError(f"level must be between 0 and 1, such as 0.95, and is {level}.")


def two_sided(statistic: Array | float, df: Array | float | None = None) -> Array:
    """Two-sided p-value of a z (``df`` None) or t statistic; NaN where ``df`` is not above zero."""
    size = -np.abs(statistic)
    return np.asarray(2.0 * (special.ndtr(size) if df is None else special.stdtr(np.where(np.asarray(df) > 0, df, np.nan), size)))


def ratio(beta: Array, se: Array) -> Array:
    """Estimate over standard error; infinite, or NaN for 0 over 0, where the residuals leave no standard error (perfect agreement)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(beta / se)


def critical(df: Array | float | None = None, level: float = 0.95) -> Array:
    """The two-sided critical value of the normal (``df`` None) or t distribution; NaN where ``df`` is not above zero."""
    upper = 0.5 + level / 2
    return np.asarray(special.ndtri(upper) if df is None else special.stdtrit(np.where(np.asarray(df) > 0, df, np.nan), upper))


def chi2_upper(q: Array | float, df: Array | float) -> Array:
    """P(chi-squared with ``df`` > ``q``); 1 where ``df`` is 0 (nothing can vary)."""
    df = np.asarray(df, dtype=np.float64)
    return np.where(df > 0, special.chdtrc(np.where(df > 0, df, 1.0), np.maximum(q, 0.0)), 1.0)


def f_upper(f: Array | float, df1: float, df2: Array | float) -> Array:
    """P(F with ``df1`` and ``df2`` > ``f``); NaN where ``df2`` is not above zero."""
    return np.asarray(special.fdtrc(df1, np.where(np.asarray(df2) > 0, df2, np.nan), np.maximum(f, 0.0)))


def coefficients(beta: Array, vcov: Array, *, df: Array | float | None = None, level: float = 0.95, names: tuple[str, ...] = ()) -> Coefficients:
    """Statistics, p-values and intervals of ``beta`` (p,) with covariance ``vcov`` (p, p).

    ``df`` is None for the normal distribution, one number, or (p,) numbers (Satterthwaite).
    """
    se = np.sqrt(np.maximum(np.diag(vcov), 0.0))
    statistic = ratio(beta, se)
    half = critical(df, level) * se
    return Coefficients(
        beta=beta,
        se=se,
        statistic=statistic,
        p=two_sided(statistic, df),
        ci_low=beta - half,
        ci_high=beta + half,
        df=None if df is None else np.broadcast_to(np.asarray(df, dtype=np.float64), beta.shape),
        vcov=vcov,
        names=names,
    )


def all_zero(beta: Array, vcov: Array, df: float | None = None) -> tuple[float, float]:
    """Wald test that all of ``beta`` (m,), with covariance ``vcov`` (m, m), are zero: statistic and p-value.

    The statistic is chi-squared with m degrees of freedom where ``df`` is None, else F with m and ``df``. NaN where m = 0 or a variance is 0.
    """
    m, size = len(beta), np.sqrt(np.diag(vcov))
    if not m or not size.all():
        return float("nan"), float("nan")
    z = beta / size  # coefficients of any unit are solved for alike
    wald = float(z @ np.linalg.solve(vcov / np.outer(size, size), z))
    return (wald, float(chi2_upper(wald, m))) if df is None else (wald / m, float(f_upper(wald / m, m, df)))
