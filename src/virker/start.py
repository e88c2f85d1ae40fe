"""Making a workspace: a copy of the Danish one that travels with virker, or a small one to begin from."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from virker.errors import WorkspaceError
from virker.files import write_file
from virker.workspace import MARKER, packaged_workspace

_PARTS = ("bank", "cards", "notes", "plans", "rules")

_SETTINGS = """id = "mit"
title_da = "Mit arbejdsområde"
title_en = "My workspace"
notes = ["eksempel"]
rule_set = "star-hierarchy"
"""

_STUDY = """+++
id = "eksempel-2026"
kind = "primary"
title = "An invented study that shows the form (replace it)"
authors = ["Åse Ærø"]
year = 2026
container = "No journal"
language = "en"
countries = ["DK"]
design = "rct"
population = "invented"
added = 2026-01-01

[[finding]]
id = 1
intervention = "meetings-individual"
contrast = "more"
comparator = "usual-effort"
outcome = "employment-duration"
target_group = ["insured"]
horizon_months = 24
phase = "net"
estimand = "ITT"
direction = "positive"
significant = "yes"
effect = 3
unit = "weeks"
se = 1
origin = { document = "invented", level = "table", place = "table 1" }
note = "Invented, to show the form: it is no evidence."
+++

Replace this file by a real study: `virker bank new ID` writes the frame.
"""

_CLAIMS = """[meetings-example]
kind = "synthesis"
section = 1
da = "Individuelle samtaler kan øge beskæftigelsen (eksempel)."
en = "Individual meetings can raise employment (example)."
select = { intervention = "meetings-individual", target_group = "insured", outcome = "employment" }
expect = { direction = "positive", level = "indication" }
"""

_NOTE = {
    "da": """+++
title = "Et eksempel"
+++

## Samtaler

[Der er en indikation på, at individuelle samtaler øger beskæftigelsen, her med [3]{value="eksempel-2026#1/effect"} uger]{#meetings-example} [@eksempel-2026].
""",
    "en": """+++
title = "An example"
+++

## Meetings

[There is an indication that individual meetings raise employment, here by [3]{value="eksempel-2026#1/effect"} weeks]{#meetings-example} [@eksempel-2026].
""",
}


def make_workspace(folder: Path, *, empty: bool = False) -> int:
    """Make a workspace in ``folder`` and return the number of files. All or nothing: it is made beside and then moved.

    Raises
    ------
    WorkspaceError
        When the folder exists and holds anything, or is the one that the program was started in.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"'{folder}' is not empty\n    → name a new folder; nothing was written")
    if folder.resolve() == Path.cwd().resolve():
        raise WorkspaceError("a workspace cannot be made in the folder that you stand in\n    → go one up and name it: cd .. && virker init FOLDER")
    source = packaged_workspace()
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _fill(beside, source, empty)
        beside.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return sum(1 for p in folder.rglob("*") if p.is_file())


def _fill(target: Path, source: Path, empty: bool) -> None:
    if not empty:
        shutil.copy(source / MARKER, target / MARKER)
        for part in _PARTS:
            if (source / part).is_dir():
                shutil.copytree(source / part, target / part)
        return
    write_file(target / MARKER, _SETTINGS)
    shutil.copytree(source / "bank" / "vocabulary", target / "bank" / "vocabulary")
    write_file(target / "bank" / "studies" / "eksempel-2026.md", _STUDY)
    write_file(target / "notes" / "claims" / "1-eksempel.toml", _CLAIMS)
    for language, text in _NOTE.items():
        write_file(target / "notes" / "eksempel" / f"note.{language}.md", text)
