"""The documents are kept true: their commands run, their links lead somewhere, and what they list is what there is.

How a page is written so that it can be tested:

- a ``console`` block is run. ``$ virker …`` is a command, ``# exit 1`` behind it what it must exit with (0 unless told), and every
  line below it must stand in what was printed; ``…`` stands for anything. ``$ cd FOLDER`` is understood, nothing else is.
- an ``sh`` block is not run; each ``virker`` command in it must exist, with its options.
- ``diff in=FILE`` changes a file as shown, ``toml add=FILE`` writes at its end, ``toml new=FILE`` writes a new one.
- ``toml from=FILE`` quotes a file of the repository: its lines must stand there.
- a ``python`` block with ``>>>`` is run as a doctest from the folder of the repository; the blocks of a page share their names, and ``...`` stands
  for anything that is printed.
- a page begins in a copy of the Danish workspace in which every claim has been read, so that nothing fails for being unread.

``python -m tests.docs.test_docs`` writes the generated parts anew.
"""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from tests.docs import meta_reference
from virker import errors, meta
from virker.bank import Finding, Query, Study, load_bank
from virker.claims import load_edition
from virker.claims.attest import attest
from virker.claims.cards import CardFront
from virker.claims.check import tally
from virker.claims.gaps import Gap
from virker.claims.records import STATUSES, Expectation, Kind
from virker.cli.app import app
from virker.plan.scenario import Amount, BaselineTold, CapacityTold, MeasureTold, MoneyTold, PeopleTold, Price, Rate, Scenario, Share, UseTold, Waiting
from virker.rules import Parameter, Scheme
from virker.start import make_workspace
from virker.synthesis import RULE_SETS
from virker.web.api.endpoint import ROOT as API
from virker.web.api.routes import ENDPOINTS
from virker.web.asked import query_parameters
from virker.web.site import Site
from virker.workspace import Settings, Workspace

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
OURS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
_SKIPPED = {".git", ".venv", "build", "dist", "notes", ".pytest_cache"}
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.M | re.S)
_GENERATED = r"<!-- generated: {name} -->\n.*?<!-- end of generated -->"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what its first line says beside it (``in=…``), its text and its line."""

    language: str
    said: dict[str, str]
    body: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block, what it must exit with, and the lines that must be printed."""

    words: tuple[str, ...]
    exits: int
    shown: tuple[str, ...]


def blocks(path: Path) -> list[Block]:
    text = path.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, *rest = match["info"].split() or [""]
        found.append(Block(language, dict(w.split("=", 1) for w in rest), match["body"], text.count("\n", 0, match.start()) + 1))
    return found


def commands(body: str) -> list[Command]:
    found: list[Command] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            told = re.search(r"\s+# exit (\d)\s*$", line)
            words = shlex.split(line[2:], comments=True)
            found.append(Command(tuple(words), int(told[1]) if told else 0, ()))
        elif found and line.strip():
            last = found.pop()
            found.append(Command(last.words, last.exits, (*last.shown, line)))
    return found


def run(words: tuple[str, ...]) -> tuple[int, str]:
    """Exit code and everything printed, as ``virker.cli.main`` would give them."""
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, errors.UserError):
        return result.exception.exit_code, result.output + str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def stands_in(shown: str, printed: str) -> bool:
    """Whether a shown line is a line of what was printed; ``…`` stands for anything, and runs of spaces are one."""
    pattern = r".*".join(re.escape(part.strip()) for part in " ".join(shown.split()).split("…"))
    return any(re.fullmatch(pattern, " ".join(line.split())) for line in printed.splitlines())


