"""What ``virker build`` writes beside the notes: the whole site, with its search and the files to download."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from virker.publish.cards.build import FOLDER as CARDS
from virker.web.bank_files import write_files
from virker.web.site import Site
from virker.web.static import write_site
from virker.web.static_search import index_pages, require_pagefind

#: The site's folder in a build, and the folder in the site that holds what can be downloaded.
FOLDER, FILES = "site", "files"


@dataclass(frozen=True)
class SitePart:
    """The site as a part of a build (:class:`virker.publish.build.Part`)."""

    site: Site

    def __post_init__(self) -> None:
        require_pagefind()  # before an hour's work is done, not after

    def write(self, folder: Path) -> list[Path]:
        """Every page and asset."""
        return write_site(self.site, folder / FOLDER)

    def finish(self, folder: Path) -> list[Path]:
        """The notes and cards to download, the bank's own files, and the index that searches the pages."""
        return [*_downloads(folder), *write_files(self.site, folder / FOLDER), *index_pages(folder / FOLDER)]


def _downloads(folder: Path) -> list[Path]:
    """The notes and cards once more, where the pages link to them: the site must stand alone on its server."""
    found = sorted(p for part in ("note", CARDS) for p in (folder / part).glob("*") if p.is_file())
    return [_copied(path, folder / FOLDER / FILES / path.parent.name / path.name) for path in found]


def _copied(path: Path, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(path.read_bytes())
    return to
