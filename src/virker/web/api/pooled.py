"""Pooled effects over HTTP: what the numbers that a question selects add up to, cell by cell."""

from __future__ import annotations

from typing import Any

import msgspec

from virker.synthesis.pooled_cells import cells
from virker.web.api.endpoint import Call, Endpoint
from virker.web.api.verdicts import named_question
from virker.web.asked import query_parameters

_CELL = {
    "type": "object",
    "required": ["id", "status", "measure", "phase", "band", "units", "members", "unweighed", "reviews", "estimate", "ci_low", "ci_high", "pi_low", "pi_high", "reasons", "marks"],
    "properties": {
        "id": {"type": "string"},
        "status": {"enum": ["pooled", "too-few", "single", "none"]},
        "units": {"type": "integer", "minimum": 0},
        "members": {"type": "array", "items": {"type": "object", "required": ["address", "unit", "amount", "low", "high", "weight", "precision"]}},
        "estimate": {"type": ["number", "null"]},
        "ci_low": {"type": ["number", "null"]},
        "ci_high": {"type": ["number", "null"]},
        "pi_low": {"type": ["number", "null"]},
        "pi_high": {"type": ["number", "null"]},
    },
}  # fmt: skip
_ANSWER = {
    "type": "object",
    "required": ["query", "said", "cells", "refused"],
    "properties": {"query": {"type": "object"}, "said": {"type": "array"}, "cells": {"type": "array", "items": _CELL}, "refused": {"type": "array"}},
}


def _pooled(call: Call) -> dict[str, Any]:
    asked = named_question(call)
    found = cells(call.site.edition.bank, asked.query)
    return {
        "query": msgspec.to_builtins(asked.query),
        "said": msgspec.to_builtins(found.said),
        "cells": [{"id": c.id, **c.to_dict()} for c in found.cells],
        "refused": msgspec.to_builtins(found.refused),
    }


ENDPOINTS = (
    Endpoint(
        "/pooled",
        "What the printed numbers add up to, cell by cell",
        _pooled,
        _ANSWER,
        lambda site: query_parameters(site.edition.bank),
        more="A cell holds numbers of one measure, phase and band of months. Fewer independent studies than the setting `fewest` of the rule set `pooled` are shown and not pooled.",
    ),
)
