"""A note reads normally and is still checkable: spans, numbers, two languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from virker.claims import Edition, load_edition
from virker.claims.values import fix_numbers
from virker.errors import ContentError
from virker.start import make_workspace
from virker.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "mit område", empty=True)
    return tmp_path / "mit område"


def edit(folder: Path, language: str, old: str, new: str) -> None:
    path = folder / "notes" / "eksempel" / f"note.{language}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edition(folder: Path) -> Edition:
    return load_edition(Workspace.find(folder), cache=False)


def told(folder: Path) -> list[str]:
    return [p.what for p in edition(folder).note_problems]


def test_a_note_that_fits_has_no_problems(folder: Path) -> None:
    assert told(folder) == []


def test_a_wrong_number_is_told_with_line_and_what_the_bank_has(folder: Path) -> None:
    edit(folder, "da", "[3]{value", "[4]{value")
    (problem,) = edition(folder).note_problems
    assert problem.what == "the note prints 4, the bank has 3 (eksempel-2026#1/effect)"
    assert (problem.path, problem.line) == ("notes/eksempel/note.da.md", 7)
    assert "--fix-numbers" in problem.todo


def test_numbers_are_rewritten_and_words_never(folder: Path) -> None:
    edit(folder, "da", "[3]{value", "[4]{value")
    found = edition(folder)
    text, changed = fix_numbers(found.notes["eksempel"]["da"], found.by_id, found.bank, found.rules)
    assert changed == ["notes/eksempel/note.da.md: 4 → 3 (eksempel-2026#1/effect)"]
    assert text == found.notes["eksempel"]["da"].path.read_text(encoding="utf-8").replace("[4]{value", "[3]{value")


def bad_input(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        edition(folder)
    return [f"{p.path}:{p.line} {p.what} → {p.todo}" for p in caught.value.problems]


def test_a_span_bound_to_nothing_is_bad_input_and_suggests_the_nearest_claim(folder: Path) -> None:
    edit(folder, "da", "{#meetings-example}", "{#meetings-exampel}")
    (told_,) = bad_input(folder)
    assert told_.startswith("notes/eksempel/note.da.md:7 the words “Der er en indikation")
    assert "did you mean 'meetings-example'" in told_


def test_a_number_bound_to_no_finding_is_bad_input(folder: Path) -> None:
    for language in ("da", "en"):
        edit(folder, language, "eksempel-2026#1/effect", "eksempel-2026#7/effect")
    assert len(bad_input(folder)) == 2
    assert all("there is no finding 'eksempel-2026#7'" in p for p in bad_input(folder))


def test_words_bound_as_a_number_are_bad_input(folder: Path) -> None:
    edit(folder, "da", "[3]{value", "[mange]{value")
    assert "“mange” is no number" in bad_input(folder)[0]


def test_a_number_that_is_bound_to_nothing_is_told(folder: Path) -> None:
    edit(folder, "da", "## Samtaler", "## Samtaler\n\nDer er 17 æbler.\n")
    assert any("the number in “Der er 17 æbler.” is bound to nothing" in w for w in told(folder))


def test_words_may_only_stand_on_claims_that_hold(folder: Path) -> None:
    claims = folder / "notes" / "claims" / "1-eksempel.toml"
    claims.write_text(claims.read_text(encoding="utf-8").replace('"indication"', '"strong"'), encoding="utf-8")
    assert any("and that is overstated" in w for w in told(folder))


def test_the_two_languages_must_say_the_same(folder: Path) -> None:
    edit(folder, "en", '[3]{value="eksempel-2026#1/effect"}', "three")
    assert told(folder) == ["the number 'eksempel-2026#1/effect' stands in notes/eksempel/note.da.md and not here"]


def test_a_note_in_one_language_only_is_bad_input(folder: Path) -> None:
    (folder / "notes" / "eksempel" / "note.en.md").unlink()
    with pytest.raises(ContentError) as caught:
        edition(folder)
    (problem,) = caught.value.problems
    assert "missing in English" in problem.what
    assert problem.path == "notes/eksempel/note.en.md"


def test_a_claim_whose_query_matches_nothing_is_bad_input(folder: Path) -> None:
    claims = folder / "notes" / "claims" / "1-eksempel.toml"
    claims.write_text(claims.read_text(encoding="utf-8").replace('outcome = "employment"', 'outcome = "crime"'), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        edition(folder)
    (problem,) = caught.value.problems
    assert "the query matches nothing in the bank" in problem.what
    assert problem.path == "notes/claims/1-eksempel.toml"


def test_an_unknown_term_in_a_claim_is_bad_input_with_a_suggestion(folder: Path) -> None:
    claims = folder / "notes" / "claims" / "1-eksempel.toml"
    claims.write_text(claims.read_text(encoding="utf-8").replace('"meetings-individual"', '"meetings-individuel"'), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        edition(folder)
    (problem,) = caught.value.problems
    assert problem.line == 6
    assert "did you mean 'meetings-individual'" in problem.todo


def test_problems_of_bank_rules_claims_and_notes_are_told_together(folder: Path) -> None:
    (folder / "notes" / "eksempel" / "note.en.md").unlink()
    (folder / "bank" / "studies" / "ny-2020.md").write_text("intet", encoding="utf-8")
    shutil.copy(folder / "virker.toml", folder / "rules.toml")
    (folder / "rules").mkdir()
    (folder / "rules" / "x.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        edition(folder)
    assert {p.path for p in caught.value.problems} >= {"notes/eksempel/note.en.md", "bank/studies/ny-2020.md", "rules/x.toml"}
