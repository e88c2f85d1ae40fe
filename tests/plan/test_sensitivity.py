"""What the answer hangs on, how large the effect must be, and what one more place gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.plan.inputs_of import MONEY, baseline_of, capacity_of, full, inputs_of, phase_of
from virker.plan.inputs import Array, Cost, Inputs, Measure, Use
from virker.plan.ledger import ledger
from virker.plan.model import run, without
from virker.plan.one_more import one_more
from virker.plan.present_value import present_value
from virker.plan.sensitivity import LARGEST_RATIO, Uncertain, break_even, tornado


def plan(ratio: float = 1.2, price: float = 5000.0, wage: float = 8000.0) -> Inputs:
    measure = Measure("m", 2, 0.5, (phase_of(0, 20, ratio),), costs=(Cost("municipality", "resources", 0, 1, price),))
    return inputs_of(60, baseline_of(0.03, 0.005, 0.005), measure, inflow=10.0, money=replace(MONEY, wage=wage))


def public(inputs: Inputs) -> float:
    return float(present_value(ledger(inputs, run(inputs), run(without(inputs))), inputs.money).public.mean())


def test_the_tornado_turns_one_input_at_a_time_and_shows_the_widest_first() -> None:
    listed = [
        Uncertain("price", 4900.0, 5100.0, lambda price: plan(price=price)),
        Uncertain("effect", 1.0, 1.5, lambda ratio: plan(ratio=ratio)),
        Uncertain("nothing", 0.0, 1.0, lambda _: plan()),
    ]
    bars = tornado(listed, public)
    assert [bar.name for bar in bars] == ["effect", "price", "nothing"]
    assert (bars[0].at_low, bars[0].at_high) == (public(plan(ratio=1.0)), public(plan(ratio=1.5)))
    assert bars[1].at_low > bars[1].at_high  # the dearer, the worse: the ends are told as they are
    assert bars[1].width == pytest.approx(public(plan(price=4900.0)) - public(plan(price=5100.0)))
    assert bars[2].width == 0.0


def test_break_even_is_the_ratio_at_which_nothing_is_left_over() -> None:
    found = break_even(each(lambda ratio: public(plan(ratio=ratio))))
    assert found.answer == "found"
    assert found.ratio is not None
    assert found.monotone
    scale = public(plan(ratio=2.0)) - public(plan(ratio=1.0))
    assert public(plan(ratio=found.ratio)) == pytest.approx(0.0, abs=1e-9 * scale)
    assert public(plan(ratio=found.ratio * 0.999)) < 0


def test_break_even_in_a_case_that_can_be_solved_by_hand() -> None:
    """One person, one week: 0.1 find a job, 1 − 0.9^r with the measure. A job is worth 1000 and the measure costs 90: 0.9^r = 0.81, r = 2."""

    def outcome(inputs: Inputs) -> float:
        return float(1000 * (run(inputs).in_work[0, -1] - 0.1) - 90)

    found = break_even(each(lambda ratio: outcome(inputs_of(1, baseline_of(0.1), Measure("m", 0, 1.0, (phase_of(0, 1, ratio),)), stock=[1.0]))))
    assert found.ratio == pytest.approx(2.0, rel=1e-12)


def test_what_pays_without_an_effect_has_no_break_even() -> None:
    found = break_even(each(lambda ratio: public(plan(ratio=ratio, price=-100.0))))
    assert (found.answer, found.ratio) == ("pays without effect", None)
    assert found.at_one > 0


def test_what_never_pays_has_none_either() -> None:
    found = break_even(each(lambda ratio: public(plan(ratio=ratio, price=1e7))))
    assert (found.answer, found.ratio) == ("never pays", None)
    assert found.at_largest == public(plan(ratio=LARGEST_RATIO, price=1e7)) < 0


def test_an_outcome_that_falls_on_the_way_is_marked() -> None:
    hump = break_even(each(lambda ratio: 1.0 - (np.log(ratio) - 1.5) ** 2))
    assert hump.ratio == pytest.approx(np.exp(0.5))
    assert not hump.monotone


def each(outcome: Callable[[float], float]) -> Callable[[Array], Array]:
    """The outcome at each of several log ratios, one run at a time."""
    return lambda log_ratio: np.array([outcome(float(np.exp(point))) for point in log_ratio])


def short(places: float, weeks: int = 20) -> Inputs:
    measure = Measure("kursus", 1, 1.0, (phase_of(0, 10, [1.5, 2.0]),), (Use("pladser", 0, 1, 1.0),), (Cost("municipality", "resources", 0, 1, 10.0),))
    return inputs_of(weeks, baseline_of(0.05), measure, inflow=10.0, capacity=capacity_of(weeks, pladser=places), money=MONEY)


def test_one_more_place_of_a_week_is_one_more_start_a_week_where_it_binds() -> None:
    (found,) = one_more(short(5))
    assert found.name == "pladser"
    assert found.amount == 1.0
    assert found.binds.all()
    np.testing.assert_allclose(found.started, 19.0)  # the first come to their second week in week 1
    before, after = run(short(5)), run(short(6))
    np.testing.assert_allclose(found.weeks_in_work, (after.in_work - before.in_work)[:, :20].sum(axis=1))
    assert found.public is not None
    np.testing.assert_allclose(found.public, present_value(ledger(short(6), after, before), MONEY).public)
    assert (np.diff(found.weeks_in_work) > 0).all()


def test_where_there_are_places_enough_one_more_gives_nothing() -> None:
    (found,) = one_more(short(50))
    assert not found.binds.any()
    np.testing.assert_array_equal(found.weeks_in_work, 0.0)


def test_of_two_capacities_only_the_scarcer_is_the_bottleneck() -> None:
    inputs = full(capacity=capacity_of(30, hours=20.0, seats=1e6))
    hours, seats = one_more(inputs, run(inputs))
    assert hours.binds.all()
    assert not seats.binds.any()
    assert (hours.started.sum(axis=1) > 0).all()


def test_without_money_the_bottleneck_is_told_in_weeks() -> None:
    (found,) = one_more(replace(short(5), money=None))
    assert found.public is None
    assert (found.weeks_in_work > 0).all()
