"""Reading and writing content files: UTF-8, TOML, front matter, and writing that is never half done."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from virker.errors import Problem

try:
    import rtoml

    def parse_toml(text: str) -> dict[str, Any]:
        """Parse TOML 1.0; raises ValueError with the parser's own words."""
        parsed: dict[str, Any] = rtoml.loads(text)
        return parsed

except ImportError:  # pragma: no cover - platforms without the compiled parser
    import tomllib

    def parse_toml(text: str) -> dict[str, Any]:
        """Parse TOML 1.0; raises ValueError with the parser's own words."""
        return tomllib.loads(text)


def read_text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """The file's text, or None with a problem noted when it is not UTF-8 or cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.append(Problem(shown, 0, f"the file cannot be read ({error.strerror})", "check that it exists and that you may read it"))
        return None
    return decoded(raw, shown, problems)


def decoded(raw: bytes, shown: str, problems: list[Problem]) -> str | None:
    """The bytes as text, or None with a problem noted when they are not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        todo = "save the file as UTF-8 (the byte is perhaps an æ, ø or å from an older encoding)"
        problems.append(Problem(shown, line, f"the file is not UTF-8 (byte 0x{raw[error.start]:02x})", todo))
        return None


def read_toml(text: str, shown: str, problems: list[Problem], first_line: int = 1) -> dict[str, Any] | None:
    """The parsed TOML, or None with a problem that names the line of the file."""
    try:
        return parse_toml(text)
    except ValueError as error:
        line, what = _toml_error(str(error), text)
        problems.append(Problem(shown, first_line - 1 + line, f"broken TOML: {what}", "mend the line; strings need quotation marks, dates do not"))
        return None


def split_front_matter(text: str) -> tuple[str, str] | None:
    """``(front matter, body)`` of a text whose first line is ``+++``, else None."""
    if not text.startswith("+++"):
        return None
    end = text.find("\n+++", 3)
    if end < 0:
        return None
    return text[3 : end + 1].lstrip("\r"), text[end + 4 :].lstrip("\r\n")


def line_of(text: str, needle: str, after: int = 0) -> int:
    """The number of the first line at or after character ``after`` that holds ``needle`` (1 when it is nowhere)."""
    at = text.find(needle, after)
    return text.count("\n", 0, at) + 1 if at >= 0 else max(text.count("\n", 0, after) + 1, 1)


def write_file(path: Path, content: str | bytes) -> None:
    """Write beside, then rename: a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _toml_error(message: str, text: str) -> tuple[int, str]:
    place = re.search(r"line (\d+)", message)
    first = message.strip().splitlines()
    words = re.sub(r"\s*\(?at line \d+,? column \d+\)?:?|TOML parse error,?\s*", "", first[-1] if len(first) > 1 else first[0]).strip()
    return (int(place[1]) if place else text.count("\n") + 1), words or "it does not parse"
