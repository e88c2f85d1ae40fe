"""An analysis as text for the terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from virker.cli.own_data.analysis import Analysis
from virker.cli.own_data.recipe import recipe
from virker.cli.own_data.told import sections
from virker.language import Said
from virker.meta.plain import plain
from virker.meta.results import Result


def as_text(analysis: Analysis, speak: str) -> str:
    """Sections with aligned tables, and the Python that gives the same."""
    parts = []
    for section in sections(analysis, speak):
        lines = [section.title]
        if section.rows:
            lines.append(_aligned([section.head, *section.rows]))
        lines += [f"  {line}" for line in section.lines]
        parts.append("\n".join(lines))
    title = Said("Det samme i Python", "The same in Python")[speak]
    return "\n\n".join([*parts, "\n".join([title, *(f"  {line}".rstrip() for line in recipe(analysis).splitlines())])])


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[j]) for row in rows) for j in range(len(rows[0]))]
    out = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        out.append(f"  {'  '.join(cells)}".rstrip())
    return "\n".join(out)


def as_json(analysis: Analysis) -> str:
    """All numbers on the scale of the model, unrounded, with the estimates and what was guessed."""
    a = analysis
    studies: list[dict[str, Any]] = [{"label": a.labels[i], "row": a.table.lines[a.estimates.rows[i]], "y": plain(a.estimates.y[i]), "v": plain(a.estimates.v[i])} for i in range(len(a.labels))]  # fmt: skip
    told: dict[str, Any] = {
        "file": a.table.name, "columns": a.columns.roles, "guessed": list(a.columns.guessed), "measure": a.estimates.measure, "transform": a.transform,
        "left_out": {str(line): what for line, what in a.estimates.dropped.items()}, "estimates": studies, "model": a.model.to_dict(),
        "robust": a.robust.to_dict() if a.robust else None, "groups": {g.name: g.model.to_dict() for g in a.groups},
        "groups_test": a.between.to_dict() if isinstance(a.between, Result) else None, "predicted": a.predicted,
        **{name.replace(" ", "_").replace("-", "_"): result.to_dict() for name, result in a.around.items()},
        "failed": {name: why.en for name, why in a.failed.items()}, "python": recipe(a),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False)


def as_csv(analysis: Analysis) -> str:
    """A row for each estimate, then for each coefficient and the prediction interval, on the scale of the model, with a decimal point."""
    from virker.meta.tests import critical

    a, out = analysis, io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(["kind", "name", "row", "estimate", "se", "low", "high", "p", "weight"])
    z = float(critical(None, a.asked.level))
    shares = None if a.study else _weights(a)
    for i, label in enumerate(a.labels):
        y, se = float(a.estimates.y[i]), float(a.estimates.v[i]) ** 0.5
        write.writerow(["estimate", label, a.table.lines[a.estimates.rows[i]], y, se, y - z * se, y + z * se, "", "" if shares is None else shares[i]])
    named = [("group", g.name, g.model.coefficients, 0) for g in a.groups]
    for kind, name, c, j in [*named, *(("coefficient", name, a.coefficients, j) for j, name in enumerate(a.coefficients.names))]:
        write.writerow([kind, name, "", *(float(x[j]) for x in (c.beta, c.se, c.ci_low, c.ci_high)), _or_empty(float(c.p[j])), ""])
    ahead: Any = a.around.get("prediction")
    if ahead is not None:
        mean = ahead.mean if hasattr(ahead, "mean") else ahead.estimate
        for i in range(len(mean)):
            name = a.predicted[i] if a.predicted else "mean"
            write.writerow(["prediction", name, "", float(mean[i]), float(ahead.se[i]), _or_empty(float(ahead.pi_low[i])), _or_empty(float(ahead.pi_high[i])), "", ""])  # fmt: skip
    return out.getvalue()


def _or_empty(value: float) -> float | str:
    return value if math.isfinite(value) else ""


def _weights(a: Analysis) -> list[float]:
    from virker.meta import weights

    return [float(w) for w in weights(a.model)]
