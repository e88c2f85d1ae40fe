"""When does a sentence hold? One test for each status and for their order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Origin, Query
from virker.claims import Attestation, Check, Claim, Expectation, Number, Part, check_claim, works_to_get
from virker.claims.records import KnownDeviation, Override
from virker.rules import Parameter, Rules, Scheme

MakeBank = Callable[..., Bank]
SEED = Origin(document="notatet", level="seed")
ABSTRACT = Origin(document="resumé", level="abstract")
LAW = Rules(
    {
        "jobpraemie-2017": Scheme(
            id="jobpraemie-2017", da="jobpræmie", en="job bonus", about_da="…", about_en="…",
            parameter=(Parameter(id="rate_percent", da="sats", en="rate", value=10, unit="percent", reference="§ 3", source="loven", status="repealed"),
                       Parameter(id="secret", da="ukendt", en="unknown", value=1, reference="§ 9", source="omtale", status="unverified")),
        )
    }
)  # fmt: skip


def claim(kind: str = "synthesis", select: dict[str, Any] | None = None, expect: dict[str, Any] | None = None, **fields: Any) -> Claim:
    return Claim(
        id="paastand", kind=kind, section=1, da="Samtaler øger beskæftigelsen", en="Meetings raise employment",
        select=Query(**(select or {"intervention": "meetings", "outcome": "employment"})), expect=Expectation(**(expect or {"direction": "positive", "level": "moderate"})), **fields,
    )  # fmt: skip


def check(bank: Bank, c: Claim, attested: Attestation | None = None) -> Check:
    return check_claim(c, bank, LAW, "star-hierarchy", attested)


def test_supported_when_direction_and_level_are_carried(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding()), study("b-1", finding())), claim()).status == "supported"


def test_overstated_when_the_level_is_lower_than_the_words(bank_of: MakeBank) -> None:
    told = check(bank_of(study("a-1", finding())), claim())
    assert told.status == "overstated"
    assert any("moderate evidence" in r.en and "kræver" in r.da for r in told.reasons)


def test_overstated_when_the_knowledge_is_conflicting(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding()), study("b-1", finding(1, "negative"))), claim()).status == "overstated"


def test_contradicted_when_a_table_or_text_says_otherwise(bank_of: MakeBank) -> None:
    assert check(bank_of(*[study(f"a-{i}", finding(1, "none")) for i in range(2)]), claim()).status == "contradicted"


def test_differs_when_only_abstracts_say_otherwise(bank_of: MakeBank) -> None:
    assert check(bank_of(*[study(f"a-{i}", finding(1, "none", origin=ABSTRACT)) for i in range(2)]), claim()).status == "differs"


def test_not_traced_when_only_the_note_says_so(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding(origin=SEED)), study("b-1", finding(origin=SEED))), claim()).status == "not-traced"


def test_a_cited_work_without_findings_is_not_traced(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1")), claim("reported", {"study": "a-1"}, {"direction": "positive"})).status == "not-traced"


def test_too_little_is_red_never_green(bank_of: MakeBank) -> None:
    told = check(bank_of(study("a-1", finding(), design="matching")), claim(expect={"direction": "positive", "level": "indication"}))
    assert told.status == "too-little"
    assert told.fell


def test_a_query_that_matches_nothing_at_all_is_an_error_never_green(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding())), claim(select={"intervention": "sanctions"})).status == "error"


def test_an_unknown_rule_set_is_an_error(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding())), claim(expect={"direction": "positive", "rule_set": "stjerner"})).status == "error"


def test_an_unknown_level_is_an_error(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding())), claim(expect={"direction": "positive", "level": "solid"})).status == "error"


def test_a_named_person_s_judgement_stands_before_the_evidence_but_not_before_an_error(bank_of: MakeBank) -> None:
    override = Override(by="Åse Ærø", on=date(2026, 1, 1), da="skøn", en="judgement")
    assert check(bank_of(study("a-1", finding(1, "none"))), claim(judgement=override)).status == "judgement"
    assert check(bank_of(study("a-1", finding())), claim(select={"intervention": "sanctions"}, judgement=override)).status == "error"


REPORTED = {"select": {"study": "a-1", "intervention": "meetings"}, "expect": {"direction": "positive"}}


def test_a_report_holds_where_the_source_says_so(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding())), claim("reported", **REPORTED)).status == "supported"


def test_a_report_of_part_of_the_source_is_overstated(bank_of: MakeBank) -> None:
    """Unge – Godt i gang in small: more jobs for those with an education, fewer for those without."""
    two = study("a-1", finding(1, subgroup=("youth-with-education",)), finding(2, "negative", subgroup=("youth-without-education",)))
    assert check(bank_of(two), claim("reported", **REPORTED)).status == "overstated"


def test_a_report_of_what_the_source_calls_insignificant_differs_or_is_contradicted(bank_of: MakeBank) -> None:
    assert check(bank_of(study("a-1", finding(significant="no"))), claim("reported", **REPORTED)).status == "contradicted"
    assert check(bank_of(study("a-1", finding(significant="no", origin=ABSTRACT))), claim("reported", **REPORTED)).status == "differs"


def test_a_report_that_turns_an_association_into_an_effect_is_overstated(bank_of: MakeBank) -> None:
    only = study("a-1", finding(estimand="association"), design="observational")
    assert check(bank_of(only), claim("reported", **REPORTED)).status == "overstated"
    described = {**REPORTED, "expect": {"direction": "positive", "causal": False}}
    assert check(bank_of(only), claim("reported", **described)).status == "supported"


@pytest.mark.parametrize(
    ("printed", "level", "status"),
    [(10, "table", "supported"), (10.4, "table", "supported"), (12, "table", "contradicted"), (12, "abstract", "differs"), (10, "seed", "not-traced")],
)
def test_a_number_is_held_against_what_the_source_prints(bank_of: MakeBank, printed: float, level: str, status: str) -> None:
    source = study("a-1", finding(effect=printed, unit="percent", origin=Origin(document="x", level=level)))
    c = claim("reported", {"study": "a-1"}, {"numbers": (Number(value=10, unit="percent"),)})
    assert check(bank_of(source), c).status == status


def test_a_range_is_held_against_the_printed_bounds(bank_of: MakeBank) -> None:
    source = study("a-1", finding(effect_low=8.5, effect_high=9.5, unit="percent", origin=ABSTRACT))
    seed = study("b-1", finding(effect_low=4, effect_high=5, unit="percent", origin=SEED))
    c = claim("reported", {"study": ("a-1", "b-1")}, {"numbers": (Number(low=4, high=5, unit="percent"),)})
    assert check(bank_of(source, seed), c).status == "differs"


def test_a_sentence_of_which_only_the_note_tells_one_part_is_overstated(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(), finding(2, origin=SEED, intervention="meetings-group")))
    part = Part(select=Query(study="a-1", intervention="meetings-group"), expect=Expectation(direction="positive"))
    told = check(bank, claim("reported", {"finding": "a-1#1"}, {"direction": "positive"}, also=(part,)))
    assert told.status == "overstated"
    assert any("only in the note" in r.en for r in told.reasons)


def test_a_contradicted_part_wins_over_an_untraced_one(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(1, "negative"), finding(2, origin=SEED, intervention="meetings-group")))
    part = Part(select=Query(study="a-1", intervention="meetings-group"), expect=Expectation(direction="positive"))
    assert check(bank, claim("reported", {"finding": "a-1#1"}, {"direction": "positive"}, also=(part,))).status == "contradicted"


@pytest.mark.parametrize(("group", "status"), [("insured", "supported"), ("unemployed", "not-traced"), ("firms", "contradicted")])
def test_whom_a_source_is_about_is_held_against_the_groups_it_names(bank_of: MakeBank, group: str, status: str) -> None:
    c = claim("reported", {"study": "a-1"}, {"groups": ("insured",)})
    assert check(bank_of(study("a-1", finding(target_group=(group,)))), c).status == status


def rule(name: str, equals: object) -> Claim:
    return Claim(id="lov", kind="rule", section=8, da="satsen", en="the rate", expect=Expectation(rule=name, equals=equals))  # type: ignore[arg-type]


def test_a_rule_is_held_against_dated_law(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding()))
    assert check(bank, rule("jobpraemie-2017/rate_percent", 10)).status == "supported"
    assert check(bank, rule("jobpraemie-2017/rate_percent", 12)).status == "contradicted"
    assert check(bank, rule("jobpraemie-2017/secret", 1)).status == "not-traced"
    assert check(bank, rule("jobpraemie-2017/nothing", 1)).status == "error"


def deviation(status: str) -> KnownDeviation:
    return KnownDeviation(status=status, da="kendt", en="known", since=date(2026, 1, 1))  # type: ignore[arg-type]


def test_a_known_deviation_is_no_fall_and_stays_visible(bank_of: MakeBank) -> None:
    told = check(bank_of(study("a-1", finding())), claim(deviation=deviation("overstated")))
    assert (told.status, told.recorded, told.fell, told.rose) == ("overstated", "overstated", False, False)


def test_a_deviation_that_holds_again_is_told_and_is_no_failure(bank_of: MakeBank) -> None:
    told = check(bank_of(study("a-1", finding()), study("b-1", finding())), claim(deviation=deviation("overstated")))
    assert (told.status, told.fell, told.rose) == ("supported", False, True)


def test_worse_than_recorded_is_a_fall(bank_of: MakeBank) -> None:
    told = check(bank_of(study("a-1", finding(1, "none")), study("b-1", finding(1, "none"))), claim(deviation=deviation("overstated")))
    assert (told.status, told.fell) == ("contradicted", True)


def test_an_attested_untraced_claim_is_no_fall_but_losing_one_s_evidence_is(bank_of: MakeBank) -> None:
    seed = bank_of(study("a-1", finding(origin=SEED)))
    now = check(seed, claim())
    read = Attestation(by="Åse", on=date(2026, 1, 1), findings=now.findings_hash, status="not-traced")
    was_good = Attestation(by="Åse", on=date(2026, 1, 1), findings="x", status="supported")
    assert now.fell
    assert not check(seed, claim(), read).fell
    assert check(seed, claim(), was_good).fell


def test_needs_re_reading_when_the_findings_changed_since_somebody_read_them(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding()), study("b-1", finding()))
    read = Attestation(by="Åse", on=date(2026, 1, 1), findings=check(bank, claim()).findings_hash, status="supported")
    assert not check(bank, claim(), read).needs_rereading
    assert check(bank_of(study("a-1", finding()), study("b-1", finding()), study("c-1", finding())), claim(), read).needs_rereading


def test_works_to_get_are_ordered_by_how_many_claims_hang_on_them(bank_of: MakeBank) -> None:
    bank = bank_of(study("a-1", finding(origin=SEED)), study("b-1", finding(origin=SEED)))
    checks = [check(bank, claim("reported", {"study": s}, {"direction": "positive"})) for s in ("b-1", "b-1", "a-1")]
    named = [
        Check(**{**{f: getattr(c, f) for f in c.__slots__}, "claim": Claim(**{**{f: getattr(c.claim, f) for f in c.claim.__struct_fields__}, "id": f"c{i}"})})
        for i, c in enumerate(checks)
    ]
    assert [(w.study, w.claims) for w in works_to_get(named)] == [("b-1", ("c0", "c1")), ("a-1", ("c2",))]
