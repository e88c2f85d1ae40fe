"""References as other programs read them: CSL-JSON and BibTeX, and one line as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from virker.bank.records import Study

_CSL_TYPES = {"primary": "article-journal", "review": "article-journal", "expert-report": "report"}
_PARTICLES = frozenset({"van", "von", "der", "den", "de", "di", "del", "la", "le", "te", "af"})
_INSTITUTION = re.compile(r"\b(?:Economics|Consulting|Institute|Agency|Group|Råd)\b")


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


def short_name(study: Study, language: str = "en") -> str:
    """``Maibom et al. (2017)``, in Danish ``Maibom m.fl. (2017)``: how a text refers to the study."""
    who = authors_short(study, language)
    return f"{who} ({study.year})" if study.year else who


def authors_short(study: Study, language: str = "en") -> str:
    """Surnames of one or two authors, ``et al.`` (``m.fl.``) from three on; the title's first words where no author is known."""
    surnames = [surname(a) for a in study.authors]
    if not surnames:
        return study.title[:40].rstrip() + "…" if study.title and len(study.title) > 41 else study.title or study.id
    if len(surnames) == 1:
        return surnames[0]
    if len(surnames) == 2:
        return (" og " if language == "da" else " & ").join(surnames)
    return f"{surnames[0]} {'m.fl.' if language == 'da' else 'et al.'}"


def is_institution(author: str) -> bool:
    """Whether an author is an institution, so that its name is never turned round.

    >>> is_institution("Styrelsen for Arbejdsmarked og Rekruttering"), is_institution("Gerard J. van den Berg")
    (True, False)
    """
    words = author.split()
    if len(words) < 2:
        return author.isupper() and len(author) > 1
    lower = any(w[0].islower() and w.casefold() not in _PARTICLES for w in words)
    return lower or bool(_INSTITUTION.search(author)) or any(w.isupper() and len(w) > 2 and "." not in w for w in words)


def surname(author: str) -> str:
    """The name that a person is cited by, with its particles.

    >>> surname("Jan C. van Ours"), surname("Jakob R. Munch"), surname("Bert Van Landeghem")
    ('van Ours', 'Munch', 'Van Landeghem')
    """
    words = author.split()
    if is_institution(author) or len(words) < 2:
        return author
    at = next((i for i, w in enumerate(words) if w.casefold() in _PARTICLES and (i > 0 or len(words) == 2)), len(words) - 1)
    return " ".join(words[at:])


def _csl_type(study: Study) -> str:
    name = re.sub(r"\([^()]*\)", "", study.container or "").casefold()  # in brackets stand earlier versions
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
    body = "".join(f"  {key} = {{{value if key in ('doi', 'url') else _bib(value)}}},\n" for key, value in fields.items() if value)
    return f"@{kind}{{{study.id},\n{body}}}\n"


def _bib(text: str) -> str:
    """Escape what BibTeX reads as markup; letters stay letters (biber and modern styles read UTF-8)."""
    return re.sub(r"([&%$#_])", r"\\\1", unicodedata.normalize("NFC", text))
