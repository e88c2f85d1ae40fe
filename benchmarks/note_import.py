"""Speed of reading a note: ``python benchmarks/note_import.py``. Nothing is asserted: times belong to the machine that ran them.

Sets our own background note several times over as a PDF of 30 pages and more, and prints whole-process times of ``virker note import`` and
``virker check FILE`` on it, and of reading the PDF alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import typst

from virker.annotate import read_brought, sentences_of
from virker.workspace import packaged_workspace

PAGES = 30


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def long_pdf(folder: Path, text: str) -> Path:
    """A PDF of at least 30 pages, justified and hyphenated, with a running header and page numbers."""
    plain = text.split("+++", 2)[-1]
    for _ in range(3):  # a number is bound inside the words of a claim
        plain = re.sub(r"\[([^\[\]]*)\]\{[^}]*\}", r"\1", plain)
    plain = re.sub(r"^#+ ", "", re.sub(r"([*_$@<>\\`\[\]~{}])", r"\\\1", plain), flags=re.M).replace("#", "\\#")
    head = '#set page(numbering: "1", header: [A running header])\n#set par(justify: true)\n#set text(lang: "da")\n'
    source, pdf = folder / "long.typ", folder / "long.pdf"
    for copies in range(1, 40):
        source.write_text(head + "\n\n".join([plain] * copies), encoding="utf-8")
        pdf.write_bytes(typst.compile(str(source)))
        if len(pypdfium2.PdfDocument(pdf)) >= PAGES:
            break
    return pdf


def main() -> None:
    root = packaged_workspace()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pdf = long_pdf(folder, (root / "notes" / "baggrundsnotat" / "note.da.md").read_text(encoding="utf-8"))
        command = [sys.executable, "-m", "virker"]
        there = ["--out", str(folder / "out"), "-w", str(root)]
        note = read_brought(pdf)
        print(f"{len(pypdfium2.PdfDocument(pdf))} pages, {note.words} words, {len(sentences_of(note))} sentences")
        print(f"reading the PDF           {seconds(lambda: sentences_of(read_brought(pdf))):6.2f} s")
        for words in (["note", "import"], ["check"]):
            run = [*command, *words, str(pdf), *there]
            print(f"virker {' '.join(words):<18} {seconds(lambda run=run: subprocess.run(run, check=True, capture_output=True)):6.2f} s")


if __name__ == "__main__":
    main()
