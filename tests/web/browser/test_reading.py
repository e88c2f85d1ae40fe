"""Reading the static site: choosing among studies and claims, taking files home, and paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Visitor, fullest
from virker.language import LANGUAGES
from virker.web.kinds import KINDS

#: The printable width of an A4 page with the browser's own margins, in CSS pixels.
PAPER = 718


def test_studies_are_found_by_name_country_and_measure(visitor: Visitor, static: str) -> None:
    page = visitor.goto(f"{static}/da/studies.html")
    rows = page.locator("#studies tbody tr:visible")
    every = rows.count()
    page.get_by_label("Land", exact=True).select_option(label="Danmark")
    danish = rows.count()
    assert 10 < danish < every
    expect(page.locator("#find-count")).to_contain_text(str(danish))
    page.get_by_label("Søg i navne og titler").fill("Sørensen")
    assert 0 < rows.count() < danish
    assert all("Sørensen" in text for text in rows.all_text_contents())


def test_a_kind_of_study_is_chosen_without_javascript(plain: Visitor, static: str) -> None:
    page = plain.goto(f"{static}/en/studies.html")
    rows = page.locator("#studies tbody tr:visible")
    every = rows.count()
    page.locator("details.choices summary").click()
    page.locator("#k-review").check()
    assert 10 < rows.count() < every


def test_claims_are_chosen_by_status_without_javascript(plain: Visitor, static: str) -> None:
    page = plain.goto(f"{static}/da/claims.html")
    page.locator("#only-contradicted").check()
    shown = page.locator("main .group:visible")
    assert shown.count() >= 1
    assert all("modsagt" in text for text in shown.all_text_contents())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_a_card_and_the_bank_are_taken_home(language: str, plain: Visitor, static: str, site_folder: Path) -> None:
    for path, first in (
        (fullest(site_folder, language, "note"), b"%PDF"),
        (fullest(site_folder, language, "card"), b"%PDF"),
        (f"{language}/download.html", None),
    ):
        page = plain.goto(f"{static}/{path}")
        link = page.locator("main a[href*='files/']").first.get_attribute("href")
        answer = plain.page.request.get(f"{static}/{path.rsplit('/', 1)[0]}/{link}")
        assert answer.ok, link
        assert len(answer.body()) > 1000
        assert first is None or answer.body().startswith(first)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_page_fits_on_paper_without_menus(kind: str, visitor: Visitor, static: str, site_folder: Path) -> None:
    visitor.page.set_viewport_size({"width": PAPER, "height": 1000})
    visitor.page.emulate_media(media="print")
    page = visitor.goto(f"{static}/{fullest(site_folder, 'da', kind)}")
    assert not page.locator("header nav").is_visible()
    assert page.locator("h1").is_visible()
    assert not visitor.overflow


def test_a_measure_prints_as_a_document(visitor: Visitor, static: str, screenshots: Path) -> None:
    for kind in ("index", "intervention/meetings", "group/insured-young"):
        page = visitor.goto(f"{static}/da/{kind}.html")
        printed = page.pdf(path=screenshots / f"{kind.replace('/', '-')}.da.pdf", format="A4")
        assert printed.startswith(b"%PDF")
