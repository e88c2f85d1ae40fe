"""Pathways to Work: its horizons, its ratings by domain, and the highest of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.synthesis import Verdict, evidence_units, verdict
from virker.synthesis.pathways import SETTINGS, Cell, cells

ASKED = Query(intervention="meetings")
MakeBank = Callable[..., Bank]


def one(name: str, direction: str = "positive", months: float | None = 12, **fields: Any) -> Any:
    return study(name, finding(1, direction, **{"horizon_months": months, "p": 0.01 if direction != "none" else 0.7, **fields}))


def told(bank: Bank) -> Verdict:
    return verdict(bank, ASKED, "pathways")


def rated(bank: Bank, query: Query = ASKED) -> dict[tuple[str, str], Cell]:
    return {(c.domain, c.band): c for c in cells(evidence_units(bank, bank.select(query), query), SETTINGS)}


@pytest.mark.parametrize(
    ("directions", "direction", "level"),
    [
        (["positive", "positive"], "positive", "well-supported"),
        (["positive"], "positive", "supported"),
        (["positive", "none"], "positive", "supported"),
        (["positive", "negative"], "mixed", "mixed"),
        (["none", "none"], "none", "not-supported"),
        (["negative"], "negative", "not-supported"),
        (["negative", "none"], "none", "not-supported"),
    ],
)
def test_the_ratings_follow_the_published_lines(bank_of: MakeBank, directions: list[str], direction: str, level: str) -> None:
    found = told(bank_of(*[one(f"a-{i}", d) for i, d in enumerate(directions)]))
    assert (found.direction, found.level) == (direction, level)


def test_a_p_of_five_per_cent_is_not_below_it(bank_of: MakeBank) -> None:
    assert told(bank_of(one("a-1", p=0.05))).level == "not-supported"


@pytest.mark.parametrize(("months", "band"), [(3, "short"), (18, "short"), (19, "long"), (60, "long"), (61, "very-long"), (None, "not-told")])
def test_a_result_is_rated_in_the_band_of_its_follow_up(bank_of: MakeBank, months: float | None, band: str) -> None:
    assert set(rated(bank_of(one("a-1", months=months)))) == {("employment", band)}


def test_every_horizon_of_a_study_is_rated_also_those_that_other_rule_sets_set_aside(bank_of: MakeBank) -> None:
    course = study(
        "kursus-1", finding(1, "negative", phase="lock-in", horizon_months=6, p=0.01), finding(2, "positive", phase="after", horizon_months=24, p=0.01)
    )
    found = rated(bank_of(course))
    assert found["employment", "short"].level == "not-supported"
    assert found["employment", "long"].level == "supported"
    assert told(bank_of(course)).direction == "positive"
    assert verdict(bank_of(course), ASKED).counts == {"positive": 1}


def test_the_verdict_is_the_highest_rating_and_says_which(bank_of: MakeBank) -> None:
    bank = bank_of(one("a-1", "none", 12), one("b-1", "positive", 30), one("c-1", "positive", 30))
    found = told(bank)
    assert found.level == "well-supported"
    assert found.reasons[0].en == "The highest rating is that of employment, long term."
    assert found.reasons[0].da == "Den højeste bedømmelse er den for beskæftigelse, langt sigt."
    assert any("rated differently" in m.en for m in found.marks)
    assert found.measures["employment.long.favourable"] == 2


def test_domains_are_rated_apart(bank_of: MakeBank) -> None:
    bank = bank_of(one("a-1"), one("b-1", "negative", outcome="earnings"), one("c-1", "none", outcome="benefit-receipt"))
    assert {k: c.level for k, c in rated(bank).items()} == {
        ("employment", "short"): "supported",
        ("earnings", "short"): "not-supported",
        ("benefits", "short"): "not-supported",
    }


def test_education_is_rated_at_its_longest_follow_up_only(bank_of: MakeBank) -> None:
    bank = bank_of(
        study("a-1", *[finding(i, d, outcome="education", horizon_months=m, p=0.01) for i, (d, m) in enumerate([("negative", 6), ("positive", 40)], 1)])
    )
    assert {k: c.direction for k, c in rated(bank).items()} == {("education", "longest"): "positive"}


def test_studies_of_low_quality_and_reviews_are_shown_only(bank_of: MakeBank) -> None:
    weak = study("svag-1", finding(1, p=0.01, horizon_months=12), design="observational")
    review = study("oversigt-1", finding(1, p=0.01), kind="review", design="systematic-review")
    assert told(bank_of(weak, review)).level == "insufficient"


def test_silence_on_significance_is_insufficient_and_the_verdict_says_why(bank_of: MakeBank) -> None:
    found = told(bank_of(*[one(f"a-{i}", p=None) for i in range(4)]))
    assert (found.direction, found.level) == ("too-little", "insufficient")
    assert any("4 of 4 studies print no significance" in m.en for m in found.marks)


def test_no_effect_as_told_is_null_but_not_in_the_strict_reading(bank_of: MakeBank) -> None:
    found = told(bank_of(one("a-1", "none", p=None)))
    assert found.direction == "none"
    assert found.strict is not None
    assert found.strict.direction == "too-little"


def test_the_reasons_for_other_bands_still_stand_in_the_code_that_sets_findings_aside(bank_of: MakeBank) -> None:
    """Pathways knows the shorter horizons by the reason they were set aside for; a reason reworded must be reworded there too."""
    from virker.synthesis.pathways import _OTHER_BANDS

    rows = [finding(1, horizon_months=6), finding(2, horizon_months=24), finding(3, phase="lock-in")]
    bank = bank_of(study("a-1", *rows))
    assert {a.why.en for a in evidence_units(bank, bank.select(ASKED), ASKED).aside} == _OTHER_BANDS


def test_what_was_not_found_is_a_marked_setting() -> None:
    assert {n for n, s in SETTINGS.items() if s.published} == {"alpha", "studies_for_well_supported", "short_months", "long_months"}
