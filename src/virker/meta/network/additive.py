"""Additive component network meta-analysis: the effect of a combined programme is the sum of its components'.

Welton et al. (2009, doi:10.1093/aje/kwp014); Rücker, Petropoulou & Schwarzer (2020, doi:10.1002/bimj.201800167).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.network.contrasts import Contrasts, Labels, Rows, contrasts, parts_of, rows_of
from virker.meta.network.design import Space, fit_rows, hold, pairwise
from virker.meta.network.model import heterogeneity, known, likelihood, spread
from virker.meta.plain import p_value, plain
from virker.meta.results import Coefficients, Result
from virker.meta.tau2 import Method, known_method
from virker.meta.tests import chi2_upper, coefficients, known_level


@dataclass(frozen=True, slots=True)
class Additivity(Result):
    """Do sums of components explain the treatments? Q of the additive model less Q of a model with an effect for each treatment."""

    q: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class ComponentModel(Result):
    """A fitted additive model.

    Attributes
    ----------
    coefficients : effect that each component adds; NaN where the studies do not tell it apart.
    unidentified : names of those.
    treatments : n combinations as they were named, sorted.
    estimate, se : (n, n) row minus column; NaN where the difference cannot be estimated.
    tau2, tau2_se, i2, q, q_df, q_p, log_likelihood : as of :class:`NetworkModel`.
    additivity : test of the sum against an effect for each treatment. A large p-value is no proof: it has little power.
    parts : treatments that studies connect, part by part. Sums may join several.
    k, g, m, method, level, inactive : as asked for.
    """

    coefficients: Coefficients
    unidentified: tuple[str, ...]
    treatments: tuple[str, ...]
    estimate: Array
    se: Array
    tau2: float
    tau2_se: float
    i2: float
    q: float
    q_df: int
    q_p: float
    log_likelihood: float
    additivity: Additivity
    parts: tuple[tuple[str, ...], ...]
    k: int
    g: int
    m: int
    method: Method
    level: float
    inactive: str | None
    separator: str
    interactions: tuple[tuple[str, str], ...]
    data: Contrasts = field(repr=False)
    rows_used: Rows = field(repr=False)
    C: Array = field(repr=False)
    _space: Space = field(repr=False)
    _beta: Array = field(repr=False)
    _vcov: Array = field(repr=False)

    def contrast(self, a: str, b: str) -> tuple[float, float]:
        """Effect of the combination ``a`` minus ``b``, and its standard error, also of combinations that no study tried; NaN where not estimable."""
        names = self.coefficients.names
        h = _row(a, names, self.inactive, self.separator, self.interactions) - _row(b, names, self.inactive, self.separator, self.interactions)
        if not self._space.sees(h):
            return float("nan"), float("nan")
        turned = h @ self._space.basis
        return float(turned @ self._beta), float(np.sqrt(turned @ self._vcov @ turned))

    def to_dict(self) -> dict[str, Any]:
        """All numbers, as JSON takes them; without the data."""
        return dict(plain(self, leave_out=("data", "rows_used", "C", "_space", "_beta", "_vcov")))

    def __str__(self) -> str:
        kind = "common effect" if self.method == "common" else f"random effects ({self.method})"
        lines = [
            f"Additive component network meta-analysis, {kind}: {len(self.treatments)} treatments, {self.g} studies, {self.m} contrasts",
            str(self.coefficients),
            heterogeneity(self.tau2, self.i2, self.q, self.q_df, self.q_p),
            f"Additivity: Q({self.additivity.df}) = {self.additivity.q:.4f}, p {p_value(self.additivity.p)}",
        ]
        if self.unidentified:
            lines.append(f"Not told apart by these studies: {', '.join(self.unidentified)}.")
        if len(self.parts) > 1:
            lines.append(f"The network has {len(self.parts)} parts; comparisons between them rest on additivity alone.")
        return "\n".join(lines)


def fit_components(
    y: ArrayLike,
    v: ArrayLike,
    treat1: Labels,
    treat2: Labels,
    study: Labels,
    *,
    inactive: str | None = None,
    separator: str = "+",
    interactions: Sequence[tuple[str, str]] = (),
    method: Method = "reml",
    level: float = 0.95,
) -> ComponentModel:
    """Fit effects of components to contrasts between combinations of them.

    Parameters
    ----------
    y, v, treat1, treat2, study : as of :func:`fit_network`; a combination is named by its components, such as "meetings + job-search".
    inactive : component without an effect, such as "control"; without one, only differences between combinations are estimated.
    separator : what stands between components in a name.
    interactions : pairs of components that together do more, or less, than their sum; each gets an effect of its own.
    method, level : as of :func:`fit_network`.

    Raises
    ------
    InputError
        Contrasts or names that cannot be; an inactive component or an interaction that no study has.

    Notes
    -----
    The network may have several parts where combinations share components. What the studies cannot tell apart, such as two components that
    always come together, is NaN and named in ``unidentified``; differences that do not need it are still estimated. Standard network
    meta-analysis is the case where no name has two components.

    **When it misleads.** Components are rarely independent of the people who got them, and a sum on one scale is no sum on another: effects that add
    in percentage points do not add in odds ratios.

    Examples
    --------
    >>> found = fit_components([0.10, 0.05, 0.16], [0.01, 0.01, 0.02], ["a", "b", "a+b"], ["none"] * 3, [1, 2, 3], inactive="none", method="common")
    >>> found.coefficients.names
    ('a', 'b')
    >>> found.additivity.df
    1
    """
    known_method(method)
    known_level(level)
    if method == "genq":
        raise InputError("method 'genq' needs weights, which a network does not take. Take 'dl'.")
    data = contrasts(y, v, treat1, treat2, study)
    names, C, pairs = _components(data.treatments, inactive, separator, interactions)
    rows = rows_of(data)
    if not (rows.X @ C).any():
        raise InputError("No contrast differs in its components: there is nothing to estimate.")
    space, model = fit_rows(rows, C, method, level)
    estimate, se = pairwise(C, space, model.beta, model.coefficients.vcov)
    standard = hold(rows, np.eye(len(data.treatments)), 0.0)
    shared = spread(model)
    df = shared["q_df"] - standard.df
    q = max(0.0, shared["q"] - standard.q) if df else 0.0
    seen = space.sees(np.eye(len(names)))
    return ComponentModel(
        coefficients=_table(space, model.beta, model.coefficients.vcov, seen, names, level),
        unidentified=tuple(name for name, one in zip(names, seen, strict=True) if not one),
        treatments=data.treatments,
        estimate=estimate,
        se=se,
        log_likelihood=likelihood(model, rows),
        additivity=Additivity(q, df, float(chi2_upper(q, df))),
        parts=tuple(parts_of(data)),
        **shared,
        g=len(data.studies),
        m=len(data.y),
        method=method,
        level=level,
        inactive=inactive,
        separator=separator,
        interactions=pairs,
        data=data,
        rows_used=rows,
        C=C,
        _space=space,
        _beta=model.beta,
        _vcov=model.coefficients.vcov,
    )


def _table(space: Space, beta: Array, vcov: Array, seen: Array, names: tuple[str, ...], level: float) -> Coefficients:
    """The components' effects; NaN in every number of those that are not estimable."""
    covariance = space.basis @ vcov @ space.basis.T
    blind = np.where(seen, 1.0, np.nan)
    return coefficients(blind * (space.basis @ beta), covariance * np.outer(blind, blind), level=level, names=names)


