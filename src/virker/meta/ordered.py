"""Ordered probit of "significantly negative, not significant, significantly positive" on moderators.

Card, Kluve & Weber (2018, doi:10.1093/jeea/jvx028) for programme evaluations that print no comparable effect. The log-likelihood is concave (Pratt
1981, doi:10.1080/01621459.1981.10477613), so what Newton finds is the maximum, unless an outcome is separated, which is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta import special
from virker.meta.blocks import Groups, groups
from virker.meta.bounded_newton import climb
from virker.meta.data import Array, data, vector
from virker.meta.errors import CollinearError, InputError, NotConverged
from virker.meta.plain import p_value
from virker.meta.results import Coefficients, Result
from virker.meta.tests import chi2_upper, coefficients, known_level

#: A standard error above this, of a standardised moderator and in standard deviations of the latent error, says that its coefficient is infinite.
SEPARATED = 1e3


@dataclass(frozen=True, slots=True)
class OrderedProbit(Result):
    """The model.

    Attributes
    ----------
    coefficients : (p,) effects on the latent index, in standard deviations of its error; no intercept. Empty without moderators.
    cuts : (J - 1,) thresholds between the J outcomes.
    cuts_se : (J - 1,) their standard errors.
    outcomes : (J,) values of the outcomes, ascending.
    counts : (J,) findings with each.
    marginal, marginal_se : (p, J) mean change of the probability of each outcome per unit of the moderator (for a column of 0 and 1: from 0 to 1),
        and its standard error by the delta method.
    ll, ll_null, pseudo_r2 : log-likelihood, that of the shares alone, and McFadden's 1 - ll/ll_null.
    wald, wald_df, wald_p : test that all coefficients are zero; NaN without moderators.
    k, g : findings and clusters (0 without).
    gain : what another Newton step would gain: the certificate.
    """

    coefficients: Coefficients
    cuts: Array
    cuts_se: Array
    outcomes: Array
    counts: NDArray[np.intp]
    marginal: Array
    marginal_se: Array
    ll: float
    ll_null: float
    pseudo_r2: float
    wald: float
    wald_df: int
    wald_p: float
    k: int
    g: int
    gain: float

    def probabilities(self, X: ArrayLike) -> Array:
        """(n, J) probability of each outcome for the rows of ``X`` (n, p)."""
        index = np.asarray(X, dtype=float).reshape(-1, len(self.coefficients.beta)) @ self.coefficients.beta
        below = special.ndtr(self.cuts - index[:, None])
        return np.diff(np.column_stack([np.zeros(len(index)), below, np.ones(len(index))]), axis=1)

    def __str__(self) -> str:
        clusters = f", {self.g} clusters" if self.g else ""
        return f"Ordered probit, k = {self.k}{clusters}, pseudo R2 = {self.pseudo_r2:.3f}, Wald p {p_value(self.wald_p)}\n{self.coefficients}"


def ordered_probit(
    outcome: ArrayLike,
    X: ArrayLike | None = None,
    *,
    cluster: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    level: float = 0.95,
) -> OrderedProbit:
    """Ordered probit by maximum likelihood.

    Parameters
    ----------
    outcome : (k,) ordered values: -1, 0, 1 for sign and significance; any other ordered scale of at least two values.
    X : (k, p) moderators **without** an intercept, which the cuts hold.
    cluster : (k,) study of each finding: the sandwich of summed scores, with g / (g - 1).
    weights : (k,) above 0, such as one over the number of findings of the study; standard errors are then the sandwich's also without clusters.
    names : p names of the columns.
    level : confidence level.

    Raises
    ------
    InputError
        Only one outcome occurs; shapes do not fit; one cluster.
    CollinearError
        Columns depend on each other or on the intercept.
    NotConverged
        A moderator (or a combination) tells an outcome without error, so its coefficient is infinite; the message names it.

    Notes
    -----
    **When it misleads.** Significance is effect *and* sample size: a moderator that goes with larger studies looks as if it helped. Put the log of
    the sample size (or of the standard error) among the moderators, as a check. "Not significant" is not "no effect". With fewer than about twenty
    clusters the sandwich is too small.
    """
    known_level(level)
    y = vector(outcome, "outcome")
    values, category, counts = np.unique(y, return_inverse=True, return_counts=True)
    if len(values) < 2:
        raise InputError("Only one outcome occurs, so there is nothing to tell apart.")
    design, labels = _design(X, len(y), names)
    w = np.ones(len(y)) if weights is None else vector(weights, "weights", len(y))
    if w.min() <= 0.0:
        raise InputError("weights must be above zero.")
    code = None if cluster is None else groups(cluster, len(y), what="cluster")
    if code is not None and code.count < 2:
        raise InputError("Cluster-robust inference needs at least two clusters, and all findings are in one.")
    centre, scale = design.mean(axis=0), design.std(axis=0)
    Z = (design - centre) / scale
    p, j = Z.shape[1], len(values)
    share = np.cumsum(np.bincount(category, weights=w, minlength=j))[:-1] / w.sum()
    start = np.concatenate([np.zeros(p), special.ndtri(share)])[None]
    bound = np.full(p + j - 1, np.inf)
    found = climb(partial(_likelihood, Z, category, w, j), start, -bound, bound, np.full(p + j - 1, 2.0))
    theta = found.theta[0]
    worst = _separated(found.hessian[0], p)
    if worst is not None:
        raise NotConverged(f"An outcome is told without error, mostly by '{labels[worst]}': its coefficient is infinite. Leave it out or merge outcomes.")
    if not found.converged[0]:
        raise NotConverged(f"The ordered probit reached no certified maximum in {found.iterations} iterations.")
    vcov = _covariance(found.hessian[0], _scores(Z, category, w, j, found.theta)[0], code, weights is not None)
    back = np.eye(p + j - 1)
    back[:p, :p] = np.diag(1.0 / scale)
    back[p:, :p] = centre / scale  # cut in the unit of X = cut + centre' beta
    theta, vcov = back @ theta, back @ vcov @ back.T
    table = coefficients(theta[:p], vcov[:p, :p], level=level, names=labels)
    marginal, marginal_se = _marginal(design, theta, vcov, j, w)
    ll, null = float(found.value[0]), float((np.bincount(category, weights=w) * np.log(np.bincount(category, weights=w) / w.sum())).sum())
    wald = float(theta[:p] @ np.linalg.solve(vcov[:p, :p], theta[:p])) if p else float("nan")
    return OrderedProbit(
        coefficients=table,
        cuts=theta[p:],
        cuts_se=np.sqrt(np.diag(vcov)[p:]),
        outcomes=values,
        counts=counts,
        marginal=marginal,
        marginal_se=marginal_se,
        ll=ll,
        ll_null=null,
        pseudo_r2=1.0 - ll / null,
        wald=wald,
        wald_df=p,
        wald_p=float(chi2_upper(wald, p)) if p else float("nan"),
        k=len(y),
        g=0 if code is None else code.count,
        gain=float(found.gain[0]),
    )


def _separated(hessian: Array, p: int) -> int | None:
    """The moderator whose likelihood is flat out to infinity, if any."""
    if p == 0:
        return None
    size = np.sqrt(np.maximum(-np.diag(hessian), 1e-30))
    value, vector_ = np.linalg.eigh(-hessian / np.outer(size, size))
    variance = (vector_**2 / np.maximum(value, 1e-30)).sum(axis=1) / size**2
    worst = int(np.argmax(variance[:p]))
    return worst if variance[worst] > SEPARATED**2 else None


def _design(X: ArrayLike | None, k: int, names: Sequence[str] | None) -> tuple[Array, tuple[str, ...]]:
    if X is None:
        return np.zeros((k, 0)), ()
    columns = np.asarray(X, dtype=float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != k:
        raise InputError(f"X must have a row for each of the {k} findings; its shape is {columns.shape}.")
    labels = tuple(names) if names is not None else tuple(f"x{j + 1}" for j in range(columns.shape[1]))
    constant = np.flatnonzero(np.ptp(columns, axis=0) == 0.0) if np.isfinite(columns).all() else np.zeros(0, dtype=int)
    if len(constant):
        raise CollinearError(f"'{labels[int(constant[0])]}' does not vary; the cuts hold the intercept, so leave it out of X.")
    checked = data(np.zeros(k), np.ones(k), np.column_stack([np.ones(k), columns]), ["intercept", *labels])
    return checked.X[:, 1:], labels


def _edges(Z: Array, category: NDArray[np.intp], theta: Array) -> tuple[Array, Array]:
    """Upper and lower limit (B, k) of the latent error of each finding."""
    p = Z.shape[1]
    index = theta[:, :p] @ Z.T
    wall = np.full((len(theta), 1), np.inf)
    cuts = np.concatenate([-wall, theta[:, p:], wall], axis=1)
    return cuts[:, category + 1] - index, cuts[:, category] - index


def _log_between(upper: Array, lower: Array) -> Array:
    """log(Phi(upper) - Phi(lower)) without loss in the tails; -inf where upper <= lower."""
    flip = lower > 0.0
    a, b = np.where(flip, -lower, upper), np.where(flip, -upper, lower)
    large, small = special.log_ndtr(a), special.log_ndtr(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        out = large + np.log1p(-np.exp(np.minimum(small - large, 0.0)))
    return np.where(a > b, out, -np.inf)


def _pieces(Z: Array, category: NDArray[np.intp], theta: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Log probability, and the ratios density / probability at both limits with their slopes."""
    upper, lower = _edges(Z, category, theta)
    log_p = _log_between(upper, lower)
    with np.errstate(invalid="ignore", over="ignore"):
        at_upper = np.exp(-0.5 * upper * upper - log_p) / np.sqrt(2.0 * np.pi)
        at_lower = np.exp(-0.5 * lower * lower - log_p) / np.sqrt(2.0 * np.pi)
        slope_upper = -np.where(np.isfinite(upper), upper, 0.0) * at_upper
        slope_lower = -np.where(np.isfinite(lower), lower, 0.0) * at_lower
    return log_p, at_upper, at_lower, slope_upper, slope_lower


