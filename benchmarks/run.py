"""Speed, as medians and ratios: ``python benchmarks/run.py``.

Prints whole-process times of the commands on the Danish workspace, and load, warm load and check on a synthetic bank of 10,000
studies with 40,000 findings and 1,000 claims. Nothing is asserted: times belong to the machine that ran them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import synthetic
from timing import median

from virker.bank import Query, load_bank
from virker.claims.check import check_claims
from virker.claims.load import load_claims
from virker.rules import Rules
from virker.workspace import Workspace, packaged_workspace


def process(*command: str, cwd: Path) -> Callable[[], object]:
    return lambda: subprocess.run(command, cwd=cwd, capture_output=True, check=False)


def row(what: str, seconds: float, target: float) -> None:
    print(f"{what:<62} {seconds:8.3f} s   target {target:5.1f} s   ratio {seconds / target:4.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--studies", type=int, default=10_000)
    parser.add_argument("--no-build", action="store_true")
    options = parser.parse_args()
    virker = str(Path(sys.executable).with_name("virker"))
    root = packaged_workspace()
    row("virker --version (whole process)", median(process(virker, "--version", cwd=root), options.times), 0.3)
    row("virker check on the Danish workspace (whole process)", median(process(virker, "check", cwd=root), options.times), 1.0)
    if not options.no_build:
        with tempfile.TemporaryDirectory() as out:
            row(
                "virker build on the Danish workspace (whole process)",
                median(process(virker, "build", "--out", f"{out}/b", cwd=root), max(1, options.times // 2)),
                10.0,
            )
    with tempfile.TemporaryDirectory() as folder:
        big(Path(folder), options.studies, options.times)


def big(folder: Path, studies: int, times: int) -> None:
    synthetic.make(folder, studies, 4, 1000)
    space = Workspace.find(folder)

    def cold() -> object:
        shutil.rmtree(space.cache.parent, ignore_errors=True)
        return load_bank(space.bank, space.root)

    row(f"cold load and validation, {studies} studies, {4 * studies} findings", median(cold, times), 1.5)
    load_bank(space.bank, space.root, cache=space.cache)
    row("warm load", median(lambda: load_bank(space.bank, space.root, cache=space.cache), times), 0.2)
    bank = load_bank(space.bank, space.root, cache=space.cache)
    start = time.perf_counter()
    bank.select(Query(intervention="meetings"))
    print(f"{'(index over the findings, once)':<62} {time.perf_counter() - start:8.3f} s")
    claims = load_claims(space.notes, space.root).claims
    row("1,000 claims checked", median(lambda: check_claims(claims, bank, Rules({}), "star-hierarchy", {}), max(1, times // 2)), 2.0)


if __name__ == "__main__":
    main()
