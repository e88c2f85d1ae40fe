"""A workspace as it was committed: read from git at a revision into a folder that is gone afterwards.

Git is a program of its own, and the only one that virker asks for; nothing else needs it.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from virker.errors import QueryError, UserError, WorkspaceError
from virker.workspace import MARKER, Workspace

#: What of a workspace the bank and the claims are read from.
_PARTS = (MARKER, "bank", "cards", "notes", "rules")


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit: its full id, its day, and the first line of its message."""

    id: str
    day: date
    subject: str

    @property
    def short(self) -> str:
        """The first nine letters of the id."""
        return self.id[:9]


@contextmanager
def at_revision(workspace: Workspace, name: str) -> Iterator[tuple[Workspace, Revision]]:
    """The workspace as it was committed in ``name`` (a commit, a branch, a tag, ``HEAD~3``), in a temporary folder.

    Raises
    ------
    UserError
        When git is not installed.
    WorkspaceError
        When the folder is in no git repository, or there was no workspace there in that revision.
    QueryError
        When there is no such revision.
    """
    revision = find_revision(workspace.root, name)
    inside = _git(workspace.root, "rev-parse", "--show-prefix").decode().strip()
    tree = f"{revision.id}:{inside}"
    there = _listed(workspace.root, tree)
    if MARKER not in there:
        raise WorkspaceError(f"in {name} ({revision.short}) there was no {MARKER} in this folder\n    → name a later revision")
    packed = _git(workspace.root, "archive", "--format=tar", tree, "--", *(p for p in _PARTS if p in there), top=True)
    with tempfile.TemporaryDirectory(prefix="virker-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Workspace.find(Path(folder)), revision


def find_revision(root: Path, name: str) -> Revision:
    """The commit that ``name`` means in the repository around ``root``."""
    _require_repository(root)
    try:
        full = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except UserError:
        raise QueryError(f"'{name}' is no revision that git knows, no day and no year\n    → write HEAD~1, a tag, 2026-11-22 or 2015") from None
    day, _, subject = _git(root, "show", "--no-patch", "--format=%cs %s", full).decode("utf-8", "replace").strip().partition(" ")
    return Revision(full, date.fromisoformat(day), subject)


def _require_repository(root: Path) -> None:
    if shutil.which("git") is None:
        raise UserError("an earlier revision is read with git, and git is not installed\n    → install git, or name a day (2026-11-22) or a year (2015)")
    try:
        _git(root, "rev-parse", "--show-toplevel")
    except UserError as error:
        told = f"{root} is in no git repository that can be read ({error})"
        raise WorkspaceError(f"{told}\n    → go to one, or name a day (2026-11-22) or a year (2015)") from None


def _listed(root: Path, tree: str) -> set[str]:
    try:
        return {n.decode("utf-8", "surrogateescape") for n in _git(root, "ls-tree", "-z", "--name-only", tree, top=True).split(b"\0") if n}
    except UserError:
        return set()


def _git(root: Path, *arguments: str, top: bool = False) -> bytes:
    """What git prints, run in ``root``; or in the repository's top folder, so that no path is taken as relative to ``root``."""
    where = root
    if top:
        where = Path(os.fsdecode(_git(root, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    done = subprocess.run(["git", "-C", str(where), *arguments], capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode:
        raise UserError(done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ") or f"git {arguments[0]} failed")
    return done.stdout
