"""One model for k independent estimates: the common-effect model, the random-effects model, and meta-regression.

y_i = x_i' beta + u_i + e_i, with u_i of variance tau2 and e_i of the known variance v_i (Viechtbauer 2010, doi:10.18637/jss.v036.i03).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.batch import Batch
from virker.meta.data import Array, Data, data, vector
from virker.meta.errors import InputError
from virker.meta.linear import Linear, weighted_least_squares
from virker.meta.plain import p_value, plain, short
from virker.meta.projector import traces
from virker.meta.results import Coefficients, Result
from virker.meta.tau2 import WEIGHTED, Method, estimate, known_method, score, standard_error
from virker.meta.tests import Test, all_zero, chi2_upper, coefficients, known_level, known_test

Weights = ArrayLike | Literal["equal"] | None


@dataclass(frozen=True, slots=True)
class Information:
    """Fit of one likelihood: log-likelihood, deviance, AIC, BIC and AICc (Hurvich & Tsai 1989); tau2 counts as one parameter."""

    log_likelihood: float
    deviance: float
    aic: float
    bic: float
    aicc: float


@dataclass(frozen=True, slots=True)
class RandomEffects(Result):
    """A fitted model.

    Attributes
    ----------
    coefficients : estimates, standard errors, tests and intervals of beta; for a model without moderators, of the mean effect.
    tau2, tau2_se : variance between the studies and its standard error, the unit of y squared. ``tau2_se`` is NaN for the common-effect model.
    i2 : share of the variance that lies between studies, in per cent (Higgins & Thompson 2002, doi:10.1002/sim.1186).
    h2 : total variance over sampling variance; 1 when nothing lies between.
    q, q_df, q_p : test of (residual) heterogeneity.
    qm, qm_df, qm_p : test that all moderators are zero: chi-squared under "z", else F with ``qm_df`` and k - p. NaN without moderators.
    likelihood, restricted : fit by the likelihood and by the restricted likelihood.
    optima : number of local optima of the likelihood ("ml", "reml"); the highest was taken.
    method, test, level : as asked for.
    data : what was fitted.
    weights : (k,) weights in place of the inverse variances; None by default.
    """

    coefficients: Coefficients
    tau2: float
    tau2_se: float
    i2: float
    h2: float
    q: float
    q_df: int
    q_p: float
    qm: float
    qm_df: int
    qm_p: float
    likelihood: Information
    restricted: Information
    optima: int
    method: Method
    test: Test
    level: float
    data: Data
    weights: Array | None

    @property
    def beta(self) -> Array:
        """(p,) coefficients."""
        return self.coefficients.beta

    @property
    def se(self) -> Array:
        """(p,) standard errors."""
        return self.coefficients.se

    @property
    def df(self) -> float | None:
        """Degrees of freedom of the tests; None for the normal distribution."""
        return None if self.test == "z" else float(self.data.k - self.data.p)

    @property
    def gradient(self) -> float:
        """Derivative of the log-likelihood of "ml" or "reml" in log tau2, or in tau2 over the typical v where tau2 is 0; NaN for other methods.

        The certificate of the optimum: 0 to rounding inside, at most 0 at the boundary.
        """
        d = self.data
        if self.method not in ("ml", "reml"):
            return float("nan")
        s = unit(d.v)
        t, one = self.tau2 / (s * s), as_batch(d.y / s, d.v / (s * s), d.X)
        return float(score(one, np.array([t]), restricted=self.method == "reml")[0]) * (t or 1.0)

    @property
    def r2(self) -> float:
        """Share of tau2 that the moderators account for, in per cent (Raudenbush 2009); NaN without moderators or without variance to explain.

        For the common-effect model, the adjusted share of the weighted sum of squares.
        """
        d = self.data
        if d.p == 1 or not d.intercept:
            return float("nan")
        plain_model = fit(d.y, d.v, method=self.method, weights=self.weights)
        if self.method == "common":
            if d.k == d.p or plain_model.q == 0:
                return float("nan")
            return 100.0 * max(0.0, 1.0 - (self.q / (d.k - d.p)) / (plain_model.q / (d.k - 1)))
        return 100.0 * max(0.0, 1.0 - self.tau2 / plain_model.tau2) if plain_model.tau2 > 0 else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """All numbers, as JSON takes them; without the data."""
        return {**plain(self, leave_out=("data", "weights")), "k": self.data.k, "r2": plain(self.r2)}

    def __str__(self) -> str:
        d = self.data
        kind = "Common-effect model" if self.method == "common" else f"Random-effects model ({self.method})"
        lines = [f"{kind}, k = {d.k}, test {self.test}", str(self.coefficients)]
        if self.method != "common":
            lines.append(f"tau2 = {short(self.tau2)} (se {short(self.tau2_se)}), tau = {short(self.tau2**0.5)}, I2 = {self.i2:.1f} %, H2 = {self.h2:.2f}")
        lines.append(f"Q({self.q_df}) = {self.q:.4f}, p {p_value(self.q_p)}")
        if self.qm_df:
            name = f"QM({self.qm_df})" if self.test == "z" else f"F({self.qm_df}, {d.k - d.p})"
            lines.append(f"{name} = {self.qm:.4f}, p {p_value(self.qm_p)}")
        if self.optima > 1:
            lines.append(f"The likelihood has {self.optima} local optima; the highest was taken.")
        return "\n".join(lines)


def fit(
    y: ArrayLike,
    v: ArrayLike,
    X: ArrayLike | None = None,
    *,
    method: Method = "reml",
    test: Test = "z",
    weights: Weights = None,
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> RandomEffects:
    """Fit a common-effect or random-effects model, with or without moderators.

    Parameters
    ----------
    y, v : (k,) estimates and their sampling variances (not standard errors).
    X : (k, p) design matrix, its intercept column included; without it, the mean effect.
    method : estimator of tau2 (:mod:`virker.meta.tau2`), or "common" for tau2 = 0.
    test : distribution and covariance of the tests (:mod:`virker.meta.tests`).
    weights : (k,) weights above zero in place of 1 / (v + tau2), or "equal"; "genq" and "genqm" need weights, and estimate tau2 by them too.
    level : confidence level of the intervals.
    names : p names of the columns of ``X``.

    Raises
    ------
    InputError, CollinearError
        What was handed in cannot be fitted; the message says where and why.
    NotConverged
        No certified optimum.

    Notes
    -----
    With k = p, nothing is left to estimate tau2 from: it is reported as 0 (``q_df`` says 0), and the tests "t", "knapp-hartung" and "adhoc" are refused.

    Examples
    --------
    >>> print(fit([0.1, 0.3, 0.35, 0.65], [0.01, 0.02, 0.04, 0.02], test="knapp-hartung"))
    Random-effects model (reml), k = 4, test knapp-hartung
               estimate      se       t      df       p      low    high
    intercept    0.3376  0.1186  2.8472  3.0000  0.0653  -0.0398  0.7150
    tau2 = 0.0412 (se 0.0506), tau = 0.2030, I2 = 68.1 %, H2 = 3.14
    Q(3) = 10.1806, p 0.0171
    """
    known_method(method)
    known_test(test)
    known_level(level)
    return fit_data(data(y, v, X, names), method, test, weights, level)


def fit_data(d: Data, method: Method, test: Test = "z", weights: Weights = None, level: float = 0.95) -> RandomEffects:
    """:func:`fit` of data that have been checked."""
    if test != "z" and d.k == d.p:
        raise InputError(f"test '{test}' needs more estimates than coefficients; there are {d.k} of both. Use test 'z'.")
    given = own_weights(weights, method, d.k)
    s = unit(d.v)
    y, v = d.y / s, d.v / (s * s)
    one = as_batch(y, v, d.X)
    found = estimate(one, method, given if method in WEIGHTED else None)
    tau2 = float(found.tau2[0])
    w = 1.0 / (v + tau2)
    by_variance = weighted_least_squares(d.X, y, w)
    model = by_variance if given is None else weighted_least_squares(d.X, y, given)
    rss = float((w * model.residuals) @ model.residuals)
    vcov = covariance(d, model, given, v + tau2) * (scale_of(test, rss, d.k - d.p) * s * s)
    at_zero = by_variance if tau2 == 0 else weighted_least_squares(d.X, y, 1.0 / v)
    df = d.k - d.p
    i2, h2 = _heterogeneity(method, tau2, at_zero.rss, df, typical_variance(d.X, v, at_zero, df))
    table = coefficients(model.beta * s, vcov, df=None if test == "z" else df, level=level, names=d.names)
    qm, qm_df, qm_p = moderators(d, table, test)
    likelihood, restricted = _information(d, v, tau2, rss, by_variance.logdet, s, method)
    with_error = method != "common"
    return RandomEffects(
        coefficients=table,
        tau2=tau2 * s * s,
        tau2_se=float(standard_error(one, method, found.tau2, given if method in WEIGHTED else None)[0]) * s * s if with_error and df else float("nan"),
        i2=i2,
        h2=h2,
        q=at_zero.rss,
        q_df=df,
        q_p=float(chi2_upper(at_zero.rss, df)),
        qm=qm,
        qm_df=qm_df,
        qm_p=qm_p,
        likelihood=likelihood,
        restricted=restricted,
        optima=int(found.optima[0]),
        method=method,
        test=test,
        level=level,
        data=d,
        weights=given,
    )


def own_weights(weights: Weights, method: Method, k: int) -> Array | None:
    """The weights asked for, their largest 1; None for the inverse variances."""
    if weights is None:
        if method in WEIGHTED:
            raise InputError(f"method '{method}' needs weights, one for each estimate.")
        return None
    if isinstance(weights, str):
        if weights != "equal":
            raise InputError(f"weights must be numbers or 'equal', and is '{weights}'.")
        return np.ones(k)
    array = vector(weights, "weights", k)
    if array.min() <= 0:
        raise InputError("weights must be above zero.")
    return np.asarray(array / array.max())


def unit(v: Array) -> float:
    """A power of two near the median standard error: dividing by it is exact, and no threshold depends on the unit of y."""
    return float(2.0 ** np.round(0.5 * np.log2(np.median(v))))


def as_batch(y: Array, v: Array, X: Array) -> Batch:
    """A batch of one, its design orthonormal where there are moderators (tau2 does not depend on it)."""
    basis = X if X.shape[1] == 1 else np.linalg.qr(X)[0]
    return Batch(y[None], v[None], basis[None], np.ones((1, len(y))))


def scale_of(test: Test, rss: float, df: int) -> float:
    """What Knapp and Hartung multiply the covariance with; 1 for the other tests."""
    if test == "knapp-hartung":
        return rss / df
    return max(1.0, rss / df) if test == "adhoc" else 1.0


def covariance(d: Data, model: Linear, given: Array | None, total: Array) -> Array:
    """(p, p) covariance of beta, where an estimate's variance is ``total`` (k,): the bread, or a sandwich where the weights are not its inverse."""
    if given is None:
        return model.bread
    half = d.X * (given * np.sqrt(total))[:, None]
    return model.bread @ (half.T @ half) @ model.bread


