"""Whether an optional part of the installation is there, asked without importing it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from virker.errors import MissingExtra

#: The libraries that each extra brings and that synthesis uses.
_LIBRARIES = {"meta": ("numpy", "scipy")}


@cache
def is_installed(extra: str) -> bool:
    """Whether all libraries of the extra are there."""
    return all(find_spec(library) is not None for library in _LIBRARIES[extra])


def needed(extra: str, what: str) -> None:
    """Nothing where the extra is installed; else :class:`MissingExtra`, which names it."""
    if not is_installed(extra):
        raise MissingExtra(extra, what)
