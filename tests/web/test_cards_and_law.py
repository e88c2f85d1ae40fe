"""Cards and the law as pages: every line with its status, values as of a day, what is unverified and what was not found."""

from __future__ import annotations

import html as escaping
import re
from datetime import date

import pytest

from virker.claims.edition import Edition
from virker.language import LANGUAGES, day_said
from virker.publish.cards import read_card_page
from virker.web.address import Address
from virker.web.frame import framed
from virker.web.live_files import content
from virker.web.page import WebPage
from virker.web.pages import card, law
from virker.web.site import Site
from virker.web.tools.day import day_of_site
from virker.web.written import page_html


@pytest.fixture(scope="module")
def live(edition: Edition) -> Site:
    return Site(edition, live=True)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", escaping.unescape(re.sub(r"<[^>]+>", " ", html)))


def squeezed(text: str) -> str:
    """Without spaces: bold words stand in tags of their own."""
    return re.sub(r"\s+", "", text)


def test_every_line_of_every_card_is_on_its_page_with_sign_and_word(site: Site) -> None:
    for name in card.ids(site):
        for language in LANGUAGES:
            html = page_html(site, Address(language, "card", name))
            shown = squeezed(text_of(html))
            printed = read_card_page(site.edition, name, language)
            assert html.count('<li id="line-') == len(printed.lines)
            for line in printed.lines:
                assert squeezed(line.text) in shown
                assert squeezed(f"{line.sign}{line.status}") in shown
                assert all(squeezed(b) in shown for b in line.beside)


def test_the_status_of_a_line_leads_to_its_claim_and_every_claim_below_to_its_page(site: Site) -> None:
    html = page_html(site, Address("da", "card", "samtaler"))
    printed = read_card_page(site.edition, "samtaler", "da")
    one = next(line for line in printed.lines if len(line.bound) == 1 and line.bound[0] in site.edition.by_id)
    own = html.partition(f'<li id="line-{one.number}">')[2].partition("</li>")[0]
    assert f'href="../claim/{one.bound[0]}.html"' in own
    for target in re.findall(r'href="\.\./claim/([^"]+)\.html"', html):
        assert target in site.edition.by_id
    for anchor in re.findall(r'href="#(source-\d+)"', html):
        assert f'id="{anchor}"' in html


def test_a_card_leads_to_its_pdf_which_a_server_makes(live: Site) -> None:
    assert 'href="../../files/card/unge.en.pdf"' in page_html(live, Address("en", "card", "unge"))
    made = content(live, "files/card/unge.en.pdf")
    assert made is not None
    assert made.startswith(b"%PDF-")
    for wrong in ("files/card/unge.pdf", "files/card/æ.da.pdf", "files/card/../x.da.pdf"):
        assert content(live, wrong) is None


def test_the_list_of_cards_names_every_card(site: Site) -> None:
    for language in LANGUAGES:
        html = page_html(site, Address(language, "cards"))
        for name, both in site.edition.cards.items():
            assert f'href="card/{name}.html"' in html
            assert escaping.escape(both[language].front.title) in html


def test_every_scheme_shows_its_day_its_values_and_what_was_not_found(site: Site) -> None:
    day = day_of_site(site)
    for name, scheme in site.edition.rules.schemes.items():
        for language in LANGUAGES:
            html = page_html(site, Address(language, "law", name))
            shown = text_of(html)
            assert day_said(day)[language] in shown
            for what in scheme.not_found:
                assert re.sub(r"\s+", " ", what[language]) in shown
            for parameter in scheme.parameter:
                assert f'id="{parameter.id}"' in html
            ids = re.findall(r' id="([^"]+)"', html)
            assert len(ids) == len(set(ids))


def test_a_value_that_nobody_verified_stands_beside_the_one_in_force_and_says_so(live: Site) -> None:
    reply = law.asked(live, Address("da", "law", "samtaler"), {"on": "2026-11-22"})
    assert isinstance(reply.content, WebPage)
    html = str(reply.content.main)
    row, beside = html.partition('<tr id="a_kasse_meetings_first_3_months_min">')[2].split("</tr>")[:2]
    assert "3 samtaler" in row
    assert "gældende" in row
    assert "2 samtaler" in beside
    assert "ikke efterprøvet i loven" in beside


def test_the_law_of_another_day_is_asked_for_in_the_address(live: Site) -> None:
    for day, bonus in (("2018-05-01", "In force on that day"), ("2016-05-01", "Holds only later"), ("2024-05-01", "Held earlier")):
        reply = law.asked(live, Address("en", "law", "jobpraemie-2017"), {"on": day})
        assert reply.status == 200
        assert isinstance(reply.content, WebPage)
        assert day_said(date.fromisoformat(day)).en in str(reply.content.main)
        assert f"<h2>{bonus}</h2>" in str(reply.content.main)
        assert f"on={day}" in framed(live, reply.content).partition("<main")[0]


@pytest.mark.parametrize("query", [{"on": "20-05-01"}, {"on": "1899-01-01"}, {"on": "æ"}, {"on": "2024-W01-1"}, {"when": "2024-01-01"}, {"on": "x" * 10_000}])
def test_a_day_that_is_none_is_told_and_the_law_of_today_is_shown(live: Site, query: dict[str, str]) -> None:
    for name in ("", "loentilskud"):
        reply = law.asked(live, Address("da", "law", name), query)
        assert reply.status == 422
        assert isinstance(reply.content, WebPage)
        html = str(reply.content.main)
        assert 'class="error"' in html
        assert day_said(day_of_site(live)).da in html
        assert len(html) < 60_000


def test_the_cases_stand_as_examples_that_hold(site: Site) -> None:
    html = page_html(site, Address("da", "law", "jobpraemie-2017"))
    assert html.count('class="case-holds"') == 18
    assert "case-falls" not in html
    assert "31.000 kr. i april 2017" in html


def test_a_static_page_offers_no_other_day_but_says_how_to_get_it(site: Site, live: Site) -> None:
    for name in ("", "refusion"):
        still, served = page_html(site, Address("da", "law", name)), page_html(live, Address("da", "law", name))
        assert 'name="on"' not in still
        assert "virker rules" in still
        assert 'name="on"' in served
