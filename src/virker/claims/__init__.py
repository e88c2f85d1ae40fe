"""Does this sentence hold?

Nouns: :class:`Claim` (a sentence bound to queries), :class:`Expectation` (what must be true), :class:`Check` (how it came out, and
why), :class:`Edition` (a workspace loaded and checked). A new claim is a table in ``notes/claims/<section>.toml``; copy the one above it.

>>> from virker.claims.records import STATUSES
>>> STATUSES[-1]
'supported'
"""

from virker.claims.binding import check_note
from virker.claims.check import Check, WorkToGet, check_claim, check_claims, tally, works_to_get
from virker.claims.edition import Edition, load_edition
from virker.claims.load import ClaimBook, load_claims
from virker.claims.note import NoteText, Span
from virker.claims.records import STATUS_LABELS, STATUSES, Attestation, Claim, Expectation, Number, Part, Sentence, Status

__all__ = [
    "STATUSES", "STATUS_LABELS", "Attestation", "Check", "Claim", "ClaimBook", "Edition", "Expectation", "NoteText", "Number", "Part",
    "Sentence", "Span", "Status", "WorkToGet", "check_claim", "check_claims", "check_note", "load_claims", "load_edition", "tally", "works_to_get",
]  # fmt: skip
