"""Errors of the meta-analysis engine; all are :class:`virker.errors.UserError`, exit code 2.

::

    MetaError
    ├── InputError          the numbers handed in are no data for this: shape, range, something missing
    ├── CollinearError      the design matrix has columns that say the same
    └── NotConverged        an iteration ended without a certified optimum or root
"""

from __future__ import annotations

from virker.errors import UserError


class MetaError(UserError):
    """Base of the engine's errors."""


class InputError(MetaError):
    """Numbers of the wrong shape or range, or something that the method needs and did not get."""


class CollinearError(InputError):
    """Columns of the design matrix depend on each other, so their coefficients cannot be told apart."""


class NotConverged(MetaError):
    """An iteration ended without a certified optimum or root. Never silent."""
