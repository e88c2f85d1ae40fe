"""Pooled log odds ratio or log rate ratio from the counts themselves: generalised linear mixed models.

No continuity correction and no normal approximation within studies; what is assumed normal is the studies' true effects. Four ways to treat
the studies' different baselines (Stijnen, Hamza & Özdemir 2010, doi:10.1002/sim.4040; Jackson et al. 2018, doi:10.1002/sim.7588)::

    fixed-study              each study has a parameter of its own
    random-study             the studies' baselines are normal too (and independent of their effects)
    conditional-exact        the total number of events is held fixed: noncentral hypergeometric; binomial for rates
    conditional-approximate  the same, as if events were rare: binomial; for proportions only
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.effect_sizes.sizes import Array, columns, counts, demand, positive
from virker.meta.errors import InputError
from virker.meta.glmm_integral import LARGEST_OWN, Cumulants, Model, binomial, hypergeometric, poisson, profiled
from virker.meta.glmm_optimum import Optimum, maximise
from virker.meta.results import Result

GlmmModel = Literal["fixed-study", "random-study", "conditional-exact", "conditional-approximate"]
#: Nodes of the quadrature when none are asked for: in one dimension, and in each of two.
NODES = 15


@dataclass(frozen=True, slots=True)
class Glmm(Result):
    """A pooled ratio from counts.

    Attributes
    ----------
    estimate, se, z, p, ci_low, ci_high : float
        Log odds ratio (or log rate ratio) of group 1 against group 2, normal test.
    tau2 : float
        Between-study variance of the true effects; 0 with ``method="ee"``.
    sigma2 : float or None
        Variance of the studies' baselines (``random-study``).
    ll, ll_saturated : float
        Log-likelihood, with all constants; and that of the model which fits every count exactly.
    q_wald, q_lr, q_df : float
        Tests that all studies share one effect: Wald's, and the likelihood ratio against the model in which each has its own. A study with
        an empty cell has an infinite own effect: it counts in the second only, apart from its degree of freedom.
    k : int
        Studies with both persons with and persons without an event; the others say nothing on a ratio.
    nodes : int
        Quadrature nodes in each dimension; 1 is the Laplace approximation.
    decrement : float
        Newton's decrement at the maximum: twice the log-likelihood still to be won.
    """

    model: str
    estimate: float
    se: float
    z: float
    p: float
    ci_low: float
    ci_high: float
    tau2: float
    sigma2: float | None
    ll: float
    ll_saturated: float
    q_wald: float
    q_lr: float
    q_df: int
    k: int
    nodes: int
    decrement: float


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Events and exposure (persons or time), (k, 2), group 1 first; ``rates`` says which."""

    events: Array
    exposure: Array
    rates: bool


def fit_glmm(
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    *,
    model: GlmmModel = "fixed-study",
    method: Literal["ml", "ee"] = "ml",
    nodes: int = NODES,
    level: float = 0.95,
) -> Glmm:
    """Pool the log odds ratio of k studies by maximum likelihood on their 2×2 tables.

    Parameters
    ----------
    events1, n1, events2, n2 : array_like of shape (k,)
        Events and persons. Studies with a missing value, without any event, or with events only, are left out.
    model
        See the head of this module. The random effect is coded ±1/2 over the groups.
    method
        ``ml`` estimates tau2; ``ee`` sets it to 0.
    nodes
        Of the adaptive Gauss-Hermite quadrature, in each dimension.

    Raises
    ------
    InputError
        For counts that are none, or no events in one of the groups.
    NotConverged
        When the maximum is not certified.
    """
    x = columns(events1=events1, n1=n1, events2=events2, n2=n2)
    counts(**x)
    for group in "12":
        total = x[f"events{group}"] + x[f"n{group}"]
        demand(x[f"events{group}"] <= x[f"n{group}"], f"events{group} must not exceed n{group}", np.isnan(total))
    events, n = np.stack([x["events1"], x["events2"]], axis=1), np.stack([x["n1"], x["n2"]], axis=1)
    rest = n - events
    whole: NDArray[np.bool_] = np.asarray((np.isfinite(rest) & (n > 0)).all(axis=1))
    whole &= (np.nansum(events, axis=1) > 0) & (np.nansum(rest, axis=1) > 0)
    events, n, rest = events[whole], n[whole], rest[whole]
    for column in (0, 1):
        if len(events) and not rest[:, column].sum() > 0:
            raise InputError(f"all persons of group {column + 1} have an event, in all studies, so the pooled odds ratio is not finite")
    return _fit(_Counts(events, n, rates=False), model, method, nodes, level)


