"""Is the funnel lopsided? Regression and rank tests of small-study effects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta import special
from virker.meta.data import Array, Data, data, vector
from virker.meta.errors import InputError, TooFew, known_option
from virker.meta.linear import weighted_least_squares
from virker.meta.plain import p_value
from virker.meta.results import Coefficients, Result
from virker.meta.robust import robust
from virker.meta.tau2 import Method
from virker.meta.tests import Test, coefficients
from virker.meta.univariate import fit

Predictor = Literal["se", "v", "n", "1/n", "1/sqrt(n)"]
RegressionModel = Literal["random", "weighted"]

#: Up to here the distribution of Kendall's rank correlation without ties is counted out; above, its normal approximation has no visible error.
EXACT_UP_TO = 400

# Of the sum of squares of the estimates: residuals this small are rounding.
_ON_THE_LINE = 1e-26


@dataclass(frozen=True, slots=True)
class RegressionTest(Result):
    """Test of a slope on precision.

    Attributes
    ----------
    statistic, p, df : z (df None) or t of the slope.
    slope, slope_se : change of the effect per unit of the predictor.
    limit, limit_low, limit_high : the effect where the predictor is 0 (an infinitely large study); NaN for "n" and with moderators.
    coefficients : all coefficients, the predictor last.
    tau2 : residual variance between studies; NaN for "weighted".
    predictor, model, k, g : what was fitted; g clusters, 0 without.
    """

    statistic: float
    p: float
    df: float | None
    slope: float
    slope_se: float
    limit: float
    limit_low: float
    limit_high: float
    coefficients: Coefficients
    tau2: float
    predictor: Predictor
    model: RegressionModel
    k: int
    g: int

    def __str__(self) -> str:
        kind = "z" if self.df is None else f"t({self.df:.2f})"
        return f"Regression test ({self.model}, {self.predictor}), k = {self.k}: {kind} = {self.statistic:.4f}, p {p_value(self.p)}\n{self.coefficients}"


def regression_test(
    y: ArrayLike,
    v: ArrayLike,
    X: ArrayLike | None = None,
    *,
    predictor: Predictor = "se",
    n: ArrayLike | None = None,
    model: RegressionModel = "random",
    method: Method = "reml",
    test: Test = "z",
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> RegressionTest:
    """Does the effect depend on the precision? Egger's test and its relatives.

    Parameters
    ----------
    y, v : (k,) estimates and sampling variances.
    X : (k, p) moderators, their intercept included, that the slope is adjusted for.
    predictor : standard error, variance, sample size, its inverse (Peters et al. 2006, doi:10.1001/jama.295.6.676), or the inverse of its root.
    n : (k,) sample sizes, where the predictor needs them.
    model : "random": meta-regression (Sterne & Egger 2005). "weighted": weighted least squares with a multiplicative variance (Egger et al. 1997,
        doi:10.1136/bmj.315.7109.629), tested by t with k - p - 1 degrees of freedom.
    method, test : of the meta-regression (:func:`fit`); "weighted" has its own.
    cluster : (k,) study of each estimate: the slope is tested with a CR2 covariance and Satterthwaite degrees of freedom (Rodgers & Pustejovsky 2021,
        doi:10.1037/met0000300, who found the test without it to reject far too often).
    level : confidence level.

    Raises
    ------
    InputError
        Sample sizes that are needed and missing; fewer estimates than coefficients.
    CollinearError
        The predictor does not vary, or X has it already.

    Notes
    -----
    **When it misleads.** Asymmetry is not suppression: small studies may be of other programmes or people. For standardised mean differences, ratios and
    proportions the standard error depends on the effect, so that slopes arise from nothing; take "1/sqrt(n)" there (Pustejovsky & Rodgers 2019,
    doi:10.1002/jrsm.1332). With k < 10 the test finds little. k = p + 1 gives a slope without a test in "weighted" (NaN).
    """
    for value, allowed, what in ((predictor, get_args(Predictor), "predictor"), (model, get_args(RegressionModel), "model")):
        known_option(value, allowed, what)
    given = data(y, v, X)
    design = data(given.y, given.v, np.column_stack([given.X, _predictor(given, predictor, n)]), [*given.names, predictor])
    tau2 = float("nan")
    if cluster is not None:
        fitted = fit(design.y, design.v, design.X, method=method if model == "random" else "common", level=level, names=design.names)
        tau2 = fitted.tau2 if model == "random" else tau2
        sandwich = robust(fitted, cluster, level=level)
        table, groups = sandwich.coefficients, sandwich.g
    elif model == "random":
        fitted = fit(design.y, design.v, design.X, method=method, test=test, level=level, names=design.names)
        table, tau2, groups = fitted.coefficients, fitted.tau2, 0
    else:
        table, groups = weighted(design, level), 0
    has_limit = predictor != "n" and given.p == 1 and given.intercept
    scale = float(given.X[0, 0]) if has_limit else float("nan")
    return RegressionTest(
        statistic=float(table.statistic[-1]),
        p=float(table.p[-1]),
        df=None if table.df is None else float(table.df[-1]),
        slope=float(table.beta[-1]),
        slope_se=float(table.se[-1]),
        limit=scale * float(table.beta[0]),
        limit_low=scale * float(table.ci_low[0]),
        limit_high=scale * float(table.ci_high[0]),
        coefficients=table,
        tau2=tau2,
        predictor=predictor,
        model=model,
        k=given.k,
        g=groups,
    )


def weighted(design: Data, level: float) -> Coefficients:
    """Weighted least squares with weights 1 / v and a free multiplicative variance; NaN tests where k = p or all estimates lie on the line."""
    w = np.median(design.v) / design.v
    line = weighted_least_squares(design.X, design.y, w)
    df = design.k - design.p
    rounding = _ON_THE_LINE * float((w * design.y) @ design.y)
    dispersion = line.rss / df if df and line.rss > rounding else float("nan")
    return coefficients(line.beta, dispersion * line.bread, df=float(df), level=level, names=design.names)


def _predictor(given: Data, predictor: Predictor, n: ArrayLike | None) -> Array:
    if predictor == "v":
        return given.v
    if predictor == "se":
        return np.asarray(np.sqrt(given.v))
    if n is None:
        raise InputError(f"The predictor '{predictor}' needs the sample sizes n.")
    size = vector(n, "n", given.k)
    if size.min() <= 0.0:
        raise InputError("n must be above zero.")
    return size if predictor == "n" else np.asarray(1.0 / (size if predictor == "1/n" else np.sqrt(size)))


@dataclass(frozen=True, slots=True)
class RankTest(Result):
    """Rank correlation of effect and variance.

    Attributes
    ----------
    tau : Kendall's rank correlation (tau-b), -1 to 1; NaN where all variances, or all effects, are tied.
    p : two-sided p-value.
    exact : whether the distribution was counted out (no ties, k up to 400) or is the normal approximation with ties allowed for.
    k : estimates.
    """

    tau: float
    p: float
    exact: bool
    k: int


def rank_test(y: ArrayLike, v: ArrayLike) -> RankTest:
    """Begg & Mazumdar's rank correlation between standardised effects and their variances (1994, doi:10.2307/2533446).

    The effects are (y - m) / sqrt(v - 1 / sum(1/v)), m the common-effect mean.

    Parameters
    ----------
    y, v : (k,) estimates and sampling variances, k >= 2.

    Notes
    -----
    **When it misleads.** It has little power below k = 25 and even less than the regression test; not finding anything there is no evidence. It
    takes estimates to be independent, and sees asymmetry of any origin.
    """
    given = data(y, v)
    if given.k < 2:
        raise TooFew("The rank test needs at least two estimates.", have=given.k, least=2)
    mean = float(fit(given.y, given.v, method="common").beta[0])
    standard = (given.y - mean) / np.sqrt(given.v - 1.0 / (1.0 / given.v).sum())
    return kendall(standard, given.v)


def kendall(a: Array, b: Array) -> RankTest:
    """Kendall's rank correlation of two rows (k,) with its p-value."""
    k = len(a)
    score = 0
    for i in range(0, k, 512):
        score += int((np.sign(a[i : i + 512, None] - a) * np.sign(b[i : i + 512, None] - b)).sum())
    score //= 2
    ties = [np.unique(x, return_counts=True)[1].astype(float) for x in (a, b)]
    pairs = k * (k - 1) / 2.0
    loose = [pairs - float((t * (t - 1.0)).sum()) / 2.0 for t in ties]
    if min(loose) <= 0.0:
        return RankTest(float("nan"), float("nan"), False, k)
    tau = score / float(np.sqrt(loose[0] * loose[1]))
    if loose[0] == loose[1] == pairs and k <= EXACT_UP_TO:
        return RankTest(tau, _exact(score, k), True, k)
    return RankTest(tau, float(2.0 * special.ndtr(-abs(score) / np.sqrt(_variance(ties, k)))), False, k)


