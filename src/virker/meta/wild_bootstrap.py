"""A test for few studies: the cluster wild bootstrap.

The model is fitted under the null hypothesis; the residuals of each cluster as a whole are multiplied by a random sign (or another random number
of mean 0 and variance 1) and laid on the fitted values of the null model again; the full model is fitted to each such data set, its variance
components included, and its cluster-robust Wald statistic compared with that of the data (Joshi, Pustejovsky & Beretvas 2022,
doi:10.1002/jrsm.1554). In their simulations it kept its level with few studies and had more power than corrected degrees of freedom, above all
for several coefficients at once.

With signs, g clusters give 2^(g-1) statistics that differ: few clusters cannot give a small p-value, whatever the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.blocks import Array, Groups, codes, groups
from virker.meta.errors import CollinearError, InputError, NotConverged, known_option
from virker.meta.multilevel import MultilevelModel, fit_multilevel
from virker.meta.multilevel_bootstrap import back
from virker.meta.multilevel_climb import fit_rows
from virker.meta.multilevel_rows import Rows, inverse
from virker.meta.plain import p_value
from virker.meta.results import Result

Auxiliary = Literal["signs", "webb"]

_FEW = 12  # clusters, up to which all signs are gone through
_TIE = 1e-8  # statistics this close (relative) count as equal
_SIX = np.sqrt([0.5, 1.0, 1.5])


@dataclass(frozen=True, slots=True)
class WildBootstrap(Result):
    """A cluster wild bootstrap test.

    Attributes
    ----------
    f : Wald statistic of the data (CR0) over the number of constraints.
    p : share of the bootstrap statistics, that of the data among them, that are at least as large.
    df_numerator : q, the number of constraints.
    g : clusters.
    exact : all signs were gone through.
    statistics : (B,) bootstrap statistics, the data's own first; without those that could not be computed.
    failed : data sets without a certified optimum.
    auxiliary : what residuals were multiplied with.
    """

    f: float
    p: float
    df_numerator: int
    g: int
    exact: bool
    statistics: Array
    failed: int
    auxiliary: Auxiliary

    def __str__(self) -> str:
        how = "all signs" if self.exact else f"random {'signs' if self.auxiliary == 'signs' else 'six-point weights'}"
        return f"Cluster wild bootstrap, {self.g} clusters, {len(self.statistics)} data sets ({how}): F = {self.f:.4f} with {self.df_numerator} df, p {p_value(self.p)}"


def wild_bootstrap(
    model: MultilevelModel,
    constraint: ArrayLike | None = None,
    *,
    cluster: ArrayLike | None = None,
    auxiliary: Auxiliary = "signs",
    draws: int = 1_999,
    exact: bool | None = None,
    seed: int = 0,
) -> WildBootstrap:
    """Test L β = 0 by the cluster wild bootstrap.

    Parameters
    ----------
    model : a fitted multilevel model.
    constraint : L, (q, p) or (p,), of full row rank; without it, all coefficients but a constant first column, or the mean where it is alone.
    cluster : (k,) labels of clusters that hold whole studies; without them, the studies.
    auxiliary : "signs", +1 or -1; or "webb", six values from -sqrt(3/2) to sqrt(3/2), for fewer than ten clusters, where there are few signs.
    draws : random data sets beside the data's own.
    exact : go through all signs; None: where there are at most 12 clusters and signs are asked for.

    Raises
    ------
    InputError, CollinearError
        The constraint, the clusters or the options cannot be used; the message says why.
    NotConverged
        None of the data sets could be fitted.
    """
    known_option(auxiliary, get_args(Auxiliary), "auxiliary")
    if draws < 1:
        raise InputError("draws must be at least 1.")
    L, clusters = _constraint(model, constraint), _clusters(model, cluster)
    g = clusters.count
    exact = (auxiliary == "signs" and g <= _FEW) if exact is None else exact
    if exact and (auxiliary != "signs" or g > 20):
        raise InputError(
            f"All signs of {g} clusters cannot be gone through: ask for exact=False." if auxiliary == "signs" else "Only signs can be gone through."
        )
    if g <= len(L):
        raise InputError(f"{g} clusters cannot test {len(L)} constraints at once: test fewer constraints.")
    weights = _signs(g) if exact else np.vstack([np.ones(g), _drawn(auxiliary, draws, g, np.random.default_rng(seed))])
    fitted, residual = _null(model, L)
    y = fitted + weights[:, codes(clusters)] * residual
    statistics = _statistics(model, y[:, model.groups.order] / model._scale, L, clusters)
    there = statistics[np.isfinite(statistics)]
    if not np.isfinite(statistics[0]) or len(there) < 2:
        raise NotConverged("The cluster wild bootstrap has no statistic: its data sets could not be fitted, or the residuals vary in too few directions.")
    p = float((there >= there[0] * (1.0 - _TIE)).mean())
    return WildBootstrap(float(there[0]), p, len(L), g, exact, there, len(statistics) - len(there), auxiliary)


def _constraint(model: MultilevelModel, constraint: ArrayLike | None) -> Array:
    if constraint is None:
        return np.eye(model.p)[1 if model.data.intercept and model.p > 1 else 0 :]
    L = np.atleast_2d(np.asarray(constraint, dtype=np.float64))
    if L.ndim != 2 or L.shape[1] != model.p or not np.isfinite(L).all():
        raise InputError(f"The constraint must have {model.p} columns of finite numbers, one for each coefficient; it has the shape {L.shape}.")
    if np.linalg.matrix_rank(L) < len(L):
        raise CollinearError("The constraints repeat each other: give each one once.")
    return L


def _clusters(model: MultilevelModel, cluster: ArrayLike | None) -> Groups:
    if cluster is None:
        return model.groups
    found = groups(cluster, model.k, what="cluster")
    study, code = codes(model.groups), codes(found)
    first = np.full(model.g, -1, dtype=np.intp)
    first[study] = code
    if (first[study] != code).any():
        raise InputError("A study of the model lies in two clusters: the model correlates its estimates, so a cluster must hold all of them.")
    return found


def _signs(g: int) -> Array:
    """All signs but those that turn others round, (2^(g-1), g); the statistic does not see that. The first row leaves the data as they are."""
    number = np.arange(2 ** (g - 1), dtype=np.int64)[:, None]
    return np.asarray(1.0 - 2.0 * ((number >> np.arange(g)) & 1))


def _drawn(auxiliary: Auxiliary, draws: int, g: int, rng: np.random.Generator) -> Array:
    sign = 1.0 - 2.0 * rng.integers(0, 2, (draws, g))
    return np.asarray(sign if auxiliary == "signs" else sign * _SIX[rng.integers(0, 3, (draws, g))])


def _null(model: MultilevelModel, L: Array) -> tuple[Array, Array]:
    """Fitted values and residuals (k,) of the model with L β = 0."""
    d = model.data
    rank = len(L)
    if rank == model.p:
        return np.zeros(model.k), d.y
    X = d.X @ np.linalg.svd(L)[2][rank:].T
    study = codes(model.groups)
    null = fit_multilevel(d.y, d.v, study, X, rho=model.rho, method=model.method, test="z", levels=model.levels)
    fitted = X @ null.coefficients.beta
    return fitted, d.y - fitted


def _statistics(model: MultilevelModel, y: Array, L: Array, clusters: Groups) -> Array:
    """(B,) cluster-robust Wald statistics over q of the data sets ``y`` (B, k), rows sorted by study, in standard units; NaN where there is none."""
    problem = model._problem
    X, by = problem.X, problem.groups
    offset = y @ X.T
    rows = Rows(y - offset @ X, np.ones((1, by.count)), problem)
    fits = fit_rows(rows)
    out = np.full(len(y), np.nan)
    member = np.zeros((by.count, clusters.count))
    member[np.arange(by.count), codes(clusters)[by.order][by.starts]] = 1.0
    turned = L @ back(model)
    done = np.flatnonzero(fits.converged)
    for first in range(0, len(done), rows.held):
        some = done[first : first + rows.held]
        u = inverse(problem, *fits.sigma2[some].T).solve((rows.y[some] - fits.beta[some] @ X)[:, None])[0]
        scores = by.sums(u * X) @ member  # (R, p, g)
        pieces = turned @ fits.bread[some] @ scores
        out[some] = _wald(((fits.beta + offset)[some]) @ turned.T, pieces @ np.swapaxes(pieces, 1, 2))
    return out


def _wald(b: Array, V: Array) -> Array:
    """b'V^-1 b / q for each of R; NaN where V is singular."""
    size = np.sqrt(np.einsum("rii->ri", V))
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = V / (size[:, :, None] * size[:, None, :])
    good = np.isfinite(scaled).all(axis=(1, 2))
    good[good] = np.linalg.eigvalsh(scaled[good])[:, 0] > 1e-10
    out = np.full(len(b), np.nan)
    z = b[good] / size[good]
    out[good] = (z * np.linalg.solve(scaled[good], z[..., None])[..., 0]).sum(axis=1) / b.shape[1]
    return out
