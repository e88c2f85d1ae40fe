"""Money: what one pays another receives; what it is worth today; when it is paid back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.plan.inputs_of import MONEY, any_inputs, baseline_of, full, inputs_of, phase_of
from virker.errors import QueryError
from virker.plan.inputs import Cost, Inputs, Measure
from virker.plan.ledger import PAYERS, ledger
from virker.plan.model import run, without
from virker.plan.outputs import Flow, Ledger
from virker.plan.present_value import PUBLIC, discount, payback_week, present_value, social

#: One person, nobody leaves without the measure; with it half find a job in week 0. Benefit 100, of which the state pays 60; pay 200.
SIMPLE = inputs_of(
    2,
    baseline_of([0.0, 0.0]),
    Measure("m", 0, 1.0, costs=(Cost("municipality", "resources", 0, 1, 30.0), Cost("state", "employer", 1, 2, 10.0, "subsidy"))),
    stock=[1.0],
    money=replace(MONEY, benefit=100.0, state_share=np.array([0.6]), wage=200.0, tax_benefit=0.3, tax_wage=0.4, state_tax_share=0.25),
)


def simple_ledger() -> Ledger:
    finds = replace(SIMPLE, baseline=baseline_of([0.5]))
    return ledger(SIMPLE, run(finds), run(without(SIMPLE)))


def test_two_weeks_of_payments_by_hand() -> None:
    """In week 1 half a person has gone from benefit to pay, and half is still in the measure."""
    got = {(f.payer, f.to, f.item): f.amount[0].tolist() for f in simple_ledger().flows}
    assert got == {
        ("state", "person", "benefit"): [0, -30],
        ("municipality", "person", "benefit"): [0, -20],
        ("person", "state", "tax on benefit"): [0, pytest.approx(-3.75)],
        ("person", "municipality", "tax on benefit"): [0, pytest.approx(-11.25)],
        ("employer", "person", "pay"): [0, 100],
        ("person", "state", "tax on pay"): [0, pytest.approx(10)],
        ("person", "municipality", "tax on pay"): [0, pytest.approx(30)],
        ("municipality", "resources", "programme"): [30, 0],
        ("state", "employer", "subsidy"): [0, 5],
    }


def test_the_balances_by_hand() -> None:
    balance = {payer: amount[0].tolist() for payer, amount in simple_ledger().balance.items()}
    assert balance == {
        "municipality": [-30, pytest.approx(20 - 11.25 + 30)],
        "state": [0, pytest.approx(30 - 3.75 + 10 - 5)],
        "a-kasse": [0, 0],
        "person": [0, pytest.approx(-50 + 15 + 100 - 40)],
        "employer": [0, -95],
        "resources": [30, 0],
    }


def test_society_gains_production_less_resources_in_market_prices() -> None:
    """100 kr. are produced in week 1 and 30 used up in week 0; benefit, tax and the subsidy only change hands."""
    np.testing.assert_allclose(social(simple_ledger(), MONEY), [[-30 * 1.28, 100 * 1.28]])


def test_distorting_taxes_cost_society_their_share_of_the_public_outlay() -> None:
    dear = replace(MONEY, tax_distortion=1.2, net_tax_factor=1.0)
    np.testing.assert_allclose(social(simple_ledger(), dear), [[-30 + 0.2 * -30, 100 + 0.2 * (38.75 + 31.25)]])


@given(any_inputs())
@settings(max_examples=100, deadline=None)
def test_no_krone_appears_or_disappears(inputs: Inputs) -> None:
    found = ledger(inputs, run(inputs), run(without(inputs)))
    largest = max(float(np.abs(flow.amount).max()) for flow in found.flows)
    np.testing.assert_allclose(sum(found.balance.values()), 0.0, atol=1e-12 * max(largest, 1.0))
    assert set(found.balance) == set(PAYERS)


@given(any_inputs())
@settings(max_examples=60, deadline=None)
def test_every_balance_is_what_its_flows_add_up_to(inputs: Inputs) -> None:
    found = ledger(inputs, run(inputs), run(without(inputs)))
    for payer, balance in found.balance.items():
        received = sum(np.broadcast_to(flow.amount, balance.shape).sum() for flow in found.flows if flow.to == payer)
        paid = sum(np.broadcast_to(flow.amount, balance.shape).sum() for flow in found.flows if flow.payer == payer)
        assert balance.sum() == pytest.approx(received - paid, abs=1e-9 * max(1.0, abs(received), abs(paid)))


def test_no_plan_moves_no_money() -> None:
    plain = without(full())
    assert all((flow.amount == 0).all() for flow in ledger(plain, run(plain), run(plain)).flows)


def test_the_municipality_and_the_state_share_the_benefit_by_weeks_of_unemployment() -> None:
    """100, 80 and 40 per cent from the state, for one who stays: the state saves what it would have paid."""
    inputs = inputs_of(3, baseline_of(0.0), Measure("m", 0, 1.0), stock=[1.0], money=replace(MONEY, benefit=1000.0, state_share=np.array([1.0, 0.8, 0.4])))
    gone = replace(inputs, baseline=baseline_of(0.0, 1.0))
    flows = {(f.payer, f.item): f.amount[0] for f in ledger(inputs, run(gone), run(inputs)).flows if f.item == "benefit"}
    np.testing.assert_allclose(flows["state", "benefit"], [0, -800, -400])
    np.testing.assert_allclose(flows["municipality", "benefit"], [0, -200, -600])


def test_the_discount_factor_of_a_year_is_the_yearly_rate() -> None:
    factors = discount(105, 0.035)
    np.testing.assert_allclose([factors[0], factors[52], factors[104]], [1.0, 1 / 1.035, 1 / 1.035**2])
    np.testing.assert_allclose(factors[1] ** 52, factors[52])


def test_the_present_value_adds_the_weeks_up() -> None:
    inputs = full(draws=4)
    found = ledger(inputs, run(inputs), run(without(inputs)))
    value = present_value(found, inputs.money)
    weeks = (1.035) ** (-np.arange(30) / 52)
    public = sum(found.balance[payer] for payer in PUBLIC)
    np.testing.assert_allclose(value.public, (public * weeks).sum(axis=1))
    np.testing.assert_allclose(value.public, value.cumulated[:, -1])
    np.testing.assert_allclose(value.public, sum(value.by_payer[payer] for payer in PUBLIC))
    np.testing.assert_allclose(sum(value.by_payer.values()), 0.0, atol=1e-6)
    assert value.chance_of_surplus == (value.public > 0).mean()


def test_the_payback_week_is_the_first_from_which_it_never_falls_below_again() -> None:
    rows = np.array([[-1, 0, 1, 2.0], [-1, 1, -1, 1], [1, 1, 1, -1], [0, 0, 0, 0], [-3, -2, -1, 0], [5, -1, 2, 2]])
    np.testing.assert_array_equal(payback_week(rows), [1, 3, np.nan, 0, 3, 2])


def test_a_loss_in_the_last_digit_is_no_loss() -> None:
    np.testing.assert_array_equal(payback_week(np.array([[-1.0, 1e9, 1e9], [-1e-6, 1e9, -1e-6], [-1.0, -1e-3, -1e-3]])), [1, 0, np.nan])


def test_a_surplus_is_more_than_nothing() -> None:
    none = ledger(SIMPLE, run(without(SIMPLE)), run(without(SIMPLE)))
    assert present_value(none, SIMPLE.money).chance_of_surplus == 0.0


def test_without_money_there_is_no_ledger() -> None:
    poor = replace(SIMPLE, money=None)
    with pytest.raises(QueryError, match="needs money"):
        ledger(poor, run(poor), run(poor))
    with pytest.raises(QueryError, match="needs money"):
        present_value(Ledger((Flow("state", "person", "benefit", np.zeros((1, 1))),), {}), None)


def test_a_measure_that_works_saves_benefit_and_brings_tax() -> None:
    inputs = inputs_of(60, baseline_of(0.03), Measure("m", 2, 0.5, (phase_of(0, 20, 1.5),)), inflow=10.0, money=MONEY)
    value = present_value(ledger(inputs, run(inputs), run(without(inputs))), MONEY)
    assert value.public[0] > 0
    assert value.by_payer["municipality"][0] > 0
    assert value.by_payer["employer"][0] < 0
    assert value.payback_week[0] == 0
