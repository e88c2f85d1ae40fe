"""The agency's sentences and our own note, on the real bank."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import jsonschema
import pytest

from tests.conftest import RAW, ROOT
from virker.claims import STATUSES, Edition, check_claims
from virker.claims.report import as_data, json_report, junit_report, summary, text_report
from virker.claims.selftest import self_test

SEED = RAW.parent / "seed" / "sentences.tsv"


def test_every_sentence_has_a_claim_or_a_reason_why_not(edition: Edition) -> None:
    covered = {s for c in edition.book.claims for s in c.sentences}
    assert len(edition.book.sentences) == 136
    for sentence in edition.book.sentences:
        assert (sentence.id in covered) != bool(sentence.no_claim_en and sentence.no_claim_da), sentence.id


@pytest.mark.skipif(not SEED.exists(), reason="the agency's note is not part of the repository")
def test_the_sentences_are_those_of_the_note_and_none_of_its_text_is_committed(edition: Edition) -> None:
    lines = [line.split("\t") for line in SEED.read_text(encoding="utf-8").splitlines()[1:]]
    assert [s.id for s in edition.book.sentences] == [i for i, _ in lines]
    words = re.findall(r"\w+", " ".join(text for _, text in lines).casefold())
    runs = {tuple(words[i : i + 9]) for i in range(len(words) - 8)}
    for path in [
        *(ROOT / "notes").rglob("*.toml"),
        *(ROOT / "notes").rglob("*.md"),
        *(ROOT / "bank").rglob("*.toml"),
        *(ROOT / "bank" / "studies").glob("*.md"),
        *(ROOT / "bank").rglob("*.csv"),
        *(p for d in ("rules", "docs", "src", "tests") for p in (ROOT / d).rglob("*") if p.suffix in {".toml", ".md", ".py", ".txt"}),
        *ROOT.glob("*.md"),
    ]:
        own = re.findall(r"\w+", path.read_text(encoding="utf-8").casefold())
        assert not [own[i : i + 9] for i in range(len(own) - 8) if tuple(own[i : i + 9]) in runs], path


def test_no_claim_is_in_error(edition: Edition) -> None:
    assert [c.claim.id for c in edition.checks if c.status == "error"] == []


def test_everything_is_as_recorded(edition: Edition) -> None:
    assert [(c.claim.id, c.status, c.recorded) for c in edition.checks if c.fell or c.rose] == []


def test_the_notes_say_nothing_that_does_not_hold(edition: Edition) -> None:
    assert [str(p) for p in edition.note_problems] == []


def test_our_own_claims_hold(edition: Edition) -> None:
    assert [c.claim.id for c in edition.checks if not c.claim.sentences and c.status != "supported"] == []


def test_computed_statuses_are_never_recorded_as_expected(edition: Edition) -> None:
    assert {c.deviation.status for c in edition.book.claims if c.deviation} <= {"overstated", "contradicted", "differs"}


def test_every_deviation_says_why_in_both_languages(edition: Edition) -> None:
    for claim in edition.book.claims:
        if claim.deviation:
            assert len(claim.deviation.da) > 30, claim.id
            assert len(claim.deviation.en) > 30, claim.id


def test_the_note_is_never_its_own_witness(edition: Edition) -> None:
    """A supported claim has at least one finding outside the note, or stands on the law."""
    for check in edition.checks:
        if check.status == "supported":
            assert check.findings or check.claim.kind == "rule", check.claim.id


def test_every_claim_moves_when_its_evidence_is_turned_round(edition: Edition) -> None:
    trials = self_test(edition.checks, edition.bank, edition.rules, edition.workspace.settings.rule_set)
    assert len(trials) > 300
    assert [t for t in trials if not t.moved] == []


def test_turning_one_line_in_one_study_is_felt(edition: Edition) -> None:
    """What the whole program is for: one direction turned in one file, and sentences fall."""
    import msgspec

    study = edition.bank.studies["humlum-2025"]
    findings = tuple(msgspec.structs.replace(f, direction="negative") if f.id == 4 else f for f in study.finding)
    turned = edition.bank.replacing({study.id: msgspec.structs.replace(study, finding=findings)})
    after = check_claims(edition.book.claims, turned, edition.rules, "star-hierarchy", edition.book.attestations)
    fallen = {a.claim.id for a, b in zip(after, edition.checks, strict=True) if a.fell and not b.fell}
    assert "training-classroom-29" in fallen
    assert all(a.needs_rereading for a in after if "humlum-2025#4" in a.findings)


def test_an_empty_literature_carries_nothing(edition: Edition) -> None:
    then = check_claims(
        edition.book.claims, edition.bank.literature_of(1980), edition.rules, "star-hierarchy", {}, day=__import__("datetime").date(1980, 12, 31)
    )
    assert {c.status for c in then if c.claim.kind != "rule"} <= {"not-traced", "too-little"}


def test_the_json_report_keeps_to_its_schema(edition: Edition) -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "claims.schema.json").read_text(encoding="utf-8"))
    data = json.loads(json_report(edition))
    jsonschema.validate(data, schema)
    assert {c["status"] for c in data["claims"]} <= set(STATUSES)
    assert all(c["reasons"]["da"] and c["reasons"]["en"] for c in data["claims"])


def test_the_junit_report_counts_what_the_claims_count(edition: Edition) -> None:
    suites = ET.fromstring(junit_report(edition).encode())
    assert sum(int(s.get("tests", 0)) for s in suites) == len(edition.checks)
    assert sum(int(s.get("failures", 0)) for s in suites) == len([c for c in edition.fell if c.status != "error"])


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_first_line_tells_how_many_are_supported(edition: Edition, language: str) -> None:
    supported = sum(c.status == "supported" for c in edition.checks)
    assert summary(edition, language).startswith(f"{supported} ")
    assert "supported" in summary(edition, language).splitlines()[0]
    assert text_report(edition, language).startswith(summary(edition, language))


def test_the_report_ends_with_the_works_to_get(edition: Edition) -> None:
    works = as_data(edition)["works_to_get"]
    assert works
    counts = [len(w["claims"]) for w in works]
    assert counts == sorted(counts, reverse=True)
    assert text_report(edition, "en").splitlines()[-1].split()[1] == works[-1]["study"]
