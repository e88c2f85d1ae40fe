"""The sign test against closed forms and published tables."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.synthesis import verdict
from virker.synthesis.votecount import sign_test

MEETINGS = Query(intervention="meetings", outcome="employment")


@pytest.mark.parametrize(
    ("positive", "negative", "p"), [(8, 2, 0.109375), (9, 1, 0.021484375), (10, 0, 2 / 1024), (5, 0, 0.0625), (6, 0, 0.03125), (3, 3, 1.0), (0, 0, 1.0)]
)
def test_the_sign_test_is_the_exact_binomial(positive: int, negative: int, p: float) -> None:
    """Twice the upper tail of the binomial with one half, worked by hand from Pascal's triangle."""
    assert sign_test(positive, negative) == pytest.approx(p)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sign_test_is_a_probability_and_symmetric(positive: int, negative: int) -> None:
    p = sign_test(positive, negative)
    assert 0 < p <= 1
    assert p == sign_test(negative, positive)


@given(st.integers(1, 60))
def test_a_unanimous_count_has_the_closed_form(n: int) -> None:
    assert sign_test(n, 0) == pytest.approx(min(1.0, 2 * comb(n, 0) / 2**n))


def test_direction_counts_whatever_the_significance(bank_of: Callable[..., Bank]) -> None:
    six = [study(f"lille-{i}", finding(1, "positive", significant="no")) for i in range(6)]
    told = verdict(bank_of(*six), MEETINGS, "vote-count")
    assert (told.direction, told.level) == ("positive", "clear")


def test_reviews_have_no_vote(bank_of: Callable[..., Bank]) -> None:
    one = study("a-1", finding(1, "negative")), study("b-1", finding(1, "negative"))
    reviews = [study(f"oversigt-{i}", finding(), kind="review", design="systematic-review") for i in range(9)]
    assert verdict(bank_of(*one, *reviews), MEETINGS, "vote-count").direction == "negative"


def test_one_study_alone_is_too_little(bank_of: Callable[..., Bank]) -> None:
    assert verdict(bank_of(study("a-1", finding())), MEETINGS, "vote-count").direction == "too-little"
