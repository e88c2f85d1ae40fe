"""What must be read, and what hangs on it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Finding, Origin, Query
from virker.claims import Edition, check_claims
from virker.claims.records import Claim, Expectation, Number, Part
from virker.claims.turned import turned, turned_text
from virker.claims.unread import Work, number_said, works_to_read
from virker.claims.unread_report import todo_csv, todo_json, todo_text
from virker.rules import Rules

MakeBank = Callable[..., Bank]


def at(level: str, number: int = 1, direction: str = "positive", **fields: object) -> Finding:
    return finding(number, direction, origin=Origin(document="på øen", level=level), **fields)  # type: ignore[arg-type]


def claim(name: str, select: Query, *parts: Part, **expect: object) -> Claim:
    return Claim(
        id=name,
        kind="reported",
        section=1,
        da="på dansk",
        en="in English",
        select=select,
        expect=Expectation(**{"direction": "positive", **expect}),
        also=parts,
    )  # type: ignore[arg-type]


def works(bank: Bank, claims: Sequence[Claim]) -> tuple[Work, ...]:
    return works_to_read(check_claims(claims, bank, Rules({}), "star-hierarchy", {}), bank)


def told(work: Work) -> tuple[str, list[tuple[str, str]], list[str | None]]:
    return work.study.id, [(h.claim, h.why) for h in work.claims], [w.row.address if w.row else None for w in work.wanted]


def test_a_claim_known_from_the_note_alone_hangs_on_its_work(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("seed")))
    assert [told(w) for w in works(bank, [claim("a", Query(study="aeroe-2020"))])] == [("aeroe-2020", [("a", "untraced")], ["aeroe-2020#1"])]


def test_a_work_beside_others_that_carry_the_claim_is_told_as_that(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("seed")), study("samsoe-2021", at("table")))
    assert [told(w) for w in works(bank, [claim("a", Query(intervention="meetings"))])] == [("aeroe-2020", [("a", "beside")], ["aeroe-2020#1"])]


def test_a_study_read_elsewhere_under_the_claim_is_not_asked_for(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("seed"), at("table", 2)))
    assert works(bank, [claim("a", Query(intervention="meetings"))]) == ()


def test_an_abstract_that_makes_a_claim_differ_is_to_be_read_nearer_and_a_table_is_not(bank_of: MakeBank) -> None:
    asked = [claim("a", Query(intervention="meetings"))]
    assert [told(w) for w in works(bank_of(study("aeroe-2020", at("abstract", 1, "negative"))), asked)] == [("aeroe-2020", [("a", "nearer")], ["aeroe-2020#1"])]
    assert works(bank_of(study("aeroe-2020", at("table", 1, "negative"))), asked) == ()
    assert works(bank_of(study("aeroe-2020", at("abstract"))), asked) == ()


def test_an_abstract_silent_on_the_significance_that_the_words_need_is_to_be_read_nearer(bank_of: MakeBank) -> None:
    asked = [claim("a", Query(intervention="meetings"), significant=True)]
    (work,) = works(bank_of(study("aeroe-2020", at("abstract"))), asked)
    assert told(work) == ("aeroe-2020", [("a", "nearer")], ["aeroe-2020#1"])
    assert works(bank_of(study("aeroe-2020", at("abstract", significant="yes"))), asked) == ()
    assert works(bank_of(study("aeroe-2020", at("abstract", significant="yes", estimand="association"))), asked) == ()


def test_a_named_study_without_what_is_asked_has_something_to_look_for_all_the_same(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("table")), study("tom-2019"))
    assert told(works(bank, [claim("a", Query(study="tom-2019"))])[0]) == ("tom-2019", [("a", "untraced")], [None])


def test_the_works_on_which_most_hangs_come_first(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("seed")), study("samsoe-2021", at("seed", outcome="education")), study("fanoe-2019", at("seed", outcome="education")))
    asked = [claim(name, Query(study=name[:-1])) for name in ("aeroe-20201", "samsoe-20211", "samsoe-20212")]
    assert [w.study.id for w in works(bank, asked)] == ["samsoe-2021", "aeroe-2020"]


def test_a_claim_counts_once_in_the_way_that_weighs_most(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("seed")), study("samsoe-2021", at("table")))
    asked = claim("a", Query(intervention="meetings"), Part(select=Query(study="aeroe-2020"), expect=Expectation(direction="positive")))
    (work,) = works(bank, [asked])
    assert told(work) == ("aeroe-2020", [("a", "untraced")], ["aeroe-2020#1"])


def test_only_numbers_that_the_finding_could_print_are_to_be_confirmed(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("seed", effect=3, unit="weeks"), at("seed", 2)))
    numbers = (Number(value=3, unit="weeks"), Number(value=10.5, unit="percent"))
    (work,) = works(bank, [claim("a", Query(study="aeroe-2020"), numbers=numbers)])
    assert [[number_said(n).da for n in w.numbers] for w in work.wanted] == [["3 uger"], ["3 uger", "10,5 procent"]]


def test_the_list_agrees_with_the_works_that_the_claim_report_names(edition: Edition) -> None:
    reported = {w.study: set(w.claims) for w in edition.works_to_get}
    listed = {w.study.id: {h.claim for h in w.hanging("untraced")} for w in works_to_read(edition.checks, edition.bank)}
    assert {s: c for s, c in listed.items() if c} == reported


def test_every_claim_without_a_traced_finding_hangs_on_some_work(edition: Edition) -> None:
    hanging = {h.claim for w in works_to_read(edition.checks, edition.bank) for h in w.claims}
    lost = [c.claim.id for c in edition.checks if c.status == "not-traced" and c.claim.kind != "rule" and any(p.rows or p.seed for p in c.parts)]
    assert [c for c in lost if c not in hanging] == []


@pytest.mark.parametrize(("language", "words"), [("da", "1 værk skal skaffes og læses"), ("en", "1 work to get and read")])
def test_the_list_tells_what_to_look_for_and_why_it_was_not_read(bank_of: MakeBank, language: str, words: str) -> None:
    bank = bank_of(study("aeroe-2020", at("seed", effect=3, unit="weeks", note="Øen alene."), unverified=("hele rapporten",), title="Æbler"))
    text = todo_text(works(bank, [claim("a", Query(study="aeroe-2020"))]), {"aeroe-2020": "Ærø, Å. (2020). Æbler."}, bank.vocabulary, language)
    assert text.startswith(words)
    for part in ("Ærø, Å. (2020). Æbler.", "hele rapporten", "Øen alene.", "3 uger" if language == "da" else "3 weeks", "virker bank read aeroe-2020#1"):
        assert part in text


def test_the_list_for_a_library_has_a_line_for_each_work_and_opens_with_its_letters(edition: Edition) -> None:
    found = works_to_read(edition.checks, edition.bank)
    text = todo_csv(found, {}, "da")
    assert text.startswith("\ufeffnr.,id,")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert [r["id"] for r in rows] == [w.study.id for w in found]
    assert [int(r["påstande i alt"]) for r in rows] == [len(w.claims) for w in found]


def test_the_json_holds_every_work_with_its_findings(edition: Edition) -> None:
    found = works_to_read(edition.checks, edition.bank)
    data = json.loads(todo_json(found, {}, edition.bank.vocabulary))
    assert [w["study"] for w in data["works"]] == [w.study.id for w in found]
    assert {f["finding"] for w in data["works"] for f in w["look_for"]} >= {r.row.address for w in found for r in w.wanted if r.row}


def test_nothing_left_to_read_is_said(bank_of: MakeBank) -> None:
    bank = bank_of(study("aeroe-2020", at("table")))
    assert "Intet mangler" in todo_text(works(bank, []), {}, bank.vocabulary, "da")


def test_the_same_bank_turns_nothing(edition: Edition) -> None:
    result = turned(edition, edition.bank)
    assert (result.statuses, result.rereading, result.note_problems) == ((), (), ())
    assert "nothing changes" in turned_text(result, "en")
