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

from virker.errors import nearest
from virker.meta import structures
from virker.meta.blocks import Array, Groups, Index, codes, groups
from virker.meta.bounded_newton import Optima, climb
from virker.meta.components import LOG_2PI, Method
from virker.meta.data import Data, data
from virker.meta.errors import InputError, NotConverged
from virker.meta.results import Coefficients, Result, plain, short, table
from virker.meta.structures import Shape, Structure
from virker.meta.tests import chi2_upper, coefficients, f_upper, known_level

MultivariateTest = Literal["z", "t"]
# What a further Newton step may still gain at an accepted optimum, in units of the log-likelihood.
_GAIN = 1e-9


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
    _problem: _Problem = field(repr=False)

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
        if value not in allowed:
            raise InputError(f"No {what} '{value}': {nearest(value, allowed)} Allowed are {', '.join(allowed)}.")
    known_level(level)
    labels, level_of = _levels(outcome, structure)
    sampling, variance = _sampling(V)
    if X is None:
        X = np.eye(len(labels))[level_of]
        names = names or [str(label) for label in labels]
    given = data(y, variance, X, names)
    if level_of.shape != (given.k,):
        raise InputError(f"'outcome' must give one label for each of the {given.k} estimates, it has {len(level_of)}.")
    if given.k <= given.p:
        raise InputError(f"{given.k} estimates and {given.p} coefficients leave nothing to estimate variances from.")
    by = groups(study, given.k)
    _check_blocks(sampling, by)
    s = structures.shape(structure, np.asarray(labels, dtype=np.float64) if structure == "CAR" else np.arange(len(labels), dtype=np.float64))
    if s.correlated:
        _check_pairs(s, by, level_of, labels)
    scale = float(np.sqrt(np.median(given.v)))
    orthonormal, R = np.linalg.qr(given.X)
    problem = _Problem(given.y / scale, orthonormal, s, _parts(sampling / scale**2, by, level_of), method == "reml")
    theta, gain, optima = _optimum(problem)
    return _result(given, problem, theta, gain, optima, R, scale, by, labels, level_of, sampling, method, test, level)


@dataclass(frozen=True, slots=True)
class _Part:
    """Studies with the same number of estimates: rows (m, n), sampling covariance (m, n, n), levels (m, n)."""

    rows: Index
    V: Array
    level: Index


@dataclass(frozen=True, slots=True)
class _Problem:
    y: Array
    X: Array
    shape: Shape
    parts: tuple[_Part, ...]
    reml: bool


@dataclass(frozen=True, slots=True)
class _Reduced:
    """The studies brought down to levels, for B covariance matrices at once: K = Z'M⁻¹Z, S = Z'M⁻¹X, r = Z'M⁻¹(y - Xβ)."""

    K: Array
    S: Array
    r: Array
    beta: Array
    bread: Array
    ll_ml: Array
    ll_reml: Array


