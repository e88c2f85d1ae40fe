"""External verdicts: what other banks printed, read with every problem told, and set beside ours on the same question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from virker.bank import Bank, Query
from virker.errors import ContentError
from virker.synthesis import verdict
from virker.synthesis.external import External, Externals, beside, load_external, nearness
from virker.synthesis.side_by_side import against

ENTRY = """
[[external]]
id = "prøve-1"
bank = "Prøvebanken"
what_da = "Samtaler"
what_en = "Meetings"
query = { intervention = "meetings", target_group = "unemployed" }
verdict = "moderat"
language = "da"
direction = "positive"
scale = "star-hierarchy"
level = "moderate"
source = "en side med æ, ø og å"
read_as = "page"
read_on = 2026-11-22
"""


@pytest.fixture(scope="module")
def externals(danish: Bank) -> Externals:
    return load_external(ROOT / "bank" / "external", ROOT, danish)


def problems(tmp_path: Path, bank: Bank, text: str) -> list[str]:
    (tmp_path / "prøve.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_external(tmp_path, tmp_path, bank)
    return [str(p) for p in error.value.problems]


def test_a_sound_file_is_read_with_its_letters(tmp_path: Path, danish: Bank) -> None:
    (tmp_path / "prøve.toml").write_text(ENTRY, encoding="utf-8")
    assert load_external(tmp_path, tmp_path, danish).verdicts[0].source == "en side med æ, ø og å"


def test_a_workspace_without_external_verdicts_has_none(tmp_path: Path, danish: Bank) -> None:
    assert load_external(tmp_path / "external", tmp_path, danish) == Externals((), ())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('intervention = "meetings"', 'intervention = "meeting"', "'meeting' is no term for intervention (external prøve-1)"),
        ('level = "moderate"', 'level = "supported"', "'supported' is no level of star-hierarchy"),
        ('scale = "star-hierarchy"', 'scale = "star"', "'star' is no declared scale"),
        ('level = "moderate"\n', "", "scale and level belong together"),
        ('verdict = "moderat"\n', "", "neither quoted nor told"),
        ('verdict = "moderat"', 'verdict = "moderat"\ntold_da = "moderat"\ntold_en = "moderate"', "neither quoted nor told in both languages, or both"),
        ('direction = "positive"', 'direction = "posetiv"', "'posetiv' is no direction"),
        ('bank = "Prøvebanken"', 'bank = "Prøvebanken"\nstudy = "amilon-2019"', "there is no study 'amilon-2019'"),
        ("read_on = 2026-11-22", 'read_on = "i går"', "read_on"),
        ('id = "prøve-1"', 'id = "prøve-1"\nfarve = "blå"', "'farve' is no field here"),
        ("read_on = 2026-11-22", 'read_on = 2026-11-22\nbecause_da = "derfor"', "one language only"),
        ('bank = "Prøvebanken"\n', "", "the field 'bank' is missing"),
        ('query = { intervention = "meetings", target_group = "unemployed" }', "query = {}", "the query names no intervention"),
    ],
)
def test_bad_input_is_told_with_file_and_line(tmp_path: Path, danish: Bank, old: str, new: str, told: str) -> None:
    found = problems(tmp_path, danish, ENTRY.replace(old, new))
    assert any(told in p for p in found), found
    assert all(p.startswith("prøve.toml:") and "→" in p for p in found)


def test_all_problems_are_told_at_once_and_an_id_stands_once(tmp_path: Path, danish: Bank) -> None:
    found = problems(tmp_path, danish, ENTRY + ENTRY.replace('"meetings"', '"møder"'))
    assert any("stands twice" in p for p in found)
    assert any("'møder' is no term" in p for p in found)


def test_no_verdict_of_jobeffekter_is_entered_and_the_reason_stands_in_both_languages(externals: Externals) -> None:
    assert not [e for e in externals.verdicts if "jobeffekter" in e.bank.casefold()]
    assert [s.bank for s in externals.silent] == ["Jobeffekter.dk"]
    assert "a computation, not the site's own verdict" in externals.silent[0].why_en


def test_no_external_verdict_rests_on_the_note_that_is_tested(externals: Externals) -> None:
    assert not [e.id for e in externals.verdicts if "background note" in e.source.casefold() or "baggrundsnotat" in e.source.casefold()]


def test_grades_printed_of_studies_in_our_bank_are_those_that_the_bank_has_outside_the_note(externals: Externals, danish: Bank) -> None:
    """A level of STAR's scale or GRADE's that is said of a review in the bank also stands on a finding there, read outside the note."""
    same = {"strong": {"strong", "stærk", "stærk evidens"}, "moderate": {"moderate", "moderat"}, "indication": {"indikation"}, "low": {"low"}}
    for entry in (e for e in externals.verdicts if e.study and e.level):
        assert entry.study
        rows = [r for r in danish.rows if r.study.id == entry.study and r.finding.origin.level != "seed" and r.finding.intervention == entry.query.intervention]
        assert any(r.finding.evidence_grade in same[entry.level or ""] for r in rows), entry.id


@pytest.mark.parametrize(
    ("theirs", "ours", "near"),
    [
        (Query(intervention="meetings"), Query(intervention="meetings"), "same"),
        (Query(intervention="meetings-group"), Query(intervention="meetings"), "narrower"),
        (Query(intervention="meetings", target_group="insured"), Query(intervention="meetings"), "narrower"),
        (Query(intervention="training"), Query(intervention="training-amu"), "wider"),
        (Query(intervention="training", target_group="insured"), Query(intervention="training-amu", target_group="unemployed"), "overlapping"),
        (Query(intervention="training"), Query(intervention="meetings"), None),
        (Query(intervention="meetings", target_group="immigrants"), Query(intervention="meetings", target_group="seniors"), None),
    ],
)
def test_how_another_question_stands_to_ours(danish: Bank, theirs: Query, ours: Query, near: str | None) -> None:
    assert nearness(theirs, ours, danish.vocabulary) == near


def test_the_agency_s_own_grade_of_caseload_stands_beside_ours(externals: Externals, danish: Bank) -> None:
    asked = Query(intervention="caseload", contrast="less", target_group="unemployed", outcome="employment")
    (first, near), *_ = beside(externals.verdicts, asked, danish.vocabulary)
    assert (first.id, near, first.verdict) == ("star-vive-2019-caseload", "same", "moderat")


def test_a_verdict_that_rests_on_the_same_review_says_so(externals: Externals, danish: Bank) -> None:
    entry = next(e for e in externals.verdicts if e.id == "kora-2016-courses-long-term")
    said = against(entry, verdict(danish, entry.query))
    assert "counts the same review" in said.en
    assert "tæller den samme gennemgang" in said.da


def test_other_directions_and_strengths_are_called_differences(externals: Externals, danish: Bank) -> None:
    entry = next(e for e in externals.verdicts if e.id == "kora-2013-training-immigrants")
    assert against(entry, verdict(danish, entry.query)).en.startswith("DIFFERS: they say mixed")
    assert isinstance(entry, External)
