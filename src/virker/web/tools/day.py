"""The day whose law the site shows: the edition's own where it is one of a day, else today."""

from __future__ import annotations

from datetime import date

from virker.web.site import Site


def day_of_site(site: Site) -> date:
    """One day for all static pages of a build; a live site moves on with the calendar."""
    if isinstance(site.edition.as_of, date):
        return site.edition.as_of
    if site.live:
        return date.today()
    day: date = site.memo.setdefault("law day", date.today())
    return day
