"""``virker card`` from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from virker.cli.app import app
from virker.errors import ClaimsFell, UserError
from virker.start import make_workspace


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kort") / "område"
    make_workspace(root)
    return root


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, UserError):
        return result.exception.exit_code, result.output + str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_cards_come_along_with_a_new_workspace_and_are_listed(folder: Path) -> None:
    code, printed = run("card", "list", "-w", str(folder), "--lang", "da")
    assert code == 0
    assert "Indsatskort" in printed
    assert "Samtalen med en nyledig på dagpenge (2026-11-22, " in printed


def test_a_workspace_without_cards_says_so(tmp_path: Path) -> None:
    make_workspace(tmp_path / "tom", empty=True)
    assert run("card", "list", "-w", str(tmp_path / "tom"), "--lang", "da") == (0, "Arbejdsområdet har ingen kort (mappen cards/).\n")
    code, printed = run("card", "build", "-w", str(tmp_path / "tom"))
    assert (code, "no cards" in printed) == (2, True)


def test_one_card_is_built_in_one_language(folder: Path, tmp_path: Path) -> None:
    code, printed = run("card", "build", "samtaler", "-w", str(folder), "--lang", "da", "--out", str(tmp_path / "her"))
    assert code == 0, printed
    assert sorted(p.name for p in (tmp_path / "her").iterdir()) == ["samtaler.da.html", "samtaler.da.pdf"]


def test_all_cards_are_built_beside_the_rest_of_the_build_with_their_index(folder: Path) -> None:
    code, _ = run("card", "build", "-w", str(folder), "--lang", "en")
    assert code == 0
    names = {p.name for p in (folder / "build" / "card").iterdir()}
    assert {"index.en.html", "unge.en.pdf"} <= names
    assert not [n for n in names if ".da." in n]


def test_the_law_of_another_day_can_be_asked_for(folder: Path, tmp_path: Path) -> None:
    code, _ = run("card", "build", "samtaler", "--on", "2010-01-01", "-w", str(folder), "--lang", "da", "--out", str(tmp_path))
    assert code == 0
    assert "ikke fundet for 1. januar 2010" in (tmp_path / "samtaler.da.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("samtale", "unger"), ("there is no card 'samtale'", "did you mean 'samtaler'", "there is no card 'unger'")),
        (("--on", "i går"), ("'i går' is no day",)),
        (("--on", "2026-02-30"), ("'2026-02-30' is no day",)),
        (("--lang", "se"), ("'se' is no language",)),
    ],
)
def test_bad_arguments_are_told_in_words_and_nothing_is_written(folder: Path, tmp_path: Path, words: tuple[str, ...], told: tuple[str, ...]) -> None:
    code, printed = run("card", "build", *words, "-w", str(folder), "--out", str(tmp_path / "her"))
    assert code == 2
    assert all(t in printed for t in told), printed
    assert not (tmp_path / "her").exists()


def test_a_card_that_no_longer_holds_is_built_with_its_status_and_exits_with_1(tmp_path: Path) -> None:
    root = tmp_path / "område"
    make_workspace(root)
    path = root / "cards" / "samtaler.da.md"
    path.write_text(path.read_text(encoding="utf-8").replace("mindst [3]{value", "mindst [9]{value", 1), encoding="utf-8")
    code, printed = run("card", "build", "samtaler", "-w", str(root), "--out", str(tmp_path / "her"))
    assert code == ClaimsFell.exit_code == 1
    assert "cards/samtaler.da.md" in printed
    assert "the note prints 9, the bank has 3" in printed
    text = (tmp_path / "her" / "samtaler.da.html").read_text(encoding="utf-8")
    assert "A-kassen holder mindst 3 samtaler" in text  # the law of the day is printed, never the wrong number
    assert run("card", "build", "jobpraemie", "-w", str(root), "--out", str(tmp_path / "her"))[0] == 0


def test_check_reads_one_card_by_name_and_mends_its_numbers(tmp_path: Path) -> None:
    root = tmp_path / "område"
    make_workspace(root)
    path = root / "cards" / "samtaler.da.md"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("mindst [3]{value", "mindst [9]{value", 1), encoding="utf-8")
    assert run("check", "--note", "samtaler", "--format", "summary", "-w", str(root))[0] == 1
    code, _ = run("check", "--note", "samtaler", "--fix-numbers", "--format", "summary", "-w", str(root))
    assert code == 0
    assert path.read_text(encoding="utf-8") == before
