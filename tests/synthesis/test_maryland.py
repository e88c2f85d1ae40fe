"""The Maryland threshold: what counts, and what a majority of it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.synthesis import Setting, verdict
from virker.synthesis.maryland import SETTINGS

ASKED = Query(intervention="meetings", outcome="employment")
MakeBank = Callable[..., Bank]


@pytest.mark.parametrize(
    ("design", "counts"),
    [
        ("rct", True),
        ("regression-discontinuity", True),
        ("difference-in-differences", True),
        ("timing-of-events", True),
        ("duration-model", False),
        ("observational", False),
    ],
)
def test_only_level_three_and_above_counts(bank_of: MakeBank, design: str, counts: bool) -> None:
    found = verdict(bank_of(study("a-1", finding(), design=design)), ASKED, "maryland")
    assert [c.counted for c in found.contributions] == [counts]
    assert found.direction == ("positive" if counts else "too-little")


def test_the_toolkits_threshold_is_a_setting(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(), design="observational"))
    assert verdict(bank, ASKED, "maryland", {"threshold": Setting(2, True, "", "")}).direction == "positive"


def test_whether_hazard_regressions_are_three_or_four_matters_at_a_threshold_of_four(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(), design="timing-of-events"))
    four = {"threshold": Setting(4, True, "", "")}
    assert verdict(bank, ASKED, "maryland", four).direction == "too-little"
    assert verdict(bank, ASKED, "maryland", {**four, "hazard_regressions": Setting(4, False, "", "")}).direction == "positive"
    assert not SETTINGS["hazard_regressions"].published


@pytest.mark.parametrize(
    ("directions", "said"),
    [
        (["positive", "positive", "negative"], "positive"),
        (["positive", "none"], "mixed"),
        (["none", "none", "positive"], "none"),
        (["negative"], "negative"),
        ([], "too-little"),
    ],
)
def test_more_than_half_decides(bank_of: MakeBank, directions: list[str], said: str) -> None:
    found = [study(f"a-{i}", finding(1, d)) for i, d in enumerate(directions)] or [study("a-1", finding(), design="survey")]
    assert verdict(bank_of(*found), ASKED, "maryland").direction == said


def test_the_centres_own_review_of_employment_training_has_no_majority(bank_of: MakeBank) -> None:
    """71 evaluations: about half consistently positive, 22 mixed, 9 without effect, 5 negative, as the centre prints them; 35 of 71 is less than half."""
    shares = {"positive": 35, "mixed": 22, "none": 9, "negative": 5}
    studies = [study(f"{d}-{i}", finding(1, d)) for d, n in shares.items() for i in range(n)]
    assert len(studies) == 71
    assert verdict(bank_of(*studies), ASKED, "maryland").direction == "mixed"


def test_a_review_has_no_level_on_the_scale(bank_of: MakeBank) -> None:
    review = study("oversigt-1", finding(), kind="review", design="systematic-review")
    assert verdict(bank_of(review), ASKED, "maryland").direction == "too-little"
