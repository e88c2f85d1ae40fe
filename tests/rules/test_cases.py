"""The cases of the law hold, they can fall, and a wrong case is told with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conftest import ROOT
from virker.errors import ContentError
from virker.language import Said
from virker.practice.cases import CALCULATORS, cases_text, run_case, run_cases
from virker.rules import Rules, load_rules
from virker.rules.cases import Case, CaseFile, load_cases

LAW = load_rules(ROOT / "rules")
BOOK = load_cases(ROOT / "rules" / "cases", LAW)
ALL = [(scheme, case) for scheme, many in BOOK.items() for case in many]


@pytest.mark.parametrize(("scheme", "case"), ALL, ids=[f"{s}/{c.id}" for s, c in ALL])
def test_the_case_holds(scheme: str, case: Case) -> None:
    assert [d.en for d in run_case(scheme, case, LAW).differences] == []


def test_every_scheme_has_cases_and_every_calculator_is_asked() -> None:
    assert set(BOOK) == set(LAW.schemes)
    assert {c.ask for _, c in ALL} == {"law", *CALCULATORS}


def test_cases_are_not_read_as_schemes() -> None:
    assert (ROOT / "rules" / "cases" / "loentilskud.toml").exists()
    assert not [name for name in LAW.schemes if "case" in name]


def with_value(address: str, value: Any) -> Rules:
    """The law with another value at an address."""
    scheme, _, name = address.partition("/")
    old = LAW.schemes[scheme]
    changed = tuple(msgspec.structs.replace(p, value=value) if p.id == name else p for p in old.parameter)
    return Rules({**LAW.schemes, scheme: msgspec.structs.replace(old, parameter=changed)})


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("jobpraemie-2017/rate_percent", 11),
        ("jobpraemie-2017/max_per_month_dkk", 2400),
        ("jobpraemie-2017/max_months", 17),
        ("jobpraemie-2017/weeks_required_group_a", 46),
        ("jobpraemie-2017/weeks_required_group_b", 72),
        ("jobpraemie-2017/period_to", "2019-04-30"),
        ("jobpraemie-kontanthjaelp-2012/rate_percent", 5),
        ("jobpraemie-kontanthjaelp-2012/days_required", 328),
        ("jobpraemie-enlige-2011/max_per_month_dkk", 700),
        ("loentilskud/max_months_public", 5),
        ("loentilskud/benefit_period_required_months", 7),
        ("loentilskud/exempt_above_age", 49),
        ("loentilskud/right_groups", "2-5"),
        ("seks-ugers-uddannelse/waiting_weeks", 4),
        ("seks-ugers-uddannelse/use_within_months_under_25", 7),
        ("refusion/reimbursement_percent_weeks_5_26", 50),
        ("samfundsoekonomi/net_tax_factor", 1.3),
    ],
)
def test_a_case_falls_when_the_law_in_the_files_changes(address: str, value: Any) -> None:
    """So the numbers stand in the rules alone and not in the calculators."""
    changed = with_value(address, value)
    assert all(r.holds for r in run_cases(BOOK, LAW))
    assert [r.case.id for r in run_cases(BOOK, changed) if not r.holds]


def test_a_fallen_case_says_what_it_expected_and_what_it_got_in_both_languages() -> None:
    results = run_cases({"jobpraemie-2017": BOOK["jobpraemie-2017"]}, with_value("jobpraemie-2017/rate_percent", 11))
    danish, english = (cases_text(results, LAW, lang) for lang in ("da", "en"))
    assert "✗ En person på kontanthjælp i uge 48 i 2016" in danish
    assert "→ total: ventet 1200, fik 1.320 kr." in danish
    assert "→ total: expected 1200, got DKK 1,320" in english
    assert f"{sum(r.holds for r in results)} af {len(results)} sager holder." in danish


def case(**fields: Any) -> Case:
    base = {"id": "prøve", "da": "på dansk: æøå", "en": "in English", "on": date(2018, 1, 1), "section": "§ 1", "source": Said("§", "§")}
    return Case(**{**base, **fields})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"expect": {"rate_percent": 10.5}}, "expected 10.5, got 10 percent"),
        ({"expect": {"rate_percent": "not found"}}, "expected not found, got 10 percent"),
        ({"expect": {"rate_percent": 10}, "status": {"rate_percent": "in force"}}, "expected in force, got repealed"),
        ({"ask": "jobpræmie", "expect": {"total": 1}}, "is no calculator"),
        ({"ask": "jobpraemie", "facts": {"earnings": {"2018-01": -1}}, "expect": {"total": 1}}, "the facts were refused"),
        ({"ask": "jobpraemie", "facts": {"earnings": {"2018-01": 1}}, "refused": "below zero"}, "should have been refused"),
        ({"ask": "jobpraemie", "facts": {"earnings": {"2018-01": 1}}, "expect": {"sum": 1}}, "has no line 'sum'"),
        ({"ask": "jobpraemie", "facts": {"weekz": 3}, "refused": "x"}, "the facts cannot be used"),
    ],
)
def test_what_a_case_gets_wrong_is_told(fields: dict[str, Any], told: str) -> None:
    found = run_case("jobpraemie-2017", case(**fields), LAW)
    assert not found.holds
    assert told in found.differences[0].en


def test_all_mistakes_of_a_case_file_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "refusion.toml").write_text(
        'scheme = "refusion"\n'
        '[[case]]\nid = "en"\nda = "æøå"\nen = "x"\non = 2020-01-01\nsection = "§"\nsource = { da = "§", en = "§" }\n'
        '[[case]]\nid = "en"\nda = "æøå"\nen = "x"\non = 2020-01-01\nsection = "§"\nsource = { da = "§", en = "§" }\nexpect = { reimbursment = 1 }\n',
        encoding="utf-8",
    )
    (tmp_path / "findes-ikke.toml").write_text('scheme = "findes-ikke"\ncase = []\n', encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_cases(tmp_path, LAW)
    told = str(caught.value)
    assert "'en' expects nothing" in told
    assert "two cases are named 'en'" in told
    assert "asks for 'reimbursment', which the scheme does not have" in told
    assert "findes-ikke.toml:1" in told


def test_every_field_of_a_case_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "rules-data.md").read_text(encoding="utf-8")
    assert not [f.encode_name for kind in (Case, CaseFile) for f in msgspec.structs.fields(kind) if f"`{f.encode_name}`" not in page]
