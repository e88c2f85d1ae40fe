"""What changed between two states: in a real repository made by the test, and between days and years."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT, finding, study
from virker.bank import Bank, Query
from virker.claims import Claim, Edition, Expectation, check_claims, load_edition
from virker.claims.diff import Difference, difference
from virker.claims.diffreport import as_data, text
from virker.claims.diffwords import moment
from virker.claims.newsletter import merge_comment, newsletter
from virker.errors import QueryError, UserError, WorkspaceError
from virker.history import at_revision, find_revision
from virker.language import Said
from virker.start import make_workspace
from virker.workspace import Workspace

MakeBank = Callable[..., Bank]
BEFORE, NOW = Said("før", "before"), Said("nu", "now")
needs_git = pytest.mark.skipif(shutil.which("git") is None and not os.environ.get("CI"), reason="git is not installed")

CLAIM = Claim(
    id="samtaler-på-ærø", kind="synthesis", section=1, da="Samtaler øger beskæftigelsen på Ærø.", en="Meetings raise employment on Ærø.",
    select=Query(intervention="meetings", outcome="employment"), expect=Expectation(direction="positive", level="moderate"),
)  # fmt: skip


@pytest.fixture
def compared(edition: Edition) -> Callable[..., Difference]:
    """The difference between two banks for one claim, everything else as in the Danish workspace."""
    from dataclasses import replace

    def compare(before: Bank, after: Bank, claim: Claim = CLAIM, later: Claim | None = None) -> Difference:
        def state(bank: Bank, c: Claim) -> Edition:
            return replace(edition, bank=bank, checks=check_claims([c], bank, edition.rules, "star-hierarchy", {}))

        return difference(state(before, claim), state(after, later or claim))

    return compare


def test_the_same_state_twice_has_no_difference(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    diff = compared(bank_of(study("a-1", finding())), bank_of(study("a-1", finding())))
    assert diff.nothing
    assert "Intet er ændret" in text(diff, BEFORE, NOW, "da")
    assert "Nothing changed" in newsletter(diff, BEFORE, NOW, "en")
    assert "Nothing changed" in merge_comment(diff, BEFORE, NOW, "en")


def test_a_withdrawn_finding_makes_a_claim_fall_and_is_named_with_its_reason(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    gone = finding(withdrawn=date(2026, 6, 1), withdrawn_because="fejl i tabel 2 på side æøå")
    diff = compared(bank_of(study("a-1", finding()), study("b-1", finding())), bank_of(study("a-1", finding()), study("b-1", gone)))
    (moved,) = diff.claims
    assert (moved.before, moved.after, moved.fell, moved.went) == ("supported", "overstated", True, ("b-1#1",))
    ((old, new),) = moved.verdicts
    assert ((old.direction, old.level), (new.direction, new.level)) == (("positive", "moderate"), ("positive", "indication"))
    letter = newsletter(diff, BEFORE, NOW, "da")
    assert "Før: holder. Nu: overdrevet. Dommen gik fra positiv, moderat evidens til positiv, indikation." in letter
    assert "trukket tilbage: fejl i tabel 2 på side æøå" in letter
    assert "| ⬇️ | `samtaler-på-ærø`" in merge_comment(diff, BEFORE, NOW, "da")


def test_a_new_study_that_lifts_a_claim_is_told_as_better(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    diff = compared(bank_of(study("a-1", finding())), bank_of(study("a-1", finding()), study("b-1", finding(effect=3, unit="weeks"))))
    (moved,) = diff.claims
    assert (moved.rose, moved.fell, moved.came) == (True, False, ("b-1#1",))
    letter = newsletter(diff, BEFORE, NOW, "en")
    assert "1 study and 1 finding came in" in letter
    assert "What stands better" in letter
    assert "meetings → employment: positive, 3 weeks" in letter


def test_a_corrected_field_is_told_with_what_stood_there_and_what_stands_now(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    two = (study("a-1", finding(effect=3, unit="weeks")), study("b-1", finding()))
    diff = compared(bank_of(*two), bank_of(study("a-1", finding(1, "negative", effect=-2.5, unit="weeks")), two[1]))
    (item,) = diff.findings
    assert [(f.name, f.old, f.new) for f in item.fields] == [("direction", "positive", "negative"), ("effect", 3, -2.5)]
    (moved,) = diff.claims
    assert moved.changed == ("a-1#1",)
    assert "tallet: 3 → -2,5" in newsletter(diff, BEFORE, NOW, "da")
    assert "the direction: positive → negative" in text(diff, BEFORE, NOW, "en")


def test_a_change_of_the_study_s_design_explains_a_verdict_that_moved(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    diff = compared(bank_of(study("a-1", finding()), study("b-1", finding())), bank_of(study("a-1", finding(), design="matching"), study("b-1", finding())))
    assert diff.claims[0].changed == ("a-1#1",)
    assert "the design: rct → matching" in text(diff, BEFORE, NOW, "en")


def test_a_superseded_finding_is_told_by_what_took_its_place(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    diff = compared(bank_of(study("a-1", finding())), bank_of(study("a-1", finding(superseded_by=2), finding(2))))
    assert {(i.address, i.how, i.why, i.reason) for i in diff.findings} == {("a-1#1", "went", "superseded", "a-1#2"), ("a-1#2", "came", "", "")}


def test_a_claim_that_was_rewritten_is_told_apart_from_evidence_that_moved(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    import msgspec

    bank = bank_of(study("a-1", finding()))
    weaker = msgspec.structs.replace(CLAIM, expect=Expectation(direction="positive", level="indication"))
    diff = compared(bank, bank, CLAIM, weaker)
    assert diff.claims[0].rewritten == ("expect",)
    assert "The claim itself was changed (expect)." in text(diff, BEFORE, NOW, "en")


def test_the_data_are_plain_and_say_the_same(bank_of: MakeBank, compared: Callable[..., Difference]) -> None:
    diff = compared(bank_of(study("a-1", finding())), bank_of(study("a-1", finding()), study("b-1", finding())))
    data = json.loads(json.dumps(as_data(diff, BEFORE, NOW)))
    assert data["claims"][0]["came"] == ["b-1#1"]
    assert data["claims"][0]["rose"]
    assert data["nothing"] is False


def test_moments_are_told_in_words() -> None:
    assert moment(date(2026, 11, 22)) == Said("22. november 2026", "22 November 2026")
    assert moment(2015) == Said("litteraturen til og med 2015", "the literature up to 2015")
    assert moment(None) == Said("nu", "now")


# In a repository


def git(folder: Path, *arguments: str) -> None:
    who = {"GIT_AUTHOR_NAME": "Åse", "GIT_AUTHOR_EMAIL": "aase@example.org", "GIT_COMMITTER_NAME": "Åse", "GIT_COMMITTER_EMAIL": "aase@example.org"}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env={**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull})


def virker(folder: Path, *arguments: str, code: int = 0, **environment: str) -> str:
    base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "virker", *arguments],
        cwd=folder, env={**base, **environment}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits of a small workspace, below the repository's top: in the second the only study turns round."""
    folder = tmp_path / "gård" / "område"
    make_workspace(folder, empty=True)
    git(tmp_path / "gård", "init", "--quiet", "--initial-branch=main")
    git(tmp_path / "gård", "add", ".")
    git(tmp_path / "gård", "commit", "--quiet", "-m", "Første æøå")
    path = folder / "bank" / "studies" / "eksempel-2026.md"
    path.write_text(path.read_text(encoding="utf-8").replace('direction = "positive"', 'direction = "negative"'), encoding="utf-8")
    git(tmp_path / "gård", "commit", "--quiet", "-am", "Vendt rundt på Ærø")
    return folder


