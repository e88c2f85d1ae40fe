"""Nothing was lost on the way from the coded studies to the bank."""

from __future__ import annotations

import csv
import json
import re

import pytest

from tests.conftest import RAW, ROOT
from virker.bank import Bank

RECORDS = sorted((ROOT / "bank" / "conversion").glob("*.csv"))
#: Deliveries as their README counts them: 700 and 223 findings, and three Danish youth rows.
FINDINGS = {"1": 700, "2": 223, "3": 3}


@pytest.fixture(scope="module")
def record() -> list[dict[str, str]]:
    return [row for path in RECORDS for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


def test_every_coded_finding_has_a_fate(record: list[dict[str, str]]) -> None:
    raw = {(r["delivery"], r["raw"]) for r in record if "#" in r["raw"] or r["delivery"] == "3"}
    assert {d: sum(1 for delivery, _ in raw if delivery == d) for d in FINDINGS} == FINDINGS


def test_every_fate_is_known_and_what_is_not_plainly_kept_says_why(record: list[dict[str, str]]) -> None:
    assert {r["fate"] for r in record} <= {"kept", "merged", "split", "dropped"}
    assert [r["raw"] for r in record if r["fate"] != "kept" and not r["why"].strip()] == []


def test_everything_kept_stands_in_the_bank(record: list[dict[str, str]], danish: Bank) -> None:
    missing = [
        r["into"] for r in record if r["fate"] != "dropped" and (danish.finding(r["into"]) is None if "#" in r["into"] else r["into"] not in danish.studies)
    ]
    assert missing == []


def test_every_finding_in_the_bank_is_accounted_for(record: list[dict[str, str]], danish: Bank) -> None:
    into = {r["into"] for r in record}
    assert [row.address for row in danish.rows if row.address not in into] == []


def test_no_study_appeared_from_nowhere(record: list[dict[str, str]], danish: Bank) -> None:
    assert {r["into"].split("#")[0] for r in record if r["into"]} == set(danish.studies)


@pytest.mark.skipif(not RAW.is_dir(), reason="the coded studies are not part of the repository")
def test_numbers_and_directions_are_those_of_the_coded_studies(record: list[dict[str, str]], danish: Bank) -> None:
    raw = {}
    for name in ("coded_studies.jsonl", "coded_studies_2.jsonl"):
        for line in (RAW / name).read_text(encoding="utf-8").splitlines():
            raw.update({f["id"]: f for f in json.loads(line).get("findings", [])})
    wrong = []
    for r in record:
        source = raw.get(r["raw"])
        row = danish.finding(r["into"])
        if r["fate"] != "kept" or source is None or row is None:
            continue
        for field in ("effect", "effect_low", "effect_high", "se", "ci_low", "ci_high", "p", "n_studies"):
            value = source.get(field)
            if isinstance(value, (int, float)) and getattr(row.finding, field) != value:
                wrong.append((r["raw"], field, value))
        if source.get("direction") and row.finding.direction != source["direction"] and not r["why"]:
            wrong.append((r["raw"], "direction", source["direction"]))
    assert wrong == []


@pytest.mark.skipif(not RAW.is_dir(), reason="the coded studies are not part of the repository")
def test_every_coded_study_is_in_the_bank_or_was_split(record: list[dict[str, str]], danish: Bank) -> None:
    ids = {
        json.loads(line)["id"] for name in ("coded_studies.jsonl", "coded_studies_2.jsonl") for line in (RAW / name).read_text(encoding="utf-8").splitlines()
    }
    assert ids - set(danish.studies) == set()


def test_addresses_of_copies_are_never_shown(danish: Bank) -> None:
    copies = re.compile(r"9pdf|docplayer|mafiadoc|vlex|ouci|topsight|abcdocz|yumpu|dokumen|studylib|moam\.", re.I)
    assert [s.id for s in danish.studies.values() if s.url and copies.search(s.url)] == []
