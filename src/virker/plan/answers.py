"""A scenario worked out with the answers to all that a planner asks of it, in one step."""

from __future__ import annotations

from virker.bank import Bank
from virker.language import Said
from virker.plan.judge import judge
from virker.plan.questions import bottleneck, how_large, other_numbers, what_it_hangs_on
from virker.plan.scenario import Scenario
from virker.plan.sections import Answers
from virker.plan.work import Worked, work_out
from virker.rules import Rules
from virker.synthesis.scale import states
from virker.synthesis.scale_told import at_roll_out


def answers_of(scenario: Scenario, bank: Bank, rules: Rules, rule_set: str) -> Answers:
    """Work the scenario out and answer the questions."""
    worked = work_out(scenario, bank, rules)
    others = other_numbers(worked)
    return Answers(
        worked=worked,
        claim=judge(worked, bank, rule_set, others),
        hangs_on=what_it_hangs_on(worked, rules),
        others=others,
        needed=how_large(worked),
        bottleneck=bottleneck(worked),
        scale=tuple(_scale(worked, bank)),
    )


def _scale(worked: Worked, bank: Bank) -> list[Said]:
    """What the bank says of each measure at the roll-out that the plan declares."""
    return [
        Said(f"»{e.told.da}«: ", f"“{e.told.en}”: ")
        + at_roll_out(states(bank, e.told.intervention), e.told.saturation, next((u.number.saturation for u in e.used), None))
        for e in worked.effects
    ]
