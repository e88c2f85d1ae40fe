"""How sure is tau2? Intervals for the between-study variance, and its profile likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from virker.meta import special
from virker.meta.batch import Batch
from virker.meta.data import Array, vector
from virker.meta.errors import InputError, NotConverged
from virker.meta.linear import weighted_least_squares
from virker.meta.plain import plain, short, table
from virker.meta.quadratic_forms import tau2_at
from virker.meta.results import Result
from virker.meta.roots import crossings
from virker.meta.tau2 import log_likelihood
from virker.meta.tests import known_level
from virker.meta.univariate import RandomEffects, as_batch, typical_variance, unit

Kind = Literal["q-profile", "profile-likelihood", "generalised-q"]


@dataclass(frozen=True, slots=True)
class Tau2Interval(Result):
    """An interval for tau2, carried over to tau, I2 (per cent) and H2; each (2,), low and high.

    ``empty`` : even tau2 = 0 leaves less variance than sampling error alone should (q-profile, generalised-q); both limits are then 0.
    ``cut`` : the upper limit is where the search was told to stop, and the true one lies above.
    """

    tau2: Array
    tau: Array
    i2: Array
    h2: Array
    level: float
    kind: Kind
    empty: bool
    cut: bool = False

    def columns(self) -> dict[str, list[Any]]:
        """A row for each of tau2, tau, I2 and H2."""
        names = ("tau2", "tau", "i2", "h2")
        return {"name": list(names), "low": [plain(getattr(self, n)[0]) for n in names], "high": [plain(getattr(self, n)[1]) for n in names]}

    def __str__(self) -> str:
        rows = [[name, *(short(x) for x in getattr(self, name))] for name in ("tau2", "tau", "i2", "h2")]
        cut = "\nThe search was told to stop at the upper limit: the true one lies above it." if self.cut else ""
        return f"{100 * self.level:g} % interval by {self.kind}\n" + table(["", "low", "high"], rows) + cut


@dataclass(frozen=True, slots=True)
class Profile(Result):
    """The profile log-likelihood: ``tau2`` (r,), ``log_likelihood`` (r,), and ``restricted``: which of the two likelihoods."""

    tau2: Array
    log_likelihood: Array
    restricted: bool


def _scaled(model: RandomEffects) -> tuple[Batch, float]:
    d = model.data
    s = unit(d.v)
    return as_batch(d.y / s, d.v / (s * s), d.X), s


def tau2_interval(model: RandomEffects, *, kind: Kind = "q-profile", level: float | None = None, upper: float | None = None) -> Tau2Interval:
    """A confidence interval for tau2.

    "q-profile": the values at which Q(tau2) is within the quantiles of chi-squared with k - p degrees of freedom (Viechtbauer 2007,
    doi:10.1002/sim.2514); exact, whatever the estimator. "profile-likelihood": the values whose likelihood (restricted for method "reml") is not
    significantly below the highest (Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A); methods "ml" and
    "reml" only. With several optima it is the interval from the lowest to the highest such value. "generalised-q": the same as "q-profile" for the Q of
    weights that do not change with tau2, those of the model (methods "genq" and "genqm"), whose distribution is a weighted sum of chi-squared
    variables (Jackson 2013, Research Synthesis Methods 4, 220-229); exact too.

    ``upper`` cuts the search off, in the unit of tau2: a limit above it is reported as ``upper`` and said to be ``cut``. Some programs do so by
    default; here there is no end unless one is asked for.
    """
    if upper is not None and not upper > 0:
        raise InputError(f"upper must be above zero, and is {upper}.")
    level = model.level if level is None else level
    known_level(level)
    d = model.data
    if d.k <= d.p:
        raise InputError(f"An interval for tau2 needs more estimates than coefficients; there are {d.k} of both.")
    batch, s = _scaled(model)
    if kind == "q-profile":
        low, high, empty = _q_profile(batch, d.k - d.p, level)
    elif kind == "profile-likelihood":
        if model.method not in ("ml", "reml"):
            raise InputError(f"A profile-likelihood interval needs method 'ml' or 'reml', and the model has '{model.method}'.")
        low, high = _profile_likelihood(batch, model.tau2 / (s * s), model.method == "reml", level)
        empty = False
    elif kind == "generalised-q":
        if model.weights is None:
            raise InputError("A generalised-q interval needs a model with weights of its own: fit it by method 'genq'.")
        low, high = (tau2_at(batch, model.weights, share) for share in (0.5 + level / 2, 0.5 - level / 2))
        empty = high == 0
    else:
        raise InputError(f"kind must be 'q-profile', 'profile-likelihood' or 'generalised-q', and is '{kind}'.")
    end = np.inf if upper is None else upper / (s * s)
    tau2 = np.minimum([low, high], end)
    typical = typical_variance(d.X, batch.v[0], weighted_least_squares(d.X, d.y / s, 1.0 / batch.v[0]), d.k - d.p)
    return Tau2Interval(tau2 * s * s, np.sqrt(tau2) * s, 100.0 * tau2 / (typical + tau2), tau2 / typical + 1.0, level, kind, empty, high > end)


def _q_profile(batch: Batch, df: int, level: float) -> tuple[float, float, bool]:
    tail = (1.0 - level) / 2
    both = Batch(np.repeat(batch.y, 2, axis=0), batch.v, batch.X, batch.m)
    found = crossings(both, "q", special.chdtri(df, np.array([tail, 1.0 - tail])))
    out = np.zeros(2)
    out[found.row] = found.t
    return float(out[0]), float(out[1]), bool(found.start[1] < 0)


def _profile_likelihood(batch: Batch, best: float, restricted: bool, level: float) -> tuple[float, float]:
    """The lowest and highest t with a likelihood above the cut: a grid outwards until it is far below, then the brackets are halved and interpolated."""
    kind = np.array([best])
    cut = float(log_likelihood(batch, kind, restricted=restricted)[0]) - float(special.chdtri(1.0, 1.0 - level)) / 2
    least = float(batch.v.min())

    def above(t: Array) -> Array:
        out = np.empty(len(t))
        step = max(1, 400_000 // batch.v.shape[1])
        for start in range(0, len(t), step):
            out[start : start + step] = log_likelihood(batch, t[start : start + step], restricted=restricted) - cut
        return out

    end = 2.0 * (best + float(batch.v.max()))
    while above(np.array([end]))[0] > 0:
        end *= 4.0
        if not np.isfinite(end):
            raise NotConverged("The profile likelihood of tau2 never falls below the cut: no upper limit.")
    span = np.log1p(end / least)
    grid = np.union1d(least * np.expm1(np.linspace(0.0, span, int(span / 0.2) + 3)), kind)
    value = above(grid)
    inside = np.flatnonzero(value > 0)
    first, last = int(inside[0]), int(inside[-1])
    low = 0.0 if first == 0 else _bisected(above, grid[first - 1], grid[first], least)
    return low, _bisected(above, grid[last], grid[last + 1], least)


def _bisected(above: Any, a: float, b: float, least: float) -> float:
    """The crossing between ``a`` and ``b``: 32 points at a time, each round divides the bracket by 31; ten rounds reach the last digit."""
    u, w = np.log(a + least), np.log(b + least)
    rising = above(np.array([a]))[0] <= 0
    for _ in range(10):
        points = np.linspace(u, w, 32)
        value = above(np.maximum(least * np.expm1(points - np.log(least)), 0.0))
        value[0], value[-1] = (-1.0, 1.0) if rising else (1.0, -1.0)
        at = int(np.flatnonzero((value[:-1] > 0) != (value[1:] > 0))[0])
        u, w = points[at], points[at + 1]
    return float(max(least * np.expm1(0.5 * (u + w) - np.log(least)), 0.0))


def profile(model: RandomEffects, tau2: ArrayLike | None = None, *, restricted: bool | None = None) -> Profile:
    """The log-likelihood at the values ``tau2`` (r,), beta at its best for each; by default 101 values from 0 to four times the estimate.

    ``restricted`` defaults to the likelihood of the model's method: the ordinary one for "ml", the restricted one for all others.
    """
    restricted = model.method != "ml" if restricted is None else restricted
    batch, s = _scaled(model)
    if tau2 is None:
        at = np.linspace(0.0, 4.0, 101) * (model.tau2 or float(np.median(model.data.v)))
    else:
        at = vector(tau2, "tau2")
        if len(at) and at.min() < 0:
            raise InputError("tau2 cannot be below zero.")
    count = model.data.k - (model.data.p if restricted else 0)
    ll = log_likelihood(batch, at / (s * s), restricted=restricted) - count * np.log(s)
    return Profile(at, ll, restricted)
