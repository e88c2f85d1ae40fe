"""Works as notes name them, and which of the bank's they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import study
from virker.annotate.citations import Citation, find_citations
from virker.annotate.lexicon import aliases
from virker.annotate.works import Works, named_twice
from virker.bank import Bank


def named(text: str, *institutions: str) -> list[tuple[tuple[str, ...], bool, int, str]]:
    return [(c.names, c.others, c.year, c.letter) for c in find_citations(text, institutions)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ærø og Åberg (2010) finder", [(("Ærø", "Åberg"), False, 2010, "")]),
        ("som vist (Andersen & Øster, 2015).", [(("Andersen", "Øster"), False, 2015, "")]),
        ("Altmann et al. (2023a) viser", [(("Altmann",), True, 2023, "a")]),
        ("(Ærø m.fl., 2016; Åberg, 2017)", [(("Ærø",), True, 2016, ""), (("Åberg",), False, 2017, "")]),
        ("Van den Berg, Kjær og Holm (2012) viser", [(("Van den Berg", "Kjær", "Holm"), False, 2012, "")]),
        ("(se også Ærø, 2010, s. 12)", [(("Ærø",), False, 2010, "")]),
        ("Ærø et al. (2017, 2019)", [(("Ærø",), True, 2017, ""), (("Ærø",), True, 2019, "")]),
        ("Ordningen (2012-2014) og foråret (maj 2015) i 2016", []),
        ("Tabel 3 (2015) og figuren", []),
    ],
)
def test_authors_and_years_are_found(text: str, found: list[tuple[tuple[str, ...], bool, int, str]]) -> None:
    assert named(text) == found


def test_an_institution_is_one_author_whatever_words_it_has() -> None:
    agency = "Styrelsen for Arbejde og Øvrigt"
    assert named(f"({agency}, 2021b)", agency) == [((agency,), False, 2021, "b")]
    assert named(f"{agency} (2021) siger", agency) == [((agency,), False, 2021, "")]
    assert named("VIVE 2019 siger", "VIVE") == [(("VIVE",), False, 2019, "")]


@pytest.fixture
def works(bank_of: Callable[..., Bank]) -> Works:
    return Works(
        bank_of(
            study("aeroe-aaberg-2010", year=2010, authors=("Åse Lindegaard Ærø", "Bo Åberg")),
            study("holm-2015-a", year=2015, authors=("Ida Holm", "Per Nør", "Eva Ask")),
            study("holm-2015-b", year=2015, authors=("Ida Holm", "Per Nør", "Eva Ask"), cited_as="Holm m.fl. (2015)"),
            study("berg-2023a", year=2023, authors=("Kim Berg", "Bo Åberg", "Eva Ask")),
            study("berg-2023b", year=2023, authors=("Kim Berg", "Eva Ask", "Bo Åberg")),
            study("hagglund-2006", year=2006, authors=("Pathric Hägglund",)),
            study("agency-2020", year=2020, authors=("Styrelsen for Arbejde og Øvrigt",)),
            study("ny-2015", year=2015, authors=("Rut Nygaard",)),
            study("ny-2012", year=2012, authors=("Rut Nygaard",), version_of="ny-2015"),
        ),
        {"SAØ": "Styrelsen for Arbejde og Øvrigt"},
    )


def match(works: Works, text: str) -> Citation:
    (found,) = find_citations(text, works.institutions)
    return works.match(found)


@pytest.mark.parametrize(
    ("text", "outcome", "ids"),
    [
        ("Ærø og Åberg (2010)", "one", ["aeroe-aaberg-2010"]),
        ("Berg et al. (2023b)", "one", ["berg-2023b"]),
        ("Berg et al. (2023)", "several", ["berg-2023a", "berg-2023b"]),
        ("Hagglund (2006)", "one", ["hagglund-2006"]),
        ("SAØ (2020)", "one", ["agency-2020"]),
        ("Holm m.fl. (2015)", "several", ["holm-2015-b", "holm-2015-a"]),
        ("Hollm m.fl. (2015)", "near", ["holm-2015-a", "holm-2015-b"]),
        ("Hægglund (2007)", "near", ["hagglund-2006"]),
        ("Hägglund (2007)", "near", ["hagglund-2006"]),
        ("Hägglund (2016)", "none", []),
        ("Ærø & Åbergh (2010)", "near", ["aeroe-aaberg-2010"]),
        ("Ukendt og Fremmed (2010)", "none", []),
        ("(Styrelsen for Arbejde, 2020)", "near", ["agency-2020"]),
    ],
)
def test_a_citation_is_one_work_several_none_or_nearly_one(works: Works, text: str, outcome: str, ids: list[str]) -> None:
    found = match(works, text)
    assert (found.outcome, list(found.works)) == (outcome, ids)
    assert bool(found.why.da) == bool(found.why.en) == (outcome != "one")


def test_a_middle_name_used_as_a_surname_is_told(bank_of: Callable[..., Bank]) -> None:
    works = Works(bank_of(study("amil-and-2019", year=2019, authors=("Anna Amil", "Henrik Lindegaard Andersen"))))
    found = match(works, "(Amil & Lindegaard, 2019)")
    assert (found.outcome, found.works) == ("near", ("amil-and-2019",))
    assert "middle name" in found.why.en


def test_two_years_of_one_work_and_two_names_of_one_work_are_told(works: Works) -> None:
    cited = [match(works, t) for t in ("Nygaard (2012)", "Nygaard (2015)", "Ærø & Åberg (2010)", "Ærø & Åbergh (2010)", "Hägglund (2006)")]
    twice = named_twice(works.bank, cited)
    assert [(t.works, t.versions) for t in twice] == [(("ny-2012", "ny-2015"), True), (("aeroe-aaberg-2010",), False)]


@pytest.mark.parametrize(
    ("text", "outcome", "first"),
    [
        ("Benchke et al. (2010)", "near", "behncke-2010"),
        ("Hoffmann et al. (2010)", "near", "hofmann-2010"),
        ("Arendt & Pozzzoli (2013)", "near", "arendt-pozzoli-2013"),
        ("Amilon & Lindegaard (2019)", "near", "amilon-andersen-2019"),
        ("Brown & Koettl (2012)", "one", "brown-koettl-2012"),
        ("Bolvig et al. (2019)", "near", "bolvig-2019"),
        ("STAR (2024)", "one", "star-2024"),
        ("Metrica (2020)", "several", "metrica-2020"),
    ],
)
def test_slips_of_the_source_note_are_shown_as_such(danish: Bank, text: str, outcome: str, first: str) -> None:
    found = match(Works(danish, aliases()), text)
    assert (found.outcome, found.works[0]) == (outcome, first)


def test_every_work_of_the_bank_is_found_by_the_name_that_texts_use(danish: Bank) -> None:
    """A work that is cited rightly is among those that fit: never none, never only nearly."""
    from virker.bank.references import short_name

    works = Works(danish, aliases())
    lost = []
    for s in (s for s in danish.studies.values() if s.authors and s.year):
        found = [works.match(c) for c in find_citations(short_name(s), works.institutions)]
        lost += [f"{short_name(s)} → {c.outcome} {c.works}" for c in found if s.id not in c.works or c.outcome == "near"]
        lost += [] if found else [f"{short_name(s)} → not found"]
    assert not lost