def _exact(score: int, k: int) -> float:
    """Two-sided p of a score (concordant less discordant pairs), from the distribution of the inversions of k things."""
    share = np.ones(1)
    for j in range(2, k + 1):
        total = np.cumsum(np.concatenate([share, np.zeros(j - 1)]))
        total[j:] -= total[:-j].copy()
        share = total / j
    concordant = (score + k * (k - 1) // 2) // 2
    at_least = float(share[concordant:].sum())
    at_most = float(share[: concordant + 1].sum())
    return min(1.0, 2.0 * min(at_least, at_most))


def _variance(ties: list[Array], k: int) -> float:
    """Variance of the score with ties (Kendall 1970)."""

    def of(power: int, t: Array) -> float:
        return float((t * (t - 1.0) * (2.0 * t + 5.0)).sum()) if power == 0 else float(np.prod([t - j for j in range(power + 1)], axis=0).sum())

    first = (k * (k - 1.0) * (2.0 * k + 5.0) - of(0, ties[0]) - of(0, ties[1])) / 18.0
    second = of(1, ties[0]) * of(1, ties[1]) / (2.0 * k * (k - 1.0))
    third = of(2, ties[0]) * of(2, ties[1]) / (9.0 * k * (k - 1.0) * (k - 2.0)) if k > 2 else 0.0
    return first + second + third
