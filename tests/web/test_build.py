"""The site as a part of a build: beside the notes, whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from virker.claims.edition import Edition
from virker.errors import MissingExtra, UserError, VirkerError
from virker.publish.build import LISTING, build_all
from virker.web import static_search
from virker.web.beside import Beside
from virker.web.build import FOLDER, SitePart
from virker.web.pages import accessibility
from virker.web.site import Site
from virker.web.static import write_pages

ALONE = "import os; from virker.web.beside import Beside; print(os.getpid() != Beside(os.getpid).answer(), Beside(lambda: 'æøå').answer())"


def test_a_program_with_one_thread_works_in_a_process_of_its_own_and_gets_the_answer() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, encoding="utf-8", check=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    assert done.stdout.split() == [str("fork" in multiprocessing.get_all_start_methods()), "æøå"]


def test_with_other_threads_about_the_work_is_done_at_once() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    seen: list[str] = []
    try:
        beside = Beside(lambda: seen.append("æøå"))
        assert seen == ["æøå"], "in a process of its own it could not be seen here"
        beside.stop()
    finally:
        done.set()
        other.join()


def test_an_error_beside_is_told_here() -> None:
    def ours() -> None:
        raise UserError("kortet er for langt\n    → gør det kortere")

    with pytest.raises(UserError, match="gør det kortere"):
        Beside(ours).answer()
    with pytest.raises(VirkerError, match="ZeroDivisionError"):
        Beside(lambda: 1 / 0).answer()


def test_pages_written_beside_are_the_pages_written_here(edition: Edition, site_folder: Path, tmp_path: Path) -> None:
    site = Site(edition)
    some = [a for a in site.addresses() if a.kind in ("index", "about", "group", "law")]
    for path in write_pages(site, some, tmp_path):
        assert path.read_bytes() == (site_folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_a_page_that_fails_leaves_the_former_build_whole(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "ud"
    out.mkdir()
    (out / LISTING).write_text(f"{FOLDER}/da/index.html\n", encoding="utf-8")
    (out / FOLDER / "da").mkdir(parents=True)
    (out / FOLDER / "da" / "index.html").write_text("fra før", encoding="utf-8")

    def breaks(*_: object) -> None:
        raise RuntimeError("siden gik i stykker")

    monkeypatch.setattr(accessibility, "page", breaks)
    with pytest.raises(VirkerError, match="siden gik i stykker"):
        build_all(edition, out, SitePart(Site(edition)))
    assert (out / FOLDER / "da" / "index.html").read_text(encoding="utf-8") == "fra før"
    assert [p.name for p in tmp_path.iterdir()] == ["ud"]


def test_without_the_search_program_the_message_says_what_to_install(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_search, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"virker\[note\]"):
        SitePart(Site(edition))
