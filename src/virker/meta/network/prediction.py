"""Where the effects of a new study would lie: prediction intervals for every pair of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.network.ranking import Compared
from virker.meta.plain import plain, short, table
from virker.meta.results import Result
from virker.meta.tests import critical, known_level


class Spread(Compared, Protocol):
    """A model that knows how studies differ: :class:`NetworkModel` or :class:`ComponentModel`."""

    @property
    def tau2(self) -> float: ...
    @property
    def k(self) -> int: ...
    @property
    def g(self) -> int: ...
    @property
    def q_df(self) -> int: ...


@dataclass(frozen=True, slots=True)
class NetworkPrediction(Result):
    """Every pair, (n, n), row minus column; NaN where a difference cannot be estimated.

    Attributes
    ----------
    treatments : n names.
    estimate, ci_low, ci_high : the mean effect and its confidence interval, as in the model.
    pi_low, pi_high : where the true effect of a new study lies; NaN where there are too few degrees of freedom.
    df : degrees of freedom of the prediction intervals; infinite for the normal, which is None in JSON.
    """

    treatments: tuple[str, ...]
    estimate: Array
    ci_low: Array
    ci_high: Array
    pi_low: Array
    pi_high: Array
    df: float

    def columns(self) -> dict[str, list[Any]]:
        """A row for each pair, the first by name first."""
        a, b = np.triu_indices(len(self.treatments), 1)
        names = {"treat1": [self.treatments[i] for i in a], "treat2": [self.treatments[i] for i in b]}
        return {**names, **{name: plain(getattr(self, name)[a, b]) for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")}}

    def __str__(self) -> str:
        columns = self.columns()
        names = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
        pairs = zip(columns["treat1"], columns["treat2"], strict=True)
        rows = [[f"{a} - {b}", *(short(columns[name][i]) for name in names)] for i, (a, b) in enumerate(pairs)]
        law = "normal distribution" if np.isinf(self.df) else f"t distribution with {self.df:g} degrees of freedom"
        told = f"pi: where the true effect of a new study lies; {law}" if self.df > 0 else "No prediction intervals: too few studies."
        return f"{table(['', *names], rows)}\n{told}"


def predict_contrasts(model: Spread, *, df: float | None = None, level: float | None = None) -> NetworkPrediction:
    """Prediction intervals of all contrasts, estimate ± c sqrt(tau2 + se²), tau2 the variance of a contrast between studies.

    c is of Student's t with ``df`` degrees of freedom, the form of Higgins, Thompson & Spiegelhalter (2009, doi:10.1111/j.1467-985X.2008.00552.x).
    By default ``df`` is the number of studies less that of estimated effects less one, theirs for two treatments: studies less two. For networks
    no single count is settled, so another one, or infinity for the normal distribution, may be given. Where it is below one, there is no interval.

    **When it misleads.** tau2 is taken as known. With few studies the intervals are too narrow: Noma, Hamura, Sugasawa & Furukawa (2023, Research
    Synthesis Methods) show it for networks. One tau2 for all contrasts is an assumption as well.

    Examples
    --------
    >>> from virker.meta.network import fit_network
    >>> trials = [0.30, 0.10, 0.42, 0.05, 0.21], [0.01, 0.01, 0.02, 0.01, 0.02], ["a", "b", "a", "b", "a"], ["c", "c", "c", "c", "b"], range(5)
    >>> print(predict_contrasts(fit_network(*trials)))
           estimate   ci_low  ci_high   pi_low  pi_high
    a - b    0.2447   0.0765   0.4130  -0.1246   0.6141
    a - c    0.3284   0.1862   0.4706   0.0163   0.6406
    b - c    0.0837  -0.0435   0.2109  -0.1955   0.3629
    pi: where the true effect of a new study lies; t distribution with 2 degrees of freedom
    """
    if df is not None and not df > 0:
        raise InputError(f"df must be above zero, and is {df}.")
    chosen = model.level if level is None else level
    known_level(chosen)
    free = float(model.g - (model.k - model.q_df) - 1) if df is None else float(df)
    half = critical(None, chosen) * model.se
    c = critical(None if np.isinf(free) else np.array(free), chosen) if free >= 1 or df is not None else float("nan")
    reach = np.where(np.eye(len(model.treatments)) > 0, 0.0, c * np.sqrt(model.tau2 + model.se**2))
    e = model.estimate
    return NetworkPrediction(model.treatments, e, e - half, e + half, e - reach, e + reach, max(free, 0.0))
