"""The Bayesian random-effects model by quadrature: y_i is N(x_i'b, v_i + tau²), with priors for tau and b. No sampling: two runs give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.bayes import priors
from virker.meta.bayes.intervals import Kind, known_kind
from virker.meta.bayes.likelihood import Conditional, Normal, Problem, conditional, line, problem
from virker.meta.bayes.mixture import Mixture, Moments, mixture
from virker.meta.bayes.panels import TOLERANCE, Function, integrate
from virker.meta.bayes.priors import FromVariances, Prior
from virker.meta.bayes.tau import TauPosterior
from virker.meta.data import Array, Data, data
from virker.meta.errors import InputError
from virker.meta.plain import plain, short, table
from virker.meta.results import Result
from virker.meta.tests import known_level

_SLOW = 0.35  # a moment whose integrand falls more slowly than this power is not reckoned


@dataclass(frozen=True, slots=True)
class Shrinkage(Result):
    """The effect in each study after having seen the others, all (k,).

    Attributes
    ----------
    y : what the study found.
    median, mean, sd, low, high : of the posterior of its true effect.
    """

    y: Array
    median: Array
    mean: Array
    sd: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True)
class BayesModel(Result):
    """Posteriors of a random-effects model.

    Attributes
    ----------
    tau : posterior of tau: density, distribution function, quantiles, moments, intervals.
    effects : p posteriors, the mean effect or the coefficients, with the same.
    prior, effect_prior : as texts.
    log_marginal : log density of the data before they were seen; NaN where a prior is improper.
    error : largest error of the integrals, as a share of each: what halving the panels changed.
    level, interval : of the intervals that are printed.
    data : what was fitted.
    """

    tau: TauPosterior
    effects: tuple[Mixture, ...]
    prior: str
    effect_prior: tuple[str, ...]
    log_marginal: float
    error: float
    level: float
    interval: Kind
    data: Data = field(repr=False)
    _problem: Problem = field(repr=False)
    _normal: tuple[Normal | None, ...] = field(repr=False)
    _at: Conditional = field(repr=False)

    @property
    def effect(self) -> Mixture:
        """Posterior of the first coefficient: the mean effect where there are no moderators."""
        return self.effects[0]

    def at(self, x: ArrayLike) -> Mixture:
        """Posterior of the mean effect of studies with the moderators ``x`` (p,), the intercept included."""
        mean, variance = self._line(x)
        return mixture(self.tau.panels.weight, mean, variance, self.effect.moments)

    def new_study(self, x: ArrayLike | None = None) -> Mixture:
        """Predictive distribution of the true effect in a new study, with the moderators ``x`` (p,)."""
        mean, variance = self._line(self._row(x))
        return mixture(self.tau.panels.weight, mean, variance + self.tau.tau**2, self.tau.moments)

    def study(self, i: int) -> Mixture:
        """Posterior of the true effect in study ``i``, counted from 0."""
        d = self.data
        if not -d.k <= i < d.k:
            raise InputError(f"There is no study {i}: the studies are 0 to {d.k - 1}.")
        t2 = self.tau.tau**2
        keep = t2 / (t2 + d.v[i])
        mean, variance = self._line(d.X[i])
        return mixture(self.tau.panels.weight, keep * d.y[i] + (1.0 - keep) * mean, keep * d.v[i] + (1.0 - keep) ** 2 * variance, 2)

    def studies(self) -> Shrinkage:
        """Every study's effect after having seen the others."""
        each = [self.study(i) for i in range(self.data.k)]
        ends = np.array([one.interval(self.level, self.interval) for one in each])
        median, mean, sd = (np.array([getattr(one, name) for one in each]) for name in ("median", "mean", "sd"))
        return Shrinkage(self.data.y, median, mean, sd, ends[:, 0], ends[:, 1])

    def joint(self, tau: ArrayLike, effect: ArrayLike, coefficient: int = 0) -> Array:
        """Joint density of tau and a coefficient; ``tau`` and ``effect`` are broadcast."""
        t, b = np.broadcast_arrays(np.asarray(tau, dtype=np.float64), np.asarray(effect, dtype=np.float64))
        given = conditional(self._problem, t.ravel() / self._problem.scale)
        mean, variance = (of[:, 0] for of in line(self._problem, given, np.eye(self.data.p)[[coefficient]]))
        density = np.exp(-0.5 * (b.ravel() - mean) ** 2 / variance) / np.sqrt(2 * np.pi * variance)
        return np.asarray(self.tau.pdf(t) * density.reshape(t.shape))

    def bayes_factor_of_no_heterogeneity(self) -> float:
        """How much more likely the data are where tau is 0 than under its prior; NaN for an improper prior of tau.

        Flat priors of the effects stand on both sides and drop out. It moves with the scale of the prior: a wide prior makes tau = 0 look good
        (Lindley's paradox; Kass & Raftery 1995, doi:10.2307/2291091).
        """
        if not self.tau.prior.proper:
            return float("nan")
        at_zero = float(conditional(self._problem, np.zeros(1)).log_likelihood[0])
        return float(np.exp(at_zero - self.tau.panels.log_total))

    def bayes_factor_of_no_effect(self, coefficient: int = 0, value: float = 0.0) -> float:
        """How much more likely the data are where the coefficient is ``value`` than under its prior; NaN for a flat prior.

        The density after over the density before (Dickey 1971). It moves with the width of the prior, as any Bayes factor.
        """
        before = self._normal[coefficient]
        if before is None:
            return float("nan")
        z = (value - before.mean) / before.sd
        return float(self.effects[coefficient].pdf(value) * np.exp(0.5 * z * z) * before.sd * np.sqrt(2 * np.pi))

    def columns(self) -> dict[str, list[Any]]:
        """A row for tau, for each coefficient, and for a new study where there are no moderators."""
        named: list[tuple[str, Any]] = [("tau", self.tau), *zip(self.data.names, self.effects, strict=True)]
        if self.data.p == 1:
            named.append(("new study", self.new_study()))
        ends = [one.interval(self.level, self.interval) for _, one in named]
        numbers = {name: [plain(getattr(one, name)) for _, one in named] for name in ("mode", "median", "mean", "sd")}
        return {"name": [name for name, _ in named], **numbers, "low": [low for low, _ in ends], "high": [high for _, high in ends]}

    def to_dict(self) -> dict[str, Any]:
        """The rows, and the numbers of the fit."""
        numbers = plain(self, leave_out=("tau", "effects", "data", "_problem", "_normal", "_at"))
        none = self.bayes_factor_of_no_heterogeneity()
        return {"posterior": self.rows(), **numbers, "k": self.data.k, "bayes_factor_of_no_heterogeneity": plain(none)}

    def __str__(self) -> str:
        columns = self.columns()
        names = [name for name in columns if name != "name"]
        rows = [[columns["name"][i], *(short(columns[name][i]) for name in names)] for i in range(len(columns["name"]))]
        lines = [
            f"Bayesian random-effects model, k = {self.data.k}",
            f"prior of tau: {self.prior}; of {', '.join(f'{n}: {e}' for n, e in zip(self.data.names, self.effect_prior, strict=True))}",
            table(["", *names], rows),
            f"low and high: {self.interval} interval, {100 * self.level:g} %; error of the integrals {_below(self.error)}",
        ]
        if self.data.p == 1:
            lines.append(f"P({self.data.names[0]} > 0) = {self.effect.above(0.0):.4f}; P(effect of a new study > 0) = {self.new_study().above(0.0):.4f}")
        return "\n".join(lines)

    def _row(self, x: ArrayLike | None) -> ArrayLike:
        if x is not None:
            return x
        if self.data.p == 1 and self.data.intercept:
            return np.asarray(self.data.X[0])
        raise InputError(f"A new study needs its moderators x: {', '.join(self.data.names)}.")

    def _line(self, x: ArrayLike) -> tuple[Array, Array]:
        row = np.asarray(x, dtype=np.float64)
        if row.shape != (self.data.p,) or not np.isfinite(row).all():
            raise InputError(f"x must be {self.data.p} finite numbers ({', '.join(self.data.names)}), and has the shape {row.shape}.")
        mean, variance = line(self._problem, self._at, row[None])
        return mean[:, 0], variance[:, 0]


