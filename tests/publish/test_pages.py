"""The files that ``virker build`` writes, as a reader, a screen reader and a print shop meet them."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from docx import Document

from virker.claims.edition import Edition
from virker.claims.records import STATUS_LABELS
from virker.publish.figures import load_figure_book
from virker.publish.page import Page, read_page

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PAGES = ["note/proeve.da.html", "note/proeve.en.html", "claims.html", "claims.en.html"]


class Reader(HTMLParser):
    """Tags, ids, links and the order of headings of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [a for t, a in self.tags if t in names]


def read(built: Path, name: str) -> tuple[str, Reader]:
    text = (built / name).read_text(encoding="utf-8")
    return text, Reader(text)


@pytest.fixture(scope="module", params=["da", "en"])
def page(edition: Edition, request: pytest.FixtureRequest) -> Page:
    book = load_figure_book(edition.workspace.notes, edition.workspace.root, edition.bank)
    return read_page(edition, "proeve", request.param, book)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_its_language_and_loads_nothing_from_elsewhere(built: Path, name: str) -> None:
    text, page = read(built, name)
    assert page.of("html")[0]["lang"] == ("en" if ".en." in name else "da")
    assert not page.of("script", "link", "img", "iframe", "object")
    assert not [a for _, a in page.tags if "src" in a or ("style" in a and "url(" in (a["style"] or ""))]
    assert "url(" not in re.sub(r"url\(#", "", text)
    assert "@import" not in text


@pytest.mark.parametrize("name", PAGES)
def test_every_inner_link_has_its_place_and_every_id_is_one(built: Path, name: str) -> None:
    _, page = read(built, name)
    ids = [i for _, a in page.tags if (i := a.get("id"))]
    assert len(ids) == len(set(ids))
    inner = [h[1:] for a in page.of("a") if (h := a.get("href") or "").startswith("#")]
    assert set(inner) <= set(ids)
    assert not page.of("a") or page.of("a")[0]["class"] == "skip"


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time(built: Path, name: str) -> None:
    _, page = read(built, name)
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h[1-6]", t)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), levels


def test_drawings_have_alternative_text_and_their_data_one_click_away(built: Path, page: Page) -> None:
    _, html = read(built, f"note/proeve.{page.language}.html")
    told = [a.get("aria-label") for a in html.of("svg")]
    assert told == [p.figure.alt for p in page.figures.values() if p.figure.drawing]
    assert all(a["role"] == "img" for a in html.of("svg"))
    assert len([t for t, _ in html.tags if t == "details"]) >= len(told)
    assert all((a.get("tabindex") == "0" and a.get("aria-label")) or a.get("aria-labelledby") for a in html.of("div") if a.get("class") == "scroll")


def test_marked_words_lead_to_what_they_rest_on_and_back(built: Path) -> None:
    text, html = read(built, "note/proeve.da.html")
    assert '<span class="claim">Samtaler øger lediges beskæftigelse</span><sup><a id="claim-1-1" href="#evidence-1"' in text
    assert 'href="#claim-1-2"' in text  # the second mention leads back too
    assert '<data value="humlum-2025#4/effect">29</data>' in text
    assert '(<a class="cite" href="#ref-humlum-2025">Humlum m.fl., 2025</a>)' in text
    assert "&lt;tegnene&gt;" in text
    assert html.of("a")[1]["href"] == "proeve.en.html"


def test_the_pdf_is_tagged_for_accessibility_and_says_its_language_and_title(built: Path, page: Page) -> None:
    data = (built / f"note/proeve.{page.language}.pdf").read_bytes()
    assert b"pdfuaid:part>1<" in data or b'pdfuaid:part="1"' in data
    assert f"/Lang({page.language}".encode() in data.replace(b" ", b"") or f"({page.language})".encode() in data
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(io.BytesIO(data))
    assert document.get_metadata_dict()["Title"] == page.front.title
    words = "".join(document[i].get_textpage().get_text_range() for i in range(len(document)))
    for heading in page.document.headings:
        assert re.sub(r"\W", "", "".join(c.text for c in heading.children)) in re.sub(r"\W", "", words)  # type: ignore[union-attr]
    assert "æ, ø og å" in words or "æ, ø and å" in words
    document.close()


def test_the_source_of_the_pdf_carries_alternative_text_and_table_headers(page: Page) -> None:
    from virker.publish.typst_pdf import literal, note_source

    source = note_source(page)
    for placed in page.figures.values():
        if placed.figure.drawing:
            assert f"alt: {literal(placed.figure.alt)}" in source
    assert source.count("#table(") + source.count("#figure(table(") == source.count("table.header")


def test_a_pdf_without_alternative_text_is_refused() -> None:
    import typst

    with pytest.raises(typst.TypstError, match="alt"):
        typst.compile(b'#set document(title: "x")\n#figure(rect(), kind: image, caption: [x])', None, format="pdf", pdf_standards=["ua-1"])


def test_word_has_real_headings_captions_contents_and_alternative_text(built: Path, page: Page) -> None:
    data = (built / f"note/proeve.{page.language}.docx").read_bytes()
    word = Document(io.BytesIO(data))
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert [n for n, _ in headings][:3] == ["Heading 1", "Heading 2", "Heading 1"]
    captions = [p.text for p in word.paragraphs if p.style.name == "Caption"]
    assert captions == [p.caption for p in page.figures.values()]
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert ' TOC \\o "1-2"' in xml
    assert xml.count(" SEQ ") == len(captions)
    root = ET.fromstring(xml)
    told = [e.get("descr") for e in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")]
    assert told == [p.figure.alt for p in page.figures.values() if p.figure.drawing]
    assert len(list(root.iter(f"{W}tblHeader"))) == len(word.tables)
    assert word.core_properties.title == page.front.title
    assert word.core_properties.language == {"da": "da-DK", "en": "en-GB"}[page.language]
    styles = zipfile.ZipFile(io.BytesIO(data)).read("word/styles.xml").decode()
    assert f'w:lang w:val="{word.core_properties.language}"' in styles


def test_words_links_and_bookmarks_meet(built: Path) -> None:
    root = ET.fromstring(zipfile.ZipFile(built / "note/proeve.da.docx").read("word/document.xml"))
    marks = {e.get(f"{W}name") for e in root.iter(f"{W}bookmarkStart")}
    anchors = {a for e in root.iter(f"{W}hyperlink") if (a := e.get(f"{W}anchor"))}
    assert anchors <= marks
    assert anchors


@pytest.mark.parametrize(("name", "language"), [("claims.html", "da"), ("claims.en.html", "en")])
def test_the_claim_report_shows_every_claim_with_its_status_in_words(built: Path, edition: Edition, name: str, language: str) -> None:
    text, page = read(built, name)
    cards = page.of("article")
    assert [a["id"] for a in cards] == [c.claim.id for c in edition.checks]
    for check in edition.checks:
        assert (check.claim.da if language == "da" else check.claim.en) in text
        assert STATUS_LABELS[check.status][language] in text
    assert ("En overgang uden indhold." if language == "da" else "A transition without content.") in text
    assert all(f'id="correction-{c.id}"' in text for c in edition.bank.corrections)
    assert page.of("input")[0]["id"] == "only-all"
