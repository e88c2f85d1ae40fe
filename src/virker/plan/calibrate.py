"""From a printed number to a hazard ratio: the one with which *this group's* model gives the number that a study printed.

A study prints percentage points, weeks or per cent of another group. The model needs a hazard ratio. For one person who enters the
measure, :func:`effect` computes the printed kind of number with and without the measure; :func:`calibrate` turns it round. The shape over
time is declared, not found: the ratio holds in ``windows``, and what is known of other phases is given in ``known``.

A new kind of number is a word in :data:`Kind` and a line in ``_level``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from virker.errors import QueryError
from virker.plan import cohort
from virker.plan.check import baseline_problems
from virker.plan.inputs import Array, Baseline, Phase
from virker.plan.rates import with_phases

#: What is printed. ``…-pp`` and ``…-percent`` are shares: 3 percentage points are 0.03, and so is 3 per cent of the level without.
Kind = Literal[
    "hazard-ratio",  # of the job-finding hazard; no model is needed
    "hazard-percent",  # change of that hazard as a share of it
    "job-exits-pp",  # share who have left for a job within H weeks
    "weeks-in-work",  # weeks in work in the first H weeks
    "in-work-at-pp",  # share in work after H weeks
    "in-work-at-percent",  # the same, as a share of the share without the measure
    "in-work-mean-pp",  # share in work on average over the first H weeks
    "in-work-mean-percent",  # the same, as a share of the share without the measure
    "duration-mean",  # weeks until the spell ends, from the measure's beginning
    "duration-within",  # weeks of that spell within the first H (restricted mean)
]
#: The hazard ratios looked at: between a thousandth and a thousand times. Ours; at a thousand nearly everybody leaves at once.
LARGEST = float(np.log(1000.0))
#: Steps on each side of no effect in which the effect is followed before the search within one of them; and halvings of that step.
STEPS, HALVINGS = 28, 52
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Target:
    """What was printed, and of what: the ``kind`` of number, for one who enters at ``start_week`` weeks of unemployment.

    Attributes
    ----------
    windows : tuple of (start, stop)
        Weeks since the measure began in which the unknown ratio holds; ``stop`` is not included.
    horizon : int or None
        H in weeks, for the kinds that have one.
    known : tuple of Phase
        Phases with a ratio of their own. They may not overlap ``windows``.
    """

    kind: Kind
    start_week: int
    windows: tuple[tuple[int, int], ...]
    horizon: int | None = None
    known: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    """The ratios found, and where none was.

    Attributes
    ----------
    log_ratio : ndarray of shape (S,)
        Log hazard ratio in the windows; at the end of the reachable range where the number lies outside it.
    low, high : ndarray of shape (S,)
        The range of numbers that the baseline allows, in the unit of the kind.
    below, above : ndarray of bool, shape (S,)
        Draws whose number lies outside that range.
    """

    log_ratio: Array
    low: Array
    high: Array
    below: NDArray[np.bool_]
    above: NDArray[np.bool_]

    @property
    def clipped(self) -> NDArray[np.bool_]:
        """Draws whose number cannot be reached."""
        return self.below | self.above


class NotReachable(QueryError):
    """No hazard ratio gives the printed number in this group. ``calibration`` says what can be reached, and which draws can."""

    def __init__(self, target: Target, printed: Array, calibration: Calibration) -> None:
        self.target, self.printed, self.calibration = target, printed, calibration
        clipped = calibration.clipped
        first = int(np.argmax(clipped))
        within = f" within {target.horizon} weeks" if target.horizon is not None else ""
        super().__init__(
            f"{target.kind}{within}: {printed[first]:.4g} cannot be reached in this group, whose exit rates allow {calibration.low[first]:.4g} to "
            f"{calibration.high[first]:.4g} ({int(clipped.sum())} of {len(clipped)} draws outside).\n"
            "    → the study's group finds work at another pace; use a number of another kind, or a group nearer to it"
        )


def calibrate(baseline: Baseline, target: Target, printed: Array, *, clip: bool = False) -> Calibration:
    """The log hazard ratio with which :func:`effect` is ``printed``, for each draw. ``printed`` has shape (S,).

    The effect rises with the ratio from no effect outwards, nearly always all the way. Where jobs are lost, more haste can in the end
    lower the share in work *at* a week far off, because who found a job early has had time to lose it. So the effect is followed from
    no effect (log ratio 0) in small steps in both directions, as long as it goes on rising; on that stretch there is one solution at
    most, and bisection finds it to the last digit.

    Raises :class:`NotReachable` when a draw's number lies outside the stretch, unless ``clip``; :class:`QueryError` when the target is
    not fully told.
    """
    _check(baseline, target)
    printed = np.atleast_1d(np.asarray(printed, dtype=np.float64))
    found = _from_hazard(target.kind, printed) if target.kind.startswith("hazard") else _search(baseline, target, printed)
    if found.clipped.any() and not clip:
        raise NotReachable(target, printed, found)
    return found


def effect(baseline: Baseline, target: Target, log_ratio: Array) -> Array:
    """The number of the target's kind that the model gives at ``log_ratio``: with the measure less without, shape (S,).

    Each ``-percent`` kind is that difference as a share of the level without the measure.
    """
    ratio = np.exp(log_ratio)
    if target.kind == "hazard-ratio":
        return ratio
    if target.kind == "hazard-percent":
        return ratio - 1.0
    phases = (*target.known, *(Phase("net", start, stop, log_ratio) for start, stop in target.windows))
    draws = max(len(phase.log_ratio) for phase in phases)
    without = _level(baseline, target, (), 1)
    change = _level(baseline, target, phases, draws) - without
    return change / without if target.kind.endswith("-percent") else change


def _level(baseline: Baseline, target: Target, phases: tuple[Phase, ...], draws: int) -> Array:
    if target.kind == "duration-mean":
        return cohort.duration(baseline, target.start_week, phases, draws)
    horizon = target.horizon or 0
    rates = with_phases(baseline, target.start_week, phases, horizon, draws)
    match target.kind:
        case "job-exits-pp":
            return cohort.exits_to_job(rates)
        case "weeks-in-work":
            return cohort.weeks_in_work(baseline, rates)
        case "in-work-at-pp" | "in-work-at-percent":
            return cohort.in_work_at(baseline, rates)
        case "in-work-mean-pp" | "in-work-mean-percent":
            return cohort.weeks_in_work(baseline, rates) / horizon
        case _:
            return cohort.duration_within(rates)


def _from_hazard(kind: Kind, printed: Array) -> Calibration:
    ratio = printed if kind == "hazard-ratio" else 1.0 + printed
    below, above = ratio < np.exp(-LARGEST), ratio > np.exp(LARGEST)
    log_ratio = np.log(np.clip(ratio, np.exp(-LARGEST), np.exp(LARGEST)))
    shift = 0.0 if kind == "hazard-ratio" else 1.0
    full = np.ones(len(printed))
    return Calibration(log_ratio, (np.exp(-LARGEST) - shift) * full, (np.exp(LARGEST) - shift) * full, below, above)


def _search(baseline: Baseline, target: Target, printed: Array) -> Calibration:
    sign = -1.0 if target.kind.startswith("duration") else 1.0
    grid = np.linspace(-LARGEST, LARGEST, 2 * STEPS + 1)
    grid[STEPS] = 0.0
    if all(len(phase.log_ratio) == 1 for phase in target.known):
        values = sign * effect(baseline, target, grid)[:, None]
    else:
        values = sign * np.stack([effect(baseline, target, np.array([point])) for point in grid])
    first, last = _rising(values)
    low, high = _pick(values, first), _pick(values, last)
    wanted = sign * printed
    slack = _ROUNDING * np.maximum(1.0, np.abs(wanted))
    below, above = wanted < low - slack, wanted > high + slack
    rows = np.arange(len(grid))[:, None]
    step = np.clip(((values <= wanted) & (rows >= first) & (rows <= last)).sum(axis=0) - 1 + first, first, np.maximum(last - 1, first))
    draws = max(len(printed), values.shape[1])
    lower, upper = (np.broadcast_to(grid[edge], draws).copy() for edge in (step, np.minimum(step + 1, last)))
    for _ in range(HALVINGS):
        middle = (lower + upper) / 2.0
        less = sign * effect(baseline, target, middle) < wanted
        lower, upper = np.where(less, middle, lower), np.where(less, upper, middle)
    log_ratio = (lower + upper) / 2.0
    log_ratio = np.where(wanted == values[STEPS], 0.0, np.where(below, grid[first], np.where(above, grid[last], log_ratio)))
    ends = [np.broadcast_to(end, draws) for end in ((low, high) if sign > 0 else (-high, -low))]
    outside = (below, above) if sign > 0 else (above, below)
    return Calibration(log_ratio, ends[0], ends[1], *(np.broadcast_to(one, draws) for one in outside))


def _rising(values: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last row of the stretch around the middle row on which ``values`` of shape (G, S) do not fall."""
    falls = np.diff(values, axis=0) < -_ROUNDING
    up, down = falls[STEPS:], falls[:STEPS][::-1]
    last = STEPS + np.where(up.any(axis=0), up.argmax(axis=0), len(up))
    first = STEPS - np.where(down.any(axis=0), down.argmax(axis=0), len(down))
    return first, last


