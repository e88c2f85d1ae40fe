"""What the printed numbers of a question add up to, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virker.language import Said

if TYPE_CHECKING:
    from virker.bank import Bank, Query
    from virker.claims.records import Claim


def numbers_lines(bank: Bank, query: Query, speak: str) -> list[str]:
    """What can be pooled of the question's numbers; nothing where it has none, or where the extra that pools is not installed."""
    from virker.synthesis.extras import is_installed
    from virker.synthesis.pooled_cells import cells
    from virker.synthesis.pooled_words import pooled_lines

    answer = cells(bank, query) if is_installed("meta") else None
    return pooled_lines(answer, speak) if answer and answer.cells else []


def numbers_under(claim: Claim, bank: Bank, speak: str) -> list[str]:
    """The same for each question of a claim that has a direction to hold."""
    lines: list[str] = []
    for part in claim.parts:
        if part.select is not None and part.expect.direction:
            lines += [line for line in numbers_lines(bank, part.select, speak) if line not in lines]
    return ["", Said("Tallene", "The numbers")[speak], *lines] if lines else []
