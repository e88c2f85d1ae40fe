"""What other Python libraries need on the data of ``benchmarks/meta.py``, where they are installed: PyMARE, PyMetaAnalysis, statsmodels.

Median CPU ms by the name of our row and the library; an empty table where none is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from meta import cpu, example

Peers = dict[str, dict[str, float]]


def peers() -> Peers:
    """{row: {library: ms}}."""
    calls: dict[str, dict[str, tuple[Callable[[], object], int]]] = {}
    y, v = example(13)
    large, large_v = example(10_000)
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, 13, (13, 1_000))
    if find_spec("statsmodels"):
        from statsmodels.stats.meta_analysis import combine_effects  # type: ignore[import-not-found]

        calls["DerSimonian-Laird, k = 13"] = {"statsmodels": (lambda: combine_effects(y, v, method_re="dl"), 51)}
    if find_spec("pymare"):
        from pymare import Dataset, estimators  # type: ignore[import-not-found]

        def reml(a: object, b: object) -> object:
            return estimators.VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(Dataset(a, b)).summary()

        def batch() -> object:
            return estimators.VarianceBasedLikelihoodEstimator(method="REML").fit(y[chosen], v[chosen], np.ones((13, 1)))

        calls.setdefault("DerSimonian-Laird, k = 13", {})["PyMARE"] = (lambda: estimators.DerSimonianLaird().fit_dataset(Dataset(y, v)).summary(), 21)
        calls.setdefault("REML, k = 13", {})["PyMARE"] = (lambda: reml(y, v), 21)
        calls.setdefault("REML, k = 10,000", {})["PyMARE"] = (lambda: reml(large, large_v), 7)
        calls.setdefault("1,000 bootstrap REML refits, k = 13", {})["PyMARE"] = (batch, 5)
    if find_spec("meta_analyze"):
        from meta_analyze import meta_analysis  # type: ignore[import-not-found]

        def fit(a: object, b: object, method: str) -> object:
            return meta_analysis(effect=a, variance=b, tau2_method=method)

        calls.setdefault("DerSimonian-Laird, k = 13", {})["PyMetaAnalysis"] = (lambda: fit(y, v, "DL"), 21)
        calls.setdefault("REML, k = 13", {})["PyMetaAnalysis"] = (lambda: fit(y, v, "REML"), 21)
        calls.setdefault("REML, k = 10,000", {})["PyMetaAnalysis"] = (lambda: fit(large, large_v, "REML"), 7)
    return {row: {library: 1000 * cpu(run, times) for library, (run, times) in those.items()} for row, those in calls.items()}
