"""What has been found, by whom, and how do we know?

Nouns: :class:`Study` (one report, with its :class:`Finding` list), :class:`Trial` (one experiment or reform, whatever the
number of papers on it), :class:`Bank` (all of them, with an index), :class:`Query` (a question to it).
A new study is a file in ``bank/studies``: ``virker bank new ID`` writes the frame; copy ``pedersen-2012.md``.

>>> from virker.bank import Query
>>> Query(intervention="meetings-individual", outcome="employment").is_named
False
"""

from virker.bank.bank import Bank, digest_of
from virker.bank.load import load_bank
from virker.bank.query import Query, names
from virker.bank.records import LEVELS, Correction, Finding, Origin, Study, Trial, Votes
from virker.bank.rows import Row

__all__ = ["LEVELS", "Bank", "Correction", "Finding", "Origin", "Query", "Row", "Study", "Trial", "Votes", "digest_of", "load_bank", "names"]
