"""Small things of language that the calculators share.

>>> sentence(Said("i alt 2.500 kr.", "in all DKK 2,500"))
Said(da='I alt 2.500 kr.', en='In all DKK 2,500.')
"""

from __future__ import annotations

from virker.language import Said
from virker.rules.told import amount_said


def sentence(said: Said) -> Said:
    """With a capital at the beginning and one full stop at the end, also where it ends in ``kr.``."""

    def whole(text: str) -> str:
        return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", ":")) else ".")

    return Said(whole(said.da), whole(said.en))


def kroner(amount: float) -> Said:
    """An amount of money: ``2.500 kr.``, ``DKK 2,500``."""
    return amount_said(amount, "DKK")
