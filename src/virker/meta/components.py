"""The likelihood of the two variance components of a multilevel model, and its derivatives.

With :math:`P = M^{-1} - M^{-1}X(X'M^{-1}X)^{-1}X'M^{-1}` and :math:`A_1 = 11'` within studies, :math:`A_2 = I`, the restricted likelihood has

.. math:: \\partial \\ell/\\partial\\sigma^2_i = \\tfrac12(y'PA_iPy - tr(PA_i)),\\qquad
          -\\partial^2 \\ell/\\partial\\sigma^2_i\\partial\\sigma^2_j = y'PA_iPA_jPy - \\tfrac12 tr(PA_iPA_j)

(Harville 1977, doi:10.1080/01621459.1977.10480998). One evaluation costs O(k p). The optimum is found in ``components_optimum.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from virker.meta import kernels
from virker.meta.blocks import Array, Factor, Groups, factor

Method = Literal["reml", "ml"]
LOG_2PI = float(np.log(2 * np.pi))

# At most so many numbers in one temporary array of the first look.
_CHUNK = 400_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Standardised data of a multilevel model, rows sorted by study.

    Attributes
    ----------
    y, v : (k,) estimates and variances in units of the typical standard error.
    X : (p, k) orthonormal rows spanning the design.
    groups : the studies.
    rho : correlation of sampling errors within a study, 0 <= rho < 1.
    reml : restricted likelihood, or the plain one.
    free : may the study and the estimate component differ from zero?
    """

    y: Array
    v: Array
    X: Array
    groups: Groups
    rho: float
    reml: bool
    free: tuple[bool, bool] = (True, True)


@dataclass(frozen=True, slots=True)
class Point:
    """The likelihood at one pair of variance components, in standardised units.

    Attributes
    ----------
    factor : how to multiply by the inverse of M there.
    ll_ml, ll_reml : both log-likelihoods, whichever is climbed.
    beta, bread : (p,) and (p, p) coefficients of the orthonormal design and their covariance.
    MX : (p, k) :math:`M^{-1}X`.
    u : (k,) :math:`M^{-1}(y - X\\beta)`.
    MXs, us : their sums by study.
    """

    sigma2: tuple[float, float]
    factor: Factor
    ll_ml: float
    ll_reml: float
    beta: Array
    bread: Array
    MX: Array
    u: Array
    MXs: Array
    us: Array


def at(problem: Problem, sigma2_study: float, sigma2_estimate: float) -> Point:
    """The likelihood, its coefficients and residuals at one pair of components."""
    f = factor(problem.v, problem.groups, sigma2_study, sigma2_estimate, problem.rho)
    p, k = problem.X.shape
    rows, sums = f.solve(np.vstack([problem.X, problem.y]))
    MX, MXs = rows[:p], sums[:p]
    information = MX @ problem.X.T
    information = (information + information.T) / 2
    bread = np.asarray(np.linalg.inv(information), dtype=np.float64)
    beta = bread @ (MX @ problem.y)
    residual = problem.y - beta @ problem.X
    step = bread @ (MX @ residual)  # refinement: y far from zero costs no digits
    beta = beta + step
    residual -= step @ problem.X
    u = rows[p] - beta @ MX
    us = sums[p] - beta @ MXs
    fit = f.logdet + float(u @ residual)
    ll_ml = -0.5 * (k * LOG_2PI + fit)
    ll_reml = -0.5 * ((k - p) * LOG_2PI + fit + float(np.linalg.slogdet(information)[1]))
    return Point((sigma2_study, sigma2_estimate), f, ll_ml, ll_reml, beta, bread, MX, u, MXs, us)


