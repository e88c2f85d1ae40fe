"""Errors of the meta-analysis engine; all are :class:`virker.errors.UserError`, exit code 2.

::

    MetaError
    ├── InputError          the numbers handed in are no data for this: shape, range, something missing
    │   ├── CollinearError  the design matrix has columns that say the same
    │   └── TooFew          there are fewer estimates, or clusters, than the method needs
    └── NotConverged        an iteration ended without a certified optimum or root
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from virker.errors import UserError, nearest


class MetaError(UserError):
    """Base of the engine's errors."""


class InputError(MetaError):
    """Numbers of the wrong shape or range, or something that the method needs and did not get."""


class CollinearError(InputError):
    """Columns of the design matrix depend on each other, so their coefficients cannot be told apart; ``columns`` are their names where they have any."""

    def __init__(self, message: str, columns: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.columns = tuple(columns)


class TooFew(InputError):
    """Fewer estimates (``of="clusters"``: fewer clusters) than the method needs: there are ``have``, and ``least`` would do."""

    def __init__(self, message: str, *, have: int, least: int, of: Literal["estimates", "clusters"] = "estimates") -> None:
        super().__init__(message)
        self.have, self.least, self.of = have, least, of


class NotConverged(MetaError):
    """An iteration ended without a certified optimum or root. Never silent."""


def known_option(value: str, allowed: Sequence[str], what: str) -> None:
    """Refuse a ``value`` of the argument ``what`` that is not one of ``allowed``; the InputError names the nearest and all of them."""
    if value not in allowed:
        raise InputError(f"No {what} '{value}': {nearest(value, allowed)} Allowed are {', '.join(allowed)}.")
