"""The annotated note as one HTML file: every sentence coloured and signed, why on demand, no script."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from virker.annotate.annotation import SURE_LABELS, Annotated
from virker.annotate.citations import OUTCOME_LABELS
from virker.annotate.told import NO_CLAIM, NO_CLAIM_SIGN, Told, counts, told, twice_words, work_words
from virker.bank import Bank
from virker.claims.records import STATUS_LABELS, STATUSES
from virker.claims.report import MEANING
from virker.language import Language
from virker.publish.html import environment


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with what is said of its sentences, and how many of each sign it has."""

    before: str
    sentences: tuple[Told, ...]
    heading: bool

    @property
    def tested(self) -> bool:
        """Whether any sentence has more under it than that no claim was found."""
        return any(s.tested for s in self.sentences)

    @property
    def signs(self) -> str:
        """``✓ 2 · ▲ 1``: what the details under the paragraph hold."""
        found: dict[str, int] = {}
        for s in self.sentences:
            found[s.sign] = found.get(s.sign, 0) + 1
        return " · ".join(f"{sign} {n}" for sign, n in found.items())


@dataclass(frozen=True, slots=True)
class CitationLine:
    """One citation in the table."""

    text: str
    outcome: str
    kind: str
    why: str
    works: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]


def annotated_html(note: Annotated, bank: Bank, language: Language, title: str) -> str:
    """The page in one language; the note's own words stay in theirs."""
    blocks = [
        Block(note.prefix(i), tuple(told(a, bank, language) for a in found), found[0].sentence.heading)
        for i in range(len(note.note.paragraphs))
        if (found := note.by_paragraph.get(i))
    ]
    lines = [
        CitationLine(
            c.text,
            OUTCOME_LABELS[c.outcome][language],
            c.outcome,
            c.why[language],
            tuple((work_words(bank, w, language, len(c.works) > 1), w) for w in c.works),
            where,
        )
        for c, where in note.citations
    ]
    template = environment().from_string((resources.files("virker.annotate") / "templates" / "annotated.html.j2").read_text(encoding="utf-8"))
    return template.render(
        language=language,
        title=title,
        note=note.note,
        total=len(note.annotations),
        green=sum(a.green for a in note.annotations),
        known=sum(a.sentence.known is not None for a in note.annotations),
        counts=counts(note),
        labels={s: STATUS_LABELS[s][language] for s in STATUSES} | {None: NO_CLAIM[language]},
        meaning={s: MEANING[s][language] for s in STATUSES},
        no_claim_sign=NO_CLAIM_SIGN,
        sure={k: v[language] for k, v in SURE_LABELS.items()},
        blocks=blocks,
        odd=[c for c in lines if c.kind != "one"],
        plain=[c for c in lines if c.kind == "one"],
        twice=[twice_words(s.works, s.texts, s.versions)[language] for s in note.twice],
    )
