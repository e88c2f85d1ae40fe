"""The rule set ``pooled``: direction from the interval, level from the prediction interval, and too little where numbers are too few."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Finding, Query
from virker.errors import MissingExtra
from virker.synthesis import RULE_SETS, Verdict, evidence_units, extras, judging, rule_set, verdict
from virker.synthesis.disagreement import disagreements
from virker.synthesis.fragility import fragility
from virker.synthesis.pooled_cells import cells
from virker.synthesis.side_by_side import verdict_lines
from virker.synthesis.verdict import Setting

MakeBank = Callable[..., Bank]
ASKED = Query(intervention="meetings")


def points(effect: float, se: float | None = 1.0, n: int = 1, **fields: Any) -> Finding:
    direction = fields.pop("direction", "positive" if effect > 0 else "negative")
    base: dict[str, Any] = {"outcome": "employment-rate", "effect": effect, "unit": "pp", "horizon_months": 12.0, "se": se}
    return finding(n, direction, **{**base, **fields})


def bank_with(bank_of: MakeBank, *effects: float, se: float = 1.0, **fields: Any) -> Bank:
    return bank_of(*(study(f"forsøg-{i}", points(e, se, **fields)) for i, e in enumerate(effects)))


def said(bank: Bank, query: Query = ASKED, **settings: float | bool) -> Verdict:
    own = rule_set("pooled").settings
    return verdict(bank, query, "pooled", {n: Setting(v, False, own[n].why_da, own[n].why_en) for n, v in settings.items()})


@pytest.mark.parametrize(
    ("effects", "direction", "level"),
    [
        ((5.0, 5.1, 4.9, 5.0, 5.0, 5.1), "positive", "new-study"),
        ((-5.0, -5.1, -4.9, -5.0, -5.0, -5.1), "negative", "new-study"),
        ((2.0, 9.0, 3.0, 10.0, 6.0, 4.0), "positive", "average"),
        ((-4.0, 4.0, -3.0, 5.0), "none", "open"),
        ((5.0, 5.0), "too-little", "not-pooled"),
        ((), "too-little", "not-pooled"),
    ],
)
def test_the_interval_gives_the_direction_and_the_prediction_interval_the_level(
    bank_of: MakeBank, effects: tuple[float, ...], direction: str, level: str
) -> None:
    given = said(bank_with(bank_of, *effects))
    assert (given.direction, given.level) == (direction, level)


def test_fewer_weeks_of_unemployment_are_good(bank_of: MakeBank) -> None:
    made = [study(f"t-{i}", points(-4.0 - i / 10, 0.5, outcome="unemployment-duration", unit="weeks", direction="positive")) for i in range(5)]
    assert said(bank_of(*made)).direction == "positive"
    assert said(bank_of(*made), Query(intervention="meetings", contrast="less")).direction == "negative"


def test_which_way_is_good_is_read_from_the_findings_where_the_kind_does_not_say(bank_of: MakeBank) -> None:
    made = [study(f"t-{i}", points(-4.0 - i / 10, 0.5, outcome="benefit-receipt", direction="positive")) for i in range(4)]
    assert said(bank_of(*made)).direction == "positive"
    silent = [study(f"t-{i}", points(-4.0 - i / 10, 0.5, outcome="benefit-receipt", direction="mixed")) for i in range(4)]
    assert said(bank_of(*silent)).direction == "too-little"


def test_opposite_pooled_effects_of_the_same_phase_are_mixed(bank_of: MakeBank) -> None:
    more = [study(f"a-{i}", points(5.0 + i / 10)) for i in range(5)]
    fewer = [study(f"b-{i}", points(-4.0, outcome="employment-duration", unit="weeks")) for i in range(4)]
    assert said(bank_of(*more, *fewer)).direction == "mixed"


def test_the_effect_in_all_decides_before_lock_in(bank_of: MakeBank) -> None:
    query = Query(intervention="meetings", phase=("lock-in", "after", "net"))
    after = [study(f"a-{i}", points(5.0 + i / 10, phase="after")) for i in range(3)]
    locked = [study(f"b-{i}", points(-4.0 - i / 10, phase="lock-in")) for i in range(5)]
    given = said(bank_of(*after, *locked), query)
    assert (given.direction, given.measures["units"]) == ("positive", 3)


def test_every_unit_is_told_what_it_gave(bank_of: MakeBank) -> None:
    bank = bank_of(
        *(study(f"t-{i}", points(5.0 + i)) for i in range(3)),
        study("uden-præcision", points(5.0, None)),
        study("uden-tal", finding()),
        study("uger", points(3.0, 1.0, outcome="employment-duration", unit="weeks")),
        study("oversigt", points(9.0, 0.1), kind="review", design="meta-analysis"),
    )
    why = {c.unit: c for c in said(bank).contributions}
    assert sum(c.weight for c in why.values()) == pytest.approx(1)
    assert {u for u, c in why.items() if c.counted} == {"t-0", "t-1", "t-2"}
    assert why["t-0"].why.da.startswith("vægt ")
    assert "kan ikke vejes: ingen præcision er trykt" in why["uden-præcision"].why.da
    assert why["uden-tal"].why.da == "intet sammenligneligt tal er trykt"
    assert why["uger"].why.da == "for få tal af samme slags, fase og tid"
    assert "samles ikke med studier" in why["oversigt"].why.da


def test_a_mean_of_few_of_many_says_so(bank_of: MakeBank) -> None:
    bank = bank_of(*(study(f"t-{i}", points(5.0 + i)) for i in range(3)), *(study(f"n-{i}", finding()) for i in range(5)))
    assert "3 af 8 stykker evidens" in said(bank).marks[0].da
    assert not any("stykker evidens" in m.da for m in said(bank_with(bank_of, 5.0, 6.0, 7.0)).marks)


def test_read_strictly_a_precision_worked_out_from_a_p_value_does_not_count(bank_of: MakeBank) -> None:
    made = [study(f"t-{i}", points(5.0 + i / 10)) for i in range(2)]
    given = said(bank_of(*made, study("t-2", points(5.2, None, p=0.001))))
    assert given.direction == "positive"
    assert given.strict is not None
    assert given.strict.direction == "too-little"


def test_no_effect_added_never_turns_a_pooled_gain_up(bank_of: MakeBank) -> None:
    """A study that finds nothing draws the mean towards nothing."""
    before, after = (said(bank_with(bank_of, *e)).measures for e in ((5.0, 6.0, 7.0), (5.0, 6.0, 7.0, 0.0)))
    assert after["estimate"] < before["estimate"]
    assert after["ci_low"] < before["ci_low"]


def test_the_verdict_is_the_cells_own_numbers(bank_of: MakeBank) -> None:
    bank = bank_with(bank_of, 5.0, 6.0, 9.0)
    cell, given = cells(bank, ASKED).cells[0], said(bank)
    for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high", "tau2"):
        assert given.measures[name] == getattr(cell, name)
    assert given.reasons[0].da.startswith("andelen i arbejde ved horisonten (procentpoint), samlet")


def test_switched_to_directions_it_says_what_the_vote_count_says(bank_of: MakeBank) -> None:
    bank = bank_of(*(study(f"n-{i}", finding()) for i in range(4)))
    assert said(bank).direction == "too-little"
    assert said(bank, numbers_only=False).direction == verdict(bank, ASKED, "vote-count").direction == "positive"


def test_without_the_interval_the_sign_of_the_estimate_decides(bank_of: MakeBank) -> None:
    bank = bank_with(bank_of, -3.0, 4.0, 5.0)
    assert (said(bank).direction, said(bank, interval_decides=False).direction) == ("none", "positive")


def test_a_rule_set_without_numbers_parts_from_nobody(bank_of: MakeBank) -> None:
    view = disagreements(bank_of(*(study(f"n-{i}", finding(1, "positive", significant="yes", p=0.001)) for i in range(4))), ASKED)
    assert view.verdicts["pooled"].direction == "too-little"
    assert all(p.rule_set != "pooled" for p in view.partings)
    assert "pooled" not in {name for camp in view.camps.values() for name in camp}


def test_why_it_parts_is_told_where_it_speaks(bank_of: MakeBank) -> None:
    bank = bank_of(*(study(f"t-{i}", points(e, 2.0)) for i, e in enumerate((5.0, 1.0, 6.0, 2.0))))
    view = disagreements(bank, ASKED)
    parting = next(p for p in view.partings if p.rule_set == "pooled")
    assert {s.id for s in parting.because} <= {"interval-decides", "numbers-only"}
    assert parting.because


def test_taking_one_of_three_away_leaves_too_little(bank_of: MakeBank) -> None:
    bank = bank_with(bank_of, 5.0, 5.1, 5.2)
    found = fragility(evidence_units(bank, bank.select(ASKED), ASKED), rule_set("pooled"))
    assert (found.direction.size, found.direction.count) == (1, 3)
    assert {p.becomes[0] for p in found.direction.patterns} == {"too-little"}


def test_on_the_danish_bank_it_speaks_where_three_units_can_be_weighed_and_nowhere_else(danish: Bank) -> None:
    """Held against the bank's own fields: three units that print a precision of one outcome, unit and phase are needed, if not enough."""
    spoke = 0
    for outcome in danish.vocabulary["outcomes"]:
        query = Query(outcome=outcome)
        units = evidence_units(danish, danish.select(query), query)
        given = verdict(danish, query, "pooled")
        alike: dict[tuple[str, ...], set[str]] = {}
        for unit in units.primary:
            for row in unit.rows:
                f = row.finding
                if f.effect is not None and (f.se is not None or f.ci_low is not None or f.p is not None):
                    relative = "ratio" if f.unit in ("percent", "risk-ratio") else "time" if f.unit in ("days", "weeks", "months") else f.unit
                    alike.setdefault((f.outcome, relative, f.phase or "net"), set()).add(unit.id)
        if max(map(len, alike.values()), default=0) < 3:
            assert given.direction == "too-little"
        if given.direction != "too-little":
            spoke += 1
            assert given.measures["units"] >= 3
    assert spoke > 0


def test_without_the_extra_it_says_which_and_the_others_still_judge(bank_of: MakeBank, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = bank_with(bank_of, 5.0, 6.0, 7.0)
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "scipy" else object())
    extras.is_installed.cache_clear()
    try:
        with pytest.raises(MissingExtra, match=r"virker\[meta\]"):
            said(bank)
        assert set(judging()) == set(RULE_SETS) - {"pooled"}
        view = disagreements(bank, ASKED)
        assert "pooled" not in view.verdicts
        assert "kræver pip install 'virker[meta]'" in verdict_lines(view, "da")[-1]
    finally:
        extras.is_installed.cache_clear()


def test_the_rule_sets_load_without_numpy() -> None:
    code = "import sys, virker.synthesis, virker.synthesis.pooled_cells, virker.synthesis.sign_model; print(sorted({'numpy', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
