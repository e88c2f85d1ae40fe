"""Estimates, their sampling variances and the moderators, checked once.

The checks stand here so that every model says the same about the same fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.errors import CollinearError, InputError, TooFew

Array = NDArray[np.float64]

# Columns count as dependent below this ratio of singular values, each column scaled to length one: a year and an intercept have 1e-4.
_DEPENDENT = 1e-10
# Beyond these, powers of the variances leave what a floating-point number can hold. No effect in a unit that somebody uses comes near.
_LARGEST_Y, _LEAST_V, _LARGEST_V = 1e50, 1e-70, 1e70


@dataclass(frozen=True, slots=True)
class Data:
    """What a model is fitted to.

    Attributes
    ----------
    y : (k,) estimates, any unit.
    v : (k,) sampling variances, the unit of ``y`` squared, all above zero.
    X : (k, p) design matrix, its intercept included.
    names : p names of the columns.
    intercept : is the first column constant and not zero? Tests of "all moderators" leave it out.
    """

    y: Array
    v: Array
    X: Array
    names: tuple[str, ...]
    intercept: bool

    @property
    def k(self) -> int:
        """Number of estimates."""
        return len(self.y)

    @property
    def p(self) -> int:
        """Number of coefficients."""
        return int(self.X.shape[1])


def vector(values: ArrayLike, name: str, k: int | None = None) -> Array:
    """``values`` as k finite floats; an InputError says which are not."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be numbers: {error}") from None
    if array.ndim != 1:
        raise InputError(f"{name} must have one dimension, and has the shape {array.shape}.")
    if k is not None and len(array) != k:
        raise InputError(f"{name} has {len(array)} values, where {k} are needed: one for each estimate.")
    if not np.isfinite(array).all():
        raise InputError(f"{name} is missing or infinite at {_places(~np.isfinite(array))}: leave these estimates out.")
    return array


def data(y: ArrayLike, v: ArrayLike, X: ArrayLike | None = None, names: Sequence[str] | None = None) -> Data:
    """Check and keep ``y`` (k,), ``v`` (k,) and ``X`` (k, p); without ``X``, one column of ones.

    Raises
    ------
    InputError
        Wrong shapes, missing or infinite values, variances that are not positive, fewer estimates than coefficients.
    CollinearError
        Columns of ``X`` that depend on each other.
    """
    problems: list[InputError] = []
    estimates = _told(problems, vector, y, "y")
    k = None if problems else len(estimates)
    if k == 0:
        raise InputError("y is empty: at least one estimate is needed.")
    variances = _told(problems, _variances, v, k)
    design = np.ones((k or 1, 1)) if X is None or k is None else _told(problems, _design, X, k, names)
    if not problems:
        _told(problems, within_reach, estimates, variances)
    if problems:
        raise problems[0] if len(problems) == 1 else InputError("\n".join(map(str, problems)))
    if X is None:
        return Data(estimates, variances, design, ("intercept",), True)
    p = design.shape[1]
    labels = tuple(names) if names is not None else tuple("intercept" if j == 0 and _constant(design) else f"x{j}" for j in range(p))
    return Data(estimates, variances, design, labels, _constant(design))


def _told(problems: list[InputError], check: Callable[..., Any], *arguments: Any) -> Any:
    """What ``check`` gives; what it says is wrong is kept, so that all problems are told at once."""
    try:
        return check(*arguments)
    except InputError as error:
        problems.append(error)
        return None


def _variances(values: ArrayLike, k: int | None) -> Array:
    v = vector(values, "v", k)
    if len(v) and v.min() <= 0:
        raise InputError(f"v must be above zero, and is not at {_places(v <= 0)}: a sampling variance of zero says that the effect is known exactly.")
    return v


def within_reach(y: Array, v: Array) -> None:
    """Refuse numbers whose powers leave what a floating-point number can hold."""
    problems = []
    if np.abs(y).max() > _LARGEST_Y:
        problems.append(f"y is above {_LARGEST_Y:g} in size at {_places(np.abs(y) > _LARGEST_Y)}: write it in another unit.")
    if v.min() < _LEAST_V or v.max() > _LARGEST_V:
        problems.append(
            f"v is outside {_LEAST_V:g} to {_LARGEST_V:g} at {_places((v < _LEAST_V) | (v > _LARGEST_V))}: write y in another unit, v in its square."
        )
    if problems:
        raise InputError("\n".join(problems))


def _design(X: ArrayLike, k: int, names: Sequence[str] | None) -> Array:
    try:
        design = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"X must be numbers: {error}") from None
    if design.ndim != 2 or design.shape[0] != k:
        raise InputError(f"X must have the shape ({k}, p): a row for each estimate, the intercept its first column; it has {design.shape}.")
    p = design.shape[1]
    if names is not None and len(names) != p:
        raise InputError(f"{len(names)} names for {p} columns of X.")
    if not np.isfinite(design).all():
        raise InputError(f"X is missing or infinite in rows {_places(np.logical_not(np.isfinite(design).all(axis=1)))}: leave these estimates out.")
    if p == 0:
        raise InputError("X has no columns: its first is the intercept, a column of ones.")
    if p > k:
        raise TooFew(f"{k} estimates cannot give {p} coefficients.", have=k, least=p)
    _independent(design, names)
    return design


def _independent(design: Array, names: Sequence[str] | None) -> None:
    p = design.shape[1]
    label = [repr(name) for name in names] if names is not None else [f"column {j}" for j in range(p)]
    length = np.sqrt((design * design).sum(axis=0))
    if not length.all():
        raise CollinearError(f"X has only zeros in {', '.join(label[j] for j in np.flatnonzero(length == 0))}.")
    if p == 1:
        return
    _, size, rows = np.linalg.svd(design / length, full_matrices=False)
    if size[-1] <= _DEPENDENT * size[0]:
        involved = np.flatnonzero(np.abs(rows[-1]) > 1e-6)
        raise CollinearError(
            f"These columns of X depend on each other: {', '.join(label[j] for j in involved)}. Leave one out.",
            [names[int(j)] for j in involved] if names is not None else (),
        )


def _constant(design: Array) -> bool:
    return bool(design[0, 0] != 0 and (design[:, 0] == design[0, 0]).all())


def _places(wrong: NDArray[Any]) -> str:
    """The first places where something is wrong, counted from 0."""
    at = np.flatnonzero(wrong)
    return ", ".join(map(str, at[:8])) + (f" and {len(at) - 8} more" if len(at) > 8 else "") + " (counted from 0)"
