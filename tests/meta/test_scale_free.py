"""Another unit changes nothing but the unit: fit(c y, c² v) is the scaled fit, in every number of every result of every function.

Each number of a result is held to its own power of the unit. A name that stands in no list below must not move at all, so that a new field
that carries a unit fails here until it is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from tests.meta.calls import CALLS, ELSEWHERE, Sample, in_unit, sample
from virker import meta
from virker.meta.errors import MetaError

UNITS = (1e-6, 1e-3, 0.01, 7.0, 1e6)
SAMPLES = {"spread": sample(), "on the boundary": replace(sample(seed=8), y=0.3 + 0.3 * np.sqrt(sample(seed=8).v) * np.random.default_rng(8).normal(size=18))}

# The power of the unit that a number of this name carries.
POWERS = {
    **dict.fromkeys(("beta", "se", "ci_low", "ci_high", "pi_low", "pi_high", "estimate", "mean", "residual", "tau", "effect", "y", "target"), 1),
    **dict.fromkeys(("limit", "limit_low", "limit_high", "slope", "slope_se", "without_low", "without_high"), 1),
    **dict.fromkeys(("tau2", "tau2_se", "tau2_deleted", "tau2_interval", "omega2", "sigma2_study", "sigma2_estimate", "sigma2_se"), 2),
    **dict.fromkeys(("sigma2_study_interval", "sigma2_estimate_interval", "tau2_within"), 2),
    **dict.fromkeys(("mode", "median", "sd", "network", "network_se", "direct", "direct_se", "indirect", "indirect_se", "difference", "difference_se"), 1),
    **dict.fromkeys(("vcov", "v", "covariance", "low", "high"), 2),
}
# Where a name means something else: in the results of these functions.
ELSE = {
    ("heterogeneity_shares", "estimate"): 0,
    ("fit_moments: correlated", "weights"): -2,
    ("fit_moments: hierarchical", "weights"): -2,
    **{("fit_bayes: studies", name): 1 for name in ("low", "high")},
    **{("fit_network: league", name): 1 for name in ("low", "high")},
    ("sign_test", "ci_low"): 0,
    ("sign_test", "ci_high"): 0,
    ("rank_test", "tau"): 0,
    ("ordered_probit", "beta"): 0,
    **{("ordered_probit", name): 0 for name in ("se", "ci_low", "ci_high", "vcov")},
}
# Log-likelihoods and what is made of them move by a multiple of log c, one for each estimate or degree of freedom.
SHIFTED = {
    "log_likelihood", "log_likelihood_ml", "log_likelihood_reml", "ll", "ll_unselected", "deviance", "aic", "bic", "aicc", "aic_full", "aic_reduced", "log_marginal"
}  # fmt: skip
# No statistics: what was done to get there, and what was handed in.
PROCESS = {"gain", "iterations", "data", "rows_used", "groups", "clusters", "X", "Z", "error"}


def numbers(result: Any, path: str = "") -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Each array of numbers in a result, with the names that lead to it."""
    if isinstance(result, meta.bayes.TauPosterior):
        return  # nodes and weights of an integral; its numbers are in "what is printed"
    if is_dataclass(result):
        for field in fields(result):
            if not field.name.startswith("_") and field.name not in PROCESS:
                yield from numbers(getattr(result, field.name), f"{path}.{field.name}" if path else field.name)
    elif isinstance(result, (float, int, np.ndarray, np.number, tuple)) and not isinstance(result, bool):
        array = np.asarray(result)
        if array.dtype.kind in "fiu" and array.size:
            yield path, array


def power_of(call: str, path: str, size: int) -> np.ndarray[Any, Any]:
    """The power of the unit, for each of ``size`` numbers along the last axis."""
    name = path.rpartition(".")[2]
    if call.startswith(("regression_test", "pet_peese")):
        variance = "variance" in call or path.startswith("peese")
        predictor = 2 if variance else 0 if "size" in call else 1
        if name in ("slope", "slope_se"):
            return np.array(1 - predictor)
        if path.partition("coefficients.")[2] in ("beta", "se", "ci_low", "ci_high"):
            one = np.ones(size)
            one[-1] -= predictor
            return one
        if name == "vcov":
            one = np.ones(size)
            one[-1] -= predictor
            return one[:, None] + one
    return np.array(ELSE.get((call, name), POWERS.get(name, 0)))


