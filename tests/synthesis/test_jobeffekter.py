"""Jobeffekter.dk's published examples and rules (pages on weights, algorithm, calculations and interpretation)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.bank.records import Assessment
from virker.synthesis import Setting, verdict
from virker.synthesis.jobeffekter import SETTINGS, contribution, verdict_of

MEETINGS = Query(intervention="meetings", outcome="employment")
GOOD = Assessment(mark="good", by="prøve", on=date(2026, 1, 1), reason="prøve")
FAIR = Assessment(mark="satisfactory", by="prøve", on=date(2026, 1, 1), reason="prøve")


def test_the_worked_example_of_the_2019_page_gives_0_20() -> None:
    assert contribution(0.5, 0.8, 1, 0.5, 1) == pytest.approx(0.20)


def test_the_worked_example_of_the_last_generation_gives_0_10_for_two_partial_results() -> None:
    """Two results on partial target groups: each weighs half, and the page prints 0.10 for one of them."""
    assert contribution(0.5, 0.8, 1, 0.5, 1, 0.5) == pytest.approx(0.10)


def test_one_perfect_result_just_leaves_few_studies() -> None:
    assert verdict_of({"positive": 1.0}, SETTINGS)[0] == "positive"
    assert verdict_of({"positive": 0.999}, SETTINGS)[0] == "too-little"


def test_five_unpublished_danish_econometric_studies_of_satisfactory_quality_reach_one(bank_of: Callable[..., Bank]) -> None:
    five = [study(f"metrik-{i}", finding(), design="matching", assessment=FAIR, container="Rapport") for i in range(5)]
    assert verdict(bank_of(*five), MEETINGS, "jobeffekter-g2").measures["stock"] == pytest.approx(1.0)
    assert verdict(bank_of(*five), MEETINGS, "jobeffekter-g2").direction == "positive"
    assert verdict(bank_of(*five[:4]), MEETINGS, "jobeffekter-g2").direction == "too-little"


def test_an_unpublished_danish_trial_of_good_quality_counts_one_half(bank_of: Callable[..., Bank]) -> None:
    one = study("forsøg".replace("ø", "oe"), finding(), assessment=GOOD, container="Rapport")
    assert verdict(bank_of(one), MEETINGS, "jobeffekter-g2").measures["stock"] == pytest.approx(0.5)


@pytest.mark.parametrize(("positive", "other", "expected"), [(0.55, 0.45, "positive"), (0.549, 0.451, "mixed"), (0.5, 0.5, "mixed")])
def test_fifty_five_per_cent_of_the_stock_decides(positive: float, other: float, expected: str) -> None:
    assert verdict_of({"positive": 10 * positive, "none": 10 * other}, SETTINGS)[0] == expected


def test_no_effect_competes_as_a_direction() -> None:
    assert verdict_of({"positive": 1.0, "none": 3.0}, SETTINGS)[0] == "none"


def test_the_english_page_s_reading_of_net_stock_is_a_setting() -> None:
    net = {**SETTINGS, "majority_of": Setting("net", False, "", "")}
    assert verdict_of({"positive": 1.2, "negative": 1.0, "none": 0.2}, SETTINGS)[0] == "mixed"
    assert verdict_of({"positive": 1.2, "negative": 1.0, "none": 0.2}, net)[0] == "positive"


def test_a_bundle_contributes_half(bank_of: Callable[..., Bank]) -> None:
    bundle = study("pakke-2020", finding(intervention="combined-programme", components=("meetings",)), assessment=GOOD, container="Tidsskrift")
    query = Query(intervention="meetings", outcome="employment", combined=True)
    assert verdict(bank_of(bundle), query, "jobeffekter-g2").measures["stock"] == pytest.approx(0.75 * 0.5)


def test_many_results_of_one_trial_weigh_no_more_than_one(bank_of: Callable[..., Bank]) -> None:
    one = study("et-2020", finding(), assessment=GOOD)
    many = study("mange-2020", *[finding(i) for i in range(1, 16)], assessment=GOOD)
    assert verdict(bank_of(one), MEETINGS, "jobeffekter-g2").measures == verdict(bank_of(many), MEETINGS, "jobeffekter-g2").measures


def test_the_level_is_not_computed_because_its_thresholds_were_never_published(danish: Bank) -> None:
    told = verdict(danish, MEETINGS, "jobeffekter-g2")
    assert told.level is None
    assert any("never published" in m.en for m in told.marks)


def test_every_unpublished_parameter_is_marked_and_explained_in_both_languages() -> None:
    unpublished = {name for name, s in SETTINGS.items() if not s.published}
    assert unpublished == {
        "derived_good_from",
        "derived_satisfactory_from",
        "econometric_from",
        "method_other",
        "geography_nordic",
        "geography_other",
        "journal_yes",
        "multi_result_rule",
        "majority_of",
    }
    assert all(s.why_da and s.why_en and s.why_da != s.why_en for s in SETTINGS.values())


def test_where_nobody_has_assessed_a_study_its_quality_is_derived_by_settings_and_said(bank_of: Callable[..., Bank]) -> None:
    unassessed = bank_of(study("register-2020", finding(), design="rct", container="Rapport"))
    told = verdict(unassessed, MEETINGS, "jobeffekter-g2")
    stricter = verdict(unassessed, MEETINGS, "jobeffekter-g2", {"derived_good_from": Setting(6, False, "prøve", "test")})
    assert told.measures["stock"] == pytest.approx(0.5)  # good: 1 x 1 x 1 x 0.5
    assert stricter.measures["stock"] == pytest.approx(0.25)  # satisfactory: 0.5 x 1 x 1 x 0.5
    assert any("udledt af designet" in m.da for m in told.marks)
    assessed = bank_of(study("register-2020", finding(), design="rct", assessment=GOOD, container="Rapport"))
    assert not any("udledt af designet" in m.da for m in verdict(assessed, MEETINGS, "jobeffekter-g2").marks)


def test_where_econometrics_begins_is_a_setting(bank_of: Callable[..., Bank]) -> None:
    matched = bank_of(study("metrik-2020", finding(), design="matching", assessment=GOOD, container="Rapport"))
    settings = {"econometric_from": Setting(5, False, "prøve", "test")}
    assert verdict(matched, MEETINGS, "jobeffekter-g2").measures["stock"] == pytest.approx(0.4)
    assert verdict(matched, MEETINGS, "jobeffekter-g2", settings).measures["stock"] == pytest.approx(0.25)
