"""Nothing that anybody sends gets more than a clear refusal: no fault of ours, no trace, nothing outside the site."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from tests.web.live import FROM_HERE, Live, live_site, parts_of
from virker.claims.edition import Edition
from virker.synthesis import RULE_SETS
from virker.web.api.endpoint import ROOT
from virker.web.api.routes import ENDPOINTS
from virker.web.app import create_app
from virker.web.asked import parameters_of
from virker.web.safety import Guard, host_of, is_loopback
from virker.web.site import Site


@pytest.fixture(scope="module")
def pages(edition: Edition) -> Site:
    return live_site(edition)


@pytest.fixture(scope="module")
def live(pages: Site) -> Live:
    return Live(create_app(pages))


def test_every_answer_carries_the_policy_and_sets_no_cookie(live: Live) -> None:
    for path in (
        "/",
        "/da/index.html",
        "/da/nothing.html",
        "/assets/site.css",
        "/api/v1",
        "/api/v1/verdict",
        "/api/v1/nothing",
        "/api/v1/openapi.json",
        "/robots.txt",
    ):
        headers = live.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        for word in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert word in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "set-cookie" not in headers
        assert "server" not in headers


@pytest.mark.parametrize(
    "path", ["/da/query.html?intervention=meetings", "/en/query.html?x=1", "/da/suggest.html", "/da/check.html", "/da/search.html?q=samtaler", "/da/no.html"]
)
def test_no_live_page_needs_more_than_the_policy_allows(live: Live, path: str) -> None:
    """No inline style or script, no handler, nothing from another host."""
    text = live.get(path).text
    assert "<main" in text
    for pattern in (
        r"<[a-zA-Z][^<>]*\sstyle\s*=",
        r"<style",
        r"<script(?![^>]*\ssrc=)",
        r"<[a-zA-Z][^<>]*\son[a-z]+\s*=",
        r'<(?:img|script|link|form)[^>]*(?:src|href|action)="(?:https?:)?//',
    ):
        assert not re.search(pattern, text), pattern


_TRICKS = [
    b"/../../etc/passwd",
    b"/da/../../pyproject.toml",
    b"/assets/../app.py",
    b"/assets/..",
    b"/assets/%2e%2e/app.py",
    b"/files/../../virker.toml",
    b"/files/study/../../x.json",
    b"/files/note/x.da.pdf",
    b"//evil.example/",
    b"/\\evil.example",
    b"/da/study/..\\..\\x.html",
    b"/da/index.html\x00.css",
    b"/da/\xff\xfe.html",
    "/da/study/æøå.html".encode(),
    b"/da/" + b"a" * 10_000 + b".html",
    b"/api/v1/studies/" + b"x" * 900,
    b"/api/v1/studies/\x00",
    b"/api/v1/../../x",
    b"/da/study/<script>alert(1)</script>.html",
    b"/problems/nothing",
    b"/da/index.html/",
]


@pytest.mark.parametrize("path", _TRICKS, ids=lambda p: p[:30].decode("ascii", "backslashreplace"))
def test_a_trick_with_the_path_gets_nothing_but_a_refusal(live: Live, path: bytes) -> None:
    status, headers, body = live.raw(path)
    assert status == 302 or 400 <= status < 500
    if status == 302:
        assert headers["location"].startswith("/")
        assert not headers["location"].startswith("//")
    assert b"Traceback" not in body
    assert b"<script>alert" not in body
    assert b"build-system" not in body


_QUERIES = [
    b"intervention=" + b"x" * 10_000,
    b"intervention=%00",
    b"intervention=meetings%0d%0aSet-Cookie:%20a=b",
    b"intervention=%ff%fe",
    b"intervention=\xff",
    b"intervention=%ed%a0%80",
    b"&".join([b"intervention=meetings"] * 150),
    b"&".join(b"x%d=1" % i for i in range(5000)),
    b"intervention=meetings&year_from=99999999999999999999999",
    b"intervention=meetings&year_from=-1",
    b"intervention=meetings&year_from=2000.5",
    b"intervention=meetings&year_from=%D9%A1%D9%A9%D9%A9%D9%A9",
    b"intervention=meetings&min_maryland=NaN",
    b"intervention=meetings&horizon_from=inf",
    b"intervention=meetings&horizon_from=1e400",
    b"intervention=meetings&jobeffekter-g2.few_studies_below=0",
    b"intervention=meetings&jobeffekter-g2.majority_share=nan",
    b"intervention=meetings&star-hierarchy.studies_for_strong=-5",
    b"intervention=meetings&pathways.employment_outcomes=employment%20nothing",
    b"intervention=<script>alert(1)</script>",
    b"intervention=' OR 1=1 --",
    b"intervention[]=meetings",
    b"intervention=meetings;outcome=employment",
    b"%69ntervention=meetings%",
    b"=",
    b"&&&",
    b"limit=9999999999",
    b"" + b"a" * 60_000,
]


@pytest.mark.parametrize("query", _QUERIES, ids=lambda q: q[:40].decode("ascii", "backslashreplace"))
@pytest.mark.parametrize(
    "path",
    [
        b"/api/v1/verdict",
        b"/api/v1/findings",
        b"/api/v1/export.csv",
        b"/da/query.html",
        b"/da/search.html",
        b"/en/law.html",
        b"/en/changes.html",
        b"/da/suggest.html",
    ],
)
def test_a_bad_question_gets_a_clear_refusal_or_a_plain_answer(live: Live, path: bytes, query: bytes) -> None:
    status, headers, body = live.raw(path, query)
    asks_the_bank = path in (b"/api/v1/verdict", b"/da/query.html") and query not in (b"&&&", b"=")
    assert status < 500
    assert not asks_the_bank or status in (302, 400, 414, 422)
    assert b"Traceback" not in body
    assert b"<script>alert" not in body or "json" in headers["content-type"]
    assert "set-cookie" not in headers
    if path.startswith(b"/api") and status >= 400:
        assert headers["content-type"] == "application/problem+json"


def test_every_setting_can_stand_at_the_ends_of_what_it_allows(live: Live, pages: Site) -> None:
    """The rule sets are made for sensible settings; the ends must give a verdict and no fault."""
    for name, rules in RULE_SETS.items():
        settings = [p for p in parameters_of(pages) if p.name.startswith(f"{name}.")]
        assert len(settings) == len(rules.settings)
        for p, end in product(settings, ("low", "high")):
            schema = p.schema
            values: Any = schema.get("enum") or (["false", "true"] if schema["type"] == "boolean" else [schema.get("minimum"), schema.get("maximum")])
            value = values[0] if end == "low" else values[-1]
            if value is None:
                value = "" if end == "low" else "employment"
            for asked in ("intervention=meetings", "intervention=subsidies&outcome=employment", "intervention=digital"):
                query = asked if value == "" else f"{asked}&{p.name}={value}"
                answer = live.get(f"{ROOT}/verdict?{query}&rule_set={name}")
                assert answer.status_code == 200 or "is not known" in answer.text, f"{p.name}={value}: {answer.text}"


_BODIES: list[Any] = [
    {}, {"earnings": {}}, {"earnings": []}, {"earnings": {"": 1}}, {"earnings": {"2017-04..9999-12": 1}}, {"earnings": {"0001-01": 1}}, {"earnings": {"9999-12": 1}},
    {"earnings": {"2017-04": 1e308}}, {"earnings": {"2017-04": -1}}, {"earnings": [["2017-04"]]}, {"earnings": {"x" * 10_000: 1}}, {"earnings": {f"{i}": 1 for i in range(5000)}},
    {"earnings": {"2017-04": 1}, "weeks": 10**18, "benefit": "æ"}, {"on": "0001-01-01", "group": "dagpenge", "employer": "private"},
    {"on": "9999-12-31", "group": "dagpenge", "employer": "private", "months_on_benefits": 1e300, "age": -10**15}, {"on": "2024-01-01", "group": "\u0000", "employer": "private"},
    {"unemployed_from": "9999-12-31"}, {"unemployed_from": "1900-01-01"}, {"unemployed_from": "2069-12-31", "age": 10**15},
    {"registered": "9999-12-31", "group": "insured"}, {"registered": "2026-09-01", "group": "insured", "held": ["2026-09-08"] * 500}, {"registered": "2026-09-01", "group": "insured", "on": "9999-01-01"},
    {"registered": "2070-09-01", "group": "insured"}, {"registered": "2026-09-01", "group": "insured", "on": "2070-01-01"}, {"registered": "2026-W36-1", "group": "insured"},
    {"a": [[[[[[[[[[[[1]]]]]]]]]]]]}, {"measure": {}}, {"weeks": True}, {"weeks": -1, "draws": 0},
]  # fmt: skip


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.method == "POST"], ids=lambda e: e.path)
def test_absurd_facts_never_bring_a_calculator_down(live: Live, endpoint: Any) -> None:
    bodies = _BODIES + [
        {**endpoint.example, key: value} for key in endpoint.example for value in (None, [], {}, "", "x" * 300, -1, 1e300, True, "9999-12-31", "1930-01-01")
    ]
    for body in bodies:
        answer = live.ask("POST", ROOT + endpoint.path, json=body)
        assert answer.status_code in (200, 413, 422, 429), f"{body}: {answer.text[:300]}"
        assert "Traceback" not in answer.text


def test_what_is_sent_without_end_is_cut_off(live: Live) -> None:
    endless = parts_of(b'{"a": "', *[b"x" * 100_000] * 40)
    answer = live.ask("POST", f"{ROOT}/plan", content=endless, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    deep = b"[" * 100_000
    assert live.ask("POST", f"{ROOT}/plan", content=deep, headers={"Content-Type": "application/json"}).status_code == 400
    lied = live.raw(b"/api/v1/plan", method="POST", headers=[(b"content-type", b"application/json"), (b"content-length", b"2")], body=[b"x" * 300_000])
    assert lied[0] == 413


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"form=study&title=%ff", 400),
        ("application/x-www-form-urlencoded", b"form=study&title=%00", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * 5000, 400),
        ("application/x-www-form-urlencoded", b"title=" + b"x" * 100_000, 413),
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nnothing", 422),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n", 400),
        ("application/json", b"{}", 415),
        ("", b"form=study", 415),
    ],
)
def test_what_is_no_form_is_refused(pages: Site, kind: str, body: bytes, status: int) -> None:
    answer = Live(create_app(pages)).ask("POST", "/da/suggest.html", content=body, headers={**FROM_HERE, "Content-Type": kind})
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_a_fault_of_ours_is_told_without_a_trace(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    def broken(*_: object) -> str:
        raise RuntimeError("hemmelig sti /etc/passwd")

    monkeypatch.setattr("virker.web.serve_pages.page_html", broken)
    app = create_app(pages)

    class Forgiving(Live):
        def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
            import asyncio

            async def one() -> httpx.Response:
                async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False), base_url="http://localhost") as client:
                    return await client.request(method, path)

            return asyncio.run(one())

    answer = Forgiving(app).get("/da/about.html")
    assert answer.status_code == 500
    assert "hemmelig" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("host", "status"), [("localhost", 200), ("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("evil.example", 421), ("", 421)]
)
def test_on_this_machine_only_it_answers_to_its_own_names(pages: Site, host: str, status: int) -> None:
    from virker.web.safety import LOOPBACK_NAMES

    assert Live(create_app(pages, LOOPBACK_NAMES)).get("/api/v1", headers={"Host": host}).status_code == status


def test_hosts_are_read_as_they_are_written() -> None:
    assert [host_of(h) for h in ("A.dk:80", "[::1]", "")] == ["a.dk", "::1", ""]
    assert [is_loopback(h) for h in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", "192.168.1.2", "example.dk")] == [True] * 4 + [False] * 3


def test_the_guard_is_outside_of_everything(pages: Site) -> None:
    assert isinstance(create_app(pages), Guard)
