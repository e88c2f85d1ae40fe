"""JSON Schemas of the files, for editors that check while one writes."""

from __future__ import annotations

from typing import Any

import msgspec

from virker.bank.records import Correction, Study, Trial

KINDS: dict[str, type[msgspec.Struct]] = {"study": Study, "trial": Trial, "correction": Correction}


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a ``study``, ``trial`` or ``correction``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(KINDS[kind])}
