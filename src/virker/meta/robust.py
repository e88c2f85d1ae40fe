"""Standard errors and tests that hold although the dependence within clusters is not known well.

The model's weights stay; only the covariance of its coefficients is estimated from the residuals of whole clusters. With few clusters CR2 and
Satterthwaite degrees of freedom are needed; below about four degrees of freedom the p-value is not to be trusted (Tipton 2015,
doi:10.1037/met0000011).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.blocks import Groups, codes, groups
from virker.meta.errors import InputError, TooFew, known_option
from virker.meta.plain import plain
from virker.meta.results import Coefficients, Result
from virker.meta.sandwich import Kind, Sandwich, Working, sandwich, satterthwaite
from virker.meta.tests import coefficients, known_level
from virker.meta.working import Model, working

Degrees = Literal["satterthwaite", "clusters"]

# Of the variance that the model assumes: a robust one this small is rounding.
_ROUNDING = 1e-20
_NO_RESIDUAL = 1e-8


@dataclass(frozen=True, slots=True)
class RobustModel(Result):
    """Coefficients of a model with a cluster-robust covariance.

    Attributes
    ----------
    coefficients : (p,) each; ``df`` by coefficient.
    kind : CR0, CR1, CR1p, CR1S, CR2 or CR3.
    degrees : ``satterthwaite`` or ``clusters`` (g - p).
    g : clusters.
    intercept : is the first column of the design constant?
    clusters : which rows are in which.
    """

    coefficients: Coefficients
    kind: Kind
    degrees: Degrees
    g: int
    level: float
    intercept: bool
    clusters: Groups = field(repr=False)
    _sandwich: Sandwich = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The result as lists and numbers."""
        return dict(plain(self, leave_out=("clusters", "_sandwich")))

    def __str__(self) -> str:
        return f"Cluster-robust ({self.kind}), {self.g} clusters\n\n{self.coefficients}"


def robust(model: Model, cluster: ArrayLike, *, kind: Kind = "CR2", degrees: Degrees = "satterthwaite", level: float = 0.95) -> RobustModel:
    """Cluster-robust covariance, degrees of freedom, tests and intervals of a fitted model.

    Parameters
    ----------
    model : a result of :func:`fit`, :func:`fit_multilevel`, :func:`fit_multivariate` or :func:`robumeta`.
    cluster : (k,) label of each estimate, in the order that the model was given them; a cluster must hold whole studies.
    kind : see :mod:`virker.meta.sandwich`.
    degrees : ``satterthwaite``, or ``clusters`` for g - p in all tests; NaN tests where g <= p.

    Raises
    ------
    InputError
        A study that the model correlates lies in two clusters; there is one cluster alone; or the moderators tell all clusters apart, so that
        their residuals cancel.
    """
    for value, allowed, what in ((kind, get_args(Kind), "kind"), (degrees, get_args(Degrees), "degrees")):
        known_option(value, allowed, what)
    known_level(level)
    assumed = working(model)
    clusters = groups(cluster, len(assumed.residual), what="cluster")
    if clusters.count < 2:
        raise TooFew("Cluster-robust inference needs at least two clusters, and all estimates are in one.", have=clusters.count, least=2, of="clusters")
    _nested(assumed, clusters)
    pieces = sandwich(assumed, clusters, kind)
    _varies(assumed, pieces)
    df = satterthwaite(pieces) if degrees == "satterthwaite" else float(clusters.count - len(assumed.beta))
    beta = assumed.back @ assumed.beta
    return RobustModel(
        coefficients(beta, pieces.vcov, df=df, level=level, names=assumed.names), kind, degrees, clusters.count, level, assumed.intercept, clusters, pieces
    )


def _varies(assumed: Working, pieces: Sandwich) -> None:
    """Refuse a standard error that is nothing but rounding, where estimates do differ from the model (residuals are in units of a standard error)."""
    if np.abs(assumed.residual).max() < _NO_RESIDUAL:
        return
    assumed_variance = np.diag(assumed.back @ assumed.bread @ assumed.back.T)
    nothing = np.diag(pieces.vcov) <= _ROUNDING * assumed_variance
    if nothing.any():
        names = ", ".join(assumed.names[j] if assumed.names else f"column {j}" for j in np.flatnonzero(nothing))
        raise InputError(
            f"No cluster-robust standard error of {names}: the residuals of every cluster cancel there, because the moderators tell the clusters apart "
            "(such as a column for each cluster). Leave such moderators out, or cluster by something finer."
        )


def _nested(assumed: Working, clusters: Groups) -> None:
    if assumed.apart is None:
        return
    code = codes(clusters)
    first = np.full(int(assumed.apart.max()) + 1, -1, dtype=np.intp)
    first[assumed.apart] = code
    if (first[assumed.apart] != code).any():
        raise InputError("A study of the model lies in two clusters: the model correlates its estimates, so a cluster must hold all of them.")