def fit_bayes(
    y: ArrayLike,
    v: ArrayLike,
    X: ArrayLike | None = None,
    *,
    tau_prior: Prior | FromVariances,
    effect_prior: Normal | Sequence[Normal | None] | None = None,
    level: float = 0.95,
    interval: Kind = "shortest",
    names: Sequence[str] | None = None,
) -> BayesModel:
    """Posteriors of the mean effect, the coefficients and tau (Röver 2020, doi:10.18637/jss.v093.i06).

    Parameters
    ----------
    y, v : (k,) estimates and their sampling variances.
    X : (k, p) design matrix, its intercept included; without it, the mean effect.
    tau_prior : what spread between studies is thought likely, such as ``priors.half_normal(0.02)`` for effects in shares. There is no default: a
        scale fits one unit only. A name, such as "dumouchel", takes the scale from the variances (:mod:`virker.meta.bayes.priors`).
    effect_prior : ``Normal(mean, sd)`` for the mean effect; with moderators p of them, None for a flat one. Flat by default.
    level, interval : probability and kind of the intervals.
    names : p names of the columns of ``X``.

    Raises
    ------
    InputError
        Data or priors that cannot be used; an improper prior with too few studies for a proper posterior.
    NotConverged
        An integral that does not settle.

    Notes
    -----
    One integral over tau is left, of a function in closed form; all posteriors follow from its nodes. O(k p²) for each of some thousand values
    of tau. With few studies the prior of tau says most of what the posterior says: fit with two priors and compare.

    Examples
    --------
    >>> from virker.meta.bayes import Normal, fit_bayes, priors
    >>> schools = [28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16], [14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6]  # Rubin (1981)
    >>> print(fit_bayes(schools[0], [se**2 for se in schools[1]], tau_prior=priors.half_cauchy(25), effect_prior=Normal(0, 50)))
    Bayesian random-effects model, k = 8
    prior of tau: half-Cauchy(25); of intercept: normal(0, 50)
                 mode  median    mean      sd       low     high
    tau             0  4.7585  5.8845  4.8699         0  15.1659
    intercept  7.9304  7.9635  7.9860  4.9956   -1.8207  17.8222
    new study  7.8681  7.9281  7.9860  9.1269  -10.6004  26.8033
    low and high: shortest interval, 95 %; error of the integrals below 1e-11
    P(intercept > 0) = 0.9488; P(effect of a new study > 0) = 0.8651
    """
    known_level(level)
    known_kind(interval)
    d = data(y, v, X, names)
    prior = tau_prior if isinstance(tau_prior, Prior) else priors.from_variances(tau_prior, d.v)
    normal = _normals(effect_prior, d.p)
    p = _near(problem(d, normal), d, normal, prior)
    falls = d.k - p.flat - prior.tail  # the posterior falls as tau to minus this power
    _proper(d, prior, p.flat, falls)
    moments = _moments(falls)

    last: list[tuple[Array, Conditional]] = []

    def given(x: Array) -> Conditional:
        """What is exact at log tau = ``x``; kept for the second question about the same nodes."""
        if not last or last[0][0] is not x:
            last[:] = [(x, conditional(p, np.exp(x)))]
        return last[0][1]

    def log_mass(x: Array) -> Array:
        return np.asarray(prior.log_density(p.scale * np.exp(x)) + np.log(p.scale) + x + given(x).log_likelihood)

    panels = integrate(log_mass, _checks(given, log_mass, prior.upper / p.scale, moments), power=float(moments), upper=prior.upper / p.scale)
    at = conditional(p, np.exp(panels.node))
    posterior = TauPosterior(prior, panels, p.scale, moments, p)
    of_effect: Moments = moments if p.flat else 2
    means, variances = line(p, at, np.eye(d.p))
    # What was thought before is never less sure afterwards; rounding may say so where another coefficient is flat and tau is enormous.
    variances = np.minimum(variances, [np.inf if one is None else one.sd**2 for one in normal])
    effects = tuple(mixture(panels.weight, means[:, j], variances[:, j], of_effect) for j in range(d.p))
    proper = prior.proper and not p.flat
    marginal = panels.log_total - d.k * float(np.log(p.scale)) if proper else float("nan")
    texts = tuple("flat" if one is None else str(one) for one in normal)
    return BayesModel(posterior, effects, prior.name, texts, marginal, panels.error, level, interval, d, p, normal, at)


