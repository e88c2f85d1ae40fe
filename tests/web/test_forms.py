"""The forms of the live site: suggestions land in the inbox and nowhere else; a brought note is read and forgotten."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from starlette.datastructures import Headers

from tests.web.live import FROM_HERE, Live, parts_of
from virker.claims.edition import Edition, load_edition
from virker.language import LANGUAGES
from virker.start import make_workspace
from virker.web import inbox
from virker.web.address import Address
from virker.web.app import create_app
from virker.web.forms import from_here
from virker.web.inbox import Full, toml_text, write_draft
from virker.web.rate import Rate
from virker.web.site import Site
from virker.web.written import page_html
from virker.workspace import Workspace

SUGGEST = "/da/suggest.html"
STUDY = {"form": "study", "title": "Øget kontakt på Ærø: \"et forsøg\" \\ +++ [[finding]]", "authors": "Åse Ærø; Børge Ødegård", "year": "2026", "why": "Første linje\r\n'''\r\n\"\"\"\nid = 1"}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms") / "danmark"
    make_workspace(folder)
    return folder


@pytest.fixture
def live(root: Path) -> Iterator[Live]:
    """A new server each time, so that no test has used up another's rate; the inbox is emptied."""
    yield Live(create_app(Site(_edition(root), live=True)))
    for draft in (root / "inbox").glob("*"):
        draft.unlink()


_EDITIONS: dict[Path, Edition] = {}


def _edition(root: Path) -> Edition:
    if root not in _EDITIONS:
        _EDITIONS[root] = load_edition(Workspace.find(root))
    return _EDITIONS[root]


def drafts(root: Path) -> list[Path]:
    return sorted((root / "inbox").glob("*")) if (root / "inbox").is_dir() else []


def everything(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and "inbox" not in p.parts and ".virker" not in p.parts}


def test_a_suggestion_becomes_a_draft_that_can_be_read_and_nothing_else_changes(live: Live, root: Path) -> None:
    before = everything(root)
    answer = live.post(SUGGEST, data=STUDY)
    assert answer.status_code == 200
    (draft,) = drafts(root)
    told = tomllib.loads(draft.read_text(encoding="utf-8"))
    assert told["title"] == STUDY["title"]
    assert told["authors"] == STUDY["authors"]
    assert told["why"] == STUDY["why"].replace("\r\n", "\n")
    assert told["kind"] == "study"
    assert told["received"].date() >= date(2026, 1, 1)
    assert draft.name in answer.text
    assert everything(root) == before


def test_a_draft_keeps_nothing_about_who_sent_it(live: Live, root: Path) -> None:
    live.post(SUGGEST, data=STUDY, headers={"User-Agent": "Netskab 7", "X-Forwarded-For": "192.0.2.77"})
    text = drafts(root)[0].read_text(encoding="utf-8")
    assert "Netskab" not in text
    assert "192.0.2" not in text
    assert "127.0.0.1" not in text


def test_an_appeal_names_a_study_of_the_bank(live: Live, root: Path) -> None:
    told = {"form": "appeal", "study": "pedersen-2013", "about": "quality", "why": "Designet er et lodtrækningsforsøg, se tabel 2."}
    answer = live.post(SUGGEST, data=told)
    assert answer.status_code == 422
    assert "»pedersen-2012«" in answer.text
    assert drafts(root) == []
    assert live.post(SUGGEST, data={**told, "study": "pedersen-2012"}).status_code == 200
    assert tomllib.loads(drafts(root)[0].read_text(encoding="utf-8"))["study"] == "pedersen-2012"


def test_the_page_of_a_study_can_lead_to_an_appeal_with_the_study_filled_in(live: Live) -> None:
    tree = html.document_fromstring(live.get("/en/suggest.html?study=pedersen-2012").text)
    assert tree.xpath("//input[@name='study']/@value") == ["pedersen-2012"]
    assert live.get("/en/suggest.html?study=nobody").status_code == 422