def _scores(Z: Array, category: NDArray[np.intp], w: Array, j: int, theta: Array) -> Array:
    """(B, k, p + J - 1) weighted scores."""
    _, up, low, _, _ = _pieces(Z, category, theta)
    above = (category[:, None] == np.arange(j - 1)).astype(float)
    below = (category[:, None] == np.arange(1, j)).astype(float)
    return np.concatenate([-(up - low)[..., None] * Z, up[..., None] * above - low[..., None] * below], axis=-1) * w[:, None]


def _likelihood(Z: Array, category: NDArray[np.intp], w: Array, j: int, theta: Array) -> tuple[Array, Array, Array]:
    log_p, up, low, slope_up, slope_low = _pieces(Z, category, theta)
    k = len(category)
    d_up = np.concatenate([-Z, (category[:, None] == np.arange(j - 1)).astype(float)], axis=1)
    d_low = np.concatenate([-Z, (category[:, None] == np.arange(1, j)).astype(float)], axis=1)
    score = up[..., None] * d_up - low[..., None] * d_low

    def outer(weight: Array, a: Array) -> Array:
        return np.asarray((a.T * weight[:, None, :]) @ a)

    hessian = outer(w * slope_up, d_up) - outer(w * slope_low, d_low) - np.einsum("bkp,k,bkq->bpq", score, w, score, optimize=True)
    assert score.shape[1] == k
    return log_p @ w, np.einsum("bkp,k->bp", score, w), hessian