def _below(error: float) -> str:
    return f"below {TOLERANCE:.0e}" if error < TOLERANCE else f"{error:.0e}"


def _normals(effect_prior: Normal | Sequence[Normal | None] | None, p: int) -> tuple[Normal | None, ...]:
    if effect_prior is None:
        return (None,) * p
    given = (effect_prior,) if isinstance(effect_prior, Normal) else tuple(effect_prior)
    if len(given) != p or not all(one is None or isinstance(one, Normal) for one in given):
        raise InputError(f"effect_prior must be one Normal(mean, sd), or None for flat, for each of the {p} columns of X.")
    return given


def _proper(d: Data, prior: Prior, flat: int, falls: float) -> None:
    if prior.proper or falls > 1:
        return
    need = int(np.floor(1 + flat + prior.tail)) + 1
    raise InputError(
        f"The prior '{prior.name}' is improper, and {d.k} estimates with {flat} flat coefficients do not make the posterior proper: "
        f"{need} are needed. Take a proper prior, such as priors.half_normal(scale)."
    )


def _moments(falls: float) -> Moments:
    """Moments of tau: the m-th is finite where the posterior falls faster than the power m + 1."""
    if falls > 3 + _SLOW:
        return 2
    return 1 if falls > 2 + _SLOW else 0


