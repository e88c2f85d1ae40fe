"""Everything by keyboard: the skip link, the menu, and a mark that shows where one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.browser.conftest import Visitor, fullest
from virker.language import LANGUAGES

#: What has the focus: its text, whether it is marked by an outline, and whether it stands in the window.
FOCUSED = """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  return { tag: e.tagName, id: e.id, text: e.textContent.trim(), outline: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2,
           seen: b.width > 0 && b.right > 0 && b.left < innerWidth && b.bottom > 0 && b.top < innerHeight }; }"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_key_offers_to_skip_to_the_content(language: str, visitor: Visitor, static: str) -> None:
    page = visitor.goto(f"{static}/{language}/about.html")
    page.keyboard.press("Tab")
    skip = page.evaluate(FOCUSED)
    assert skip["text"] == {"da": "Gå til indholdet", "en": "Skip to the content"}[language]
    assert skip["seen"]
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED)["id"] == "content"


@pytest.mark.parametrize("width", ["360", "1280"])
def test_every_stop_of_the_tab_key_is_seen_and_marked(width: str, visitor: Visitor, static: str, site_folder: Path) -> None:
    visitor.wide(width)
    for kind in ("index", "study"):
        page = visitor.goto(f"{static}/{fullest(site_folder, 'da', kind)}")
        for _ in range(25):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUSED)
            if at["tag"] == "BODY":
                break
            assert at["seen"], at
            assert at["outline"], at


def test_the_menu_says_where_one_is(visitor: Visitor, static: str) -> None:
    page = visitor.goto(f"{static}/da/about.html")
    current = page.locator("header nav [aria-current]")
    assert current.all_text_contents() == ["Om"]
