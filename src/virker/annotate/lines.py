"""From the lines of a page to paragraphs: page furniture dropped, words broken at line ends made whole.

A text file and a PDF give lines; where a paragraph ends is not written anywhere. The rules here are ours, and they are few:

- a gap larger than the text's usual one ends a paragraph, unless a sentence runs on over it (a page break);
- a line that ends its sentence well before the margin ends a paragraph, when the next begins with a capital;
- a numbered or bulleted line begins one.

**Hyphens at line ends.** No rule tells ``beskæfti-/gelse`` from ``ikke-/vestlige`` for certain. The note itself is asked first: if the joined
word stands elsewhere in it, the hyphen goes; if the hyphenated one does, it stays. Else it stays after a few words that nearly always carry one
(``ikke-``, ``lock-``, ``non-``), before a capital or a digit, and before *og*, *eller*, *and*, *or* (``kontant- og uddannelseshjælp``). All
others are joined; that is right for typeset text, and a wrong guess changes no letter, so recognition by fingerprint does not depend on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from virker.annotate.records import Paragraph, word_set

_HYPHENS = "-\u2010\xad"
_KEEPS = word_set("ikke non lock self ex semi long short well low high part full cost co pre post cross e it")
_SUSPENDED = word_set("og eller samt and or")
_NUMBERED = re.compile(r"^(?:Ad\s+\d+\.?|\d{1,2}(?:\.\d{1,2})*\.)\s+\S")
_BULLET = re.compile(r"^[•●▪◦‣·–*-]\s+\S")
_PAGE_NUMBER = re.compile(r"^(?:(?:side|page|s\.|p\.)\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:af|of|/)\s*\d{1,4})?$", re.I)
_ENDS = re.compile(r"[.!?:…][\"”»’')\]]*$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

#: A line shorter than this share of the margin may be the last of its paragraph. Ours.
SHORT = 0.8
#: A short line that comes back on this many pages is a header or a footer. Ours.
REPEATED_PAGES = 3


def is_page_number(line: str) -> bool:
    """Whether a line is only a page number.

    >>> is_page_number("Side 5 af 30"), is_page_number("– 12 –"), is_page_number("5 studier")
    (True, True, False)
    """
    return bool(_PAGE_NUMBER.match(line.strip()))


def without_furniture(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], tuple[str, ...]]:
    """The pages without page numbers and running headers, and what was left out.

    A header is a short line that comes back at the top or bottom of several pages, or that repeats the note's first line; the first
    of these stays, since it is the title.
    """
    edges: Counter[str] = Counter()
    for page in pages:
        full = [line for line in page if line.strip()]
        edges.update({_key(line) for line in (*full[:2], *full[-2:]) if _is_short(line)})
    again = {key for key, count in edges.items() if key and count >= min(REPEATED_PAGES, max(2, len(pages)))}
    if len(pages) == 1:
        everywhere = Counter(_key(line) for line in pages[0] if _is_short(line))
        again = {key for key, count in everywhere.items() if key and count >= REPEATED_PAGES}
    title = next((_key(line) for page in pages for line in page if _is_short(line)), "")
    kept, gone, titled = [], Counter[str](), False
    for page in pages:
        lines = []
        for line in page:
            first = not titled and bool(title) and _key(line) == title
            titled = titled or first
            runs = _is_short(line) and not first and _key(line) in again | {title}
            if is_page_number(line) or runs:
                gone[line.strip()] += 1
            else:
                lines.append(line)
        kept.append(lines)
    return kept, tuple(g for g in gone if not is_page_number(g))


def _key(line: str) -> str:
    return re.sub(r"[\W\d_]+", "", line.casefold())


def _is_short(line: str) -> bool:
    text = line.strip()
    return 0 < len(text) <= 80 and not _NUMBERED.match(text) and not _BULLET.match(text) and not text.endswith((".", ","))


def paragraphs_of(lines: Sequence[str]) -> list[Paragraph]:
    """Paragraphs of lines that a margin has broken (or of lines that are paragraphs already)."""
    full = [(i, line.strip()) for i, line in enumerate(lines) if line.strip()]
    if not full:
        return []
    lengths = sorted(len(t) for _, t in full)
    margin = lengths[int(0.9 * (len(lengths) - 1))]
    gaps = [b - a - 1 for (a, _), (b, _) in pairwise(full)]
    usual = median(gaps) if gaps else 0
    whole = median(lengths) > 120 or sum(bool(_ENDS.search(t)) for _, t in full) > 0.6 * len(full)
    known = _words_of([t for _, t in full])
    out: list[list[str]] = []
    begins = True
    for n, (_, text) in enumerate(full):
        if begins:
            out.append([])
        out[-1].append(text)
        if n + 1 < len(full):
            begins = _ends_here(out[-1], full[n + 1][1], gaps[n], usual, margin, whole)
    return [Paragraph(joined(part, known)) for part in out]


def _ends_here(part: list[str], following: str, gap: int, usual: float, margin: int, whole: bool) -> bool:
    line = part[-1]
    if line[-1] in _HYPHENS and not line.endswith((" -", " –")) and not _NUMBERED.match(following):
        return False
    runs_on = not _ENDS.search(line) and following[0].islower()
    if runs_on:
        return False
    if whole or _NUMBERED.match(following) or _BULLET.match(following):
        return True
    if gap > usual + 0.5:
        return True
    short = len(line) < SHORT * margin
    heading = bool(_NUMBERED.match(part[0])) and not _ENDS.search(line)
    if heading:
        return short or len(part) > 1
    capital = following[0].isupper() or following[0].isdigit() or following[0] in "\"“”»«'("
    return short and capital and (bool(_ENDS.search(line)) or len(part) == 1)


def _words_of(lines: Sequence[str]) -> frozenset[str]:
    return frozenset(w.casefold() for line in lines for w in _WORD.findall(line.rstrip(_HYPHENS)))


def joined(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """Lines as one text; ``known`` are the note's words, for deciding on hyphens.

    >>> joined(["Flere i beskæfti-", "gelse, også ikke-", "vestlige og kontant-", "og uddannelseshjælp"])
    'Flere i beskæftigelse, også ikke-vestlige og kontant- og uddannelseshjælp'
    """
    text = ""
    for line in lines:
        part = re.sub(r"\s+", " ", line.strip())
        if text and text[-1] in _HYPHENS and len(text) > 1 and (text[-2].isalnum()):
            text = _over_the_break(text, part, known)
        else:
            text = f"{text} {part}" if text else part
    return text.replace("\xad", "")


def _over_the_break(text: str, part: str, known: frozenset[str]) -> str:
    before = (re.findall(r"[^\W_]+(?:-[^\W_]+)*$", text[:-1]) or [""])[0]
    after = (re.match(r"[^\W_]+(?:-[^\W_]+)*", part) or [""])[0]
    if after.casefold() in _SUSPENDED:
        return f"{text[:-1]}- {part}"
    if not after or not after[0].islower():
        return f"{text[:-1]}-{part}"
    whole, kept = (before + after).casefold(), f"{before}-{after}".casefold()
    first = before.split("-")[-1].casefold()
    if whole not in known and (kept in known or first in _KEEPS):
        return f"{text[:-1]}-{part}"
    return text[:-1] + part
