"""Which sentences of a note you bring hold?

Nouns: :class:`BroughtNote` (somebody's file as paragraphs), :class:`Sentence` (one of its sentences, numbered), :class:`Citation` (a work that
it names, and which of the bank's works that is), :class:`Candidate` (what a sentence seems to claim, as a query and an expectation), and
:class:`Annotation` (how the sentence came out, and how sure that is). A new kind of file is a reader in ``read.py``; copy ``_plain``.

>>> from virker.annotate.fingerprint import fingerprint
>>> fingerprint("Samtaler vir-\\nker.") == fingerprint("samtaler virker")
True
"""

from virker.annotate.annotation import Annotation, annotate_note
from virker.annotate.candidate import Candidate
from virker.annotate.citations import Citation, find_citations
from virker.annotate.read import read_brought
from virker.annotate.records import BroughtNote, Paragraph, Sentence
from virker.annotate.sentences import sentences_of

__all__ = [
    "Annotation", "BroughtNote", "Candidate", "Citation", "Paragraph", "Sentence", "annotate_note", "find_citations", "read_brought", "sentences_of",
]  # fmt: skip
