"""Evidence without numbers: directions, significance, p-values.

Counting "votes" by significance is no synthesis: with small studies of a true effect it finds the less the more studies there are (Hedges & Olkin
1980, doi:10.1037/0033-2909.88.2.359). What stands here are the methods that are left when no effect sizes are printed (McKenzie & Brennan 2019,
Cochrane Handbook, chapter 12): the share of directions, and the combination of p-values. The unit is the independent study.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from virker.meta import special
from virker.meta.blocks import groups
from virker.meta.data import Array, vector
from virker.meta.errors import InputError, known_option
from virker.meta.plain import p_value
from virker.meta.results import Result
from virker.meta.tests import known_level

Alternative = Literal["two-sided", "greater", "less"]
Combination = Literal["fisher", "stouffer"]


@dataclass(frozen=True, slots=True)
class SignTest(Result):
    """Do the directions lean to one side?

    Attributes
    ----------
    positive, negative, neither : units by direction; a unit whose findings cancel, or are all 0, is neither.
    share, ci_low, ci_high : share of positive units among positive and negative, with the exact (Clopper-Pearson) interval; NaN without any.
    p : exact binomial p-value of a share of one half, two-sided by doubling.
    p_positive : one-sided, of as many positive or more.
    k, units : findings and units.
    """

    positive: int
    negative: int
    neither: int
    share: float
    ci_low: float
    ci_high: float
    p: float
    p_positive: float
    k: int
    units: int

    def __str__(self) -> str:
        return f"Sign test, {self.units} units: {self.positive} up, {self.negative} down, {self.neither} neither; p {p_value(self.p)}"


def sign_test(direction: ArrayLike, *, cluster: ArrayLike | None = None, level: float = 0.95) -> SignTest:
    """Exact test that directions are a fair coin.

    Parameters
    ----------
    direction : (k,) numbers of which the sign counts: 1, -1, 0 for neither; or the estimates themselves.
    cluster : (k,) unit of each finding, such as the study or the trial. A unit has one vote: the sign of the sum of its signs.
    level : confidence level of the share.

    Notes
    -----
    **When it misleads.** A share says how often, not how much: nine tiny gains against one large loss are 90 %. It ignores precision, so that a
    pilot outvotes a register study; directions of non-significant results must be coded too, or the share is one of significance. "Neither" units are
    left out of the test, so many of them speak against the result without being heard: show them.

    Examples
    --------
    >>> print(sign_test([1, 1, 1, -1, 0, 1], cluster=["a", "a", "b", "c", "d", "e"]))
    Sign test, 5 units: 3 up, 1 down, 1 neither; p 0.6250
    """
    known_level(level)
    sign = np.sign(vector(direction, "direction"))
    if not len(sign):
        raise InputError("direction is empty: at least one finding is needed.")
    votes = sign
    if cluster is not None:
        code = groups(cluster, len(sign), what="cluster")
        votes = np.sign(code.sums(sign[code.order]))
    up, down = int((votes > 0).sum()), int((votes < 0).sum())
    n, tail = up + down, 0.5 * (1.0 - level)
    if n == 0:
        nan = float("nan")
        return SignTest(0, 0, len(votes), nan, nan, nan, 1.0, 1.0, len(sign), len(votes))
    at_least = float(special.bdtrc(up - 1, n, 0.5)) if up else 1.0
    at_most = float(special.bdtr(up, n, 0.5))
    low = float(special.betaincinv(up, down + 1, tail)) if up else 0.0
    high = float(special.betaincinv(up + 1, down, 1.0 - tail)) if down else 1.0
    return SignTest(up, down, len(votes) - n, up / n, low, high, min(1.0, 2.0 * min(at_least, at_most)), at_least, len(sign), len(votes))


@dataclass(frozen=True, slots=True)
class CombinedP(Result):
    """One p-value of many.

    Attributes
    ----------
    p : combined p-value, of the direction of the p-values handed in.
    statistic : Fisher's chi-squared (2 x units degrees of freedom) or Stouffer's z.
    method, k, units : how, and of how many p-values in how many units.
    """

    p: float
    statistic: float
    method: Combination
    k: int
    units: int


def combine_p(
    p: ArrayLike,
    *,
    method: Combination = "stouffer",
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    correlation: float = 1.0,
) -> CombinedP:
    """Combine one-sided p-values, all of the same direction.

    Parameters
    ----------
    p : (k,) one-sided p-values in (0, 1); from a two-sided p, p/2 in the wanted direction and 1 - p/2 against it.
    method : "fisher": -2 sum log p (Fisher 1932); one tiny p is enough. "stouffer": weighted sum of z (Stouffer et al. 1949; weights by Liptak 1958,
        such as the root of the sample size); results of both directions cancel.
    weights : (k,) of Stouffer's z, above 0. Within a unit they weigh its findings; a unit's own weight is then their mean.
    cluster : (k,) unit of each p-value: those of a unit are averaged as z first.
    correlation : of the z values within a unit, 0 to 1. At 1 the average counts as one result: with less it is on the safe side.

    Notes
    -----
    **When it misleads.** The hypothesis is that there is no effect in *any* study; rejecting it says that some study has one, in some place, of some
    size. Published p-values are selected, and then the combination rejects nearly always. p-values handed in as "< .05" have to be taken as .05.
    """
    known_option(method, get_args(Combination), "method")
    if not 0.0 <= correlation <= 1.0:
        raise InputError(f"correlation must be between 0 and 1, and is {correlation}.")
    values = vector(p, "p")
    if not len(values) or values.min() <= 0.0 or values.max() >= 1.0:
        raise InputError("p must hold values above 0 and below 1: a p of 0 or 1 was rounded; write the bound that was printed.")
    if weights is not None and method == "fisher":
        raise InputError("Fisher's method has no weights; take 'stouffer'.")
    w = np.ones(len(values)) if weights is None else vector(weights, "weights", len(values))
    if w.min() <= 0.0:
        raise InputError("weights must be above zero.")
    z, k = -special.ndtri(values), len(values)
    if cluster is not None:
        z, w = _average(z, w, cluster, correlation)
    if method == "fisher":
        chi2 = -2.0 * float(np.sum(special.log_ndtr(-z)))
        return CombinedP(float(special.chdtrc(2.0 * len(z), chi2)), chi2, method, k, len(z))
    w = w / w.max()
    combined = float(w @ z) / float(np.sqrt(w @ w))
    return CombinedP(float(special.ndtr(-combined)), combined, method, k, len(z))


def _average(z: Array, w: Array, cluster: ArrayLike, correlation: float) -> tuple[Array, Array]:
    """The z of each unit, of variance 1, and its weight."""
    code = groups(cluster, len(z), what="cluster")
    z, w = z[code.order], w[code.order]
    total, squares = code.sums(w), code.sums(w * w)
    spread = np.sqrt(correlation * total * total + (1.0 - correlation) * squares)
    return code.sums(w * z) / spread, total / code.sizes


@dataclass(frozen=True, slots=True)
class Harvest(Result):
    """What a harvest plot shows (Ogilvie et al. 2008, doi:10.1186/1471-2288-8-8): each unit a bar in the row of its group and the column of its direction.

    Attributes
    ----------
    groups : rows of the plot, in order of first appearance.
    counts : (groups, 3) units with a negative, no, and a positive direction.
    significant : (groups, 3) those of them that are significant.
    row, column : (units,) where each unit stands; columns 0, 1, 2 as above.
    height : (units,) height of the bar, the tallest first within a cell.
    unit : (units,) label of the unit, in the order of the bars.
    bold : (units,) whether it is significant.
    """

    groups: tuple[str, ...]
    counts: NDArray[np.intp]
    significant: NDArray[np.intp]
    row: NDArray[np.intp]
    column: NDArray[np.intp]
    height: Array
    unit: tuple[str, ...]
    bold: NDArray[np.bool_]
    _in_rows: ClassVar[tuple[str, ...]] = ("unit", "row", "column", "height", "bold")


def harvest(
    direction: ArrayLike,
    group: Sequence[str],
    unit: Sequence[str],
    *,
    significant: ArrayLike | None = None,
    height: ArrayLike | None = None,
) -> Harvest:
    """Bars of a harvest plot: one for each unit in each group.

    Parameters
    ----------
    direction : (k,) sign of each finding.
    group, unit : (k,) row of the plot, such as the target group; and the study or trial. Findings of a unit in a group are one bar: the sign of the
        sum of their signs, significant if one in that direction is.
    significant : (k,) bool.
    height : (k,) such as a grade of quality; the mean of a unit's findings.

    Notes
    -----
    **When it misleads.** Bars look alike whatever the size of the effect and the study. It shows a distribution of verdicts, no mean.
    """
    sign = np.sign(vector(direction, "direction"))
    k = len(sign)
    if len(group) != k or len(unit) != k:
        raise InputError(f"direction, group and unit must be equally long; they have {k}, {len(group)} and {len(unit)}.")
    sure = np.zeros(k, dtype=bool) if significant is None else np.asarray(significant, dtype=bool)
    tall = np.ones(k) if height is None else vector(height, "height", k)
    if sure.shape != (k,):
        raise InputError(f"significant must have {k} values, and has the shape {sure.shape}.")
    rows = tuple(dict.fromkeys(str(g) for g in group))
    members: dict[tuple[str, str], list[int]] = {}
    for i in range(k):
        members.setdefault((str(group[i]), str(unit[i])), []).append(i)
    bars = []
    for (g, u), at in members.items():
        vote = float(np.sign(sign[at].sum()))
        same = [i for i in at if sign[i] == vote]
        bars.append((rows.index(g), int(vote) + 1, -float(tall[at].mean()), u, bool(sure[same].any())))
    bars.sort(key=lambda bar: bar[:3])
    row, column = np.array([b[0] for b in bars], dtype=np.intp), np.array([b[1] for b in bars], dtype=np.intp)
    bold = np.array([b[4] for b in bars], dtype=bool)
    counts, strong = np.zeros((len(rows), 3), dtype=np.intp), np.zeros((len(rows), 3), dtype=np.intp)
    np.add.at(counts, (row, column), 1)
    np.add.at(strong, (row, column), bold.astype(np.intp))
    return Harvest(rows, counts, strong, row, column, -np.array([b[2] for b in bars]), tuple(b[3] for b in bars), bold)
