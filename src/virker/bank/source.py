"""A study file as text: where in it a finding or a field stands, for messages that name a line."""

from __future__ import annotations

import re

from virker.files import line_of


def finding_line(text: str, number: int, field: str = "") -> int:
    """The line of ``field`` in the finding whose id is ``number`` (of the finding's id when the field is not written)."""
    found = re.search(rf"^id = {number}\b", text, re.M)
    if not found:
        return 1
    start = text.rfind("[[finding]]", 0, found.start())
    end = text.find("[[finding]]", found.end())
    return _field_line(text, field, max(start, 0), end if end >= 0 else len(text)) or line_of(text, found[0], max(start, 0))


def nth_finding_line(text: str, index: int, field: str = "") -> int:
    """The line of ``field`` in the finding at position ``index`` (from 0) in the file."""
    starts = [m.start() for m in re.finditer(r"^\[\[finding\]\]", text, re.M)]
    if index >= len(starts):
        return 1
    end = starts[index + 1] if index + 1 < len(starts) else len(text)
    return _field_line(text, field, starts[index], end) or text.count("\n", 0, starts[index]) + 1


def study_line(text: str, field: str) -> int:
    """The line of a field of the study itself."""
    end = text.find("[[finding]]")
    return _field_line(text, field, 0, end if end >= 0 else len(text)) or 1


def _field_line(text: str, field: str, start: int, end: int) -> int | None:
    if not field:
        return None
    found = re.compile(rf"^\s*{re.escape(field)}\s*=", re.M).search(text, start, end)
    if not found:
        return None
    at = found.start() + len(found[0]) - len(found[0].lstrip())
    return text.count("\n", 0, at) + 1
