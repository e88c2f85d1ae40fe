"""How much reviews share: the corrected covered area by hand, its bounds, and what is read kept apart from what is inferred."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.conftest import ROOT, study
from virker.bank import Bank, Study
from virker.cli.app import app
from virker.synthesis.overlap import SETTINGS, as_csv, band, corrected_covered_area, overlap, reviews_of

MakeBank = Callable[..., Bank]


def review(name: str, *includes: str, **fields: object) -> Study:
    return study(name, kind="review", design="systematic-review", includes=includes, **fields)


def test_the_formula_by_hand() -> None:
    """Three reviews of 4, 3 and 3 of six studies: N = 10, r = 6, c = 3, so (10 - 6) / (18 - 6) = 1/3."""
    assert corrected_covered_area(10, 6, 3) == pytest.approx(1 / 3)


def test_one_review_has_no_overlap_to_compute() -> None:
    assert corrected_covered_area(5, 5, 1) is None
    assert corrected_covered_area(0, 0, 3) is None


@pytest.mark.parametrize(
    ("cca", "name"), [(0.0, "slight overlap"), (0.05, "slight overlap"), (0.06, "moderate overlap"), (0.1, "moderate overlap"),
                      (0.11, "high overlap"), (0.15, "high overlap"), (0.151, "very high overlap"), (1.0, "very high overlap")]
)  # fmt: skip
def test_the_bands_are_those_of_pieper_and_colleagues(cca: float, name: str) -> None:
    assert band(cca).en == name


def test_what_lies_between_two_printed_bands_is_a_setting_of_ours() -> None:
    assert band(0.054).en == "moderate overlap"
    assert not SETTINGS["between_bands"].published


@given(st.lists(st.sets(st.integers(0, 9), min_size=1), min_size=2, max_size=6))
def test_cca_lies_between_nothing_shared_and_everything_shared(lists: list[set[int]]) -> None:
    studies = set().union(*lists)
    cca = corrected_covered_area(sum(map(len, lists)), len(studies), len(lists))
    assert cca is not None
    assert 0 <= cca <= 1
    assert (cca == 0) == (sum(map(len, lists)) == len(studies))
    assert (cca == 1) == all(own == studies for own in lists)


def test_two_reviews_of_the_same_studies_overlap_fully(bank_of: MakeBank) -> None:
    a, b = review("gennemgang-æ", "ét-1", "to-2"), review("gennemgang-ø", "ét-1", "to-2")
    found = overlap(bank_of(study("ét-1"), study("to-2"), a, b), (a, b))
    assert found.cca == 1.0
    assert found.pairs == (("gennemgang-æ", "gennemgang-ø", 1.0),)


def test_papers_on_one_trial_and_versions_of_one_report_are_one_row(bank_of: MakeBank) -> None:
    papers = [
        study("blad-1", trial="hurtigt-i-gang-1"),
        study("blad-2", trial="hurtigt-i-gang-1"),
        study("ny-2017"),
        study("gammel-2012", version_of="ny-2017"),
    ]
    a, b = review("a-2010", "blad-1", "gammel-2012"), review("b-2019", "blad-2", "ny-2017")
    found = overlap(bank_of(*papers, a, b), (a, b))
    assert set(found.studies) == {"hurtigt-i-gang-1", "ny-2017"}
    assert found.cca == 1.0


def test_two_versions_of_a_review_are_one_column(bank_of: MakeBank) -> None:
    new, old = review("brown-2015", "ét-1"), review("brown-2012", "ét-1", version_of="brown-2015")
    found = overlap(bank_of(study("ét-1"), new, old), (new, old))
    assert found.reviews == ("brown-2015",)
    assert found.cca is None


def test_what_is_inferred_is_kept_apart_from_what_is_read(bank_of: MakeBank) -> None:
    a = review("a-2010", "ét-1", "to-2", includes_complete=True)
    b = review("b-2019", "tre-3", includes_inferred=("ét-1",))
    found = overlap(bank_of(study("ét-1"), study("to-2"), study("tre-3"), a, b), (a, b))
    assert found.cca == pytest.approx(1 / 3)
    assert found.cca_read == 0
    assert (found.count("read"), found.count("inferred")) == (3, 1)
    assert found.incomplete == ("b-2019",)


def test_a_review_of_which_no_study_is_known_is_in_no_number(bank_of: MakeBank) -> None:
    a, b, silent = review("a-2010", "ét-1"), review("b-2019", "ét-1"), review("tavs-2020")
    found = overlap(bank_of(study("ét-1"), a, b, silent), (a, b, silent))
    assert found.cca == 1.0
    assert found.unread == ("tavs-2020",)


def test_the_table_says_of_every_cell_how_it_is_known(bank_of: MakeBank) -> None:
    a, b = review("a-2010", "ét-1"), review("b-2019", includes_inferred=("ét-1", "to-2"))
    found = overlap(bank_of(study("ét-1"), study("to-2"), a, b), (a, b))
    assert as_csv(found) == [["study", "a-2010", "b-2019"], ["ét-1", "read", "inferred"], ["to-2", "", "inferred"]]


def test_the_danish_banks_overlap_is_small_as_far_as_known_and_known_to_be_incomplete(danish: Bank) -> None:
    found = overlap(danish, reviews_of(danish))
    assert found.cca is not None
    assert found.cca_read is not None
    assert 0 <= found.cca_read <= found.cca < 0.05
    assert found.incomplete
    assert "card-2018" in found.unread or "card-2018" in found.reviews
    columns = {danish.root_of(s) for s in reviews_of(danish)}
    assert columns == {*found.reviews, *found.unread}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", ["gennemgange med kendte studier", "UFULDSTÆNDIG", "Pieper m.fl. 2014"]),
        ("en", ["reviews with known studies", "INCOMPLETE", "Pieper et al. 2014"]),
    ],
)
def test_the_command_says_in_both_languages_that_lists_are_unread(language: str, words: list[str], tmp_path: Path) -> None:
    target = tmp_path / "overlap-æøå.csv"
    result = CliRunner().invoke(app, ["bank", "overlap", "--csv", str(target), "--lang", language, "--workspace", str(ROOT)])
    assert result.exit_code == 0
    assert all(w in result.output for w in words)
    head, *rows = target.read_text(encoding="utf-8").splitlines()
    assert head.startswith("study,")
    assert all(row.count(",") == head.count(",") for row in rows)
    assert {cell for row in rows for cell in row.split(",")[1:]} <= {"read", "inferred", ""}


def test_a_query_narrows_the_reviews_and_an_unknown_term_is_told() -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["bank", "overlap", *words, "--lang", "en", "--workspace", str(ROOT)])
        return result.output or str(result.exception)

    narrow, wide = run("-i", "sanctions"), run()
    assert "Traceback" not in narrow
    assert narrow.count("\n") > 2
    assert narrow != wide
    assert "'sanktioner' is no term for intervention" in run("-i", "sanktioner")
