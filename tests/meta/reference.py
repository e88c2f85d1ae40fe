"""Reference values of effect sizes and tables (``data/effects.json``; its head says their origin), through the adapter of the validation."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

_HERE = Path(__file__).resolve()
_CASES = json.loads((_HERE.parent / "data" / "effects.json").read_text())["cases"]


@dataclass(frozen=True)
class Check:
    case: str
    op: str
    args: dict[str, Any]
    input: dict[str, Any]
    out: dict[str, Any]
    tol: dict[str, float]

    def __str__(self) -> str:
        return f"{self.case}-{self.op}-" + "-".join(str(value) for value in self.args.values())


def reference_checks(*ops: str, without: frozenset[str] | set[str] = frozenset()) -> list[Check]:
    return [
        Check(case["case"], check["op"], check["args"], case["input"], check["out"], check["tol"])
        for case in _CASES
        for check in case["checks"]
        if check["op"] in ops and check["args"].get("measure") not in without
    ]


def differences(check: Check, without: frozenset[str] | set[str] = frozenset()) -> dict[str, tuple[Any, Any]]:
    """What does not agree within the check's tolerance: by name, ours and theirs."""
    folder = str(_HERE.parents[2] / "validation" / "metafor")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import ops_effects

    got = ops_effects.OPERATIONS[check.op](check.args, check.input, "")
    found = {}
    for name, wanted in check.out.items():
        if name in without:
            continue
        ours, theirs = np.asarray(got[name], dtype=float), np.asarray(wanted, dtype=float)
        if not (np.abs(ours - theirs) <= check.tol["atol"] + check.tol["rtol"] * np.abs(theirs)).all():
            found[name] = (got[name], wanted)
    return found
