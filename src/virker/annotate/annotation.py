"""How every sentence of a brought note came out: known ones by their claims, others by what they seem to claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from virker.annotate.candidate import Candidate, candidate
from virker.annotate.citations import Citation, find_citations
from virker.annotate.figures import Figure, find_figures
from virker.annotate.lexicon import Words, aliases
from virker.annotate.records import BroughtNote, Sentence
from virker.annotate.sentences import sentences_of
from virker.annotate.works import SameWork, Works, named_twice
from virker.bank.records import Correction
from virker.claims.check import Check, check_claim
from virker.claims.edition import Edition
from virker.claims.ladder import propose
from virker.claims.records import Status
from virker.claims.result import ORDER
from virker.language import Said

Sure = Literal["known", "clear", "unsure"]

SURE_LABELS: dict[Sure, Said] = {
    "known": Said("kendt sætning med egne påstande", "a known sentence with claims of its own"),
    "clear": Said("læst af programmet, som ikke fandt noget usikkert", "read by the program, which found nothing unsure"),
    "unsure": Said("læst af programmet, som er usikkert", "read by the program, which is unsure"),
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """One sentence, and how it came out.

    Attributes
    ----------
    status : Status or None
        The worst status of its claims; None when no claim was found, which is neither good nor bad.
    sure : str or None
        ``known``: the sentence is the source note's, word for word, and its claims stand in ``notes/claims``. ``clear`` and
        ``unsure``: the claim is the program's own reading.
    none_because : Said or None
        Why no claim was found.
    instead : Said or None
        Why the sentence is not traced although its query has a verdict: then the evidence found is no witness for it, and is not shown.
    """

    sentence: Sentence
    status: Status | None
    sure: Sure | None
    checks: tuple[Check, ...] = ()
    candidate: Candidate | None = None
    citations: tuple[Citation, ...] = ()
    figures: tuple[Figure, ...] = ()
    none_because: Said | None = None
    holds: Said | None = None
    corrections: tuple[Correction, ...] = ()
    instead: Said | None = None

    @property
    def green(self) -> bool:
        """Whether the sentence may be shown as holding: never on the program's own unsure reading."""
        return self.status in ("supported", "judgement") and self.sure in ("known", "clear")

    @property
    def reasons(self) -> tuple[Said, ...]:
        """Why, for every claim of the sentence."""
        return tuple(dict.fromkeys(r for c in self.checks for r in c.reasons))


@dataclass(frozen=True)
class Annotated:
    """A whole note with its annotations, and what its citations come to."""

    note: BroughtNote
    annotations: tuple[Annotation, ...]
    twice: tuple[SameWork, ...] = ()
    by_paragraph: dict[int, list[Annotation]] = field(default_factory=dict)

    def prefix(self, paragraph: int) -> str:
        """What stands before a paragraph's first sentence: the number of a heading."""
        found = self.by_paragraph.get(paragraph)
        return self.note.paragraphs[paragraph].text[: found[0].sentence.start] if found else ""

    @property
    def citations(self) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
        """Every citation once, with the sentences that have it."""
        places: dict[tuple[tuple[str, ...], int, str], list[str]] = defaultdict(list)
        first: dict[tuple[tuple[str, ...], int, str], Citation] = {}
        for a in self.annotations:
            for c in a.citations:
                key = (c.names, c.year, c.letter)
                first.setdefault(key, c)
                places[key].append(a.sentence.id)
        return tuple((c, tuple(places[key])) for key, c in first.items())


def annotate_note(note: BroughtNote, edition: Edition) -> Annotated:
    """Every sentence of the note against the workspace's bank and claims."""
    known = {s.fingerprint: s.id for s in edition.book.sentences if s.fingerprint}
    words = Words(edition.bank.vocabulary, note.language)
    works = Works(edition.bank, aliases())
    claims = _claims_by_sentence(edition)
    annotations = tuple(_annotate(s, edition, words, works, claims) for s in sentences_of(note, known))
    by_paragraph: dict[int, list[Annotation]] = defaultdict(list)
    for a in annotations:
        by_paragraph[a.sentence.paragraph].append(a)
    return Annotated(note, annotations, named_twice(edition.bank, (c for a in annotations for c in a.citations)), dict(by_paragraph))


def _claims_by_sentence(edition: Edition) -> dict[str, list[Check]]:
    out: dict[str, list[Check]] = defaultdict(list)
    for check in edition.checks:
        for sentence in check.claim.sentences:
            out[sentence].append(check)
    return out


def _annotate(sentence: Sentence, edition: Edition, words: Words, works: Works, claims: dict[str, list[Check]]) -> Annotation:
    cited = tuple(works.match(c) for c in find_citations(sentence.text, works.institutions))
    figures = find_figures(sentence.text, words.language)
    if sentence.known is not None:
        return _known(sentence, edition, claims.get(sentence.known, ()), cited, figures)
    found = candidate(sentence, words, cited, figures, works.trials_in(sentence.text))
    if isinstance(found, Said):
        return Annotation(sentence, None, None, citations=cited, figures=figures, none_because=found)
    check = check_claim(found.claim, edition.bank, edition.rules, edition.workspace.settings.rule_set)
    instead = _not_traced(found, check, cited, edition)
    status: Status = "not-traced" if instead else check.status
    holds = _holds(check, edition) if status not in ("supported", "not-traced") else None
    return Annotation(sentence, status, found.confidence, (check,), found, cited, figures, None, holds, (), instead)


def _not_traced(found: Candidate, check: Check, cited: Sequence[Citation], edition: Edition) -> Said | None:
    """Why a draft's own query is no answer: the work named is not in the bank, or nothing in it answers the question."""
    if cited and not any(c.works for c in cited):
        verdict = next((r for r in check.reasons), Said("", ""))
        other = Said(" Om selve spørgsmålet: ", " On the question itself: ") + verdict if check.status not in ("error", "not-traced") else Said("", "")
        return Said("Det værk, sætningen henviser til, er ikke i banken.", "The work that the sentence names is not in the bank.") + other
    if check.status == "error" and found.claim.select is not None and not edition.bank.select(found.claim.select):
        return Said("Banken har intet resultat, der svarer på det.", "The bank has no finding that answers this.")
    return None


def _known(sentence: Sentence, edition: Edition, checks: Sequence[Check], cited: tuple[Citation, ...], figures: tuple[Figure, ...]) -> Annotation:
    corrections = tuple(c for c in edition.bank.corrections if sentence.known in c.sentences and c.status != "withdrawn")
    if not checks:
        told = next((s for s in edition.book.sentences if s.id == sentence.known), None)
        why = Said(told.no_claim_da or "", told.no_claim_en or "") if told and told.no_claim_en else Said("ingen påstand", "no claim")
        return Annotation(sentence, None, "known", (), None, cited, figures, why, None, corrections)
    worst = min(checks, key=lambda c: ORDER.index(c.status))
    holds = _holds(worst, edition) if worst.status != "supported" else None
    return Annotation(sentence, worst.status, "known", tuple(checks), None, cited, figures, None, holds, corrections)


def _holds(check: Check, edition: Edition) -> Said | None:
    """The strongest wording that the evidence carries, where a verdict was given and the words are too strong."""
    found = propose(check, edition.bank)
    return found.sentence if found is not None and found.stronger else None
