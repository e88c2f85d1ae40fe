"""A note's blocks inside the site's frame: its citations lead to the studies' pages, and its claim numbers to the claims' pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from virker.publish.document import Block, FigureBlock
from virker.publish.html import block_html
from virker.publish.page import Page, read_page
from virker.web.frame import View
from virker.web.site import Site

_CITE = re.compile(r'<a class="cite" href="#ref-([a-z0-9-]+)">')
_MARK = re.compile(r'<sup><a id="(claim-(\d+)-\d+)" href="#evidence-\d+" aria-label="([^"]*)">')
_OTHER_NOTE = re.compile(r'<a href="([a-z0-9-]+)\.(?:da|en)\.html">')


def note_page(site: Site, note: str, language: str) -> Page:
    """The note as ``virker build`` reads it; worked out once."""
    key = ("note", note, language)
    known: Page | None = site.memo.get(key)
    if known is None:
        known = site.memo[key] = read_page(site.edition, note, "da" if language == "da" else "en", site.figures)
    return known


def body_html(view: View, page: Page) -> Markup:
    """The note's text."""
    claims = page.document.claims
    return Markup("\n").join(_block(view, page, block, claims) for block in page.document.blocks)


def _block(view: View, page: Page, block: Block, claims: Sequence[str]) -> Markup:
    """A block, with links that lead into the site. A figure's own drawing has no such links."""
    html = block_html(block, page)
    return html if isinstance(block, FigureBlock) else Markup(_linked(view, str(html), claims))


def _linked(view: View, html: str, claims: Sequence[str]) -> str:
    html = _CITE.sub(lambda m: f'<a class="cite" href="{view.study_href(m[1])}">' if _shown(view, m[1]) else m[0], html)
    html = _MARK.sub(lambda m: f'<sup><a id="{m[1]}" href="{view.href("claim", claims[int(m[2]) - 1])}" aria-label="{m[3]}">', html)
    html = _OTHER_NOTE.sub(lambda m: f'<a href="{view.href("note", m[1])}">' if view.has("note", m[1]) else m[0], html)
    return html.replace('<span class="claim">', '<span class="claim-words">')


def _shown(view: View, study: str) -> bool:
    return view.has("study", study) or view.has("review", study)