def test_everything_that_is_wrong_is_told_beside_its_field_and_what_was_written_stays(live: Live, root: Path) -> None:
    answer = live.post(SUGGEST, data={"form": "study", "title": "", "year": "1066", "authors": "<b>Åse</b>"})
    tree = html.document_fromstring(answer.text)
    assert answer.status_code == 422
    assert len(tree.xpath("//div[@role='alert']//li")) == 2
    assert tree.xpath("//input[@name='authors']/@value") == ["<b>Åse</b>"]
    assert "<b>Åse" not in answer.text
    assert drafts(root) == []


def test_a_cpr_number_is_never_kept(live: Live, root: Path) -> None:
    answer = live.post(SUGGEST, data={**STUDY, "why": "Borgeren 010190-1234 kom i job."})
    assert answer.status_code == 422
    assert "CPR" in answer.text
    assert drafts(root) == []


def test_what_fills_the_hidden_field_gets_thanks_and_leaves_nothing(live: Live, root: Path) -> None:
    assert live.post(SUGGEST, data={**STUDY, "website": "https://example.org"}).status_code == 200
    assert drafts(root) == []


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": "http://localhost", "Host": "localhost"}, True),
        ({"Origin": "http://LOCALHOST", "Host": "localhost"}, True),
        ({"Origin": "https://evil.example", "Host": "localhost"}, False),
        ({"Origin": "http://localhost.evil.example", "Host": "localhost"}, False),
        ({"Origin": "http://localhost:1", "Host": "localhost"}, False),
        ({"Origin": "null", "Host": "localhost"}, False),
        ({"Host": "localhost"}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost", "Host": "localhost"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
def test_only_the_site_itself_can_send_a_form(headers: dict[str, str], allowed: bool) -> None:
    assert from_here(Headers(headers)) is allowed


def test_a_form_from_another_site_is_refused_and_leaves_nothing(live: Live, root: Path) -> None:
    answer = live.ask("POST", SUGGEST, data=STUDY, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert live.ask("POST", SUGGEST, data=STUDY).status_code == 403
    assert drafts(root) == []


def test_after_five_suggestions_there_is_a_pause(live: Live, root: Path) -> None:
    found = [live.post(SUGGEST, data=STUDY).status_code for _ in range(7)]
    assert found == [200] * 5 + [429] * 2
    assert len(drafts(root)) == 5


def test_the_rate_is_by_address_and_in_all_and_time_forgives() -> None:
    now = [0.0]
    rate = Rate(2, 3, 60, clock=lambda: now[0])
    assert [rate.allows("a"), rate.allows("a"), rate.allows("a")] == [True, True, False]
    assert [rate.allows("b"), rate.allows("c")] == [True, False]
    now[0] = 61
    assert rate.allows("a")
    for n in range(5000):
        rate.allows(str(n))
    assert len(rate.by_address) <= 2000


def test_a_full_inbox_says_so_and_takes_no_more(live: Live, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 1)
    assert live.post(SUGGEST, data=STUDY).status_code == 200
    answer = live.post(SUGGEST, data=STUDY)
    assert answer.status_code == 429
    assert "indbakken er fuld" in answer.text.casefold()
    assert len(drafts(root)) == 1


def test_an_inbox_that_leads_elsewhere_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "w" / "inbox").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Full):
        write_draft(tmp_path / "w", "study", {"title": "æ"})
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_name_of_a_draft_holds_nothing_of_what_was_written(tmp_path: Path) -> None:
    name = write_draft(tmp_path, "study", {"title": "../../bank/studies/x"})
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{6}Z-study-[0-9a-f]{8}\.toml", name)
    assert [p.name for p in (tmp_path / "inbox").iterdir()] == [name]


@pytest.mark.parametrize(
    "text", ["", "æøå", '"', "\\", '"""', "'''", "a\nb", "a\r\n\tb\\", "\x00\x01\x7f\x85\u2028", '\\"""\n"""', "\ud800".encode("utf-8", "replace").decode()]
)
def test_any_text_comes_back_from_a_draft_as_it_was(text: str) -> None:
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    assert tomllib.loads(f"a = {toml_text(text)}")["a"] == kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_server_the_page_tells_how_it_is_done_by_hand(root: Path, language: str) -> None:
    for kind in ("suggest", "check"):
        tree = html.document_fromstring(page_html(Site(_edition(root)), Address("da" if language == "da" else "en", kind)))
        assert not tree.xpath("//form")
        assert "virker" in tree.text_content()


