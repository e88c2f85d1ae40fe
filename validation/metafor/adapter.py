"""From the reference cases' operations to ours: ``answer(op, args, input, kind) -> dict``.

Each file ``ops_*.py`` beside this one translates some operations; an operation that is not built raises NotImplementedError.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Operation = Callable[[dict[str, Any], dict[str, Any], str], dict[str, Any]]

sys.path.insert(0, str(Path(__file__).resolve().parent))


def _operations() -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for path in sorted(Path(__file__).resolve().parent.glob("ops_*.py")):
        found |= import_module(path.stem).OPERATIONS
    return found


_KNOWN = _operations()


def answer(op: str, args: dict[str, Any], input: dict[str, Any], kind: str) -> dict[str, Any]:
    """The numbers of one operation, by the names of the reference set."""
    if op not in _KNOWN:
        raise NotImplementedError(op)
    return _KNOWN[op](args, input, kind)
