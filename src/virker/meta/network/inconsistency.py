"""Do the paths through a network agree? Q by designs, and direct against indirect evidence."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from virker.meta.data import Array
from virker.meta.network.contrasts import Rows
from virker.meta.network.design import hold
from virker.meta.network.model import NetworkModel
from virker.meta.plain import p_value, table
from virker.meta.results import Result
from virker.meta.tests import chi2_upper, two_sided

_ALONE = 1e-9  # below this, one less the leverage is zero


@dataclass(frozen=True, slots=True)
class Decomposition(Result):
    """Cochran's Q of a network in its parts (Krahn, Binder & König 2013, doi:10.1186/1471-2288-13-35); the design of a study is its set of arms.

    Attributes
    ----------
    q, q_df, q_p : of everything.
    within, within_df, within_p : heterogeneity: studies of one design differ among themselves.
    between, between_df, between_p : inconsistency: designs differ.
    tau2_within : variance between studies within designs, by moments.
    random, random_p : ``between`` with the weights of ``tau2_within``: what is left of the inconsistency when studies may differ anyway.
    design : (d,) the designs, their treatments joined with ":".
    studies, design_q, design_df, design_p : (d,) studies of each design, and its heterogeneity.
    detached, detached_df, detached_p : (d,) ``between`` once a design may have effects of its own: where it falls much, that design disagrees.
    """

    q: float
    q_df: int
    q_p: float
    within: float
    within_df: int
    within_p: float
    between: float
    between_df: int
    between_p: float
    tau2_within: float
    random: float
    random_p: float
    design: tuple[str, ...]
    studies: NDArray[np.intp]
    design_q: Array
    design_df: NDArray[np.intp]
    design_p: Array
    detached: Array
    detached_df: NDArray[np.intp]
    detached_p: Array

    def __str__(self) -> str:
        names = ("total", "within designs", "between designs")
        numbers = ((self.q, self.q_df, self.q_p), (self.within, self.within_df, self.within_p), (self.between, self.between_df, self.between_p))
        whole = [[name, f"{q:.2f}", str(df), p_value(p)] for name, (q, df, p) in zip(names, numbers, strict=True)]
        whole.append([f"between designs, tau2 {self.tau2_within:.4g}", f"{self.random:.2f}", str(self.between_df), p_value(self.random_p)])
        each = [
            [d, str(self.studies[i]), f"{self.design_q[i]:.2f}", str(self.design_df[i]), f"{self.detached[i]:.2f}", p_value(self.detached_p[i])]
            for i, d in enumerate(self.design)
        ]
        return f"{table(['', 'Q', 'df', 'p'], whole)}\n\n{table(['design', 'studies', 'Q', 'df', 'between without it', 'p'], each)}"


@dataclass(frozen=True, slots=True)
class Split(Result):
    """Direct and indirect evidence on each pair that some study compares, all (r,).

    Attributes
    ----------
    treat1, treat2 : the pair.
    studies : how many have both.
    network, network_se : the model's estimate, treat1 minus treat2.
    direct, direct_se : from the studies that have both.
    indirect, indirect_se : from the network without these studies; NaN where it does not connect the two.
    difference, difference_se, p : direct minus indirect, which share no study.
    direct_share : how much of the network's precision the direct evidence has, 0 to 1.
    """

    treat1: tuple[str, ...]
    treat2: tuple[str, ...]
    studies: NDArray[np.intp]
    network: Array
    network_se: Array
    direct: Array
    direct_se: Array
    indirect: Array
    indirect_se: Array
    difference: Array
    difference_se: Array
    p: Array
    direct_share: Array


def decompose(model: NetworkModel) -> Decomposition:
    """Split Q into heterogeneity within designs and inconsistency between them. A test that finds nothing is no proof: it has little power."""
    rows, arms = model.rows_used, model.data.arms
    designs = sorted(set(arms), key=lambda design: [model.treatments[t] for t in design])
    members = [[s for s, one in enumerate(arms) if one == design] for design in designs]
    each = [_of_studies(rows, studies, 0.0) for studies in members]
    within, within_df = float(sum(q for q, _ in each)), sum(df for _, df in each)
    everything = range(len(arms))
    q, df = _of_studies(rows, everything, 0.0)
    rest = _without(rows, members)
    without = [(max(0.0, rest_q + own_q - within), rest_df + own_df - within_df) for (own_q, own_df), (rest_q, rest_df) in zip(each, rest, strict=True)]
    tau2 = _within(rows, members, within, within_df)
    random = max(0.0, _of_studies(rows, everything, tau2)[0] - sum(_of_studies(rows, studies, tau2)[0] for studies in members))
    design_q, detached = (np.array([q for q, _ in pairs]) for pairs in (each, without))
    design_df, detached_df = (np.array([df for _, df in pairs], dtype=np.intp) for pairs in (each, without))
    between, between_df = max(0.0, q - within) if df > within_df else 0.0, df - within_df
    return Decomposition(
        q=q,
        q_df=df,
        q_p=float(chi2_upper(q, df)),
        within=within,
        within_df=within_df,
        within_p=float(chi2_upper(within, within_df)),
        between=between,
        between_df=between_df,
        between_p=float(chi2_upper(between, between_df)),
        tau2_within=tau2,
        random=random,
        random_p=float(chi2_upper(random, between_df)),
        design=tuple(":".join(model.treatments[t] for t in design) for design in designs),
        studies=np.array([len(studies) for studies in members], dtype=np.intp),
        design_q=design_q,
        design_df=design_df,
        design_p=chi2_upper(design_q, design_df.astype(np.float64)),
        detached=detached,
        detached_df=detached_df,
        detached_p=chi2_upper(detached, detached_df.astype(np.float64)),
    )


def split(model: NetworkModel) -> Split:
    """Direct against indirect evidence, pair by pair, tau2 held at the model's.

    The direct evidence is that of all studies with both treatments, the indirect one that of the network without these studies: they share
    nothing, so that their difference is tested plainly. A study with three arms counts as direct for each of its pairs.
    """
    c, n = model.data, len(model.treatments)
    found = []
    for a, b in combinations(range(n), 2):
        both = [s for s, arms in enumerate(c.arms) if a in arms and b in arms]
        if not both:
            continue
        rows = np.flatnonzero(((c.first == a) & (c.second == b)) | ((c.first == b) & (c.second == a)))
        y, w = np.where(c.first[rows] == a, c.y[rows], -c.y[rows]), 1.0 / (c.v[rows] + model.tau2)
        h = np.zeros(n)
        h[a], h[b] = 1.0, -1.0
        rest = model.rows_used.take(sorted(set(range(len(c.arms))) - set(both)))
        found.append((a, b, len(both), float(w @ y / w.sum()), float(1.0 / w.sum()), *hold(rest, np.eye(n), model.tau2).of(h)))
    one, other, studies = (np.array([row[i] for row in found], dtype=np.intp) for i in range(3))
    direct, direct_v, indirect, indirect_v = (np.array([row[i] for row in found]) for i in range(3, 7))
    difference, se = direct - indirect, np.sqrt(direct_v + indirect_v)
    return Split(
        treat1=tuple(model.treatments[i] for i in one),
        treat2=tuple(model.treatments[i] for i in other),
        studies=studies,
        network=model.estimate[one, other],
        network_se=model.se[one, other],
        direct=direct,
        direct_se=np.sqrt(direct_v),
        indirect=indirect,
        indirect_se=np.sqrt(indirect_v),
        difference=difference,
        difference_se=se,
        p=two_sided(difference / se),
        direct_share=np.minimum(model.se[one, other] ** 2 / direct_v, 1.0),
    )


def _of_studies(rows: Rows, studies: range | list[int], tau2: float) -> tuple[float, int]:
    part = rows.take(list(studies))
    found = hold(part, np.eye(rows.X.shape[1]), tau2)
    return found.q, found.df


def _without(rows: Rows, members: list[list[int]]) -> list[tuple[float, int]]:
    """Q and its degrees of freedom without the studies of each design, from one fit: e'(I - H)^+ e less, over the rows left out."""
    n = rows.X.shape[1]
    space = hold(rows, np.eye(n), 0.0).space
    root = 1.0 / np.sqrt(rows.v)
    basis = np.linalg.qr(root[:, None] * (rows.X @ space.basis))[0]
    e = root * rows.y
    e -= basis @ (basis.T @ e)
    q, df = float(e @ e), len(e) - space.rank
    found = []
    for studies in members:
        out = np.flatnonzero(np.isin(rows.study, studies))
        size, axes = np.linalg.eigh(np.eye(len(out)) - basis[out] @ basis[out].T)
        free = size > _ALONE  # what only these studies tell leaves no residual, and takes no degree of freedom with it
        along = (axes.T @ e[out])[free]
        found.append((q - float((along / size[free]) @ along), df - int(free.sum())))
    return found


def _within(rows: Rows, members: list[list[int]], q: float, df: int) -> float:
    """DerSimonian and Laird's tau2 where every design has effects of its own; 0 where no design has two studies."""
    trace = 0.0
    for studies in members:
        part = rows.take(studies)
        w = 1.0 / part.v
        fixed = hold(part, np.eye(rows.X.shape[1]), 0.0)
        X = part.X @ fixed.space.basis
        trace += float(w.sum() - np.trace(fixed.vcov @ (X.T * (w * w)) @ X)) if fixed.df else 0.0
    return max(0.0, (q - df) / trace) if df else 0.0