def fit_glmm_rates(
    events1: ArrayLike,
    time1: ArrayLike,
    events2: ArrayLike,
    time2: ArrayLike,
    *,
    model: GlmmModel = "fixed-study",
    method: Literal["ml", "ee"] = "ml",
    nodes: int = NODES,
    level: float = 0.95,
) -> Glmm:
    """Pool the log rate ratio of k studies by maximum likelihood on events and person-time: Poisson; see :func:`fit_glmm`."""
    if model == "conditional-approximate":
        raise InputError("conditional-approximate is for proportions; for rates conditional-exact is the same binomial model, and exact")
    x = columns(events1=events1, time1=time1, events2=events2, time2=time2)
    counts(events1=x["events1"], events2=x["events2"])
    positive(time1=x["time1"], time2=x["time2"])
    events, time = np.stack([x["events1"], x["events2"]], axis=1), np.stack([x["time1"], x["time2"]], axis=1)
    whole: NDArray[np.bool_] = np.asarray(np.isfinite(events + time).all(axis=1) & (np.nansum(events, axis=1) > 0))
    return _fit(_Counts(events[whole], time[whole], rates=True), model, method, nodes, level)


def _fit(data: _Counts, model: GlmmModel, method: str, nodes: int, level: float) -> Glmm:
    from scipy.special import ndtr, ndtri

    if model not in get_args(GlmmModel):
        raise InputError(f"model is '{model}'; choose one of: {', '.join(get_args(GlmmModel))}")
    if method not in {"ml", "ee"}:
        raise InputError(f"method is '{method}'; these models have 'ml' and 'ee' (one common effect)")
    if nodes < 1:
        raise InputError(f"nodes is {nodes}: at least 1")
    if not 0 < level < 1:
        raise InputError(f"level is {level}: it must lie between 0 and 1")
    k = len(data.events)
    if not k:
        raise InputError("no study has complete counts with an event and a person without one")
    for which, total in (("group 1", data.events[:, 0].sum()), ("group 2", data.events[:, 1].sum())):
        if not total > 0:
            raise InputError(f"{which} has no event in any study, so the pooled ratio is not finite\n    → use mantel_haenszel with a difference")
    if method == "ml" and k < 2:
        raise InputError("tau2 needs two studies or more\n    → method='ee'")
    if model == "random-study" and k < 2:
        raise InputError("the variance of the studies' baselines needs two studies or more\n    → model='fixed-study'")
    design = _design(data, model, heterogeneous=method == "ml")
    start = np.array([_start(data)] if model != "random-study" else [_start(data), _baseline(data)])
    best = maximise(design, start, nodes)
    common = best if method == "ee" else maximise(_design(data, model, heterogeneous=False), start, nodes)
    q_wald, q_lr = _heterogeneity(data, model, common, nodes)
    estimate, se = float(best.beta[0]), float(np.sqrt(best.vcov[0, 0]))
    half = float(ndtri(0.5 + level / 2)) * se
    tau2 = float(best.sd[-1] ** 2) if method == "ml" else 0.0
    return Glmm(
        model=model,
        estimate=estimate,
        se=se,
        z=estimate / se,
        p=float(2 * ndtr(-abs(estimate / se))),
        ci_low=estimate - half,
        ci_high=estimate + half,
        tau2=tau2,
        sigma2=float(best.sd[0] ** 2) if model == "random-study" else None,
        ll=best.ll,
        ll_saturated=_unconditional(data)[2],
        q_wald=q_wald,
        q_lr=q_lr,
        q_df=k - 1,
        k=k,
        nodes=nodes,
        decrement=best.decrement,
    )


def _design(data: _Counts, model: GlmmModel, *, heterogeneous: bool, saturated: bool = False) -> Model:
    """The model's design; ``saturated`` gives each study its own effect in place of the common one."""
    if model.startswith("conditional"):
        return _conditional(data, model, heterogeneous=heterogeneous, saturated=saturated)
    k = len(data.events)
    one, group, coded = np.ones((k, 2)), np.tile([1.0, 0.0], (k, 1)), np.tile([0.5, -0.5], (k, 1))
    cumulants, offset, constant = _family(data)
    if model == "fixed-study":
        return Model(data.events, cumulants, offset, group[..., None], _stack(coded, wanted=heterogeneous), one, constant)
    z = np.stack([one, coded], axis=2) if heterogeneous else one[..., None]
    shared = one[..., None] if saturated else np.stack([group, one], axis=2)
    return Model(data.events, cumulants, offset, shared, z, group if saturated else None, constant)


def _stack(column: Array, *, wanted: bool) -> Array:
    return column[..., None] if wanted else np.zeros((*column.shape, 0))


def _family(data: _Counts) -> tuple[Cumulants, Array, float]:
    from scipy.special import gammaln

    x, n = data.events, data.exposure
    if data.rates:
        return poisson, np.log(n), -float(np.sum(gammaln(x + 1)))
    return binomial(n), np.zeros_like(x), float(np.sum(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)))


