"""A study of more answers a question about less: its sign is turned, and the reader is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.claims import Check, Claim, Edition, Expectation, check_claim
from virker.claims.report import explain
from virker.claims.sides import direction_under, queries_of, turned_said
from virker.publish.behind import finding_lines
from virker.rules import Rules

MakeBank = Callable[..., Bank]


@pytest.fixture
def bank(bank_of: MakeBank) -> Bank:
    """Two trials of less (better) and two of more (worse): to a question about less all four say the same."""
    less = [study(f"mindre-{i}", finding(1, "positive", contrast="less")) for i in range(2)]
    more = [study(f"mere-{i}", finding(1, "negative", contrast="more")) for i in range(2)]
    return bank_of(*less, *more)


def asked(bank: Bank) -> Check:
    claim = Claim(
        id="faerre-samtaler", kind="synthesis", section=1, da="Færre møder hjælper", en="Fewer meetings help",
        select=Query(intervention="meetings", contrast="less", outcome="employment"), expect=Expectation(direction="positive", level="strong"),
    )  # fmt: skip
    return check_claim(claim, bank, Rules({}), "star-hierarchy")


def test_the_direction_is_the_questions(bank: Bank) -> None:
    check = asked(bank)
    queries = queries_of(check)
    assert check.status == "supported"
    assert {r.address: direction_under(r, queries[r.address]) for r in check.rows} == dict.fromkeys(
        ["mere-0#1", "mere-1#1", "mindre-0#1", "mindre-1#1"], "positive"
    )


def test_a_turned_sign_is_told_and_an_unturned_one_is_not(bank: Bank) -> None:
    check = asked(bank)
    told = {r.address: turned_said(r, queries_of(check)[r.address]) for r in check.rows}
    assert told["mindre-0#1"] is None
    assert told["mere-0#1"] is not None
    assert (told["mere-0#1"].da, told["mere-0#1"].en) == ("studiet målte mere: negativ", "the study measured more: negative")


def test_lists_say_what_the_count_says(bank: Bank) -> None:
    lines = {f.address: f.direction for f in finding_lines(asked(bank), "da")}
    assert lines["mindre-0#1"] == "+\u00a0positiv"
    assert lines["mere-0#1"] == "+\u00a0positiv (studiet målte mere: negativ)"


def test_explain_speaks_danish_throughout(edition: Edition) -> None:
    said = explain(edition.by_id["benefits-level-grades"], edition, "da")
    assert "Del 1: overdrevet" in said
    assert "(studiet målte mere: negativ)" in said
    rows = [line for line in said.splitlines() if "#" in line]
    assert rows
    assert not [line for line in rows if " abstract " in line or "  positive" in line or "  negative" in line]
