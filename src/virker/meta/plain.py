"""Numbers as results show them: plain values for JSON, short figures, p-values, and tables of aligned columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np


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
