"""Where the rule sets part, and because of which rule: cases whose cause is known because the test made it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.synthesis import RULE_SETS, evidence_units
from virker.synthesis.crosswalk import CROSSWALK, OTHER_SCALES, RUNGS, step
from virker.synthesis.disagreement import Disagreement, Parting, disagreements, disagreements_on, parting_said
from virker.synthesis.switches import SWITCHES, direction_without

ASKED = Query(intervention="meetings", outcome="employment")
MakeBank = Callable[..., Bank]


def by(view: Disagreement, name: str) -> Parting:
    return next(p for p in view.partings if p.rule_set == name)


def rules_of(parting: Parting) -> set[str]:
    return {s.id for s in (*parting.because, *parting.also)}


def test_one_review_alone_parts_those_that_count_reviews_from_those_that_do_not(bank_of: MakeBank) -> None:
    view = disagreements(bank_of(study("oversigt-1", finding(), kind="review", design="systematic-review")), ASKED)
    assert view.camps["positive"] == ("star-hierarchy",)
    assert rules_of(by(view, "maryland")) == {"leaves-reviews-out"}
    assert by(view, "clear-resea").because  # it leaves reviews out and needs significance: both together


def test_silence_on_significance_parts_clear_and_pathways_from_the_others(bank_of: MakeBank) -> None:
    view = disagreements(bank_of(*[study(f"a-{i}", finding()) for i in range(4)]), ASKED)
    assert set(view.camps["too-little"]) == {"clear-resea", "pathways"}
    assert rules_of(by(view, "clear-resea")) == rules_of(by(view, "pathways")) == {"needs-printed-significance"}


def test_weak_designs_part_maryland_from_star(bank_of: MakeBank) -> None:
    view = disagreements(bank_of(*[study(f"a-{i}", finding(), design="observational") for i in range(3)]), ASKED)
    assert rules_of(by(view, "maryland")) == {"drops-designs-below-3"}


def test_nulls_part_star_from_a_vote_count_and_the_rule_is_stars(bank_of: MakeBank) -> None:
    bank = bank_of(*[study(f"p-{i}", finding()) for i in range(2)], *[study(f"n-{i}", finding(1, "none")) for i in range(2)])
    parting = by(disagreements(bank, ASKED), "vote-count")
    assert (parting.direction, parting.wanted, parting.of) == ("positive", "mixed", "star-hierarchy")
    assert rules_of(parting) == {"null-opposes"}


def test_the_sign_whatever_its_significance_is_why_a_vote_count_parts(bank_of: MakeBank) -> None:
    bank = bank_of(*[study(f"a-{i}", finding(significant="no")) for i in range(3)])
    parting = by(disagreements(bank, ASKED), "vote-count")
    assert (parting.direction, parting.wanted) == ("positive", "none")
    assert rules_of(parting) == {"ignores-significance"}


def test_foreign_studies_part_jobeffekter_by_its_weights(bank_of: MakeBank) -> None:
    one = study("usa-2010", finding(), countries=("US",), container="Journal of Æ", design="rct")
    view = disagreements(bank_of(one), ASKED)
    assert {"few-studies-below-one"} <= rules_of(by(view, "jobeffekter-g2"))
    assert "tæller" not in parting_said(by(view, "jobeffekter-g2")).en


def test_words_are_the_measure_where_a_sentence_is_asked_about(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(1, "none", p=0.9)), study("b-1", finding(1, "none", p=0.8)), study("c-1", finding(1, "none", p=0.8)))
    units = evidence_units(bank, bank.select(ASKED), ASKED)
    view = disagreements_on(units, ASKED, words=("positive",))
    assert "star-hierarchy" in {p.rule_set for p in view.partings}
    assert not by(view, "star-hierarchy").because
    assert "no single rule" in parting_said(by(view, "star-hierarchy")).en


def test_a_reason_given_is_a_reason_that_holds(danish: Bank) -> None:
    """On the Danish bank: leaving out the rules named really gives the direction of the other."""
    seen = 0
    for measure in ("meetings", "job-referral", "job-search", "wage-subsidy", "wage-subsidy-private", "training", "sanctions", "job-bonus", "caseload"):
        query = Query(intervention=measure, outcome=("employment", "unemployment"), target_group="unemployed")
        units = evidence_units(danish, danish.select(query), query)
        for parting in disagreements_on(units, query).partings:
            wanted = parting.wanted if parting.of == parting.rule_set else parting.direction
            for rules in ((parting.because,) if parting.because else ()) + tuple((s,) for s in parting.also):
                assert direction_without(units, RULE_SETS[parting.of], rules) == wanted
                seen += 1
    assert seen > 3


def test_leaving_out_no_rule_changes_nothing(danish: Bank) -> None:
    query = Query(intervention="training", outcome="employment")
    units = evidence_units(danish, danish.select(query), query)
    view = disagreements_on(units, query)
    for name, rules in RULE_SETS.items():
        assert direction_without(units, rules, ()) == view.verdicts[name].direction


def test_every_rule_set_has_rules_that_can_be_left_out_said_in_both_languages() -> None:
    assert set(SWITCHES) == set(RULE_SETS)
    for switches in SWITCHES.values():
        assert switches
        assert len({s.id for s in switches}) == len(switches)
        assert all(s.does.da and s.does.en and s.does.da != s.does.en for s in switches)


def test_the_crosswalk_has_a_reason_for_every_level_of_every_rule_set() -> None:
    wanted = {(r.id, level) for r in RULE_SETS.values() for level in r.levels} | {(s, level) for s, own in OTHER_SCALES.items() for level in own}
    assert {(s.scale, s.level) for s in CROSSWALK} == wanted
    assert len(CROSSWALK) == len(wanted)
    assert all(s.why.da and s.why.en for s in CROSSWALK)
    assert all(s.rung is None or s.rung in RUNGS for s in CROSSWALK)


@pytest.mark.parametrize("scale", [*RULE_SETS, *OTHER_SCALES])
def test_a_better_level_never_stands_on_a_lower_rung(scale: str) -> None:
    levels = RULE_SETS[scale].levels if scale in RULE_SETS else tuple(OTHER_SCALES[scale])
    order = [list(RUNGS).index(s.rung) for level in levels if (s := step(scale, level)) and s.rung]
    assert order == sorted(order)


def test_star_stands_first() -> None:
    assert next(iter(RULE_SETS)) == "star-hierarchy"
