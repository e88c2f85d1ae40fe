"""Sentences end where a reader would end them, and are numbered as the note is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virker.annotate import BroughtNote, Paragraph, sentences_of
from virker.annotate.fingerprint import bare, fingerprint
from virker.annotate.sentences import split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Oversigten bygger på bl.a. Ærø m.fl. (2010).", "Den er god."],
        ["Det koster 2.500 kr. pr. måned.", "Det er ca. 10 pct. mere."],
        ["Loftet er 45.000 kr.", "Ordningen er slut."],
        ["Hofmann et al. (2010) finder det.", "Andre gør ikke."],
        ["Ø. Ærø skrev det, jf. nr. 12.", "Så er det sagt!", "Er det?", "Ja."],
        ['Han sagde: "Det virker."', "Og det gjorde det."],
        ["It rose by 1.5 per cent, e.g. in Denmark.", "Smith et al. (2010) did not agree."],
        ["Den begyndte i 2015.", "Den sluttede i 2018."],
        ["Tallet er 0,12.", "29-31 studier viser det."],
        ["I 1. kvartal steg det.", "Der var unge, ældre m.v.", "Alle var med."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert [s for _, s in split_sentences(" ".join(sentences))] == sentences


@given(st.lists(st.sampled_from(["Æ er først.", "Det koster 2.500 kr. i alt.", "Se bl.a. her?", '"Ja."', "Et al. var der."]), max_size=6))
def test_splitting_loses_no_letter_and_knows_where_each_begins(sentences: list[str]) -> None:
    text = " ".join(sentences)
    found = split_sentences(text)
    assert bare("".join(s for _, s in found)) == bare(text)
    assert all(text[at : at + len(s)] == s for at, s in found)


def note(*paragraphs: Paragraph | str) -> BroughtNote:
    return BroughtNote(Path("n.txt"), tuple(p if isinstance(p, Paragraph) else Paragraph(p) for p in paragraphs), "da")


def numbered(*paragraphs: Paragraph | str) -> dict[str, str]:
    return {s.id: s.text for s in sentences_of(note(*paragraphs))}


def test_ad_headings_number_the_sections_and_a_list_of_them_before_does_not() -> None:
    found = numbered("1. Første ting", "2. Anden ting", "Ad 1. Første ting", "En sætning.", "Ad 2. Anden ting", "En til. Og en.")
    assert found == {
        "0.01": "1. Første ting",
        "0.02": "2. Anden ting",
        "1.00": "Første ting",
        "1.01": "En sætning.",
        "2.00": "Anden ting",
        "2.01": "En til.",
        "2.02": "Og en.",
    }


def test_numbered_lines_that_stand_alone_are_headings() -> None:
    assert numbered("1. Samtaler", "De virker.", "2. Løntilskud", "Det virker.")["2.01"] == "Det virker."


def test_headings_without_numbers_are_counted() -> None:
    found = numbered(Paragraph("Titel", 1), Paragraph("Samtaler", 2), "Ja.", Paragraph("Løntilskud", 2), "Nej.")
    assert found["1.01"] == "Ja."
    assert found["2.00"] == "Løntilskud"


def test_no_two_sentences_share_an_id_even_where_a_number_comes_twice() -> None:
    sentences = sentences_of(note("1. Et", "Ja.", "1. Et igen", "Nej."))
    assert len({s.id for s in sentences}) == len(sentences)


def test_a_fingerprint_sees_letters_and_digits_and_nothing_else() -> None:
    assert fingerprint("Ét jobrettet for-\nløb, 2.500 kr.") == fingerprint("ét jobrettet forløb 2500 kr")
    assert fingerprint("Effekten er 29 %.") != fingerprint("Effekten er 25 %.")
    assert fingerprint("Samtaler virker") != fingerprint("Samtaler virker ikke")


def test_two_pieces_that_are_one_known_sentence_are_one() -> None:
    known = {fingerprint("Loftet var 45.000 kr. Ordningen er slut."): "8.10"}
    found = sentences_of(note("Før. Loftet var 45.000 kr. Ordningen er slut. Efter."), known)
    assert [(s.text, s.known) for s in found] == [("Før.", None), ("Loftet var 45.000 kr. Ordningen er slut.", "8.10"), ("Efter.", None)]
