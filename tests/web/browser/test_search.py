"""Search in the browser: words by their stem, in both languages; from disk it says that it needs a server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Visitor, axe, told


def found(visitor: Visitor, static: str, language: str, asked: str) -> set[str]:
    page = visitor.goto(f"{static}/{language}/search.html?q={asked}")
    expect(page.locator("#found")).to_contain_text(asked)
    return set(page.locator("#hits a").evaluate_all("links => links.map(a => a.getAttribute('href'))"))


@pytest.mark.parametrize(
    ("language", "words"), [("da", ("samtale", "samtaler", "samtalerne")), ("da", ("løntilskud", "løntilskuddet")), ("en", ("meeting", "meetings"))]
)
def test_every_form_of_a_word_finds_the_same(language: str, words: tuple[str, ...], visitor: Visitor, static: str) -> None:
    answers = [found(visitor, static, language, word) for word in words]
    assert len(answers[0]) > 5
    assert all(answer == answers[0] for answer in answers)
    assert all(f"/{language}/" in link for link in answers[0])


def test_a_question_typed_in_is_answered_without_a_new_page_and_can_be_shared(visitor: Visitor, static: str) -> None:
    page = visitor.goto(f"{static}/da/search.html")
    page.get_by_label("Hvad søger du?").fill("Behaghel")
    page.get_by_role("button", name="Søg").last.click()
    page.wait_for_url("**/search.html?q=Behaghel")
    expect(page.locator("#found")).to_contain_text("Behaghel")
    hit = page.locator("#hits a").first
    expect(hit).to_contain_text("Behaghel")
    violations = axe(page)
    assert not violations, told(violations)
    hit.click()
    expect(page.locator("h1")).to_contain_text("Behaghel")


def test_what_is_typed_in_is_never_html(visitor: Visitor, static: str) -> None:
    page = visitor.goto(f"{static}/da/search.html?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20%C3%A6%C3%B8%C3%A5")
    expect(page.locator("#found")).to_contain_text("<img src=x onerror=alert(1)> æøå")
    assert page.locator("main img").count() == 0


def test_nothing_found_is_said(visitor: Visitor, static: str) -> None:
    page = visitor.goto(f"{static}/da/search.html?q=qwertyæøå")
    expect(page.locator("#found")).to_contain_text("Intet fundet på qwertyæøå")


def test_from_disk_the_page_says_that_search_needs_a_server(visitor: Visitor, site_folder: Path) -> None:
    page = visitor.goto((site_folder / "da" / "search.html").as_uri() + "?q=samtaler")
    expect(page.locator("#no-search")).to_be_visible()
    expect(page.locator("#no-search")).to_contain_text("webserver")
