"""Words of strength are held against the level that there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import finding, study
from virker.bank import Bank, Query
from virker.claims.wording import LEXICON, too_strong
from virker.synthesis import verdict

MEETINGS = Query(intervention="meetings", outcome="employment")


@pytest.mark.parametrize(
    ("trials", "text", "language", "fits"),
    [
        (3, "Der er stærk evidens for, at samtaler øger beskæftigelsen", "da", True),
        (2, "Der er stærk evidens for, at samtaler øger beskæftigelsen", "da", False),
        (2, "Samtaler virker", "da", True),
        (1, "Samtaler virker", "da", False),
        (1, "Samtaler kan virke", "da", True),
        (1, "Det er en indikation på bedre økonomi på Ærø", "da", True),
        (1, "Meetings work, and there is strong evidence", "en", False),
        (2, "There is moderate evidence", "en", True),
        (1, "Det er ikke vist, at det virker", "da", True),
        (1, "Hun åbner døren", "da", True),
    ],
)
def test_a_word_of_strength_needs_its_level(bank_of: Callable[..., Bank], trials: int, text: str, language: str, fits: bool) -> None:
    told = verdict(bank_of(*[study(f"rct-{i}", finding()) for i in range(trials)]), MEETINGS)
    assert (too_strong(text, language, told) is None) == fits


def test_both_languages_have_the_same_ladder() -> None:
    assert sorted(LEXICON["da"].values()) == sorted(LEXICON["en"].values())
