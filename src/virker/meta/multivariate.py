"""Multivariate models: several outcomes or times of one study, with known sampling covariances and a structure for the true effects.

.. math:: y_j = X_j\\beta + Z_ju_j + e_j,\\qquad u_j \\sim N(0, G(\\theta)),\\quad e_j \\sim N(0, V_j)

(van Houwelingen, Arends & Stijnen 2002, doi:10.1002/sim.1040; Jackson, Riley & White 2011, doi:10.1002/sim.4172). Studies are inverted one by one and
brought down to the m levels at once, so one evaluation costs O(k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta import structures
from virker.meta.blocks import Array, Groups, Index, groups
from virker.meta.components import Method
from virker.meta.data import Data, data
from virker.meta.errors import InputError, known_option
from virker.meta.multivariate_input import check_blocks, check_pairs, levels_of, sampling_of
from virker.meta.multivariate_likelihood import Problem, cochran, optimum, parts, reduce
from virker.meta.plain import plain, short, table
from virker.meta.results import Coefficients, Result
from virker.meta.structures import Shape, Structure
from virker.meta.tests import all_zero, chi2_upper, coefficients, known_level

MultivariateTest = Literal["z", "t"]

# A variance below this, in units of the typical sampling variance, is 0: the climb has come to the boundary as near as numbers go.
_NIL = 1e-20


@dataclass(frozen=True, slots=True)
class MultivariateModel(Result):
    """A fitted multivariate model.

    Attributes
    ----------
    coefficients : (p,) each.
    tau2 : (m,) variances of the true effects by level, or (1,) where the structure has one; the unit of y squared.
    rho : correlations: (1,), or for UN (m(m-1)/2,) row by row of the upper triangle; 0 where the structure has none, NaN beside a variance of zero.
    covariance : (m, m) G.
    levels : (m,) labels of the outcomes or times, sorted.
    q, q_df, q_p : Cochran's Q with the sampling covariances alone.
    qm, qm_df, qm_p : Wald test of all coefficients, or of all moderators beside an intercept.
    log_likelihood_ml, log_likelihood_reml : both at the estimates.
    k, g, p : estimates, studies, coefficients.
    gain : what a further Newton step would add to the log-likelihood.
    optima : different local optima found, the highest first.
    """

    coefficients: Coefficients
    tau2: Array
    rho: Array
    covariance: Array
    levels: NDArray[Any]
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
    structure: Structure
    method: Method
    test: MultivariateTest
    level: float
    gain: float
    optima: tuple[float, ...]
    data: Data = field(repr=False)
    groups: Groups = field(repr=False)
    _V: Array = field(repr=False)
    _level_of: Index = field(repr=False)
    _problem: Problem = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The result as lists and numbers, without the data."""
        return dict(plain(self, leave_out=("data", "groups", "_V", "_level_of", "_problem")))

    def __str__(self) -> str:
        rows = [[str(label), *map(short, row)] for label, row in zip(self.levels, self.covariance, strict=True)]
        head = f"Multivariate model, {self.structure}, {self.method.upper()}: k = {self.k} estimates in {self.g} studies"
        return f"{head}\n\n{table(['covariance', *map(str, self.levels)], rows)}\n\nQ({self.q_df}) = {short(self.q)}, p = {self.q_p:.4g}\n\n{self.coefficients}"


