"""Speed of Bayesian fits and of networks: ``python benchmarks/meta_bayes_networks.py``. Nothing is asserted.

CPU time on one core, median of several runs. The data are eight schools (Rubin 1981), seeded synthetic sets, and the network of depression
treatments that the tests use (Linde et al. 2016: 93 trials, 22 treatments).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from meta import _ONE_CORE, cpu, example

from virker import meta
from virker.meta.bayes import priors

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.meta.networks import linde

SCHOOLS = np.array([28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16]), np.array([14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6]) ** 2


def rows() -> list[tuple[str, Callable[[], object], int]]:
    """Name, call, runs."""
    found = meta.fit_bayes(*SCHOOLS, tau_prior=priors.half_cauchy(25))
    network = meta.fit_network(*linde())
    rng = np.random.default_rng(1)
    k = 5_000
    pairs = np.array([rng.choice(100, 2, replace=False) for _ in range(k)])
    big = rng.normal(size=k), rng.uniform(0.01, 0.1, k), pairs[:, 0], pairs[:, 1], np.arange(k)
    return [
        ("Bayes, k = 8", lambda: meta.fit_bayes(*SCHOOLS, tau_prior=priors.half_cauchy(25)), 51),
        ("... with all intervals and modes", found.columns, 11),
        ("... the effect in every study", found.studies, 5),
        *((f"Bayes, k = {n:,}", lambda data=example(n): meta.fit_bayes(*data, tau_prior=priors.half_normal(0.5)), 5) for n in (100, 1_000, 10_000)),
        ("network, 93 trials, 22 treatments", lambda: meta.fit_network(*linde()), 21),
        ("... its inconsistency", lambda: meta.network.decompose(network), 11),
        ("... direct against indirect, all pairs", lambda: meta.network.split(network), 11),
        ("components, 93 trials, 18 components", lambda: meta.fit_components(*linde(), inactive="Placebo"), 21),
        ("network, 5,000 trials, 100 treatments", lambda: meta.fit_network(*big), 3),
    ]


def main() -> None:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # it is read when NumPy is loaded: start anew
        sys.exit(subprocess.run([sys.executable, __file__], env={**os.environ, **_ONE_CORE}, check=False).returncode)
    for name, run, times in rows():
        print(f"{name:<44} {1000 * cpu(run, times):8.2f} ms")


if __name__ == "__main__":
    main()