def _components(
    treatments: tuple[str, ...], inactive: str | None, separator: str, interactions: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], Array, tuple[tuple[str, str], ...]]:
    """Names of the components, which treatment has which (n, c), and the interactions, each in the order of their names."""
    if not separator.strip():
        raise InputError("separator must be a sign that stands between components, such as '+'.")
    split = {t: [part.strip() for part in t.split(separator)] for t in treatments}
    problems = [f"'{t}': a component without a name." for t, parts in split.items() if not all(parts)]
    problems += [f"'{t}': '{part}' is named twice." for t, parts in split.items() for part in {p for p in parts if p and parts.count(p) > 1}]
    single = tuple(sorted({part for parts in split.values() for part in parts if part} - {inactive}))
    if inactive is not None and not any(inactive in parts for parts in split.values()):
        known(inactive, single, "component")
    pairs = tuple((min(a, b), max(a, b)) for a, b in interactions)
    for a, b in pairs:
        known(a, single, "component")
        known(b, single, "component")
        if not any(a in parts and b in parts for parts in split.values()):
            problems.append(f"interaction of '{a}' and '{b}': no treatment has both.")
    if problems:
        raise InputError("\n".join(problems))
    names = (*single, *(f"{a}*{b}" for a, b in pairs))
    return names, np.array([_row(t, names, inactive, separator, pairs) for t in treatments]), pairs


def _row(treatment: str, names: tuple[str, ...], inactive: str | None, separator: str, pairs: tuple[tuple[str, str], ...]) -> Array:
    """Which components and interactions a combination has (c,)."""
    parts = {part.strip() for part in treatment.split(separator)} - {inactive}
    single = names[: len(names) - len(pairs)]
    for part in parts:
        known(part, single, "component")
    return np.array([float(name in parts) for name in single] + [float(a in parts and b in parts) for a, b in pairs])
