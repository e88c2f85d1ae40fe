"""The notes that the workspace publishes, each with how its claims stand."""

from __future__ import annotations

from virker.claims.records import STATUSES
from virker.language import Said
from virker.web.address import Address
from virker.web.claimed import document_of
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.site import Site

_TITLE = Said("Notater", "Notes")
_SHORT = Said(
    "Vores egne notater, hvor hver sætning om evidens er prøvet mod banken.", "Our own notes, in which every sentence on evidence is tested against the bank."
)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The page, the shortest note first."""
    language, edition = address.language, site.edition
    told = []
    for note, texts in edition.notes.items():
        text = texts["da" if language == "da" else "en"]
        statuses = [edition.by_id[c].status for c in document_of(site, note, language).claims if c in edition.by_id]
        counts = [(s, statuses.count(s)) for s in reversed(STATUSES) if s in statuses]
        told.append((len(text.markdown), note, text.meta, counts, len(statuses)))
    main = rendered(
        "notes.html.j2", View(site, address), title=_TITLE[language], short=_SHORT[language], notes=[t[1:] for t in sorted(told, key=lambda t: t[0])]
    )
    return WebPage(address, _TITLE[language], _SHORT[language], main, "notes")
