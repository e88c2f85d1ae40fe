"""A workspace: a folder with ``virker.toml`` that holds a bank, notes, cards and rules.

The repository's root is the Danish workspace; the same files travel inside the wheel, so that an installed virker can
``virker init`` a copy and run without the repository.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec

from virker.errors import ContentError, Problem, WorkspaceError
from virker.files import read_text, read_toml

MARKER = "virker.toml"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``virker.toml`` says."""

    id: str
    title_da: str
    title_en: str
    #: The note that the bank's ``seed`` level refers to: a note is never its own witness.
    source_note: str = ""
    #: Our notes, in the order shown: folders under notes/ with note.da.md and note.en.md.
    notes: tuple[str, ...] = ()
    rule_set: str = "star-hierarchy"


class Workspace:
    """The folder, its settings, and where its parts are."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self.bank = root / "bank"
        self.notes = root / "notes"
        self.rules = root / "rules"
        self.cards = root / "cards"
        #: What a warm load reads; it can be deleted at any time.
        self.cache = root / ".virker" / "bank.cache"

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """The workspace at ``start`` (default: the current folder) or in a folder above it.

        Raises
        ------
        WorkspaceError
            When no folder on the way up holds ``virker.toml``.
        ContentError
            When ``virker.toml`` cannot be read.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / MARKER).is_file():
                return cls(folder, _read_settings(folder / MARKER))
        raise WorkspaceError(
            f"{here} is no virker workspace: there is no {MARKER} here or in a folder above.\n    → go to a workspace, or make one: virker init FOLDER"
        )


def packaged_workspace() -> Path:
    """The Danish workspace that came with the installation (or the repository's root in a development install)."""
    inside = Path(str(resources.files("virker"))) / "_workspace"
    if (inside / MARKER).is_file():
        return inside
    repository = Path(__file__).resolve().parents[2]
    if (repository / MARKER).is_file():
        return repository
    raise WorkspaceError("this installation came without the Danish workspace\n    → reinstall virker from its wheel")


def _read_settings(path: Path) -> Settings:
    problems: list[Problem] = []
    text = read_text(path, MARKER, problems)
    data = read_toml(text, MARKER, problems) if text is not None else None
    if data is not None:
        try:
            return msgspec.convert(data, Settings)
        except msgspec.ValidationError as error:
            problems.append(Problem(MARKER, 0, str(error), "see the workspace page in docs/reference"))
    raise ContentError(problems)
