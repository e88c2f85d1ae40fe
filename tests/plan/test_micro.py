"""Person by person and in the aggregate: the same model. Seeds are fixed, so a test that passes always passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.plan.inputs_of import baseline_of, capacity_of, full, inputs_of, phase_of
from virker.errors import QueryError
from virker.plan.inputs import Inputs, Measure, Use
from virker.plan.micro import simulate
from virker.plan.model import run
from virker.plan.outputs import Run

PEOPLE = ("in_work", "unemployed", "left", "benefit", "state_benefit", "participants", "started", "turned_away")
#: Of some hundreds of z-values that are one for each week and output, none should be as far off as this; fewer than 7 in 100,000 are by chance.
FAR = 4.0


def z_values(histories: Run, expected: Run) -> dict[str, np.ndarray]:
    """How many standard errors the mean of the histories is from the expectation; where no two histories differ, they must be it."""
    names = [(name, getattr(histories, name), getattr(expected, name)) for name in PEOPLE]
    names += [(name, histories.used[name], expected.used[name]) for name in expected.used]
    names += [(str(key), histories.costs[key], expected.costs[key]) for key in expected.costs]
    found = {}
    for name, drawn, mean in names:
        se = drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
        off = drawn.mean(axis=0) - mean[0]
        np.testing.assert_allclose(off[se == 0], 0.0, atol=1e-9, err_msg=name)
        found[name] = off[se > 0] / se[se > 0]
    return found


def roomy(seed: int) -> Inputs:
    weeks = 30
    return full(weeks, draws=1, seed=seed, inflow=300.0, stock=np.full(10, 200.0), capacity=capacity_of(weeks, hours=1e9, seats=1e9))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_expectation_lies_within_the_error_of_the_histories(seed: int) -> None:
    inputs = roomy(seed)
    found = z_values(simulate(inputs, np.random.default_rng(seed), runs=120), run(inputs))
    assert sum(z.size for z in found.values()) > 400
    for name, z in found.items():
        assert np.abs(z).max(initial=0.0) < FAR, name


def test_the_comparison_would_find_a_rate_that_is_a_little_off() -> None:
    """A model that finds 2 per cent more jobs is told apart by the same comparison."""
    inputs = roomy(1)
    wrong = replace(inputs, baseline=replace(inputs.baseline, job=inputs.baseline.job * 1.02))
    found = z_values(simulate(inputs, np.random.default_rng(1), runs=120), run(wrong))
    assert np.abs(found["in_work"]).max() > FAR


def test_where_places_are_always_asked_for_by_more_than_there_are_both_fill_them() -> None:
    """30 places of one week, and never fewer than 30 who ask: as many begin in every history as in the model, and the rest follows."""
    weeks = 25
    measure = Measure("m", 2, 0.7, (phase_of(0, 10, 1.6),), (Use("places", 0, 1, 1.0),))
    base = baseline_of(np.linspace(0.08, 0.03, 12), 0.01, 0.02)
    inputs = inputs_of(weeks, base, measure, inflow=200.0, stock=np.full(6, 200.0), capacity=capacity_of(weeks, places=30))
    histories = simulate(inputs, np.random.default_rng(5), runs=120)
    np.testing.assert_array_equal(histories.started, 30.0)
    for name, z in z_values(histories, run(inputs)).items():
        assert np.abs(z).max(initial=0.0) < FAR, name


def test_without_chance_both_are_the_same_under_binding_capacity() -> None:
    """Nobody leaves and everybody is reached: places promised, two capacities, two measures, whole numbers throughout."""
    weeks = 14
    first = Measure("a", 0, 1.0, uses=(Use("hours", 0, 1, 1.0), Use("hours", 3, 5, 1.0)))
    second = Measure("b", 2, 1.0, uses=(Use("hours", 0, 2, 1.0), Use("seats", 1, 4, 1.0)), from_week=1)
    capacity = capacity_of(weeks, hours=np.tile([40, 24, 31], 5)[:weeks], seats=17)
    inputs = inputs_of(weeks, baseline_of(0.0), first, second, inflow=np.arange(5, 5 + weeks), stock=[9, 0, 30], capacity=capacity)
    model, history = run(inputs), simulate(inputs, np.random.default_rng(0))
    assert (model.turned_away.sum(axis=2) > 5).all()
    np.testing.assert_array_equal(history.started, model.started)
    np.testing.assert_array_equal(history.turned_away, model.turned_away)
    for name, used in history.used.items():
        np.testing.assert_array_equal(used, model.used[name])


def test_where_places_are_about_what_is_asked_for_the_model_starts_too_many() -> None:
    """20 are expected to ask for 20 places. By chance some weeks have fewer, and their places are lost: about 0.4 standard deviations of
    those who ask, √(40·½·½) = 3.2, so 1.26 a week (the mean of the smaller of a normal number and its mean)."""
    measure = Measure("m", 0, 0.5, uses=(Use("places", 0, 1, 1.0),))
    inputs = inputs_of(40, baseline_of(0.1), measure, inflow=40.0, capacity=capacity_of(40, places=20))
    lost = run(inputs).started.mean() - simulate(inputs, np.random.default_rng(2), runs=100).started.mean()
    assert lost == pytest.approx(np.sqrt(40 * 0.25) / np.sqrt(2 * np.pi), abs=0.1)


def test_nobody_appears_or_disappears_in_any_history() -> None:
    inputs = full()
    got = simulate(inputs, np.random.default_rng(4), runs=5, draw=3)
    inflow = np.cumsum(inputs.people.inflow)
    everybody = np.append(inflow, inflow[-1]) + inputs.people.stock.sum()
    np.testing.assert_array_equal(got.in_work + got.unemployed + got.left, np.broadcast_to(everybody, got.in_work.shape))


def test_half_a_person_cannot_be_drawn() -> None:
    with pytest.raises(QueryError, match="inflow must be whole numbers"):
        simulate(inputs_of(3, baseline_of(0.1), inflow=1.5), np.random.default_rng(0))
