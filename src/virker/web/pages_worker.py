"""Writes the site's pages in a process of its own, beside what a build does meanwhile: ``python -m virker.web.pages_worker ROOT FOLDER STAMP``.

It reads the workspace anew: a process split off from a running one would inherit locks that threads of libraries hold, and wait for them for
ever. The stamp tells whether it read the same bank and claims; where it did not, it writes nothing and says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from virker.errors import VirkerError
from virker.web.address import Address
from virker.web.site import Site

#: Their drawings are those of the notes, drawn once where the notes are made.
NOTES = "note"
#: The exit code that says that the workspace is not the one the build began with.
CHANGED = 3


def early(site: Site) -> list[Address]:
    """The pages that need nothing of the rest of a build."""
    return [address for address in site.addresses() if address.kind != NOTES]


class PagesApart:
    """The pages on their way; ``answer`` waits for them."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site, self._folder = site, folder
        command = [sys.executable, "-m", "virker.web.pages_worker", str(site.edition.workspace.root), str(folder), site.stamp]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"}
        )

    def answer(self) -> list[Path]:
        """The files written. Where the workspace changed meanwhile they are written here, of the edition that the build began with."""
        from virker.web.static import write_pages

        told, wrong = self._process.communicate()
        if self._process.returncode == CHANGED:
            return write_pages(self._site, early(self._site), self._folder)
        if self._process.returncode != 0:
            raise VirkerError(
                f"the process that writes the site's pages ended with {self._process.returncode}:\n{wrong.strip()}\n    → virker build --no-site writes the rest"
            )
        return [self._folder / name for name in json.loads(told)]

    def stop(self) -> None:
        """End it, whether it is done or not."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.communicate()


def main(root: str, folder: str, stamp: str) -> int:
    """Write the pages of the workspace at ``root`` into ``folder``; the names of the files as JSON on standard output."""
    from virker.claims.edition import load_edition
    from virker.web.static import write_pages
    from virker.workspace import Workspace

    site, to = Site(load_edition(Workspace.find(Path(root)))), Path(folder)
    if site.stamp != stamp:
        return CHANGED
    written = write_pages(site, early(site), to)
    sys.stdout.write(json.dumps([path.relative_to(to).as_posix() for path in written]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
