"""The law as it stands on a day: which value goes, what stands beside it, and what is said before, after, and where nothing was found."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests.conftest import ROOT
from virker.errors import ContentError, QueryError
from virker.rules import Parameter, Rules, Scheme, load_rules
from virker.rules.data import list_data, scheme_data
from virker.rules.onday import on_day
from virker.rules.show import list_text, scheme_text, wrapped
from virker.rules.told import STATUSES, UNITS, amount_said, days_said, status_said, value_said

LAW = load_rules(ROOT / "rules")


def parameter(**fields: object) -> Parameter:
    base = {"id": "sats", "da": "sats på prøve", "en": "rate", "value": 10, "status": "in force", "reference": "§ 1", "source": "loven"}
    return msgspec.convert({**base, **fields}, Parameter)


def scheme(*parameters: Parameter) -> Rules:
    return Rules({"æøå": Scheme(id="æøå", da="Ordningen", en="The scheme", about_da="…", about_en="…", parameter=parameters)})


def test_what_is_announced_stands_beside_the_rule_in_force_and_never_before_it() -> None:
    for day, goes, beside in ((date(2025, 6, 1), 3, []), (date(2026, 9, 1), 3, [2])):
        entry = next(e for e in on_day(LAW, "samtaler", day).entries if e.name == "a_kasse_meetings_first_3_months_min")
        assert entry.goes is not None
        assert entry.goes.value == goes
        assert [p.value for p in entry.beside] == beside


def test_a_value_that_only_a_page_tells_does_not_go_it_is_only_said() -> None:
    entry = next(e for e in on_day(LAW, "sanktioner", date(2025, 1, 1)).entries if e.name == "ui_quarantine_weeks")
    assert entry.goes is None
    assert [p.value for p in entry.beside] == [3]


def test_a_proposed_value_may_stand_beside_the_one_in_force_but_two_in_force_may_not(tmp_path: Path) -> None:
    folder = ROOT / "rules"
    text = (folder / "refusion.toml").read_text(encoding="utf-8")
    twice = text + text[text.index("\n[[parameter]]") :]
    with pytest.raises(ContentError, match="hold at the same time"):
        _load(tmp_path, twice)
    proposed = text + text[text.index("\n[[parameter]]") :].replace('status = "in force"', 'status = "proposed"')
    assert _load(tmp_path, proposed).parameter("refusion/reimbursement_percent_weeks_1_4", date(2024, 1, 1)).status == "in force"


def _load(folder: Path, text: str) -> Rules:
    (folder / "refusion.toml").write_text(text, encoding="utf-8")
    return load_rules(folder)


def test_an_unverified_value_between_two_in_force_hides_no_overlap(tmp_path: Path) -> None:
    text = (ROOT / "rules" / "refusion.toml").read_text(encoding="utf-8")
    block = text[text.index("\n[[parameter]]") : text.index("\n[[parameter]]", text.index("\n[[parameter]]") + 5)]
    between = block.replace('status = "in force"', 'status = "unverified"').replace("from = 2016-01-04", "from = 2017-01-01")
    later = block.replace("from = 2016-01-04", "from = 2018-01-01")
    with pytest.raises(ContentError, match="hold at the same time"):
        _load(tmp_path, text + between + later)


@pytest.mark.parametrize(
    ("day", "place"),
    [(date(2009, 1, 1), "before"), (date(2017, 4, 1), "among"), (date(2019, 5, 15), "among"), (date(2019, 5, 16), "ended")],
)
def test_the_day_is_placed_in_the_life_of_the_scheme(day: date, place: str) -> None:
    assert on_day(LAW, "jobpraemie-2017", day).place == place


def test_rates_without_a_value_for_the_day_are_not_said_to_have_ended() -> None:
    view = on_day(scheme(parameter(**{"from": date(2024, 1, 1)}, to=date(2024, 12, 31))), "æøå", date(2025, 1, 1))
    assert view.place == "after"


def test_before_the_first_law_it_is_said_clearly_in_both_languages() -> None:
    danish = scheme_text(LAW, "jobpraemie-2017", date(2009, 5, 1), "da")
    assert "Den 1. maj 2009 ligger før ordningens første dag" in danish
    assert "gælder fra 1. april 2017" in " ".join(danish.split())
    assert "Det gælder den dag" not in danish
    assert "1 May 2009 is before the scheme's first day" in scheme_text(LAW, "jobpraemie-2017", date(2009, 5, 1), "en")


def test_a_scheme_is_shown_with_values_sections_other_years_and_what_was_not_found() -> None:
    told = scheme_text(LAW, "loentilskud", date(2023, 6, 1), "da")
    assert "86,16 kr. pr. time; fra 1. januar 2023 til 31. december 2023; gældende" in told
    assert "tidligere: 78,12 kr. pr. time; fra 1. januar 2018 til 31. december 2018" in told
    assert "Ikke fundet" in told
    assert "Tilskud pr. time for 2016, 2020, 2022 og 2024-2026" in told
    later = scheme_text(LAW, "loentilskud", date(2025, 6, 1), "en")
    assert "No value found for that day" in later
    assert "earlier: DKK 86.16 per hour" in later


def test_everything_in_the_danish_law_is_told_in_both_languages() -> None:
    """Sources are written in English and what the law says in Danish: the scheme's texts hold the other language of each."""
    plain = re.compile(r"[\d ,§.-]+|\d{4}-W?\d{2}(-\d{2})?")
    for name, one in LAW.schemes.items():
        for p in one.parameter:
            assert one.said(p.source).da != one.said(p.source).en, f"{name}: {p.source} has no Danish in `texts`"
            assert p.unit is None or p.unit in UNITS or p.unit.startswith("DKK"), f"{name}: '{p.unit}' has no words"
            if "ikke læst" in p.reference or p.reference.startswith("Satser"):
                assert one.said(p.reference).da != one.said(p.reference).en, f"{name}: {p.reference}"
            if isinstance(p.value, str) and not plain.fullmatch(p.value):
                assert one.said(p.value).da != one.said(p.value).en, f"{name}: {p.value}"


