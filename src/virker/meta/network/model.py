"""Network meta-analysis: many treatments compared at once, by direct and indirect evidence (Rücker 2012, doi:10.1002/jrsm.1058)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from virker.errors import nearest
from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.network.contrasts import Contrasts, Labels, Rows, contrasts, parts_of, rows_of
from virker.meta.network.design import fit_rows, pairwise
from virker.meta.plain import p_value, plain, short
from virker.meta.results import Coefficients, Result
from virker.meta.tau2 import Method, known_method
from virker.meta.tests import coefficients, known_level
from virker.meta.univariate import RandomEffects


@dataclass(frozen=True, slots=True)
class NetworkModel(Result):
    """A fitted network.

    Attributes
    ----------
    coefficients : effect of each other treatment against ``reference``.
    treatments : n names, sorted.
    reference : which one the coefficients compare with; the contrasts do not depend on it.
    estimate, se : (n, n) row minus column.
    tau2, tau2_se : variance of a contrast between studies, the same for all contrasts.
    i2 : share of Q beyond its degrees of freedom, in per cent.
    q, q_df, q_p : test of heterogeneity and inconsistency together; :func:`decompose` tells them apart.
    log_likelihood : at the estimates, of the contrasts; the restricted one, for "reml", compares models of the same network only.
    k, g, m : independent estimates (a study with n arms has n - 1), studies, contrasts.
    method, level : as asked for.
    """

    coefficients: Coefficients
    treatments: tuple[str, ...]
    reference: str
    estimate: Array
    se: Array
    tau2: float
    tau2_se: float
    i2: float
    q: float
    q_df: int
    q_p: float
    log_likelihood: float
    k: int
    g: int
    m: int
    method: Method
    level: float
    data: Contrasts = field(repr=False)
    rows_used: Rows = field(repr=False)

    def contrast(self, a: str, b: str) -> tuple[float, float]:
        """Effect of treatment ``a`` minus ``b``, and its standard error."""
        i, j = known(a, self.treatments, "treatment"), known(b, self.treatments, "treatment")
        return float(self.estimate[i, j]), float(self.se[i, j])

    def to_dict(self) -> dict[str, Any]:
        """All numbers, as JSON takes them; without the data."""
        return dict(plain(self, leave_out=("data", "rows_used")))

    def __str__(self) -> str:
        kind = "common effect" if self.method == "common" else f"random effects ({self.method})"
        return "\n".join(
            [
                f"Network meta-analysis, {kind}: {len(self.treatments)} treatments, {self.g} studies, {self.m} contrasts; against {self.reference}",
                str(self.coefficients),
                heterogeneity(self.tau2, self.i2, self.q, self.q_df, self.q_p),
            ]
        )


def fit_network(
    y: ArrayLike, v: ArrayLike, treat1: Labels, treat2: Labels, study: Labels, *, reference: str | None = None, method: Method = "reml", level: float = 0.95
) -> NetworkModel:
    """Fit a network of treatments to contrasts from studies.

    Parameters
    ----------
    y, v : (m,) effect of ``treat1`` minus ``treat2``, and its sampling variance. A study with n arms brings all its n (n - 1) / 2 contrasts, from
        which their correlation follows; :func:`contrasts_of_arms` makes them from arms.
    treat1, treat2, study : (m,) labels.
    reference : treatment that the coefficients compare with; by default the one in most studies, the first by name of several.
    method : estimator of tau2, the variance of any contrast between studies, or "common".
    level : confidence level.

    Raises
    ------
    InputError
        Contrasts that cannot be; a network in several parts, which are named.

    Notes
    -----
    **When it misleads.** Indirect evidence takes for granted that the studies differ in nothing that matters but their treatments: that those
    which compare A with C could as well have compared B with C. Where A was tried on the young and B on the old, no algebra mends that.
    :func:`decompose` and :func:`split` look for what shows of it.

    Examples
    --------
    >>> print(fit_network([0.3, 0.2, 0.15], [0.01, 0.02, 0.02], ["a", "b", "a"], ["c", "c", "b"], [1, 2, 3], method="common"))
    Network meta-analysis, common effect: 3 treatments, 3 studies, 3 contrasts; against a
       estimate      se        z       p      low     high
    b   -0.1300  0.1095  -1.1867  0.2353  -0.3447   0.0847
    c   -0.3100  0.0894  -3.4659  0.0005  -0.4853  -0.1347
    tau2 = 0, tau = 0, I2 = 0.0 %; Q(1) = 0.0500, p 0.8231
    """
    known_method(method)
    known_level(level)
    if method == "genq":
        raise InputError("method 'genq' needs weights, which a network does not take. Take 'dl'.")
    data = contrasts(y, v, treat1, treat2, study)
    parts = parts_of(data)
    if len(parts) > 1:
        told = "; ".join(", ".join(part) for part in parts)
        raise InputError(
            f"The network falls into {len(parts)} parts that no study compares: {told}. "
            "Fit them one by one, or where they share components, fit_components may join them."
        )
    base = most_studied(data) if reference is None else known(reference, data.treatments, "treatment")
    rows = rows_of(data)
    C = np.eye(len(data.treatments))
    space, model = fit_rows(rows, C, method, level)
    estimate, se = pairwise(C, space, model.beta, model.coefficients.vcov)
    others = [i for i in range(len(data.treatments)) if i != base]
    h = (C[others] - C[base]) @ space.basis
    table = coefficients(h @ model.beta, h @ model.coefficients.vcov @ h.T, level=level, names=tuple(data.treatments[i] for i in others))
    return NetworkModel(
        coefficients=table,
        treatments=data.treatments,
        reference=data.treatments[base],
        estimate=estimate,
        se=se,
        log_likelihood=likelihood(model, rows),
        **spread(model),
        g=len(data.studies),
        m=len(data.y),
        method=method,
        level=level,
        data=data,
        rows_used=rows,
    )


def spread(model: RandomEffects) -> dict[str, Any]:
    """What a network's result takes over from the model of its rows."""
    i2 = 100.0 * max(0.0, 1.0 - model.q_df / model.q) if model.q > 0 and model.q_df else 0.0
    q = model.q if model.q_df else 0.0
    return {"tau2": model.tau2, "tau2_se": model.tau2_se, "i2": i2, "q": q, "q_df": model.q_df, "q_p": model.q_p, "k": model.data.k}


def likelihood(model: RandomEffects, rows: Rows) -> float:
    """The log-likelihood of the contrasts; the restricted one where the method is "reml"."""
    return (model.restricted if model.method == "reml" else model.likelihood).log_likelihood + rows.jacobian


def heterogeneity(tau2: float, i2: float, q: float, df: int, p: float) -> str:
    """A line on what differs between studies."""
    return f"tau2 = {short(tau2)}, tau = {short(tau2**0.5)}, I2 = {i2:.1f} %; Q({df}) = {q:.4f}, p {p_value(p)}"


def most_studied(data: Contrasts) -> int:
    """The treatment in most studies, the first by name of several."""
    counts = np.bincount([t for arms in data.arms for t in arms], minlength=len(data.treatments))
    return int(counts.argmax())


def known(name: str, names: tuple[str, ...], what: str) -> int:
    """The place of ``name``; an InputError names the nearest."""
    if name not in names:
        raise InputError(f"No {what} '{name}': {nearest(name, names)} There are {', '.join(names)}.")
    return names.index(name)
