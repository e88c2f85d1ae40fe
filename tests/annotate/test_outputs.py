"""What is written: the page, the Word file with comments, the import, and what is said in the terminal."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner

from tests.annotate.conftest import DATA
from tests.conftest import ROOT
from virker.annotate import annotate_note, read_brought
from virker.annotate.annotation import Annotated
from virker.annotate.page import annotated_html
from virker.annotate.told import summary
from virker.annotate.word import annotated_docx
from virker.annotate.written import citations_text, claims_toml, sentences_toml
from virker.claims import Edition, load_claims
from virker.claims.records import STATUSES
from virker.cli.app import app
from virker.errors import UserError
from virker.files import parse_toml
from virker.start import make_workspace


@pytest.fixture(scope="module")
def short(edition: Edition) -> Annotated:
    return annotate_note(read_brought(DATA / "short-note.md"), edition)


class _Page(HTMLParser):
    """Ids, links, tags left open, and the classes of sentences."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.to: list[str] = []
        self.open: list[str] = []
        self.sentences: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        self.to += [str(found["href"])[1:]] if str(found.get("href", "")).startswith("#") else []
        self.sentences += [str(found["class"])] if "sentence" in str(found.get("class", "")).split() else []
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_is_whole_without_scripts_and_every_link_in_it_leads_somewhere(short: Annotated, edition: Edition, language: str) -> None:
    text = annotated_html(short, edition.bank, "da" if language == "da" else "en", "Titel med æøå & <")
    page = _Page(text)
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.to) <= set(page.ids)
    assert "<script" not in text
    assert "Titel med æøå &amp; &lt;" in text
    assert f'<html lang="{language}">' in text
    assert '<p lang="en">' in text  # the note's own words are in its own language


def test_every_sentence_is_on_the_page_with_a_sign_and_an_unsure_one_is_never_coloured_as_holding(short: Annotated, edition: Edition) -> None:
    page = _Page(annotated_html(short, edition.bank, "en", "t"))
    shown = re.sub(r"\s+", " ", " ".join(page.words))
    assert all(a.sentence.text in shown for a in short.annotations)
    assert len(page.sentences) == len(short.annotations)
    looks = [c.split("is-")[1] for c in page.sentences]
    for annotation, look in zip(short.annotations, looks, strict=True):
        assert (look == "supported") == annotation.green


def test_the_citations_to_look_at_stand_in_a_table(short: Annotated, edition: Edition) -> None:
    text = annotated_html(short, edition.bank, "en", "t")
    table = text[text.index('id="citations"') : text.index('id="note"')]
    for words in ("Amilon &amp; Lindegaard, 2019", "Benchke et al., 2010", "Nobody &amp; Noone, 2019", "Brown &amp; Koettl, 2012; Brown &amp; Koettl, 2015"):
        assert words in table


def test_word_has_a_comment_on_every_sentence_that_has_a_claim(short: Annotated, edition: Edition) -> None:
    file = Document(BytesIO(annotated_docx(short, edition.bank, "en")))
    comments = [c.text for c in file.comments]
    for a in (a for a in short.annotations if a.status):
        assert any(f"({a.sentence.id})" in c for c in comments), a.sentence.id
    assert {c.author for c in file.comments} == {"virker"}
    text = "\n".join(p.text for p in file.paragraphs)
    assert all(a.sentence.text in text for a in short.annotations)
    assert "✗ Sanctions have no effect" in text


def test_a_word_file_keeps_its_words_and_its_looks_and_gets_comments_in_a_copy(edition: Edition, tmp_path: Path) -> None:
    path = tmp_path / "notat.docx"
    file = Document()
    file.add_heading("1. Samtaler", 1)
    paragraph = file.add_paragraph("Individuelle samtaler ")
    paragraph.add_run("øger").bold = True
    paragraph.add_run("  beskæftigelsen. Kaffen er god. Privat løntilskud virker. Slut.").italic = True
    table = file.add_table(1, 1)
    table.cell(0, 0).text = "Sanktioner har ingen effekt på beskæftigelsen."
    file.save(str(path))
    before = path.read_bytes()
    made = Document(BytesIO(annotated_docx(annotate_note(read_brought(path), edition), edition.bank, "da")))
    assert path.read_bytes() == before
    text = made.paragraphs[1].text
    assert re.sub(r"[✓▲✗≠○…?]+ ", "", text) == "Individuelle samtaler øger  beskæftigelsen. Kaffen er god. Privat løntilskud virker. Slut."
    assert [r.text for r in made.paragraphs[1].runs if r.bold and r.text.strip("✓▲○ ")] == ["øger"]
    assert all(r.italic for r in made.paragraphs[1].runs if "løntilskud" in r.text)
    shaded = [r.text for r in made.paragraphs[1].runs if r._r.xpath("./w:rPr/w:shd")]
    assert "".join(shaded[:3]) == "Individuelle samtaler øger  beskæftigelsen."
    assert "Kaffen er god." not in "".join(shaded)
    comments = " ".join(c.text for c in made.comments)
    assert "modsagt" in comments
    assert made.tables[0].cell(0, 0).text.startswith("✗ ")


def test_the_draft_of_claims_can_be_pasted_into_a_workspace_and_read(short: Annotated, tmp_path: Path) -> None:
    make_workspace(tmp_path / "w")
    (tmp_path / "w" / "notes" / "claims" / "9-udkast.toml").write_text(claims_toml(short), encoding="utf-8")
    from virker.bank import load_bank

    bank = load_bank(tmp_path / "w" / "bank", tmp_path / "w")
    book = load_claims(tmp_path / "w" / "notes", tmp_path / "w", bank)
    drafts = {c.id: c for c in book.claims if c.id.startswith("draft-")}
    candidates = [a.candidate.claim for a in short.annotations if a.candidate]
    assert {c.id for c in candidates} == set(drafts)
    assert all(drafts[c.id] == c for c in candidates)


