"""What do our words mean, in Danish and English?

Nouns: :class:`Term` (one word with both labels, a definition and a parent), :class:`Vocabulary` (all words of all kinds).
A new term is a ``[[term]]`` in ``bank/vocabulary/<kind>.toml``; copy the one above it.

>>> from virker.vocabulary import Term, Vocabulary
>>> meetings, group = Term(id="meetings", da="samtaler", en="meetings"), Term(id="meetings-group", parent="meetings", da="gruppesamtaler", en="group meetings")
>>> sorted(Vocabulary({"interventions": [meetings, group]}).under("interventions", "meetings"))
['meetings', 'meetings-group']
"""

from virker.vocabulary.terms import KINDS, Kind, Term, Vocabulary, load_vocabulary

__all__ = ["KINDS", "Kind", "Term", "Vocabulary", "load_vocabulary"]