def _checks(given: Callable[[Array], Conditional], log_mass: Function, upper: float, moments: Moments) -> Function:
    """What must be integrated well beside the mass: the coefficients' distribution functions at three points each, and the moments."""
    from virker.meta import special

    grid = _rough_grid(upper)
    height = log_mass(grid)
    weight = np.exp(height - height.max())
    weight /= weight.sum()
    rough = given(grid)
    centre, spread = weight @ rough.mean, np.exp(weight @ np.log(_sd(rough)))
    points = centre + spread * np.array([[-2.0], [0.0], [2.0]])

    def also(x: Array) -> Array:
        at = given(x)
        z = (points[None] - at.mean[:, None, :]) / _sd(at)[:, None, :]
        powers = [np.exp(m * x)[:, None] for m in range(1, moments + 1)]
        return np.concatenate([special.ndtr(z).reshape(len(x), -1), *powers], axis=1)

    return also


def _near(p: Problem, d: Data, normal: tuple[Normal | None, ...], prior: Prior) -> Problem:
    """The problem around its own coefficients at the likeliest tau: where data and priors contradict each other these lie far from any first fit."""
    x = _rough_grid(prior.upper / p.scale)
    rough = conditional(p, np.exp(x))
    best = int(np.argmax(rough.log_likelihood + x + prior.log_density(p.scale * np.exp(x))))
    return problem(d, normal, p.start + p.turn @ rough.mean[best])


def _rough_grid(upper: float) -> Array:
    return np.arange(-40.0, 0.0, 0.5) + min(20.0, float(np.log(upper)))


def _sd(at: Conditional) -> Array:
    """Standard deviations (T, p) of the coefficients of Q."""
    return np.asarray(np.sqrt((at.root * at.root).sum(axis=2)))
