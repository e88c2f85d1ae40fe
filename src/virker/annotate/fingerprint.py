"""Recognising a sentence without keeping its words.

The source note's text is not ours to publish, so ``notes/sentences.toml`` has each sentence in our own words, and a fingerprint of the
original: a hash of its letters and digits. A sentence somebody brings is that sentence when the fingerprints are the same. Hyphens, spaces and
punctuation do not count, since programs that take text out of a PDF change them; one other letter or digit makes another sentence.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """Only letters and digits, in lower case.

    >>> bare("Ét  jobrettet for-løb: 2.500 kr.")
    'étjobrettetforløb2500kr'
    """
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def fingerprint(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of :func:`bare` text.

    >>> fingerprint("Ærlig  øvelse, åben.") == fingerprint("ærlig øvelse åben")
    True
    """
    return hashlib.sha256(bare(text).encode("utf-8")).hexdigest()[:16]


def with_fingerprints(toml: str, texts: dict[str, str]) -> str:
    """The text of a ``sentences.toml`` in which every sentence whose words are given has its fingerprint, under its id.

    >>> print(with_fingerprints('[[sentence]]\\nid = "1.01"\\nda = "x"\\n', {"1.01": "Æ"}).splitlines()[2])
    fingerprint = "889be819e24eaa58"
    """
    out: list[str] = []
    for line in toml.splitlines():
        if line.startswith("fingerprint = "):
            continue
        out.append(line)
        found = re.fullmatch(r'id = "(.+)"', line)
        if found and found[1] in texts:
            out.append(f'fingerprint = "{fingerprint(texts[found[1]])}"')
    return "\n".join(out) + "\n"