def check(call: str, one: Any, other: Any, s: Sample, c: float) -> None:
    """Hold every number of ``other``, fitted in units of c, to ``one``."""
    first, second = dict(numbers(one)), dict(numbers(other))
    assert first, f"{call} has no numbers"
    assert set(first) == set(second), call
    for path, a in first.items():
        b, where = second[path], f"{call}: {path} at {c:g}"
        name = path.rpartition(".")[2]
        if name in SHIFTED or call == "log_likelihood_grid" or (name == "optima" and a.dtype.kind == "f"):
            _moves_by_whole_logs(a, b, c, _free(one, s), where)
        elif path.startswith("scale."):
            _scale_of_the_logarithm(name, a, b, c, where)
        else:
            expected = a * c ** power_of(call, path, a.shape[-1] if a.ndim else 1)
            largest = float(np.nanmax(np.abs(expected), initial=0.0)) if a.ndim else 0.0
            np.testing.assert_allclose(b, expected, rtol=1e-9, atol=1e-11 * largest, err_msg=where)


def _free(one: Any, s: Sample) -> range | tuple[int, int]:
    """How many estimates, or degrees of freedom, a log-likelihood may be of."""
    if isinstance(one, (meta.network.NetworkModel, meta.network.ComponentModel)):
        return one.k, one.k - len(one.coefficients.beta)
    return range(len(s.y) - 4, 2 * len(s.y))  # trim and fill adds estimates


def _moves_by_whole_logs(a: Any, b: Any, c: float, free: range | tuple[int, int], where: str) -> None:
    """The density of k estimates in another unit is c^-k of the old one; of the restricted likelihood, of k - p; criteria are twice that."""
    whole = np.round((b - a) / np.log(c))
    if np.isnan(a).all():
        assert np.isnan(b).all(), where
        return
    assert set(np.abs(whole).ravel()) <= {0.0, *map(float, free), *(2.0 * m for m in free)}, where
    np.testing.assert_allclose(b, a + whole * np.log(c), rtol=1e-9, atol=1e-9, err_msg=where)


def _scale_of_the_logarithm(name: str, a: Any, b: Any, c: float, where: str) -> None:
    """log tau2 = Z gamma: the intercept moves by log c², and its test, of log tau2 = 0, is one of the unit."""
    if name in ("beta", "ci_low", "ci_high"):
        b = b - np.array([2.0 * np.log(c), 0.0])
    rest = slice(1, None) if name in ("statistic", "p") else slice(None)
    np.testing.assert_allclose(b[rest], a[rest], rtol=1e-9, atol=1e-9, err_msg=where)


@pytest.mark.parametrize("of", SAMPLES)
@pytest.mark.parametrize("call", CALLS)
def test_another_unit_changes_nothing_but_the_unit(call, of):
    s = SAMPLES[of]
    try:
        one = CALLS[call](s)
    except MetaError as refused:
        for c in UNITS:
            with pytest.raises(type(refused)):
                CALLS[call](in_unit(s, c))
        return
    for c in UNITS:
        check(call, one, CALLS[call](in_unit(s, c)), s, c)


@pytest.mark.parametrize("of", SAMPLES)
def test_the_walk_is_of_results_and_not_of_refusals(of):
    refused = []
    for name, call in CALLS.items():
        try:
            call(SAMPLES[of])
        except MetaError:
            refused.append(name)
    assert len(refused) <= len(CALLS) // 20, refused


def test_every_public_function_is_walked_through_or_says_why_not():
    walked = {name.partition(":")[0] for name in CALLS}
    missing = [name for name in meta.__all__ if name not in walked and name not in ELSEWHERE]
    assert not missing, f"add a line to tests/meta/calls.py for {', '.join(missing)}"
