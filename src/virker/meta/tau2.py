"""Estimators of the between-study variance tau2, each for a batch of fits at once.

=========  ==========================================================================================
``dl``     DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2
``he``     Hedges & Olkin 1985; unweighted moments
``hs``     Hunter & Schmidt 1990; ``hsk`` with a small-sample correction (Brannick et al. 2019)
``sj``     Sidik & Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x (start: the variance of y); ``sjit`` iterated until it stands still
``pm``     Paule & Mandel 1982; ``pmm`` median-unbiased; ``eb`` empirical Bayes (Morris 1983), the same equation
``ml``     maximum likelihood; ``reml`` restricted (Viechtbauer 2005, doi:10.3102/10769986030003261)
``genq``   generalised Q with given weights (DerSimonian & Kacker 2007, doi:10.1016/j.cct.2006.04.004); ``genqm`` median-unbiased (Viechtbauer 2021)
=========  ==========================================================================================

Likelihoods may have several optima. All are found (:mod:`virker.meta.roots`), and the highest wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from virker.errors import nearest
from virker.meta import special
from virker.meta.batch import Array, Batch, cross, heavy, moment, solve, trace_of_product
from virker.meta.errors import InputError
from virker.meta.projector import traces
from virker.meta.quadratic_forms import median_unbiased
from virker.meta.roots import Kind, crossings

Method = Literal["common", "dl", "he", "hs", "hsk", "sj", "sjit", "pm", "pmm", "ml", "reml", "eb", "genq", "genqm"]
METHODS: tuple[str, ...] = get_args(Method)
#: Those that need weights of their own.
WEIGHTED: tuple[Method, ...] = ("genq", "genqm")


@dataclass(frozen=True, slots=True)
class Tau2:
    """Estimates of tau2 for B fits.

    Attributes
    ----------
    tau2 : (B,) squared unit of y.
    optima : (B,) how many local optima the likelihood has (``ml``, ``reml``); 1 for the other estimators.
    """

    tau2: Array
    optima: Array


def known_method(method: str) -> None:
    """Refuse an estimator that does not exist."""
    if method not in METHODS:
        raise InputError(f"No method '{method}': {nearest(method, METHODS)} The methods are {', '.join(METHODS)}.")


def estimate(batch: Batch, method: Method, weights: Array | None = None) -> Tau2:
    """tau2 by ``method`` for each fit; 0 where n = p, because nothing is left to estimate it from.

    ``weights`` (k,) are those of ``genq`` and ``genqm``. All fits must be determined (:func:`virker.meta.batch.determined`).
    """
    free = batch.n > batch.p
    if method == "common" or not free.any():
        return _single(np.zeros(batch.size))
    if not free.all():
        part = estimate(batch.take(np.flatnonzero(free)), method, weights)
        tau2, optima = np.zeros(batch.size), np.ones(batch.size, dtype=np.int64)
        tau2[free], optima[free] = part.tau2, part.optima
        return Tau2(tau2, optima)
    df = batch.n - batch.p
    if method in ("ml", "reml"):
        return _likelihood(batch, "ml" if method == "ml" else "reml")
    if method in ("pm", "eb", "sjit"):
        return _single(_only(batch, df))
    if method == "pmm":
        return _single(_only(batch, special.chdtri(df, 0.5)))
    if method in WEIGHTED:
        if weights is None:
            raise InputError(f"method '{method}' needs weights, one for each estimate.")
        return _single(generalised_q(batch, weights[None]) if method == "genq" else median_unbiased(batch, weights[None]))
    return _single({"dl": dersimonian_laird, "he": hedges, "hs": hunter_schmidt, "hsk": hunter_schmidt_k, "sj": sidik_jonkman}[method](batch))


def _single(tau2: Array) -> Tau2:
    return Tau2(np.broadcast_to(tau2, np.shape(tau2)), np.ones(len(tau2), dtype=np.int64))


def generalised_q(batch: Batch, a: Array) -> Array:
    """(Q_a - tr(P_a V)) / tr(P_a), not below 0: the moment estimator with the weights ``a`` (1 or B, k)."""
    q, trace, noise, _ = moment(batch, a)
    return np.broadcast_to(np.maximum((q - noise) / trace, 0.0), (batch.size,))


def dersimonian_laird(batch: Batch) -> Array:
    """(Q - (n - p)) / tr(P), not below 0, with inverse-variance weights."""
    return generalised_q(batch, 1.0 / batch.v)


def hedges(batch: Batch) -> Array:
    """The moment estimator with equal weights."""
    return generalised_q(batch, np.ones((1, batch.v.shape[1])))


def hunter_schmidt(batch: Batch) -> Array:
    """(Q - n) / sum of the weights, not below 0."""
    w = batch.m / batch.v
    q = (w * solve(batch, w).r ** 2).sum(axis=1)
    return np.broadcast_to(np.maximum((q - batch.n) / w.sum(axis=1), 0.0), (batch.size,))


def hunter_schmidt_k(batch: Batch) -> Array:
    """(Q n / (n - p) - n) / sum of the weights, not below 0."""
    w = batch.m / batch.v
    q = (w * solve(batch, w).r ** 2).sum(axis=1)
    n = batch.n
    return np.broadcast_to(np.maximum((q * n / (n - batch.p) - n) / w.sum(axis=1), 0.0), (batch.size,))


def spread(batch: Batch) -> Array:
    """(B,) the variance of y around its plain mean, divided by n: where ``sj`` starts, with or without moderators."""
    n = batch.m.sum(axis=1)
    mean = (batch.m * batch.y).sum(axis=1) / n
    return np.broadcast_to((batch.m * (batch.y - mean[:, None]) ** 2).sum(axis=1) / n, (batch.size,))


def sidik_jonkman(batch: Batch) -> Array:
    """t0 Q(t0) / (n - p), with t0 the variance of y and Q by the weights 1 / (v + t0)."""
    t0 = spread(batch)
    w = batch.m / (batch.v + t0[:, None])
    return np.asarray(t0 * (w * solve(batch, w).r ** 2).sum(axis=1) / (batch.n - batch.p))


def _only(batch: Batch, target: Array) -> Array:
    """Where Q(t) = ``target``; Q falls in t, so there is one root or none, and then 0."""
    found = crossings(batch, "q", target)
    out = np.zeros(batch.size)
    out[found.row] = found.t
    return out


def _likelihood(batch: Batch, kind: Kind) -> Tau2:
    """The highest of all local optima; t = 0 is one where the likelihood falls from there."""
    found = crossings(batch, kind)
    out = np.zeros(batch.size)
    at_zero = found.start <= 0
    optima = np.bincount(found.row, minlength=batch.size) + at_zero
    if (optima <= 1).all():
        out[found.row] = found.t
        return Tau2(out, np.maximum(optima, 1))
    out[found.row] = found.t
    several = optima > 1
    zero, some = np.flatnonzero(at_zero & several), several[found.row]
    row, t = np.concatenate([found.row[some], zero]), np.concatenate([found.t[some], np.zeros(len(zero))])
    height = log_likelihood(batch.take(row), t, restricted=kind == "reml")
    order = np.lexsort((height, row))
    out[row[order]] = t[order]  # the last one written is the highest
    return Tau2(out, np.maximum(optima, 1))


def log_likelihood(batch: Batch, t: Array, *, restricted: bool) -> Array:
    """(R,) profile log-likelihood at ``t`` (R,), constants included; restricted with log |X'X| (Harville 1974)."""
    total = batch.v + t[:, None]
    w = batch.m / total
    fit = solve(batch, w)
    rss = (w * fit.r * fit.r).sum(axis=1)
    logs = (batch.m * np.log(total)).sum(axis=1)
    n = batch.m.sum(axis=1)
    if not restricted:
        return np.asarray(-0.5 * (n * np.log(2 * np.pi) + logs + rss))
    fixed = np.linalg.slogdet(cross(batch, np.broadcast_to(batch.m, (max(len(batch.m), len(batch.X)), batch.m.shape[1]))))[1]
    return np.asarray(-0.5 * ((n - batch.p) * np.log(2 * np.pi) - fixed + logs + np.linalg.slogdet(fit.A)[1] + rss))