def _pick(values: Array, row: NDArray[np.intp]) -> Array:
    picked: Array = np.take_along_axis(values, row[None], axis=0)[0]
    return picked


def _check(baseline: Baseline, target: Target) -> None:
    problems = list(baseline_problems(baseline))
    has_horizon = target.kind not in {"hazard-ratio", "hazard-percent", "duration-mean"}
    if has_horizon and (target.horizon is None or target.horizon < 1):
        problems.append(f"{target.kind} needs a horizon of at least one week")
    if not target.kind.startswith("hazard") and not target.windows:
        problems.append(f"{target.kind} needs a window in which the ratio holds")
    spans = sorted([*target.windows, *((phase.start, phase.stop) for phase in target.known)])
    problems += [f"window from week {start} to {stop}: it starts at 0 or later and stops after it starts" for start, stop in spans if not 0 <= start < stop]
    problems += [f"windows overlap in week {b[0]}" for a, b in pairwise(spans) if b[0] < a[1]]
    if target.start_week < 0:
        problems.append(f"start_week is {target.start_week}: at least 0")
    if target.kind == "duration-mean" and not problems and not np.isfinite(_level(baseline, target, (), 1)).all():
        problems.append("there is no mean duration: at the end of the table of rates nobody leaves")
    if target.kind.endswith("-percent") and target.kind != "hazard-percent" and not problems and not _level(baseline, target, (), 1) > 0:
        problems.append(f"nobody is in work within {target.horizon} weeks without the measure, so there is nothing to take per cent of")
    if problems:
        raise QueryError("The number cannot be turned into a hazard ratio:\n" + "\n".join(f"    {problem}" for problem in problems))
