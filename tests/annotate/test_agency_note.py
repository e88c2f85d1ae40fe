"""The agency's note as somebody's own file. Its text is not in the repository: these tests run only where it lies beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ROOT
from virker.annotate import annotate_note, annotation, read_brought, sentences_of
from virker.annotate.annotation import Annotated
from virker.annotate.fingerprint import bare, fingerprint
from virker.claims import Edition

SEED = ROOT.parent / "shared" / "seed"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the agency's note is not part of the repository")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    lines = (SEED / "sentences.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


@pytest.fixture(scope="module")
def path() -> Path:
    return next(SEED.glob("*.txt"))


@pytest.fixture(scope="module")
def annotated(edition: Edition, path: Path) -> Annotated:
    return annotate_note(read_brought(path), edition)


def test_the_fingerprints_are_those_of_its_sentences(edition: Edition, texts: dict[str, str]) -> None:
    assert {s.id: s.fingerprint for s in edition.book.sentences} == {i: fingerprint(t) for i, t in texts.items()}


def test_the_splitter_alone_finds_all_but_one_of_its_sentences(path: Path, texts: dict[str, str]) -> None:
    """The one is two to a reader: ``… 45.000 kr. Jobpræmien …``."""
    found = {bare(s.text) for s in sentences_of(read_brought(path))}
    assert [i for i, t in texts.items() if bare(t) not in found] == ["8.10"]


def test_every_sentence_has_its_own_number_and_its_own_claims(annotated: Annotated, edition: Edition, texts: dict[str, str]) -> None:
    found = {a.sentence.id: a for a in annotated.annotations}
    assert {i for i in texts if found[i].sentence.known == i} == set(texts)
    for i in texts:
        bound = {c.claim.id for c in edition.checks if i in c.claim.sentences}
        assert {c.claim.id for c in found[i].checks} == bound


def test_what_stands_before_the_first_section_has_no_claim_but_the_list_of_its_headings(annotated: Annotated) -> None:
    before = [a for a in annotated.annotations if a.sentence.section == 0]
    assert [a.sentence.known for a in before if a.sentence.known] == [f"{n}.00" for n in range(1, 9)]
    assert all(a.status is None for a in before if not a.sentence.known)


def test_its_slips_of_citation_are_shown(annotated: Annotated) -> None:
    odd = {c.text: (c.outcome, c.works[0]) for c, _ in annotated.citations if c.outcome != "one"}
    assert odd["Amilon & Lindegaard, 2019"] == ("near", "amilon-andersen-2019")
    assert odd["Benchke et al., 2010"] == ("near", "behncke-2010")
    assert odd["Hoffmann et al., 2010"] == ("near", "hofmann-2010")
    assert odd["Arendt & Pozzzoli, 2013"] == ("near", "arendt-pozzoli-2013")
    assert any(set(t.works) == {"brown-koettl-2012", "brown-koettl-2015"} and t.versions for t in annotated.twice)
    assert any(t.works == ("amilon-andersen-2019",) and not t.versions for t in annotated.twice)


def test_read_as_a_stranger_no_clear_reading_is_more_generous_than_the_claims_written_for_it(
    annotated: Annotated, edition: Edition, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extractor was mended on this note, so this says that it stays mended, not how it does on another."""
    monkeypatch.setattr(annotation, "sentences_of", lambda note, known: tuple(replace(s, known=None) for s in sentences_of(note, known)))
    stranger = annotate_note(read_brought(path), edition)
    pairs = [(a, b) for a, b in zip(annotated.annotations, stranger.annotations, strict=True) if a.sure == "known" and b.sure == "clear"]
    assert len(pairs) >= 10
    assert not [a.sentence.id for a, b in pairs if b.green and not a.green]
