"""How far claims are from another status: small cases by hand, and the Danish claims against brute force on the bank itself."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import combinations

import msgspec
import pytest
from typer.testing import CliRunner

from tests.conftest import ROOT, finding, study
from virker.bank import Bank, Origin, Query
from virker.claims import Check, Claim, Edition, Expectation, Number, check_claim
from virker.claims.check import COMPUTED
from virker.claims.fragility import ClaimFragility, claim_fragilities, claim_fragility
from virker.claims.fragility_report import as_data, block, full_text, list_text, removal_said
from virker.cli.app import app

SEVERAL = range(2, 7)


@pytest.fixture(scope="module")
def found(edition: Edition) -> tuple[ClaimFragility, ...]:
    return claim_fragilities(edition)


@pytest.fixture(scope="module")
def by_id(found: tuple[ClaimFragility, ...]) -> dict[str, ClaimFragility]:
    return {f.check.claim.id: f for f in found}


def withdrawn(edition: Edition, check: Check, pieces: tuple[str, ...]) -> Bank:
    """The bank itself with everything withdrawn that reports on those pieces: their papers, earlier versions and retellings."""
    bank = edition.bank
    gone: dict[str, set[int]] = defaultdict(set)
    for row in bank.rows:
        told = (row.finding.restates or "").split("#", maxsplit=1)[0]
        root = bank.root_of(bank.studies[told]) if told in bank.studies else bank.root_of(row.study)
        unnamed = row.study.kind != "primary" and row.finding.n_studies == 1 and not told
        if (f"{row.study.id}#unnamed" if unnamed else root) in pieces and row.finding.origin.level != "seed":
            gone[row.study.id].add(row.finding.id)
    changed = {}
    for name, numbers in gone.items():
        kept = tuple(
            msgspec.structs.replace(f, withdrawn=date(2000, 1, 1), withdrawn_because="prøve") if f.id in numbers else f for f in bank.studies[name].finding
        )
        changed[name] = msgspec.structs.replace(bank.studies[name], finding=kept)
    return bank.replacing(changed)


def test_every_claim_has_an_answer_and_the_most_fragile_come_first(edition: Edition, found: tuple[ClaimFragility, ...]) -> None:
    assert {f.check.claim.id for f in found} == {c.claim.id for c in edition.checks}
    assert [f.rank for f in found] == sorted(f.rank for f in found)
    assert found[0].number == 1


def test_what_is_said_of_the_danish_claims_happens_when_findings_are_withdrawn(edition: Edition, found: tuple[ClaimFragility, ...]) -> None:
    """The bank is really changed here and the claim checked anew, and no smaller set does it."""
    chosen = [f for f in found if len(f.pieces) in SEVERAL][::6]
    assert len(chosen) > 8

    def status(f: ClaimFragility, pieces: tuple[str, ...]) -> str:
        changed = withdrawn(edition, f.check, pieces)
        return check_claim(f.check.claim, changed, edition.rules, edition.workspace.settings.rule_set, day=date.max).status

    for f in chosen:
        smallest = next((n for n in range(1, len(f.pieces) + 1) if any(status(f, s) != f.check.status for s in combinations(f.pieces, n))), None)
        assert f.number == smallest, f.check.claim.id
        assert {status(f, s) for s in f.removal.sets} <= set(f.becomes) - {f.check.status}, f.check.claim.id


def test_a_reported_claim_falls_with_its_one_source(edition: Edition, found: tuple[ClaimFragility, ...]) -> None:
    reported = [f for f in found if f.check.claim.kind == "reported" and f.check.status == "supported" and len(f.pieces) == 1]
    assert len(reported) > 20
    for f in reported:
        assert f.number == 1
        assert f.removal.sets == (f.pieces,)
        assert f.becomes == ("not-traced",)
        assert f.pieces[0] in removal_said(f, edition.bank).da


def test_a_claim_on_one_trial_says_trial_and_on_one_review_says_review(edition: Edition, found: tuple[ClaimFragility, ...]) -> None:
    said = {removal_said(f, edition.bank).en.split(" alone")[0] for f in found if f.rests_on and f.number}
    assert said == {"Rests on one trial", "Rests on one review", "Rests on one study"}


def test_a_claim_on_the_law_or_on_an_unread_work_has_no_study_to_lose(edition: Edition, found: tuple[ClaimFragility, ...]) -> None:
    nothing = [f for f in found if not f.pieces]
    assert all(f.number is None for f in nothing)
    said = {removal_said(f, edition.bank).en for f in nothing}
    assert "Rests on the law, not on studies." in said
    assert any("Get and read" in s for s in said)


def test_that_meetings_work_stands_the_loss_of_any_one_trial(by_id: dict[str, ClaimFragility]) -> None:
    """Meaning, not exact numbers: conclusion 1 rests on several trials, and which of them matter is told."""
    meetings = by_id["meetings-work"]
    assert meetings.check.status == "supported"
    assert meetings.number is not None
    assert meetings.number > 1
    assert "hurtigt-i-gang-2" in {i for s in meetings.removal.sets for i in s}
    (part,) = meetings.parts
    assert part.fragility.any_change.size is not None
    assert part.fragility.direction.size is not None
    assert part.fragility.any_change.size <= part.fragility.direction.size


def test_every_answer_on_the_danish_bank_keeps_its_bounds(found: tuple[ClaimFragility, ...]) -> None:
    for f in found:
        if f.number is not None:
            assert f.removal.at_least <= f.number <= len(f.pieces)
            assert f.becomes
    assert sum(f.removal.exact for f in found) >= 0.95 * len(found)


def test_a_claim_on_printed_significance_is_tried_in_that_reading(by_id: dict[str, ClaimFragility]) -> None:
    strict = by_id["own-meetings-strict"]
    assert [p.strict for p in strict.parts] == [True]
    verdict = strict.check.parts[0].verdict
    assert verdict is not None
    assert (verdict.direction, verdict.level) == strict.parts[0].fragility.now


@pytest.mark.parametrize(("language", "words"), [("da", "Hvad kunne vende den"), ("en", "What would flip it")])
def test_both_languages_tell_all_of_it(edition: Edition, found: tuple[ClaimFragility, ...], language: str, words: str) -> None:
    assert len(list_text(found, edition.bank, language).splitlines()) >= len(found)
    for f in found:
        assert block(f, edition.bank, language).startswith(words)
        assert f.check.claim.id in full_text(f, edition.bank, language)


def test_the_data_say_the_same_as_the_words(found: tuple[ClaimFragility, ...]) -> None:
    claims = json.loads(json.dumps(as_data(found)))["claims"]
    assert [c["number"] for c in claims] == [f.number for f in found]
    assert all(c["exact"] or c["at_least"] <= c["number"] for c in claims if c["number"])


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--workspace", str(ROOT), "--lang", "en"])
    return result.exit_code, result.output or str(result.exception)


def test_the_command_tells_one_claim_or_all_and_knows_what_it_does_not_know() -> None:
    assert "Without" in run("fragility", "meetings-work")[1]
    assert run("fragility", "--all")[1].count("\n") > 300
    assert "there is no claim 'meetings-wrok'" in run("fragility", "meetings-wrok")[1]
    assert "did you mean 'meetings-work'" in run("fragility", "meetings-wrok")[1]
    assert "not both" in run("fragility", "meetings-work", "--all")[1]
    assert "Maryland" in run("fragility", "meetings-work", "--rule-set", "all")[1]
    assert "is no rule set" in run("fragility", "meetings-work", "--rule-set", "stjerne")[1]
    assert "is no format" in run("fragility", "--format", "xml")[1]
    assert "What would flip it" in run("explain", "meetings-work")[1]


# Pieces that the rule set cannot tell apart, and the words can


def of_two(edition: Edition, bank: Bank, **expect: object) -> ClaimFragility:
    """The fragility of a small claim on meetings and employment, on a small bank."""
    asked = Query(intervention="meetings", outcome="employment")
    claim = Claim(id="prøve", kind="synthesis", section=1, da="Samtaler virker på Ærø.", en="Meetings work on Ærø.", select=asked, expect=Expectation(**expect))  # type: ignore[arg-type]
    check = check_claim(claim, bank, edition.rules, "star-hierarchy", day=date.max)
    return claim_fragility(check, replace(edition, bank=bank))


def test_the_one_source_that_prints_the_number_is_the_one_that_matters(edition: Edition, bank_of: Callable[..., Bank]) -> None:
    bank = bank_of(study("uden-tal", finding()), study("med-tal", finding(effect=10.0, unit="percent")), study("også-uden", finding()))
    found = of_two(edition, bank, direction="positive", level="indication", numbers=(Number(value=10, unit="percent"),))
    assert found.check.status == "supported"
    assert (found.number, found.removal.sets) == (1, (("med-tal",),))


def test_the_one_study_that_measures_an_effect_is_the_one_that_matters(edition: Edition, bank_of: Callable[..., Bank]) -> None:
    loose = [study(f"sammenhæng-{i}", finding(estimand="association"), design="duration-model") for i in range(3)]
    bank = bank_of(*loose, study("effekt", finding(estimand="ATT"), design="duration-model"))
    found = of_two(edition, bank, direction="positive", level="indication")
    assert found.check.status == "supported"
    assert (found.number, found.removal.sets, found.becomes) == (1, (("effekt",),), ("overstated",))


def test_the_one_opponent_read_in_a_table_is_the_one_that_matters(edition: Edition, bank_of: Callable[..., Bank]) -> None:
    abstract = Origin(document="et resumé", level="abstract")
    far = [study(f"resumé-{i}", finding(1, "negative", origin=abstract)) for i in range(3)]
    found = of_two(edition, bank_of(*far, study("tabel", finding(1, "negative"))), direction="positive")
    assert found.check.status == "contradicted"
    assert (found.number, found.removal.sets, found.becomes) == (1, (("tabel",),), ("differs",))


def test_a_retelling_goes_with_what_it_retells(edition: Edition, bank_of: Callable[..., Bank]) -> None:
    trial = [study("blad-1", finding(), trial="hurtigt-i-gang-1"), study("blad-2", finding(), trial="hurtigt-i-gang-1")]
    review = study("gennemgang", finding(1, restates="blad-1#1"), kind="review", design="narrative-review")
    found = of_two(edition, bank_of(*trial, review), direction="positive", level="indication")
    assert found.rests_on == "hurtigt-i-gang-1"
    assert found.becomes[0] in COMPUTED
