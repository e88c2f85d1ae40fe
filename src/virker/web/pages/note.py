"""A note of ours: its text, its figures, and a link from every bound sentence to what it rests on."""

from __future__ import annotations

from virker.claims.records import STATUSES
from virker.publish.document import plain
from virker.publish.frontmatter import day_in_words
from virker.web.address import Address
from virker.web.frame import View, rendered
from virker.web.note_blocks import body_html, note_page
from virker.web.page import WebPage
from virker.web.site import Site


def ids(site: Site) -> tuple[str, ...]:
    """Every note that the workspace publishes."""
    return tuple(site.edition.notes)


def page(site: Site, address: Address) -> WebPage:
    """The page; a note is written in both languages, or the workspace does not load."""
    view, language = View(site, address), address.language
    told = note_page(site, address.id, language)
    front = told.front
    statuses = [site.edition.by_id[c.id].status for c in told.claims]
    main = rendered(
        "note.html.j2",
        view,
        page=told,
        front=front,
        day=day_in_words(front.day, "da" if language == "da" else "en") if front.day else "",
        body=body_html(view, told),
        contents=[(h.level, h.anchor, plain(h.children)) for h in told.contents],
        counts=[(s, statuses.count(s)) for s in reversed(STATUSES) if s in statuses],
        others=[n for n in site.edition.notes if n != address.id],
        titles={n: t[language].meta.get("title", n) for n, t in site.edition.notes.items()},
        subtitles={n: t[language].meta.get("subtitle", "") for n, t in site.edition.notes.items()},
        files=[(kind, f"files/note/{address.id}.{language}.{ending}") for kind, ending in (("PDF", "pdf"), ("Word", "docx"))],
    )
    return WebPage(address, front.title, front.short or front.title, main, "notes")