def test_values_are_written_as_each_language_writes_them() -> None:
    assert amount_said(2500.5, "DKK").da == "2.500,50 kr."
    assert amount_said(2500.5, "DKK").en == "DKK 2,500.50"
    assert amount_said(1, "weeks").da == "1 uge"
    assert amount_said(1.28, "factor").da == "1,28"
    assert value_said(parameter(value="2016-W48")).da == "uge 48 i 2016"
    assert value_said(parameter(value="06-30")).en == "30 June"
    assert value_said(parameter(value=False)).da == "nej"
    assert days_said(parameter()).da == "uden dato"


def test_a_rule_told_without_its_section_is_in_force_by_the_source_only() -> None:
    assert status_said(parameter(reference="Lovbestemmelsen er ikke læst")).da == "gældende efter kilden"
    assert status_said(parameter(reference="§ 5")).da == STATUSES["in force"].da


def test_a_section_sign_is_never_parted_from_its_number() -> None:
    for width in range(20, 60):
        for line in wrapped("Lov nr. 287 af 29/3 2017, § 5, stk. 2, og §§ 35-44: højst 2.500 kr. pr. måned og æøå", "  ", width):
            assert not line.endswith("§")
            assert not line.lstrip().startswith("kr.")


def test_the_list_counts_what_stands_on_the_day() -> None:
    data = {s["id"]: s for s in list_data(LAW, date(2026, 11, 22))["schemes"]}
    assert data["jobpraemie-2017"]["in_force_on_day"] == 0
    assert data["jobpraemie-2017"]["place"] == "ended"
    assert data["refusion"]["in_force_on_day"] == data["refusion"]["values"]
    assert data["samtaler"]["unverified_on_day"] > 0
    told = list_text(LAW, date(2026, 11, 22), "da")
    assert all(name in told for name in LAW.schemes)
    assert "Ordningen er ophørt: De sidste værdier gjaldt til 15. maj 2019." in told


def test_the_data_hold_what_the_text_shows() -> None:
    data = scheme_data(LAW, "dagpengesatser", date(2026, 3, 1))
    found = next(p for p in data["parameters"] if p["id"] == "max_per_month_full_time_dkk")
    assert found["in_force"] is None
    assert [(p["value"], p["status"]) for p in found["beside"]] == [(22041, "unverified")]
    assert found["earlier"][-1]["value"] == 21092
    assert data["not_found"]


def test_an_unknown_scheme_is_told_with_its_neighbours() -> None:
    with pytest.raises(QueryError, match=r"did you mean 'loentilskud'"):
        on_day(LAW, "løntilskud", date(2024, 1, 1))
