"""Citations in a note: ``[@humlum-2025]`` and ``[@a; @b]`` are ids of studies in the bank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from virker.claims.edition import Edition
from virker.claims.note import NoteText
from virker.errors import Problem, nearest
from virker.files import line_of

CITATION = re.compile(r"\[(@[^\[\]]+)\]")


def cited_in(citation: str) -> tuple[str, ...]:
    """The study ids of one citation.

    >>> cited_in("@humlum-2025; @card-2018")
    ('humlum-2025', 'card-2018')
    """
    return tuple(part.strip().removeprefix("@").strip() for part in citation.split(";") if part.strip().removeprefix("@").strip())


def citations(text: NoteText) -> tuple[str, ...]:
    """Every study that the note cites, once, in order of first mention."""
    return tuple(dict.fromkeys(study for found in _found(text) for study in cited_in(found[1])))


def citation_problems(edition: Edition) -> list[Problem]:
    """A problem for every cited study that the bank does not have, with its line in the note."""
    problems = []
    for text in (t for note in edition.notes.values() for t in note.values()):
        whole = text.path.read_text(encoding="utf-8") if text.path.exists() else text.markdown
        for study in citations(text):
            if study not in edition.bank.studies:
                problems.append(
                    Problem(
                        text.shown, line_of(whole, f"@{study}"), f"the note cites '{study}', which is not in the bank", nearest(study, edition.bank.studies)
                    )
                )
    return problems


def _found(text: NoteText) -> Iterator[re.Match[str]]:
    for token in text.tokens:
        for child in token.children or ():
            if child.type == "text":
                yield from CITATION.finditer(child.content)
