"""The model of one cell: a random-effects mean of independent units, or a three-level mean of all their estimates.

Restricted maximum likelihood. One estimate of each unit: Knapp and Hartung's test with the guard that it never narrows the interval, and a prediction
interval from Student's t with k - 2 degrees of freedom (Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x). Several estimates
of some unit, and units enough: three levels with CR2 standard errors and Satterthwaite degrees of freedom (Tipton 2015, doi:10.1037/met0000011).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from virker import meta
from virker.meta.tests import critical
from virker.synthesis.pooled_effect import LeaveOneOut, PooledMember

if TYPE_CHECKING:
    from virker.meta.multilevel import MultilevelModel
    from virker.meta.univariate import RandomEffects

#: Below so many Satterthwaite degrees of freedom the p-value of a cluster-robust test is not to be trusted (Tipton 2015).
FEWEST_DF = 4.0
#: Of more units than these, with several estimates, no one is left out in turn: each takes a model of three levels, and no single one decides.
MOST_LEFT_OUT = 100


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted cell on the scale of analysis; ``weights`` in per cent, in the members' order. ``pi`` is None with fewer than three units."""

    model: RandomEffects | MultilevelModel
    estimate: float
    se: float
    df: float
    p: float
    ci: tuple[float, float]
    pi: tuple[float, float] | None
    tau2: float
    i2: float
    q: float
    q_p: float
    weights: tuple[float, ...]


def fit_units(members: Sequence[PooledMember]) -> Fit:
    """One estimate of each unit, two units or more."""
    return _mean(tuple(m.y for m in members), tuple(_variances(members)))


@lru_cache(maxsize=512)
def _mean(y: tuple[float, ...], v: tuple[float, ...]) -> Fit:
    """Remembered: the readings of a verdict, and the rules that it is held against, ask for the same mean many times."""
    model = meta.fit(y, v, method="reml", test="adhoc")
    c, told = model.coefficients, meta.predict(model, interval="riley")
    pi = (float(told.pi_low[0]), float(told.pi_high[0])) if len(y) > 2 else None
    share = tuple(float(w) for w in meta.weights(model))
    df = float(model.df or 0.0)
    return Fit(model, float(c.beta[0]), float(c.se[0]), df, float(c.p[0]), (float(c.ci_low[0]), float(c.ci_high[0])), pi, model.tau2, model.i2, model.q, model.q_p, share)  # fmt: skip


def fit_estimates(members: Sequence[PooledMember], rho: float) -> Fit | None:
    """All estimates, some of them of the same unit; None where the degrees of freedom are too few for the robust test."""
    unit = [m.unit for m in members]
    model = meta.fit_multilevel([m.y for m in members], _variances(members), unit, rho=min(rho, 0.99))
    c = meta.robust(model, unit).coefficients
    assert c.df is not None
    df = float(c.df[0])
    if not df >= FEWEST_DF:
        return None
    estimate, se, t = float(c.beta[0]), float(c.se[0]), float(critical(df))
    wide = t * float(np.sqrt(se * se + model.sigma2_study + model.sigma2_estimate))
    shares = meta.heterogeneity_shares(model)
    return Fit(
        model=model,
        estimate=estimate,
        se=se,
        df=df,
        p=float(c.p[0]),
        ci=(float(c.ci_low[0]), float(c.ci_high[0])),
        pi=(estimate - wide, estimate + wide),
        tau2=model.sigma2_study + model.sigma2_estimate,
        i2=shares.total,
        q=model.q,
        q_p=model.q_p,
        weights=_weights(members, model),
    )


def without_each(members: Sequence[PooledMember], rho: float) -> dict[str, tuple[float, float]]:
    """Estimate (scale of analysis) and p-value without each unit in turn; units whose absence leaves too little for the model are not there."""
    units = tuple(dict.fromkeys(m.unit for m in members))
    if len(units) < 3 or (len(units) < len(members) and len(units) > MOST_LEFT_OUT):
        return {}
    if len(units) == len(members):
        left = meta.leave_one_out(meta.fit([m.y for m in members], _variances(members), test="adhoc"))
        return {unit: (float(left.estimate[i]), float(left.p[i])) for i, unit in enumerate(units)}
    fits = {gone: fit_estimates([m for m in members if m.unit != gone], rho) for gone in units}
    return {gone: (fitted.estimate, fitted.p) for gone, fitted in fits.items() if fitted is not None}


def leave_one_out(members: Sequence[PooledMember], rho: float, relative: bool) -> LeaveOneOut | None:
    """The lowest and highest pooled amount that leaving one unit out gives."""
    without = without_each(members, rho)
    if not without:
        return None
    low, high = min(without, key=lambda u: without[u][0]), max(without, key=lambda u: without[u][0])
    natural = [float(np.exp(without[u][0])) if relative else without[u][0] for u in (low, high)]
    return LeaveOneOut(natural[0], low, natural[1], high, max(p for _, p in without.values()))


def small_studies_p(members: Sequence[PooledMember]) -> float:
    """Two-sided p-value of the slope of the estimates on their standard errors, clustered where a unit has several (``meta.regression_test``)."""
    units = [m.unit for m in members]
    several = len(set(units)) < len(units)
    y, v = [m.y for m in members], _variances(members)
    tested = meta.regression_test(y, v, cluster=units) if several else meta.regression_test(y, v, test="adhoc")
    return float(tested.p)


def weighed(members: Sequence[PooledMember], shares: Sequence[float]) -> tuple[PooledMember, ...]:
    """The members with their weights."""
    return tuple(replace(m, weight=w) for m, w in zip(members, shares, strict=True))


def _variances(members: Sequence[PooledMember]) -> list[float]:
    return [m.se * m.se for m in members if m.se is not None]


def _weights(members: Sequence[PooledMember], model: MultilevelModel) -> tuple[float, ...]:
    """What each estimate counts for in the three-level mean: the rows of M⁻¹1 over their sum, in per cent; unit by unit, for M has a block for each."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, m in enumerate(members):
        places[m.unit].append(i)
    se, w = np.array([m.se for m in members], dtype=float), np.empty(len(members))
    for at in places.values():
        own = se[at]
        block = np.outer(own, own) * model.rho + model.sigma2_study
        np.fill_diagonal(block, own**2 + model.sigma2_study + model.sigma2_estimate)
        w[at] = np.linalg.solve(block, np.ones(len(at)))
    return tuple(float(x) for x in 100.0 * w / w.sum())
