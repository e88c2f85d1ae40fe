"""What the pages offer to download, made when it is asked for: the bank, measures and studies, and notes and cards as PDF and Word."""

from __future__ import annotations

from virker.errors import VirkerError
from virker.language import LANGUAGES, Language
from virker.web.site import Site

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "toml": "application/toml; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}
#: What a note and a card can be taken home as.
_NOTE, _CARD = ("pdf", "docx", "html"), ("pdf", "html")


def is_dear(site: Site, path: str) -> bool:
    """Whether the file is typeset or worked out, and has not been yet."""
    if path.startswith("files/plan/"):
        return ("file", path) not in site.memo
    return path.startswith(("files/note/", "files/card/")) and ("live file", path) not in site.memo


def content(site: Site, path: str) -> bytes | None:
    """The file at ``files/…``; None where there is none. A note or a card that was made once is kept: there are few."""
    parts = path.split("/")
    if len(parts) == 3 and parts[1] in ("note", "card"):
        key = ("live file", path)
        if key not in site.memo:
            made = _printed(site, parts[1], parts[2])
            if made is None:
                return None
            site.memo[key] = made
        found: bytes = site.memo[key]
        return found
    from virker.web import bank_files

    return bank_files.content(site, path)


def _printed(site: Site, what: str, file: str) -> bytes | None:
    """A note or a card: ``name.language.ending``; only names that the edition has are looked for."""
    known = site.edition.notes if what == "note" else site.edition.cards
    name, _, rest = file.partition(".")
    language, _, ending = rest.partition(".")
    if name not in known or language not in LANGUAGES or language not in known[name] or ending not in (_NOTE if what == "note" else _CARD):
        return None
    spoken: Language = "da" if language == "da" else "en"
    try:
        return _note(site, name, spoken, ending) if what == "note" else _card(site, name, spoken, ending)
    except (ImportError, VirkerError):
        return None  # a part of the installation is missing, or the text cannot be set: `virker build` tells why


def _note(site: Site, name: str, language: Language, ending: str) -> bytes:
    from virker.publish.page import read_page

    page = read_page(site.edition, name, language, site.figures)
    if ending == "pdf":
        from virker.publish.typst_pdf import note_pdf

        return note_pdf(page)
    if ending == "docx":
        from virker.publish.word import note_docx

        return note_docx(page)
    from virker.publish.html import note_html

    return note_html(page).encode("utf-8")


def _card(site: Site, name: str, language: Language, ending: str) -> bytes:
    from virker.publish.cards.html import card_html
    from virker.publish.cards.page import read_card_page
    from virker.publish.cards.pdf import card_pdf

    page = read_card_page(site.edition, name, language, None)
    return card_pdf(page) if ending == "pdf" else card_html(page).encode("utf-8")
