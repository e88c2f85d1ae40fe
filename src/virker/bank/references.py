"""References as other programs read them: CSL-JSON and BibTeX, and one line as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from virker.bank.records import Study

_CSL_TYPES = {"primary": "article-journal", "review": "article-journal", "expert-report": "report"}
_INSTITUTION = re.compile(
    r"^(Styrelsen|Ekspertgruppen|De Økonomiske|Rambøll|DAMVAD|Damvad|Kraka|Metrica|VIVE|KORA|SFI|SBU|STAR|Beskæftigelsesministeriet|[A-ZÆØÅ]{3,})\b"
)


def csl(study: Study) -> dict[str, Any]:
    """The study as a CSL-JSON item: the shape that reference managers exchange."""
    item: dict[str, Any] = {
        "id": study.id,
        "type": _csl_type(study),
        "title": study.title,
        "author": [_name(a) for a in study.authors],
        "issued": {"date-parts": [[study.year]]} if study.year else None,
        "container-title": study.container,
        "publisher": study.publisher,
        "DOI": study.doi,
        "ISBN": study.isbn,
        "URL": study.url,
        "language": study.language,
    }
    return {key: value for key, value in item.items() if value}


def bibtex(studies: Iterable[Study]) -> str:
    """All studies as BibTeX entries, keyed by their ids."""
    return "\n".join(_entry(s) for s in studies)


def short_name(study: Study) -> str:
    """``Maibom et al. (2017)``: how a text refers to the study."""
    who = authors_short(study)
    return f"{who} ({study.year})" if study.year else who


def authors_short(study: Study) -> str:
    """Surnames of one or two authors, ``et al.`` from three on; the title's first words where no author is known."""
    surnames = [surname(a) for a in study.authors]
    if not surnames:
        return study.title[:40].rstrip() + "…" if study.title and len(study.title) > 41 else study.title or study.id
    if len(surnames) == 1:
        return surnames[0]
    return " & ".join(surnames) if len(surnames) == 2 else f"{surnames[0]} et al."


def surname(author: str) -> str:
    """The surname of a person (with its particle), or an institution's name whole.

    >>> surname("Gerard J. van den Berg"), surname("Lars Højsgaard Andersen"), surname("De Økonomiske Råd")
    ('van den Berg', 'Andersen', 'De Økonomiske Råd')
    """
    if _INSTITUTION.match(author) or " " not in author:
        return author
    words = author.split()
    start = next((i for i, w in enumerate(words[1:], 1) if w.islower() and w in {"van", "von", "de", "den", "der", "ten", "du", "la"}), len(words) - 1)
    return " ".join(words[start:])


def _csl_type(study: Study) -> str:
    name = (study.container or "").casefold()
    return (
        "report"
        if not name or any(w in name for w in ("working paper", "discussion", "rapport", "report", "notat", " dp ", " wp "))
        else _CSL_TYPES[study.kind]
    )


def _name(author: str) -> dict[str, str]:
    family = surname(author)
    given = author.removesuffix(family).strip()
    return {"family": family, "given": given} if given else {"literal": author}


def _entry(study: Study) -> str:
    kind = "article" if _csl_type(study) == "article-journal" else "techreport"
    fields = {
        "author": " and ".join(f"{{{a}}}" if "given" not in _name(a) else f"{surname(a)}, {_name(a)['given']}" for a in study.authors),
        "title": f"{{{study.title}}}" if study.title else "",
        "year": str(study.year or ""),
        "journal" if kind == "article" else "institution": study.container or study.publisher or "",
        "doi": study.doi or "",
        "isbn": study.isbn or "",
        "url": study.url or "",
        "language": study.language or "",
    }
    body = "".join(f"  {key} = {{{_bib(value)}}},\n" for key, value in fields.items() if value)
    return f"@{kind}{{{study.id},\n{body}}}\n"


def _bib(text: str) -> str:
    """Escape what BibTeX reads as markup; letters stay letters (biber and modern styles read UTF-8)."""
    return re.sub(r"([&%$#_])", r"\\\1", unicodedata.normalize("NFC", text))
