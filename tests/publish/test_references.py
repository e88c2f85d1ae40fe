"""Works as texts cite them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.publish.conftest import DA, EN, make_workspace
from virker.bank import Bank
from virker.bank.records import Study
from virker.claims.edition import load_edition
from virker.errors import ContentError
from virker.publish.build import build_all
from virker.publish.citations import citation_problems, citations
from virker.publish.references import label, references, turned, who
from virker.vocabulary import Vocabulary


def study(name: str, authors: tuple[str, ...], year: int | None = 2020, **more: object) -> Study:
    return Study(id=name, kind="primary", design="rct", added=date(2026, 1, 1), authors=authors, year=year, **more)  # type: ignore[arg-type]


def test_a_reference_has_authors_year_title_series_and_doi() -> None:
    work = study("a-2020", ("Jakob R. Munch", "Søren Ærø"), title="Hvad virker?", container="Nationaløkonomisk Tidsskrift", doi="10.1/x")
    ref = references(Bank([work], Vocabulary({})), ["a-2020"], "da")["a-2020"]
    assert ref.text == "Munch, J. R. og Ærø, S. (2020). Hvad virker? Nationaløkonomisk Tidsskrift. https://doi.org/10.1/x"
    assert ref.cite == "Munch og Ærø, 2020"


def test_the_language_decides_and_or_og() -> None:
    work = study("a-2020", ("Jakob R. Munch", "Bas van der Klaauw"))
    assert who(work, "en") == "Munch and van der Klaauw"
    assert who(work, "da") == "Munch og van der Klaauw"


def test_three_authors_become_the_first_and_others_and_no_year_is_said() -> None:
    work = study("a", ("A. Bo", "C. Do", "E. Fo"), None)
    assert label(work, "da") == "Bo m.fl. u.å."
    assert label(work, "en") == "Bo et al. n.d."


def test_an_institution_is_never_turned_round() -> None:
    assert turned("Styrelsen for Arbejdsmarked og Rekruttering") == "Styrelsen for Arbejdsmarked og Rekruttering"
    assert who(study("s", ("De Økonomiske Råds formandskab",)), "da", {"De Økonomiske Råds formandskab": "De Økonomiske Råd"}) == "De Økonomiske Råd"


def test_works_that_would_be_cited_alike_get_letters() -> None:
    bank = Bank([study("x-2021", ("Bo Ø",), 2021, title="B"), study("y-2021", ("Bo Ø",), 2021, title="A")], Vocabulary({}))
    refs = references(bank, ["x-2021", "y-2021"], "da")
    assert [(s, r.cite) for s, r in refs.items()] == [("y-2021", "Ø, 2021a"), ("x-2021", "Ø, 2021b")]


def test_the_list_is_sorted_as_danish_sorts() -> None:
    bank = Bank([study("aa", ("Åse Åberg",)), study("oe", ("Øjvind Østergaard",)), study("z", ("Zoe Zhang",))], Vocabulary({}))
    assert list(references(bank, ["aa", "oe", "z"], "da")) == ["z", "oe", "aa"]


def test_every_study_of_the_bank_can_be_cited_in_both_languages(edition) -> None:
    for language in ("da", "en"):
        refs = references(edition.bank, edition.bank.studies, language)
        assert len(refs) == len(edition.bank.studies)
        assert all(r.cite and r.lead and r.text for r in refs.values())
        cites = [r.cite for r in refs.values()]
        assert len(set(cites)) == len(cites)


def test_the_notes_citations_are_found_once_each(edition) -> None:
    assert citations(edition.notes["proeve"]["da"]) == ("vandenberg-2012", "behaghel-2014", "star-2021a", "humlum-2025")


def test_a_citation_of_an_unknown_study_is_a_problem_with_its_line_and_stops_the_build(tmp_path: Path) -> None:
    edition = load_edition(make_workspace(tmp_path / "æ", DA.replace("@humlum-2025", "@humlum-2052"), EN))
    (problem,) = citation_problems(edition)
    assert (problem.path, "humlum-2025" in problem.todo) == ("notes/proeve/note.da.md", True)
    assert "@humlum-2052" in (tmp_path / "æ" / problem.path).read_text(encoding="utf-8").splitlines()[problem.line - 1]
    with pytest.raises(ContentError, match="humlum-2052"):
        build_all(edition, tmp_path / "ud")
    assert not (tmp_path / "ud").exists()
