"""The same, in a browser: one set of pages, written as static files or served live.

Nouns: :class:`Site` (an edition with its pages), :class:`Address` (a page's stable place), :class:`WebPage` (what a page shows). A new kind
of page is one file in ``pages/`` with ``ids`` and ``page``, named in ``kinds.py``; copy ``pages/about.py``.
"""

from virker.web.address import Address
from virker.web.page import WebPage
from virker.web.site import Site

__all__ = ["Address", "Site", "WebPage"]
