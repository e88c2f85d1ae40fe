"""What each kind of fitted model assumes about its errors, for the sandwich."""

from __future__ import annotations

import numpy as np

from virker.meta import components
from virker.meta.blocks import Array, Index, codes
from virker.meta.data import Data
from virker.meta.errors import InputError
from virker.meta.large_clusters import Shifted, of_studies
from virker.meta.linear import weighted_least_squares
from virker.meta.moments import MomentModel
from virker.meta.multilevel import MultilevelModel
from virker.meta.multivariate import MultivariateModel
from virker.meta.multivariate_likelihood import blocks_of
from virker.meta.sandwich import Working
from virker.meta.univariate import RandomEffects

Model = RandomEffects | MultilevelModel | MomentModel | MultivariateModel


def working(model: Model) -> Working:
    """The assumed covariance, weights, bread and residuals of ``model``, rows in the order that the user gave."""
    if isinstance(model, MultilevelModel):
        return _multilevel(model)
    if isinstance(model, RandomEffects):
        if model.weights is not None:
            raise InputError("Cluster-robust inference builds on inverse-variance weights: fit the model without weights of your own.")
        return independent(model.data, model.data.v + model.tau2)
    if isinstance(model, MomentModel):
        return independent(model.data, 1 / model.weights)
    if isinstance(model, MultivariateModel):
        return _multivariate(model)
    raise InputError(f"No cluster-robust covariance for a {type(model).__name__}.")


def independent(given: Data, variance: Array) -> Working:
    """A model whose errors are independent, with ``variance`` (k,) and weights that are its inverse."""
    scale = float(np.sqrt(np.median(variance)))
    X, R = np.linalg.qr(given.X)
    phi, y = variance / scale**2, given.y / scale
    fit = weighted_least_squares(X, y, 1 / phi)

    def blocks(rows: Index) -> Array:
        out = np.zeros((*rows.shape, rows.shape[1]))
        np.einsum("mii->mi", out)[...] = phi[rows]
        return out

    def shifted(rows: Index) -> Shifted:
        return of_studies(phi[rows], np.zeros(len(rows)), 0.0, np.arange(len(rows)))

    return Working(X, X / phi[:, None], fit.residuals, fit.beta, fit.bread, blocks, None, _inverse(R) * scale, given.names, given.intercept, shifted)


def _multilevel(model: MultilevelModel) -> Working:
    problem, scale, order = model._problem, model._scale, model.groups.order
    s1, s2 = model.sigma2_study / scale**2, model.sigma2_estimate / scale**2
    point = components.at(problem, s1, s2)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    d, root, study = (problem.v * (1 - problem.rho) + s2)[place], np.sqrt(problem.v * problem.rho)[place], model.groups.codes[place]

    def blocks(rows: Index) -> Array:
        same = study[rows][:, :, None] == study[rows][:, None, :]
        phi = np.where(same, s1 + root[rows][:, :, None] * root[rows][:, None, :], 0.0)
        np.einsum("mii->mi", phi)[...] += d[rows]
        return phi

    def shifted(rows: Index) -> Shifted:
        return of_studies(d[rows], root[rows], s1, study[rows])

    X = problem.X.T[place]
    residual = problem.y[place] - X @ point.beta
    # The design was made orthonormal, X = (X inverse(R)): what takes it back is the least-squares solution.
    back = _inverse(X.T @ model.data.X) * scale
    return Working(X, point.MX.T[place], residual, point.beta, point.bread, blocks, study, back, model.data.names, model.data.intercept, shifted)


def _multivariate(model: MultivariateModel) -> Working:
    scale = float(np.sqrt(np.median(model.data.v)))
    study, level_of, G, V = codes(model.groups), model._level_of, model.covariance / scale**2, model._V / scale**2

    def blocks(rows: Index) -> Array:
        same = study[rows][:, :, None] == study[rows][:, None, :]
        return blocks_of(V, rows) + np.where(same, G[level_of[rows][:, :, None], level_of[rows][:, None, :]], 0.0)

    X, R = np.linalg.qr(model.data.X)
    y, WX = model.data.y / scale, np.empty_like(X)
    by = model.groups
    for n in np.unique(by.sizes):
        rows = by.order[by.starts[by.sizes == n][:, None] + np.arange(n)]
        WX[rows] = np.linalg.solve(blocks(rows), X[rows])
    bread = _inverse(X.T @ WX)
    beta = bread @ (WX.T @ y)
    beta = beta + bread @ (WX.T @ (y - X @ beta))
    return Working(X, WX, y - X @ beta, beta, (bread + bread.T) / 2, blocks, study, _inverse(R) * scale, model.data.names, model.data.intercept)


def _inverse(matrix: Array) -> Array:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
