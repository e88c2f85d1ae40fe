"""The Python that gives the same numbers: what was guessed is written out, so that the analysis can be repeated and read."""

from __future__ import annotations

from typing import Any

from virker.cli.own_data.analysis import Analysis
from virker.cli.own_data.columns import PRINTED, RAW


def recipe(analysis: Analysis) -> str:
    """A script for the same estimates and the same model; it needs the file in the current folder."""
    a = analysis
    lines = [*_reading(a), *_estimates(a), *_model(a), "print(model)"]
    if a.robust is not None:
        lines += [f"robust = meta.robust(model, study, level={a.asked.level!r})", "print(robust)"]
        if not a.mean_only:
            lines.append("print(meta.wald_test(robust))")
    if a.mean_only:
        with_robust = ", robust=robust" if a.robust is not None else ""
        lines.append(f"print(meta.predict_multilevel(model{with_robust}))" if a.study else "print(meta.predict(model))")
    return "\n".join(lines)


def _reading(a: Analysis) -> list[str]:
    name, ending = a.table.path.name, a.table.path.suffix.lower()
    lines = ["import csv", "", "import numpy as np", "", "from virker import meta", ""]
    if ending == ".xlsx":
        lines[0] = "import openpyxl"
        lines += [f"head, *body = openpyxl.load_workbook({name!r}, data_only=True).worksheets[0].iter_rows(values_only=True)", "table = [dict(zip(head, row)) for row in body if any(cell is not None for cell in row)]"]  # fmt: skip
    elif ending == ".parquet":
        lines[0] = "from pyarrow import parquet"
        lines.append(f"table = parquet.read_table({name!r}).to_pylist()")
    else:
        lines.append(f'with open({name!r}, encoding="utf-8-sig", newline="") as file:')
        lines.append(
            f"    rows = [{{name.strip(): text.strip() for name, text in row.items() if name}} for row in csv.DictReader(file, delimiter={a.table.separator!r})]"
        )
        lines.append("table = [row for row in rows if any(row.values())]")
    lines.append(f"rows = [table[i] for i in {_compact(a.estimates.rows)}]")
    comma = '.replace(",", ".")' if a.table.decimal == "," else ""
    return [*lines, "", "", "def numbers(column):", f'    texts = [str(row[column] or "").strip().replace("−", "-"){comma} for row in rows]', "    return np.array([float(text) if text[-1:].isdigit() or text[-1:] == \".\" else np.nan for text in texts])", "", ""]  # fmt: skip


def _compact(rows: list[int]) -> str:
    """``range(0, 13)`` where the rows follow each other."""
    return f"range({rows[0]}, {rows[-1] + 1})" if rows == list(range(rows[0], rows[-1] + 1)) else repr(rows)


def _estimates(a: Analysis) -> list[str]:
    roles = {role: f"numbers({column!r})" for role, column in a.columns.roles.items()}
    if a.columns.family == PRINTED:
        if "variance" in roles:
            y, v = roles["estimate"], roles["variance"]
            return [f"y, v = np.log({y}), {v} / {y} ** 2" if a.asked.ratio else f"y, v = {y}, {v}"]
        given = ", ".join(f"{role}={call}" for role, call in roles.items() if role != "estimate")
        more = f", level={a.asked.level!r}, ratio={a.asked.ratio!r}"
        return [f"effects = meta.effect_sizes.printed({roles['estimate']}, {given}{more})", "y, v = effects.y, effects.v"]
    for g in "12":
        if f"none{g}" in roles:
            roles[f"n{g}"] = f"{roles[f'events{g}']} + {roles[f'none{g}']}"
    given = ", ".join(f"{role}={roles[role]}" for role in RAW[a.columns.family][0])
    return [f"effects = meta.effect_sizes.{a.columns.family}({given}, measure={a.estimates.measure!r})", "y, v = effects.y, effects.v"]


def _model(a: Analysis) -> list[str]:
    lines, design = [], ""
    if a.design is not None:
        parts = ["np.ones(len(rows))"]
        for name in a.design.names[1:]:
            column, _, value = name.partition(": ")
            parts.append(f"numbers({name!r})" if name in a.design.columns else f"[float(str(row[{column!r}]).strip() == {value!r}) for row in rows]")
        lines.append(f"X = np.column_stack([{', '.join(parts)}])")
        design = "X, "
    how: dict[str, Any] = {"method": a.model.method, "level": a.asked.level}
    if a.study:
        how |= {"rho": a.asked.rho}
        lines.append(f"study = [str(row[{a.asked.study!r}]).strip() for row in rows]")
        call = "meta.fit_multilevel(y, v, study, "
    else:
        how |= {"test": a.model.test}
        call = "meta.fit(y, v, "
    if a.design is not None:
        how["names"] = list(a.design.names)
    return [*lines, f"model = {call}{design}{', '.join(f'{name}={value!r}' for name, value in how.items())})"]
