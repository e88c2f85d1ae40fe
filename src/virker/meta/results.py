"""What all results have in common: coefficients, a compact table as text, and a dictionary of plain numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from virker.meta.data import Array


@dataclass(frozen=True, slots=True)
class Coefficients:
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

    def to_dict(self) -> dict[str, Any]:
        """The attributes as lists and numbers."""
        return dict(plain(self))

    def __str__(self) -> str:
        names = self.names or tuple(f"b{j}" for j in range(len(self.beta)))
        head = ["", "estimate", "se", "t" if self.df is not None else "z", "p", "low", "high"]
        columns: tuple[Array, ...] = (self.beta, self.se, self.statistic, self.p, self.ci_low, self.ci_high)
        if self.df is not None:
            head.insert(4, "df")
            columns = (*columns[:3], self.df, *columns[3:])
        return table(head, [[name, *(p_value(c[j]) if c is self.p else short(c[j]) for c in columns)] for j, name in enumerate(names)])


def plain(result: Any, leave_out: Iterable[str] = ()) -> Any:
    """A result as nested dictionaries of lists, numbers, texts and None; NaN and infinity become None, so that it is JSON."""
    if isinstance(result, np.ndarray):
        return [plain(item) for item in result.tolist()]
    if isinstance(result, (np.floating, float)):
        return float(result) if np.isfinite(result) else None
    if isinstance(result, np.integer):
        return int(result)
    if isinstance(result, np.bool_):
        return bool(result)
    if isinstance(result, (list, tuple)):
        return [plain(item) for item in result]
    if hasattr(result, "__dataclass_fields__"):
        out = frozenset(leave_out)
        return {field.name: plain(getattr(result, field.name)) for field in fields(result) if field.name not in out}
    return result


def short(number: float | None) -> str:
    """Four significant digits; a dash for what is undefined."""
    if number is None or np.isnan(number):
        return "–"
    return f"{number:.4g}" if abs(number) < 1e-3 or abs(number) >= 1e4 else f"{number:.4f}"


def p_value(number: float) -> str:
    """A p-value to four decimals, small ones as < .0001."""
    if np.isnan(number):
        return "–"
    return "<.0001" if number < 1e-4 else f"{number:.4f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines of aligned columns: the first to the left, the others to the right."""
    widths = [max(len(row[j]) for row in (head, *rows)) for j in range(len(head))]
    lines = [[row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))] for row in (head, *rows)]
    return "\n".join("  ".join(line).rstrip() for line in lines)
