"""Speed of the meta-analysis engine: ``python benchmarks/meta.py``. Nothing is asserted: times belong to the machine that ran them.

CPU time of the public calls on one core, the median of several runs, and the exponent by which the cost grows with the number of estimates.
Both ways of computing and other libraries beside each other: ``python benchmarks/meta_table.py``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from virker import meta

_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

Row = tuple[str, Callable[[], object], int, float | None]


def cpu(run: Callable[[], object], times: int) -> float:
    """Median CPU seconds of ``times`` runs, after one to warm up."""
    run()
    seconds = []
    for _ in range(times):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def example(k: int, seed: int = 1) -> tuple[Any, Any]:
    """k estimates with tau2 = 0.25."""
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.01, 1, k)
    return rng.normal(0, 0.5, k) + rng.normal(0, np.sqrt(v)), v


def univariate() -> list[Row]:
    """Limits in ms are those of the issue, for the build with Numba; NumPy alone may take ten times as long."""
    y, v = example(13)
    large, large_v = example(10_000)
    model, regression = meta.fit(y, v), meta.fit(y, v, np.column_stack([np.ones(13), v]))
    cell = np.repeat(np.arange(5000), np.random.default_rng(0).integers(1, 16, 5000))
    many, many_v = example(len(cell))
    return [
        ("REML, k = 13", lambda: meta.fit(y, v), 201, 0.5),
        ("REML with prediction interval, k = 13", lambda: meta.predict(meta.fit(y, v, test="knapp-hartung")), 201, None),
        ("DerSimonian-Laird, k = 13", lambda: meta.fit(y, v, method="dl"), 201, None),
        ("REML, k = 10,000", lambda: meta.fit(large, large_v), 11, 5.0),
        ("Q-profile interval, k = 13", lambda: meta.tau2_interval(model), 101, 0.2),
        ("profile-likelihood interval, k = 13", lambda: meta.tau2_interval(model, kind="profile-likelihood"), 51, None),
        ("1,000 bootstrap REML refits, k = 13", lambda: meta.bootstrap(model, kind="cases"), 21, 2.0),
        ("leave-one-out, k = 13", lambda: meta.leave_one_out(model), 51, None),
        ("influence, k = 13", lambda: meta.influence(model), 51, None),
        ("GOSH, all 8,191 subsets, REML", lambda: meta.gosh(model), 11, 50.0),
        ("1,000 permutations, REML, mean", lambda: meta.permutation_test(model, exact=False), 21, 5.0),
        ("1,000 permutations, REML, one moderator", lambda: meta.permutation_test(regression, exact=False), 21, 5.0),
        (f"5,000 cells ({len(cell):,} estimates)", lambda: meta.fit_cells(many, many_v, cell), 3, 1000.0),
    ]


def growth() -> None:
    """The exponent of the cost in k."""
    sizes = (1_000, 10_000, 100_000)
    for name, columns in (("REML", 1), ("REML with 3 moderators", 4)):
        seconds = []
        for k in sizes:
            y, v = example(k)
            X = np.column_stack([np.ones(k), np.random.default_rng(3).normal(size=(k, columns - 1))])
            seconds.append(cpu(lambda y=y, v=v, X=X: meta.fit(y, v, X), 5))  # type: ignore[misc]
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"{name + ', k = 1,000, 10,000, 100,000':<48} {' '.join(f'{1000 * s:.1f}' for s in seconds)} ms, exponent {slope:.2f}   limit 1.1")


def main() -> None:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # it is read when NumPy is loaded: start anew
        sys.exit(subprocess.run([sys.executable, __file__], env={**os.environ, **_ONE_CORE}, check=False).returncode)
    subprocess.run([sys.executable, "-c", "from virker import meta"], check=True)
    wall = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "from virker import meta"], check=True)
        wall.append(time.perf_counter() - start)
    print(f"{'whole process that imports virker.meta':<48} {1000 * statistics.median(wall):8.0f} ms   limit 500 ms")
    for name, run, times, limit in univariate():
        print(f"{name:<48} {1000 * cpu(run, times):8.2f} ms" + (f"   limit {limit:g} ms" if limit else ""))
    growth()


if __name__ == "__main__":
    main()
