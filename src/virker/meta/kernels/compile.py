"""How kernels are compiled: once, into Numba's cache, without parallel threads, and with sums that may be taken in another order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])

# Sums may be reordered and products fused, so that loops use the wide registers; NaN, infinity and signed zeros keep their meaning.
_MATH = {"reassoc", "contract"}


def compiled(signature: str) -> Callable[[F], F]:
    """Compile for the types of ``signature`` when the module is imported, or read what was compiled before."""
    return numba.njit(signature, cache=True, fastmath=_MATH, error_model="numpy")  # type: ignore[no-any-return]


def part(function: F) -> F:
    """A part of a kernel in the same file: compiled with what calls it."""
    return numba.njit(fastmath=_MATH, error_model="numpy")(function)  # type: ignore[no-any-return]
