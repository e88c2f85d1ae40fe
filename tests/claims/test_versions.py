"""A claim pinned to a study in versions is told what the other versions print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Origin, Query
from virker.claims import Check, Claim, Edition, Expectation, Number, check_claim
from virker.claims.report import as_data, explain
from virker.claims.versions import version_notes
from virker.rules import Rules

MakeBank = Callable[..., Bank]


def pinned(bank: Bank, select: dict[str, Any], **expect: Any) -> Check:
    claim = Claim(
        id="påstand", kind="reported", section=1, da="Det øger", en="It raises", select=Query(**select), expect=Expectation(direction="positive", **expect)
    )
    return check_claim(claim, bank, Rules({}), "star-hierarchy")


def percent(number: int, value: float, **fields: Any) -> Any:
    return finding(number, effect=value, unit="percent", **fields)


@pytest.fixture
def moved(bank_of: MakeBank) -> Bank:
    """25 per cent in the draft, 29 in the version that counts, as in Humlum et al."""
    return bank_of(study("aeroe-2025", percent(1, 29), percent(2, 25, superseded_by=1)))


def told(check: Check, bank: Bank) -> str:
    return "\n".join(n.en for n in version_notes(check, bank))


def test_a_claim_on_the_number_that_counts_is_told_of_the_older_one(moved: Bank) -> None:
    said = told(pinned(moved, {"study": "aeroe-2025"}, numbers=(Number(value=29, unit="percent"),)), moved)
    assert "25 per cent (aeroe-2025#2, et blad med æ, ø og å) → 29 per cent" in said
    assert "The claim's number is the one that counts." in said


def test_a_claim_on_an_older_number_is_told_so_in_both_languages(moved: Bank) -> None:
    check = pinned(moved, {"study": "aeroe-2025"}, numbers=(Number(value=25, unit="percent"),))
    (note,) = version_notes(check, moved)
    assert "is from an older version (aeroe-2025#2)" in note.en
    assert "er fra en ældre udgave (aeroe-2025#2)" in note.da


def test_a_claim_whose_number_no_version_prints_is_told_so(moved: Bank) -> None:
    assert "(27) is in no version that we have read" in told(pinned(moved, {"study": "aeroe-2025"}, numbers=(Number(value=27, unit="percent"),)), moved)


def test_a_claim_pinned_to_the_superseded_finding_itself_is_told_so(moved: Bank) -> None:
    assert "pinned to the older one" in told(pinned(moved, {"finding": "aeroe-2025#2"}), moved)


def test_a_claim_that_names_no_study_is_pinned_to_nothing(moved: Bank) -> None:
    assert not version_notes(pinned(moved, {"intervention": "meetings"}), moved)


def test_versions_that_print_the_same_are_not_told(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", percent(1, 29), percent(2, 29, superseded_by=1)))
    assert not version_notes(pinned(bank, {"study": "a-1"}), bank)


def test_what_only_the_note_prints_is_no_version(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", percent(1, 29), percent(2, 25, superseded_by=1, origin=Origin(document="notatet", level="seed"))))
    assert not version_notes(pinned(bank, {"study": "a-1"}), bank)


def test_a_chain_of_versions_ends_at_the_one_that_counts(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", percent(1, 4, superseded_by=2), percent(2, 7, superseded_by=3), percent(3, 9)))
    said = told(pinned(bank, {"study": "a-1"}, numbers=(Number(value=4, unit="percent"),)), bank)
    assert "4 per cent" in said.split("→")[0]
    assert "7 per cent" in said.split("→")[1]
    assert "9 per cent" in said.split("→")[2]


def test_a_ring_of_versions_ends(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", percent(1, 4, superseded_by=2), percent(2, 7, superseded_by=1)))
    version_notes(pinned(bank, {"finding": "a-1#1"}), bank)


def test_an_earlier_version_that_is_a_study_of_its_own_is_held_against_the_later(bank_of: MakeBank) -> None:
    bank = bank_of(study("ny-2017", percent(1, 12)), study("gammel-2012", percent(1, 10), version_of="ny-2017"))
    assert "10 per cent (gammel-2012#1" in told(pinned(bank, {"study": "gammel-2012"}, numbers=(Number(value=10, unit="percent"),)), bank)
    assert "from an older version (gammel-2012#1)" in told(pinned(bank, {"study": "gammel-2012"}, numbers=(Number(value=10, unit="percent"),)), bank)


def test_a_direction_that_turned_between_versions_is_told(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(1, "none"), finding(2, "positive", superseded_by=1)))
    assert "positive (a-1#2" in told(pinned(bank, {"study": "a-1"}), bank)


@pytest.mark.parametrize(
    ("claim", "printed"),
    [
        ("search-online-advice-size", ("7–9 procent", "8,5–9,5 procent", "Påstandens tal (4–5) står i ingen udgave")),
        ("training-classroom-29", ("25 procent", "29 procent", "det, der tæller")),
        ("own-sanctions-svarer", ("mere end 50 procent", "mere end 100 procent")),
        ("own-benefits-week", ("0,15 uger", "0,16 uger")),
    ],
)
def test_the_known_drifts_of_the_danish_bank_are_told(edition: Edition, claim: str, printed: tuple[str, ...]) -> None:
    shown = explain(edition.by_id[claim], edition, "da")
    assert "Udgaver" in shown
    assert all(p in shown for p in printed)


def test_the_report_as_data_has_them_in_both_languages(edition: Edition) -> None:
    claims = {c["id"]: c["versions"] for c in as_data(edition)["claims"]}
    assert "29 procent" in claims["training-classroom-29"][0]["da"]
    assert "29 per cent" in claims["training-classroom-29"][0]["en"]
    assert claims["meetings-work"] == []
