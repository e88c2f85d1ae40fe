"""A note comes as text, Markdown, Word or PDF, and is the same note."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from tests.annotate.conftest import PAGES, SENTENCES, as_typst, pdf_of
from virker.annotate import read_brought, sentences_of
from virker.annotate.lines import joined, paragraphs_of
from virker.annotate.read import language_of
from virker.errors import UserError

Make = Callable[[str, str | bytes], Path]


def ids(path: Path) -> dict[str, str]:
    return {s.id: s.text for s in sentences_of(read_brought(path))}


def test_lines_of_a_text_file_become_sentences_without_headers_page_numbers_and_broken_words(brought: Make) -> None:
    assert ids(brought("notat.txt", "\f".join(PAGES))) == SENTENCES


def test_a_pdf_gives_the_same_sentences_as_the_text(tmp_path: Path) -> None:
    assert ids(pdf_of(tmp_path / "notat.pdf", as_typst(PAGES))) == SENTENCES


def test_markdown_gives_headings_paragraphs_and_cells_but_no_code(brought: Make) -> None:
    text = "+++\ntitle = 'x'\n+++\n# Titel\n\n## Første\n\nEn *sætning* med\nto linjer. Og en til.\n\n```\nkode.\n```\n\n| a | b |\n|---|---|\n| Celle her. | 2 |\n\n## Anden\n\nSlut på ø.\n"
    found = ids(brought("n.md", text))
    assert found["0.01"] == "Titel"
    assert found["1.00"] == "Første"
    assert found["1.01"] == "En sætning med to linjer."
    assert found["2.01"] == "Slut på ø."
    assert "Celle her." in found.values()
    assert not any("kode" in s for s in found.values())


def test_a_word_file_gives_headings_and_sentences_in_order(tmp_path: Path) -> None:
    file = Document()
    file.add_heading("Et notat", 0)
    file.add_heading("2. Løntilskud", 1)
    paragraph = file.add_paragraph("Første ")
    paragraph.add_run("sætning").bold = True
    paragraph.add_run(" her. Anden på række.")
    file.save(str(tmp_path / "n.docx"))
    found = ids(tmp_path / "n.docx")
    assert found["2.00"] == "Løntilskud"
    assert found["2.01"] == "Første sætning her."
    assert found["2.02"] == "Anden på række."


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["beskæfti-", "gelse"], "beskæftigelse"),
        (["for ikke-", "forsikrede"], "for ikke-forsikrede"),
        (["kontant-", "og uddannelseshjælp"], "kontant- og uddannelseshjælp"),
        (["STAR-", "Styrelsen"], "STAR-Styrelsen"),
        (["i 2012-", "2014"], "i 2012-2014"),
        (["be\xad", "skæftigelse"], "beskæftigelse"),
    ],
)
def test_hyphens_at_line_ends(lines: list[str], whole: str) -> None:
    assert joined(lines) == whole


def test_the_notes_own_words_decide_on_a_hyphen() -> None:
    text = "Et job-match er godt. Det er et job-\nmatch på en lang linje, som bliver ved\nog ved, til den er slut."
    assert "et job-match på" in " ".join(p.text for p in paragraphs_of(text.split("\n")))


def test_a_text_with_a_paragraph_on_each_line_keeps_its_paragraphs() -> None:
    assert [p.text for p in paragraphs_of(["Her står en sætning.", "", "Her en anden.", "", "Og en tredje."])] == [
        "Her står en sætning.",
        "Her en anden.",
        "Og en tredje.",
    ]


def test_a_sentence_goes_on_over_a_page_break() -> None:
    lines = ["Denne sætning er lang nok til at nå", "", "", "", "over på den næste side, hvor den slutter.", "", "En ny."]
    assert paragraphs_of(lines)[0].text == "Denne sætning er lang nok til at nå over på den næste side, hvor den slutter."


def test_danish_and_english_are_told_apart() -> None:
    assert language_of("Privat løntilskud virker for ledige.") == "da"
    assert language_of("Private wage subsidies work for the unemployed and the young.") == "en"


LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>endobj\n"
    b"trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<00><00>]>>\n%%EOF\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notat.odt", "x", "files ending in '.odt' cannot be read"),
        ("notat", "x", "cannot be read"),
        ("tom.txt", " \n\n", "the file has no text"),
        ("tom.md", "", "the file has no text"),
        ("latin.txt", "Løn og æbler".encode("latin-1"), "the file is not UTF-8"),
        ("notat.docx", b"PK nothing", "this is no Word file that can be opened"),
        ("notat.pdf", b"%PDF-1.4 nothing", "this is no PDF that can be opened"),
        ("laast.pdf", LOCKED, "the PDF is locked with a password"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_message(brought: Make, name: str, content: str | bytes, said: str) -> None:
    with pytest.raises(UserError, match="→") as error:
        read_brought(brought(name, content))
    assert said in str(error.value)
    assert name in str(error.value)
    assert error.value.exit_code == 2


def test_a_scan_says_that_it_has_no_text(tmp_path: Path) -> None:
    scan = pdf_of(tmp_path / "scan.pdf", "#rect(width: 5cm, height: 5cm, fill: gray)\n#pagebreak()\n#circle(radius: 2cm)")
    with pytest.raises(UserError, match="probably a scan"):
        read_brought(scan)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no file"):
        read_brought(tmp_path / "væk.txt")
    with pytest.raises(UserError, match="is a folder"):
        read_brought(tmp_path)
