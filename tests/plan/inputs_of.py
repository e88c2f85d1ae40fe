"""Small inputs for the planner's tests. The numbers are made up; they are evidence of nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from virker.plan.inputs import Array, Baseline, Capacity, Cost, Inputs, Measure, Money, People, Phase, Use

MONEY = Money("DKK", 4500.0, np.array([1.0, 0.8, 0.4, 0.2]), 8000.0, 0.3, 0.35, 0.4, 0.035, 1.28, 1.0)


def baseline_of(job: Any, other: Any = 0.0, job_loss: float = 0.0) -> Baseline:
    job = np.atleast_1d(np.asarray(job, dtype=float))
    return Baseline(job, np.broadcast_to(np.asarray(other, dtype=float), job.shape).copy(), job_loss)


def inputs_of(weeks: int, baseline: Baseline, *measures: Measure, inflow: Any = 0.0, stock: Any = (0.0,), **more: Any) -> Inputs:
    people = People(np.broadcast_to(np.asarray(inflow, dtype=float), (weeks,)).copy(), np.asarray(stock, dtype=float))
    return Inputs(weeks, people, baseline, measures, **more)


def capacity_of(weeks: int, **amounts: Any) -> dict[str, Capacity]:
    return {name: Capacity(name, np.broadcast_to(np.asarray(amount, dtype=float), (weeks,)).copy(), "places", 1.0) for name, amount in amounts.items()}


def phase_of(start: int, stop: int, ratio: Any) -> Phase:
    return Phase("net", start, stop, np.log(np.atleast_1d(np.asarray(ratio, dtype=float))))


def full(weeks: int = 30, draws: int = 5, *, seed: int = 1, **more: Any) -> Inputs:
    """Three measures that share two capacities, with prices, draws and job loss."""
    rng = np.random.default_rng(seed)

    def ratio(middle: float) -> Array:
        return rng.normal(middle, 0.1, draws)

    measures = tuple(
        Measure(
            f"m{start}",
            start,
            0.6,
            (Phase("threat", 0, 2, ratio(0.1)), Phase("lock-in", 2, 6, ratio(-0.3)), Phase("after", 6, 20, ratio(0.3))),
            (Use("hours", 0, 6, 0.5), Use("seats", 2, 6, 1.0)),
            (Cost("municipality", "resources", 0, 1, 1000.0), Cost("state", "employer", 2, 6, 500.0, "subsidy")),
        )
        for start in (1, 3, 8)
    )
    base = baseline_of(np.linspace(0.08, 0.03, 12), 0.01, 0.02)
    given = {"inflow": 100.0, "stock": np.full(10, 50.0), "capacity": capacity_of(weeks, hours=90.0, seats=150.0), "money": MONEY, **more}
    return inputs_of(weeks, base, *measures, **given)


@st.composite
def baselines(draw: st.DrawFn, *, job_loss: float | None = None) -> Baseline:
    length = draw(st.integers(1, 6))
    shares = st.floats(0.0, 0.5)
    rates = [draw(st.lists(shares, min_size=length, max_size=length)) for _ in range(2)]
    return Baseline(np.array(rates[0]), np.array(rates[1]), draw(st.floats(0.0, 0.3)) if job_loss is None else job_loss)


@st.composite
def any_inputs(draw: st.DrawFn, *, job_loss: float | None = None, measures: int = 3) -> Inputs:
    """Any inputs of up to so many measures, two capacities, two draws and 14 weeks."""
    weeks = draw(st.integers(1, 14))
    people = st.lists(st.floats(0.0, 100.0), min_size=weeks, max_size=weeks)
    span = st.tuples(st.integers(0, 5), st.integers(1, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    listed = []
    for number in range(draw(st.integers(0, measures))):
        start, stop = draw(span)
        ratios = np.array(draw(st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=2)))
        uses = tuple(Use(name, *draw(span), draw(st.floats(0.0, 2.0))) for name in draw(st.lists(st.sampled_from(["hours", "seats"]), max_size=3)))
        costs = (Cost("municipality", "resources", *draw(span), 10.0),)
        listed.append(Measure(f"m{number}", draw(st.integers(0, 5)), draw(st.floats(0.0, 1 / 3)), (Phase("net", start, stop, ratios),), uses, costs))
    capacity = {name: Capacity(name, np.array(draw(people)), "places", 1.0) for name in ("hours", "seats")}
    stock = draw(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=8))
    return Inputs(weeks, People(np.array(draw(people)), np.array(stock)), draw(baselines(job_loss=job_loss)), tuple(listed), capacity, MONEY)
