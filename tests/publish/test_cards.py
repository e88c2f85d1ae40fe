"""The cards as a caseworker holds them: one A4 page, every line with its status in sign and word, the law of the day."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from virker.claims import Edition, load_edition
from virker.claims.card_form import MOST_WORDS
from virker.claims.cards import CARD_KINDS, HEADINGS
from virker.claims.records import STATUS_LABELS, STATUS_SIGNS
from virker.errors import QueryError, UserError
from virker.language import LANGUAGES, Language, day_said
from virker.practice import A_PERSON_DECIDES
from virker.publish.build import build_all
from virker.publish.cards import CardPage, read_card_page, words
from virker.publish.cards.build import card_files
from virker.publish.cards.html import card_html, index_html
from virker.publish.cards.pdf import card_pdf, card_source
from virker.workspace import Workspace, packaged_workspace

ROOT = packaged_workspace()
CARDS = sorted({p.name.partition(".")[0] for p in (ROOT / "cards").glob("*.md")})
BOTH = [(name, language) for name in CARDS for language in LANGUAGES]
DAY = date(2026, 11, 22)


@cache
def danish() -> Edition:
    """The Danish workspace, loaded once for this file."""
    return load_edition(Workspace.find(ROOT), cache=False)


def page_of(name: str, language: Language = "da", on: date | None = None) -> CardPage:
    return read_card_page(danish(), name, language, on)


def line_with(page: CardPage, part: str):  # type: ignore[no-untyped-def]
    return next(line for line in page.lines if part in line.text)


def test_there_is_a_card_for_each_measure_and_each_group() -> None:
    about = {name: both["da"].front.about for name, both in danish().cards.items()}
    assert set(about.values()) == {
        "meetings-individual", "job-referral", "job-search", "wage-subsidy-private", "training", "caseload", "incentives", "job-bonus",
        "newly-unemployed", "long-term-unemployed", "youth", "uninsured-job-ready",
    }  # fmt: skip
    assert [both["da"].front.kind for both in danish().cards.values()] == ["measure"] * 8 + ["meeting"] * 4


def test_no_card_says_what_does_not_hold() -> None:
    assert [p for p in danish().note_problems if p.path.startswith("cards/")] == []


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_a_card_is_read_aloud_in_two_minutes(name: str, language: Language) -> None:
    assert 260 <= danish().cards[name][language].words <= MOST_WORDS == 340


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_a_card_is_one_a4_page_tagged_for_accessibility(name: str, language: Language) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    page = page_of(name, language)
    data = card_pdf(page)
    assert b"pdfuaid:part>1<" in data or b'pdfuaid:part="1"' in data
    document = pdfium.PdfDocument(io.BytesIO(data))
    assert len(document) == 1
    assert [round(x) for x in document[0].get_size()] == [595, 842]
    shown = re.sub(r"\W", "", document[0].get_textpage().get_text_range())
    for line in page.lines:
        assert re.sub(r"\W", "", line.text)[:40] in shown, line.text
    assert re.sub(r"\W", "", words.GUARD[language]) in shown
    assert document.get_metadata_dict()["Title"] == page.title
    document.close()


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_every_line_has_its_status_in_sign_and_word_and_something_behind_it(name: str, language: Language) -> None:
    page = page_of(name, language)
    wanted = list(HEADINGS[page.kind])
    assert [s.name for s in page.sections] == wanted
    legend = {(sign, word) for sign, word, _ in page.legend}
    for section in page.sections:
        for line in section.lines:
            assert (line.sign, line.status) in legend, line
            law = section.name == "law"
            assert bool(line.bound) != law
            assert line.bound or line.references or line.standing == "not-found", line.text
            if section.name == "unknown":
                assert line.standing in ("too-little", "not-traced")
            elif not law and not any(b in danish().gaps for b in line.bound):
                assert line.sources, f"no study behind “{line.text}”"
    numbers = [line.number for line in page.lines]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_is_one_file_with_the_status_in_words(language: Language) -> None:
    page = page_of("samtaler", language)
    text = card_html(page)
    assert f'<html lang="{language}">' in text
    for line in page.lines:
        assert f"<b>{line.sign} {line.status}</b>" in text
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    Reader().feed(text)
    assert not [t for t, a in seen if t in ("script", "link", "img", "iframe") or "src" in a]
    assert "url(" not in text
    assert "@import" not in text
    ids = [a["id"] for _, a in seen if a.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {a["aria-labelledby"] for _, a in seen if a.get("aria-labelledby")}
    assert labelled <= set(ids)
    assert next(t for t, _ in seen if re.fullmatch(r"h[1-6]", t)) == "h1"
    assert "size: A4" in text


def test_danish_and_english_cards_name_what_they_are_and_say_that_a_person_decides() -> None:
    for language, decides in (("da", "et menneske afgør sagen"), ("en", "a person decides the case")):
        assert decides in words.GUARD[language].casefold()
        assert decides in A_PERSON_DECIDES[language].casefold()  # the same promise as under a calculator's answer
        for name in CARDS:
            page = page_of(name, language)  # type: ignore[arg-type]
            text = card_html(page)
            assert words.GUARD[language] in text
            assert CARD_KINDS[page.kind][language] in text
            assert day_said(DAY)[language] in text


def test_the_law_in_force_is_printed_and_the_unverified_rule_of_2026_stands_beside_it() -> None:
    line = line_with(page_of("samtaler"), "A-kassen holder mindst")
    assert "mindst 3 samtaler" in line.text
    assert (line.sign, line.status, line.basis) == ("§?", "måske ændret", "fra 1. januar 2024")
    beside = danish().rules.reading("samtaler/a_kasse_meetings_first_3_months_min", DAY).beside
    assert [p.status for p in beside] == ["unverified"]
    since = day_said(beside[0].from_)["da"]  # type: ignore[arg-type]
    assert len(line.beside) == 2
    assert all(b.startswith(f"Ikke efterprøvet i loven, fra {since}: ") and "2 samtaler" in b and "lov nr. 1750" in b.casefold() for b in line.beside)


def test_before_the_new_act_nothing_stands_beside_the_law() -> None:
    page = page_of("samtaler", "en", date(2025, 6, 1))
    line = line_with(page, "the unemployment fund holds at least")
    assert (line.sign, line.status, line.beside) == ("§", "in force", ())
    assert any("only the law was looked up again" in s for s in page.stands)
    assert "The law on 1 June 2025" in page.stands


def test_on_a_day_that_nothing_was_found_for_the_law_is_told_as_not_found() -> None:
    page = page_of("samtaler", "da", date(2010, 1, 1))
    law = next(s for s in page.sections if s.name == "law")
    assert [line.status for line in law.lines] == ["ikke fundet"] * 3
    assert "ikke fundet for 1. januar 2010." in law.lines[0].text
    assert "mindst 3" not in law.lines[0].text


def test_a_scheme_that_ended_is_told_as_ended_and_as_holding_on_its_own_days() -> None:
    now, then = page_of("jobpraemie"), page_of("jobpraemie", "da", date(2018, 1, 1))
    bonus = "10 procent af lønnen, højst 2.500 kr. om måneden"
    assert (line_with(now, bonus).status, line_with(now, bonus).basis) == ("ophørt", "fra 1. april 2017 til 31. marts 2019")
    assert line_with(then, bonus).status == "gjaldt den dag"
    assert line_with(now, "Ordningen gælder ikke i dag").status == "ikke fundet"
    assert not [line for line in then.lines if "gælder ikke i dag" in line.text]
    assert line_with(then, "Præmiens andel af arbejdsindkomst før skat: 10 procent.").status == "gjaldt den dag"


def test_a_rule_read_on_pages_only_is_no_rule_read_in_the_law() -> None:
    assert line_with(page_of("uddannelse"), "efter 5 ugers ledighed").status == "efter sider om loven"
    assert line_with(page_of("incitamenter"), "ugers karantæne").status == "ikke efterprøvet"
    assert line_with(page_of("loentilskud"), "højst 6 måneder hos private").status == "gældende"


def test_what_is_not_known_says_whether_there_is_nothing_or_only_the_note() -> None:
    page = page_of("jobpraemie")
    assert [(x.status, x.basis) for x in page.sections[-1].lines] == [("ikke sporet", "kun notatet"), ("for lidt viden", "0 studier")]


def test_a_claim_that_fell_is_printed_with_the_status_that_it_has() -> None:
    whole = danish()
    checks = tuple(replace(c, status="overstated") if c.claim.id == "own-meetings-long-term" else c for c in whole.checks)
    page = read_card_page(replace(whole, checks=checks), "samtaler", "da")
    line = line_with(page, "For langtidsledige")
    assert (line.sign, line.status) == (STATUS_SIGNS["overstated"], STATUS_LABELS["overstated"].da)
    assert (line.sign, line.status) in {(s, w) for s, w, _ in page.legend}
    assert "▲ overdrevet" in card_html(page)


def test_a_gap_that_was_answered_is_printed_as_contradicted() -> None:
    whole = danish()
    gap = replace(whole.gaps["meetings-social-assistance"], answers=("ny-2027#1",))
    page = read_card_page(replace(whole, gaps={**whole.gaps, gap.gap.id: gap}), "samtaler", "da")
    assert page.lines[-1].standing == "contradicted"


def test_only_printed_states_stand_in_the_line_about_scale() -> None:
    page = page_of("jobsoegning")
    assert page.scale
    assert all(": " in s and "ukendt" not in s for s in page.scale)
    assert page_of("jobpraemie").scale == ()


def test_a_card_longer_than_a_page_is_refused_with_its_name() -> None:
    page = page_of("samtaler")
    section = page.sections[0]
    long = replace(page, sections=(replace(section, lines=section.lines * 40), *page.sections[1:]))
    with pytest.raises(UserError, match=r"'samtaler' \(da\) is longer than one page") as caught:
        card_pdf(long)
    assert "take out" in str(caught.value)


def test_text_can_never_be_read_as_markup() -> None:
    page = page_of("samtaler")
    piece = replace(page.lines[0].pieces[0], text='#panic("æ") <b>*_$')
    line = replace(page.lines[0], pieces=(piece,))
    nasty = replace(page, sections=(replace(page.sections[0], lines=(line,)), *page.sections[1:]))
    assert '#"#panic(\\"æ\\") <b>*_$";' in card_source(nasty)
    assert card_pdf(nasty)
    assert "&lt;b&gt;*_$" in card_html(nasty)


def test_an_unknown_card_is_told_with_the_nearest() -> None:
    with pytest.raises(QueryError, match="did you mean 'samtaler'"):
        page_of("samtale")


def test_the_index_lists_every_card_with_its_first_line() -> None:
    pages = [page_of(name) for name in danish().cards]
    text = index_html(pages, "da")
    for page in pages:
        assert f'href="{page.card}.da.html"' in text
        assert f'href="{page.card}.da.pdf"' in text
        assert page.lines[0].text in text
    assert text.index("Indsatser") < text.index("samtaler.da.html") < text.index("Samtaler</h2>") < text.index("nyledige.da.html")


def test_the_same_edition_gives_the_same_bytes_and_a_build_holds_them(tmp_path: Path) -> None:
    first, again = dict(card_files(danish(), ["samtaler"])), dict(card_files(danish(), ["samtaler"]))
    assert first == again
    assert set(first) == {f"samtaler.{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf")}
    whole = replace(danish(), notes={})
    build_all(whole, tmp_path / "ud")
    files = {p.name for p in (tmp_path / "ud" / "card").iterdir()}
    assert files == {f"{name}.{language}.{kind}" for name in CARDS for language in LANGUAGES for kind in ("html", "pdf")} | {"index.da.html", "index.en.html"}
    assert (tmp_path / "ud" / "card" / "samtaler.da.pdf").read_bytes() == first["samtaler.da.pdf"]
