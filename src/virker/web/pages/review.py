"""A review: as a study, and what it covers, and how much it shares with other reviews."""

from __future__ import annotations

from virker.web.address import Address
from virker.web.page import WebPage
from virker.web.site import Site
from virker.web.study_page import ids_of, study_page


def ids(site: Site) -> tuple[str, ...]:
    """Every review."""
    return ids_of(site, "review")


def page(site: Site, address: Address) -> WebPage:
    """The page."""
    return study_page(site, address)
