"""CLEAR's tiers for RESEA, line by line, and what we had to decide ourselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.synthesis import Setting, Verdict, verdict
from virker.synthesis.clear import CLEAR, SETTINGS

ASKED = Query(intervention="meetings", outcome=("employment", "unemployment"))
MakeBank = Callable[..., Bank]


def both(name: str, p: float = 0.01, **fields: Any) -> Any:
    """A study that is favourable on employment and on the duration of unemployment insurance."""
    return study(name, finding(1, p=p), finding(2, outcome="unemployment-duration", p=p), **fields)


def work(name: str, **fields: Any) -> Any:
    return study(name, finding(1, **{"p": 0.01, **fields}))


def duration(name: str, **fields: Any) -> Any:
    return study(name, finding(1, **{"outcome": "benefit-receipt", "p": 0.01, **fields}))


def told(bank: Bank) -> Verdict:
    return verdict(bank, ASKED, "clear-resea")


def test_two_credible_studies_each_favourable_on_both_outcomes_are_high(bank_of: MakeBank) -> None:
    assert told(bank_of(both("a-1"), both("b-1"))).level == "high"
    assert told(bank_of(both("a-1"))).level == "moderate"


def test_high_needs_p_below_five_per_cent(bank_of: MakeBank) -> None:
    assert told(bank_of(both("a-1"), both("b-1", p=0.07))).level == "moderate"
    assert told(bank_of(both("a-1"), both("b-1", p=0.05))).level == "moderate"


def test_high_is_not_made_of_two_halves(bank_of: MakeBank) -> None:
    """Each of the two studies must be favourable on both outcomes; moderate may take one from each."""
    halves = (work("a-1"), work("b-1"), duration("c-1"), duration("d-1"))
    assert told(bank_of(*halves)).level == "moderate"


def test_moderate_may_take_the_outcomes_from_two_studies_at_ten_per_cent(bank_of: MakeBank) -> None:
    assert told(bank_of(work("a-1", p=0.09), duration("b-1", p=0.09))).level == "moderate"
    assert told(bank_of(work("a-1", p=0.09), duration("b-1", p=0.11))).level == "potentially-promising"


def test_one_study_that_need_not_be_credible_is_potentially_promising(bank_of: MakeBank) -> None:
    weak = study("a-1", finding(1, p=0.04), design="observational")
    assert told(bank_of(weak)).level == "potentially-promising"
    assert told(bank_of(both("a-1", design="observational"), both("b-1", design="observational"))).level == "potentially-promising"


def test_silence_on_significance_is_no_rating_and_the_verdict_says_why(bank_of: MakeBank) -> None:
    silent = told(bank_of(*[study(f"a-{i}", finding()) for i in range(5)]))
    assert (silent.direction, silent.level) == ("too-little", "no-rating")
    assert any("5 of 5 studies print no significance" in m.en for m in silent.marks)
    assert any("5 af 5 studier trykker ingen signifikans" in m.da for m in silent.marks)
    assert not any(c.counted for c in silent.contributions)


def test_a_printed_star_at_ten_per_cent_counts_at_ten_though_its_source_calls_it_insignificant(bank_of: MakeBank) -> None:
    assert told(bank_of(work("a-1", p=None, p_max=0.1, significant="no"))).level == "potentially-promising"
    assert told(bank_of(work("a-1", p=None, significant="no"))).level == "no-rating"


def test_no_significant_effect_is_no_verdict_of_no_effect(bank_of: MakeBank) -> None:
    assert told(bank_of(work("a-1", direction="none", p=0.6), work("b-1", direction="none", p=0.7))).direction == "too-little"


def test_harm_is_told_though_no_tier_speaks_of_it(bank_of: MakeBank) -> None:
    assert told(bank_of(work("a-1", direction="negative"))).direction == "negative"
    parted = told(bank_of(work("a-1"), work("b-1", direction="negative")))
    assert (parted.direction, parted.level) == ("positive", "potentially-promising")
    assert any("1 studies have unfavourable ones too" in m.en for m in parted.marks)


def test_a_review_is_shown_and_not_rated(bank_of: MakeBank) -> None:
    review = study("oversigt-2015", finding(p=0.01), kind="review", design="systematic-review")
    assert told(bank_of(review)).level == "no-rating"


def test_a_cut_answers_a_question_about_less_with_its_own_sign(bank_of: MakeBank) -> None:
    rise = study("mere-1", finding(1, "negative", contrast="more", p=0.01))
    less = Query(intervention="meetings", contrast="less", outcome="employment")
    bank = bank_of(rise)
    assert verdict(bank, less, "clear-resea").direction == "positive"


def test_a_study_more_never_lowers_the_tier(bank_of: MakeBank) -> None:
    kinds = [both, work, lambda n: duration(n, p=0.09), lambda n: study(n, finding())]
    for first in range(4):
        for second in range(4):
            one = told(bank_of(kinds[first]("a-1"))).level
            two = told(bank_of(kinds[first]("a-1"), kinds[second]("b-1"))).level
            assert CLEAR.at_least(two, one or "")


def test_what_was_not_found_is_a_marked_setting() -> None:
    unpublished = {n for n, s in SETTINGS.items() if not s.published}
    assert unpublished == {"credible_maryland", "employment_outcomes", "ui_duration_outcomes", "said_significant_is"}
    assert all(s.why_da and s.why_en and s.why_da != s.why_en for s in SETTINGS.values())


@pytest.mark.parametrize(("least", "level"), [(3, "moderate"), (5, "potentially-promising")])
def test_credibility_is_a_setting(bank_of: MakeBank, least: int, level: str) -> None:
    bank = bank_of(both("a-1", design="matching"))
    assert verdict(bank, ASKED, "clear-resea", {"credible_maryland": Setting(least, False, "", "")}).level == level
