"""The whole open half of the reference set (metafor 5.1-12, clubSandwich, robumeta) through the adapter, number by number.

What does not agree is listed with its count and told in ``validation/metafor/README.md``. More disagreement fails, and so does less: then
the list is no longer true.
"""

from __future__ import annotations

import importlib.util
import json
import math
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from tests.conftest import ROOT

FOLDER = ROOT / "validation" / "metafor"
#: Numbers of each operation that differ from the reference, and why: see the README beside the adapter.
DIFFER = {"escalc": 4, "glmm": 10, "robust": 27, "selmodel": 41, "wald_cr": 3}


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number of an answer with its place in it."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from numbers(item, f"{path}/{name}")
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from numbers(item, f"{path}[{i}]")
    else:
        yield path, value


def agrees(path: str, got: Any, wanted: float, tolerance: float) -> bool:
    """Within the tolerance; a log-likelihood that is higher (by less than 1) is a better optimum, and counts."""
    if not isinstance(got, int | float) or not math.isfinite(got):
        return False
    is_likelihood = path.startswith("/ll") or (path.startswith("/fit_stats") and path.endswith("[0]"))
    return abs(got - wanted) <= tolerance or (is_likelihood and tolerance < got - wanted < 1)


@lru_cache(maxsize=1)
def compared() -> tuple[Counter[str], Counter[str]]:
    """How many numbers agree and differ, by operation."""
    spec = importlib.util.spec_from_file_location("adapter", FOLDER / "adapter.py")
    assert spec is not None
    assert spec.loader is not None
    adapter = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(adapter)
    same, other = Counter[str](), Counter[str]()
    for path in sorted((FOLDER / "open").glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        for check in case["checks"]:
            wanted = {p: n for p, n in numbers(check["out"]) if n is not None}
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    got = dict(numbers(adapter.answer(check["op"], check["args"], case["input"], case["kind"])))
            except Exception:
                got = {}
            for place, number in wanted.items():
                near = check["tol"]["atol"] + check["tol"]["rtol"] * abs(number)
                (same if agrees(place, got.get(place), number, near) else other)[check["op"]] += 1
    return same, other


def test_every_number_of_the_reference_set_agrees_but_for_those_that_are_listed() -> None:
    _, other = compared()
    assert dict(other) == DIFFER


def test_the_reference_set_is_still_whole() -> None:
    same, other = compared()
    assert len(list((FOLDER / "open").glob("*.json"))) == 66
    assert sum(same.values()) + sum(other.values()) == 75_278
    assert sum(same.values()) / 75_278 > 0.995
