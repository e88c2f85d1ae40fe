"""Danish and English number forms, and what the printed digits allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virker.claims.numbers import agrees, decimals, read_number
from virker.language import number


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("12.474", "da", (12474, None)), ("12,474", "en", (12474, None)), ("0,12", "da", (0.12, None)), ("0.12", "en", (0.12, None)),
        ("4-5", "da", (4, 5)), ("8,5–9,5", "da", (8.5, 9.5)), ("23 til 100", "da", (23, 100)), ("29 to 31", "en", (29, 31)),
        ("1½", "da", (1.5, None)), ("tre", "da", (3, None)), ("three", "en", (3, None)), ("-2,5", "da", (-2.5, None)),
        ("1.234.567,8", "da", (1234567.8, None)), ("mange", "da", None), ("æøå", "da", None), ("", "en", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_each_language_writes_them(text: str, language: str, expected: tuple[float, float | None] | None) -> None:
    assert read_number(text, language) == expected


@given(st.integers(0, 10**9), st.sampled_from(["da", "en"]))
def test_whole_numbers_come_back_as_written(value: int, language: str) -> None:
    assert read_number(number(value, language), language) == (float(value), None)


@given(st.decimals(min_value=0, max_value=99999, places=2), st.sampled_from(["da", "en"]))
def test_decimals_come_back_as_written(value: object, language: str) -> None:
    true = float(str(value))
    read = read_number(number(true, language), language)
    assert read is not None
    assert read[0] == pytest.approx(true)


@given(st.floats(0, 1000), st.integers(0, 4))
def test_a_number_always_agrees_with_its_own_rounding(value: float, digits: int) -> None:
    assert agrees(round(value, digits), value, digits)


def test_the_printed_digits_set_the_tolerance() -> None:
    assert agrees(10, 10.49, decimals("10", "da"))
    assert not agrees(10.0, 10.49, decimals("10,0", "da"))