def derivatives(problem: Problem, point: Point) -> tuple[Array, Array, Array]:
    """Score (2,), observed information (2, 2) and expected information (2, 2)."""
    f, MX, MXs, u, us, bread = point.factor, point.MX, point.MXs, point.u, point.us, point.bread
    p = len(MX)
    tr1, tr2, tr11, tr12, tr22 = f.traces()
    again, sums = f.solve(np.vstack([MX, u]) if problem.reml else np.vstack([MX, u])[p:])
    Mu, Mus = again[-1], sums[-1]
    ones = f.c * f.tau
    # y'PA_iPA_jPy, from f_i = A_iPy
    a1, a2 = MXs @ us, MX @ u
    b1, b2 = bread @ a1, bread @ a2
    q11 = float((us * ones) @ us) - float(a1 @ b1)
    q12 = float(us @ Mus) - float(a1 @ b2)
    q22 = float(u @ Mu) - float(a2 @ b2)
    if problem.reml:
        S1, S2 = MXs @ MXs.T, MX @ MX.T
        G1, G2 = bread @ S1, bread @ S2
        tr1 -= float(np.trace(G1))
        tr2 -= float(np.trace(G2))
        T11 = (MXs * ones) @ MXs.T
        T12 = MXs @ sums[:p].T
        T22 = MX @ again[:p].T
        tr11 += float((G1 * G1.T).sum()) - 2 * float((bread * T11).sum())
        tr12 += float((G1 * G2.T).sum()) - 2 * float((bread * T12).sum())
        tr22 += float((G2 * G2.T).sum()) - 2 * float((bread * T22).sum())
    score = 0.5 * np.array([float(us @ us) - tr1, float(u @ u) - tr2])
    expected = 0.5 * np.array([[tr11, tr12], [tr12, tr22]])
    return score, np.array([[q11, q12], [q12, q22]]) - expected, expected


def for_kernels(problem: Problem) -> tuple[Any, ...]:
    """What the compiled kernels are called with: one data set, its y near zero, each study counted once."""
    own, grouping = kernels.own, problem.groups
    residual = problem.y - (problem.X @ problem.y) @ problem.X
    return residual[None], own(problem.v), own(problem.X), grouping.starts, grouping.sizes, np.ones((1, grouping.count)), problem.rho, problem.reml


def log_likelihoods(problem: Problem, study: Array, estimate: Array) -> Array:
    """The log-likelihood over a grid: ``study`` (m, n) or (m, 1) beside ``estimate`` (n,) → (m, n). Costs O(n k + m n g)."""
    compiled = kernels.kernel("multilevel", load=False)
    if compiled is not None:
        return np.asarray(compiled.heights(*for_kernels(problem), 1, kernels.own(study), kernels.own(estimate))[0])
    sums, (p, k) = problem.groups.sums, problem.X.shape
    Z = np.vstack([problem.X, problem.y - (problem.X @ problem.y) @ problem.X, np.ones(k)])
    out = np.empty((len(study), len(estimate)))
    width = max(1, _CHUNK // (k * (p + 2)))
    for first in range(0, len(estimate), width):
        some = slice(first, first + width)
        d = (1 - problem.rho) * problem.v + estimate[some, None]
        w = 1 / d
        logdet = np.log(d).sum(axis=1)
        TZ = Z * w[:, None, :]
        if problem.rho:
            root = np.sqrt(problem.v)
            h = problem.rho * sums(w * root * root)
            Zs = sums(TZ * root)
            logdet += np.log1p(h).sum(axis=1)
            TZ -= (w * root)[:, None, :] * (Zs * (problem.rho / (1 + h))[:, None, :])[..., problem.groups.codes]
        gram = TZ[:, :-1] @ Z[:-1].T
        S = sums(TZ)
        component = study[:, some, None] if study.shape[1] > 1 else study[:, :, None]
        scaled = S[:, -1] * component  # (m, n, g)
        a = component / (1 + scaled)
        logdet_all = logdet + np.log1p(scaled).sum(axis=-1)
        gram_all = gram - np.einsum("mng,nig,njg->mnij", a, S[:, :-1], S[:, :-1], optimize=p > 1)
        out[:, some] = _profile(gram_all, logdet_all, k, p, problem.reml)
    return out


def _profile(gram: Array, logdet: Array, k: int, p: int, reml: bool) -> Array:
    information, cross = gram[..., :p, :p], gram[..., :p, p]
    beta = np.linalg.solve(information, cross[..., None])[..., 0]
    fit = logdet + gram[..., p, p] - (beta * cross).sum(axis=-1)
    if not reml:
        return np.asarray(-0.5 * (k * LOG_2PI + fit))
    return np.asarray(-0.5 * ((k - p) * LOG_2PI + fit + np.linalg.slogdet(information)[1]))


def spread(problem: Problem) -> float:
    """The variance of the estimates around an unweighted regression, but never less than a thousandth of the typical sampling variance."""
    residual = problem.y - (problem.X @ problem.y) @ problem.X
    free = max(len(problem.y) - len(problem.X), 1)
    return max(float(residual @ residual) / free, 1e-3 * float(np.median(problem.v)))
