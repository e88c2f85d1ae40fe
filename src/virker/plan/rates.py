"""Weekly rates: longer than the table, and with a measure.

A weekly share hides two hazards of continuous time, to a job and to something else, that compete through the week. A hazard ratio is
a statement on the first of them. Multiplying the *share* would be wrong twice: it can pass 1, and it makes one printed ratio mean
different things in weekly and in monthly data. So shares are turned into hazards, multiplied, and turned back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from virker.plan.inputs import Array, Baseline, Phase


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares a week who leave for a ``job``, for something ``other``, and who ``stay``; all of shape (K, S) and together 1."""

    job: Array
    other: Array
    stay: Array


def longer(table: Array, length: int, first: int = 0) -> Array:
    """``table[first : first + length]``, where the last value of the table holds on. Shape (length,)."""
    return at(table, np.arange(first, first + length))


def at(table: Array, weeks: NDArray[np.intp]) -> Array:
    """``table[weeks]``, where the last value of the table holds on."""
    return np.asarray(table, dtype=np.float64)[np.minimum(weeks, len(table) - 1)]


def multiplied(job: Array, other: Array, ratio: Array) -> tuple[Array, Array]:
    """The weekly shares when the job-finding hazard is ``ratio`` times as high. Shapes broadcast.

    Write q = job + other. With hazards that are constant within the week, ``Λ = −log(1 − q)`` is their sum, and each takes part in the
    proportion of the shares: ``λ_job = Λ·job/q``, ``λ_other = Λ·other/q``. With the measure ``λ_job`` becomes ``ratio·λ_job``, so::

        job'   = ratio·λ_job / Λ' · (1 − exp(−Λ'))      Λ' = ratio·λ_job + λ_other
        other' =     λ_other / Λ' · (1 − exp(−Λ'))

    Without other exits this is the complementary log-log form ``1 − (1 − job)^ratio`` of grouped durations (Prentice and Gloeckler 1978,
    Biometrics 34, 57-67). ``job' + other' ≤ 1`` always. Who finds a job sooner cannot leave for something else, so ``other'`` falls a
    little when ``ratio`` rises, although its hazard is the same. Where everybody leaves within the week (q = 1), everybody still does,
    in the new proportion.
    """
    leave = np.minimum(job + other, 1.0)
    everybody = leave >= 1.0
    total = -np.log1p(-np.where(everybody, 0.5, leave))
    share = np.divide(job, leave, out=np.zeros(np.shape(leave)), where=leave > 0)
    to_job, to_other = ratio * share * total, (1.0 - share) * total
    hazard = to_job + to_other
    gone = np.where(everybody, 1.0, -np.expm1(-hazard))
    proportion = np.divide(to_job, hazard, out=np.zeros(np.shape(hazard)), where=hazard > 0)
    return gone * proportion, gone * (1.0 - proportion)


def with_phases(baseline: Baseline, start_week: int, phases: tuple[Phase, ...], weeks: int, draws: int) -> Rates:
    """Rates of those who began a measure at ``start_week``, in each of so many weeks since then. Shape (weeks, draws)."""
    return rates_at(baseline, start_week, phases, np.arange(weeks), draws)


def rates_at(baseline: Baseline, start_week: int, phases: tuple[Phase, ...], weeks: NDArray[np.intp], draws: int) -> Rates:
    """The same in the ``weeks`` since the measure began that are asked for, shape (K,). Outside the phases they are the baseline's."""
    job = np.repeat(at(baseline.job, weeks + start_week)[:, None], draws, axis=1)
    other = np.repeat(at(baseline.other, weeks + start_week)[:, None], draws, axis=1)
    for phase in phases:
        inside = (phase.start <= weeks) & (weeks < phase.stop)
        job[inside], other[inside] = multiplied(job[inside], other[inside], np.exp(phase.log_ratio))
    return Rates(job, other, np.maximum(1.0 - job - other, 0.0))
