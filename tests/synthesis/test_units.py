"""One trial, one vote; what is shown and not counted; and which way a measure was turned."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Origin, Query
from virker.synthesis import RULE_SETS, evidence_units, verdict
from virker.synthesis.orient import majority
from virker.synthesis.units import Units

MEETINGS = Query(intervention="meetings", outcome="employment")
MakeBank = Callable[..., Bank]


def units(bank: Bank, query: Query = MEETINGS) -> Units:
    return evidence_units(bank, bank.select(query), query)


def test_three_papers_on_one_trial_are_one_piece_of_evidence(bank_of: MakeBank) -> None:
    papers = [study(f"artikel-{i}", finding(), trial="hurtigt-i-gang-1") for i in range(3)]
    assert [u.id for u in units(bank_of(*papers)).primary] == ["hurtigt-i-gang-1"]


def test_an_earlier_version_is_shown_beside_the_one_that_counts(bank_of: MakeBank) -> None:
    newer, older = study("ny-2017", finding()), study("gammel-2012", finding(1, "negative"), version_of="ny-2017")
    found = units(bank_of(newer, older))
    assert [(u.id, u.direction) for u in found.primary] == [("ny-2017", "positive")]
    assert [a.row.study.id for a in found.aside] == ["gammel-2012"]


def test_an_earlier_version_speaks_where_the_newer_is_silent(bank_of: MakeBank) -> None:
    newer, older = study("ny-2017", finding(outcome="earnings")), study("gammel-2012", finding(), version_of="ny-2017")
    assert [u.id for u in units(bank_of(newer, older)).primary] == ["ny-2017"]


def test_what_only_the_note_says_is_never_a_witness(bank_of: MakeBank) -> None:
    told = study("notatet-2025", finding(origin=Origin(document="notatet", level="seed")))
    assert units(bank_of(told)).all == ()


def test_a_finding_whose_contrast_is_unknown_enters_no_verdict(bank_of: MakeBank) -> None:
    assert units(bank_of(study("uklar-2010", finding(contrast="unknown")))).all == ()


def test_cuts_and_rises_carry_one_conclusion(bank_of: MakeBank) -> None:
    """Conclusion 7 in small: lower benefits gave more work, higher benefits less."""
    cut = [study(f"lavere-{i}", finding(1, "positive", intervention="benefit-level", contrast="less")) for i in range(2)]
    rise = [study(f"hoejere-{i}", finding(1, "negative", intervention="benefit-level", contrast="more")) for i in range(2)]
    less, more = Query(intervention="benefit-level", contrast="less"), Query(intervention="benefit-level")
    for rules in RULE_SETS:
        bank = bank_of(*cut, *rise)
        assert verdict(bank, less, rules).direction in ("positive", "too-little")
        assert verdict(bank, more, rules).direction in ("negative", "too-little")
    assert {u.direction for u in units(bank_of(*cut, *rise), less).primary} == {"positive"}


def test_conclusion_7_is_not_conflicting_because_some_cut_and_others_raised(danish: Bank) -> None:
    for intervention in ("benefit-level", "benefit-duration"):
        asked = Query(intervention=intervention, contrast="less", outcome=("employment", "unemployment"), target_group="unemployed")
        contrasts = {r.finding.contrast for u in units(danish, asked).primary for r in u.rows}
        assert contrasts >= {"less", "more"}
        for name, rules in RULE_SETS.items():
            direction = verdict(danish, asked, name).direction
            assert direction == "positive" or (rules.abstains and direction == "too-little")


def test_a_subgroup_is_no_second_vote(bank_of: MakeBank) -> None:
    cut = study("rct-1", finding(1, "none"), finding(2, "positive", subgroup=("women",)), finding(3, "positive", subgroup=("men",)))
    assert [u.direction for u in units(bank_of(cut)).primary] == ["none"]


def test_lock_in_does_not_cancel_the_effect_after(bank_of: MakeBank) -> None:
    course = study("kursus-1", finding(1, "negative", phase="lock-in", horizon_months=6), finding(2, "positive", phase="after", horizon_months=24))
    assert [u.direction for u in units(bank_of(course)).primary] == ["positive"]
    lock_in = Query(intervention="meetings", outcome="employment", phase="lock-in")
    assert [u.direction for u in units(bank_of(course), lock_in).primary] == ["negative"]


def test_the_longest_horizon_of_an_outcome_counts(bank_of: MakeBank) -> None:
    long = study("lang-1", finding(1, "negative", horizon_months=12), finding(2, "none", horizon_months=18), finding(3, "positive", horizon_months=24))
    assert [r.address for u in units(bank_of(long)).primary for r in u.rows] == ["lang-1#3"]


def test_better_than_another_programme_is_not_better_than_nothing(bank_of: MakeBank) -> None:
    rival = study("duel-1", finding(comparator="another-programme"))
    assert units(bank_of(rival)).all == ()
    asked = Query(intervention="meetings", comparator="another-programme")
    assert len(units(bank_of(rival), asked).primary) == 1


def test_a_robustness_check_is_no_second_result(bank_of: MakeBank) -> None:
    one = study("rct-1", finding(1, "none"), finding(2, "positive", sensitivity_of=1), finding(3, "positive", sensitivity_of=1))
    assert [u.direction for u in units(bank_of(one)).primary] == ["none"]


def test_an_estimate_that_the_paper_rejects_is_not_evidence(danish: Bank) -> None:
    rejected = [r.address for r in danish.rows if r.finding.kind == "rejected"]
    assert rejected
    asked = Query(intervention="training", outcome="employment")
    selected = {r.address for r in danish.select(asked)} | {r.address for r in danish.select(Query(study="humlum-2025"))}
    assert selected.isdisjoint(rejected)


def test_a_review_that_only_repeats_a_study_adds_nothing_to_it(bank_of: MakeBank) -> None:
    one = study("rct-1", finding(1, "none"))
    review = study("oversigt-1", finding(1, "positive", restates="rct-1"), kind="review", design="literature-review")
    found = units(bank_of(one, review))
    assert [(u.id, u.direction) for u in found.all] == [("rct-1", "none")]


def test_the_strongest_design_speaks_for_a_trial(bank_of: MakeBank) -> None:
    strong, weak = (
        study("rdd-1", finding(1, "none"), design="regression-discontinuity", trial="t"),
        study("did-1", finding(), design="difference-in-differences", trial="t"),
    )
    assert [u.direction for u in units(bank_of(strong, weak)).primary] == ["none"]


def test_a_vignette_is_no_effect_study(bank_of: MakeBank) -> None:
    assert units(bank_of(study("vignet-1", finding(), design="vignette"))).all == ()


@pytest.mark.parametrize(
    ("directions", "expected"),
    [
        (["positive"], "positive"),
        (["positive", "none"], "positive"),
        (["positive", "negative"], "mixed"),
        (["none", "none", "positive"], "none"),
        (["mixed", "positive"], "mixed"),
        (["negative", "none"], "negative"),
    ],
)
def test_majority_of_a_study_s_results(directions: list, expected: str) -> None:
    assert majority(directions) == expected


def test_every_selected_finding_is_counted_or_set_aside_with_a_reason(danish: Bank) -> None:
    for intervention in ("meetings", "training", "sanctions", "wage-subsidy", "job-bonus", "caseload", "benefits"):
        asked = Query(intervention=intervention)
        rows = danish.select(asked)
        found = evidence_units(danish, rows, asked)
        inside = [r.address for u in found.all for r in u.rows]
        aside = [a.row.address for a in found.aside]
        assert sorted(inside + aside) == sorted(r.address for r in rows)
        assert all(a.why.da and a.why.en for a in found.aside)