def fit_multivariate(
    y: ArrayLike,
    V: ArrayLike,
    study: ArrayLike,
    outcome: ArrayLike,
    X: ArrayLike | None = None,
    *,
    structure: Structure = "UN",
    method: Method = "reml",
    test: MultivariateTest = "z",
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> MultivariateModel:
    """Fit a multivariate model by (restricted) maximum likelihood.

    Parameters
    ----------
    y : (k,) estimates; an outcome that a study does not report is left out.
    V : (k, k) sampling covariance, zero between studies; or (k,) variances of independent errors.
    study : (k,) labels.
    outcome : (k,) which outcome or time; for CAR the time itself, a number.
    X : (k, p) design; one column for each outcome, no intercept, when left out.
    structure : see :mod:`virker.meta.structures`.
    test : ``z``, or ``t`` with k - p degrees of freedom.

    Raises
    ------
    InputError
        Also where no study has two of the outcomes, so that nothing is known of a correlation.
    NotConverged
    """
    for value, allowed, what in (
        (structure, get_args(Structure), "structure"),
        (method, get_args(Method), "method"),
        (test, get_args(MultivariateTest), "test"),
    ):
        known_option(value, allowed, what)
    known_level(level)
    labels, level_of = levels_of(outcome, structure)
    sampling, variance = sampling_of(V)
    if X is None:
        X = np.eye(len(labels))[level_of]
        names = names or [str(label) for label in labels]
    given = data(y, variance, X, names)
    if level_of.shape != (given.k,):
        raise InputError(f"'outcome' must give one label for each of the {given.k} estimates, it has {len(level_of)}.")
    if given.k <= given.p:
        raise InputError(f"{given.k} estimates and {given.p} coefficients leave nothing to estimate variances from.")
    by = groups(study, given.k)
    check_blocks(sampling, by)
    s = structures.shape(structure, np.asarray(labels, dtype=np.float64) if structure == "CAR" else np.arange(len(labels), dtype=np.float64))
    if s.correlated:
        check_pairs(s, by, level_of, labels)
    scale = float(np.sqrt(np.median(given.v)))
    orthonormal, R = np.linalg.qr(given.X)
    problem = Problem(given.y / scale, orthonormal, s, parts(sampling / scale**2, by, level_of), method == "reml")
    theta, gain, optima = optimum(problem)
    return _result(given, problem, theta, gain, optima, R, scale, by, labels, level_of, sampling, method, test, level)


def _result(
    given: Data,
    problem: Problem,
    theta: Array,
    gain: float,
    optima: tuple[float, ...],
    R: Array,
    scale: float,
    by: Groups,
    labels: NDArray[Any],
    level_of: Index,
    sampling: Array,
    method: Method,
    test: MultivariateTest,
    level: float,
) -> MultivariateModel:
    s, k, p = problem.shape, given.k, given.p
    G = structures.covariance(s, theta[None])
    varies = np.diag(G[0]) >= _NIL  # the factor of UN comes near the boundary, and not quite to it
    G = G * np.outer(varies, varies)
    red, none = reduce(problem, G), reduce(problem, np.zeros_like(G))
    inverse = np.linalg.inv(R)
    beta, vcov = scale * (inverse @ red.beta[0]), scale**2 * (inverse @ red.bread[0] @ inverse.T)
    df = None if test == "z" else float(k - p)
    q = cochran(problem, none.beta[0])
    some = slice(1 if given.intercept else 0, None)
    m = float(len(beta[some]))
    qm, qm_p = all_zero(beta[some], vcov[some, some], df)
    qm_df = () if not m else (m,) if df is None else (m, df)
    constant = float(np.log(scale))
    tau2, rho = _by_name(s, G[0])
    return MultivariateModel(
        coefficients=coefficients(beta, vcov, df=df, level=level, names=given.names),
        tau2=scale**2 * tau2,
        rho=rho,
        covariance=scale**2 * G[0],
        levels=labels,
        q=q,
        q_df=k - p,
        q_p=float(chi2_upper(q, k - p)),
        qm=qm,
        qm_df=qm_df,
        qm_p=qm_p,
        log_likelihood_ml=float(red.ll_ml[0]) - k * constant,
        log_likelihood_reml=float(red.ll_reml[0]) - (k - p) * constant,
        k=k,
        g=by.count,
        p=p,
        structure=s.name,
        method=method,
        test=test,
        level=level,
        gain=gain,
        optima=tuple(height - (k - (p if problem.reml else 0)) * constant for height in optima),
        data=given,
        groups=by,
        _V=sampling,
        _level_of=level_of,
        _problem=problem,
    )


def _by_name(s: Shape, G: Array) -> tuple[Array, Array]:
    """Variances and correlations as the structure names them."""
    variance = np.diag(G).copy()
    sd = np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        R = G / np.outer(sd, sd)
    pairs = R[np.triu_indices(s.levels, 1)]
    tau2 = variance if s.name in ("DIAG", "HCS", "HAR", "UN") else variance[:1]
    if s.name == "UN":
        return tau2, pairs
    if not s.correlated or not len(pairs):
        return tau2, np.zeros(1)
    if s.name == "CAR":
        # ρ itself is the correlation at distance one.
        i, j = np.triu_indices(s.levels, 1)
        nearest_pair = int(np.argmin(s.distance[i, j]))
        return tau2, np.array([pairs[nearest_pair] ** (1 / s.distance[i, j][nearest_pair])])
    return tau2, pairs[np.argmin(s.distance[np.triu_indices(s.levels, 1)])][None]
