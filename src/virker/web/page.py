"""What a page shows, before the frame of the site is put round it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from virker.web.address import Address


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page's own content.

    Attributes
    ----------
    title, description : str
        The title in the browser and over the text; one sentence for search engines and results.
    main : Markup
        The content, beginning with its ``<h1>``.
    section : str
        Which entry of the menu it belongs to (an id of :data:`virker.web.frame.MENU`), or nothing.
    wide : bool
        For maps and tables that need the whole width.
    scripts : tuple of str
        Files in ``assets/`` that the page needs; the page must say what it cannot do without them.
    searched : bool
        Whether the search finds it.
    question : str
        What stands behind the question mark (with it), which the link to the other language keeps.
    """

    address: Address
    title: str
    description: str
    main: Markup
    section: str = ""
    wide: bool = False
    scripts: tuple[str, ...] = ()
    searched: bool = True
    question: str = ""
