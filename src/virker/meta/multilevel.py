"""Multilevel models: estimates within studies, sampling errors that may be correlated within a study.

.. math:: y_{ij} = x_{ij}'\\beta + u_j + w_{ij} + e_{ij},\\qquad u_j \\sim N(0, \\sigma^2_{study}),\\ w_{ij} \\sim N(0, \\sigma^2_{estimate}),\\
          cov(e_{ij}, e_{lj}) = \\rho\\sqrt{v_{ij}v_{lj}}

(Konstantopoulos 2011, doi:10.1002/jrsm.35; Van den Noortgate et al. 2013, doi:10.3758/s13428-012-0261-6). One fit costs O(k p²): see ``blocks.py``
for the algebra and ``components.py`` for the likelihood and ``components_optimum.py`` for how its optimum is certified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta import components
from virker.meta.blocks import Array, Groups, groups
from virker.meta.components import Method, Problem
from virker.meta.components_optimum import Optimum, maximise
from virker.meta.data import Data, data
from virker.meta.errors import InputError, known_option
from virker.meta.plain import plain, short, table
from virker.meta.results import Coefficients, Result
from virker.meta.tests import all_zero, chi2_upper, coefficients, known_level

MultilevelTest = Literal["z", "t", "t-containment"]
Levels = Literal["study-and-estimate", "study"]


@dataclass(frozen=True, slots=True)
class MultilevelModel(Result):
    """A fitted multilevel model.

    Attributes
    ----------
    coefficients : (p,) each; ``df`` is None for ``test="z"``.
    sigma2_study, sigma2_estimate : variance components, the unit of y squared; 0 where the likelihood is highest at the boundary.
    sigma2_se : (2,) their standard errors from the observed information; NaN for a component at zero.
    q, q_df, q_p : Cochran's Q with the sampling (co)variances alone, its degrees of freedom and p-value.
    qm, qm_df, qm_p : Wald test of all moderators (all coefficients where there is no intercept): chi-squared with (m,) df, or F with (m, df) for t tests.
        NaN where there is none.
    log_likelihood_ml, log_likelihood_reml : both at the estimates, constants included.
    k, g, p : estimates, studies, coefficients.
    method, test, levels, rho, level : how it was fitted.
    iterations : evaluations with derivatives.
    gain : what one more Newton step would add to the log-likelihood: the certificate of the optimum.
    optima : log-likelihood (of the method) of each local optimum found, the highest first; more than one is worth a look.
    data : what was fitted.
    groups : the studies, in order of first appearance.
    """

    coefficients: Coefficients
    sigma2_study: float
    sigma2_estimate: float
    sigma2_se: Array
    q: float
    q_df: int
    q_p: float
    qm: float
    qm_df: tuple[float, ...]
    qm_p: float
    log_likelihood_ml: float
    log_likelihood_reml: float
    k: int
    g: int
    p: int
    method: Method
    test: MultilevelTest
    levels: Levels
    rho: float
    level: float
    iterations: int
    gain: float
    optima: tuple[float, ...]
    data: Data = field(repr=False)
    groups: Groups = field(repr=False)
    _problem: Problem = field(repr=False)
    _scale: float = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The result as lists and numbers, without the data."""
        return dict(plain(self, leave_out=("data", "groups", "_problem", "_scale")))

    def __str__(self) -> str:
        rows = [["study", short(self.sigma2_study), short(self.sigma2_study**0.5), str(self.g)]]
        if self.levels == "study-and-estimate":
            rows.append(["estimate", short(self.sigma2_estimate), short(self.sigma2_estimate**0.5), str(self.k)])
        head = f"Multilevel model, {self.method.upper()}: k = {self.k} estimates in {self.g} studies"
        return f"{head}\n\n{table(['level', 'variance', 'sd', 'units'], rows)}\n\nQ({self.q_df}) = {short(self.q)}, p = {self.q_p:.4g}\n\n{self.coefficients}"


