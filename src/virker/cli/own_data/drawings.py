"""The drawings of an analysis, by the name of the section that they belong to."""

from __future__ import annotations

from typing import Any

from virker.cli.own_data.analysis import Analysis
from virker.language import Said
from virker.meta.drawing import Drawing
from virker.meta.errors import InputError

#: Names that say what the numbers are, for the axis of effects.
EFFECTS = {
    "log-odds-ratio": Said("odds-ratio", "odds ratio"),
    "peto-log-odds-ratio": Said("odds-ratio (Peto)", "odds ratio (Peto)"),
    "log-risk-ratio": Said("relativ risiko", "risk ratio"),
    "log-rate-ratio": Said("rateratio", "rate ratio"),
    "risk-difference": Said("forskel i andele", "difference in shares"),
    "smd": Said("standardiseret forskel (Hedges’ g)", "standardised difference (Hedges’ g)"),
    "mean-difference": Said("forskel i gennemsnit", "difference in means"),
    "fisher-z": Said("korrelation", "correlation"),
    "correlation": Said("korrelation", "correlation"),
}


def draw(analysis: Analysis, kind: str, speak: str, width: int = 760) -> Drawing:
    """The drawing of that kind: forest, groups, funnel, leave-one-out, cumulative, influence or bubble."""
    a = analysis
    how: dict[str, Any] = {"words": speak, "width": width}
    effect: dict[str, Any] = {"effect": effect_said(a, speak), "transform": a.transform}
    around: dict[str, Any] = a.around
    if kind in ("forest", "groups"):
        how |= effect | {"labels": a.labels, "level": a.asked.level}
        if a.study:
            if set(a.labels) <= set(a.study):
                how["labels"] = None  # they stand under their study, whose name they would repeat
            return _drawn(a.model, None, how | ({"summary": a.robust} if a.robust else {}))
        return _drawn(a.model, "forest", how | ({"by": [a.table.columns[a.asked.by][i] for i in a.estimates.rows]} if a.asked.by else {}))
    if kind == "funnel":
        filled = around.get("trim and fill")
        if filled is not None and filled.k0 and a.mean_only:
            return _drawn(filled, None, how | effect)
        return _drawn(a.model, "funnel", how | effect)
    if kind == "bubble":
        return _drawn(a.model, "bubble", how | effect | {"labels": a.labels})
    if kind in ("leave-one-out", "cumulative"):
        return _drawn(around[kind], None, how | effect | {"labels": a.labels, "level": a.asked.level})
    if kind == "influence":
        return _drawn(around[kind], None, how | {"labels": a.labels})
    raise InputError(f"There is no drawing '{kind}' of an analysis.")


def drawn_kinds(analysis: Analysis, kind: str) -> list[str]:
    """Which drawings stand in a section: the section's own, and bubbles where there is one moderator of numbers."""
    a = analysis
    if kind == "forest" and a.groups:
        return []  # the one by groups has all of it
    if kind == "forest" and a.design is not None and not a.study and a.design.X.shape[1] == 2 and not a.design.against:
        return ["forest", "bubble"]
    return [kind] if kind else []


def effect_said(analysis: Analysis, speak: str) -> str:
    """What stands at the axis of effects."""
    known = EFFECTS.get(analysis.estimates.measure)
    if known is not None:
        return known[speak]
    if analysis.estimates.measure.startswith(("as printed", "log of")):
        return analysis.columns.roles["estimate"]
    return analysis.estimates.measure


def _drawn(result: Any, kind: str | None, how: dict[str, Any]) -> Drawing:
    from virker.meta.drawing import draw as drawing

    return drawing(result, kind, **how)
