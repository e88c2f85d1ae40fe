"""Results as tables: columns worked out from a result's fields, data frames of the library that is there, text and HTML."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from dataclasses import fields
from html import escape
from typing import Any

import numpy as np

from virker.errors import MissingExtra
from virker.meta.errors import InputError
from virker.meta.plain import p_value, plain, short, table

#: Libraries that make a data frame, in the order in which one is taken when none is named.
LIBRARIES = ("pandas", "polars", "pyarrow")
_SHOWN = 60  # rows in a notebook
_PRINTED = 24  # rows in what is printed


def columns_of(result: Any) -> dict[str, list[Any]]:
    """A result as columns of one length.

    A fitted model has a row for each coefficient. Otherwise the fields of the length that most fields have are the columns, a matrix giving one
    column for each of its own (``dfbetas_0``, ``dfbetas_1``); a result without such fields is one row of its numbers.
    """
    names = _fields(result)
    if "coefficients" in names and not result._in_rows:
        columns: dict[str, list[Any]] = result.coefficients.columns()
        return columns
    wanted = result._in_rows or names
    lengths = {name: length for name in wanted if (length := _length(getattr(result, name))) is not None}
    if not lengths:
        return {name: [plain(getattr(result, name))] for name in names if _is_number(getattr(result, name))}
    most = max(Counter(lengths.values()).values())
    rows = next(length for length in lengths.values() if list(lengths.values()).count(length) == most)
    out: dict[str, list[Any]] = {}
    for name, length in lengths.items():
        if length != rows:
            continue
        values = getattr(result, name)
        if isinstance(values, np.ndarray) and values.ndim == 2:
            out.update({f"{name}_{j}": plain(values[:, j]) for j in range(values.shape[1])})
        else:
            out[name] = plain(values)
    return out


def numbers_of(result: Any) -> dict[str, Any]:
    """The single numbers and words of a result, by the name of their field."""
    return {name: getattr(result, name) for name in _fields(result) if _is_number(getattr(result, name))}


def frame_of(columns: dict[str, list[Any]], library: str | None = None) -> Any:
    """The columns as a data frame of ``library``; without it, of the first of :data:`LIBRARIES` that the caller has imported, else that is installed."""
    if library is not None and library not in LIBRARIES:
        raise InputError(f"No data frames of '{library}': the libraries are {', '.join(LIBRARIES)}.")
    for name in [library] if library else sorted(LIBRARIES, key=lambda name: name not in sys.modules):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        return module.table(columns) if name == "pyarrow" else module.DataFrame(columns)
    if library in ("pandas", "polars"):
        raise InputError(f"A data frame of {library} needs {library}.\n    → pip install {library}")
    raise MissingExtra("data", "A table of pyarrow" if library else "A data frame")


def as_text(result: Any) -> str:
    """A title, the single numbers on a line, and the table."""
    title, numbers = _title(result), numbers_of(result)
    told = ", ".join(f"{name} = {_cell(name, value)}" for name, value in numbers.items() if value is not None)
    columns = result.columns()
    if set(columns) <= set(numbers):
        return f"{title}: {told}"
    return "\n".join([f"{title}: {told}" if told else title, _table(columns)])


def as_html(result: Any) -> str:
    """The printed first line as a caption, the table, and the single numbers below it."""
    columns, numbers = result.columns(), numbers_of(result)
    caption = str(result).partition("\n")[0]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    kept = list(zip(*columns.values(), strict=True))
    body = "".join(f"<tr>{''.join(f'<td>{escape(_cell(name, x))}</td>' for name, x in zip(columns, row, strict=True))}</tr>" for row in kept[:_SHOWN])
    more = f"<p>… and {len(kept) - _SHOWN} rows more</p>" if len(kept) > _SHOWN else ""
    beside = {name: value for name, value in numbers.items() if name not in columns and value is not None}
    below = "".join(f"<dt>{escape(name)}</dt><dd>{escape(_cell(name, value))}</dd>" for name, value in beside.items())
    facts = f"<dl>{below}</dl>" if below else ""
    return f"<div><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}{facts}</div>"


def _table(columns: dict[str, list[Any]]) -> str:
    rows = list(zip(*columns.values(), strict=True))
    shown = [["" if i is None else str(i), *(_cell(name, x) for name, x in zip(columns, row, strict=True))] for i, row in enumerate(rows[:_PRINTED])]
    more = f"\n… and {len(rows) - _PRINTED} rows more" if len(rows) > _PRINTED else ""
    return table(["", *columns], shown) + more


def _cell(name: str, value: Any) -> str:
    """A number as printed; p-values to four decimals."""
    if value is None:
        return "–"
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return p_value(float(value)) if name == "p" or name.endswith("_p") else short(float(value))
    return str(value)


def _title(result: Any) -> str:
    """``FailSafeN`` as ``Fail safe n``."""
    name = type(result).__name__
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return spaced[:1].upper() + spaced[1:]


def _fields(result: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(result) if not field.name.startswith("_"))


def _length(value: Any) -> int | None:
    """How many rows a field would give; None for a single number and for what is no table."""
    if isinstance(value, np.ndarray) and value.ndim in (1, 2):
        return len(value)
    return len(value) if isinstance(value, tuple) and value and all(isinstance(x, (str, int, float)) for x in value) else None


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, (str, bool, int, float, np.number, np.bool_))
