"""Check a note: bring a file, get it back with every sentence tested. Live only; the file is held in memory and forgotten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import msgspec

from virker.annotate.read import ENDINGS
from virker.language import Said
from virker.web.address import Address
from virker.web.check_worker import CANNOT_BE_READ, MOST_SECONDS, MOST_WORDS, Work
from virker.web.frame import View, rendered
from virker.web.page import WebPage
from virker.web.parameters import MOST_WITH_FILE, Fault, faults_in, short
from virker.web.site import Site
from virker.web.tools.reply import Form, Reply, WholePage

_TITLE = Said("Prøv et notat", "Check a note")
_SHORT = Said(
    "Hvilke sætninger i dit eget notat holder? Læg filen her, og få den tilbage, sætning for sætning.",
    "Which sentences of your own note hold? Put the file here, and get it back, sentence by sentence.",
)
_FAULTY = Said("Fejl: ", "Error: ")
#: Pages that do long work: one at a time.
HEAVY = True
#: Forms of this page may hold a file.
MOST_BYTES = MOST_WITH_FILE
_NO_FILE = Fault(
    "note", Said("der er ikke valgt nogen fil", "no file was chosen"), Said(f"vælg en fil: {', '.join(ENDINGS)}", f"choose a file: {', '.join(ENDINGS)}")
)
_TOO_SLOW = Fault("note", Said("notatet tog for lang tid at læse", "the note took too long to read"), Said("prøv med en del af det", "try a part of it"))
_FAILED = Fault(
    "note",
    Said("notatet kunne ikke læses", "the note could not be read"),
    Said("gem det som ren tekst eller .docx, og prøv igen", "save it as plain text or .docx, and try again"),
)


def ids(site: Site) -> tuple[str, ...]:
    """One page."""
    return ("",)


def page(site: Site, address: Address) -> WebPage:
    """The form; without a server, how it is done in a terminal."""
    return _page(site, address, None)


def posted(site: Site, address: Address, form: Form) -> Reply:
    """The annotated note, or the form again with what was wrong with the file."""
    note, name = form.get("note", b""), str(form.get("note.name", ""))
    if not isinstance(note, bytes) or not note or not name:
        return Reply(422, _page(site, address, _NO_FILE))
    safe = PurePosixPath(name.replace("\\", "/")).name[-100:]
    if not safe.casefold().endswith(ENDINGS):
        what = Said(f"»{short(safe)}« er ikke en fil, vi kan læse", f"'{short(safe)}' is no file that we can read")
        return Reply(415, _page(site, address, Fault("note", what, Said(f"gem den som {', '.join(ENDINGS)}", f"save it as {', '.join(ENDINGS)}"))))
    work = Work(str(site.edition.workspace.root), address.language, safe, note)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "virker.web.check_worker"], input=msgspec.msgpack.encode(work), capture_output=True, timeout=MOST_SECONDS + 10, check=False
        )
    except subprocess.TimeoutExpired:
        return Reply(422, _page(site, address, _TOO_SLOW))
    if done.returncode == 0:
        return Reply(200, WholePage(done.stdout.decode("utf-8")))
    if done.returncode == CANNOT_BE_READ:
        found = faults_in(done.stdout.decode("utf-8", "replace"))
        return Reply(422, _page(site, address, Fault("note", found[0].what, found[0].todo) if found else _FAILED))
    # Ended by the system: out of its time (a signal), out of memory, or a fault in a reader. The file is to blame as far as anybody can tell.
    return Reply(422, _page(site, address, _TOO_SLOW if done.returncode in (-9, -24) else _FAILED))


def _page(site: Site, address: Address, fault: Fault | None) -> WebPage:
    language = address.language
    bounds = {"endings": ENDINGS, "megabytes": MOST_WITH_FILE // 1_000_000, "words": MOST_WORDS}
    main = rendered("check.html.j2", View(site, address), title=_TITLE[language], short=_SHORT[language], fault=fault, **bounds)
    return WebPage(address, (_FAULTY[language] if fault else "") + _TITLE[language], _SHORT[language], main, "tools")
