"""What all results have in common: they print as a compact table, turn into JSON and data frames, and draw themselves.

A result is a frozen dataclass that inherits from :class:`Result`; its rows are worked out from its fields (``frames.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from virker.meta import frames
from virker.meta.data import Array
from virker.meta.plain import p_value, plain, short, table

if TYPE_CHECKING:
    from virker.meta.picture import Drawing

Draw = Callable[..., "Drawing"]
_draw: Draw | None = None


def drawn_by(function: Draw) -> None:
    """Tell who draws results: the package does, so that no result knows of drawings."""
    global _draw  # noqa: PLW0603 - set once, when the package is imported
    _draw = function


class Result:
    """Base of all results.

    ``_in_rows`` names the fields that make the rows where not all of them do; see :func:`virker.meta.frames.columns_of`.
    """

    __slots__ = ()
    _in_rows: ClassVar[tuple[str, ...]] = ()

    def to_dict(self) -> dict[str, Any]:
        """The attributes as numbers, texts and lists; what is not defined is None."""
        return dict(plain(self))

    def to_json(self, *, indent: int | None = None) -> str:
        """:meth:`to_dict` as JSON, UTF-8 letters as they are."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    def columns(self) -> dict[str, list[Any]]:
        """The result as a table, column by column: a row for each coefficient, study or refit; one row where the result is a few numbers."""
        return frames.columns_of(self)

    def rows(self) -> list[dict[str, Any]]:
        """The result as a table, row by row; see :meth:`columns`."""
        columns = self.columns()
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def to_frame(self, library: str | None = None) -> Any:
        """The table as a data frame of pandas or polars, or a table of pyarrow: of ``library``, else of the first of them that is there.

        Raises :class:`virker.errors.MissingExtra` where none is.
        """
        return frames.frame_of(self.columns(), library)

    def draw(self, kind: str | None = None, **how: Any) -> Drawing:
        """The drawing that suits the result, or one of another ``kind`` (:func:`virker.meta.drawing.draw`): ``.svg``, ``.alt``, ``.save(path)``."""
        assert _draw is not None
        return _draw(self, kind, **how)

    def __str__(self) -> str:
        return frames.as_text(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return frames.as_html(self)


@dataclass(frozen=True, slots=True)
class Coefficients(Result):
    """Coefficients with their tests, all (p,).

    Attributes
    ----------
    beta, se : estimates and their standard errors, the unit of y per unit of the moderator.
    statistic, p : z or t statistic of "no effect" and its two-sided p-value.
    ci_low, ci_high : confidence limits at the level of the fit.
    df : degrees of freedom of the t distribution; None for the normal.
    vcov : (p, p) covariance matrix.
    names : names of the columns; may be empty.
    """

    beta: Array
    se: Array
    statistic: Array
    p: Array
    ci_low: Array
    ci_high: Array
    df: Array | None
    vcov: Array
    names: tuple[str, ...] = ()

    def columns(self) -> dict[str, list[Any]]:
        """A row for each coefficient."""
        names = self.names or tuple(f"b{j}" for j in range(len(self.beta)))
        df = [None] * len(names) if self.df is None else plain(np.broadcast_to(self.df, len(names)))
        numbers = {"estimate": self.beta, "se": self.se, "statistic": self.statistic, "p": self.p, "ci_low": self.ci_low, "ci_high": self.ci_high}
        return {"name": list(names), **{name: plain(values) for name, values in numbers.items()}, "df": df}

    def __str__(self) -> str:
        names = self.names or tuple(f"b{j}" for j in range(len(self.beta)))
        head = ["", "estimate", "se", "t" if self.df is not None else "z", "p", "low", "high"]
        columns: tuple[Array, ...] = (self.beta, self.se, self.statistic, self.p, self.ci_low, self.ci_high)
        if self.df is not None:
            head.insert(4, "df")
            columns = (*columns[:3], self.df, *columns[3:])
        return table(head, [[name, *(p_value(c[j]) if c is self.p else short(c[j]) for c in columns)] for j, name in enumerate(names)])