@needs_git
def test_the_same_commit_changes_nothing(repository: Path) -> None:
    assert "Nothing changed" in virker(repository, "diff", "HEAD")
    assert "Intet er ændret" in virker(repository, "diff", "HEAD", "--to", "HEAD", "--lang", "da")
    assert json.loads(virker(repository, "diff", "main", "--format", "json"))["nothing"] is True


@needs_git
def test_a_finding_turned_between_two_commits_is_told_and_can_fail_the_build(repository: Path) -> None:
    told = virker(repository, "diff", "HEAD~1", "--lang", "da")
    assert "Første æøå" in told
    assert "meetings-example: holder → modsagt" in told
    assert "dom, del 1: positiv, indikation → negativ, indikation" in told
    assert "eksempel-2026#1 (retningen: positiv → negativ)" in told
    assert "meetings-example" in virker(repository, "diff", "HEAD~1", "--fail-on-fall", code=1)
    back = virker(repository, "diff", "HEAD", "--to", "HEAD~1", "--fail-on-fall")
    assert "contradicted → supported" in back


@needs_git
def test_what_is_not_committed_yet_counts_as_now(repository: Path) -> None:
    path = repository / "bank" / "studies" / "eksempel-2026.md"
    path.write_text(path.read_text(encoding="utf-8").replace("effect = 3", "effect = 4"), encoding="utf-8")
    assert "the number: 3 → 4" in virker(repository, "diff", "HEAD", "--format", "newsletter")


