"""Whether a study stands in a scientific journal, read off the name of its series: the bank has no better mark.

What stands in brackets is left out (»Labour 26(4) (CESifo Working Paper 2552)« is a journal). A series that names itself a paper or a report is
none, whoever prints it; else it is one if its name has the word, or is a name that we know.

>>> in_journal("IZA Journal of Labor Policy 3:10"), in_journal("IZA DP 3849"), in_journal("Nationaløkonomisk Tidsskrift 151")
(True, False, True)
>>> in_journal("DAMVAD, 24 February 2014"), in_journal(None)
(False, False)
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Words that only journals have in their names, and names of journals without one. Whole words, small letters.
_WORDS = ("journal", "j", "tidsskrift", "tidskrift", "zeitschrift", "quarterly", "review", "reviews")
_NAMES = ("bmc", "econometrica", "economica", "empirical economics", "industrial relations", "int arch", "kyklos", "labour", "labour economics", "occupational and environmental medicine", "oxford economic papers", "plos", "social science & medicine")  # fmt: skip
_PAPERS = ("working paper", "wp", "discussion paper", "dp", "study paper", "report", "rapport", "seminar", "kurzbericht", "forschungsbericht", "thesis", "notat", "note")  # fmt: skip


def _any(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(re.escape, words)) + r")(?!\w)"


_A_JOURNAL = re.compile(rf"^{_any(_NAMES)}|(?<!\w){_any(_WORDS)}")
_A_PAPER = re.compile(rf"(?<!\w){_any(_PAPERS)}")
_BRACKETS = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=4096)
def in_journal(series: str | None) -> bool:
    """Whether the series is a journal; False where it is not told. »CEPR DP 6558 (2007); journal version 2010« is one: a version stands in a journal."""
    name = _BRACKETS.sub(" ", (series or "").casefold())
    return any(_A_JOURNAL.search(part.strip()) and not _A_PAPER.search(part) for part in name.split(";"))