def _covariance(hessian: Array, score: Array, code: Groups | None, robust: bool) -> Array:
    bread = np.asarray(np.linalg.inv(-hessian), dtype=np.float64)
    if code is None and not robust:
        return bread
    rows = score.T if code is None else code.sums(score[code.order].T)
    g = rows.shape[1]
    return np.asarray(bread @ (rows @ rows.T) @ bread * (g / (g - 1.0)))


def _marginal(X: Array, theta: Array, vcov: Array, j: int, w: Array) -> tuple[Array, Array]:
    """Mean marginal effects (p, J) and their standard errors."""
    p = X.shape[1]
    weight = w / w.sum()
    effect, se = np.zeros((p, j)), np.zeros((p, j))
    for c in range(p):
        binary = bool(np.isin(X[:, c], (0.0, 1.0)).all())
        if binary:
            one, zero = X.copy(), X.copy()
            one[:, c], zero[:, c] = 1.0, 0.0
            value, slope = (a - b for a, b in zip(_mean_probability(one, theta, j, weight), _mean_probability(zero, theta, j, weight), strict=True))
        else:
            value, slope = _mean_slope(X, theta, j, weight, c)
        effect[c] = value
        se[c] = np.sqrt(np.maximum(np.einsum("jq,qr,jr->j", slope, vcov, slope), 0.0))
    return effect, se


def _mean_probability(X: Array, theta: Array, j: int, weight: Array) -> tuple[Array, Array]:
    """Mean probability (J,) and its derivatives (J, p + J - 1)."""
    p = X.shape[1]
    t = theta[p:] - (X @ theta[:p])[:, None]
    density = np.exp(-0.5 * t * t) / np.sqrt(2.0 * np.pi)
    below = np.concatenate([[0.0], weight @ special.ndtr(t), [1.0]])
    slope = np.zeros((j + 1, p + j - 1))
    slope[1:j, :p] = -(density * weight[:, None]).T @ X
    slope[1:j, p:] = np.diag(weight @ density)
    return np.diff(below), np.diff(slope, axis=0)


def _mean_slope(X: Array, theta: Array, j: int, weight: Array, c: int) -> tuple[Array, Array]:
    """Mean derivative of the probabilities in column c (J,) and its derivatives (J, p + J - 1)."""
    p = X.shape[1]
    t = theta[p:] - (X @ theta[:p])[:, None]
    density = np.exp(-0.5 * t * t) / np.sqrt(2.0 * np.pi) * weight[:, None]
    beta = theta[c]
    value, slope = np.zeros(j + 1), np.zeros((j + 1, p + j - 1))
    value[1:j] = -beta * density.sum(axis=0)
    slope[1:j, :p] = -beta * (t * density).T @ X
    slope[1:j, p:] = np.diag(beta * (t * density).sum(axis=0))
    slope[1:j, c] -= density.sum(axis=0)
    return np.diff(value), np.diff(slope, axis=0)
