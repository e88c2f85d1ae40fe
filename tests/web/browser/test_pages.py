"""Every kind of page in a real browser: in both languages, on a telephone and on a laptop, read by axe-core."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.browser.conftest import WIDTHS, Visitor, axe, fullest, told
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
        page.screenshot(path=screenshots / f"{kind}.{language}.{name}.png", full_page=True)
        violations = axe(page)
        assert not violations, f"{path} at {name} px\n{told(violations)}"


def test_a_narrow_window_at_twice_the_size_still_fits(visitor: Visitor, static: str) -> None:
    """WCAG 1.4.10: 320 CSS pixels, which is 1280 at 400 per cent."""
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    for language in LANGUAGES:
        for kind in ("index", "about", "search"):
            visitor.goto(f"{static}/{language}/{kind}.html")
            assert not visitor.overflow, kind


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
