"""Reads one note against the bank in a process of its own, and writes the annotated page: ``python -m virker.web.check_worker``.

The note comes through a pipe and goes with the process. Somebody's file may be made to harm the program that opens it: here it can take
neither the server with it nor more time and memory than it is given.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

#: Seconds of processor and bytes of memory.
MOST_SECONDS, MOST_MEMORY = 25, 3_000_000_000
#: A note has fewer words: somewhat more than a hundred pages.
MOST_WORDS = 40_000
#: How the process ends where the note cannot be read; what it then writes is why.
CANNOT_BE_READ = 3


class Work(msgspec.Struct, frozen=True):
    """What is to be done: the workspace, the language of the page, and the note."""

    root: str
    language: str
    name: str
    note: bytes


def main() -> int:
    """Read the work from standard input, write the page (or why there is none) to standard output."""
    _bounded()
    from virker.annotate.annotation import annotate_note
    from virker.annotate.page import annotated_html
    from virker.annotate.read import brought_from
    from virker.claims.edition import load_edition
    from virker.errors import UserError
    from virker.language import Language
    from virker.workspace import Workspace

    work = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Work)
    language: Language = "da" if work.language == "da" else "en"
    try:
        note = brought_from(Path(work.name), work.note)
        if note.words > MOST_WORDS:
            raise UserError(f"{work.name}: the note has {note.words} words\n    → bring a part of it: {MOST_WORDS} at most")
    except UserError as error:
        sys.stdout.buffer.write(str(error).encode("utf-8"))
        return CANNOT_BE_READ
    edition = load_edition(Workspace.find(Path(work.root)), notes=False)
    settings = edition.workspace.settings
    title = settings.title_da if language == "da" else settings.title_en
    sys.stdout.buffer.write(annotated_html(annotate_note(note, edition), edition.bank, language, title).encode("utf-8"))
    return 0


def _bounded() -> None:
    """Take no more than is given, where the system can see to it."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
