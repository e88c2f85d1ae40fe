"""What every effect size has: an estimate and its sampling variance for each of k studies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.errors import InputError
from virker.meta.results import Result

Array = NDArray[np.float64]
#: What happens to a study whose effect or variance does not exist: a :class:`~virker.meta.errors.InputError` that names it, or it is
#: left as it is computed (nan, infinite, or a variance of 0) for the caller to drop.
Undefined = Literal["error", "keep"]


@dataclass(frozen=True, slots=True, eq=False)
class EffectSizes(Result):
    """Estimates of one measure, and their sampling variances.

    Attributes
    ----------
    y : ndarray of shape (k,)
        The estimates, on the scale on which they are pooled (a ratio is a log ratio).
    v : ndarray of shape (k,)
        Sampling variances, in the squared unit of ``y``.
    measure : str
        The measure's name.
    """

    y: Array
    v: Array
    measure: str

    @property
    def se(self) -> Array:
        """Standard errors, shape (k,)."""
        return np.sqrt(self.v)

    @property
    def k(self) -> int:
        """Number of estimates."""
        return len(self.y)


def columns(**given: ArrayLike) -> dict[str, Array]:
    """The named columns as float64 arrays of one common length; a single number is repeated.

    A missing value may be ``nan`` or ``None``. Raises :class:`InputError` for a column that is not one-dimensional or not numbers, for an
    infinite value, and for lengths that differ.
    """
    found: dict[str, Array] = {}
    for name, value in given.items():
        try:
            column = np.atleast_1d(np.asarray(value, dtype=np.float64))
        except (TypeError, ValueError) as error:
            raise InputError(f"{name} must be numbers: {error}") from None
        if column.ndim != 1:
            raise InputError(f"{name} has shape {column.shape}: it must be one column")
        if np.isinf(column).any():
            raise InputError(f"{name} is infinite at {places(np.isinf(column))}")
        found[name] = column
    lengths = {name: len(column) for name, column in found.items() if len(column) != 1}
    if len(set(lengths.values())) > 1:
        raise InputError("The columns have different lengths: " + ", ".join(f"{name} {length}" for name, length in lengths.items()))
    length = next(iter(lengths.values()), 1)
    return {name: np.broadcast_to(column, length) for name, column in found.items()}


def demand(holds: NDArray[np.bool_], what: str, missing: NDArray[np.bool_] | None = None) -> None:
    """:class:`InputError` naming the places where ``holds`` is false; a missing value is no violation."""
    broken = ~holds if missing is None else ~holds & ~missing
    if broken.any():
        raise InputError(f"{what}; not so at {places(broken)}")


def counts(**given: Array) -> None:
    """Demand that the columns are counts or amounts: none below 0."""
    for name, column in given.items():
        demand(column >= 0, f"{name} must be 0 or more", np.isnan(column))


def positive(**given: Array) -> None:
    """Demand that the columns are above 0."""
    for name, column in given.items():
        demand(column > 0, f"{name} must be above 0", np.isnan(column))


def places(where: NDArray[np.bool_]) -> str:
    """``position 3`` or ``positions 0, 4, 5 …``, counted from 0."""
    index = np.flatnonzero(where)
    shown = ", ".join(str(i) for i in index[:8]) + (" …" if len(index) > 8 else "")
    return f"position{'s' if len(index) > 1 else ''} {shown}"


def sizes(measure: str, y: Array, v: Array, *, undefined: Undefined, why: str) -> EffectSizes:
    """The result, after the question whether every study has an effect and a variance above 0. ``why`` says what a study may lack."""
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    gone = ~(np.isfinite(y) & np.isfinite(v) & (v > 0))
    if undefined == "error" and gone.any():
        raise InputError(
            f"{measure}: no effect size or no sampling variance at {places(gone)}: {why}.\n    → drop these studies, or pass undefined='keep' and look at them"
        )
    return EffectSizes(y, v, measure)


def unknown(measure: str, known: tuple[str, ...], family: str) -> InputError:
    """The error for a measure that the family does not have."""
    return InputError(f"'{measure}' is no measure of {family}; choose one of: {', '.join(known)}")


def small_sample(m: Array) -> Array:
    """Hedges' exact factor ``J(m) = Γ(m/2) / (√(m/2)·Γ((m − 1)/2))``, nan for m ≤ 1 (Hedges 1981, doi:10.3102/10769986006002107)."""
    from scipy.special import gammaln

    inside = np.where(m > 1, m, np.nan)
    return np.asarray(np.exp(gammaln(inside / 2) - 0.5 * np.log(inside / 2) - gammaln((inside - 1) / 2)))


def weighted_mean(x: Array, weight: Array) -> Array:
    """The mean of ``x`` with ``weight``, over the studies where both are known, repeated for each of them."""
    known = np.isfinite(x) & np.isfinite(weight)
    return np.full(len(x), np.sum((x * weight)[known]) / np.sum(weight[known]) if known.any() else np.nan)