def _levels(outcome: ArrayLike, structure: Structure) -> tuple[NDArray[Any], Index]:
    array = np.asarray(outcome)
    if array.ndim != 1:
        raise InputError(f"'outcome' must have one dimension, and has the shape {array.shape}.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise InputError("'outcome' has missing labels.")
    if structure == "CAR" and array.dtype.kind not in "iuf":
        raise InputError("CAR needs times as numbers in 'outcome': the correlation falls with the distance between them.")
    labels, level_of = np.unique(array, return_inverse=True)
    return labels, level_of.reshape(-1).astype(np.intp)


def _sampling(V: ArrayLike) -> tuple[Array, Array]:
    array = np.asarray(V, dtype=np.float64)
    if array.ndim == 1:
        return array, array
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise InputError(f"V must be (k, k), or (k,) variances of independent errors; it has the shape {array.shape}.")
    if not np.isfinite(array).all() or not np.allclose(array, array.T, rtol=1e-8, atol=1e-12 * float(np.abs(array).max(initial=0.0))):
        raise InputError("V must be symmetric, without missing or infinite values.")
    return (array + array.T) / 2, np.diag(array).copy()


def _check_blocks(V: Array, by: Groups) -> None:
    if V.ndim == 2:
        code = codes(by)
        if V.shape[0] != len(code):
            raise InputError(f"V has {V.shape[0]} rows, where {len(code)} are needed.")
        if V[code[:, None] != code[None, :]].any():
            raise InputError("V has covariances between estimates of different studies: give these studies one label.")


def _check_pairs(s: Shape, by: Groups, level_of: Index, labels: NDArray[Any]) -> None:
    """A correlation can be estimated only where a study has both."""
    present = np.zeros((by.count, s.levels))
    present[codes(by), level_of] = 1
    together = present.T @ present
    i, j = np.triu_indices(s.levels, 1)
    seen = together[i, j] > 0
    if s.name == "UN" and not seen.all():
        pairs = ", ".join(f"{labels[a]}/{labels[b]}" for a, b in zip(i[~seen], j[~seen], strict=True))
        raise InputError(f"No study has both outcomes of: {pairs}. Their correlation cannot be estimated: use CS, HCS or DIAG.")
    if not seen.any():
        raise InputError(f"No study has two different outcomes, so {s.name}'s correlation cannot be estimated: use DIAG or ID.")


def _parts(V: Array, by: Groups, level_of: Index) -> tuple[_Part, ...]:
    out = []
    for n in np.unique(by.sizes):
        rows = by.order[by.starts[by.sizes == n][:, None] + np.arange(n)]
        out.append(_Part(rows, blocks_of(V, rows), level_of[rows]))
    return tuple(out)


def blocks_of(V: Array, rows: Index) -> Array:
    """Blocks (m, n, n) of a covariance matrix (k, k), or of variances (k,), for row numbers (m, n)."""
    if V.ndim == 2:
        return np.asarray(V[rows[:, :, None], rows[:, None, :]])
    out = np.zeros((*rows.shape, rows.shape[1]))
    np.einsum("mii->mi", out)[...] = V[rows]
    return out


def _reduce(problem: _Problem, G: Array) -> _Reduced:
    m, (k, p) = problem.shape.levels, problem.X.shape
    pieces = [_reduce_part(problem, part, G, m) for part in problem.parts]
    K, T = (np.concatenate([piece[i] for piece in pieces], axis=1) for i in (0, 1))
    cross, logdet = np.sum([piece[2] for piece in pieces], axis=0), np.sum([piece[3] for piece in pieces], axis=0)
    information = cross[:, :p, :p]
    bread = np.linalg.inv(information)
    beta = (bread @ cross[:, :p, p:])[..., 0]
    r = T[..., p] - (T[..., :p] @ beta[:, None, :, None])[..., 0]
    fit = logdet + cross[:, p, p] - (beta * cross[:, :p, p]).sum(axis=1)
    ll_ml = -0.5 * (k * LOG_2PI + fit)
    ll_reml = -0.5 * ((k - p) * LOG_2PI + fit + np.linalg.slogdet(information)[1])
    return _Reduced(K, T[..., :p], r, beta, bread, ll_ml, ll_reml)


def _reduce_part(problem: _Problem, part: _Part, G: Array, m: int) -> tuple[Array, Array, Array, Array]:
    """K (B, s, m, m), Z'M⁻¹[X y] (B, s, m, p+1), [X y]'M⁻¹[X y] (B, p+1, p+1) and log|M| (B,), of s studies."""
    M = part.V + G[:, part.level[:, :, None], part.level[:, None, :]]
    inverse = np.linalg.inv(M)
    Z = np.eye(m)[part.level]
    W = np.concatenate([problem.X[part.rows], problem.y[part.rows][..., None]], axis=-1)
    MW = inverse @ W
    Zt = np.swapaxes(Z, 1, 2)
    return Zt @ inverse @ Z, Zt @ MW, (np.swapaxes(W, 1, 2) @ MW).sum(axis=1), np.linalg.slogdet(M)[1].sum(axis=1)


def _function(problem: _Problem, theta: Array) -> tuple[Array, Array, Array]:
    """Log-likelihood (B,), slopes (B, q) and second derivatives (B, q, q)."""
    red = _reduce(problem, structures.covariance(problem.shape, theta))
    dG, d2G = structures.derivatives(problem.shape, theta)
    K, S, r, C = red.K, red.S, red.r, red.bread
    kernel = np.einsum("bgi,bgj->bij", r, r) - K.sum(axis=1)
    KG = K[:, :, None] @ dG[:, None]
    traces = np.einsum("bgaij,bgcji->bac", KG, KG, optimize=True)
    v = (dG[:, None] @ r[:, :, None, :, None])[..., 0]
    Sv = np.einsum("bgip,bgai->bap", S, v, optimize=True)
    quadratic = np.einsum("bgai,bgij,bgcj->bac", v, K, v, optimize=True) - Sv @ C @ np.swapaxes(Sv, 1, 2)
    if problem.reml:
        kernel = kernel + (S @ C[:, None] @ np.swapaxes(S, 2, 3)).sum(axis=1)
        GS = dG[:, None] @ S[:, :, None]
        SGS = C[:, None] @ np.einsum("bgip,bgaiq->bapq", S, GS, optimize=True)
        traces = traces - 2 * np.einsum("bgaip,bpq,bgij,bgcjq->bac", GS, C, K, GS, optimize=True) + np.einsum("bapq,bcqp->bac", SGS, SGS)
    value = red.ll_reml if problem.reml else red.ll_ml
    slope = 0.5 * np.einsum("bij,baij->ba", kernel, dG)
    curvature = 0.5 * traces - quadratic + 0.5 * np.einsum("bij,bacij->bac", kernel, d2G)
    return value, slope, (curvature + np.swapaxes(curvature, 1, 2)) / 2


def _optimum(problem: _Problem) -> tuple[Array, float, tuple[float, ...]]:
    s = problem.shape
    residual = problem.y - problem.X @ (problem.X.T @ problem.y)
    unit = float(np.sqrt(max(residual @ residual / max(len(residual) - problem.X.shape[1], 1), 1e-3)))
    centred = _Problem(residual, problem.X, s, problem.parts, problem.reml)
    start = structures.starts(s, unit)
    longest = np.full(start.shape[1], 2.0 * unit)
    if s.correlated and s.name != "UN":
        longest[-1] = 0.4
    found = climb(lambda theta: _function(centred, theta), start, s.lower, s.upper, longest)
    arrived = _arrived(found, s)
    best = int(np.argmax(np.where(np.isfinite(found.value), found.value, -np.inf)))
    highest = int(np.argmax(np.where(arrived, found.value, -np.inf)))
    if not arrived.any() or found.value[best] > found.value[highest] + 1e-6:
        raise NotConverged(
            f"The {s.name} structure did not settle: these data say too little about its correlations. A structure with fewer parameters may do."
        )
    heights: list[float] = []
    for height in sorted(found.value[arrived], reverse=True):
        if not heights or heights[-1] - height > 1e-6:
            heights.append(float(height))
    return found.theta[highest], float(found.gain[highest]), tuple(heights)


def _arrived(found: Optima, s: Shape) -> NDArray[np.bool_]:
    """Which climbs ended at an optimum.

    Beside a variance of zero a correlation means nothing and the likelihood is flat in it: an optimum too. But a standard deviation of zero
    always has no slope, by symmetry; it is an optimum only if the likelihood does not curve upwards from it.
    """
    edge = (np.abs(found.theta) <= 1e-7).any(axis=1)
    ended = found.converged | (edge & (found.gain < _GAIN))
    bound = (found.theta <= s.lower) | (found.theta >= s.upper)
    for b in np.flatnonzero(ended):
        open_ = ~(bound[b] & (np.abs(found.gradient[b]) > 1e-6))
        H = found.hessian[b][np.ix_(open_, open_)]
        if H.size and np.linalg.eigvalsh(H)[-1] > 1e-6 * np.abs(H).max():
            ended[b] = False
    return ended


def _result(
    given: Data,
    problem: _Problem,
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
    red, none = _reduce(problem, G), _reduce(problem, np.zeros_like(G))
    inverse = np.linalg.inv(R)
    beta, vcov = scale * (inverse @ red.beta[0]), scale**2 * (inverse @ red.bread[0] @ inverse.T)
    df = None if test == "z" else float(k - p)
    q = _cochran(problem, none.beta[0])
    some = slice(1 if given.intercept and p > 1 else 0, None)
    qm = float(beta[some] @ np.linalg.solve(vcov[some, some], beta[some]))
    m = len(beta[some])
    moderators: tuple[float, tuple[float, ...], float] = (qm, (float(m),), float(chi2_upper(qm, m)))
    if df is not None:
        moderators = (qm / m, (float(m), df), float(f_upper(qm / m, m, df)))
    if given.intercept and p == 1:
        moderators = (float("nan"), (), float("nan"))
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
        qm=moderators[0],
        qm_df=moderators[1],
        qm_p=moderators[2],
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


def _cochran(problem: _Problem, beta: Array) -> float:
    residual = problem.y - problem.X @ beta
    total = 0.0
    for part in problem.parts:
        e = residual[part.rows][..., None]
        total += float((e * np.linalg.solve(part.V, e)).sum())
    return total


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
