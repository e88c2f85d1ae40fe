"""A new study: the frame of its file, to be filled from the source."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from virker.errors import UserError
from virker.files import write_file

_FRAME = """+++
id = "{id}"
kind = "primary"            # primary, review, expert-report
title = ""
authors = [""]
year = {year}
container = ""              # journal or series
doi = ""
language = "en"
countries = ["DK"]
design = "not-stated"       # a term of bank/vocabulary/designs.toml
population = ""
added = {today}

[[finding]]
id = 1
intervention = ""           # a term of bank/vocabulary/interventions.toml
contrast = "on"             # which way it was turned: on, more, less, unknown
comparator = "unknown"      # nothing, usual-effort, another-programme, unknown
outcome = ""                # a term of bank/vocabulary/outcomes.toml
target_group = [""]
horizon_months = 12
estimand = "unknown"        # ITT, ATT, LATE, association, unknown
direction = "positive"      # desirability: positive, none, negative, mixed
unit = "direction-only"
origin = {{ document = "", level = "abstract" }}
note = ""
+++

What the study is, how near to the source it was read, what to be careful about.
"""


def new_study(folder: Path, name: str, today: date) -> Path:
    """Write the frame of ``<folder>/studies/<name>.md``. An existing file is never overwritten.

    Raises
    ------
    UserError
        When the study exists, or the name is no id.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UserError(f"'{name}' is no id\n    → lower-case letters, digits and hyphens: authors, year, a letter where needed")
    path = folder / "studies" / f"{name}.md"
    if path.exists():
        raise UserError(f"the study '{name}' exists: {path}\n    → open it, or choose another id (a letter after the year)")
    years = re.findall(r"-(\d{4})[a-z]?(?=-|$)", name)
    year = int(years[-1]) if years else today.year
    write_file(path, _FRAME.format(id=name, year=year, today=today))
    return path
