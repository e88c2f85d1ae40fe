"""A note as somebody brings it: paragraphs, and the sentences in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from virker.language import Language


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a note.

    Attributes
    ----------
    heading : int or None
        The heading's level where the file says that it is one (1 is highest), else None.
    origin : int or None
        Where the paragraph stands in a Word file, so that comments can be put there.
    """

    text: str
    heading: int | None = None
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class BroughtNote:
    """Somebody's note, read from a file; page numbers and headers are gone, words broken at line ends are whole."""

    path: Path
    paragraphs: tuple[Paragraph, ...]
    language: Language
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many words the note has."""
        return sum(len(p.text.split()) for p in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a brought note.

    Attributes
    ----------
    id : str
        Section and number: ``1.03``; a section's heading is ``1.00``, what stands before the first section has section 0.
    paragraph : int
        Which paragraph it stands in.
    start : int
        At which character of the paragraph it begins.
    known : str or None
        The id of the workspace's source note's sentence that this is, word for word.
    """

    id: str
    text: str
    section: int
    paragraph: int
    start: int
    heading: bool = False
    known: str | None = None


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set: how lists of words are written here, so that they can be read."""
    return frozenset(text.split())