def fit_multilevel(
    y: ArrayLike,
    v: ArrayLike,
    study: ArrayLike,
    X: ArrayLike | None = None,
    *,
    rho: float | None = None,
    method: Method = "reml",
    test: MultilevelTest = "t-containment",
    levels: Levels = "study-and-estimate",
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> MultilevelModel:
    """Fit a multilevel model by (restricted) maximum likelihood.

    Parameters
    ----------
    y, v : (k,) estimates and their sampling variances.
    study : (k,) which study each estimate is from; numbers or texts, in any order.
    X : (k, p) design, the intercept its first column; one column of ones when left out.
    rho : correlation of the sampling errors of two estimates of one study, 0 <= rho < 1; None is 0. The same people asked twice have a high one.
    method : ``reml`` or ``ml``.
    test : ``z``; ``t`` with k - p degrees of freedom; ``t-containment`` with g - p for a column that is constant within studies, k - p otherwise.
    levels : ``study`` leaves the component of the single estimate out.

    Notes
    -----
    Everything is computed in units of the typical standard error, so effects in percentage points and in shares give the same digits.
    With one estimate in each study the two components cannot be told apart: all of it is called the study's, and the model is the ordinary
    random-effects model. Where the moderators tell all studies apart (one study alone and an intercept), the study component is 0. k = p leaves nothing to estimate variances from: an InputError.

    Raises
    ------
    InputError, CollinearError, NotConverged
    """
    given = data(y, v, X, names)
    correlation = _options(given, rho, method, test, levels, level)
    grouping = groups(study, given.k)
    scale = float(np.sqrt(np.median(given.v)))
    sort = slice(None) if grouping.sorted else grouping.order
    orthonormal, R = np.linalg.qr(given.X[sort])
    problem = Problem(
        y=given.y[sort] / scale,
        v=given.v[sort] / scale**2,
        X=np.ascontiguousarray(orthonormal.T),
        groups=grouping,
        rho=correlation,
        reml=method == "reml",
        free=(study_is_free(orthonormal, grouping), levels == "study-and-estimate" and grouping.count < given.k),
    )
    return _result(given, problem, maximise(problem), R, scale, method, test, levels, level)


def study_is_free(orthonormal: Array, grouping: Groups) -> bool:
    """Do the studies differ in any way that the moderators (sorted, orthonormal) leave open?"""
    if grouping.count > orthonormal.shape[1]:
        return True
    indicators = (grouping.codes[:, None] == np.arange(grouping.count)).astype(np.float64)
    rest = indicators - orthonormal @ (orthonormal.T @ indicators)
    return bool((rest * rest).sum() > 1e-16 * len(rest))


def _options(given: Data, rho: float | None, method: str, test: str, levels: str, level: float) -> float:
    for value, allowed, what in ((method, get_args(Method), "method"), (test, get_args(MultilevelTest), "test"), (levels, get_args(Levels), "levels")):
        known_option(value, allowed, what)
    known_level(level)
    if rho is not None and not 0 <= rho < 1:
        raise InputError(f"rho must be a correlation from 0 to below 1, and is {rho}: two estimates that are the same number are one estimate.")
    if given.k <= given.p:
        raise InputError(f"{given.k} estimates and {given.p} coefficients leave nothing to estimate variance components from.")
    return float(rho or 0.0)


def _result(
    given: Data, problem: Problem, optimum: Optimum, R: Array, scale: float, method: Method, test: MultilevelTest, levels: Levels, level: float
) -> MultilevelModel:
    point, k, p = optimum.point, given.k, given.p
    inverse = np.linalg.inv(R)
    beta = scale * (inverse @ point.beta)
    vcov = scale**2 * (inverse @ point.bread @ inverse.T)
    df = _degrees(given, problem.groups, test)
    sampling = components.at(problem, 0.0, 0.0)
    residual = problem.y - sampling.beta @ problem.X
    q = float(sampling.u @ residual)
    qm, qm_df, qm_p = _moderators(given, beta, vcov, df)
    constant = -k * float(np.log(scale))
    return MultilevelModel(
        coefficients=coefficients(beta, vcov, df=df, level=level, names=given.names),
        sigma2_study=scale**2 * point.sigma2[0],
        sigma2_estimate=scale**2 * point.sigma2[1],
        sigma2_se=scale**2 * _standard_errors(optimum),
        q=q,
        q_df=k - p,
        q_p=float(chi2_upper(q, k - p)),
        qm=qm,
        qm_df=qm_df,
        qm_p=qm_p,
        log_likelihood_ml=point.ll_ml + constant,
        log_likelihood_reml=point.ll_reml + constant + p * float(np.log(scale)),
        k=k,
        g=problem.groups.count,
        p=p,
        method=method,
        test=test,
        levels=levels,
        rho=problem.rho,
        level=level,
        iterations=optimum.iterations,
        gain=optimum.gain,
        optima=tuple(float(height + constant + (p * np.log(scale) if problem.reml else 0.0)) for height in optimum.optima),
        data=given,
        groups=problem.groups,
        _problem=problem,
        _scale=scale,
    )


def _degrees(given: Data, grouping: Groups, test: MultilevelTest) -> Array | None:
    """Degrees of freedom of each coefficient."""
    if test == "z":
        return None
    df = np.full(given.p, float(given.k - given.p))
    if test == "t-containment":
        X = given.X[grouping.order]
        constant = (X[grouping.starts][grouping.codes] == X).all(axis=0)
        df[constant] = np.minimum(df[constant], grouping.count - given.p)
    return df


def _standard_errors(optimum: Optimum) -> Array:
    se = np.full(2, np.nan)
    free = np.flatnonzero(np.array(optimum.point.sigma2) > 0)
    if len(free):
        variance = np.diag(np.linalg.pinv(optimum.information[np.ix_(free, free)]))
        se[free] = np.sqrt(np.where(variance > 0, variance, np.nan))
    return se


def _moderators(given: Data, beta: Array, vcov: Array, df: Array | None) -> tuple[float, tuple[float, ...], float]:
    """Wald test of the coefficients beside the intercept."""
    some = slice(1 if given.intercept else 0, None)
    m = float(len(beta[some]))
    if not m:
        return float("nan"), (), float("nan")
    denominator = None if df is None else float(df[some].min())
    statistic, p = all_zero(beta[some], vcov[some, some], denominator)
    return statistic, (m,) if denominator is None else (m, denominator), p