def score(batch: Batch, t: Array, *, restricted: bool) -> Array:
    """(R,) derivative of the log-likelihood in tau2 at ``t`` (R,): (y'PPy - tr P) / 2, with the sum of the weights for tr P where not restricted."""
    w0 = 1.0 / (batch.v + t[:, None])
    w = batch.m * w0
    fit = solve(batch, w)
    bottom = w.sum(axis=1)
    if restricted:
        bottom = bottom - trace_of_product(fit.inverse, cross(batch, w * w0))
    return np.asarray(0.5 * ((w * w0 * fit.r * fit.r).sum(axis=1) - bottom))


def standard_error(batch: Batch, method: Method, tau2: Array, weights: Array | None = None) -> Array:
    """(B,) standard error of tau2: from the expected information, or from the variance 2 tr(AVAV) of the quadratic form y'Ay of a moment estimator."""
    v, m, n, p = batch.v, batch.m, batch.n, batch.p
    w0 = 1.0 / (v + tau2[:, None])
    w = m * w0
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "ml":
            return np.asarray(np.sqrt(2.0 / (w * w0).sum(axis=1)))
        if method == "reml":
            _, squares = _traces(batch, w0, w0)
            return np.asarray(np.sqrt(2.0 / squares))
        if method in ("pm", "pmm", "eb", "sjit"):
            return np.asarray(np.sqrt(2.0 * n * n / (n - p)) / w.sum(axis=1))
        if method in ("dl", "hs", "hsk"):
            trace, squares = _traces(batch, 1.0 / v, w0)
            scale = {"dl": 1.0 / trace, "hs": 1.0 / (m / v).sum(axis=1), "hsk": n / (n - p) / (m / v).sum(axis=1)}[method]
            return np.asarray(np.sqrt(2.0 * squares) * scale)
        if method in ("he", *WEIGHTED):
            trace, squares = _traces(batch, np.ones_like(v) if weights is None else weights[None], w0)
            return np.asarray(np.sqrt(2.0 * squares) / trace)
        if method == "sj":
            t0 = spread(batch)
            _, squares = _traces(batch, 1.0 / (v + t0[:, None]), w0)
            return np.asarray(np.sqrt(2.0 * squares) * t0 / (n - p))
    return np.full(batch.size, np.nan)


