"""Speed of the methods for publication bias and evidence without numbers: ``python benchmarks/meta_bias.py``. Nothing is asserted.

CPU time on one core, median of several runs, NumPy alone. The data are the 37 studies of lung cancer and environmental tobacco smoke (Hackshaw et
al. 1997) that stand with the reference set, and seeded synthetic sets.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from meta import _ONE_CORE, cpu, example

from virker import meta

DATA = Path(__file__).parents[1] / "validation" / "metafor" / "open" / "uni_hackshaw.json"


def rows() -> list[tuple[str, Callable[[], object], int, float | None]]:
    """Name, call, runs, and the limit in ms of the issue where there is one."""
    data = json.loads(DATA.read_text())["input"]
    y, v = np.array(data["yi"]), np.array(data["vi"])
    large, large_v = example(1_000)
    rng = np.random.default_rng(3)
    study = rng.integers(0, 200, 1_000)
    moderators = rng.normal(size=(1_000, 5))
    outcome = np.digitize(moderators @ [0.5, -0.3, 0.0, 0.2, 0.1] + rng.normal(size=1_000), [-0.8, 0.6]) - 1
    return [
        ("selection model, one step, k = 37", lambda: meta.selection_model(y, v), 51, 5.0),
        ("selection model, two steps, k = 37", lambda: meta.selection_model(y, v, steps=(0.025, 0.5)), 51, None),
        ("selection model, half-normal, k = 37", lambda: meta.selection_model(y, v, weight="half-normal"), 11, None),
        ("selection model, beta, k = 37", lambda: meta.selection_model(y, v, weight="beta"), 11, None),
        ("selection model, one step, k = 1,000", lambda: meta.selection_model(large, large_v), 11, None),
        ("... clustered", lambda: meta.selection_model(large, large_v, cluster=study), 11, None),
        ("regression test, k = 37", lambda: meta.regression_test(y, v), 51, None),
        ("rank test, k = 37", lambda: meta.rank_test(y, v), 51, None),
        ("trim and fill, k = 37", lambda: meta.trim_and_fill(y, v), 51, None),
        ("trim and fill, k = 1,000", lambda: meta.trim_and_fill(large, large_v), 5, None),
        ("Henmi and Copas, k = 37", lambda: meta.henmi_copas(y, v), 51, None),
        ("PET-PEESE, clustered, k = 1,000", lambda: meta.pet_peese(large, large_v, cluster=study), 11, None),
        ("ordered probit, 5 moderators, clustered, k = 1,000", lambda: meta.ordered_probit(outcome, moderators, cluster=study), 11, None),
    ]


def main() -> None:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # it is read when NumPy is loaded: start anew
        sys.exit(subprocess.run([sys.executable, __file__], env={**os.environ, **_ONE_CORE}, check=False).returncode)
    for name, run, times, limit in rows():
        print(f"{name:<52} {1000 * cpu(run, times):8.2f} ms" + (f"   limit {limit:g} ms" if limit else ""))


if __name__ == "__main__":
    main()
