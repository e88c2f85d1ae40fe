"""An effect is a path: which numbers a planner may use, in which order, and why the rest may not be used."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Finding, Origin
from virker.errors import QueryError
from virker.synthesis.effect_path import EffectPath, effect_path

MakeBank = Callable[..., Bank]


def number(n: int = 1, **fields: Any) -> Finding:
    """A finding with a number: weeks in work within two years, for the unemployed."""
    base: dict[str, Any] = {"outcome": "employment-duration", "effect": 5.0, "unit": "weeks", "horizon_months": 24.0, "estimand": "ITT"}
    return finding(n, **{**base, **fields})


def path(bank: Bank, *group: str, contrast: Any = "on", **asked: Any) -> EffectPath:
    return effect_path(bank, "meetings", contrast, group or ("unemployed",), **asked)


def why(found: EffectPath, address: str, language: str = "en") -> str:
    return str(dict(found.unusable)[address][language])


# --- whom a number speaks for


@pytest.mark.parametrize(
    ("population", "subgroup", "group", "speaks"),
    [
        (("unemployed",), (), ("insured", "newly-unemployed"), True),
        (("anyone",), (), ("insured",), True),
        (("insured", "newly-unemployed"), (), ("insured", "newly-unemployed"), True),
        (("close-to-labour-market",), (), ("insured",), True),
        (("insured", "newly-unemployed"), (), ("insured",), False),
        (("insured",), ("women",), ("insured",), False),
        (("insured",), (), ("unemployed",), False),
        (("firms",), (), ("insured",), False),
        (("uninsured",), (), ("insured", "newly-unemployed"), False),
    ],
)
def test_a_number_speaks_for_a_group_only_when_its_population_covers_the_group(
    bank_of: MakeBank, population: tuple[str, ...], subgroup: tuple[str, ...], group: tuple[str, ...], speaks: bool
) -> None:
    found = path(bank_of(study("a-1", number(target_group=population, subgroup=subgroup))), *group)
    assert bool(found.numbers) is speaks
    assert bool(found.unusable) is not speaks


def test_a_number_on_a_wider_group_is_marked_and_comes_after_one_on_the_group(bank_of: MakeBank) -> None:
    wide = study("bred-2020", number(se=1.0))
    own = study("egen-2010", number(target_group=("insured",)), design="matching")
    found = path(bank_of(wide, own), "insured")
    assert [(n.study, n.covers_wider) for n in found.numbers] == [("egen-2010", False), ("bred-2020", True)]
    assert "bredere gruppe: ledige" in found.numbers[1].marks[0].da
    assert found.said[-1].en == "egen-2010#1 stands before bred-2020#1: the group itself rather than a wider one."


def test_naming_the_wider_group_beside_the_narrower_changes_nothing(bank_of: MakeBank) -> None:
    found = path(bank_of(study("a-1", number(target_group=("insured",)))), "insured", "unemployed")
    assert [n.covers_wider for n in found.numbers] == [False]


# --- what is refused, with its reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"comparator": "another-programme"}, "compares with another programme"),
        ({"origin": Origin(document="notatet", level="seed")}, "only the note itself says so"),
        ({"estimand": "association"}, "an association, not an effect"),
        ({"scope": "market"}, "measures the market or public budgets"),
        ({"spillover": True}, "measures others than the participants"),
        ({"kind": "forecast"}, "not an effect"),
        ({"contrast": "unknown"}, "which way the measure was turned"),
        ({"withdrawn": date(2026, 2, 1), "withdrawn_because": "fejl"}, "withdrawn"),
        ({"intervention": "meetings-group"}, "is about one form of the measure only: “group meetings”"),
        ({"intervention": "combined-programme", "components": ("meetings", "training")}, "a bundle of several measures"),
        ({"effect": None, "effect_high": 6.0, "qualifier": "up-to"}, "a bound only"),
        ({"qualifier": "more-than"}, "a bound only"),
        ({"horizon_months": None}, "does not say after how many months"),
        ({"outcome": "earnings", "unit": "percent"}, "a number that the planner cannot use: earnings, per cent"),
        ({"outcome": "employment", "unit": "percent"}, "a number that the planner cannot use: employment, per cent"),
        ({"outcome": "employment-rate", "unit": "odds-ratio"}, "a number that the planner cannot use"),
        ({"outcome": "exit-to-job", "unit": "percent", "effect": -100.0}, "is no ratio"),
    ],
)
def test_a_number_that_cannot_be_used_is_listed_with_the_reason(bank_of: MakeBank, fields: dict[str, Any], reason: str) -> None:
    found = path(bank_of(study("a-1", number(**fields))))
    assert not found.numbers
    assert reason in why(found, "a-1#1")


def test_every_reason_is_told_at_once(bank_of: MakeBank) -> None:
    told = why(path(bank_of(study("a-1", number(spillover=True, estimand="association", target_group=("youth",)))), "insured"), "a-1#1", "da")
    assert "måler andre end deltagerne" in told
    assert "en sammenhæng, ikke en effekt" in told
    assert "unge ledige" in told


def test_a_number_of_a_replaced_finding_is_not_used(bank_of: MakeBank) -> None:
    found = path(bank_of(study("a-1", number(1, superseded_by=2), number(2, effect=6.0))))
    assert [n.address for n in found.numbers] == ["a-1#2"]
    assert why(found, "a-1#1") == "replaced by finding 2"


# --- kinds of number, and their amounts


@pytest.mark.parametrize(
    ("fields", "kind", "amount"),
    [
        ({"outcome": "employment-duration", "effect": 35.0, "unit": "days"}, "time-in-work", 5.0),
        ({"outcome": "unemployment-duration", "effect": -3.0, "unit": "months", "horizon_months": None}, "unemployment-spell", -13.0),
        ({"outcome": "unemployment-duration", "effect": -14.0, "unit": "days"}, "time-unemployed", -2.0),
        ({"outcome": "exit-to-job", "effect": 25.0, "unit": "percent"}, "job-hazard", 1.25),
        ({"outcome": "exit-to-job", "effect": 1.5, "unit": "hazard-ratio"}, "job-hazard", 1.5),
        ({"outcome": "exit-unemployment", "effect": 46.0, "unit": "percent"}, "exit-hazard", 1.46),
        ({"outcome": "exit-to-job", "effect": 4.8, "unit": "pp"}, "job-share", 4.8),
        ({"outcome": "exit-unemployment", "effect": 7.7, "unit": "pp"}, "exit-share", 7.7),
        ({"outcome": "employment-rate", "effect": 1.7, "unit": "pp"}, "employment-share", 1.7),
        ({"outcome": "employment-rate", "effect": 10.0, "unit": "percent"}, "employment-share-relative", 1.1),
        ({"outcome": "employment-rate", "effect": 1.1, "unit": "risk-ratio"}, "employment-share-relative", 1.1),
    ],
)
def test_kinds_of_number_stay_apart_and_time_is_in_weeks(bank_of: MakeBank, fields: dict[str, Any], kind: str, amount: float) -> None:
    (found,) = path(bank_of(study("a-1", number(**fields)))).numbers
    assert found.kind == kind
    assert found.amount == pytest.approx(amount)


@pytest.mark.parametrize(
    ("fields", "se", "how"),
    [
        ({"effect": 35.0, "unit": "days", "se": 7.0}, 1.0, "se"),
        ({"effect": 35.0, "unit": "days", "ci_low": 7.4, "ci_high": 62.6}, 55.2 / 7 / 3.92, "ci"),
        ({"effect": 3.92, "p": 0.05}, 3.92 / 1.959964, "p"),
        ({"effect": 2.575829, "p_max": 0.01}, 1.0, "p-max"),
        ({"effect": None, "effect_low": 2.0, "effect_high": 4.0}, None, "range"),
        ({"significant": "yes"}, None, "none"),
        ({}, None, "none"),
        ({"outcome": "exit-to-job", "unit": "hazard-ratio", "effect": 2.0, "ci_low": 1.0, "ci_high": 4.0}, math.log(4) / 3.92, "ci"),
        ({"outcome": "exit-to-job", "unit": "percent", "effect": 100.0, "ci_low": 0.0, "ci_high": 300.0}, math.log(4) / 3.92, "ci"),
        ({"outcome": "exit-to-job", "unit": "percent", "effect": 25.0, "p": 0.05}, math.log(1.25) / 1.959964, "p"),
        ({"outcome": "exit-to-job", "unit": "percent", "effect": 25.0, "se": 12.5}, 0.1, "se"),
    ],
)
def test_precision_is_as_printed_or_follows_from_what_is_printed(bank_of: MakeBank, fields: dict[str, Any], se: float | None, how: str) -> None:
    (found,) = path(bank_of(study("a-1", number(**fields)))).numbers
    assert found.precision == how
    assert found.se == (None if se is None else pytest.approx(se, rel=1e-5))


def test_a_printed_range_stays_a_range_and_gets_no_midpoint(bank_of: MakeBank) -> None:
    (found,) = path(bank_of(study("a-1", number(effect=None, effect_low=2.0, effect_high=4.0)))).numbers
    assert (found.amount, found.low, found.high) == (None, 2.0, 4.0)


def test_significant_without_a_level_has_an_error_only_on_the_callers_word(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(effect=1.959964, significant="yes"), number(2, effect=3.0)))
    assumed = {n.address: n for n in path(bank, significance_level=0.05).numbers}
    assert assumed["a-1#1"].se == pytest.approx(1.0, rel=1e-5)
    assert "brugerens antagelse" in assumed["a-1#1"].precision_said.da
    assert assumed["a-1#2"].se is None


def test_a_cut_answers_a_question_on_a_rise_turned_round(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(1, contrast="less", se=1.0), number(2, contrast="less", outcome="exit-to-job", unit="hazard-ratio", effect=1.25, effect_low=1.0, effect_high=2.0)))  # fmt: skip
    weeks, hazard = path(bank, contrast="more").numbers
    assert (weeks.amount, weeks.se, weeks.turned) == (-5.0, 1.0, True)
    assert (hazard.amount, hazard.low, hazard.high) == (0.8, 0.5, 1.0)


# --- one trial, one piece of evidence


def test_three_papers_on_one_trial_are_alternatives_of_one_unit(bank_of: MakeBank) -> None:
    found = path(bank_of(*[study(f"artikel-{i}", number(effect=4.0 + i), trial="hurtigt-i-gang-1") for i in range(3)]))
    assert len(found.numbers) == 3
    assert found.units == ("hurtigt-i-gang-1",)


def test_an_earlier_version_speaks_where_the_newer_prints_no_such_number(bank_of: MakeBank) -> None:
    newer, older = study("ny-2017", finding()), study("gammel-2012", number(), version_of="ny-2017")
    (found,) = path(bank_of(newer, older)).numbers
    assert (found.address, found.unit) == ("gammel-2012#1", "ny-2017")
    assert any("tidligere udgave af ny-2017" in m.da for m in found.marks)


def test_an_earlier_version_is_silent_where_the_newer_prints_the_same_kind(bank_of: MakeBank) -> None:
    found = path(bank_of(study("ny-2017", number(effect=4.0)), study("gammel-2012", number(), version_of="ny-2017")))
    assert [n.address for n in found.numbers] == ["ny-2017#1"]
    assert why(found, "gammel-2012#1") == "an earlier version of ny-2017"


def test_a_review_is_not_used_beside_a_study_that_it_includes(bank_of: MakeBank) -> None:
    review = study("oversigt-2021", number(effect=3.0), kind="review", design="meta-analysis", includes=("a-1",))
    found = path(bank_of(study("a-1", number()), review))
    assert [n.study for n in found.numbers] == ["a-1"]
    assert why(found, "oversigt-2021#1") == "a review whose studies are in: a-1"


def test_a_review_is_used_and_marked_where_its_studies_print_no_number(bank_of: MakeBank) -> None:
    review = study("oversigt-2021", number(effect=3.0), kind="review", design="meta-analysis", includes=("a-1",))
    (found,) = path(bank_of(study("a-1", finding()), review)).numbers
    assert found.study == "oversigt-2021"
    assert any("fra en gennemgang" in m.da for m in found.marks)


# --- order


def test_the_order_is_design_then_nearness_then_precision_then_country_then_year(bank_of: MakeBank) -> None:
    origin = {level: Origin(document="æøå", level=level) for level in ("table", "abstract")}
    studies = [
        study("matching-2024", number(se=1.0), design="matching"),
        study("resume-2023", number(se=1.0, origin=origin["abstract"])),
        study("upraecis-2023", number()),
        study("fransk-2022", number(se=1.0), countries=("FR",)),
        study("gammel-1999", number(se=1.0), year=1999),
        study("ny-2020", number(se=1.0)),
    ]
    found = [n.study for n in path(bank_of(*studies), country="DK").numbers]
    assert found == ["ny-2020", "gammel-1999", "fransk-2022", "upraecis-2023", "resume-2023", "matching-2024"]
    assert path(bank_of(*studies[3:])).numbers[0].study == "fransk-2022"


def test_lock_in_never_stands_before_the_effect_after(bank_of: MakeBank) -> None:
    found = path(bank_of(study("a-1", number(1, phase="lock-in", effect=-2.0, se=0.5), number(2, phase="after"))))
    assert [(n.phase, n.address) for n in found.numbers] == [("after", "a-1#2"), ("lock-in", "a-1#1")]


def test_one_source_at_several_horizons_is_a_path(bank_of: MakeBank) -> None:
    months = {3: -1.0, 6: 0.5, 12: 2.0}
    rows = [number(i, outcome="employment-rate", unit="pp", horizon_months=float(h), effect=e) for i, (h, e) in enumerate(months.items(), 1)]
    found = path(bank_of(study("a-1", *rows)))
    assert [(n.horizon_months, n.amount) for n in found.over_time("a-1", "employment-share")] == [(3, -1.0), (6, 0.5), (12, 2.0)]
    assert found.numbers[0].horizon_months == 12


def test_a_finding_that_the_planner_names_stands_first_or_tells_why_it_does_not_fit(bank_of: MakeBank) -> None:
    bank = bank_of(
        study("a-1", number(1, se=1.0), number(2)), study("b-2", number(target_group=("youth",)), finding(2, "negative", target_group=("unemployed",)))
    )
    named = path(bank, finding="a-1#2")
    assert named.named is not None
    assert named.numbers[0].address == named.named.address == "a-1#2"
    refused = path(bank, finding="b-2#1")
    assert refused.named is None
    assert refused.named_unfit is not None
    assert "unge ledige" in refused.named_unfit.da
    silent = path(bank, finding="b-2#2").named_unfit
    assert silent is not None
    assert silent.en == "the source prints no number, a direction only: negative"


def test_a_number_found_at_another_roll_out_is_not_used(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", number(saturation="low")))
    assert path(bank, saturation="low").numbers
    found = path(bank, saturation="near-full")
    assert not found.numbers
    assert why(found, "a-1#1", "da") == "fundet ved en anden udbredelse (få får indsatsen)"
    assert "fundet, hvor få får indsatsen" in [m.da for m in path(bank).numbers[0].marks]


# --- directions only


def test_where_only_directions_are_known_they_are_counted_by_phase_one_trial_once(bank_of: MakeBank) -> None:
    lock = [study(f"a-{i}", finding(1, "negative", phase="lock-in"), trial="et-forsoeg") for i in range(2)]
    found = path(bank_of(*lock, study("b-1", finding(1, "positive", phase="after"))))
    assert not found.numbers
    assert found.said[0].da == "Banken har intet tal, som planlæggeren kan bruge for denne indsats og gruppe."
    assert {d.phase: dict(d.counts) for d in found.directions} == {"lock-in": {"negative": 1}, "after": {"positive": 1}}
    assert [d.said.da for d in found.directions] == ["efter indsatsen: 1 studie eller forsøg (1 positivt)", "fastlåsning: 1 studie eller forsøg (1 negativt)"]


def test_unknown_words_are_told_all_at_once(bank_of: MakeBank) -> None:
    with pytest.raises(QueryError) as told:
        effect_path(bank_of(study("a-1")), "meetins", "on", ("insurd",), country="XX", finding="a-1#9")
    for word in ("meetins", "insurd", "XX", "a-1#9"):
        assert word in str(told.value)


# --- the bank as it stands


def test_frequent_meetings_for_newly_unemployed_insured_have_two_numbers_of_one_trial(danish: Bank) -> None:
    found = effect_path(danish, "meetings-individual", "more", ("insured", "newly-unemployed"))
    trial = {n.address: n for n in found.numbers if n.unit == "hurtigt-i-gang-2"}
    assert set(trial) == {"pedersen-2012#1", "pedersen-2012#2"}
    share, weeks = trial["pedersen-2012#1"], trial["pedersen-2012#2"]
    assert (share.kind, share.amount, share.horizon_months) == ("employment-share-relative", pytest.approx(1.1), 24)
    assert (weeks.kind, weeks.amount, weeks.horizon_months, weeks.se) == ("time-in-work", 5, 24, None)
    assert any("maibom-2017" in m.da for m in weeks.marks)
    assert not effect_path(danish, "meetings-individual", "more", ("insured",)).of_kind("time-in-work")


def test_lower_caseloads_have_numbers_read_in_a_table(danish: Bank) -> None:
    found = {n.address: n for n in effect_path(danish, "caseload", "less", ("insured",)).numbers}
    assert {a: found[a].kind for a in ("boeheim-2023#2", "boeheim-2023#7", "boeheim-2023#8", "boeheim-2023#10")} == {
        "boeheim-2023#2": "job-share",
        "boeheim-2023#7": "unemployment-spell",
        "boeheim-2023#8": "time-in-work",
        "boeheim-2023#10": "time-unemployed",
    }
    assert found["boeheim-2023#8"].amount == pytest.approx(16 / 7)
    assert found["boeheim-2023#8"].se == pytest.approx(4 / 7)
    assert all(not n.covers_wider for a, n in found.items() if a.startswith("hofmann"))


def test_private_wage_subsidy_has_directions_only(danish: Bank) -> None:
    found = effect_path(danish, "wage-subsidy-private", "on", ("insured",))
    assert not found.numbers
    assert found.directions


def test_the_numbers_on_digital_advice_are_of_a_kind_that_the_planner_cannot_use(danish: Bank) -> None:
    found = effect_path(danish, "search-advice-digital", "on", ("insured",))
    assert not found.numbers
    assert "løn" in why(found, "altmann-2023a#4", "da") or "indkomst" in why(found, "altmann-2023a#4", "da")
