"""Every kind of page in a real browser: in both languages, on a telephone and on a laptop, read by axe-core."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.browser.conftest import AXE_AT, WIDTHS, Visitor, axe, fullest, told
from virker.language import LANGUAGES
from virker.web.kinds import KINDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_page_fits_its_window_and_axe_finds_nothing(kind: str, language: str, visitor: Visitor, static: str, site_folder: Path, screenshots: Path) -> None:
    path = fullest(site_folder, language, kind)
    for name in WIDTHS:
        visitor.wide(name)
        page = visitor.goto(f"{static}/{path}")
        assert page.locator("html").get_attribute("lang") == language
        assert not visitor.overflow, f"{path} at {name} px"
        visitor.shoot(screenshots, f"{kind}.{language}.{name}.png")
        if name == AXE_AT[language]:
            violations = axe(page)
            assert not violations, f"{path} at {name} px\n{told(violations)}"


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_page_magnified_four_times_or_spaced_out_still_fits(kind: str, visitor: Visitor, static: str, site_folder: Path) -> None:
    """WCAG 1.4.10, 320 CSS pixels, which is 1280 at 400 per cent; and 1.4.12, the reader's own spacing of letters, words and lines."""
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    page = visitor.goto(f"{static}/{fullest(site_folder, 'da', kind)}")
    assert not visitor.overflow
    visitor.wide("360")
    page.evaluate(SPACED)
    assert not visitor.overflow


#: The spacing that 1.4.12 names, as a reader's own style sheet sets it.
SPACED = """() => { const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet]; }"""


def test_the_root_and_the_short_address_lead_to_a_page(visitor: Visitor, static: str) -> None:
    visitor.goto(f"{static}/")
    visitor.page.wait_for_url("**/da/index.html")
    visitor.goto(f"{static}/was/")
    visitor.page.wait_for_url("**/da/accessibility.html")


def test_the_language_link_leads_to_the_same_page(visitor: Visitor, static: str, site_folder: Path) -> None:
    path = fullest(site_folder, "da", "study")
    page = visitor.goto(f"{static}/{path}")
    page.get_by_role("link", name="English").click()
    page.wait_for_url(f"**/{path.replace('da/', 'en/', 1)}")
    page.get_by_role("link", name="Dansk").click()
    page.wait_for_url(f"**/{path}")


def test_the_pages_work_from_disk(visitor: Visitor, site_folder: Path) -> None:
    for language in LANGUAGES:
        page = visitor.goto((site_folder / language / "index.html").as_uri())
        assert page.evaluate("() => getComputedStyle(document.querySelector('header.site')).borderBottomStyle") == "solid"
        assert page.locator("main a").count() > 10
