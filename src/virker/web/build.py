"""What ``virker build`` writes beside the notes: the whole site, with its search and the files to download."""

from __future__ import annotations

from pathlib import Path

from virker.publish.cards.build import FOLDER as CARDS
from virker.web.bank_files import write_files
from virker.web.pages_worker import NOTES, PagesApart, early
from virker.web.site import Site
from virker.web.static import write_frame, write_pages
from virker.web.static_search import index_pages, require_pagefind

#: The site's folder in a build, and the folder in the site that holds what can be downloaded.
FOLDER, FILES = "site", "files"


class SitePart:
    """The site as a part of a build (:class:`virker.publish.build.Part`).

    With ``apart`` the pages are written in a process of their own while the notes are made, which reads the workspace anew: for an edition that
    was loaded from its workspace as it is now. The notes' own pages wait for the notes: their drawings are the same, and drawn once.
    """

    def __init__(self, site: Site, *, apart: bool = False) -> None:
        require_pagefind()  # before everything is done, not after
        self.site, self.apart = site, apart
        self._pages: PagesApart | None = None

    def start(self, folder: Path) -> None:
        """Begin to write the pages."""
        if self.apart:
            self._pages = PagesApart(self.site, folder / FOLDER)

    def finish(self, folder: Path) -> list[Path]:
        """The notes' pages, the files to take away, and the index that searches the pages when all of them stand."""
        root = folder / FOLDER
        notes = write_pages(self.site, (address for address in self.site.addresses() if address.kind == NOTES), root)
        more = [*write_frame(root), *_downloads(folder), *write_files(self.site, root)]
        pages = self._pages.answer() if self._pages is not None else write_pages(self.site, early(self.site), root)
        return [*pages, *notes, *more, *index_pages(root)]

    def stop(self) -> None:
        """End the process that writes pages."""
        if self._pages is not None:
            self._pages.stop()


def _downloads(folder: Path) -> list[Path]:
    """The notes and cards once more, where the pages link to them: the site must stand alone on its server."""
    found = sorted(p for part in ("note", CARDS) for p in (folder / part).glob("*") if p.is_file())
    return [_copied(path, folder / FOLDER / FILES / path.parent.name / path.name) for path in found]


def _copied(path: Path, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(path.read_bytes())
    return to
