"""The live server in a real browser: questions, calculators, forms and downloads, most of them without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import AXE_AT, WIDTHS, Visitor, axe, told
from virker.language import LANGUAGES
from virker.web.kinds import KINDS

#: Pages that are another thing when a server answers, with a question where they take one.
LIVE = {
    "query": "query.html?intervention=meetings&target_group=insured&outcome=employment",
    "query-empty": "query.html?intervention=meetings-digital&target_group=women&country=DK",
    "search": "search.html?q=under",
    "check": "check.html",
    "suggest": "suggest.html",
    "plan": "plan.html",
    "tool": "tool/loentilskud.html",
    "changes": "changes.html?since=2026-11-22",
    "missing": "intervention/findes-ikke.html",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(LIVE))
def test_a_live_page_fits_its_window_and_axe_finds_nothing(name: str, language: str, visitor: Visitor, live: str, screenshots: Path) -> None:
    for width in WIDTHS:
        visitor.wide(width)
        if name == "missing":
            visitor.expected.add(404)
        page = visitor.goto(f"{live}/{language}/{LIVE[name]}")
        assert page.title()
        assert not visitor.overflow, name
        visitor.shoot(screenshots, f"live-{name}.{language}.{width}.png")
        if width == AXE_AT[language]:
            violations = axe(page)
            assert not violations, f"{name}\n{told(violations)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_is_served(language: str, plain: Visitor, live: str) -> None:
    for kind in KINDS:
        if kind not in ("intervention", "group", "study", "review", "trial", "claim", "note", "card", "tool"):
            plain.goto(f"{live}/{language}/{kind}.html")
            assert plain.page.locator("h1").count() == 1, kind


def test_within_two_clicks_one_finds_what_works_for_insured_people_under_30_how_sure_that_is_and_the_studies(plain: Visitor, live: str) -> None:
    page = plain.goto(f"{live}/da/index.html")
    page.get_by_role("link", name="forsikrede ledige under 30 år").click()
    expect(page.locator("h1")).to_contain_text("forsikrede ledige under 30 år")
    expect(page.locator("main")).to_contain_text("evidens")
    study = page.locator("main a[href*='study/'], main a[href*='review/']").first
    study.click()
    expect(page.locator("main")).to_contain_text("Resultater")


def test_the_search_box_of_the_front_page_finds_stems_without_javascript(plain: Visitor, live: str) -> None:
    page = plain.goto(f"{live}/da/index.html")
    page.get_by_role("searchbox").fill("samtalerne")
    page.get_by_role("button", name="Søg").click()
    page.wait_for_url("**/da/search.html?q=samtalerne")
    hits = page.locator(".hits a").all_text_contents()
    assert "Samtaler" in hits[:3]
    page.goto(f"{live}/da/search.html?q=samtale")
    assert page.locator(".hits a").all_text_contents() == hits


def test_a_question_is_put_together_answered_with_a_verdict_and_taken_home(plain: Visitor, live: str) -> None:
    page = plain.goto(f"{live}/da/query.html")
    page.get_by_label("Indsats", exact=True).select_option("meetings")
    page.get_by_label("Målgruppe", exact=True).select_option("unemployed")
    page.get_by_label("Udfald", exact=True).select_option("employment")
    page.locator("form.facts-form button").last.click()
    page.wait_for_url("**/query.html?*intervention=meetings*")
    assert "=&" not in page.url, "empty fields are not in an address that is shared"
    expect(page.locator(".reply .headline")).to_contain_text("Samtaler")
    expect(page.locator("main")).to_contain_text("moderat evidens")
    shared = page.locator(".reply").inner_text()
    assert plain.goto(page.url).locator(".reply").inner_text() == shared
    with page.expect_download() as got:
        page.get_by_role("link", name="CSV").first.click()
    content = Path(got.value.path()).read_bytes().decode("utf-8-sig")
    assert content.startswith("study,")
    assert "pedersen-2012" in content


def test_a_question_that_cannot_be_read_is_told_at_its_field_and_never_as_a_fault_of_the_server(plain: Visitor, live: str) -> None:
    page = plain.page
    plain.expected.add(422)
    answer = page.goto(f"{live}/da/query.html?intervention=samtaler-æøå&year_from=forleden")
    assert answer is not None
    assert answer.status == 422
    expect(page.locator("main")).to_contain_text("samtaler-æøå")


def test_the_wage_subsidy_is_reckoned_line_by_line_with_the_law_beside(plain: Visitor, live: str) -> None:
    page = plain.goto(f"{live}/da/tool/loentilskud.html")
    page.get_by_label("Dagen, jobbet begynder").fill("2026-09-01")
    page.locator("#f-loentilskud-group").select_option(index=1)
    page.locator("input[name=employer][value=private]").check()
    page.locator("form.facts-form button").first.click()
    expect(page.locator(".reply")).to_be_visible()
    assert page.locator(".reply table tbody tr").count() >= 2
    expect(page.locator(".reply")).to_contain_text("§")


def test_a_note_is_checked_and_given_back_annotated_and_nothing_is_kept(visitor: Visitor, live: str, living: Path, tmp_path: Path) -> None:
    before = {p for p in living.rglob("*") if p.is_file()}
    note = tmp_path / "mit notat.md"
    note.write_text("# Prøve med æ, ø og å\n\nSamtaler får ledige hurtigere i arbejde (Pedersen m.fl., 2012).\n\nKaffe virker også.\n", encoding="utf-8")
    page = visitor.goto(f"{live}/da/check.html")
    page.get_by_label("Notatet").set_input_files(note)
    page.get_by_role("button", name="Prøv notatet").click()
    expect(page.locator("body")).to_contain_text("Kaffe virker også")
    expect(page.locator("body")).to_contain_text("ingen påstand fundet")
    assert not visitor.overflow
    violations = axe(page)
    assert not violations, told(violations)
    assert {p for p in living.rglob("*") if p.is_file()} - before <= {living / ".virker" / "bank.cache"}


def test_a_study_is_suggested_into_the_inbox_and_never_into_the_bank(plain: Visitor, live: str, living: Path) -> None:
    bank = {p: p.stat().st_mtime_ns for p in (living / "bank").rglob("*")}
    page = plain.goto(f"{live}/da/suggest.html")
    form = page.locator("form:has(input[value=study])")
    if not form.is_visible():
        page.locator("summary", has_text="Foreslå et studie").click()
    form.get_by_label("Titel").fill("Virker det? Åben prøve <b>æøå</b>")
    form.get_by_label("Forfattere").fill("Ærø, Å.")
    form.get_by_label("År", exact=True).fill("2026")
    form.get_by_label("Hvad har studiet fundet").fill("En prøve.")
    form.get_by_role("button", name="Send forslaget").click()
    expect(page.locator("main [role=status]")).to_contain_text("Tak")
    (draft,) = [p for p in (living / "inbox").rglob("*") if p.is_file()]
    assert "Åben prøve" in draft.read_text(encoding="utf-8")
    assert {p: p.stat().st_mtime_ns for p in (living / "bank").rglob("*")} == bank


def test_the_forms_are_bounded_by_the_browser_and_say_what_is_missing(plain: Visitor, live: str) -> None:
    page = plain.goto(f"{live}/en/suggest.html")
    form = page.locator("form:has(input[value=appeal])")
    if not form.is_visible():
        page.locator("summary", has_text="Appeal").click()
    plain.expected.add(422)
    form.get_by_role("button").click()
    expect(page.locator(".problems")).to_be_visible()
    assert page.locator("[aria-invalid=true]").count() >= 2
