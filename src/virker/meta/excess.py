"""Are there more significant results than the effect can explain?

The test of excess significance (Ioannidis & Trikalinos 2007, doi:10.1177/1740774507079441) and the p-curve (Simonsohn, Nelson & Simmons 2014,
doi:10.1037/a0033242; 2015, doi:10.1037/xge0000104), both also for several estimates to a study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from virker.meta import special
from virker.meta.blocks import Groups, groups
from virker.meta.data import Array, data, vector
from virker.meta.errors import InputError, TooFew, known_option
from virker.meta.plain import p_value
from virker.meta.results import Result
from virker.meta.univariate import fit

Direction = Literal["two-sided", "greater", "less"]
ExcessTest = Literal["exact", "chi2"]


@dataclass(frozen=True, slots=True)
class ExcessSignificance(Result):
    """Significant results seen and expected.

    Attributes
    ----------
    observed, expected, ratio : significant results, the sum of the powers, and their ratio.
    p : one-sided p-value of as many or more.
    effect : the effect that the powers are of, the unit of y.
    power : (k,) power of each estimate.
    test : "exact", "chi2", or "clustered".
    k, g : estimates and clusters (0 without).
    """

    observed: int
    expected: float
    ratio: float
    p: float
    effect: float
    power: Array
    test: str
    k: int
    g: int

    def __str__(self) -> str:
        return f"Excess significance ({self.test}), k = {self.k}: {self.observed} seen, {self.expected:.2f} expected, p {p_value(self.p)}"


def excess_significance(
    y: ArrayLike,
    v: ArrayLike,
    *,
    effect: float | None = None,
    tau2: float = 0.0,
    null: float = 0.0,
    alpha: float = 0.05,
    alternative: Direction = "two-sided",
    test: ExcessTest = "exact",
    cluster: ArrayLike | None = None,
) -> ExcessSignificance:
    """More significant results than the powers of the studies add up to?

    Parameters
    ----------
    y, v : (k,) estimates and sampling variances.
    effect : the true effect; without it, the common-effect mean (or that with ``tau2``).
    tau2 : variance between studies that the power allows for; 0 takes one true effect.
    null, alpha, alternative : of the tests that the studies are taken to have made.
    test : "exact": the sum of k unlike coins (Poisson binomial). "chi2": as first published, its square root with the sign (one-sided).
    cluster : (k,) study of each estimate. The excess is then summed within studies and tested by t with g - 1 degrees of freedom, so that one study
        with twenty significant estimates counts as one surprise. ``test`` is then unused.

    Notes
    -----
    **When it misleads.** It takes the pooled effect as true, and that effect is itself biased upwards by what is looked for, which hides it. With
    heterogeneity and ``tau2=0`` an excess is found where there is none: studies of large true effects are rightly significant. A low p-value says
    that something in the set does not fit, not which study or why.
    """
    known_option(alternative, get_args(Direction), "alternative")
    known_option(test, get_args(ExcessTest), "test")
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha must be between 0 and 1, such as 0.05, and is {alpha}.")
    if not (np.isfinite(tau2) and tau2 >= 0.0 and np.isfinite(null)):
        raise InputError(f"tau2 must be 0 or more and null finite; they are {tau2} and {null}.")
    given = data(y, v)
    true = float(fit(given.y, given.v + tau2, method="common").beta[0]) if effect is None else float(effect)
    se = np.sqrt(given.v)
    significant, power = _significance((given.y - null) / se, (true - null) / se, np.sqrt(1.0 + tau2 / given.v), alpha, alternative)
    observed, expected = int(significant.sum()), float(power.sum())
    code = None if cluster is None else groups(cluster, given.k, what="cluster")
    if code is not None:
        name, p = "clustered", clustered_t(significant - power, code, "greater")
    else:
        name, p = test, _poisson_binomial(power, observed) if test == "exact" else _root_chi2(observed, expected, given.k)
    return ExcessSignificance(observed, expected, observed / expected, p, true, power, name, given.k, code.count if code else 0)


def _significance(z: Array, shift: Array, spread: Array, alpha: float, alternative: Direction) -> tuple[Array, Array]:
    """Which z are significant, and the chance of it where z is normal with mean ``shift`` and standard deviation ``spread``."""
    if alternative == "less":
        z, shift = -z, -shift
    critical = -float(special.ndtri(alpha / 2.0 if alternative == "two-sided" else alpha))
    power = special.ndtr((shift - critical) / spread)
    if alternative == "two-sided":
        return (np.abs(z) >= critical).astype(float), power + special.ndtr((-shift - critical) / spread)
    return (z >= critical).astype(float), power


def _poisson_binomial(power: Array, at_least: int) -> float:
    """P(at least so many of k independent events of these chances), by convolution."""
    share = np.ones(1)
    for one in power:
        share = np.append(share * (1.0 - one), 0.0) + np.append(0.0, share * one)
    return min(1.0, float(share[at_least:].sum()))


def _root_chi2(observed: int, expected: float, k: int) -> float:
    variance = expected * (k - expected) / k
    return float(special.ndtr(-(observed - expected) / np.sqrt(variance))) if variance > 0.0 else float("nan")


def clustered_t(values: Array, code: Groups, alternative: Direction) -> float:
    """p-value that the mean of ``values`` (k,) is 0 (or not above, not below it): sums within clusters, t with g - 1 degrees of freedom."""
    if code.count < 2:
        raise TooFew("A clustered test needs at least two clusters, and all estimates are in one.", have=code.count, least=2, of="clusters")
    total = code.sums(values[code.order])
    share = code.sizes / code.sizes.sum()
    around = total - share * total.sum()
    variance = float(around @ around) * code.count / (code.count - 1.0)
    if variance == 0.0:
        return float("nan")
    t = float(total.sum()) / float(np.sqrt(variance))
    df = code.count - 1.0
    return float({"greater": special.stdtr(df, -t), "less": special.stdtr(df, t), "two-sided": 2.0 * special.stdtr(df, -abs(t))}[alternative])


@dataclass(frozen=True, slots=True)
class PCurve(Result):
    """Shape of the significant p-values.

    Attributes
    ----------
    significant, below_half : p-values below alpha, and below alpha / 2.
    right_skew_z, right_skew_p : Stouffer's test that small p-values are more frequent than large ones (evidential value).
    half_z, half_p : the same among those below alpha / 2, which ambitious p-hacking disturbs less.
    flat_z, flat_p : test that the curve is flatter than at a power of one third (evidence is inadequate or absent).
    evidential, inadequate : the verdicts of Simonsohn et al. (2015): half curve p < .05 or both p < .1; flatter by the full curve with p < .05 .
    g : clusters, 0 without.
    p : (significant,) the p-values below alpha, two-sided, ascending.
    alpha : the level.
    """

    significant: int
    below_half: int
    right_skew_z: float
    right_skew_p: float
    half_z: float
    half_p: float
    flat_z: float
    flat_p: float
    evidential: bool
    inadequate: bool
    g: int
    p: Array
    alpha: float


def p_curve(z: ArrayLike, *, alpha: float = 0.05, cluster: ArrayLike | None = None) -> PCurve:
    """p-curve of the z statistics of the results that the studies were about.

    Parameters
    ----------
    z : (k,) estimate / standard error. Only those with a two-sided p below ``alpha`` count; the sign is not used.
    alpha : level that the results were selected by.
    cluster : (k,) study of each. The test statistics are then cluster-robust: sum over the root of the summed squares of clusters.

    Notes
    -----
    **When it misleads.** It asks whether there is *any* effect among the significant results, not how large. It needs the p-value of the
    hypothesis that the study was selected by, one from each study; adding robustness checks and side results makes it meaningless. With
    heterogeneous effects one strong study gives the whole set "evidential value". Fewer than two significant results give NaN.
    """
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha must be between 0 and 1, such as 0.05, and is {alpha}.")
    size = np.abs(vector(z, "z"))
    p = 2.0 * special.ndtr(-size)
    seen, half = p < alpha, p < alpha / 2.0
    labels = None if cluster is None else np.asarray(cluster)
    if labels is not None and labels.shape != size.shape:
        raise InputError(f"'cluster' must give one label for each of the {len(size)} results, it has the shape {labels.shape}.")
    critical = -float(special.ndtri(alpha / 2.0))
    noncentral = critical + float(special.ndtri(1.0 / 3.0))  # a power of one third in the wanted direction
    # Given significance, 3 P(z > size) is uniform at that power; a flatter curve has it near 1, which is a negative z here.
    right = _stouffer(-special.ndtri(np.clip(p[seen] / alpha, 1e-300, 1.0 - 1e-16)), _of(labels, seen))
    right_half = _stouffer(-special.ndtri(np.clip(p[half] / (alpha / 2.0), 1e-300, 1.0 - 1e-16)), _of(labels, half))
    flat = _stouffer(-special.ndtri(np.clip(3.0 * special.ndtr(noncentral - size[seen]), 1e-300, 1.0 - 1e-16)), _of(labels, seen))
    skew_p, half_p, flat_p = float(special.ndtr(-right)), float(special.ndtr(-right_half)), float(special.ndtr(flat))
    evidential = bool(half_p < 0.05 or (skew_p < 0.1 and half_p < 0.1))
    g = 0 if labels is None else len(np.unique(labels[seen]))
    return PCurve(
        int(seen.sum()), int(half.sum()), right, skew_p, right_half, half_p, flat, flat_p, evidential, bool(flat_p < 0.05), g, np.sort(p[seen]), alpha
    )


def _of(labels: Any, chosen: Any) -> Any:
    return None if labels is None else labels[chosen]


def _stouffer(z: Array, labels: Any) -> float:
    if len(z) < 2:
        return float("nan")
    if labels is None:
        return float(z.sum() / np.sqrt(len(z)))
    code = groups(labels, len(z), what="cluster")
    total = code.sums(z[code.order])
    return float(total.sum() / np.sqrt(total @ total)) if code.count > 1 else float("nan")
