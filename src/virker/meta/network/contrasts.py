"""Contrasts between treatments, study by study, checked and made independent.

The contrasts of a study with three arms or more are correlated. Their variances say how: with V the variances of all pairs, -JVJ/2 is the
covariance of the arms around their mean (Rücker & Schwarzer 2014, doi:10.1002/sim.6236). Turned to the axes of that matrix, a study with n arms
becomes n - 1 independent estimates, and heterogeneity with one tau2 for all contrasts is tau2 for each of them. So a network is a
meta-regression, and the engine's estimators and certificates hold for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta.data import Array, vector, within_reach
from virker.meta.errors import InputError

Codes = NDArray[np.intp]
Labels = Sequence[Any] | NDArray[Any]

# Printed contrasts are rounded: the three of a study with three arms may miss adding up by this share of their standard error.
_ROUNDED = 0.1


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Checked contrasts.

    Attributes
    ----------
    y, v : (m,) effect of the first treatment minus the second, and its sampling variance.
    first, second, study : (m,) codes.
    treatments, studies : the labels, sorted.
    arms : codes of the treatments in each study, sorted.
    """

    y: Array
    v: Array
    first: Codes
    second: Codes
    study: Codes
    treatments: tuple[str, ...]
    studies: tuple[str, ...]
    arms: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Independent estimates: a study with n arms has n - 1.

    Attributes
    ----------
    y, v : (k,) estimates and sampling variances.
    X : (k, n) weights of the treatments in each; a row sums to zero.
    study : (k,) codes.
    jacobian : what the log-likelihood of the contrasts has beyond that of the rows.
    """

    y: Array
    v: Array
    X: Array
    study: Codes
    jacobian: float

    def take(self, studies: Sequence[int]) -> Rows:
        """The rows of some studies."""
        keep = np.isin(self.study, list(studies))
        return Rows(self.y[keep], self.v[keep], self.X[keep], self.study[keep], float("nan"))


@dataclass(frozen=True, slots=True)
class Pairs:
    """All contrasts between the arms of each study, as :func:`fit_network` takes them."""

    y: Array
    v: Array
    treat1: tuple[str, ...]
    treat2: tuple[str, ...]
    study: tuple[str, ...]


def contrasts_of_arms(y: ArrayLike, v: ArrayLike, treatment: Labels, study: Labels) -> Pairs:
    """All pairs of arms within each study: y1 - y2 with variance v1 + v2.

    ``y``, ``v`` (m,) are an outcome of each arm, such as a log odds or a share in work, and its variance; ``treatment`` and ``study`` (m,) labels.
    """
    outcome, variance = vector(y, "y"), vector(v, "v")
    names, groups = _labels(treatment, "treatment", len(outcome)), _labels(study, "study", len(outcome))
    if len(variance) != len(outcome):
        raise InputError(f"v has {len(variance)} values, where {len(outcome)} are needed: one for each arm.")
    if (variance <= 0).any():
        raise InputError(f"v must be above zero, and is not at {', '.join(map(str, np.flatnonzero(variance <= 0)[:8]))} (counted from 0).")
    members: dict[str, list[int]] = {}
    for i, label in enumerate(groups):
        members.setdefault(label, []).append(i)
    found = [pair for arms in members.values() for pair in combinations(arms, 2)]
    if not found:
        raise InputError("No study has two arms: nothing is compared.")
    one, other = (np.array(side) for side in zip(*found, strict=True))
    labels = (tuple(of[r] for r in at) for of, at in ((names, one), (names, other), (groups, one)))
    return Pairs(outcome[one] - outcome[other], variance[one] + variance[other], *labels)


def contrasts(y: ArrayLike, v: ArrayLike, treat1: Labels, treat2: Labels, study: Labels) -> Contrasts:
    """Check contrasts; one InputError tells every problem."""
    effect, variance, names1, names2, groups = _columns(y, v, treat1, treat2, study)
    treatments, studies = tuple(sorted({*names1, *names2})), tuple(sorted(set(groups)))
    code, place = {t: i for i, t in enumerate(treatments)}, {s: i for i, s in enumerate(studies)}
    first, second, of = (np.array([table[x] for x in column]) for table, column in ((code, names1), (code, names2), (place, groups)))
    members = np.split(np.argsort(of, kind="stable"), np.flatnonzero(np.diff(np.sort(of))) + 1)
    arms = tuple(tuple(sorted({*first[rows].tolist(), *second[rows].tolist()})) for rows in members)
    found = Contrasts(effect, variance, first, second, of, treatments, studies, arms)
    problems = [f"row {i}: v must be above zero, and is {variance[i]:g}." for i in np.flatnonzero(variance <= 0)]
    problems += [f"row {i}: '{names1[i]}' is compared with itself." for i in np.flatnonzero(first == second)]
    problems += [told for rows in members if (told := _incomplete(found, rows))]
    if not problems:
        problems = [told for rows in members if len(rows) > 1 and (told := _impossible(found, rows))]
    if problems:
        raise InputError("\n".join(problems[:20]) + (f"\nand {len(problems) - 20} more" if len(problems) > 20 else ""))
    return found


def _columns(y: ArrayLike, v: ArrayLike, treat1: Labels, treat2: Labels, study: Labels) -> tuple[Array, Array, list[str], list[str], list[str]]:
    """Numbers within reach and labels, as many of each; every column that is not so is told."""
    found: list[Any] = []
    problems: list[str] = []
    # Where y itself is no column of numbers, the labels say how many rows there should be.
    m = np.size(y) if np.ndim(y) == 1 else np.size(study)
    checks: tuple[Callable[[], Any], ...] = (
        lambda: vector(y, "y"),
        lambda: vector(v, "v", m),
        *(partial(_labels, of, name, m) for of, name in ((treat1, "treat1"), (treat2, "treat2"), (study, "study"))),
    )
    for check in checks:
        try:
            found.append(check())
        except InputError as error:
            problems.append(str(error))
    if not problems and not m:
        problems.append("y is empty: at least one contrast is needed.")
    if problems:
        raise InputError("\n".join(problems))
    if (found[1] > 0).all():
        within_reach(found[0], found[1])
    return found[0], found[1], found[2], found[3], found[4]


def rows_of(c: Contrasts) -> Rows:
    """The independent estimates of all studies, in their order."""
    counts = np.bincount(c.study)
    alone = np.flatnonzero(counts[c.study] == 1)
    X = np.zeros((len(alone), len(c.treatments)))
    X[np.arange(len(alone)), c.first[alone]], X[np.arange(len(alone)), c.second[alone]] = 1.0, -1.0
    parts = [(c.y[alone], c.v[alone], X, c.study[alone])]
    jacobian = 0.0
    for s in np.flatnonzero(counts > 1):
        n = len(c.arms[s])
        parts.append(_turned(c, int(s)))
        jacobian += 0.5 * (n - 1) * float(np.log(2.0)) - 0.5 * float(np.log(n))
    y, v, X, study = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(study, kind="stable")
    return Rows(y[order], v[order], X[order], study[order], jacobian)


def parts_of(c: Contrasts) -> list[tuple[str, ...]]:
    """The treatments that are connected by comparisons, part by part; one part where all are."""
    part = np.arange(len(c.treatments))
    while True:
        joined = part.copy()
        np.minimum.at(joined, c.first, part[c.second])
        np.minimum.at(joined, c.second, joined[c.first])
        if (joined == part).all():
            return [tuple(t for t, p in zip(c.treatments, part, strict=True) if p == one) for one in np.unique(part)]
        part = joined


def _turned(c: Contrasts, study: int) -> tuple[Array, Array, Array, Codes]:
    """A study's contrasts on the axes of their covariance; twice the arms' variance, so that a contrast keeps its size."""
    means, covariance = _arms(c, np.flatnonzero(c.study == study))
    n = len(means)
    basis = np.linalg.qr(np.column_stack([np.ones(n), np.eye(n)[:, 1:]]))[0][:, 1:]  # all directions but "all arms alike"
    size, axes = np.linalg.eigh(basis.T @ covariance @ basis)
    axes = basis @ axes
    X = np.zeros((n - 1, len(c.treatments)))
    X[:, list(c.arms[study])] = np.sqrt(2.0) * axes.T
    return np.sqrt(2.0) * (axes.T @ means), 2.0 * size, X, np.full(n - 1, study)


def _arms(c: Contrasts, rows: Codes) -> tuple[Array, Array]:
    """Means of the arms around their common mean (n,), and their covariance (n, n), singular."""
    arms = c.arms[c.study[rows[0]]]
    place = {t: i for i, t in enumerate(arms)}
    n = len(arms)
    effect, variance = np.zeros((n, n)), np.zeros((n, n))
    i, j = (np.array([place[t] for t in side[rows].tolist()]) for side in (c.first, c.second))
    effect[i, j], effect[j, i] = c.y[rows], -c.y[rows]
    variance[i, j] = variance[j, i] = c.v[rows]
    centre = np.eye(n) - 1.0 / n
    return effect.mean(axis=1), -0.5 * centre @ variance @ centre


def _incomplete(c: Contrasts, rows: Codes) -> str:
    n = len(c.arms[c.study[rows[0]]])
    label = c.studies[c.study[rows[0]]]
    pairs = {tuple(sorted(pair)) for pair in zip(c.first[rows].tolist(), c.second[rows].tolist(), strict=True)}
    if len(pairs) < len(rows):
        return f"study '{label}': the same two treatments are compared twice. Give two trials two labels, or pool them first."
    if len(pairs) < n * (n - 1) // 2:
        missing = [f"{c.treatments[a]} - {c.treatments[b]}" for a, b in combinations(c.arms[c.study[rows[0]]], 2) if (a, b) not in pairs]
        return (
            f"study '{label}': {n} arms have {n * (n - 1) // 2} contrasts, and {', '.join(missing)} is missing. "
            "The correlation of the others follows from it; contrasts_of_arms makes all of them."
        )
    return ""


def _impossible(c: Contrasts, rows: Codes) -> str:
    label = c.studies[c.study[rows[0]]]
    means, covariance = _arms(c, rows)
    arms = c.arms[c.study[rows[0]]]
    place = {t: i for i, t in enumerate(arms)}
    added = np.array([means[place[a]] - means[place[b]] for a, b in zip(c.first[rows].tolist(), c.second[rows].tolist(), strict=True)])
    if (np.abs(added - c.y[rows]) > _ROUNDED * np.sqrt(c.v[rows])).any():
        return f"study '{label}': its contrasts do not add up (A - B and B - C must give A - C)."
    size = np.linalg.eigvalsh(covariance)
    if size[1] <= 1e-9 * size[-1]:
        return f"study '{label}': no arms can have contrasts with these variances; check them, or their standard errors."
    return ""


def _labels(labels: Labels, name: str, m: int) -> list[str]:
    if np.ndim(labels) != 1:
        raise InputError(f"{name} must be a list of labels, one for each row.")
    found = [str(label).strip() for label in (labels.tolist() if isinstance(labels, np.ndarray) else labels)]
    if len(found) != m:
        raise InputError(f"{name} has {len(found)} labels, where {m} are needed.")
    empty = [i for i, label in enumerate(found) if not label or label in ("nan", "None")]
    if empty:
        raise InputError(f"{name} is missing in row {', '.join(map(str, empty[:8]))} (counted from 0).")
    return found
