"""Tables of a network: every treatment against every other, and P-scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from virker.meta import special
from virker.meta.data import Array
from virker.meta.errors import InputError
from virker.meta.plain import plain, short, table
from virker.meta.results import Result
from virker.meta.tests import critical, known_level, two_sided

Good = Literal["high", "low"]


class Compared(Protocol):
    """A model with all contrasts: :class:`NetworkModel` or :class:`ComponentModel`."""

    @property
    def treatments(self) -> tuple[str, ...]: ...
    @property
    def estimate(self) -> Array: ...
    @property
    def se(self) -> Array: ...
    @property
    def level(self) -> float: ...


@dataclass(frozen=True, slots=True)
class League(Result):
    """Every treatment against every other, (n, n), row minus column; NaN where a difference cannot be estimated."""

    treatments: tuple[str, ...]
    estimate: Array
    low: Array
    high: Array
    p: Array

    def columns(self) -> dict[str, list[Any]]:
        """A row for each pair, the first by name first."""
        a, b = np.triu_indices(len(self.treatments), 1)
        names = {"treat1": [self.treatments[i] for i in a], "treat2": [self.treatments[i] for i in b]}
        return {**names, **{name: plain(getattr(self, name)[a, b]) for name in ("estimate", "low", "high", "p")}}

    def __str__(self) -> str:
        n = len(self.treatments)
        cells = [[self._cell(i, j) for j in range(n)] for i in range(n)]
        return table(["row minus column", *self.treatments], [[self.treatments[i], *cells[i]] for i in range(n)])

    def _cell(self, i: int, j: int) -> str:
        if i == j:
            return "."
        numbers = (self.estimate[i, j], self.low[i, j], self.high[i, j])
        return "–" if np.isnan(numbers[0]) else "{} ({}; {})".format(*(short(float(x)) for x in numbers))


@dataclass(frozen=True, slots=True)
class Ranking(Result):
    """P-scores, the best first, all (n,).

    Attributes
    ----------
    treatment, score : how sure one is that the treatment beats another one, averaged over the others; 0.5 where nothing tells.
    good : is a high effect good, or a low one?
    """

    treatment: tuple[str, ...]
    score: Array
    good: Good

    def __str__(self) -> str:
        rows = [[name, f"{score:.3f}"] for name, score in zip(self.treatment, self.score, strict=True)]
        warning = "A rank is no effect: differences may be small, unsure, or both. Read the estimates with their intervals first."
        return f"{table(['', 'P-score'], rows)}\n{warning}"


def league(model: Compared, *, level: float | None = None) -> League:
    """All contrasts with confidence limits and p-values, (n, n); ``level`` by default that of the model."""
    chosen = model.level if level is None else level
    known_level(chosen)
    half = critical(None, chosen) * model.se
    with np.errstate(divide="ignore", invalid="ignore"):
        p = two_sided(np.where(model.se > 0, model.estimate / model.se, np.nan))
    return League(model.treatments, model.estimate, model.estimate - half, model.estimate + half, p)


def p_scores(model: Compared, *, good: Good = "high") -> Ranking:
    """P-scores (Rücker & Schwarzer 2015, doi:10.1186/s12874-015-0060-8): mean over the others of P(better), from estimates and standard errors.

    **When it misleads.** Often. The score mixes size and certainty; a treatment tried in one small study comes out near 0.5 or on top by chance; and a
    list from best to worst is read as if the steps were known to be real. Pairs that cannot be compared are refused.
    """
    if good not in ("high", "low"):
        raise InputError(f"good must be 'high' or 'low', and is '{good}'.")
    n = len(model.treatments)
    if np.isnan(model.estimate).any():
        i, j = np.argwhere(np.isnan(model.estimate))[0]
        raise InputError(f"No ranking: '{model.treatments[i]}' and '{model.treatments[j]}' cannot be compared.")
    sign = 1.0 if good == "high" else -1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        z = sign * model.estimate / model.se
    better = special.ndtr(np.where(model.se > 0, z, 0.0))
    score = (better.sum(axis=1) - np.diag(better)) / (n - 1)
    order = sorted(range(n), key=lambda i: (-score[i], model.treatments[i]))
    return Ranking(tuple(model.treatments[i] for i in order), score[order], good)
