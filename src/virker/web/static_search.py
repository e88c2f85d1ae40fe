"""The index that searches the static files in the browser: Pagefind, which stems Danish and English by each page's language."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from virker.errors import MissingExtra, VirkerError

#: Under the site's root; ``assets/search.js`` loads it from there.
FOLDER = "pagefind"
#: Its ready-made look, which the site does not use: ours is ``assets/search.js``.
_UNUSED = ("*-ui.js", "*-ui.css", "pagefind-highlight.js", "wasm.unknown.pagefind")


def require_pagefind() -> None:
    """Raise MissingExtra unless Pagefind is installed with its program."""
    if find_spec("pagefind") is None or not any(find_spec(name) for name in ("pagefind_bin", "pagefind_bin_extended")):
        raise MissingExtra("note", "the search of the site")


def index_pages(site: Path) -> list[Path]:
    """Index every page under ``site`` that says it may be found; returns the files of the index in a fixed order."""
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--output-subdir", FOLDER, "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise VirkerError(f"Pagefind could not index the site (exit code {done.returncode}): {done.stderr.strip() or done.stdout.strip()}")
    for pattern in _UNUSED:
        for path in (site / FOLDER).glob(pattern):
            path.unlink()
    return sorted(p for p in (site / FOLDER).rglob("*") if p.is_file())
