"""Speed of multilevel and multivariate models and of cluster-robust inference: ``python benchmarks/meta_multilevel.py``. Nothing is asserted.

CPU time of the public calls on one core, median of several runs, NumPy alone; the limits are those of the issue. Sampling variances are
uniform on (0.01, 1), the variance components 0.15 between studies and 0.10 within, five estimates in each study on average.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from meta import _ONE_CORE, cpu

from virker import meta

DATA = Path(__file__).parents[1] / "validation" / "metafor" / "open"


def nested(k: int, seed: int = 1) -> tuple[Any, Any, Any]:
    """k estimates in about k / 5 studies: y, v, study."""
    rng = np.random.default_rng(seed)
    study = np.sort(np.append(np.arange(k // 5), rng.integers(0, k // 5, k - k // 5)))
    v = rng.uniform(0.01, 1, k)
    return 0.3 + rng.normal(0, 0.15**0.5, k // 5)[study] + rng.normal(0, 0.1**0.5, k) + rng.normal(0, np.sqrt(v)), v, study


def with_moderators(k: int, columns: int) -> Any:
    return np.column_stack([np.ones(k), np.random.default_rng(3).normal(size=(k, columns))])


def rows() -> list[tuple[str, Callable[[], object], int, float | None]]:
    """Name, call, runs, and the limit in ms of the issue where there is one."""
    data = json.loads((DATA / "ml3_konstantopoulos.json").read_text())["input"]
    y, v, study = np.array(data["yi"]), np.array(data["vi"]), np.array(data["cluster"])
    small = meta.fit_multilevel(y, v, study)
    robust = meta.robust(small, study)
    large = nested(10_000)
    model, ordinary = meta.fit_multilevel(*large), meta.fit(large[0], large[1], with_moderators(10_000, 3))
    out: list[tuple[str, Callable[[], object], int, float | None]] = [("three levels, k = 56", lambda: meta.fit_multilevel(y, v, study), 101, 1.0)]
    for k, limit in ((1_000, None), (5_000, 10.0), (100_000, 100.0)):
        out.append((f"three levels, k = {k:,}", partial(meta.fit_multilevel, *nested(k)), 9, limit))
    out += [
        ("three levels, correlated errors, k = 100,000", partial(meta.fit_multilevel, *nested(100_000), rho=0.6), 5, None),
        ("three levels, 3 moderators, k = 10,000", partial(meta.fit_multilevel, *large, with_moderators(10_000, 3)), 9, None),
        ("profile interval, k = 56", lambda: meta.profile_interval(small, "study"), 21, None),
        ("Cook's distance of 11 studies, k = 56", lambda: meta.cooks_distance(small), 21, None),
        ("CR2 and Satterthwaite, k = 56", lambda: meta.robust(small, study), 101, None),
        ("HTZ test, k = 56", lambda: meta.wald_test(robust, [1.0]), 101, None),
        ("CR2 and Satterthwaite, k = 10,000, g = 2,000", lambda: meta.robust(model, large[2]), 11, 50.0),
        ("... ordinary model with 3 moderators", lambda: meta.robust(ordinary, large[2]), 11, 50.0),
        ("moment weights and CR2, k = 10,000", lambda: meta.robust(meta.fit_moments(*large), large[2]), 11, None),
        ("aggregate, k = 10,000", lambda: meta.aggregate(*large, rho=0.6), 21, None),
    ]
    berkey = json.loads((DATA / "mv_berkey.json").read_text())["input"]
    for structure in ("CS", "UN"):
        call = partial(meta.fit_multivariate, berkey["yi"], berkey["V"], berkey["study"], berkey["outcome"], structure=structure)
        out.append((f"multivariate, {structure}, 5 studies of 2 outcomes", call, 21, None))
    return out


def growth() -> None:
    """The exponent of the cost in k, from 1,000 to 100,000, and the memory of the largest."""
    sizes = (1_000, 10_000, 100_000)
    fits, robust = [], []
    for k in sizes:
        data = nested(k)
        model = meta.fit_multilevel(*data)
        fits.append(cpu(lambda data=data: meta.fit_multilevel(*data), 7))  # type: ignore[misc]
        robust.append(cpu(lambda data=data, model=model: meta.robust(model, data[2]), 7))  # type: ignore[misc]
    for name, seconds in (("three levels", fits), ("CR2 and Satterthwaite", robust)):
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        last = np.log(seconds[-1] / seconds[-2]) / np.log(10)
        print(
            f"{name + ', k = 1,000, 10,000, 100,000':<50} {' '.join(f'{1000 * s:.1f}' for s in seconds)} ms, exponent {slope:.2f}, last {last:.2f}   limit 1.1"
        )


def main() -> None:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # it is read when NumPy is loaded: start anew
        sys.exit(subprocess.run([sys.executable, __file__], env={**os.environ, **_ONE_CORE}, check=False).returncode)
    for name, run, times, limit in rows():
        print(f"{name:<50} {1000 * cpu(run, times):8.2f} ms" + (f"   limit {limit:g} ms" if limit else ""), flush=True)
    growth()
    print(f"{'most memory of this process':<50} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB   limit 300 MB")


if __name__ == "__main__":
    main()
