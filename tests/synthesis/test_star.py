"""STAR's hierarchy: the rule's own lines, and what we had to decide ourselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.synthesis import Setting, Verdict, verdict
from virker.synthesis.star import SETTINGS

MEETINGS = Query(intervention="meetings", outcome="employment")
MakeBank = Callable[..., Bank]


def votes(bank_of: MakeBank, high: Sequence[str] = (), limited: Sequence[str] = ()) -> Verdict:
    trials = [study(f"rct-{i}", finding(1, d)) for i, d in enumerate(high)]
    others = [study(f"match-{i}", finding(1, d), design="matching") for i, d in enumerate(limited)]
    return verdict(bank_of(*trials, *others), MEETINGS)


P, Z, N = "positive", "none", "negative"


@pytest.mark.parametrize(
    ("high", "limited", "direction", "level"),
    [
        ([P, P, P], [], "positive", "strong"),
        ([P, P], [], "positive", "moderate"),
        ([P], [], "positive", "indication"),
        ([], [P, P], "positive", "indication"),
        ([], [P], "too-little", "uncertain"),
        ([P, N], [], "mixed", "conflicting"),
        ([P, Z], [], "mixed", "uncertain"),
        ([P, P, P, N], [], "positive", "strong"),
        ([P, P, P, Z, Z, Z], [], "mixed", "uncertain"),
        ([N, N, N], [], "negative", "strong"),
        ([Z, Z, Z], [P], "none", "strong"),
        ([P] * 6, [], "positive", "strong"),
    ],
)
def test_the_levels_follow_the_published_counts(bank_of: MakeBank, high: list[str], limited: list[str], direction: str, level: str) -> None:
    told = votes(bank_of, high, limited)
    assert (told.direction, told.level) == (direction, level)


def test_golden_case_sanctions_for_insured_six_of_six_of_which_five_of_high_quality_is_strong(bank_of: MakeBank) -> None:
    """Andersen & Arendt (2015) as the note tells it: six significant studies, five published and of high quality: called strong."""
    assert votes(bank_of, [P] * 5, [P]).level == "strong"


def test_golden_case_four_published_european_studies_of_sanctions_is_strong(bank_of: MakeBank) -> None:
    """Simonsen & Skipper (2016) as the note tells it; that the four are of high quality is our reading."""
    assert votes(bank_of, [P] * 4).level == "strong"


def test_golden_case_five_of_five_caseload_studies_is_strong_by_the_count(bank_of: MakeBank) -> None:
    """VIVE (2019): five of five; STAR's own news page calls it moderate, which the review's own grade then caps (below)."""
    assert votes(bank_of, [P] * 5).level == "strong"


def test_one_researched_review_is_enough_for_strong_and_the_verdict_says_so(bank_of: MakeBank) -> None:
    review = study("oversigt-2015", finding(), kind="review", design="systematic-review")
    told = verdict(bank_of(review), MEETINGS)
    assert (told.direction, told.level) == ("positive", "strong")
    assert any("rests on one review" in m.en for m in told.marks)


def test_a_review_lends_no_more_certainty_than_it_claims(bank_of: MakeBank) -> None:
    review = study("vive-2019", finding(evidence_grade="moderat"), kind="review", design="literature-review")
    assert verdict(bank_of(review), MEETINGS).level == "moderate"


def test_a_narrative_review_or_an_expert_is_shown_and_not_counted(bank_of: MakeBank) -> None:
    shown = (
        study("essay-2014", finding(), kind="review", design="narrative-review"),
        study("udvalg-2015", finding(), kind="expert-report", design="expert-assessment"),
    )
    told = verdict(bank_of(*shown), MEETINGS)
    assert told.direction == "too-little"
    assert [c.counted for c in told.contributions] == [False, False]


def test_a_review_whose_list_is_read_is_never_counted_beside_its_studies(bank_of: MakeBank) -> None:
    one = study("rct-1", finding())
    review = study("oversigt-2015", finding(), kind="review", design="systematic-review", includes=("rct-1",), includes_complete=True)
    told = verdict(bank_of(one, review), MEETINGS)
    assert told.level == "indication"
    assert {c.unit: c.counted for c in told.contributions} == {"rct-1": True, "oversigt-2015": False}


def test_where_a_review_counts_the_studies_known_to_be_in_it_do_not(bank_of: MakeBank) -> None:
    one = study("rct-1", finding())
    review = study("oversigt-2015", finding(), kind="review", design="systematic-review", includes=("rct-1",))
    told = verdict(bank_of(one, review), MEETINGS)
    assert told.level == "strong"
    assert {c.unit: c.counted for c in told.contributions} == {"rct-1": False, "oversigt-2015": True}


def test_a_review_of_a_narrower_group_does_not_speak_for_everybody(bank_of: MakeBank) -> None:
    review = study("oversigt-2013", finding(target_group=("immigrants",)), kind="review", design="systematic-review")
    asked = Query(intervention="meetings", outcome="employment", target_group="unemployed")
    assert verdict(bank_of(review), asked).direction == "too-little"
    assert verdict(bank_of(review), Query(intervention="meetings", target_group="immigrants")).level == "strong"


def test_adding_a_null_study_never_strengthens_a_verdict(bank_of: MakeBank) -> None:
    order = ["strong", "moderate", "indication", "conflicting", "uncertain"]
    for high in range(6):
        for nulls in range(6):
            before, after = votes(bank_of, [P] * high + [Z] * nulls), votes(bank_of, [P] * high + [Z] * (nulls + 1))
            if before.direction == "positive" == after.direction:
                assert order.index(after.level or "") >= order.index(before.level or "")


def test_whether_null_opposes_is_a_setting(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(1, P)), study("b-1", finding(1, Z)))
    setting = {"none_opposes": Setting(False, False, "", "")}
    assert verdict(bank, MEETINGS).direction == "mixed"
    assert verdict(bank, MEETINGS, settings=setting).direction == "positive"


def test_insignificant_is_no_effect_and_not_printed_is_not(bank_of: MakeBank) -> None:
    insignificant = [study(f"a-{i}", finding(1, P, significant="no")) for i in range(3)]
    silent = [study(f"a-{i}", finding(1, P)) for i in range(3)]
    assert verdict(bank_of(*insignificant), MEETINGS).direction == "none"
    told = verdict(bank_of(*silent), MEETINGS)
    assert told.direction == "positive"
    assert told.strict is not None
    assert told.strict.direction == "too-little"


def test_every_setting_that_was_never_published_is_marked() -> None:
    assert {n for n, s in SETTINGS.items() if not s.published} == {
        "limited_for_indication",
        "high_quality_maryland",
        "none_opposes",
        "review_own_grade_caps",
        "review_for_whole_group",
    }
