"""Speed of the planner: ``python benchmarks/plan.py``. Nothing is asserted: times belong to the machine that ran them.

First the model: three million people, 104 weeks, three measures with two capacities that bind. Then the whole of ``virker plan``: a worked
example of ``plans/`` made as large, with the bank's effects, 1,000 draws and all questions. The people are made up; they are evidence of nothing.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from timing import median

from virker.plan.calibrate import Kind, Target, calibrate
from virker.plan.inputs import Array, Baseline, Capacity, Cost, Inputs, Measure, Money, People, Phase, Use
from virker.plan.ledger import ledger
from virker.plan.micro import simulate
from virker.plan.model import run, without
from virker.plan.one_more import one_more
from virker.plan.outputs import Run
from virker.plan.present_value import present_value
from virker.plan.scenario import Scenario
from virker.plan.sensitivity import break_even

WEEKS, TABLE, DRAWS = 104, 104, 1000


def made_up(draws: int, people: float = 3e6) -> Inputs:
    """Half of the people are there at the start, the other half come over the two years."""
    rng = np.random.default_rng(1)
    base = Baseline(np.linspace(0.05, 0.02, TABLE), np.full(TABLE, 0.005), 0.006)
    there = 0.97 ** np.arange(TABLE)
    measures = tuple(
        Measure(
            f"measure-{start}",
            start,
            0.6,
            (
                Phase("threat", 0, 2, rng.normal(0.1, 0.05, draws)),
                Phase("lock-in", 2, 8, rng.normal(-0.2, 0.05, draws)),
                Phase("after", 8, 52, rng.normal(0.2, 0.1, draws)),
            ),
            (Use("hours", 0, 13, 0.5), Use("seats", 2, 8, 1.0)),
            (Cost("municipality", "resources", 0, 1, 1000.0), Cost("municipality", "resources", 2, 8, 500.0, "course")),
        )
        for start in (4, 13, 26)
    )
    capacity = {name: Capacity(name, np.full(WEEKS, people * share), name, 37.0) for name, share in (("hours", 0.004), ("seats", 0.003))}
    money = Money("DKK", 4500.0, np.array([1.0, 0.8, 0.4, 0.2]), 8000.0, 0.3, 0.35, 0.4, 0.035, 1.28)
    return Inputs(WEEKS, People(np.full(WEEKS, people / 2 / WEEKS), people / 2 * there / there.sum()), base, measures, capacity, money)


def row(what: str, seconds: float, target: float) -> None:
    print(f"{what:<64} {seconds * 1000:9.1f} ms   target {target * 1000:7.0f} ms   ratio {seconds / target:5.3f}")


def with_effect(inputs: Inputs, log_ratio: Array) -> Inputs:
    first = inputs.measures[0]
    phases = (*first.phases[:2], replace(first.phases[2], log_ratio=log_ratio))
    return replace(inputs, measures=(replace(first, phases=phases), *inputs.measures[1:]))


def public(inputs: Inputs, base: Run) -> Array:
    return present_value(ledger(inputs, run(inputs), base), inputs.money).public


def whole_plan() -> None:
    """Everything that ``virker plan`` works out, step by step, for three million people."""
    import msgspec

    from virker.bank import load_bank
    from virker.plan.answers import answers_of
    from virker.plan.effects import find_effects
    from virker.plan.read import read_scenario
    from virker.plan.work import work_out
    from virker.rules import load_rules
    from virker.workspace import Workspace

    found = Workspace.find(Path(__file__).resolve().parents[1])
    bank, rules = load_bank(found.bank, found.root), load_rules(found.rules, found.root)
    for name in ("sagsstammer", "nyledige-dagpenge"):
        small = read_scenario(found.root / "plans" / f"{name}.toml", bank, rules)
        change, factor = msgspec.structs.replace, 3e6 / people_of(small)
        stock = tuple(change(w, people=w.people * factor) for w in small.people.stock)
        capacity = tuple(change(c, amount=c.amount * factor, one_more=c.one_more * factor) for c in small.capacity)
        large = change(small, people=change(small.people, inflow=small.people.inflow * factor, stock=stock), capacity=capacity, draws=DRAWS)
        row(f"{name}: effects found in the bank, {DRAWS:,} draws", median(lambda s=large: find_effects(s, bank), 3), 10.0)  # type: ignore[misc]
        row(f"{name}: worked out, {DRAWS:,} draws", median(lambda s=large: work_out(s, bank, rules).public, 3), 10.0)  # type: ignore[misc]
        row(f"{name}: with every answer", median(lambda s=large: answers_of(s, bank, rules, found.settings.rule_set), 3), 10.0)  # type: ignore[misc]


def people_of(scenario: Scenario) -> float:
    """All who are there at the start or come in the plan's weeks, where one figure of inflow is given."""
    assert isinstance(scenario.people.inflow, float | int)
    return scenario.people.inflow * scenario.weeks + sum(w.people for w in scenario.people.stock)


def main() -> None:
    one, many = made_up(1), made_up(DRAWS)
    plan, alone = run(many), run(without(many))
    row("expectation, 3 million people x 104 weeks, 3 measures", median(lambda: run(one), 15), 0.02)
    row(f"{DRAWS:,} draws of the same", median(lambda: run(many), 5), 10.0)
    row(f"ledger and present value, {DRAWS:,} draws", median(lambda: present_value(ledger(many, plan, alone), many.money), 5), 1.0)
    row(f"one more of each of two capacities, {DRAWS:,} draws", median(lambda: one_more(many, plan), 3), 10.0)
    row("break-even of one measure", median(lambda: break_even(lambda log: public(with_effect(one, log), run(without(one)))), 1), 10.0)
    kinds: tuple[tuple[Kind, float, int | None], ...] = (("weeks-in-work", 1.5, 52), ("in-work-at-pp", 0.02, 52), ("duration-mean", -2.0, None))
    for kind, middle, horizon in kinds:
        printed = np.random.default_rng(1).normal(middle, abs(middle) / 4, DRAWS)
        target = Target(kind, 5, ((0, 30),), horizon)
        row(f"calibration of {kind}, {DRAWS:,} draws", median(lambda t=target, p=printed: calibrate(many.baseline, t, p, clip=True)), 1.0)  # type: ignore[misc]
    small = made_up(1, 5200.0)
    small = replace(small, people=People(np.round(small.people.inflow), np.round(small.people.stock)))
    row("one history of 5,200 people, person by person", median(lambda: simulate(small, np.random.default_rng(1)), 3), 1.0)
    whole_plan()
    print(f"largest memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
