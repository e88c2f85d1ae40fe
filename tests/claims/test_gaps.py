"""What is not known is said so that it can turn out wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Origin, Query, names
from virker.bank.records import Finding
from virker.claims import Edition, load_edition
from virker.claims.gaps import Gap, check_gaps
from virker.errors import ContentError
from virker.start import make_workspace
from virker.workspace import Workspace

GAPS = """[meetings-others]
da = "Hvad samtaler gør ved andre ledige på øerne."
en = "What meetings do to other unemployed people."
select = [{ intervention = "meetings-individual", spillover = true }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "mit område", empty=True)
    (tmp_path / "mit område" / "notes" / "gaps.toml").write_text(GAPS, encoding="utf-8")
    return tmp_path / "mit område"


def say(folder: Path, words: str) -> None:
    for language in ("da", "en"):
        path = folder / "notes" / "eksempel" / f"note.{language}.md"
        path.write_text(path.read_text(encoding="utf-8") + f"\n{words}\n", encoding="utf-8")


def edition(folder: Path) -> Edition:
    return load_edition(Workspace.find(folder), cache=False)


def bad_input(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        edition(folder)
    return [f"{p.path}:{p.line} {p.what} → {p.todo}" for p in caught.value.problems]


def answering(query: Query) -> Finding:
    """A traced finding that the query asks about."""
    outcome = names(query.outcome)[0] if query.outcome else "employment"
    return finding(
        1,
        intervention=names(query.intervention)[0] if query.intervention else "meetings",
        outcome=outcome,
        target_group=(names(query.target_group)[0],) if query.target_group else ("unemployed",),
        spillover=bool(query.spillover),
        scope=names(query.scope)[0] if query.scope else "individual",
    )


def test_every_gap_of_the_danish_workspace_is_open_and_any_of_its_queries_can_close_it(workspace: Workspace) -> None:
    whole = load_edition(workspace, cache=False)
    assert len(whole.gaps) >= 15
    for gap in whole.book.gaps:
        assert whole.gaps[gap.id].answers == (), gap.id
        for query in gap.select:
            country = names(query.country)[0] if query.country else "DK"
            new = study("ny-undersøgelse", answering(query), countries=(country,))
            with_answer = whole.bank.replacing({new.id: new})
            assert check_gaps([gap], with_answer)[gap.id].answers == ("ny-undersøgelse#1",), f"{gap.id} cannot be answered by {query}"


def test_what_only_the_source_note_tells_answers_nothing(bank_of) -> None:  # type: ignore[no-untyped-def]
    seed = finding(1, spillover=True, origin=Origin(document="notatet", level="seed"))
    gap = Gap(id="hul", da="Æ?", en="Ae?", select=(Query(intervention="meetings", spillover=True),))
    found = check_gaps([gap], bank_of(study("a-2020", seed)))["hul"]
    assert (found.answers, found.untraced, found.status) == ((), ("a-2020#1",), "not-traced")
    traced: Bank = bank_of(study("a-2020", seed, finding(2, spillover=True)))
    assert check_gaps([gap], traced)["hul"].answers == ("a-2020#2",)


def test_an_open_gap_may_be_told_and_an_answered_one_is_a_problem(folder: Path) -> None:
    say(folder, '[Det ved vi ikke]{unknown="meetings-others"}.')
    assert edition(folder).note_problems == ()
    bank = folder / "bank" / "studies" / "eksempel-2026.md"
    front, end, rest = bank.read_text(encoding="utf-8").rpartition("+++")
    first = front[front.index("[[finding]]") :]
    second = first.replace("id = 1", "id = 2\nspillover = true")
    bank.write_text(front + "\n" + second + end + rest, encoding="utf-8")
    told = [p for p in edition(folder).note_problems if "not known" in p.what]
    assert [p.path for p in told] == ["notes/eksempel/note.da.md", "notes/eksempel/note.en.md"]
    assert told[0].what == "“Det ved vi ikke” is told as not known, but the gap 'meetings-others' is answered by eksempel-2026#2"


def test_words_that_say_nothing_is_known_may_not_stand_on_a_claim_that_holds(folder: Path) -> None:
    say(folder, '[Det ved vi ikke]{unknown="meetings-example"}.')
    assert any("'meetings-example' is supported" in p.what for p in edition(folder).note_problems)


def test_a_gap_that_is_none_is_bad_input_with_the_nearest(folder: Path) -> None:
    say(folder, '[Det ved vi ikke]{unknown="meetings-other"}.')
    told = bad_input(folder)
    assert len(told) == 2
    assert "'meetings-other' is neither a gap nor a claim" in told[0]
    assert "did you mean 'meetings-others'" in told[0]


def test_a_gap_told_in_one_language_only_is_a_problem(folder: Path) -> None:
    path = folder / "notes" / "eksempel" / "note.da.md"
    path.write_text(path.read_text(encoding="utf-8") + '\n[Æ]{unknown="meetings-others"}\n', encoding="utf-8")
    assert [p.what for p in edition(folder).note_problems] == ["the gap 'meetings-others' stands in notes/eksempel/note.da.md and not here"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"meetings-individual"', '"meetings-individuel"', "'meetings-individuel' is no term for intervention"),
        ("[meetings-others]", "[meetings-example]", "has the id of a claim"),
        ("spillover = true", "spilover = true", "spilover"),
        ("select = [{ intervention", "selct = [{ intervention", "selct"),
        ("select = [{", "select = [] # {", "asks nothing"),
    ],
)
def test_a_gap_written_wrongly_is_bad_input(folder: Path, old: str, new: str, told: str) -> None:
    path = folder / "notes" / "gaps.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    problems = bad_input(folder)
    assert any(told in p and p.startswith("notes/gaps.toml:") for p in problems), problems
