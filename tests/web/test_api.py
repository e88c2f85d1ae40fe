"""The API: what it answers, how it says what is wrong, and that it is as its own specification tells."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import jsonschema
import pytest

from tests.web.live import Live, live_site
from virker.bank import Query
from virker.claims.edition import Edition
from virker.synthesis import RULE_SETS, verdict
from virker.synthesis.verdict import Setting
from virker.web.api.routes import ENDPOINTS
from virker.web.app import create_app
from virker.web.site import Site

ROOT = "/api/v1"


@pytest.fixture(scope="module")
def live_pages(edition: Edition) -> Site:
    return live_site(edition)


@pytest.fixture(scope="module")
def live(live_pages: Site) -> Live:
    return Live(create_app(live_pages))


@pytest.fixture(scope="module")
def spec(live: Live) -> dict[str, Any]:
    found: dict[str, Any] = live.get(f"{ROOT}/openapi.json").json()
    return found


def test_the_verdict_is_the_one_that_the_program_gives(live: Live, edition: Edition) -> None:
    said = live.get(f"{ROOT}/verdict?intervention=meetings&outcome=employment").json()
    ours = verdict(edition.bank, Query(intervention=("meetings",), outcome=("employment",)))
    assert (said["verdict"]["direction"], said["verdict"]["level"]) == (ours.direction, ours.level)
    assert said["findings"] == list(ours.findings)
    assert said["said"]["da"].startswith("positiv")


@pytest.mark.parametrize("name", RULE_SETS)
def test_every_rule_set_judges_the_same_question(live: Live, edition: Edition, name: str) -> None:
    said = live.get(f"{ROOT}/verdict?intervention=wage-subsidy-private&rule_set={name}").json()
    ours = verdict(edition.bank, Query(intervention=("wage-subsidy-private",)), name)
    assert (said["rule_set"], said["verdict"]["direction"], said["verdict"]["level"]) == (name, ours.direction, ours.level)


def test_a_setting_in_the_address_changes_the_verdict_and_is_told(live: Live, edition: Edition) -> None:
    asked = "intervention=meetings&outcome=employment&rule_set=vote-count"
    usual = live.get(f"{ROOT}/verdict?{asked}").json()
    said = live.get(f"{ROOT}/verdict?{asked}&vote-count.fewest=99").json()
    query, changed = Query(intervention=("meetings",), outcome=("employment",)), {"fewest": Setting(99, False, "", "")}
    ours = verdict(edition.bank, query, "vote-count", changed)
    assert (usual["changed"], said["changed"]) == ([], ["fewest"])
    assert said["verdict"]["direction"] == ours.direction == "too-little"
    assert usual["verdict"]["direction"] == verdict(edition.bank, query, "vote-count").direction == "positive"


def test_a_study_a_finding_a_trial_and_a_claim_can_be_read_by_their_ids(live: Live, edition: Edition) -> None:
    study = live.get(f"{ROOT}/studies/pedersen-2012").json()
    assert study["study"]["id"] == "pedersen-2012"
    assert study["maryland"] == 5
    assert live.get(f"{ROOT}/findings/pedersen-2012/1").json()["address"] == "pedersen-2012#1"
    papers = live.get(f"{ROOT}/trials/hurtigt-i-gang-2").json()["studies"]
    assert papers == [s.id for s in edition.bank.studies.values() if s.trial == "hurtigt-i-gang-2"]
    check = edition.checks[0]
    assert live.get(f"{ROOT}/claims/{check.claim.id}").json()["status"] == check.status


def test_lists_come_in_pages_and_the_links_lead_through_all_of_them(live: Live, edition: Edition) -> None:
    path, seen = f"{ROOT}/studies?limit=100", []
    while path:
        answer = live.get(path)
        seen += [s["id"] for s in answer.json()["items"]]
        follow = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
        path = follow[1] if follow else ""
    assert seen == list(edition.bank.studies)
    assert 'rel="prev"' in answer.headers["link"]
    assert answer.json()["total"] == len(seen)


def test_the_search_in_studies_reads_danish_letters(live: Live) -> None:
    found = live.get(f"{ROOT}/studies", params={"q": "Rådet"}).json()["items"]
    assert found
    assert all("rådet" in f"{s['id']} {s['title']} {' '.join(s['authors'])}".casefold() for s in found)


def test_claims_can_be_asked_for_by_status(live: Live, edition: Edition) -> None:
    found = live.get(f"{ROOT}/claims?status=overstated&status=contradicted&limit=500").json()
    assert {c["id"] for c in found["items"]} == {c.claim.id for c in edition.checks if c.status in ("overstated", "contradicted")}


def test_a_term_tells_its_place_in_the_tree_and_its_studies(live: Live, edition: Edition) -> None:
    meetings = live.get(f"{ROOT}/interventions/meetings").json()
    under = edition.bank.vocabulary.under("interventions", "meetings")
    assert meetings["studies"] == len({r.study.id for r in edition.bank.rows if r.finding.intervention in under})
    assert live.get(f"{ROOT}/interventions/meetings-individual").json()["above"][0] == "meetings"


def test_the_law_is_told_as_it_stood_on_the_day(live: Live) -> None:
    then = live.get(f"{ROOT}/rules/jobpraemie-2017?on=2018-01-01").json()
    limit = next(p for p in then["parameters"] if p["id"] == "max_per_month_dkk")
    assert limit["in_force"]["value"] == 2500
    assert next(p for p in live.get(f"{ROOT}/rules/jobpraemie-2017?on=2020-01-01").json()["parameters"] if p["id"] == "max_per_month_dkk")["in_force"] is None


def test_the_export_of_a_question_is_exactly_its_findings(live: Live, edition: Edition) -> None:
    asked = "intervention=meetings&outcome=employment&year_from=2010"
    wanted = [r.address for r in edition.bank.select(Query(intervention=("meetings",), outcome=("employment",), year_from=2010))]
    assert wanted
    rows = list(csv.DictReader(io.StringIO(live.get(f"{ROOT}/export.csv?{asked}").content.decode("utf-8-sig"))))
    assert sorted(f"{r['study']}#{r['id']}" for r in rows) == sorted(wanted)
    told = live.get(f"{ROOT}/export.json?{asked}").json()
    assert sorted(f"{s['id']}#{f['id']}" for s in told["studies"] for f in s["finding"]) == sorted(wanted)
    studies = {a.partition("#")[0] for a in wanted}
    ris = live.get(f"{ROOT}/export.ris?{asked}").content.decode("utf-8")
    assert set(re.findall(r"^ID  - (.+)\r$", ris, re.M)) == studies
    assert ris.count("ER  - ") == len(studies)
    assert set(re.findall(r"^@\w+\{([^,]+),", live.get(f"{ROOT}/export.bib?{asked}").text, re.M)) == studies
    book = live.get(f"{ROOT}/export.xlsx?{asked}")
    assert book.content.startswith(b"PK")
    assert "attachment" in book.headers["content-disposition"]


def test_the_export_without_a_question_is_the_whole_bank(live: Live, edition: Edition) -> None:
    told = live.get(f"{ROOT}/export.json").json()
    assert sum(len(s.get("finding", ())) for s in told["studies"]) == len(edition.bank.rows)
    assert len(told["trials"]) == len({s.trial for s in edition.bank.studies.values() if s.trial})


def test_an_unchanged_answer_is_not_sent_again(live: Live) -> None:
    first = live.get(f"{ROOT}/verdict?intervention=meetings")
    again = live.get(f"{ROOT}/verdict?intervention=meetings", headers={"If-None-Match": first.headers["etag"]})
    other = live.get(f"{ROOT}/verdict?intervention=meetings", headers={"If-None-Match": 'W/"an-older-bank"'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert other.status_code == 200


def test_the_tag_changes_with_the_bank(live_pages: Site, edition: Edition) -> None:
    smaller = Site(Edition(**{**{f: getattr(edition, f) for f in edition.__dataclass_fields__}, "bank": edition.bank.literature_of(2015)}), live=True)
    path = f"{ROOT}/studies"
    assert Live(create_app(smaller)).get(path).headers["etag"] != Live(create_app(live_pages)).get(path).headers["etag"]


def test_a_problem_tells_all_that_is_wrong_with_the_nearest_words(live: Live) -> None:
    answer = live.get(f"{ROOT}/verdict?intervention=meetins&yeer_from=2000&min_maryland=9&rule_set=star")
    told = answer.json()
    assert answer.status_code == told["status"] == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [e["where"] for e in told["errors"]] == ["intervention", "yeer_from", "min_maryland", "rule_set"]
    assert "'meetings'" in told["errors"][0]["todo"]
    assert "'year_from'" in told["errors"][1]["todo"]
    assert live.get(told["type"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/studies/pedersen-2013", 404, "pedersen-2012"),
        ("/findings/pedersen-2012/999", 404, "pedersen-2012#"),
        ("/trials/hurtigt-i-gang", 404, "hurtigt-i-gang-2"),
        ("/interventions/samtaler", 404, ""),
        ("/rules/jobpraemie", 404, "jobpraemie-2017"),
        ("/stuudies", 404, "/api/v1/studies"),
        ("/verdict", 422, "verdict on nothing"),
        ("/verdict?intervention=", 422, "is empty"),
        ("/verdict?intervention=meetings&year_from=2020&year_to=2010", 422, "swap"),
        ("/rules?on=2024-02-30", 422, "2024-02-30"),
        ("/studies?limit=0", 422, "1 to 500"),
        ("/studies?offset=-1", 422, "0 to"),
    ],
)
def test_what_cannot_be_answered_is_told_with_what_to_do(live: Live, path: str, status: int, word: str) -> None:
    answer = live.get(ROOT + path)
    assert answer.status_code == answer.json()["status"] == status
    assert word in answer.text


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.method == "POST"], ids=lambda e: e.path)
def test_a_calculator_answers_its_own_example_and_nobody_may_keep_the_answer(live: Live, endpoint: Any) -> None:
    answer = live.ask("POST", ROOT + endpoint.path, json=endpoint.example)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "guard" in answer.json()


def test_the_job_bonus_over_http_is_capped_at_2500_kr_a_month(live: Live) -> None:
    facts = {"earnings": {"2017-04": 40000}, "benefit": "kontanthjælp", "weeks": 48, "lives_in_denmark": True}
    steps = {s["id"]: s for s in live.ask("POST", f"{ROOT}/practice/jobpraemie", json=facts).json()["steps"]}
    assert steps["2017-04"]["value"] == 2500


def test_wrong_facts_are_told_all_at_once(live: Live) -> None:
    answer = live.ask("POST", f"{ROOT}/practice/loentilskud", json={"on": "i morgen", "employer": 3, "shoe_size": 44})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) >= 4  # the day, the employer, the unknown field, the group that is missing


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"{", "application/json", 400), (b"[1]", "application/json", 422), (b"{}", "text/plain", 415), (b'{"a": 1e999}', "application/json", 400), (b"\xff\xfe", "application/json", 400)],
)  # fmt: skip
def test_what_is_no_json_is_refused(live: Live, body: bytes, kind: str, status: int) -> None:
    answer = live.ask("POST", f"{ROOT}/practice/loentilskud", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_plan_is_held_within_what_the_server_can_do(live: Live) -> None:
    example = next(e.example for e in ENDPOINTS if e.path == "/plan")
    large = {**example, "draws": 100_000, "weeks": 9_999, "people": {"inflow": 1, "stock": [{"from": 0, "to": 10**9, "people": 1}], "assumed": "æ" * 600}}
    told = live.ask("POST", f"{ROOT}/plan", json=large)
    assert told.status_code == 422
    assert {e["where"] for e in told.json()["errors"]} == {"draws", "weeks", "people.stock.0.to", "people.assumed"}


def test_the_specification_is_openapi_and_names_every_endpoint(spec: dict[str, Any], edition: Edition) -> None:
    assert spec["openapi"] == "3.1.0"
    assert {(p.removeprefix(ROOT), m.upper()) for p, one in spec["paths"].items() for m in one} == {(e.path, e.method) for e in ENDPOINTS}
    assert spec["components"]["parameters"]["intervention"]["schema"]["items"]["enum"] == sorted(edition.bank.vocabulary["interventions"])
    assert not re.search(r'"\$ref": "(?!#/components/)', json.dumps(spec))


def test_every_answer_of_an_example_is_as_the_specification_tells(live: Live, spec: dict[str, Any]) -> None:
    checked = 0
    for path, methods in spec["paths"].items():
        told = methods.get("get")
        if told is None or "json" not in str(told["responses"]["200"]["content"]):
            continue
        parts = {p["name"]: p.get("example", "") for p in told["parameters"] if p.get("in") == "path"}
        if not all(parts.values()):
            continue
        asked = "?intervention=meetings" if path.endswith(("/verdict", "/verdicts", "/pooled")) else ""
        schema = told["responses"]["200"]["content"].get("application/json", {}).get("schema")
        if schema:
            jsonschema.Draft202012Validator({**schema, "components": spec["components"]}).validate(live.get(path.format(**parts) + asked).json())
            checked += 1
    assert checked > 20


def test_pooled_effects_say_what_stands_together_and_what_cannot_be_weighed(live: Live, edition: Edition) -> None:
    told = live.get(f"{ROOT}/pooled?intervention=rehabilitation").json()
    by_status = {s: [c for c in told["cells"] if c["status"] == s] for s in ("pooled", "too-few", "single", "none")}
    assert by_status["pooled"]
    for cell in by_status["pooled"]:
        assert cell["units"] == len({m["unit"] for m in cell["members"]}) >= 3
        assert cell["ci_low"] < cell["estimate"] < cell["ci_high"]
        assert all(edition.bank.finding(m["address"]) is not None for m in cell["members"])
        assert sum(m["weight"] for m in cell["members"]) == pytest.approx(100)
    assert all(c["estimate"] is None for c in by_status["too-few"])
    assert told["said"][0]["da"] != told["said"][0]["en"]


def test_everything_at_once_cannot_be_pooled(live: Live) -> None:
    assert live.get(f"{ROOT}/pooled").status_code == 422