def typical_variance(X: Array, v: Array, at_zero: Linear, df: int) -> float:
    """The sampling variance of a typical estimate, (k - p) / tr(P) (Higgins & Thompson 2002); NaN where df is 0."""
    if df == 0:
        return float("nan")
    if at_zero.leverage.max() > 0.9:  # 1 - leverage has lost digits
        return df / traces(X, 1.0 / v, v).p
    return df / float(((1.0 - at_zero.leverage) / v).sum())


def _heterogeneity(method: Method, tau2: float, q: float, df: int, typical: float) -> tuple[float, float]:
    if df == 0:
        return 0.0, 1.0
    if method == "common":
        return (100.0 * max(0.0, (q - df) / q) if q > 0 else 0.0), q / df
    return 100.0 * tau2 / (typical + tau2), tau2 / typical + 1.0


def moderators(d: Data, table: Coefficients, test: Test) -> tuple[float, int, float]:
    """The test that all coefficients but the intercept are zero: statistic, number of them, p-value."""
    first = 1 if d.intercept else 0
    statistic, p = all_zero(table.beta[first:], table.vcov[first:, first:], None if test == "z" else d.k - d.p)
    return statistic, d.p - first, p


def _information(d: Data, v: Array, tau2: float, rss: float, logdet: float, s: float, method: Method) -> tuple[Information, Information]:
    logs = float(np.log(v + tau2).sum())
    k, p, log_s = d.k, d.p, float(np.log(s))
    parameters = p + (method != "common")
    ll = -0.5 * (k * np.log(2 * np.pi) + logs + rss) - k * log_s
    saturated = -0.5 * (k * np.log(2 * np.pi) + float(np.log(v).sum())) - k * log_s
    design = float(np.log(k)) + 2.0 * float(np.log(abs(d.X[0, 0]))) if p == 1 and d.intercept else _log_det_of_products(d.X)
    ll_restricted = -0.5 * ((k - p) * np.log(2 * np.pi) - design + logs + logdet + rss) - (k - p) * log_s
    return _criteria(ll, 2.0 * (saturated - ll), k, parameters), _criteria(ll_restricted, -2.0 * ll_restricted, k - p, parameters)


def _log_det_of_products(X: Array) -> float:
    """log det X'X by QR: the product itself has no digits left where columns are nearly the same."""
    return 2.0 * float(np.log(np.abs(np.diag(np.linalg.qr(X, mode="r")))).sum())


def _criteria(ll: float, deviance: float, n: int, parameters: int) -> Information:
    effective = max(n, parameters + 2)
    bic = -2.0 * ll + parameters * float(np.log(n)) if n > 0 else float("nan")
    return Information(
        float(ll), float(deviance), float(-2.0 * ll + 2.0 * parameters), bic, float(-2.0 * ll + 2.0 * parameters * effective / (effective - parameters - 1))
    )
