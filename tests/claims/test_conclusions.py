"""The conclusions in short: read with the edition, bound, and held against the bank as a note is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from virker.claims import Edition, load_edition
from virker.claims.conclusions import FACTS, claims_of
from virker.errors import ContentError
from virker.workspace import Workspace


@pytest.fixture
def copy(workspace: Workspace, tmp_path: Path) -> Path:
    root = tmp_path / "arbejdsområde"
    root.mkdir()
    shutil.copy(workspace.root / "virker.toml", root)
    for part in ("bank", "notes", "rules", "cards"):
        shutil.copytree(workspace.root / part, root / part)
    return root


def _edited(root: Path, old: str, new: str) -> None:
    path = root / "notes" / "conclusions.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _load(root: Path) -> Edition:
    return load_edition(Workspace.find(root), cache=False)


def test_the_danish_workspace_has_eight_conclusions_of_three_facts_each(edition: Edition) -> None:
    found = edition.conclusions.conclusions
    assert len(found) == 8
    assert all(conclusion.fact(name)[language] for conclusion in found for name in FACTS for language in ("da", "en"))


def test_every_fact_is_bound_to_claims_that_hold(edition: Edition) -> None:
    for conclusion in edition.conclusions.conclusions:
        for name in FACTS:
            bound = claims_of(conclusion.fact(name).da)
            assert bound, (conclusion.id, name)
            assert {edition.by_id[c].status for c in bound} <= {"supported", "judgement"}


def test_both_languages_are_bound_to_the_same_claims(edition: Edition) -> None:
    for conclusion in edition.conclusions.conclusions:
        for name in FACTS:
            assert claims_of(conclusion.fact(name).da) == claims_of(conclusion.fact(name).en)


def test_a_fact_on_a_claim_that_does_not_exist_is_refused_with_its_line(copy: Path) -> None:
    _edited(copy, "{#own-meetings-broad}", "{#own-møder-findes-ikke}")
    with pytest.raises(ContentError) as caught:
        _load(copy)
    (problem,) = [p for p in caught.value.problems if p.path == "notes/conclusions.toml"]
    assert "own-m" in problem.what
    text = (copy / "notes" / "conclusions.toml").read_text(encoding="utf-8").splitlines()
    assert "findes-ikke" in text[problem.line - 1]


def test_a_fact_bound_to_nothing_is_refused(copy: Path) -> None:
    _edited(
        copy,
        "[Uddannelse kan hjælpe ledige i arbejde]{#own-training-indication}, [men sjældent, mens den varer]{#own-training-lock-in}.",
        "Uddannelse hjælper.",
    )
    with pytest.raises(ContentError, match="binds it to nothing"):
        _load(copy)


def test_words_stronger_than_their_claim_are_a_problem_of_the_edition(copy: Path) -> None:
    _edited(copy, "[En indikation for enlige forsørgere.]", "[Stærk evidens for enlige forsørgere.]")
    found = [p for p in _load(copy).note_problems if p.path == "notes/conclusions.toml"]
    assert any("own-bonus-lone-parents" in p.what for p in found)


def test_unknown_terms_and_people_of_one_group_are_all_told_at_once(copy: Path) -> None:
    _edited(copy, 'measures = ["meetings"]', 'measures = ["møder"]')
    _edited(copy, 'groups = ["insured", "youth"]', 'groups = ["ungdom"]')
    with pytest.raises(ContentError) as caught:
        _load(copy)
    told = " ".join(p.what for p in caught.value.problems)
    assert "'møder'" in told
    assert "'ungdom'" in told
    assert "fewer than two groups" in told


def test_a_workspace_without_the_file_has_none(copy: Path) -> None:
    (copy / "notes" / "conclusions.toml").unlink()
    assert not _load(copy).conclusions.conclusions