def test_the_sentences_are_written_with_their_numbers_works_and_drafts(short: Annotated, edition: Edition) -> None:
    rows = {s["id"]: s for s in parse_toml(sentences_toml(short))["sentence"]}
    assert rows["2.02"]["numbers"] == ["29 per cent"]
    assert rows["2.02"]["works"] == ["humlum-2025"]
    assert rows["3.01"]["confidence"] == "unsure"
    assert "draft" not in rows["1.04"]
    assert "behncke-2010-friends" in citations_text(short, edition.bank, "da")


@pytest.mark.parametrize(("language", "first"), [("da", "short-note.md: 21 sætninger; 5 holder"), ("en", "short-note.md: 21 sentences; 5 hold")])
def test_the_summary_begins_with_how_many_hold(short: Annotated, edition: Edition, language: str, first: str) -> None:
    green = sum(a.green for a in short.annotations)
    line = summary(short, edition.bank, "da" if language == "da" else "en").splitlines()[0]
    assert line.startswith(first.replace("5", str(green)))


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, UserError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


def test_check_writes_the_two_files_beside_and_changes_nothing_else(tmp_path: Path) -> None:
    note = tmp_path / "notat.txt"
    note.write_text("Privat løntilskud virker.\n", encoding="utf-8")
    workspace = sorted(p for p in (ROOT / "notes").rglob("*") if p.is_file())
    stamps = [p.stat().st_mtime_ns for p in workspace]
    code, said = run("check", str(note), "--lang", "da", "-w", str(ROOT))
    assert code == 0
    assert said.startswith("notat.txt: 1 sætninger")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["notat.annotated.docx", "notat.annotated.html", "notat.txt"]
    assert note.read_text(encoding="utf-8") == "Privat løntilskud virker.\n"
    assert [p.stat().st_mtime_ns for p in workspace] == stamps


def test_import_writes_three_files_into_the_folder(tmp_path: Path) -> None:
    code, said = run("note", "import", str(DATA / "short-note.md"), "--out", str(tmp_path / "ud"), "--lang", "en", "-w", str(ROOT))
    assert code == 0
    assert "21 sentences" in said
    assert sorted(p.name for p in (tmp_path / "ud").iterdir()) == ["citations.txt", "claims.toml", "sentences.toml"]


@pytest.mark.parametrize("options", [("--fix-numbers",), ("--self-test",), ("--format", "json"), ("--note", "baggrundsnotat")])
def test_options_for_the_workspaces_own_notes_are_refused_with_a_file(options: tuple[str, ...]) -> None:
    code, said = run("check", str(DATA / "short-note.md"), *options, "-w", str(ROOT))
    assert code == 2
    assert "with FILE only" in said


def test_a_file_that_cannot_be_read_exits_with_2(tmp_path: Path) -> None:
    code, said = run("check", str(tmp_path / "nej.pdf"), "-w", str(ROOT))
    assert code == 2
    assert "there is no file" in said


@pytest.mark.parametrize(("status", "code"), [("overstated", 1), ("contradicted", 0)])
def test_a_status_that_must_not_stand_in_the_note_exits_with_1(tmp_path: Path, status: str, code: int) -> None:
    note = tmp_path / "notat.txt"
    note.write_text("Privat løntilskud virker for ledige.\n", encoding="utf-8")
    done, said = run("check", str(note), "--fail-on", status, "-w", str(ROOT))
    assert done == code, said
    assert ("1 sentences are as --fail-on names: 0.01 (overstated)" in said) == bool(code)
    assert (tmp_path / "notat.annotated.html").exists()


def test_an_unsure_sentence_never_fails(tmp_path: Path) -> None:
    note = tmp_path / "notat.txt"
    note.write_text("Måske hjælper samtaler på tirsdage mænd over 50 til beskæftigelse.\n", encoding="utf-8")
    every = [o for s in STATUSES for o in ("--fail-on", s)]
    code, said = run("check", str(note), *every, "--lang", "en", "-w", str(ROOT))
    assert "1 perhaps (unsure reading)" in said
    assert code == 0


def test_a_status_that_is_none_is_named(tmp_path: Path) -> None:
    code, said = run("check", str(DATA / "short-note.md"), "--fail-on", "modsagt", "-w", str(ROOT))
    assert code == 2
    assert "'modsagt' is no status" in said
    assert "--fail-on" in run("check", "--fail-on", "contradicted", "-w", str(ROOT))[1]


def test_a_control_character_in_a_note_is_no_text(tmp_path: Path) -> None:
    note = tmp_path / "notat.txt"
    note.write_text("Samtaler virker\x07 for ledige på Ærø.\n", encoding="utf-8")
    assert run("check", str(note), "-w", str(ROOT))[0] == 0
    assert "Samtaler virker for ledige på Ærø." in "".join(p.text for p in Document(str(tmp_path / "notat.annotated.docx")).paragraphs)


def test_a_tracked_insertion_in_a_word_note_is_read(tmp_path: Path) -> None:
    from docx.oxml import OxmlElement

    made = Document()
    paragraph = made.add_paragraph("Samtaler virker. ")
    inserted = OxmlElement("w:ins")
    inserted.append(paragraph.add_run("Privat løntilskud virker også.")._r)
    paragraph._p.append(inserted)
    made.save(str(tmp_path / "notat.docx"))
    assert [p.text for p in read_brought(tmp_path / "notat.docx").paragraphs] == ["Samtaler virker. Privat løntilskud virker også."]
    assert run("check", str(tmp_path / "notat.docx"), "-w", str(ROOT))[0] == 0
