"""One person who enters a measure: what an evaluation measures, as the model sees it.

The person is unemployed for ``start_week`` weeks when week 0 begins. ``here[k]`` is the chance of still being in the spell when week k
begins, and ``found[k] = here[k]·job[k]`` the chance of finding a job in week k. Who finds one in week k is in work from week k + 1 on, may
lose it (``job_loss``), and then has a spell with the baseline's rates, in which the measure is not given again. So all that comes after
the first job is the same with and without the measure, and every outcome is a sum over the week of the first job.
"""

from __future__ import annotations

import numpy as np

from virker.plan.inputs import Array, Baseline, Phase
from virker.plan.rates import Rates, longer, rates_at, with_phases


def exits_to_job(rates: Rates) -> Array:
    """Chance of having left for a job within the weeks of ``rates``: ``Σ found[k]``. Shape (S,)."""
    chance: Array = found(rates).sum(axis=0)
    return chance


def in_work_at(baseline: Baseline, rates: Rates) -> Array:
    """Chance of being in work when week H begins, after the H weeks of ``rates``: ``Σ found[k]·w[H − 1 − k]``. Shape (S,).

    ``w[n]`` is :func:`still_in_work`.
    """
    return still_in_work(baseline, len(rates.job))[::-1] @ found(rates)


def weeks_in_work(baseline: Baseline, rates: Rates) -> Array:
    """Expected weeks in work of the H weeks 0 … H − 1, as the model pays them: ``Σ found[k]·(w[0] + … + w[H − 2 − k])``. Shape (S,).

    The first week is one of unemployment, so there are at most H − 1.
    """
    after = np.concatenate([[0.0], np.cumsum(still_in_work(baseline, len(rates.job)))[:-1]])
    return after[::-1] @ found(rates)


def duration_within(rates: Rates) -> Array:
    """Expected weeks of the first spell that fall in the weeks of ``rates`` (the restricted mean): ``Σ here[k]``. Shape (S,)."""
    weeks: Array = here(rates).sum(axis=0)
    return weeks


def duration(baseline: Baseline, start_week: int, phases: tuple[Phase, ...], draws: int) -> Array:
    """Expected weeks until the first spell ends: ``Σ here[k]`` over all k, in closed form. Shape (S,); infinite where nobody leaves at last.

    A week in which a person leaves counts, so with a constant chance q of leaving it is 1/q. Once the baseline's table is used up,
    rates change only where a phase does: n weeks with the chance q of leaving add ``here·(1 − (1 − q)ⁿ)/q``, the last stretch ``here/q``.
    """
    single = max(len(baseline.job) - 1 - start_week, 0)
    edges = sorted({single, *(edge for phase in phases for edge in (phase.start, phase.stop) if edge > single)})
    first = with_phases(baseline, start_week, phases, single, draws)
    total = duration_within(first)
    left = first.stay.prod(axis=0)
    later = rates_at(baseline, start_week, phases, np.array(edges), draws)
    for i, (edge, stop) in enumerate(zip(edges, [*edges[1:], None], strict=True)):
        leave = 1.0 - later.stay[i]
        remain = later.stay[i] ** (stop - edge) if stop else np.zeros(draws)
        forever = np.inf if stop is None else float(stop - edge)
        spent = np.divide(1.0 - remain, leave, out=np.full(draws, forever), where=leave > 0)
        total = total + np.multiply(left, spent, out=np.zeros(draws), where=left > 0)
        left = left * np.where(leave > 0, remain, 1.0)
    return total


def here(rates: Rates) -> Array:
    """Chance of still being in the first spell when each week begins, shape (H, S)."""
    return np.vstack([np.ones((1, rates.stay.shape[1])), np.cumprod(rates.stay, axis=0)[:-1]])[: len(rates.stay)]


def found(rates: Rates) -> Array:
    """Chance of finding the first job in each week, shape (H, S)."""
    return here(rates) * rates.job


def still_in_work(baseline: Baseline, weeks: int) -> Array:
    """``w[n]``: chance that one who is in work when a week begins is so n weeks later, lost jobs and new ones included. Shape (weeks,).

    With ``g[d]`` the chance of finding a job in week d of a new spell (the first being week 0), and a job lost in week j giving a spell
    from week j + 1 on::

        w[0] = 1      w[n + 1] = (1 − job_loss)·w[n] + Σ_{j < n} job_loss·w[j]·g[n − 1 − j]
    """
    job, other = longer(baseline.job, weeks), longer(baseline.other, weeks)
    find = found(Rates(job[:, None], other[:, None], (1.0 - job - other)[:, None]))[:, 0]
    work = np.ones(weeks)
    for n in range(weeks - 1):
        work[n + 1] = (1.0 - baseline.job_loss) * work[n] + baseline.job_loss * (work[:n] @ find[:n][::-1])
    return work
