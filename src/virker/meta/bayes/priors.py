"""Priors for tau, the standard deviation between studies: a density each, named as in Röver (2020, doi:10.18637/jss.v093.i06).

==========================  ==============================================================================================
needs a scale               the unit of y: what spread between studies is thought likely before the studies are seen
``half_normal``             Spiegelhalter, Abrams & Myles (2004); for log odds ratios a scale of 0.5 or 1.0 is usual
                            (Röver et al. 2021, doi:10.1002/jrsm.1475)
``half_t``, ``half_cauchy``  Gelman (2006, doi:10.1214/06-BA117A): a heavy tail gives way where the data say otherwise
``exponential``             its mean is its scale
``log_normal``              of empirical distributions, such as Turner et al. (2015, doi:10.1002/sim.6381), printed for tau squared: halve
                            their mean and standard deviation. They are of medical trials and log odds ratios
``uniform``                 up to a limit; without one it is improper
needs the variances         proper, and the same in any unit; they depend on the precision of the studies at hand
``dumouchel``               s0 / (s0 + tau)²; ``shrinkage``: uniform in s0² / (s0² + tau²), s0² the harmonic mean of the variances
                            (both Spiegelhalter, Abrams & Myles 2004, section 5.7.3)
``i2``                      uniform in I²; ``conventional``: a proper variant of ``berger_deely``
improper                    no scale; the posterior is proper only with enough studies, which is checked
``square_root``             uniform in the root of tau
``jeffreys``                Tibshirani (1989, doi:10.1093/biomet/76.3.604), the reference prior (Bodnar, Link & Elster 2016, doi:10.1214/14-BA933)
``berger_deely``            Berger & Deely (1988, doi:10.1080/01621459.1988.10478606)
==========================  ==============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.errors import nearest
from virker.meta import special
from virker.meta.data import Array, vector
from virker.meta.errors import InputError
from virker.meta.plain import short

FromVariances = Literal["dumouchel", "shrinkage", "i2", "conventional", "jeffreys", "berger-deely", "square-root", "uniform"]


@dataclass(frozen=True, slots=True)
class Prior:
    """A prior for tau.

    Attributes
    ----------
    name : how it is printed, its scale included.
    log_density : from tau (n,) > 0 to the log density (n,), its constant included where it is proper.
    tail : the density falls as tau to this power: -2 for the half-Cauchy; minus infinity where it falls faster or ends.
    proper : does the density integrate to one?
    upper : where it ends; infinity by default.
    """

    name: str
    log_density: Callable[[Array], Array] = field(repr=False)
    tail: float
    proper: bool = True
    upper: float = float("inf")

    def __str__(self) -> str:
        return self.name


def half_normal(scale: float) -> Prior:
    """|N(0, scale²)|: 95 % below 1.96 scales."""
    s = _above_zero(scale, "scale")
    constant = 0.5 * np.log(2.0 / np.pi) - np.log(s)
    return Prior(f"half-normal({s:g})", lambda t: np.asarray(constant - 0.5 * (t / s) ** 2), float("-inf"))


def half_t(scale: float, df: float) -> Prior:
    """|t| with ``df`` degrees of freedom times ``scale``."""
    s, n = _above_zero(scale, "scale"), _above_zero(df, "df")
    constant = float(np.log(2.0) + special.gammaln(0.5 * (n + 1)) - special.gammaln(0.5 * n) - 0.5 * np.log(n * np.pi) - np.log(s))
    return Prior(f"half-t({s:g}, df {n:g})", lambda t: np.asarray(constant - 0.5 * (n + 1) * np.log1p((t / s) ** 2 / n)), -(n + 1.0))


def half_cauchy(scale: float) -> Prior:
    """|Cauchy| times ``scale``: half below the scale, 95 % below 12.7 scales."""
    s = _above_zero(scale, "scale")
    constant = np.log(2.0 / np.pi) - np.log(s)
    return Prior(f"half-Cauchy({s:g})", lambda t: np.asarray(constant - np.log1p((t / s) ** 2)), -2.0)


def exponential(scale: float) -> Prior:
    """exp(-tau / scale) / scale."""
    s = _above_zero(scale, "scale")
    return Prior(f"exponential({s:g})", lambda t: np.asarray(-np.log(s) - t / s), float("-inf"))


def log_normal(mean: float, sd: float) -> Prior:
    """log tau is N(mean, sd²). Of a distribution printed for tau squared, take half its mean and half its standard deviation."""
    if not np.isfinite(mean):
        raise InputError(f"mean must be finite, and is {mean}.")
    s = _above_zero(sd, "sd")

    def log_density(t: Array) -> Array:
        with np.errstate(divide="ignore"):
            x = np.log(t)
        return np.asarray(
            np.where(np.isfinite(x), -x - np.log(s) - 0.5 * np.log(2 * np.pi) - 0.5 * ((np.where(np.isfinite(x), x, 0.0) - mean) / s) ** 2, -np.inf)
        )

    return Prior(f"log-normal({mean:g}, {s:g})", log_density, float("-inf"))


def uniform(upper: float | None = None) -> Prior:
    """Every tau up to ``upper`` alike; without it every tau at all, which is improper and wants three studies."""
    if upper is None:
        return Prior("uniform", np.zeros_like, 0.0, proper=False)
    u = _above_zero(upper, "upper")
    return Prior(f"uniform(0, {u:g})", lambda t: np.full_like(t, -np.log(u)), float("-inf"), upper=u)


def square_root() -> Prior:
    """Uniform in the root of tau: the density falls as one over it. Improper."""
    return Prior("uniform in the root of tau", lambda t: _log(t) * -0.5, -0.5, proper=False)


def jeffreys(v: ArrayLike) -> Prior:
    """Root of the sum of (tau / (v + tau²))²: from the information on tau. Improper."""
    v = _variances(v)
    return Prior("Jeffreys", lambda t: _log(t) + 0.5 * np.log(((v + t[:, None] ** 2) ** -2.0).sum(axis=1)), -1.0, proper=False)


def berger_deely(v: ArrayLike) -> Prior:
    """Product of (tau / (v + tau²)) to the power 1/k; Jeffreys where all variances are alike. Improper."""
    v = _variances(v)
    return Prior("Berger-Deely", lambda t: _log(t) - np.log(v + t[:, None] ** 2).mean(axis=1), -1.0, proper=False)


def conventional(v: ArrayLike) -> Prior:
    """Product of (tau / (v + tau²)^(3/2)) to the power 1/k, made to integrate to one."""
    v = _variances(v)
    typical = float(np.exp(np.log(v).mean()))

    def unscaled(t: Array) -> Array:
        return np.asarray(_log(t) - 1.5 * np.log(v + t[:, None] ** 2).mean(axis=1) + 0.5 * np.log(typical))

    from virker.meta.bayes.panels import integrate

    x = integrate(lambda x: unscaled(np.sqrt(typical) * np.exp(x)) + x + 0.5 * np.log(typical))
    total = x.log_total
    return Prior("conventional", lambda t: unscaled(t) - total, -2.0)


def dumouchel(v: ArrayLike) -> Prior:
    """s0 / (s0 + tau)²: half below s0, the root of the harmonic mean of the variances."""
    s = float(np.sqrt(_harmonic(_variances(v))))
    return Prior(f"DuMouchel, s0 {short(s)}", lambda t: np.asarray(np.log(s) - 2.0 * np.log(s + t)), -2.0)


def shrinkage(v: ArrayLike) -> Prior:
    """Uniform in s0² / (s0² + tau²), the weight that a typical study lends to the others."""
    return _uniform_share(_harmonic(_variances(v)), "uniform shrinkage")


def i2(v: ArrayLike) -> Prior:
    """Uniform in I², with the typical variance of Higgins & Thompson (2002, doi:10.1002/sim.1186). Needs two studies."""
    v = _variances(v)
    if len(v) < 2:
        raise InputError("The prior 'i2' needs two studies: a typical variance is not defined for one. Take 'shrinkage'.")
    w = v.min() / v
    return _uniform_share(float(v.min() * (len(v) - 1) * w.sum() / (w.sum() ** 2 - (w * w).sum())), "uniform in I2")


def unit_information_sd(v: ArrayLike, n: ArrayLike) -> float:
    """Root of sum(n) / sum(1/v): the standard deviation of one person's outcome that the studies imply (Röver et al. 2021, doi:10.1002/jrsm.1475).

    A rule for scales in any unit: with a half-normal prior of this over four, differences between studies as large as half the spread between
    persons are thought unlikely. ``n`` (k,) is the number of persons in each study.
    """
    v = _variances(v)
    people = vector(n, "n", len(v))
    if people.min() <= 0:
        raise InputError("n must be above zero: the number of persons in each study.")
    return float(np.sqrt(people.sum() / (1.0 / v).sum()))


def from_variances(name: str, v: Array) -> Prior:
    """The prior of that name, its scale taken from the variances where it has one."""
    makers: dict[str, Callable[[], Prior]] = {
        "dumouchel": lambda: dumouchel(v),
        "shrinkage": lambda: shrinkage(v),
        "i2": lambda: i2(v),
        "conventional": lambda: conventional(v),
        "jeffreys": lambda: jeffreys(v),
        "berger-deely": lambda: berger_deely(v),
        "square-root": square_root,
        "uniform": uniform,
    }
    if name not in makers:
        allowed = get_args(FromVariances)
        raise InputError(
            f"No prior '{name}' that needs no scale: {nearest(name, allowed)} There are {', '.join(allowed)}. "
            "Others say what spread is likely: priors.half_normal(scale), in the unit of y."
        )
    return makers[name]()


def _uniform_share(s2: float, name: str) -> Prior:
    return Prior(f"{name}, s0 {short(s2**0.5)}", lambda t: np.log(2.0 * s2) + _log(t) - 2.0 * np.log(s2 + t * t), -3.0)


def _harmonic(v: Array) -> float:
    return float(1.0 / (1.0 / v).mean())


def _log(t: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(t))


def _variances(v: ArrayLike) -> Array:
    array = vector(v, "v")
    if not len(array) or array.min() <= 0:
        raise InputError("v must be variances above zero, at least one.")
    return array


def _above_zero(number: Any, name: str) -> float:
    try:
        value = float(number)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a number above zero, and is {number!r}.") from None
    if not (np.isfinite(value) and value > 0):
        raise InputError(f"{name} must be a number above zero, and is {value}.")
    return value
