"""The site as a part of a build: beside the notes, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from virker.claims.edition import Edition
from virker.errors import MissingExtra, VirkerError
from virker.publish.build import LISTING, build_all
from virker.web import static_search
from virker.web.address import Address
from virker.web.build import FOLDER, SitePart
from virker.web.pages import accessibility
from virker.web.pages_worker import PagesApart, early
from virker.web.site import Site
from virker.web.static import write_pages


def test_pages_written_in_a_process_of_its_own_are_those_written_here(edition: Edition, site_folder: Path, tmp_path: Path) -> None:
    apart = PagesApart(Site(edition), tmp_path / "æøå")
    written = apart.answer()
    apart.stop()
    assert sorted(p.relative_to(tmp_path / "æøå").as_posix() for p in written) == sorted(a.path for a in early(Site(edition)))
    for path in written:
        if "plan" not in path.parts:  # a page of a plan tells its day
            assert path.read_bytes() == (site_folder / path.relative_to(tmp_path / "æøå")).read_bytes(), path.name


def test_a_workspace_that_changed_meanwhile_is_written_as_the_build_began(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(edition)
    monkeypatch.setattr("virker.web.pages_worker.early", lambda site: [Address("da", "about", "")])
    other = replace(edition, checks=edition.checks[:-1])
    assert Site(other).stamp != site.stamp
    assert [p.name for p in PagesApart(Site(other), tmp_path).answer()] == ["about.html"]


def test_a_process_that_fails_is_told_with_what_it_said(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / "da").write_text("her skulle mappen stå", encoding="utf-8")
    with pytest.raises(VirkerError, match=r"FileExistsError|NotADirectoryError"):
        PagesApart(Site(edition), tmp_path).answer()


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
    with pytest.raises(RuntimeError, match="siden gik i stykker"):
        build_all(edition, out, SitePart(Site(edition)))
    assert (out / FOLDER / "da" / "index.html").read_text(encoding="utf-8") == "fra før"
    assert [p.name for p in tmp_path.iterdir()] == ["ud"]


def test_without_the_search_program_the_message_says_what_to_install(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_search, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"virker\[note\]"):
        SitePart(Site(edition))