@pytest.fixture(scope="session")
def read_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Danish workspace with every claim attested: what the pages begin in."""
    folder = tmp_path_factory.mktemp("docs") / "danmark"
    make_workspace(folder)
    edition = load_edition(Workspace.find(folder), notes=False)
    attest(edition, [c.claim.id for c in edition.checks], "the tests of the documents", date(2026, 1, 1))
    return folder


SCENARIO = (Scenario, PeopleTold, Waiting, BaselineTold, Rate, MeasureTold, UseTold, Price, Amount, CapacityTold, MoneyTold, Share)
WITH_COMMANDS = [p for p in OURS if any(b.language == "console" for b in blocks(p))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_do_what_it_says(page: Path, read_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRKER_LANG", "en")
    monkeypatch.setattr("virker.start.packaged_workspace", lambda: read_workspace)
    here = tmp_path / "danmark"
    shutil.copytree(read_workspace, here)
    for block in blocks(page):
        monkeypatch.chdir(here)
        where = f"{page.relative_to(ROOT)}:{block.line}"
        if block.language == "console":
            here = _run_block(block, here, where, monkeypatch)
        elif "in" in block.said:
            _change(here / block.said["in"], block.body, where)
        elif "add" in block.said:
            target = here / block.said["add"]
            target.write_text(target.read_text(encoding="utf-8") + "\n" + block.body, encoding="utf-8")
        elif "new" in block.said:
            target = here / block.said["new"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")


WITH_PYTHON = [p for p in OURS if any(b.language == "python" and ">>>" in b.body for b in blocks(p))]


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_python_of_a_page_gives_what_it_shows(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for block in blocks(page):
        if block.language == "python" and ">>>" in block.body:
            examples = doctest.DocTestParser().get_doctest(block.body, {}, page.name, str(page), block.line)
            examples.globs = names
            runner.run(examples, out=told.append, clear_globs=False)
    assert not told, "".join(told)
    assert runner.summarize(verbose=False).attempted


def _run_block(block: Block, here: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    for command in commands(block.body):
        program, *words = command.words
        if program == "cd":
            here = (here / words[0]).resolve()
            monkeypatch.chdir(here)
            continue
        assert program == "virker", f"{where}: '{program}' cannot be tested; use an sh block"
        code, printed = run(tuple(words))
        assert code == command.exits, f"{where}: {shlex.join(command.words)} exits with {code}\n{printed[:2000]}"
        for line in command.shown:
            assert stands_in(line, printed), f"{where}: '{line}' is not in\n{printed[:3000]}"
    return here


def _change(path: Path, body: str, where: str) -> None:
    """Put the lines with + where the lines with - stood; lines with a space say where."""
    lines = body.splitlines()
    old = "\n".join(line[1:] for line in lines if line[:1] in "- ")
    new = "\n".join(line[1:] for line in lines if line[:1] in "+ ")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{where}: what is changed stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _command(words: list[str]) -> tuple[Any, list[str]]:
    """The typer command that ``words`` name, and the words left."""
    at: Any = typer.main.get_command(app)
    while words and words[0] in getattr(at, "commands", {}):
        at, words = at.commands[words[0]], words[1:]
    return at, words


def test_commands_that_are_only_shown_exist_with_their_options() -> None:
    for page in OURS:
        for block in (b for b in blocks(page) if b.language in ("sh", "yaml")):
            for line in re.findall(r"\bvirker ((?:[a-z-]+ ?)[^&|\n]*)", block.body):
                words = shlex.split(line, comments=True)
                found, rest = _command(words)
                known = {o for p in found.params for o in p.opts} | {"--help"}
                where = f"{page.relative_to(ROOT)}:{block.line}: virker {line}"
                assert not hasattr(found, "commands") or (rest and rest[0].startswith("-")) or not rest, where
                assert {w for w in rest if w.startswith("-")} <= known, where


def test_quoted_files_say_what_the_page_quotes() -> None:
    for page in OURS:
        for block in (b for b in blocks(page) if "from" in b.said):
            lines = (ROOT / block.said["from"]).read_text(encoding="utf-8").splitlines()
            missing = [line for line in block.body.splitlines() if line.strip() not in ("", "…") and line not in lines]
            assert not missing, f"{page.relative_to(ROOT)}:{block.line}: not in {block.said['from']}: {missing[0]}"


def _markdown() -> Iterator[Path]:
    """Every page of the repository but the notes: their links are between the pages that are built from them."""
    return (p for p in ROOT.rglob("*.md") if not _SKIPPED & set(p.relative_to(ROOT).parts))


@cache
def _anchors(path: Path) -> frozenset[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.M)
    return frozenset(re.sub(r"[^\w\- ]", "", h.casefold()).replace(" ", "-") for h in headings)


def test_links_between_pages_lead_somewhere() -> None:
    lost = []
    for page in _markdown():
        text = re.sub(r"`[^`\n]+`", "", _FENCE.sub("", page.read_text(encoding="utf-8")))
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            to = (page.parent / name).resolve() if name else page
            if not to.exists() or (anchor and to.suffix == ".md" and anchor not in _anchors(to)):
                lost.append(f"{page.relative_to(ROOT)} → {target}")
    assert not lost, "\n".join(lost)


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md") if p != DOCS / "README.md"]
    assert not [p for p in pages if f"({p})" not in index]


def test_no_page_names_a_place_on_somebodys_machine() -> None:
    for page in OURS:
        assert not re.search(r"/(?:work|home|root|Users)/|/tmp/", page.read_text(encoding="utf-8")), page


def test_the_two_commands_of_the_readme_are_those_of_the_continuous_integration() -> None:
    script = ROOT / ".ci" / "run"
    if not script.exists():
        pytest.skip("an installed copy has no .ci/run")
    two = [line for b in blocks(ROOT / "README.md") if b.language == "sh" for line in b.body.splitlines() if line.startswith("pip install -c")]
    assert len(two) == 2
    told = [line.strip() for line in script.read_text(encoding="utf-8").splitlines()]
    assert all(line in told for line in two)


def test_the_readme_states_numbers_that_are_about_right() -> None:
    """Rounded numbers, held within a fifth of what the workspace has today."""
    bank = load_bank(ROOT / "bank", ROOT)
    edition = load_edition(Workspace.find(ROOT), notes=False, cache=False)
    levels = [r.finding.origin.level for r in bank.rows]
    theirs = [c for c in edition.checks if c.claim.sentences]
    true = {
        "studies": len(bank.studies),
        "findings": len(levels),
        "read in a table or the text": levels.count("table") + levels.count("text"),
        "read in the abstract only": levels.count("abstract"),
        "known only from the note itself": levels.count("seed"),
        "claims that mirror the agency's note": len(theirs),
        "of these supported": tally(theirs)["supported"],
        "of these overstated": tally(theirs)["overstated"],
        "of these not traced": tally(theirs)["not-traced"],
    }
    told = dict(re.findall(r"^\| ([^|]+?) \| about ([\d,]+) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M))
    assert set(told) == set(true)
    for what, number in told.items():
        assert int(number.replace(",", "")) == pytest.approx(true[what], rel=0.2), what


def test_the_changelog_says_what_is_unreleased() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text


def _words(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "records"),
    [
        ("workspace.md", (Settings,)),
        ("rules-data.md", (Scheme, Parameter)),
        ("claims.md", (Query, Expectation)),
        ("cards.md", (CardFront, Gap)),
        ("coding-manual.md", (Study, Finding)),
        ("scenario.md", SCENARIO),
    ],
)
def test_every_field_of_a_file_is_documented(page: str, records: tuple[type[msgspec.Struct], ...]) -> None:
    missing = [f.encode_name for r in records for f in msgspec.structs.fields(r) if f"`{f.encode_name}`" not in _words(page)]
    assert not missing, f"{page} says nothing of {', '.join(missing)}"


def test_every_error_is_documented_with_its_exit_code() -> None:
    page = _words("errors.md")
    for kind in (e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.UserError) and e is not errors.UserError):
        assert re.search(rf"^\| `{kind.__name__}` \| {kind.exit_code} \|", page, re.M), kind.__name__


def test_every_status_and_kind_of_claim_is_in_the_reference_and_the_glossary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    assert not [w for w in (*STATUSES, *get_args(Kind)) if f"`{w}`" not in _words("claims.md")]
    assert not [w for w in STATUSES if f"`{w}`" not in glossary]


def test_decisions_are_numbered_and_say_why() -> None:
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(p.name[:4]) for p in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.M)
        assert headings[:3] == ["Context", "Decision", "Consequences"], page.name


# The generated parts


def cli_reference() -> str:
    """Every command with its help, its arguments and its options, read from the program itself."""
    lines: list[str] = []

    def tell(command: Any, name: str) -> None:
        for inner, found in sorted(getattr(command, "commands", {}).items()):
            if hasattr(found, "commands"):
                tell(found, f"{name} {inner}")
                continue
            arguments = [p for p in found.params if p.param_type_name == "argument"]
            usage = "".join(f" {_argument(p)}" for p in arguments)
            lines.extend([f"### {name} {inner}{usage}", "", " ".join(found.help.split()), ""])
            lines.extend(["| option | meaning | default |", "|---|---|---|"])
            lines.extend(f"| `{_argument(p)}` | {p.help or ''} | {_default(p)} |" for p in arguments)
            lines.extend(f"| `{'`, `'.join(p.opts)}` | {p.help or ''} | {_default(p)} |" for p in found.params if p not in arguments)
            lines.append("")

    tell(typer.main.get_command(app), "virker")
    return "\n".join(lines).strip()


def _argument(param: Any) -> str:
    name = str(param.name).upper()
    return (name if param.required else f"[{name}]") + ("…" if param.nargs == -1 else "")


def _default(param: Any) -> str:
    if param.required:
        return "must be given"
    if getattr(param, "is_flag", False):
        return "off"
    return f"`{param.default}`" if isinstance(param.default, (str, int)) else ""


def rule_sets_reference() -> str:
    """Every rule set with its levels and settings, read from the program itself."""
    lines = []
    for rules in RULE_SETS.values():
        lines += [f"### {rules.label.en}", "", f"Id `{rules.id}`, version {rules.version}. In Danish: {rules.label.da}.", ""]
        levels = [f"`{x}` ({rules.level_labels[x].en}; {rules.level_labels[x].da})" for x in rules.levels]
        lines += ["Levels, most certain first: " + ", ".join(levels) + "." if levels else "It computes no level.", ""]
        lines += ["| setting | value | published | why |", "|---|---|---|---|"]
        lines += [f"| `{name}` | {_value(s.value)} | {'yes' if s.published else '**no**'} | {s.why_en} |" for name, s in rules.settings.items()]
        lines.append("")
    return "\n".join(lines).strip()


def _value(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value:g}" if isinstance(value, (int, float)) else f"`{value}`"


def api_reference() -> str:
    """Every endpoint with its parameters, read from the list that serves them."""
    site = Site(load_edition(Workspace.find(ROOT), notes=False), live=True)
    question = {p.name for p in query_parameters(site.edition.bank)}
    lines = ["| ask | answer | parameters |", "|---|---|---|"]
    for e in ENDPOINTS:
        asks = [p.name for p in e.asks(site)]
        shown = [f"`{n}`" for n in asks if n not in question and "." not in n]
        shown += ["those of a question"] if question <= set(asks) else [f"`{n}`" for n in asks if n in question]
        shown += ["the settings of the rule sets"] if any("." in n for n in asks) else []
        lines.append(f"| `{e.method} {API}{e.path}` | {e.said}. {e.more}".rstrip() + f" | {', '.join(shown) or '–'} |")
    lines += ["", "### The parameters of a question", "", "| parameter | meaning | more than one |", "|---|---|---|"]
    lines += [f"| `{p.name}` | {p.said.en} | {'yes' if p.many else 'no'} |" for p in query_parameters(site.edition.bank)]
    return "\n".join(lines)


GENERATED = {
    "reference/cli.md": ("commands", cli_reference),
    "reference/rule-sets.md": ("rule sets", rule_sets_reference),
    "reference/api.md": ("endpoints", api_reference),
    **meta_reference.generated(),
}


def test_every_function_of_the_engine_has_its_place_in_the_reference() -> None:
    placed = [name for names in meta_reference.PAGES.values() for name in names]
    assert sorted(placed) == sorted(set(meta.__all__) - set(meta_reference.ROOMS)), "give it a place in PAGES of tests/docs/meta_reference.py"


@pytest.mark.parametrize("page", GENERATED)
def test_generated_parts_are_what_the_program_says(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert with_generated(text, page) == text, "run: python -m tests.docs.test_docs"


def with_generated(text: str, page: str) -> str:
    """The page with its generated part written anew."""
    name, make = GENERATED[page]
    fresh = f"<!-- generated: {name} -->\n\n{make()}\n\n<!-- end of generated -->"
    pattern = re.compile(_GENERATED.format(name=name), re.S)
    assert pattern.search(text), f"{page} has no place for the generated {name}"
    return pattern.sub(lambda _: fresh, text)


if __name__ == "__main__":
    for shown in GENERATED:
        target = DOCS / shown
        target.write_text(with_generated(target.read_text(encoding="utf-8"), shown), encoding="utf-8")
        sys.stdout.write(f"{shown} written\n")
