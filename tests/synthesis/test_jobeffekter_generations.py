"""Jobeffekter.dk before its last generation: what 2019 published, and why the site before that cannot be computed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.bank.records import Assessment
from virker.errors import QueryError
from virker.synthesis import rule_set, verdict
from virker.synthesis.jobeffekter_g1 import SETTINGS, combination

MakeBank = Callable[..., Bank]
GOOD = Assessment(mark="good", by="prøve", on=date(2026, 1, 1), reason="prøve")
FAIR = Assessment(mark="satisfactory", by="prøve", on=date(2026, 1, 1), reason="prøve")
MEETINGS = Query(intervention="meetings", outcome="employment", target_group="unemployed")


def stock(bank: Bank, query: Query = MEETINGS, rules: str = "jobeffekter-g1") -> float:
    return verdict(bank, query, rules).measures["stock"]


def test_the_worked_example_of_the_2019_page_gives_0_20(bank_of: MakeBank) -> None:
    """Satisfactory quality, econometric, Danish, not in a journal, no combination."""
    one = study("eksempel-2019", finding(), design="matching", assessment=FAIR, container="Rapport")
    assert stock(bank_of(one)) == pytest.approx(0.20)


def test_the_combination_factor_is_1_a_half_and_a_quarter() -> None:
    assert [combination(g, m) for g, m in ((False, False), (True, False), (False, True), (True, True))] == [1, 0.5, 0.5, 0.25]


def test_a_sub_category_of_the_search_counts_half(bank_of: MakeBank) -> None:
    """The page's own examples in our terms: a narrower measure, a narrower group, and both."""
    measure = study("a-1", finding(intervention="meetings-group"), assessment=GOOD)
    group = study("a-1", finding(target_group=("youth",)), assessment=GOOD)
    either = study("a-1", finding(intervention="meetings-group", target_group=("youth",)), assessment=GOOD)
    whole = stock(bank_of(study("a-1", finding(), assessment=GOOD)))
    assert [stock(bank_of(s)) / whole for s in (measure, group, either)] == [0.5, 0.5, 0.25]


def test_the_factor_depends_on_what_was_searched_for(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(intervention="meetings-group"), assessment=GOOD))
    exact = Query(intervention="meetings-group", outcome="employment", target_group="unemployed")
    assert stock(bank, exact) == pytest.approx(2 * stock(bank))
    assert stock(bank, exact, "jobeffekter-g2") == stock(bank, rules="jobeffekter-g2")


def test_every_result_of_a_study_counts_in_full_as_it_did_then(bank_of: MakeBank) -> None:
    one, two = study("a-1", finding(), assessment=GOOD), study("a-1", finding(), finding(2, outcome="employment-rate"), assessment=GOOD)
    assert stock(bank_of(two)) == pytest.approx(2 * stock(bank_of(one)))
    assert stock(bank_of(two), rules="jobeffekter-g2") == stock(bank_of(one), rules="jobeffekter-g2")


def test_below_one_is_few_studies(bank_of: MakeBank) -> None:
    danish_reports = [study(f"a-{i}", finding(), assessment=GOOD, container="Rapport") for i in range(2)]
    assert stock(bank_of(*danish_reports)) == pytest.approx(1.0)
    assert verdict(bank_of(*danish_reports), MEETINGS, "jobeffekter-g1").direction == "positive"
    assert verdict(bank_of(danish_reports[0]), MEETINGS, "jobeffekter-g1").direction == "too-little"


def test_what_2019_did_not_print_is_marked() -> None:
    assert {n for n, s in SETTINGS.items() if not s.published} == {
        "quality_good",
        "quality_unsatisfactory",
        "derived_good_from",
        "derived_satisfactory_from",
        "econometric_from",
        "method_rct",
        "method_other",
        "geography_nordic",
        "geography_other",
        "journal_yes",
        "majority_share",
        "majority_of",
    }


def test_the_site_before_2019_is_refused_with_what_is_missing() -> None:
    with pytest.raises(QueryError, match="cannot be computed: the text on the weights is cut"):
        rule_set("jobeffekter-g0")
