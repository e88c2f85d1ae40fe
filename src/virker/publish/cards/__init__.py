"""Cards on paper and screen: one A4 page for a measure or a meeting, HTML and PDF, Danish and English.

Nouns: :class:`~virker.publish.cards.page.CardPage` (a card as it is printed on one day), :class:`~virker.publish.cards.page.PrintedLine` (its words,
its status, and what it rests on). What a card may say is settled in :mod:`virker.claims.cards`; here it is only shown.
"""

from virker.publish.cards.page import CardPage, PrintedLine, read_card_page

__all__ = ["CardPage", "PrintedLine", "read_card_page"]
