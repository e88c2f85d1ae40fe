"""The wording ladder: the strongest sentence that a verdict carries, and never one rung more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.bank.records import Comparator, Cycle, LabourMarket, Phase, Saturation, Scope
from virker.claims import Check, Claim, Edition, Expectation, check_claim
from virker.claims.frames import ASSOCIATED, BY_RULES, FRAMES, _value
from virker.claims.ladder import Proposal, overstated_lines, proposals, propose
from virker.claims.report import explain, text_report
from virker.claims.wording import RUNGS, too_strong
from virker.rules import Rules
from virker.synthesis import Verdict
from virker.synthesis.star import LEVELS

MakeBank = Callable[..., Bank]


def checked(bank: Bank, da: str = "Samtaler hjælper", en: str = "Meetings help", select: dict[str, Any] | None = None, **expect: Any) -> Check:
    claim = Claim(
        id="samtaler", kind="synthesis", section=1, da=da, en=en,
        select=Query(**({"intervention": "meetings", "target_group": "unemployed", "outcome": "employment"} | (select or {}))),
        expect=Expectation(**({"direction": "positive", "level": "moderate"} | expect)),
    )  # fmt: skip
    return check_claim(claim, bank, Rules({}), "star-hierarchy")


def proposed(bank: Bank, *words: str, **expect: Any) -> Proposal:
    found = propose(checked(bank, *words, **expect), bank)
    assert found is not None
    return found


def trials(bank_of: MakeBank, number: int, direction: str = "positive", **fields: Any) -> Bank:
    return bank_of(*[study(f"forsoeg-{i}", finding(1, direction), **fields) for i in range(number)])


@pytest.mark.parametrize(
    ("number", "direction", "da", "en"),
    [
        (3, "positive", "Samtaler virker for ledige, målt på beskæftigelse (stærk evidens).", "Meetings work for unemployed people, measured by employment (strong evidence)."),
        (2, "positive", "Samtaler virker sandsynligvis for ledige, målt på beskæftigelse (moderat evidens).", "Meetings probably work for unemployed people, measured by employment (moderate evidence)."),
        (1, "positive", "Samtaler kan virke for ledige, målt på beskæftigelse (indikation).", "Meetings may work for unemployed people, measured by employment (indication)."),
        (2, "none", "Samtaler gør sandsynligvis ingen eller næsten ingen forskel for ledige, målt på beskæftigelse (moderat evidens).", "Meetings probably make little or no difference for unemployed people, measured by employment (moderate evidence)."),
        (3, "negative", "Samtaler gør skade for ledige, målt på beskæftigelse (stærk evidens).", "Meetings do harm for unemployed people, measured by employment (strong evidence)."),
        (2, "mixed", "Der er modstridende viden om, hvorvidt samtaler virker for ledige, målt på beskæftigelse.", "There is conflicting knowledge on whether meetings work for unemployed people, measured by employment."),
    ],
)  # fmt: skip
def test_each_rung_has_its_words(bank_of: MakeBank, number: int, direction: str, da: str, en: str) -> None:
    sentence = proposed(trials(bank_of, number, direction)).sentence
    assert (sentence.da, sentence.en) == (da, en)


def test_too_few_studies_give_a_sentence_that_says_so(bank_of: MakeBank) -> None:
    assert proposed(trials(bank_of, 1, design="matching")).sentence.da.startswith("Det vides ikke, hvorvidt samtaler virker")


def test_an_association_never_works(bank_of: MakeBank) -> None:
    bank = bank_of(*[study(f"a-{i}", finding(estimand="association"), design="observational") for i in range(2)])
    sentence = proposed(bank, level="indication").sentence
    assert "følges med et bedre udfald" in sentence.da
    assert "work" not in sentence.en


def test_fewer_of_a_measure_is_said(bank_of: MakeBank) -> None:
    bank = bank_of(*[study(f"a-{i}", finding(1, "negative")) for i in range(3)])
    sentence = proposed(bank, select={"contrast": "less"}).sentence
    assert sentence.da.startswith("Nedsættelse af samtaler virker for ledige")
    assert sentence.en.startswith("Lowering meetings works for unemployed people")


def test_a_narrower_query_gives_a_narrower_sentence(bank_of: MakeBank) -> None:
    bank = trials(bank_of, 3)
    assert "[country Denmark]" in proposed(bank, select={"country": "DK"}).sentence.en
    assert "in Ærø (2020) alone" in proposed(bank, select={"study": "forsoeg-1"}).sentence.en


def test_words_that_are_stronger_than_the_verdict_are_named(bank_of: MakeBank) -> None:
    found = proposed(trials(bank_of, 1), "Der er stærk evidens for samtaler på Ærø", "There is strong evidence for meetings on Ærø")
    assert found.stronger
    assert "»stærk evidens« kræver stærk evidens; der er indikation." in [b.da for b in found.because]
    assert "“strong evidence” needs strong evidence; there is indication." in [b.en for b in found.because]


def test_words_that_are_carried_are_left_alone(bank_of: MakeBank) -> None:
    found = proposed(trials(bank_of, 2))
    assert (found.stronger, found.room, found.because) == (False, False, ())


def test_words_that_could_be_stronger_are_told_so(bank_of: MakeBank) -> None:
    assert proposed(trials(bank_of, 3)).room


def _verdict(level: str) -> Verdict:
    return Verdict(rule_set="star-hierarchy", version="x", direction="positive", level=level, counts={}, contributions=())


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_frame_passes_the_lint_at_its_own_level_and_a_positive_one_fails_one_rung_below(language: str) -> None:
    for (direction, level), frame in FRAMES.items():
        text = frame[language].replace("[works/work]", "works")
        assert too_strong(text, language, _verdict(level)) is None, text
        if direction == "positive":
            below = LEVELS[LEVELS.index(level) + 1]
            assert too_strong(text, language, _verdict(below)) is not None, text


def test_every_level_and_direction_of_the_hierarchy_has_a_frame_in_both_languages() -> None:
    assert {level for _, level in FRAMES} == set(LEVELS)
    assert {d for d, _ in FRAMES} == set(BY_RULES) == {"positive", "none", "negative", "mixed", "too-little"}
    for frame in (*FRAMES.values(), *ASSOCIATED.values(), *BY_RULES.values()):
        for text in (frame.da, frame.en):
            assert "{x}" in text
            assert "{about}" in text


def test_a_pair_of_the_lexicon_stands_once() -> None:
    assert len({da for _, da, _ in RUNGS}) == len({en for _, _, en in RUNGS}) == len(RUNGS)


def test_the_check_lists_a_proposal_for_overstated_claims_only(edition: Edition) -> None:
    listed = {line.strip().partition(":")[0] for line in overstated_lines(edition.checks, edition.bank, "da")[2:]}
    assert "meetings-individual-strong" in listed
    assert listed <= {c.claim.id for c in edition.checks if c.status == "overstated" and c.claim.kind == "synthesis"}
    assert "meetings-individual-strong: Individual meetings may work for unemployed people" in text_report(edition, "en")


def test_every_claim_with_a_verdict_gets_a_proposal_and_no_proposal_is_too_strong(edition: Edition) -> None:
    for check in edition.checks:
        asked = [(p.select, r.verdict) for p, r in zip(check.claim.parts, check.parts, strict=False) if p.select and r.verdict]
        verdicts = [verdict for query, verdict in asked if query.intervention or not query.is_named]
        found = proposals(check, edition.bank)
        assert len(found) == len(verdicts)
        for verdict, proposal in zip(verdicts, found, strict=True):
            for language in ("da", "en"):
                assert too_strong(proposal.sentence[language], language, verdict) is None, proposal.sentence
                assert not set("{}") & set(proposal.sentence[language])


def test_a_part_that_only_names_a_source_gets_no_proposal(bank_of: MakeBank) -> None:
    bank = trials(bank_of, 3)
    named = checked(bank, select={"intervention": (), "target_group": (), "outcome": (), "study": "forsoeg-1"})
    assert named.parts[0].verdict is not None
    assert proposals(named, bank) == ()


@pytest.mark.parametrize("field", ["comparator", "phase", "cycle", "saturation", "labour_market", "scope"])
def test_every_condition_has_danish_words(field: str) -> None:
    literals = {"comparator": Comparator, "phase": Phase, "cycle": Cycle, "saturation": Saturation, "labour_market": LabourMarket, "scope": Scope}
    told = {v: _value(v, "da") for v in get_args(literals[field])}
    assert all(danish != value for value, danish in told.items()), told


def test_explain_shows_the_strongest_wording(edition: Edition) -> None:
    assert "Det stærkeste, der kan siges" in explain(edition.by_id["meetings-individual-strong"], edition, "da")
