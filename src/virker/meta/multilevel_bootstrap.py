"""How much do a multilevel model's numbers owe to which studies were drawn? Refits to whole studies drawn again, or to data drawn from the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from virker.meta.blocks import Array
from virker.meta.components import Problem
from virker.meta.errors import InputError, known_option
from virker.meta.multilevel import MultilevelModel
from virker.meta.multilevel_climb import Fitted, fit_rows
from virker.meta.multilevel_rows import Rows
from virker.meta.plain import short, table
from virker.meta.results import Result
from virker.meta.tests import known_level

MultilevelResampling = Literal["parametric", "cases"]


@dataclass(frozen=True, slots=True)
class MultilevelBootstrap(Result):
    """Refits of a multilevel model; rows that could not be fitted are NaN.

    Attributes
    ----------
    beta : (B, p) coefficients. sigma2_study, sigma2_estimate : (B,) variance components.
    ci_low, ci_high : (p,) percentile intervals of the coefficients.
    sigma2_study_interval, sigma2_estimate_interval : (2,) percentile intervals of the components.
    failed : refits without a certified optimum, or whose studies did not tell the coefficients apart.
    kind, level : as asked for.
    names : p names of the coefficients.
    """

    beta: Array
    sigma2_study: Array
    sigma2_estimate: Array
    ci_low: Array
    ci_high: Array
    sigma2_study_interval: Array
    sigma2_estimate_interval: Array
    failed: int
    kind: MultilevelResampling
    level: float
    names: tuple[str, ...]
    _in_rows: ClassVar[tuple[str, ...]] = ("beta", "sigma2_study", "sigma2_estimate")

    def __str__(self) -> str:
        rows = [[name, short(low), short(high)] for name, low, high in zip(self.names, self.ci_low, self.ci_high, strict=True)]
        rows += [["variance, study", *map(short, self.sigma2_study_interval)], ["variance, estimate", *map(short, self.sigma2_estimate_interval)]]
        missing = f", {self.failed} of them without a result" if self.failed else ""
        return f"{len(self.beta)} {self.kind} bootstrap refits{missing}: {100 * self.level:g} % intervals\n\n{table(['', 'low', 'high'], rows)}"


def bootstrap_multilevel(
    model: MultilevelModel, *, kind: MultilevelResampling = "parametric", draws: int = 1_000, level: float | None = None, seed: int = 0
) -> MultilevelBootstrap:
    """Refit a multilevel model to ``draws`` resampled data sets.

    "parametric" draws estimates from the fitted model: new studies, new estimates within them and new sampling errors, correlated as the model
    assumes. "cases" draws whole studies with replacement, and asks nothing of the model's variances; a study drawn twice counts as two. Intervals
    are plain percentiles: with few studies those of "cases" are too narrow, because a study cannot be drawn that was not found. A test for few
    studies is :func:`virker.meta.wild_bootstrap`. Each refit is the highest point of a grid, climbed to its optimum.

    Raises
    ------
    InputError
        An unknown ``kind``, a level outside (0, 1), or no draws.
    """
    known_option(kind, get_args(MultilevelResampling), "kind")
    if draws < 1:
        raise InputError("draws must be at least 1.")
    level = model.level if level is None else level
    known_level(level)
    problem, rng = model._problem, np.random.default_rng(seed)
    if kind == "cases":
        g = problem.groups.count
        chosen = rng.integers(0, g, (draws, g)) + g * np.arange(draws)[:, None]
        times = np.bincount(chosen.ravel(), minlength=draws * g).reshape(draws, g).astype(np.float64)
        offset = problem.X @ problem.y
        fits = fit_rows(Rows((problem.y - offset @ problem.X)[None], times, problem))
        beta = coefficients_of(model, fits, offset)
    else:
        s2 = model._scale**2
        fits = fit_rows(Rows(noise(problem, model.sigma2_study / s2, model.sigma2_estimate / s2, draws, rng), np.ones((1, problem.groups.count)), problem))
        beta = model.coefficients.beta + coefficients_of(model, fits, np.zeros(model.p))
    study, estimate = fits.sigma2.T * model._scale**2
    tails = [(1.0 - level) / 2, (1.0 + level) / 2]
    if not fits.converged.any():
        raise InputError("No resampled data set could be fitted: too few studies for the coefficients.")
    low, high = np.nanquantile(beta, tails, axis=0)
    return MultilevelBootstrap(
        beta=beta,
        sigma2_study=study,
        sigma2_estimate=estimate,
        ci_low=low,
        ci_high=high,
        sigma2_study_interval=np.nanquantile(study, tails),
        sigma2_estimate_interval=np.nanquantile(estimate, tails),
        failed=int((~fits.converged).sum()),
        kind=kind,
        level=level,
        names=model.data.names,
    )


def noise(problem: Problem, sigma2_study: float, sigma2_estimate: float, draws: int, rng: np.random.Generator) -> Array:
    """(draws, k) deviations from the mean as the model has them, rows sorted by study, in standard units."""
    g, k = problem.groups.count, len(problem.y)
    common, sampling = rng.normal(size=(draws, g))[:, problem.groups.codes], rng.normal(size=(draws, k))
    if problem.rho:
        sampling = np.sqrt(1 - problem.rho) * sampling + np.sqrt(problem.rho) * rng.normal(size=(draws, g))[:, problem.groups.codes]
    return np.asarray(np.sqrt(sigma2_study) * common + np.sqrt(sigma2_estimate) * rng.normal(size=(draws, k)) + np.sqrt(problem.v) * sampling)


def coefficients_of(model: MultilevelModel, fits: Fitted, offset: Array) -> Array:
    """The coefficients (B, p) of the columns and units that the user gave; ``offset`` (p,) is what was taken out of y before."""
    return np.asarray((fits.beta + offset) @ back(model).T)


def back(model: MultilevelModel) -> Array:
    """(p, p): from coefficients of the orthonormal design in standard units to those of the user's."""
    problem = model._problem
    return np.asarray(model._scale * np.linalg.inv(problem.X @ model.data.X[problem.groups.order]))
