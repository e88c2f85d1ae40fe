"""Selection models: what would have been found if every result had been seen?

The chance that an estimate is seen is a function of its p value; what is seen then has the density

    w(p_i) N(y_i; x_i b, v_i + tau2) / A_i,   A_i = E[w(p(Y_i))],

and b, tau2 and the parameters of w are found together by maximum likelihood (Hedges 1992, doi:10.1214/ss/1177011364; Vevea & Hedges 1995,
doi:10.1007/BF02294384; Citkowicz & Vevea 2017, doi:10.1037/met0000119; Preston, Ashby & Smyth 2004, doi:10.1111/j.1365-2753.2003.00457.x).
All derivatives are exact; the climb starts from several points, and what is returned has been checked to be a maximum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.blocks import Groups, groups
from virker.meta.bounded_newton import Optima, climb
from virker.meta.data import Array, Data, data
from virker.meta.errors import NotConverged, TooFew
from virker.meta.plain import p_value, short
from virker.meta.results import Coefficients, Result
from virker.meta.selection_likelihood import Alternative, Problem, Weight, likelihood, problem_of, quick_value, scores
from virker.meta.tests import chi2_upper, coefficients, known_level, two_sided
from virker.meta.univariate import fit_data

#: Below this, a weight is taken as nil: its standard error says nothing, and it is held fixed for those of the others.
NIL = 1e-4
#: Starts times estimates: small sets have more local optima, and cost less.
FEW = 250


@dataclass(frozen=True, slots=True)
class SelectionModel(Result):
    """A random-effects model that allows for results being seen by their p values.

    Attributes
    ----------
    coefficients : Coefficients
        As if everything had been seen, with z tests. Unit of y.
    tau2, tau2_se : float
        Variance between studies and its standard error, the unit of y squared; at 0 the standard error is NaN.
    delta, delta_se : ndarray (J,)
        Parameters of the weight function. For steps: the weight of each interval of p, the first being 1 by definition. The standard error is nan
        where a weight is fixed or nil.
    delta_p : ndarray (J,)
        Wald p of "no selection" for each parameter.
    ll, ll_unselected : float
        Log-likelihood with and without the weight function.
    lrt, lrt_df, lrt_p : float, int, float
        Likelihood ratio test of no selection. ``lrt_p`` is nan with clusters: the likelihood is then a composite one and the test is not valid.
    counts : ndarray (J,) of int
        Estimates in each interval of p (steps), else empty. An interval without estimates carries no information but its absence.
    at_bound : bool
        A weight stands at 0 or at ``max_weight``: the data do not hold it, and the other numbers lean on the bound.
    optima : ndarray
        Log-likelihoods of all different maxima that the starts led to, best first. More than one is a warning.
    gain : float
        What another Newton step would gain in log-likelihood: the certificate of the maximum.
    k : int
        Estimates.
    g : int
        Clusters, 0 without.
    weight, steps, alternative
        The weight function as asked for; ``steps`` (J - 1,) are the cuts of a step function, ascending, else empty.
    """

    coefficients: Coefficients
    tau2: float
    tau2_se: float
    delta: Array
    delta_se: Array
    delta_p: Array
    ll: float
    ll_unselected: float
    lrt: float
    lrt_df: int
    lrt_p: float
    counts: NDArray[np.intp]
    at_bound: bool
    optima: Array
    gain: float
    k: int
    g: int
    weight: Weight
    steps: Array
    alternative: Alternative

    @property
    def beta(self) -> Array:
        """(p,) coefficients."""
        return self.coefficients.beta

    @property
    def se(self) -> Array:
        """(p,) standard errors."""
        return self.coefficients.se

    def __str__(self) -> str:
        lines = [f"Selection model, k = {self.k}" + (f", {self.g} clusters" if self.g else ""), str(self.coefficients)]
        lines.append(f"tau2 = {short(self.tau2)}; weights " + ", ".join(f"{short(d)} (se {short(s)})" for d, s in zip(self.delta, self.delta_se, strict=True)))
        if not self.g:
            lines.append(f"No selection: LRT({self.lrt_df}) = {self.lrt:.4f}, p {p_value(self.lrt_p)}")
        if self.at_bound:
            lines.append("A weight stands at its bound: the data do not hold it.")
        if len(self.optima) > 1:
            lines.append(f"The likelihood has {len(self.optima)} local optima; the highest was taken.")
        return "\n".join(lines)


def selection_model(
    y: ArrayLike,
    v: ArrayLike,
    X: ArrayLike | None = None,
    *,
    weight: Weight = "step",
    steps: Sequence[float] = (0.025,),
    alternative: Alternative = "greater",
    cluster: ArrayLike | None = None,
    max_weight: float = 100.0,
    level: float = 0.95,
) -> SelectionModel:
    """Fit a selection model by maximum likelihood.

    Parameters
    ----------
    y, v : array (k,)
        Estimates and their sampling variances.
    X : array (k, p), optional
        Design matrix, the intercept first; an intercept alone if absent.
    weight : str
        "step": piecewise constant in p with cuts at ``steps``; ``steps=(0.025,)`` is the three-parameter model (mean, tau2, one weight).
        "beta": p^(a-1) (1-p)^(b-1). "half-normal": exp(-d p^2). "negative-exponential": exp(-d p). "logistic": 2 exp(-d p) / (1 + exp(-d p)).
        "power": (1-p)^d.
    steps : sequence of float
        Cuts in the one-sided p value (two-sided for "two-sided"), ascending; a last 1 may be left out.
    alternative : str
        The direction in which results are wanted: "greater" if large y are, "less" if small y are.
    cluster : array (k,), optional
        Which study an estimate is from. Standard errors are then of the cluster sandwich around the composite likelihood (Pustejovsky, Citkowicz
        & Joshi 2025), with the factor g / (g - 1); the estimates are the same.
    max_weight : float
        Upper bound of the weights. A likelihood that still rises there says that the data do not hold the weight.
    level : float
        Confidence level of the intervals.

    Raises
    ------
    InputError
        Fewer estimates than parameters, steps outside (0, 1), something not finite.
    NotConverged
        No start reached a certified maximum.

    Notes
    -----
    **When it misleads.** The model believes that the normal distribution of true effects is right and reads every gap in it as suppression: a skewed
    or two-peaked distribution of effects looks the same. With fewer than about twenty estimates, or an interval of p with fewer than four, the
    weights are nearly free and the standard errors too small (no interval of guaranteed finite length covers as it says: Moss 2019, arXiv:1912.09180). The steps have to be chosen before the data are seen. A mean that does not move is no
    proof of absent bias; use it as one sensitivity analysis among several, and look at ``counts``, ``at_bound`` and ``optima`` first.
    """
    known_level(level)
    given = data(y, v, X)
    clusters = None if cluster is None else groups(cluster, given.k, what="cluster")
    if clusters is not None and clusters.count < 2:
        raise TooFew("Cluster-robust inference needs at least two clusters, and all estimates are in one.", have=clusters.count, least=2, of="clusters")
    problem = problem_of(given, weight, steps, alternative, max_weight)
    if given.k <= problem.p:
        raise TooFew(f"A selection model needs more estimates than coefficients; there are {given.k} and {problem.p}.", have=given.k, least=problem.p + 1)
    plain_theta, ll_plain = _unselected(problem, given)
    best, optima = _best(problem, plain_theta)
    cuts = np.asarray([s for s in steps if s != 1.0] if weight == "step" else [], dtype=float)
    return replace(_result(given, problem, best, optima, ll_plain, clusters, level), weight=weight, steps=cuts, alternative=alternative)


def _spread(problem: Problem) -> float:
    """The variance of y about the ordinary least-squares line: the scale of the starts for tau2."""
    fitted = problem.X @ np.linalg.lstsq(problem.X, problem.y, rcond=None)[0]
    return float(((problem.y - fitted) ** 2).sum() / max(len(problem.y) - problem.p, 1))


def _at(problem: Problem, tau2: Array) -> Array:
    """Weighted least-squares coefficients (B, p) at each tau2."""
    w = 1.0 / (problem.v + tau2[:, None])
    basis, r = np.linalg.qr(problem.X)
    bread = (basis.T * w[:, None, :]) @ basis
    return np.asarray(np.linalg.solve(r, np.linalg.solve(bread, ((w * problem.y) @ basis)[..., None])[..., 0].T).T, dtype=np.float64)


def _unselected(problem: Problem, given: Data) -> tuple[Array, float]:
    """Coefficients and tau2 (p + 1,) by maximum likelihood without selection, and the log-likelihood, in standard units."""
    model = fit_data(Data(problem.y, problem.v, problem.X, given.names, given.intercept), "ml")
    return np.append(model.beta, model.tau2), model.likelihood.log_likelihood


def _row(found: Optima, i: int) -> Optima:
    one = slice(i, i + 1)
    return Optima(found.theta[one], found.value[one], found.gradient[one], found.hessian[one], found.gain[one], found.converged[one], found.iterations)


def _starts(problem: Problem, unselected: Array) -> Array:
    """The unselected fit, and good points of a grid over tau2, the mean and the strength of selection; the more the fewer estimates there are."""
    base, spread = float(unselected[-1]), _spread(problem)
    tau2 = np.array([0.0, 0.3 * base, base, base + 0.3 * spread, base + 1.5 * spread])
    strength = _strengths(problem)
    shift = np.sqrt(spread + np.median(problem.v)) * np.array([0.0, -0.6, 0.4, -1.5])
    t, d, m = (a.ravel() for a in np.meshgrid(np.arange(len(tau2)), np.arange(len(strength)), np.arange(len(shift)), indexing="ij"))
    beta = _at(problem, tau2)[t]
    beta[:, 0] += shift[m] / problem.X[0, 0] if problem.X[0, 0] else 0.0
    grid = np.column_stack([beta, tau2[t], strength[d]])
    with np.errstate(all="ignore"):
        value = quick_value(problem, grid).reshape(len(tau2), len(strength), len(shift))
    value = np.where(np.isfinite(value), value, -np.inf)
    # The best mean for each tau2 and strength; of these the best of each strength first, so that one basin does not crowd out the others.
    top, where = value.max(axis=2), value.argmax(axis=2)
    lead = np.zeros(top.shape, dtype=bool)
    lead[top.argmax(axis=0), np.arange(len(strength))] = True
    order = np.lexsort((-top.ravel(), ~lead.ravel()))
    best = order * len(shift) + where.ravel()[order]
    keep = int(np.clip(FEW // len(problem.y), 6, 28))
    neutral = np.log(problem.neutral) if problem.logarithmic else max(problem.neutral, 0.1)
    first = np.concatenate([unselected, np.full(strength.shape[1], neutral)])
    return np.vstack([first, grid[best[: keep - 1]]])


def _strengths(problem: Problem) -> Array:
    """Starts of the free weight parameters (n, J): none, weak, strong and reversed selection."""
    if problem.reference:
        return np.tile(np.log([[0.05], [0.3], [1.0], [3.0], [15.0]]), (1, int(problem.free.sum())))
    if problem.logarithmic:
        return np.log([[1.0, 1.0], [0.4, 1.0], [0.5, 2.0], [1.5, 0.6], [1.6, 2.0], [2.5, 5.0]])
    return np.array([[0.1], [1.0], [3.0], [10.0], [40.0]])


def _best(problem: Problem, unselected: Array) -> tuple[Optima, Array]:
    """The best maximum, and the values of all different ones."""
    head, j = problem.p + 1, int(problem.free.sum())
    top = np.log(problem.max_weight) if problem.logarithmic else problem.max_weight
    bottom = -25.0 if problem.logarithmic else 0.0
    lower = np.concatenate([np.full(head - 1, -np.inf), [0.0], np.full(j, bottom)])
    upper = np.concatenate([np.full(head, np.inf), np.full(j, top)])
    longest = np.concatenate([np.full(head, np.inf), np.full(j, 1.5 if problem.logarithmic else 10.0)])
    found = climb(partial(likelihood, problem), _starts(problem, unselected), lower, upper, longest)
    value = np.where(found.converged, found.value, -np.inf)
    best = int(np.argmax(value))
    if not np.isfinite(value[best]):
        raise NotConverged(f"No start of the selection model reached a certified maximum in {found.iterations} iterations; use fewer steps or more estimates.")
    stopped = np.where(found.converged | ~np.isfinite(found.value), -np.inf, found.value).max()
    if stopped > value[best] + 1e-6:
        raise NotConverged("The likelihood of the selection model rises towards nothing being seen at all, without a maximum: take another weight function.")
    distinct: list[float] = []
    for one in np.sort(value[np.isfinite(value)])[::-1]:
        if not distinct or distinct[-1] - one > 1e-6:
            distinct.append(float(one))
    return _row(found, best), np.array(distinct)


def _result(given: Data, problem: Problem, best: Optima, optima: Array, ll_plain: float, clusters: Groups | None, level: float) -> SelectionModel:
    p, s = problem.p, problem.unit
    _, score, hessian = scores(problem, best.theta)
    delta = problem.delta(best.theta)[0]
    tau2 = float(best.theta[0, p])
    known = np.concatenate([np.ones(p, dtype=bool), [tau2 > 0.0], problem.free & (delta > NIL)])
    covariance = _inverse(-hessian[0][np.ix_(known, known)])
    if clusters is not None:
        by_cluster = clusters.sums(score[0][clusters.order][:, known].T)
        covariance = covariance @ (by_cluster @ by_cluster.T) @ covariance * (clusters.count / (clusters.count - 1.0))
    vcov = np.full((len(known), len(known)), np.nan)
    vcov[np.ix_(known, known)] = covariance
    se = np.sqrt(np.maximum(np.diag(vcov), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        delta_p = two_sided((delta - problem.neutral) / se[p + 1 :])
    shift = given.k * np.log(abs(s))
    lrt = max(0.0, 2.0 * (float(best.value[0]) - ll_plain))
    df = len(delta) - int(problem.reference)
    tunable = delta[1:] if problem.reference else delta
    at_bound = (tunable >= problem.max_weight * (1.0 - 1e-9)) | (tunable <= (NIL if problem.logarithmic else 0.0))
    return SelectionModel(
        coefficients=coefficients(s * best.theta[0, :p], s * s * vcov[:p, :p], level=level, names=given.names),
        tau2=s * s * tau2,
        tau2_se=s * s * float(se[p]),
        delta=delta,
        delta_se=se[p + 1 :],
        delta_p=delta_p,
        ll=float(best.value[0] - shift),
        ll_unselected=float(ll_plain - shift),
        lrt=lrt,
        lrt_df=df,
        lrt_p=float("nan") if clusters is not None else float(chi2_upper(lrt, df)),
        counts=problem.counts,
        at_bound=bool(at_bound.any()),
        optima=optima - shift,
        gain=float(best.gain[0]),
        k=given.k,
        g=0 if clusters is None else clusters.count,
        weight="step",
        steps=np.zeros(0),
        alternative="greater",
    )


def _inverse(information: Array) -> Array:
    """Inverse of an information matrix on its own scale; NaN where it is singular."""
    scale = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-300))
    outer = np.outer(scale, scale)
    try:
        return np.asarray(np.linalg.inv(information / outer) / outer)
    except np.linalg.LinAlgError:
        return np.full_like(information, np.nan)
