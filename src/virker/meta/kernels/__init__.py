"""Compiled loops for what is fitted many times over; an optional extra, ``pip install 'virker[fast]'``.

Each module here holds one or two compiled functions that do what functions of :mod:`virker.meta` do with NumPy, to about the last digit. Nothing
is loaded by ``import virker.meta``. A batch of 200 refits, or the third multilevel fit of a process, imports Numba (about half a second) and reads
the kernel from Numba's cache; the very first time on a machine it is compiled, which takes ten to twenty seconds. Smaller work is done before
that would be loaded: it uses a kernel only where one is there already.

Switched off by ``VIRKER_NUMBA=0`` in the environment, or by :func:`use`. Without Numba, or where it cannot write its cache, everything runs with NumPy.

To add a kernel, copy ``univariate.py``: public functions with a written signature (they are compiled or read when the module is imported), all
that it calls in the same file (Numba's cache sees no other), arrays as :func:`own` gives them.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_wanted = os.environ.get("VIRKER_NUMBA", "1").strip().lower() not in ("0", "no", "off", "false")
_loaded: dict[str, Any] = {}
_asked: dict[str, int] = {}
_lock = Lock()


def use(on: bool) -> None:
    """Use compiled kernels from now on, or NumPy alone. The numbers agree to 1e-9 relative, mostly to the last digit or two."""
    global _wanted  # noqa: PLW0603 - a switch of the process, as the environment variable is
    _wanted = on


@contextmanager
def using(on: bool) -> Iterator[None]:
    """:func:`use`, for the length of a ``with`` block.

    >>> with using(False):
    ...     print(kernel("univariate"))
    None
    """
    before = _wanted
    use(on)
    try:
        yield
    finally:
        use(before)


def available() -> bool:
    """Are kernels wanted, and can they be compiled or read here? Loads all of them, so that later calls do not wait."""
    return all(kernel(name) is not None for name in ("univariate", "multilevel"))


def kernel(name: str, *, load: bool = True, after: int = 0) -> Any:
    """The module of a kernel; None where NumPy has to do.

    With ``load`` False, only what is loaded already; with ``after``, it is loaded when it has been asked for that many times in vain.
    """
    if not _wanted:
        return None
    if name not in _loaded and after:
        _asked[name] = _asked.get(name, 0) + 1
        load = _asked[name] > after
    if name not in _loaded and load:
        with _lock:
            if name not in _loaded:
                _loaded[name] = _load(name)
    return _loaded.get(name)


def _load(name: str) -> Any:
    try:
        return importlib.import_module(f"virker.meta.kernels.{name}")
    except (ImportError, OSError, RuntimeError):
        # No Numba; or one that does not fit this NumPy or Python (ImportError), or nowhere to write the cache (RuntimeError, or OSError at the write).
        return None


def own(array: NDArray[Any]) -> Array:
    """``array`` as kernels take them: contiguous float64 that may be written to, copied only where it is not."""
    if array.dtype == np.float64 and array.flags.c_contiguous and array.flags.writeable:
        return array
    return np.array(array, dtype=np.float64, order="C")
