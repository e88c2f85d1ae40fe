"""One group: a proportion, a rate, or a mean."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.effect_sizes.sizes import EffectSizes, Undefined, columns, counts, demand, positive, sizes, unknown, weighted_mean
from virker.meta.effect_sizes.two_proportions import AddTo, add_where
from virker.meta.errors import InputError

OneProportion = Literal["proportion", "log-proportion", "logit", "probit", "arcsine", "freeman-tukey"]
OneRate = Literal["rate", "log-rate", "sqrt-rate", "freeman-tukey"]
OneMean = Literal["mean", "log-mean", "log-sd", "log-cv"]
Variance = Literal["large-sample", "unbiased", "pooled"]


def one_proportion(
    events: ArrayLike,
    n: ArrayLike,
    *,
    measure: OneProportion,
    add: float | None = None,
    to: AddTo = "zero-cells",
    variance: Variance = "large-sample",
    undefined: Undefined = "error",
) -> EffectSizes:
    """The share with an event in one group.

    Parameters
    ----------
    events, n : array_like of shape (k,)
    measure
        ::

            proportion       p = events/n               p(1−p)/n
            log-proportion   log p                      1/events − 1/n
            logit            log(p/(1−p))               1/events + 1/(n − events)
            probit           Φ⁻¹(p)                     p(1−p)/(n·φ(Φ⁻¹p)²)
            arcsine          asin√p                     1/(4n)
            freeman-tukey    mean of asin√(events/(n+1)) and asin√((events+1)/(n+1))   1/(4n + 2)

    add : float, optional
        Added to those with and to those without an event, in the studies named by ``to``. By default 1/2; 0 for the last two.
    variance
        ``unbiased`` and ``pooled`` for ``proportion`` only.

    References
    ----------
    Freeman & Tukey (1950), doi:10.1214/aoms/1177729756; Stijnen, Hamza & Özdemir (2010), doi:10.1002/sim.4040.
    """
    if measure not in get_args(OneProportion):
        raise unknown(measure, get_args(OneProportion), "one proportion")
    if variance != "large-sample" and measure != "proportion":
        raise InputError(f"variance='{variance}' is known for measure='proportion' only")
    from scipy.special import ndtri

    given = columns(events=events, n=n)
    counts(**given)
    x, m = given["events"], given["n"] - given["events"]
    demand(m >= 0, "events must not exceed n", np.isnan(m))
    more = (0.0 if measure in {"arcsine", "freeman-tukey"} else 0.5) if add is None else add
    if more < 0:
        raise InputError(f"add is {more}: it must be 0 or more")
    here = add_where((x == 0) | (m == 0), to)
    x, m = np.where(here, x + more, x), np.where(here, m + more, m)
    total = x + m
    with np.errstate(all="ignore"):
        p = x / total
        match measure:
            case "proportion":
                inside = weighted_mean(p, total) if variance == "pooled" else p
                y, v = p, inside * (1 - inside) / (total - (variance == "unbiased"))
            case "log-proportion":
                y, v = np.log(p), 1 / x - 1 / total
            case "logit":
                y, v = np.log(x / m), 1 / x + 1 / m
            case "probit":
                z = ndtri(p)
                y, v = z, 2 * np.pi * p * (1 - p) * np.exp(z**2) / total
            case "arcsine":
                y, v = np.arcsin(np.sqrt(p)), 1 / (4 * total)
            case "freeman-tukey":
                y, v = (np.arcsin(np.sqrt(x / (total + 1))) + np.arcsin(np.sqrt((x + 1) / (total + 1)))) / 2, 1 / (4 * total + 2)
    return sizes(measure, y, v, undefined=undefined, why="nobody or everybody has the event, or the group is empty")


def one_rate(
    events: ArrayLike, time: ArrayLike, *, measure: OneRate, add: float | None = None, to: AddTo = "zero-cells", undefined: Undefined = "error"
) -> EffectSizes:
    """Events per unit of person-time in one group.

    ``rate`` x/t with variance x/t²; ``log-rate`` with 1/x; ``sqrt-rate`` with 1/(4t); ``freeman-tukey`` (√(x/t) + √((x+1)/t))/2 with 1/(4t).
    ``add`` is 1/2 for the first two and 0 for the others unless given. Shapes (k,).
    """
    if measure not in get_args(OneRate):
        raise unknown(measure, get_args(OneRate), "one rate")
    given = columns(events=events, time=time)
    counts(events=given["events"])
    positive(time=given["time"])
    more = (0.5 if measure in {"rate", "log-rate"} else 0.0) if add is None else add
    if more < 0:
        raise InputError(f"add is {more}: it must be 0 or more")
    x, t = given["events"], given["time"]
    x = np.where(add_where(x == 0, to), x + more, x)
    with np.errstate(all="ignore"):
        match measure:
            case "rate":
                y, v = x / t, x / t**2
            case "log-rate":
                y, v = np.log(x / t), 1 / x
            case "sqrt-rate":
                y, v = np.sqrt(x / t), 1 / (4 * t)
            case "freeman-tukey":
                y, v = (np.sqrt(x / t) + np.sqrt((x + 1) / t)) / 2, 1 / (4 * t)
    return sizes(measure, y, v, undefined=undefined, why="there are no events")


def one_mean(
    mean: ArrayLike | None = None, sd: ArrayLike | None = None, n: ArrayLike | None = None, *, measure: OneMean, undefined: Undefined = "error"
) -> EffectSizes:
    """A mean, or a spread, in one group of n persons.

    ``mean`` with variance sd²/n; ``log-mean`` with sd²/(n·mean²); ``log-sd`` log sd + 1/(2(n−1)) with 1/(2(n−1)), which needs no mean;
    ``log-cv`` log(sd/mean) + 1/(2(n−1)) with 1/(2(n−1)) + sd²/(n·mean²) (Nakagawa et al. 2015, doi:10.1111/2041-210X.12309). Shapes (k,).
    """
    if measure not in get_args(OneMean):
        raise unknown(measure, get_args(OneMean), "one mean")
    lacking = [name for name, value in {"mean": mean, "sd": sd, "n": n}.items() if value is None and not (name == "mean" and measure == "log-sd")]
    if lacking:
        raise InputError(f"measure='{measure}' needs {', '.join(lacking)}")
    x = columns(mean=0.0 if mean is None else mean, sd=0.0 if sd is None else sd, n=0.0 if n is None else n)
    counts(sd=x["sd"])
    positive(n=x["n"])
    with np.errstate(all="ignore"):
        m, s, k = x["mean"], x["sd"], x["n"]
        spread = np.where(k > 1, 1 / (2 * (k - 1)), np.nan)
        match measure:
            case "mean":
                y, v = m, s**2 / k
            case "log-mean":
                y, v = np.log(m), s**2 / (k * m**2)
            case "log-sd":
                y, v = np.log(s) + spread, spread
            case "log-cv":
                y, v = np.log(s / m) + spread, spread + s**2 / (k * m**2)
    return sizes(measure, y, v, undefined=undefined, why="no spread, a group of one, or a mean that is not above 0")
