"""A study or an expert report: what it found, how it was read, and what rests on it."""

from __future__ import annotations

from virker.web.address import Address
from virker.web.page import WebPage
from virker.web.site import Site
from virker.web.study_page import ids_of, study_page


def ids(site: Site) -> tuple[str, ...]:
    """Every study that is no review."""
    return ids_of(site, "study")


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    return study_page(site, address)
