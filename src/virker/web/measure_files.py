"""The findings on each measure as files to take away: CSV and JSON. The build writes them; a server makes them when they are asked for."""

from __future__ import annotations

from virker.web.measure_parts import csv_of, json_of, rows_for
from virker.web.measures import measures
from virker.web.site import Site

FOLDER = "files/measure/"
_MAKERS = {"csv": csv_of, "json": json_of}


def names(site: Site) -> tuple[str, ...]:
    """The paths of all of them, from the site's root."""
    return tuple(f"{FOLDER}{term}.{ending}" for term in measures(site) for ending in _MAKERS)


def content(site: Site, path: str) -> bytes | None:
    """The file at a path; None where there is none."""
    term, _, ending = path.removeprefix(FOLDER).partition(".")
    if not path.startswith(FOLDER) or ending not in _MAKERS or term not in measures(site):
        return None
    return _MAKERS[ending](rows_for(site, term))