# A note that somebody brings

NOTE = "Privat løntilskud virker (Maibom m.fl., 2017).\n\nKaffen er god.\n"


def test_a_brought_note_comes_back_with_every_sentence_tested(live: Live, root: Path) -> None:
    before = everything(root)
    answer = live.post("/da/check.html", files={"note": ("Mit nøtat.md", NOTE.encode())})
    assert answer.status_code == 200
    tree = html.document_fromstring(answer.text)
    assert "Mit nøtat.md" in tree.text_content()
    assert len(tree.xpath("//*[contains(@class, 'sentence')]")) >= 2
    assert answer.headers["cache-control"] == "no-store"
    assert everything(root) == before
    assert drafts(root) == []


def test_the_style_of_an_annotated_note_is_allowed_by_its_hash_and_no_other(live: Live) -> None:
    answer = live.post("/en/check.html", files={"note": ("n.txt", NOTE.encode())})
    policy = answer.headers["content-security-policy"]
    assert re.search(r"style-src 'self' 'sha256-[A-Za-z0-9+/=]+';", policy)
    assert "unsafe-inline" not in policy
    assert not re.search(r"<[^>]+\sstyle=", answer.text)


def test_markup_in_a_note_is_shown_and_never_done(live: Live) -> None:
    answer = live.post("/da/check.html", files={"note": ("<img src=x onerror=alert(1)>.txt", b"<script>alert(1)</script> Samtaler virker.")})
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize(
    ("name", "content", "status", "told"),
    [
        ("note.exe", b"MZ", 415, ".docx"),
        ("note", b"x", 415, ".docx"),
        ("", b"x", 422, "vælg en fil"),
        ("n.txt", b"", 422, "vælg en fil"),
        ("n.docx", b"PK\x03\x04nothing", 422, "Word"),
        ("n.pdf", b"%PDF-1.7\nnothing", 422, "PDF"),
        ("n.txt", b"\xe6\xf8\xe5", 422, "UTF-8"),
        ("n.md", b"\n \n", 422, "no text"),
        ("../../etc/passwd.txt", NOTE.encode(), 200, "passwd.txt"),
    ],
)
def test_a_bad_file_gets_a_clear_answer(live: Live, name: str, content: bytes, status: int, told: str) -> None:
    answer = live.post("/da/check.html", files={"note": (name, content, "application/octet-stream")})
    assert answer.status_code == status
    assert told.casefold() in answer.text.casefold()
    assert "Traceback" not in answer.text
    assert "../" not in html.document_fromstring(answer.text).text_content()


def test_a_word_file_that_unpacks_without_end_is_refused(live: Live) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for n in range(3):
            file.writestr(f"word/{n}.xml", b" " * 100_000_000)
    assert len(packed.getvalue()) < 1_000_000
    answer = live.post("/da/check.html", files={"note": ("bombe.docx", packed.getvalue())})
    assert answer.status_code == 422
    assert "larger than any note" in answer.text


def test_a_note_that_takes_too_long_is_given_up(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("virker.web.pages.check.MOST_SECONDS", -9.99)
    answer = live.post("/da/check.html", files={"note": ("n.txt", NOTE.encode())})
    assert answer.status_code == 422
    assert "for lang tid" in answer.text


@pytest.mark.parametrize("declared", [True, False])
def test_a_file_that_is_too_large_is_refused_while_it_comes(live: Live, declared: bool) -> None:
    if declared:
        answer = live.post("/da/check.html", files={"note": ("n.txt", b"x" * 4_100_000)})
    else:
        head = b'--x\r\nContent-Disposition: form-data; name="note"; filename="n.txt"\r\n\r\n'
        parts = [head, *[b"x" * 500_000] * 9, b"\r\n--x--\r\n"]
        answer = live.ask("POST", "/da/check.html", content=parts_of(*parts), headers={**FROM_HERE, "Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413
    assert "Det er for stort" in answer.text