@needs_git
def test_a_study_deleted_from_the_folder_went(repository: Path) -> None:
    (repository / "bank" / "studies" / "eksempel-2026.md").rename(repository / "bank" / "studies" / "eksempel-2027.md")
    path = repository / "bank" / "studies" / "eksempel-2027.md"
    path.write_text(path.read_text(encoding="utf-8").replace('"eksempel-2026"', '"eksempel-2027"'), encoding="utf-8")
    data = json.loads(virker(repository, "diff", "HEAD", "--format", "json"))
    assert {(i["address"], i["how"]) for i in data["findings"]} == {("eksempel-2026#1", "went"), ("eksempel-2027#1", "came")}


@needs_git
def test_the_archive_is_gone_afterwards_and_the_repository_untouched(repository: Path) -> None:
    with at_revision(Workspace.find(repository), "HEAD~1") as (then, revision):
        assert revision.subject == "Første æøå"
        assert load_edition(then, cache=False).checks[0].status == "supported"
        folder = then.root
    assert not folder.exists()
    done = subprocess.run(["git", "-C", str(repository), "status", "--porcelain"], capture_output=True, text=True, check=True)
    assert done.stdout == ""


@needs_git
@pytest.mark.parametrize("name", ["findes-ikke", "--output=/dev/null", "HEAD~99", "æøå"])
def test_a_revision_that_is_none_is_told_with_what_to_write(repository: Path, name: str) -> None:
    with pytest.raises(QueryError, match="no revision that git knows"):
        find_revision(repository, name)


@needs_git
def test_a_revision_before_the_workspace_is_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "tom")
    make_workspace(tmp_path / "område", empty=True)
    assert "there was no virker.toml in this folder" in virker(tmp_path / "område", "diff", "HEAD", code=2)


@needs_git
def test_a_folder_outside_a_repository_is_told(tmp_path: Path) -> None:
    make_workspace(tmp_path / "område", empty=True)
    with pytest.raises(WorkspaceError, match="in no git repository"), at_revision(Workspace.find(tmp_path / "område"), "HEAD"):
        pass


def test_a_missing_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_workspace(tmp_path / "område", empty=True)
    monkeypatch.setattr("virker.history.shutil.which", lambda _: None)
    with pytest.raises(UserError, match="git is not installed"), at_revision(Workspace.find(tmp_path / "område"), "HEAD"):
        pass


@needs_git
def test_a_revision_that_cannot_be_read_tells_why(repository: Path) -> None:
    path = repository / "bank" / "studies" / "eksempel-2026.md"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace('design = "rct"', 'design = "gæt"'), encoding="utf-8")
    git(repository, "commit", "--quiet", "-am", "forkert")
    path.write_text(whole, encoding="utf-8")
    told = virker(repository, "diff", "HEAD", code=2)
    assert "cannot be read by this version" in told
    assert "gæt" in told


# Days and years


def test_a_day_before_the_study_was_added(tmp_path: Path) -> None:
    folder = tmp_path / "område"
    make_workspace(folder, empty=True)
    told = virker(folder, "diff", "2025-12-31", "--lang", "da")
    assert told.startswith("31. december 2025 → nu")
    assert "meetings-example: for lidt viden → holder" in told
    assert "Nothing changed" in virker(folder, "diff", "2026-01-01")
    assert "neither a day nor a year" in virker(folder, "diff", "2026-02-30", code=2)
    assert "is no format" in virker(folder, "diff", "2015", "--format", "html", code=2)


def test_the_danish_bank_against_the_literature_of_a_year() -> None:
    told = virker(ROOT, "diff", "2019", "--to", "2024", "--format", "newsletter", "--lang", "da")
    assert told.startswith("# Nyt i evidensbanken")
    assert "Fra litteraturen til og med 2019 til litteraturen til og med 2024." in told
    assert "## Det står bedre" in told
