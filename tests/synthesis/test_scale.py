"""If it is scaled up: printed states only, on whom, and where the evidence ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Origin, Query
from virker.errors import QueryError
from virker.synthesis.scale import ROLL_OUTS, STATES, measures_of, spoken_of, state_of, states
from virker.synthesis.scale_told import at_roll_out, cell_said, ends

MakeBank = Callable[..., Bank]


def trial(**fields: Any) -> Any:
    """Advice where few get it works; where nearly all do, nothing is left; others lose."""
    return study(
        "raad-2022",
        finding(1, "positive", saturation="low"),
        finding(2, "none", saturation="near-full", scope="market"),
        finding(3, "negative", spillover=True, outcome="displacement"),
        **fields,
    )


def test_each_printed_state_stands_by_itself_and_its_other_cells_are_unknown(bank_of: MakeBank) -> None:
    found = states(bank_of(trial()), "meetings")
    assert [s.id for s in found.states] == ["low", "near-full", "as-tried"]
    low, full, tried = found.states
    assert [cell_said(low.cell(r)).da for r in ("direct", "others", "net")] == ["positiv, 1 kilde", "ukendt", "ukendt"]  # type: ignore[arg-type]
    assert [cell_said(full.cell(r)).en for r in ("direct", "others", "net")] == ["unknown", "unknown", "no effect, 1 source"]  # type: ignore[arg-type]
    assert [r.address for r in tried.others] == ["raad-2022#3"]


def test_nothing_is_read_between_two_states(bank_of: MakeBank) -> None:
    found = states(bank_of(trial()), "meetings")
    assert found.at("half") is None
    said = at_roll_out(found, "half", "low")
    assert "Dér er virkningen ukendt." in said.da
    assert "There the effect is unknown." in said.en
    assert any(line.da == "Ukendt: halvdelen får indsatsen; halvdelen eller flere får indsatsen (andelen er ikke trykt)." for line in ends(found))


def test_a_planner_is_told_where_its_number_was_found_and_what_holds_at_its_own_roll_out(bank_of: MakeBank) -> None:
    said = at_roll_out(states(bank_of(trial()), "meetings"), "near-full", "low").da
    assert said.startswith("Tallet er fundet, hvor få får indsatsen (under halvdelen). Planen: næsten alle får indsatsen.")
    assert said.endswith("om deltagerne: ukendt; om andre: ukendt; om alle lagt sammen: ingen effekt, 1 kilde.")


def test_a_plan_without_a_roll_out_is_told_of_the_others(bank_of: MakeBank) -> None:
    said = at_roll_out(states(bank_of(trial()), "meetings"), None)
    assert "Planen siger ikke, hvor stor en del der får indsatsen." in said.da
    assert "of others: negative, 1 source" in said.en


def test_a_measure_that_nobody_measured_at_scale_is_unknown(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding()), trial())
    assert states(bank, "training").states == ()
    assert [e.da for e in ends(states(bank, "training"))] == ["Ukendt: ingen læst kilde siger, hvad der sker, når indsatsen udbredes."]
    assert at_roll_out(states(bank, "training"), "low").en.endswith("There the effect is unknown.")


def test_what_only_the_note_says_is_no_state_but_is_told(bank_of: MakeBank) -> None:
    seed = finding(1, "positive", scope="market", cycle="recession", origin=Origin(document="notatet", level="seed"))
    found = states(bank_of(study("vismaendene", seed)), "meetings")
    assert found.states == ()
    assert "Kun notatet selv siger: vismaendene#1." in [e.da for e in ends(found)]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"saturation": "above-half", "labour_market": "weak"}, "above-half"),
        ({"labour_market": "weak", "cycle": "recession", "spillover": True}, "weak"),
        ({"cycle": "boom", "scope": "market"}, "boom"),
        ({"scope": "market"}, "whole-market"),
        ({"scope": "market", "spillover": True}, "as-tried"),
        ({}, "as-tried"),
    ],
)
def test_a_state_is_the_roll_out_else_the_labour_market_else_the_cycle(fields: dict[str, Any], state: str) -> None:
    assert state_of(finding(**fields)) == state


def test_participants_stand_beside_others_only_from_the_same_evidence_and_as_a_whole(bank_of: MakeBank) -> None:
    same = study("samme-2019", finding(1), finding(2, subgroup=("women",)), finding(3, outcome="wellbeing"), trial="et-forsoeg")
    other = study("andet-2018", finding())
    found = states(bank_of(trial(trial="et-forsoeg"), same, other), "meetings")
    tried = found.at("as-tried")
    assert tried is not None
    assert [r.address for r in tried.direct] == ["samme-2019#1"]


def test_one_trial_is_one_source_however_many_its_results(bank_of: MakeBank) -> None:
    papers = [study(f"artikel-{i}", finding(1, "negative", spillover=True), trial="et-forsoeg") for i in range(3)]
    (state,) = states(bank_of(*papers), "meetings").states
    assert cell_said(state.others).da == "negativ, 1 kilde"


def test_an_earlier_version_is_silent_beside_the_newer(bank_of: MakeBank) -> None:
    newer, older = study("ny-2016", finding(scope="market")), study("gammel-2012", finding(scope="market"), version_of="ny-2016")
    assert [r.address for r in states(bank_of(newer, older), "meetings").readings] == ["ny-2016#1"]
    assert [r.address for r in states(bank_of(older), "meetings").readings] == ["gammel-2012#1"]


def test_an_insignificant_effect_on_others_is_told_as_none(bank_of: MakeBank) -> None:
    (state,) = states(bank_of(study("a-1", finding(1, "negative", spillover=True, significant="no"))), "meetings").states
    assert cell_said(state.others).da == "ingen effekt, 1 kilde"


@pytest.mark.parametrize(
    ("fields", "asked", "relation", "indirect"),
    [
        ({}, "meetings", "measure", False),
        ({"intervention": "meetings-individual"}, "meetings", "form", False),
        ({}, "meetings-individual", "wider", True),
        ({"intervention": "combined-programme", "components": ("meetings", "training")}, "meetings", "bundle", True),
        ({"intervention": "job-search-assistance", "also": ("meetings",)}, "meetings", "measure", False),
    ],
)
def test_it_is_told_how_the_sources_measure_stands_to_the_one_asked_about(
    bank_of: MakeBank, fields: dict[str, Any], asked: str, relation: str, indirect: bool
) -> None:
    found = states(bank_of(study("a-1", finding(1, "negative", spillover=True, **fields))), asked)
    assert [r.relation for r in found.readings] == [relation]
    assert found.is_indirect is indirect


def test_a_measure_that_made_a_trial_work_is_told_of_the_trials_effect_on_others(bank_of: MakeBank) -> None:
    shown = finding(2, intervention="job-referral", kind="mechanism", mechanism=("referral",))
    found = states(bank_of(study("a-1", finding(1, "negative", spillover=True), shown)), "job-referral")
    assert [(r.address, r.relation) for r in found.readings] == [("a-1#1", "mechanism")]
    assert found.is_indirect
    assert states(bank_of(study("a-1", finding(1, "negative", spillover=True))), "job-referral").states == ()


def test_an_unknown_measure_gets_a_hint(bank_of: MakeBank) -> None:
    with pytest.raises(QueryError, match="did you mean 'meetings'"):
        states(bank_of(trial()), "meetins")


# --- the bank as it stands


def test_digital_advice_is_known_where_few_and_where_nearly_all_get_it_and_at_half_it_is_unknown(danish: Bank) -> None:
    found = states(danish, "search-advice-digital")
    assert [s.id for s in found.states] == ["low", "above-half", "near-full"]
    low, above, full = found.states
    assert [(r.address, r.row.finding.effect_low, r.row.finding.effect_high) for r in low.direct] == [("altmann-2023a#4", 8.5, 9.5)]
    assert {r.direction for r in above.others} == {"negative"}
    assert {r.direction for r in full.net} == {"none"}
    assert found.at("half") is None


def test_meetings_are_known_in_partial_and_in_equilibrium_analysis(danish: Bank) -> None:
    found = states(danish, "meetings")
    tried, market, full, weak = (found.at(s) for s in ("as-tried", "whole-market", "near-full", "weak"))
    assert tried is not None
    assert {r.address for r in tried.others} >= {"cheung-2025#8", "gautier-2018#1"}
    assert "cheung-2025#7" in {r.address for r in tried.direct}
    assert market is not None
    assert [(r.address, r.direction) for r in market.net] == [("gautier-2018#2", "negative")]
    assert full is not None
    assert [(r.address, r.row.finding.effect) for r in full.net] == [("cheung-2025#13", -0.2)]
    assert weak is not None
    assert [r.address for r in weak.others] == ["cheung-2025#9"]
    assert {a.address for a in found.aside if a.only_note} == {"dor-2012#1", "dor-2012#2"}


def test_every_measure_of_the_note_is_either_spoken_of_or_unknown(danish: Bank) -> None:
    told = spoken_of(danish, measures_of(danish))
    known = {i for i, s in told.items() if s.speaks and not s.is_indirect}
    assert {"meetings", "search-advice-digital", "job-search-assistance", "caseload"} <= known
    assert "job-referral" in told
    assert told["job-referral"].is_indirect
    assert not told["wage-subsidy-private"].speaks
    assert all(ends(s) for s in told.values())


def test_no_seed_finding_is_in_any_state(danish: Bank) -> None:
    told = spoken_of(danish, danish.vocabulary["interventions"])
    assert {r.level for s in told.values() for r in s.readings}.isdisjoint({"seed"})


def test_every_roll_out_that_a_source_may_print_is_a_state() -> None:
    from typing import get_args

    from virker.bank.records import Cycle, LabourMarket, Saturation

    assert set(get_args(Saturation)) == set(ROLL_OUTS)
    assert {*get_args(Saturation), *get_args(LabourMarket), *get_args(Cycle)} <= set(STATES)


def test_a_query_can_ask_for_weak_labour_markets(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(1, labour_market="weak"), finding(2, labour_market="strong"), finding(3)))
    assert [r.address for r in bank.select(Query(labour_market="weak"))] == ["a-1#1"]
    assert [r.address for r in bank.select(Query(labour_market=("weak", "strong")))] == ["a-1#1", "a-1#2"]