def _conditional(data: _Counts, model: GlmmModel, *, heterogeneous: bool, saturated: bool) -> Model:
    from scipy.special import gammaln

    k = len(data.events)
    one = np.ones((k, 1))
    a, total = data.events[:, :1], data.events.sum(axis=1, keepdims=True)
    shared = np.zeros((k, 1, 0)) if saturated else one[..., None]
    own, z = (one if saturated else None), _stack(one, wanted=heterogeneous)
    if model == "conditional-approximate" or data.rates:
        offset = np.log(data.exposure[:, :1] / data.exposure[:, 1:])
        constant = float(np.sum(gammaln(total + 1) - gammaln(a + 1) - gammaln(total - a + 1)))
        return Model(a, binomial(total), offset, shared, z, own, constant)
    n1, n2 = data.exposure[:, 0], data.exposure[:, 1]
    cumulants, _, _ = hypergeometric(n1, n2, total[:, 0])
    b = total - a
    constant = float(np.sum(_choose(n1, a[:, 0]) + _choose(n2, b[:, 0])))
    return Model(a, cumulants, np.zeros((k, 1)), shared, z, own, constant)


def _choose(n: Array, x: Array) -> Array:
    """log C(n, x)."""
    from scipy.special import gammaln

    return np.asarray(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1))


def _start(data: _Counts) -> float:
    x, n = data.events.sum(axis=0), data.exposure.sum(axis=0)
    rest = np.array([1.0, 1.0]) * n if data.rates else n - x
    return float(np.log(x[0] / rest[0]) - np.log(x[1] / rest[1]))


def _baseline(data: _Counts) -> float:
    x, n = data.events[:, 1].sum(), data.exposure[:, 1].sum()
    return float(np.log(x / (n if data.rates else n - x)))


def _heterogeneity(data: _Counts, model: GlmmModel, common: Optimum, nodes: int) -> tuple[float, float]:
    """Wald's statistic and the likelihood ratio of one effect a study against one for all."""
    if len(data.events) < 2:
        return np.nan, np.nan
    if model == "random-study":
        design = _design(data, model, heterogeneous=False, saturated=True)
        first = data.events[:, 0]
        own = _infinite(first == 0, first == np.inf if data.rates else first == data.exposure[:, 0])
        free = maximise(design, np.array([_baseline(data)]), nodes, own)
        effect, ll = free.own, free.ll
        covariance = np.diag(1 / np.maximum(free.own_curvature, 1e-300)) + free.own_slope @ free.vcov @ free.own_slope.T
        finite = own == 0
    elif model == "fixed-study":
        effect, variance, ll = _unconditional(data)
        finite, covariance = np.isfinite(variance), np.diag(variance)
    else:
        design = _design(data, model, heterogeneous=False, saturated=True)
        own = _infinite(*_edges(data, model))
        ll, effect, curvature = profiled(design, np.zeros(0), np.zeros(0), nodes, own)
        finite, covariance = own == 0, np.diag(1 / np.maximum(curvature, 1e-300))
    return _wald(effect[finite], covariance[np.ix_(finite, finite)]), max(2 * (ll - common.ll), 0.0)


def _infinite(low: NDArray[np.bool_], high: NDArray[np.bool_]) -> Array:
    """Where a study's own effect is −∞ or +∞, its stand-in; 0 elsewhere. Shape (k,)."""
    return np.where(low, -LARGEST_OWN, np.where(high, LARGEST_OWN, 0.0))


def _edges(data: _Counts, model: GlmmModel) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether group 1 has the fewest, or the most, events that the study's total allows."""
    a, total = data.events[:, 0], data.events.sum(axis=1)
    if model == "conditional-approximate" or data.rates:
        return a == 0, a == total
    n1, n2 = data.exposure[:, 0], data.exposure[:, 1]
    return a == np.maximum(0.0, total - n2), a == np.minimum(n1, total)


def _unconditional(data: _Counts) -> tuple[Array, Array, float]:
    """Each study's own log ratio, its variance (infinite with an empty cell), and the log-likelihood that fits every count exactly."""
    from scipy.special import xlogy

    x, n = data.events, data.exposure
    constant = _family(data)[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        if data.rates:
            ll, effect, variance = np.sum(xlogy(x, x) - x), np.log(x / n), 1 / x
        else:
            ll, effect, variance = np.sum(xlogy(x, x / n) + xlogy(n - x, 1 - x / n)), np.log(x / (n - x)), 1 / x + 1 / (n - x)
        return effect[:, 0] - effect[:, 1], variance.sum(axis=1), float(ll) + constant


def _wald(effect: Array, covariance: Array) -> float:
    if len(effect) < 2:
        return np.nan
    contrast = np.diff(np.eye(len(effect)), axis=0)
    gap = contrast @ effect
    return float(gap @ np.linalg.solve(contrast @ covariance @ contrast.T, gap))
