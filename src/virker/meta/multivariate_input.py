"""What a multivariate model is told: which outcomes there are, their sampling covariances, and whether their correlations can be known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.blocks import Array, Groups, Index, codes
from virker.meta.errors import InputError
from virker.meta.structures import Shape, Structure


def levels_of(outcome: ArrayLike, structure: Structure) -> tuple[NDArray[Any], Index]:
    array = np.asarray(outcome)
    if array.ndim != 1:
        raise InputError(f"'outcome' must have one dimension, and has the shape {array.shape}.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise InputError("'outcome' has missing labels.")
    if structure == "CAR" and array.dtype.kind not in "iuf":
        raise InputError("CAR needs times as numbers in 'outcome': the correlation falls with the distance between them.")
    labels, level_of = np.unique(array, return_inverse=True)
    return labels, level_of.reshape(-1).astype(np.intp)


def sampling_of(V: ArrayLike) -> tuple[Array, Array]:
    array = np.asarray(V, dtype=np.float64)
    if array.ndim == 1:
        return array, array
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise InputError(f"V must be (k, k), or (k,) variances of independent errors; it has the shape {array.shape}.")
    if not np.isfinite(array).all() or not np.allclose(array, array.T, rtol=1e-8, atol=1e-12 * float(np.abs(array).max(initial=0.0))):
        raise InputError("V must be symmetric, without missing or infinite values.")
    return (array + array.T) / 2, np.diag(array).copy()


def check_blocks(V: Array, by: Groups) -> None:
    if V.ndim == 2:
        code = codes(by)
        if V.shape[0] != len(code):
            raise InputError(f"V has {V.shape[0]} rows, where {len(code)} are needed.")
        if V[code[:, None] != code[None, :]].any():
            raise InputError("V has covariances between estimates of different studies: give these studies one label.")


def check_pairs(s: Shape, by: Groups, level_of: Index, labels: NDArray[Any]) -> None:
    """A correlation can be estimated only where a study has both."""
    present = np.zeros((by.count, s.levels))
    present[codes(by), level_of] = 1
    together = present.T @ present
    i, j = np.triu_indices(s.levels, 1)
    seen = together[i, j] > 0
    if s.name == "UN" and not seen.all():
        pairs = ", ".join(f"{labels[a]}/{labels[b]}" for a, b in zip(i[~seen], j[~seen], strict=True))
        raise InputError(f"No study has both outcomes of: {pairs}. Their correlation cannot be estimated: use CS, HCS or DIAG.")
    if not seen.any():
        raise InputError(f"No study has two different outcomes, so {s.name}'s correlation cannot be estimated: use DIAG or ID.")
