"""Notes of our own in each kind of file that can be brought."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"

#: One note, as lines with a margin: words broken at line ends, a header on each page, page numbers, an abbreviation, a thousand.
PAGES = (
    "Et notat om noget andet\n\n1. Samtaler og løn\nFlere samtaler øger beskæf-\ntigelsen for ikke-\nvestlige indvandrere, jf. Åse\nÆrø m.fl. (2019). Ordningen ko-\nster 2.500 kr. Den er\n1",
    "Et notat om noget andet\n\nfor alle på kontant-\nog uddannelseshjælp.\n2. Øvrige forhold\nKaffen er god.\n2",
    "Et notat om noget andet\n\nDer er te.\n3",
)  # fmt: skip
SENTENCES = {
    "0.01": "Et notat om noget andet",
    "1.00": "Samtaler og løn",
    "1.01": "Flere samtaler øger beskæftigelsen for ikke-vestlige indvandrere, jf. Åse Ærø m.fl. (2019).",
    "1.02": "Ordningen koster 2.500 kr.",
    "1.03": "Den er for alle på kontant- og uddannelseshjælp.",
    "2.00": "Øvrige forhold",
    "2.01": "Kaffen er god.",
    "2.02": "Der er te.",
}


def pdf_of(path: Path, source: str) -> Path:
    """A PDF set by Typst."""
    import typst

    source_file = path.with_suffix(".typ")
    source_file.write_text(source, encoding="utf-8")
    path.write_bytes(typst.compile(str(source_file)))
    return path


def as_typst(pages: tuple[str, ...]) -> str:
    """Pages of lines, each line by itself as a margin left it."""
    escaped = [[line.replace("-", "\\-").replace(". ", ".~", 1) if line[:1].isdigit() else line.replace("-", "\\-") for line in p.split("\n")] for p in pages]
    return "#set text(hyphenate: false)\n" + "\n#pagebreak()\n".join(" \\\n".join(line or "~" for line in page) for page in escaped)


@pytest.fixture
def brought(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """A file with that name and content."""

    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return make
