"""The inbox: what readers suggest, as drafts that somebody reads. It is beside the bank, never in it, and bounded."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from virker.files import write_file

FOLDER = "inbox"
#: When as many drafts wait, the form says that it is full: nobody reads more, and a disk has an end.
MOST_WAITING = 300
_HEAD = """# Sent through the form of the site. Nobody has read it yet, and it changes nothing: whoever reads it decides.
# A study: virker bank new ID, and code it from the source. An appeal: look at the source, and correct the study file with its reason.
# When it has been dealt with, delete this file.
"""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Full(Exception):
    """No more drafts are taken until somebody has read some."""


def write_draft(root: Path, kind: str, told: Mapping[str, str], now: datetime | None = None) -> str:
    """Write a draft under ``root``/inbox and return its name. The name is made here and holds nothing of what was told.

    Raises
    ------
    Full
        When too many wait already, or the inbox is no folder of the workspace's own.
    """
    folder = root / FOLDER
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Full
    if folder.is_dir() and sum(1 for _ in folder.iterdir()) >= MOST_WAITING:
        raise Full
    at = now or datetime.now(UTC)
    name = f"{at:%Y-%m-%dT%H%M%SZ}-{kind}-{secrets.token_hex(4)}.toml"
    lines = [f"{key} = {toml_text(text)}" for key, text in told.items() if text.strip()]
    write_file(folder / name, _HEAD + "\n" + f"kind = {toml_text(kind)}\nreceived = {at:%Y-%m-%dT%H:%M:%SZ}\n" + "\n".join(lines) + "\n")
    return name


def toml_text(text: str) -> str:
    """A text as a TOML string, whatever is in it; several lines stay several lines.

    >>> toml_text('a "b" c'), toml_text("1\\n2")
    ('"a \\\\"b\\\\" c"', '\"\"\"\\n1\\n2\"\"\"')
    """
    safe = _CONTROL.sub("", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{safe}"""' if "\n" in safe else f'"{safe}"'
