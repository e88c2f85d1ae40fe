"""References as RIS: the tagged lines that reference managers and libraries exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from virker.bank.records import Study
from virker.bank.references import csl

_TYPES = {"article-journal": "JOUR", "report": "RPRT"}


def ris(studies: Iterable[Study]) -> str:
    """All studies as RIS records, keyed by their ids; lines end as the format wants them."""
    return "".join(f"{tag}  - {text}\r\n" for study in studies for tag, text in _lines(study))


def _lines(study: Study) -> Iterator[tuple[str, str]]:
    """The tags of a study; what is not known is left out. The type stands first and the end last, as readers expect."""
    item = csl(study)
    report = item["type"] == "report"
    yield "TY", _TYPES[item["type"]]
    yield "ID", study.id
    for author in item.get("author", ()):
        yield "AU", author["literal"] if "literal" in author else f"{author['family']}, {author['given']}"
    told = {
        "TI": study.title,
        "PY": str(study.year) if study.year else None,
        "T2": None if report else study.container,
        "PB": study.publisher or (study.container if report else None),
        "DO": study.doi,
        "SN": study.isbn,
        "UR": study.url,
        "LA": study.language,
    }
    yield from ((tag, " ".join(text.split())) for tag, text in told.items() if text)
    yield "ER", ""
