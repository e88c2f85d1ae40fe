"""What a sentence seems to claim, how it comes out, and what is never done: shown as holding by default."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from tests.annotate.conftest import DATA
from virker.annotate import Annotation, BroughtNote, Paragraph, annotate_note, read_brought
from virker.annotate.annotation import Annotated
from virker.annotate.figures import find_figures
from virker.annotate.fingerprint import fingerprint
from virker.annotate.lexicon import Words, lexicon
from virker.annotate.read import language_of
from virker.annotate.told import told
from virker.bank import Query
from virker.claims import Edition
from virker.language import Language
from virker.vocabulary import KINDS


def read(edition: Edition, *sentences: str, language: Language | None = None) -> tuple[Annotation, ...]:
    text = " ".join(sentences)
    note = BroughtNote(Path("n.txt"), tuple(Paragraph(s) for s in sentences), language or language_of(text))
    return annotate_note(note, edition).annotations


def one(edition: Edition, sentence: str, language: Language | None = None) -> Annotation:
    (found,) = read(edition, sentence, language=language)
    return found


def claim(a: Annotation) -> tuple[Query, str]:
    assert a.candidate is not None
    assert a.candidate.claim.select is not None
    assert a.candidate.claim.expect is not None
    return a.candidate.claim.select, str(a.candidate.claim.expect.direction)


@pytest.fixture(scope="module")
def short(edition: Edition) -> dict[str, Annotation]:
    """The short English note, by sentence id."""
    return {a.sentence.id: a for a in annotate_note(read_brought(DATA / "short-note.md"), edition).annotations}


@pytest.mark.parametrize(
    ("sentence", "intervention", "outcome", "direction"),
    [
        ("Individuelle samtaler øger beskæftigelsen.", "meetings-individual", "employment", "positive"),
        ("Privat løntilskud reducerer ledighedens længde.", "wage-subsidy-private", "unemployment-duration", "positive"),
        ("Højere dagpengesatser forlænger ledighedsperioden.", "benefit-level", "unemployment-duration", "negative"),
        ("Virksomhedspraktik har ingen effekt på beskæftigelsen.", "work-practice", "employment", "none"),
        ("Der blev ikke observeret positive effekter af gruppesamtaler på beskæftigelsen.", "meetings-group", "employment", "none"),
        ("Jobpræmier viser blandede resultater for beskæftigelsen.", "job-bonus", "employment", "mixed"),
        ("Sanctions raise the job-finding rate.", "sanctions", "exit-to-job", "positive"),
        ("Classroom training does not raise employment.", "training-classroom", "employment", "none"),
        ("Longer benefit duration prolongs unemployment spells.", "benefit-duration", "unemployment-duration", "negative"),
        ("Wage subsidies lower unemployment.", "wage-subsidy", "unemployment", "positive"),
    ],
)
def test_measure_outcome_and_direction_are_read(edition: Edition, sentence: str, intervention: str, outcome: str, direction: str) -> None:
    query, told_direction = claim(one(edition, sentence))
    assert (query.intervention, query.outcome, told_direction) == (intervention, outcome, direction)


def test_a_word_beside_the_measure_turns_it_and_is_no_direction(edition: Edition) -> None:
    query, direction = claim(one(edition, "Færre sager per sagsbehandler øger beskæftigelsen."))
    assert (query.intervention, query.contrast, direction) == ("caseload", "less", "positive")
    query, direction = claim(one(edition, "Lower benefit levels increase employment among the insured."))
    assert (query.contrast, query.target_group, direction) == ("less", "insured", "positive")


@pytest.mark.parametrize(
    "sentence",
    [
        "Der er mange nuancer.",
        "Kaffen i jobcentrene er god.",
        "Øger samtaler beskæftigelsen?",
        "Samtaler foregår på jobcenteret.",
        "Effekten er positiv for alle.",
        "Beskæftigelsen stiger.",
        "Meetings are held in June.",
        "Unemployment rose by 3 per cent in 2009.",
    ],
)
def test_a_sentence_without_measure_and_direction_has_no_claim_and_no_colour(edition: Edition, sentence: str) -> None:
    found = one(edition, sentence)
    assert (found.status, found.sure, found.green) == (None, None, False)
    assert found.none_because is not None
    assert found.none_because.da
    assert found.none_because.en


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("Individuelle samtaler øger beskæftigelsen, især for unge.", "især"),
        ("Individuelle samtaler øger beskæftigelsen, men kun på kort sigt.", "kort sigt"),
        ("Individuelle samtaler øger beskæftigelsen mere end gruppesamtaler.", "end"),
        ("Det betyder, at individuelle samtaler øger beskæftigelsen.", "Det"),
        ("Individuelle samtaler øger beskæftigelsen uden at koste noget.", "uden"),
        ("Stort set alle studier viser, at individuelle samtaler øger beskæftigelsen.", "alle"),
        ("Individuelle samtaler øger beskæftigelsen, fordi de motiverer.", "fordi"),
        ("Individuelle samtaler øger beskæftigelsen i 18 måneder.", "18 måneder"),
        ("Individual meetings raise employment, but not earnings.", "but"),
        ("A Dutch trial found that individual meetings raise employment.", "trial"),
        ("Individual meetings raise employment by 12 points.", "12"),
        ("Individual meetings raise employment, especially among men.", "especially"),
    ],
)
def test_what_the_query_leaves_out_makes_the_reading_unsure_and_never_green(edition: Edition, sentence: str, word: str) -> None:
    found = one(edition, sentence)
    assert found.sure == "unsure"
    assert not found.green
    assert found.candidate is not None
    assert any(word in u.da and word in u.en for u in found.candidate.unsure)


def test_a_trial_known_by_name_is_asked_itself(edition: Edition) -> None:
    found = one(edition, "I Hurtigt i gang 2 øgede individuelle samtaler beskæftigelsen.")
    assert claim(found)[0].trial == "hurtigt-i-gang-2"
    assert {r.study.trial or r.study.version_of for c in found.checks for r in c.rows} <= {"hurtigt-i-gang-2", "maibom-2017"}


def test_nobody_is_brought_into_unemployment_by_being_brought_out_of_it(edition: Edition) -> None:
    query, direction = claim(one(edition, "Job-search assistance gets people out of unemployment sooner."))
    assert (query.outcome, direction) == ("unemployment", "positive")


def test_the_same_words_without_the_condition_are_clear_and_green(edition: Edition) -> None:
    found = one(edition, "Individuelle samtaler øger beskæftigelsen.")
    assert (found.status, found.sure, found.green) == ("supported", "clear", True)


def test_words_of_strength_are_held_against_the_level(edition: Edition) -> None:
    strong = one(edition, "Der er stærk evidens for, at individuelle samtaler øger beskæftigelsen for ledige.")
    assert strong.status == "overstated"
    assert strong.holds is not None
    assert "kan virke" in strong.holds.da


def test_a_known_sentence_has_its_own_claims_and_their_status_and_no_other_reading(edition: Edition) -> None:
    words = "En sætning, som kun denne prøve kender, om samtaler, der øger beskæftigelsen."
    book = replace(
        edition.book, sentences=tuple(msgspec.structs.replace(s, fingerprint=fingerprint(words)) if s.id == "1.01" else s for s in edition.book.sentences)
    )
    found = one(replace(edition, book=book), words.replace("beskæftigelsen", "beskæftig-elsen"))
    assert (found.sentence.known, found.sure, found.candidate) == ("1.01", "known", None)
    assert {c.claim.id for c in found.checks} == {c.claim.id for c in edition.checks if "1.01" in c.claim.sentences}
    assert found.status == edition.by_id["meetings-individual-strong"].status
    changed = one(replace(edition, book=book), words.replace("øger", "sænker"))
    assert changed.sentence.known is None


def test_every_sentence_of_the_source_note_has_a_fingerprint_of_its_own(edition: Edition) -> None:
    prints = [s.fingerprint for s in edition.book.sentences]
    assert all(p is not None and len(p) == 16 for p in prints)
    assert len(set(prints)) == len(prints)


def test_our_own_words_for_a_sentence_are_not_taken_for_the_original(edition: Edition) -> None:
    known = {s.fingerprint for s in edition.book.sentences}
    assert not [s.id for s in edition.book.sentences if fingerprint(s.da) in known or fingerprint(s.en) in known]


def test_the_short_note_comes_out_as_it_should(short: dict[str, Annotation]) -> None:
    assert {i: (a.status, a.sure) for i, a in short.items() if a.status} == {
        "1.01": ("supported", "clear"),
        "1.02": ("overstated", "clear"),
        "1.03": ("supported", "clear"),
        "2.01": ("supported", "clear"),
        "2.02": ("supported", "clear"),
        "2.03": ("differs", "clear"),
        "3.01": ("supported", "unsure"),
        "3.02": ("not-traced", "unsure"),
        "3.03": ("contradicted", "clear"),
        "3.04": ("supported", "unsure"),
        "3.05": ("not-traced", "unsure"),
        "3.06": ("not-traced", "unsure"),
    }


def test_another_work_on_the_question_is_no_witness_for_one_that_the_bank_has_not(short: dict[str, Annotation], edition: Edition) -> None:
    found = told(short["3.05"], edition.bank, "en")
    assert (found.findings, found.verdicts) == ((), ())
    assert "not in the bank" in found.reasons[0]


def test_a_number_is_held_against_what_the_work_prints(short: dict[str, Annotation]) -> None:
    assert any("92" in r.en and "29" in r.en for r in short["2.03"].reasons)


def test_numbers_are_found_with_what_they_count() -> None:
    found = find_figures("Ni studier viser 4-5 % flere; 0,12 procentpoint, 2.500 kr. og 3 uger, i 2015.", "da")
    assert [(f.low, f.high, f.counts) for f in found] == [
        (9, None, "studies"),
        (4, 5, "percent"),
        (0.12, None, "pp"),
        (2500, None, "DKK"),
        (3, None, "weeks"),
    ]
    assert [(f.text, f.counts, f.tested) for f in find_figures("Gevinsten er 4.500 euro og 17 point.", "da")] == [("4.500 euro", "EUR", None), ("17", "", None)]
    assert [(f.low, f.counts) for f in find_figures("It rose by 2,500 days and 1.5 percentage points.", "en")] == [(2500, "days"), (1.5, "pp")]


def test_the_lexicon_names_only_terms_of_the_vocabulary_in_both_languages(edition: Edition) -> None:
    table = lexicon()
    for kind in KINDS[:3]:
        assert not set(table[kind]) - set(edition.bank.vocabulary[kind])
        assert not set(table["too_general"][kind]) - set(edition.bank.vocabulary[kind])
        assert all(said["da"] and said["en"] for said in table[kind].values())
    assert not set(table["less_is_better"]["ids"]) - set(edition.bank.vocabulary["outcomes"])


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_word_of_the_lexicon_is_found_as_itself(edition: Edition, language: Language) -> None:
    """No word is hidden by another: a sentence of just that word finds the term it stands for, or one below it."""
    words = Words(edition.bank.vocabulary, language)
    lost = []
    for kind in KINDS[:3]:
        for name, said in lexicon()[kind].items():
            for word in said[language]:
                hits = words.terms(kind, f"Om {word.rstrip('*')} her")
                if name not in {a for h in hits for a in edition.bank.vocabulary.ancestors(kind, h.id)}:
                    lost.append(f"{word}: {name}, found {[h.id for h in hits]}")
    assert not lost


def test_less_is_better_for_time_out_of_work_and_not_for_leaving_it(edition: Edition) -> None:
    words = Words(edition.bank.vocabulary, "en")
    assert {"unemployment-duration", "benefit-receipt", "displacement"} <= words.less_is_better
    assert not {"exit-unemployment", "self-support", "employment", "earnings"} & words.less_is_better


def test_no_reading_is_green_unless_the_bank_carries_it(edition: Edition) -> None:
    """Against an empty bank no sentence of any note is green."""
    from virker.bank import Bank

    empty = replace(edition, bank=Bank((), edition.bank.vocabulary), checks=())
    found: Annotated = annotate_note(read_brought(DATA / "short-note.md"), empty)
    assert not any(a.green for a in found.annotations)
    assert {a.status for a in found.annotations} <= {None, "not-traced"}
