"""The live site: the same pages as the files, the question and its answer, the languages, and ``virker serve`` itself."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

from tests.web.live import Live, live_site
from virker.bank import Query
from virker.claims.edition import Edition
from virker.cli.app import app as command
from virker.cli.serve import started
from virker.errors import UserError
from virker.language import LANGUAGES
from virker.synthesis import RULE_SETS, verdict
from virker.web.address import Address
from virker.web.app import create_app
from virker.web.site import Site, assets
from virker.web.written import page_html


@pytest.fixture(scope="module")
def pages(edition: Edition) -> Site:
    return live_site(edition)


@pytest.fixture(scope="module")
def live(pages: Site) -> Live:
    return Live(create_app(pages))


def text(content: bytes) -> str:
    return " ".join(html.document_fromstring(content.decode("utf-8")).text_content().split())


def test_a_page_has_the_same_bytes_at_the_same_address_as_the_file(live: Live, pages: Site) -> None:
    for language in LANGUAGES:
        for kind, one in (("index", ""), ("about", ""), ("study", "pedersen-2012"), ("query", "")):
            address = Address(language, kind, one)
            answer = live.get(f"/{address.path}")
            assert answer.content == page_html(pages, address).encode("utf-8")
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "language"), [("da", "da"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.5,da;q=0.7", "da"), ("", "da"), ("*", "da"), ("en;q=abc;;,,", "da"), ("en;q=0", "da")]
)  # fmt: skip
def test_the_root_leads_to_the_reader_s_language(live: Live, accept: str, language: str) -> None:
    answer = live.get("/", headers={"Accept-Language": accept})
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{language}/index.html")
    assert live.get("/was", headers={"Accept-Language": accept}).headers["location"] == f"/{language}/accessibility.html"


def test_folders_lead_to_the_front_page(live: Live) -> None:
    assert [live.get(p).headers["location"] for p in ("/da", "/da/", "/en", "/en/")] == ["/da/index.html"] * 2 + ["/en/index.html"] * 2


def test_assets_are_served_with_their_type_and_not_sent_twice(live: Live) -> None:
    for name, content in assets().items():
        answer = live.get(f"/assets/{name}")
        assert answer.content == content
        assert answer.headers["content-type"] != "application/octet-stream", name
        assert live.get(f"/assets/{name}", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_a_page_that_has_not_changed_is_not_sent_again(live: Live) -> None:
    first = live.get("/da/index.html")
    assert live.get("/da/index.html", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert live.get("/en/index.html", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/da/findes-ikke.html", "/en/study/nobody-1999.html", "/noget/helt/andet", "/assets/nothing.css", "/files/nothing.pdf", "/da/study/.html"]
)
def test_what_is_not_there_is_told_in_both_languages_in_the_frame_of_the_site(live: Live, path: str) -> None:
    answer = live.get(path)
    assert answer.status_code == 404
    told = text(answer.content)
    assert "Der er ingen side på den adresse" in told
    assert "There is no page at that address" in told
    tree = html.document_fromstring(answer.content.decode("utf-8"))
    for link in [*tree.xpath("//a/@href"), *tree.xpath("//link/@href")]:
        if not link.startswith("#"):
            assert live.get(link).status_code in (200, 302), f"{path}: {link}"


def test_a_page_of_a_deeper_folder_that_is_not_there_still_has_its_style(live: Live) -> None:
    tree = html.document_fromstring(live.get("/en/study/nobody-1999.html").content.decode("utf-8"))
    assert tree.xpath("//link[@rel='stylesheet']/@href") == ["/assets/site.css"]


def test_a_page_that_takes_nothing_says_so_when_something_is_sent(live: Live) -> None:
    answer = live.post("/da/about.html", data={"a": "b"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert live.ask("DELETE", "/api/v1/studies").json()["status"] == 405


def test_every_download_that_a_page_offers_can_be_had(live: Live) -> None:
    for path in ("/da/download.html", "/en/study/pedersen-2012.html", "/da/intervention/meetings.html"):
        links = html.document_fromstring(live.get(path).content.decode("utf-8")).xpath("//a[contains(@href, 'files/')]/@href")
        files = [link for link in links if "/note/" not in link]
        assert files
        for link in files:
            answer = live.get("/" + link.removeprefix("../").removeprefix("../"))
            assert answer.status_code == 200, link
            assert answer.content


def test_a_card_is_typeset_when_somebody_asks_for_it(live: Live, edition: Edition) -> None:
    card = next(iter(edition.cards))
    answer = live.get(f"/files/card/{card}.da.pdf")
    assert (answer.status_code, answer.headers["content-type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert live.get(f"/files/card/{card}.de.pdf").status_code == 404


# The query page


def test_what_a_plain_form_sends_becomes_an_address_to_share(live: Live) -> None:
    sent = "/da/query.html?intervention=meetings&contrast=on&target_group=&outcome=employment&year_from=+&rule_set=star-hierarchy&star-hierarchy.studies_for_strong=3"
    answer = live.get(sent)
    assert (answer.status_code, answer.headers["location"]) == (302, "/da/query.html?intervention=meetings&outcome=employment")
    assert live.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_a_verdict_with_its_reasons_beside_every_rule_set(live: Live, edition: Edition, language: str) -> None:
    told = text(live.get(f"/{language}/query.html?intervention=meetings&outcome=employment").content)
    ours = verdict(edition.bank, Query(intervention=("meetings",), outcome=("employment",)))
    assert all(r[language] in told for r in (*ours.reasons, *ours.marks))
    assert all(r.label[language] in told for r in RULE_SETS.values())


def test_the_two_languages_of_an_answer_lead_to_each_other_with_the_question(live: Live) -> None:
    tree = html.document_fromstring(live.get("/da/query.html?intervention=meetings&outcome=employment").content.decode("utf-8"))
    assert tree.xpath("//p[@class='other']//a[@hreflang='en']/@href") == ["../en/query.html?intervention=meetings&outcome=employment"]


def test_the_downloads_of_an_answer_are_those_of_its_question(live: Live) -> None:
    tree = html.document_fromstring(live.get("/da/query.html?intervention=meetings&outcome=employment").content.decode("utf-8"))
    links = [link for link in tree.xpath("//a/@href") if "/export." in link]
    assert {link.partition("?")[0].rpartition(".")[2] for link in links} == {"csv", "xlsx", "json", "ris", "bib"}
    for link in links:
        assert live.get("/" + link.removeprefix("../")).status_code == 200


def test_a_changed_setting_is_used_and_told(live: Live) -> None:
    told = text(live.get("/en/query.html?intervention=meetings&outcome=employment&rule_set=vote-count&vote-count.fewest=99").content)
    assert "too little evidence" in told
    assert "vote-count.fewest = 99 (otherwise 2)" in told


def test_what_the_form_does_not_show_stays_in_the_question(live: Live) -> None:
    tree = html.document_fromstring(live.get("/da/query.html?intervention=meetings&mechanism=information&country=DK&country=SE").content.decode("utf-8"))
    kept = {(i.get("name"), i.get("value")) for i in tree.xpath("//form//input[@type='hidden']")}
    assert kept == {("mechanism", "information"), ("country", "SE")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_with_faults_shows_every_one_beside_its_field(live: Live, language: str) -> None:
    answer = live.get(f"/{language}/query.html?intervention=mødre&year_from=abc&outcome=employment")
    tree = html.document_fromstring(answer.content.decode("utf-8"))
    assert answer.status_code == 422
    assert len(tree.xpath("//div[@role='alert']//li")) == 2
    assert [s.get("aria-invalid") for s in tree.xpath("//select[@name='intervention']|//input[@name='year_from']")] == ["true", "true"]
    assert tree.xpath("//select[@name='outcome']/option[@selected]/@value") == ["employment"]


def test_nothing_in_particular_is_no_question(live: Live) -> None:
    answer = live.get("/da/query.html?country=DK")
    assert answer.status_code == 422
    assert "en dom om alt på én gang er en dom om intet" in text(answer.content)


def test_a_question_that_nothing_answers_is_a_gap_and_no_verdict(live: Live) -> None:
    told = text(live.get("/en/query.html?intervention=meetings&outcome=employment&year_from=2060").content)
    assert "That is a gap in knowledge and no answer" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_static_page_says_what_needs_a_server_and_leads_to_what_does_not(edition: Edition, language: str) -> None:
    tree = html.document_fromstring(page_html(Site(edition), Address("da" if language == "da" else "en", "query")))
    assert not tree.xpath("//form")
    assert "virker serve" in tree.text_content()
    assert any(link.startswith("intervention/") for link in tree.xpath("//a/@href"))


# The command


def test_the_address_says_who_can_reach_it() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        assert "Kun denne maskine kan nå det" in started(one, True, "da")
        wide = started(one, False, "en")
        assert "Everybody who can reach the machine" in wide
        assert "https" in wide


def test_a_port_that_is_taken_is_told_before_anything_is_loaded() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(command, ["serve", "--port", str(port)])
    assert isinstance(result.exception, UserError)
    assert f"port {port} at '127.0.0.1' cannot be had" in str(result.exception)


def test_virker_serve_answers_over_a_real_socket_and_stops_when_told(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "virker", "serve", "--port", "0", "--lang", "da"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as server:  # fmt: skip
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
            for _ in range(50):
                try:
                    with urllib.request.urlopen(address + "api/v1", timeout=10) as answer:
                        assert answer.status == 200
                        assert "server" not in {k.casefold() for k in answer.headers}
                    break
                except ConnectionError:  # pragma: no cover - it listens already, so this is rare
                    time.sleep(0.1)
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""


def test_the_server_starts_without_what_only_some_pages_need() -> None:
    """Starting takes a second at most: numbers, drawings, PDFs and Word files are loaded when somebody asks for them."""
    dear = ("numpy", "scipy", "typst", "docx", "pyarrow", "openpyxl", "pypdfium2", "holidays", "snowballstemmer")
    code = f"import sys, virker.cli.serve, virker.web.app; print([m for m in {dear!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_readers_at_once_all_get_the_same(pages: Site) -> None:
    """What the pages share is used by one at a time: forty questions at once, each answered as if it stood alone."""
    import asyncio

    import httpx

    paths = ["/da/search.html?q=samtaler", "/en/search.html?q=meetings", "/da/query.html?intervention=meetings", "/api/v1/verdict?intervention=meetings"] * 10

    async def ask() -> list[bytes]:
        transport = httpx.ASGITransport(app=create_app(Site(pages.edition, live=True)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answers = await asyncio.gather(*(client.get(p) for p in paths))
        assert {a.status_code for a in answers} == {200}
        return [a.content for a in answers]

    found = asyncio.run(ask())
    assert found[:4] * 10 == found


def test_answers_are_not_held_back_on_a_real_connection() -> None:
    """A kept connection gets each answer at once: without TCP_NODELAY it would wait about forty milliseconds."""
    from virker.cli.serve import _listen

    with _listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
