"""What now, for this person?

Nouns: :class:`Answer` (what a calculator arrives at), :class:`Step` (one line of it, with the law or the claim it rests on). A new
calculator is one file with a function from facts and a day to an :class:`Answer`; copy ``jobpraemie.py``. Nothing is stored, and
nothing here decides about a person.
"""

from virker.practice.answer import A_PERSON_DECIDES, Answer, Step

__all__ = ["A_PERSON_DECIDES", "Answer", "Step"]
