"""The plan's report: the same in both languages, the answer first, the assumptions on one page, and files whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, study
from tests.plan.scenario_of import HOURS, measure_of, number, scenario_of
from virker.bank import Bank
from virker.language import LANGUAGES, Language
from virker.plan.answers import answers_of
from virker.plan.inputs import Payer
from virker.plan.present_value import discount
from virker.plan.read import read_scenario
from virker.plan.report import plan_page, render, weeks_csv, write_report
from virker.plan.scenario import Scenario
from virker.plan.sections import Answers, markdown
from virker.plan.summary import data, text
from virker.plan.words import count, money, signed
from virker.rules import load_rules

LAW = load_rules(ROOT / "rules")
MakeBank = Callable[..., Bank]
PLANS = sorted((ROOT / "plans").glob("*.toml"))
PAYERS: tuple[Payer, ...] = ("municipality", "state", "a-kasse", "person", "employer", "resources")


@pytest.fixture(scope="module", params=PLANS, ids=lambda p: p.stem)
def example(request: pytest.FixtureRequest, danish: Bank) -> Answers:
    return answers_of(read_scenario(request.param, danish, LAW), danish, LAW, "star-hierarchy")


def of(bank: Bank, scenario: Scenario) -> Answers:
    return answers_of(scenario, bank, LAW, "star-hierarchy")


def small(bank_of: MakeBank, *measures: dict[str, Any], se: float | None = 0.5, **changes: Any) -> tuple[Bank, Answers]:
    bank = bank_of(study("a-1", number(se=se)))
    return bank, of(bank, scenario_of(*measures, **changes))


def numbers_in(told: str, language: Language) -> list[str]:
    """Every number in the text, written the same way in both languages."""
    found = re.findall(r"\d[\d.,]*\d|\d", re.sub(r"#\d+|@[\w-]+", "", told))
    thousands, point = (".", ",") if language == "da" else (",", ".")
    return sorted(n.replace(thousands, "").replace(point, ".") for n in found)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"capacity": [{**HOURS, "price": 412.5, "currency": "DKK"}], "se": None},
        {"weeks": 1},
        {"se": 3.0, "weeks": 60, "significance_level": 0.05},
    ],
    ids=["plain", "capacity", "one week", "wide"],
)
def test_both_languages_say_the_same_numbers(bank_of: MakeBank, changes: dict[str, Any]) -> None:
    uses = [{"capacity": "timer", "amount": 0.25}] if "capacity" in changes else None
    bank, answers = small(bank_of, measure_of(uses=uses, notice_weeks=2, lasts_weeks=80), **changes)
    for told in (lambda x: markdown(answers, bank, x), lambda x: text(answers, x)):
        assert numbers_in(told("da"), "da") == numbers_in(told("en"), "en")


def test_the_first_thing_read_is_the_claim_with_its_status(example: Answers, danish: Bank) -> None:
    for language, heading in (("da", "## Kort fortalt"), ("en", "## In short")):
        lines = [x for x in markdown(example, danish, language).splitlines() if x]
        assert lines[0] == heading
        assert lines[1].startswith(f"**{example.claim.said[language]}**")


def test_every_figure_of_the_planner_stands_with_where_it_is_from(example: Answers, danish: Bank) -> None:
    told = markdown(example, danish, "da")
    page = told[told.index("## Forudsætningerne på én side") : told.index("## Hvad planen ikke kan sige")]
    rows = [r for r in page.splitlines() if r.startswith("| ")][2:]
    last = [int(r.rstrip(" |").rpartition("| ")[2]) for r in rows]
    assert set(last) == set(range(1, max(last) + 1)) == {int(n) for n in re.findall(r"(?:^|\s)\((\d+)\) ", page)}
    assert "antaget: Eksempel: et mellemstort jobcenter" in page
    assert "| Samfundsøkonomisk diskonteringsrente, år 0-35 | 3,5 procent om året |" in page
    assert "uge 1-4: 20 procent; uge 5-26: 60 procent" in page


def test_what_the_planner_decided_on_the_effect_is_an_assumption(bank_of: MakeBank) -> None:
    bank, answers = small(bank_of, measure_of(effect="a-1#1", lasts_weeks=80, notice_weeks=2, from_week=4, start_week=1))
    told = markdown(answers, bank, "da")
    for said in ("efter 1 uges ledighed, i 13 uger", "meldt ud 2 uger før", "fra planens uge 4", "effekten varer 80 uger", "effekten er valgt: a-1#1"):
        assert said in told


def test_a_value_that_nobody_has_verified_in_the_law_is_said_to_be_so(danish: Bank, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text((ROOT / "plans" / "sagsstammer.toml").read_text(encoding="utf-8").replace("on = 2025-01-06", "on = 2026-06-01"), encoding="utf-8")
    told = markdown(of(danish, read_scenario(path, danish, LAW)), danish, "da")
    assert "22.041 kr. pr. måned (ikke efterprøvet i loven)" in told


def test_the_weeks_add_up_to_the_summary(example: Answers) -> None:
    worked = example.worked
    rows = list(csv.DictReader(io.StringIO(weeks_csv(worked))))
    assert len(rows) == worked.scenario.weeks

    def total(plan: str, without: str) -> float:
        return sum(float(r[plan]) - float(r[without]) for r in rows)

    assert total("in_work", "in_work_without") == pytest.approx(worked.weeks_in_work.centre, abs=1e-2)
    assert total("on_benefit", "on_benefit_without") == pytest.approx(worked.benefit_weeks.centre, abs=1e-2)
    for m in worked.scenario.measure:
        assert sum(float(r[f"started_{m.id}"]) for r in rows) == pytest.approx(worked.started[m.id].centre, abs=1e-2)
        assert sum(float(r[f"no_room_{m.id}"]) for r in rows) == pytest.approx(worked.turned_away[m.id].centre, abs=1e-2)
    factor = discount(len(rows), 0.035)
    for payer in PAYERS:
        value = sum(float(r[f"{payer}_DKK"]) * f for r, f in zip(rows, factor, strict=True))
        assert value == pytest.approx(worked.by_payer[payer].centre, rel=1e-6, abs=1)


def test_a_measure_may_be_called_work_without_hiding_a_column(bank_of: MakeBank) -> None:
    _, answers = small(bank_of, measure_of(id="work"))
    row = next(csv.DictReader(io.StringIO(weeks_csv(answers.worked))))
    assert float(row["in_work"]) == 0
    assert float(row["in_measure_work"]) == 10  # half of ten who come and ten who are there


def test_where_no_band_is_known_nothing_stands_in_its_place(bank_of: MakeBank) -> None:
    bank, answers = small(bank_of, se=None)
    told = data(answers)
    assert told["chance_of_surplus"] is None
    bands = [told["weeks_in_work"], told["benefit_weeks"], *told["present_value"]["by_payer"].values()]
    assert all(b["low"] is None and b["high"] is None for b in bands)
    assert {(r["in_work_low"], r["in_work_high"]) for r in csv.DictReader(io.StringIO(weeks_csv(answers.worked)))} == {("", "")}
    assert "Chance for overskud" not in markdown(answers, bank, "da")


def test_with_a_band_the_figures_stand_in_order(bank_of: MakeBank) -> None:
    told = data(small(bank_of)[1])
    for b in (told["weeks_in_work"], told["present_value"]["public"]):
        assert b["low"] < b["centre"] < b["high"]
    json.dumps(told, allow_nan=False)


def test_a_plan_that_nobody_begins_earns_nothing_back_and_hangs_on_nothing(bank_of: MakeBank) -> None:
    bank, answers = small(bank_of, measure_of(reach=0.0))
    told = markdown(answers, bank, "da")
    assert "tjent hjem" not in told
    assert "Ingen begynder på en indsats" in told
    assert "plan-tornado" not in told
    assert render(plan_page(answers, bank, "da"), "html")


def test_amounts_and_counts_are_said_as_they_are_read_aloud() -> None:
    assert [money(v, "DKK").da for v in (999_600, 12_345, -0.2, 9_999)] == ["1 mio. kr.", "12 tusind kr.", "0 kr.", "9.999 kr."]
    assert [count(v).da for v in (9.96, -3.14, 0.04, -0.04, 1234.5)] == ["10", "−3,1", "0", "0", "1.234"]
    assert [signed(v).en for v in (3.0, -3.0, 0.0, 0.01)] == ["+3", "−3", "0", "0"]


def test_every_sentence_ends_with_one_full_stop(example: Answers, danish: Bank) -> None:
    for language in LANGUAGES:
        told = markdown(example, danish, language)
        assert not re.search(r"\.\.|\. \.|\bNone\b|\bnan\b", told)
        assert all(line.endswith((".", ":")) for line in told.splitlines() if line.startswith("- ")), language


# --- files


@pytest.fixture(scope="module")
def pages(example: Answers, danish: Bank) -> dict[Language, list[str]]:
    pdfium = pytest.importorskip("pypdfium2")
    found: dict[Language, list[str]] = {}
    for language in LANGUAGES:
        file = pdfium.PdfDocument(render(plan_page(example, danish, language), "pdf"))
        found[language] = [file[i].get_textpage().get_text_range() for i in range(len(file))]
    return found


def test_the_assumptions_with_law_and_rates_are_one_page_of_paper(pages: dict[Language, list[str]]) -> None:
    for language, head, end in (("da", "Forudsætningerne på én side", "§ 5, stk. 3"), ("en", "The assumptions on one page", "§ 5, stk. 3")):
        page = [p for p in pages[language] if head in p]
        assert len(page) == 1
        assert end in page[0]
        # Under the running head the section's own heading comes first.
        assert any(line.strip() == head for line in page[0].splitlines()[:2])


def test_the_first_page_holds_the_answer_and_the_figure(pages: dict[Language, list[str]], example: Answers) -> None:
    assert "Det ændrer planen" in pages["da"][0]
    assert "Figur 1" in pages["da"][0]
    assert "Indhold" not in pages["da"][0]
    assert len(pages["da"]) == len(pages["en"]) <= 5


def test_a_report_is_written_in_both_languages_and_all_kinds(bank_of: MakeBank, tmp_path: Path) -> None:
    bank, answers = small(bank_of)
    names = [p.name for p in write_report(answers, bank, tmp_path / "ny")]
    assert names == ["proeve.csv", *(f"proeve.{x}.{kind}" for x in LANGUAGES for kind in ("docx", "html", "pdf"))]
    html = (tmp_path / "ny" / "proeve.da.html").read_text(encoding="utf-8")
    assert "En prøve på æ, ø og å" in html
    again = tmp_path / "igen"
    write_report(answers, bank, again)
    assert all((again / n).read_bytes() == (tmp_path / "ny" / n).read_bytes() for n in names)


def test_when_one_page_cannot_be_made_nothing_is_written(bank_of: MakeBank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(page: object) -> bytes:
        raise RuntimeError("ingen Word i dag")

    monkeypatch.setattr("virker.publish.word.note_docx", fail)
    bank, answers = small(bank_of)
    with pytest.raises(RuntimeError):
        write_report(answers, bank, tmp_path / "ud")
    assert not (tmp_path / "ud").exists()


def test_what_a_planner_writes_is_shown_as_text(bank_of: MakeBank) -> None:
    bank, answers = small(bank_of, measure_of(da="<script>alert(1)</script> | [x] ø"))
    html = render(plan_page(answers, bank, "da"), "html").decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
