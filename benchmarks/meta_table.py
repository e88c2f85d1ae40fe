"""One table of the engine's speed: NumPy alone, compiled kernels, the limits of the engine, and other libraries.

    python benchmarks/meta_table.py               as text
    python benchmarks/meta_table.py --markdown    as the tables of docs/reference/meta-benchmarks.md

Nothing is asserted. CPU time of the public calls on one core, medians of several runs, kernels loaded before (what that costs stands in the
table). Other libraries are timed where they are installed: PyMARE, PyMetaAnalysis, statsmodels.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from functools import partial

import meta as ordinary
import meta_bias
import meta_multilevel
import numpy as np
from meta import _ONE_CORE, cpu
from meta_multilevel import nested, with_moderators
from meta_peers import peers

from virker import meta
from virker.meta import kernels

_SIZES = (1_000, 10_000, 100_000)
#: CPU seconds of metafor 5.1-12 on the same kind of machine, measured on another occasion, with data made by the same recipe; none for what was not measured.
METAFOR = {
    "REML, k = 13": 0.0055,
    "REML, k = 10,000": 215.9,
    "DerSimonian-Laird, k = 13": 0.0048,
    "Q-profile interval, k = 13": 0.0043,
    "profile-likelihood interval, k = 13": 0.0968,
    "1,000 bootstrap REML refits, k = 13": 6.0,
    "leave-one-out, k = 13": 0.0747,
    "influence, k = 13": 0.0822,
    "GOSH, all 8,191 subsets, REML": 52.5,
    "1,000 permutations, REML, mean": 6.8,
    "1,000 permutations, REML, one moderator": 7.9,
    "three levels, k = 56": 0.0473,
    "three levels, k = 1,000": 5.2,
    "three levels, k = 5,000": 420.9,
    "profile interval, k = 56": 1.1,
    "CR2 and Satterthwaite, k = 56": 0.0078,
    "selection model, one step, k = 37": 0.0892,
    "selection model, two steps, k = 37": 0.5357,
    "regression test, k = 37": 0.024,
    "rank test, k = 37": 0.0013,
    "trim and fill, k = 37": 0.0508,
}


def more_rows() -> list[ordinary.Row]:
    """The bootstraps of multilevel models, and CR2 of large clusters."""
    y, v, study = nested(56, 4)
    model = meta.fit_multilevel(y, v, study)
    large = np.repeat(np.arange(20), 500)
    rng = np.random.default_rng(5)
    big = meta.fit_multilevel(rng.normal(0, 0.4, 20)[large] + rng.normal(size=10_000), rng.uniform(0.01, 1, 10_000), large, with_moderators(10_000, 1))
    return [
        ("1,000 parametric bootstrap refits, three levels, k = 56", lambda: meta.bootstrap_multilevel(model), 5, None),
        ("1,000 bootstrap refits of whole studies, three levels, k = 56", lambda: meta.bootstrap_multilevel(model, kind="cases"), 5, None),
        ("cluster wild bootstrap, all 1,024 signs of 11 studies, k = 56", lambda: meta.wild_bootstrap(model), 5, None),
        ("CR2 and Satterthwaite, k = 10,000, g = 20 clusters of 500", lambda: meta.robust(big, large), 5, None),
    ]


def both_ways(row: ordinary.Row) -> tuple[float, float | None]:
    """Median ms with NumPy alone and with kernels; None where there are none."""
    _, run, times, _ = row
    with kernels.using(False):
        alone = 1000 * cpu(run, times)
    with kernels.using(True):
        return alone, 1000 * cpu(run, times) if kernels.available() else None


def growth() -> list[tuple[str, list[list[float]]]]:
    """ms at 1,000, 10,000 and 100,000 estimates: NumPy alone, then kernels."""
    out = []
    for name, call in (
        ("REML", lambda y, v, study, X: lambda: meta.fit(y, v)),
        ("REML, 3 moderators", lambda y, v, study, X: lambda: meta.fit(y, v, X)),
        ("three levels", lambda y, v, study, X: lambda: meta.fit_multilevel(y, v, study)),
        ("three levels, 3 moderators", lambda y, v, study, X: lambda: meta.fit_multilevel(y, v, study, X)),
        ("CR2 and Satterthwaite", lambda y, v, study, X: partial(meta.robust, meta.fit_multilevel(y, v, study), study)),
    ):
        runs = [call(*nested(k), with_moderators(k, 3)) for k in _SIZES]
        columns = []
        for on in (False, True):
            with kernels.using(on):
                columns.append([1000 * cpu(run, 5) for run in runs])
        out.append((name, columns))
    return out


_ONE_FIT = """
import sys
sys.path.insert(0, {folder!r})
from meta_multilevel import nested
from virker import meta
from virker.meta import kernels
kernels.use({on})
kernels.available()
data = nested(100_000)
meta.fit_multilevel(*data)
print(int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024)
"""


def memory(on: bool) -> float:
    """MB at the peak of a process that makes 100,000 estimates and fits three levels, libraries and all; Linux only."""
    code = _ONE_FIT.format(folder=os.path.dirname(os.path.abspath(__file__)), on=on)
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def wall(code: str, times: int = 5) -> float:
    """Median wall ms of a process that runs ``code``."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        seconds.append(time.perf_counter() - start)
    return 1000 * sorted(seconds)[times // 2]


def milliseconds(value: float | None) -> str:
    """Two or three significant digits; a dash for what was not measured."""
    return "–" if value is None else f"{value:,.2f}" if value < 10 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def print_table(head: list[str], rows: list[list[str]], markdown: bool) -> None:
    if markdown:
        print("| " + " | ".join(head) + " |\n|---|" + "---:|" * (len(head) - 1))
        print("\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n")
        return
    widths = [max(len(row[j]) for row in (head, *rows)) for j in range(len(head))]
    for row in (head, *rows):
        print(row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)), sep="  ")
    print()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", action="store_true")
    markdown = parser.parse_args().markdown
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # it is read when NumPy is loaded: start anew
        sys.exit(subprocess.run([sys.executable, *sys.argv], env={**os.environ, **_ONE_CORE}, check=False).returncode)
    kernels.available()
    others = peers()
    libraries = sorted({library for row in others.values() for library in row})
    rows = []
    for row in [*ordinary.univariate(), *meta_multilevel.rows(), *more_rows(), *meta_bias.rows()]:
        alone, compiled = both_ways(row)
        metafor = METAFOR.get(row[0])
        cells = [alone, compiled, row[3], *(others.get(row[0], {}).get(library) for library in libraries), None if metafor is None else 1000 * metafor]
        rows.append([row[0], *map(milliseconds, cells)])
        print(".", end="", file=sys.stderr, flush=True)
    print_table(["CPU ms", "NumPy", "Numba", "limit", *libraries, "metafor, earlier"], rows, markdown)
    grown = []
    for name, columns in growth():
        for how, column in zip(("NumPy", "Numba"), columns, strict=True):
            slope = float(np.polyfit(np.log(_SIZES), np.log(column), 1)[0])
            grown.append([f"{name}, {how}", *map(milliseconds, column), f"{slope:.2f}"])
    print_table(["CPU ms at k estimates", *(f"{k:,}" for k in _SIZES), "exponent"], grown, markdown)
    load = "from virker.meta import kernels; kernels.available()"
    one_time = [
        ["a process that does nothing, wall ms", milliseconds(wall("pass"))],
        ["a process that imports virker.meta, wall ms", milliseconds(wall("from virker import meta"))],
        ["a process that loads the kernels too, wall ms", milliseconds(wall(load))],
        ["peak of a process that fits three levels to 100,000 estimates, NumPy, MB", f"{memory(False):.0f}"],
        ["the same with Numba, MB", f"{memory(True):.0f}"],
    ]
    print_table(["once", ""], one_time, markdown)


if __name__ == "__main__":
    main()
