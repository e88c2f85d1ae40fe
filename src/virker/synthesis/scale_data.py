"""A measure at scale as plain data, for programs: the same as the text says."""

from __future__ import annotations

from typing import Any

from virker.language import Said
from virker.synthesis.scale import ROLES, Reading, Scale
from virker.synthesis.scale_told import ends


def as_data(scale: Scale) -> dict[str, Any]:
    """The same for a program: states with their cells, what is set aside, and where the evidence ends."""
    return {
        "intervention": scale.intervention,
        "speaks": scale.speaks,
        "indirect": scale.is_indirect,
        "states": [{"id": s.id, **_both(s.said), **{role: [_finding(r) for r in s.cell(role)] for role in ROLES}} for s in scale.states],
        "ends": [_both(s) for s in ends(scale)],
        "aside": [{"finding": a.address, **_both(a.why)} for a in scale.aside],
    }


def _finding(r: Reading) -> dict[str, Any]:
    f = r.row.finding
    sizes = {k: v for k in ("effect", "effect_low", "effect_high", "se") if (v := getattr(f, k)) is not None}
    return {
        "finding": r.address,
        "unit_of_evidence": r.unit,
        "relation": r.relation,
        "contrast": r.contrast,
        "outcome": r.outcome,
        "direction": r.direction,
        "significant": r.significant,
        **sizes,
        "unit": f.unit,
        "level": r.level,
        "note": r.note,
    }


def _both(said: Said) -> dict[str, str]:
    return {"da": said.da, "en": said.en}
