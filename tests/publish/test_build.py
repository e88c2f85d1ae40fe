"""Building: whole or not at all, and the same again from the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from virker.claims.edition import Edition
from virker.errors import MissingExtra
from virker.publish import build, html
from virker.publish.build import LISTING, build_all, build_note

FILES = {
    *(f"note/proeve.{language}.{kind}" for language in ("da", "en") for kind in ("html", "pdf", "docx")),
    "claims.html", "claims.en.html", "claims.json", "claims.xml",
}  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_build_holds_every_note_in_every_form_and_the_report(built: Path) -> None:
    assert set(files(built)) == {*FILES, LISTING}
    assert not [p for p in built.parent.iterdir() if p.name.startswith(".ud")]


def test_the_same_edition_gives_the_same_bytes(edition: Edition, built: Path, tmp_path: Path) -> None:
    build_all(edition, tmp_path / "ud")
    assert files(tmp_path / "ud") == files(built)


def test_a_former_build_is_replaced_and_other_files_are_left_alone(edition: Edition, tmp_path: Path) -> None:
    out = tmp_path / "ud"
    build_all(edition, out)
    (out / "note" / "gammelt.da.html").write_text("fra før", encoding="utf-8")
    (out / LISTING).write_text((out / LISTING).read_text(encoding="utf-8") + "note/gammelt.da.html\n../fremmed.txt\n", encoding="utf-8")
    (out / "mit-eget.txt").write_text("rør mig ikke", encoding="utf-8")
    (tmp_path / "fremmed.txt").write_text("heller ikke mig", encoding="utf-8")
    build_all(edition, out)
    assert set(files(out)) == {*FILES, LISTING, "mit-eget.txt"}
    assert (tmp_path / "fremmed.txt").exists()


def test_a_build_that_fails_leaves_the_former_one_whole(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "ud"
    build_all(edition, out)
    before = files(out)

    def breaks(_: object) -> str:
        raise OSError("disken er fuld")

    monkeypatch.setattr(html, "note_html", breaks)
    with pytest.raises(OSError, match="disken"):
        build_all(edition, out)
    assert files(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["ud"]


def test_one_note_can_be_built_alone_in_the_kinds_asked_for(edition: Edition, tmp_path: Path) -> None:
    (path,) = build_note(edition, "proeve", "en", tmp_path / "her", ["html"])
    assert path.name == "proeve.en.html"
    assert '<html lang="en">' in path.read_text(encoding="utf-8")


def test_without_the_note_extra_the_message_says_what_to_install(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"virker\[note\]"):
        build_all(edition, tmp_path / "ud")
    assert not (tmp_path / "ud").exists()