def _traces(batch: Batch, a: Array, w0: Array) -> tuple[Array, Array]:
    """tr(P) of the weights ``a``, and tr(P V P V) with V = 1 / ``w0`` (tr(P P) where ``a`` is ``w0``: then V drops out by convention)."""
    w = batch.m * a
    fit = solve(batch, w)
    inv = fit.inverse
    if batch.size == 1 and heavy(batch, fit, w):
        exact = traces(batch.X[0], a[0], 1.0 / w0[0])
        return np.array([exact.p]), np.array([traces(batch.X[0], a[0], np.ones_like(a[0])).pvpv if a is w0 else exact.pvpv])
    A2 = cross(batch, w * a)
    trace = w.sum(axis=1) - trace_of_product(inv, A2)
    if a is w0:
        H = np.matmul(inv, A2)
        return trace, (w * a).sum(axis=1) - 2.0 * trace_of_product(inv, cross(batch, w * a * a)) + trace_of_product(H, H.transpose(0, 2, 1))
    u = a / w0  # a V
    K = np.matmul(inv, cross(batch, w * u))
    return trace, (batch.m * u * u).sum(axis=1) - 2.0 * trace_of_product(inv, cross(batch, w * u * u)) + trace_of_product(K, K.transpose(0, 2, 1))
