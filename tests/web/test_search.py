"""Search that the server answers: stems, compounds, both languages, and questions that are no words."""

from __future__ import annotations

import pytest

from virker.claims.edition import Edition
from virker.errors import QueryError
from virker.language import LANGUAGES, Language
from virker.web.address import Address
from virker.web.entries import entries
from virker.web.kinds import KINDS
from virker.web.search import LONGEST, MOST_SHOWN, marked, search
from virker.web.site import Site
from virker.web.stems import stems


@pytest.fixture(scope="module")
def live(edition: Edition) -> Site:
    return Site(edition, live=True)


def paths(site: Site, language: Language, asked: str) -> list[str]:
    return [hit.entry.address.path for hit in search(site, language, asked).hits]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("da", ["samtale", "samtaler", "samtalerne", "SAMTALER"]),
        ("da", ["løntilskud", "løntilskuddet", "loentilskud", "lontilskud"]),
        ("da", ["århus", "aarhus"]),
        ("en", ["meeting", "meetings", "Meetings"]),
        ("en", ["subsidy", "subsidies"]),
    ],
)
def test_every_form_of_a_word_finds_the_same(live: Site, language: Language, forms: list[str]) -> None:
    first = search(live, language, forms[0])
    assert first.total > 0
    for form in forms[1:]:
        assert [h.entry.address for h in search(live, language, form).hits] == [h.entry.address for h in first.hits], form


def test_the_page_on_a_measure_goes_before_the_studies_that_name_it(live: Site) -> None:
    assert paths(live, "da", "løntilskud")[0] == "da/intervention/wage-subsidy.html"
    assert paths(live, "en", "wage subsidy")[0] == "en/intervention/wage-subsidy.html"


def test_a_word_inside_a_danish_compound_is_found(live: Site) -> None:
    assert "da/intervention/meetings-group.html" in paths(live, "da", "samtaler"), "gruppesamtaler holds samtaler"


def test_every_word_must_be_there_and_where_none_has_all_the_most_decide(live: Site) -> None:
    assert paths(live, "da", "Maibom 2017")[0] == "da/study/maibom-2017.html"
    assert paths(live, "da", "Maibom qwertyæøå") == paths(live, "da", "Maibom")


def test_an_author_is_found_without_the_letters_of_their_name(live: Site) -> None:
    assert paths(live, "en", "Bohmark Holm") == paths(live, "en", "Böhmark Holm")
    assert "en/study/sorensen-2012.html" in paths(live, "en", "sorensen")


@pytest.mark.parametrize("asked", ["", "   ", "og", "?!", "qwertyæøå", "<>&\"'", "\x00\ud7ff"])
def test_a_question_that_nothing_answers_has_no_answer(live: Site, asked: str) -> None:
    assert search(live, "da", asked).total == 0


def test_a_question_that_is_too_long_is_refused(live: Site) -> None:
    search(live, "da", "æ" * LONGEST)
    with pytest.raises(QueryError, match="at most 200 characters"):
        search(live, "da", "æ" * 10_000)


def test_no_more_is_shown_than_can_be_read_and_the_number_is_told(live: Site) -> None:
    found = search(live, "en", "unemployed")
    assert len(found.hits) == MOST_SHOWN < found.total


def test_what_is_shown_is_escaped_and_the_words_are_marked() -> None:
    assert marked("Møder <b> & samtalerne", stems("samtale", "da"), "da") == "Møder &lt;b&gt; &amp; <mark>samtalerne</mark>"


def test_every_page_that_may_be_found_has_one_entry(live: Site) -> None:
    for language in LANGUAGES:
        found = [entry.address for entry in entries(live, language)]
        assert len(found) == len(set(found))
        assert all(live.has(address) for address in found)
        kinds = {address.kind for address in found}
        assert set(KINDS) - kinds == {"search"}, "only the search itself is not found"
        assert {a for a in live.addresses() if a.language == language and a.kind != "search"} == set(found)


def test_a_page_is_found_by_its_own_title(live: Site) -> None:
    for kind in ("map", "method", "tools", "accessibility", "claims"):
        entry = next(e for e in entries(live, "da") if e.address == Address("da", kind))
        assert entry.address.path in paths(live, "da", entry.title)
